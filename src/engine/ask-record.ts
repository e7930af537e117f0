// One CRM record by id, where an answer that cannot be read must neither end the run nor look like a delete. (contract 6, D19)
import { ConnectorError, UNREADABLE } from '../connectors/error.ts';
import type { Role } from '../core/model/identity.ts';
import type { CrmRecord } from '../core/model/record.ts';
import type { Cycle } from './engine.ts';

/** `unreadable`: it answers, and nothing is known of it. What the mirror holds stays. */
export async function askRecord(
  { crm, crmSelection }: Cycle,
  role: Role,
  id: string,
): Promise<CrmRecord | 'missing' | 'forbidden' | 'unreadable'> {
  try {
    return await crm.readOne(role, id, crmSelection);
  } catch (error) {
    if (error instanceof ConnectorError && error.code === UNREADABLE) return 'unreadable';
    throw error;
  }
}

/** What one record of many makes unreadable for all is asked for by itself. */
export function isMalformed(error: unknown): error is ConnectorError {
  return error instanceof ConnectorError && error.kind === 'malformed';
}
