// Runs that somebody asked for and a worker is to do, and work that fails again and again.
import { type Kysely, sql } from 'kysely';

const STATEMENTS: readonly string[] = [
  `create table asked_runs (
    id text primary key, connection text not null unique, lane text not null, what text not null, asked_at text not null,
    due_at text not null, told_at text, tries integer not null, cancelled integer not null)`,
  `create index asked_runs_due on asked_runs (due_at)`,
  `create table job_failures (
    connection text not null, work text not null, failures integer not null, since text not null, at text not null,
    reason text not null, what text, primary key (connection, work))`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
