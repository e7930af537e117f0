// One schema on both databases: what a migration may use is what both of them mean the same by.
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Store } from '../../../src/store/executor.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { fileStore, newStore } from '../store-fixtures.ts';

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly nullable: boolean;
}

/** SQLite alone says of a primary key that it may be empty. */
async function keysOf(store: Store): Promise<ReadonlySet<string>> {
  if (store.backend.kind === 'postgres') return new Set();
  const { rows } = await sql<{ key: string }>`select m.name || '.' || p.name as key
    from sqlite_master m, pragma_table_info(m.name) p where p.pk > 0`.execute(store.db);
  return new Set(rows.map(({ key }) => key));
}

async function columns(store: Store): Promise<readonly Column[]> {
  const tables = await store.db.introspection.getTables();
  const keys = await keysOf(store);
  return tables
    .flatMap(({ name, columns: found }) =>
      found.map(({ name: column, dataType, isNullable, hasDefaultValue }) => ({
        table: name,
        column,
        type: TYPES[dataType.toLowerCase()] ?? `${dataType}: use text, integer or bigint`,
        nullable: isNullable && !keys.has(`${name}.${column}`),
        hasDefaultValue,
      })),
    )
    .toSorted((a, b) => (`${a.table}.${a.column}` < `${b.table}.${b.column}` ? -1 : 1));
}

/** What a column may be, by the word of either database. */
const TYPES: { readonly [word: string]: string } = {
  text: 'text',
  integer: 'integer',
  int4: 'integer',
  bigint: 'bigint',
  int8: 'bigint',
};

async function indexes(store: Store, query: string): Promise<readonly string[]> {
  const { rows } = await sql.raw<{ name: string }>(query).execute(store.db);
  return rows.map(({ name }) => name).toSorted();
}

describe('the schema', () => {
  test('has the same tables and columns on both, of types that mean the same', async () => {
    const [sqlite, postgres] = [await columns(await fileStore()), await columns(await newStore())];
    expect(postgres).toEqual(sqlite);
    expect(sqlite.length).toBeGreaterThan(100);
  });

  test('has the same indexes on both', async () => {
    const named = "and name not like 'sqlite_%' and name not like 'kysely%'";
    const sqlite = await indexes(await fileStore(), `select name from sqlite_master where type = 'index' ${named}`);
    const postgres = await indexes(
      await newStore(),
      `select indexname as name from pg_indexes where schemaname = current_schema() 
        and indexname not like '%\\_pkey' and indexname not like '%\\_key'`,
    );
    expect(postgres).toEqual(sqlite);
  });

  test('orders text by its bytes in a database made for any language', async () => {
    const store = await newStore();
    const { rows } = await sql<{ column: string }>`
      select c.relname || '.' || a.attname as column from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname not like 'kysely%'
        and a.attcollation <> 0 and a.attcollation <> '"C"'::regcollation`.execute(store.db);
    expect(rows).toEqual([]);
  });

  test('is told from one that another program made', async () => {
    await expect(openStore('mysql://x')).rejects.toThrow('postgres://');
  });
});
