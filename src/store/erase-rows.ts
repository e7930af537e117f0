// Takes everything about one person out of the database: the one place that goes over all tables. A table that a later
// version adds is named here as well; a test sees to it. The ledger is not for it: its entries are redacted, never removed.
import { sql } from 'kysely';
import type { Role } from '../core/model/identity.ts';
import type { Executor, Tx } from './executor.ts';
import { batches } from './keys.ts';
import type { Tables } from './schema.ts';

/** By which keys rows are the person's. */
export interface PersonKeys {
  /** Normal addresses. */
  readonly addresses: readonly string[];
  /** As links keep them. (decision 12) */
  readonly addressHashes: readonly string[];
  readonly marketingIds: readonly string[];
  readonly crm: { readonly [R in Role]: readonly string[] };
  /** As plans and notes name persons. */
  readonly personKeys: readonly string[];
}

/** Rows taken out, by table; those without any are left out. */
export type ErasedRows = { readonly [T in keyof Tables]?: number };

/** Tables whose rows are taken out, or told without the address. */
type Personal =
  | 'crm_records'
  | 'marketing_records'
  | 'suppressions'
  | 'links'
  | 'holds'
  | 'decisions'
  | 'actions'
  | 'notes'
  | 'list_members'
  | 'runs'
  | 'alerts'
  | 'audit';

/** Every other table, with the reason why it holds nothing of a person: the compiler asks for each. */
export const IMPERSONAL: { readonly [T in Exclude<keyof Tables, Personal>]: string } = {
  connections: 'accounts and cursors',
  leases: 'which process runs',
  scans: 'generations of complete scans',
  hold_refs: 'goes with its hold',
  lead_lists: 'lists by status',
  ledger: 'redacted, never removed',
  erasures: 'receipts and what is left to do, sealed',
  erased_addresses: 'keyed hashes',
  product_records: 'products',
  product_writes: 'products',
  products_undone: 'products',
  secrets: 'credentials, sealed',
  users: 'who works with this installation, not who is synchronised',
  one_time_links: 'as users',
  sessions: 'as users',
  api_tokens: 'as users',
  saved_connections: 'settings',
  pauses: 'which connection rests, and who said so',
  job_times: 'when which connection is due',
  asked_runs: 'gone as soon as the run was done',
  job_failures: 'addresses are struck out',
  paces: 'what is left of the services’ limits',
};

const ROLES: readonly Role[] = ['contact', 'lead'];

export async function eraseRows(tx: Tx, connection: string, keys: PersonKeys): Promise<ErasedRows> {
  const erased: { [T in keyof Tables]?: number } = {};
  const count = (table: keyof Tables, rows: number): void => {
    if (rows > 0) erased[table] = (erased[table] ?? 0) + rows;
  };
  for (const table of ['crm_records', 'marketing_records', 'suppressions', 'actions', 'notes'] as const)
    count(table, await byAddress(tx, table, connection, keys.addresses));
  for (const role of ROLES) {
    for (const ids of batches(keys.crm[role])) {
      const here = { connection, role, ids };
      count('crm_records', await run(tx, sql`delete from crm_records where ${ofRecord(here, 'role', 'id')}`));
      count('links', await run(tx, sql`delete from links where ${ofRecord(here, 'role', 'crm_id')}`));
      count('actions', await run(tx, sql`delete from actions where ${ofRecord(here, 'entity', 'crm_id')}`));
      for (const table of ['holds', 'decisions'] as const)
        count(table, await run(tx, sql`delete from ${sql.table(table)} where ${ofRecord(here, 'entity', 'crm_id')}`));
    }
  }
  for (const ids of batches(keys.marketingIds)) {
    const of = (column: string) => sql`connection = ${connection} and ${sql.ref(column)} in (${sql.join(ids)})`;
    count('marketing_records', await run(tx, sql`delete from marketing_records where ${of('id')}`));
    for (const table of ['suppressions', 'links', 'actions', 'holds', 'decisions', 'list_members'] as const)
      count(table, await run(tx, sql`delete from ${sql.table(table)} where ${of('marketing_id')}`));
  }
  for (const persons of batches(keys.personKeys)) {
    const of = sql`connection = ${connection} and person_key in (${sql.join(persons)})`;
    for (const table of ['actions', 'notes'] as const)
      count(table, await run(tx, sql`delete from ${sql.table(table)} where ${of}`));
  }
  for (const hashes of batches(keys.addressHashes)) {
    const of = sql`connection = ${connection} and email_hash in (${sql.join(hashes)})`;
    count('links', await run(tx, sql`delete from links where ${of}`));
  }
  for (const address of keys.addresses) await wherever(tx, connection, address, count);
  return erased;
}

function byAddress(
  tx: Tx,
  table: 'crm_records' | 'marketing_records' | 'suppressions' | 'actions' | 'notes',
  connection: string,
  addresses: readonly string[],
): Promise<number> {
  if (addresses.length === 0) return Promise.resolve(0);
  const of = sql`connection = ${connection} and email_key in (${sql.join(addresses)})`;
  return run(tx, sql`delete from ${sql.table(table)} where ${of}`);
}

function ofRecord(
  of: { readonly connection: string; readonly role: Role; readonly ids: readonly string[] },
  role: string,
  id: string,
) {
  return sql`connection = ${of.connection} and ${sql.ref(role)} = ${of.role} and ${sql.ref(id)} in (${sql.join(of.ids)})`;
}

/** The address where it stands in the middle of something: a rename of somebody else, a refusal told in words, a message. */
async function wherever(
  tx: Tx,
  connection: string,
  address: string,
  count: (table: keyof Tables, rows: number) => void,
): Promise<void> {
  const quoted = JSON.stringify(address);
  const has = (column: string, text: string) =>
    sql`replace(lower(coalesce(${sql.ref(column)}, '')), ${text}, '') <> lower(coalesce(${sql.ref(column)}, ''))`;
  const here = sql`connection = ${connection}`;
  count(
    'actions',
    await run(
      tx,
      sql`delete from actions where ${here} and (lower(coalesce(email, '')) = ${address} or ${has('payload', quoted)}
        or ${has('error', address)} or ${has('outcome', quoted)})`,
    ),
  );
  count(
    'holds',
    await run(
      tx,
      sql`delete from holds where ${here} and (lower(coalesce(email, '')) = ${address} or ${has('message', address)}
        or ${has('subject', address)} or ${has('identity', address)})`,
    ),
  );
  // An address that cannot be mailed has no comparable form in the mirror.
  for (const table of ['crm_records', 'marketing_records'] as const) {
    const nameless = sql`${here} and email_key is null and ${has('content', quoted)}`;
    count(table, await run(tx, sql`delete from ${sql.table(table)} where ${nameless}`));
  }
  count(
    'notes',
    await run(tx, sql`delete from notes where ${here} and (${has('text', address)} or ${has('person_key', address)})`),
  );
  // What else tells something in words stays, without the address.
  for (const [table, column] of SCRUBBED) {
    const found = await sql<{ id: string; text: string }>`select id, ${sql.ref(column)} as text from ${sql.table(table)}
      where (connection = ${connection} or connection is null) and ${has(column, address)}`.execute(tx.db);
    for (const { id, text } of found.rows)
      await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${without(text, address)} where id = ${id}`.execute(
        tx.db,
      );
    count(table, found.rows.length);
  }
}

const SCRUBBED = [
  ['runs', 'error'],
  ['alerts', 'message'],
  ['audit', 'subject'],
  ['audit', 'detail'],
] as const;

function without(text: string, address: string): string {
  const literal = address.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return text.replace(new RegExp(literal, 'gi'), '(erased)');
}

async function run(
  tx: Executor,
  statement: { execute(db: Executor['db']): Promise<{ numAffectedRows?: bigint }> },
): Promise<number> {
  return Number((await statement.execute(tx.db)).numAffectedRows ?? 0n);
}
