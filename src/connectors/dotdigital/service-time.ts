// Dotdigital's several spellings of a moment, read into one. Never guesses: what is no date is null.

const MOMENT = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * ISO UTC with milliseconds, or null. Reads `2020-01-01T09:40:18.527Z`, `2020-01-01 09:40:18.527000+00:00` and
 * `2016-08-01 10:09:22`, quoted or not; without an offset the time is UTC. (v2 and v3 API, dates)
 */
export function parseServiceTime(text: unknown): string | null {
  if (typeof text !== 'string') return null;
  const match = MOMENT.exec(
    text
      .trim()
      .replace(/^"+|"+$/g, '')
      .trim(),
  );
  if (match === null) return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  const millis = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    millis,
  );
  const moment = new Date(local - offsetMinutes(zone) * 60_000);
  // Date.UTC rolls 31 June over into July; a date that does not survive the round trip was never one.
  const sameDay = new Date(local).getUTCDate() === Number(day) && new Date(local).getUTCMonth() === Number(month) - 1;
  return Number.isNaN(moment.getTime()) || !sameDay ? null : moment.toISOString();
}

/** The `Date` header of an answer (RFC 9110) as ISO UTC with milliseconds, or null. */
export function parseHttpDate(text: string | null): string | null {
  if (text === null) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** The form that v3 filters and v2 paths both accept: `YYYY-MM-DDTHH:mm:ssZ`, rounded down to the second. */
export function toFilterTime(iso: string): string | null {
  const parsed = parseServiceTime(iso);
  return parsed === null ? null : `${parsed.slice(0, 19)}Z`;
}

function offsetMinutes(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  const digits = zone.slice(1).replace(':', '');
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4)));
}
