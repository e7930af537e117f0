// Values that nobody expects, for whatever takes JSON. No address among them leads anywhere.
import type { Random } from '../../sandbox/random.ts';

/** Names that every object has or seems to have. */
export const NAMES_OF_OBJECTS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
];

export const ODD_TEXTS: readonly string[] = [
  '',
  ' ',
  '0',
  'yes',
  'null',
  'undefined',
  ...NAMES_OF_OBJECTS,
  '../../etc/passwd',
  '..%2f..%2fetc',
  "x' or 1=1 --",
  '%',
  '%_%',
  '\\',
  'a\u0000b',
  'a\u001B[31mb\r\nc',
  '\uD800',
  '\uFFFF',
  '😀'.repeat(50),
  'x'.repeat(600),
  'x'.repeat(100_000),
  '<script>alert(1)</script>',
  '2026-13-45T99:99:99Z',
  '${PATH}',
  'javascript:alert(1)',
  'https://',
  'http://[::1',
];

const ODD_VALUES: readonly unknown[] = [
  ...ODD_TEXTS,
  null,
  true,
  false,
  0,
  -1,
  0.5,
  1e21,
  1e308,
  -5e-324,
  9_007_199_254_740_992,
  [],
  {},
  [[]],
  [null],
  { a: 1 },
  [1, 'a', null],
  Array.from({ length: 2000 }, (_, i) => `item ${i}`),
  { constructor: { prototype: { polluted: true } } },
];

/** One of them, to do with as one likes. */
export const oddValue = (random: Random): unknown => structuredClone(random.pick(ODD_VALUES));
