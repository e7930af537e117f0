// When a request is sent again, and after how long. The only retry rules of the program; pure.
import type { ErrorKind, Outcome } from '../error.ts';

/** `any` = every request, `idempotent` = only requests that may take effect twice without harm. */
export type Repeat = 'any' | 'idempotent' | 'never';

/**
 * The policy: by kind of error and by what became of the request. A request that may have taken effect (`unknown`) is
 * repeated only where repeating is harmless; a create is repeated only when it surely was not done.
 */
export const REPEAT: { readonly [K in ErrorKind]: { readonly [O in Outcome]: Repeat } } = {
  'rate-limited': { 'not-sent': 'any', refused: 'any', unknown: 'idempotent' },
  unavailable: { 'not-sent': 'any', refused: 'idempotent', unknown: 'idempotent' },
  timeout: { 'not-sent': 'any', refused: 'idempotent', unknown: 'idempotent' },
  malformed: { 'not-sent': 'idempotent', refused: 'idempotent', unknown: 'idempotent' },
  unauthorized: { 'not-sent': 'never', refused: 'never', unknown: 'never' },
  forbidden: { 'not-sent': 'never', refused: 'never', unknown: 'never' },
  'not-found': { 'not-sent': 'never', refused: 'never', unknown: 'never' },
  conflict: { 'not-sent': 'never', refused: 'never', unknown: 'never' },
  rejected: { 'not-sent': 'never', refused: 'never', unknown: 'never' },
  cancelled: { 'not-sent': 'never', refused: 'never', unknown: 'never' },
};

export interface RetryBudget {
  /** Sendings of one request, the first included. */
  readonly maxAttempts: number;
  /** Milliseconds from the first sending to the last, waits included. */
  readonly maxElapsedMs: number;
  /** Upper bound of the first wait; doubles with each attempt. */
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

export const DEFAULT_RETRY_BUDGET: RetryBudget = {
  maxAttempts: 8,
  maxElapsedMs: 300_000,
  baseDelayMs: 500,
  maxDelayMs: 30_000,
};

/** True when the table lets a request with this error go out again. */
export function mayRepeat(kind: ErrorKind, outcome: Outcome, idempotent: boolean): boolean {
  const repeat = REPEAT[kind][outcome];
  return repeat === 'any' || (repeat === 'idempotent' && idempotent);
}

/**
 * Milliseconds to wait before attempt number `attempt + 1`, or null when the budget is used up.
 * Exponential with full jitter; a wait named by the service is kept to and only lengthened, by up to 10 %, so that
 * callers told the same time do not come back at the same moment.
 */
export function nextDelay(
  attempt: number,
  elapsedMs: number,
  retryAfterMs: number | null,
  random: number,
  budget: RetryBudget,
): number | null {
  if (attempt >= budget.maxAttempts) return null;
  const ceiling = Math.min(budget.maxDelayMs, budget.baseDelayMs * 2 ** (attempt - 1));
  const delay = retryAfterMs === null ? random * ceiling : retryAfterMs + (random * retryAfterMs) / 10;
  return elapsedMs + delay > budget.maxElapsedMs ? null : delay;
}
