// Exact decimals without floating point. (C28)
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalOfNumber, exactNumber, measureDecimal, normalizeDecimal } from '../../../src/core/normalize/decimal.ts';

const digits = (max: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: max });
const plain = fc
  .tuple(fc.constantFrom('', '-', '+'), digits(30), digits(30))
  .filter(([, whole, fraction]) => whole + fraction !== '')
  .map(([sign, whole, fraction]) => `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`);

describe('normalizeDecimal', () => {
  it.each([
    ['0123.4500', '123.45'],
    ['-0', '0'],
    ['-0.000', '0'],
    ['+5', '5'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['-.50', '-0.5'],
    [' 42 ', '42'],
    ['1e3', '1000'],
    ['1.25E-3', '0.00125'],
    ['-12.5e1', '-125'],
    ['0e999', null],
    ['0e9', '0'],
    ['123456789012345678901234567890.123456789', '123456789012345678901234567890.123456789'],
    ['', null],
    ['.', null],
    ['-', null],
    ['e5', null],
    ['1,234.50', null],
    ['1.234,50', null],
    ['£12', null],
    ['12 %', null],
    ['1 000', null],
    ['0x10', null],
    ['1_000', null],
    ['NaN', null],
    ['Infinity', null],
    ['1e9999', null],
    ['1e99999', null],
    ['1e400', `1${'0'.repeat(400)}`],
    ['1e-400', `0.${'0'.repeat(399)}1`],
    ['1e401', null],
    ['1e-401', null],
    ['9'.repeat(1000), '9'.repeat(1000)],
    ['9'.repeat(1001), null],
    ['٣', null],
  ])('C28: %j is %j', (raw, expected) => {
    expect(normalizeDecimal(raw)).toBe(expected);
  });

  it('is idempotent, and total for any text', () => {
    fc.assert(
      fc.property(fc.oneof(plain, fc.string({ unit: 'binary' })), (raw) => {
        const once = normalizeDecimal(raw);
        if (once !== null) expect(normalizeDecimal(once)).toBe(once);
      }),
    );
  });

  it('keeps the exact value', () => {
    const scaled = (text: string): bigint => {
      const [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.');
      const size = BigInt(`${whole}${fraction.padEnd(60, '0')}`);
      return text.startsWith('-') ? -size : size;
    };
    fc.assert(
      fc.property(plain, (raw) => {
        expect(scaled(normalizeDecimal(raw) ?? '')).toBe(scaled(raw));
      }),
    );
  });

  it('reads an exponent as moving the point', () => {
    fc.assert(
      fc.property(
        digits(12).filter((d) => d !== ''),
        fc.integer({ min: 0, max: 20 }),
        (whole, power) => {
          expect(normalizeDecimal(`${whole}e${power}`)).toBe(normalizeDecimal(whole + '0'.repeat(power)));
          expect(normalizeDecimal(`${whole}${'0'.repeat(power)}e-${power}`)).toBe(normalizeDecimal(whole));
        },
      ),
    );
  });
});

describe('numbers', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [12.5, '12.5'],
    [0.1, '0.1'],
    [1e-7, '0.0000001'],
    [123456789012345, '123456789012345'],
    [0.1 + 0.2, null],
    [2 ** 60, null],
    [1e20, null],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, null],
    [Number.NEGATIVE_INFINITY, null],
  ])('C28: the JSON number %d is %j', (number, expected) => {
    expect(decimalOfNumber(number)).toBe(expected);
  });

  it.each([
    ['123.45', 123.45],
    ['-7', -7],
    ['999999999999999', 999999999999999],
    ['1234567890123456', null],
    ['100000000000000000', null],
    ['0.000000001', null],
    ['123456789012.1234', null],
  ])('C28: %s as a JSON number is %j', (decimal, expected) => {
    expect(exactNumber(decimal)).toBe(expected);
  });

  it('what is sent as a number reads back as the same decimal', () => {
    fc.assert(
      fc.property(plain, (raw) => {
        const decimal = normalizeDecimal(raw) ?? '';
        const number = exactNumber(decimal);
        if (number === null) return;
        expect(decimalOfNumber(number)).toBe(decimal);
        expect(JSON.stringify(number)).toBe(decimal);
      }),
      { numRuns: 500 },
    );
  });

  it('measures digits', () => {
    expect(measureDecimal('-120.0501')).toEqual({ whole: 3, fraction: 4, significant: 7 });
    expect(measureDecimal('0.001')).toEqual({ whole: 1, fraction: 3, significant: 1 });
    expect(measureDecimal('0')).toEqual({ whole: 1, fraction: 0, significant: 0 });
    expect(measureDecimal('1200')).toEqual({ whole: 4, fraction: 0, significant: 2 });
  });
});
