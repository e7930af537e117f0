// Brings a database to this version's schema, or refuses one that a newer version wrote. Never migrates down.
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, type Migration, Migrator } from 'kysely/migration';
import type { Backend } from './backend.ts';
import { StoreError } from './error.ts';
import { MIGRATIONS } from './migrations/migrations.ts';
import type { Tables } from './schema.ts';

/** Names of the steps that the database has; null when it has no record of them. Reads only. */
export async function appliedMigrations(db: Kysely<Tables>, schema: string | null): Promise<readonly string[] | null> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  const here = tables.filter((table) => schema === null || table.schema === schema);
  if (!here.some((table) => table.name === DEFAULT_MIGRATION_TABLE)) return null;
  const applied = await sql<{ name: string }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)}`.execute(db);
  return applied.rows.map((row) => row.name);
}

/**
 * Reads only. To be called before anything is written to an existing database.
 * @throws StoreError `newer-schema` when the database has a migration this version does not know.
 */
export async function refuseNewerSchema(db: Kysely<Tables>, schema: string | null): Promise<void> {
  const applied = (await appliedMigrations(db, schema)) ?? [];
  const unknown = applied.filter((name) => MIGRATIONS[name] === undefined);
  if (unknown.length > 0) {
    throw new StoreError(
      'newer-schema',
      `The database was written by a newer version of Lockstep (unknown schema step ${unknown.toSorted().join(', ')}). ` +
        'Install that version, or name another database. Nothing was changed.',
    );
  }
}

/** Applies what is missing, each step in a transaction; safe to run twice, and from two processes or machines. @throws StoreError */
export async function migrate(backend: Backend): Promise<void> {
  const { db, schema } = backend;
  const steps = Object.entries(MIGRATIONS).map(([name, step]): [string, Migration] => [
    name,
    {
      up: async (tx) => {
        await step.up(tx);
        await backend.afterMigration(tx);
      },
    },
  ]);
  const applied = await appliedMigrations(db, schema);
  if (applied !== null && steps.every(([name]) => applied.includes(name))) return;
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => Object.fromEntries(steps) },
    ...(schema === null ? {} : { migrationTableSchema: schema }),
  });
  const { error } = await migrator.migrateToLatest();
  if (error instanceof StoreError) throw error;
  if (error !== undefined)
    throw new StoreError('failed', 'The database schema could not be brought up to date.', error);
}
