// When a CRM record was first missed: nothing follows from it before its grace is over. (4.3)
import { type Kysely, sql } from 'kysely';

/** Records that were gone before this was kept count as missed when they were last observed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table crm_records add column gone_at text`.execute(db);
  await sql`update crm_records set gone_at = observed_at where state = 'deleted'`.execute(db);
}
