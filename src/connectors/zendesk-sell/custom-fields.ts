// Custom field definitions: read from Sell, and turned into mappable fields. They can be read only, never made.
import type { Role } from '../../core/model/identity.ts';
import type { CrmField, CrmFieldType } from '../../core/model/schema.ts';
import { ConnectorError } from '../error.ts';
import type { HttpClient } from '../http/http-client.ts';
import { addressFields } from './attributes.table.ts';
import { readWholeList } from './read-collection.ts';
import { type WireCustomField, wireCustomField } from './wire.ts';

export const CUSTOM_PREFIX = 'custom_fields.';

export interface CustomFields {
  /** Definitions of a role, read once; `fresh` reads them again. */
  of(role: Role, fresh?: boolean): Promise<readonly WireCustomField[]>;
}

const TYPES: { readonly [type: string]: CrmFieldType } = {
  string: 'text',
  text: 'text',
  number: 'number',
  bool: 'boolean',
  boolean: 'boolean',
  date: 'date',
  datetime: 'datetime',
  email: 'email',
  phone: 'phone',
  url: 'url',
  list: 'choice',
  multi_select_list: 'set',
};

export function createCustomFields(http: HttpClient): CustomFields {
  const known = new Map<Role, Promise<readonly WireCustomField[]>>();
  return {
    of(role, fresh = false) {
      const cached = fresh ? undefined : known.get(role);
      if (cached !== undefined) return cached;
      const reading = role === 'lead' ? readDefinitions(http, 'lead') : readContactDefinitions(http);
      known.set(role, reading);
      reading.catch(() => known.delete(role));
      return reading;
    },
  };
}

/** Fields of prospects and customers live on contacts too; where a name is in both sets, the contact's own counts. */
async function readContactDefinitions(http: HttpClient): Promise<readonly WireCustomField[]> {
  const [own, qualified] = await Promise.all([
    readDefinitions(http, 'contact'),
    readDefinitions(http, 'prospect_and_customer').catch(nothingThere),
  ]);
  const persons = own.filter((field) => !isForOrganisationsOnly(field));
  const names = new Set(own.map(({ name }) => name));
  return [...persons, ...qualified.filter(({ name }) => !names.has(name))];
}

function readDefinitions(http: HttpClient, resource: string): Promise<readonly WireCustomField[]> {
  return readWholeList(http, { path: `/v2/${resource}/custom_fields`, item: wireCustomField });
}

/** An account without that set of fields. */
function nothingThere(error: unknown): readonly WireCustomField[] {
  if (
    error instanceof ConnectorError &&
    (error.kind === 'not-found' || error.kind === 'forbidden' || error.code === 'incorrect_path')
  ) {
    return [];
  }
  throw error;
}

function isForOrganisationsOnly(field: WireCustomField): boolean {
  return (field.for_company ?? field.for_organisation) === true && field.for_contact !== true;
}

/** The mappable fields of a definition: one, the five parts of an address, or one that can only be read when its type is unknown. */
export function fieldsOf(definition: WireCustomField): readonly CrmField[] {
  const path = CUSTOM_PREFIX + definition.name;
  const id = definition.id ?? '';
  if (definition.type === 'address') return addressFields(path, false).map((field) => ({ ...field, definition: id }));
  const type = TYPES[definition.type];
  const choices = (definition.choices ?? definition.options)?.map(({ name }) => name);
  const isList = type === 'choice' || type === 'set';
  return [
    {
      path,
      type: type ?? 'text',
      writable: type !== undefined,
      mandatory: false,
      fieldClass: 'sales',
      definition: id,
      ...(type === 'set' ? { whole: path } : {}),
      ...(isList && choices !== undefined ? { choices } : {}),
    },
  ];
}
