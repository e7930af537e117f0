// Moving a database: everything comes over, nothing is mixed with what is there, and the original stays as it was.

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasFeedGap } from '../../src/engine/feed-gap.ts';
import { insertActions, listActions } from '../../src/store/actions.ts';
import { ensureConnection, getConnection, updateConnection } from '../../src/store/connections.ts';
import { backupStore, copyStore } from '../../src/store/copy-store.ts';
import { getCrm, upsertCrm } from '../../src/store/crm-records.ts';
import type { Store } from '../../src/store/executor.ts';
import { openHolds } from '../../src/store/hold-reconcile.ts';
import { listHolds } from '../../src/store/holds.ts';
import { acquireLease, leaseHolder } from '../../src/store/leases.ts';
import { insertRun } from '../../src/store/runs.ts';
import { action, at, C, crm, fileStore, hold, newStore, refusal, storeAt, tempFolder } from './store-fixtures.ts';

async function fill(store: Store): Promise<void> {
  await ensureConnection(store, { name: C, replica: 'r', now: at(0) });
  await upsertCrm(
    store,
    C,
    Array.from({ length: 2500 }, (_, n) => crm(String(n + 1), { revision: 2 ** 40 + n, lastName: 'Ö\u{1f600}' })),
    at(1),
  );
  await store.transaction((tx) => openHolds(tx, C, [{ key: 'k', holds: [hold()] }], at(1)));
  const run = { id: 'run', connection: C, kind: 'sync', state: 'ok', startedAt: at(1), finishedAt: at(1) } as const;
  await insertRun(store, { ...run, counters: {}, apiCalls: {}, error: null, options: {} });
  await insertActions(
    store,
    C,
    'run',
    [{ seq: 0, personKey: 'k', emailKey: 'a@example.com', state: 'done', action: action('a1') }],
    at(1),
  );
  await acquireLease(store, C, 'somebody', 60_000, at(1));
}

describe('a copied database', () => {
  test('holds every row, belongs to nobody and goes on counting its leases', async () => {
    const [source, target] = [await fileStore(), await newStore()];
    await fill(source);
    const steps: number[] = [];
    const copied = await copyStore(source, target, { progress: (rows) => steps.push(rows) });
    const rows = new Map(copied.map((table) => [table.table, table.rows]));
    expect(rows.get('crm_records')).toBe(2500);
    expect(steps.at(-1)).toBe([...rows.values()].reduce((a, b) => a + b, 0));
    expect(await getCrm(target, C, 'contact', ['1', '2500'])).toEqual(
      await getCrm(source, C, 'contact', ['1', '2500']),
    );
    expect(await listHolds(target)).toEqual(await listHolds(source));
    expect(await listActions(target, 'run')).toEqual(await listActions(source, 'run'));
    expect(await leaseHolder(target, C, at(1))).toBeNull();
    expect(await acquireLease(target, C, 'next', 60_000, at(1))).toEqual({ token: 2 });
    expect(await leaseHolder(source, C, at(1))).toMatchObject({ holder: 'somebody' });
  });

  test('is never mixed with what is there', async () => {
    const [source, target] = [await newStore(), await fileStore()];
    await fill(source);
    await ensureConnection(target, { name: 'other', replica: 'r', now: at(0) });
    expect(await refusal(copyStore(source, target))).toBe('misuse');
    expect(await getConnection(target, C)).toBeNull();
  });

  test('D20, R7: as a backup is a file that can be worked with, and compares everything first', async () => {
    const source = await newStore();
    await fill(source);
    await updateConnection(source, C, { crmLoadedAt: at(1), watermarks: { 'crm-replica': 'r', 'crm-pulled': at(1) } });
    const file = join(tempFolder(), 'backup.db');
    await backupStore(source, file);
    const restored = await storeAt(`sqlite:${file}`);
    expect(await listHolds(restored)).toEqual(await listHolds(source));
    expect(await getCrm(restored, C, 'contact', ['7'])).toEqual(await getCrm(source, C, 'contact', ['7']));
    const gaps = [source, restored].map(async (store) => {
      const connection = await getConnection(store, C);
      return connection !== null && hasFeedGap(connection, at(2));
    });
    expect(await Promise.all(gaps)).toEqual([false, true]);
  });
});
