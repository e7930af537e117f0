// The writes of a run counted by rule, kind, side and state, and read page by page by what they are. Reads only.
import type { Role, System } from '../core/model/identity.ts';
import type { ActionKind } from '../core/model/plan.ts';
import type { RowId } from '../core/model/row.ts';
import { type ActionState, type StoredAction, toAction } from './actions.ts';
import type { Executor } from './executor.ts';

export interface ActionGroupCount {
  readonly row: RowId;
  readonly kind: ActionKind;
  readonly system: System;
  readonly entity: Role | 'product';
  readonly state: ActionState;
  readonly total: number;
}

/** Of persons and products, most frequent first. */
export async function groupActions(ex: Executor, runId: string): Promise<readonly ActionGroupCount[]> {
  const columns = ['row_id', 'kind', 'system', 'entity', 'state'] as const;
  const persons = await ex.db
    .selectFrom('actions')
    .select(columns)
    .select((eb) => eb.fn.countAll().as('total'))
    .where('run_id', '=', runId)
    .groupBy(columns)
    .execute();
  const products = await ex.db
    .selectFrom('product_writes')
    .select(['row_id', 'kind', 'state'])
    .select((eb) => eb.fn.countAll().as('total'))
    .where('run_id', '=', runId)
    .groupBy(['row_id', 'kind', 'state'])
    .execute();
  const groups = [
    ...persons.map(({ row_id: row, kind, system, entity, state, total }) => ({
      row,
      kind,
      system,
      entity,
      state,
      total: Number(total),
    })),
    ...products.map(({ row_id: row, kind, state, total }) => ({
      row,
      kind,
      system: 'marketing' as const,
      entity: 'product' as const,
      state,
      total: Number(total),
    })),
  ];
  return groups.sort((a, b) => b.total - a.total || (a.row < b.row ? -1 : 1));
}

export interface ActionFilter {
  readonly states?: readonly ActionState[];
  readonly kinds?: readonly ActionKind[];
  readonly system?: System;
  readonly entity?: Role;
  readonly row?: RowId;
  /** Normal form. */
  readonly emailKey?: string;
  readonly afterSeq: number;
  readonly limit: number;
}

/** In the run's order. */
export async function filteredActions(
  ex: Executor,
  runId: string,
  filter: ActionFilter,
): Promise<readonly StoredAction[]> {
  let query = ex.db.selectFrom('actions').selectAll().where('run_id', '=', runId).where('seq', '>', filter.afterSeq);
  if (filter.states !== undefined) query = query.where('state', 'in', filter.states);
  if (filter.kinds !== undefined) query = query.where('kind', 'in', filter.kinds);
  if (filter.system !== undefined) query = query.where('system', '=', filter.system);
  if (filter.entity !== undefined) query = query.where('entity', '=', filter.entity);
  if (filter.row !== undefined) query = query.where('row_id', '=', filter.row);
  if (filter.emailKey !== undefined) query = query.where('email_key', '=', filter.emailKey);
  return (await query.orderBy('seq').limit(filter.limit).execute()).map(toAction);
}
