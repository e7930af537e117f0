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
    crmField('custom_fields.Met', 'datetime'),
    crmField('custom_fields.Short', 'text', { maxLength: 10 }),
    crmField('custom_fields.Long', 'text', { maxLength: 1000 }),
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
    expect(grown.fields).toEqual([
      ...MARKETING.fields,
      { name: 'POINTS', type: 'numeric', maxLength: 1000, fieldClass: 'marketing' },
    ]);
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
    const longer = { fields: [...MARKETING.fields, marketingField('TOWN', 'string')] };
    expect(problemsOf([...NAMES, { ...line, marketing: 'TOWM' }], { marketing: longer })).toEqual([
      ['SIMILAR_DATA_FIELD', 'warning', 'contacts.fields[2].dotdigital'],
    ]);
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
    const first = { crm: 'first_name', marketing: 'FIRSTNAME' };
    const beside = (direction: 'to-crm' | 'to-marketing') =>
      problemsOf([{ ...first, direction }, ...NAMES.slice(1), second]).map(([code]) => code);
    expect([beside('to-crm'), beside('to-marketing')]).toEqual([['DUPLICATE_CRM_FIELD'], []]);
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
    const never = compile([...NAMES, owner], { direction: 'to-crm' });
    expect(never.problems.map(brief)).toEqual([['NEVER_TRAVELS', 'warning', 'contacts.fields[2]']]);
    expect([never.fields.length, never.missing]).toEqual([2, []]);
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
      problemsOf(
        [
          ...NAMES,
          { crm: 'custom_fields.Score', marketing: 'FIRST_SCORE' },
          { crm: 'custom_fields.Since', marketing: 'POSTCODE' },
          { crm: 'custom_fields.Tier', marketing: 'TIER' },
          { crm: 'description', marketing: 'ABOUT' },
          { crm: 'custom_fields.Short', marketing: 'ABBREVIATED' },
          { crm: 'custom_fields.Long', marketing: 'STORY' },
          { crm: 'custom_fields.VIP', marketing: 'ADDRESS1' },
          { crm: 'custom_fields.Met', marketing: 'NICKNAME' },
        ],
        { marketing: { fields: [...MARKETING.fields, marketingField('NICKNAME', 'string')] } },
      ),
    ).toEqual([
      ['NARROWER_TYPE', 'warning', 'contacts.fields[3]'],
      ['NARROWER_TYPE', 'info', 'contacts.fields[4]'],
      ['SHORTER_TEXT', 'info', 'contacts.fields[5]'],
      ['SHORTER_TEXT', 'info', 'contacts.fields[6]'],
      ['NARROWER_TYPE', 'warning', 'contacts.fields[8]'],
      ['NARROWER_TYPE', 'warning', 'contacts.fields[9]'],
    ]);
    expect(
      problemsOf(
        [
          ...NAMES,
          { crm: 'custom_fields.Short', marketing: 'SCORE' },
          { crm: 'custom_fields.Tier', marketing: 'IS_GOLD', direction: 'to-marketing' },
        ],
        { marketing: { fields: [...MARKETING.fields, marketingField('IS_GOLD', 'boolean')] } },
      ),
    ).toEqual([
      ['NARROWER_TYPE', 'warning', 'contacts.fields[2]'],
      ['NARROWER_TYPE', 'warning', 'contacts.fields[3]'],
    ]);
  });

  it('C28: only where they travel that way', () => {
    const about = (direction: 'to-crm' | 'to-marketing') =>
      problemsOf([...NAMES, { crm: 'description', marketing: 'ABOUT', direction }]).map(([code]) => code);
    expect([about('to-marketing'), about('to-crm')]).toEqual([['SHORTER_TEXT'], []]);
    const short = (direction: 'to-crm' | 'to-marketing') =>
      problemsOf([...NAMES, { crm: 'custom_fields.Short', marketing: 'ABOUT', direction }]).map(([code]) => code);
    expect([short('to-marketing'), short('to-crm')]).toEqual([[], ['SHORTER_TEXT']]);
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
    const { fields, missing, problems } = compile(status([{ marketing: 'vip', crm: 'gold' }]));
    const [problem] = problems;
    expect([fields.length, missing]).toEqual([2, []]);
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
    expect(problemsOf(status([{ marketing: 'a;b', crm: 'past' }]))).toEqual([]);
    const tags = compile([...NAMES, { crm: 'tags', marketing: 'TAGS', values: [{ marketing: 'rot ', crm: ' red' }] }]);
    expect([tags.problems, tags.fields[2]?.values]).toEqual([[], [{ marketing: 'rot', crm: 'red' }]]);
  });

  it('C28: name a number, a date, yes or no as they are kept', () => {
    const values = (crm: string, to: string) =>
      compile([...NAMES, { crm, marketing: 'POSTCODE', values: [{ marketing: 'x', crm: to }] }]).fields[2]?.values[0]
        ?.crm;
    expect(values('custom_fields.Score', '05.0')).toBe('5');
    expect(values('custom_fields.Since', '2026-01-31T00:00:00Z')).toBe('2026-01-31');
    expect(values('custom_fields.VIP', 'Yes')).toBe('true');
    expect(values('tags', 'a\0')).toBeUndefined();
  });
});

describe('what the person reads', () => {
  type Said = Pick<MappingProblem, 'suggestion' | 'row'>;
  const told = (lines: readonly MappingLine[], more: Partial<MappingInput> = {}) => {
    const { problems } = compile([...NAMES, ...lines], more);
    return problems.map(({ message, suggestion, row }) => ({ message, suggestion, row }));
  };
  const owner: MappingLine = { crm: 'owner.name', marketing: 'OWNER' };
  const kept: Partial<MappingInput> = { createMissing: false };
  const status = (values: MappingLine['values']): MappingLine => ({
    crm: 'customer_status',
    marketing: 'CUSTOMER_STATUS',
    values: values ?? [],
  });

  it.each<[string, readonly MappingLine[], Partial<MappingInput>, string, Said?]>([
    [
      'a CRM field that is not there',
      [{ crm: 'shoe_size', marketing: 'SHOES' }],
      {},
      'The CRM has no field "shoe_size" for a contact.',
    ],
    [
      'a CRM field that is misspelt',
      [{ crm: 'descripton', marketing: 'ABOUT' }],
      {},
      'The CRM has no field "descripton" for a contact. Did you mean "description"?',
      { suggestion: 'description' },
    ],
    [
      'a name that no data field can have',
      [{ crm: 'description', marketing: 'ABOUT THIS PERSON' }],
      {},
      '"ABOUT THIS PERSON" may hold only letters A to Z, digits, "_" and "-".',
    ],
    [
      'a name that no data field can have, but for a slip',
      [{ crm: 'custom_fields.Score', marketing: 'SCORE!' }],
      {},
      '"SCORE!" may hold only letters A to Z, digits, "_" and "-". Did you mean "SCORE"?',
      { suggestion: 'SCORE' },
    ],
    [
      'a reserved name',
      [{ crm: 'description', marketing: 'Notes' }],
      {},
      '"Notes" is a name that the marketing system keeps for itself; choose another one.',
    ],
    [
      'a data field that is not there',
      [{ crm: 'description', marketing: 'about' }],
      kept,
      'There is no data field "ABOUT", and data fields are not to be created.',
    ],
    [
      'a data field that is misspelt',
      [{ crm: 'custom_fields.Score', marketing: 'SCOER' }],
      kept,
      'There is no data field "SCOER", and data fields are not to be created. Did you mean "SCORE"?',
      { suggestion: 'SCORE' },
    ],
    [
      'a data field that is perhaps misspelt',
      [{ crm: 'custom_fields.Score', marketing: 'SCORES' }],
      {},
      'There is no data field "SCORES"; it will be created. Did you mean the existing "SCORE"?',
      { suggestion: 'SCORE' },
    ],
    [
      'a data field twice',
      [{ crm: 'description', marketing: 'lastname' }],
      {},
      'LASTNAME is mapped twice; a data field can hold the value of one CRM field only.',
    ],
    [
      'a CRM field that is written twice',
      [{ crm: 'first_name', marketing: 'NICKNAME' }],
      {},
      'first_name is already written from FIRSTNAME; only one data field may write it. Let this line travel to the marketing system only.',
    ],
    [
      'types that do not go together',
      [{ crm: 'custom_fields.Since', marketing: 'SCORE' }],
      {},
      'custom_fields.Since is of type date and SCORE of type numeric: such values do not survive the way there and back. Choose a data field of type date or string.',
      { row: 'C28' },
    ],
    [
      '`newest`, where the CRM wins',
      [{ crm: 'custom_fields.Score', marketing: 'SCORE', conflict: 'newest' }],
      {},
      'Neither side says when a single field was changed, so of two changes nobody knows which is newer: the CRM wins.',
      { row: 'C9' },
    ],
    [
      '`newest`, where marketing wins',
      [{ crm: 'custom_fields.Tier', marketing: 'TIER', conflict: 'newest', direction: 'to-marketing' }],
      {},
      'Neither side says when a single field was changed, so of two changes nobody knows which is newer: the marketing system wins.',
      { row: 'C9' },
    ],
    [
      'a direction that is excluded',
      [{ crm: 'custom_fields.Score', marketing: 'SCORE', direction: 'to-crm' }],
      { direction: 'to-marketing' },
      'The direction of this line is excluded by the direction of all its records.',
    ],
    [
      'a field that cannot be written, told to be',
      [{ ...owner, direction: 'to-crm' }],
      {},
      'owner.name cannot be written in the CRM; it can only travel to the marketing system.',
      { row: 'C30' },
    ],
    [
      'a field that cannot be written, on its own way',
      [owner],
      {},
      'owner.name cannot be written in the CRM; it travels to the marketing system only. Say so with `direction` to silence this.',
      { row: 'C30' },
    ],
    [
      'a field that nothing can be done with',
      [owner],
      { direction: 'to-crm' },
      'owner.name cannot be written in the CRM, and nothing is written to the marketing system here: the line has no effect.',
      { row: 'C30' },
    ],
    [
      'a status that is recomputed',
      [{ crm: 'prospect_status', marketing: 'PROSPECT_STATUS' }],
      {},
      'The CRM recomputes prospect_status by itself, for instance when a deal moves, and will change what is written there. Better let it travel to the marketing system only.',
      { row: 'C15' },
    ],
    [
      'an address in part',
      [{ crm: 'address.postal_code', marketing: 'POSTCODE' }],
      {},
      'Only a part of address is mapped; the rest stays as it is in the CRM. Not mapped: address.line1, address.city.',
      { row: 'C17' },
    ],
    [
      'a number from free text',
      [{ crm: 'custom_fields.Score', marketing: 'POSTCODE' }],
      {},
      'POSTCODE is free text, custom_fields.Score is of type number: texts that are none are held. A data field of the same type avoids that.',
      { row: 'C28' },
    ],
    [
      'free text to a number',
      [{ crm: 'custom_fields.Short', marketing: 'SCORE' }],
      {},
      'custom_fields.Short is free text, SCORE is of type numeric: texts that are none are held. A text data field avoids that.',
      { row: 'C28' },
    ],
    [
      'a choice to a number',
      [{ crm: 'custom_fields.Tier', marketing: 'SCORE' }],
      {},
      'custom_fields.Tier is a list of choices, SCORE is of type numeric: texts that are none are held. A text data field avoids that.',
      { row: 'C28' },
    ],
    [
      'a choice from free text',
      [{ crm: 'custom_fields.Tier', marketing: 'POSTCODE' }],
      {},
      'POSTCODE is free text, custom_fields.Tier accepts 2 choices: other texts are held. `values` can translate them.',
      { row: 'C28' },
    ],
    [
      'a long text to a short one',
      [{ crm: 'description', marketing: 'ABOUT' }],
      {},
      'ABOUT holds 1000 characters, description up to 5000: longer values are held, never cut.',
      { row: 'C28' },
    ],
    [
      'a short text from a long one',
      [{ crm: 'custom_fields.Short', marketing: 'ABBREVIATED' }],
      {},
      'custom_fields.Short holds 10 characters, ABBREVIATED up to 1000: longer values are held, never cut.',
      { row: 'C28' },
    ],
    [
      'a value map for numbers',
      [{ crm: 'custom_fields.Score', marketing: 'SCORE', values: [{ marketing: 'many', crm: '100' }] }],
      {},
      'A value map needs a text data field; SCORE is of type numeric. Leave `values` out or map to a text data field.',
    ],
    [
      'a value map with a blank',
      [status([{ marketing: 'vip', crm: ' ' }])],
      {},
      'Both sides of a value map entry need a text; blank values always stay blank.',
    ],
    [
      'a value map that cuts an item in two',
      [{ crm: 'tags', marketing: 'TAGS', values: [{ marketing: 'a;b', crm: 'x' }] }],
      {},
      '"a;b" contains ";", which separates the items of tags.',
    ],
    [
      'a value map to no choice',
      [status([{ marketing: 'vip', crm: 'gold' }])],
      {},
      'customer_status does not accept "gold"; it accepts "none", "current", "past".',
      { row: 'C28' },
    ],
    [
      'a value map to no yes or no',
      [
        {
          crm: 'custom_fields.VIP',
          marketing: 'POSTCODE',
          direction: 'to-marketing',
          values: [{ marketing: 'ja', crm: 'jawohl' }],
        },
      ],
      {},
      'custom_fields.VIP does not accept "jawohl"; it accepts values of type boolean.',
      { row: 'C28' },
    ],
    [
      'a value map with two meanings',
      [
        status([
          { marketing: 'vip', crm: 'current' },
          { marketing: 'VIP', crm: 'past' },
        ]),
      ],
      {},
      '"VIP" is mapped twice (case does not matter): to "current" and to "past".',
    ],
    [
      'a value map that repeats itself',
      [
        status([
          { marketing: 'vip', crm: 'current' },
          { marketing: 'VIP', crm: 'Current' },
        ]),
      ],
      {},
      '"VIP" is mapped twice (case does not matter).',
    ],
    [
      'a value map that hides choices',
      [
        status([
          { marketing: 'None', crm: 'current' },
          { marketing: 'past', crm: 'current' },
        ]),
      ],
      {},
      'The value map takes "none", "past" for something else, so records with "none", "past" in customer_status will be held. Give "none", "past" a marketing value of its own.',
      { row: 'C28' },
    ],
  ])('of %s', (_, lines, more, message, said = {}) => {
    expect(told(lines, more)).toEqual([{ message, ...said }]);
  });

  it('C10: of names that are not mapped', () => {
    expect(compile(NAMES.slice(1)).problems).toEqual([
      {
        code: 'NAME_NOT_MAPPED',
        severity: 'warning',
        path: 'contacts.fields',
        row: 'C10',
        message:
          'Nothing is mapped to first_name, so no new contact can be made in the CRM: it would have no full name.',
      },
    ]);
  });
});
