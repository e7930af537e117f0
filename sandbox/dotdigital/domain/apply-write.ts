// Applies a checked write to a contact that exists. Never creates one and never refuses: conflicts are settled before.

import type { ContactRow, FieldValue } from '../model/contact-row.ts';
import { isOut } from '../model/statuses.ts';
import type { DotdigitalAccount } from '../state/account.ts';
import type { CheckedWrite } from './checked-write.ts';
import { storedEmail } from './identifiers.ts';
import { joinList } from './memberships.ts';
import { askForOptIn, markSubscribed, requestStatus, type StatusOutcome, setEmailStatus } from './subscription.ts';

/** How incoming data field values meet those that are there. */
export type MergeOption = 'overwrite' | 'overwriteIfNotEmpty' | 'overwriteIfEmpty';

const isBlank = (value: FieldValue | undefined): boolean => value === undefined || value === null || value === '';

/** Sets the data fields; true when a value changed. */
export function applyFields(row: ContactRow, write: Pick<CheckedWrite, 'fields'>, merge: MergeOption): boolean {
  let changed = false;
  for (const [{ storageKey }, value] of write.fields) {
    const before = row.dataFields[storageKey];
    if (merge === 'overwriteIfNotEmpty' && isBlank(value)) continue;
    if (merge === 'overwriteIfEmpty' && !isBlank(before)) continue;
    if ((before ?? null) === value) continue;
    row.dataFields[storageKey] = value;
    changed = true;
  }
  return changed;
}

/** Gives a contact another address (or its first); its opt-out goes along or stays behind (switch `emailChangeStatus`). */
export function changeEmail(account: DotdigitalAccount, row: ContactRow, email: string | null, at: number): void {
  const before = row.email;
  const hadOptOut = row.suppressedAt > 0;
  const sameAddress = before !== null && email !== null && before.toLowerCase() === email.toLowerCase();
  if (before !== null && hadOptOut && !sameAddress && account.switches.emailChangeStatus === 'follows-address') {
    account.suppressedAddresses.set(before.toLowerCase(), {
      email: before,
      contactId: 0,
      status: row.emailStatus,
      dateRemoved: row.suppressedAt,
    });
    setEmailStatus(account, row, 'noSubscription', at);
  }
  account.contacts.setEmail(row, email);
  if (email === null) {
    setEmailStatus(account, row, 'noSubscription', at);
    return;
  }
  takeOverSuppression(account, row);
  if (row.emailStatus === 'noSubscription') markSubscribed(account, row, at);
}

/** A contact under a suppressed address is as suppressed as the address was. True when it was. */
export function takeOverSuppression(account: DotdigitalAccount, row: ContactRow): boolean {
  const key = (row.email ?? '').toLowerCase();
  const known = account.suppressedAddresses.get(key);
  if (!known) return false;
  account.suppressedAddresses.delete(key);
  if (isOut(row.emailStatus)) return true;
  row.emailStatus = known.status;
  row.suppressedAt = known.dateRemoved;
  account.contacts.statusVersion += 1;
  return true;
}

function applyIdentifiers(account: DotdigitalAccount, row: ContactRow, write: CheckedWrite, at: number): boolean {
  let changed = false;
  for (const [name, value] of Object.entries(write.identifiers)) {
    if (name === 'contactId') continue;
    if (name === 'email') {
      const email = storedEmail(account, value);
      if (row.email === email) continue;
      changeEmail(account, row, email, at);
    } else if (name === 'mobileNumber') {
      if (row.mobile === value) continue;
      if (row.mobile === null) row.smsStatus = account.switches.smsDefault;
      account.contacts.setMobile(row, value);
      account.contacts.statusVersion += 1;
    } else {
      if (row.customIds?.[name] === value) continue;
      account.contacts.setCustomId(row, name, value);
    }
    changed = true;
  }
  return changed;
}

function applyMobileChannels(account: DotdigitalAccount, row: ContactRow, write: CheckedWrite): boolean {
  const { sms = row.smsStatus, whatsApp = row.whatsAppStatus } = write;
  if (sms === row.smsStatus && whatsApp === row.whatsAppStatus) return false;
  row.smsStatus = sms;
  row.whatsAppStatus = whatsApp;
  account.contacts.statusVersion += 1;
  return true;
}

/** Applies e-mail type and opt-in type; a new verifiedDouble asks for confirmation. */
function applyTypes(account: DotdigitalAccount, row: ContactRow, write: CheckedWrite, at: number): boolean {
  const { emailType = row.emailType, optInType = row.optInType } = write.email ?? {};
  const changed = emailType !== row.emailType || optInType !== row.optInType;
  const becameVerified = optInType === 'VerifiedDouble' && row.optInType !== 'VerifiedDouble';
  row.emailType = emailType;
  row.optInType = optInType;
  const asks = becameVerified && account.switches.verifiedDoubleOnExisting === 'pending';
  if (asks && row.emailStatus === 'subscribed') askForOptIn(account, row, at);
  return changed;
}

/** Adds the lists of a write; true when the contact joined one. */
export function applyLists(account: DotdigitalAccount, row: ContactRow, write: CheckedWrite, at: number): boolean {
  let joined = false;
  for (const list of write.lists) joined = joinList(account, row, list, at) || joined;
  return joined;
}

/** Preferences and consent records; true when something was sent. */
export function applyConsent(row: ContactRow, write: CheckedWrite): boolean {
  if (write.preferences.length > 0) {
    const sent = new Map(write.preferences.map((choice) => [choice.id, choice]));
    row.preferences = [...row.preferences.filter(({ id }) => !sent.has(id)), ...write.preferences];
  }
  if (write.consentRecords.length > 0) row.consentRecords = [...row.consentRecords, ...write.consentRecords];
  return write.preferences.length > 0 || write.consentRecords.length > 0;
}

/** Merges a write into a contact and moves `updated` as the account's switches say. */
export function applyWrite(
  account: DotdigitalAccount,
  row: ContactRow,
  write: CheckedWrite,
  merge: MergeOption,
  at: number,
): StatusOutcome {
  let changed = applyIdentifiers(account, row, write, at);
  changed = applyFields(row, write, merge) || changed;
  const status = write.email?.status;
  let outcome: StatusOutcome = 'unchanged';
  if (status !== undefined && row.email !== null) {
    outcome = requestStatus(account, row, status, write.email?.resubscribe, at);
    changed = outcome === 'changed' || changed;
  }
  changed = applyTypes(account, row, write, at) || changed;
  changed = applyMobileChannels(account, row, write) || changed;
  changed = applyConsent(row, write) || changed;
  const joined = applyLists(account, row, write, at);
  const listsAlone = write.lists.length > 0 && !saysMoreThanLists(write);
  const bumps =
    changed ||
    (joined && account.switches.listChangeBumpsUpdated) ||
    (account.switches.noopBumpsUpdated && !listsAlone);
  if (bumps) account.contacts.touch(row, at);
  return outcome;
}

function saysMoreThanLists(write: CheckedWrite): boolean {
  return (
    write.fields.length > 0 ||
    write.email !== undefined ||
    write.sms !== undefined ||
    write.whatsApp !== undefined ||
    write.preferences.length > 0 ||
    write.consentRecords.length > 0
  );
}
