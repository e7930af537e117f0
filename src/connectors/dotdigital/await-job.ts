// Waiting for the service's background jobs: asking until one is over, and coming back while too many are running.
import { ConnectorError } from '../error.ts';
import { type AccountCalls, cancelled } from './account-calls.ts';
import { isQueueFullCode } from './classify.ts';

/** Times a submission is sent again after the service declined it for a passing reason. */
const DECLINED_LIMIT = 6;

/**
 * The first answer that is not `pending`. Questions come early at first and then at growing distances. Throws `timeout` with
 * outcome `unknown` when the job outlasts its time: it is still running and can be awaited again.
 */
export async function awaitJob<T>(calls: AccountCalls, what: string, ask: () => Promise<T | 'pending'>): Promise<T> {
  const { runtime, poll } = calls;
  const begun = runtime.now();
  for (let wait = poll.firstMs; ; wait = Math.min(poll.longestMs, wait * poll.growth)) {
    await pause(calls, wait, null);
    const answer = await ask();
    if (answer !== 'pending') return answer;
    if (runtime.now() - begun > poll.giveUpAfterMs) {
      throw new ConnectorError(
        `${what} is still running at Dotdigital after ${Math.round(poll.giveUpAfterMs / 60_000)} minutes`,
        {
          kind: 'timeout',
          outcome: 'unknown',
        },
      );
    }
  }
}

/**
 * The service knows no job of that id: it forgot it, or it cannot even be an id. What became of the rows is looked up then; an
 * error would be met again by every run that asks.
 */
export function isGoneJob(error: unknown): error is ConnectorError {
  if (!(error instanceof ConnectorError)) return false;
  return error.kind === 'not-found' || (error.kind === 'rejected' && error.status === 400);
}

/**
 * Submits a job, again and again while the account has too many of them (which is not the rate limit) or the service
 * declines for the moment. A submission whose answer was lost is never repeated here.
 */
export async function submitWhenFree<T>(calls: AccountCalls, submit: () => Promise<T>): Promise<T> {
  const { runtime, poll } = calls;
  const begun = runtime.now();
  let declined = 0;
  for (;;) {
    try {
      return await submit();
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.outcome === 'unknown') throw error;
      if (!isQueueFullCode(error.code)) {
        declined += 1;
        if (error.kind !== 'unavailable' || declined > DECLINED_LIMIT) throw error;
      }
      if (runtime.now() - begun + poll.busyMs > poll.busyGiveUpAfterMs) throw error;
      await pause(calls, poll.busyMs, error);
    }
  }
}

async function pause(calls: AccountCalls, ms: number, cause: unknown): Promise<void> {
  await calls.runtime.sleep(ms, calls.signal).catch(() => {
    throw cancelled(cause);
  });
}
