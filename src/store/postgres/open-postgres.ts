// Opens a PostgreSQL database: refuses what is not ours before anything is written, and sets how sessions behave.
import { Kysely, sql } from 'kysely';
import pg from 'pg';
import type { Backend } from '../backend.ts';
import { StoreError } from '../error.ts';
import { appliedMigrations, refuseNewerSchema } from '../migrate.ts';
import { whileUnavailable } from '../patience.ts';
import type { Tables } from '../schema.ts';
import { createBulletin } from './bulletin.ts';
import { compareAsBytes } from './collation.ts';
import { ServerDialect } from './dialect.ts';
import { faultsOf, pages, parentsOf, rewrite } from './whole.ts';

const INT8 = 20;

/** Oldest server that is tested in words: later ones are what people run. */
const OLDEST_SERVER = 140_000;

/** A process that stops in the middle of a transaction must not keep its locks. Milliseconds. */
const IDLE_IN_TRANSACTION_MS = 15_000;
const CONNECT_MS = 15_000;

export interface PostgresOptions {
  /** How long a statement waits for a lock of another process, milliseconds. */
  readonly busyTimeoutMs: number;
  /** How long a lost server is waited for, milliseconds. */
  readonly patienceMs: number;
  /** Connections to the server at most. */
  readonly connections: number;
}

/**
 * @param url `postgres://user:password@host:port/name`
 * @throws StoreError `unavailable`, `unwritable`, `foreign`, `newer-schema`
 */
export async function openPostgres(url: string, options: PostgresOptions): Promise<Backend> {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connections,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    application_name: 'lockstep',
    lock_timeout: options.busyTimeoutMs,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    types: { getTypeParser: parserOf as typeof pg.types.getTypeParser },
  });
  // A connection that breaks is replaced by the next one that is needed; whoever uses it then learns it from its statement.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  let open = false;
  const dialect = new ServerDialect(pool, (attempt) =>
    open ? whileUnavailable(options.patienceMs, attempt) : attempt(),
  );
  const db = new Kysely<Tables>({ dialect });
  try {
    const schema = await fitSchema(db);
    await refuseForeign(db, schema);
    await refuseNewerSchema(db, schema);
    open = true;
    return {
      kind: 'postgres',
      db,
      dialect,
      schema,
      patienceMs: options.patienceMs,
      afterMigration: compareAsBytes,
      pages,
      parents: () => parentsOf(db),
      faults: () => faultsOf(db),
      rewrite: () => rewrite(db),
      bulletin: createBulletin(db, url, schema),
      clock: async () => (await serverTime(db)).toISOString(),
      nowMs: sql`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`,
    };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/** Counts and revisions are below 2^53; as text they would be compared and added as text. */
function parserOf(type: number, format?: 'text' | 'binary'): (value: string) => unknown {
  return type === INT8 ? Number : (pg.types.getTypeParser(type, format) as (value: string) => unknown);
}

async function serverTime(db: Kysely<Tables>): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db);
  return rows[0]?.now ?? new Date();
}

/** The schema to work in. @throws StoreError when server or database cannot be used */
async function fitSchema(db: Kysely<Tables>): Promise<string> {
  const { rows } = await sql<{ version: string; encoding: string; schema: string | null }>`
    select current_setting('server_version_num') as version, current_setting('server_encoding') as encoding,
      current_schema() as schema`.execute(db);
  const [found] = rows;
  if (found === undefined || Number(found.version) < OLDEST_SERVER)
    throw new StoreError('foreign', 'The database server is too old: PostgreSQL 14 or later is needed.');
  if (found.encoding !== 'UTF8')
    throw new StoreError(
      'foreign',
      `The database holds text as ${found.encoding}. Make it with "createdb --encoding=UTF8 --template=template0 NAME".`,
    );
  if (found.schema === null)
    throw new StoreError('unwritable', 'The database user has no schema to work in: none of its search_path exists.');
  return found.schema;
}

/** Tables of another program would be mixed up with ours. */
async function refuseForeign(db: Kysely<Tables>, schema: string): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_catalog.pg_tables where schemaname = current_schema() limit 1`.execute(db);
  const [other] = rows;
  // Asked afterwards: another process may be making our first table, the record of steps, at this moment.
  if (other === undefined || (await appliedMigrations(db, schema)) !== null) return;
  throw new StoreError(
    'foreign',
    `The database has tables of another program (such as "${other.name}"). Nothing was changed: make a database for Lockstep alone.`,
  );
}
