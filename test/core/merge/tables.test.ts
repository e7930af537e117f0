// The decision tables: each is total and unambiguous, and names only rows that the rules know.
import { describe, expect, it } from 'vitest';
import { MATCH_TABLE } from '../../../src/core/match/match.table.ts';
import { ALIGNMENT_TABLE } from '../../../src/core/merge/alignment.table.ts';
import { EMAIL_TABLE } from '../../../src/core/merge/email.table.ts';
import { FIELD_TABLE } from '../../../src/core/merge/field.table.ts';
import { decisionTable } from '../../../src/core/model/decision-table.ts';

type Light = { readonly colour: 'red' | 'green'; readonly walker: 'yes' | 'no' };
const FACTS = { colour: ['red', 'green'], walker: ['yes', 'no'] } as const;

describe('decisionTable', () => {
  it('refuses a combination that no row is for, and names it', () => {
    expect(() =>
      decisionTable<Light, 'stop' | 'go'>({
        name: 'light',
        facts: FACTS,
        rows: [
          { id: 'C1', when: { colour: 'red' }, then: 'stop', because: 'red' },
          { id: 'C2', when: { colour: 'green', walker: 'no' }, then: 'go', because: 'free' },
        ],
      }),
    ).toThrow('Table light: no row for {"walker":"yes","colour":"green"}; exactly one row must match.');
  });

  it('refuses a combination that two rows are for, and names both', () => {
    expect(() =>
      decisionTable<Light, 'stop' | 'go'>({
        name: 'light',
        facts: FACTS,
        rows: [
          { id: 'C1', when: { colour: 'red' }, then: 'stop', because: 'red' },
          { id: 'C2', when: { colour: ['red', 'green'], walker: 'no' }, then: 'go', because: 'free' },
          { id: 'C3', when: { colour: 'green', walker: 'yes' }, then: 'stop', because: 'walker' },
        ],
      }),
    ).toThrow(/C1, C2 for .*"colour":"red"/);
  });

  it('needs no row for what cannot be, and refuses to decide it', () => {
    const table = decisionTable<Light, 'stop' | 'go'>({
      name: 'light',
      facts: FACTS,
      impossible: (f) => f.colour === 'green' && f.walker === 'yes',
      rows: [
        { id: 'C1', when: { colour: 'red' }, then: 'stop', because: 'red' },
        { id: 'C2', when: { colour: 'green', walker: 'no' }, then: 'go', because: 'free' },
      ],
    });
    expect(table.decide({ colour: 'green', walker: 'no' }).id).toBe('C2');
    expect(() => table.decide({ colour: 'green', walker: 'yes' })).toThrow('has no row');
  });
});

/** Highest number of each family of rows that these tables may quote. */
const KNOWN: Readonly<Record<string, number>> = { A: 5, C: 35, H: 6, S: 25 };

describe.each([MATCH_TABLE, ALIGNMENT_TABLE, EMAIL_TABLE, FIELD_TABLE])('table $name', (table) => {
  it('quotes known rows only', () => {
    for (const { id } of table.rows) {
      const [family, number] = [id.slice(0, 1), Number(id.slice(1))];
      expect(number >= 1 && number <= (KNOWN[family] ?? 0), id).toBe(true);
    }
  });

  it('says why in words, once for each different outcome of a row', () => {
    for (const row of table.rows) expect(row.because).toMatch(/^\S.{10,}[^.]$/);
    const told = table.rows.map((row) => `${row.id} ${JSON.stringify(row.when)}`);
    expect(new Set(told).size).toBe(told.length);
  });

  it('decides every combination of facts with one of its rows, or calls it impossible', () => {
    let decided = 0;
    for (const facts of combinations(table.facts as Readonly<Record<string, readonly string[]>>)) {
      let row: unknown;
      try {
        row = (table as { decide(facts: unknown): unknown }).decide(facts);
      } catch (error) {
        expect(String(error)).toContain('has no row');
        continue;
      }
      expect(table.rows).toContain(row);
      decided += 1;
    }
    expect(decided).toBeGreaterThanOrEqual(table.rows.length);
  });
});

function combinations(facts: Readonly<Record<string, readonly string[]>>): readonly Readonly<Record<string, string>>[] {
  return Object.entries(facts).reduce<readonly Readonly<Record<string, string>>[]>(
    (sofar, [name, words]) => sofar.flatMap((known) => words.map((word) => ({ ...known, [name]: word }))),
    [{}],
  );
}
