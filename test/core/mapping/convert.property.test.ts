// The laws of conversion for every type pair: total, idempotent, and whatever is written reads back the same. (C28, R1)
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CompiledField } from '../../../src/core/mapping/compiled-field.ts';
import { readCrm, readMarketing, writeCrm, writeMarketing } from '../../../src/core/mapping/convert.ts';
import type { Reading } from '../../../src/core/mapping/reading.ts';
import { TYPE_PAIRS } from '../../../src/core/mapping/type-pairs.table.ts';
import type { CrmField, CrmFieldType, MarketingFieldType } from '../../../src/core/model/schema.ts';
import { type Raw, sameValue, type Value } from '../../../src/core/model/value.ts';
import { aField } from './a-field.ts';

const PAIRS = (Object.keys(TYPE_PAIRS) as CrmFieldType[]).flatMap((crm) =>
  (['string', 'numeric', 'date', 'boolean'] as const satisfies readonly MarketingFieldType[])
    .filter((marketing) => TYPE_PAIRS[crm][marketing] !== null)
    .map((marketing) => [crm, marketing] as const),
);

const words = fc.constantFrom(
  'none',
  'current',
  'Current',
  'PAST',
  'vip',
  'VIP',
  ' Vip',
  'Groß',
  'GROSS',
  'red',
  'Red',
  'Blue',
  'rot',
  'true',
  'False',
  'Yes',
  'no',
  'Ja',
  '1',
  '0',
  '-0',
  '0123.4500',
  '1e3',
  '1,5',
  '123456789012345678.123456789',
  '2016-04-27',
  '4/27/2016',
  '4/28/2016 6:00',
  '2020-02-30',
  '2020-01-01T09:40:18.527Z',
  '2016-08-01 10:09:22',
  '2020-01-01T00:30:00+01:00',
  'a;b',
  'b; a',
  ';',
  '\r\n',
  'a\r\nb',
  'Zoe\u0308',
  '\ud83d',
  '\0',
  'İ',
  'ΣΑΣ',
);
const text = fc.oneof(
  { weight: 3, arbitrary: words },
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ maxLength: 30 }),
);
const anyRaw: fc.Arbitrary<Raw> = fc.oneof(
  { weight: 5, arbitrary: text },
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.double(),
  fc.maxSafeInteger(),
  fc.array(text, { maxLength: 5 }),
  fc.dictionary(fc.string({ maxLength: 4 }), fc.option(text), { maxKeys: 3 }),
);
const anyValue: fc.Arbitrary<Value> = fc.oneof(text, fc.constant(null), fc.boolean(), fc.array(text, { maxLength: 5 }));

const CHOICES = [
  'none',
  'current',
  'past',
  'vip',
  'VIP',
  'Red',
  'Blue',
  'Groß',
  ' spaced',
  'Yes',
  'No',
  '5',
  '007',
  '1.50',
];
const closed = (crm: CrmFieldType): Partial<CrmField> =>
  crm === 'choice' || crm === 'status' || crm === 'set'
    ? { choices: CHOICES, ...(crm === 'status' ? { fallback: 'none' } : {}) }
    : {};
const entry = fc.record({
  marketing: fc.constantFrom('vip', 'VIP', 'rot', 'none', 'Ja', 'current', 'x'),
  crm: fc.constantFrom('current', 'none', 'Red', 'true', '5', '2016-04-27', 'VIP', 'free'),
});

/** A field of the pair, sometimes with a closed list, a tight limit or a value map. */
function anyField(crm: CrmFieldType, marketing: MarketingFieldType): fc.Arbitrary<CompiledField> {
  return fc
    .record({
      listed: fc.boolean(),
      maxLength: fc.constantFrom(5, 20, 1000),
      crmLength: fc.option(fc.constantFrom(4, 50)),
      values: marketing === 'string' ? fc.array(entry, { maxLength: 4 }) : fc.constant([]),
    })
    .map(({ listed, maxLength, crmLength, values }) =>
      aField(crm, marketing, {
        crm: { ...(listed ? closed(crm) : {}), ...(crmLength === null ? {} : { maxLength: crmLength }) },
        maxLength,
        values,
      }),
    );
}

function readValue(reading: Reading): Value | undefined {
  return reading.type === 'ok' ? reading.value : undefined;
}

/** The type a canonical value of the field has. */
function isCanonical(field: CompiledField, value: Value): boolean {
  if (value === null) return true;
  if (field.type === 'boolean') return typeof value === 'boolean';
  if (field.type !== 'set') return typeof value === 'string' && value !== '';
  return (
    typeof value === 'object' && value.length > 0 && value.every((item, i) => i === 0 || (value[i - 1] ?? '') < item)
  );
}

describe.each(PAIRS)('%s × %s', (crm, marketing) => {
  const fields = anyField(crm, marketing);

  it('C28: reads any raw value without failing, and only to canonical values', () => {
    fc.assert(
      fc.property(fields, anyRaw, (field, raw) => {
        for (const reading of [readCrm(field, raw), readMarketing(field, raw)]) {
          if (reading.type === 'ok') expect(isCanonical(field, reading.value)).toBe(true);
          else expect(reading.why).not.toBe('');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('C28: what is written reads back as the same value, on either side', () => {
    fc.assert(
      fc.property(fields, anyRaw, anyValue, (field, raw, value) => {
        for (const candidate of [value, readValue(readCrm(field, raw)), readValue(readMarketing(field, raw))]) {
          if (candidate === undefined) continue;
          const toCrm = writeCrm(field, candidate);
          if (toCrm.type === 'ok') expect(readCrm(field, toCrm.raw)).toEqual({ type: 'ok', value: candidate });
          const toMarketing = writeMarketing(field, candidate);
          if (toMarketing.type === 'ok') {
            expect(readMarketing(field, toMarketing.raw)).toEqual({ type: 'ok', value: candidate });
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  it('R1: a value that made the whole way round is the one that set out', () => {
    fc.assert(
      fc.property(fields, anyRaw, (field, raw) => {
        const start = readValue(readCrm(field, raw));
        if (start === undefined || start === null) return;
        const out = writeMarketing(field, start);
        if (out.type !== 'ok') return;
        const there = readValue(readMarketing(field, out.raw));
        expect(there !== undefined && sameValue(there, start)).toBe(true);
        const back = writeCrm(field, there ?? null);
        if (back.type === 'ok') expect(sameValue(readValue(readCrm(field, back.raw)) ?? null, start)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('C28: never sends more than the target holds', () => {
    fc.assert(
      fc.property(fields, anyValue, (field, value) => {
        const toMarketing = writeMarketing(field, value);
        if (toMarketing.type === 'ok' && field.marketing.type === 'string' && toMarketing.raw !== null) {
          expect(String(toMarketing.raw).length).toBeLessThanOrEqual(field.marketing.maxLength);
        }
        const toCrm = writeCrm(field, value);
        const { choices } = field.crm;
        if (toCrm.type === 'ok' && choices !== undefined && typeof toCrm.raw === 'string')
          expect(choices).toContain(toCrm.raw);
      }),
    );
  });
});

describe('sameValue on canonical values', () => {
  it('R1: is an equivalence', () => {
    const few = fc.oneof(
      fc.constantFrom(null, 'a', 'b', true, false),
      fc.subarray(['a', 'b', 'c']).map((s) => (s.length === 0 ? null : s)),
    );
    fc.assert(
      fc.property(few, few, few, (a, b, c) => {
        expect(sameValue(a, a)).toBe(true);
        expect(sameValue(a, b)).toBe(sameValue(b, a));
        if (sameValue(a, b) && sameValue(b, c)) expect(sameValue(a, c)).toBe(true);
      }),
    );
  });

  it('R1: two spellings are the same value exactly when they read alike', () => {
    const field = aField('text', 'string');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (raw) => {
        const spelled = ` ${raw.normalize('NFD').replaceAll('\n', '\r\n')}\t`;
        expect(readMarketing(field, spelled)).toEqual(readCrm(field, raw));
      }),
    );
  });
});
