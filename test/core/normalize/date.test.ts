// Dates and times by integer arithmetic, against the platform's calendar as the oracle. (C28)
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizeDate, normalizeDateTime, normalizeDateUtc } from '../../../src/core/normalize/date.ts';

const instant = fc.date({
  min: new Date('0001-01-02T00:00:00Z'),
  max: new Date('9999-12-30T23:59:59Z'),
  noInvalidDate: true,
});
const toSeconds = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;

describe('normalizeDateTime', () => {
  it.each([
    ['2014-08-27T16:32:56Z', '2014-08-27T16:32:56Z'],
    ['2020-01-01T09:40:18.527Z', '2020-01-01T09:40:18Z'],
    ['2021-11-19T11:24:08.94976Z', '2021-11-19T11:24:08Z'],
    ['2021-11-19T11:24:08.9497612Z', '2021-11-19T11:24:08Z'],
    ['2023-01-26T21:29:00', '2023-01-26T21:29:00Z'],
    ['2016-08-01 10:09:22', '2016-08-01T10:09:22Z'],
    ['2020-01-01 09:40:18.527000+00:00', '2020-01-01T09:40:18Z'],
    ['2018-05-18T12:34:56.123456', '2018-05-18T12:34:56Z'],
    ['2020-02-29', '2020-02-29T00:00:00Z'],
    ['2020-01-01T00:30:00+01:00', '2019-12-31T23:30:00Z'],
    ['2019-12-31T20:00:00-0430', '2020-01-01T00:30:00Z'],
    ['2020-01-01T00:30+01', '2019-12-31T23:30:00Z'],
    ['4/28/2016 6:00', '2016-04-28T06:00:00Z'],
    ['4/28/2016 6:00 PM', '2016-04-28T18:00:00Z'],
    ['4/28/2016 12:05 am', '2016-04-28T00:05:00Z'],
    ['04/27/2016', '2016-04-27T00:00:00Z'],
    ['9999-12-31T00:00:00Z', '9999-12-31T00:00:00Z'],
    ['2019-02-29', null],
    ['1900-02-29', null],
    ['2000-02-29', '2000-02-29T00:00:00Z'],
    ['2020-13-01', null],
    ['2020-00-10', null],
    ['2020-04-31', null],
    ['0000-01-01', null],
    ['2020-01-01T24:00:00Z', null],
    ['2020-01-01T10:60:00Z', null],
    ['2020-01-01T10:00:60Z', null],
    ['2020-01-01T10:00:00+16:00', null],
    ['0001-01-01T00:00:00+01:00', null],
    ['9999-12-31T23:59:59-01:00', null],
    ['13/4/2016', null],
    ['4/28/2016 13:00 PM', null],
    ['27.04.2016', null],
    ['20160427', null],
    ['27 April 2016', null],
    ['2016-4-27', null],
    ['', null],
    ['2016-04-27T10:00:00Z tail', null],
  ])('C28: %j is %j', (raw, expected) => {
    expect(normalizeDateTime(raw, 'month-first')).toBe(expected);
  });

  it('C28: takes no slashed date where it could be day first', () => {
    expect(normalizeDateTime('4/5/2016', 'refuse')).toBeNull();
    expect(normalizeDate('4/28/2016', 'refuse')).toBeNull();
  });

  it('agrees with the platform calendar for any instant and offset', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: -14 * 60, max: 14 * 60 }), (date, minutes) => {
        const seconds = new Date(Math.floor(date.getTime() / 1000) * 1000);
        const local = new Date(seconds.getTime() + minutes * 60_000);
        const size = Math.abs(minutes);
        const two = (n: number): string => String(n).padStart(2, '0');
        const offset = `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
        const raw = `${local.toISOString().slice(0, 19)}${offset}`;
        expect(normalizeDateTime(raw, 'refuse')).toBe(toSeconds(seconds));
        expect(normalizeDate(raw, 'refuse')).toBe(local.toISOString().slice(0, 10));
        expect(normalizeDateUtc(raw, 'refuse')).toBe(seconds.toISOString().slice(0, 10));
      }),
      { numRuns: 1000 },
    );
  });

  it('is idempotent and total for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), instant.map(toSeconds)), (raw) => {
        const once = normalizeDateTime(raw, 'month-first');
        if (once !== null) expect(normalizeDateTime(once, 'refuse')).toBe(once);
        const day = normalizeDate(raw, 'month-first');
        if (day !== null) expect(normalizeDate(day, 'refuse')).toBe(day);
      }),
    );
  });

  it('accepts exactly the dates that exist', () => {
    for (const year of [1600, 1900, 2000, 2019, 2020, 2100]) {
      for (let month = 1; month <= 12; month += 1) {
        for (let day = 1; day <= 31; day += 1) {
          const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
          const exists = new Date(`${text}T00:00:00Z`).toISOString().slice(0, 10) === text;
          expect(normalizeDate(text, 'refuse')).toBe(exists ? text : null);
        }
      }
    }
  });
});
