// Undo of a run's writes to the catalogue: what is taken back, what is left alone and what is said of it. (R17, decision 27)
import { describe, expect, it } from 'vitest';
import { invertProducts, productSkipped } from '../../../src/core/products/invert-products.ts';
import type { ProductRecord } from '../../../src/core/products/product.ts';
import { record } from './a-record.ts';

const wrote = (id: string, before: ProductRecord | null, after: ProductRecord | null) => ({ id, before, after });
/** A record as the catalogue has it, with whatever else somebody put there. */
type Present = ProductRecord | { readonly id: string; readonly [property: string]: unknown };
const undo = (writes: readonly ReturnType<typeof wrote>[], ...present: readonly Present[]) =>
  invertProducts(writes, new Map(present.map((one) => [one.id, { ...one }])), 'Dotdigital');

const OLD = record('1', { name: 'Old' });
const NEW = record('1', { name: 'New' });
const NEWER = record('1', { name: 'Newer' });
const MADE = [wrote('1', null, NEW)];
const CHANGED = [wrote('1', OLD, NEW)];
const DELETED = [wrote('1', OLD, null)];

describe('what is taken back', () => {
  it('R17: what the run made is deleted', () => {
    expect(undo(MADE, NEW)).toEqual({
      writes: [{ id: '1', kind: 'delete', row: 'R17', before: NEW, after: null }],
      undone: new Map([['1', NEW]]),
      skipped: [],
    });
  });

  it('R17: what the run changed is as before', () => {
    expect(undo(CHANGED, NEW)).toEqual({
      writes: [{ id: '1', kind: 'update', row: 'R17', before: NEW, after: OLD }],
      undone: new Map([['1', NEW]]),
      skipped: [],
    });
  });

  it('R17: what the run deleted is there again', () => {
    expect(undo(DELETED)).toEqual({
      writes: [{ id: '1', kind: 'create', row: 'R17', before: null, after: OLD }],
      undone: new Map([['1', null]]),
      skipped: [],
    });
  });

  it('R17: of several writes to one product, the state before the first comes back in one write', () => {
    const { writes, undone } = undo([wrote('1', OLD, NEW), wrote('1', NEW, NEWER)], NEWER);
    expect(writes).toEqual([{ id: '1', kind: 'update', row: 'R17', before: NEWER, after: OLD }]);
    expect(undone).toEqual(new Map([['1', NEWER]]));
  });

  it('R17, R18: products are taken back by ascending id, deletes last', () => {
    const { writes } = undo(
      [wrote('2', null, record('2')), wrote('10', OLD, record('10')), wrote('9', OLD, record('9'))],
      record('2'),
      record('10'),
      record('9'),
    );
    expect(writes.map(({ kind, id }) => `${kind} ${id}`)).toEqual(['update 9', 'update 10', 'delete 2']);
  });

  it.each<[string, readonly ReturnType<typeof wrote>[], readonly ProductRecord[], ProductRecord | null]>([
    ['made and gone again', MADE, [], NEW],
    ['changed and changed back', CHANGED, [OLD], NEW],
    ['deleted and there again as before', DELETED, [OLD], null],
  ])('R17: %s: nothing is written, but the run’s write is not sent again', (_, writes, present, sent) => {
    expect(undo(writes, ...present)).toEqual({ writes: [], undone: new Map([['1', sent]]), skipped: [] });
  });
});

describe('what was changed since is left alone', () => {
  const skipped = (name: string, field: string | null, present: unknown, why: string) => [
    { system: 'marketing', entity: 'product', email: null, name, crmId: '1', marketingId: '1', field, present, why },
  ];

  it.each<[string, readonly ReturnType<typeof wrote>[], readonly Present[], unknown]>([
    ['a text', CHANGED, [{ ...NEW, sku: 'Mine' }], skipped('New', 'sku', 'Mine', 'was changed since')],
    ['a number', CHANGED, [{ ...NEW, price: 7.5 }], skipped('New', 'price', '7.5', 'was changed since')],
    ['a mark', CHANGED, [{ ...NEW, active: false }], skipped('New', 'active', false, 'was changed since')],
    ['emptied', CHANGED, [{ ...NEW, url: null }], skipped('New', 'url', null, 'was changed since')],
    ['taken out', MADE, [{ id: '1', name: 'New' }], skipped('New', 'sku', null, 'was changed since')],
    ['a list added', MADE, [{ ...NEW, tags: ['a'] }], skipped('New', 'tags', '["a"]', 'was changed since')],
    ['gone', CHANGED, [], skipped('New', null, null, 'is no longer in the catalogue in Dotdigital')],
    ['deleted, then made anew', DELETED, [NEW], skipped('Old', null, null, 'is in the catalogue in Dotdigital again')],
    [
      'made and deleted by the run, then made by somebody',
      [wrote('1', null, NEW), wrote('1', NEW, null)],
      [NEW],
      skipped('1', null, null, 'is in the catalogue in Dotdigital again'),
    ],
  ])('R17: %s', (_, writes, present, expected) => {
    expect(undo(writes, ...present)).toEqual({ writes: [], undone: new Map(), skipped: expected });
  });

  it('R17: a property that is null on one side and absent on the other is no change', () => {
    expect(undo(CHANGED, { ...NEW, tags: null }).skipped).toEqual([]);
  });

  it('R17: one product that was changed does not keep the others from being taken back', () => {
    const { writes, skipped: left } = undo(
      [...CHANGED, wrote('2', null, record('2'))],
      { ...NEW, name: 'Mine' },
      record('2'),
    );
    expect(writes.map(({ kind, id }) => `${kind} ${id}`)).toEqual(['delete 2']);
    expect(left.map(({ crmId }) => crmId)).toEqual(['1']);
  });
});

it('R17: what is said of a product that was left alone names it on both sides, and no contact', () => {
  expect(productSkipped('7', 'Pen', { field: null, present: null, why: 'was not tried' })).toEqual({
    system: 'marketing',
    entity: 'product',
    email: null,
    name: 'Pen',
    crmId: '7',
    marketingId: '7',
    field: null,
    present: null,
    why: 'was not tried',
  });
});
