// Deleting a contact and bringing it back. A suppression outlives both.

import type { ContactRow } from '../model/contact-row.ts';
import type { DotdigitalAccount } from '../state/account.ts';
import { leaveAllLists } from './memberships.ts';

/** Moves a contact to the recycle bin; it leaves all lists and stays suppressed if it was. */
export function deleteContact(account: DotdigitalAccount, row: ContactRow, at: number): void {
  leaveAllLists(account, row, at);
  account.challenges.delete(row.contactId);
  account.contacts.moveToBin(row, at);
}

/** Takes a contact out of the recycle bin with its data, without its lists, subscribed or suppressed as it was. */
export function undeleteContact(account: DotdigitalAccount, row: ContactRow, at: number): void {
  account.contacts.restore(row);
  account.contacts.touch(row, at);
}

/** Empties the recycle bin; returns how many contacts are gone for good. */
export function emptyBin(account: DotdigitalAccount): number {
  return account.purgeBin(Number.POSITIVE_INFINITY);
}
