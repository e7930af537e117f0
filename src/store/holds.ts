// What waits for a person: reading and marking holds. (4.9) Opening and closing them is `hold-reconcile.ts`.
import type { Asked } from '../core/model/choice.ts';
import type { Hold, HoldCode, HoldSeverity, RecordRef } from '../core/model/hold.ts';
import type { Executor } from './executor.ts';
import { decodeJson } from './json.ts';
import { batches, inBatches } from './keys.ts';
import type { HoldRow, HoldState } from './schema.ts';

export type { HoldState } from './schema.ts';

/** A hold as stored; `refs` are read apart with `holdRecordRefs`. */
export interface StoredHold extends Omit<Hold, 'refs'> {
  /** Same problem of the same record, same id, also when it comes back after it was fixed. */
  readonly id: string;
  readonly connection: string;
  readonly severity: HoldSeverity;
  /** Person key when it was last seen. */
  readonly subject: string;
  readonly state: HoldState;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** How often the same plan met it. */
  readonly attempts: number;
}

export interface HoldFilter {
  readonly connection?: string;
  readonly codes?: readonly HoldCode[];
  readonly severities?: readonly HoldSeverity[];
  /** Default: open and waiting. */
  readonly states?: readonly HoldState[];
  readonly email?: string;
  /** Continue after this hold of the page before. */
  readonly after?: { readonly firstSeen: string; readonly id: string };
  /** Default 500. */
  readonly limit?: number;
}

const UNSETTLED: readonly HoldState[] = ['open', 'waiting'];

/** Oldest first, then by id. */
export async function listHolds(ex: Executor, filter: HoldFilter = {}): Promise<readonly StoredHold[]> {
  let query = ex.db
    .selectFrom('holds')
    .selectAll()
    .where('state', 'in', filter.states ?? UNSETTLED);
  if (filter.connection !== undefined) query = query.where('connection', '=', filter.connection);
  if (filter.codes !== undefined) query = query.where('code', 'in', filter.codes);
  if (filter.severities !== undefined) query = query.where('severity', 'in', filter.severities);
  if (filter.email !== undefined) query = query.where('email', '=', filter.email);
  const after = filter.after;
  if (after !== undefined) {
    query = query.where((eb) => eb(eb.refTuple('first_seen', 'id'), '>', eb.tuple(after.firstSeen, after.id)));
  }
  const rows = await query
    .orderBy('first_seen')
    .orderBy('id')
    .limit(filter.limit ?? 500)
    .execute();
  return rows.map(toHold);
}

export async function getHolds(ex: Executor, ids: readonly string[]): Promise<readonly StoredHold[]> {
  const rows = await inBatches(ids, (batch) =>
    ex.db.selectFrom('holds').selectAll().where('id', 'in', batch).orderBy('id').execute(),
  );
  return rows.map(toHold);
}

export interface HoldCount {
  readonly code: HoldCode;
  readonly severity: HoldSeverity;
  readonly total: number;
}

/** Open and waiting holds by code. */
export async function countHoldsByCode(ex: Executor, connection: string): Promise<readonly HoldCount[]> {
  const rows = await ex.db
    .selectFrom('holds')
    .select((eb) => ['code', 'severity', eb.fn.countAll().as('total')])
    .where('connection', '=', connection)
    .where('state', 'in', UNSETTLED)
    .groupBy(['code', 'severity'])
    .orderBy('code')
    .execute();
  return rows.map((row) => ({ code: row.code, severity: row.severity, total: Number(row.total) }));
}

/** Open and waiting holds that name one of these records: a change to it tries them again. (decision 18) */
export async function holdsNaming(
  ex: Executor,
  connection: string,
  refs: readonly RecordRef[],
): Promise<readonly StoredHold[]> {
  const wanted = new Set(refs.map(refKey));
  const found = new Map<string, StoredHold>();
  for (const batch of batches([...new Set(refs.map((ref) => ref.id))])) {
    const rows = await ex.db
      .selectFrom('hold_refs')
      .innerJoin('holds', 'holds.id', 'hold_refs.hold_id')
      .selectAll('holds')
      .select(['hold_refs.system', 'hold_refs.entity as ref_entity', 'hold_refs.record_id'])
      .where('hold_refs.connection', '=', connection)
      .where('hold_refs.record_id', 'in', batch)
      .where('holds.state', 'in', UNSETTLED)
      .orderBy('holds.id')
      .execute();
    for (const row of rows) {
      const key = refKey({ system: row.system, entity: row.ref_entity, id: row.record_id });
      if (wanted.has(key)) found.set(row.id, toHold(row));
    }
  }
  return [...found.values()];
}

/** Every record these holds name, their own included, without repeats: what `holds retry` looks at again. */
export async function holdRecordRefs(ex: Executor, holdIds: readonly string[]): Promise<readonly RecordRef[]> {
  const found = new Map<string, RecordRef>();
  for (const batch of batches(holdIds)) {
    const rows = await ex.db
      .selectFrom('hold_refs')
      .select(['system', 'entity', 'record_id'])
      .where('hold_id', 'in', batch)
      .orderBy('hold_id')
      .execute();
    for (const row of rows) {
      const ref: RecordRef = { system: row.system, entity: row.entity, id: row.record_id };
      found.set(refKey(ref), ref);
    }
  }
  return [...found.values()];
}

/** A person's word on holds: ignored, or open again. Ones that are fixed or expired stay so. @returns number changed */
export async function setHoldState(
  ex: Executor,
  ids: readonly string[],
  state: 'open' | 'ignored' | 'fixed',
  now: string,
): Promise<number> {
  let changed = 0;
  for (const batch of batches(ids)) {
    const result = await ex.db
      .updateTable('holds')
      .set({ state, last_seen: now })
      .where('id', 'in', batch)
      .where('state', 'in', ['open', 'waiting', 'ignored'])
      .where('state', '<>', state)
      .executeTakeFirst();
    changed += Number(result.numUpdatedRows);
  }
  return changed;
}

/** Settled holds last seen before `olderThan` are forgotten. @returns number removed */
export async function purgeHolds(ex: Executor, connection: string, olderThan: string): Promise<number> {
  const result = await ex.db
    .deleteFrom('holds')
    .where('connection', '=', connection)
    .where('state', 'in', ['fixed', 'expired'])
    .where('last_seen', '<', olderThan)
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

/** Marketing contacts have one kind whatever role they are named for. */
export function refKey(ref: RecordRef): string {
  return ref.system === 'marketing' ? `marketing:${ref.id}` : `crm:${ref.entity}:${ref.id}`;
}

function toHold(row: HoldRow): StoredHold {
  return {
    id: row.id,
    connection: row.connection,
    subject: row.subject,
    code: row.code,
    severity: row.severity,
    row: row.row_id,
    entity: row.entity,
    email: row.email,
    crmId: row.crm_id,
    marketingId: row.marketing_id,
    field: row.field,
    message: row.message,
    fix: row.fix,
    ...(row.asks === null ? {} : { asks: decodeJson<Asked>(row.asks) }),
    state: row.state,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    attempts: row.attempts,
  };
}
