// Reads the attributes of one request body and gathers everything wrong with them.
// Never stores anything; a body with errors changes nothing.

import { attributeError, type SellErrorItem } from './errors.ts';
import { ADDRESS_KEYS, type Address, EMPTY_ADDRESS } from './records.ts';
import type { SellSwitches } from './switches.ts';

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const PHONE = /^[+\d][\d\s().x-]*$/i;
const URL_FORM = /^(https?:\/\/)?[^\s/]+\.[^\s]+$/i;

/** Gathers the attribute errors of a body. Readers return undefined where the value cannot be used. */
export class AttributeReader {
  readonly resource: string;
  readonly switches: SellSwitches;
  readonly errors: SellErrorItem[] = [];

  constructor(resource: string, switches: SellSwitches) {
    this.resource = resource;
    this.switches = switches;
  }

  fail(error: SellErrorItem): undefined {
    this.errors.push(error);
    return undefined;
  }

  unknown(field: string): void {
    this.errors.push(attributeError.unknown(this.resource, field));
  }

  missing(field: string): void {
    this.errors.push(attributeError.missing(this.resource, field));
  }

  blank(field: string, details?: string): void {
    this.errors.push(attributeError.blank(this.resource, field, details));
  }

  incorrect(field: string, details?: string): undefined {
    return this.fail(attributeError.incorrectValue(this.resource, field, details));
  }

  invalidType(field: string, expected: string): undefined {
    return this.fail(attributeError.invalidType(this.resource, field, expected));
  }

  /** A nullable text; an empty one is null unless the switch keeps it. */
  text(field: string, value: unknown): string | null | undefined {
    if (value === null) return null;
    if (typeof value !== 'string') return this.invalidType(field, 'string');
    if (value === '' && this.switches.emptyText === 'null') return null;
    const { textMaxLength } = this.switches;
    if (textMaxLength > 0 && value.length > textMaxLength && !field.endsWith('/description')) {
      return this.incorrect(field, `The attribute '${field}' is too long (maximum is ${textMaxLength} characters).`);
    }
    if (this.switches.formatChecks && value !== '' && !this.#hasForm(field, value)) {
      return this.incorrect(field, `The attribute '${field}' is not in the right format.`);
    }
    return value;
  }

  /** An id or null. */
  reference(field: string, value: unknown): number | null | undefined {
    return value === null ? null : this.integer(field, value);
  }

  integer(field: string, value: unknown): number | undefined {
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) return this.invalidType(field, 'integer');
    return value;
  }

  boolean(field: string, value: unknown): boolean | undefined {
    return typeof value === 'boolean' ? value : this.invalidType(field, 'boolean');
  }

  oneOf<T extends string>(field: string, value: unknown, allowed: readonly T[]): T | undefined {
    if (typeof value !== 'string') return this.invalidType(field, 'string');
    return allowed.find((candidate) => candidate === value) ?? this.incorrect(field);
  }

  /** An address written over `before`; null empties it. */
  address(field: string, value: unknown, before: Address): Address | undefined {
    if (value === null) return EMPTY_ADDRESS;
    if (typeof value !== 'object' || Array.isArray(value)) return this.invalidType(field, 'object');
    const result: Record<keyof Address, string | null> = {
      ...(this.switches.addressPut === 'merge' ? before : EMPTY_ADDRESS),
    };
    for (const [key, part] of Object.entries(value)) {
      const known = ADDRESS_KEYS.find((candidate) => candidate === key);
      if (!known) {
        this.unknown(`${field}/${key}`);
        continue;
      }
      const text = this.text(`${field}/${key}`, part);
      if (text !== undefined) result[known] = text;
    }
    return ADDRESS_KEYS.every((key) => result[key] === null) ? EMPTY_ADDRESS : result;
  }

  /** Tag names, each once, in the order given. */
  tags(field: string, value: unknown): readonly string[] | undefined {
    if (!Array.isArray(value)) return this.invalidType(field, 'array');
    const names = new Map<string, string>();
    for (const name of value as readonly unknown[]) {
      if (typeof name !== 'string') return this.invalidType(field, 'array of string');
      if (name === '' && this.switches.emptyTag === 'drop') continue;
      if (name === '' && this.switches.emptyTag === 'refuse') {
        this.blank(field);
        continue;
      }
      if (this.switches.tagMaxLength > 0 && name.length > this.switches.tagMaxLength) {
        this.incorrect(field, `A tag is too long (maximum is ${this.switches.tagMaxLength} characters).`);
        continue;
      }
      const key = this.switches.tagCase === 'insensitive' ? name.toLowerCase() : name;
      if (!names.has(key)) names.set(key, name);
    }
    return [...names.values()];
  }

  #hasForm(field: string, value: string): boolean {
    if (field.endsWith('/email')) return EMAIL.test(value);
    if (field.endsWith('/phone') || field.endsWith('/mobile') || field.endsWith('/fax')) return PHONE.test(value);
    if (field.endsWith('/website')) return URL_FORM.test(value);
    return true;
  }

  /** The check behind custom fields of the types email, phone and url. */
  hasFormOf(type: 'email' | 'phone' | 'url', value: string): boolean {
    if (!this.switches.formatChecks || value === '') return true;
    return (type === 'email' ? EMAIL : type === 'phone' ? PHONE : URL_FORM).test(value);
  }
}
