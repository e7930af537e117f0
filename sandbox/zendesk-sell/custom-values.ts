// Custom field values: from the wire into a record and back.
// Never accepts a value its field could not hold.

import type { AttributeReader } from './attribute-reader.ts';
import type { FieldSet } from './custom-field-catalog.ts';
import {
  ADDRESS_KEYS,
  type Address,
  type CustomFieldRecord,
  type CustomValues,
  customKey,
  EMPTY_ADDRESS,
  NO_CUSTOM_VALUES,
  type StoredCustomValue,
} from './records.ts';
import type { SellSwitches } from './switches.ts';
import { readCustomDate, readCustomDatetime, toUsStyle } from './wire-time.ts';

const DECIMAL = /^[+-]?\d+(\.\d+)?$/;

/** A custom value as it stands in JSON. */
export type WireCustomValue =
  | string
  | number
  | boolean
  | null
  | Address
  | { readonly id: number; readonly name: string }
  | readonly (string | { readonly id: number; readonly name: string })[];

function readChoice(
  reader: AttributeReader,
  field: CustomFieldRecord,
  pointer: string,
  value: unknown,
): number | undefined {
  let name = value;
  if (typeof value === 'object' && value !== null && reader.switches.listValues === 'object') {
    const { id } = value as { readonly id?: unknown };
    const byId = field.choices.find((choice) => choice.id === id);
    if (byId) return byId.id;
    name = (value as { readonly name?: unknown }).name;
  }
  if (typeof name !== 'string') return reader.invalidType(pointer, 'string');
  return field.choices.find((choice) => choice.name === name)?.id ?? reader.incorrect(pointer);
}

function readValue(
  reader: AttributeReader,
  field: CustomFieldRecord,
  pointer: string,
  value: unknown,
  before: StoredCustomValue | undefined,
): StoredCustomValue | null | undefined {
  const asText = (read: (text: string) => string | undefined): string | undefined => {
    if (typeof value !== 'string') return reader.invalidType(pointer, 'string');
    return read(value) ?? reader.incorrect(pointer, `The attribute '${pointer}' value is not a valid ${field.type}.`);
  };
  switch (field.type) {
    case 'string':
    case 'text':
      return reader.text(pointer, value);
    case 'email':
    case 'phone':
    case 'url': {
      const form = field.type;
      if (value === '') return null;
      return asText((text) => (reader.hasFormOf(form, text) ? text : undefined));
    }
    case 'number':
      if (typeof value === 'number' && Number.isFinite(value)) return String(value);
      if (value === '') return null;
      return asText((text) => (DECIMAL.test(text.trim()) ? text.trim().replace(/^\+/, '') : undefined));
    case 'bool':
      return reader.boolean(pointer, value);
    case 'date':
      return value === '' ? null : asText(readCustomDate);
    case 'datetime':
      return value === '' ? null : asText(readCustomDatetime);
    case 'address':
      return reader.address(pointer, value, isAddress(before) ? before : EMPTY_ADDRESS);
    case 'list':
      return value === '' ? null : choiceOrNothing(readChoice(reader, field, pointer, value));
    case 'multi_select_list': {
      if (!Array.isArray(value)) return reader.invalidType(pointer, 'array');
      const ids = value.map((entry: unknown) => readChoice(reader, field, pointer, entry));
      const known = new Set(ids.filter((id) => id !== undefined));
      return known.size === 0 ? null : [...known];
    }
    default:
      return field.type satisfies never;
  }
}

function choiceOrNothing(id: number | undefined): readonly number[] | undefined {
  return id === undefined ? undefined : [id];
}

function isAddress(value: StoredCustomValue | undefined): value is Address {
  return typeof value === 'object' && 'line1' in value;
}

/** Merges custom values of a body, by field name, over those of a record. Errors go to `reader`. */
export function readCustomValues(
  reader: AttributeReader,
  pointer: string,
  fields: FieldSet,
  before: CustomValues,
  value: unknown,
): CustomValues {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    reader.invalidType(pointer, 'object');
    return before;
  }
  const result: Record<string, StoredCustomValue> = { ...before };
  for (const [name, given] of Object.entries(value)) {
    const at = `${pointer}/${name}`;
    const field = fields.get(name);
    if (!field) {
      reader.unknown(at);
      continue;
    }
    const key = customKey(field.id);
    if (given === null) {
      if (reader.switches.customFieldNull === 'clears') delete result[key];
      continue;
    }
    const stored = readValue(reader, field, at, given, before[key]);
    if (stored === null) delete result[key];
    else if (stored !== undefined) result[key] = stored;
  }
  return Object.keys(result).length === 0 ? NO_CUSTOM_VALUES : result;
}

function renderValue(field: CustomFieldRecord, value: StoredCustomValue, switches: SellSwitches): WireCustomValue {
  if (typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'string') {
    if (field.type === 'number' && switches.customFieldNumbers === 'number') return Number(value);
    const isDate = field.type === 'date' || field.type === 'datetime';
    return isDate && switches.customFieldDates === 'us' ? toUsStyle(value) : value;
  }
  if (isAddress(value)) {
    return Object.fromEntries(ADDRESS_KEYS.map((key) => [key, value[key]])) as unknown as Address;
  }
  const chosen = field.choices.filter((choice) => value.includes(choice.id));
  const rendered = chosen.map((choice) => (switches.listValues === 'object' ? { ...choice } : choice.name));
  if (field.type === 'list') return rendered[0] ?? null;
  return rendered;
}

/** The `custom_fields` member of a record. */
export function renderCustomValues(
  fields: FieldSet,
  values: CustomValues,
  switches: SellSwitches,
): Record<string, WireCustomValue> {
  const result: Record<string, WireCustomValue> = {};
  if (values === NO_CUSTOM_VALUES && switches.unsetCustomFields === 'absent') return result;
  for (const [name, field] of fields) {
    const value = values[customKey(field.id)];
    const rendered = value === undefined ? null : renderValue(field, value, switches);
    if (rendered !== null || switches.unsetCustomFields === 'null') result[name] = rendered;
  }
  return result;
}
