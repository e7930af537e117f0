// The plan of a catalogue: every row of the product table, duplicates, order and laws that hold for any catalogue.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planProducts } from '../../../src/core/products/plan-products.ts';
import type { OnRemoved, Product, ProductRecord, ProductSettings } from '../../../src/core/products/product.ts';
import { record } from './a-record.ts';

const settings = (onRemoved: OnRemoved = 'inactive'): ProductSettings => ({
  currency: 'GBP',
  urlTemplate: null,
  imageTemplate: null,
  onRemoved,
  labels: { crm: 'Sell', marketing: 'Dotdigital' },
});
const product = (id: string, over: Partial<Product> = {}): Product => ({
  id,
  name: `Product ${id}`,
  sku: `SKU-${id}`,
  description: null,
  active: true,
  prices: [{ amount: '5.00', currency: 'GBP' }],
  ...over,
});
const taken = (...records: readonly ProductRecord[]) => new Map(records.map((one) => [one.id, one]));
const said = (plan: ReturnType<typeof planProducts>) => [
  ...plan.writes.map(
    ({ row, kind, id, after }) => `${row} ${kind} ${id}${after === null || after.active ? '' : ' inactive'}`,
  ),
  ...plan.holds.map(({ row, code, crmId }) => `${row} ${code} ${crmId}`),
];
const NO_PRICE = { prices: [] };
const ODD_PRICE = { prices: [{ amount: '5,00', currency: 'GBP' }] };

describe('what becomes of a product', () => {
  it.each<[string, Product | null, ProductRecord | null, OnRemoved, readonly string[]]>([
    ['K1: new', product('1'), null, 'inactive', ['K1 create 1']],
    ['K1: changed', product('1', { name: 'New' }), record('1'), 'inactive', ['K1 update 1']],
    ['K1: back from being marked', product('1'), record('1', { active: false }), 'inactive', ['K1 update 1']],
    ['K5: unchanged', product('1'), record('1'), 'inactive', []],
    ['K7: new without a price', product('1', NO_PRICE), null, 'inactive', ['K7 PRICE_MISSING 1']],
    ['K7: lost its price', product('1', NO_PRICE), record('1'), 'inactive', ['K7 PRICE_MISSING 1']],
    ['K2: a price that is no number', product('1', ODD_PRICE), null, 'inactive', ['K2 VALUE_UNMAPPABLE 1']],
    ['K6: new and inactive', product('1', { active: false }), null, 'inactive', ['K6 create 1 inactive']],
    ['K6: became inactive', product('1', { active: false }), record('1'), 'inactive', ['K6 update 1 inactive']],
    ['K6: inactive and marked', product('1', { active: false }), record('1', { active: false }), 'inactive', []],
    [
      'K6: became inactive and lost its price',
      product('1', { active: false, ...NO_PRICE }),
      record('1'),
      'inactive',
      ['K6 update 1 inactive'],
    ],
    [
      'K6: inactive, marked, without a price',
      product('1', { active: false, ...NO_PRICE }),
      record('1', { active: false }),
      'inactive',
      [],
    ],
    [
      'K7: inactive, unknown, without a price',
      product('1', { active: false, ...NO_PRICE }),
      null,
      'inactive',
      ['K7 PRICE_MISSING 1'],
    ],
    ['K6: deleted', null, record('1'), 'inactive', ['K6 update 1 inactive']],
    ['K6: deleted and marked', null, record('1', { active: false }), 'inactive', []],
    ['K6 delete: new and inactive', product('1', { active: false }), null, 'delete', []],
    ['K6 delete: became inactive', product('1', { active: false }), record('1'), 'delete', ['K6 delete 1']],
    ['K6 delete: deleted', null, record('1'), 'delete', ['K6 delete 1']],
    ['K6 delete: marked by an earlier setting', null, record('1', { active: false }), 'delete', ['K6 delete 1']],
    ['K6 keep: became inactive', product('1', { active: false, name: 'New' }), record('1'), 'keep', []],
    ['K6 keep: deleted', null, record('1'), 'keep', []],
    ['K6 keep: new and inactive', product('1', { active: false, ...NO_PRICE }), null, 'keep', []],
  ])('%s', (_, now, before, onRemoved, expected) => {
    const plan = planProducts(
      now === null ? [] : [now],
      before === null ? taken() : taken(before),
      settings(onRemoved),
    );
    expect(said(plan)).toEqual(expected);
  });

  it('K6: a mark changes nothing but the mark', () => {
    const before = record('1', { price: 7, url: 'https://shop.example/1' });
    const [write] = planProducts([], taken(before), settings()).writes;
    expect(write).toMatchObject({ before, after: { ...before, active: false } });
  });

  it('K7: the hold names the product, its currency and what to do, and no contact', () => {
    const [hold] = planProducts([product('12', NO_PRICE)], taken(), settings()).holds;
    expect(hold).toMatchObject({
      entity: 'product',
      crmId: '12',
      marketingId: null,
      email: null,
      field: 'price',
      refs: [],
    });
    expect(`${hold?.message} ${hold?.fix}`).toMatch(/"Product 12" has no price in GBP.*GBP price in Sell/);
  });

  it('K2: the hold of a price that is no number says which, and where to correct it', () => {
    const [hold] = planProducts([product('12', ODD_PRICE)], taken(), settings()).holds;
    expect(hold?.message).toMatch(/GBP price "5,00" of the product "Product 12"/);
    expect(hold?.fix).toMatch(/^Correct the price in Sell/);
  });

  it('K8: products that share a SKU keep their records; a note names them', () => {
    const plan = planProducts(
      [
        product('1', { sku: 'D' }),
        product('2', { sku: ' D ' }),
        product('3', { sku: null }),
        product('4', { sku: null }),
      ],
      taken(),
      settings(),
    );
    expect(plan.writes).toHaveLength(4);
    expect(plan.notes).toEqual([
      { row: 'K8', text: 'SKU_DUPLICATE: 2 products have the SKU "D" (1, 2); each keeps its own record.' },
    ]);
  });

  it('K8: outer spaces and products without a SKU make no duplicate of their own', () => {
    const skus = [' D ', 'D', ' ', '', '  ', null, 'E'];
    const plan = planProducts(
      skus.map((sku, n) => product(String(n + 1), { sku })),
      taken(),
      settings(),
    );
    expect(plan.notes.map(({ text }) => text)).toEqual([
      'SKU_DUPLICATE: 2 products have the SKU "D" (1, 2); each keeps its own record.',
    ]);
  });

  it.each([
    [10, '(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);'],
    [12, '(1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more);'],
  ])('K8: of %i products with one SKU, the note names ten and counts the rest', (count, named) => {
    const many = Array.from({ length: count }, (_, n) => product(String(n + 1), { sku: 'D' }));
    expect(planProducts(many, taken(), settings()).notes[0]?.text).toContain(named);
  });

  it('K10: after a loss everything that is there is sent again, whatever was taken before', () => {
    const accepted = taken(record('1'), record('2', { active: false }), record('3'), record('4', { active: false }));
    const plan = planProducts([product('1'), product('2', { active: false })], accepted, settings(), { lost: true });
    expect(said(plan)).toEqual(['K1 update 1', 'K6 update 2 inactive', 'K6 update 3 inactive']);
  });

  it('R18: writes come by ascending id as numbers, deletes last', () => {
    const plan = planProducts(
      [product('10'), product('9', { active: false }), product('100'), product('2')],
      taken(record('9'), record('3')),
      settings('delete'),
    );
    expect(said(plan)).toEqual(['K1 create 2', 'K1 create 10', 'K1 create 100', 'K6 delete 3', 'K6 delete 9']);
  });
});

describe('decision 27: a write that was taken back', () => {
  const NEW = product('1', { name: 'New' });
  const NEW_RECORD = record('1', { name: 'New' });
  it.each<
    [string, readonly Product[], ProductRecord | null, ProductRecord | null, readonly string[], readonly string[]]
  >([
    ['is not sent again while the product stays as it was', [NEW], record('1'), NEW_RECORD, [], []],
    ['is not sent again where it made the record', [NEW], null, NEW_RECORD, [], []],
    ['is not sent again where it deleted the record', [], record('1'), null, [], []],
    [
      'no longer counts once the product changed',
      [product('1', { name: 'Newer' })],
      record('1'),
      NEW_RECORD,
      ['K1 update 1'],
      ['1'],
    ],
    [
      'no longer counts once the product is as the catalogue has it',
      [product('1')],
      record('1'),
      NEW_RECORD,
      [],
      ['1'],
    ],
    ['no longer counts once the product is back', [NEW], record('1'), null, ['K1 update 1'], ['1']],
    ['no longer counts once the product is gone', [], record('1'), NEW_RECORD, ['K6 delete 1'], ['1']],
  ])('%s', (_, now, before, undone, expected, moved) => {
    const accepted = before === null ? taken() : taken(before);
    const plan = planProducts(now, accepted, settings('delete'), { undone: new Map([['1', undone]]) });
    expect(said(plan)).toEqual(expected);
    expect(plan.moved).toEqual(moved);
  });

  it('keeps no other product from being sent', () => {
    const undone = new Map([['1', NEW_RECORD]]);
    const plan = planProducts([NEW, product('2')], taken(record('1')), settings(), { undone });
    expect(said(plan)).toEqual(['K1 create 2']);
    expect(plan.moved).toEqual([]);
  });
});

describe('for any catalogue', () => {
  const anyProduct = fc.record({
    id: fc.integer({ min: 1, max: 12 }).map(String),
    name: fc.constantFrom('a', 'b'),
    sku: fc.constantFrom(null, 'x', 'y'),
    description: fc.constantFrom(null, 'd'),
    active: fc.boolean(),
    prices: fc.constantFrom(
      [],
      [{ amount: '1.10', currency: 'GBP' }],
      [{ amount: 'x', currency: 'GBP' }],
      [{ amount: '2', currency: 'EUR' }],
    ),
  });
  const anyCatalogue = fc.uniqueArray(anyProduct, { selector: ({ id }) => id });
  const apply = (accepted: ReadonlyMap<string, ProductRecord>, plan: ReturnType<typeof planProducts>) => {
    const after = new Map(accepted);
    for (const { id, after: sent } of plan.writes) {
      if (sent === null) after.delete(id);
      else after.set(id, sent);
    }
    return after;
  };

  it('K5: what was taken is not sent again, through any history of catalogues and settings', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyCatalogue, fc.constantFrom<OnRemoved>('inactive', 'delete', 'keep')), {
          minLength: 1,
          maxLength: 4,
        }),
        (history) => {
          let accepted: ReadonlyMap<string, ProductRecord> = new Map();
          for (const [catalogue, onRemoved] of history) {
            const plan = planProducts(catalogue, accepted, settings(onRemoved));
            expect(new Set(plan.writes.map(({ id }) => id)).size).toBe(plan.writes.length);
            accepted = apply(accepted, plan);
            const again = planProducts(catalogue, accepted, settings(onRemoved));
            expect(again.writes).toEqual([]);
            expect(again.holds).toEqual(plan.holds);
          }
        },
      ),
    );
  });

  it('K2: a property never changes its type, whatever the product', () => {
    fc.assert(
      fc.property(anyCatalogue, (catalogue) => {
        for (const { after } of planProducts(catalogue, new Map(), settings()).writes) {
          const types = Object.entries(after ?? {}).map(([name, value]) => `${name} ${typeof value}`);
          expect(types.sort()).toEqual([
            'active boolean',
            'currency string',
            'description string',
            'id string',
            'name string',
            'price number',
            'sku string',
            'url string',
          ]);
        }
      }),
    );
  });
});
