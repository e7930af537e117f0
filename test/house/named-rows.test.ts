// Every row of consent and of the catalogue has a test that names it. Reads the tests; runs none of them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './temporary-folder.ts';

const ROWS = [
  ...Array.from({ length: 5 }, (_, n) => `P${n + 1}`),
  ...Array.from({ length: 18 }, (_, n) => `O${n + 1}`),
  ...Array.from({ length: 10 }, (_, n) => `K${n + 1}`),
];

/** The titles of a file's tests and cases: what stands in quotes at the beginning of `it`, `describe` and their tables. */
function titlesOf(file: string): string {
  const text = readFileSync(file, 'utf8');
  const titles = text.match(/(?:it|describe)(?:\.each\([^`'"]*\))?\(\s*(['"`])(?:(?!\1).)*\1/gs) ?? [];
  const cases = text.match(/^\s*(?:\[|row: |rows?: |name: )\s*['"`[][^\n]*/gm) ?? [];
  return [...titles, ...cases].join('\n');
}

/** `P1-P3` names three rows. */
function isNamed(row: string, titles: string): boolean {
  const family = row.slice(0, 1);
  const number = Number(row.slice(1));
  for (const [, from, to] of titles.matchAll(new RegExp(String.raw`\b${family}(\d+)-${family}(\d+)\b`, 'g')))
    if (number >= Number(from) && number <= Number(to) && Number(to) - Number(from) < 4) return true;
  return new RegExp(String.raw`\b${row}\b(?!-${family})`).test(titles);
}

it('names every row of 4.5 and 4.7', () => {
  const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.startsWith('house'))
    .map((name) => join(ROOT, 'test', name));
  const titles = files.map(titlesOf).join('\n');
  expect(ROWS.filter((row) => !isNamed(row, titles))).toEqual([]);
});
