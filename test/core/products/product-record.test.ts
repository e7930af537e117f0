// A product as a record of the catalogue: exact prices, constant types, addresses, no secrets.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillTemplate } from '../../../src/core/products/fill-template.ts';
import type { Product, ProductSettings } from '../../../src/core/products/product.ts';
import { sameRecord, toProductRecord } from '../../../src/core/products/product-record.ts';

const SETTINGS: ProductSettings = {
  currency: 'GBP',
  urlTemplate: null,
  imageTemplate: null,
  onRemoved: 'inactive',
  labels: { crm: 'Sell', marketing: 'Dotdigital' },
};
const LAMP: Product = {
  id: '7',
  name: 'Lamp',
  sku: 'L-1',
  description: 'Bright',
  active: true,
  prices: [{ amount: '12.30', currency: 'GBP' }],
};
const priced = (amount: string): Product => ({ ...LAMP, prices: [{ amount, currency: 'GBP' }] });
const priceOf = (amount: string): number | string => {
  const reading = toProductRecord(priced(amount), SETTINGS);
  return reading.type === 'record' ? reading.record.price : reading.type;
};

describe('K2: the record of a product', () => {
  it('has the agreed properties and nothing else', () => {
    const secret = { ...LAMP, cost: '4.00', maxDiscount: '10', maxMarkup: '5' };
    expect(toProductRecord(secret, SETTINGS)).toEqual({
      type: 'record',
      record: {
        id: '7',
        name: 'Lamp',
        sku: 'L-1',
        description: 'Bright',
        price: 12.3,
        currency: 'GBP',
        active: true,
        url: 'http://www.example.com/',
      },
    });
  });

  it('sends blank texts as empty ones, so that a property keeps its type', () => {
    expect(toProductRecord({ ...LAMP, sku: null, description: null }, SETTINGS)).toMatchObject({
      record: { sku: '', description: '' },
    });
  });

  it.each([
    ['0.10', '0.1'],
    ['12.3', '12.3'],
    ['12.30', '12.3'],
    ['1999999.99', '1999999.99'],
    ['0.01', '0.01'],
    ['0', '0'],
    ['100', '100'],
    ['0.29', '0.29'],
    ['1.005', '1.005'],
    ['9007199254740.99', '9007199254740.99'],
    ['  5.50 ', '5.5'],
  ])('the price %s is the number written %s', (amount, written) => {
    expect(JSON.stringify(priceOf(amount))).toBe(written);
  });

  it.each(['12345678901234567.89', '0.12345678901234567', '12,30', '1.2.3', 'free', 'NaN', 'Infinity', '£5'])(
    'the price "%s" is held rather than guessed',
    (amount) => {
      expect(priceOf(amount)).toBe('price-unfit');
    },
  );

  it('every price in pence arrives to the penny', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999_999_99 }), (pence) => {
        const text = `${Math.floor(pence / 100)}.${String(pence % 100).padStart(2, '0')}`;
        const price = priceOf(text);
        expect(typeof price === 'number' && price.toFixed(2)).toBe(text);
      }),
    );
  });
});

describe('K7: the price', () => {
  it('is the one in the currency of the catalogue, wherever it stands', () => {
    const prices = [
      { amount: '1.00', currency: 'PLN' },
      { amount: '2.00', currency: 'USD' },
      { amount: '3.00', currency: 'GBP' },
      { amount: '4.00', currency: 'EUR' },
    ];
    for (const order of [prices, prices.toReversed()]) {
      expect(toProductRecord({ ...LAMP, prices: order }, SETTINGS)).toMatchObject({
        record: { price: 3, currency: 'GBP' },
      });
      expect(toProductRecord({ ...LAMP, prices: order }, { ...SETTINGS, currency: 'EUR' })).toMatchObject({
        record: { price: 4, currency: 'EUR' },
      });
    }
  });

  it('is missing where no price has that currency, or the amount is blank', () => {
    expect(toProductRecord({ ...LAMP, prices: [] }, SETTINGS).type).toBe('price-missing');
    expect(toProductRecord({ ...LAMP, prices: [{ amount: '1.00', currency: 'EUR' }] }, SETTINGS).type).toBe(
      'price-missing',
    );
    expect(toProductRecord(priced(' '), SETTINGS).type).toBe('price-missing');
  });
});

describe('K3, K4: addresses', () => {
  const withTemplates = (product: Product) =>
    toProductRecord(product, {
      ...SETTINGS,
      urlTemplate: 'https://shop.example/{sku}?n={name}&i={id}',
      imageTemplate: 'https://img.example/{id}.jpg',
    });

  it('K3: without templates the address is fixed and there is no image', () => {
    const reading = toProductRecord(LAMP, SETTINGS);
    expect(reading).toMatchObject({ record: { url: 'http://www.example.com/' } });
    expect(reading.type === 'record' && Object.keys(reading.record).filter((name) => /image/i.test(name))).toEqual([]);
  });

  it('K4: templates are filled in and encoded; the image is there under both names', () => {
    expect(withTemplates({ ...LAMP, sku: 'a/b & c', name: 'Grès "émaillé"' })).toMatchObject({
      record: {
        url: 'https://shop.example/a%2Fb%20%26%20c?n=Gr%C3%A8s%20%22%C3%A9maill%C3%A9%22&i=7',
        image_path: 'https://img.example/7.jpg',
        imagePath: 'https://img.example/7.jpg',
      },
    });
  });

  it('K4: an address whose part is blank falls back to the fixed one instead of leading nowhere', () => {
    expect(withTemplates({ ...LAMP, sku: null })).toMatchObject({
      record: { url: 'http://www.example.com/', imagePath: 'https://img.example/7.jpg' },
    });
    expect(fillTemplate('https://x.example/{sku}', { id: '1', sku: ' ', name: 'n' })).toBeNull();
  });

  it('K4: any name can be put into an address, and what is filled in is not filled again', () => {
    expect(fillTemplate('https://x.example/{name}', { id: '1', sku: null, name: 'cut \ud83d' })).toBe(
      'https://x.example/cut%20%EF%BF%BD',
    );
    expect(fillTemplate('https://x.example/{name}', { id: '1', sku: null, name: '{id}' })).toBe(
      'https://x.example/%7Bid%7D',
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const url = fillTemplate('https://x.example/{name}', { id: '1', sku: null, name });
        if (url !== null) expect(new URL(url).href).toContain('https://x.example/');
      }),
    );
  });
});

describe('K5: the same record', () => {
  it('is the same in any order of its properties and another with any other value or property', () => {
    const reading = toProductRecord(LAMP, SETTINGS);
    if (reading.type !== 'record') throw new Error('The lamp has a price.');
    const { record } = reading;
    const turned = Object.fromEntries(Object.entries(record).toReversed()) as unknown as typeof record;
    expect(sameRecord(record, turned)).toBe(true);
    expect(sameRecord(record, { ...record, price: 12.31 })).toBe(false);
    expect(sameRecord(record, { ...record, imagePath: 'https://img.example/7.jpg' })).toBe(false);
  });
});
