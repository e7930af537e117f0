// Products that are inactive or deleted in Sell, the brake over removals, and its decision. (K6, R14)
import { afterEach, describe, expect, it } from 'vitest';
import { openHoldsOf } from './looking.ts';
import { type Shop, startShop } from './shop.ts';

let shop: Shop;
afterEach(() => shop.world.stop());

/** So many products, sent. */
async function startWith(count: number, products: object = {}): Promise<readonly string[]> {
  shop = await startShop(products);
  const ids = Array.from({ length: count }, (_, n) => shop.create({ name: `P${n}` }));
  await shop.sync();
  return ids;
}
const remove = (...ids: readonly string[]): void => {
  for (const id of ids) shop.world.sell.world.deleteProduct(Number(id));
};
const setActive = (id: string, active: boolean): void =>
  void shop.world.sell.world.updateProduct(Number(id), { active });
const activeIds = (): readonly string[] =>
  [...shop.records()].flatMap(([id, json]) => (json['active'] === true ? [id] : []));

describe('onRemoved: inactive', () => {
  it('K6: an inactive and a deleted product are marked once, and a product that comes back is active again', async () => {
    const [off = '', gone = '', stays = ''] = await startWith(3);
    const before = shop.record(gone);
    setActive(off, false);
    remove(gone);
    expect(await shop.sync()).toMatchObject({ state: 'ok', actions: { total: 2, byKind: { update: 2, delete: 0 } } });
    expect(activeIds()).toEqual([stays]);
    expect(shop.record(gone)).toEqual({ ...before, active: false });
    shop.countAnew();
    expect((await shop.sync()).actions.total).toBe(0);
    expect(shop.imports()).toBe(0);
    setActive(off, true);
    expect(await shop.sync()).toMatchObject({ actions: { total: 1, byKind: { update: 1 } } });
    expect(activeIds()).toEqual([off, stays]);
  });

  it('K6: a product that was inactive from the start is in the catalogue as such', async () => {
    await startWith(0);
    const id = shop.create({ name: 'Old', active: false });
    await shop.sync();
    expect(shop.record(id)).toMatchObject({ active: false });
  });

  it('D21: a Sell that suddenly has no product at all marks none without being asked', async () => {
    const ids = await startWith(5);
    remove(...ids);
    const run = await shop.sync();
    expect(run).toMatchObject({ state: 'parked', holds: { byCode: { BRAKE_PARKED: 5 } } });
    expect(activeIds()).toEqual(ids);
    expect((await shop.run('approve', run.id)).run).toMatchObject({
      state: 'ok',
      actions: { total: 5, byKind: { update: 5 } },
    });
    expect(activeIds()).toEqual([]);
  });
});

describe('onRemoved: delete', () => {
  it('K6: records of deleted and inactive products are deleted in one call; one that comes back is sent again', async () => {
    const [off = '', gone = '', ...others] = await startWith(12, { onRemoved: 'delete' });
    setActive(off, false);
    remove(gone);
    shop.countAnew();
    expect(await shop.sync()).toMatchObject({
      state: 'ok',
      actions: { total: 2, byKind: { delete: 2 }, bySystem: { crm: 0, marketing: 2 } },
    });
    expect([...shop.records().keys()]).toEqual(others);
    expect(shop.world.dotdigital.requests.read().writes).toBe(1);
    expect((await shop.sync()).actions.total).toBe(0);
    setActive(off, true);
    expect(await shop.sync()).toMatchObject({ actions: { total: 1, byKind: { create: 1 } } });
    expect(shop.record(off)).toMatchObject({ active: true });
  });

  it('K6: a page that shifts while it is read makes no product look deleted', async () => {
    const ids = await startWith(150, { onRemoved: 'delete' });
    // One of the first page disappears while the second page is on its way: the first product of that page moves onto the first.
    shop.world.sell.faults.add({
      service: 'zendesk-sell',
      match: { path: '/v2/products', nth: 2 },
      effect: { type: 'delay', ms: 300 },
    });
    shop.countAnew();
    const running = shop.sync();
    await shop.until(() => shop.reads() === 2);
    remove(ids[3] ?? '');
    expect((await running).actions).toMatchObject({ byKind: { create: 0, update: 0 } });
    // Two pages, and one question about the product that fell between them.
    expect(shop.reads()).toBe(3);
    expect(shop.records().has(ids[100] ?? '')).toBe(true);
    await shop.sync();
    expect([...shop.records().keys()]).toEqual(ids.filter((_, n) => n !== 3));
  });

  it('K6, R14: more than 20 % of the catalogue waits for approval; all else goes on', async () => {
    const ids = await startWith(10, { onRemoved: 'delete' });
    remove(...ids.slice(0, 3));
    const fresh = shop.create({ name: 'New' });
    const { code, run } = await shop.run('sync', '--only', 'products');
    expect(code).toBe(4);
    expect(run).toMatchObject({
      state: 'parked',
      actions: { byKind: { create: 1, delete: 3 } },
      holds: { byCode: { BRAKE_PARKED: 3 } },
    });
    expect([...shop.records().keys()]).toEqual([...ids, fresh]);
    expect((await openHoldsOf(shop.world))[0]).toMatchObject({
      code: 'BRAKE_PARKED',
      row: 'K6',
      entity: 'product',
      severity: 'waiting',
    });
    // The next run does not ask twice, and does not take them along either.
    expect(await shop.sync()).toMatchObject({
      state: 'ok',
      actions: { total: 0 },
      holds: { byCode: { BRAKE_PARKED: 3 } },
    });
    const approved = await shop.run('approve', run.id);
    expect(approved.code).toBe(0);
    expect(approved.run).toMatchObject({
      state: 'ok',
      actions: { total: 3, byKind: { delete: 3 } },
      holds: { total: 0 },
    });
    expect([...shop.records().keys()]).toEqual([...ids.slice(3), fresh]);
    expect((await shop.run('runs', run.id)).run.state).toBe('ok');
    expect((await shop.sync()).actions.total).toBe(0);
  });

  it('K6, R14: two of ten pass, and a third on the same day waits', async () => {
    const ids = await startWith(10, { onRemoved: 'delete' });
    remove(...ids.slice(0, 2));
    expect(await shop.sync()).toMatchObject({ state: 'ok', actions: { byKind: { delete: 2 } } });
    remove(...ids.slice(2, 3));
    expect(await shop.sync()).toMatchObject({ state: 'parked', holds: { byCode: { BRAKE_PARKED: 1 } } });
    expect([...shop.records().keys()]).toEqual(ids.slice(2));
  });

  it('R14: what no longer holds when it is approved is not deleted', async () => {
    const ids = await startWith(5, { onRemoved: 'delete' });
    for (const id of ids.slice(0, 3)) setActive(id, false);
    const run = await shop.sync();
    expect(run.state).toBe('parked');
    setActive(ids[0] ?? '', true);
    expect((await shop.run('approve', run.id)).run).toMatchObject({ state: 'ok', actions: { byKind: { delete: 2 } } });
    expect([...shop.records().keys()]).toEqual([ids[0], ...ids.slice(3)]);
  });

  it('R14: rejected, the records stay and are not asked about again', async () => {
    const ids = await startWith(5, { onRemoved: 'delete' });
    remove(...ids.slice(0, 3));
    const run = await shop.sync();
    expect((await shop.world.lockstep('reject', run.id)).json).toMatchObject({ decided: 3 });
    expect(await openHoldsOf(shop.world)).toEqual([]);
    expect(await shop.sync()).toMatchObject({ state: 'ok', actions: { total: 0 }, holds: { total: 0 } });
    expect([...shop.records().keys()]).toEqual(ids);
  });
});

describe('onRemoved: keep', () => {
  it('K6: removed products stay as they are, whatever happens to them in Sell', async () => {
    const [off = '', gone = ''] = await startWith(2, { onRemoved: 'keep' });
    setActive(off, false);
    shop.world.sell.world.updateProduct(Number(off), { name: 'Renamed' });
    remove(gone);
    expect(await shop.sync()).toMatchObject({ state: 'ok', actions: { total: 0 } });
    expect(activeIds()).toEqual([off, gone]);
    expect(shop.record(off)).toMatchObject({ name: 'P0' });
  });
});
