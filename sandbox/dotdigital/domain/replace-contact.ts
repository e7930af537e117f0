// v3 PUT: the contact becomes what was sent, and what was not sent is blank. Subscription states stay unless one was sent.

import type { ContactRow } from '../model/contact-row.ts';
import type { DotdigitalAccount } from '../state/account.ts';
import { applyLists, changeEmail } from './apply-write.ts';
import type { CheckedWrite } from './checked-write.ts';
import { leaveList } from './memberships.ts';
import { findConflict, type UpsertResult, updateContact } from './upsert-contact.ts';

/** Replaces a live contact. */
export function replaceContact(
  account: DotdigitalAccount,
  row: ContactRow,
  write: CheckedWrite,
  at: number,
): UpsertResult {
  const { identifiers } = write;
  if (identifiers['email'] === undefined && identifiers['mobileNumber'] === undefined) {
    const description = 'A contact needs an email or a mobileNumber';
    return { kind: 'refused', problem: { code: 'noValidIdentifiers', item: 'identifiers', description } };
  }
  const conflict = findConflict(account, identifiers, row);
  if (conflict) return conflict;
  const before = row.dataFields;
  row.dataFields = {};
  const result = updateContact(account, row, write, 'overwrite', at);
  if (result.kind === 'refused') {
    row.dataFields = before;
    return result;
  }
  if (identifiers['email'] === undefined && row.email !== null) changeEmail(account, row, null, at);
  if (identifiers['mobileNumber'] === undefined) account.contacts.setMobile(row, null);
  for (const name of Object.keys(row.customIds ?? {})) {
    if (identifiers[name] === undefined) account.contacts.setCustomId(row, name, null);
  }
  row.preferences = row.preferences.filter(({ id }) => write.preferences.some((choice) => choice.id === id));
  if (account.switches.putReplaceLists === 'replace') {
    for (const { listId } of row.memberships) {
      const list = account.lists.get(listId);
      if (list && !write.lists.includes(list)) leaveList(row, list, at);
    }
    applyLists(account, row, write, at);
  }
  account.contacts.touch(row, at);
  return result;
}
