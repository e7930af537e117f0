// What the dashboard needs: people who log in, what they did, connections edited there, alerts, and quick counts and searches.
import { type Kysely, sql } from 'kysely';

const STATEMENTS: readonly string[] = [
  `create table users (
    id text primary key, email text not null unique, name text not null, role text not null, password text,
    disabled integer not null, created_at text not null, seen_at text)`,
  `create table one_time_links (
    hash text primary key, user_id text references users (id) on delete cascade, created_at text not null,
    expires_at text not null)`,
  `create table sessions (
    hash text primary key, user_id text not null references users (id) on delete cascade, created_at text not null,
    seen_at text not null, expires_at text not null)`,
  `create index sessions_user on sessions (user_id)`,
  `create table api_tokens (
    id text primary key, hash text not null unique, user_id text not null references users (id) on delete cascade,
    name text not null, role text not null, created_at text not null, expires_at text, used_at text)`,
  `create index api_tokens_user on api_tokens (user_id)`,
  `create table audit (
    id text primary key, at text not null, who text, token text, action text not null, connection text, subject text,
    outcome text not null, detail text not null)`,
  `create index audit_newest on audit (at, id)`,
  `create table saved_connections (
    name text primary key, version integer not null, settings text not null, saved_at text not null, saved_by text)`,
  `create table pauses (connection text primary key, at text not null, by_whom text)`,
  `create table alerts (
    id text primary key, connection text not null, kind text not null, severity text not null, message text not null,
    since text not null, ended_at text, told text not null)`,
  `create unique index alerts_open on alerts (connection, kind) where ended_at is null`,
  `create index alerts_newest on alerts (since, id)`,
  // The overview counts without reading the records themselves, and lists runs and holds of all connections together.
  `create index crm_records_count on crm_records (connection, role, state, dirty)`,
  `create index marketing_records_count on marketing_records (connection, state, dirty)`,
  `create index links_count on links (connection, role, state)`,
  `create index holds_count on holds (connection, state, code, severity)`,
  `create index holds_all on holds (state, first_seen, id)`,
  `create index runs_all on runs (started_at, id)`,
  // Somebody is searched for without saying in which connection.
  `create index crm_records_address on crm_records (email_key) where email_key is not null`,
  `create index marketing_records_address on marketing_records (email_key) where email_key is not null`,
];

/** Runs inside the migrator's transaction: all of it or nothing. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
