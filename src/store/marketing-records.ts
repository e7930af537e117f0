// The marketing system's half of the mirror: what was last observed, or assumed after a bulk write, of each contact.
// Never decides anything and never forgets a contact; a deleted one stays as state `deleted`.
import { sql } from 'kysely';
import type { MarketingRecord, RecordState } from '../core/model/record.ts';
import type { Executor } from './executor.ts';
import { decodeJson, encodeJson } from './json.ts';
import { batches, compareIds, inBatches, lengthsOf } from './keys.ts';
import type { Flag, MarketingRecordRow } from './schema.ts';

export interface MarketingItem {
  readonly record: MarketingRecord;
  /** Normal form of the address, or null when there is none that can be used. */
  readonly emailKey: string | null;
}

export interface StoredMarketing extends MarketingItem {
  readonly dirty: boolean;
  readonly observedAt: string;
}

/** A contact as it must be after a bulk write that was reported as done. (R4) */
export interface AssumedItem extends MarketingItem {
  readonly dirty: boolean;
}

type Content = Omit<MarketingRecord, 'id' | 'updatedAt' | 'state' | 'assumed'>;

/**
 * Stores observations. A row that is new, assumed until now, or whose content, state or address differs becomes
 * dirty; any other keeps its mark. No row stays assumed: this was read. (R4)
 * @param options.scan generation of the complete scan that saw the contacts (R8)
 * @returns number of new or different rows
 */
export async function upsertMarketing(
  ex: Executor,
  connection: string,
  items: readonly MarketingItem[],
  observedAt: string,
  options: { readonly scan?: number } = {},
): Promise<number> {
  let changed = 0;
  for (const batch of batches(lastOfEach(items))) {
    const rows = batch.map((item) =>
      toRow(connection, item, observedAt, { assumed: 0, dirty: 1, scan: options.scan ?? 0 }),
    );
    const written = await ex.db
      .insertInto('marketing_records')
      .values(rows)
      .onConflict((oc) =>
        oc.columns(['connection', 'id_len', 'id']).doUpdateSet((eb) => ({
          email_key: eb.ref('excluded.email_key'),
          content: eb.ref('excluded.content'),
          updated_at: eb.ref('excluded.updated_at'),
          state: eb.ref('excluded.state'),
          assumed: 0 as const,
          dirty: sql<Flag>`case when marketing_records.assumed = 1 or ${DIFFERS} then 1 else marketing_records.dirty end`,
          changed: sql<Flag>`case when ${DIFFERS} then 1 else 0 end`,
          observed_at: eb.ref('excluded.observed_at'),
          seen_scan: LATER_SCAN,
        })),
      )
      .returning('changed')
      .execute();
    for (const row of written) changed += row.changed;
  }
  return changed;
}

const DIFFERS = sql<boolean>`(marketing_records.content <> excluded.content
  or marketing_records.state <> excluded.state
  or marketing_records.email_key is distinct from excluded.email_key)`;

const LATER_SCAN = sql<number>`case when excluded.seen_scan > marketing_records.seen_scan
  then excluded.seen_scan else marketing_records.seen_scan end`;

/** Stores what a bulk write must have led to, marked as assumed; the next observation makes the row dirty. (R4) */
export async function writeAssumedMarketing(
  ex: Executor,
  connection: string,
  items: readonly AssumedItem[],
  at: string,
): Promise<void> {
  for (const batch of batches(lastOfEach(items))) {
    await ex.db
      .insertInto('marketing_records')
      .values(batch.map((item) => toRow(connection, item, at, { assumed: 1, dirty: item.dirty ? 1 : 0, scan: 0 })))
      .onConflict((oc) =>
        oc.columns(['connection', 'id_len', 'id']).doUpdateSet((eb) => ({
          email_key: eb.ref('excluded.email_key'),
          content: eb.ref('excluded.content'),
          updated_at: eb.ref('excluded.updated_at'),
          state: eb.ref('excluded.state'),
          assumed: 1 as const,
          dirty: eb.ref('excluded.dirty'),
          changed: 1 as const,
          observed_at: eb.ref('excluded.observed_at'),
        })),
      )
      .execute();
  }
}

/** Marks contacts as deleted; unknown and already deleted ones are left alone. @returns number marked */
export async function markMarketingDeleted(
  ex: Executor,
  connection: string,
  ids: readonly string[],
  observedAt: string,
): Promise<number> {
  let marked = 0;
  for (const batch of batches(ids)) {
    const result = await ex.db
      .updateTable('marketing_records')
      .set({ state: 'deleted', dirty: 1, assumed: 0, observed_at: observedAt })
      .where('connection', '=', connection)
      .where('id_len', 'in', lengthsOf(batch))
      .where('id', 'in', batch)
      .where('state', '<>', 'deleted')
      .executeTakeFirst();
    marked += Number(result.numUpdatedRows);
  }
  return marked;
}

/** Contacts by id, in ascending order; unknown ids are left out. */
export async function getMarketing(
  ex: Executor,
  connection: string,
  ids: readonly string[],
): Promise<readonly StoredMarketing[]> {
  const rows = await inBatches(ids, (batch) =>
    ex.db
      .selectFrom('marketing_records')
      .selectAll()
      .where('connection', '=', connection)
      .where('id_len', 'in', lengthsOf(batch))
      .where('id', 'in', batch)
      .execute(),
  );
  return rows.map(toStored).sort(byId);
}

/** Contacts with one of these addresses, whatever their state, by ascending id. */
export async function getMarketingByEmail(
  ex: Executor,
  connection: string,
  emailKeys: readonly string[],
): Promise<readonly StoredMarketing[]> {
  const rows = await inBatches(emailKeys, (batch) =>
    ex.db
      .selectFrom('marketing_records')
      .selectAll()
      .where('connection', '=', connection)
      .where('email_key', 'in', batch)
      .execute(),
  );
  return rows.map(toStored).sort(byId);
}

/** Present records of which one has news and another has its address: not all of them can still have it. At most `limit` ids. */
export async function sharedAddresses(ex: Executor, connection: string, limit: number): Promise<readonly string[]> {
  const rows = await ex.db
    .selectFrom('marketing_records as m')
    .innerJoin('marketing_records as other', (join) =>
      join.onRef('other.connection', '=', 'm.connection').onRef('other.email_key', '=', 'm.email_key'),
    )
    .select('other.id')
    .distinct()
    .where('m.connection', '=', connection)
    .where(sql<boolean>`m.dirty = 1`)
    .where('m.state', '=', 'present')
    .where('other.state', '=', 'present')
    .whereRef('other.id', '<>', 'm.id')
    .orderBy('other.id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** Contacts that are looked at to learn whether the account shows those who left. */
const WHO_LEFT = 60;

/** Some present contacts whose address left and whose state was read, not assumed. @param generation only those that this complete scan saw */
export async function contactsWhoLeft(
  ex: Executor,
  connection: string,
  generation: number | null,
): Promise<readonly StoredMarketing[]> {
  const rows = await ex.db
    .selectFrom('suppressions as s')
    .innerJoin('marketing_records as m', (join) =>
      join.onRef('m.connection', '=', 's.connection').onRef('m.email_key', '=', 's.email_key'),
    )
    .selectAll('m')
    .where('s.connection', '=', connection)
    .where('m.state', '=', 'present')
    .where('m.assumed', '=', 0)
    .$if(generation !== null, (query) => query.where('m.seen_scan', '>=', generation ?? 0))
    .limit(WHO_LEFT)
    .execute();
  return rows.map(toStored).sort(byId);
}

/** Ids with news, ascending by value, after `afterId` (null = from the start). */
export async function dirtyMarketingIds(
  ex: Executor,
  connection: string,
  afterId: string | null,
  limit: number,
): Promise<readonly string[]> {
  const rows = await ex.db
    .selectFrom('marketing_records')
    .select('id')
    .where('connection', '=', connection)
    // Written out, not bound: only then is the index over dirty rows used.
    .where(sql<boolean>`dirty = 1`)
    .$if(afterId !== null, (query) => query.where(isAfter(afterId ?? '')))
    .orderBy('id_len')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

export async function setMarketingDirty(
  ex: Executor,
  connection: string,
  ids: readonly string[],
  dirty: boolean,
): Promise<void> {
  for (const batch of batches(ids)) {
    await ex.db
      .updateTable('marketing_records')
      .set({ dirty: dirty ? 1 : 0 })
      .where('connection', '=', connection)
      .where('id_len', 'in', lengthsOf(batch))
      .where('id', 'in', batch)
      .execute();
  }
}

/** Everything is planned again: configuration changed, `--full`. (R12) */
export async function markAllMarketingDirty(ex: Executor, connection: string): Promise<void> {
  await ex.db
    .updateTable('marketing_records')
    .set({ dirty: 1 })
    .where('connection', '=', connection)
    .where('dirty', '=', 0)
    .execute();
}

/** Contacts that a complete look at the ids alone came across; those unknown here are left out. */
export async function markMarketingSeen(
  ex: Executor,
  connection: string,
  ids: readonly string[],
  generation: number,
): Promise<void> {
  for (const batch of batches(ids)) {
    await ex.db
      .updateTable('marketing_records')
      .set({ seen_scan: generation })
      .where('connection', '=', connection)
      .where('id_len', 'in', lengthsOf(batch))
      .where('id', 'in', batch)
      .execute();
  }
}

/** Present contacts that the complete scan `generation` did not see and nothing else did since it began. (R8) */
export async function unseenMarketingIds(
  ex: Executor,
  connection: string,
  generation: number,
  afterId: string | null,
  limit: number,
): Promise<readonly string[]> {
  const rows = await ex.db
    .selectFrom('marketing_records')
    .select('id')
    .where('connection', '=', connection)
    .where('state', '=', 'present')
    .where('seen_scan', '<', generation)
    .where('observed_at', '<', (eb) =>
      eb
        .selectFrom('scans')
        .select('started_at')
        .where('scans.connection', '=', connection)
        .where('scans.target', '=', 'marketing')
        .where('scans.generation', '=', generation),
    )
    .$if(afterId !== null, (query) => query.where(isAfter(afterId ?? '')))
    .orderBy('id_len')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

export interface MarketingCount {
  readonly state: RecordState;
  readonly total: number;
  readonly dirty: number;
}

export async function countMarketing(ex: Executor, connection: string): Promise<readonly MarketingCount[]> {
  const rows = await ex.db
    .selectFrom('marketing_records')
    .select((eb) => ['state', eb.fn.countAll().as('total'), eb.fn.sum('dirty').as('dirty')])
    .where('connection', '=', connection)
    .groupBy('state')
    .orderBy('state')
    .execute();
  return rows.map((row) => ({ state: row.state, total: Number(row.total), dirty: Number(row.dirty) }));
}

function isAfter(id: string) {
  return sql<boolean>`(id_len, id) > (${id.length}, ${id})`;
}

/** One row per id: a statement may not touch a row twice, and repeats within a page are allowed. */
function lastOfEach<T extends MarketingItem>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [item.record.id, item])).values()];
}

function toRow(
  connection: string,
  item: MarketingItem,
  at: string,
  mark: { readonly assumed: Flag; readonly dirty: Flag; readonly scan: number },
): MarketingRecordRow {
  const { id, updatedAt, state, assumed: _, ...content } = item.record;
  return {
    connection,
    id_len: id.length,
    id,
    email_key: item.emailKey,
    content: encodeJson(content),
    updated_at: updatedAt,
    state,
    assumed: mark.assumed,
    dirty: mark.dirty,
    changed: 1,
    observed_at: at,
    seen_scan: mark.scan,
  };
}

function toStored(row: MarketingRecordRow): StoredMarketing {
  const content = decodeJson<Content>(row.content);
  return {
    record: { ...content, id: row.id, updatedAt: row.updated_at, state: row.state, assumed: row.assumed === 1 },
    emailKey: row.email_key,
    dirty: row.dirty === 1,
    observedAt: row.observed_at,
  };
}

function byId(a: StoredMarketing, b: StoredMarketing): number {
  return compareIds(a.record.id, b.record.id);
}
