// Joining and leaving lists. Bumps nothing by itself: who calls decides whether `updated` moves.

import type { ContactRow } from '../model/contact-row.ts';
import { isLive } from '../model/contact-row.ts';
import type { DotdigitalAccount } from '../state/account.ts';
import { ALL_CONTACTS, type ListRow } from '../state/list-registry.ts';
import { isOutEverywhere, membershipStatus } from './roll-up.ts';

function changed(list: ListRow, at: number): void {
  list.version += 1;
  list.changedAt = at;
}

/** Puts a contact on a list; false when it was there already and stays as it was. */
export function joinList(account: DotdigitalAccount, row: ContactRow, list: ListRow, at: number): boolean {
  const known = row.memberships.find((membership) => membership.listId === list.id);
  if (known) {
    if (known.suppressedAt === 0 || !account.switches.listAddClearsListSuppression) return false;
    known.suppressedAt = 0;
    changed(list, at);
    return true;
  }
  row.memberships = [...row.memberships, { listId: list.id, addedAt: at, suppressedAt: 0 }];
  list.members.add(row.contactId);
  changed(list, at);
  return true;
}

/** Takes a contact off a list; false when it was not there. */
export function leaveList(row: ContactRow, list: ListRow, at: number): boolean {
  if (!list.members.delete(row.contactId)) return false;
  row.memberships = row.memberships.filter((membership) => membership.listId !== list.id);
  changed(list, at);
  return true;
}

/** Takes a contact off all lists. */
export function leaveAllLists(account: DotdigitalAccount, row: ContactRow, at: number): void {
  for (const { listId } of row.memberships) {
    const list = account.lists.get(listId);
    if (list?.members.delete(row.contactId)) changed(list, at);
  }
  row.memberships = [];
}

/** Moves `updated` for a change of lists alone, if that is how the account behaves. */
export function touchForLists(account: DotdigitalAccount, row: ContactRow, at: number): void {
  if (account.switches.listChangeBumpsUpdated) account.contacts.touch(row, at);
}

/** True when v2 shows the contact among the members of the list. */
export function isMailableMember(row: ContactRow, listId: number): boolean {
  if (listId === ALL_CONTACTS) return isLive(row) && !isOutEverywhere(row);
  const membership = row.memberships.find((known) => known.listId === listId);
  return membership !== undefined && isLive(row) && membershipStatus(row, membership) !== 'suppressed';
}

const sorted = new WeakMap<ListRow, { readonly version: number; readonly rows: readonly ContactRow[] }>();

/** The contacts on a list in ascending order of id, suppressed ones included. */
export function membersOf(account: DotdigitalAccount, list: ListRow): readonly ContactRow[] {
  const known = sorted.get(list);
  if (known?.version === list.version) return known.rows;
  const rows: ContactRow[] = [];
  for (const id of Float64Array.from(list.members).sort()) {
    const row = account.contacts.byId(id);
    if (row) rows.push(row);
  }
  sorted.set(list, { version: list.version, rows });
  return rows;
}

interface ShownCount {
  readonly key: string;
  readonly count: number;
}

const counts = new WeakMap<ListRow, ShownCount>();

/** The `contacts` number of a list; it may lag behind (switch `listCountDelayMs`). */
export function shownCount(account: DotdigitalAccount, list: ListRow): number {
  const key = `${list.version}/${account.contacts.statusVersion}`;
  const known = counts.get(list);
  if (known?.key === key) return known.count;
  const { listCountDelayMs } = account.switches;
  if (listCountDelayMs > 0 && account.clock.now() - list.changedAt < listCountDelayMs) return known?.count ?? 0;
  const rows = list.id === ALL_CONTACTS ? account.contacts.rows : membersOf(account, list);
  let count = 0;
  for (const row of rows) if (row && isMailableMember(row, list.id)) count += 1;
  counts.set(list, { key, count });
  return count;
}
