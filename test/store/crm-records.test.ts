import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  countCrm,
  dirtyCrmIds,
  getCrm,
  getCrmByEmail,
  markAllCrmDirty,
  markCrmDeleted,
  markCrmHidden,
  setCrmDirty,
  unseenCrmIds,
  upsertCrm,
} from '../../src/store/crm-records.ts';
import type { Executor } from '../../src/store/executor.ts';
import { compareIds } from '../../src/store/keys.ts';
import { beginScan, finishScan, lastScan } from '../../src/store/scans.ts';
import { at, C, crm, newStore } from './store-fixtures.ts';

async function clean(store: Executor, id: string): Promise<void> {
  await setCrmDirty(store, C, 'contact', [id], false);
}

async function dirty(store: Executor): Promise<readonly string[]> {
  return dirtyCrmIds(store, C, 'contact', null, 100);
}

describe('observations of CRM records', () => {
  test('come back as they were given', async () => {
    const store = await newStore();
    const item = crm('9007199254740993', {
      values: {
        first_name: 'Zoë',
        'custom_fields.Score': 1.5,
        'custom_fields.Set': ['b', 'a'],
        address: { city: 'Ulm', line1: null },
        ok: false,
      },
      tags: ['b', 'a'],
      status: 'New',
      role: 'lead',
      revision: 7,
      ownerId: '5',
      updatedAt: null,
    });
    expect(await upsertCrm(store, C, [item], at(1))).toBe(1);
    expect(await getCrm(store, C, 'lead', ['9007199254740993', '4'])).toEqual([
      { ...item, dirty: true, observedAt: at(1) },
    ]);
    expect(await getCrm(store, C, 'contact', ['9007199254740993'])).toEqual([]);
    expect(await getCrm(store, 'other', 'lead', ['9007199254740993'])).toEqual([]);
  });

  test('a repeated page changes nothing and leaves the mark (R7)', async () => {
    const store = await newStore();
    await upsertCrm(store, C, [crm('1'), crm('2')], at(1));
    await clean(store, '1');
    expect(await upsertCrm(store, C, [crm('1'), crm('2')], at(2))).toBe(0);
    expect(await dirty(store)).toEqual(['2']);
    expect((await getCrm(store, C, 'contact', ['1']))[0]?.observedAt).toBe(at(2));
  });

  test('member order and a new time or revision alone are no news', async () => {
    const store = await newStore();
    await upsertCrm(store, C, [crm('1', { values: { a: '1', b: '2' }, revision: 1 })], at(1));
    await clean(store, '1');
    expect(
      await upsertCrm(store, C, [crm('1', { values: { b: '2', a: '1' }, revision: 2, updatedAt: at(9) })], at(2)),
    ).toBe(0);
    expect(await dirty(store)).toEqual([]);
    const [stored] = await getCrm(store, C, 'contact', ['1']);
    expect(stored?.record).toMatchObject({ revision: 2, updatedAt: at(9) });
  });

  test.each([
    ['content', crm('1', { lastName: 'Byron' })],
    ['state', crm('1', { state: 'hidden' })],
    ['address', { ...crm('1'), emailKey: null }],
  ])('another %s makes it dirty', async (_, changed) => {
    const store = await newStore();
    await upsertCrm(store, C, [crm('1')], at(1));
    await clean(store, '1');
    expect(await upsertCrm(store, C, [changed], at(2))).toBe(1);
    expect(await dirty(store)).toEqual(['1']);
  });

  test('an older revision never replaces a newer, also within one page', async () => {
    const store = await newStore();
    const name = async () => (await getCrm(store, C, 'contact', ['1']))[0]?.record.lastName;
    await upsertCrm(
      store,
      C,
      [crm('1', { lastName: 'New', revision: 5 }), crm('1', { lastName: 'Old', revision: 4 })],
      at(1),
    );
    expect(await name()).toBe('New');
    expect(await upsertCrm(store, C, [crm('1', { lastName: 'Old', revision: 4 })], at(2))).toBe(0);
    expect(await name()).toBe('New');
    await upsertCrm(store, C, [crm('1', { lastName: 'Read', revision: null })], at(3));
    expect(await name()).toBe('Read');
    await upsertCrm(store, C, [crm('1', { lastName: 'Old', revision: 4 })], at(4));
    expect(await name()).toBe('Read');
  });

  test('whatever order revisions arrive in, the newest stays', async () => {
    const store = await newStore();
    let id = 0;
    const revisions = fc.shuffledSubarray([1, 2, 3, 4, 5, 6], { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(revisions, fc.boolean(), async (order, onePage) => {
        const key = String(++id);
        const items = order.map((revision) => crm(key, { revision, lastName: `v${revision}` }));
        for (const page of onePage ? [items] : items.map((item) => [item])) await upsertCrm(store, C, page, at(1));
        const [stored] = await getCrm(store, C, 'contact', [key]);
        expect(stored?.record.lastName).toBe(`v${Math.max(...order)}`);
      }),
      { numRuns: 60 },
    );
  });

  test('more than one statement can carry are all stored', async () => {
    const store = await newStore();
    const items = Array.from({ length: 1501 }, (_, n) => crm(String(n + 1)));
    expect(await store.transaction((tx) => upsertCrm(tx, C, items, at(1)))).toBe(1501);
    expect(
      await getCrm(
        store,
        C,
        'contact',
        items.map((item) => item.record.id),
      ),
    ).toHaveLength(1501);
  });
});

describe('deletions of CRM records', () => {
  test('mark known records once and ignore unknown and older news (decision 6)', async () => {
    const store = await newStore();
    await upsertCrm(store, C, [crm('1', { revision: 5 }), crm('2')], at(1));
    await clean(store, '1');
    const gone = [
      { id: '1', revision: 6 },
      { id: '77', revision: null },
    ];
    expect(await markCrmDeleted(store, C, 'contact', [{ id: '1', revision: 4 }], at(2))).toBe(0);
    expect(await markCrmDeleted(store, C, 'contact', gone, at(2))).toBe(1);
    expect(await dirty(store)).toEqual(['1', '2']);
    await clean(store, '1');
    expect(await markCrmDeleted(store, C, 'contact', gone, at(3))).toBe(0);
    expect(await dirty(store)).toEqual(['2']);
    expect((await getCrm(store, C, 'contact', ['1', '77'])).map((one) => one.record.state)).toEqual(['deleted']);
    expect(await upsertCrm(store, C, [crm('1', { revision: 5 })], at(4))).toBe(0);
  });

  test('of a page without revisions, and of one with some', async () => {
    const store = await newStore();
    await upsertCrm(store, C, [crm('1', { revision: 1 }), crm('2'), crm('10')], at(1));
    expect(await markCrmDeleted(store, C, 'contact', [{ id: '2', revision: null }], at(2))).toBe(1);
    expect(
      await markCrmDeleted(
        store,
        C,
        'contact',
        [
          { id: '10', revision: 3 },
          { id: '1', revision: null },
        ],
        at(2),
      ),
    ).toBe(2);
    expect((await getCrm(store, C, 'contact', ['1', '10'])).map((one) => one.record.revision)).toEqual([1, 3]);
  });

  test('hidden records are told from deleted ones', async () => {
    const store = await newStore();
    await upsertCrm(store, C, [crm('1'), crm('2'), crm('3', { role: 'lead' })], at(1));
    await markCrmHidden(store, C, 'contact', ['2'], at(2));
    await markCrmDeleted(store, C, 'lead', [{ id: '3', revision: null }], at(2));
    await setCrmDirty(store, C, 'contact', ['1', '2'], false);
    expect(await countCrm(store, C)).toEqual([
      { role: 'contact', state: 'hidden', total: 1, dirty: 0 },
      { role: 'contact', state: 'present', total: 1, dirty: 0 },
      { role: 'lead', state: 'deleted', total: 1, dirty: 1 },
    ]);
  });
});

describe('order and look-ups', () => {
  const decimal = fc.bigInt({ min: 1n, max: 10n ** 19n }).map(String);

  test('dirty ids come page by page in numeric order (R18)', async () => {
    const store = await newStore();
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(decimal, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 7 }),
        async (ids, size) => {
          const name = `acme-${round++}`;
          await upsertCrm(
            store,
            name,
            ids.map((id) => crm(id)),
            at(1),
          );
          await upsertCrm(store, name, [crm('5', { role: 'lead' })], at(1));
          const paged: string[] = [];
          for (let after: string | null = null; ; ) {
            const page: readonly string[] = await dirtyCrmIds(store, name, 'contact', after, size);
            paged.push(...page);
            after = page.at(-1) ?? null;
            if (after === null) break;
          }
          const ordered = ids.toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
          expect(paged).toEqual(ordered);
          expect((await getCrm(store, name, 'contact', ids)).map((one) => one.record.id)).toEqual(ordered);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('compareIds orders as the database does', () => {
    fc.assert(
      fc.property(
        decimal,
        decimal,
        (a, b) => Math.sign(compareIds(a, b)) === (BigInt(a) < BigInt(b) ? -1 : a === b ? 0 : 1),
      ),
    );
  });

  test('by address: both roles, every state, by ascending id', async () => {
    const store = await newStore();
    const same = (id: string, role: 'contact' | 'lead') => ({ ...crm(id, { role }), emailKey: 'x@example.com' });
    await upsertCrm(store, C, [same('100', 'contact'), same('9', 'contact'), same('3', 'lead'), crm('4')], at(1));
    await markCrmDeleted(store, C, 'contact', [{ id: '9', revision: null }], at(2));
    const found = await getCrmByEmail(store, C, ['x@example.com', 'nobody@example.com']);
    expect(found.map((one) => `${one.record.role}:${one.record.id}:${one.record.state}`)).toEqual([
      'contact:9:deleted',
      'contact:100:present',
      'lead:3:present',
    ]);
  });

  test('everything of a role can be planned again (R12)', async () => {
    const store = await newStore();
    await upsertCrm(store, C, [crm('1'), crm('2'), crm('3', { role: 'lead' })], at(1));
    await setCrmDirty(store, C, 'contact', ['1', '2'], false);
    await setCrmDirty(store, C, 'lead', ['3'], false);
    await markAllCrmDirty(store, C, 'contact');
    expect(await dirty(store)).toEqual(['1', '2']);
    expect(await dirtyCrmIds(store, C, 'lead', null, 10)).toEqual([]);
  });
});

describe('complete scans (R8, D19)', () => {
  test('list present records that neither the scan nor anything since saw', async () => {
    const store = await newStore();
    await upsertCrm(
      store,
      C,
      ['1', '2', '3', '10', '11'].map((id) => crm(id)),
      at(1),
    );
    await markCrmDeleted(store, C, 'contact', [{ id: '11', revision: null }], at(1));
    const scan = await beginScan(store, C, 'crm:contact', at(2));
    await upsertCrm(store, C, [crm('1')], at(3), { scan: scan.generation });
    await upsertCrm(store, C, [crm('2'), crm('12')], at(3));
    expect(await unseenCrmIds(store, C, 'contact', scan.generation, null, 10)).toEqual(['3', '10']);
    expect(await unseenCrmIds(store, C, 'contact', scan.generation, '3', 10)).toEqual(['10']);
    expect((await lastScan(store, C, 'crm:contact'))?.finishedAt).toBeNull();
    expect(await finishScan(store, C, 'crm:contact', scan.generation, at(4))).toBe(true);
    expect(await lastScan(store, C, 'crm:contact')).toEqual({ generation: 1, startedAt: at(2), finishedAt: at(4) });
  });

  test('a scan that was broken off cannot end the next one', async () => {
    const store = await newStore();
    const broken = await beginScan(store, C, 'marketing', at(1));
    const next = await beginScan(store, C, 'marketing', at(2));
    expect([broken.generation, next.generation]).toEqual([1, 2]);
    expect(await finishScan(store, C, 'marketing', broken.generation, at(3))).toBe(false);
    expect(await lastScan(store, C, 'marketing')).toEqual({ generation: 2, startedAt: at(2), finishedAt: null });
  });
});
