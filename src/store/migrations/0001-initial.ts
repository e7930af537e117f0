// First schema: connections, mirror, links, holds, runs and the journal. Written once; later changes get their own file.
import { type Kysely, sql } from 'kysely';

const TABLES: readonly string[] = [
  `create table connections (
    name text primary key, crm_account_id text, crm_region text, marketing_account_id text, marketing_region text,
    replica text not null, fingerprint text, aligned_at text, watermarks text not null,
    live text, live_at text,
    crm_loaded_at text, marketing_loaded_at text, created_at text not null)`,
  `create table leases (name text primary key, holder text, token integer not null, expires_at text not null)`,
  `create table crm_records (
    connection text not null, role text not null, id_len integer not null, id text not null, email_key text,
    content text not null, updated_at text, revision bigint, state text not null, dirty integer not null,
    changed integer not null, observed_at text not null, seen_scan integer not null,
    primary key (connection, role, id_len, id))`,
  `create index crm_records_email on crm_records (connection, email_key, role)`,
  `create index crm_records_dirty on crm_records (connection, role, id_len, id) where dirty = 1`,
  `create table marketing_records (
    connection text not null, id_len integer not null, id text not null, email_key text, content text not null,
    updated_at text, state text not null, assumed integer not null, dirty integer not null, changed integer not null,
    observed_at text not null, seen_scan integer not null, primary key (connection, id_len, id))`,
  `create index marketing_records_email on marketing_records (connection, email_key)`,
  `create index marketing_records_dirty on marketing_records (connection, id_len, id) where dirty = 1`,
  `create table scans (
    connection text not null, target text not null, generation integer not null, started_at text not null,
    finished_at text, primary key (connection, target))`,
  `create table suppressions (
    connection text not null, email_key text not null, marketing_id text, reason text not null, at text not null,
    first_seen text not null, primary key (connection, email_key))`,
  `create table links (
    id text primary key, connection text not null, role text not null, crm_id text not null,
    marketing_id text not null, state text not null, because text, base text not null, unconfirmed text not null,
    email_hash text, created_at text not null, updated_at text not null)`,
  `create unique index links_one_per_record on links (connection, role, crm_id) where state <> 'severed'`,
  `create unique index links_one_per_role on links (connection, role, marketing_id)
    where state in ('active', 'paused', 'held')`,
  `create index links_crm on links (connection, role, crm_id)`,
  `create index links_marketing on links (connection, marketing_id)`,
  `create index links_email_hash on links (connection, email_hash) where email_hash is not null`,
  `create index links_page on links (connection, id)`,
  `create table holds (
    id text primary key, connection text not null, identity text not null, subject text not null, code text not null,
    severity text not null, row_id text not null, entity text not null, email text, crm_id text, marketing_id text,
    field text, message text not null, fix text not null, state text not null, first_seen text not null,
    last_seen text not null, attempts integer not null)`,
  `create unique index holds_identity on holds (connection, identity)`,
  `create index holds_list on holds (connection, state, first_seen, id)`,
  `create index holds_crm on holds (connection, crm_id)`,
  `create index holds_marketing on holds (connection, marketing_id)`,
  `create index holds_subject on holds (connection, subject)`,
  `create table hold_refs (
    hold_id text not null references holds (id) on delete cascade, connection text not null, system text not null,
    entity text not null, record_id text not null, primary key (hold_id, system, entity, record_id))`,
  `create index hold_refs_record on hold_refs (connection, record_id)`,
  `create table runs (
    id text primary key, connection text not null, kind text not null, state text not null, started_at text not null,
    finished_at text, counters text not null, api_calls text not null, error text, options text not null)`,
  `create index runs_newest on runs (connection, started_at, id)`,
  `create table actions (
    run_id text not null references runs (id) on delete cascade, seq integer not null, id text not null,
    person_key text not null, connection text not null, lane text not null, kind text not null, system text not null,
    entity text not null, row_id text not null, clears integer not null, email text, email_key text, crm_id text,
    marketing_id text, payload text not null, state text not null, job_id text, attempts integer not null, error text,
    outcome text, planned_at text not null, sent_at text, settled_at text, primary key (run_id, seq))`,
  `create unique index actions_id on actions (run_id, id)`,
  `create index actions_next on actions (run_id, state, lane, system, kind, seq)`,
  `create index actions_sent on actions (connection, run_id, seq) where state = 'sent'`,
  `create index actions_parked on actions (connection, person_key) where state = 'parked'`,
  `create index actions_email on actions (connection, email_key)`,
  `create index actions_crm on actions (connection, crm_id)`,
  `create index actions_marketing on actions (connection, marketing_id)`,
  `create table notes (
    run_id text not null references runs (id) on delete cascade, connection text not null, person_key text not null,
    row_id text not null, text text not null, email_key text, at text not null)`,
  `create index notes_run on notes (run_id)`,
  `create index notes_email on notes (connection, email_key)`,
  `create table lead_lists (
    connection text not null, status text not null, list_id text not null, name text not null, swept_at text,
    primary key (connection, status))`,
  `create table list_members (
    connection text not null, list_id text not null, marketing_id text not null, since text, seen_sweep text not null,
    primary key (connection, list_id, marketing_id))`,
  `create index list_members_contact on list_members (connection, marketing_id)`,
  `create table ledger (
    connection text not null, seq integer not null, at text not null, email_key text, crm_id text, marketing_id text,
    system text not null, state text not null, signal text not null, effective_at text, row_id text not null,
    written text, run_id text, previous text not null, hash text not null, primary key (connection, seq))`,
  `create index ledger_email on ledger (connection, email_key)`,
  `create index ledger_marketing on ledger (connection, marketing_id)`,
  `create table product_records (
    connection text not null, collection text not null, id text not null, record text not null, at text not null,
    primary key (connection, collection, id))`,
  `create table product_writes (
    run_id text not null references runs (id) on delete cascade, seq integer not null, connection text not null,
    collection text not null, product_id text not null, kind text not null, row_id text not null, before text,
    after text, state text not null, job_id text, error text, planned_at text not null, sent_at text,
    settled_at text, primary key (run_id, seq))`,
  `create index product_writes_open on product_writes (connection, run_id, seq) where state in ('sent', 'parked')`,
  `create table secrets (
    connection text not null, name text not null, value text not null, updated_at text not null,
    primary key (connection, name))`,
];

/** Runs inside the migrator's transaction: all of it or nothing. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of TABLES) await sql.raw(statement).execute(db);
}
