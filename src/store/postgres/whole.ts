// The whole of a PostgreSQL database, seen from within: its faults, every row of it, and its free space given back. Changes no row.
import { type Kysely, sql } from 'kysely';
import type { Row } from '../backend.ts';
import { StoreError } from '../error.ts';
import type { Tables } from '../schema.ts';

const PAGE = 1000;

/** Reads every value of every table. Whether the files themselves are sound is the server's to say (pg_amcheck). */
export async function faultsOf(db: Kysely<Tables>): Promise<readonly string[]> {
  const faults: string[] = [];
  const invalid = await sql<{ name: string }>`
    select i.relname as name from pg_catalog.pg_index x
      join pg_catalog.pg_class i on i.oid = x.indexrelid
      join pg_catalog.pg_namespace n on n.oid = i.relnamespace
    where n.nspname = current_schema() and not (x.indisvalid and x.indisready) order by 1`.execute(db);
  for (const { name } of invalid.rows) faults.push(`the index ${name} is not in force: run "reindex index ${name}"`);
  const rules = await sql<{ name: string }>`
    select c.conname as name from pg_catalog.pg_constraint c
      join pg_catalog.pg_namespace n on n.oid = c.connamespace
    where n.nspname = current_schema() and not c.convalidated order by 1`.execute(db);
  for (const { name } of rules.rows) faults.push(`the rule ${name} was never checked against the rows`);
  const tables = await sql<{ name: string }>`
    select tablename as name from pg_catalog.pg_tables where schemaname = current_schema() order by 1`.execute(db);
  for (const { name } of tables.rows) {
    const fault = await unreadable(db, name);
    if (fault !== null) faults.push(fault);
  }
  return faults;
}

async function unreadable(db: Kysely<Tables>, table: string): Promise<string | null> {
  try {
    // As text, so that values kept outside the row are fetched as well.
    await sql`select sum(octet_length(t::text)) from ${sql.table(table)} t`.execute(db);
    return null;
  } catch (error) {
    if (error instanceof StoreError && (error.kind === 'corrupt' || error.kind === 'failed'))
      return `the table ${table} cannot be read: ${error.message}`;
    throw error;
  }
}

export async function parentsOf(
  db: Kysely<Tables>,
): Promise<readonly { readonly table: string; readonly parent: string }[]> {
  const { rows } = await sql<{ table: string; parent: string }>`
    select t.relname as "table", p.relname as parent from pg_catalog.pg_constraint c
      join pg_catalog.pg_class t on t.oid = c.conrelid
      join pg_catalog.pg_class p on p.oid = c.confrelid
      join pg_catalog.pg_namespace n on n.oid = c.connamespace
    where n.nspname = current_schema() and c.contype = 'f' order by 1, 2`.execute(db);
  return rows;
}

/** Inside a transaction. */
export async function* pages(ex: { readonly db: Kysely<Tables> }, table: keyof Tables): AsyncGenerator<readonly Row[]> {
  const cursor = sql.id(`all_${table}`);
  await sql`declare ${cursor} no scroll cursor for select * from ${sql.table(table)}`.execute(ex.db);
  for (;;) {
    const { rows } = await sql<Row>`fetch ${sql.lit(PAGE)} from ${cursor}`.execute(ex.db);
    if (rows.length === 0) break;
    yield rows;
  }
  await sql`close ${cursor}`.execute(ex.db);
}

/** The server's own log and its backups keep what they have until they are done with it. */
export async function rewrite(db: Kysely<Tables>): Promise<void> {
  const tables = await sql<{ name: string }>`
    select tablename as name from pg_catalog.pg_tables where schemaname = current_schema() order by 1`.execute(db);
  for (const { name } of tables.rows) await sql`vacuum ${sql.table(name)}`.execute(db);
}
