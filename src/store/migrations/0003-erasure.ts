// Erasure of a person: a ledger whose personal part can be taken out without breaking its chain, receipts, and the guard.
import { type Kysely, sql } from 'kysely';

const STATEMENTS: readonly string[] = [
  // Entries written before carry no digest: their personal part is in the chain itself.
  `alter table ledger add column salt text`,
  `alter table ledger add column digest text`,
  `alter table ledger add column person text`,
  `alter table ledger add column erasure_id text`,
  `alter table ledger add column redacts text`,
  `create index ledger_person on ledger (connection, person) where person is not null`,
  `create table erasures (
    id text primary key, connection text not null, state text not null, started_at text not null, finished_at text,
    pending text, receipt text, error text)`,
  `create index erasures_open on erasures (connection, started_at) where state = 'open'`,
  `create table erased_addresses (
    connection text not null, hash text not null, key_mark text not null, erasure_id text not null,
    opted_out integer not null, erased_at text not null, lifted_at text, primary key (connection, hash))`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
