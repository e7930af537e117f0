// When the work of each connection is due, for workers on several machines.
import { type Kysely, sql } from 'kysely';

const STATEMENTS: readonly string[] = [
  `create table job_times (
    connection text not null, work text not null, due_at text, asked_at text, wanted_at text,
    primary key (connection, work))`,
  `create index job_times_due on job_times (due_at) where due_at is not null`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
