// What a repository function runs on: the store itself, or a transaction of it. Holds no query.
import type { Kysely } from 'kysely';
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
  /**
   * Runs `work` in one write transaction: all or nothing, durable when the promise resolves.
   * Inside `work` use only `tx`: using the store there throws `misuse` instead of waiting for itself for ever.
   * Never wait for the network inside: every other writer waits too.
   * @throws StoreError
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
