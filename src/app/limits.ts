// Which connections draw on one limit: by a hash that tells nothing of the credential. Knows no pace. (decision 16)
import { createHash } from 'node:crypto';
import type { ConnectionConfig } from '../config/config.ts';
import { getConnection } from '../store/connections.ts';
import type { Executor } from '../store/executor.ts';

/** Calls to the CRM are counted for each token. */
export function crmLimit({ sell }: ConnectionConfig): string {
  const { credentials } = sell;
  return limitKey('crm', sell.url, credentials.type === 'token' ? credentials.accessToken : credentials.refreshToken);
}

/**
 * Calls to the marketing system are counted for each account, whichever of its users makes them and by whatever name of its
 * region. Who the account is, it says itself (account-info); before it was met, address and user stand for it.
 */
export async function marketingLimit(ex: Executor, { name, dotdigital }: ConnectionConfig): Promise<string> {
  const met = await getConnection(ex, name);
  return met === null || met.marketingAccountId === null
    ? limitKey('marketing', dotdigital.url, dotdigital.user)
    : limitKey('marketing', met.marketingRegion ?? '', met.marketingAccountId);
}

function limitKey(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
