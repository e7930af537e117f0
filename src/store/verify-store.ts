// Looks a database over: what is damaged, and how much there is. Changes nothing in it.
import { StoreError } from './error.ts';
import type { Executor, Store } from './executor.ts';
import type { Tables } from './schema.ts';

export interface StoreCheck {
  /** What was found damaged, in the database's own words; empty = sound. */
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

/** Reads the whole database. @throws StoreError when it cannot be read at all */
export async function verifyStore(store: Store): Promise<StoreCheck> {
  const faults = await faultsOf(store);
  return { faults, rows: faults.length > 0 ? {} : await countRows(store) };
}

async function faultsOf(store: Store): Promise<readonly string[]> {
  try {
    return await store.backend.faults();
  } catch (error) {
    if (!(error instanceof StoreError) || error.kind !== 'corrupt') throw error;
    return [error.message];
  }
}

async function countRows(ex: Executor): Promise<StoreCheck['rows']> {
  const rows: { [T in keyof Tables]?: number } = {};
  for (const table of COUNTED) {
    const found = await ex.db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll().as('total'))
      .executeTakeFirstOrThrow();
    rows[table] = Number(found.total);
  }
  return rows;
}
