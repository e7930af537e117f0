// Grants a client access to the simulated Sell the way a person does in a browser: allow, come back with a code, exchange it. Never invents a token.
import type { FastifyInstance } from 'fastify';

export interface OAuthGrant {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/**
 * A refresh token with every scope for the account's first user.
 * @throws Error when the client is not registered in the account
 */
export async function grantAccess(
  app: FastifyInstance,
  client: { readonly id: string; readonly secret: string; readonly redirectUris: readonly string[] },
): Promise<OAuthGrant> {
  const redirectUri = client.redirectUris[0] ?? '';
  const allowed = await app.inject({
    method: 'POST',
    url: '/oauth2/authorize',
    headers: FORM,
    payload: new URLSearchParams({
      client_id: client.id,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'read write profile sync',
      decision: 'allow',
    }).toString(),
  });
  const { location } = allowed.headers;
  const code = location === undefined ? null : new URL(String(location)).searchParams.get('code');
  if (code === null) throw new Error(`the sandbox did not grant access to ${client.id}: ${allowed.body}`);
  const exchanged = await app.inject({
    method: 'POST',
    url: '/oauth2/token',
    headers: { ...FORM, authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}` },
    payload: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectUri }).toString(),
  });
  const pair = exchanged.json<{ readonly refresh_token?: string }>();
  if (pair.refresh_token === undefined)
    throw new Error(`the sandbox gave no tokens to ${client.id}: ${exchanged.body}`);
  return { clientId: client.id, clientSecret: client.secret, refreshToken: pair.refresh_token };
}
