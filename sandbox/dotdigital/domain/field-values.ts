// Data field values: from the JSON a client sends to what is stored, and back. Never looks a field up by name.

import type { ContactRow, FieldValue } from '../model/contact-row.ts';
import { type DataField, LAST_SUBSCRIBED } from '../state/data-field-registry.ts';
import type { DotdigitalSwitches } from '../switches.ts';
import { formatDate, parseDate } from '../wire/dates.ts';

/** Why a value cannot be stored. */
export type ValueProblem = 'overflow' | 'invalid';

/** A stored value, or why there is none. */
export type ReadValue =
  | { readonly value: FieldValue; readonly problem?: undefined }
  | { readonly value?: undefined; readonly problem: ValueProblem };

const INVALID: ReadValue = { problem: 'invalid' };
const OVERFLOW: ReadValue = { problem: 'overflow' };
const DECIMAL = /^[+-]?(\d+)(?:\.(\d+))?$/;
const TRUE: ReadonlySet<string> = new Set(['true', 'yes', '1']);
const FALSE: ReadonlySet<string> = new Set(['false', 'no', '0']);

function readNumber(input: string | number): ReadValue {
  const text = typeof input === 'number' ? decimalText(input) : input.trim();
  const match = DECIMAL.exec(text);
  if (!match) return INVALID;
  if ((match[1] as string).replace(/^0+/, '').length > 18 || (match[2] ?? '').length > 9) return OVERFLOW;
  const number = Number(text);
  // Digits a double cannot hold are kept as text rather than lost.
  const plain = plainText(text);
  return { value: decimalText(number) === plain ? number : plain };
}

function decimalText(value: number): string {
  const text = String(value);
  return text.includes('e') ? plainText(value.toFixed(12)) : text;
}

/** Without `+`, leading zeros and zeros that end a fraction. */
function plainText(text: string): string {
  const digits = text.replace(/^\+/, '').replace(/^(-?)0+(?=\d)/, '$1');
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
}

/** What a client sent for a field, as it is stored. `null` clears. */
export function readFieldValue(field: DataField, input: unknown, switches: DotdigitalSwitches): ReadValue {
  if (input === null) return { value: null };
  if (field.storageKey === LAST_SUBSCRIBED.storageKey) return INVALID;
  if (typeof input !== 'string' && typeof input !== 'number' && typeof input !== 'boolean') return INVALID;
  if (input === '' && (field.type !== 'String' || switches.emptyString === 'null')) return { value: null };
  switch (field.type) {
    case 'String': {
      const text = String(input);
      return text.length > switches.maxTextLength ? OVERFLOW : { value: text };
    }
    case 'Numeric':
      return typeof input === 'boolean' ? INVALID : readNumber(input);
    case 'Boolean': {
      const text = String(input).toLowerCase();
      return TRUE.has(text) ? { value: true } : FALSE.has(text) ? { value: false } : INVALID;
    }
    case 'Date': {
      const ms = typeof input === 'string' ? parseDate(input) : undefined;
      return ms === undefined ? INVALID : { value: ms };
    }
    default:
      return field.type satisfies never;
  }
}

/** The stored value of a field, LASTSUBSCRIBED included. */
export function storedValue(row: ContactRow, field: DataField): FieldValue {
  if (field.storageKey === LAST_SUBSCRIBED.storageKey) return row.lastSubscribed === 0 ? null : row.lastSubscribed;
  return row.dataFields[field.storageKey] ?? null;
}

/** A stored value as v3 gives it. */
export function writeFieldValue(field: DataField, value: FieldValue, switches: DotdigitalSwitches): FieldValue {
  if (value === null) return null;
  if (field.type === 'Date') return formatDate(value as number, switches.v3FieldDates);
  if (switches.fieldValueJson === 'native' || typeof value === 'string') return value;
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
}

/** A stored value as v2 gives it. */
export function writeV2FieldValue(field: DataField, value: FieldValue, switches: DotdigitalSwitches): FieldValue {
  if (field.type !== 'Date' || value === null) return writeFieldValue(field, value, switches);
  const iso = new Date(value as number).toISOString();
  return field.storageKey === LAST_SUBSCRIBED.storageKey ? iso.slice(0, 19).replace('T', ' ') : iso;
}

const CAMEL: Readonly<Record<string, string>> = {
  FIRSTNAME: 'firstName',
  LASTNAME: 'lastName',
  FULLNAME: 'fullName',
  LASTSUBSCRIBED: 'lastSubscribed',
};

/** A field's name as v3 gives it. */
export function writeFieldName(field: DataField, spelling: DotdigitalSwitches['dataFieldKeyCase']): string {
  switch (spelling) {
    case 'stored':
      return field.name;
    case 'upper':
      return field.name.toUpperCase();
    case 'camel':
      return (
        CAMEL[field.name.toUpperCase()] ??
        field.name.toLowerCase().replace(/[_-]+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
      );
    default:
      return spelling satisfies never;
  }
}
