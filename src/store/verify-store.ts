// Looks a database over and copies it: integrity, counts, backup. Changes nothing in it.
import { sql } from 'kysely';
import { StoreError } from './error.ts';
import type { Store } from './executor.ts';
import type { Tables } from './schema.ts';

export interface StoreCheck {
  /** What SQLite found damaged, in its own words; empty = sound. */
  readonly faults: readonly string[];
  /** Rows by table; empty where the database is too damaged to count. */
  readonly rows: { readonly [T in keyof Tables]?: number };
}

const COUNTED: readonly (keyof Tables)[] = [
  'connections',
  'crm_records',
  'marketing_records',
  'links',
  'holds',
  'suppressions',
  'runs',
  'actions',
  'notes',
];
/** Faults named; a damaged file can have thousands. */
const NAMED = 100;

/** Reads every page of the database. @throws StoreError when it cannot be read at all */
export async function verifyStore(store: Store): Promise<StoreCheck> {
  const faults: string[] = [];
  try {
    const pages = await sql<{ integrity_check: string }>`pragma integrity_check(${sql.lit(NAMED)})`.execute(store.db);
    faults.push(...pages.rows.map((row) => row.integrity_check).filter((text) => text !== 'ok'));
    const keys = await sql<{ table: string; parent: string }>`pragma foreign_key_check`.execute(store.db);
    for (const row of keys.rows.slice(0, NAMED))
      faults.push(`a row of ${row.table} belongs to no row of ${row.parent}`);
  } catch (error) {
    if (!(error instanceof StoreError) || error.kind !== 'corrupt') throw error;
    faults.push(error.message);
  }
  return { faults, rows: faults.length > 0 ? {} : await countRows(store) };
}

async function countRows(store: Store): Promise<StoreCheck['rows']> {
  const rows: { [T in keyof Tables]?: number } = {};
  for (const table of COUNTED) {
    const found = await store.db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll().as('total'))
      .executeTakeFirstOrThrow();
    rows[table] = Number(found.total);
  }
  return rows;
}

/**
 * Copies the database as it stands into `file`, also while other processes write to it.
 * @param file must be empty or not exist @throws StoreError `full`, `unwritable`
 */
export async function copyStore(store: Store, file: string): Promise<void> {
  await sql`vacuum into ${file}`.execute(store.db);
}
