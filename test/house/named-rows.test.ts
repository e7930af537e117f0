// Every row of consent, of the catalogue, of leads and of what vanishes has a test that names it, and so has every cell of the matrix
// of one person in two roles. Reads the tests; runs none of them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DELIVERIES } from '../integration/lead-people.ts';
import { ROOT } from './temporary-folder.ts';

const rows = (family: string, last: number): readonly string[] =>
  Array.from({ length: last }, (_, n) => `${family}${n + 1}`);

/** (4.3) The rule of each cell that can come about, by what happens. */
const MATRIX: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'ZC only': { 'ZC deleted': 'D1', 'contact deleted': 'D12', 'opt-out on ZC': 'O1', 'DD opt-out': 'O7' },
  'ZL only': {
    'ZL deleted': 'D6',
    'ZL converted -> new ZC': 'D8',
    'contact deleted': 'D11',
    'opt-out on ZL': 'O1',
    'DD opt-out': 'O7',
  },
  'ZC + ZL': {
    'ZC deleted': 'D2',
    'ZL deleted': 'D7',
    'ZL converted -> linked ZC': 'D9',
    'ZL converted -> new ZC': 'D9',
    'contact deleted': 'D12',
    'opt-out on ZC': 'O1',
    'opt-out on ZL': 'O1',
    'DD opt-out': 'O7',
  },
  'ZC + shadow ZC': { 'ZC deleted': 'D4', 'contact deleted': 'D12', 'opt-out on ZC': 'O1', 'DD opt-out': 'O7' },
  'ZC + ZL, one held': {
    'ZC deleted': 'D2',
    'ZL deleted': 'D7',
    'ZL converted -> linked ZC': 'D9',
    'ZL converted -> new ZC': 'D8',
    'contact deleted': 'D12',
    'opt-out on ZC': 'O1',
    'opt-out on ZL': 'O1',
    'DD opt-out': 'O7',
  },
  'never linked': {
    'ZC deleted': 'D3',
    'ZL deleted': 'D3',
    'opt-out on ZC': 'O1',
    'opt-out on ZL': 'O1',
    'DD opt-out': 'O11',
  },
};

/** The titles of a file's tests and cases: what stands in quotes at the beginning of `it`, `describe` and their tables. */
function titlesOf(file: string): string {
  const text = readFileSync(file, 'utf8');
  const titles = text.match(/(?:it|describe)(?:\.each\([^)]*\))?\(\s*(['"`])(?:(?!\1).)*\1/gs) ?? [];
  const cases = text.match(/^\s*(?:\[|(?:\{ )?rows?: |name: )\s*['"`[][^\n]*/gm) ?? [];
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

/** All tests, or those that run once for each way in which changes are delivered. */
function titles(everyDelivery = false): string {
  return readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.startsWith('house'))
    .map((name) => join(ROOT, 'test', name))
    .filter((file) => !everyDelivery || readFileSync(file, 'utf8').includes('\ndescribe.each(DELIVERIES)('))
    .map(titlesOf)
    .join('\n');
}

it('names every row of 4.5 and 4.7', () => {
  const named = titles();
  expect([...rows('P', 5), ...rows('O', 18), ...rows('K', 10)].filter((row) => !isNamed(row, named))).toEqual([]);
});

it('names every row of 4.3 and 4.6 and every cell of the matrix, in order and out of order, whether or not lists touch contacts', () => {
  const ways = DELIVERIES.map(({ order, listsTouch }) => `${order} ${listsTouch}`).sort();
  expect(ways).toEqual(['log false', 'log true', 'shuffled false', 'shuffled true']);
  const named = titles(true);
  expect([...rows('D', 21), ...rows('L', 19)].filter((row) => !isNamed(row, named))).toEqual([]);
  const cells = Object.entries(MATRIX).flatMap(([person, events]) =>
    Object.entries(events).map(([event, row]) => ({ row, cell: `${person}, ${event}` })),
  );
  const lines = named.split('\n');
  const missing = cells.filter(
    ({ row, cell }) =>
      !lines.some((line) => isNamed(row, line) && new RegExp(`[:,] ${escaped(cell)}(?![a-z])`).test(line)),
  );
  expect(missing).toEqual([]);
});

function escaped(text: string): string {
  return text.replaceAll('+', String.raw`\+`);
}
