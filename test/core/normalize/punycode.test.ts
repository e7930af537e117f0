// Punycode against the samples of RFC 3492 section 7.1 and against a decoder written from section 6.2.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePunycode } from '../../../src/core/normalize/punycode.ts';

const SAMPLES: readonly (readonly [string, string])[] = [
  ['ليهمابتكلموشعربي؟', 'egbpdaj6bu4bxfgehfvwxn'],
  ['他们为什么不说中文', 'ihqwcrb4cv8a8dqg056pqjye'],
  ['他們爲什麽不說中文', 'ihqwctvzc91f659drss3x8bo0yb'],
  ['Pročprostěnemluvíčesky', 'Proprostnemluvesky-uyb24dma41a'],
  ['למההםפשוטלאמדבריםעברית', '4dbcagdahymbxekheh6e0a7fei0b'],
  ['なぜみんな日本語を話してくれないのか', 'n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa'],
  ['почемужеонинеговорятпорусски', 'b1abfaaepdrnnbgefbadotcwatmq2g4l'],
  ['PorquénopuedensimplementehablarenEspañol', 'PorqunopuedensimplementehablarenEspaol-fmd56a'],
  ['3年B組金八先生', '3B-ww4c5e180e575a65lsy2b'],
  ['安室奈美恵-with-SUPER-MONKEYS', '-with-SUPER-MONKEYS-pc58ag80a8qai00g7n9n'],
  ['パフィーdeルンバ', 'de-jg4avhby1noc0d'],
  ['そのスピードで', 'd9juau41awczczp'],
  ['-> $1.00 <-', '-> $1.00 <--'],
  ['münchen', 'mnchen-3ya'],
];

/** RFC 3492 section 6.2. */
function decode(input: string): string {
  const out: number[] = [];
  const last = input.lastIndexOf('-');
  for (let i = 0; i < last; i += 1) out.push(input.charCodeAt(i));
  let n = 128;
  let i = 0;
  let bias = 72;
  let index = last > 0 ? last + 1 : last === 0 ? 1 : 0;
  while (index < input.length) {
    const old = i;
    let weight = 1;
    for (let k = 36; ; k += 36) {
      const code = input.charCodeAt(index);
      index += 1;
      const value = code < 58 ? code - 22 : code - 97;
      i += value * weight;
      const t = Math.min(26, Math.max(1, k - bias));
      if (value < t) break;
      weight *= 36 - t;
    }
    const size = out.length + 1;
    let delta = old === 0 ? Math.floor((i - old) / 700) : Math.floor((i - old) / 2);
    delta += Math.floor(delta / size);
    let k = 0;
    for (; delta > 455; k += 36) delta = Math.floor(delta / 35);
    bias = k + Math.floor((36 * delta) / (delta + 38));
    n += Math.floor(i / size);
    i %= size;
    out.splice(i, 0, n);
    i += 1;
  }
  return String.fromCodePoint(...out);
}

describe('encodePunycode', () => {
  it.each(SAMPLES)('%s', (label, expected) => {
    expect(encodePunycode(label)).toBe(expected);
  });

  it('decodes to what it was', () => {
    const label = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).filter((text) => /[^\0-\x7f]/.test(text));
    fc.assert(
      fc.property(label, (text) => {
        expect(decode(encodePunycode(text))).toBe(text);
      }),
    );
  });
});
