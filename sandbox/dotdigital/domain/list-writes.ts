// Creating, renaming and deleting lists, with the refusals the service gives. Never moves a contact's `updated` for a new name.

import type { DotdigitalAccount } from '../state/account.ts';
import { isSystemList, type ListRow, MAX_LIST_NAME } from '../state/list-registry.ts';
import { refuseV2 } from '../wire/refusal.ts';
import { readVisibility } from './data-field-writes.ts';
import { leaveList, membersOf, touchForLists } from './memberships.ts';

/** A list by id. Throws the refusal when there is none. */
export function getList(account: DotdigitalAccount, id: number): ListRow {
  const list = account.lists.get(id);
  if (!list) throw refuseV2(404, 'ERROR_ADDRESSBOOK_NOT_FOUND');
  return list;
}

/** A list contacts can be put on. Throws the refusal for the two system lists. */
export function getWritableList(account: DotdigitalAccount, id: number): ListRow {
  const list = getList(account, id);
  if (isSystemList(id)) throw refuseV2(400, 'ERROR_ADDRESSBOOK_NOTWRITABLE');
  return list;
}

function readName(account: DotdigitalAccount, input: unknown, self: ListRow | undefined): string {
  const name = typeof input === 'string' ? input.trim() : '';
  if (name === '' || name.length > MAX_LIST_NAME) {
    throw refuseV2(400, 'ERROR_ADDRESSBOOK_INVALID', `Name must have 1 to ${MAX_LIST_NAME} characters.`);
  }
  const unchanged = self !== undefined && name.toLowerCase() === self.name.toLowerCase();
  if (!unchanged && account.lists.isTaken(name)) throw refuseV2(400, 'ERROR_ADDRESSBOOK_DUPLICATE');
  return name;
}

/** Creates a list. Throws the refusal for a name that is taken, too long or missing. */
export function createList(account: DotdigitalAccount, body: Readonly<Record<string, unknown>>): ListRow {
  const name = readName(account, body['name'], undefined);
  const visibility = readVisibility(body['visibility'], 'ERROR_ADDRESSBOOK_INVALID');
  if (account.lists.all().length >= account.settings.listLimit) {
    throw refuseV2(400, 'ERROR_ADDRESSBOOK_LIMITEXCEEDED');
  }
  return account.lists.create(name, visibility, account.clock.now());
}

/** Renames a list or changes its visibility. Throws the refusal. */
export function updateList(account: DotdigitalAccount, list: ListRow, body: Readonly<Record<string, unknown>>): void {
  const name = readName(account, body['name'], list);
  const visibility =
    body['visibility'] === undefined
      ? list.visibility
      : readVisibility(body['visibility'], 'ERROR_ADDRESSBOOK_INVALID');
  list.name = name;
  list.visibility = visibility;
}

/** Takes everybody off a list; the contacts stay in the account. */
export function clearList(account: DotdigitalAccount, list: ListRow, at: number): void {
  for (const row of membersOf(account, list)) {
    if (leaveList(row, list, at)) touchForLists(account, row, at);
  }
}

/** Deletes a list; its contacts stay in the account. */
export function deleteList(account: DotdigitalAccount, list: ListRow, at: number): void {
  clearList(account, list, at);
  account.lists.remove(list);
}
