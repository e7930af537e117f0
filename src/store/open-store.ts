// Opens the store that a database URL names and hands out transactions. The only way to get a Store.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Kysely } from 'kysely';
import { StoreError } from './error.ts';
import type { Store, Tx } from './executor.ts';
import { migrate } from './migrate.ts';
import type { Tables } from './schema.ts';
import { openSqlite } from './sqlite/open-sqlite.ts';

export interface StoreOptions {
  /** How long a writer waits for another process before `busy`, milliseconds. Default 5000. */
  readonly busyTimeoutMs?: number;
}

/**
 * Opens, and where needed creates and migrates, the database.
 * @param url `sqlite:PATH` or `sqlite::memory:`
 * @throws StoreError; a refused file is left byte for byte as it was
 */
export async function openStore(url: string, options: StoreOptions = {}): Promise<Store> {
  const db = await connect(url, options);
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return storeOn(db);
}

async function connect(url: string, options: StoreOptions): Promise<Kysely<Tables>> {
  const path = /^sqlite:(.+)$/.exec(url)?.[1];
  if (path === undefined) {
    throw new StoreError('misuse', 'The database URL must read sqlite:PATH, for example sqlite:./lockstep.db.');
  }
  return openSqlite(path, options.busyTimeoutMs ?? 5000);
}

function storeOn(db: Kysely<Tables>): Store {
  const running = new AsyncLocalStorage<true>();
  const outside = (): Kysely<Tables> => {
    if (running.getStore() === true) {
      throw new StoreError('misuse', 'Inside a transaction, use the transaction and not the store.');
    }
    return db;
  };
  return {
    get db() {
      return outside();
    },
    transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
      return outside()
        .transaction()
        .execute((tx) => running.run(true, () => work({ db: tx, inTransaction: true })));
    },
    close: () => db.destroy(),
  };
}
