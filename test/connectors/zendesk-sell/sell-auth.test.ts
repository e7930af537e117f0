import { afterEach, describe, expect, it } from 'vitest';
import { ConnectorError } from '../../../src/connectors/error.ts';
import type { SellTokens } from '../../../src/connectors/zendesk-sell/sell-auth.ts';
import { failure, NOTHING, one, person, type ScriptedSell, startScriptedSell } from './scripted-sell.ts';

let server: ScriptedSell | undefined;
afterEach(() => server?.close());

interface OAuthServer extends ScriptedSell {
  /** Ends the life of every access token given out so far. */
  expireAll(): void;
  readonly refreshes: () => number;
}

/** Rotates refresh tokens; a used one is dead. */
async function startOAuthSell(lifetime: number | null = 3600): Promise<OAuthServer> {
  let refresh = 'refresh-0';
  let count = 0;
  let access = 'none';
  const scripted = await startScriptedSell((call) => {
    if (call.path === '/oauth2/token') {
      const form = new URLSearchParams(call.text);
      const basic = `Basic ${Buffer.from('client-id:client-secret').toString('base64')}`;
      if (call.headers['authorization'] !== basic) return { status: 401, json: { error: 'invalid_client' } };
      if (form.get('grant_type') !== 'refresh_token' || form.get('refresh_token') !== refresh) {
        return {
          status: 400,
          json: { error: 'invalid_grant', error_description: `no such token ${form.get('refresh_token')}` },
        };
      }
      count += 1;
      refresh = `refresh-${count}`;
      access = `access-${count}`;
      return {
        json: {
          access_token: access,
          token_type: 'bearer',
          refresh_token: refresh,
          ...(lifetime === null ? {} : { expires_in: lifetime }),
        },
      };
    }
    if (call.headers['authorization'] !== `Bearer ${access}`) return failure(401, 'unauthorized');
    return one(person(Number(call.path.split('/').at(3) ?? 1)));
  });
  server = scripted;
  return {
    ...scripted,
    refreshes: () => count,
    expireAll() {
      access = 'none';
    },
  };
}

function oauth(saved: SellTokens[], refreshToken = 'refresh-0') {
  return {
    oauth: {
      clientId: 'client-id',
      clientSecret: 'client-secret',
      refreshToken,
      save(tokens: SellTokens): Promise<void> {
        saved.push(tokens);
        return Promise.resolve();
      },
    },
  };
}

describe('OAuth', () => {
  it('stores renewed tokens before the first use', async () => {
    const sell = await startOAuthSell();
    const order: string[] = [];
    const auth = {
      oauth: {
        ...oauth([]).oauth,
        save: async (tokens: SellTokens) => {
          await new Promise((resolve) => setImmediate(resolve));
          order.push(`${tokens.accessToken} saved after ${sell.titles().join(', ')}`);
        },
      },
    };
    await sell.connect({ auth }).readOne('contact', '1', NOTHING);
    expect(order).toEqual(['access-1 saved after POST /oauth2/token']);
  });

  it('renews once for all calls that need it at the same time', async () => {
    const sell = await startOAuthSell();
    const saved: SellTokens[] = [];
    const connector = sell.connect({ auth: oauth(saved) });
    await Promise.all(Array.from({ length: 12 }, (_, i) => connector.readOne('contact', String(i + 1), NOTHING)));
    expect(sell.refreshes()).toBe(1);
    sell.expireAll();
    await Promise.all(Array.from({ length: 12 }, (_, i) => connector.readOne('contact', String(i + 1), NOTHING)));
    expect(sell.refreshes()).toBe(2);
    expect(saved.map(({ refreshToken }) => refreshToken)).toEqual(['refresh-1', 'refresh-2']);
  });

  it('renews in the middle of a run when the token dies early, without failing a create', async () => {
    const sell = await startOAuthSell();
    const connector = sell.connect({ auth: oauth([]) });
    await connector.readOne('contact', '1', NOTHING);
    sell.expireAll();
    const record = await connector.create('contact', { set: { last_name: 'X' } }, NOTHING);
    expect(record.id).toBe('1');
  });

  it('renews ahead of the end the service named', async () => {
    const sell = await startOAuthSell(3600);
    let now = Date.UTC(2026, 0, 1);
    const connector = sell.connect({ auth: oauth([]), runtime: { now: () => now } });
    await connector.readOne('contact', '1', NOTHING);
    now += 3_500_000;
    await connector.readOne('contact', '1', NOTHING);
    expect(sell.refreshes()).toBe(1);
    now += 60_000;
    await connector.readOne('contact', '1', NOTHING);
    expect(sell.refreshes()).toBe(2);
    expect(sell.titles().filter((title) => title.includes('contacts'))).toHaveLength(3);
  });

  it('keeps tokens that could not be stored and stores them before the next call', async () => {
    const sell = await startOAuthSell();
    const saved: string[] = [];
    let isBroken = true;
    const auth = {
      oauth: {
        ...oauth([]).oauth,
        save: (tokens: SellTokens) => {
          if (isBroken) return Promise.reject(new Error('disk full'));
          saved.push(tokens.refreshToken);
          return Promise.resolve();
        },
      },
    };
    const connector = sell.connect({ auth });
    await expect(connector.readOne('contact', '1', NOTHING)).rejects.toThrow('disk full');
    isBroken = false;
    await connector.readOne('contact', '1', NOTHING);
    expect(saved).toEqual(['refresh-1']);
    expect(sell.refreshes()).toBe(1);
  });

  it('starts with a stored access token where one is given', async () => {
    const sell = await startOAuthSell();
    await sell.connect({ auth: oauth([]) }).readOne('contact', '1', NOTHING);
    const again = sell.connect({
      auth: { oauth: { ...oauth([], 'refresh-1').oauth, accessToken: 'access-1', expiresAt: null } },
    });
    await again.readOne('contact', '1', NOTHING);
    expect(sell.refreshes()).toBe(1);
  });

  it('says what to do when the refresh token is dead, and shows no secret', async () => {
    const sell = await startOAuthSell();
    const connector = sell.connect({ auth: oauth([], 'refresh-dead') });
    const error: unknown = await connector.identify().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ConnectorError);
    expect(error).toMatchObject({ kind: 'unauthorized', code: 'invalid_grant' });
    const message = error instanceof Error ? `${error.message}${error.stack ?? ''}` : '';
    expect(message).toContain('sell.oauth');
    for (const secret of ['refresh-dead', 'client-secret', Buffer.from('client-id:client-secret').toString('base64')]) {
      expect(message).not.toContain(secret);
    }
  });
});
