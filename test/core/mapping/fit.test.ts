// How sampled records fit: counts by reason, with a few examples.
import { describe, expect, it } from 'vitest';
import { measureFit } from '../../../src/core/mapping/fit.ts';
import type { CrmRecord, MarketingRecord } from '../../../src/core/model/record.ts';
import type { Raw } from '../../../src/core/model/value.ts';
import { aField } from './a-field.ts';

function crmRecord(id: string, value: Raw): CrmRecord {
  return {
    role: 'contact',
    id,
    email: null,
    firstName: null,
    lastName: null,
    values: { field: value },
    tags: [],
    status: null,
    ownerId: null,
    isOrganisation: false,
    createdAt: null,
    updatedAt: null,
    revision: null,
    state: 'present',
  };
}

function marketingRecord(id: string, value: Raw): MarketingRecord {
  return {
    id,
    email: null,
    values: { FIELD: value },
    channel: { state: 'none', reason: '', optInType: 'unknown' },
    lists: null,
    createdAt: null,
    updatedAt: null,
    state: 'present',
    assumed: false,
  };
}

describe('measureFit', () => {
  it('C28: counts what fits, what is blank and why the rest does not', () => {
    const field = aField('number', 'string', { maxLength: 8 });
    const texts = ['5', ' 6.50 ', '', 'n/a', 'unknown', 'tbd', '?', '-', 'many', '£5'];
    const [fit] = measureFit([field], {
      crm: [
        crmRecord('1', '12'),
        crmRecord('2', null),
        crmRecord('3', '123456789.5'),
        { ...crmRecord('4', null), values: {} },
      ],
      marketing: texts.map((text, i) => marketingRecord(String(i), text)),
    });
    expect(fit?.crm).toEqual({
      total: 4,
      blank: 2,
      fits: 1,
      defaulted: 0,
      misfits: [
        {
          why: 'is longer than the 8 characters of the data field',
          count: 1,
          examples: [{ id: '3', value: '123456789.5' }],
        },
      ],
    });
    expect(fit?.marketing).toMatchObject({ total: 10, blank: 1, fits: 2, defaulted: 0 });
    expect(fit?.marketing.misfits).toEqual([
      {
        why: 'is not a plain number',
        count: 7,
        examples: ['n/a', 'unknown', 'tbd', '?', '-'].map((value, i) => ({ id: String(i + 3), value })),
      },
    ]);
  });

  it('C12: counts statuses that would fall back', () => {
    const field = aField('status', 'string', { crm: { choices: ['none', 'current'], fallback: 'none' } });
    const [fit] = measureFit([field], {
      crm: [],
      marketing: ['current', 'gold', ''].map((v, i) => marketingRecord(String(i), v)),
    });
    expect(fit?.marketing).toEqual({ total: 3, blank: 1, fits: 1, defaulted: 1, misfits: [] });
  });

  it('C28: what is never written need only be readable; the most frequent reason comes first', () => {
    const listed = { ...aField('choice', 'string', { crm: { choices: ['Gold'] } }) };
    const values = ['Lead\0', 'gold', 'Lead', 'Tin'].map((v, i) => marketingRecord(String(i), v));
    const both = measureFit([listed], { crm: [], marketing: values })[0]?.marketing;
    expect(both?.misfits.map(({ why, count }) => [why, count])).toEqual([
      ['is not one of the choices of the CRM field', 2],
      ['contains a NUL character', 1],
    ]);
    const shown = measureFit([{ ...listed, direction: 'to-marketing' }], { crm: [], marketing: values })[0]?.marketing;
    expect(shown).toMatchObject({ fits: 3, misfits: [{ count: 1 }] });
    const short = aField('text', 'string', { maxLength: 3 });
    const fitting = (direction: 'to-crm' | 'to-marketing') =>
      measureFit([{ ...short, direction }], { crm: [crmRecord('1', 'long')], marketing: [] })[0]?.crm.fits;
    expect([fitting('to-crm'), fitting('to-marketing')]).toEqual([1, 0]);
  });

  it('S5: each field is measured by its own name on either side, in the order of the mapping', () => {
    const other = aField('number', 'numeric');
    const fields = [aField('text', 'string'), { ...other, key: 'SIZE', crm: { ...other.crm, path: 'size' } }];
    const crm = { ...crmRecord('1', 'Ada'), values: { field: 'Ada', size: 'big' } };
    const marketing = { ...marketingRecord('2', 'Ada'), values: { FIELD: 'Ada', SIZE: true } };
    expect(measureFit(fields, { crm: [crm], marketing: [marketing] })).toMatchObject([
      { key: 'FIELD', path: 'field', crm: { fits: 1, misfits: [] }, marketing: { fits: 1, misfits: [] } },
      {
        key: 'SIZE',
        path: 'size',
        crm: { fits: 0, misfits: [{ why: 'is not a plain number', examples: [{ id: '1', value: 'big' }] }] },
        marketing: { fits: 0, misfits: [{ why: 'is not a number', examples: [{ id: '2', value: 'true' }] }] },
      },
    ]);
  });

  it('quotes long values short', () => {
    const field = aField('text', 'string', { maxLength: 10 });
    const [fit] = measureFit([field], {
      crm: [crmRecord('1', 'x'.repeat(500)), crmRecord('2', ['a', 'b'])],
      marketing: [],
    });
    const quotes = fit?.crm.misfits.flatMap((misfit) => misfit.examples.map((example) => example.value));
    expect(quotes).toEqual([`${'x'.repeat(59)}…`, '["a","b"]']);
    const quoted = (text: string) =>
      measureFit([field], { crm: [crmRecord('1', text)], marketing: [] })[0]?.crm.misfits[0]?.examples[0]?.value;
    expect(quoted('x'.repeat(60))).toBe('x'.repeat(60));
    expect(quoted('😀'.repeat(60))).toBe('😀'.repeat(60));
    expect(quoted('😀'.repeat(61))).toBe(`${'😀'.repeat(59)}…`);
  });
});
