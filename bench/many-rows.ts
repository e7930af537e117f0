// Fills a PostgreSQL database with as many rows as thousands of tenants leave behind, one of them a fifth of all. Measures nothing.
import type { Client } from 'pg';

/** The tenant that has a fifth of all rows. */
export const BIG = 'big';

/** `n` is the row's number, from 0. */
const TENANT = `case when n % 5 = 0 then '${BIG}' else 'tenant-' || lpad((n % 4000)::text, 4, '0') end`;
const CRM_ID = '(100000000 + n)::text';
const MARKETING_ID = '(30000000 + n)::text';
const ADDRESS = `to_hex(hashint8(n)::bigint & 4294967295) || n || '@mail' || n % 97 || '.example'`;
const AT = `to_char(timestamp '2026-01-01' + n * interval '2 seconds', 'YYYY-MM-DD"T"HH24:MI:SS".000Z"')`;
const RUNS = 20_000;

interface Fill {
  readonly table: string;
  /** Share of the rows asked for. */
  readonly share: number;
  readonly columns: string;
  readonly values: string;
}

const FILLS: readonly Fill[] = [
  {
    table: 'crm_records',
    share: 1,
    columns:
      'connection, role, id_len, id, email_key, content, updated_at, revision, state, dirty, changed, observed_at, seen_scan',
    values: `${TENANT}, 'contact', 9, ${CRM_ID}, ${ADDRESS},
      '{"v":1,"d":{"firstName":"Given","lastName":"Family ' || n || '","tags":[],"values":{"address.postal_code":"AB1 2CD"}}}',
      ${AT}, n, 'present', case when n % 20000 = 0 then 1 else 0 end, 0, ${AT}, 1`,
  },
  {
    table: 'marketing_records',
    share: 1,
    columns:
      'connection, id_len, id, email_key, content, updated_at, state, assumed, dirty, changed, observed_at, seen_scan',
    values: `${TENANT}, 8, ${MARKETING_ID}, ${ADDRESS},
      '{"values":{"FIRSTNAME":"Given","LASTNAME":"Family ' || n || '","POSTCODE":"AB1 2CD"},"channel":{"state":"subscribed"}}',
      ${AT}, 'present', 0, case when n % 20000 = 0 then 1 else 0 end, 0, ${AT}, 1`,
  },
  {
    table: 'links',
    share: 1,
    columns:
      'id, connection, role, crm_id, marketing_id, state, because, base, unconfirmed, email_hash, created_at, updated_at',
    values: `md5(n::text), ${TENANT}, 'contact', ${CRM_ID}, ${MARKETING_ID}, 'active', null,
      '{"FIRSTNAME":{"crm":"Given","marketing":"Given"},"LASTNAME":{"crm":"F","marketing":"F"}}', '{}', null, ${AT}, ${AT}`,
  },
  {
    table: 'actions',
    share: 1,
    columns:
      'run_id, seq, id, person_key, connection, lane, kind, system, entity, row_id, clears, email, email_key, crm_id, marketing_id, payload, state, job_id, attempts, error, outcome, planned_at, sent_at, settled_at',
    values: `'run-' || n % ${RUNS}, n / ${RUNS}, 'm:' || n || '|marketing|update', 'm:' || n, ${TENANT}, 'update', 'update',
      'marketing', 'contact', 'C5', 0, ${ADDRESS}, ${ADDRESS}, ${CRM_ID}, ${MARKETING_ID},
      '{"changes":{"FIRSTNAME":{"from":"Ada","to":"Augusta"}},"marketing":{"set":{"FIRSTNAME":"Augusta"}}}',
      case when n % 50000 = 0 then 'parked' else 'done' end, 'job', 1, null, null, ${AT}, ${AT}, ${AT}`,
  },
  {
    table: 'notes',
    share: 0.2,
    columns: 'run_id, connection, person_key, row_id, text, email_key, at',
    values: `'run-' || n % ${RUNS}, ${TENANT}, 'm:' || n, 'C5', 'Noted.', ${ADDRESS}, ${AT}`,
  },
  {
    table: 'holds',
    share: 0.1,
    columns:
      'id, connection, identity, subject, code, severity, row_id, entity, email, crm_id, marketing_id, field, message, fix, state, first_seen, last_seen, attempts',
    values: `'hold-' || n, ${TENANT}, 'i' || n, 's' || n, case n % 3 when 0 then 'NAME_MISSING' else 'EMAIL_INVALID' end, 'action', 'C11',
      'contact', ${ADDRESS}, ${CRM_ID}, ${MARKETING_ID}, null, 'Held.', 'Mend it.', case when n % 10 = 0 then 'open' else 'fixed' end,
      ${AT}, ${AT}, 1`,
  },
  {
    table: 'hold_refs',
    share: 0.1,
    columns: 'hold_id, connection, system, entity, record_id',
    values: `'hold-' || n, ${TENANT}, 'crm', 'contact', ${CRM_ID}`,
  },
  {
    table: 'ledger',
    share: 0.2,
    columns:
      'connection, seq, at, email_key, crm_id, marketing_id, system, state, signal, effective_at, row_id, written, run_id, previous, hash',
    values: `${TENANT}, n, ${AT}, ${ADDRESS}, ${CRM_ID}, ${MARKETING_ID}, 'crm', 'opted-out', 'tag', ${AT}, 'O1', 'unsubscribed',
      'run-' || n % ${RUNS}, md5(n::text), md5((n + 1)::text)`,
  },
  {
    table: 'suppressions',
    share: 0.1,
    columns: 'connection, email_key, marketing_id, reason, at, first_seen',
    values: `${TENANT}, ${ADDRESS}, ${MARKETING_ID}, 'unsubscribed', ${AT}, ${AT}`,
  },
  {
    table: 'list_members',
    share: 0.1,
    columns: 'connection, list_id, marketing_id, since, seen_sweep',
    values: `${TENANT}, 'list-' || n % 6, ${MARKETING_ID}, ${AT}, ${AT}`,
  },
  {
    table: 'job_times',
    share: 0.01,
    columns: 'connection, work, due_at, asked_at, wanted_at',
    values: `'tenant-' || lpad(n::text, 6, '0'), 'sync', '2099-01-01T00:00:00.000Z', null, null`,
  },
];

/** @param rows of each of the four largest tables */
export async function fillDatabase(client: Client, rows: number, tell: (text: string) => void): Promise<void> {
  // What must hold is held by the statements themselves; indexes are built once, in the end.
  await client.query(
    "set session_replication_role = replica; set synchronous_commit = off; set maintenance_work_mem = '512MB'",
  );
  await client.query(`
    insert into runs select 'run-' || n, ${TENANT}, 'sync', 'ok', ${AT}, ${AT}, '{"v":1,"d":{"total":500}}', '{"v":1,"d":{}}', null, '{"v":1,"d":{}}'
      from generate_series(0::bigint, ${RUNS - 1}) n`);
  for (const { table, share, columns, values } of FILLS) {
    const begun = performance.now();
    const { rows: indexes } = await client.query<{ name: string; made: string }>(
      `select i.indexname as name, i.indexdef as made from pg_indexes i
        where i.tablename = $1 and not exists (select from pg_constraint c where c.conname = i.indexname)`,
      [table],
    );
    for (const { name } of indexes) await client.query(`drop index ${name}`);
    const last = Math.round(rows * share) - 1;
    await client.query(`insert into ${table} (${columns}) select ${values} from generate_series(0::bigint, ${last}) n`);
    for (const { made } of indexes) await client.query(made);
    tell(
      `${table}: ${(last + 1).toLocaleString('en-GB')} rows in ${((performance.now() - begun) / 1000).toFixed(0)} s`,
    );
  }
  await client.query('set session_replication_role = default');
  await client.query('vacuum analyze');
}
