// The whole of a SQLite database: its faults, every row of it, and the file written anew. Changes no row.
import { type Kysely, sql } from 'kysely';
import type { Row } from '../backend.ts';
import type { Tables } from '../schema.ts';

const PAGE = 1000;

/** Faults named; a damaged file can have thousands. */
const NAMED = 100;

/** Reads every page of the file. */
export async function faultsOf(db: Kysely<Tables>): Promise<readonly string[]> {
  const pages = await sql<{ integrity_check: string }>`pragma integrity_check(${sql.lit(NAMED)})`.execute(db);
  const keys = await sql<{ table: string; parent: string }>`pragma foreign_key_check`.execute(db);
  return [
    ...pages.rows.map((row) => row.integrity_check).filter((text) => text !== 'ok'),
    ...keys.rows.slice(0, NAMED).map((row) => `a row of ${row.table} belongs to no row of ${row.parent}`),
  ];
}

export async function parentsOf(
  db: Kysely<Tables>,
): Promise<readonly { readonly table: string; readonly parent: string }[]> {
  const { rows } = await sql<{ table: string; parent: string }>`
    select m.name as "table", f."table" as parent from sqlite_master m, pragma_foreign_key_list(m.name) f
    where m.type = 'table' order by 1, 2`.execute(db);
  return rows.map(({ table, parent }) => ({ table, parent }));
}

export async function* pages(ex: { readonly db: Kysely<Tables> }, table: keyof Tables): AsyncGenerator<readonly Row[]> {
  for (let after = 0; ; ) {
    const { rows } = await sql<Row & { readonly _at: number }>`
      select rowid as _at, * from ${sql.table(table)} where rowid > ${after} order by rowid limit ${PAGE}`.execute(
      ex.db,
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last._at;
    yield rows.map(({ _at, ...row }) => row);
  }
}

/** The file is written anew, and its log with it. */
export async function rewrite(db: Kysely<Tables>): Promise<void> {
  await sql`vacuum`.execute(db);
  await sql`pragma wal_checkpoint(truncate)`.execute(db);
}
