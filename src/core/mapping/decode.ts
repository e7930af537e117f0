// Raw values to canonical values, type by type. Total: any raw value gives a value or a reason, never an error.
import type { Raw, Value } from '../model/value.ts';
import { parseBoolean } from '../normalize/boolean.ts';
import type { SlashDates } from '../normalize/date.ts';
import { normalizeDate, normalizeDateTime, normalizeDateUtc } from '../normalize/date.ts';
import { decimalOfNumber, normalizeDecimal } from '../normalize/decimal.ts';
import { compareText, findBrokenText, normalizeText } from '../normalize/text.ts';
import type { CanonicalType } from './compiled-field.ts';
import type { Reading } from './reading.ts';
import { readAs, unmappable } from './reading.ts';

/** Between the items of a set in a text data field; an item that contains it cannot be written there. */
export const SET_SEPARATOR = ';';

/** How a source writes dates. `utc` = a date is stored as a point in time and means its date in UTC. */
export interface DateHabits {
  readonly slashes: SlashDates;
  readonly date: 'as-written' | 'utc';
}

/** The CRM shows dates of custom fields month first. (CRM API: custom fields) */
export const CRM_DATES: DateHabits = { slashes: 'month-first', date: 'as-written' };
/** A typed date field of the marketing system is a point in time in UTC. */
export const MARKETING_DATES: DateHabits = { slashes: 'refuse', date: 'utc' };
/** Text typed by people: day or month first cannot be told, so neither is taken. */
export const TEXT_DATES: DateHabits = { slashes: 'refuse', date: 'as-written' };

type Single = Exclude<CanonicalType, 'set' | 'status'>;

/** The type of a field's one value, or of one item of a set. A status is a text with a list of its own. */
export function singleOf(type: CanonicalType): Single {
  return type === 'set' || type === 'status' ? 'text' : type;
}

/** One value of a type other than set and status. Blank text and an empty list are blank. (C26) */
export function decodeSingle(type: Single, raw: Raw, dates: DateHabits): Reading {
  if (raw === null) return readAs(null);
  if (isList(raw)) return raw.every((item) => normalizeText(item) === null) ? readAs(null) : unmappable('is a list');
  if (typeof raw === 'object') {
    return Object.values(raw).every((part) => normalizeText(part) === null)
      ? readAs(null)
      : unmappable('is a group of values');
  }
  if (typeof raw === 'string') {
    const text = normalizeText(raw);
    return text === null ? readAs(null) : decodeText(type, text, dates);
  }
  switch (type) {
    case 'text':
    case 'decimal':
      if (typeof raw === 'boolean') return type === 'text' ? readAs(String(raw)) : unmappable('is not a number');
      return orElse(decimalOfNumber(raw), 'is a number that may have lost digits on the way');
    case 'boolean':
      return orElse(parseBoolean(String(raw)), 'is neither yes nor no');
    case 'date':
    case 'datetime':
      return unmappable('is not a date');
  }
}

function decodeText(type: Single, text: string, dates: DateHabits): Reading {
  switch (type) {
    case 'text': {
      const fault = findBrokenText(text);
      return fault === null ? readAs(text) : unmappable(fault);
    }
    case 'decimal':
      return orElse(normalizeDecimal(text), 'is not a plain number');
    case 'boolean':
      return orElse(parseBoolean(text), 'is neither yes nor no');
    case 'date':
      return orElse(
        dates.date === 'utc' ? normalizeDateUtc(text, dates.slashes) : normalizeDate(text, dates.slashes),
        'is not a date that can be read without guessing',
      );
    case 'datetime':
      return orElse(normalizeDateTime(text, dates.slashes), 'is not a time that can be read without guessing');
  }
}

function orElse(value: Value, why: string): Reading {
  return value === null ? unmappable(why) : readAs(value);
}

/** The items of a set, not yet in order; `split` when a text holds them joined. Null = not a set at all. */
export function listItems(raw: Raw, split: boolean): readonly string[] | null {
  if (raw === null) return [];
  if (isList(raw)) return raw;
  if (typeof raw === 'string') return split ? raw.split(SET_SEPARATOR) : [raw];
  return null;
}

/** Canonical set: items normalised, blanks and repeats gone, in code unit order; null when nothing is left. (C29) */
export function decodeSet(items: readonly string[], spell: (item: string) => string): Reading {
  const kept = new Set<string>();
  for (const item of items) {
    const text = normalizeText(item);
    if (text === null) continue;
    const fault = findBrokenText(text);
    if (fault !== null) return unmappable(fault);
    kept.add(spell(text));
  }
  return readAs(kept.size === 0 ? null : [...kept].sort(compareText));
}

function isList(raw: Raw): raw is readonly string[] {
  return Array.isArray(raw);
}
