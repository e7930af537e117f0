// Field values between either side's raw form and the canonical form. What a write accepts reads back as the same
// value; whatever would not is unmappable. Never shortens, rounds or guesses.

import type { Raw, Value } from '../model/value.ts';
import { sameValue } from '../model/value.ts';
import { exactNumber, measureDecimal } from '../normalize/decimal.ts';
import { findBrokenText, normalizeText } from '../normalize/text.ts';
import type { CanonicalType, CompiledField } from './compiled-field.ts';
import {
  CRM_DATES,
  decodeSet,
  decodeSingle,
  listItems,
  MARKETING_DATES,
  SET_SEPARATOR,
  singleOf,
  TEXT_DATES,
} from './decode.ts';
import type { Reading, Writing } from './reading.ts';
import { readAs, unmappable, writeAs } from './reading.ts';
import { findChoice, mapToCrm, mapToMarketing, spellAsCrm } from './value-map.ts';

/** Digits that a numeric data field holds before and after the point. (marketing API: data fields, 27 digits) */
const NUMERIC_WHOLE = 18;
const NUMERIC_FRACTION = 9;

/** Texts that are a number or a date and nothing more: `0123` or a time of day would be lost on the way. */
const PLAIN_FORM: { readonly [T in CanonicalType]?: RegExp } = {
  decimal: /^-?(0|[1-9]\d*)(\.\d+)?$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
};

/** A CRM field that holds any text, beside a data field that holds less. */
function isFreer(field: CompiledField): boolean {
  return (field.crm.type === 'text' || field.crm.type === 'choice') && field.type !== 'text';
}

/**
 * What a CRM value means. A text that is not in the field's closed list is taken as it stands: the CRM's own word is
 * never doubted, and only writing it back is refused. (R1)
 */
export function readCrm(field: CompiledField, raw: Raw): Reading {
  if (field.type === 'set') {
    const items = listItems(raw, false);
    return items === null ? unmappable('is not a list') : decodeSet(items, (item) => spellAsCrm(field, item));
  }
  if (isFreer(field) && typeof raw === 'string') {
    const form = PLAIN_FORM[field.type];
    const text = normalizeText(raw);
    if (form !== undefined && text !== null && !form.test(text))
      return unmappable(`is not a plain ${field.type === 'date' ? 'date such as 2026-01-31' : 'number'}`);
    return decodeSingle(singleOf(field.type), raw, TEXT_DATES);
  }
  return spellReading(field, decodeSingle(singleOf(field.type), raw, CRM_DATES));
}

/** A text in the spelling of the field's closed list. A number has none, whatever the list looks like. */
function spellReading(field: CompiledField, reading: Reading): Reading {
  if (reading.type !== 'ok' || typeof reading.value !== 'string') return reading;
  return field.type === 'text' || field.type === 'status' ? readAs(spellAsCrm(field, reading.value)) : reading;
}

/**
 * What a marketing value means, in the CRM's words: by the value map, then by the closed list. A status that is in
 * neither falls back, `defaulted`. Any other text outside a closed list is a value like any other, which `writeCrm`
 * refuses. (C12, C13, C28)
 */
export function readMarketing(field: CompiledField, raw: Raw): Reading {
  if (field.type === 'set') {
    const items = listItems(raw, true);
    if (items === null) return unmappable('is not a list');
    return decodeSet(items, (item) => spellAsCrm(field, mapToCrm(field, item)));
  }
  if (field.marketing.type !== 'string') return decodeSingle(singleOf(field.type), raw, MARKETING_DATES);
  const text = decodeSingle('text', raw, TEXT_DATES);
  if (text.type !== 'ok' || typeof text.value !== 'string') return text;
  const crm = mapToCrm(field, text.value);
  if (field.type === 'status') return readStatus(field, crm);
  return spellReading(field, decodeSingle(field.type, crm, TEXT_DATES));
}

/** What to send to the CRM for a canonical value. A blank for a mandatory field is refused. (C26, C28) */
export function writeCrm(field: CompiledField, value: Value): Writing {
  if (!field.crm.writable) return unmappable('belongs to a field that the CRM does not let us write');
  if (value === null) {
    if (field.crm.mandatory) return unmappable('is blank, and the CRM needs one');
    return writeAs(field.type === 'set' ? [] : null);
  }
  const raw = spellForCrm(field, value);
  if (raw === null) return unmappable(NO_CHOICE);
  const fault = findCrmFault(field, raw);
  if (fault !== null) return unmappable(fault);
  return readsBack(readCrm(field, raw), value)
    ? writeAs(raw)
    : unmappable('would come back from the CRM as another value');
}

const NO_CHOICE = 'is not one of the choices of the CRM field';

/** A number, a date, yes or no as the text or the choice that says it in the CRM; null when no choice does, or several do. */
function spellForCrm(field: CompiledField, value: Exclude<Value, null>): Exclude<Value, null> | null {
  if (!isFreer(field)) return value;
  const { choices } = field.crm;
  if (choices === undefined) return typeof value === 'boolean' ? (value ? 'Yes' : 'No') : value;
  const saying = choices.filter((choice) => readsBack(readCrm(field, choice), value));
  return saying.length === 1 ? (saying[0] ?? null) : null;
}

/** What to send to the marketing system for a canonical value. Blank is `null`. (C28) */
export function writeMarketing(field: CompiledField, value: Value): Writing {
  if (value === null) return writeAs(null);
  const writing = encodeMarketing(field, value);
  if (writing.type !== 'ok' || readsBack(readMarketing(field, writing.raw), value)) return writing;
  return unmappable('would come back from the marketing system as another value');
}

function readStatus(field: CompiledField, text: string): Reading {
  const { choices, fallback } = field.crm;
  const choice = choices === undefined ? text : findChoice(choices, text);
  if (choice !== null) return readAs(choice);
  return fallback === undefined ? readAs(text) : { type: 'ok', value: fallback, defaulted: true };
}

function readsBack(reading: Reading, value: Value): boolean {
  return reading.type === 'ok' && sameValue(reading.value, value);
}

function findCrmFault(field: CompiledField, value: Exclude<Value, null>): string | null {
  const { choices, maxLength } = field.crm;
  const texts = typeof value === 'boolean' ? [] : typeof value === 'string' ? [value] : value;
  for (const text of texts) {
    const broken = findBrokenText(text);
    if (broken !== null) return broken;
    if (choices !== undefined && !choices.includes(text)) return NO_CHOICE;
    if (maxLength !== undefined && text.length > maxLength)
      return `is longer than the ${maxLength} characters of the CRM field`;
  }
  return null;
}

function encodeMarketing(field: CompiledField, value: Exclude<Value, null>): Writing {
  switch (field.marketing.type) {
    case 'string':
      return encodeText(field, value);
    case 'boolean':
      return typeof value === 'boolean' ? writeAs(value) : unmappable('is neither yes nor no');
    case 'date':
      if (typeof value !== 'string') return unmappable('is not a date');
      return writeAs(field.type === 'date' ? `${value}T00:00:00Z` : value);
    case 'numeric':
      if (typeof value === 'boolean')
        return field.type === 'boolean' ? writeAs(value ? 1 : 0) : unmappable('is not a number');
      return typeof value === 'string' ? encodeNumeric(value) : unmappable('is not a number');
  }
}

/** A JSON number only where it says exactly the same; else a text, which the service takes too. */
function encodeNumeric(decimal: string): Writing {
  const { whole, fraction } = measureDecimal(decimal);
  if (whole > NUMERIC_WHOLE) return unmappable(`has more than ${NUMERIC_WHOLE} digits before the point`);
  if (fraction > NUMERIC_FRACTION) return unmappable(`has more than ${NUMERIC_FRACTION} digits after the point`);
  return writeAs(exactNumber(decimal) ?? decimal);
}

function encodeText(field: CompiledField, value: Exclude<Value, null>): Writing {
  const items = typeof value === 'object' ? value : [String(value)];
  const texts: string[] = [];
  for (const item of items) {
    const text = mapToMarketing(field, item);
    if (text === null)
      return unmappable('is a text to which the value map gives another meaning in the marketing system');
    if (typeof value === 'object' && text.includes(SET_SEPARATOR)) {
      return unmappable(`has an item with a "${SET_SEPARATOR}", which separates items in the data field`);
    }
    const broken = findBrokenText(text);
    if (broken !== null) return unmappable(broken);
    texts.push(text);
  }
  const joined = texts.join(`${SET_SEPARATOR} `);
  const { maxLength } = field.marketing;
  if (joined.length > maxLength) return unmappable(`is longer than the ${maxLength} characters of the data field`);
  return normalizeText(joined) === null ? unmappable('would be blank in the marketing system') : writeAs(joined);
}
