// One text, one spelling.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareText, findBrokenText, foldText, normalizeText } from '../../../src/core/normalize/text.ts';

const unicode = fc.string({ unit: 'binary' });

describe('normalizeText', () => {
  it.each([
    [null, null],
    ['', null],
    [' \t\r\n\u00a0\ufeff', null],
    ['  Jane ', 'Jane'],
    ['Zoe\u0308', 'Zo\u00eb'],
    ['a\r\nb\rc\nd', 'a\nb\nc\nd'],
    ['two  spaces', 'two  spaces'],
  ])('C26: %j is %j', (raw, expected) => {
    expect(normalizeText(raw)).toBe(expected);
  });

  it('is idempotent and never blank but null', () => {
    fc.assert(
      fc.property(unicode, (raw) => {
        const once = normalizeText(raw);
        expect(normalizeText(once)).toBe(once);
        expect(once).not.toBe('');
      }),
    );
  });

  it('R1: outer white space, line ends and composition make no difference', () => {
    fc.assert(
      fc.property(unicode, (raw) => {
        expect(normalizeText(`\r\n ${raw.normalize('NFD')}\t`)).toBe(normalizeText(raw.normalize('NFD')));
        expect(normalizeText(raw.normalize('NFD'))).toBe(normalizeText(raw));
      }),
    );
  });
});

describe('foldText', () => {
  it.each([
    ['VIP', 'vip'],
    ['Straße', 'STRASSE'],
    ['ΝΊΚΟΣ', 'νίκος'],
    ['E\u0301mile', 'émile'],
  ])('%s folds like %s', (a, b) => {
    expect(foldText(a)).toBe(foldText(b));
  });

  it('keeps different letters apart', () => {
    expect(foldText('ı')).not.toBe(foldText('i'));
    expect(foldText('é')).not.toBe(foldText('e'));
    expect(foldText('ΝΊΚΟΣ')).not.toBe(foldText('ΝΊΚΟ'));
  });

  it('is idempotent', () => {
    fc.assert(
      fc.property(unicode, (raw) => {
        expect(foldText(foldText(raw))).toBe(foldText(raw));
      }),
    );
  });
});

describe('compareText', () => {
  it.each([
    ['a', 'b', -1],
    ['b', 'a', 1],
    ['a', 'a', 0],
    ['', '', 0],
    ['Z', 'a', -1],
  ])('R18: %j against %j is %i', (a, b, expected) => {
    expect(compareText(a, b)).toBe(expected);
  });

  it('R18: is a total order that agrees with equality', () => {
    fc.assert(
      fc.property(unicode, unicode, (a, b) => {
        expect(Math.sign(compareText(a, b)) + Math.sign(compareText(b, a))).toBe(0);
        expect(compareText(a, b) === 0).toBe(a === b);
      }),
    );
  });
});

describe('findBrokenText', () => {
  it('C28: names what cannot be sent', () => {
    expect(findBrokenText('plain 😀')).toBeNull();
    expect(findBrokenText('half \ud83d')).toContain('surrogate');
    expect(findBrokenText('nul \0')).toContain('NUL');
  });
});
