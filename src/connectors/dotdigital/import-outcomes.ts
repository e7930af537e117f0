// What became of each row of an import. Pure; never calls a row done that the service may have left out.
import type { z } from 'zod';
import type { MarketingRow, RowOutcome } from '../connector.ts';
import { addressKey } from './import-rows.ts';
import { anyCase, asText, idText, importedContact, importFailure, type importStatus } from './wire.ts';

export type ImportStatus = z.infer<typeof importStatus>;

/** How a status word ends the waiting. A word nobody knows keeps it going. (contacts service, import; v2 words too) */
export type ImportEnd = 'pending' | 'finished' | 'failed' | 'lost';

const ENDS: ReadonlyMap<string, ImportEnd> = new Map<string, ImportEnd>([
  ['finished', 'finished'],
  ['complete', 'finished'],
  ['completed', 'finished'],
  ['failed', 'failed'],
  ['rejectedbywatchdog', 'failed'],
  ['exceedsallowedcontactlimit', 'failed'],
  ['invalidfileformat', 'failed'],
  ['unknown', 'lost'],
  ['notavailableinthisversion', 'lost'],
]);

export function endOf(status: string): ImportEnd {
  return ENDS.get(status.toLowerCase()) ?? 'pending';
}

/** The codes the service documents in two spellings, by lower-case. */
const CODES: ReadonlyMap<string, string> = new Map(
  [
    'apiSchemaViolation',
    'blocker',
    'duplicate',
    'duplicateIdentifier',
    'globallySuppressed',
    'invalidEmail',
    'invalidContactId',
    'invalidPhoneNumber',
    'invalidDomain',
    'invalidContact',
    'invalidAddressBookIds',
    'invalidMatchIdentifier',
    'invalidContactStatus',
    'noValidIdentifiers',
    'suppressedByDomain',
    'consentRecordsNotApplied',
    'invalidContactIdentifier',
  ].map((code) => [code.toLowerCase(), code]),
);

/** What to do about a job that failed as a whole, by lower-case status. */
const ADVICE: ReadonlyMap<string, string> = new Map([
  [
    'rejectedbywatchdog',
    "Dotdigital's Data Watchdog judged the import to be risky and imported nothing: ask Dotdigital support to release it, then synchronise again",
  ],
  [
    'exceedsallowedcontactlimit',
    'the import would take the account over the number of contacts its plan allows: remove contacts or enlarge the plan, then synchronise again',
  ],
]);

interface Failed {
  readonly codes: readonly string[];
  readonly message: string;
}

/** A new contact that the import took without saying which id it has. `created`: made or met, null where nobody says. */
export interface UnnamedRow {
  readonly key: string;
  readonly type: 'unnamed';
  readonly email: string;
  readonly created: boolean | null;
}

/**
 * Looks rows up in the results of an import, by contact id or by address in any case.
 * @param entire every row was part of a job whose result is here, so that a row which no result names was not left behind on the way
 */
export function importOutcomes(
  results: readonly ImportStatus[],
  rows: readonly MarketingRow[],
  entire: boolean,
): readonly (RowOutcome | UnnamedRow)[] {
  const done: ById<Done> = { byId: new Map(), byEmail: new Map() };
  const failed: ById<Failed> = { byId: new Map(), byEmail: new Map() };
  for (const result of results) {
    for (const item of result.updated ?? []) collectDone(done, item, false);
    for (const item of result.created ?? []) collectDone(done, item, true);
    for (const item of result.failures ?? []) collectFailure(failed, item);
  }
  const whole = results.find((result) => endOf(result.status) === 'failed');
  const lost = results.find((result) => endOf(result.status) === 'lost');
  const seen = rows.map((row) => ({ row, email: addressOf(row), ...look(done, failed, row) }));
  const sent = seen
    .filter(({ success, failure }) => success !== undefined || failure === undefined)
    .map(({ row }) => row);
  const taken = entire && whole === undefined && lost === undefined ? silence(results, sent) : null;
  return seen.map(({ row, email, success, failure }) => {
    const id = row.id ?? success?.id ?? null;
    if (success !== undefined && id !== null) return doneOutcome(row, { id, created: success.created }, failure);
    if (success !== undefined && email !== null) return unnamed(row, email, success.created);
    if (failure !== undefined) return failedOutcome(row, failure);
    if (whole !== undefined) {
      const message =
        ADVICE.get(whole.status.toLowerCase()) ??
        `the import ended as "${whole.status}"; nothing was reported as imported`;
      return { key: row.key, type: 'failed', code: lowerFirst(whole.status), message };
    }
    if (id !== null && taken?.known === true) return doneOutcome(row, { id, created: false }, undefined);
    if (id === null && email !== null && taken?.fresh === true) return unnamed(row, email, taken.made);
    const message =
      lost === undefined ? 'the import ended without naming this row' : `the import ended as "${lost.status}"`;
    return { key: row.key, type: 'unknown', message };
  });
}

interface ById<T> {
  readonly byId: Map<string, T>;
  readonly byEmail: Map<string, T>;
}

interface Done {
  /** Null where it cannot be read: the address says whose it is. */
  readonly id: string | null;
  readonly created: boolean;
}

function addressOf(row: MarketingRow): string | null {
  return row.id === null ? (row.email ?? row.write.email ?? null) : (row.write.email ?? row.email);
}

function look(done: ById<Done>, failed: ById<Failed>, row: MarketingRow) {
  const email = addressOf(row);
  const key = email === null ? '' : addressKey(email);
  const nameless = done.byEmail.get(key);
  const byId = row.id === null ? undefined : (done.byId.get(row.id) ?? (nameless?.id === null ? nameless : undefined));
  return {
    success: row.id === null ? nameless : byId,
    failure: (row.id === null ? undefined : failed.byId.get(row.id)) ?? failed.byEmail.get(key),
  };
}

interface Silence {
  /** Rows by contact id that are not named were taken. */
  readonly known: boolean;
  /** The same of rows by address. */
  readonly fresh: boolean;
  /** Whether those made contacts; null = not said, or only some of them. */
  readonly made: boolean | null;
}

/**
 * What it means that a finished import does not name a row: the lists of what was imported need not come. Counts speak for all rows;
 * without them a list that is missing says nothing against a row. (contacts service, import)
 */
function silence(results: readonly ImportStatus[], sent: readonly MarketingRow[]): Silence {
  const counts = results.flatMap(({ summary }) => summary ?? []);
  if (results.length > 0 && counts.length === results.length) {
    const made = counts.reduce((sum, { newContacts }) => sum + newContacts, 0);
    const met = counts.reduce((sum, { updatedContacts }) => sum + updatedContacts, 0);
    const all = made + met >= sent.length;
    // A row by contact id makes none.
    const everyone = made >= sent.filter(({ id }) => id === null).length;
    return { known: all, fresh: all, made: everyone ? true : made === 0 ? false : null };
  }
  const tells = (list: 'created' | 'updated'): boolean => results.every((result) => (result[list] ?? null) !== null);
  return { known: !tells('updated'), fresh: !tells('updated') || !tells('created'), made: null };
}

function unnamed(row: MarketingRow, email: string, created: boolean | null): UnnamedRow {
  return { key: row.key, type: 'unnamed', email, created };
}

function collectDone(done: ById<Done>, item: unknown, created: boolean): void {
  const reference = readReference(item);
  if (reference === null) return;
  const entry = { id: reference.id, created };
  if (entry.id !== null) done.byId.set(entry.id, entry);
  if (reference.email !== null) done.byEmail.set(addressKey(reference.email), entry);
}

/** Whom an item of `created` or `updated` is about; null when it names nobody. */
function readReference(item: unknown): { readonly id: string | null; readonly email: string | null } | null {
  const { contactId: id = null, identifiers = null } = importedContact.safeParse(item).data ?? {};
  const email = asText(anyCase(identifiers, 'email'));
  return id === null && email === null ? null : { id, email };
}

function collectFailure(failed: ById<Failed>, item: unknown): void {
  const parsed = importFailure.safeParse(item);
  if (!parsed.success) return;
  const { identifiers, failures, matchIdentifier } = parsed.data;
  const entry: Failed = {
    codes: failures.map((failure) => CODES.get(failure.failureCode.toLowerCase()) ?? failure.failureCode),
    message: failures.map((failure) => failure.description || failure.failureCode).join('; '),
  };
  const named = idText.safeParse(anyCase(identifiers, 'contactId'));
  const id = named.success ? named.data : (parsed.data.contactId ?? null);
  const email = asText(anyCase(identifiers, 'email'));
  const matchedById = (matchIdentifier ?? (named.success ? 'contactId' : 'email')).toLowerCase() === 'contactid';
  // A row matched by address may be reported with the id of the contact it met: that id is not the row's own.
  if (matchedById && id !== null) failed.byId.set(id, merge(failed.byId.get(id), entry));
  else if (email !== null) failed.byEmail.set(addressKey(email), merge(failed.byEmail.get(addressKey(email)), entry));
  else if (id !== null) failed.byId.set(id, merge(failed.byId.get(id), entry));
}

function merge(before: Failed | undefined, entry: Failed): Failed {
  if (before === undefined) return entry;
  return { codes: [...before.codes, ...entry.codes], message: [before.message, entry.message].join('; ') };
}

/** Named as imported and as failed: the contact was written and a part of it was not. */
function doneOutcome(
  row: MarketingRow,
  done: { readonly id: string; readonly created: boolean },
  failure: Failed | undefined,
): RowOutcome {
  const warning = failure === undefined ? null : `${failure.codes.join(', ')}: ${failure.message}`;
  return { key: row.key, type: 'done', id: done.id, created: done.created, warning };
}

function failedOutcome(row: MarketingRow, failure: Failed): RowOutcome {
  const [code = 'unknown'] = failure.codes;
  if (failure.codes.length > 0 && failure.codes.every((each) => each === 'consentRecordsNotApplied')) {
    return { key: row.key, type: 'unknown', message: `${failure.message}; whether the rest was imported is not said` };
  }
  const message =
    code === 'globallySuppressed'
      ? `${failure.message}: the address is on Dotdigital's global suppression list and can never be mailed`
      : failure.message;
  return { key: row.key, type: 'failed', code, message };
}

function lowerFirst(word: string): string {
  return word.charAt(0).toLowerCase() + word.slice(1);
}
