// What can be mapped on contacts and leads: standard attributes, custom fields and lead statuses of this account.
import type { CrmField, CrmSchema } from '../../core/model/schema.ts';
import { ConnectorError } from '../error.ts';
import type { HttpClient } from '../http/http-client.ts';
import { QUALIFICATION, standardFields } from './attributes.table.ts';
import { type CustomFields, fieldsOf } from './custom-fields.ts';
import { readWholeList } from './read-collection.ts';
import { type WireCustomField, wireLeadStatus } from './wire.ts';

export async function readSchema(http: HttpClient, customFields: CustomFields): Promise<CrmSchema> {
  const [contact, lead, statuses] = await Promise.all([
    customFields.of('contact', true),
    customFields.of('lead', true),
    readLeadStatuses(http),
  ]);
  return {
    contact: {
      role: 'contact',
      fields: withCustom(standardFields('contact'), contact),
      qualification: QUALIFICATION,
      statuses: null,
    },
    lead: { role: 'lead', fields: withStatuses(withCustom(standardFields('lead'), lead), statuses), statuses },
  };
}

function withCustom(standard: readonly CrmField[], definitions: readonly WireCustomField[]): readonly CrmField[] {
  return [...standard, ...definitions.flatMap(fieldsOf)];
}

function withStatuses(fields: readonly CrmField[], statuses: readonly string[]): readonly CrmField[] {
  if (statuses.length === 0) return fields;
  return fields.map((field) => (field.path === 'status' ? { ...field, choices: statuses } : field));
}

/**
 * Names in pipeline order. The call is not in the public reference: where it is not served or not allowed the list is
 * empty, which means "unknown, take the statuses met on records", never "there are none". (L1)
 */
async function readLeadStatuses(http: HttpClient): Promise<readonly string[]> {
  try {
    const statuses = await readWholeList(http, { path: '/v2/lead_statuses', item: wireLeadStatus });
    return [...new Set(statuses.map(({ name }) => name))];
  } catch (error) {
    const isAbsent =
      error instanceof ConnectorError &&
      error.code !== 'insufficient_scope' &&
      (error.status === 404 || error.status === 403);
    if (isAbsent) return [];
    throw error;
  }
}
