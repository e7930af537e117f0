// One contact of an answer, read into a record. Never loses a page for one bad item and never reads a broken part as blanks.
import { isMailable } from '../../core/model/record.ts';
import type { Raw } from '../../core/model/value.ts';
import type { MarketingSelection, ShownContact } from '../connector.ts';
import type { Oddity } from '../oddity.ts';
import { channelStateOf, readChannel } from './channel-state.ts';
import { parseServiceTime } from './service-time.ts';
import { anyCase, asObject, asText, contactIdentity, idText } from './wire.ts';

export type ReadContact = { readonly record: ShownContact } | { readonly oddity: Oddity };

/**
 * A contact of `GET /contacts/v3`. Keys and enums in any case; a part that is absent reads as empty and is named as lacking; a
 * part of the wrong shape makes the item an oddity, since reading it as blank would look like somebody cleared it.
 */
export function readContact(item: unknown, selection: MarketingSelection): ReadContact {
  const identity = contactIdentity.safeParse(item);
  if (!identity.success) return odd(null, 'a contact without a readable contactId');
  const contact: { readonly [key: string]: unknown } = identity.data;
  const id = identity.data.contactId;

  const identifiers = contact['identifiers'] ?? {};
  if (asObject(identifiers) === null) return odd(id, 'identifiers is not an object');
  const fields = readFields(contact['dataFields'], selection.fields);
  if (fields === null) return odd(id, 'dataFields is not an object');
  const lists = selection.lists ? readLists(contact['lists']) : null;
  if (lists === 'broken') return odd(id, 'lists cannot be read');

  const email = asText(anyCase(asObject(identifiers), 'email'));
  const contactStatus = asText(contact['status']);
  const channels = asObject(contact['channelProperties']);
  const emailChannel = asObject(anyCase(channels, 'email'));
  const lacking = [
    ...fields.lacking,
    ...(email === null ? ['email'] : []),
    ...(email !== null && emailChannel === null ? ['channel'] : []),
    ...(selection.lists && !Array.isArray(contact['lists']) ? ['lists'] : []),
  ];
  const channel = readChannel({
    contactStatus,
    hasEmail: email !== null,
    channels: channels === null ? 'absent' : emailChannel === null ? 'no-email' : 'email',
    emailStatus: asText(anyCase(emailChannel, 'status')),
    optInType: asText(anyCase(emailChannel, 'optInType')),
  });
  const otherChannel =
    !isMailable(channel.state) && contactStatus !== null && isMailable(channelStateOf(contactStatus));
  return {
    record: {
      id,
      email,
      values: fields.values,
      channel,
      lists,
      createdAt: parseServiceTime(contact['created']),
      updatedAt: parseServiceTime(contact['updated']),
      state: isGone(contactStatus) ? 'deleted' : 'present',
      assumed: false,
      ...(lacking.length === 0 ? {} : { lacking }),
      ...(otherChannel ? { otherChannel } : {}),
    },
  };
}

/** True for a contact that is deleted or in the recycle bin. */
export function isGone(contactStatus: string | null): boolean {
  const word = (contactStatus ?? '').toLowerCase();
  return word === 'deleted' || word === 'binned';
}

function odd(id: string | null, message: string): ReadContact {
  return { oddity: { where: 'contacts', id, message } };
}

/**
 * Every selected field by upper-case name; null when `dataFields` is not what it should be. A key that is no selected name may be
 * one in another spelling (`renewalDate` for RENEWAL_DATE): reading it as blank would look like somebody cleared the field.
 */
function readFields(
  dataFields: unknown,
  names: readonly string[],
): { readonly values: { readonly [name: string]: Raw }; readonly lacking: readonly string[] } | null {
  const given = asObject(dataFields ?? {});
  if (given === null) return null;
  const byName = new Map(Object.entries(given).map(([name, value]) => [name.toUpperCase(), value]));
  const selected = names.map((name) => name.toUpperCase());
  const respelt = new Map(
    [...byName].filter(([name]) => !selected.includes(name)).map(([name, value]) => [bare(name), value]),
  );
  const read = (name: string): unknown => (byName.has(name) ? byName.get(name) : respelt.get(bare(name)));
  return {
    values: Object.fromEntries(selected.map((name) => [name, toRaw(read(name))])),
    lacking: selected.filter((name) => read(name) === undefined),
  };
}

function bare(name: string): string {
  return name.replace(/[_-]/g, '');
}

/** A data field's value as it came; an unexpected shape is kept as its JSON text rather than dropped. */
function toRaw(value: unknown): Raw {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return JSON.stringify(value);
}

function readLists(lists: unknown): readonly string[] | 'broken' {
  if (lists === undefined || lists === null) return [];
  if (!Array.isArray(lists)) return 'broken';
  const ids = new Set<string>();
  for (const list of lists as readonly unknown[]) {
    const id = idText.safeParse(asObject(list)?.['id'] ?? list);
    if (!id.success) return 'broken';
    ids.add(id.data);
  }
  return [...ids].sort();
}
