// Who may be mailed: leaving, being suppressed, coming back, and the mails that ask for a click. Never touches data fields.

import type { ContactRow } from '../model/contact-row.ts';
import { type EmailStatus, type EmailWrite, isBounce, isLocked, isOut } from '../model/statuses.ts';
import type { DotdigitalAccount } from '../state/account.ts';
import { joinList, leaveAllLists } from './memberships.ts';
import { isOutEverywhere } from './roll-up.ts';

/** What a write may say about how a resubscription goes. */
export interface ResubscribeOptions {
  readonly withNoChallenge: boolean | undefined;
  readonly locale: string | undefined;
}

/** What became of a wish to change the e-mail status. */
export type StatusOutcome = 'changed' | 'unchanged' | 'challenged' | 'locked';

/** Sets the e-mail status and what hangs on it: the suppression date and, when that is how the account is set, the lists. */
export function setEmailStatus(account: DotdigitalAccount, row: ContactRow, status: EmailStatus, at: number): void {
  if (row.emailStatus === status) return;
  row.emailStatus = status;
  row.suppressedAt = isOut(status) ? at : 0;
  account.contacts.statusVersion += 1;
  if (account.switches.unsubscribeLists === 'removed' && isOutEverywhere(row)) leaveAllLists(account, row, at);
}

/** Notes that the contact is subscribed from now on. */
export function markSubscribed(account: DotdigitalAccount, row: ContactRow, at: number): void {
  setEmailStatus(account, row, 'subscribed', at);
  row.lastSubscribed = at;
}

/** Starts a double opt-in: the contact is pending until somebody clicks. */
export function askForOptIn(account: DotdigitalAccount, row: ContactRow, at: number): void {
  setEmailStatus(account, row, 'pendingOptIn', at);
  account.mails.push({
    at,
    kind: 'double-opt-in',
    contactId: row.contactId,
    email: row.email ?? '',
    locale: undefined,
  });
}

/** Brings a contact back at once. Lists it was on do not come back. */
export function resubscribe(account: DotdigitalAccount, row: ContactRow, at: number): void {
  if (isOutEverywhere(row)) leaveAllLists(account, row, at);
  account.challenges.delete(row.contactId);
  markSubscribed(account, row, at);
  account.contacts.touch(row, at);
}

/** Asks the recipient by mail; one mail per open challenge. */
export function challenge(
  account: DotdigitalAccount,
  row: ContactRow,
  at: number,
  locale: string | undefined,
  listId?: number,
): void {
  if (!account.challenges.has(row.contactId)) {
    account.mails.push({ at, kind: 'resubscribe-challenge', contactId: row.contactId, email: row.email ?? '', locale });
  }
  account.challenges.set(row.contactId, { at, contactId: row.contactId, listId });
}

/** The recipient clicks: ends a challenge or a double opt-in. False when nothing was open. */
export function confirm(account: DotdigitalAccount, row: ContactRow, at: number): boolean {
  const open = account.challenges.get(row.contactId);
  if (open) {
    resubscribe(account, row, at);
    const list = open.listId === undefined ? undefined : account.lists.get(open.listId);
    if (list) joinList(account, row, list, at);
    return true;
  }
  if (row.emailStatus !== 'pendingOptIn') return false;
  markSubscribed(account, row, at);
  account.contacts.touch(row, at);
  return true;
}

/** True when a resubscription must be confirmed by the recipient. */
export function mustChallenge(account: DotdigitalAccount, withNoChallenge: boolean): boolean {
  return !withNoChallenge || account.switches.doubleOptIn !== 'none';
}

/** Carries out the e-mail status a v3 write asks for on an existing contact. Bumps `updated` only on resubscription. */
export function requestStatus(
  account: DotdigitalAccount,
  row: ContactRow,
  wanted: EmailWrite,
  options: ResubscribeOptions | undefined,
  at: number,
): StatusOutcome {
  const { emailStatus } = row;
  if (emailStatus === wanted) return 'unchanged';
  if (isLocked(emailStatus)) return 'locked';
  if (wanted !== 'subscribed') {
    account.challenges.delete(row.contactId);
    setEmailStatus(account, row, wanted, at);
    return 'changed';
  }
  if (emailStatus === 'pendingOptIn') return 'unchanged';
  if (emailStatus === 'suppressed') {
    resubscribe(account, row, at);
    return 'changed';
  }
  if (!isOut(emailStatus)) {
    markSubscribed(account, row, at);
    return 'changed';
  }
  if (isBounce(emailStatus) && !account.switches.bouncedResubscribable) return 'locked';
  const direct = options?.withNoChallenge ?? account.switches.resubscribeDefault === 'no-challenge';
  if (mustChallenge(account, direct)) {
    challenge(account, row, at, options?.locale);
    return 'challenged';
  }
  resubscribe(account, row, at);
  return 'changed';
}
