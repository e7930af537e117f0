// Complete scans: the only proof of absence besides an explicit delete event. (R8) Counts generations, judges nothing.
import type { Executor } from './executor.ts';

export type ScanTarget = 'marketing' | 'crm:contact' | 'crm:lead';

export interface Scan {
  readonly generation: number;
  readonly startedAt: string;
  /** Null while it runs or when it was broken off: then what it did not see means nothing. */
  readonly finishedAt: string | null;
}

/** Begins a scan; rows that it sees are written with its generation. */
export async function beginScan(ex: Executor, connection: string, target: ScanTarget, now: string): Promise<Scan> {
  const row = await ex.db
    .insertInto('scans')
    .values({ connection, target, generation: 1, started_at: now, finished_at: null })
    .onConflict((oc) =>
      oc.columns(['connection', 'target']).doUpdateSet((eb) => ({
        generation: eb('scans.generation', '+', 1),
        started_at: eb.ref('excluded.started_at'),
        finished_at: null,
      })),
    )
    .returning('generation')
    .executeTakeFirstOrThrow();
  return { generation: Number(row.generation), startedAt: now, finishedAt: null };
}

/** To be called only when the scan ended without an error. @returns false when another scan began meanwhile */
export async function finishScan(
  ex: Executor,
  connection: string,
  target: ScanTarget,
  generation: number,
  now: string,
): Promise<boolean> {
  const result = await ex.db
    .updateTable('scans')
    .set({ finished_at: now })
    .where('connection', '=', connection)
    .where('target', '=', target)
    .where('generation', '=', generation)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function lastScan(ex: Executor, connection: string, target: ScanTarget): Promise<Scan | null> {
  const row = await ex.db
    .selectFrom('scans')
    .selectAll()
    .where('connection', '=', connection)
    .where('target', '=', target)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { generation: Number(row.generation), startedAt: row.started_at, finishedAt: row.finished_at };
}
