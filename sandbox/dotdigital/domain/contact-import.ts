// Bulk upsert of contacts: accepted at once, carried out later row by row, with a result per row. Never stops at a bad row.

import type { DotdigitalAccount } from '../state/account.ts';
import type { Job } from '../state/job-board.ts';
import { identifiersOf } from '../wire/v3-contact.ts';
import type { MergeOption } from './apply-write.ts';
import { type CheckedWrite, checkWrite, type FailureCode, isRefused, type WriteProblem } from './checked-write.ts';
import { findHolder, IDENTIFIER_NAME, isIdentifier } from './identifiers.ts';
import { findWritable, upsertContact } from './upsert-contact.ts';
import { isProblems, type JsonObject, WriteReader } from './write-shape.ts';

const IMPORT_STATUSES = ['Finished', 'Failed', 'RejectedByWatchdog', 'ExceedsAllowedContactLimit'] as const;
export type ImportStatus = (typeof IMPORT_STATUSES)[number];

/** A contact an import made or changed. */
export interface ContactReference {
  readonly contactId: number;
  readonly identifiers: Readonly<Record<string, string>>;
}

/** What went wrong with one row, in whole or in part. */
export interface RowFailure {
  readonly contactId?: number;
  readonly matchIdentifier: string;
  readonly identifiers: unknown;
  readonly failures: readonly { readonly failureCode: string; readonly description: string }[];
}

/** The result of an import. */
export interface ImportResult {
  readonly status: ImportStatus;
  readonly summary: {
    newContacts: number;
    updatedContacts: number;
    globallySuppressed: number;
    invalidEntries: number;
    duplicateIdentifiers: number;
  };
  readonly created: ContactReference[];
  readonly updated: ContactReference[];
  readonly failures: RowFailure[];
}

/** A row of a request: an object with `matchIdentifier` and `identifiers`. */
export type ImportRow = JsonObject & { readonly matchIdentifier: string; readonly identifiers: JsonObject };

function emptyResult(status: ImportStatus): ImportResult {
  return {
    status,
    summary: { newContacts: 0, updatedContacts: 0, globallySuppressed: 0, invalidEntries: 0, duplicateIdentifiers: 0 },
    created: [],
    updated: [],
    failures: [],
  };
}

/** Failure codes as the documentation's table spells them, where that is not the code with a capital. */
const PASCAL: Partial<Readonly<Record<FailureCode, string>>> = { duplicateIdentifier: 'Duplicate' };

function spell(code: FailureCode, spelling: 'camel' | 'pascal'): string {
  return spelling === 'camel' ? code : (PASCAL[code] ?? code.charAt(0).toUpperCase() + code.slice(1));
}

const duplicate = (name: string, value: string): WriteProblem => ({
  code: 'duplicateIdentifier',
  item: value,
  description: `Duplicate identifier detected for ${name} '${value}'`,
});

/** Carries an import out, row by row in the order sent. */
class ImportRun {
  readonly #account: DotdigitalAccount;
  readonly #merge: MergeOption;
  readonly #at: number;
  readonly #result: ImportResult;
  readonly #reader: WriteReader;
  readonly #touched = new Set<number>();
  readonly #plannedFailures: readonly { readonly pattern: RegExp; readonly code: string }[];

  constructor(account: DotdigitalAccount, job: Job, merge: MergeOption, status: ImportStatus, at: number) {
    this.#account = account;
    this.#merge = merge;
    this.#at = at;
    this.#result = emptyResult(status);
    this.#reader = new WriteReader('import', account.switches.enumCase === 'strict');
    this.#plannedFailures = (job.plan.failRows ?? []).map(({ pattern, code }) => ({
      pattern: new RegExp(pattern),
      code,
    }));
  }

  run(rows: readonly ImportRow[]): ImportResult {
    const skipped = this.#account.switches.duplicateInPayload === 'last-wins' ? findEarlierCopies(rows) : undefined;
    const keys = new Set<string>();
    for (const row of rows) {
      const key = matchKey(row);
      if (key !== undefined && (skipped ? skipped.has(row) : keys.has(key))) {
        this.#fail(row, [duplicate(row.matchIdentifier, matchValue(row))]);
        continue;
      }
      if (key !== undefined) keys.add(key);
      this.#row(row);
    }
    return this.#result;
  }

  #row(row: ImportRow): void {
    const { matchIdentifier: name } = row;
    const account = this.#account;
    const planned = this.#plannedFailures.find(({ pattern }) => pattern.test(JSON.stringify(row)));
    if (planned) {
      this.#failWith(row, [{ failureCode: planned.code, description: 'The contact could not be imported' }], undefined);
      return;
    }
    if (!IDENTIFIER_NAME.test(name) || !isIdentifier(account, name)) {
      const description = `The identifier '${name}' is not known`;
      this.#fail(row, [{ code: 'invalidMatchIdentifier', item: name, description }]);
      return;
    }
    const shape = this.#reader.read(row);
    if (isProblems(shape)) {
      this.#fail(
        row,
        shape.map(({ item, description, badStatus }) => ({
          code: badStatus ? 'invalidContactStatus' : 'apiSchemaViolation',
          item,
          description,
        })),
      );
      return;
    }
    const value = shape.identifiers[name];
    if (value === undefined || value === '') {
      const description = `No value for the identifier '${name}'`;
      this.#fail(row, [{ code: 'noValidIdentifiers', item: name, description }]);
      return;
    }
    const write = checkWrite(account, shape, this.#at);
    if (isRefused(write)) {
      this.#fail(row, write, findHolder(account, name, value)?.contactId);
      return;
    }
    this.#apply(row, name, value, write);
  }

  #apply(row: ImportRow, name: string, value: string, write: CheckedWrite): void {
    const account = this.#account;
    const known = findWritable(account, name, value);
    if (known && this.#touched.has(known.contactId)) {
      this.#fail(row, [duplicate(name, value)], known.contactId);
      return;
    }
    const result = upsertContact(account, name, value, write, this.#merge, 'bulk', this.#at);
    switch (result.kind) {
      case 'conflict':
        this.#fail(row, [duplicate(result.identifier, result.value)], known?.contactId);
        return;
      case 'refused':
        this.#fail(row, [result.problem], known?.contactId);
        return;
      case 'created':
      case 'updated': {
        const { contactId, emailStatus } = result.row;
        this.#touched.add(contactId);
        const reference = { contactId, identifiers: identifiersOf(result.row) };
        if (result.kind === 'created') {
          this.#result.summary.newContacts += 1;
          this.#result.created.push(reference);
        } else {
          this.#result.summary.updatedContacts += 1;
          this.#result.updated.push(reference);
        }
        const shared = emailStatus === 'sharedsuppression' || emailStatus === 'sharedDomainSuppression';
        const problems: WriteProblem[] = [...write.leftOut];
        if (result.status === 'locked' && shared) {
          const description = 'The contact is globally suppressed';
          problems.push({ code: 'globallySuppressed', item: value, description });
        }
        if (problems.length > 0) this.#report(row, problems, contactId);
        return;
      }
      default:
        result satisfies never;
    }
  }

  #fail(row: ImportRow, problems: readonly WriteProblem[], contactId?: number): void {
    const { summary } = this.#result;
    if (!problems.some(({ code }) => code === 'duplicateIdentifier' || code === 'globallySuppressed')) {
      summary.invalidEntries += 1;
    }
    this.#report(row, problems, contactId);
  }

  #report(row: ImportRow, problems: readonly WriteProblem[], contactId: number | undefined): void {
    const { summary } = this.#result;
    if (problems.some(({ code }) => code === 'duplicateIdentifier')) summary.duplicateIdentifiers += 1;
    if (problems.some(({ code }) => code === 'globallySuppressed')) summary.globallySuppressed += 1;
    const { failureCodeCase } = this.#account.switches;
    const failures = problems.map(({ code, description }) => ({
      failureCode: spell(code, failureCodeCase),
      description,
    }));
    this.#result.failures.push({
      ...(contactId !== undefined && { contactId }),
      matchIdentifier: row.matchIdentifier,
      identifiers: row.identifiers,
      failures,
    });
  }

  #failWith(row: ImportRow, failures: RowFailure['failures'], contactId: number | undefined): void {
    this.#result.summary.invalidEntries += 1;
    this.#result.failures.push({
      ...(contactId !== undefined && { contactId }),
      matchIdentifier: row.matchIdentifier,
      identifiers: row.identifiers,
      failures,
    });
  }
}

function matchValue(row: ImportRow): string {
  const value = row.identifiers[row.matchIdentifier];
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

/** Two rows with one key mean one contact; a row without a value has none. */
function matchKey(row: ImportRow): string | undefined {
  const value = matchValue(row);
  if (value === '') return undefined;
  return `${row.matchIdentifier}=${row.matchIdentifier === 'email' ? value.toLowerCase() : value}`;
}

function findEarlierCopies(rows: readonly ImportRow[]): ReadonlySet<ImportRow> {
  const last = new Map<string, ImportRow>();
  const earlier = new Set<ImportRow>();
  for (const row of rows) {
    const key = matchKey(row);
    if (key === undefined) continue;
    const before = last.get(key);
    if (before) earlier.add(before);
    last.set(key, row);
  }
  return earlier;
}

/** How many contacts an import may make new at most, before any of its rows are looked at closely. */
function countUnknown(account: DotdigitalAccount, rows: readonly ImportRow[]): number {
  return rows.reduce(
    (sum, row) => sum + (findHolder(account, row.matchIdentifier, matchValue(row)) === undefined ? 1 : 0),
    0,
  );
}

/** Carries out an accepted import and gives its result. */
export function runImport(
  account: DotdigitalAccount,
  job: Job,
  rows: readonly ImportRow[],
  merge: MergeOption,
  at: number,
): ImportResult {
  const planned = IMPORT_STATUSES.find((status) => status === job.plan.status) ?? 'Finished';
  const tooMany = account.contacts.liveCount + countUnknown(account, rows) > account.settings.contactLimit;
  const status = planned === 'Finished' && tooMany ? 'ExceedsAllowedContactLimit' : planned;
  if (status === 'Finished') return new ImportRun(account, job, merge, status, at).run(rows);
  const applied = status === 'Failed' ? rows.slice(0, job.plan.applyRows ?? 0) : [];
  new ImportRun(account, job, merge, status, at).run(applied);
  return emptyResult(status);
}
