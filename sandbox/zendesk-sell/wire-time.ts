// Dates and times in the forms the wire knows.
// Never uses a time zone: a zone sent with a custom date is ignored, as the service ignores it.

/** Seconds since the epoch as `2014-08-27T16:32:56Z`. */
export function renderTime(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const US = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;

interface DateParts {
  readonly date: string;
  readonly time: string | undefined;
}

const pad = (value: string | undefined): string => (value ?? '0').padStart(2, '0');

function readParts(text: string): DateParts | undefined {
  const iso = ISO.exec(text);
  const us = iso ? null : US.exec(text);
  const [year, month, day] = iso ? [iso[1], iso[2], iso[3]] : us ? [us[3], us[1], us[2]] : [];
  const found = iso ?? us;
  if (!found || year === undefined) return undefined;
  const date = `${year}-${pad(month)}-${pad(day)}`;
  const time = found[4] === undefined ? undefined : `${pad(found[4])}:${pad(found[5])}:${pad(found[6])}`;
  // The platform rolls 31 February over; a date that does not come back unchanged was none.
  const instant = new Date(`${date}T${time ?? '00:00:00'}Z`);
  if (Number.isNaN(instant.getTime()) || !instant.toISOString().startsWith(date)) return undefined;
  return { date, time };
}

/** A custom date as `YYYY-MM-DD`, read from ISO or month/day/year; undefined when it is none. */
export function readCustomDate(text: string): string | undefined {
  return readParts(text.trim())?.date;
}

/** A custom datetime as `YYYY-MM-DDTHH:mm:ssZ`; a plain date is midnight; undefined when it is none. */
export function readCustomDatetime(text: string): string | undefined {
  const parts = readParts(text.trim());
  return parts && `${parts.date}T${parts.time ?? '00:00:00'}Z`;
}

/** `4/27/2016`, or `4/28/2016 6:00` with a time. */
export function toUsStyle(stored: string): string {
  const parts = readParts(stored);
  if (!parts) return stored;
  const [year, month, day] = parts.date.split('-');
  const date = `${Number(month)}/${Number(day)}/${year}`;
  if (parts.time === undefined) return date;
  const [hour, minute] = parts.time.split(':');
  return `${date} ${Number(hour)}:${minute}`;
}
