// Leaving: by the recipient, by the account's user, from one list or from all. Never brings anyone back.

import { type ContactRow, isLive } from '../model/contact-row.ts';
import { type EmailStatus, isLocked } from '../model/statuses.ts';
import type { DotdigitalAccount, SuppressedAddress } from '../state/account.ts';
import type { ListRow } from '../state/list-registry.ts';
import { touchForLists } from './memberships.ts';
import { setEmailStatus } from './subscription.ts';

/** Takes a contact out of all mailing with the given status; what nobody can undo stays as it is. */
export function optOut(account: DotdigitalAccount, row: ContactRow, status: EmailStatus, at: number): void {
  account.challenges.delete(row.contactId);
  if (row.emailStatus === status || isLocked(row.emailStatus)) return;
  setEmailStatus(account, row, status, at);
  if (isLive(row) && account.switches.unsubscribeBumpsUpdated) account.contacts.touch(row, at);
}

/** Suppresses an address that is no contact. */
export function suppressAddress(
  account: DotdigitalAccount,
  email: string,
  status: EmailStatus,
  at: number,
): SuppressedAddress {
  const key = email.toLowerCase();
  const known = account.suppressedAddresses.get(key);
  if (known?.status === status) return known;
  const suppressed = { email: key, contactId: known?.contactId ?? 0, status, dateRemoved: at };
  account.suppressedAddresses.set(key, suppressed);
  return suppressed;
}

/** Takes a member out of one list's mailing; true when it was a member. */
export function optOutOfList(account: DotdigitalAccount, row: ContactRow, list: ListRow, at: number): boolean {
  const membership = row.memberships.find(({ listId }) => listId === list.id);
  if (!membership) return false;
  if (membership.suppressedAt === 0) {
    membership.suppressedAt = at;
    list.version += 1;
    list.changedAt = at;
    touchForLists(account, row, at);
  }
  return true;
}

/** One entry of the suppression feeds. */
export type SuppressionEntry =
  | { readonly row: ContactRow; readonly address?: undefined; readonly dateRemoved: number }
  | { readonly row?: undefined; readonly address: SuppressedAddress; readonly dateRemoved: number };

/** Everyone who left since then, the first to leave in front; contacts in the recycle bin and bare addresses included. */
export function suppressedSince(
  account: DotdigitalAccount,
  since: number,
  wanted: (status: EmailStatus) => boolean,
): readonly SuppressionEntry[] {
  const after = account.switches.sinceInclusive ? since : since + 1;
  const found: SuppressionEntry[] = [];
  for (const row of account.contacts.rows) {
    if (row && row.suppressedAt >= after && row.suppressedAt > 0 && row.email !== null && wanted(row.emailStatus)) {
      found.push({ row, dateRemoved: row.suppressedAt });
    }
  }
  for (const address of account.suppressedAddresses.values()) {
    if (address.dateRemoved >= after && wanted(address.status)) {
      found.push({ address, dateRemoved: address.dateRemoved });
    }
  }
  return found.sort((a, b) => a.dateRemoved - b.dateRemoved);
}
