// The product catalogue when something is missing, refused, lost or broken off: K10, the plans, and what a restart finds.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openProductWrites } from '../../src/store/products.ts';
import { openHoldsOf } from './looking.ts';
import { COLLECTION, type Shop, startShop } from './shop.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await startShop();
});
afterEach(() => shop.world.stop());

const emptyCollection = (how: 'delete' | 'empty'): Promise<void> =>
  shop.dotdigital('DELETE', `/insightData/v3/collections/${COLLECTION}${how === 'empty' ? '/empty' : ''}`);
const open = async () => openProductWrites((await shop.world.app()).store, 'acme', 'sent');

describe('K10: the collection', () => {
  it.each(['delete', 'empty'] as const)(
    'K10: after somebody did "%s" with it, all products are sent again and the report says so',
    async (how) => {
      const ids = [shop.create({ name: 'One' }), shop.create({ name: 'Two' })];
      await shop.sync();
      await emptyCollection(how);
      expect(await shop.sync()).toMatchObject({
        state: 'ok',
        actions: { total: 2 },
        message: expect.stringMatching(/missing from the collection.*sent again/),
      });
      expect([...shop.records().keys()]).toEqual(ids);
      expect(await shop.sync()).toMatchObject({ actions: { total: 0 }, message: null });
    },
  );

  it('K10: one record that somebody deleted comes back', async () => {
    const [id = ''] = [shop.create({ name: 'One' }), shop.create({ name: 'Two' })];
    await shop.sync();
    await shop.dotdigital('DELETE', `/insightData/v3/account/${COLLECTION}/${id}`);
    await shop.sync();
    expect(shop.record(id)).toMatchObject({ name: 'One' });
    expect((await shop.sync()).actions.total).toBe(0);
  });

  it('K10: a collection of contact scope is left alone, with words', async () => {
    await shop.dotdigital(
      'POST',
      `/insightData/v3/collections/${COLLECTION}?collectionScope=contact&collectionType=custom`,
    );
    shop.create({ name: 'One' });
    expect(await shop.sync()).toMatchObject({
      state: 'ok',
      actions: { total: 0 },
      message: expect.stringMatching(/belongs to contacts.*products\.collection/),
    });
  });

  it('K10: a record that the import rejects is held with its reason, tried again, and released once it is taken', async () => {
    const [bad = '', good = ''] = [shop.create({ name: 'Bad' }), shop.create({ name: 'Good' })];
    const failRows = [{ pattern: '"Bad"', code: 'JsonValueTooLong' }];
    shop.world.dotdigital.world.planJob('insight-import', { failRows });
    expect(await shop.sync()).toMatchObject({
      state: 'ok_with_holds',
      actions: { total: 1 },
      holds: { byCode: { REMOTE_REJECTED: 1 } },
    });
    expect([...shop.records().keys()]).toEqual([good]);
    expect(await openHoldsOf(shop.world)).toMatchObject([
      {
        code: 'REMOTE_REJECTED',
        row: 'K10',
        entity: 'product',
        crmId: bad,
        message: expect.stringMatching(/"Bad".*JsonValueTooLong/),
        attempts: 1,
      },
    ]);
    shop.world.dotdigital.world.planJob('insight-import', { failRows });
    await shop.sync();
    expect(await openHoldsOf(shop.world)).toMatchObject([{ crmId: bad, attempts: 2 }]);
    expect(await shop.sync()).toMatchObject({ state: 'ok', holds: { total: 0 }, actions: { byKind: { create: 1 } } });
    expect([...shop.records().keys()].sort()).toEqual([bad, good].sort());
  });

  it('K10: a collection whose properties have other types rejects each product, and says which property', async () => {
    await shop.dotdigital(
      'POST',
      `/insightData/v3/collections/${COLLECTION}?collectionScope=account&collectionType=catalog`,
    );
    await shop.put('1', { price: 'nine ninety-nine' });
    const id = shop.create({ name: 'One' });
    expect(await shop.sync()).toMatchObject({ state: 'ok_with_holds', holds: { byCode: { REMOTE_REJECTED: 1 } } });
    expect(await openHoldsOf(shop.world)).toMatchObject([
      { crmId: id, message: expect.stringMatching(/'price' is expected to be a string/) },
    ]);
  });

  it('K10: an import that failed as a whole leaves the run partial and is tried again by the next plain sync', async () => {
    const id = shop.create({ name: 'One' });
    shop.world.dotdigital.world.planJob('insight-import', { status: 'Failed' });
    const { code, run } = await shop.run('sync', '--only', 'products');
    expect(code).toBe(3);
    expect(run).toMatchObject({
      state: 'partial',
      failures: [{ entity: 'product', email: null, error: expect.stringContaining(id) }],
    });
    expect(await shop.world.cycle('sync')).toMatchObject({ state: 'ok', actions: { byKind: { create: 1 } } });
    expect(shop.record(id)).toMatchObject({ name: 'One' });
  });

  it('K10: an import that is refused stops the products, not the run, and is tried again', async () => {
    shop.create({ name: 'One' });
    shop.world.dotdigital.faults.add({
      service: 'dotdigital',
      match: { method: 'PUT', path: '/insightData/v3/import', times: 1 },
      effect: {
        type: 'status',
        status: 400,
        body: { errorCode: 'insightData:storageAllowanceExceeded', description: 'No room left.' },
      },
    });
    expect(await shop.sync()).toMatchObject({
      state: 'partial',
      failures: [{ error: expect.stringMatching(/No room left/) }],
    });
    expect(await shop.sync()).toMatchObject({ state: 'ok', actions: { total: 1 } });
  });
});

describe('plans without the feature', () => {
  const person = (): void =>
    void shop.world.sell.world.createContact({ first_name: 'Ada', last_name: 'Byron', email: 'ada@example.com' });

  it.each([403, 500] as const)(
    'K10: a Sell plan without products (%s) is told; persons are synchronised all the same',
    async (status) => {
      shop.create({ name: 'One' });
      shop.world.sell.plan = { ...shop.world.sell.plan, products: false };
      shop.world.sell.switches.productsPlanStatus = status;
      person();
      const run = await shop.world.cycle('sync');
      expect(run).toMatchObject({
        state: 'ok',
        failures: [],
        message: expect.stringMatching(/^Products were not synchronised: Sell must offer products/),
      });
      expect(shop.world.dotdigital.world.contact('ada@example.com')).toBeDefined();
      shop.world.sell.plan = { ...shop.world.sell.plan, products: true };
      expect(await shop.world.cycle('sync')).toMatchObject({
        state: 'ok',
        message: null,
        actions: { byKind: { create: 1 } },
      });
    },
  );

  it('K10: a Dotdigital account without insight data is told; persons are synchronised all the same', async () => {
    shop.create({ name: 'One' });
    shop.world.dotdigital.switches.insightEnabled = false;
    person();
    const run = await shop.world.cycle('sync');
    expect(run).toMatchObject({ state: 'ok', failures: [], message: expect.stringMatching(/Dotdigital insight data/) });
    expect(shop.world.dotdigital.world.contact('ada@example.com')).toBeDefined();
    expect(shop.reads()).toBe(0);
    // Whoever looks later reads it too.
    expect((await shop.run('runs', run.id)).run).toMatchObject({ state: 'ok', message: run.message });
    shop.world.dotdigital.switches.insightEnabled = true;
    expect(await shop.world.cycle('sync')).toMatchObject({ state: 'ok', message: null, actions: { total: 1 } });
  });

  it('contract 6: a service out of reach aborts the run, after the persons were done', async () => {
    shop.create({ name: 'One' });
    person();
    shop.world.sell.faults.add({
      service: 'zendesk-sell',
      match: { path: '/v2/products' },
      effect: { type: 'status', status: 503, body: 'busy' },
    });
    const run = await shop.world.cycle('sync');
    expect(run).toMatchObject({ state: 'aborted', actions: { total: 1 }, message: expect.stringMatching(/503/) });
    expect(shop.world.dotdigital.world.contact('ada@example.com')).toBeDefined();
  });
});

describe('broken off', () => {
  it('K1: between the job and its end, the next run asks after the job and sends nothing twice', async () => {
    const [one = '', two = ''] = [shop.create({ name: 'One' }), shop.create({ name: 'Two' })];
    shop.world.dotdigital.switches.insightDelayMs = 3_600_000;
    const stop = new AbortController();
    shop.countAnew();
    const running = shop.sync({}, stop.signal);
    await shop.until(() => shop.asked('dotdigital').includes('GET /insightData/v3/import/:id'));
    stop.abort();
    await expect(running).rejects.toThrow();
    expect(await open()).toMatchObject([
      { id: one, jobId: expect.any(String) },
      { id: two, jobId: expect.any(String) },
    ]);
    const [job] = shop.world.dotdigital.world.jobs();
    shop.world.dotdigital.world.finishJob(job?.id ?? '', { failRows: [{ pattern: '"Two"', code: 'InvalidJson' }] });
    shop.world.dotdigital.switches.insightDelayMs = 0;
    expect(await shop.sync()).toMatchObject({ state: 'ok', actions: { total: 1, byKind: { create: 1 } } });
    // The first import took One; only Two, which it had rejected, is sent again.
    expect(shop.imports()).toBe(2);
    expect(shop.world.dotdigital.world.jobs().map(({ size }) => size)).toEqual([2, 1]);
    expect([...shop.records().keys()]).toEqual([one, two]);
    expect([await open(), await openHoldsOf(shop.world)]).toEqual([[], []]);
  });

  it('K1: before the job became known, the products are sent again, which changes nothing', async () => {
    const id = shop.create({ name: 'One' });
    shop.world.dotdigital.faults.add({
      service: 'dotdigital',
      match: { method: 'PUT', path: '/insightData/v3/import', nth: 1 },
      effect: { type: 'delay-after', ms: 60_000 },
    });
    const stop = new AbortController();
    const running = shop.sync({}, stop.signal);
    await shop.until(() => shop.world.dotdigital.world.jobs().length === 1);
    stop.abort();
    await expect(running).rejects.toThrow();
    expect(await open()).toMatchObject([{ id, jobId: null }]);
    expect(await shop.sync()).toMatchObject({ state: 'ok', actions: { total: 1 } });
    expect([...shop.records().keys()]).toEqual([id]);
    expect([await open(), (await shop.sync()).actions.total]).toEqual([[], 0]);
  });

  it('K1: while products are read, nothing was planned yet and the next run does it all', async () => {
    shop.create({ name: 'One' });
    shop.world.sell.faults.add({
      service: 'zendesk-sell',
      match: { path: '/v2/products', nth: 1 },
      effect: { type: 'delay', ms: 60_000 },
    });
    const stop = new AbortController();
    shop.countAnew();
    const running = shop.sync({}, stop.signal);
    await shop.until(() => shop.reads() === 1);
    stop.abort();
    await expect(running).rejects.toThrow();
    expect(shop.world.dotdigital.world.collections()).toEqual([]);
    expect(await shop.world.cycle('sync')).toMatchObject({ state: 'ok', actions: { total: 1 } });
  });

  it.each([
    ['cut before it is done', { type: 'drop-before' }],
    ['cut after it is done', { type: 'drop-after' }],
    ['half an answer', { type: 'truncate' }],
    ['503 instead', { type: 'status', status: 503, body: 'busy' }],
    ['429', { type: 'status', status: 429, body: '', headers: { 'retry-after': '0' } }],
  ] as const)('contract 6: each kind of call may go wrong once (%s)', async (_, effect) => {
    await shop.configure({ onRemoved: 'delete' });
    const ids = Array.from({ length: 6 }, (_each, n) => shop.create({ name: `P${n}` }));
    const everywhere = (): void => {
      for (const path of [
        '/insightData/v3/collections',
        '/insightData/v3/import',
        '/insightData/v3/import/',
        '/insightData/v3/accounts',
      ]) {
        shop.world.dotdigital.faults.add({ service: 'dotdigital', match: { path, nth: 1 }, effect });
      }
      shop.world.sell.faults.add({ service: 'zendesk-sell', match: { path: '/v2/products', nth: 1 }, effect });
    };
    everywhere();
    expect(await shop.sync()).toMatchObject({ state: 'ok', actions: { byKind: { create: 6 } } });
    shop.world.sell.world.deleteProduct(Number(ids[0]));
    everywhere();
    expect(await shop.sync()).toMatchObject({ state: 'ok', actions: { byKind: { delete: 1 } } });
    expect([...shop.records().keys()]).toEqual(ids.slice(1));
    expect((await shop.sync()).actions.total).toBe(0);
  });
});
