// What people decided about questions that no rule may answer, and what may be decided about a hold.
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table holds add column asks text`.execute(db);
  await sql`create table decisions (
    connection text not null, question text not null, choice text not null, hold_id text not null,
    entity text not null, crm_id text, marketing_id text, decided_at text not null, decided_by text not null,
    primary key (connection, question))`.execute(db);
}
