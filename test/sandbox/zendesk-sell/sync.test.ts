// The Sync API: sessions, queues, acknowledgement, redelivery, deletions, troubles.
import { describe, expect, it } from 'vitest';
import { events, firstError, type Json, SellClient } from './sell-client.ts';

const types = (items: readonly Json[]): Set<unknown> => new Set(items.map((item) => item['meta']?.['type']));

async function settled(switches = {}): Promise<SellClient> {
  const sell = new SellClient({ switches: { updatedAtSkew: false, ...switches } });
  await sell.drain();
  return sell;
}

describe('a first session', () => {
  it('delivers everything there is, as created', async () => {
    const sell = new SellClient();
    const { world } = sell.sandbox;
    const contact = world.createContact({ last_name: 'A', tags: ['t'] });
    world.createLead({ last_name: 'L' });
    world.createDeal({ name: 'D', contactId: contact.id });
    world.addNote('contact', contact.id, 'hello');
    world.addTask('contact', contact.id, 'call');
    const items = await sell.pull();
    expect(types(items)).toEqual(
      new Set([
        'account',
        'user',
        'pipeline',
        'stage',
        'loss_reason',
        'source',
        'tag',
        'contact',
        'lead',
        'deal',
        'note',
        'task',
      ]),
    );
    expect(items.every((item) => item['meta']?.['sync']?.['event_type'] === 'created')).toBe(true);
    const found = items.find((item) => item['meta']?.['type'] === 'contact');
    expect(found?.['data']).toEqual((await sell.get(`/v2/contacts/${contact.id}`)).json['data']);
    expect(found?.['meta']).toMatchObject({ type: 'contact', version: 2 });
    expect(found?.['meta']?.['sync']).toMatchObject({ ack_key: `Contact-${contact.id}-2`, revision: 2 });
  });

  it('starts with 201 and the queue, pages by 100, ends with 204, then starts with 204', async () => {
    const sell = await settled();
    sell.sandbox.world.createContacts(Array.from({ length: 250 }, (_, index) => ({ last_name: `N${index}` })));
    const start = await sell.call('POST', '/v2/sync/start');
    expect(start.status).toBe(201);
    expect(start.json['meta']).toEqual({ type: 'sync_session' });
    const queue = start.json['data']?.['queues']?.[0];
    expect(queue?.['data']).toEqual({ name: 'main', pages: 3, total_count: 250 });
    const url = new URL(queue?.['meta']?.['links']?.['self'] as string).pathname;
    const seen = new Set<unknown>();
    for (const left of [150, 50, 0]) {
      const page = await sell.get(url);
      expect(page.json['meta']).toEqual({ type: 'collection', count: left === 0 ? 50 : 100, count_left: left });
      for (const item of page.json['items'] as readonly Json[]) seen.add(item['data']?.['id']);
      await sell.ack(page.json['items'] as readonly Json[]);
    }
    expect(seen.size).toBe(250);
    expect(await sell.get(url)).toMatchObject({ status: 204, text: '' });
    expect((await sell.call('POST', '/v2/sync/start')).status).toBe(204);
  });

  it('can state its totals approximately, and page by another size', async () => {
    const sell = await settled({ syncTotals: 'approximate', syncPageSize: 10 });
    sell.sandbox.world.createContacts(Array.from({ length: 100 }, () => ({ last_name: 'N' })));
    const start = await sell.call('POST', '/v2/sync/start');
    expect(start.json['data']?.['queues']?.[0]?.['data']?.['total_count']).toBe(109);
    const page = await sell.get(`/v2/sync/${start.json['data']?.['id']}/queues/main`);
    expect(page.json['meta']?.['count']).toBe(10);
  });
});

describe('what is delivered', () => {
  it('comes again in a later session until acknowledged, and never twice in one', async () => {
    const sell = await settled();
    const { id } = sell.sandbox.world.createContact({ last_name: 'A' });
    expect(events(await sell.pull())).toEqual([`created contact ${id}`]);
    const again = await sell.pull();
    expect(events(again)).toEqual([`created contact ${id}`]);
    expect((await sell.ack(again)).status).toBe(202);
    expect(await sell.pull()).toEqual([]);
    sell.sandbox.world.updateContact(id, { title: 'x' });
    expect(events(await sell.pull())).toEqual([`updated contact ${id}`]);
  });

  it('is each object once, in its newest state', async () => {
    const sell = await settled();
    const { world } = sell.sandbox;
    const { id } = world.createContact({ last_name: 'A' });
    world.updateContact(id, { title: '1' });
    world.updateContact(id, { title: '2' });
    const start = await sell.call('POST', '/v2/sync/start');
    world.updateContact(id, { title: '3' });
    const page = await sell.get(`/v2/sync/${start.json['data']?.['id']}/queues/main`);
    expect(page.json['items']).toHaveLength(1);
    expect(page.json['items']?.[0]).toMatchObject({ data: { title: '3' } });
    expect(page.json['items']?.[0]?.['meta']?.['sync']?.['revision']).toBe(4);
  });

  it('is not settled by the acknowledgement of an older state', async () => {
    const sell = await settled();
    const { id } = sell.sandbox.world.createContact({ last_name: 'A' });
    const items = await sell.pull();
    sell.sandbox.world.updateContact(id, { title: 'x' });
    await sell.ack(items);
    expect(events(await sell.drain())).toEqual([`updated contact ${id}`]);
    expect(await sell.pull()).toEqual([]);
  });

  it('is a deletion with an id alone, only for objects the device has seen', async () => {
    const sell = await settled();
    const { world } = sell.sandbox;
    const seen = world.createContact({ last_name: 'A' }).id;
    const delivered = world.createLead({ last_name: 'B' }).id;
    const contactItems = (await sell.pull()).filter((item) => item['meta']?.['type'] === 'contact');
    await sell.ack(contactItems);
    const unseen = world.createContact({ last_name: 'C' }).id;
    for (const id of [seen, unseen]) world.deleteContact(id);
    world.deleteLead(delivered);
    const items = await sell.drain();
    expect(events(items)).toEqual([`deleted contact ${seen}`, `deleted lead ${delivered}`]);
    expect(items.every((item) => Object.keys(item['data'] ?? {}).join() === 'id')).toBe(true);
    expect(await sell.pull()).toEqual([]);
  });

  it('is told to each device on its own, everything again to a new one', async () => {
    const sell = await settled();
    const { id } = sell.sandbox.world.createContact({ last_name: 'A' });
    await sell.drain();
    const other = { 'x-basecrm-device-uuid': '00000000-0000-4000-8000-000000000001' };
    const start = await sell.call('POST', '/v2/sync/start', undefined, other);
    expect(start.status).toBe(201);
    const url = `/v2/sync/${start.json['data']?.['id']}/queues/main`;
    const page = await sell.call('GET', url, undefined, other);
    expect(events(page.json['items'] as readonly Json[])).toContain(`created contact ${id}`);
    expect((await sell.get(url)).status).toBe(404);
  });

  it('comes shuffled, or oldest change first', async () => {
    const order = async (syncOrder: 'shuffled' | 'log'): Promise<unknown[]> => {
      const sell = await settled({ syncOrder });
      sell.sandbox.world.createContacts(Array.from({ length: 30 }, () => ({ last_name: 'N' })));
      return (await sell.pull()).map((item) => item['data']?.['id']);
    };
    const log = await order('log');
    const shuffled = await order('shuffled');
    expect(shuffled).not.toEqual(log);
    expect(shuffled.toSorted()).toEqual(log);
  });

  it('includes changes made through the API, by people, and by a merge', async () => {
    const sell = await settled();
    const { world } = sell.sandbox;
    const a = (await sell.post('/v2/contacts', { last_name: 'A' })).json['data']?.['id'] as number;
    const b = world.createContact({ last_name: 'B', email: 'b@x.example', tags: ['t'] }).id;
    await sell.drain();
    const merged = world.mergeContacts(a, b);
    expect(merged).toMatchObject({ id: a, last_name: 'A', email: 'b@x.example', tags: ['t'] });
    const items = await sell.drain();
    expect(events(items, 'contact')).toEqual([`deleted contact ${b}`, `updated contact ${a}`]);
    expect(types(items)).toEqual(new Set(['contact', 'note']));
  });

  it.each(['deleted', 'silent'] as const)('a hidden record: %s', async (mode) => {
    const sell = await settled({ syncHiddenRecords: mode });
    const { world } = sell.sandbox;
    const { id } = world.createContact({ last_name: 'A' });
    await sell.drain();
    world.hide('contact', id);
    expect(events(await sell.drain())).toEqual(mode === 'deleted' ? [`deleted contact ${id}`] : []);
    world.show('contact', id);
    expect(events(await sell.drain())).toEqual([`${mode === 'deleted' ? 'created' : 'updated'} contact ${id}`]);
  });

  it('includes products only when so switched', async () => {
    const sell = await settled();
    sell.sandbox.world.createProduct({ name: 'P' });
    expect(await sell.pull()).toEqual([]);
    sell.sandbox.switches.syncProducts = true;
    expect(types(await sell.pull())).toEqual(new Set(['product']));
  });
});

describe('limits and refusals', () => {
  it('needs the scope, the plan and the device header', async () => {
    const sell = new SellClient();
    const start = (headers: Readonly<Record<string, string | undefined>>): ReturnType<SellClient['call']> =>
      sell.call('POST', '/v2/sync/start', undefined, headers);
    expect(firstError(await start({ 'x-basecrm-device-uuid': undefined }))).toBe('invalid_header');
    expect((await start({ 'x-basecrm-device-uuid': 'laptop' })).status).toBe(400);
    sell.sandbox.switches.syncDeviceIdFormat = 'any';
    expect((await start({ 'x-basecrm-device-uuid': 'laptop' })).status).toBe(201);
    sell.sandbox.plan = { products: true, syncApi: false };
    expect((await start({})).status).toBe(403);
  });

  it('forgets a session after its life', async () => {
    const sell = new SellClient();
    const start = await sell.call('POST', '/v2/sync/start');
    const url = `/v2/sync/${start.json['data']?.['id']}/queues/main`;
    sell.clock.advance(3_599_000);
    expect((await sell.get(url)).status).toBe(200);
    sell.clock.advance(1000);
    expect(firstError(await sell.get(url))).toBe('not_found');
    expect((await sell.call('POST', '/v2/sync/start')).status).toBe(201);
    expect((await sell.get('/v2/sync/nope/queues/main')).status).toBe(404);
    expect((await sell.get(url.replace('main', 'other'))).status).toBe(404);
  });

  it('allows so many active sessions', async () => {
    const sell = new SellClient({ switches: { syncMaxSessions: 2 } });
    const start = async (): Promise<number> => (await sell.call('POST', '/v2/sync/start')).status;
    expect([await start(), await start(), await start()]).toEqual([201, 201, 429]);
    sell.sandbox.switches.syncTooManySessions = 503;
    expect(await start()).toBe(503);
    sell.clock.advance(3_600_000);
    expect(await start()).toBe(201);
    expect(await sell.pull()).not.toEqual([]);
    expect(await start()).toBe(201);
  });

  it('checks acknowledgements', async () => {
    const sell = new SellClient();
    const error = async (data: unknown): Promise<string> => firstError(await sell.post('/v2/sync/ack', data));
    expect(await error({})).toBe('missing /ack_keys');
    expect(await error({ ack_keys: 'x' })).toBe('invalid_type /ack_keys');
    expect(await error({ ack_keys: [1] })).toBe('invalid_type /ack_keys');
    expect(await error({ ack_keys: [], more: 1 })).toBe('unknown /more');
    expect((await sell.post('/v2/sync/ack', { ack_keys: ['nonsense', 'Contact-1-1'] })).status).toBe(202);
    sell.sandbox.switches.syncAckMaxKeys = 1;
    expect(await error({ ack_keys: ['a', 'b'] })).toBe('incorrect_value /ack_keys');
    const { id } = sell.sandbox.world.createContact({ last_name: 'A' });
    await sell.post('/v2/sync/ack', { ack_keys: [`Contact-${id}-1`] });
    expect(events(await sell.pull(), 'contact')).toEqual([`created contact ${id}`]);
  });
});

describe('troubles', () => {
  const fault = (sell: SellClient, effect: Parameters<SellClient['sandbox']['faults']['add']>[0]['effect']): void => {
    const match = { method: 'GET', path: '/v2/sync/', times: 1 };
    sell.sandbox.faults.add({ service: 'zendesk-sell', match, effect });
  };

  it('acknowledgements may take their time', async () => {
    const sell = await settled({ syncAckDelayMs: 5000 });
    sell.clock.advance(5000);
    await sell.pull();
    const { id } = sell.sandbox.world.createContact({ last_name: 'A' });
    await sell.drain();
    expect(events(await sell.pull())).toEqual([`created contact ${id}`]);
    sell.clock.advance(5000);
    expect(await sell.pull()).toEqual([]);
  });

  it('an empty 200 is not the end', async () => {
    const sell = await settled();
    const { id } = sell.sandbox.world.createContact({ last_name: 'A' });
    const start = await sell.call('POST', '/v2/sync/start');
    const url = `/v2/sync/${start.json['data']?.['id']}/queues/main`;
    fault(sell, { type: 'hint', name: 'sync-empty-page' });
    expect((await sell.get(url)).json).toEqual({ items: [], meta: { type: 'collection', count: 0, count_left: 1 } });
    expect(events((await sell.get(url)).json['items'] as readonly Json[])).toEqual([`created contact ${id}`]);
  });

  it('failed objects come without a key and come again', async () => {
    const sell = await settled();
    const ids = sell.sandbox.world.createContacts([{ last_name: 'A' }, { last_name: 'B' }, { last_name: 'C' }]);
    const start = await sell.call('POST', '/v2/sync/start');
    fault(sell, { type: 'hint', name: 'sync-failed-objects', value: 2 });
    const page = await sell.get(`/v2/sync/${start.json['data']?.['id']}/queues/main`);
    expect(page.json['meta']?.['count']).toBe(1);
    const failed = page.json['meta']?.['failed_objects'] as readonly Json[];
    expect(failed).toHaveLength(2);
    expect(failed[0]).toEqual({ type: 'contact', id: failed[0]?.['id'] });
    await sell.ack(page.json['items'] as readonly Json[]);
    const delivered = page.json['items']?.[0]?.['data']?.['id'];
    expect(events(await sell.pull())).toEqual(
      ids
        .filter((id) => id !== delivered)
        .map((id) => `created contact ${id}`)
        .sort(),
    );
  });

  it('items may come twice, reordered, or as the deletion of a stranger', async () => {
    const sell = await settled({ syncOrder: 'log' });
    const ids = sell.sandbox.world.createContacts(Array.from({ length: 20 }, () => ({ last_name: 'A' })));
    fault(sell, { type: 'duplicate-delivery' });
    expect(await sell.pull()).toHaveLength(40);
    fault(sell, { type: 'hint', name: 'sync-reorder' });
    const reordered = (await sell.pull()).map((item) => item['data']?.['id']);
    expect(reordered).not.toEqual(ids);
    expect(reordered.toSorted()).toEqual(ids);
    fault(sell, { type: 'hint', name: 'sync-ghost-delete' });
    const items = await sell.pull();
    expect(events(items).filter((event) => event.startsWith('deleted'))).toHaveLength(1);
    await sell.ack(items);
    expect(await sell.pull()).toEqual([]);
  });

  it('a connection cut before the acknowledgement brings the items back', async () => {
    const sell = await settled();
    sell.sandbox.world.createContact({ last_name: 'A' });
    const items = await sell.pull();
    const match = { path: '/v2/sync/ack', times: 1 };
    sell.sandbox.faults.add({ service: 'zendesk-sell', match, effect: { type: 'drop-before' } });
    await expect(sell.ack(items)).rejects.toThrow();
    expect(await sell.pull()).toHaveLength(1);
    sell.sandbox.faults.add({ service: 'zendesk-sell', match, effect: { type: 'drop-after' } });
    await expect(sell.ack(items)).rejects.toThrow();
    expect(await sell.pull()).toEqual([]);
  });
});
