// Contacts as v2 writes them: by e-mail, with key/value data fields, and never against an opt-out.

import { type ContactRow, isLive } from '../model/contact-row.ts';
import { EMAIL_TYPES, isOut, OPT_IN_TYPES } from '../model/statuses.ts';
import type { DotdigitalAccount } from '../state/account.ts';
import { type Refusal, refuseV2 } from '../wire/refusal.ts';
import { type CheckedWrite, checkAddress, checkWrite, isRefused, type WriteProblem } from './checked-write.ts';
import { findConflict, updateContact, upsertContact } from './upsert-contact.ts';
import { isObject } from './write-shape.ts';

type Body = Readonly<Record<string, unknown>>;

function refuseProblem(problem: WriteProblem): Refusal {
  switch (problem.code) {
    case 'invalidEmail':
      return refuseV2(400, 'ERROR_PARAMETER_INVALID', 'Email is not a valid email address.');
    case 'blocker':
    case 'invalidDomain':
      return refuseV2(400, 'ERROR_EMAIL_BANNED');
    case 'globallySuppressed':
    case 'suppressedByDomain':
      return refuseV2(400, 'ERROR_CONTACT_SUPPRESSED');
    case 'invalidContact':
      if (problem.description === 'Data field does not exist') {
        return refuseV2(400, 'ERROR_DATAFIELD_NOTFOUND', `Data field '${problem.item}' does not exist.`);
      }
      return problem.description.endsWith('too long')
        ? refuseV2(400, 'ERROR_DATAFIELD_VALUE_OVERFLOW', `Data field '${problem.item}' is too long.`)
        : refuseV2(400, 'ERROR_DATAFIELD_INVALID', `Data field '${problem.item}' is not valid.`);
    default:
      return refuseV2(400, 'ERROR_CONTACT_INVALID');
  }
}

function readWord<T extends string>(value: unknown, words: readonly T[]): T | undefined {
  if (value === undefined || value === null) return undefined;
  const found = typeof value === 'string' && words.find((word) => word.toLowerCase() === value.toLowerCase());
  if (found) return found;
  throw refuseV2(400, 'ERROR_CONTACT_INVALID');
}

/** `[{key, value}]` as an object. Throws the refusal when it is nothing of the kind. */
function readPairs(value: unknown): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {};
  if (!Array.isArray(value)) throw refuseV2(400, 'ERROR_CONTACT_INVALID');
  const pairs: Record<string, unknown> = {};
  for (const entry of value as readonly unknown[]) {
    if (!isObject(entry)) throw refuseV2(400, 'ERROR_CONTACT_INVALID');
    const key = entry['key'] ?? entry['Key'];
    if (typeof key !== 'string') throw refuseV2(400, 'ERROR_CONTACT_INVALID');
    pairs[key] = entry['value'] ?? entry['Value'] ?? null;
  }
  // The system field comes back with every read; writing it back is passed over.
  for (const key of Object.keys(pairs)) if (key.toUpperCase() === 'LASTSUBSCRIBED') delete pairs[key];
  return pairs;
}

/** A v2 contact body held against the account. Throws the refusal. */
export function readV2Contact(account: DotdigitalAccount, body: Body, now: number): CheckedWrite {
  const { email } = body;
  if (typeof email !== 'string') throw refuseV2(400, 'ERROR_CONTACT_INVALID', 'Email is missing.');
  const result = checkWrite(
    account,
    {
      identifiers: { email: email.trim() },
      dataFields: readPairs(body['dataFields']),
      email: {
        // v2 puts what is not sent back to its default.
        emailType: readWord(body['emailType'], EMAIL_TYPES) ?? 'PlainText',
        optInType: readWord(body['optInType'], OPT_IN_TYPES) ?? 'Unknown',
        status: undefined,
        resubscribe: undefined,
      },
      sms: undefined,
      whatsApp: undefined,
      lists: [],
      preferences: [],
      consentRecords: [],
    },
    now,
  );
  const [problem] = isRefused(result) ? result : [];
  if (problem) throw refuseProblem(problem);
  return result as CheckedWrite;
}

/** Throws ERROR_CONTACT_SUPPRESSED for a contact or address that may not be mailed. */
function refuseOptedOut(account: DotdigitalAccount, email: string): void {
  const row = account.contacts.byEmail(email);
  const out = row ? isOut(row.emailStatus) : account.suppressedAddresses.has(email.toLowerCase());
  if (out) throw refuseV2(account.switches.suppressedWriteStatus, 'ERROR_CONTACT_SUPPRESSED');
}

/** Creates or updates a contact by e-mail. Throws the refusal. */
export function upsertV2Contact(account: DotdigitalAccount, body: Body): ContactRow {
  const now = account.clock.now();
  const write = readV2Contact(account, body, now);
  const email = write.identifiers['email'] ?? '';
  refuseOptedOut(account, email);
  const result = upsertContact(account, 'email', email, write, 'overwrite', 'single', now);
  if (result.kind === 'refused') throw refuseProblem(result.problem);
  if (result.kind === 'conflict') throw refuseV2(400, 'ERROR_NON_UNIQUE_EMAIL');
  return result.row;
}

/** Updates a contact by id; its address may change. Throws the refusal. */
export function updateV2Contact(account: DotdigitalAccount, id: number, body: Body): ContactRow {
  const row = account.contacts.byId(id);
  if (!isLive(row)) throw refuseV2(404, 'ERROR_CONTACT_NOT_FOUND');
  if (isOut(row.emailStatus)) throw refuseV2(account.switches.suppressedWriteStatus, 'ERROR_CONTACT_SUPPRESSED');
  const now = account.clock.now();
  const write = readV2Contact(account, { email: row.email, ...body }, now);
  if (findConflict(account, write.identifiers, row)) throw refuseV2(400, 'ERROR_NON_UNIQUE_EMAIL');
  const email = write.identifiers['email'] ?? '';
  const refused = checkAddress(account, email);
  if (refused) throw refuseProblem(refused);
  if (email.toLowerCase() !== row.email?.toLowerCase()) refuseOptedOut(account, email);
  updateContact(account, row, write, 'overwrite', now);
  return row;
}
