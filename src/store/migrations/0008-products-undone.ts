// Product writes that somebody took back: while the CRM says the same, they are not sent again. (decision 27)
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table products_undone (
    connection text not null, collection text not null, id text not null, record text,
    primary key (connection, collection, id))`.execute(db);
}
