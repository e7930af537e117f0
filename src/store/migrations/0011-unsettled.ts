// Writes whose answer was lost while the run went on are looked up by the next one, as those of a run that died.
import { type Kysely, sql } from 'kysely';

const STATEMENTS: readonly string[] = [
  `drop index actions_sent`,
  `create index actions_unsettled on actions (connection, run_id, seq) where state in ('sent', 'unknown')`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
