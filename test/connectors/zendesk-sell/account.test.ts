import { afterEach, describe, expect, it } from 'vitest';
import {
  collect,
  failure,
  many,
  one,
  person,
  type Script,
  type ScriptedSell,
  startScriptedSell,
} from './scripted-sell.ts';

let server: ScriptedSell | undefined;
afterEach(() => server?.close());

async function serve(script: Script): Promise<ScriptedSell> {
  server = await startScriptedSell(script);
  return server;
}

const account = { id: 1234567, name: 'Sales Co', currency: 'GBP', subdomain: null };

describe('identity (R13)', () => {
  it('is the account id and the service’s clock', async () => {
    const { sell, calls } = await serve(() => ({
      ...one(account, 'account'),
      headers: { date: 'Tue, 03 Feb 2026 04:05:06 GMT' },
    }));
    expect(await sell.identify()).toEqual({
      accountId: '1234567',
      name: 'Sales Co',
      region: 'sell',
      currency: 'GBP',
      serverTime: '2026-02-03T04:05:06.000Z',
    });
    expect(calls[0]?.headers).toMatchObject({
      'user-agent': 'lockstep-sync',
      accept: 'application/json',
      authorization: 'Bearer a-token-of-sell',
    });
  });

  it('falls back to the local clock when the service tells no usable time', async () => {
    const { connect } = await serve(() => ({ ...one(account), headers: { date: 'yesterday' } }));
    const sell = connect({ runtime: { now: () => Date.UTC(2026, 5, 1) } });
    expect(await sell.identify()).toMatchObject({ serverTime: '2026-06-01T00:00:00.000Z' });
  });
});

describe('schema', () => {
  const fields: { readonly [path: string]: readonly unknown[] } = {
    '/v2/contact/custom_fields': [
      { id: 1, name: 'VIP', type: 'bool', for_contact: true, for_company: false },
      { id: 2, name: 'Size of firm', type: 'number', for_contact: false, for_company: true },
      { id: 3, name: 'Tier é. 1', type: 'list', choices: [{ id: 1, name: 'Gold' }] },
      {
        id: 4,
        name: 'Places',
        type: 'multi_select_list',
        options: [
          { id: 1, name: 'A' },
          { id: 2, name: 'B' },
        ],
        for_contact: true,
      },
      { id: 5, name: 'Home', type: 'address', for_contact: true },
      { id: 6, name: 'Puzzle', type: 'hologram' },
      { id: 7, name: 'Firm only', type: 'string', for_organisation: true, for_contact: false },
    ],
    '/v2/prospect_and_customer/custom_fields': [
      { id: 8, name: 'Renewal', type: 'date' },
      { id: 9, name: 'VIP', type: 'string' },
    ],
    '/v2/lead/custom_fields': [{ id: 10, name: 'Flag', type: 'boolean' }],
    '/v2/lead_statuses': [
      { id: 1, name: 'New' },
      { id: 2, name: 'unqualified' },
    ],
  };
  const standard: Script = ({ path }) => many(fields[path] ?? []);

  it('knows custom fields of every type and leaves out those of organisations', async () => {
    const { sell } = await serve(standard);
    const schema = await sell.schema();
    const custom = schema.contact.fields.filter(({ path }) => path.startsWith('custom_fields.'));
    expect(custom.map(({ path, type, writable }) => [path, type, writable])).toEqual([
      ['custom_fields.VIP', 'boolean', true],
      ['custom_fields.Tier é. 1', 'choice', true],
      ['custom_fields.Places', 'set', true],
      ...['line1', 'city', 'postal_code', 'state', 'country'].map((part) => [
        `custom_fields.Home.${part}`,
        'text',
        true,
      ]),
      ['custom_fields.Puzzle', 'text', false],
      ['custom_fields.Renewal', 'date', true],
    ]);
    const of = (path: string) => custom.find((field) => field.path === path);
    expect(of('custom_fields.Tier é. 1')?.choices).toEqual(['Gold']);
    expect(of('custom_fields.Places')).toMatchObject({ choices: ['A', 'B'], whole: 'custom_fields.Places' });
    expect(of('custom_fields.Home.city')).toMatchObject({ whole: 'custom_fields.Home' });
    expect(schema.lead.fields.map(({ path }) => path)).toContain('custom_fields.Flag');
  });

  it('knows what is mandatory, whole, recomputed, closed and only for prospects and customers (C12-C17)', async () => {
    const { sell } = await serve(standard);
    const { contact, lead } = await sell.schema();
    const of = (path: string) => contact.fields.find((field) => field.path === path);
    expect(contact.fields.filter(({ mandatory }) => mandatory).map(({ path }) => path)).toEqual([
      'first_name',
      'last_name',
    ]);
    expect(of('address.city')).toMatchObject({ whole: 'address', writable: true });
    expect(of('address.city')?.needsQualified).toBeUndefined();
    expect(of('shipping_address.postal_code')).toMatchObject({ whole: 'shipping_address', needsQualified: true });
    expect(of('prospect_status')).toMatchObject({
      type: 'status',
      choices: ['none', 'current', 'lost'],
      fallback: 'none',
      recomputed: true,
    });
    expect(of('customer_status')).toMatchObject({ choices: ['none', 'current', 'past'], fallback: 'none' });
    expect(of('tags')).toMatchObject({ type: 'set', whole: 'tags' });
    for (const path of ['id', 'owner.name', 'owner.email', 'organization.name'])
      expect(of(path)?.writable, path).toBe(false);
    expect(contact.qualification).toMatchObject({ paths: ['customer_status', 'prospect_status'], none: 'none' });
    expect(lead.qualification).toBeUndefined();
    expect(lead.fields.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['organization_name', 'source.name', 'status', 'address.line1']),
    );
    expect(lead.fields.map(({ path }) => path)).not.toContain('billing_address.line1');
    expect(lead.statuses).toEqual(['New', 'unqualified']);
    expect(contact.statuses).toBeNull();
    for (const role of [contact, lead])
      expect(new Set(role.fields.map(({ path }) => path)).size).toBe(role.fields.length);
  });

  it.each([404, 403])('is complete without lead statuses when that call answers %i', async (status) => {
    const { sell } = await serve((call) => (call.path === '/v2/lead_statuses' ? { status, text: '' } : standard(call)));
    expect((await sell.schema()).lead.statuses).toEqual([]);
  });

  it('is complete without a separate set of fields for prospects and customers', async () => {
    const { sell } = await serve((call) =>
      call.path.includes('prospect')
        ? failure(404, 'incorrect_path', { details: 'Requested path was not found.' })
        : standard(call),
    );
    expect((await sell.schema()).contact.fields.map(({ path }) => path)).toContain('custom_fields.VIP');
  });

  it('is an error, not an empty schema, when definitions cannot be read', async () => {
    const { sell } = await serve((call) =>
      call.path === '/v2/contact/custom_fields' ? failure(403, 'insufficient_scope') : standard(call),
    );
    await expect(sell.schema()).rejects.toMatchObject({ kind: 'forbidden' });
  });
});

describe('capabilities', () => {
  const full: Script = ({ path, method }) => {
    if (path === '/oauth2/token/info') return failure(404, 'not_found');
    if (path.startsWith('/v2/sync/') || method === 'PUT') return failure(404, 'not_found');
    return path === '/v2/accounts/self' ? one(account) : many([person(1)]);
  };

  it('finds everything usable without starting a sync session or creating anything', async () => {
    const { sell, titles } = await serve(full);
    expect(await sell.capabilities()).toMatchObject({
      scopes: { found: ['read', 'write', 'profile', 'sync'], missing: [] },
      changeFeed: { usable: true },
      products: { usable: true },
    });
    expect(titles()).not.toContain('POST /v2/sync/start');
    expect(titles().filter((title) => !title.startsWith('GET'))).toEqual(['PUT /v2/contacts/0']);
  });

  it('hands on when the credential ends, where the service tells', async () => {
    const told = { scope: 'read write profile sync', expires_in: 86_400 };
    const { sell } = await serve((call) =>
      call.path === '/oauth2/token/info' ? { status: 200, text: JSON.stringify(told) } : full(call),
    );
    expect((await sell.capabilities()).endsInSeconds).toBe(86_400);
  });

  it('names missing scopes and what the plan lacks', async () => {
    const { sell } = await serve((call) => {
      if (call.method === 'PUT') return failure(403, 'insufficient_scope');
      if (call.path.startsWith('/v2/sync')) return { status: 403, text: '' };
      return call.path === '/v2/products' ? { status: 500, text: '' } : full(call);
    });
    const found = await sell.capabilities();
    expect(found.scopes).toEqual({ found: ['read', 'profile', 'sync'], missing: ['write'] });
    expect(found.changeFeed.usable).toBe(false);
    expect(found.changeFeed.message).toContain('plan');
    expect(found.products.usable).toBe(false);
  });

  it('believes the token’s own words and then writes nothing at all', async () => {
    const { sell, titles } = await serve((call) =>
      call.path === '/oauth2/token/info' ? { json: { scope: 'read profile sync' } } : full(call),
    );
    expect((await sell.capabilities()).scopes.missing).toEqual(['write']);
    expect(titles().every((title) => title.startsWith('GET'))).toBe(true);
  });

  it('does not take a refused credential for a missing scope', async () => {
    const { sell } = await serve(() => failure(401, 'unauthorized'));
    await expect(sell.capabilities()).rejects.toMatchObject({ kind: 'unauthorized' });
  });
});

describe('catalogue and conversions', () => {
  it('reads products with exact amounts and blanks as null (K2)', async () => {
    const wire = {
      id: 9,
      name: 'Plan',
      description: '',
      sku: '',
      active: false,
      prices: [{ amount: '0.50', currency: 'GBP' }],
      cost: null,
      cost_currency: 'GBP',
      max_discount: 15,
    };
    const { sell } = await serve(() => many([wire]));
    const products = (await collect(sell.products())).flat();
    expect(products).toMatchObject([
      {
        id: '9',
        sku: null,
        description: null,
        active: false,
        prices: [{ amount: '0.50', currency: 'GBP' }],
        cost: null,
        maxDiscount: '15',
      },
    ]);
  });

  it('tells what became of leads, and nothing of those that were not converted (D8)', async () => {
    const { sell } = await serve(({ query }) => {
      if (query.get('lead_id') === '1')
        return many([
          { id: 70, lead_id: 1, individual_id: 500, organization_id: null, created_at: '2026-01-01T00:00:00Z' },
        ]);
      if (query.get('lead_id') === '2')
        return many([
          { id: 71, lead_id: 2, individual_id: null, organization_id: 600, created_at: '2026-01-01T00:00:00Z' },
        ]);
      return many([{ id: 70, lead_id: 1, individual_id: 500 }]);
    });
    expect(await sell.conversionsOf(['1', '2', '3', '1'])).toEqual([
      { id: '70', leadId: '1', contactId: '500', convertedAt: '2026-01-01T00:00:00Z' },
      { id: '71', leadId: '2', contactId: null, convertedAt: '2026-01-01T00:00:00Z' },
    ]);
  });

  it('reads the conversions after the last one known, newest first, and none where the list is refused (D8)', async () => {
    const page = (n: number): readonly number[] => Array.from({ length: 100 }, (_, i) => 250 - (n - 1) * 100 - i);
    let refused = false;
    const { sell, titles } = await serve(({ query }) => {
      if (refused) return failure(403, 'forbidden');
      const ids = page(Number(query.get('page'))).filter((id) => id > 0);
      return many(ids.map((id) => ({ id, lead_id: 1000 + id, individual_id: 5000 + id })));
    });
    const read = async (after: string | null) => (await Array.fromAsync(sell.conversionsAfter(after))).flat();
    expect((await read(null)).map(({ id }) => id)).toEqual(
      [...page(1), ...page(2), ...page(3)].filter((id) => id > 0).map(String),
    );
    expect((await read('248')).map(({ leadId }) => leadId)).toEqual(['1250', '1249']);
    expect(titles()).toHaveLength(4);
    refused = true;
    expect(await read(null)).toEqual([]);
  });

  it('names a lead source that was made after the list was read, and a former one not at all (C30)', async () => {
    const { sell, titles } = await serve(({ path }) => {
      if (path === '/v2/lead_sources') return many([{ id: 1, name: 'Web' }]);
      if (path === '/v2/lead_sources/2') return one({ id: 2, name: 'Fair' });
      if (path === '/v2/leads') return many([1, 2, 3, 2].map((source_id, id) => person(id, { source_id })));
      return failure(404, 'not_found');
    });
    const records = await sell.readMany('lead', ['0', '1', '2', '3'], { roles: ['lead'], paths: ['source.name'] });
    expect(records.map(({ values }) => values['source.name'])).toEqual(['Web', 'Fair', null, 'Fair']);
    expect(titles().filter((title) => title.startsWith('GET /v2/lead_sources'))).toHaveLength(3);
  });

  it('reads the users once for many who ask at the same time', async () => {
    const { sell, titles } = await serve(({ path }) =>
      path === '/v2/users' ? many([{ id: 7, name: 'Jo', email: 'jo@example.test' }]) : one(person(1)),
    );
    const selection = { roles: ['contact'], paths: ['owner.email'] } as const;
    await Promise.all(Array.from({ length: 10 }, () => sell.readOne('contact', '1', selection)));
    expect(titles().filter((title) => title === 'GET /v2/users')).toHaveLength(1);
  });

  it('lists users that have an address', async () => {
    const { sell } = await serve(() =>
      many([
        { id: 1, name: 'Jo', email: 'jo@example.test' },
        { id: 2, name: 'Bot', email: null },
      ]),
    );
    expect(await sell.users()).toEqual([{ id: '1', email: 'jo@example.test' }]);
  });
});
