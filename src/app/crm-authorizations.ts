// OAuth 2 with the CRM: begun by an admin, finished by the browser that comes back. A state works once and for ten minutes.
// What was granted waits here, in memory, until a connection is saved with it; setting one up may take a working day.
import { randomBytes, randomUUID } from 'node:crypto';
import type { Authorization, Authorizations } from '../api/host.ts';
import type { Config } from '../config/config.ts';
import { FIXED } from '../config/profiles.table.ts';
import { ConnectorError } from '../connectors/error.ts';
import { authorizeUrl, type GrantClient, redeemCode } from '../connectors/registry.ts';
import { insideFault } from './service-address.ts';

const LIFE_MS = 10 * 60_000;
const GRANTED_MS = 12 * 3_600_000;
/** Begun and not finished at once. */
const MOST = 100;

interface Begun {
  readonly client: GrantClient;
  readonly state: string;
  readonly at: number;
  shown: Authorization;
  used: boolean;
  refreshToken: string | null;
}

export interface CrmAuthorizations extends Authorizations {
  granted(
    id: string,
  ): { readonly clientId: string; readonly clientSecret: string; readonly refreshToken: string } | null;
}

/** @param publicUrl by which browsers reach this service */
export function createCrmAuthorizations(
  config: Pick<Config, 'server'>,
  publicUrl: () => string,
  now: () => number,
): CrmAuthorizations {
  const begun = new Map<string, Begun>();

  function forgetOld(): void {
    for (const [id, one] of begun) if (isOver(one) || begun.size > MOST) begun.delete(id);
  }

  const isOver = ({ at, refreshToken }: Begun): boolean => now() - at > (refreshToken === null ? LIFE_MS : GRANTED_MS);

  return {
    start: async ({ clientId, clientSecret, url }) => {
      forgetOld();
      const address = url ?? FIXED.sell.url;
      if (!/^https?:\/\//.test(address) || !URL.canParse(address))
        return { problems: [{ path: 'url', message: 'expected an address that begins with https:// (or http://)' }] };
      const message = config.server.privateAddresses ? null : await insideFault(address);
      if (message !== null) return { problems: [{ path: 'url', message }] };
      const id = randomUUID();
      const state = randomBytes(32).toString('base64url');
      const redirectUri = new URL('/api/crm-authorizations/callback', publicUrl()).toString();
      const client = { url: address, clientId, clientSecret, redirectUri };
      const shown: Authorization = { id, state: 'waiting', message: null, url: authorizeUrl(client, state) };
      begun.set(id, { client, state, at: now(), shown, used: false, refreshToken: null });
      return shown;
    },

    get: (id) => {
      const one = begun.get(id);
      if (one === undefined) return null;
      const message = 'This took too long, so the answer no longer counts.';
      return isOver(one) ? { ...one.shown, state: 'expired', message, url: null } : one.shown;
    },

    finish: async ({ state, code, error }) => {
      const one = [...begun.values()].find((each) => each.state === state && !each.used && now() - each.at <= LIFE_MS);
      if (one === undefined) return null;
      one.used = true;
      one.shown = await outcome(one, code, error);
      return one.shown;
    },

    granted: (id) => {
      const one = begun.get(id);
      if (one === undefined || one.refreshToken === null || isOver(one)) return null;
      const { clientId, clientSecret } = one.client;
      return { clientId, clientSecret, refreshToken: one.refreshToken };
    },
  };
}

async function outcome(one: Begun, code: string | null, error: string | null): Promise<Authorization> {
  const { id } = one.shown;
  if (code === null) {
    const message = error === 'access_denied' ? 'Access was denied.' : `The CRM answered: ${error ?? 'nothing'}.`;
    return { id, state: 'denied', message, url: null };
  }
  try {
    one.refreshToken = (await redeemCode(one.client, code)).refreshToken;
    return { id, state: 'granted', message: null, url: null };
  } catch (failure) {
    if (!(failure instanceof ConnectorError)) throw failure;
    return { id, state: 'failed', message: failure.message, url: null };
  }
}
