// Waiting for a database that is away for a moment. Repeats only what its caller says may be repeated.
import { setTimeout as wait } from 'node:timers/promises';
import { StoreError } from './error.ts';

const FIRST_MS = 50;
const LONGEST_MS = 2_000;

/** Runs `attempt` again while it fails with `unavailable`, until `patienceMs` have passed. @throws StoreError the last one */
export function whileUnavailable<T>(patienceMs: number, attempt: () => Promise<T>): Promise<T> {
  return again(patienceMs, (error) => error.kind === 'unavailable', attempt);
}

/** Runs `attempt` again while its error `may` be met again, with growing pauses that are not the same in two processes. */
export async function again<T>(
  patienceMs: number,
  may: (error: StoreError) => boolean,
  attempt: () => Promise<T>,
): Promise<T> {
  const until = performance.now() + patienceMs;
  for (let pause = FIRST_MS; ; pause = Math.min(pause * 2, LONGEST_MS)) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof StoreError) || !may(error) || performance.now() >= until) throw error;
      await wait(pause * (0.5 + Math.random()));
    }
  }
}
