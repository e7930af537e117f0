import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ErrorKind, Outcome } from '../../../src/connectors/error.ts';
import { DEFAULT_RETRY_BUDGET, mayRepeat, nextDelay, REPEAT } from '../../../src/connectors/http/retry-policy.ts';

const kinds = Object.keys(REPEAT) as ErrorKind[];
const outcomes: readonly Outcome[] = ['not-sent', 'unknown', 'refused'];

describe('the retry table', () => {
  it('never repeats a create whose outcome is unknown, whatever went wrong', () => {
    for (const kind of kinds) expect(mayRepeat(kind, 'unknown', false), kind).toBe(false);
  });

  it('repeats a create only when it surely was not done: not sent, or throttled', () => {
    const repeated = kinds.flatMap((kind) =>
      outcomes.filter((outcome) => mayRepeat(kind, outcome, false)).map((outcome) => `${kind}/${outcome}`),
    );
    expect(repeated.sort()).toEqual([
      'rate-limited/not-sent',
      'rate-limited/refused',
      'timeout/not-sent',
      'unavailable/not-sent',
    ]);
  });

  it('repeats harmless requests after everything that may pass, and nothing that will not', () => {
    const passing = new Set<ErrorKind>(['rate-limited', 'unavailable', 'timeout', 'malformed']);
    for (const kind of kinds) {
      for (const outcome of outcomes)
        expect(mayRepeat(kind, outcome, true), `${kind}/${outcome}`).toBe(passing.has(kind));
    }
  });
});

describe('the wait before the next attempt', () => {
  const budget = DEFAULT_RETRY_BUDGET;

  it('is full jitter under a doubling ceiling', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, random) => {
        const delay = nextDelay(attempt, 0, null, random, budget) ?? -1;
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(Math.min(budget.maxDelayMs, budget.baseDelayMs * 2 ** (attempt - 1)));
      }),
    );
    expect(nextDelay(3, 0, null, 0.5, budget)).toBe(1000);
  });

  it('is never shorter than the service asked, and at most a tenth longer', () => {
    expect(nextDelay(1, 0, 40_000, 0, budget)).toBe(40_000);
    expect(nextDelay(1, 0, 40_000, 1, budget)).toBe(44_000);
  });

  it('ends with the attempts or with the time', () => {
    expect(nextDelay(budget.maxAttempts, 0, null, 0, budget)).toBeNull();
    expect(nextDelay(1, budget.maxElapsedMs - 10, 11, 0, budget)).toBeNull();
    expect(nextDelay(1, 0, budget.maxElapsedMs + 1, 0, budget)).toBeNull();
  });
});
