// The X-RateLimit-* headers as a budget. Never waits itself: pacing is the HTTP client's.
import type { Budget } from '../http/pace.ts';
import { parseHttpDate } from './service-time.ts';

/** Null when the answer says nothing about a budget, or nothing usable. */
export type ReadBudget = (headers: Headers, now: number) => Budget | null;

/** Above this a `Reset` is a moment in seconds since 1970, below it a number of seconds. (API: rate limits) */
const EPOCH_FROM = 1_000_000_000;
/** No window of the service is longer than its hour. */
const LONGEST_WINDOW_MS = 3_700_000;
/** Assumed window when the header makes no sense: the tiers count by the minute. */
const USUAL_WINDOW_MS = 60_000;
/** The `Date` header has whole seconds; smaller movements are noise. */
const SKEW_NOISE_MS = 1_500;

/**
 * One reader for each connector: it remembers how far the service's clock is from ours, so that a reset given as a moment
 * is not met too early.
 */
export function createBudgetReader(): ReadBudget {
  let skew: number | null = null;

  return (headers, now) => {
    const remaining = toNumber(headers.get('x-ratelimit-remaining'));
    const reset = toNumber(headers.get('x-ratelimit-reset'));
    if (remaining === null && reset === null) return null;
    const date = parseHttpDate(headers.get('date'));
    if (date !== null) {
      const seen = now - Date.parse(date);
      if (skew === null || Math.abs(seen - skew) > SKEW_NOISE_MS) skew = seen;
    }
    return {
      scope: headers.get('x-ratelimit-scope')?.trim() || 'account',
      limit: toNumber(headers.get('x-ratelimit-limit')),
      remaining: Math.max(0, remaining ?? 0),
      resetAt: resetMoment(reset, now, skew ?? 0),
    };
  };
}

function resetMoment(reset: number | null, now: number, skew: number): number {
  if (reset === null) return now + USUAL_WINDOW_MS;
  if (reset < EPOCH_FROM) return now + Math.min(reset * 1000, LONGEST_WINDOW_MS);
  const moment = reset > EPOCH_FROM * 1000 ? reset : reset * 1000;
  // Behind a proxy the Date header may not be the service's own: take the reading that lies in a window's reach.
  for (const candidate of [moment + skew, moment]) {
    const wait = candidate - now;
    if (wait > -5_000 && wait <= LONGEST_WINDOW_MS) return candidate;
  }
  return now + USUAL_WINDOW_MS;
}

function toNumber(text: string | null): number | null {
  if (text === null || text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
