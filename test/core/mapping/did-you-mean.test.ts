// Guesses at what was meant, and names of data fields.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findNameFault } from '../../../src/core/mapping/data-field-name.ts';
import { didYouMean, editDistance } from '../../../src/core/mapping/did-you-mean.ts';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['frist_name', 'first_name', 1],
    ['kitten', 'sitting', 3],
    ['adress', 'address', 1],
    ['ca', 'abc', 3],
    ['😀a', 'a😀', 1],
  ])('%j to %j is %d', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('is symmetric, zero only for equal words, and never more than the longer word', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });
});

describe('didYouMean', () => {
  const paths = ['first_name', 'last_name', 'address.city', 'custom_fields.Tier'];
  it.each([
    ['firstname', 'first_name'],
    ['lats_name', 'last_name'],
    ['FIRST_NAME', 'first_name'],
    ['custom_fields.tier', 'custom_fields.Tier'],
    ['shoe_size', null],
    ['', null],
  ])('%s → %s', (word, expected) => {
    expect(didYouMean(word, paths)).toBe(expected);
  });

  it('allows one slip in three letters, and one in a short word', () => {
    expect(didYouMean('scroes', ['score'])).toBe('score');
    expect(didYouMean('scroe', ['score_'])).toBeNull();
    expect(didYouMean('ab', ['abc'])).toBe('abc');
    expect(didYouMean('ab', ['abcd'])).toBeNull();
  });

  it('takes the nearest, and the first of equals', () => {
    expect(didYouMean('cat', ['bat', 'car'])).toBe('bat');
    expect(didYouMean('first_nam', ['frist_name', 'first_name', 'last_name'])).toBe('first_name');
  });
});

describe('findNameFault', () => {
  it.each(['TIER', 'tier_2', 'A-B', 'A'.repeat(20)])('takes %s', (name) => {
    expect(findNameFault(name)).toBeNull();
  });
  it.each([
    ['', false],
    ['A'.repeat(21), false],
    ['MY FIELD', false],
    ['PREIS€', false],
    ['Email', true],
    ['CONTACT_API_ID', true],
  ])('refuses %j', (name, reserved) => {
    expect(findNameFault(name)?.reserved).toBe(reserved);
  });
  it('says why', () => {
    expect(findNameFault('')?.why).toBe('The name of the data field is missing.');
    expect(findNameFault('A'.repeat(21))?.why).toBe(
      `"${'A'.repeat(21)}" has 21 characters; the name of a data field has at most 20.`,
    );
  });
});
