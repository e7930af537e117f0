// Opens the store that a database URL names and hands out transactions. The only way to get a Store.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Kysely } from 'kysely';
import type { Backend } from './backend.ts';
import { StoreError } from './error.ts';
import type { Executor, Store, Tx } from './executor.ts';
import { migrate } from './migrate.ts';
import { again } from './patience.ts';
import type { Tables } from './schema.ts';
import { openSqlite } from './sqlite/open-sqlite.ts';

export interface StoreOptions {
  /** How long a writer waits for another process before `busy`, milliseconds. Default 5,000; on PostgreSQL 30,000. */
  readonly busyTimeoutMs?: number;
  /** How long a server that was there and is away is waited for, milliseconds. Default 60,000. */
  readonly patienceMs?: number;
  /** Connections to a server at most. Default 10. */
  readonly connections?: number;
}

/**
 * Opens, and where needed creates and migrates, the database.
 * @param url `sqlite:PATH`, `sqlite::memory:` or `postgres://user:password@host:port/name`
 * @throws StoreError; a refused database is left as it was
 */
export async function openStore(url: string, options: StoreOptions = {}): Promise<Store> {
  const backend = await connect(url, options);
  try {
    await migrate(backend);
  } catch (error) {
    await backend.db.destroy();
    throw error;
  }
  return storeOn(backend);
}

async function connect(url: string, options: StoreOptions): Promise<Backend> {
  const path = /^sqlite:(.+)$/.exec(url)?.[1];
  if (path !== undefined) return openSqlite(path, options.busyTimeoutMs ?? 5_000);
  if (/^postgres(ql)?:\/\//.test(url)) {
    // Loaded when it is needed: most installations have no server.
    const { openPostgres } = await import('./postgres/open-postgres.ts');
    const { busyTimeoutMs = 30_000, patienceMs = 60_000, connections = 10 } = options;
    return openPostgres(url, { busyTimeoutMs, patienceMs, connections });
  }
  throw new StoreError(
    'misuse',
    'The database URL must read sqlite:PATH (such as sqlite:./lockstep.db) or postgres://user:password@host:5432/name.',
  );
}

function storeOn(backend: Backend): Store {
  const { db, patienceMs } = backend;
  const running = new AsyncLocalStorage<true>();
  const outside = (): Kysely<Tables> => {
    if (running.getStore() === true) {
      throw new StoreError('misuse', 'Inside a transaction, use the transaction and not the store.');
    }
    return db;
  };
  return {
    backend,
    get db() {
      return outside();
    },
    transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
      const start = outside();
      let committing = false;
      const once = (): Promise<T> => {
        committing = false;
        return start.transaction().execute(async (tx) => {
          const result = await running.run(true, () => work({ db: tx, inTransaction: true }));
          committing = true;
          return result;
        });
      };
      // A connection that breaks before the commit takes its transaction with it. Once that is sent, nobody knows.
      return again(patienceMs, (error) => error.undone || (error.kind === 'unavailable' && !committing), once);
    },
    snapshot<T>(work: (tx: Executor) => Promise<T>): Promise<T> {
      return outside()
        .transaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute((tx) => running.run(true, () => work({ db: tx })));
    },
    close: () => db.destroy(),
  };
}
