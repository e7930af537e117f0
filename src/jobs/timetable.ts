// When a connection is due: a grid of its own, moved by a hash of its name; missed times count once. Pure. (4.1, schedule)

import { GIVEN_UP_AFTER } from '../store/job-failures.ts';

export interface Timetable {
  /** Milliseconds between two runs. */
  readonly everyMs: number;
  /** Milliseconds by which this connection's grid is moved, so that many connections do not start at one moment. */
  readonly offsetMs: number;
}

/** What is known of the runs so far. Times are milliseconds since the epoch. */
export interface Past {
  /** Start of the newest run; null = there was none. */
  readonly startedAt: number | null;
  /** End of the newest run; its start where it never ended. */
  readonly endedAt: number | null;
  /** The newest run broke off on its way: what it left is taken up at once. */
  readonly brokeOff: boolean;
  /** Newest runs in a row that were aborted or failed. */
  readonly failures: number;
}

const FIRST_RETRY_MS = 60_000;
const HOUR_MS = 3_600_000;

export function timetableOf(name: string, everyMs: number): Timetable {
  return { everyMs, offsetMs: hashOf(name) % everyMs };
}

/** Milliseconds since the epoch; in the past = due now. However many times were missed, there is one run to make up for them. */
export function dueAt(past: Past, timetable: Timetable): number {
  const { startedAt, endedAt, brokeOff, failures } = past;
  if (startedAt === null || brokeOff) return 0;
  if (failures > 0) return (endedAt ?? startedAt) + backoffMs(failures, timetable.everyMs);
  return nextSlot(startedAt, timetable);
}

/** The first time of the grid after a moment. */
export function nextSlot(after: number, { everyMs, offsetMs }: Timetable): number {
  return offsetMs + (Math.floor((after - offsetMs) / everyMs) + 1) * everyMs;
}

/** A minute after the first failure, twice as long after each further one, never longer than the interval or an hour. */
export function backoffMs(failures: number, everyMs: number): number {
  return Math.min(Math.max(everyMs, HOUR_MS), FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 20));
}

/** Before work is tried again that failed by an error nobody expected: seconds at first, an hour once it is given up on. */
export function retryAfterMs(failures: number): number {
  return failures >= GIVEN_UP_AFTER ? HOUR_MS : Math.min(600_000, 2_000 * 2 ** (failures - 1));
}

/** FNV-1a, 32 bits: spreads names evenly and stays the same for ever. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const char of name) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}
