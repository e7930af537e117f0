// Whether the nightly comparison of both sides is due: once after each time of day, however many nights were missed. (R20)
import { lastDue, type TimeOfDay } from '../core/products/last-due.ts';
import type { Executor } from '../store/executor.ts';
import { listRuns } from '../store/runs.ts';

const DAY_MS = 86_400_000;

export interface Nightly {
  readonly at: TimeOfDay;
  /** IANA name. */
  readonly timeZone: string;
}

/** @param now milliseconds since the epoch @param alignedAt ISO UTC: the alignment itself has just compared everything */
export async function nightlyDue(
  ex: Executor,
  connection: string,
  { at, timeZone }: Nightly,
  now: number,
  alignedAt: string,
): Promise<boolean> {
  const due = lastDue(now, at, timeZone);
  if (Date.parse(alignedAt) >= due) return false;
  // One that ended badly has had its turn too: the next night tries again. One that broke off has not.
  const states = ['ok', 'ok_with_holds', 'partial', 'parked', 'aborted', 'failed', 'running'] as const;
  const [newest] = await listRuns(ex, { connection, kinds: ['verify'], states, limit: 1 });
  return newest === undefined || Date.parse(newest.startedAt) < due;
}

/** About when the next one is due, milliseconds since the epoch; a clock change may move it by its hour. */
export function nextNightly({ at, timeZone }: Nightly, now: number): number {
  return lastDue(now, at, timeZone) + DAY_MS;
}
