// Undo of a run: its inverse, planned against the present and sent through the same lanes, brakes and journal. (decision 27)
// Never re-subscribes anybody, never overwrites what was changed since, and lets nothing be pushed again afterwards.
import type { Skipped } from '../core/plan/invert-view.ts';
import type { StoredRun } from '../store/runs.ts';
import { applyBrakes } from './brake.ts';
import { applyLanes, prepare } from './cycle.ts';
import { type Engine, RunStopped } from './engine.ts';
import { planUndo } from './plan-undo.ts';
import { plannedOf, type RunReport } from './report.ts';
import { withRun } from './run.ts';
import { skippedText } from './undo-words.ts';

export interface Undone {
  readonly report: RunReport;
  /** Parts of the run that stay as they are, in the order of the plan. */
  readonly skipped: readonly Skipped[];
}

export interface UndoOptions {
  /** Writes to neither service: the inverse is planned and reported only. */
  readonly preview: boolean;
  /** Takes what waits of an earlier undo and says whose it is: only these persons are planned, and nothing of theirs is parked. */
  readonly approve?: (held: Engine, runId: string) => Promise<ReadonlySet<string>>;
}

/**
 * Takes back what `run` wrote. The new run is of kind `undo` (`plan` for a preview) and can be undone itself.
 */
export async function undo(engine: Engine, run: StoredRun, options: UndoOptions): Promise<Undone> {
  const skipped: Skipped[] = [];
  const { preview, approve } = options;
  const report = await withRun(
    engine,
    preview ? 'plan' : 'undo',
    { undoes: run.id },
    async ({ engine: held, runId }) => {
      if (run.connection !== held.name)
        throw new RunStopped('aborted', `Run ${run.id} is of ${run.connection}, not of ${held.name}.`);
      const startedAt = held.now();
      // Lists are set-up, not data: none is made for an undo. (decision 15)
      const cycle = await prepare(held, runId, {
        only: null,
        full: false,
        aligning: false,
        dry: true,
        presentOnly: true,
      });
      const persons = approve === undefined ? null : await approve(held, runId);
      const found = await planUndo(cycle, run.id, { preview, startedAt, persons });
      skipped.push(...found);
      if (!preview) {
        if (approve === undefined) await applyBrakes(cycle, ['delete']);
        await applyLanes(cycle);
        for await (const { action } of plannedOf(cycle.store, runId, ['dropped'])) {
          const { system, entity, email, crmId, marketingId } = action;
          skipped.push({
            system,
            entity,
            email,
            crmId,
            marketingId,
            field: null,
            present: null,
            why: `changed in ${cycle.settings.labels[system]} while the undo ran; undo the run again`,
          });
        }
      }
      const message = skippedText(skipped, runId);
      return preview ? { holds: new Map(), message } : { message };
    },
  );
  return { report, skipped };
}
