// Does one piece of a connection's work and says in the log how it went. The same wherever the schedule lives.
import { runCycle } from '../engine/cycle.ts';
import type { Engine } from '../engine/engine.ts';
import type { RunReport } from '../engine/report.ts';
import { verify } from '../engine/verify.ts';
import type { Store } from '../store/executor.ts';
import { getRun } from '../store/runs.ts';
import type { Log } from './log.ts';

/** (decision 13) What the log says of a connection that nothing starts for by itself. */
export const NOT_ALIGNED_YET =
  'not aligned yet: waiting; run "lockstep align", it shows its plan before anything happens';

/** What it says of a run on schedule that somebody ended. */
export const BROKEN_OFF = 'broken off by somebody; the next run on schedule goes on where it ended';

/** @returns `busy` when another run has the connection and nothing was done */
export async function runWork(
  { store, log }: { readonly store: Store; readonly log: Log },
  engine: Engine,
  work: 'sync' | 'verify',
): Promise<'ran' | 'busy'> {
  const report =
    work === 'verify'
      ? (await verify(engine)).report
      : await runCycle(engine, { kind: 'sync', only: null, full: false });
  if (report.state === 'aborted' && (await getRun(store, report.id)) === null) return 'busy';
  if (work === 'verify') tellDrift(log, report);
  else tellRun(log, report);
  return 'ran';
}

/** How a run that writes went. */
export function tellRun(log: Log, report: RunReport): void {
  const { connection, id, kind, state, actions, holds, message } = report;
  const event = {
    connection,
    run: id,
    kind,
    state,
    writes: actions.total,
    held: holds.total,
    failed: report.failures.length,
    ...(message === null ? {} : { reason: message }),
  };
  if (state === 'ok' || state === 'ok_with_holds') log.info(event, 'synchronised');
  else if (state === 'aborted' || state === 'failed') log.error(event, 'not synchronised');
  else log.warn(event, 'synchronised in part');
}

/** (R20) Drift is news for somebody; that there is none is worth a line. */
function tellDrift(log: Log, { connection, id, state, message }: RunReport): void {
  const event = { connection, run: id, state, ...(message === null ? {} : { reason: message }) };
  if (state !== 'ok' && state !== 'ok_with_holds') log.error(event, 'not compared');
  else if (message === null) log.info(event, 'compared: both sides agree');
  else log.warn(event, 'compared: both sides differ');
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
