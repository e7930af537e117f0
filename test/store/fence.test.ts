// A holder that lost its lease changes nothing any more, whichever way it writes. (R16)
import { describe, expect, test } from 'vitest';
import { ensureConnection, getConnection, updateConnection } from '../../src/store/connections.ts';
import { countCrm, markCrmDeleted, upsertCrm } from '../../src/store/crm-records.ts';
import type { Store } from '../../src/store/executor.ts';
import { fencedStore } from '../../src/store/fence.ts';
import { acquireLease, releaseLease, renewLease } from '../../src/store/leases.ts';
import { at, C, crm, newStore, newUrl, refusal, storeAt } from './store-fixtures.ts';

const MINUTE = 60_000;

async function heldStore(store: Store, minute: number): Promise<Store> {
  const lease = await acquireLease(store, C, `holder at ${minute}`, MINUTE, at(minute));
  if (lease === null) throw new Error('the lease is taken');
  return fencedStore(store, C, lease.token);
}

describe('the store of a holder', () => {
  test('stores what it is told while the lease is its own, renewed or not', async () => {
    const store = await newStore();
    const held = await heldStore(store, 0);
    await ensureConnection(held, { name: C, replica: 'r', now: at(0) });
    expect(await held.transaction((tx) => upsertCrm(tx, C, [crm('1')], at(1)))).toBe(1);
    await renewLease(store, C, 1, MINUTE, at(5));
    await updateConnection(held, C, { alignedAt: at(5) });
    expect((await getConnection(store, C))?.alignedAt).toBe(at(5));
    expect(await countCrm(held, C)).toMatchObject([{ total: 1 }]);
  });

  test('stores nothing once somebody else has taken it, but still reads', async () => {
    const url = await newUrl();
    const [one, two] = [await storeAt(url), await storeAt(url)];
    const paused = await heldStore(one, 0);
    await upsertCrm(paused, C, [crm('1')], at(0));
    const next = await heldStore(two, 2);
    expect(await refusal(paused.transaction((tx) => upsertCrm(tx, C, [crm('2')], at(3))))).toBe('fenced');
    expect(await refusal(upsertCrm(paused, C, [crm('3')], at(3)))).toBe('fenced');
    expect(await refusal(markCrmDeleted(paused, C, 'contact', [{ id: '1', revision: null }], at(3)))).toBe('fenced');
    expect(await refusal(updateConnection(paused, C, { alignedAt: at(3) }))).toBe('fenced');
    expect(await countCrm(paused, C)).toEqual([{ role: 'contact', state: 'present', total: 1, dirty: 1 }]);
    await upsertCrm(next, C, [crm('4')], at(3));
    expect(await countCrm(one, C)).toMatchObject([{ total: 2 }]);
  });

  test('stores nothing after it let go', async () => {
    const store = await newStore();
    const held = await heldStore(store, 0);
    await releaseLease(store, C, 1);
    expect(await refusal(upsertCrm(held, C, [crm('1')], at(0)))).toBe('fenced');
  });

  test('cannot be overtaken between the question and the commit', async () => {
    const url = await newUrl();
    const [one, two] = [await storeAt(url), await storeAt(url, { busyTimeoutMs: 30_000 })];
    const held = await heldStore(one, 0);
    const steps: string[] = [];
    let taking: Promise<unknown> = Promise.resolve();
    await held.transaction(async (tx) => {
      await upsertCrm(tx, C, [crm('1')], at(1));
      // On SQLite a waiting writer would hold up this whole process; there the one transaction keeps everybody out.
      if (one.backend.kind === 'postgres') taking = heldStore(two, 2).then(() => steps.push('taken over'));
      await upsertCrm(tx, C, [crm('2')], at(1));
      steps.push('stored');
    });
    await taking;
    expect(steps[0]).toBe('stored');
    expect(await countCrm(two, C)).toMatchObject([{ total: 2 }]);
  });

  test('refuses itself inside a transaction, as the store does', async () => {
    const store = await newStore();
    const held = await heldStore(store, 0);
    expect(await refusal(held.transaction(async () => countCrm(held, C)))).toBe('misuse');
    expect(await refusal(held.transaction(async () => upsertCrm(held, C, [crm('1')], at(0))))).toBe('misuse');
  });
});
