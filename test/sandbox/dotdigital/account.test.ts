// Signing in, regions, account-info, server time, the Date header, and what a malformed request is answered.

import { afterEach, describe, expect, it } from 'vitest';
import { AUTHORIZATION, type Bench, START, setUp } from './harness.ts';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
});

describe('authentication', () => {
  it.each([
    ['no header', {}],
    ['another scheme', { authorization: 'Bearer abc' }],
    [
      'a wrong password',
      { authorization: `Basic ${Buffer.from('apiuser-1234567890ab@apiconnector.com:no').toString('base64')}` },
    ],
  ])('refuses %s in the shape of each framework', async (_case, headers) => {
    const { app } = setUp();
    const v2 = await app.inject({ url: '/v2/account-info', headers });
    expect([v2.statusCode, v2.json()]).toEqual([401, { message: 'Authorization has been denied for this request.' }]);
    const v3 = await app.inject({ url: '/contacts/v3', headers });
    expect([v3.statusCode, v3.json<{ errorCode: string }>().errorCode]).toEqual([401, 'unauthorized']);
    expect(v3.headers['content-type']).toBe('application/json; charset=utf-8');
  });

  it('knows several API users, and a switched-off one no longer', async () => {
    const bench = setUp({
      apiUsers: [
        { user: 'a@x', password: 'p:1' },
        { user: 'b@x', password: 'q', enabled: false },
      ],
    });
    const as = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    expect((await bench.call('GET', '/v2/data-fields', undefined, as('a@x:p:1'))).status).toBe(200);
    expect((await bench.call('GET', '/v2/data-fields', undefined, as('b@x:q'))).status).toBe(401);
  });
});

describe('regions', () => {
  it('answers account-info anywhere and nothing else in a wrong region', async () => {
    const bench = setUp({ region: 'r3', regionOf: (request) => String(request.headers['x-region'] ?? 'r1') });
    expect((await bench.call('GET', '/v2/account-info')).status).toBe(200);
    const wrong = await bench.call('GET', '/v2/data-fields');
    expect([wrong.status, wrong.body]).toEqual([403, { message: 'Forbidden: Access is denied' }]);
    const v3 = await bench.call('GET', '/contacts/v3');
    expect([v3.status, v3.body['errorCode']]).toEqual([403, 'accounts:forbidden']);
    expect((await bench.call('GET', '/v2/data-fields', undefined, { 'x-region': 'r3' })).status).toBe(200);
  });

  it('leads over a second socket to the account’s own URL', async () => {
    const bench = setUp({ region: 'r2' });
    const front = bench.createRegionApp('r1');
    open.push(bench.app, front);
    const own = await bench.app.listen({ host: '127.0.0.1', port: 0 });
    const r1 = await front.listen({ host: '127.0.0.1', port: 0 });
    const headers = { authorization: AUTHORIZATION };
    const info = (await (await fetch(`${r1}/v2/account-info`, { headers })).json()) as {
      properties: { name: string; value: string }[];
    };
    const endpoint = info.properties.find(({ name }) => name === 'ApiEndpoint')?.value ?? '';
    expect(endpoint).toBe(`${own}/`);
    expect((await fetch(`${r1}/v2/data-fields`, { headers })).status).toBe(403);
    const answer = await fetch(`${endpoint}v2/data-fields`, { headers });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('date')).toBe(new Date(START).toUTCString());
  });
});

describe('account-info', () => {
  const property = async (bench: Bench, name: string) => {
    const { body } = await bench.call('GET', '/v2/account-info');
    return body['properties']?.find((entry) => entry['name'] === name)?.['value'];
  };

  it('tells id, name and endpoint, with or without a slash', async () => {
    const bench = setUp({ accountId: 77, accountName: 'Acme', publicUrl: 'http://127.0.0.1:9/' });
    expect((await bench.call('GET', '/v2/account-info')).body['id']).toBe(77);
    expect(await property(bench, 'Name')).toBe('Acme');
    expect(await property(bench, 'ApiEndpoint')).toBe('http://127.0.0.1:9/');
    bench.switches.apiEndpointSlash = false;
    expect(await property(bench, 'ApiEndpoint')).toBe('http://127.0.0.1:9');
  });

  it('counts the calls of the last hour', async () => {
    const bench = setUp({ limits: { scheme: 'flat' } });
    await bench.call('GET', '/v2/data-fields');
    expect(await property(bench, 'ApiCallsInLastHour')).toBe('2');
    expect(await property(bench, 'ApiCallsRemaining')).toBe('1997');
    bench.clock.advance(3_600_000);
    expect(await property(bench, 'ApiCallsInLastHour')).toBe('1');
  });
});

describe('small print', () => {
  it('gives the server time as JSON or as text', async () => {
    const bench = setUp();
    expect((await bench.call('GET', '/v2/server-time')).body).toBe('2026-06-01T12:00:00.000Z');
    bench.switches.serverTime = 'text';
    const text = await bench.call('GET', '/v2/server-time');
    expect([text.headers['content-type'], text.text]).toEqual(['text/plain', '2026-06-01 12:00:00.000000+00:00']);
  });

  it('sends a Date header of the sandbox’s clock, or none', async () => {
    const bench = setUp();
    expect((await bench.call('GET', '/v2/data-fields')).headers['date']).toBe('Mon, 01 Jun 2026 12:00:00 GMT');
    bench.switches.dateHeader = false;
    expect((await bench.call('GET', '/v2/data-fields')).headers['date']).toBeUndefined();
  });

  it('refuses broken JSON, foreign content types and unknown paths per framework', async () => {
    const bench = setUp();
    const v3 = await bench.call('PUT', '/contacts/v3/import', '{');
    expect([v3.status, v3.body['errorCode']]).toEqual([400, 'contacts:badJson']);
    const v2 = await bench.call('POST', '/v2/address-books', '{');
    expect([v2.status, v2.body['message']]).toEqual([
      400,
      expect.stringMatching(/ERROR_BODY_DOES_NOT_MATCH_CONTENT_TYPE$/),
    ]);
    const type = await bench.call('POST', '/v2/address-books', 'a=b', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect([type.status, type.body['message']]).toEqual([
      415,
      expect.stringMatching(/ERROR_CONTENT_TYPE_IS_NOT_SUPPORTED$/),
    ]);
    expect((await bench.call('GET', '/v2/nothing')).status).toBe(404);
    expect((await bench.call('GET', '/contacts/v4')).body['errorCode']).toBe('notFound');
  });

  it('refuses a body above 50 MB', async () => {
    const bench = setUp();
    const answer = await bench.call('PUT', '/contacts/v3/import', ' '.repeat(50 * 1024 * 1024 + 1));
    expect(answer.status).toBe(413);
  });

  it('empties the recycle bin', async () => {
    const bench = setUp();
    bench.world.addContact({ email: 'a@example.com' });
    bench.world.deleteContact('a@example.com');
    expect((await bench.call('POST', '/v2/accounts/empty-recycle-bin')).status).toBe(202);
    expect(bench.world.contact('a@example.com')).toBeUndefined();
  });
});
