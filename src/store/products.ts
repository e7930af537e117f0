// The product catalogue: what it last took, and every write to it with its outcome. Never sends anything. (4.7)
import { sql } from 'kysely';
import type { ActionKind } from '../core/model/plan.ts';
import type { RowId } from '../core/model/row.ts';
import type { Executor, Tx } from './executor.ts';
import { decodeJson, decodeJsonOrNull, encodeJson } from './json.ts';
import { batches } from './keys.ts';
import type { JsonObject } from './runs.ts';
import type { ActionState, ProductWriteRow } from './schema.ts';

export interface NewProductWrite<R> {
  readonly id: string;
  readonly kind: Extract<ActionKind, 'create' | 'update' | 'delete'>;
  readonly row: RowId;
  readonly before: R | null;
  /** Null for a delete. */
  readonly after: R | null;
}

export interface StoredProductWrite<R> extends NewProductWrite<R> {
  readonly runId: string;
  readonly seq: number;
  readonly collection: string;
  readonly state: ActionState;
  readonly jobId: string | null;
  readonly error: string | null;
  /** When something last happened to it. */
  readonly at: string;
}

/** Records of a collection as it last took them, by product id. `R` is what the caller stored. */
export async function acceptedProducts<R>(
  ex: Executor,
  connection: string,
  collection: string,
): Promise<Map<string, R>> {
  const rows = await ex.db
    .selectFrom('product_records')
    .select(['id', 'record'])
    .where('connection', '=', connection)
    .where('collection', '=', collection)
    .execute();
  return new Map(rows.map(({ id, record }) => [id, decodeJson<R>(record)]));
}

/** The collection lost its records: all of them are to be sent again. (K10) */
export async function forgetAccepted(ex: Executor, connection: string, collection: string): Promise<void> {
  await ex.db
    .deleteFrom('product_records')
    .where('connection', '=', connection)
    .where('collection', '=', collection)
    .execute();
}

/** Writes of one run, each in its own state. */
export async function insertProductWrites<R>(
  tx: Tx,
  place: { readonly runId: string; readonly connection: string; readonly collection: string },
  writes: readonly (NewProductWrite<R> & { readonly seq: number; readonly state: ActionState })[],
  now: string,
): Promise<void> {
  for (const batch of batches(writes)) {
    await tx.db
      .insertInto('product_writes')
      .values(
        batch.map(
          (write): ProductWriteRow => ({
            run_id: place.runId,
            seq: write.seq,
            connection: place.connection,
            collection: place.collection,
            product_id: write.id,
            kind: write.kind,
            row_id: write.row,
            before: write.before === null ? null : encodeJson(write.before),
            after: write.after === null ? null : encodeJson(write.after),
            state: write.state,
            job_id: null,
            error: null,
            planned_at: now,
            sent_at: null,
            settled_at: null,
          }),
        ),
      )
      .execute();
  }
}

/** The intent, to be durable before the call. */
export async function markProductsSent(
  ex: Executor,
  runId: string,
  seqs: readonly number[],
  now: string,
): Promise<void> {
  for (const batch of batches(seqs)) {
    await ex.db
      .updateTable('product_writes')
      .set({ state: 'sent', sent_at: now })
      .where('run_id', '=', runId)
      .where('seq', 'in', batch)
      .execute();
  }
}

/** The job that carries these sent writes. */
export async function setProductJob(
  ex: Executor,
  runId: string,
  seqs: readonly number[],
  jobId: string,
): Promise<void> {
  for (const batch of batches(seqs)) {
    await ex.db
      .updateTable('product_writes')
      .set({ job_id: jobId })
      .where('run_id', '=', runId)
      .where('seq', 'in', batch)
      .execute();
  }
}

export interface ProductSettlement {
  readonly seq: number;
  readonly state: ActionState;
  readonly error: string | null;
}

/** Outcomes of writes of one run; what is `done` becomes what the collection holds. */
export async function settleProducts(
  tx: Tx,
  connection: string,
  writes: readonly StoredProductWrite<unknown>[],
  settlements: readonly ProductSettlement[],
  now: string,
): Promise<void> {
  const bySeq = new Map(writes.map((write) => [write.seq, write]));
  const outcomes = Map.groupBy(settlements, ({ state, error }) => JSON.stringify([state, error]));
  for (const same of outcomes.values()) {
    const [first] = same;
    const runId = writes[0]?.runId;
    if (first === undefined || runId === undefined) continue;
    for (const batch of batches(same.map(({ seq }) => seq))) {
      await tx.db
        .updateTable('product_writes')
        .set({ state: first.state, error: first.error, settled_at: now })
        .where('run_id', '=', runId)
        .where('seq', 'in', batch)
        .execute();
    }
  }
  const done = settlements.flatMap(({ seq, state }) => (state === 'done' ? (bySeq.get(seq) ?? []) : []));
  await accept(tx, connection, done, now);
}

async function accept(
  tx: Tx,
  connection: string,
  done: readonly StoredProductWrite<unknown>[],
  now: string,
): Promise<void> {
  for (const batch of batches(done.filter(({ after }) => after !== null))) {
    await tx.db
      .insertInto('product_records')
      .values(
        batch.map(({ id, collection, after }) => ({ connection, collection, id, record: encodeJson(after), at: now })),
      )
      .onConflict((oc) =>
        oc
          .columns(['connection', 'collection', 'id'])
          .doUpdateSet((eb) => ({ record: eb.ref('excluded.record'), at: eb.ref('excluded.at') })),
      )
      .execute();
  }
  const gone = Map.groupBy(
    done.filter(({ after }) => after === null),
    ({ collection }) => collection,
  );
  for (const [collection, writes] of gone)
    await forgetProducts(
      tx,
      connection,
      collection,
      writes.map(({ id }) => id),
    );
}

/** Some records are no longer ours to look after. */
export function forgetProducts(
  ex: Executor,
  connection: string,
  collection: string,
  ids: readonly string[],
): Promise<void> {
  return deleteProducts(ex, 'product_records', connection, collection, ids);
}

/** From one of the tables that hold a row for each product of a collection. */
export async function deleteProducts(
  ex: Executor,
  table: 'product_records' | 'products_undone',
  connection: string,
  collection: string,
  ids: readonly string[],
): Promise<void> {
  for (const batch of batches(ids)) {
    await ex.db
      .deleteFrom(table)
      .where('connection', '=', connection)
      .where('collection', '=', collection)
      .where('id', 'in', batch)
      .execute();
  }
}

/** Writes that wait for something in any run: an answer (`sent`) or an approval (`parked`). In order. */
export async function openProductWrites<R>(
  ex: Executor,
  connection: string,
  state: 'sent' | 'parked',
): Promise<readonly StoredProductWrite<R>[]> {
  const rows = await ex.db
    .selectFrom('product_writes')
    .selectAll()
    .where('connection', '=', connection)
    // Written out, not bound: only then is the index over open writes used.
    .where(state === 'sent' ? sql<boolean>`state = 'sent'` : sql<boolean>`state = 'parked'`)
    .orderBy('run_id')
    .orderBy('seq')
    .execute();
  return rows.map((row) => toWrite<R>(row));
}

/** Product writes of a run in order. */
export async function listProductWrites<R>(
  ex: Executor,
  runId: string,
  page: { readonly afterSeq?: number; readonly limit?: number; readonly states?: readonly ActionState[] } = {},
): Promise<readonly StoredProductWrite<R>[]> {
  let query = ex.db
    .selectFrom('product_writes')
    .selectAll()
    .where('run_id', '=', runId)
    .where('seq', '>', page.afterSeq ?? -1);
  if (page.states !== undefined) query = query.where('state', 'in', page.states);
  const rows = await query
    .orderBy('seq')
    .limit(page.limit ?? 500)
    .execute();
  return rows.map((row) => toWrite<R>(row));
}

/** Every product write of a run in these states, in order. */
export async function* productWrites<R>(
  ex: Executor,
  runId: string,
  states: readonly ActionState[],
): AsyncGenerator<StoredProductWrite<R>> {
  for (let afterSeq = -1; ; ) {
    const page = await listProductWrites<R>(ex, runId, { afterSeq, states });
    const last = page.at(-1);
    if (last === undefined) return;
    afterSeq = last.seq;
    yield* page;
  }
}

export interface ProductCount {
  readonly kind: ProductWriteRow['kind'];
  readonly state: ActionState;
  readonly total: number;
}

export async function countProductWrites(ex: Executor, runId: string): Promise<readonly ProductCount[]> {
  const rows = await ex.db
    .selectFrom('product_writes')
    .select(['kind', 'state'])
    .select((eb) => eb.fn.countAll().as('total'))
    .where('run_id', '=', runId)
    .groupBy(['kind', 'state'])
    .orderBy('kind')
    .orderBy('state')
    .execute();
  return rows.map((row) => ({ ...row, total: Number(row.total) }));
}

/** Records deleted by synchronisations since a moment, ISO UTC. (R14: per 24 hours) */
export async function countProductDeletesSince(ex: Executor, connection: string, since: string): Promise<number> {
  const row = await ex.db
    .selectFrom('product_writes')
    .select((eb) => eb.fn.countAll().as('total'))
    .where('connection', '=', connection)
    .where('kind', '=', 'delete')
    .where('state', '=', 'done')
    .where('settled_at', '>=', since)
    .executeTakeFirst();
  return Number(row?.total ?? 0);
}

/** Forgets what a run planned and never sent. */
export async function discardPlannedProducts(ex: Executor, runId: string): Promise<void> {
  await ex.db.deleteFrom('product_writes').where('run_id', '=', runId).where('state', '=', 'planned').execute();
}

/** Highest seq of the run, -1 when it has none. */
export async function lastProductSeq(ex: Executor, runId: string): Promise<number> {
  const row = await ex.db
    .selectFrom('product_writes')
    .select((eb) => eb.fn.max('seq').as('seq'))
    .where('run_id', '=', runId)
    .executeTakeFirst();
  return row?.seq == null ? -1 : Number(row.seq);
}

function toWrite<R>(row: ProductWriteRow): StoredProductWrite<R> {
  return {
    runId: row.run_id,
    seq: row.seq,
    collection: row.collection,
    id: row.product_id,
    kind: row.kind,
    row: row.row_id,
    before: decodeJsonOrNull<R>(row.before),
    after: decodeJsonOrNull<R>(row.after),
    state: row.state,
    jobId: row.job_id,
    error: row.error,
    at: row.settled_at ?? row.sent_at ?? row.planned_at,
  };
}

/** Records of a collection as it last took them, by id. @param after id of the last one of the page before */
export async function catalogueRecords(
  ex: Executor,
  connection: string,
  collection: string,
  after: string,
  limit: number,
): Promise<readonly { readonly id: string; readonly at: string; readonly record: JsonObject }[]> {
  const rows = await ex.db
    .selectFrom('product_records')
    .select(['id', 'at', 'record'])
    .where('connection', '=', connection)
    .where('collection', '=', collection)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id, at, record }) => ({ id, at, record: decodeJson<JsonObject>(record) }));
}

export async function countCatalogue(ex: Executor, connection: string, collection: string): Promise<number> {
  const row = await ex.db
    .selectFrom('product_records')
    .select((eb) => eb.fn.countAll().as('total'))
    .where('connection', '=', connection)
    .where('collection', '=', collection)
    .executeTakeFirstOrThrow();
  return Number(row.total);
}
