// The outcome of one run as values, for the run list, the terminal and the JSON document. Neutral words only. (4.10)
import type { CallCounts } from '../connectors/connector.ts';
import type { Role, System } from '../core/model/identity.ts';
import { ACTION_KINDS, type ActionKind } from '../core/model/plan.ts';
import type { ProductRecord } from '../core/products/product.ts';
import { type ActionState, countActions, listActions, type StoredAction } from '../store/actions.ts';
import type { Executor } from '../store/executor.ts';
import { countHoldsByCode } from '../store/holds.ts';
import { countProductWrites, listProductWrites } from '../store/products.ts';
import type { RunKind, RunState, StoredRun } from '../store/runs.ts';
import type { SettingProblem } from './engine.ts';

export interface RunReport {
  readonly id: string;
  readonly connection: string;
  readonly kind: RunKind;
  readonly state: RunState;
  readonly startedAt: string;
  /** Null while it is under way. */
  readonly finishedAt: string | null;
  readonly actions: {
    readonly total: number;
    readonly byKind: { readonly [K in ActionKind]: number };
    readonly bySystem: { readonly [S in System]: number };
  };
  readonly holds: { readonly total: number; readonly byCode: { readonly [code: string]: number } };
  readonly apiCalls: { readonly [S in System]: CallCounts };
  readonly failures: readonly Failure[];
  /** Why it was stopped or parked, and what to do; null when it went through. */
  readonly message: string | null;
  /** Settings that do not fit the accounts; they ended the run before it began. */
  readonly problems: readonly SettingProblem[];
}

export interface Failure {
  readonly entity: Role | 'product';
  readonly email: string | null;
  readonly error: string;
}

/** Writes that count as the run's own: everything but what was refused, or planned anew. */
const COUNTED: readonly ActionState[] = ['planned', 'sent', 'done', 'failed', 'parked', 'unknown'];
const FAILED: readonly ActionState[] = ['failed', 'unknown'];
/** Failures named one by one; the rest is in the journal. */
const NAMED = 100;

export interface Counted {
  readonly actions: RunReport['actions'];
  readonly failed: number;
  readonly parked: number;
}

export async function countRun(ex: Executor, runId: string): Promise<Counted> {
  const byKind = Object.fromEntries(ACTION_KINDS.map((kind) => [kind, 0])) as Record<ActionKind, number>;
  const bySystem: Record<System, number> = { crm: 0, marketing: 0 };
  let [total, failed, parked] = [0, 0, 0];
  const products = (await countProductWrites(ex, runId)).map((group) => ({ ...group, system: 'marketing' as const }));
  for (const group of [...(await countActions(ex, runId)), ...products]) {
    if (FAILED.includes(group.state)) failed += group.total;
    if (group.state === 'parked') parked += group.total;
    if (!COUNTED.includes(group.state)) continue;
    total += group.total;
    byKind[group.kind] += group.total;
    bySystem[group.system] += group.total;
  }
  return { actions: { total, byKind, bySystem }, failed, parked };
}

export async function failuresOf(ex: Executor, runId: string): Promise<readonly Failure[]> {
  const failed = await listActions(ex, runId, { states: FAILED, limit: NAMED });
  const products = await listProductWrites<ProductRecord>(ex, runId, { states: FAILED, limit: NAMED });
  return [
    ...failed.map(({ action, error }) => ({
      entity: action.entity,
      email: action.email,
      error: error ?? 'No reason was given.',
    })),
    ...products.map(({ id, error }) => ({
      entity: 'product' as const,
      email: null,
      error: `Product ${id}: ${error ?? 'no reason was given.'}`,
    })),
  ];
}

/** Open holds of the connection by code; `action` counts those that need somebody. (decision 10) */
export async function openHolds(
  ex: Executor,
  connection: string,
): Promise<{ readonly holds: RunReport['holds']; readonly action: number }> {
  const byCode: Record<string, number> = {};
  let [total, action] = [0, 0];
  for (const count of await countHoldsByCode(ex, connection)) {
    byCode[count.code] = (byCode[count.code] ?? 0) + count.total;
    total += count.total;
    if (count.severity === 'action') action += count.total;
  }
  return { holds: { total, byCode }, action };
}

/** A run of the past as it was reported; one that is under way or broke off as far as it has come. */
export async function storedReport(ex: Executor, run: StoredRun): Promise<RunReport> {
  const { id, connection, kind, state, startedAt, finishedAt, error } = run;
  // What `close` wrote into these columns; a run that never came that far has counted nothing yet.
  const counters = run.counters as Partial<RunReport['actions'] & Pick<RunReport, 'holds'>>;
  const apiCalls = run.apiCalls as Partial<RunReport['apiCalls']>;
  const { total, byKind, bySystem, holds } = counters;
  const counted = total !== undefined && byKind !== undefined && bySystem !== undefined;
  const none: CallCounts = { reads: 0, writes: 0 };
  return {
    id,
    connection,
    kind,
    state,
    startedAt,
    finishedAt,
    actions: counted ? { total, byKind, bySystem } : (await countRun(ex, id)).actions,
    holds: holds ?? { total: 0, byCode: {} },
    apiCalls: { crm: apiCalls.crm ?? none, marketing: apiCalls.marketing ?? none },
    failures: await failuresOf(ex, id),
    message: error,
    problems: [],
  };
}

/** Every planned write of a run, in order, page by page; only those in these states where given. (R15) */
export async function* plannedOf(
  ex: Executor,
  runId: string,
  states?: readonly ActionState[],
): AsyncGenerator<StoredAction> {
  for (let afterSeq = -1; ; ) {
    const page = await listActions(ex, runId, { afterSeq, limit: 500, ...(states === undefined ? {} : { states }) });
    const last = page.at(-1);
    if (last === undefined) return;
    afterSeq = last.seq;
    yield* page;
  }
}
