// The authorization code grant: the address people are sent to, and the exchange of the code they come back with. (API 1.2)
// Never keeps a code or a token; both are hidden from messages.
import { createHttpClient } from '../http/http-client.ts';
import { type HttpRuntime, realRuntime } from '../http/runtime.ts';
import { createClassifier } from './sell-errors.ts';
import { parseReply, wireToken } from './wire.ts';

export interface GrantClient {
  /** E.g. `https://api.getbase.com`. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
}

const SCOPES = 'read write profile sync';

/** @param state comes back with the answer; unguessable */
export function authorizeUrl({ url, clientId, redirectUri }: Omit<GrantClient, 'clientSecret'>, state: string): string {
  const address = new URL('/oauth2/authorize', url);
  const query = { response_type: 'code', client_id: clientId, redirect_uri: redirectUri, scope: SCOPES, state };
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
  return address.toString();
}

/** @throws ConnectorError when the code is refused or the answer holds no refresh token */
export async function redeemCode(
  { url, clientId, clientSecret, redirectUri }: GrantClient,
  code: string,
  how: { readonly signal?: AbortSignal; readonly runtime?: Partial<HttpRuntime> } = {},
): Promise<{ readonly refreshToken: string }> {
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  const http = createHttpClient({
    baseUrl: url,
    headers: { accept: 'application/json', 'user-agent': 'lockstep-sync' },
    classify: createClassifier('sell.oauth'),
    service: 'crm',
    concurrency: 1,
    timeoutMs: 15_000,
    runtime: { ...realRuntime, ...how.runtime },
    signal: how.signal,
  });
  return http.send({
    method: 'POST',
    path: '/oauth2/token',
    headers: { authorization: `Basic ${basic}` },
    body: { form: { grant_type: 'authorization_code', code, redirect_uri: redirectUri } },
    // A code works once.
    idempotent: false,
    counts: 'none',
    secrets: [basic, clientSecret, code],
    read: (reply) => {
      const { refresh_token: refreshToken } = parseReply(wireToken, reply);
      if (refreshToken == null) throw new Error('there is no refresh token');
      return { refreshToken };
    },
  });
}
