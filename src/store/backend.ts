// What a database must bring for the store to stand on it. The rest is the same on all of them.
import type { Dialect, Kysely, RawBuilder } from 'kysely';
import type { Tables } from './schema.ts';

export type BackendKind = 'sqlite' | 'postgres';

/** A row as it is stored, whatever its table. */
export type Row = Readonly<Record<string, string | number | null>>;

/** Short words that every process on the database hears, the one that posts them too. They may be lost. */
export interface Bulletin {
  /** Never rejects. @param text at most 8,000 bytes */
  post(text: string): Promise<void>;
  /** Until the signal aborts, whatever becomes of the connection meanwhile. Never rejects. */
  listen(hear: (text: string) => void, signal: AbortSignal): Promise<void>;
}

export interface Backend {
  readonly kind: BackendKind;
  readonly db: Kysely<Tables>;
  readonly dialect: Dialect;
  /** The schema that holds the tables; null where databases have none. */
  readonly schema: string | null;
  /** How long a server that is away is waited for, milliseconds; 0 where there is no server. */
  readonly patienceMs: number;
  /** Runs in the transaction of each migration, after it. */
  afterMigration(db: Kysely<unknown>): Promise<void>;
  /** Every row of a table, page by page, in no order that means anything. */
  pages(ex: { readonly db: Kysely<Tables> }, table: keyof Tables): AsyncIterable<readonly Row[]>;
  /** Which table's rows belong to rows of which other one. */
  parents(): Promise<readonly { readonly table: string; readonly parent: string }[]>;
  /** What is damaged, in the database's own words; empty = sound. @throws StoreError when it cannot be read at all */
  faults(): Promise<readonly string[]>;
  /**
   * Leaves nothing of what was taken out in the free space of the tables, as far as the database can.
   * @throws StoreError `busy` while another process works with a SQLite file
   */
  rewrite(): Promise<void>;
  /** The clock that all processes on this database share, ISO UTC; null where they share the machine's. */
  readonly clock: (() => Promise<string>) | null;
  /** Words between the processes on the database; null where one process does all the work. */
  readonly bulletin: Bulletin | null;
  /** The same clock inside a statement, milliseconds since the epoch. */
  readonly nowMs: RawBuilder<number | string>;
}
