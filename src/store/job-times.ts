// When the work of each connection is due, for processes that share it. Runs nothing and knows no queue.
import { sql } from 'kysely';
import { AT_ONCE } from './asked-runs.ts';
import type { Executor } from './executor.ts';
import { batches } from './keys.ts';
import type { JobTimeRow } from './schema-service.ts';

export type Work = JobTimeRow['work'];

export interface JobTime {
  readonly connection: string;
  readonly work: Work;
  /** ISO UTC; null = not before somebody says so. */
  readonly dueAt: string | null;
}

/** Adds work that is new; what is known keeps its time. */
export async function addJobTimes(ex: Executor, times: readonly JobTime[]): Promise<void> {
  for (const batch of batches(times)) {
    await ex.db
      .insertInto('job_times')
      .values(
        batch.map(({ connection, work, dueAt }) => ({
          connection,
          work,
          due_at: dueAt,
          asked_at: null,
          wanted_at: null,
        })),
      )
      .onConflict((oc) => oc.columns(['connection', 'work']).doNothing())
      .execute();
  }
}

/**
 * What is due and was not asked for since `askedBefore`, the longest due first; each is told to one caller.
 * Asking again is how a lost job is found: the time moves only when the work was done.
 */
export async function askForDue(
  ex: Executor,
  times: { readonly now: string; readonly askedBefore: string },
  limit: number,
): Promise<readonly JobTime[]> {
  const { rows } = await sql<JobTimeRow>`
    update job_times set asked_at = ${times.now}
    where (connection, work) in (
        select connection, work from job_times
        where due_at is not null and due_at <= ${times.now} and (asked_at is null or asked_at < ${times.askedBefore})
        order by due_at limit ${limit})
      and (asked_at is null or asked_at < ${times.askedBefore})
    returning connection, work, due_at, asked_at, wanted_at`.execute(ex.db);
  return rows.map(({ connection, work, due_at: dueAt }) => ({ connection, work, dueAt }));
}

/** Somebody wants it now, whatever the schedule says. @returns false when there is no such work */
export async function wantNow(ex: Executor, connection: string, work: Work, now: string): Promise<boolean> {
  const result = await ex.db
    .updateTable('job_times')
    .set({ due_at: AT_ONCE, asked_at: null, wanted_at: now })
    .where('connection', '=', connection)
    .where('work', '=', work)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** When somebody wanted it at once; null = nobody does. */
export async function wantedSince(ex: Executor, connection: string, work: Work): Promise<string | null> {
  const row = await ex.db
    .selectFrom('job_times')
    .select('wanted_at')
    .where('connection', '=', connection)
    .where('work', '=', work)
    .executeTakeFirst();
  return row?.wanted_at ?? null;
}

/**
 * The work is due again then; what somebody wanted meanwhile stays due.
 * @param how.wanted as it was before the work began; @param how.put `off`: what somebody wanted was not begun and stays wanted
 */
export async function setJobTime(
  ex: Executor,
  { connection, work, dueAt }: JobTime,
  { wanted, put }: { readonly wanted: string | null; readonly put: 'done' | 'off' },
): Promise<void> {
  const nothingNew = sql<boolean>`(wanted_at is null or wanted_at = ${wanted ?? ''})`;
  await ex.db
    .updateTable('job_times')
    .set({
      due_at: sql<string | null>`case when ${nothingNew} then ${dueAt} else due_at end`,
      ...(put === 'off' ? {} : { wanted_at: sql<string | null>`case when ${nothingNew} then null else wanted_at end` }),
      asked_at: null,
    })
    .where('connection', '=', connection)
    .where('work', '=', work)
    .execute();
}

/** Work that waited for its connection's alignment is due once that is done. @returns number woken */
export async function wakeAligned(ex: Executor, now: string): Promise<number> {
  const result = await ex.db
    .updateTable('job_times')
    .set({ due_at: now, asked_at: null })
    .where('due_at', 'is', null)
    .where('connection', 'in', (eb) =>
      eb.selectFrom('connections').select('connections.name').where('aligned_at', 'is not', null),
    )
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}
