// Writes of the past that took effect, for undo: which records they were about and what became of them. Changes nothing.
import type { Role, System } from '../core/model/identity.ts';
import type { ActionKind } from '../core/model/plan.ts';
import { type StoredAction, toAction } from './actions.ts';
import type { Executor } from './executor.ts';
import { decodeJsonOrNull } from './json.ts';
import { batches, inBatches } from './keys.ts';

/** A write that took effect, as little of it as tells whom it was about. */
export interface PastAnchor {
  readonly seq: number;
  readonly system: System;
  readonly entity: Role;
  /** The ids that the outcome brought included. */
  readonly crmId: string | null;
  readonly marketingId: string | null;
}

export interface PastAction extends PastAnchor {
  readonly stored: StoredAction;
}

/** Every write of a run that was done, in order. */
export async function pastAnchors(ex: Executor, runId: string): Promise<readonly PastAnchor[]> {
  const rows = await ex.db
    .selectFrom('actions')
    .select(['seq', 'system', 'entity', 'crm_id', 'marketing_id'])
    .where('run_id', '=', runId)
    .where('state', '=', 'done')
    .orderBy('seq')
    .execute();
  return rows.map((row) => ({
    seq: row.seq,
    system: row.system,
    entity: row.entity,
    crmId: row.crm_id,
    marketingId: row.marketing_id,
  }));
}

/** These writes of a run, in order. */
export async function pastActions(
  ex: Executor,
  runId: string,
  seqs: readonly number[],
): Promise<readonly PastAction[]> {
  const rows = await inBatches(seqs, (batch) =>
    ex.db.selectFrom('actions').selectAll().where('run_id', '=', runId).where('seq', 'in', batch).execute(),
  );
  return rows
    .map((row) => ({
      seq: row.seq,
      system: row.system,
      entity: row.entity,
      crmId: row.crm_id,
      marketingId: row.marketing_id,
      stored: toAction(row),
    }))
    .sort((a, b) => a.seq - b.seq);
}

export interface LastWrite {
  readonly kind: ActionKind;
  /** By our clock, ISO UTC. */
  readonly settledAt: string;
  readonly outcome: unknown;
}

/** Our own last write to each of these records that took effect, whatever run it was of; by record id. */
export async function lastWrites(
  ex: Executor,
  connection: string,
  target: { readonly system: System; readonly entity: Role | null },
  ids: readonly string[],
): Promise<ReadonlyMap<string, LastWrite>> {
  const column = target.system === 'crm' ? 'crm_id' : 'marketing_id';
  const last = new Map<string, LastWrite>();
  for (const batch of batches(ids)) {
    let query = ex.db
      .selectFrom('actions')
      .select([`${column} as id`, 'kind', 'settled_at', 'outcome'])
      .where('connection', '=', connection)
      .where('system', '=', target.system)
      .where('state', '=', 'done')
      .where(column, 'in', batch)
      .orderBy('settled_at');
    if (target.entity !== null) query = query.where('entity', '=', target.entity);
    for (const { id, kind, settled_at: settledAt, outcome } of await query.execute()) {
      if (id !== null && settledAt !== null)
        last.set(id, { kind, settledAt, outcome: decodeJsonOrNull<unknown>(outcome) });
    }
  }
  return last;
}
