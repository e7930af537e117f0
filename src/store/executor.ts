// What a repository function runs on: the store itself, or a transaction of it. Holds no query.
import type { Kysely } from 'kysely';
import type { Backend } from './backend.ts';
import type { Tables } from './schema.ts';

/** The store (each statement commits by itself) or a transaction. */
export interface Executor {
  readonly db: Kysely<Tables>;
}

/** Asked for by functions whose statements only make sense together. */
export interface Tx extends Executor {
  readonly inTransaction: true;
}

export interface Store extends Executor {
  readonly backend: Omit<Backend, 'db'>;
  /**
   * Runs `work` in one write transaction: all or nothing, durable when the promise resolves.
   * `work` may run again after the database undid it or was away: what it leaves behind outside of `tx` it must return.
   * Inside `work` use only `tx`: using the store there throws `misuse` instead of waiting for itself for ever.
   * Never wait for the network inside: every other writer waits too.
   * @throws StoreError
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Reads of one moment, whatever is written meanwhile. On SQLite other writers wait until `work` has ended. @throws StoreError */
  snapshot<T>(work: (tx: Executor) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
