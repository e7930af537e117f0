// Calendar dates and points in time as text, by integer arithmetic of the proleptic Gregorian calendar. Never reads a
// clock and never guesses whether day or month comes first.

/**
 * `month-first` reads `4/27/2016` as 27 April: only for a source known to write so (the CRM's custom fields).
 * `refuse` takes ISO forms only.
 */
export type SlashDates = 'month-first' | 'refuse';

interface Parsed {
  /** Days since 1970-01-01 of the date as written, whatever the zone. */
  readonly writtenDay: number;
  /** Seconds since 1970-01-01T00:00:00Z; no zone means UTC. */
  readonly seconds: number;
}

const DAY = 86_400;
const MIN_SECONDS = daysFromCivil(1, 1, 1) * DAY;
const MAX_SECONDS = daysFromCivil(9999, 12, 31) * DAY + DAY - 1;

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;
const SLASHED = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s?([AP]M))?)?$/i;

/** Date as written, `YYYY-MM-DD`; a time and its zone are dropped. Null when it is no real date. */
export function normalizeDate(raw: string, slashes: SlashDates): string | null {
  const parsed = parse(raw, slashes);
  return parsed === null ? null : formatDay(parsed.writtenDay);
}

/** Date in UTC, `YYYY-MM-DD`, for a source that stores dates as points in time. Null when it is no real date. */
export function normalizeDateUtc(raw: string, slashes: SlashDates): string | null {
  const parsed = parse(raw, slashes);
  return parsed === null ? null : formatDay(Math.floor(parsed.seconds / DAY));
}

/**
 * Point in time, `YYYY-MM-DDTHH:mm:ssZ`. Without a zone it is UTC, a bare date is midnight UTC, fractions of a second
 * are dropped. Null when it is no real time in the years 1 to 9999. Total and idempotent.
 */
export function normalizeDateTime(raw: string, slashes: SlashDates): string | null {
  const parsed = parse(raw, slashes);
  if (parsed === null) return null;
  const day = Math.floor(parsed.seconds / DAY);
  const rest = parsed.seconds - day * DAY;
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${formatDay(day)}T${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}Z`;
}

function parse(raw: string, slashes: SlashDates): Parsed | null {
  const text = raw.trim();
  const iso = ISO.exec(text);
  if (iso !== null) {
    const [, year, month, day, hour, minute, second, zone] = iso;
    return assemble([int(year), int(month), int(day)], [int(hour), int(minute), int(second)], zoneSeconds(zone));
  }
  const slashed = slashes === 'month-first' ? SLASHED.exec(text) : null;
  if (slashed === null) return null;
  const [, month, day, year, hour, minute, second, half] = slashed;
  const hours = half === undefined ? int(hour) : twelveHour(int(hour), half);
  return assemble([int(year), int(month), int(day)], [hours, int(minute), int(second)], 0);
}

function int(digits: string | undefined): number {
  return digits === undefined ? 0 : Number.parseInt(digits, 10);
}

/** Null when the offset is no real one. */
function zoneSeconds(zone: string | undefined): number | null {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 0;
  const hours = int(zone.slice(1, 3));
  const minutes = int(zone.slice(3).replace(':', '') || '0');
  if (hours > 15 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60);
}

/** -1, and so refused, when the hour does not exist on a twelve-hour clock. */
function twelveHour(hour: number, half: string): number {
  if (hour < 1 || hour > 12) return -1;
  return (hour % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
}

function assemble(
  [year, month, day]: readonly [number, number, number],
  [hour, minute, second]: readonly [number, number, number],
  zone: number | null,
): Parsed | null {
  if (zone === null || year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  if (hour < 0 || hour > 23 || minute > 59 || second > 59) return null;
  const writtenDay = daysFromCivil(year, month, day);
  const seconds = writtenDay * DAY + hour * 3600 + minute * 60 + second - zone;
  return seconds < MIN_SECONDS || seconds > MAX_SECONDS ? null : { writtenDay, seconds };
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

// Both directions count in eras of 400 years that begin on 1 March, so that the leap day is the last of its year.

function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function formatDay(days: number): string {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const mp = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * mp + 2) / 5) + 1;
  const month = mp < 10 ? mp + 3 : mp - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
