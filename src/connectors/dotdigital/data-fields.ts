// Data fields of contacts: reading the schema and creating fields. Never gives a field a default unless the service insists.

import { z } from 'zod';
import type { MarketingFieldType, MarketingSchema } from '../../core/model/schema.ts';
import type { NewMarketingField } from '../connector.ts';
import { ConnectorError } from '../error.ts';
import type { AccountCalls } from './account-calls.ts';
import { problemWithDataFieldName } from './data-field-name.ts';
import { dataFieldRow } from './wire.ts';

/** Longest text of a data field, in characters. */
const TEXT_LIMIT = 1000;

/** Fields that every account has and that sales people know nothing of; names and the postcode are theirs. */
const OWN_FIELDS: ReadonlySet<string> = new Set(['GENDER', 'LASTSUBSCRIBED']);

const TYPES: ReadonlyMap<string, MarketingFieldType> = new Map<string, MarketingFieldType>([
  ['string', 'string'],
  ['numeric', 'numeric'],
  ['date', 'date'],
  ['boolean', 'boolean'],
]);

const WIRE_TYPE: { readonly [T in MarketingFieldType]: string } = {
  string: 'String',
  numeric: 'Numeric',
  date: 'Date',
  boolean: 'Boolean',
};

/** Default that is sent only when a field without one is refused: such a default looks like data on every contact. */
const FORCED_DEFAULT: { readonly [T in MarketingFieldType]?: number | boolean } = { numeric: 0, boolean: false };

/** `GET /v2/data-fields`, names in upper case; a type from the future is read as text. */
export async function readSchema(calls: AccountCalls): Promise<MarketingSchema> {
  const rows = await calls.send({
    method: 'GET',
    path: '/v2/data-fields',
    scope: 'data-fields',
    read: (reply) => z.array(z.unknown()).parse(reply.json()),
  });
  const byName = new Map<string, MarketingSchema['fields'][number]>();
  for (const row of rows) {
    const parsed = dataFieldRow.safeParse(row);
    if (!parsed.success) {
      calls.report({ where: 'data-fields', id: null, message: 'a data field without a name' });
      continue;
    }
    const name = parsed.data.name.toUpperCase();
    byName.set(name, {
      name,
      type: TYPES.get(parsed.data.type.toLowerCase()) ?? 'string',
      maxLength: TEXT_LIMIT,
      fieldClass: OWN_FIELDS.has(name) ? 'marketing' : 'sales',
      ...(isPlain(parsed.data.defaultValue) ? { defaultValue: parsed.data.defaultValue } : {}),
    });
  }
  return { fields: [...byName.values()] };
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** `POST /v2/data-fields`. A field of that name counts as success; throws `rejected` with plain words for a bad name. */
export async function createField(calls: AccountCalls, field: NewMarketingField): Promise<void> {
  const problem = problemWithDataFieldName(field.name);
  if (problem !== null) {
    throw new ConnectorError(problem, {
      kind: 'rejected',
      outcome: 'not-sent',
      code: 'ERROR_DATAFIELD_INVALID',
      field: field.name,
    });
  }
  try {
    await postField(calls, field, null);
  } catch (error) {
    const forced = FORCED_DEFAULT[field.type];
    if (forced === undefined || !isCode(error, 'ERROR_DATAFIELD_INVALID')) throw error;
    await postField(calls, field, forced);
    calls.report({
      where: 'data-fields',
      id: null,
      message: `${field.name} could only be created with the default value ${String(forced)}`,
    });
  }
}

async function postField(
  calls: AccountCalls,
  field: NewMarketingField,
  defaultValue: number | boolean | null,
): Promise<void> {
  try {
    await calls.send({
      method: 'POST',
      path: '/v2/data-fields',
      scope: 'data-field-create',
      // A second copy is refused as a duplicate, which is what was wanted.
      idempotent: true,
      body: { json: { name: field.name, type: WIRE_TYPE[field.type], visibility: 'Private', defaultValue } },
      read: () => undefined,
    });
  } catch (error) {
    if (!isCode(error, 'ERROR_NON_UNIQUE_DATAFIELD')) throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof ConnectorError && error.code === code;
}
