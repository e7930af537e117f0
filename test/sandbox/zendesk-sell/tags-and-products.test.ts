// Tags and products: small resources with rules of their own.
import { describe, expect, it } from 'vitest';
import { events, firstError, SellClient } from './sell-client.ts';

describe('tags', () => {
  it('come into being on use, once per resource type', async () => {
    const sell = new SellClient();
    await sell.post('/v2/contacts', { last_name: 'A', tags: ['VIP', 'new'] });
    await sell.post('/v2/contacts', { last_name: 'B', tags: ['VIP'] });
    await sell.post('/v2/leads', { last_name: 'C', tags: ['VIP'] });
    expect(await sell.ids('/v2/tags')).toHaveLength(3);
    expect(await sell.ids('/v2/tags?name=VIP')).toHaveLength(2);
    const lead = await sell.get('/v2/tags?name=VIP&resource_type=lead');
    expect(Object.keys(lead.json['items']?.[0]?.['data'] ?? {})).toEqual(
      'id name created_at updated_at resource_type creator_id'.split(' '),
    );
    expect(await sell.ids('/v2/tags?name=vip')).toEqual([]);
  });

  it('can be created, renamed and deleted, and records follow', async () => {
    const sell = new SellClient();
    expect(firstError(await sell.post('/v2/tags', { name: 'a' }))).toBe('missing /resource_type');
    expect(firstError(await sell.post('/v2/tags', { name: 'a', resource_type: 'user' }))).toBe(
      'incorrect_value /resource_type',
    );
    expect(firstError(await sell.post('/v2/tags', { name: '', resource_type: 'lead' }))).toBe('blank /name');
    const made = await sell.post('/v2/tags', { name: 'a', resource_type: 'contact' });
    expect(firstError(await sell.post('/v2/tags', { name: 'a', resource_type: 'contact' }))).toBe(
      'already_exists /name',
    );
    await sell.post('/v2/tags', { name: 'b', resource_type: 'contact' });
    const { id } = (await sell.post('/v2/contacts', { last_name: 'A', tags: ['a', 'x'] })).json['data'] as unknown as {
      id: number;
    };
    const url = `/v2/tags/${made.json['data']?.['id']}`;
    expect(firstError(await sell.put(url, { name: 'b' }))).toBe('already_exists /name');
    await sell.drain();
    expect((await sell.put(url, { name: 'z' })).json['data']?.['name']).toBe('z');
    expect((await sell.get(`/v2/contacts/${id}`)).json['data']?.['tags']).toEqual(['z', 'x']);
    expect(events(await sell.drain(), 'contact')).toEqual([`updated contact ${id}`]);
    expect((await sell.delete(url)).status).toBe(204);
    expect((await sell.get(`/v2/contacts/${id}`)).json['data']?.['tags']).toEqual(['x']);
    expect((await sell.get(url)).status).toBe(404);
  });

  it('treat case, empty and long names as switched', async () => {
    const sell = new SellClient();
    const tags = async (names: readonly string[]): Promise<unknown> => {
      const answer = await sell.post('/v2/contacts', { last_name: 'A', tags: names });
      return answer.status === 200 ? answer.json['data']?.['tags'] : firstError(answer);
    };
    expect(await tags(['VIP', 'vip'])).toEqual(['VIP', 'vip']);
    expect(await tags(['', 'en'])).toBe('blank /tags');
    sell.sandbox.switches.emptyTag = 'drop';
    expect(await tags(['', 'en'])).toEqual(['en']);
    sell.sandbox.switches.emptyTag = 'accept';
    expect(await tags(['', 'en'])).toEqual(['', 'en']);
    sell.sandbox.switches.tagMaxLength = 3;
    expect(await tags(['long'])).toBe('incorrect_value /tags');
    const other = new SellClient({ switches: { tagCase: 'insensitive' } });
    await other.post('/v2/contacts', { last_name: 'A', tags: ['VIP'] });
    const second = await other.post('/v2/contacts', { last_name: 'B', tags: ['vip', 'Vip'] });
    expect(second.json['data']?.['tags']).toEqual(['VIP']);
  });
});

describe('products', () => {
  const product = {
    name: 'Plan',
    sku: 'p-1',
    prices: [{ amount: '12.3', currency: 'USD' }],
    cost: 9,
    max_discount: 15,
  };

  it('put their meta first, text blanks as "", money as text', async () => {
    const sell = new SellClient();
    const answer = await sell.post('/v2/products', product);
    expect(answer.text.startsWith('{"meta":{"type":"product"},"data":')).toBe(true);
    expect(answer.json['data']).toMatchObject({
      description: '',
      active: true,
      cost: '9.00',
      cost_currency: 'USD',
      prices: [{ currency: 'USD', amount: '12.30' }],
      max_markup: null,
    });
    const url = `/v2/products/${answer.json['data']?.['id']}`;
    const changed = await sell.put(url, { active: false, prices: [{ amount: '1', currency: 'EUR' }] });
    expect(changed.json['data']).toMatchObject({
      name: 'Plan',
      active: false,
      prices: [{ currency: 'EUR', amount: '1.00' }],
    });
    expect(await sell.ids('/v2/products?active=false&sku=p-1')).toHaveLength(1);
    expect(await sell.ids('/v2/products?active=true')).toEqual([]);
    expect((await sell.delete(url)).status).toBe(204);
    const gone = await sell.get(url);
    expect([gone.status, gone.json['meta']?.['type']]).toEqual([404, 'collection']);
  });

  it('refuse in their own style', async () => {
    const sell = new SellClient();
    const answer = await sell.post('/v2/products', { ...product, max_discount: 150 });
    expect(answer.status).toBe(422);
    expect(answer.json['meta']?.['type']).toBe('collection');
    expect(answer.json['errors']?.[0]?.['error']).toMatchObject({
      field: '/data/max_discount',
      details: 'Ensure this value is less than or equal to 100.',
    });
    const error = async (extra: object): Promise<string> =>
      firstError(await sell.post('/v2/products', { ...product, ...extra }));
    expect(await error({ name: '' })).toBe('blank /data/name');
    expect(await error({ shoe: 1 })).toBe('unknown /data/shoe');
    expect(await error({ cost: 'much' })).toBe('incorrect_value /data/cost');
    expect(await error({ prices: [{ amount: '1' }] })).toBe('missing /data/prices/currency');
    expect(await error({ prices: [{ amount: '1', currency: 'usd' }] })).toBe('incorrect_value /data/prices/currency');
    expect(firstError(await sell.post('/v2/products', {}))).toBe('missing /data/name');
  });

  it('can be changed by administrators only, who alone see the cost', async () => {
    const sell = new SellClient({
      users: [
        { name: 'Ada', email: 'ada@x.example', role: 'admin' },
        { name: 'Uma', email: 'uma@x.example' },
      ],
      tokens: [{}, { user: 1 }],
    });
    const id = (await sell.post('/v2/products', product)).json['data']?.['id'];
    sell.token = sell.sandbox.tokens[1]?.token ?? '';
    expect((await sell.post('/v2/products', product)).status).toBe(403);
    expect((await sell.delete(`/v2/products/${id}`)).status).toBe(403);
    const seen = await sell.get(`/v2/products/${id}`);
    expect([seen.status, seen.json['data']?.['cost'], seen.json['data']?.['name']]).toEqual([200, undefined, 'Plan']);
    sell.token = sell.sandbox.tokens[0]?.token ?? '';
    sell.sandbox.switches.productCatalogLocked = true;
    expect((await sell.put(`/v2/products/${id}`, {})).status).toBe(403);
    expect((await sell.get('/v2/products')).status).toBe(200);
  });

  it('need the plan', async () => {
    const sell = new SellClient({ plan: { products: false } });
    expect((await sell.get('/v2/products')).status).toBe(403);
    sell.sandbox.switches.productsPlanStatus = 500;
    expect((await sell.get('/v2/products')).status).toBe(500);
    sell.sandbox.plan = { products: true, syncApi: true };
    expect((await sell.get('/v2/products')).status).toBe(200);
  });
});
