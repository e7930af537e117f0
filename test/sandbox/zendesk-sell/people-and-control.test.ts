// People at the screen, and the control API through which another process plays them.
import { describe, expect, it } from 'vitest';
import { events, type Json, SellClient } from './sell-client.ts';

type Row = { readonly id: number } & Record<string, unknown>;

async function control(
  sell: SellClient,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; json: Json }> {
  const bare = { authorization: undefined, 'user-agent': undefined, accept: undefined };
  const answer = await sell.call(method, `/_control${path}`, body, bare);
  return { status: answer.status, json: answer.json };
}

describe('people', () => {
  it('move the statuses of a contact by deals', () => {
    const sell = new SellClient();
    const { world } = sell.sandbox;
    const { id } = world.createContact({ last_name: 'A' });
    const won = world.createDeal({ name: 'D', contactId: id });
    expect(world.readContact(id)).toMatchObject({ prospect_status: 'current', customer_status: 'none' });
    world.closeDeal(won.id, 'won');
    expect(world.readContact(id)).toMatchObject({ customer_status: 'current' });
    world.closeDeal(world.createDeal({ name: 'E', contactId: id }).id, 'lost');
    expect(world.readContact(id)).toMatchObject({ prospect_status: 'lost', customer_status: 'current' });
  });

  it('merge: the survivor takes what it lacks, members and deals move over', () => {
    const { world } = new SellClient().sandbox;
    const kept = world.createContact({ is_organization: true, name: 'Acme', tags: ['a'] }).id;
    const lost = world.createContact({
      is_organization: true,
      name: 'Acme Inc',
      tags: ['b'],
      phone: '1',
      address: { city: 'Ulm' },
    }).id;
    const member = world.createContact({ last_name: 'M', contact_id: lost }).id;
    const deal = world.createDeal({ name: 'D', contactId: lost }).id;
    world.mergeContacts(kept, lost);
    expect(world.readContact(kept)).toMatchObject({
      name: 'Acme',
      phone: '1',
      tags: ['a', 'b'],
      address: { city: 'Ulm' },
      prospect_status: 'current',
    });
    expect(world.readContact(lost)).toBeUndefined();
    expect(world.readContact(member)?.['contact_id']).toBe(kept);
    expect(world.state.deals.get(deal)?.contact_id).toBe(kept);
    expect([...world.state.notes.values()].map((note) => note.content)).toEqual(['Merged with Acme Inc.']);
    expect(() => world.mergeContacts(kept, member)).toThrow(RangeError);
    expect(() => world.mergeContacts(kept, kept)).toThrow(RangeError);
  });

  it('are not held to the rules of the API, but to those of the product', () => {
    const { world } = new SellClient().sandbox;
    const made = world.createContact({
      id: 900_000_001,
      last_name: 'A',
      billing_address: { city: 'Ulm' },
      created_at: '2020-05-05T05:05:05Z',
      updated_at: '2021-05-05T05:05:05Z',
    });
    expect(world.readContact(made.id)).toMatchObject({
      id: 900_000_001,
      billing_address: null,
      created_at: '2020-05-05T05:05:05Z',
      updated_at: '2021-05-05T05:05:05Z',
    });
    world.updateContact(made.id, { prospect_status: 'current' });
    expect(world.readContact(made.id)?.['billing_address']).toMatchObject({ city: 'Ulm' });
    expect(world.createContact({ last_name: 'B' }).id).toBeGreaterThan(made.id);
    expect(() => world.createContact({ first_name: 'only' })).toThrow(/last_name/);
    expect(() => world.updateContact(1, {})).toThrow(/not found/);
  });

  it('remove a lead status by moving its leads', async () => {
    const sell = new SellClient();
    const { world } = sell.sandbox;
    const lead = world.createLead({ last_name: 'A', status: 'Working' });
    await sell.drain();
    const byName = (name: string): number =>
      [...world.state.leadStatuses.values()].find((status) => status.name === name)?.id ?? 0;
    world.removeLeadStatus(byName('Working'), byName('Unqualified'));
    expect(world.readLead(lead.id)?.['status']).toBe('Unqualified');
    expect(events(await sell.drain())).toEqual([`updated lead ${lead.id}`]);
  });

  it('seed the same world under the same seed', async () => {
    const dump = async (seed: number): Promise<string> => {
      const sell = new SellClient({ seed });
      sell.sandbox.world.createContacts(Array.from({ length: 50 }, (_, index) => ({ last_name: `N${index}` })));
      return (await sell.get('/v2/contacts?per_page=100')).text + sell.token;
    };
    expect(await dump(1)).toBe(await dump(1));
    expect(await dump(1)).not.toBe(await dump(2));
  });
});

describe('control', () => {
  it('acts on contacts and leads', async () => {
    const sell = new SellClient();
    await sell.drain();
    const a = (await control(sell, 'POST', '/contacts', { last_name: 'A', tags: ['x'] })).json as unknown as Row;
    const b = (await control(sell, 'POST', '/contacts', { last_name: 'B', email: 'b@x.example' }))
      .json as unknown as Row;
    expect((await control(sell, 'PATCH', `/contacts/${a.id}`, { title: 'T' })).json).toMatchObject({
      title: 'T',
      tags: ['x'],
    });
    expect((await control(sell, 'POST', `/contacts/${b.id}/merge`, { into: a.id })).json).toMatchObject({
      id: a.id,
      email: 'b@x.example',
    });
    expect((await control(sell, 'GET', `/contacts/${b.id}`)).json).toMatchObject({ data: null, deleted: true });
    expect((await control(sell, 'GET', `/contacts/${a.id}`)).json).toMatchObject({
      data: { title: 'T' },
      deleted: false,
      revision: 3,
    });
    const lead = (await control(sell, 'POST', '/leads', { last_name: 'L' })).json as unknown as Row;
    const other = (await control(sell, 'POST', '/leads', { last_name: 'M' })).json as unknown as Row;
    await control(sell, 'POST', `/leads/${other.id}/merge`, { into: lead.id });
    const conversion = (await control(sell, 'POST', `/leads/${lead.id}/convert`, {})).json;
    expect(conversion).toMatchObject({ lead_id: lead.id, deal_id: null });
    expect(events(await sell.drain(), 'contact')).toEqual(
      [`created contact ${a.id}`, `created contact ${conversion['individual_id']}`].sort(),
    );
    expect((await control(sell, 'DELETE', `/contacts/${a.id}`)).status).toBe(204);
    expect((await control(sell, 'DELETE', `/contacts/${a.id}`)).status).toBe(404);
    expect((await control(sell, 'POST', '/contacts', { first_name: 'x' })).status).toBe(422);
    expect((await control(sell, 'POST', `/contacts/${a.id}/merge`, {})).status).toBe(400);
    expect((await control(sell, 'GET', '/nothing')).status).toBe(404);
  });

  it('dumps everything in pages and takes many at once', async () => {
    const sell = new SellClient();
    const items = Array.from({ length: 25 }, (_, index) => ({ last_name: `N${index}` }));
    const ids = (await control(sell, 'POST', '/contacts', { items })).json['ids'] as unknown as number[];
    expect(ids).toHaveLength(25);
    const seen: unknown[] = [];
    let after: unknown = 0;
    while (after !== null) {
      const page: Json = (await control(sell, 'GET', `/contacts?limit=10&after=${after}`)).json;
      expect(page['total']).toBe(25);
      seen.push(...(page['items'] as readonly Json[]).map((item) => item['id']));
      after = page['next'];
    }
    expect(seen).toEqual(ids);
    expect((await control(sell, 'GET', '/leads')).json).toEqual({ items: [], total: 0, next: null });
  });

  it('hides and shows, changes settings, products, deals, tags, users', async () => {
    const sell = new SellClient();
    const a = (await control(sell, 'POST', '/contacts', { last_name: 'A', tags: ['x'] })).json as unknown as Row;
    await control(sell, 'POST', `/contacts/${a.id}/hide`, {});
    expect((await sell.get(`/v2/contacts/${a.id}`)).status).toBe(404);
    await control(sell, 'POST', `/contacts/${a.id}/show`);
    expect((await sell.get(`/v2/contacts/${a.id}`)).status).toBe(200);
    const statuses = (await control(sell, 'GET', '/lead-statuses')).json['items'] as unknown as Row[];
    await control(sell, 'PATCH', `/lead-statuses/${statuses[1]?.id}`, { name: 'Busy' });
    await control(sell, 'POST', '/lead-statuses', { name: 'Cold' });
    await control(sell, 'POST', `/lead-statuses/${statuses[2]?.id}/remove`, { into: statuses[0]?.id });
    const names = (await sell.get('/v2/lead_statuses')).json['items'] as readonly Json[];
    expect(names.map((item) => item['data']?.['name'])).toEqual(['New', 'Busy', 'Cold']);
    const field = { resource: 'contact', name: 'F', type: 'list', choices: ['A'] };
    const made = (await control(sell, 'POST', '/custom-fields', field)).json as unknown as Row;
    expect((await control(sell, 'POST', '/custom-fields', field)).status).toBe(400);
    expect((await control(sell, 'PATCH', `/custom-fields/${made.id}`, { name: 'G' })).json).toMatchObject({
      name: 'G',
    });
    expect((await control(sell, 'DELETE', `/custom-fields/${made.id}`)).status).toBe(204);
    const product = (await control(sell, 'POST', '/products', { name: 'P' })).json as unknown as Row;
    await control(sell, 'PATCH', `/products/${product.id}`, { active: false });
    expect(await sell.ids('/v2/products?active=false')).toEqual([product.id]);
    await control(sell, 'DELETE', `/products/${product.id}`);
    expect((await control(sell, 'GET', '/products')).json['items']).toEqual([]);
    const deal = (await control(sell, 'POST', '/deals', { name: 'D', contactId: a.id })).json as unknown as Row;
    await control(sell, 'POST', `/deals/${deal.id}/close`, { outcome: 'won' });
    expect((await sell.get(`/v2/contacts/${a.id}`)).json['data']?.['customer_status']).toBe('current');
    const tags = (await control(sell, 'GET', '/tags')).json['items'] as unknown as Row[];
    await control(sell, 'PATCH', `/tags/${tags[0]?.id}`, { name: 'y' });
    expect((await sell.get(`/v2/contacts/${a.id}`)).json['data']?.['tags']).toEqual(['y']);
    await control(sell, 'DELETE', `/tags/${tags[0]?.id}`);
    expect((await sell.get(`/v2/contacts/${a.id}`)).json['data']?.['tags']).toEqual([]);
    const user = (await control(sell, 'POST', '/users', { name: 'U', email: 'u@x.example' })).json as unknown as Row;
    const issued = (await control(sell, 'POST', '/tokens', { userId: user.id, scopes: ['profile'] })).json;
    sell.token = issued['token'] as string;
    expect((await sell.get('/v2/users/self')).json['data']?.['name']).toBe('U');
    await control(sell, 'POST', `/users/${user.id}/deactivate`);
    expect((await sell.get('/v2/users/self')).status).toBe(401);
  });

  it('turns switches and the plan, and refuses what they cannot take', async () => {
    const sell = new SellClient();
    expect((await control(sell, 'PUT', '/switches', { createStatus: 201 })).json['createStatus']).toBe(201);
    expect(sell.sandbox.switches.createStatus).toBe(201);
    expect((await control(sell, 'PUT', '/switches', { createStatus: 202 })).status).toBe(400);
    expect((await control(sell, 'PUT', '/switches', { nosuch: 1 })).status).toBe(400);
    expect((await control(sell, 'GET', '/switches')).json['syncPageSize']).toBe(100);
    await control(sell, 'PUT', '/plan', { products: false });
    expect((await sell.get('/v2/products')).status).toBe(403);
    expect((await control(sell, 'GET', '/plan')).json).toEqual({ products: false, syncApi: true });
  });

  it('counts requests of clients, not its own', async () => {
    const sell = new SellClient();
    await sell.post('/v2/contacts', { last_name: 'A' });
    await sell.get('/v2/contacts');
    await sell.get('/v2/contacts/1');
    await sell.call('POST', '/v2/sync/start');
    await sell.get('/v2/what');
    expect((await control(sell, 'GET', '/requests')).json).toEqual({
      total: 5,
      reads: 3,
      writes: 1,
      sync: 1,
      oauth: 0,
      throttled: 0,
      routes: {
        'POST /v2/contacts': { count: 1, succeeded: 1, refused: 0, throttled: 0 },
        'GET /v2/contacts': { count: 1, succeeded: 1, refused: 0, throttled: 0 },
        'GET /v2/contacts/:id': { count: 1, succeeded: 0, refused: 1, throttled: 0 },
        'POST /v2/sync/start': { count: 1, succeeded: 1, refused: 0, throttled: 0 },
        'GET (no route)': { count: 1, succeeded: 0, refused: 1, throttled: 0 },
      },
    });
    await control(sell, 'POST', '/requests/reset');
    expect((await control(sell, 'GET', '/requests')).json['total']).toBe(0);
  });

  it('keeps faults, and resets everything', async () => {
    const sell = new SellClient();
    const made = await control(sell, 'POST', '/faults', {
      match: { path: '/v2' },
      effect: { type: 'status', status: 503 },
    });
    expect(made).toMatchObject({ status: 201, json: { service: 'zendesk-sell' } });
    expect((await sell.get('/v2/contacts')).status).toBe(503);
    expect((await control(sell, 'GET', '/faults')).json['faults']?.[0]).toMatchObject({ fired: 1, seen: 1 });
    expect((await control(sell, 'POST', '/faults', { effect: { type: 'quake' } })).status).toBe(400);
    expect((await control(sell, 'DELETE', `/faults/${made.json['id']}`)).status).toBe(204);
    expect((await control(sell, 'DELETE', `/faults/${made.json['id']}`)).status).toBe(404);
    await control(sell, 'POST', '/faults', { effect: { type: 'drop-before' } });
    await control(sell, 'POST', '/contacts', { last_name: 'A' });
    await control(sell, 'PUT', '/switches', { createStatus: 201 });
    const extra = sell.sandbox.issueToken();
    await control(sell, 'POST', '/reset');
    expect(await sell.ids('/v2/contacts')).toEqual([]);
    expect((await sell.post('/v2/contacts', { last_name: 'A' })).status).toBe(200);
    expect(sell.sandbox.world.state.contacts.size).toBe(1);
    sell.token = extra;
    expect((await sell.get('/v2/contacts')).status).toBe(401);
    expect((await control(sell, 'GET', '/state')).json).toMatchObject({ contacts: 1, leads: 0 });
  });
});
