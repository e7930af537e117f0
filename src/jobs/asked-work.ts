// Runs that somebody asks for, as values: they can wait in a database and be done by another process. Plans nothing itself.
import { type CycleOptions, runCycle } from '../engine/cycle.ts';
import { approve } from '../engine/decide.ts';
import type { Engine } from '../engine/engine.ts';
import type { RunReport } from '../engine/report.ts';
import { undo } from '../engine/undo.ts';
import type { AskedLane } from '../store/asked-runs.ts';
import { getRun, type RunKind } from '../store/runs.ts';

export type AskedWork =
  | { readonly type: 'cycle'; readonly options: Omit<CycleOptions, 'approved'> }
  | { readonly type: 'approve'; readonly run: string; readonly kind: 'sync' | 'undo' }
  | { readonly type: 'undo'; readonly run: string; readonly preview: boolean };

/** @throws Error when the run it is about is no longer known */
export async function doAsked(engine: Engine, work: AskedWork): Promise<RunReport> {
  switch (work.type) {
    case 'cycle':
      return runCycle(engine, work.options);
    case 'approve':
      return approve(engine, work.run);
    case 'undo': {
      const run = await getRun(engine.store, work.run);
      if (run === null) throw new Error(`Run ${work.run} is no longer known.`);
      return (await undo(engine, run, { preview: work.preview })).report;
    }
    default:
      return work satisfies never;
  }
}

export function kindOfAsked(work: AskedWork): RunKind {
  switch (work.type) {
    case 'cycle':
      return work.options.kind;
    case 'approve':
      return work.kind;
    case 'undo':
      return work.preview ? 'plan' : 'undo';
    default:
      return work satisfies never;
  }
}

/** An alignment may take a day: it never takes the places of those that somebody waits for. */
export function laneOfAsked(work: AskedWork): AskedLane {
  return work.type === 'cycle' && work.options.kind === 'align' ? 'align' : 'asked';
}
