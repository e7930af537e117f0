import { describe, expect, it } from 'vitest';
import { isTimeZone, parseDuration, parseTimeOfDay } from '../../src/config/duration.ts';

describe('durations and times', () => {
  it.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['1h', 3_600_000],
    ['1h30m', 5_400_000],
    [' 2 h ', 7_200_000],
    ['400d', 34_560_000_000],
    ['2w', 1_209_600_000],
    ['0s', 0],
  ])('%s is %i ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', '15', 'm', '1 hour', '-1h', '1h 2', '1h2h', '1.5h', '15M'])('"%s" is none', (text) =>
    expect(parseDuration(text)).toBeNull(),
  );

  it('reads times of day', () => {
    expect(parseTimeOfDay('03:00')).toEqual({ hour: 3, minute: 0 });
    expect(parseTimeOfDay('23:59')).toEqual({ hour: 23, minute: 59 });
    for (const wrong of ['24:00', '3', '12:60', '1:2', 'noon']) expect(parseTimeOfDay(wrong)).toBeNull();
  });

  it('knows time zones', () => {
    expect(isTimeZone('Europe/London')).toBe(true);
    expect(isTimeZone('Mars/Olympus')).toBe(false);
  });
});
