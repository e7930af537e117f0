// Dates as the service writes and reads them; everything is UTC. Never reads a clock.

import type { DotdigitalSwitches } from '../switches.ts';

/** Any of the forms a date can take in v3 output. */
export type DateForm = DotdigitalSwitches['v3FieldDates'];

/** A time in one of the forms of the service. */
export function formatDate(ms: number, form: DateForm): string {
  const iso = new Date(ms).toISOString();
  switch (form) {
    case 'millis-z':
      return iso;
    case 'seconds-z':
      return `${iso.slice(0, 19)}Z`;
    case 'five-digits-z':
      return `${iso.slice(0, 23)}04Z`;
    case 'millis':
      return iso.slice(0, 23);
    case 'seconds':
      return iso.slice(0, 19);
    default:
      return form satisfies never;
  }
}

/** A time as v2 writes it. */
export function formatV2Date(ms: number): string {
  return new Date(ms).toISOString();
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** Milliseconds since the epoch of an ISO 8601 date or date-time (UTC when it has no offset); undefined when it is none. */
export function parseDate(text: string): number | undefined {
  const match = DATE.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0', zone = 'Z'] = match;
  const ms = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Math.floor(Number(`0.${fraction}`) * 1000),
  );
  const date = new Date(ms);
  // Date.UTC rolls over what does not exist, such as the 30th of February.
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (zone.toUpperCase() === 'Z') return ms;
  const sign = zone.startsWith('-') ? 1 : -1;
  const digits = zone.replace(/\D/g, '');
  return ms + sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000;
}

const SINCE = /^gte::(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3})?)(?:Z|\+00:00)$/;

/** The time of a `gte::…` filter; undefined when it has another form. Offset `+00:00` is taken like `Z`. */
export function parseSinceFilter(text: string): number | undefined {
  const match = SINCE.exec(text);
  return match ? parseDate(`${match[1] as string}Z`) : undefined;
}
