// Runs that somebody asked for, until one of the processes that share the work has done them. Runs nothing.
import { sql } from 'kysely';
import type { Executor } from './executor.ts';
import { decodeJson, encodeJson } from './json.ts';
import type { AskedRunRow } from './schema-service.ts';

/** Sorts before every time: due by the clock of whichever process looks. */
export const AT_ONCE = '';

/** `asked`: somebody waits for it. `align`: it may take long, and has places of its own. */
export type AskedLane = AskedRunRow['lane'];

export interface AskedRun {
  /** Of the run, if its first try begins. */
  readonly id: string;
  readonly connection: string;
  readonly lane: AskedLane;
  readonly what: unknown;
  readonly askedAt: string;
  /** How often it was begun. */
  readonly tries: number;
  readonly cancelled: boolean;
}

/** @returns false when a run of this connection waits already */
export async function askForRun(ex: Executor, run: Omit<AskedRun, 'tries' | 'cancelled'>): Promise<boolean> {
  const { id, connection, lane, what, askedAt } = run;
  const result = await ex.db
    .insertInto('asked_runs')
    .values({
      id,
      connection,
      lane,
      what: encodeJson(what),
      asked_at: askedAt,
      due_at: AT_ONCE,
      told_at: null,
      tries: 0,
      cancelled: 0,
    })
    .onConflict((oc) => oc.column('connection').doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function askedRun(ex: Executor, id: string): Promise<AskedRun | null> {
  const row = await ex.db.selectFrom('asked_runs').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : toAsked(row);
}

/** The one that a connection waits for. @param dueBy ISO UTC; null = whenever it is due */
export async function askedRunOf(ex: Executor, connection: string, dueBy: string | null): Promise<AskedRun | null> {
  const row = await ex.db
    .selectFrom('asked_runs')
    .selectAll()
    .where('connection', '=', connection)
    .$if(dueBy !== null, (query) => query.where('due_at', '<=', dueBy ?? ''))
    .executeTakeFirst();
  return row === undefined ? null : toAsked(row);
}

/** What is due and no worker was told of since `toldBefore`; each is told to one caller. */
export async function tellDueRuns(
  ex: Executor,
  times: { readonly now: string; readonly toldBefore: string },
  limit: number,
): Promise<readonly { readonly connection: string; readonly lane: AskedLane }[]> {
  const { rows } = await sql<Pick<AskedRunRow, 'connection' | 'lane'>>`
    update asked_runs set told_at = ${times.now}
    where id in (
        select id from asked_runs
        where due_at <= ${times.now} and (told_at is null or told_at < ${times.toldBefore})
        order by asked_at limit ${limit})
      and (told_at is null or told_at < ${times.toldBefore})
    returning connection, lane`.execute(ex.db);
  return rows;
}

/** It is begun once more. @returns false when nobody wants it any more */
export async function beginAskedRun(ex: Executor, id: string): Promise<boolean> {
  const result = await ex.db
    .updateTable('asked_runs')
    .set({ tries: sql<number>`tries + 1` })
    .where('id', '=', id)
    .where('cancelled', '=', 0)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** @param dueAt ISO UTC @param begun false = its try did not begin and does not count */
export async function putOffAskedRun(ex: Executor, id: string, dueAt: string, begun: boolean): Promise<void> {
  await ex.db
    .updateTable('asked_runs')
    .set({ due_at: dueAt, told_at: null, ...(begun ? {} : { tries: sql<number>`tries - 1` }) })
    .where('id', '=', id)
    .execute();
}

/** @returns false when there is no such run any more */
export async function cancelAskedRun(ex: Executor, id: string): Promise<boolean> {
  const result = await ex.db.updateTable('asked_runs').set({ cancelled: 1 }).where('id', '=', id).executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Which of these runs are not wanted any more. */
export async function cancelledRuns(ex: Executor, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const rows = await ex.db
    .selectFrom('asked_runs')
    .select('id')
    .where('id', 'in', ids)
    .where('cancelled', '=', 1)
    .execute();
  return rows.map(({ id }) => id);
}

export async function dropAskedRun(ex: Executor, id: string): Promise<void> {
  await ex.db.deleteFrom('asked_runs').where('id', '=', id).execute();
}

function toAsked(row: AskedRunRow): AskedRun {
  return {
    id: row.id,
    connection: row.connection,
    lane: row.lane,
    what: decodeJson<unknown>(row.what),
    askedAt: row.asked_at,
    tries: row.tries,
    cancelled: row.cancelled === 1,
  };
}
