// When a CRM record was first missed: nothing follows from it before its grace is over. And whether a lead was converted:
// that is for good, whatever is still told of it. (4.3, D8)
import { type Kysely, sql } from 'kysely';

/** Records that were gone before this was kept count as missed when they were last observed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table crm_records add column gone_at text`.execute(db);
  await sql`update crm_records set gone_at = observed_at where state = 'deleted'`.execute(db);
  await sql`alter table crm_records add column converted integer not null default 0`.execute(db);
  await sql`update crm_records set converted = 1 where role = 'lead' and content like '%"convertedTo"%'`.execute(db);
}
