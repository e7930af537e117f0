// When a connection is due: pure, so every moment can be tried. (4.1 schedule)
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs, dueAt, type Past, timetableOf } from '../../src/jobs/timetable.ts';

const HOUR = 3_600_000;
const NEVER: Past = { startedAt: null, endedAt: null, brokeOff: false, failures: 0 };
const DAY_ONE = Date.parse('2026-03-01T00:00:00Z');

const anyName = fc.string({ minLength: 1, maxLength: 20 });
const anyEvery = fc.integer({ min: 5 * 60_000, max: 24 * HOUR });
const anyTime = fc.integer({ min: DAY_ONE, max: DAY_ONE + 400 * 24 * HOUR });

describe('the timetable', () => {
  it('is due at once when nothing ran yet, or when the newest run broke off', () => {
    const timetable = timetableOf('acme', HOUR);
    expect(dueAt(NEVER, timetable)).toBeLessThanOrEqual(DAY_ONE);
    expect(dueAt({ startedAt: DAY_ONE, endedAt: null, brokeOff: true, failures: 0 }, timetable)).toBeLessThanOrEqual(
      DAY_ONE,
    );
  });

  it('comes round once an interval, on a grid that depends on the name alone', () => {
    fc.assert(
      fc.property(anyName, anyEvery, anyTime, (name, everyMs, startedAt) => {
        const timetable = timetableOf(name, everyMs);
        const next = dueAt({ ...NEVER, startedAt, endedAt: startedAt }, timetable);
        expect(next).toBeGreaterThan(startedAt);
        expect(next - startedAt).toBeLessThanOrEqual(everyMs);
        expect((next - timetable.offsetMs) % everyMs).toBe(0);
        expect(timetableOf(name, everyMs)).toEqual(timetable);
      }),
    );
  });

  it('makes up for any number of missed times with one run', () => {
    fc.assert(
      fc.property(anyName, anyEvery, anyTime, fc.integer({ min: 0, max: 500 }), (name, everyMs, startedAt, missed) => {
        const timetable = timetableOf(name, everyMs);
        const late = dueAt({ ...NEVER, startedAt, endedAt: startedAt }, timetable) + missed * everyMs;
        const after = dueAt({ ...NEVER, startedAt: late, endedAt: late }, timetable);
        expect(after).toBe(late + everyMs);
      }),
    );
  });

  it('spreads many connections over the interval', () => {
    const offsets = Array.from({ length: 600 }, (_, i) => timetableOf(`customer-${i}`, HOUR).offsetMs);
    const perQuarter = [0, 1, 2, 3].map(
      (quarter) => offsets.filter((ms) => Math.floor(ms / (HOUR / 4)) === quarter).length,
    );
    for (const count of perQuarter) expect(count).toBeGreaterThan(100);
  });

  it('waits longer after each failure in a row, never longer than the interval or an hour', () => {
    expect([1, 2, 3, 4].map((failures) => backoffMs(failures, HOUR) / 60_000)).toEqual([1, 2, 4, 8]);
    expect(backoffMs(50, HOUR)).toBe(HOUR);
    expect(backoffMs(50, 5 * 60_000)).toBe(HOUR);
    expect(backoffMs(50, 6 * HOUR)).toBe(6 * HOUR);
    const past = { startedAt: DAY_ONE, endedAt: DAY_ONE + 30_000, brokeOff: false, failures: 2 };
    expect(dueAt(past, timetableOf('acme', HOUR))).toBe(DAY_ONE + 30_000 + 120_000);
  });
});
