// Copies a whole database into an empty one, of the same or the other kind, and reads back what it wrote before it counts.
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Row } from './backend.ts';
import { FEED_READ_AS, listConnections, updateConnection } from './connections.ts';
import { StoreError } from './error.ts';
import type { Executor, Store, Tx } from './executor.ts';
import { batches } from './keys.ts';
import { openStore } from './open-store.ts';
import type { Tables } from './schema.ts';
import { storable } from './storable.ts';

type TableName = keyof Tables;

export interface CopiedTable {
  readonly table: string;
  readonly rows: number;
}

export interface CopyOptions {
  /** Told after every page how many rows of all tables were copied. */
  readonly progress?: (rows: number) => void;
}

/**
 * All rows of one moment, or none. Leases come over without their holder, and their tokens go on counting.
 * @throws StoreError `misuse` when the target holds anything, `failed` when it does not read back what was written
 */
export async function copyStore(
  source: Store,
  target: Store,
  options: CopyOptions = {},
): Promise<readonly CopiedTable[]> {
  const tables = await inOrder(source);
  return source.snapshot((from) =>
    target.transaction(async (to) => {
      await refuseUsed(to, tables);
      const copied: CopiedTable[] = [];
      let before = 0;
      for (const table of tables) {
        const done = (rows: number): void => options.progress?.(before + rows);
        const one = await copyTable({ source, from, target, to }, table, done);
        copied.push(one);
        before += one.rows;
      }
      return copied;
    }),
  );
}

/**
 * Copies the database as it stands into a file, also while other processes write to it. Whoever works with the copy compares everything
 * first: by then the CRM's feed may have told the original what it will not tell again. (D20, R7)
 * @param file a SQLite database that is empty or does not exist @throws StoreError `full`, `unwritable`
 */
export async function backupStore(store: Store, file: string, options: CopyOptions = {}): Promise<void> {
  const isFile = store.backend.kind === 'sqlite';
  if (isFile) await sql`vacuum into ${file}`.execute(store.db);
  const target = await openStore(`sqlite:${file}`);
  try {
    if (!isFile) await copyStore(store, target, options);
    for (const { name } of await listConnections(target))
      await updateConnection(target, name, { watermarks: { [FEED_READ_AS]: '' } });
  } finally {
    await target.close();
  }
}

/** Every table, after those that its rows belong to. */
async function inOrder(store: Store): Promise<readonly TableName[]> {
  const { schema } = store.backend;
  const found = await store.db.introspection.getTables();
  const left = new Set(
    found.filter((table) => !table.isView && (schema === null || table.schema === schema)).map(({ name }) => name),
  );
  const parents = await store.backend.parents();
  const order: string[] = [];
  while (left.size > 0) {
    const free = [...left].filter(
      (name) => !parents.some(({ table, parent }) => table === name && parent !== name && left.has(parent)),
    );
    if (free.length === 0) throw new StoreError('failed', 'The tables belong to each other in a circle.');
    order.push(...free);
    for (const name of free) left.delete(name);
  }
  return order as TableName[];
}

async function refuseUsed(to: Executor, tables: readonly TableName[]): Promise<void> {
  for (const table of tables) {
    const row = await to.db.selectFrom(table).select(sql<number>`1`.as('one')).limit(1).executeTakeFirst();
    if (row !== undefined)
      throw new StoreError(
        'misuse',
        `The database to copy to is in use: it has rows in ${table}. Nothing was changed.`,
      );
  }
}

interface Way {
  readonly source: Store;
  readonly from: Executor;
  readonly target: Store;
  readonly to: Tx;
}

async function copyTable(way: Way, table: TableName, done: (rows: number) => void): Promise<CopiedTable> {
  const { source, from, target, to } = way;
  const wanted = new Digest();
  for await (const page of source.backend.pages(from, table)) {
    const rows = page.map((row) => asCopied(table, row, target));
    for (const row of rows) wanted.add(row);
    // Whichever table it is, its rows are what the same table of the other database holds.
    for (const batch of batches(rows))
      await to.db
        .insertInto(table)
        .values(batch as never)
        .execute();
    done(wanted.rows);
  }
  const found = new Digest();
  for await (const page of target.backend.pages(to, table)) for (const row of page) found.add(row);
  if (wanted.rows !== found.rows || wanted.sum !== found.sum)
    throw new StoreError(
      'failed',
      `The table ${table} does not read back as it was written (${found.rows} of ${wanted.rows} rows). Nothing was kept.`,
    );
  return { table, rows: wanted.rows };
}

/** As the target will hold it. */
function asCopied(table: TableName, row: Row, target: Store): Row {
  const free = table === 'leases' ? { ...row, holder: null } : row;
  if (target.backend.kind !== 'postgres') return free;
  return Object.fromEntries(Object.entries(free).map(([column, value]) => [column, storable(value)]));
}

/** Tells two sets of rows apart in whatever order they come. */
class Digest {
  rows = 0;
  sum = 0n;

  add(row: Row): void {
    const text = JSON.stringify(
      Object.keys(row)
        .sort()
        .map((column) => [column, row[column]]),
    );
    this.rows += 1;
    this.sum = BigInt.asUintN(
      128,
      this.sum + BigInt(`0x${createHash('sha256').update(text).digest('hex').slice(0, 32)}`),
    );
  }
}
