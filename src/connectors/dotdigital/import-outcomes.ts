// What became of each row of an import. Pure; never calls a row done that the service did not name.
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

/** Looks rows up in the results of an import, by contact id or by address in any case. */
export function importOutcomes(results: readonly ImportStatus[], rows: readonly MarketingRow[]): readonly RowOutcome[] {
  const done = { byId: new Map<string, Done>(), byEmail: new Map<string, Done>() };
  const failed = { byId: new Map<string, Failed>(), byEmail: new Map<string, Failed>() };
  for (const result of results) {
    for (const [list, created] of [
      [result.updated, false],
      [result.created, true],
    ] as const) {
      for (const item of list ?? []) collectDone(done, item, created);
    }
    for (const item of result.failures ?? []) collectFailure(failed, item);
  }
  const whole = results.find((result) => endOf(result.status) === 'failed');
  const lost = results.find((result) => endOf(result.status) === 'lost');
  return rows.map((row) => {
    const email = row.id === null ? (row.email ?? row.write.email ?? null) : (row.write.email ?? row.email);
    const key = email === null ? '' : addressKey(email);
    const success = row.id === null ? done.byEmail.get(key) : done.byId.get(row.id);
    const failure = (row.id === null ? undefined : failed.byId.get(row.id)) ?? failed.byEmail.get(key);
    if (success !== undefined) return doneOutcome(row, success, failure);
    if (failure !== undefined) return failedOutcome(row, failure);
    if (whole !== undefined) {
      const message =
        ADVICE.get(whole.status.toLowerCase()) ??
        `the import ended as "${whole.status}"; nothing was reported as imported`;
      return { key: row.key, type: 'failed', code: lowerFirst(whole.status), message };
    }
    const message =
      lost === undefined ? 'the import ended without naming this row' : `the import ended as "${lost.status}"`;
    return { key: row.key, type: 'unknown', message };
  });
}

interface Done {
  readonly id: string;
  readonly created: boolean;
}

function collectDone(
  done: { byId: Map<string, Done>; byEmail: Map<string, Done> },
  item: unknown,
  created: boolean,
): void {
  const parsed = importedContact.safeParse(item);
  if (!parsed.success) return;
  const entry = { id: parsed.data.contactId, created };
  done.byId.set(entry.id, entry);
  const email = asText(anyCase(parsed.data.identifiers, 'email'));
  if (email !== null) done.byEmail.set(addressKey(email), entry);
}

function collectFailure(failed: { byId: Map<string, Failed>; byEmail: Map<string, Failed> }, item: unknown): void {
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
function doneOutcome(row: MarketingRow, done: Done, failure: Failed | undefined): RowOutcome {
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
