// Figures for the overview and for metrics, read from what is stored anyway. Counts through indexes; keeps nothing of its own.
import { sql } from 'kysely';
import type { Executor } from './executor.ts';
import { decodeJson } from './json.ts';
import type { JsonObject, StoredRun } from './runs.ts';

export type RunFigure = Pick<
  StoredRun,
  'connection' | 'kind' | 'state' | 'startedAt' | 'finishedAt' | 'counters' | 'apiCalls'
>;

/** More runs than a quarter of a year has at the shortest interval of a few connections. */
const MOST_RUNS = 50_000;

/** Runs that began since a moment, oldest first; of one connection, or of all. */
export async function runFigures(ex: Executor, since: string, connection?: string): Promise<readonly RunFigure[]> {
  let query = ex.db
    .selectFrom('runs')
    .select(['connection', 'kind', 'state', 'started_at', 'finished_at', 'counters', 'api_calls'])
    .where('started_at', '>=', since);
  if (connection !== undefined) query = query.where('connection', '=', connection);
  const rows = await query.orderBy('started_at').limit(MOST_RUNS).execute();
  return rows.map((row) => ({
    connection: row.connection,
    kind: row.kind,
    state: row.state,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    counters: decodeJson<JsonObject>(row.counters),
    apiCalls: decodeJson<JsonObject>(row.api_calls),
  }));
}

/** Writes that wait for approval, of persons and products. */
export async function countParked(ex: Executor, connection: string): Promise<number> {
  // Written out, not bound: only then are the indexes over parked writes used.
  const persons = await ex.db
    .selectFrom('actions')
    .select((eb) => eb.fn.countAll().as('total'))
    .where('connection', '=', connection)
    .where(sql<boolean>`state = 'parked'`)
    .executeTakeFirstOrThrow();
  const products = await ex.db
    .selectFrom('product_writes')
    .select((eb) => eb.fn.countAll().as('total'))
    .where('connection', '=', connection)
    .where(sql<boolean>`state in ('sent', 'parked')`)
    .where('state', '=', 'parked')
    .executeTakeFirstOrThrow();
  return Number(persons.total) + Number(products.total);
}

/** Entries of the ledger looked back over. */
const LEDGER_TAIL = 2000;

/** The last opt-outs that were carried over: when they took effect, as far as anybody knows, and when they were written. Newest first. */
export async function recentOptOuts(
  ex: Executor,
  connection: string,
  limit: number,
): Promise<readonly { readonly effectiveAt: string; readonly at: string }[]> {
  const head = await ex.db
    .selectFrom('ledger')
    .select((eb) => eb.fn.max('seq').as('seq'))
    .where('connection', '=', connection)
    .executeTakeFirst();
  const rows = await ex.db
    .selectFrom('ledger')
    .select(['effective_at', 'at'])
    .where('connection', '=', connection)
    .where('seq', '>', Number(head?.seq ?? 0) - LEDGER_TAIL)
    .where('state', '=', 'optedOut')
    .where('written', 'is not', null)
    .where('effective_at', 'is not', null)
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute();
  return rows.flatMap(({ effective_at: effectiveAt, at }) => (effectiveAt === null ? [] : [{ effectiveAt, at }]));
}
