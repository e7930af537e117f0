// When two names are the same name. (4.1, H2, H4)
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PersonName } from '../../../src/core/normalize/name.ts';
import { compareNames, nameKey, sameNames } from '../../../src/core/normalize/name.ts';

const name = (firstName: string | null, lastName: string | null): PersonName => ({ firstName, lastName });
const anyHalf = fc.option(fc.constantFrom('', ' ', 'Jane', 'JANE', 'Joe', 'Doe'));
const anyName = fc.record({ firstName: anyHalf, lastName: anyHalf });

describe('nameKey', () => {
  it.each([
    [null, ''],
    ['  ', ''],
    ['  Mary   Ann ', 'mary ann'],
    ['Mary\u00a0Ann', 'mary ann'],
    ['ZOE\u0308', 'zoë'],
    ['Groß', 'gross'],
  ])('4.1: %j is %j', (raw, key) => {
    expect(nameKey(raw)).toBe(key);
  });

  it('is idempotent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (raw) => {
        expect(nameKey(nameKey(raw))).toBe(nameKey(raw));
      }),
    );
  });
});

describe('compareNames', () => {
  it.each([
    ['H4', name('Jane', 'Doe'), name(' jane', 'DOE'), 'equal'],
    ['H4', name(null, 'Doe'), name('', 'doe'), 'equal'],
    ['H2', name('Jane', 'Doe'), name(null, 'Doe'), 'blank'],
    ['H2', name('Jane', 'Doe'), name(null, null), 'blank'],
    ['H2', name(null, null), name(' ', ''), 'blank'],
    ['H3', name('Jane', 'Doe'), name('Joe', 'Doe'), 'differ'],
    ['H3', name('Jane', 'Doe'), name(null, 'Roe'), 'differ'],
    ['H3', name('Doe', 'Jane'), name('Jane', 'Doe'), 'differ'],
  ] as const)('%s: %j and %j: %s', (_row, a, b, expected) => {
    expect(compareNames(a, b)).toBe(expected);
    expect(sameNames(a, b)).toBe(expected !== 'differ');
  });

  it('H2: does not depend on the order of the two', () => {
    fc.assert(
      fc.property(anyName, anyName, (a, b) => {
        expect(compareNames(a, b)).toBe(compareNames(b, a));
      }),
    );
  });
});
