// The store as the holder of a lease sees it: what it writes is stored only while the lease is still its own. (R16)
// A run that was paused, and whose connection was taken over meanwhile, changes nothing any more. Never takes or renews a lease.
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import { noStream, StoreError } from './error.ts';
import type { Store, Tx } from './executor.ts';
import { holdsLease } from './leases.ts';
import { whileUnavailable } from './patience.ts';
import type { Tables } from './schema.ts';

/** Writes throw `fenced` once somebody else took the lease; on a server they wait for each other as they do on SQLite. */
export function fencedStore(store: Store, name: string, token: number): Store {
  const { backend } = store;
  const transaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
    store.transaction(async (tx) => {
      // Locked until the commit: nobody takes the lease between this question and the use of its answer.
      const held = await holdsLease(tx, name, token, { lock: backend.kind === 'postgres' });
      if (!held) throw new StoreError('fenced', `The connection ${name} was taken over by another run.`);
      return work(tx);
    });
  const db = new Kysely<Tables>({
    dialect: {
      createDriver: () => new FencedDriver(store, transaction),
      createQueryCompiler: () => backend.dialect.createQueryCompiler(),
      createAdapter: () => backend.dialect.createAdapter(),
      createIntrospector: (of) => backend.dialect.createIntrospector(of),
    },
  });
  return {
    backend,
    db,
    transaction,
    snapshot: (work) => store.snapshot(work),
    close: () => store.close(),
  };
}

/** Statements that stand alone: a read as it is, a write in a transaction that asks for the lease. Inside a transaction the store refuses both. */
class FencedDriver implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(store: Store, transaction: Store['transaction']) {
    this.#connection = {
      executeQuery: <R>(query: CompiledQuery): Promise<QueryResult<R>> =>
        reads(query)
          ? whileUnavailable(store.backend.patienceMs, () => store.db.executeQuery<R>(query as CompiledQuery<R>))
          : transaction((tx) => tx.db.executeQuery<R>(query as CompiledQuery<R>)),
      streamQuery: noStream,
    };
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  async beginTransaction(_connection: DatabaseConnection, _settings: TransactionSettings): Promise<void> {
    throw new StoreError('misuse', 'Transactions are begun with the store.');
  }

  async commitTransaction(): Promise<void> {}

  async rollbackTransaction(): Promise<void> {}

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}

function reads({ query, sql }: CompiledQuery): boolean {
  return query.kind === 'SelectQueryNode' || (query.kind === 'RawNode' && /^\s*select\b/i.test(sql));
}
