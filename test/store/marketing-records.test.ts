import { describe, expect, test } from 'vitest';
import type { Executor } from '../../src/store/executor.ts';
import {
  countMarketing,
  dirtyMarketingIds,
  getMarketing,
  getMarketingByEmail,
  markAllMarketingDirty,
  markMarketingDeleted,
  setMarketingDirty,
  unseenMarketingIds,
  upsertMarketing,
  writeAssumedMarketing,
} from '../../src/store/marketing-records.ts';
import { beginScan } from '../../src/store/scans.ts';
import { removeSuppressions, suppressionsByEmail, upsertSuppressions } from '../../src/store/suppressions.ts';
import { at, C, marketing, newStore } from './store-fixtures.ts';

const dirty = (store: Executor) => dirtyMarketingIds(store, C, null, 100);

describe('observations of marketing contacts', () => {
  test('come back as they were given', async () => {
    const store = await newStore();
    const item = marketing('12', {
      values: { FIRSTNAME: 'Zoë', SCORE: 3, AT: null },
      lists: ['1', '2'],
      updatedAt: null,
    });
    expect(await upsertMarketing(store, C, [item], at(1))).toBe(1);
    expect(await getMarketing(store, C, ['12', '13'])).toEqual([{ ...item, dirty: true, observedAt: at(1) }]);
    expect(await getMarketing(store, 'other', ['12'])).toEqual([]);
  });

  test('a repeated page changes nothing, the last of a repeat within a page counts (R7)', async () => {
    const store = await newStore();
    await upsertMarketing(store, C, [marketing('1', { email: 'old@example.com' }), marketing('1')], at(1));
    await setMarketingDirty(store, C, ['1'], false);
    expect(await upsertMarketing(store, C, [marketing('1', { updatedAt: at(9) })], at(2))).toBe(0);
    expect(await dirty(store)).toEqual([]);
    expect((await getMarketing(store, C, ['1']))[0]?.record.updatedAt).toBe(at(9));
  });

  test.each([
    ['value', marketing('1', { values: { FIRSTNAME: 'Augusta' } })],
    ['channel', marketing('1', { channel: { state: 'unsubscribed', reason: 'unsubscribed', optInType: 'single' } })],
    ['list', marketing('1', { lists: ['4'] })],
    ['state', marketing('1', { state: 'deleted' })],
    ['address', { ...marketing('1'), emailKey: null }],
  ])('another %s makes it dirty', async (_, changed) => {
    const store = await newStore();
    await upsertMarketing(store, C, [marketing('1')], at(1));
    await setMarketingDirty(store, C, ['1'], false);
    expect(await upsertMarketing(store, C, [changed], at(2))).toBe(1);
    expect(await dirty(store)).toEqual(['1']);
  });

  test('come page by page in numeric order, are found by address and can all be planned again', async () => {
    const store = await newStore();
    const ids = ['9', '10', '100', '2', '1000000000000'];
    await upsertMarketing(
      store,
      C,
      ids.map((id) => ({ ...marketing(id), emailKey: 'same@example.com' })),
      at(1),
    );
    expect(await dirtyMarketingIds(store, C, '9', 2)).toEqual(['10', '100']);
    const found = await getMarketingByEmail(store, C, ['same@example.com']);
    expect(found.map((one) => one.record.id)).toEqual(['2', '9', '10', '100', '1000000000000']);
    await setMarketingDirty(store, C, ids, false);
    await markAllMarketingDirty(store, C);
    expect(await dirty(store)).toHaveLength(5);
  });

  test('deletions mark known contacts once', async () => {
    const store = await newStore();
    await upsertMarketing(store, C, [marketing('1'), marketing('2')], at(1));
    await setMarketingDirty(store, C, ['1', '2'], false);
    expect(await markMarketingDeleted(store, C, ['2', '77'], at(2))).toBe(1);
    expect(await markMarketingDeleted(store, C, ['2'], at(3))).toBe(0);
    expect(await countMarketing(store, C)).toEqual([
      { state: 'deleted', total: 1, dirty: 1 },
      { state: 'present', total: 1, dirty: 0 },
    ]);
  });

  test('a complete scan lists the present ones it did not see (R8)', async () => {
    const store = await newStore();
    await upsertMarketing(
      store,
      C,
      ['1', '2', '10', '11'].map((id) => marketing(id)),
      at(1),
    );
    const { generation } = await beginScan(store, C, 'marketing', at(2));
    await upsertMarketing(store, C, [marketing('2')], at(3), { scan: generation });
    await writeAssumedMarketing(store, C, [{ ...marketing('11'), dirty: false }], at(3));
    expect(await unseenMarketingIds(store, C, generation, null, 10)).toEqual(['1', '10']);
  });
});

describe('assumed results of bulk writes (R4)', () => {
  test('are marked as assumed, with the mark the caller gives', async () => {
    const store = await newStore();
    await upsertMarketing(store, C, [marketing('1'), marketing('2')], at(1));
    const written = (id: string, mark: boolean) => ({
      ...marketing(id, { values: { FIRSTNAME: 'Augusta' } }),
      dirty: mark,
    });
    await writeAssumedMarketing(store, C, [written('1', false), written('2', true), written('3', false)], at(2));
    const stored = await getMarketing(store, C, ['1', '2', '3']);
    expect(stored.map((one) => [one.record.assumed, one.dirty])).toEqual([
      [true, false],
      [true, true],
      [true, false],
    ]);
    expect(stored[0]?.record.values).toEqual({ FIRSTNAME: 'Augusta' });
  });

  test('the first read always makes the contact dirty, equal or not, and ends the assumption', async () => {
    const store = await newStore();
    await writeAssumedMarketing(store, C, [{ ...marketing('1'), dirty: false }], at(1));
    expect(await upsertMarketing(store, C, [marketing('1')], at(2))).toBe(0);
    const [stored] = await getMarketing(store, C, ['1']);
    expect([stored?.record.assumed, stored?.dirty]).toEqual([false, true]);
    await setMarketingDirty(store, C, ['1'], false);
    await upsertMarketing(store, C, [marketing('1')], at(3));
    expect(await dirty(store)).toEqual([]);
  });
});

describe('suppressions (C22, O8)', () => {
  const left = (emailKey: string, minute: number, reason = 'unsubscribed') => ({
    emailKey,
    marketingId: null,
    reason,
    at: at(minute),
  });

  test('the latest event of an address stays, and only news is told', async () => {
    const store = await newStore();
    expect(
      await upsertSuppressions(store, C, [left('a@example.com', 5), left('b@example.com', 5)], at(10)),
    ).toHaveLength(2);
    expect(await upsertSuppressions(store, C, [left('a@example.com', 5), left('b@example.com', 4)], at(11))).toEqual(
      [],
    );
    const page = [left('a@example.com', 7, 'spam'), left('a@example.com', 6)];
    expect(await upsertSuppressions(store, C, page, at(12))).toEqual(['a@example.com']);
    expect(await suppressionsByEmail(store, C, ['a@example.com'])).toEqual([
      { emailKey: 'a@example.com', marketingId: null, reason: 'spam', at: at(7), firstSeen: at(10), isContact: false },
    ]);
  });

  test('know whether the address is a contact now, and can be lifted', async () => {
    const store = await newStore();
    await upsertMarketing(store, C, [marketing('1'), marketing('2', { state: 'deleted' })], at(1));
    await upsertSuppressions(store, C, [left('p1@example.com', 2), left('p2@example.com', 2)], at(3));
    const found = await suppressionsByEmail(store, C, ['p1@example.com', 'p2@example.com', 'p3@example.com']);
    expect(found.map((one) => [one.emailKey, one.isContact])).toEqual([
      ['p1@example.com', true],
      ['p2@example.com', false],
    ]);
    await removeSuppressions(store, C, ['p1@example.com']);
    expect(await suppressionsByEmail(store, C, ['p1@example.com'])).toEqual([]);
  });
});
