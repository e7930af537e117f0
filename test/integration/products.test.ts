// The product catalogue between both simulated services over real sockets: rows K1-K10.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHoldsOf } from './looking.ts';
import { startTwoAccounts, type TwoAccounts } from './two-accounts.ts';

const PRODUCTS = { enabled: true, currency: 'GBP' };
const COLLECTION = 'Catalog_Zendesk_Sell';

let world: TwoAccounts;
beforeEach(async () => {
  world = await startTwoAccounts({ settings: { products: PRODUCTS } });
});
afterEach(() => world.stop());

const create = (attributes: object): number => world.sell.world.createProduct({ prices: [{ amount: '9.99', currency: 'GBP' }], ...attributes }).id;
const records = (collection = COLLECTION) => new Map(world.dotdigital.world.records(collection).map(({ key, json }) => [key, json]));
const record = (id: number) => records().get(String(id));
const syncProducts = () => world.cycle('sync', { only: [], people: false, products: 'now' });
const imports = () => world.dotdigital.requests.read().byRoute['PUT /insightData/v3/import'] ?? 0;
const productReads = () => world.sell.requests.counts().routes['GET /v2/products']?.count ?? 0;

/** Counts from here on. */
function countAnew(): void {
  world.dotdigital.requests.reset();
  world.sell.requests.reset();
}

describe('the product catalogue', () => {
  beforeEach(async () => {
    await world.cycle('align');
  });

  it('K1: a plain sync sends every product once it is due, keyed by its id, and is quiet after that', async () => {
    const [one, two] = [create({ name: 'One' }), create({ name: 'Two' })];
    const report = await world.cycle('sync');
    expect(report).toMatchObject({ state: 'ok', actions: { total: 2, byKind: { create: 2 }, bySystem: { crm: 0, marketing: 2 } }, message: null });
    expect([...records().keys()]).toEqual([String(one), String(two)]);
    countAnew();
    expect((await world.cycle('sync')).actions.total).toBe(0);
    expect([productReads(), imports()]).toEqual([0, 0]);
  });

  it('K2, K3: a record has the agreed properties, a fixed address, and no secrets', async () => {
    const id = create({ name: 'Lamp', sku: 'L-1', description: 'Bright', cost: '4.00', max_discount: 10, max_markup: 5 });
    await syncProducts();
    expect(record(id)).toEqual({
      id: String(id), name: 'Lamp', sku: 'L-1', description: 'Bright', price: 9.99, currency: 'GBP', active: true, url: 'http://www.example.com/',
    });
  });
});
