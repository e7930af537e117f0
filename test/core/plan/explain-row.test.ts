// Why a row or a link's end came about, in one sentence for people.
import { describe, expect, it } from 'vitest';
import { CONSENT_TABLE } from '../../../src/core/consent/consent.table.ts';
import { DISAPPEARANCE_TABLE } from '../../../src/core/lifecycle/disappearance.table.ts';
import type { RowId } from '../../../src/core/model/row.ts';
import { explainBecause, explainRow } from '../../../src/core/plan/explain-row.ts';
import { ROW_WORDS } from '../../../src/core/plan/row-words.ts';

const rowsOf = (family: string, last: number) => Array.from({ length: last }, (_, n) => `${family}${n + 1}` as RowId);
const PROMISED = [
  ...rowsOf('C', 35),
  ...rowsOf('D', 21),
  ...rowsOf('H', 6),
  ...rowsOf('K', 10),
  ...rowsOf('L', 19),
  ...rowsOf('O', 18),
  ...rowsOf('P', 5),
  ...rowsOf('R', 20),
];

describe('R15: why', () => {
  it.each(PROMISED)('%s is a whole sentence', (row) => {
    expect(explainRow(row)).toMatch(/^[A-Z].{10,}[^.]\.$/);
  });

  it('is the one reason that a table gives', () => {
    const [only] = DISAPPEARANCE_TABLE.rows.filter(({ id }) => id === 'D15');
    expect(only?.because).toBe('both sides are gone');
    expect(explainRow('D15')).toBe('Both sides are gone.');
  });

  it('is the plain sentence where a row has several reasons', () => {
    expect(new Set(CONSENT_TABLE.rows.filter(({ id }) => id === 'O10').map(({ because }) => because)).size).toBe(1);
    expect(
      new Set(CONSENT_TABLE.rows.filter(({ id }) => id === 'O7').map(({ because }) => because)).size,
    ).toBeGreaterThan(1);
    expect(explainRow('O7')).toBe(ROW_WORDS['O7']);
    expect(explainRow('O10')).toBe('Both sides changed to opposite choices: the opt-out wins.');
  });

  it('is the id itself where nothing is known of it', () => {
    expect(explainRow('C99' as RowId)).toBe('C99');
  });
});

describe('R15: why a link is as it is', () => {
  it.each(['C24', 'D1', 'H2', 'K1', 'L8', 'O15', 'P5', 'R17', 'S2'] as const)('%s is explained', (row) => {
    expect(explainBecause(row)).toBe(explainRow(row));
    expect(explainBecause(row)).not.toBe(row);
  });

  it.each(['EMAIL_TAKEN', 'xC24', 'C24x', 'C', 'D1 of old', ''])('%j stays as it stands', (because) => {
    expect(explainBecause(because)).toBe(because);
  });
});
