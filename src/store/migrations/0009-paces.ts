// What is left of the services' limits, for all processes that draw on them.
import { type Kysely, sql } from 'kysely';

const STATEMENTS: readonly string[] = [
  `create table paces (
    limit_key text primary key, version bigint not null, state text not null, used_at bigint not null)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
