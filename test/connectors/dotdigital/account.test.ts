// Finding the account, its region and its clock; credentials and permissions.
import { afterEach, describe, expect, it } from 'vitest';
import { createDotdigital } from '../../../src/connectors/dotdigital/dotdigital.ts';
import { ConnectorError } from '../../../src/connectors/error.ts';
import { type Answering, accountInfo, lastPage, type StandIn, startStandIn } from './stand-in.ts';

const services: StandIn[] = [];
afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.close()));
});
async function start(answer: Answering): Promise<StandIn> {
  const service = await startStandIn(answer);
  services.push(service);
  return service;
}
const fail = async (promise: Promise<unknown>): Promise<ConnectorError> => {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConnectorError)) throw new Error(`expected a ConnectorError, got ${String(error)}`);
  return error;
};

describe('R13: identify', () => {
  it("is one call and goes to the account's own endpoint afterwards", async () => {
    const home = await start(() => lastPage([]));
    const first = await start(() =>
      accountInfo([
        { name: 'ApiEndpoint', value: `${home.url}/` },
        { name: 'CurrencyCode', value: 'gbp' },
        { name: 'Strange', value: '1' },
      ]),
    );
    const connector = first.connector();
    expect(await connector.identify()).toEqual({
      accountId: '1234',
      name: 'Demo',
      region: new URL(home.url).hostname,
      currency: 'GBP',
      serverTime: '2026-01-05T12:00:00.000Z',
    });
    expect(connector.calls).toEqual({ reads: 1, writes: 0 });
    for await (const page of connector.scan({ fields: [], lists: false })) expect(page).toEqual([]);
    expect(first.asked.map((asked) => asked.path)).toEqual(['/v2/account-info']);
    expect(home.asked.map((asked) => asked.path)).toEqual(['/contacts/v3']);
    expect(home.asked[0]?.headers.authorization).toBe(first.asked[0]?.headers.authorization);
  });

  it.each([
    ['absent', []],
    ['no address', [{ name: 'ApiEndpoint', value: 'not a url' }]],
    ['another protocol', [{ name: 'apiendpoint', value: 'ftp://127.0.0.1/' }]],
  ])('stays where it was configured when ApiEndpoint is %s', async (_what, properties) => {
    const service = await start((asked) =>
      asked.path === '/v2/account-info' ? accountInfo(properties) : { json: [] },
    );
    const connector = service.connector();
    expect((await connector.identify()).region).toBe(new URL(service.url).hostname);
    expect(await connector.lists()).toEqual([]);
  });

  /** Who is asked at which host, with account-info that names an endpoint; nothing leaves this machine. */
  async function follow(configured: string, endpoint: string) {
    const hosts: string[] = [];
    const connector = createDotdigital({
      url: configured,
      user: 'apiuser-1234567890ab@apiconnector.com',
      password: 'a secret word',
      runtime: {
        fetch: (url) => {
          const { origin, pathname } = new URL(url);
          hosts.push(origin);
          const { json } = accountInfo([{ name: 'ApiEndpoint', value: endpoint }]) as { readonly json: unknown };
          const body = pathname === '/v2/account-info' ? json : [];
          return Promise.resolve(Response.json(body, { headers: { date: new Date(0).toUTCString() } }));
        },
      },
    });
    const lists = await connector.lists().catch((error: unknown) => error);
    return { hosts, lists };
  }

  it.each([
    ['https://r1-api.dotdigital.com', 'https://r2-api.dotdigital.com/', 'https://r2-api.dotdigital.com'],
    ['https://r1-api.dotdigital.com', 'https://r1-api.dotmailer.com', 'https://r1-api.dotmailer.com'],
    ['https://api.proxy.example', 'https://api.proxy.example:8443/', 'https://api.proxy.example:8443'],
    ['http://127.0.0.1:9', 'http://localhost:10', 'http://localhost:10'],
    ['http://127.0.0.1:9', 'https://elsewhere.example', 'http://127.0.0.1:9'],
  ])('goes from %s to %s', async (configured, endpoint, home) => {
    expect(await follow(configured, endpoint)).toEqual({ hosts: [configured, home], lists: [] });
  });

  it.each([
    'https://elsewhere.example/',
    'https://r1-api.dotdigital.com.elsewhere.example',
    'https://notdotdigital.com',
    'https://127.0.0.1',
  ])('takes the credentials to no address that is not Dotdigital’s: %s', async (endpoint) => {
    const { hosts, lists } = await follow('https://r1-api.dotdigital.com', endpoint);
    expect(hosts).toEqual(['https://r1-api.dotdigital.com']);
    expect(lists).toMatchObject({ kind: 'rejected', outcome: 'not-sent', code: 'foreign-endpoint' });
    expect((lists as Error).message).toContain(new URL(endpoint).host);
  });

  it.each(['2021-09-24 09:21:55.661571+00:00', '"2021-09-24T09:21:55.661Z"'])(
    'asks for the time when no Date header came: %s',
    async (text) => {
      const service = await start((asked) =>
        asked.path === '/v2/server-time'
          ? { text, noDate: true }
          : { json: { id: '77', properties: [] }, noDate: true },
      );
      const identity = await service.connector().identify();
      expect(identity).toMatchObject({ accountId: '77', currency: null, serverTime: '2021-09-24T09:21:55.661Z' });
    },
  );

  it('finds the region by itself when the first call is not identify', async () => {
    const service = await start((asked) => (asked.path === '/v2/account-info' ? accountInfo() : { json: [] }));
    const connector = service.connector();
    await Promise.all([connector.lists(), connector.lists(), connector.lists()]);
    expect(service.asked.filter((asked) => asked.path === '/v2/account-info')).toHaveLength(1);
  });
});

describe('credentials and permissions', () => {
  it('names the API user on 401 and never the password', async () => {
    const service = await start(() => ({
      status: 401,
      json: { message: 'Authorization has been denied for this request.' },
    }));
    const error = await fail(service.connector().identify());
    expect(error).toMatchObject({ kind: 'unauthorized', outcome: 'refused', status: 401 });
    expect(error.message).toContain('apiuser-1234567890ab@apiconnector.com');
    expect(error.message).not.toContain('a secret word');
    expect(service.asked).toHaveLength(1);
  });

  it('never repeats the password, even when the service does', async () => {
    const service = await start((asked) =>
      asked.path === '/v2/account-info' ? accountInfo() : { status: 400, json: { message: 'Bad: a secret word' } },
    );
    const error = await fail(service.connector().lists());
    expect(error.message).toContain('***');
    expect(error.message).not.toContain('a secret word');
  });

  it('looks for the account again on a 403 and goes where it has moved', async () => {
    const home = await start(() => ({ json: [{ id: 5, name: 'News', contacts: 3 }] }));
    let moved = false;
    const old = await start((asked) => {
      if (asked.path === '/v2/account-info')
        return accountInfo(moved ? [{ name: 'ApiEndpoint', value: home.url }] : []);
      return { status: 403, json: { message: 'Forbidden: Access is denied' } };
    });
    const connector = old.connector();
    await connector.identify();
    moved = true;
    expect(await connector.lists()).toEqual([{ id: '5', name: 'News', size: 3 }]);
  });

  it('looks only once when the account has not moved', async () => {
    const service = await start((asked) =>
      asked.path === '/v2/account-info'
        ? accountInfo()
        : { status: 403, json: { errorCode: 'accounts:forbidden', description: 'Access is denied' } },
    );
    const connector = service.connector();
    for (let turn = 0; turn < 3; turn += 1) {
      const error = await fail(connector.lists());
      expect(error).toMatchObject({ kind: 'forbidden', code: 'accounts:forbidden' });
      expect(error.message).toMatch(/region/);
    }
    expect(service.asked.filter((asked) => asked.path === '/v2/account-info')).toHaveLength(2);
  });
});

describe('capabilities', () => {
  it('says which areas cannot be used and why', async () => {
    const service = await start((asked) => {
      if (asked.path === '/v2/account-info') return accountInfo();
      if (asked.path.startsWith('/insightData')) return { status: 500, text: '<html>Server Error</html>' };
      if (asked.path === '/v2/address-books') return { status: 403, json: { message: 'Forbidden' } };
      return { json: [] };
    });
    const found = await service.connector().capabilities();
    expect(found.filter((each) => each.usable).map((each) => each.area)).toEqual([
      'contacts',
      'data-fields',
      'suppressions',
    ]);
    expect(found.find((each) => each.area === 'insight-data')?.detail).toMatch(/plan/);
    expect(found.find((each) => each.area === 'lists')?.detail).toMatch(/API user may not/);
    expect(service.asked.filter((asked) => asked.path.startsWith('/insightData'))).toHaveLength(1);
  });

  it('throws when the credentials are not accepted', async () => {
    const service = await start(() => ({ status: 401, text: '' }));
    expect(await fail(service.connector().capabilities())).toMatchObject({ kind: 'unauthorized' });
  });
});

describe('error dialects', () => {
  const cases: readonly (readonly [number, object | string, object])[] = [
    [
      400,
      { message: 'Name is invalid. ERROR_ADDRESSBOOK_INVALID' },
      { kind: 'rejected', code: 'ERROR_ADDRESSBOOK_INVALID' },
    ],
    [
      400,
      { message: 'Error: ERROR_ADDRESSBOOK_NOT_FOUND ' },
      { kind: 'not-found', code: 'ERROR_ADDRESSBOOK_NOT_FOUND' },
    ],
    [404, { message: 'Error: ERROR_ADDRESSBOOK_NOT_FOUND' }, { kind: 'not-found' }],
    [
      409,
      { errorCode: 'contacts:identifierConflict', description: 'taken' },
      { kind: 'conflict', code: 'contacts:identifierConflict' },
    ],
    [
      400,
      {
        errorCode: 'contacts:invalidContacts',
        description: 'Invalid contact data',
        details: [{ item: 'FOO', description: 'Data field does not exist' }],
      },
      { kind: 'rejected', field: 'FOO' },
    ],
    [
      400,
      { errorCode: 'contacts:invalidContacts', description: 'Invalid', details: [{ item: 'BAR', error: 'no' }] },
      { kind: 'rejected', field: 'BAR' },
    ],
    [404, '<html><body>Not here</body></html>', { kind: 'not-found', code: null }],
    [400, '"Bad. ERROR_PARAMETER_INVALID"', { kind: 'rejected', code: 'ERROR_PARAMETER_INVALID' }],
    [413, '', { kind: 'rejected', status: 413 }],
    [400, { message: 'no. ERROR_INVALID_LOGIN' }, { kind: 'unauthorized' }],
    [400, { message: 'no. ERROR_FEATURENOTACTIVE' }, { kind: 'forbidden' }],
  ];
  it.each(cases)('%i %j', async (status, body, expected) => {
    const service = await start((asked) => {
      if (asked.path === '/v2/account-info') return accountInfo();
      return typeof body === 'string' ? { status, text: body } : { status, json: body };
    });
    const error = await fail(service.connector().lists());
    expect(error).toMatchObject({ outcome: 'refused', ...expected });
    expect(error.message).not.toMatch(/<html>/);
  });
});
