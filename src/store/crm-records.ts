// The CRM's half of the mirror: what was last observed of contacts and leads, and which of them have news.
// Never decides anything and never forgets a record; a deleted one stays as state `deleted`.
import { sql } from 'kysely';
import type { Role } from '../core/model/identity.ts';
import type { CrmRecord, RecordState } from '../core/model/record.ts';
import type { Executor } from './executor.ts';
import { decodeJson, encodeJson } from './json.ts';
import { batches, compareIds, inBatches, lengthsOf } from './keys.ts';
import type { CrmRecordRow, Flag } from './schema.ts';

export interface CrmItem {
  readonly record: CrmRecord;
  /** Normal form of the address, or null when there is none that can be used. */
  readonly emailKey: string | null;
}

export interface StoredCrm extends CrmItem {
  readonly dirty: boolean;
  readonly observedAt: string;
}

export interface CrmDeletion {
  readonly id: string;
  readonly revision: number | null;
}

/** What is kept as JSON: everything but the key and the columns. */
type Content = Omit<CrmRecord, 'role' | 'id' | 'updatedAt' | 'revision' | 'state' | 'goneAt'>;

/**
 * Stores observations. An older revision than the stored one is ignored, and so is what is told of a converted lead; a row that is new or whose content, state or
 * address differs becomes dirty, any other keeps its mark.
 * @param options.scan generation of the complete scan that saw the records (R8)
 * @returns number of new or different rows
 */
export async function upsertCrm(
  ex: Executor,
  connection: string,
  items: readonly CrmItem[],
  observedAt: string,
  options: { readonly scan?: number } = {},
): Promise<number> {
  let changed = 0;
  for (const batch of batches(newestOfEach(items))) {
    const rows = batch.map((item) => toRow(connection, item, observedAt, options.scan ?? 0));
    const written = await ex.db
      .insertInto('crm_records')
      .values(rows)
      .onConflict((oc) =>
        oc
          .columns(['connection', 'role', 'id_len', 'id'])
          .doUpdateSet((eb) => ({
            email_key: eb.ref('excluded.email_key'),
            content: eb.ref('excluded.content'),
            updated_at: eb.ref('excluded.updated_at'),
            revision: sql<number | null>`coalesce(excluded.revision, crm_records.revision)`,
            state: eb.ref('excluded.state'),
            dirty: sql<Flag>`case when ${DIFFERS} then 1 else crm_records.dirty end`,
            changed: sql<Flag>`case when ${DIFFERS} then 1 else 0 end`,
            observed_at: eb.ref('excluded.observed_at'),
            converted: eb.ref('excluded.converted'),
            gone_at: sql<string | null>`case when excluded.state = 'deleted'
              then coalesce(crm_records.gone_at, excluded.gone_at) end`,
            seen_scan: sql<number>`case when excluded.seen_scan > crm_records.seen_scan
              then excluded.seen_scan else crm_records.seen_scan end`,
          }))
          .where(sql<boolean>`(crm_records.revision is null or excluded.revision is null
            or excluded.revision >= crm_records.revision)
            and (crm_records.converted = 0 or excluded.converted = 1)`),
      )
      .returning('changed')
      .execute();
    for (const row of written) changed += row.changed;
  }
  return changed;
}

const DIFFERS = sql<boolean>`(crm_records.content <> excluded.content or crm_records.state <> excluded.state
  or crm_records.email_key is distinct from excluded.email_key)`;

/** Marks records as deleted; unknown ids, older revisions and already deleted ones are left alone. @returns number marked */
export function markCrmDeleted(
  ex: Executor,
  connection: string,
  role: Role,
  deletions: readonly CrmDeletion[],
  observedAt: string,
): Promise<number> {
  return markGone(ex, connection, role, 'deleted', deletions, observedAt);
}

/** Marks records that the service refuses to show us. @returns number marked */
export function markCrmHidden(
  ex: Executor,
  connection: string,
  role: Role,
  ids: readonly string[],
  observedAt: string,
): Promise<number> {
  return markGone(
    ex,
    connection,
    role,
    'hidden',
    ids.map((id) => ({ id, revision: null })),
    observedAt,
  );
}

async function markGone(
  ex: Executor,
  connection: string,
  role: Role,
  state: RecordState,
  gone: readonly CrmDeletion[],
  observedAt: string,
): Promise<number> {
  let marked = 0;
  for (const batch of batches(gone)) {
    const values = sql.join(batch.map((item) => sql`(${item.id}, ${item.revision})`));
    const result = await sql`with gone (id, revision) as (values ${values})
      update crm_records set state = ${state}, dirty = 1, observed_at = ${observedAt},
        gone_at = ${state === 'deleted' ? observedAt : null},
        revision = coalesce(cast(gone.revision as bigint), crm_records.revision)
      from gone
      where crm_records.connection = ${connection} and crm_records.role = ${role}
        and crm_records.id_len = length(gone.id) and crm_records.id = gone.id and crm_records.state <> ${state}
        and (crm_records.revision is null or gone.revision is null
          or cast(gone.revision as bigint) >= crm_records.revision)`.execute(ex.db);
    marked += Number(result.numAffectedRows ?? 0n);
  }
  return marked;
}

/** Records by id, in ascending order; unknown ids are left out. */
export async function getCrm(
  ex: Executor,
  connection: string,
  role: Role,
  ids: readonly string[],
): Promise<readonly StoredCrm[]> {
  const rows = await inBatches(ids, (batch) =>
    ex.db
      .selectFrom('crm_records')
      .selectAll()
      .where('connection', '=', connection)
      .where('role', '=', role)
      .where('id_len', 'in', lengthsOf(batch))
      .where('id', 'in', batch)
      .execute(),
  );
  return rows.map(toStored).sort(byRoleAndId);
}

/** Records of both roles with one of these addresses, whatever their state, by role and ascending id. */
export async function getCrmByEmail(
  ex: Executor,
  connection: string,
  emailKeys: readonly string[],
): Promise<readonly StoredCrm[]> {
  const rows = await inBatches(emailKeys, (batch) =>
    ex.db
      .selectFrom('crm_records')
      .selectAll()
      .where('connection', '=', connection)
      .where('email_key', 'in', batch)
      .execute(),
  );
  return rows.map(toStored).sort(byRoleAndId);
}

/** Ids with news, ascending by value, after `afterId` (null = from the start). */
export async function dirtyCrmIds(
  ex: Executor,
  connection: string,
  role: Role,
  afterId: string | null,
  limit: number,
): Promise<readonly string[]> {
  const rows = await ex.db
    .selectFrom('crm_records')
    .select('id')
    .where('connection', '=', connection)
    .where('role', '=', role)
    // Written out, not bound: only then is the index over dirty rows used.
    .where(sql<boolean>`dirty = 1`)
    .$if(afterId !== null, (query) => query.where(isAfter(afterId ?? '')))
    .orderBy('id_len')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

export async function setCrmDirty(
  ex: Executor,
  connection: string,
  role: Role,
  ids: readonly string[],
  dirty: boolean,
): Promise<void> {
  for (const batch of batches(ids)) {
    await ex.db
      .updateTable('crm_records')
      .set({ dirty: dirty ? 1 : 0 })
      .where('connection', '=', connection)
      .where('role', '=', role)
      .where('id_len', 'in', lengthsOf(batch))
      .where('id', 'in', batch)
      .execute();
  }
}

/** Deleted records with news that were first missed no later than `before`, by ascending id; converted leads are none. (4.3) */
export async function missedCrmIds(
  ex: Executor,
  connection: string,
  role: Role,
  before: string,
): Promise<readonly string[]> {
  const rows = await ex.db
    .selectFrom('crm_records')
    .selectAll()
    .where('connection', '=', connection)
    .where('role', '=', role)
    .where(sql<boolean>`dirty = 1`)
    .where('state', '=', 'deleted')
    .where('gone_at', '<=', before)
    .orderBy('id_len')
    .orderBy('id')
    .execute();
  return rows.flatMap((row) => (toStored(row).record.convertedTo === undefined ? [row.id] : []));
}

/** Everything of a role is planned again: configuration changed, `--full`. (R12) */
export async function markAllCrmDirty(ex: Executor, connection: string, role: Role): Promise<void> {
  await ex.db
    .updateTable('crm_records')
    .set({ dirty: 1 })
    .where('connection', '=', connection)
    .where('role', '=', role)
    .where('dirty', '=', 0)
    .execute();
}

/** Present records that the complete scan `generation` did not see and nothing else did since it began. (R8, D19) */
export async function unseenCrmIds(
  ex: Executor,
  connection: string,
  role: Role,
  generation: number,
  afterId: string | null,
  limit: number,
): Promise<readonly string[]> {
  const rows = await ex.db
    .selectFrom('crm_records')
    .select('id')
    .where('connection', '=', connection)
    .where('role', '=', role)
    .where('state', '=', 'present')
    .where('seen_scan', '<', generation)
    .where('observed_at', '<', (eb) =>
      eb
        .selectFrom('scans')
        .select('started_at')
        .where('scans.connection', '=', connection)
        .where('scans.target', '=', `crm:${role}`)
        .where('scans.generation', '=', generation),
    )
    .$if(afterId !== null, (query) => query.where(isAfter(afterId ?? '')))
    .orderBy('id_len')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

/** Present leads that carry one of these statuses, by ascending id, page by page. Reads every lead: for rare occasions. (L12) */
export async function* leadIdsWithStatus(
  ex: Executor,
  connection: string,
  statuses: ReadonlySet<string>,
): AsyncGenerator<readonly string[]> {
  for (let after: string | null = null; ; ) {
    const rows: readonly CrmRecordRow[] = await ex.db
      .selectFrom('crm_records')
      .selectAll()
      .where('connection', '=', connection)
      .where('role', '=', 'lead')
      .where('state', '=', 'present')
      .$if(after !== null, (query) => query.where(isAfter(after ?? '')))
      .orderBy('id_len')
      .orderBy('id')
      .limit(1000)
      .execute();
    const ids = rows.filter((row) => statuses.has(decodeJson<Content>(row.content).status ?? '')).map((row) => row.id);
    if (ids.length > 0) yield ids;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

export interface CrmCount {
  readonly role: Role;
  readonly state: RecordState;
  readonly total: number;
  readonly dirty: number;
}

export async function countCrm(ex: Executor, connection: string): Promise<readonly CrmCount[]> {
  const rows = await ex.db
    .selectFrom('crm_records')
    .select((eb) => ['role', 'state', eb.fn.countAll().as('total'), eb.fn.sum('dirty').as('dirty')])
    .where('connection', '=', connection)
    .groupBy(['role', 'state'])
    .orderBy('role')
    .orderBy('state')
    .execute();
  return rows.map((row) => ({ role: row.role, state: row.state, total: Number(row.total), dirty: Number(row.dirty) }));
}

function isAfter(id: string) {
  return sql<boolean>`(id_len, id) > (${id.length}, ${id})`;
}

/** One row per id: a statement may not touch a row twice, and repeats within a page are allowed. */
function newestOfEach(items: readonly CrmItem[]): readonly CrmItem[] {
  const newest = new Map<string, CrmItem>();
  for (const item of items) {
    const key = `${item.record.role}:${item.record.id}`;
    const before = newest.get(key)?.record.revision ?? null;
    const now = item.record.revision;
    if (before === null || now === null || now >= before) newest.set(key, item);
  }
  return [...newest.values()];
}

function toRow(connection: string, item: CrmItem, observedAt: string, scan: number): CrmRecordRow {
  const { role, id, updatedAt, revision, state, goneAt: _, ...content } = item.record;
  return {
    connection,
    role,
    id_len: id.length,
    id,
    email_key: item.emailKey,
    content: encodeJson(content),
    updated_at: updatedAt,
    revision,
    state,
    dirty: 1,
    changed: 1,
    observed_at: observedAt,
    seen_scan: scan,
    gone_at: state === 'deleted' ? observedAt : null,
    converted: content.convertedTo === undefined ? 0 : 1,
  };
}

function toStored(row: CrmRecordRow): StoredCrm {
  const content = decodeJson<Content>(row.content);
  return {
    record: {
      ...content,
      role: row.role,
      id: row.id,
      updatedAt: row.updated_at,
      revision: row.revision === null ? null : Number(row.revision),
      state: row.state,
      ...(row.gone_at === null ? {} : { goneAt: row.gone_at }),
    },
    emailKey: row.email_key,
    dirty: row.dirty === 1,
    observedAt: row.observed_at,
  };
}

function byRoleAndId(a: StoredCrm, b: StoredCrm): number {
  if (a.record.role !== b.record.role) return a.record.role < b.record.role ? -1 : 1;
  return compareIds(a.record.id, b.record.id);
}
