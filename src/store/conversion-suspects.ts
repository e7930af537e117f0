// Who may have been converted without anything saying so. Reads only what is stored.
import { sql } from 'kysely';
import type { Executor } from './executor.ts';

/**
 * Whether a lead may have become a contact: a linked lead that is there and a contact share an address, or a person, and one of
 * them or the person has news. A contact that a lead is converted into need not change itself. (D8, D9)
 */
export async function hasConversionSuspect(ex: Executor, connection: string): Promise<boolean> {
  const queries = [
    sql`select 1 from crm_records c
      join crm_records l on l.connection = c.connection and l.email_key = c.email_key and l.role = 'lead' and l.state = 'present'
      where c.connection = ${connection} and c.role = 'contact' and c.dirty = 1 and exists (
        select 1 from links k where k.connection = l.connection and k.role = 'lead' and k.crm_id = l.id
          and k.state <> 'severed')
      limit 1`,
    sql`select 1 from crm_records l
      join crm_records c on c.connection = l.connection and c.email_key = l.email_key and c.role = 'contact' and c.state = 'present'
      where l.connection = ${connection} and l.role = 'lead' and l.state = 'present' and l.dirty = 1 and exists (
        select 1 from links k where k.connection = l.connection and k.role = 'lead' and k.crm_id = l.id
          and k.state <> 'severed')
      limit 1`,
    sql`select 1 from marketing_records m
      join links l on l.connection = m.connection and l.marketing_id = m.id and l.role = 'lead' and l.state <> 'severed'
      join links c on c.connection = m.connection and c.marketing_id = m.id and c.role = 'contact' and c.state <> 'severed'
      where m.connection = ${connection} and m.dirty = 1
      limit 1`,
  ];
  for (const query of queries) if ((await query.execute(ex.db)).rows.length > 0) return true;
  return false;
}
