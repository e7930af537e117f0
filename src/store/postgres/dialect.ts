// Kysely's PostgreSQL dialect with the store's errors, and with text that PostgreSQL can hold. Knows no table.
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  PostgresDialect,
  PostgresDriver,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import type { Pool } from 'pg';
import { noStream, StoreError } from '../error.ts';
import { storable } from '../storable.ts';
import { toStoreError } from './error-map.ts';

export class ServerDialect extends PostgresDialect {
  readonly #pool: Pool;
  readonly #patience: Patience;

  constructor(pool: Pool, patience: Patience) {
    super({ pool });
    this.#pool = pool;
    this.#patience = patience;
  }

  override createDriver(): Driver {
    return new ServerDriver(this.#pool, this.#patience);
  }
}

/** Runs something again while the server cannot be reached, as long as its owner is patient. */
export type Patience = <T>(attempt: () => Promise<T>) => Promise<T>;

/** What the driver hands out and wants back. */
type Session = Parameters<PostgresDriver['releaseConnection']>[0];

class ServerDriver implements Driver {
  readonly #inner: PostgresDriver;
  readonly #patience: Patience;

  constructor(pool: Pool, patience: Patience) {
    this.#inner = new PostgresDriver({ pool });
    this.#patience = patience;
  }

  init(): Promise<void> {
    return this.#inner.init();
  }

  /** Nothing was sent yet, so that waiting for a server that restarts is safe. */
  async acquireConnection(): Promise<DatabaseConnection> {
    const session = await this.#patience(() => mapped(() => this.#inner.acquireConnection()));
    return new MappedConnection(session as Session);
  }

  beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    return mapped(() => this.#inner.beginTransaction(sessionOf(connection), settings));
  }

  commitTransaction(connection: DatabaseConnection): Promise<void> {
    return mapped(() => this.#inner.commitTransaction(sessionOf(connection)));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await this.#inner.rollbackTransaction(sessionOf(connection));
    } catch {
      // A connection that cannot roll back is thrown away with its transaction; what went wrong before is the news.
    }
  }

  releaseConnection(connection: DatabaseConnection): Promise<void> {
    return this.#inner.releaseConnection(sessionOf(connection));
  }

  destroy(): Promise<void> {
    return this.#inner.destroy();
  }
}

class MappedConnection implements DatabaseConnection {
  readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const parameters = query.parameters.map(storable);
    return mapped(() => this.session.executeQuery<R>({ ...query, parameters } as CompiledQuery<R>));
  }

  streamQuery(): never {
    return noStream();
  }
}

function sessionOf(connection: DatabaseConnection): Session {
  if (connection instanceof MappedConnection) return connection.session;
  throw new StoreError('misuse', 'A connection of another driver.');
}

async function mapped<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toStoreError(error);
  }
}
