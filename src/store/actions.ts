// Plan and journal in one: an action is written before it is sent and settled after. (R15, R17; intent before the call)
// Never sends anything and never decides what an outcome means.
import { sql } from 'kysely';
import type { Role, System } from '../core/model/identity.ts';
import type { Action, ActionKind, Lane } from '../core/model/plan.ts';
import type { Executor } from './executor.ts';
import { decodeJson, decodeJsonOrNull, encodeJson } from './json.ts';
import { batches, inBatches } from './keys.ts';
import type { ActionRow, ActionState } from './schema.ts';

export type { ActionState } from './schema.ts';

export interface NewAction {
  /** Place in the run's order, unique in the run. */
  readonly seq: number;
  readonly personKey: string;
  /** Normal form of the action's address. */
  readonly emailKey: string | null;
  readonly state: ActionState;
  readonly action: Action;
}

export interface StoredAction extends NewAction {
  readonly runId: string;
  readonly connection: string;
  /** The records it is about, with the ids that its outcome brought. */
  readonly crmId: string | null;
  readonly marketingId: string | null;
  readonly jobId: string | null;
  /** How often it was sent. */
  readonly attempts: number;
  readonly error: string | null;
  /** What came back, in the engine's own shape. */
  readonly outcome: unknown;
  readonly plannedAt: string;
  readonly sentAt: string | null;
  readonly settledAt: string | null;
}

/** @throws StoreError `constraint` when the run already has an action of that seq or id, or is unknown */
export async function insertActions(
  ex: Executor,
  connection: string,
  runId: string,
  actions: readonly NewAction[],
  now: string,
): Promise<void> {
  for (const batch of batches(actions)) {
    await ex.db
      .insertInto('actions')
      .values(batch.map((action) => toRow(connection, runId, action, now)))
      .execute();
  }
}

export interface ActionGroup {
  readonly lane: Lane;
  readonly system: System;
  readonly kind: ActionKind;
}

/** The next actions of a group in one state (default `planned`) after `afterSeq` (-1 = from the start), in order. */
export async function nextActions(
  ex: Executor,
  runId: string,
  group: ActionGroup,
  afterSeq: number,
  limit: number,
  state: ActionState = 'planned',
): Promise<readonly StoredAction[]> {
  const rows = await ex.db
    .selectFrom('actions')
    .selectAll()
    .where('run_id', '=', runId)
    .where('state', '=', state)
    .where('lane', '=', group.lane)
    .where('system', '=', group.system)
    .where('kind', '=', group.kind)
    .where('seq', '>', afterSeq)
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows.map(toAction);
}

/** Actions of a run in order, for the plan as a file and for undo. */
export async function listActions(
  ex: Executor,
  runId: string,
  page: { readonly afterSeq?: number; readonly limit?: number; readonly states?: readonly ActionState[] } = {},
): Promise<readonly StoredAction[]> {
  let query = ex.db
    .selectFrom('actions')
    .selectAll()
    .where('run_id', '=', runId)
    .where('seq', '>', page.afterSeq ?? -1);
  if (page.states !== undefined) query = query.where('state', 'in', page.states);
  const rows = await query
    .orderBy('seq')
    .limit(page.limit ?? 500)
    .execute();
  return rows.map(toAction);
}

/** Highest seq of the run, -1 when it has none. */
export async function lastActionSeq(ex: Executor, runId: string): Promise<number> {
  const row = await ex.db
    .selectFrom('actions')
    .select((eb) => eb.fn.max('seq').as('seq'))
    .where('run_id', '=', runId)
    .executeTakeFirst();
  return row?.seq == null ? -1 : Number(row.seq);
}

/** The intent, to be durable before the call: one attempt more. `jobId` is null until a bulk job has one. */
export async function markSent(
  ex: Executor,
  runId: string,
  seqs: readonly number[],
  jobId: string | null,
  at: string,
): Promise<void> {
  for (const batch of batches(seqs)) {
    await ex.db
      .updateTable('actions')
      .set((eb) => ({ state: 'sent' as const, job_id: jobId, sent_at: at, attempts: eb('attempts', '+', 1) }))
      .where('run_id', '=', runId)
      .where('seq', 'in', batch)
      .execute();
  }
}

/** The bulk job that carries these sent actions; no attempt more. */
export async function setActionJob(ex: Executor, runId: string, seqs: readonly number[], jobId: string): Promise<void> {
  for (const batch of batches(seqs)) {
    await ex.db
      .updateTable('actions')
      .set({ job_id: jobId })
      .where('run_id', '=', runId)
      .where('seq', 'in', batch)
      .execute();
  }
}

export interface Settlement {
  readonly seq: number;
  readonly state: ActionState;
  readonly error: string | null;
  readonly outcome: unknown;
  /** Ids that the outcome brought; left out = unchanged. */
  readonly crmId?: string;
  readonly marketingId?: string;
}

/** The outcomes, one per seq. */
export async function settleActions(
  ex: Executor,
  runId: string,
  settlements: readonly Settlement[],
  at: string,
): Promise<void> {
  for (const batch of batches(settlements)) {
    const values = sql.join(
      batch.map((s) => {
        const outcome = s.outcome === null || s.outcome === undefined ? null : encodeJson(s.outcome);
        return sql`(${s.seq}, ${s.state}, ${s.error}, ${outcome}, ${s.crmId ?? null}, ${s.marketingId ?? null})`;
      }),
    );
    await sql`with settled (seq, state, error, outcome, crm_id, marketing_id) as (values ${values})
      update actions set state = settled.state, error = settled.error, outcome = settled.outcome, settled_at = ${at},
        crm_id = coalesce(settled.crm_id, actions.crm_id),
        marketing_id = coalesce(settled.marketing_id, actions.marketing_id)
      from settled
      where actions.run_id = ${runId} and actions.seq = cast(settled.seq as integer)`.execute(ex.db);
  }
}

/** Moves all actions of a run that are in one of `from`, of one kind and system where given. @returns number moved */
export async function moveActions(
  ex: Executor,
  runId: string,
  from: readonly ActionState[],
  to: ActionState,
  only: {
    readonly kind?: ActionKind;
    readonly system?: System;
    readonly entity?: Role;
    readonly clears?: boolean;
    readonly lane?: Lane;
  } = {},
): Promise<number> {
  let query = ex.db.updateTable('actions').set({ state: to }).where('run_id', '=', runId).where('state', 'in', from);
  if (only.kind !== undefined) query = query.where('kind', '=', only.kind);
  if (only.system !== undefined) query = query.where('system', '=', only.system);
  if (only.entity !== undefined) query = query.where('entity', '=', only.entity);
  if (only.clears !== undefined) query = query.where('clears', '=', only.clears ? 1 : 0);
  if (only.lane !== undefined) query = query.where('lane', '=', only.lane);
  const result = await query.executeTakeFirst();
  return Number(result.numUpdatedRows);
}

export interface ActionCount {
  readonly kind: ActionKind;
  readonly system: System;
  readonly entity: Role;
  readonly lane: Lane;
  readonly state: ActionState;
  readonly clears: boolean;
  readonly total: number;
}

export async function countActions(ex: Executor, runId: string): Promise<readonly ActionCount[]> {
  const columns = ['kind', 'system', 'entity', 'lane', 'state', 'clears'] as const;
  const rows = await ex.db
    .selectFrom('actions')
    .select(columns)
    .select((eb) => eb.fn.countAll().as('total'))
    .where('run_id', '=', runId)
    .groupBy(columns)
    .orderBy('kind')
    .orderBy('system')
    .orderBy('entity')
    .orderBy('lane')
    .orderBy('state')
    .orderBy('clears')
    .execute();
  return rows.map((row) => ({ ...row, clears: row.clears === 1, total: Number(row.total) }));
}

/** Whose history: any match counts. */
export interface HistoryOf {
  readonly emailKeys?: readonly string[];
  readonly crm?: readonly { readonly role: Role; readonly id: string }[];
  readonly marketingIds?: readonly string[];
}

/** Everything ever planned or done about a person, newest run first. */
export async function actionHistory(
  ex: Executor,
  connection: string,
  of: HistoryOf,
  page: { readonly offset?: number; readonly limit?: number } = {},
): Promise<readonly StoredAction[]> {
  const emailKeys = of.emailKeys ?? [];
  const crm = of.crm ?? [];
  const marketingIds = of.marketingIds ?? [];
  if (emailKeys.length + crm.length + marketingIds.length === 0) return [];
  const rows = await ex.db
    .selectFrom('actions')
    .selectAll()
    // The connection is asked for in every branch: only then does each branch use its own index.
    .where((eb) => {
      const here = eb('connection', '=', connection);
      return eb.or([
        ...(emailKeys.length > 0 ? [eb.and([here, eb('email_key', 'in', emailKeys)])] : []),
        ...crm.map((ref) => eb.and([here, eb('crm_id', '=', ref.id), eb('entity', '=', ref.role)])),
        ...(marketingIds.length > 0 ? [eb.and([here, eb('marketing_id', 'in', marketingIds)])] : []),
      ]);
    })
    .orderBy('planned_at', 'desc')
    .orderBy('run_id', 'desc')
    .orderBy('seq', 'desc')
    .limit(page.limit ?? 100)
    .offset(page.offset ?? 0)
    .execute();
  return rows.map(toAction);
}

/** Writes that were sent by other runs and never answered: to be looked up, never repeated blindly. */
export async function unsettledActions(
  ex: Executor,
  connection: string,
  exceptRunId: string,
): Promise<readonly StoredAction[]> {
  const rows = await ex.db
    .selectFrom('actions')
    .selectAll()
    .where('connection', '=', connection)
    // Written out, not bound: only then is the index over these actions used.
    .where(sql<boolean>`state in ('sent', 'unknown')`)
    .where('run_id', '<>', exceptRunId)
    .orderBy('run_id')
    .orderBy('seq')
    .execute();
  return rows.map(toAction);
}

/** Actions of any run that wait for approval, of these persons. */
export async function parkedActionsOf(
  ex: Executor,
  connection: string,
  personKeys: readonly string[],
): Promise<readonly StoredAction[]> {
  const rows = await inBatches(personKeys, (batch) =>
    ex.db
      .selectFrom('actions')
      .selectAll()
      .where('connection', '=', connection)
      // Written out, not bound: only then is the index over parked actions used.
      .where(sql<boolean>`state = 'parked'`)
      .where('person_key', 'in', batch)
      .orderBy('run_id')
      .orderBy('seq')
      .execute(),
  );
  return rows.map(toAction);
}

/**
 * Writes of a connection since a moment, by kind; parked and dropped ones do not count, nor what somebody approved. (R14: per
 * 24 hours)
 */
export async function countWritesSince(
  ex: Executor,
  connection: string,
  since: string,
  exceptRunId: string,
): Promise<readonly ActionCount[]> {
  const columns = ['kind', 'system', 'entity', 'lane', 'state', 'clears'] as const;
  const rows = await ex.db
    .selectFrom('actions')
    .innerJoin('runs', 'runs.id', 'actions.run_id')
    .select(columns.map((column) => `actions.${column}` as const))
    .select((eb) => eb.fn.countAll().as('total'))
    .where('actions.connection', '=', connection)
    .where('runs.kind', 'in', ['sync', 'opt-outs'])
    .where('runs.started_at', '>=', since)
    .where('runs.options', 'not like', '%"approves":%')
    .where('actions.run_id', '<>', exceptRunId)
    .where('actions.state', '=', 'done')
    .groupBy(columns.map((column) => `actions.${column}` as const))
    .execute();
  return rows.map((row) => ({ ...row, clears: row.clears === 1, total: Number(row.total) }));
}

/** Forgets what a run planned and never sent. @returns number removed */
export async function discardPlanned(ex: Executor, runId: string): Promise<number> {
  const result = await ex.db
    .deleteFrom('actions')
    .where('run_id', '=', runId)
    .where('state', '=', 'planned')
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

function toRow(connection: string, runId: string, item: NewAction, now: string): ActionRow {
  const { action } = item;
  return {
    run_id: runId,
    seq: item.seq,
    id: action.id,
    person_key: item.personKey,
    connection,
    lane: action.lane,
    kind: action.kind,
    system: action.system,
    entity: action.entity,
    row_id: action.row,
    clears: action.clears ? 1 : 0,
    email: action.email,
    email_key: item.emailKey,
    crm_id: action.crmId,
    marketing_id: action.marketingId,
    payload: encodeJson(action),
    state: item.state,
    job_id: null,
    attempts: 0,
    error: null,
    outcome: null,
    planned_at: now,
    sent_at: null,
    settled_at: null,
  };
}

/** @internal A row as the value that everybody else sees. */
export function toAction(row: ActionRow): StoredAction {
  return {
    runId: row.run_id,
    seq: row.seq,
    personKey: row.person_key,
    connection: row.connection,
    emailKey: row.email_key,
    state: row.state,
    action: decodeJson<Action>(row.payload),
    crmId: row.crm_id,
    marketingId: row.marketing_id,
    jobId: row.job_id,
    attempts: row.attempts,
    error: row.error,
    outcome: decodeJsonOrNull<unknown>(row.outcome),
    plannedAt: row.planned_at,
    sentAt: row.sent_at,
    settledAt: row.settled_at,
  };
}
