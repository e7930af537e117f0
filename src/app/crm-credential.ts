// The credential a connection talks to the CRM with. Renewed OAuth tokens are kept sealed, by the grant they come from:
// whatever connection or draft uses the same grant goes on from the same tokens, because an older one may be dead by then.
import { createHash } from 'node:crypto';
import type { ConnectionConfig } from '../config/config.ts';
import type { CrmAuth, CrmTokens } from '../connectors/registry.ts';
import type { Store } from '../store/executor.ts';
import { deleteSecret, getSecret, putSecret } from '../store/secrets.ts';

/** The refresh token as it was entered or granted names the grant; it is kept as a hash only. */
function placeOf(refreshToken: string): { readonly connection: string; readonly name: string } {
  return { connection: '', name: `sell.tokens ${createHash('sha256').update(refreshToken).digest('hex')}` };
}

export async function crmCredential(
  store: Store,
  secretKey: () => Uint8Array,
  { sell: { credentials } }: ConnectionConfig,
): Promise<CrmAuth> {
  if (credentials.type === 'token') return { accessToken: credentials.accessToken };
  const { clientId, clientSecret, refreshToken } = credentials;
  const key = secretKey();
  const place = placeOf(refreshToken);
  const kept = await getSecret(store, key, place);
  const known = kept === null ? null : (JSON.parse(kept) as CrmTokens);
  return {
    oauth: {
      clientId,
      clientSecret,
      refreshToken: known?.refreshToken ?? refreshToken,
      ...(known === null ? {} : { accessToken: known.accessToken, expiresAt: known.expiresAt }),
      save: (renewed) => putSecret(store, key, place, JSON.stringify(renewed), new Date().toISOString()),
    },
  };
}

/** Forgets the tokens of a connection that goes, unless another one lives on the same grant. */
export async function forgetCredential(
  store: Store,
  { name, sell }: ConnectionConfig,
  all: readonly ConnectionConfig[],
): Promise<void> {
  const grantOf = ({ credentials }: ConnectionConfig['sell']): string | null =>
    credentials.type === 'token' ? null : credentials.refreshToken;
  const grant = grantOf(sell);
  if (grant === null || all.some((other) => other.name !== name && grantOf(other.sell) === grant)) return;
  await deleteSecret(store, placeOf(grant));
}
