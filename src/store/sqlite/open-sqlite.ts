// Opens a SQLite file: makes its folder, refuses what is not ours before anything is written, sets durability.
import { accessSync, closeSync, constants, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely, sql } from 'kysely';
import type { Backend } from '../backend.ts';
import { StoreError } from '../error.ts';
import { refuseNewerSchema } from '../migrate.ts';
import type { Tables } from '../schema.ts';
import { NodeSqliteDialect } from './dialect.ts';
import { toStoreError } from './error-map.ts';
import { faultsOf, pages, parentsOf, rewrite } from './whole.ts';

/** `LKST`: marks the file as a Lockstep database (PRAGMA application_id). */
const APPLICATION_ID = 0x4c4b5354;

/** Smallest page of a SQLite database, bytes (https://sqlite.org/fileformat.html). */
const SMALLEST_DATABASE = 512;

/**
 * @param path file path, or `:memory:`
 * @param busyTimeoutMs how long a writer waits for another process, milliseconds
 * @throws StoreError `corrupt`, `foreign`, `newer-schema`, `unwritable`, `busy`, `full`
 */
export async function openSqlite(path: string, busyTimeoutMs: number): Promise<Backend> {
  const file = path === ':memory:' ? path : resolve(path);
  if (file !== ':memory:') prepareFile(file);
  const database = open(file, busyTimeoutMs);
  const dialect = new NodeSqliteDialect(database);
  const db = new Kysely<Tables>({ dialect });
  try {
    refuseForeign(database, file);
    await refuseNewerSchema(db, null);
    database.exec('pragma journal_mode = wal');
    database.exec('pragma synchronous = full');
    database.exec('pragma foreign_keys = on');
    database.exec('pragma journal_size_limit = 67108864');
    database.exec('pragma cache_size = -32000');
    database.exec(`pragma application_id = ${APPLICATION_ID}`);
    return {
      kind: 'sqlite',
      db,
      dialect,
      schema: null,
      patienceMs: 0,
      afterMigration: async () => {},
      pages,
      parents: () => parentsOf(db),
      faults: () => faultsOf(db),
      rewrite: () => rewrite(db),
      bulletin: null,
      clock: null,
      nowMs: sql`cast(unixepoch('subsec') * 1000 as integer)`,
    };
  } catch (error) {
    await db.destroy();
    if (database.isOpen) database.close();
    throw toStoreError(error);
  }
}

function open(file: string, busyTimeoutMs: number): DatabaseSync {
  try {
    return new DatabaseSync(file, { timeout: busyTimeoutMs });
  } catch (error) {
    throw toStoreError(error);
  }
}

/** The file holds personal data, so it is made readable by its owner alone. */
function prepareFile(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.isDirectory()) {
      throw new StoreError(
        'unwritable',
        `${file} is a folder. Name a file in it, such as ${join(file, 'lockstep.db')}.`,
      );
    }
    // An existing file is never opened here: closing it would drop the locks of another store on it in this process.
    if (found === undefined) closeSync(openSync(file, 'a', 0o600));
    else refuseShort(found.size, file);
    accessSync(file, constants.R_OK | constants.W_OK);
    accessSync(dirname(file), constants.W_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const full = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
    const reason = error instanceof Error ? error.message : String(error);
    const remedy = full
      ? 'make room'
      : 'check the permissions of the file and its folder, and that its disk is not read-only';
    throw new StoreError(
      full ? 'full' : 'unwritable',
      `The database ${file} cannot be written to (${reason}): ${remedy}.`,
      error,
    );
  }
}

/** SQLite takes some very short files for empty ones and would overwrite them. */
function refuseShort(size: number, file: string): void {
  if (size > 0 && size < SMALLEST_DATABASE) {
    throw new StoreError('corrupt', `${file} is not a database. Nothing was overwritten: name another file.`);
  }
}

function refuseForeign(database: DatabaseSync, file: string): void {
  const tables = database.prepare('select count(*) as n from sqlite_master').get()?.['n'];
  const owner = database.prepare('pragma application_id').get()?.['application_id'];
  if (Number(tables) > 0 && Number(owner) !== APPLICATION_ID) {
    throw new StoreError(
      'foreign',
      `${file} is a database of another program. Nothing was changed: name another file.`,
    );
  }
}
