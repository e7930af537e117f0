// Does the runs that somebody asked for: each once to its end, by whichever worker is free, and again where that worker died.
import type { Engine } from '../../engine/engine.ts';
import {
  type AskedLane,
  type AskedRun,
  askedRun,
  askedRunOf,
  beginAskedRun,
  dropAskedRun,
  putOffAskedRun,
} from '../../store/asked-runs.ts';
import type { Store } from '../../store/executor.ts';
import { countFailure, forgetFailures, GIVEN_UP_AFTER } from '../../store/job-failures.ts';
import { getRun } from '../../store/runs.ts';
import { type AskedWork, doAsked } from '../asked-work.ts';
import type { Clock } from '../clock.ts';
import { wasBrokenOff } from '../live-runs.ts';
import type { Log } from '../log.ts';
import { tellRun, wordsOf } from '../run-work.ts';
import type { EngineFor } from '../scheduler.ts';
import { retryAfterMs } from '../timetable.ts';

export interface AskedOptions {
  readonly store: Store;
  readonly engine: EngineFor;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Another run has the connection: somebody waits for this one. Milliseconds. */
const BUSY_MS = 3_000;

export async function doNextAsked(options: AskedOptions, connection: string, lane: AskedLane): Promise<void> {
  const { store, clock, log, signal } = options;
  if (signal.aborted) return;
  const run = await askedRunOf(store, connection, iso(clock.now()));
  if (run?.lane !== lane) return;
  if (!(await beginAskedRun(store, run.id))) {
    await dropAskedRun(store, run.id);
    return;
  }
  const tried: { engine: Engine | null } = { engine: null };
  try {
    if (await carryOut(options, run, tried)) {
      await dropAskedRun(store, run.id);
      await forgetFailures(store, connection, lane);
    } else await putOffAskedRun(store, run.id, iso(clock.now() + BUSY_MS), false);
  } catch (error) {
    if (wasBrokenOff(tried.engine) || (await askedRun(store, run.id))?.cancelled === true)
      await dropAskedRun(store, run.id);
    else if (signal.aborted) {
      log.info({ connection, run: run.id }, 'broken off; another worker does it');
      await putOffAskedRun(store, run.id, iso(clock.now()), true);
    } else await failed(options, run, error);
  }
}

/** @returns false when another run has the connection */
async function carryOut(
  { store, log, signal, ...options }: AskedOptions,
  run: AskedRun,
  tried: { engine: Engine | null },
): Promise<boolean> {
  const ended = new AbortController();
  try {
    const both = AbortSignal.any([signal, ended.signal]);
    // What was begun before has its place in the journal already.
    const engine = await options.engine(run.connection, both, 'cycle', run.tries === 0 ? run.id : null);
    tried.engine = engine;
    const report = await doAsked(engine, run.what as AskedWork);
    if (report.state === 'aborted' && (await getRun(store, report.id)) === null) return false;
    tellRun(log, report);
    return true;
  } finally {
    ended.abort();
  }
}

async function failed({ store, clock, log }: AskedOptions, run: AskedRun, error: unknown): Promise<void> {
  const { id, connection, lane, what, tries } = run;
  const reason = wordsOf(error);
  const now = clock.now();
  if (tries + 1 < GIVEN_UP_AFTER) {
    log.error({ connection, run: id, reason }, 'the run failed; it is tried again');
    await putOffAskedRun(store, id, iso(now + retryAfterMs(tries + 1)), true);
    return;
  }
  log.error({ connection, run: id, reason }, 'the run failed and is given up; it can be asked for again');
  await countFailure(store, { connection, work: lane, at: iso(now), reason, what, failures: tries + 1 });
  await dropAskedRun(store, id);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
