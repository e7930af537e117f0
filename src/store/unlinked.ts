// Records that no living link names, and addresses that several records share. Only reads.
import { sql } from 'kysely';
import type { Role } from '../core/model/identity.ts';
import type { Executor } from './executor.ts';

/** Present CRM records of a role without a link, ascending by id, after `afterId` (null = from the start). */
export async function unlinkedCrmIds(
  ex: Executor,
  connection: string,
  role: Role,
  afterId: string | null,
  limit: number,
): Promise<readonly string[]> {
  const after = afterId === null ? sql`` : sql`and (r.id_len, r.id) > (${afterId.length}, ${afterId})`;
  const { rows } = await sql<{ id: string }>`
    select r.id from crm_records r
    where r.connection = ${connection} and r.role = ${role} and r.state = 'present' ${after}
      and not exists (select 1 from links l where l.connection = r.connection and l.role = r.role and l.crm_id = r.id and l.state <> 'severed')
    order by r.id_len, r.id limit ${limit}`.execute(ex.db);
  return rows.map((row) => row.id);
}

/** Present marketing contacts that are linked in neither role, ascending by id. */
export async function unlinkedMarketingIds(
  ex: Executor,
  connection: string,
  afterId: string | null,
  limit: number,
): Promise<readonly string[]> {
  const after = afterId === null ? sql`` : sql`and (r.id_len, r.id) > (${afterId.length}, ${afterId})`;
  const { rows } = await sql<{ id: string }>`
    select r.id from marketing_records r
    where r.connection = ${connection} and r.state = 'present' ${after}
      and not exists (select 1 from links l where l.connection = r.connection and l.marketing_id = r.id and l.state <> 'severed')
    order by r.id_len, r.id limit ${limit}`.execute(ex.db);
  return rows.map((row) => row.id);
}

/** Addresses that several present CRM records of a role have, in order. (4.4) */
export async function sharedAddresses(
  ex: Executor,
  connection: string,
  role: Role,
  limit: number,
): Promise<readonly { readonly emailKey: string; readonly total: number }[]> {
  const { rows } = await sql<{ email_key: string; total: number | string }>`
    select email_key, count(*) as total from crm_records
    where connection = ${connection} and role = ${role} and state = 'present' and email_key is not null
    group by email_key having count(*) > 1 order by email_key limit ${limit}`.execute(ex.db);
  return rows.map((row) => ({ emailKey: row.email_key, total: Number(row.total) }));
}
