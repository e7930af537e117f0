// Bulk rows turned into the body of PUT /contacts/v3/import. Pure; never leaves the consent of a new contact unsaid.
import type { MarketingWrite } from '../../core/model/plan.ts';
import type { Raw } from '../../core/model/value.ts';
import { emailKey } from '../../core/normalize/email.ts';
import type { MarketingRow } from '../connector.ts';
import type { RefusedRow } from './job-id.ts';

/** Most lists one contact may join in one write. (contacts service) */
const LISTS_LIMIT = 100;
/** Largest int32: the service's list ids. */
const LIST_ID_LIMIT = 2_147_483_647;

export interface ImportContact {
  readonly matchIdentifier: 'contactId' | 'email';
  readonly identifiers: { readonly contactId?: number; readonly email?: string };
  readonly dataFields?: { readonly [name: string]: string | number | boolean | null };
  readonly channelProperties?: { readonly email: EmailChannelWrite };
  readonly lists?: readonly number[];
}

interface EmailChannelWrite {
  readonly emailType?: 'html';
  readonly optInType?: string;
  readonly status?: string;
  readonly resubscribeOptions?: { readonly resubscribeWithNoChallenge: boolean };
}

/** A row that can be sent, and how. */
export interface ImportElement {
  readonly row: MarketingRow;
  readonly contact: ImportContact;
}

/** Row → wire, or why it cannot be sent: one bad row must not cost the others their import. */
export function toElement(row: MarketingRow): ImportElement | RefusedRow {
  const refuse = (code: string, message: string): RefusedRow => ({ key: row.key, code, message });
  const { write } = row;
  const email = row.email ?? write.email ?? null;
  if (row.id === null && (email === null || email.trim() === '')) {
    return refuse('noValidIdentifiers', 'the row names neither a contact nor an address');
  }
  if (row.id !== null && !isId(row.id)) return refuse('invalidContactId', `"${row.id}" is not a contact id`);
  if (row.id === null && write.channel === undefined) {
    return refuse('channelStatusMissing', 'a contact is never created without saying whether it may be mailed');
  }
  if ((write.lists ?? []).length > LISTS_LIMIT) {
    return refuse('tooManyLists', `a contact can join at most ${LISTS_LIMIT} lists in one write`);
  }
  const badList = (write.lists ?? []).find((list) => !isId(list) || Number(list) > LIST_ID_LIMIT);
  if (badList !== undefined) return refuse('invalidAddressBookIds', `"${badList}" is not a list id`);
  const badField = Object.entries(write.set).find(([, value]) => toWireValue(value) === undefined);
  if (badField !== undefined)
    return refuse('unsupportedValue', `the value of ${badField[0]} cannot be held by a Dotdigital data field`);
  return { row, contact: toContact(row, email) };
}

/** Narrows the result of `toElement`. */
export function isElement(result: ImportElement | RefusedRow): result is ImportElement {
  return 'contact' in result;
}

/**
 * What a row touches: no two rows of one import may share any of it, since the service takes only one of two rows for one
 * contact and does not say which.
 */
export function identitiesOf(row: MarketingRow): readonly string[] {
  const emails = [row.email, row.write.email].filter((email) => typeof email === 'string');
  return [...(row.id === null ? [] : [`id:${row.id}`]), ...emails.map((email) => `email:${addressKey(email)}`)];
}

/** Addresses as the service compares them; what is no address is compared as text. */
export function addressKey(address: string): string {
  const reading = emailKey(address);
  return reading.type === 'ok' ? reading.key : address.trim().normalize('NFC').toLowerCase();
}

/**
 * Rows in rounds: within a round no two share an identity, and rows that do keep their order. Almost always one round;
 * each following one is sent when the one before is over.
 */
export function toRounds<T extends { readonly row: MarketingRow }>(elements: readonly T[]): readonly (readonly T[])[] {
  const roundOf = new Map<string, number>();
  const rounds: T[][] = [];
  for (const element of elements) {
    const identities = identitiesOf(element.row);
    const round = Math.max(0, ...identities.map((identity) => (roundOf.get(identity) ?? -1) + 1));
    for (const identity of identities) roundOf.set(identity, round);
    const members = rounds[round] ?? [];
    members.push(element);
    rounds[round] = members;
  }
  return rounds;
}

function toContact(row: MarketingRow, email: string | null): ImportContact {
  const { write } = row;
  const dataFields = Object.entries(write.set).map(([name, value]) => [name, toWireValue(value) ?? null] as const);
  const channel = toChannel(write, row.id === null);
  const identifiers =
    row.id === null
      ? { email: email?.trim() ?? '' }
      : { contactId: Number(row.id), ...(write.email === undefined ? {} : { email: write.email.trim() }) };
  return {
    matchIdentifier: row.id === null ? 'email' : 'contactId',
    identifiers,
    ...(dataFields.length === 0 ? {} : { dataFields: Object.fromEntries(dataFields) }),
    ...(channel === null ? {} : { channelProperties: { email: channel } }),
    ...((write.lists ?? []).length === 0 ? {} : { lists: [...new Set(write.lists)].map(Number) }),
  };
}

function toChannel(write: MarketingWrite, creates: boolean): EmailChannelWrite | null {
  const { channel } = write;
  if (channel === undefined) return null;
  return {
    ...(creates ? { emailType: 'html' as const } : {}),
    ...(channel.optInType === undefined ? {} : { optInType: channel.optInType }),
    status: channel.state,
    // The documents disagree on what silence means here: a resubscription always says whether it challenges. (O3, U5)
    ...(channel.state === 'subscribed'
      ? { resubscribeOptions: { resubscribeWithNoChallenge: channel.challenge === false } }
      : {}),
  };
}

/** `null` clears; undefined = has no form on the wire. Numbers beyond exact doubles stay text, as they came. */
function toWireValue(value: Raw): string | number | boolean | null | undefined {
  if (value === null || value === '') return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'object' ? undefined : value;
}

function isId(text: string): boolean {
  return /^\d+$/.test(text) && Number.isSafeInteger(Number(text));
}
