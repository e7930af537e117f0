// SQLite's result codes in the store's words. The one place that knows them.
import { DAMAGED, StoreError, type StoreErrorKind } from '../error.ts';

/** By primary result code (https://sqlite.org/rescode.html). */
const KINDS: ReadonlyMap<number, readonly [StoreErrorKind, string]> = new Map<
  number,
  readonly [StoreErrorKind, string]
>([
  [3, ['unwritable', 'The database file may not be opened: check its permissions.']],
  [5, ['busy', 'Another process is writing to the database and did not finish in time.']],
  [6, ['busy', 'The database is locked by another use.']],
  [8, ['unwritable', 'The database is read-only: check the permissions of the file and its folder.']],
  // Beside a failing disk this is what a full quota and a limit on the size of files look like, and at times a full disk.
  [
    10,
    [
      'unwritable',
      'The disk refused to read or write the database: look for a full disk or quota, a limit on the size of files, or a failing disk. What was stored before is safe; run again once it is mended.',
    ],
  ],
  [11, ['corrupt', DAMAGED]],
  [13, ['full', 'No space left for the database. Make room; nothing that was stored is lost.']],
  [14, ['unwritable', 'The database file cannot be opened: check that its folder exists and may be written to.']],
  [19, ['constraint', 'The database refused a row that would break one of its rules.']],
  [23, ['unwritable', 'The database may not be opened.']],
  [26, ['corrupt', 'The file is not a database. Nothing was overwritten: name another file.']],
]);

/** Any error thrown by node:sqlite as a StoreError; a StoreError stays what it is. */
export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const code = resultCode(error);
  const known = code === null ? undefined : KINDS.get(code & 0xff);
  const detail = error instanceof Error ? error.message : String(error);
  if (known === undefined) return new StoreError('failed', `The database answered: ${detail}`, error);
  return new StoreError(known[0], known[0] === 'constraint' ? `${known[1]} (${detail})` : known[1], error);
}

function resultCode(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return null;
  return typeof error.errcode === 'number' ? error.errcode : null;
}
