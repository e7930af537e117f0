// Bulk deletion of contacts, with a result per row. Deleted contacts go to the recycle bin.

import { isLive } from '../model/contact-row.ts';
import type { DotdigitalAccount } from '../state/account.ts';
import type { Job } from '../state/job-board.ts';
import { findHolder, isIdentifier, isIdentifierValue } from './identifiers.ts';
import { deleteContact } from './recycle-bin.ts';
import { isObject } from './write-shape.ts';

/** The result of a bulk delete. */
export interface DeleteResult {
  readonly status: 'Finished' | 'Failed';
  readonly summary?: {
    requestedContacts: number;
    deletedContacts: number;
    unknownContacts: number;
    invalidEntries: number;
  };
  readonly deleted?: unknown[];
  readonly failures?: object[];
}

const INVALID: Readonly<Record<string, string>> = {
  contactId: 'invalidContactId',
  email: 'invalidEmail',
  mobileNumber: 'invalidPhoneNumber',
};

/** Name and value of a row with one identifier; undefined when it is nothing of the kind. */
function readReference(item: unknown): readonly [string, string] | undefined {
  if (!isObject(item)) return undefined;
  const [entry, ...more] = Object.entries(item);
  if (!entry || more.length > 0) return undefined;
  const [name, value] = entry;
  const fits =
    name === 'contactId' ? typeof value === 'number' && Number.isSafeInteger(value) : typeof value === 'string';
  return fits ? [name, String(value).trim()] : undefined;
}

/** Carries out an accepted bulk delete. */
export function runDelete(account: DotdigitalAccount, job: Job, items: readonly unknown[], at: number): DeleteResult {
  const failed = job.plan.status === 'Failed';
  const summary = { requestedContacts: items.length, deletedContacts: 0, unknownContacts: 0, invalidEntries: 0 };
  const deleted: unknown[] = [];
  const failures: object[] = [];
  const fail = (identifier: unknown, failureCode: string, description: string): void => {
    failures.push({ identifier, failures: [{ failureCode, description }] });
  };
  for (const item of failed ? items.slice(0, job.plan.applyRows ?? 0) : items) {
    const [name, value] = readReference(item) ?? ['', ''];
    if (!isIdentifier(account, name) || !isIdentifierValue(name, value)) {
      summary.invalidEntries += 1;
      fail(item, INVALID[name] ?? 'noValidIdentifiers', `Invalid value for '${name}'`);
      continue;
    }
    const row = findHolder(account, name, value);
    if (!isLive(row)) {
      summary.unknownContacts += 1;
      fail(item, 'contactNotFound', 'The contact could not be found');
      continue;
    }
    deleteContact(account, row, at);
    summary.deletedContacts += 1;
    deleted.push(item);
  }
  return failed ? { status: 'Failed' } : { status: 'Finished', summary, deleted, failures };
}
