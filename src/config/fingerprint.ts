// One hash of everything in a connection that changes decisions. Never covers schedule, credentials, alerts or brakes. (R12)
import { createHash } from 'node:crypto';
import type { ConnectionConfig, ContactsConfig } from './config.ts';
import { DEFAULT_FIELDS } from './default-fields.table.ts';

/** JSON with sorted keys, so that the order in the file does not matter. Lists keep theirs. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}

/** The alignment rule is left out: it decides nothing once there is a base. */
function decisive({ alignment: _, ...object }: ContactsConfig, fields: ContactsConfig['fields']): unknown {
  return { ...object, fields };
}

/**
 * SHA-256 in hexadecimal. Equal for two spellings of the same settings (a default written out, keys in another order);
 * another value makes the next run re-read everything with deletes and clears off. (R12)
 */
export function fingerprint(connection: ConnectionConfig): string {
  const { profile, contacts, leads, consent, names, allowNonCustomer, partialWrite } = connection;
  const content = {
    version: 1,
    // The profile itself decides only the conflict rule of lines that give none; all else is in the settings.
    profile,
    contacts: decisive(contacts, contacts.fields ?? [...DEFAULT_FIELDS.contact]),
    leads: decisive(leads, leads.fields ?? [...DEFAULT_FIELDS.lead]),
    consent,
    names,
    allowNonCustomer,
    partialWrite,
  };
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}
