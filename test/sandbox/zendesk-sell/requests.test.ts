// What every request passes: User-Agent, token, Accept, scope, path, body; and how refusals look.
import { describe, expect, it } from 'vitest';
import { firstError, SellClient } from './sell-client.ts';

describe('the gate', () => {
  it('refuses a request without a User-Agent, under either code and in either order', async () => {
    const sell = new SellClient();
    const bare = { 'user-agent': '' };
    expect(firstError(await sell.call('GET', '/v2/contacts', undefined, bare))).toBe('invalid_header');
    sell.sandbox.switches.userAgentCode = 'invalid_user_agent';
    const both = { 'user-agent': '', authorization: undefined };
    expect(firstError(await sell.call('GET', '/v2/contacts', undefined, both))).toBe('invalid_user_agent');
    sell.sandbox.switches.userAgentBeforeToken = false;
    expect((await sell.call('GET', '/v2/contacts', undefined, both)).status).toBe(401);
    expect((await sell.call('GET', '/v2/contacts', undefined, bare)).status).toBe(400);
  });

  it('refuses missing, malformed and unknown tokens with 401', async () => {
    const sell = new SellClient();
    for (const authorization of [undefined, 'Bearer', `Basic ${sell.token}`, 'Bearer nothing-known']) {
      const answer = await sell.call('GET', '/v2/contacts', undefined, { authorization });
      expect(answer.status).toBe(401);
      expect(answer.json['errors']?.[0]?.['error']?.['details']).toBe(
        'Required access token is missing, malformed, expired, or invalid.',
      );
    }
  });

  it('asks for the scope of the call', async () => {
    const sell = new SellClient();
    const cases = [
      ['read', 'GET', '/v2/contacts', 200],
      ['read', 'POST', '/v2/contacts', 403],
      ['read', 'GET', '/v2/users/self', 403],
      ['read', 'POST', '/v2/sync/start', 403],
      ['profile', 'GET', '/v2/users/self', 200],
      ['profile', 'GET', '/v2/accounts/self', 200],
      ['profile', 'GET', '/v2/contacts', 403],
      ['write', 'GET', '/v2/leads', 403],
      ['write', 'POST', '/v2/leads', 200],
      ['sync', 'POST', '/v2/sync/start', 201],
      ['sync', 'GET', '/v2/lead_statuses', 403],
    ] as const;
    for (const [scope, method, url, status] of cases) {
      sell.token = sell.sandbox.issueToken({ scopes: [scope] });
      const body = method === 'POST' && !url.includes('sync') ? { data: { last_name: 'A' } } : undefined;
      const answer = await sell.call(method, url, body);
      expect([scope, method, url, answer.status]).toEqual([scope, method, url, status]);
      if (status === 403) expect(firstError(answer)).toBe('insufficient_scope');
    }
  });

  it('answers 406 to a client that takes no JSON', async () => {
    const sell = new SellClient();
    expect((await sell.call('GET', '/v2/contacts', undefined, { accept: 'text/xml' })).status).toBe(406);
    expect((await sell.call('GET', '/v2/contacts', undefined, { accept: 'text/html, */*;q=0.1' })).status).toBe(200);
    expect((await sell.call('GET', '/v2/contacts', undefined, { accept: undefined })).status).toBe(200);
  });

  it('ends with 410 once retired', async () => {
    const sell = new SellClient();
    sell.sandbox.switches.retired = true;
    expect((await sell.get('/v2/contacts')).status).toBe(410);
  });
});

describe('paths and bodies', () => {
  it('names an incorrect path and a method nothing is served under', async () => {
    const sell = new SellClient();
    const answer = await sell.get('/v2/nothing?x=1');
    expect(answer.status).toBe(404);
    expect(answer.json['errors']?.[0]?.['error']).toMatchObject({
      code: 'incorrect_path',
      details: "Requested path at '/v2/nothing' was not found using the HTTP method 'GET'.",
    });
    expect(firstError(await sell.call('PATCH', '/v2/contacts/1', { data: {} }))).toBe('incorrect_path');
    const outside = await sell.call('GET', '/openapi.json', undefined, { authorization: undefined });
    expect([outside.status, firstError(outside)]).toEqual([404, 'not_found']);
  });

  it('accepts a .json suffix', async () => {
    const sell = new SellClient();
    expect((await sell.post('/v2/contacts.json', { last_name: 'A' })).status).toBe(200);
    expect((await sell.get('/v2/contacts.json?per_page=1')).json['meta']?.['count']).toBe(1);
  });

  it('tells a body that is no JSON from one of the wrong shape', async () => {
    const sell = new SellClient();
    const send = async (body: unknown): Promise<string> => {
      const answer = await sell.call('POST', '/v2/contacts', body);
      return `${answer.status} ${firstError(answer)}`;
    };
    expect(await send('{"data":')).toBe('400 invalid_payload');
    expect(await send('')).toBe('400 invalid_payload');
    expect(await send([])).toBe('422 incorrect_payload');
    expect(await send({ last_name: 'A' })).toBe('422 incorrect_payload');
    expect(await send({ data: [] })).toBe('422 incorrect_payload');
    expect(await send({ data: { last_name: 'A' }, meta: { type: 'lead' } })).toBe('422 incorrect_payload');
    expect(await send({ data: { last_name: 'A' }, meta: { type: 'contact' } })).toBe('200 ');
    const answer = await sell.call('POST', '/v2/contacts', '{"data":{"last_name":"B"}}', {
      'content-type': 'text/csv',
    });
    expect(answer.status).toBe(200);
  });

  it('refuses an id that is no integer', async () => {
    const sell = new SellClient();
    expect(firstError(await sell.get('/v2/contacts/abc'))).toBe('invalid_param');
  });
});

describe('the error envelope', () => {
  it('has the documented members, and logref equals X-Request-Id', async () => {
    const sell = new SellClient();
    const answer = await sell.post('/v2/contacts', { last_name: 'A', invalid_field: 1 });
    expect(answer.status).toBe(422);
    const more = { more_info: 'https://developers.getbase.com/docs/rest/articles/errors' };
    expect(answer.json).toEqual({
      errors: [
        {
          error: {
            resource: 'contact',
            field: '/invalid_field',
            code: 'unknown',
            message: 'unknown attribute',
            details: "The attribute '/invalid_field' is not a known attribute for the 'contact' resource.",
          },
          meta: { type: 'error', links: more },
        },
      ],
      meta: {
        type: 'errors',
        http_status: '422 Unprocessable Entity',
        logref: answer.headers['x-request-id'],
        links: more,
      },
    });
    expect(answer.headers['x-request-id']).toMatch(/^[a-z0-9]{5}(-[a-z0-9]{5}){3}$/);
    expect(answer.headers['content-language']).toBe('en');
    expect(answer.headers['retry-after']).toBeUndefined();
  });

  it('follows the pointer and logref switches', async () => {
    const sell = new SellClient({ switches: { errorPointer: 'data', logrefStyle: 'uuid' } });
    const answer = await sell.post('/v2/contacts', {});
    expect(firstError(answer)).toBe('missing /data/last_name');
    expect(answer.json['meta']?.['logref']).toMatch(/^[\da-f]{8}-[\da-f]{4}-4/);
  });

  it('gives every error of a body at once', async () => {
    const sell = new SellClient();
    const answer = await sell.post('/v2/contacts', { last_name: 5, bogus: 1, customer_status: 'gold' });
    const errors = (answer.json['errors'] as readonly { error: { code: string; field: string } }[]).map(
      (entry) => `${entry.error.code} ${entry.error.field}`,
    );
    expect(errors.sort()).toEqual(['incorrect_value /customer_status', 'invalid_type /last_name', 'unknown /bogus']);
  });
});

describe('lists', () => {
  const filled = (switches = {}): SellClient => {
    const sell = new SellClient({ switches });
    sell.sandbox.world.createContacts(Array.from({ length: 60 }, (_, index) => ({ last_name: `N${index + 100}` })));
    return sell;
  };

  it('pages by 25, with absent links where they do not apply', async () => {
    const sell = filled();
    const first = await sell.get('/v2/contacts?sort_by=id&unknown=1');
    expect(first.json['meta']?.['count']).toBe(25);
    const links = first.json['meta']?.['links'] as unknown as Record<string, string>;
    expect(Object.keys(links).sort()).toEqual(['next_page', 'self']);
    expect(links['self']).toMatch(/\/v2\/contacts\?sort_by=id&unknown=1&page=1&per_page=25$/);
    const second = await sell.get(
      new URL(links['next_page'] ?? '').pathname + new URL(links['next_page'] ?? '').search,
    );
    expect(Object.keys(second.json['meta']?.['links'] ?? {}).sort()).toEqual([
      'first_page',
      'next_page',
      'prev_page',
      'self',
    ]);
    const last = await sell.get('/v2/contacts?page=3');
    expect(last.json['meta']?.['count']).toBe(10);
    expect(last.json['meta']?.['links']?.['next_page']).toBeUndefined();
    const past = await sell.get('/v2/contacts?page=4');
    expect([past.status, past.json['items']]).toEqual([200, []]);
    const single = await new SellClient().get('/v2/contacts');
    expect(Object.keys(single.json['meta']?.['links'] ?? {})).toEqual(['self']);
  });

  it('covers every record exactly once while paging', async () => {
    const sell = filled();
    const seen = new Set<number>();
    for (let page = 1; page <= 6; page += 1) {
      for (const id of await sell.ids(`/v2/contacts?per_page=10&page=${page}`)) seen.add(id);
    }
    expect(seen.size).toBe(60);
  });

  it('refuses a page size out of bounds with the captured body, which has no logref', async () => {
    const sell = filled();
    const answer = await sell.get('/v2/contacts?per_page=200');
    expect(answer.status).toBe(400);
    expect(answer.json['errors']?.[0]?.['error']).toEqual({
      code: 'invalid_param',
      message: 'invalid request query parameter',
      details:
        "The request query parameter 'per_page' is malformed, missing, or has an invalid value (must be between 1 and 100, given: 200)",
    });
    expect(answer.json['meta']?.['http_status']).toBe('400 Bad Request');
    expect(answer.json['meta']?.['logref']).toBeUndefined();
    for (const query of ['per_page=0', 'per_page=x', 'page=0', 'page=-1', 'page=1&page=2']) {
      expect((await sell.get(`/v2/contacts?${query}`)).status).toBe(400);
    }
  });

  it('follows the switches for unknown parameters, depth, total and meta version', async () => {
    const sell = filled({
      unknownQueryParameter: 'refuse',
      pageDepthLimit: 2,
      listTotalCount: true,
      metaVersion: true,
    });
    expect((await sell.get('/v2/contacts?foo=1')).status).toBe(400);
    expect((await sell.get('/v2/contacts?page=3')).status).toBe(400);
    const answer = await sell.get('/v2/contacts?page=2');
    expect(answer.json['meta']?.['total_count']).toBe(60);
    expect(answer.json['items']?.[0]?.['meta']).toEqual({ version: 2, type: 'contact' });
    expect((await filled().get('/v2/contacts')).json['meta']?.['total_count']).toBeUndefined();
  });

  it('shows the origin it was told to show', async () => {
    const sell = new SellClient({ publicUrl: 'https://sell.example' });
    expect((await sell.get('/v2/contacts')).json['meta']?.['links']?.['self']).toBe(
      'https://sell.example/v2/contacts?page=1&per_page=25',
    );
  });

  it('sorts as asked, nulls last, and by id among equals', async () => {
    const sell = new SellClient();
    const { world } = sell.sandbox;
    const b = world.createContact({ last_name: 'b', first_name: 'Z' }).id;
    const a = world.createContact({ last_name: 'A' }).id;
    const org = world.createContact({ is_organization: true, name: 'Org' }).id;
    const b2 = world.createContact({ last_name: 'B' }).id;
    expect(await sell.ids('/v2/contacts')).toEqual([a, b, b2, org]);
    expect(await sell.ids('/v2/contacts?sort_by=last_name:desc')).toEqual([org, b, b2, a]);
    expect(await sell.ids('/v2/contacts?sort_by=id:desc')).toEqual([b2, org, a, b]);
    sell.clock.advance(5000);
    world.updateContact(a, { title: 'x' });
    expect((await sell.ids('/v2/contacts?sort_by=updated_at:desc'))[0]).toBe(a);
    expect((await sell.get('/v2/contacts?sort_by=shoe_size')).status).toBe(400);
    sell.sandbox.switches.unknownSortField = 'ignore';
    expect(await sell.ids('/v2/contacts?sort_by=shoe_size')).toEqual([a, b, b2, org]);
  });

  it('keeps its order while records change', async () => {
    const sell = filled();
    const { world } = sell.sandbox;
    await sell.ids('/v2/contacts?per_page=100');
    await sell.ids('/v2/contacts?per_page=100&is_organization=false&sort_by=last_name:desc');
    const [first = 0, second = 0] = await sell.ids('/v2/contacts?sort_by=id');
    world.updateContact(first, { last_name: 'ZZZ' });
    world.deleteContact(second);
    const added = world.createContact({ last_name: 'AAA' }).id;
    const ids = await sell.ids('/v2/contacts?per_page=100');
    expect([ids[0], ids.at(-1), ids.length]).toEqual([added, first, 60]);
    expect(
      (await sell.ids('/v2/contacts?per_page=100&is_organization=false&sort_by=last_name:desc')).toReversed(),
    ).toEqual(ids);
  });
});
