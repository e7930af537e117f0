// Work that failed several times in a row: how often, since when, and why. Decides nothing about it.
import { sql } from 'kysely';
import type { Executor } from './executor.ts';
import { decodeJsonOrNull, encodeJson } from './json.ts';
import type { JobFailureRow } from './schema-service.ts';

/** Failures in a row after which somebody is told: work like this is a dead letter. */
export const GIVEN_UP_AFTER = 8;
const LONGEST_REASON = 500;

export type FailingWork = JobFailureRow['work'];

export interface DeadLetter {
  readonly connection: string;
  readonly work: FailingWork;
  readonly failures: number;
  /** ISO UTC of the first and the last failure. */
  readonly since: string;
  readonly at: string;
  readonly reason: string;
  /** What was asked for, where somebody asked; null for work on schedule. */
  readonly what: unknown;
}

/** @returns how often it failed in a row by now */
export async function countFailure(
  ex: Executor,
  failure: Omit<DeadLetter, 'failures' | 'since'> & { readonly failures?: number },
): Promise<number> {
  const { connection, work, at, what, failures = 1 } = failure;
  // Whose address stands in the words of an error does not matter for them.
  const reason = failure.reason.replaceAll(/[^\s"'<>()]+@[^\s"'<>()]+/g, '(address)').slice(0, LONGEST_REASON);
  const row = await ex.db
    .insertInto('job_failures')
    .values({ connection, work, failures, since: at, at, reason, what: what === null ? null : encodeJson(what) })
    .onConflict((oc) =>
      oc.columns(['connection', 'work']).doUpdateSet((eb) => ({
        failures: sql<number>`job_failures.failures + excluded.failures`,
        at: eb.ref('excluded.at'),
        reason: eb.ref('excluded.reason'),
        what: eb.ref('excluded.what'),
      })),
    )
    .returning('failures')
    .executeTakeFirstOrThrow();
  return Number(row.failures);
}

/** It went through, or somebody takes it in hand. @returns false when there was nothing to forget */
export async function forgetFailures(ex: Executor, connection: string, work: FailingWork): Promise<boolean> {
  const result = await ex.db
    .deleteFrom('job_failures')
    .where('connection', '=', connection)
    .where('work', '=', work)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** What failed so often that somebody has to look, the newest first; of one connection or of all. */
export async function deadLetters(ex: Executor, connection?: string): Promise<readonly DeadLetter[]> {
  const rows = await ex.db
    .selectFrom('job_failures')
    .selectAll()
    .where('failures', '>=', GIVEN_UP_AFTER)
    .$if(connection !== undefined, (query) => query.where('connection', '=', connection as string))
    .orderBy('at', 'desc')
    .orderBy('connection')
    .execute();
  return rows.map((row) => ({ ...row, what: decodeJsonOrNull<unknown>(row.what) }));
}
