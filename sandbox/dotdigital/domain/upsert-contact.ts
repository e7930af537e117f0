// Finds the contact a write is for, or makes it: conflicts between identifiers, the recycle bin, suppressed addresses.
// Never merges two contacts.

import { type ContactRow, isLive } from '../model/contact-row.ts';
import { isOut } from '../model/statuses.ts';
import type { DotdigitalAccount } from '../state/account.ts';
import { identifiersOf } from '../wire/v3-contact.ts';
import {
  applyConsent,
  applyFields,
  applyLists,
  applyWrite,
  type MergeOption,
  takeOverSuppression,
} from './apply-write.ts';
import { type CheckedWrite, checkAddress, type WriteProblem } from './checked-write.ts';
import { findHolder, storedEmail } from './identifiers.ts';
import { undeleteContact } from './recycle-bin.ts';
import { askForOptIn, markSubscribed, requestStatus, type StatusOutcome, setEmailStatus } from './subscription.ts';

/** Whether a contact comes alone or in bulk; double opt-in may depend on it. */
export type Origin = 'single' | 'bulk';

/** An identifier that belongs to another live contact. */
export interface Conflict {
  readonly kind: 'conflict';
  readonly identifier: string;
  readonly value: string;
  readonly holder: ContactRow;
}

interface Refused {
  readonly kind: 'refused';
  readonly problem: WriteProblem;
}

/** What became of an upsert; a contact taken out of the recycle bin counts as updated. */
export type UpsertResult =
  | { readonly kind: 'created' | 'updated'; readonly row: ContactRow; readonly status: StatusOutcome }
  | Conflict
  | Refused;

/** What became of a creation. */
export type CreateResult =
  | { readonly kind: 'created'; readonly row: ContactRow; readonly status: StatusOutcome }
  | Refused;

/** The contact a write may go to: one in the recycle bin counts only when it would be undeleted. */
export function findWritable(account: DotdigitalAccount, name: string, value: string): ContactRow | undefined {
  const row = findHolder(account, name, value);
  return isLive(row) || account.switches.recreateAfterDelete === 'undelete' ? row : undefined;
}

/** An identifier of the write that belongs to some other live contact. */
export function findConflict(
  account: DotdigitalAccount,
  identifiers: Readonly<Record<string, string>>,
  self: ContactRow | undefined,
): Conflict | undefined {
  for (const [identifier, value] of Object.entries(identifiers)) {
    if (identifier === 'contactId') continue;
    const holder = findHolder(account, identifier, value);
    if (holder !== undefined && holder !== self && isLive(holder)) {
      return { kind: 'conflict', identifier, value, holder };
    }
  }
  return undefined;
}

/** Makes a contact out of a write whose identifiers are free. */
export function createContact(
  account: DotdigitalAccount,
  write: CheckedWrite,
  origin: Origin,
  at: number,
): CreateResult {
  const { email, mobileNumber } = write.identifiers;
  const refused = email === undefined ? undefined : checkAddress(account, email);
  if (refused) return { kind: 'refused', problem: refused };
  if (email === undefined && mobileNumber === undefined) return { kind: 'refused', problem: noIdentifiers };

  if (email !== undefined) account.releaseBinned(email, undefined);
  const row = account.contacts.create(at);
  for (const [name, value] of Object.entries(write.identifiers)) {
    if (name === 'email') account.contacts.setEmail(row, storedEmail(account, value));
    else if (name === 'mobileNumber') account.contacts.setMobile(row, value);
    else if (name !== 'contactId') account.contacts.setCustomId(row, name, value);
  }
  for (const field of account.fields.all()) {
    if (field.defaultValue !== null) row.dataFields[field.storageKey] = field.defaultValue;
  }
  applyFields(row, write, 'overwrite');
  row.emailType = write.email?.emailType ?? row.emailType;
  row.optInType = write.email?.optInType ?? row.optInType;
  if (row.mobile !== null) {
    row.smsStatus = write.sms ?? account.switches.smsDefault;
    row.whatsAppStatus = write.whatsApp ?? 'noSubscription';
  }
  const status = startSubscription(account, row, write, origin, at);
  applyConsent(row, write);
  applyLists(account, row, write, at);
  return { kind: 'created', row, status };
}

const noIdentifiers: WriteProblem = {
  code: 'noValidIdentifiers',
  item: 'identifiers',
  description: 'A contact needs an email or a mobileNumber',
};

function startSubscription(
  account: DotdigitalAccount,
  row: ContactRow,
  write: CheckedWrite,
  origin: Origin,
  at: number,
): StatusOutcome {
  if (row.email === null) return 'unchanged';
  const wanted = write.email?.status;
  if (takeOverSuppression(account, row)) {
    return wanted === undefined ? 'unchanged' : requestStatus(account, row, wanted, write.email?.resubscribe, at);
  }
  if (wanted !== undefined && wanted !== 'subscribed') setEmailStatus(account, row, wanted, at);
  else if (mustConfirm(account, row, origin)) askForOptIn(account, row, at);
  else markSubscribed(account, row, at);
  return 'changed';
}

function mustConfirm(account: DotdigitalAccount, row: ContactRow, origin: Origin): boolean {
  const { doubleOptIn } = account.switches;
  if (row.optInType === 'VerifiedDouble' || doubleOptIn === 'everything') return true;
  return doubleOptIn === 'single-calls' && origin === 'single';
}

/** Updates a contact known to exist, taking it out of the recycle bin first if it lies there. */
export function updateContact(
  account: DotdigitalAccount,
  row: ContactRow,
  write: CheckedWrite,
  merge: MergeOption,
  at: number,
): UpsertResult {
  // One that lies in the bin comes out with its own identifiers, which may be somebody else's by now.
  const own = isLive(row) ? {} : identifiersOf(row);
  const conflict = findConflict(account, own, row) ?? findConflict(account, write.identifiers, row);
  if (conflict) return conflict;
  const { email } = write.identifiers;
  const moves = email !== undefined && email.toLowerCase() !== row.email?.toLowerCase();
  const refused = moves ? checkAddress(account, email) : undefined;
  if (refused) return { kind: 'refused', problem: refused };
  if (moves) account.releaseBinned(email, row);
  if (row.deletedAt > 0) {
    undeleteContact(account, row, at);
    if (row.emailStatus === 'pendingOptIn' || (!isOut(row.emailStatus) && row.email !== null)) {
      markSubscribed(account, row, at);
    }
  }
  const status = applyWrite(account, row, write, merge, at);
  return { kind: 'updated', row, status };
}

/** Updates the contact found under `name`, or makes one. `contactId` can find a contact but never make one. */
export function upsertContact(
  account: DotdigitalAccount,
  name: string,
  value: string,
  write: CheckedWrite,
  merge: MergeOption,
  origin: Origin,
  at: number,
): UpsertResult {
  const found = findWritable(account, name, value);
  if (found) return updateContact(account, found, write, merge, at);
  if (name === 'contactId') {
    const description = 'The contact could not be found';
    return { kind: 'refused', problem: { code: 'invalidContactId', item: value, description, identifier: name } };
  }
  const identifiers = { [name]: value, ...write.identifiers };
  const conflict = findConflict(account, identifiers, undefined);
  if (conflict) return conflict;
  return createContact(account, { ...write, identifiers }, origin, at);
}
