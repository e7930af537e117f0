// The data fields of the account: names, types, reserved words. Never holds a contact's value.

import type { FieldValue } from '../model/contact-row.ts';

export const DATA_FIELD_TYPES = ['String', 'Numeric', 'Date', 'Boolean'] as const;
export type DataFieldType = (typeof DATA_FIELD_TYPES)[number];
export type Visibility = 'Private' | 'Public';

/** One data field. */
export interface DataField {
  /** As given back. */
  readonly name: string;
  /** Under which contacts keep the value; a field made again under an old name gets a new one. */
  readonly storageKey: string;
  readonly type: DataFieldType;
  readonly visibility: Visibility;
  readonly defaultValue: FieldValue;
  /** Part of the product: cannot be deleted. */
  readonly builtIn: boolean;
}

/** Longest name, in characters. */
const MAX_FIELD_NAME = 20;

const RESERVED: ReadonlySet<string> = new Set([
  'account',
  'campaign',
  'campaignid',
  'contact',
  'contact_api_id',
  'contactid',
  'email',
  'hcontactid',
  'hemail',
  'hemail256',
  'id',
  'messagecontent',
  'mobilenumberid',
  'notes',
  'unsubscribed',
  'uniquecontactid',
]);

const BUILT_IN = ['FIRSTNAME', 'LASTNAME', 'FULLNAME', 'GENDER', 'POSTCODE'];

/** The system field that tells when a contact was last subscribed; kept beside the registry and read-only. */
export const LAST_SUBSCRIBED: DataField = {
  name: 'LASTSUBSCRIBED',
  storageKey: 'LASTSUBSCRIBED',
  type: 'Date',
  visibility: 'Private',
  defaultValue: null,
  builtIn: true,
};

/** True for a name the product keeps for itself, in any case. */
export function isReservedName(name: string): boolean {
  return RESERVED.has(name.toLowerCase()) || name.toUpperCase() === LAST_SUBSCRIBED.name;
}

/** True for a name of 1 to 20 letters, digits, `_` and `-`. */
export function isFieldName(name: string): boolean {
  return name.length <= MAX_FIELD_NAME && /^[A-Za-z0-9_-]+$/.test(name);
}

/** The data fields, found by name in any case. */
export class DataFieldRegistry {
  readonly #fields = new Map<string, DataField>();
  readonly #used = new Map<string, number>();
  /** Grows with each change. */
  version = 0;

  constructor() {
    for (const name of BUILT_IN) this.add(name, 'String', 'Public', null, true);
  }

  /** In order of creation, LASTSUBSCRIBED left out. */
  all(): readonly DataField[] {
    return [...this.#fields.values()];
  }

  /** A field in any case, LASTSUBSCRIBED included. */
  find(name: string): DataField | undefined {
    const key = name.toUpperCase();
    return key === LAST_SUBSCRIBED.name ? LAST_SUBSCRIBED : this.#fields.get(key);
  }

  /** Adds a field whose name is known to be free. */
  add(name: string, type: DataFieldType, visibility: Visibility, defaultValue: FieldValue, builtIn = false): DataField {
    const key = name.toUpperCase();
    const generation = (this.#used.get(key) ?? 0) + 1;
    this.#used.set(key, generation);
    const storageKey = generation === 1 ? key : `${key}#${generation}`;
    const field: DataField = { name, storageKey, type, visibility, defaultValue, builtIn };
    this.#fields.set(key, field);
    this.version += 1;
    return field;
  }

  /** Takes a field away; values kept under its storage key can no longer be reached. */
  remove(field: DataField): void {
    this.#fields.delete(field.name.toUpperCase());
    this.version += 1;
  }
}
