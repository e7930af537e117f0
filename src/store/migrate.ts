// Brings a database to this version's schema, or refuses one that a newer version wrote. Never migrates down.
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, Migrator } from 'kysely/migration';
import { StoreError } from './error.ts';
import { MIGRATIONS } from './migrations/migrations.ts';
import type { Tables } from './schema.ts';

/**
 * Reads only. To be called before anything is written to an existing database.
 * @throws StoreError `newer-schema` when the database has a migration this version does not know.
 */
export async function refuseNewerSchema(db: Kysely<Tables>): Promise<void> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === DEFAULT_MIGRATION_TABLE)) return;
  const applied = await sql<{ name: string }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)}`.execute(db);
  const unknown = applied.rows.map((row) => row.name).filter((name) => MIGRATIONS[name] === undefined);
  if (unknown.length > 0) {
    throw new StoreError(
      'newer-schema',
      `The database was written by a newer version of Lockstep (unknown schema step ${unknown.sort().join(', ')}). ` +
        'Install that version, or name another database. Nothing was changed.',
    );
  }
}

/** Applies what is missing, each step in a transaction; safe to run twice and from two processes. @throws StoreError */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...MIGRATIONS }) } });
  const { error } = await migrator.migrateToLatest();
  if (error instanceof StoreError) throw error;
  if (error !== undefined)
    throw new StoreError('failed', 'The database schema could not be brought up to date.', error);
}
