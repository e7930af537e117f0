// When the catalogue was last due, in any time zone and around clock changes. (decision 14)
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastDue } from '../../../src/core/products/last-due.ts';

const due = (now: string, time: string, zone: string): string => {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return new Date(lastDue(Date.parse(now), { hour, minute }, zone)).toISOString().replace('.000', '');
};

describe('decision 14: when products were last due', () => {
  it.each([
    ['the same day, after the time', '2026-01-10T12:00:00Z', '03:00', 'UTC', '2026-01-10T03:00:00Z'],
    ['at the time itself', '2026-01-10T03:00:00Z', '03:00', 'UTC', '2026-01-10T03:00:00Z'],
    ['a second before it', '2026-01-10T02:59:59Z', '03:00', 'UTC', '2026-01-09T03:00:00Z'],
    ['over the turn of a year', '2026-01-01T00:30:00Z', '03:00', 'UTC', '2025-12-31T03:00:00Z'],
    ['in summer time', '2026-07-10T12:00:00Z', '03:00', 'Europe/London', '2026-07-10T02:00:00Z'],
    [
      'on a day that has begun there already',
      '2026-01-10T20:00:00Z',
      '03:00',
      'Pacific/Auckland',
      '2026-01-10T14:00:00Z',
    ],
    [
      'on a day that has not begun there yet',
      '2026-01-10T02:00:00Z',
      '03:00',
      'America/New_York',
      '2026-01-09T08:00:00Z',
    ],
    ['in a zone with half hours', '2026-01-10T12:00:00Z', '03:00', 'Asia/Kolkata', '2026-01-09T21:30:00Z'],
    [
      'at a time that the change to summer time leaves out',
      '2026-03-29T12:00:00Z',
      '01:30',
      'Europe/London',
      '2026-03-29T01:30:00Z',
    ],
    [
      'at a time that is left out west of Greenwich',
      '2026-03-08T12:00:00Z',
      '02:30',
      'America/New_York',
      '2026-03-08T07:30:00Z',
    ],
    ['at a time that comes twice', '2026-10-25T12:00:00Z', '01:30', 'Europe/London', '2026-10-25T01:30:00Z'],
  ])('%s', (_, now, time, zone, expected) => {
    expect(due(now, time, zone)).toBe(expected);
  });

  it('is never in the future, never more than a day and a clock change ago, and does not move until it is due again', () => {
    const zones = fc.constantFrom(
      'UTC',
      'Europe/London',
      'America/New_York',
      'Asia/Kolkata',
      'Pacific/Auckland',
      'America/Sao_Paulo',
      'Australia/Lord_Howe',
    );
    const moment = fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2027, 0, 1) });
    fc.assert(
      fc.property(
        moment,
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 59 }),
        zones,
        (now, hour, minute, zone) => {
          const last = lastDue(now, { hour, minute }, zone);
          expect(last).toBeLessThanOrEqual(now);
          expect(now - last).toBeLessThanOrEqual(25.5 * 3_600_000);
          expect(lastDue(last, { hour, minute }, zone)).toBe(last);
        },
      ),
      { numRuns: 300 },
    );
  });
});
