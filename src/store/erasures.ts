// Erasures: receipts, what is left of one that broke off, and the guard that keeps an erased address out. Names nobody.
import { sql } from 'kysely';
import type { Executor, Tx } from './executor.ts';
import { decodeJsonOrNull, encodeJson } from './json.ts';
import { batches, inBatches } from './keys.ts';
import type { ErasureRow, ErasureState } from './schema.ts';

export interface StoredErasure<R> {
  readonly id: string;
  readonly connection: string;
  readonly state: ErasureState;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  /** Sealed by the caller; null when nothing is left to do. */
  readonly pending: string | null;
  readonly receipt: R | null;
  readonly error: string | null;
}

/** An address as the guard keeps it. */
export interface ErasedAddress {
  readonly hash: string;
  readonly keyMark: string;
  readonly erasureId: string;
  readonly optedOut: boolean;
  readonly erasedAt: string;
}

export async function insertErasure(
  tx: Tx,
  erasure: { readonly id: string; readonly connection: string; readonly startedAt: string; readonly pending: string },
): Promise<void> {
  await tx.db
    .insertInto('erasures')
    .values({
      id: erasure.id,
      connection: erasure.connection,
      state: 'open',
      started_at: erasure.startedAt,
      finished_at: null,
      pending: erasure.pending,
      receipt: null,
      error: null,
    })
    .execute();
}

/** How far it is, sealed, and why it stands still. */
export async function keepErasure(ex: Executor, id: string, pending: string, error: string | null): Promise<void> {
  await ex.db.updateTable('erasures').set({ pending, error }).where('id', '=', id).execute();
}

/** From here on the receipt is all that is kept of it. */
export async function finishErasure(ex: Executor, id: string, receipt: unknown, now: string): Promise<void> {
  await ex.db
    .updateTable('erasures')
    .set({ state: 'done', finished_at: now, pending: null, error: null, receipt: encodeJson(receipt) })
    .where('id', '=', id)
    .execute();
}

/** Oldest first; only those in this state where given. */
export async function listErasures<R>(
  ex: Executor,
  connection: string,
  state?: ErasureState,
): Promise<readonly StoredErasure<R>[]> {
  let query = ex.db.selectFrom('erasures').selectAll().where('connection', '=', connection);
  if (state !== undefined) query = query.where('state', '=', state);
  const rows = await query.orderBy('started_at').orderBy('id').execute();
  return rows.map((row) => toErasure<R>(row));
}

export async function getErasures<R>(ex: Executor, ids: readonly string[]): Promise<readonly StoredErasure<R>[]> {
  const rows = await inBatches(ids, (batch) =>
    ex.db.selectFrom('erasures').selectAll().where('id', 'in', batch).orderBy('id').execute(),
  );
  return rows.map((row) => toErasure<R>(row));
}

/** Puts addresses under guard; one that was let in again before is kept out anew. An opt-out once known stays known. */
export async function guardAddresses(tx: Tx, connection: string, addresses: readonly ErasedAddress[]): Promise<void> {
  for (const batch of batches(addresses)) {
    await tx.db
      .insertInto('erased_addresses')
      .values(
        batch.map(({ hash, keyMark, erasureId, optedOut, erasedAt }) => ({
          connection,
          hash,
          key_mark: keyMark,
          erasure_id: erasureId,
          opted_out: optedOut ? (1 as const) : (0 as const),
          erased_at: erasedAt,
          lifted_at: null,
        })),
      )
      .onConflict((oc) =>
        oc.columns(['connection', 'hash']).doUpdateSet((eb) => ({
          key_mark: eb.ref('excluded.key_mark'),
          erasure_id: eb.ref('excluded.erasure_id'),
          opted_out: sql<0 | 1>`case when excluded.opted_out > erased_addresses.opted_out
            then excluded.opted_out else erased_addresses.opted_out end`,
          erased_at: eb.ref('excluded.erased_at'),
          lifted_at: null,
        })),
      )
      .execute();
  }
}

/** Every address that is kept out now. */
export async function guardedAddresses(ex: Executor, connection: string): Promise<readonly ErasedAddress[]> {
  const rows = await ex.db
    .selectFrom('erased_addresses')
    .selectAll()
    .where('connection', '=', connection)
    .where('lifted_at', 'is', null)
    .orderBy('hash')
    .execute();
  return rows.map((row) => ({
    hash: row.hash,
    keyMark: row.key_mark,
    erasureId: row.erasure_id,
    optedOut: row.opted_out === 1,
    erasedAt: row.erased_at,
  }));
}

/** Lets an address in again. @returns what the guard knew of it, or null when it was not kept out */
export async function liftGuard(
  tx: Tx,
  connection: string,
  hash: string,
  now: string,
): Promise<{ readonly optedOut: boolean; readonly erasedAt: string; readonly erasureId: string } | null> {
  const row = await tx.db
    .updateTable('erased_addresses')
    .set({ lifted_at: now })
    .where('connection', '=', connection)
    .where('hash', '=', hash)
    .where('lifted_at', 'is', null)
    .returning(['opted_out', 'erased_at', 'erasure_id'])
    .executeTakeFirst();
  return row === undefined
    ? null
    : { optedOut: row.opted_out === 1, erasedAt: row.erased_at, erasureId: row.erasure_id };
}

function toErasure<R>(row: ErasureRow): StoredErasure<R> {
  return {
    id: row.id,
    connection: row.connection,
    state: row.state,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    pending: row.pending,
    receipt: decodeJsonOrNull<R>(row.receipt),
    error: row.error,
  };
}
