// The one error the store throws. `kind` says what a person can do about it; it never carries stored values.

/**
 * - `newer-schema`: a newer Lockstep wrote this database; use that version or another file.
 * - `corrupt`: not a database, or a damaged one.
 * - `foreign`: a sound database that belongs to another program; nothing was overwritten.
 * - `full`: no space; what was acknowledged before is safe and the store goes on once there is room.
 * - `unwritable`: folder, permission or read-only medium.
 * - `busy`: another process holds the write lock for longer than the time-out.
 * - `unavailable`: the database server cannot be reached, or not now; what was acknowledged before is safe.
 * - `fenced`: another run took the connection over meanwhile; nothing of this change was stored.
 * - `constraint`: a rule of the schema refused the row (for example a second link of one record).
 * - `wrong-key`, `tampered`: a stored secret does not open.
 * - `misuse`: a bug in the caller, for example the store used inside its own transaction.
 * - `failed`: anything else the database said.
 */
export type StoreErrorKind =
  | 'newer-schema'
  | 'corrupt'
  | 'foreign'
  | 'full'
  | 'unwritable'
  | 'busy'
  | 'unavailable'
  | 'fenced'
  | 'constraint'
  | 'wrong-key'
  | 'tampered'
  | 'misuse'
  | 'failed';

/** Damage may be met in the middle of a run: what was stored before that stays, and the next run after a restore takes it up. */
export const DAMAGED =
  'The database is damaged. Stop every Lockstep that uses it and restore a backup, or name another database.';

export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly kind: StoreErrorKind;
  /** The database undid the whole transaction by itself, so that it may simply run again. */
  readonly undone: boolean;

  constructor(kind: StoreErrorKind, message: string, cause?: unknown, undone = false) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.undone = undone;
  }
}

/** @throws StoreError `misuse`: rows are read page by page */
export function noStream(): never {
  throw new StoreError('misuse', 'Rows are read page by page, never as a stream.');
}
