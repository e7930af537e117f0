// The product catalogue between both simulated services over real sockets: rows K1-K10, where all goes well.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { updateConnection } from '../../src/store/connections.ts';
import { notesOfRun } from '../../src/store/notes.ts';
import { openHoldsOf } from './looking.ts';
import { COLLECTION, type Shop, startShop } from './shop.ts';

let shop: Shop;
const start = async (products: object = {}, more: Parameters<typeof startShop>[1] = {}): Promise<void> => {
  shop = await startShop(products, more);
};
afterEach(() => shop.world.stop());

describe('what is sent', () => {
  beforeEach(() => start());

  it('K1: a plain sync sends every product once it is due, keyed by its id, and is quiet after that', async () => {
    const [one, two] = [shop.create({ name: 'One' }), shop.create({ name: 'Two' })];
    const report = await shop.world.cycle('sync');
    expect(report).toMatchObject({
      state: 'ok',
      actions: { total: 2, byKind: { create: 2 }, bySystem: { crm: 0, marketing: 2 } },
      message: null,
    });
    expect([...shop.records().keys()]).toEqual([one, two]);
    shop.countAnew();
    expect((await shop.world.cycle('sync')).actions.total).toBe(0);
    expect([shop.reads(), shop.imports()]).toEqual([0, 0]);
  });

  it('K1: it is due once a day, at the configured time', async () => {
    await shop.sync();
    const id = shop.create({ name: 'Late' });
    expect((await shop.world.cycle('sync')).actions.total).toBe(0);
    const { store } = await shop.world.app();
    const yesterday = new Date(Date.now() - 25 * 3_600_000).toISOString();
    await updateConnection(store, 'acme', { watermarks: { 'products-read': yesterday } });
    expect((await shop.world.cycle('sync')).actions.byKind.create).toBe(1);
    expect(shop.record(id)).toMatchObject({ name: 'Late' });
  });

  it('K1: --full sends products at once, --only contacts never does', async () => {
    await shop.sync();
    const id = shop.create({ name: 'Now' });
    shop.countAnew();
    await shop.world.lockstep('sync', '--only', 'contacts');
    expect([shop.reads(), shop.imports()]).toEqual([0, 0]);
    expect((await shop.run('sync', '--full')).run).toMatchObject({
      state: 'ok',
      actions: { total: 1, byKind: { create: 1 } },
    });
    expect(shop.record(id)).toMatchObject({ name: 'Now' });
  });

  it('K1: --only products sends them at once and neither reads nor plans a person', async () => {
    shop.world.sell.world.createContact({ first_name: 'Ada', last_name: 'Byron', email: 'ada@example.com' });
    const id = shop.create({ name: 'Alone' });
    shop.countAnew();
    const { code, run } = await shop.run('sync', '--only', 'products');
    expect(code).toBe(0);
    expect(run).toMatchObject({ actions: { total: 1, byKind: { create: 1 }, bySystem: { sell: 0, dotdigital: 1 } } });
    expect(shop.record(id)).toMatchObject({ name: 'Alone' });
    expect(shop.asked('sell')).toEqual(['GET /v2/accounts/self', 'GET /v2/products']);
    expect(shop.asked('dotdigital')).toEqual([
      'GET /insightData/v3/collections',
      'GET /insightData/v3/import/:id',
      'GET /v2/account-info',
      'PUT /insightData/v3/import',
    ]);
    expect(shop.world.dotdigital.world.contact('ada@example.com')).toBeUndefined();
  });

  it('K1: plan shows what would be sent, with values, and sends nothing', async () => {
    const id = shop.create({ name: 'Lamp', sku: 'L-1' });
    shop.create({ name: 'Priceless', prices: [] });
    const plan = (await shop.run('plan')).run;
    expect(plan).toMatchObject({
      state: 'ok',
      actions: { total: 1, byKind: { create: 1 } },
      holds: { total: 1, byCode: { PRICE_MISSING: 1 } },
    });
    expect(plan.planned).toMatchObject([
      {
        row: 'K1',
        kind: 'create',
        system: 'dotdigital',
        entity: 'product',
        sellId: id,
        dotdigitalId: id,
        name: 'Lamp',
        changes: { price: { from: null, to: '9.99' }, sku: { to: 'L-1' } },
      },
    ]);
    expect(shop.world.dotdigital.world.collections()).toEqual([]);
    expect(await openHoldsOf(shop.world)).toEqual([]);
    await shop.sync();
    shop.world.sell.world.updateProduct(Number(id), { prices: [{ amount: '10.50', currency: 'GBP' }] });
    const next = (await shop.run('plan', '--only', 'products')).run;
    expect(next.planned).toMatchObject([
      { row: 'K1', kind: 'update', changes: { price: { from: '9.99', to: '10.5' } } },
    ]);
    expect(next.planned[0]?.changes).not.toHaveProperty('name');
    expect((await shop.world.words('plan', '--only', 'products')).stdout).toMatch(
      /K1\s+update\s+Dotdigital\s+product\s+Lamp\s+price "9.99" → "10.5"/,
    );
  });

  it('K1: the writes of a past run are listed with it', async () => {
    const id = shop.create({ name: 'Lamp' });
    const run = await shop.sync();
    const shown = (await shop.run('runs', run.id)).run;
    expect(shown).toMatchObject({
      actions: { total: 1, byKind: { create: 1 } },
      planned: [{ entity: 'product', sellId: id }],
    });
    expect((await shop.world.words('runs', run.id)).stdout).toMatch(/K1\s+create\s+Dotdigital\s+product\s+Lamp/);
  });

  it('K2, K3: a record has the agreed properties, a fixed address, and no secrets', async () => {
    const id = shop.create({
      name: 'Lamp',
      sku: 'L-1',
      description: 'Bright',
      cost: '4.00',
      max_discount: 10,
      max_markup: 5,
    });
    await shop.sync();
    expect(shop.record(id)).toEqual({
      id,
      name: 'Lamp',
      sku: 'L-1',
      description: 'Bright',
      price: 9.99,
      currency: 'GBP',
      active: true,
      url: 'http://www.example.com/',
    });
  });

  it('K2: prices arrive to the penny and all fit one schema', async () => {
    const amounts = ['0.10', '1999999.99', '12.3', '100', '0.29', '0', '4.35'];
    const ids = amounts.map((amount) =>
      shop.create({
        name: amount,
        prices: [
          { amount: '7.77', currency: 'PLN' },
          { amount, currency: 'GBP' },
        ],
      }),
    );
    expect((await shop.sync()).state).toBe('ok');
    expect(ids.map((id) => shop.record(id)?.['price'])).toEqual([0.1, 1999999.99, 12.3, 100, 0.29, 0, 4.35]);
  });

  it('K5: an unchanged catalogue writes nothing, a changed product is sent alone', async () => {
    const ids = [1, 2, 3].map((n) => shop.create({ name: `P${n}`, sku: '' }));
    await shop.sync();
    shop.countAnew();
    expect((await shop.sync()).actions.total).toBe(0);
    expect([shop.reads(), shop.imports()]).toEqual([1, 0]);
    shop.world.sell.world.updateProduct(Number(ids[1]), { description: 'New words' });
    // Another cost is no change to anything that is sent.
    shop.world.sell.world.updateProduct(Number(ids[2]), { cost: '1.00', max_discount: 50 });
    expect(await shop.sync()).toMatchObject({ actions: { total: 1, byKind: { update: 1 } } });
    expect(shop.record(ids[1] ?? '')).toMatchObject({ description: 'New words' });
  });

  it('K7: a product without a price in the currency is held, the rest goes on, and it is sent once it has one', async () => {
    const [poor, rich] = [
      shop.create({ name: 'Poor', prices: [{ amount: '5.00', currency: 'EUR' }] }),
      shop.create({ name: 'Rich' }),
    ];
    expect(await shop.sync()).toMatchObject({
      state: 'ok_with_holds',
      holds: { byCode: { PRICE_MISSING: 1 } },
      actions: { total: 1 },
    });
    expect([...shop.records().keys()]).toEqual([rich]);
    expect(await openHoldsOf(shop.world)).toMatchObject([
      { code: 'PRICE_MISSING', row: 'K7', entity: 'product', crmId: poor, severity: 'action' },
    ]);
    expect((await shop.world.lockstep('holds')).json).toMatchObject({
      holds: [{ code: 'PRICE_MISSING', entity: 'product', sellId: poor, email: null }],
    });
    shop.world.sell.world.updateProduct(Number(poor), { prices: [{ amount: '6.00', currency: 'GBP' }] });
    expect(await shop.sync()).toMatchObject({ state: 'ok', holds: { total: 0 }, actions: { byKind: { create: 1 } } });
    expect(shop.record(poor)).toMatchObject({ price: 6 });
  });

  it('K7: "holds retry" makes the next plain sync go through the catalogue again', async () => {
    const id = shop.create({ name: 'Poor', prices: [] });
    await shop.sync();
    shop.world.sell.world.updateProduct(Number(id), { prices: [{ amount: '6.00', currency: 'GBP' }] });
    expect((await shop.world.cycle('sync')).actions.total).toBe(0);
    expect((await shop.world.lockstep('holds', 'retry', '--all')).json).toMatchObject({ retried: 1 });
    expect(await shop.world.cycle('sync')).toMatchObject({ state: 'ok', actions: { byKind: { create: 1 } } });
  });

  it('K8: products that share a SKU both stay; the run notes it', async () => {
    const ids = [shop.create({ name: 'A', sku: 'DOUBLE' }), shop.create({ name: 'B', sku: 'DOUBLE' })];
    const run = await shop.sync();
    expect(run.state).toBe('ok');
    expect([...shop.records().keys()]).toEqual(ids);
    expect(await notesOfRun((await shop.world.app()).store, run.id)).toMatchObject([
      { row: 'K8', text: expect.stringMatching(/^SKU_DUPLICATE: 2 .*"DOUBLE"/) },
    ]);
  });

  it('K9: nothing of the catalogue ever goes back to Sell', async () => {
    const id = shop.create({ name: 'Lamp' });
    await shop.sync();
    const before = shop.world.sell.world.state.products.get(Number(id));
    await shop.put(id, { ...shop.record(id), name: 'Edited in Dotdigital', price: 1 });
    await shop.put('999', { ...shop.record(id), id: '999' });
    const run = await shop.sync();
    expect(run).toMatchObject({ actions: { total: 0 }, apiCalls: { crm: { writes: 0 } } });
    expect(shop.world.sell.world.state.products.get(Number(id))).toEqual(before);
  });
});

describe('settings', () => {
  it('K7: without a chosen currency it is that of the Sell account', async () => {
    await start({ currency: null }, { sell: { account: { currency: 'PLN' } } });
    const id = shop.create({
      name: 'Lampa',
      prices: [
        { amount: '1.00', currency: 'GBP' },
        { amount: '5.55', currency: 'PLN' },
      ],
    });
    await shop.sync();
    expect(shop.record(id)).toMatchObject({ price: 5.55, currency: 'PLN' });
  });

  it('K4: templates make addresses and images; a changed template sends all products again', async () => {
    await start({ urlTemplate: 'https://shop.example/{sku}?p={id}', imageTemplate: 'https://img.example/{name}.jpg' });
    const id = shop.create({ name: 'Blå lampe', sku: 'a b' });
    await shop.sync();
    expect(shop.record(id)).toMatchObject({
      url: `https://shop.example/a%20b?p=${id}`,
      image_path: 'https://img.example/Bl%C3%A5%20lampe.jpg',
      imagePath: 'https://img.example/Bl%C3%A5%20lampe.jpg',
    });
    await shop.configure({ urlTemplate: 'https://new.example/{id}' });
    expect(await shop.sync()).toMatchObject({ state: 'ok', actions: { byKind: { update: 1 } } });
    expect(shop.record(id)).toMatchObject({ url: `https://new.example/${id}` });
    expect(shop.record(id)).not.toHaveProperty('image_path');
  });

  it('K1: another collection is filled from the start', async () => {
    await start();
    const id = shop.create({ name: 'Lamp' });
    await shop.sync();
    await shop.configure({ collection: 'catalog_second' });
    expect((await shop.sync()).actions.byKind.create).toBe(1);
    expect(shop.records('catalog_second').get(id)).toMatchObject({ name: 'Lamp' });
    await shop.configure({});
    expect((await shop.sync()).actions.total).toBe(0);
  });

  it('K1: a name that does not begin with catalog_ is an error of the configuration', async () => {
    await start({ collection: 'Products' });
    const answer = await shop.world.lockstep('sync', '--only', 'products');
    expect(answer.code).toBe(2);
    expect(answer.stderr + answer.stdout).toMatch(/products\.collection.*Catalog_/s);
  });

  it('decision 13: before the first alignment nothing is sent', async () => {
    await start({}, { aligned: false });
    shop.create({ name: 'Lamp' });
    const { code, run } = await shop.run('sync', '--only', 'products');
    expect(code).toBe(4);
    expect(run).toMatchObject({ state: 'parked', message: expect.stringMatching(/lockstep align/) });
    expect(shop.world.dotdigital.world.collections()).toEqual([]);
  });

  it('K1: switched off, products are never read, and --only products says so', async () => {
    await start({ enabled: false });
    shop.create({ name: 'Lamp' });
    shop.countAnew();
    await shop.world.cycle('sync', { full: true });
    expect(await shop.sync()).toMatchObject({ state: 'ok', message: expect.stringMatching(/switched off/) });
    expect([shop.reads(), shop.imports()]).toEqual([0, 0]);
  });
});

describe('a large catalogue', () => {
  it('K1: 12,000 products cost 120 reads and 3 imports; unchanged, none; one changed, one', async () => {
    await start();
    for (let n = 0; n < 12_000; n += 1)
      shop.create({ name: `Product ${n}`, sku: `S-${n}`, description: n % 3 === 0 ? '' : 'Made to order.' });
    shop.countAnew();
    const first = await shop.sync();
    expect(first).toMatchObject({ state: 'ok', actions: { total: 12_000, byKind: { create: 12_000 } } });
    expect(shop.records(COLLECTION).size).toBe(12_000);
    expect([shop.reads(), shop.imports()]).toEqual([120, 3]);
    shop.countAnew();
    expect((await shop.sync()).actions.total).toBe(0);
    expect([shop.reads(), shop.imports()]).toEqual([120, 0]);
    const [id = ''] = shop.records().keys();
    shop.world.sell.world.updateProduct(Number(id), { sku: 'NEW' });
    await shop.sync();
    expect(shop.imports()).toBe(1);
  });
});
