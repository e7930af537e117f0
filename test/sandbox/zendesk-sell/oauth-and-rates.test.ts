// OAuth 2 and the rate limits, on a clock moved by hand.
import { describe, expect, it } from 'vitest';
import { type Answer, firstError, SellClient } from './sell-client.ts';

const CLIENT = { id: 'app', secret: 's:3', redirectUris: ['https://app.example/cb'], name: 'App <1>' };
const BASIC = `Basic ${Buffer.from('app:s:3').toString('base64')}`;
const FORM = 'application/x-www-form-urlencoded';

function oauth(switches = {}): SellClient {
  return new SellClient({ oauthClients: [CLIENT], switches });
}

function token(sell: SellClient, form: Record<string, string>, authorization = BASIC): Promise<Answer> {
  const body = new URLSearchParams(form).toString();
  return sell.call('POST', '/oauth2/token', body, { authorization, 'content-type': FORM });
}

async function grant(sell: SellClient, extra: Record<string, string> = {}): Promise<URL> {
  const form = {
    client_id: 'app',
    response_type: 'code',
    state: 'st',
    scope: 'read write',
    decision: 'allow',
    ...extra,
  };
  const body = new URLSearchParams(form).toString();
  const answer = await sell.call('POST', '/oauth2/authorize', body, { 'content-type': FORM });
  expect(answer.status).toBe(302);
  return new URL(String(answer.headers['location']));
}

async function codeFor(sell: SellClient): Promise<string> {
  return (await grant(sell)).searchParams.get('code') ?? '';
}

describe('authorization', () => {
  it('shows a form that brings code and state back', async () => {
    const sell = oauth();
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: 'app',
      redirect_uri: 'https://app.example/cb',
      state: 'a"b',
      scope: 'read sync',
    });
    const page = await sell.call('GET', `/oauth2/authorize?${query}`, undefined, { authorization: undefined });
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.text).toContain('name="state" value="a&#34;b"');
    expect(page.text).toContain('App &#60;1&#62;');
    const back = await grant(sell);
    expect(back.origin + back.pathname).toBe('https://app.example/cb');
    expect(back.searchParams.get('state')).toBe('st');
    expect(back.searchParams.get('code')).toHaveLength(40);
  });

  it('refuses strangers on the page and the rest by redirection', async () => {
    const sell = oauth();
    expect((await sell.get('/oauth2/authorize?client_id=x&response_type=code')).status).toBe(400);
    expect((await sell.get('/oauth2/authorize?client_id=app&redirect_uri=https://evil.example')).status).toBe(400);
    const odd = await sell.get('/oauth2/authorize?client_id=app&response_type=id_token');
    expect(String(odd.headers['location'])).toContain('error=unsupported_response_type');
    const scope = await sell.get('/oauth2/authorize?client_id=app&response_type=code&scope=read+root');
    expect(String(scope.headers['location'])).toContain('error=invalid_scope');
    expect((await grant(sell, { decision: 'deny' })).searchParams.get('error')).toBe('access_denied');
    const implicit = await grant(sell, { response_type: 'token' });
    expect(new URLSearchParams(implicit.hash.slice(1)).get('access_token')).toHaveLength(64);
  });
});

describe('tokens', () => {
  it('are given for a code, once, and taken back on a second use', async () => {
    const sell = oauth();
    const code = await codeFor(sell);
    const answer = await token(sell, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: 'https://app.example/cb',
    });
    expect(answer.json).toMatchObject({ token_type: 'bearer', expires_in: 3600, scope: 'read write' });
    sell.token = answer.json['access_token'] as string;
    expect((await sell.get('/v2/contacts')).status).toBe(200);
    expect((await sell.get('/v2/users/self')).status).toBe(403);
    const info = await sell.get('/oauth2/token/info');
    expect(info.json).toMatchObject({ scope: 'read write', expires_in: 3600, application: { uid: 'app' } });
    const again = await token(sell, { grant_type: 'authorization_code', code });
    expect([again.status, again.json['error']]).toEqual([400, 'invalid_grant']);
    expect((await sell.get('/v2/contacts')).status).toBe(401);
  });

  it('need the client, the right redirect, and a fresh code', async () => {
    const sell = oauth();
    const wrong = `Basic ${Buffer.from('app:nope').toString('base64')}`;
    const refused = await token(sell, { grant_type: 'authorization_code', code: await codeFor(sell) }, wrong);
    expect([refused.status, refused.json['error']]).toEqual([401, 'invalid_client']);
    expect(refused.json['errors']).toBeUndefined();
    const error = async (form: Record<string, string>): Promise<unknown> => (await token(sell, form)).json['error'];
    const code = await codeFor(sell);
    expect(await error({ grant_type: 'authorization_code', code, redirect_uri: 'https://x.example' })).toBe(
      'invalid_grant',
    );
    sell.clock.advance(600_000);
    expect(await error({ grant_type: 'authorization_code', code })).toBe('invalid_grant');
    expect(await error({ grant_type: 'client_credentials' })).toBe('unsupported_grant_type');
    expect(await error({ grant_type: 'refresh_token' })).toBe('invalid_request');
    expect(await error({})).toBe('invalid_request');
    const json = await sell.call('POST', '/oauth2/token', { grant_type: 'x' }, { authorization: BASIC });
    expect(json.json['error']).toBe('invalid_request');
  });

  it('expire after an hour and are refreshed with rotation', async () => {
    const sell = oauth();
    const first = (await token(sell, { grant_type: 'authorization_code', code: await codeFor(sell) })).json;
    const old = { grant_type: 'refresh_token', refresh_token: first['refresh_token'] as string };
    sell.token = first['access_token'] as string;
    sell.clock.advance(3_599_000);
    expect((await sell.get('/v2/contacts')).status).toBe(200);
    sell.clock.advance(1000);
    expect((await sell.get('/v2/contacts')).status).toBe(401);
    const second = (await token(sell, old)).json;
    expect(second['refresh_token']).not.toBe(first['refresh_token']);
    sell.token = second['access_token'] as string;
    expect((await sell.get('/v2/contacts')).status).toBe(200);
    expect((await token(sell, old)).json['error']).toBe('invalid_grant');
    sell.sandbox.switches.refreshTokenRotation = 'old-lives';
    const current = { grant_type: 'refresh_token', refresh_token: second['refresh_token'] as string };
    expect([(await token(sell, current)).status, (await token(sell, current)).status]).toEqual([200, 200]);
  });

  it('can be revoked, and end with their user', async () => {
    const sell = oauth();
    const pair = (await token(sell, { grant_type: 'authorization_code', code: await codeFor(sell) })).json;
    const personal = sell.token;
    sell.token = pair['access_token'] as string;
    const body = new URLSearchParams({ token: sell.token }).toString();
    const revoked = await sell.call('POST', '/oauth2/revoke', body, { authorization: BASIC, 'content-type': FORM });
    expect(revoked.status).toBe(200);
    expect((await sell.get('/v2/contacts')).status).toBe(401);
    expect((await sell.get('/oauth2/token/info')).status).toBe(401);
    sell.token = personal;
    expect(personal).toMatch(/^\S{64}$/);
    const self = await sell.get('/v2/users/self');
    expect(self.json['data']).toMatchObject({ role: 'admin', status: 'active', identity_type: 'person' });
    sell.sandbox.world.deactivateUser(self.json['data']?.['id'] as number);
    expect((await sell.get('/v2/contacts')).status).toBe(401);
  });
});

describe('identity', () => {
  it('shows the account and its users', async () => {
    const sell = new SellClient({
      account: { name: 'Acme', currency: 'EUR' },
      users: [
        { name: 'Ada', email: 'ada@x.example', role: 'admin' },
        { name: 'Uma', email: 'uma@x.example' },
      ],
    });
    expect((await sell.get('/v2/accounts/self')).json).toMatchObject({
      data: { name: 'Acme', currency: 'EUR', subdomain: 'sales-co', created_at: '2026-01-01T00:00:00Z' },
      meta: { type: 'account' },
    });
    const users = await sell.get('/v2/users?email=uma@x.example');
    expect(users.json['items']?.[0]?.['data']).toMatchObject({ name: 'Uma', role: 'user', deleted_at: null });
    expect((await sell.get(`/v2/users/${users.json['items']?.[0]?.['data']?.['id']}`)).status).toBe(200);
    expect((await sell.get('/v2/users/5')).status).toBe(404);
  });
});

describe('rate limits', () => {
  const burst = async (sell: SellClient, count: number): Promise<number[]> => {
    const statuses: number[] = [];
    for (let index = 0; index < count; index += 1) statuses.push((await sell.get('/v2/contacts')).status);
    return statuses;
  };
  const limited = (switches = {}): SellClient => new SellClient({ limits: {}, switches });

  it('give ten requests a second to each token', async () => {
    const sell = limited();
    expect(await burst(sell, 12)).toEqual([...Array<number>(10).fill(200), 429, 429]);
    sell.clock.advance(300);
    expect(await burst(sell, 4)).toEqual([200, 200, 200, 429]);
    const first = sell.token;
    sell.token = sell.sandbox.issueToken();
    expect(await burst(sell, 1)).toEqual([200]);
    sell.token = first;
    expect(await burst(sell, 1)).toEqual([429]);
    sell.clock.advance(60_000);
    expect(await burst(sell, 11)).toEqual([...Array<number>(10).fill(200), 429]);
  });

  it('give so many requests an hour', async () => {
    const sell = new SellClient({ limits: { perHour: 5 } });
    expect(await burst(sell, 6)).toEqual([200, 200, 200, 200, 200, 429]);
    sell.clock.advance(3_599_000);
    expect(await burst(sell, 1)).toEqual([429]);
    sell.clock.advance(1000);
    expect(await burst(sell, 1)).toEqual([200]);
  });

  it('do not count requests without a User-Agent or token, and can be off', async () => {
    const sell = limited({ rateBurst: 1 });
    for (let index = 0; index < 5; index += 1) await sell.call('GET', '/v2/contacts', undefined, { 'user-agent': '' });
    expect(await burst(sell, 2)).toEqual([200, 429]);
    sell.sandbox.switches.rateLimit = false;
    expect(new Set(await burst(sell, 30))).toEqual(new Set([200]));
  });

  it('refuse in several disguises, with Retry-After only when so switched', async () => {
    const sell = limited({ rateBurst: 1, ratePerSecond: 0.5 });
    await burst(sell, 1);
    const plain = await sell.get('/v2/contacts');
    expect([plain.status, plain.text, plain.headers['retry-after']]).toEqual([429, '', undefined]);
    sell.sandbox.switches.retryAfter = true;
    expect((await sell.get('/v2/contacts')).headers['retry-after']).toBe('2');
    sell.sandbox.switches.rateLimitAnswer = 'json-429';
    expect(firstError(await sell.get('/v2/contacts'))).toBe('rate_limit_exceeded');
    sell.sandbox.switches.rateLimitAnswer = '404-429.json';
    const disguised = await sell.get('/v2/contacts');
    expect(disguised.status).toBe(404);
    expect(disguised.json['errors']?.[0]?.['error']).toMatchObject({
      code: 'incorrect_path',
      details: "Requested path at '/429.json' was not found using the HTTP method 'GET'.",
    });
    sell.sandbox.switches.rateLimitAnswer = '409';
    expect((await sell.get('/v2/contacts')).status).toBe(409);
    expect(sell.sandbox.requests.counts().throttled).toBe(5);
  });
});
