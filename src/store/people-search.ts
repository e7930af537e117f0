// Finds people by the beginning of their address, in the mirror of both sides. Reads through the address indexes only.
import type { Role } from '../core/model/identity.ts';
import type { Executor } from './executor.ts';
import { decodeJson } from './json.ts';

export interface PersonHit {
  readonly connection: string;
  readonly emailKey: string;
  /** Null: the marketing side. */
  readonly role: Role | null;
  readonly id: string;
  /** As the CRM has it. */
  readonly name: string | null;
}

/** Records of one address that are told; more of them help nobody. */
const OF_ONE_ADDRESS = 20;

/**
 * Hits of the first `limit` addresses of each side that begin with `prefix`, present records only, in order of the address.
 * @param prefix in normal form
 */
export async function findByAddress(
  ex: Executor,
  prefix: string,
  options: { readonly connection?: string; readonly limit: number },
): Promise<readonly PersonHit[]> {
  const { connection, limit } = options;
  // Just above every text that begins like this.
  const end = `${prefix}\u{10ffff}`;
  let crm = ex.db
    .selectFrom('crm_records')
    .select(['connection', 'email_key', 'role', 'id', 'content'])
    .where('email_key', '>=', prefix)
    .where('email_key', '<', end)
    .where('state', '=', 'present');
  let marketing = ex.db
    .selectFrom('marketing_records')
    .select(['connection', 'email_key', 'id'])
    .where('email_key', '>=', prefix)
    .where('email_key', '<', end)
    .where('state', '=', 'present');
  if (connection !== undefined) {
    crm = crm.where('connection', '=', connection);
    marketing = marketing.where('connection', '=', connection);
  }
  const rows = limit * OF_ONE_ADDRESS;
  const hits: PersonHit[] = [];
  for (const row of await crm.orderBy('email_key').limit(rows).execute()) {
    const { firstName, lastName } = decodeJson<{ readonly firstName: string | null; readonly lastName: string | null }>(
      row.content,
    );
    const name = [firstName, lastName].filter((part) => part !== null).join(' ');
    hits.push({
      connection: row.connection,
      emailKey: row.email_key ?? '',
      role: row.role,
      id: row.id,
      name: name === '' ? null : name,
    });
  }
  for (const row of await marketing.orderBy('email_key').limit(rows).execute()) {
    hits.push({ connection: row.connection, emailKey: row.email_key ?? '', role: null, id: row.id, name: null });
  }
  return hits;
}
