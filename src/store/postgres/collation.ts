// Text is ordered by its bytes, as in SQLite, whatever language the database was made for. Runs after each migration.
import { type Kysely, sql } from 'kysely';

interface Column {
  readonly table: string;
  readonly column: string;
}

/**
 * Pages go on after a key and ranges are asked for by prefix: both need one order that no operating system changes.
 * Runs inside the migration's transaction.
 */
export async function compareAsBytes(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<Column>`
    select c.relname as table, a.attname as column
    from pg_catalog.pg_attribute a
      join pg_catalog.pg_class c on c.oid = a.attrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      join pg_catalog.pg_collation l on l.oid = a.attcollation
    where n.nspname = current_schema() and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
      and l.collname <> 'C' and c.relname not like 'kysely%'
    order by 1, a.attnum`.execute(db);
  for (const [table, columns] of Map.groupBy(rows, (row) => row.table)) {
    const changes = columns.map(({ column }) => sql`alter column ${sql.ref(column)} type text collate "C"`);
    await sql`alter table ${sql.table(table)} ${sql.join(changes)}`.execute(db);
  }
}
