// The credential of every call: a personal access token, or OAuth tokens renewed once for all callers that need them.
// Never uses a renewed token before it was stored, and never lets one reach a message.
import { ConnectorError } from '../error.ts';
import type { Authorizer, HttpClient } from '../http/http-client.ts';
import type { HttpRuntime } from '../http/runtime.ts';
import { parseReply, wireToken } from './wire.ts';

/** Tokens to keep: a refresh may bring a new refresh token, and the old one may die with it. */
export interface SellTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Milliseconds since the epoch; null when the service did not say. */
  readonly expiresAt: number | null;
}

export interface SellOAuth {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  /** Stores the tokens durably; they are used only after it resolved. Called again when it failed. */
  save(tokens: SellTokens): Promise<void>;
  /** An access token that is still good, where one is known. */
  readonly accessToken?: string;
  readonly expiresAt?: number | null;
}

export type SellAuth = { readonly accessToken: string } | { readonly oauth: SellOAuth };

/** Renewed this long before its end, so that a call under way does not outlive its token. */
const RENEW_BEFORE_MS = 60_000;

export function describeCredential(auth: SellAuth): string {
  return 'oauth' in auth ? 'sell.oauth' : 'sell.accessToken';
}

/** @throws ConnectorError `unauthorized` when a personal token cannot be one (Sell tokens have no white space). */
export function createTokenAuthorizer(accessToken: string): Authorizer {
  if (accessToken === '' || /\s/.test(accessToken)) {
    throw new ConnectorError('sell.accessToken is empty or contains white space; copy it again from Sell', {
      kind: 'unauthorized',
      outcome: 'not-sent',
    });
  }
  return {
    headers: () => Promise.resolve({ authorization: `Bearer ${accessToken}` }),
    rejected: () => Promise.resolve(false),
  };
}

/** `http` is asked for when it is first needed: the client itself is built around this authorizer. */
export function createOAuthAuthorizer(
  oauth: SellOAuth,
  http: () => HttpClient,
  runtime: Pick<HttpRuntime, 'now'>,
): Authorizer {
  let refreshToken = oauth.refreshToken;
  let current: SellTokens | null =
    oauth.accessToken === undefined
      ? null
      : { accessToken: oauth.accessToken, refreshToken, expiresAt: oauth.expiresAt ?? null };
  /** Renewed but not yet stored. */
  let unsaved: SellTokens | null = null;
  let renewing: Promise<SellTokens> | null = null;

  function usable(): SellTokens | null {
    if (current === null) return null;
    if (current.expiresAt !== null && runtime.now() >= current.expiresAt - RENEW_BEFORE_MS) return null;
    return current;
  }

  function renew(): Promise<SellTokens> {
    renewing ??= renewAndSave().finally(() => {
      renewing = null;
    });
    return renewing;
  }

  async function renewAndSave(): Promise<SellTokens> {
    const tokens = unsaved ?? (await requestTokens());
    unsaved = tokens;
    await oauth.save(tokens);
    unsaved = null;
    current = tokens;
    return tokens;
  }

  async function requestTokens(): Promise<SellTokens> {
    const basic = Buffer.from(`${oauth.clientId}:${oauth.clientSecret}`).toString('base64');
    const answer = await http().send({
      method: 'POST',
      path: '/oauth2/token',
      headers: { authorization: `Basic ${basic}` },
      body: { form: { grant_type: 'refresh_token', refresh_token: refreshToken } },
      // After a lost answer the known refresh token is all there is to try with.
      idempotent: true,
      counts: 'none',
      authorize: false,
      secrets: [basic, oauth.clientSecret, refreshToken],
      read: (reply) => parseReply(wireToken, reply),
    });
    refreshToken = answer.refresh_token ?? refreshToken;
    const lifetime = answer.expires_in ?? null;
    const expiresAt = lifetime === null ? null : runtime.now() + lifetime * 1000;
    return { accessToken: answer.access_token, refreshToken, expiresAt };
  }

  return {
    async headers() {
      const tokens = usable() ?? (await renew());
      return { authorization: `Bearer ${tokens.accessToken}` };
    },
    async rejected(used) {
      // Another caller may have renewed it while this one was waiting for its answer.
      if (current !== null && used['authorization'] === `Bearer ${current.accessToken}`) {
        current = null;
        await renew();
      }
      return true;
    },
  };
}
