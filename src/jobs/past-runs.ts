// What the journal of runs says about a connection's past: the scheduler keeps no state that a restart would lose.
import type { Store } from '../store/executor.ts';
import { leaseHolder } from '../store/leases.ts';
import { listRuns, type RunState, type StoredRun } from '../store/runs.ts';
import type { Past } from './timetable.ts';

/** Runs looked back over; more failures in a row than this wait no longer. */
const LOOK_BACK = 20;
const FAILED: readonly RunState[] = ['aborted', 'failed'];

/** @param now ISO UTC @returns null while some run holds the connection */
export async function pastRuns(store: Store, connection: string, now: string): Promise<Past | null> {
  if ((await leaseHolder(store, connection, now)) !== null) return null;
  const runs = await listRuns(store, { connection, kinds: ['sync', 'align'], limit: LOOK_BACK });
  const [newest] = runs;
  if (newest === undefined) return { startedAt: null, endedAt: null, brokeOff: false, failures: 0 };
  return {
    startedAt: Date.parse(newest.startedAt),
    endedAt: newest.finishedAt === null ? null : Date.parse(newest.finishedAt),
    // Nobody holds the connection, so a run that says it is running died.
    brokeOff: newest.state === 'interrupted' || newest.state === 'running',
    failures: failuresInARow(runs),
  };
}

function failuresInARow(newestFirst: readonly StoredRun[]): number {
  const firstOther = newestFirst.findIndex((run) => !FAILED.includes(run.state));
  return firstOther === -1 ? newestFirst.length : firstOther;
}
