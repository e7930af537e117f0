// Compiling a mapping: every problem at once, with its place and a way out.
import { describe, expect, it } from 'vitest';
import {
  addMissingFields,
  type CompiledMapping,
  compileMapping,
  type MappingInput,
  type MappingLine,
} from '../../../src/core/mapping/compile-mapping.ts';
import { readMarketing } from '../../../src/core/mapping/convert.ts';
import type { MappingProblem, MappingProblemCode } from '../../../src/core/mapping/mapping-problem.ts';
import type { CrmRoleSchema } from '../../../src/core/model/schema.ts';
import { crmField, marketingField } from './a-field.ts';

const CONTACT: CrmRoleSchema = {
  role: 'contact',
  statuses: null,
  fields: [
    crmField('id', 'id', { writable: false }),
    crmField('first_name', 'text', { mandatory: true, meaning: 'first-name' }),
    crmField('last_name', 'text', { mandatory: true, meaning: 'last-name' }),
    crmField('description', 'text', { maxLength: 5000 }),
    crmField('customer_status', 'status', { choices: ['none', 'current', 'past'], fallback: 'none' }),
    crmField('prospect_status', 'status', { choices: ['none', 'current', 'lost'], fallback: 'none', recomputed: true }),
    ...['line1', 'city', 'postal_code'].map((part) => crmField(`address.${part}`, 'text', { whole: 'address' })),
    crmField('tags', 'set', { whole: 'tags' }),
    crmField('owner.name', 'text', { writable: false }),
    crmField('custom_fields.Tier', 'choice', { choices: ['Gold', 'Silver'], fieldClass: 'marketing' }),
    crmField('custom_fields.Score', 'number'),
    crmField('custom_fields.VIP', 'boolean'),
    crmField('custom_fields.Since', 'date'),
    crmField('custom_fields.Short', 'text', { maxLength: 10 }),
  ],
};
const MARKETING = {
  fields: [
    marketingField('FIRSTNAME', 'string'),
    marketingField('LASTNAME', 'string'),
    marketingField('POSTCODE', 'string'),
    marketingField('SCORE', 'numeric'),
    marketingField('SINCE', 'date'),
    marketingField('ADDRESS1', 'string'),
  ],
};
const NAMES: readonly MappingLine[] = [
  { crm: 'first_name', marketing: 'FIRSTNAME' },
  { crm: 'last_name', marketing: 'LASTNAME' },
];

function compile(lines: readonly MappingLine[], more: Partial<MappingInput> = {}): CompiledMapping {
  return compileMapping({
    role: 'contact',
    lines,
    crm: CONTACT,
    marketing: MARKETING,
    direction: 'both',
    defaults: { conflict: { sales: 'crm', marketing: 'marketing' }, blank: 'propagate' },
    createMissing: true,
    at: { path: 'contacts.fields', crmKey: 'sell', marketingKey: 'dotdigital' },
    ...more,
  });
}

const brief = ({ code, severity, path }: MappingProblem): readonly [MappingProblemCode, string, string] => [
  code,
  severity,
  path,
];
const problemsOf = (lines: readonly MappingLine[], more: Partial<MappingInput> = {}) =>
  compile(lines, more).problems.map(brief);

describe('compileMapping', () => {
  it('compiles lines in order, with the defaults of the profile', () => {
    const { fields, problems, missing } = compile([
      ...NAMES,
      { crm: 'custom_fields.Tier', marketing: 'tier', direction: 'to-marketing', blank: 'ignore' },
      { crm: 'custom_fields.Score', marketing: 'Score', conflict: 'hold' },
    ]);
    expect(problems).toEqual([]);
    expect(missing).toEqual([{ name: 'TIER', type: 'string' }]);
    expect(fields.map(({ key, type, direction, conflict, blank }) => [key, type, direction, conflict, blank])).toEqual([
      ['FIRSTNAME', 'text', 'both', 'crm', 'propagate'],
      ['LASTNAME', 'text', 'both', 'crm', 'propagate'],
      ['TIER', 'text', 'to-marketing', 'marketing', 'ignore'],
      ['SCORE', 'decimal', 'both', 'hold', 'propagate'],
    ]);
  });

  it.each([
    ['custom_fields.Score', 'numeric'],
    ['custom_fields.VIP', 'boolean'],
    ['custom_fields.Since', 'date'],
    ['tags', 'string'],
    ['customer_status', 'string'],
    ['id', 'string'],
  ])('creates a data field for %s of type %s', (crm, type) => {
    const { fields, missing } = compile([{ crm, marketing: 'NEW_FIELD' }]);
    expect(missing).toEqual([{ name: 'NEW_FIELD', type }]);
    expect(fields[0]?.marketing).toEqual({ name: 'NEW_FIELD', type, maxLength: 1000, fieldClass: 'sales' });
  });

  it('the next role sees the data fields that the first one creates', () => {
    const { missing } = compile([...NAMES, { crm: 'custom_fields.Score', marketing: 'POINTS' }]);
    const grown = addMissingFields(MARKETING, [...missing, { name: 'FIRSTNAME', type: 'numeric' }]);
    expect(grown.fields).toHaveLength(MARKETING.fields.length + 1);
    const next = compile([...NAMES, { crm: 'tags', marketing: 'POINTS' }], { marketing: grown });
    expect(next.problems.map(brief)).toEqual([['INCOMPATIBLE_TYPES', 'error', 'contacts.fields[2].dotdigital']]);
  });

  it('C9: who wins by default goes by the class of the field, on whichever side it is marketing’s own', () => {
    const own = {
      fields: [...MARKETING.fields, { ...marketingField('GENDER', 'string'), fieldClass: 'marketing' as const }],
    };
    const lines = ['description', 'custom_fields.Tier', 'custom_fields.Short'].map((crm, i) => ({
      crm,
      marketing: ['ABOUT', 'TIER', 'GENDER'][i] ?? '',
    }));
    const conflicts = (more: Partial<MappingInput>) =>
      compile(lines, { marketing: own, ...more }).fields.map(({ conflict }) => conflict);
    expect(conflicts({})).toEqual(['crm', 'marketing', 'marketing']);
    expect(conflicts({ defaults: { conflict: { sales: 'crm', marketing: 'crm' }, blank: 'propagate' } })).toEqual([
      'crm',
      'crm',
      'crm',
    ]);
  });

  it('C9: `newest` has no time per field to go by and falls back to the default winner, and says so', () => {
    const lines: MappingLine[] = [
      ...NAMES,
      { crm: 'description', marketing: 'ABOUT', conflict: 'newest' },
      { crm: 'custom_fields.Tier', marketing: 'TIER', conflict: 'newest' },
    ];
    const { fields, problems } = compile(lines);
    expect(fields.slice(2).map(({ conflict }) => conflict)).toEqual(['crm', 'marketing']);
    expect(problems.filter(({ code }) => code === 'NEWEST_UNKNOWN').map(brief)).toEqual([
      ['NEWEST_UNKNOWN', 'info', 'contacts.fields[2].conflict'],
      ['NEWEST_UNKNOWN', 'info', 'contacts.fields[3].conflict'],
    ]);
  });

  it('finds every problem at once', () => {
    expect(
      problemsOf([
        { crm: 'frist_name', marketing: 'FIRSTNAME' },
        { crm: 'last_name', marketing: 'MY LAST NAME' },
        { crm: 'nowhere', marketing: 'id' },
      ]),
    ).toEqual([
      ['UNKNOWN_CRM_FIELD', 'error', 'contacts.fields[0].sell'],
      ['INVALID_DATA_FIELD_NAME', 'error', 'contacts.fields[1].dotdigital'],
      ['UNKNOWN_CRM_FIELD', 'error', 'contacts.fields[2].sell'],
      ['RESERVED_DATA_FIELD_NAME', 'error', 'contacts.fields[2].dotdigital'],
    ]);
  });

  it('says what was probably meant', () => {
    const [first, second] = compile([
      { crm: 'frist_name', marketing: 'FIRSTNAME' },
      { crm: 'last_name', marketing: 'LASTNAM' },
    ]).problems;
    expect(first).toMatchObject({
      suggestion: 'first_name',
      message: expect.stringContaining('Did you mean "first_name"?') as unknown,
    });
    expect(second).toMatchObject({ code: 'SIMILAR_DATA_FIELD', severity: 'warning', suggestion: 'LASTNAME' });
  });

  it('short names that differ in a letter are no slip of the pen', () => {
    const marketing = { fields: [...MARKETING.fields, marketingField('ZIP', 'string')] };
    const line: MappingLine = { crm: 'custom_fields.Short', marketing: 'ZAP', direction: 'to-marketing' };
    expect(problemsOf([...NAMES, line], { marketing })).toEqual([]);
  });

  it('numbered names are no slip of the pen', () => {
    expect(
      problemsOf([...NAMES, { crm: 'custom_fields.Short', marketing: 'ADDRESS2', direction: 'to-marketing' }]),
    ).toEqual([]);
  });

  it('does not create data fields when told not to', () => {
    const lines = [...NAMES, { crm: 'description', marketing: 'ABOUT' }];
    const { fields, missing, problems } = compile(lines, { createMissing: false });
    expect(problems.map(brief)).toEqual([['UNKNOWN_DATA_FIELD', 'error', 'contacts.fields[2].dotdigital']]);
    expect(missing).toEqual([]);
    expect(fields).toHaveLength(2);
  });

  it('a data field has one source, in any case', () => {
    expect(problemsOf([...NAMES, { crm: 'description', marketing: 'firstname' }])).toContainEqual([
      'DUPLICATE_DATA_FIELD',
      'error',
      'contacts.fields[2].dotdigital',
    ]);
  });

  it('a CRM field is written from one data field, but may be shown in several', () => {
    const second = { crm: 'first_name', marketing: 'NICKNAME' };
    expect(problemsOf([...NAMES, second])).toEqual([['DUPLICATE_CRM_FIELD', 'error', 'contacts.fields[2].sell']]);
    expect(problemsOf([...NAMES, { ...second, direction: 'to-marketing' }])).toEqual([]);
  });

  it('C30: a field that the CRM keeps to itself travels one way', () => {
    const owner = { crm: 'owner.name', marketing: 'OWNER' };
    const silent = compile([...NAMES, owner]);
    expect(silent.problems.map(brief)).toEqual([['READ_ONLY_CRM_FIELD', 'warning', 'contacts.fields[2].sell']]);
    expect(silent.fields[2]?.direction).toBe('to-marketing');
    expect(problemsOf([...NAMES, { ...owner, direction: 'to-marketing' }])).toEqual([]);
    expect(problemsOf([...NAMES, { ...owner, direction: 'both' }])).toEqual([
      ['READ_ONLY_CRM_FIELD', 'error', 'contacts.fields[2].direction'],
    ]);
    expect(problemsOf([...NAMES, owner], { direction: 'to-crm' })).toEqual([
      ['NEVER_TRAVELS', 'warning', 'contacts.fields[2]'],
    ]);
  });

  it('the id of the record travels to the marketing system without a word', () => {
    const { fields, problems } = compile([...NAMES, { crm: 'id', marketing: 'CRM_ID' }]);
    expect(problems).toEqual([]);
    expect(fields[2]).toMatchObject({ direction: 'to-marketing', type: 'text' });
  });

  it('S2: a line cannot widen the direction of its records', () => {
    const line: MappingLine = { crm: 'description', marketing: 'ABOUT', direction: 'to-crm' };
    expect(problemsOf([...NAMES, line], { direction: 'to-marketing' })).toEqual([
      ['DIRECTION_EXCLUDED', 'error', 'contacts.fields[2].direction'],
    ]);
    expect(compile(NAMES, { direction: 'to-marketing' }).fields.map((field) => field.direction)).toEqual([
      'to-marketing',
      'to-marketing',
    ]);
  });

  it('C28: types that do not go together are named with a way out', () => {
    const [problem] = compile([{ crm: 'custom_fields.Score', marketing: 'SINCE' }]).problems;
    expect(problem).toMatchObject({ code: 'INCOMPATIBLE_TYPES', severity: 'error', row: 'C28' });
    expect(problem?.message).toContain('type number');
    expect(problem?.message).toContain('type date');
    expect(problem?.message).toContain('numeric or string');
  });

  it('C15: warns of a status that the CRM recomputes', () => {
    const line: MappingLine = { crm: 'prospect_status', marketing: 'PROSPECT_STATUS' };
    expect(problemsOf([...NAMES, line])).toEqual([['RECOMPUTED', 'warning', 'contacts.fields[2]']]);
    expect(problemsOf([...NAMES, { ...line, direction: 'to-marketing' }])).toEqual([]);
  });

  it('C17: names the parts of an address that are not mapped', () => {
    const [problem] = compile([...NAMES, { crm: 'address.postal_code', marketing: 'POSTCODE' }]).problems;
    expect(problem).toMatchObject({
      code: 'WHOLE_PARTLY_MAPPED',
      severity: 'info',
      path: 'contacts.fields',
      row: 'C17',
    });
    expect(problem?.message).toContain('address.line1, address.city');
    const all = ['line1', 'city', 'postal_code'].map((part) => ({ crm: `address.${part}`, marketing: part }));
    expect(problemsOf([...NAMES, ...all])).toEqual([]);
  });

  it('C10: warns when records cannot be created in the CRM for want of a name', () => {
    expect(problemsOf(NAMES.slice(0, 1))).toEqual([['NAME_NOT_MAPPED', 'warning', 'contacts.fields']]);
    expect(problemsOf(NAMES.slice(0, 1), { direction: 'to-marketing' })).toEqual([]);
  });

  it('C28: warns where texts may not fit', () => {
    expect(
      problemsOf([
        ...NAMES,
        { crm: 'custom_fields.Score', marketing: 'FIRST_SCORE' },
        { crm: 'custom_fields.Since', marketing: 'POSTCODE' },
        { crm: 'custom_fields.Tier', marketing: 'TIER' },
        { crm: 'description', marketing: 'ABOUT' },
        { crm: 'custom_fields.Short', marketing: 'ABBREVIATED' },
      ]),
    ).toEqual([
      ['NARROWER_TYPE', 'warning', 'contacts.fields[3]'],
      ['NARROWER_TYPE', 'info', 'contacts.fields[4]'],
      ['SHORTER_TEXT', 'info', 'contacts.fields[5]'],
      ['SHORTER_TEXT', 'info', 'contacts.fields[6]'],
    ]);
  });

  it('an empty mapping is silent', () => {
    expect(compile([])).toEqual({ fields: [], problems: [], missing: [] });
  });
});

describe('value maps', () => {
  const status = (values: MappingLine['values']): readonly MappingLine[] => [
    ...NAMES,
    { crm: 'customer_status', marketing: 'CUSTOMER_STATUS', values: values ?? [] },
  ];

  it('C12: are brought into the spelling of the CRM', () => {
    const { fields, problems } = compile(status([{ marketing: ' vip ', crm: 'CURRENT' }]));
    expect(problems).toEqual([]);
    const field = fields[2];
    expect(field?.values).toEqual([{ marketing: 'vip', crm: 'current' }]);
    expect(field === undefined ? null : readMarketing(field, 'VIP')).toEqual({ type: 'ok', value: 'current' });
  });

  it('C28: must lead to something the CRM accepts', () => {
    const [problem] = compile(status([{ marketing: 'vip', crm: 'gold' }])).problems;
    expect(problem).toMatchObject({ code: 'VALUE_MAP_NOT_ACCEPTED', path: 'contacts.fields[2].values.vip' });
    expect(problem?.message).toContain('"none", "current", "past"');
    expect(
      problemsOf([
        ...NAMES,
        { crm: 'custom_fields.VIP', marketing: 'IS_VIP_TEXT', values: [{ marketing: 'ja', crm: 'jawohl' }] },
      ]),
    ).toEqual([['VALUE_MAP_NEEDS_TEXT', 'error', 'contacts.fields[2].values']]);
    const words = (crm: string) =>
      problemsOf([
        ...NAMES,
        {
          crm: 'custom_fields.VIP',
          marketing: 'POSTCODE',
          direction: 'to-marketing',
          values: [{ marketing: 'ja', crm }],
        },
      ]);
    expect(words('jawohl')).toEqual([['VALUE_MAP_NOT_ACCEPTED', 'error', 'contacts.fields[2].values.ja']]);
    expect(words('Yes')).toEqual([]);
  });

  it.each([
    [
      [
        { marketing: 'a', crm: 'past' },
        { marketing: 'A ', crm: 'current' },
      ],
      ['VALUE_MAP_REPEATED', 'error', 'contacts.fields[2].values.A '],
    ],
    [
      [
        { marketing: 'a', crm: 'past' },
        { marketing: 'A', crm: 'Past' },
      ],
      ['VALUE_MAP_REPEATED', 'warning', 'contacts.fields[2].values.A'],
    ],
    [[{ marketing: ' ', crm: 'past' }], ['VALUE_MAP_BLANK', 'error', 'contacts.fields[2].values. ']],
    [[{ marketing: 'a', crm: '' }], ['VALUE_MAP_BLANK', 'error', 'contacts.fields[2].values.a']],
    [[{ marketing: 'current', crm: 'past' }], ['VALUE_MAP_HIDES_CHOICE', 'warning', 'contacts.fields[2].values']],
  ])('C28: %j', (values, expected) => {
    expect(problemsOf(status(values))).toEqual([expected]);
  });

  it('C28: swapped meanings hide nothing', () => {
    expect(
      problemsOf(
        status([
          { marketing: 'current', crm: 'past' },
          { marketing: 'past', crm: 'current' },
        ]),
      ),
    ).toEqual([]);
  });

  it('C28: items of a set cannot hold the separator', () => {
    expect(
      problemsOf([...NAMES, { crm: 'tags', marketing: 'TAGS', values: [{ marketing: 'a;b', crm: 'x' }] }]),
    ).toEqual([['VALUE_MAP_SEPARATOR', 'error', 'contacts.fields[2].values.a;b']]);
  });
});
