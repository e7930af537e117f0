// Undo of what a run wrote to the catalogue, over real sockets. (R17, decision 27, K1, K6)
import { afterEach, describe, expect, it } from 'vitest';
import { openHoldsOf } from './looking.ts';
import { type Shop, startShop } from './shop.ts';
import { approveRun, command, rejectRun, undoRun } from './undoing.ts';

let shop: Shop;
afterEach(() => shop.world.stop());

const quiet = async (): Promise<void> => {
  expect(await shop.sync()).toMatchObject({ state: 'ok', actions: { total: 0 }, holds: { total: 0 } });
};

describe('undo of a run that wrote the catalogue', () => {
  it('R17, K1, K6: what it made is deleted, what it changed or deleted is back, and nothing is sent again until it changes', async () => {
    shop = await startShop({ onRemoved: 'delete' });
    const ids = Array.from({ length: 12 }, (_, n) => shop.create({ name: `P${n}` }));
    const [changed = '', gone = '', moved = ''] = ids;
    await shop.sync();
    const before = new Map(shop.records());
    shop.world.sell.world.updateProduct(Number(changed), { name: 'Renamed', sku: 'R-1' });
    shop.world.sell.world.updateProduct(Number(moved), { name: 'Moved' });
    shop.world.sell.world.deleteProduct(Number(gone));
    const made = shop.create({ name: 'New' });
    const run = await shop.sync();
    expect(run.actions).toMatchObject({ byKind: { create: 1, update: 2, delete: 1 } });
    // Somebody works in the catalogue itself meanwhile.
    await shop.put(moved, { ...shop.record(moved), name: 'Mine' });
    shop.countAnew();
    const { report, skipped } = await undoRun(shop.world, run.id);
    expect(report).toMatchObject({
      kind: 'undo',
      state: 'ok',
      actions: { byKind: { create: 1, update: 1, delete: 1 } },
    });
    expect(skipped).toEqual([
      expect.objectContaining({
        entity: 'product',
        name: 'Moved',
        field: 'name',
        present: 'Mine',
        why: 'was changed since',
      }),
    ]);
    expect(report.message).toContain('Moved (product): name was changed since (now "Mine")');
    expect(shop.reads()).toBe(0);
    expect(new Map(shop.records())).toEqual(new Map([...before, [moved, { ...before.get(moved), name: 'Mine' }]]));
    await quiet();
    await quiet();
    expect(shop.record(made)).toBeUndefined();
    // Taken back, and then changed in Sell: that is news.
    shop.world.sell.world.updateProduct(Number(changed), { name: 'Renamed again' });
    shop.world.sell.world.updateProduct(Number(made), { name: 'Newer' });
    expect((await shop.sync()).actions).toMatchObject({ total: 2, byKind: { create: 1, update: 1 } });
    expect(shop.record(changed)).toMatchObject({ name: 'Renamed again', sku: 'R-1' });
  });

  it('R17: an undo can be undone, and undoing twice finds nothing left', async () => {
    shop = await startShop();
    const id = shop.create({ name: 'First' });
    await shop.sync();
    shop.world.sell.world.updateProduct(Number(id), { name: 'Second' });
    const run = await shop.sync();
    const undone = await undoRun(shop.world, run.id);
    expect(shop.record(id)).toMatchObject({ name: 'First' });
    expect(await undoRun(shop.world, run.id)).toMatchObject({ report: { actions: { total: 0 } }, skipped: [] });
    await undoRun(shop.world, undone.report.id);
    expect(shop.record(id)).toMatchObject({ name: 'Second' });
    await quiet();
    shop.world.sell.world.updateProduct(Number(id), { name: 'First' });
    expect((await shop.sync()).actions.total).toBe(1);
  });

  it('R14, K6: above the brake the deletions wait; reject leaves them, approve applies what still holds, an alignment sends them again', async () => {
    shop = await startShop();
    const ids = Array.from({ length: 6 }, (_, n) => shop.create({ name: `P${n}` }));
    const run = await shop.sync();
    const preview = await command(shop.world, 'undo', run.id);
    expect(preview.run.planned).toHaveLength(6);
    expect(preview.run.planned?.[0]).toMatchObject({ row: 'R17', kind: 'delete', entity: 'product' });
    const first = await undoRun(shop.world, run.id);
    expect(first.report).toMatchObject({ state: 'parked', holds: { byCode: { BRAKE_PARKED: 6 } } });
    // A synchronisation leaves to the undo what is the undo's.
    expect((await shop.sync()).holds.byCode).toEqual({ BRAKE_PARKED: 6 });
    expect(await rejectRun(shop.world, first.report.id)).toBe(6);
    await quiet();
    const again = await undoRun(shop.world, run.id);
    expect(again.report.state).toBe('parked');
    await shop.put(ids[2] ?? '', { ...shop.record(ids[2] ?? ''), name: 'Mine' });
    const approved = await approveRun(shop.world, again.report.id);
    expect(approved).toMatchObject({ kind: 'undo', state: 'ok', actions: { byKind: { delete: 5 } } });
    expect(approved.message).toContain('P2 (product)');
    expect([...shop.records().keys()]).toEqual([ids[2]]);
    expect(await openHoldsOf(shop.world)).toEqual([]);
    await quiet();
    await shop.world.cycle('align');
    expect((await shop.sync()).actions).toMatchObject({ byKind: { create: 5 } });
  });
});
