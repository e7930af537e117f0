// Runs: what was started, how it ended and what it counted. Computes no state; the engine says it. (4.10)
import type { Executor } from './executor.ts';
import { decodeJson, encodeJson } from './json.ts';
import type { RunKind, RunRow, RunState } from './schema.ts';

export type { RunKind, RunState } from './schema.ts';

/** JSON of the engine's own making: counters, calls, options. */
export type JsonObject = { readonly [key: string]: unknown };

export interface StoredRun {
  readonly id: string;
  readonly connection: string;
  readonly kind: RunKind;
  readonly state: RunState;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly counters: JsonObject;
  readonly apiCalls: JsonObject;
  readonly error: string | null;
  readonly options: JsonObject;
}

export type RunPatch = Partial<Pick<StoredRun, 'state' | 'finishedAt' | 'counters' | 'apiCalls' | 'error' | 'options'>>;

export async function insertRun(ex: Executor, run: StoredRun): Promise<void> {
  await ex.db
    .insertInto('runs')
    .values({
      id: run.id,
      connection: run.connection,
      kind: run.kind,
      state: run.state,
      started_at: run.startedAt,
      finished_at: run.finishedAt,
      counters: encodeJson(run.counters),
      api_calls: encodeJson(run.apiCalls),
      error: run.error,
      options: encodeJson(run.options),
    })
    .execute();
}

/** Members left out stay; JSON members are replaced whole. */
export async function updateRun(ex: Executor, id: string, patch: RunPatch): Promise<void> {
  const row: Partial<RunRow> = {};
  if (patch.state !== undefined) row.state = patch.state;
  if (patch.finishedAt !== undefined) row.finished_at = patch.finishedAt;
  if (patch.counters !== undefined) row.counters = encodeJson(patch.counters);
  if (patch.apiCalls !== undefined) row.api_calls = encodeJson(patch.apiCalls);
  if (patch.error !== undefined) row.error = patch.error;
  if (patch.options !== undefined) row.options = encodeJson(patch.options);
  if (Object.keys(row).length > 0) await ex.db.updateTable('runs').set(row).where('id', '=', id).execute();
}

export async function getRun(ex: Executor, id: string): Promise<StoredRun | null> {
  const row = await ex.db.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : toRun(row);
}

export interface RunFilter {
  readonly connection?: string;
  readonly kinds?: readonly RunKind[];
  readonly states?: readonly RunState[];
  /** Continue with runs older than this one of the page before. */
  readonly before?: { readonly startedAt: string; readonly id: string };
  /** Default 50. */
  readonly limit?: number;
}

/** Newest first. */
export async function listRuns(ex: Executor, filter: RunFilter = {}): Promise<readonly StoredRun[]> {
  let query = ex.db.selectFrom('runs').selectAll();
  if (filter.connection !== undefined) query = query.where('connection', '=', filter.connection);
  if (filter.kinds !== undefined) query = query.where('kind', 'in', filter.kinds);
  if (filter.states !== undefined) query = query.where('state', 'in', filter.states);
  const before = filter.before;
  if (before !== undefined) {
    query = query.where((eb) => eb(eb.refTuple('started_at', 'id'), '<', eb.tuple(before.startedAt, before.id)));
  }
  const rows = await query
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit ?? 50)
    .execute();
  return rows.map(toRun);
}

/** Runs whose id is this or begins with it, newest first; at most `limit`. */
export async function findRuns(ex: Executor, idPrefix: string, limit: number): Promise<readonly StoredRun[]> {
  const rows = await ex.db
    .selectFrom('runs')
    .selectAll()
    .where('id', '>=', idPrefix)
    .where('id', '<', `${idPrefix}\u{10ffff}`)
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toRun);
}

/** The newest run that ended `ok` or `ok_with_holds`. */
export async function lastSuccessfulRun(
  ex: Executor,
  connection: string,
  kinds: readonly RunKind[],
): Promise<StoredRun | null> {
  const runs = await listRuns(ex, { connection, kinds, states: ['ok', 'ok_with_holds'], limit: 1 });
  return runs[0] ?? null;
}

/** Runs whose process died are told from running ones. To be called by the holder of the connection's lease only. @returns their ids */
export async function interruptRunning(ex: Executor, connection: string, now: string): Promise<readonly string[]> {
  const rows = await ex.db
    .updateTable('runs')
    .set({ state: 'interrupted', finished_at: now })
    .where('connection', '=', connection)
    .where('state', '=', 'running')
    .returning('id')
    .execute();
  return rows.map((row) => row.id).sort();
}

/**
 * Forgets runs that finished before `olderThan`, with their actions and notes. A parked run stays until it is decided, and
 * so does one with a write whose outcome is not known yet. @returns number of runs removed
 */
export async function purgeRuns(ex: Executor, connection: string, olderThan: string): Promise<number> {
  const result = await ex.db
    .deleteFrom('runs')
    .where('connection', '=', connection)
    .where('finished_at', '<', olderThan)
    .where('state', 'not in', ['parked', 'running'])
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('actions')
            .select('actions.seq')
            .whereRef('actions.run_id', '=', 'runs.id')
            .where('actions.state', 'in', ['sent', 'unknown']),
        ),
      ),
    )
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

function toRun(row: RunRow): StoredRun {
  return {
    id: row.id,
    connection: row.connection,
    kind: row.kind,
    state: row.state,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    counters: decodeJson<JsonObject>(row.counters),
    apiCalls: decodeJson<JsonObject>(row.api_calls),
    error: row.error,
    options: decodeJson<JsonObject>(row.options),
  };
}
