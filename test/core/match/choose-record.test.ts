// Which CRM record a person is, situation by situation. (4.4)
import { describe, expect, it } from 'vitest';
import { chooseRecord } from '../../../src/core/match/choose-record.ts';
import type { CrmRecord } from '../../../src/core/model/record.ts';
import type { MultipleMatch, RoleSettings } from '../../../src/core/model/settings.ts';
import { aRecord, settingsOf } from '../plan/a-person.ts';

const ADA = { firstName: 'Ada', lastName: 'Lovelace' };
const OPTIONS: readonly MultipleMatch[] = ['email-and-names', 'email', 'do-not-update'];

function settings(more: Partial<RoleSettings>): RoleSettings {
  return { ...settingsOf('classic').roles.contact, ...more };
}

function named(
  id: string,
  firstName: string | null,
  lastName: string | null,
  more: Partial<CrmRecord> = {},
): CrmRecord {
  return aRecord({ first_name: firstName, last_name: lastName }, { id, ...more });
}

function choose(candidates: readonly CrmRecord[], more: Partial<RoleSettings>) {
  const { outcome, row, record, others, namesDiffer } = chooseRecord(ADA, candidates, settings(more));
  return { outcome, row, record: record?.id ?? null, others: others.map((other) => other.id), namesDiffer };
}

describe.each(['contact', 'lead'] as const)('a %s', (role) => {
  const of = (multipleMatch: MultipleMatch): Partial<RoleSettings> => ({ role, multipleMatch });

  it.each(OPTIONS)('H1: nobody has the address: no match under "%s"', (option) => {
    expect(choose([], of(option))).toMatchObject({ outcome: 'no-match', row: 'H1', record: null });
  });

  it.each(OPTIONS)('H2: one record with the same names is linked under "%s"', (option) => {
    const same = named('7', ' ADA', 'Lovelace  ');
    expect(choose([same], of(option))).toMatchObject({ row: 'H2', record: '7', namesDiffer: false });
  });

  it.each(OPTIONS)('H2: one record without names is linked under "%s": nothing speaks against it', (option) => {
    expect(choose([named('7', null, null)], of(option))).toMatchObject({ row: 'H2', record: '7', namesDiffer: false });
  });

  it.each(OPTIONS)('H3: one record with other names is linked under "%s", and told', (option) => {
    expect(choose([named('7', 'Bob', 'Stone')], of(option))).toMatchObject({
      row: 'H3',
      record: '7',
      namesDiffer: true,
    });
  });

  it('H3 strictSingle: one record with other names is held where names are compared', () => {
    const bob = [named('7', 'Bob', 'Stone')];
    const strict = (option: MultipleMatch) => choose(bob, { ...of(option), strictSingle: true });
    expect(strict('email-and-names')).toMatchObject({ outcome: 'hold-no-name', row: 'H3', record: null });
    for (const option of ['email', 'do-not-update'] as const) expect(strict(option)).toMatchObject({ record: '7' });
    const blank = choose([named('7', null, null)], { ...of('email-and-names'), strictSingle: true });
    expect(blank).toMatchObject({ row: 'H2', record: '7' });
  });

  const oneEqual = [named('5', 'Bob', 'Stone'), named('7', 'Ada', 'Lovelace'), named('9', 'Ada', null)];
  it.each([
    ['email-and-names', { outcome: 'link-first-named', record: '7', others: ['5', '9'] }],
    ['email', { outcome: 'link-first', record: '5', others: ['7', '9'] }],
    ['do-not-update', { outcome: 'hold-many', record: null, others: ['5', '7', '9'] }],
  ] as const)('H4: several records, one with the names, under "%s"', (option, expected) => {
    expect(choose(oneEqual, of(option))).toMatchObject({ row: 'H4', ...expected });
  });

  const twoEqual = [named('5', 'Bob', 'Stone'), named('7', 'Ada', 'Lovelace'), named('9', 'ada', 'lovelace')];
  it.each([
    ['email-and-names', { outcome: 'link-first-named', record: '7', others: ['5', '9'] }],
    ['email', { outcome: 'link-first', record: '5', others: ['7', '9'] }],
    ['do-not-update', { outcome: 'hold-many', record: null }],
  ] as const)('H5: several records, several with the names, under "%s"', (option, expected) => {
    expect(choose(twoEqual, of(option))).toMatchObject({ row: 'H5', ...expected });
  });

  const noneEqual = [named('5', 'Bob', 'Stone'), named('7', null, null)];
  it.each([
    ['email-and-names', { outcome: 'hold-no-name', record: null }],
    ['email', { outcome: 'link-first', record: '5', others: ['7'] }],
    ['do-not-update', { outcome: 'hold-many', record: null }],
  ] as const)('H6: several records, none with the names, under "%s"', (option, expected) => {
    expect(choose(noneEqual, of(option))).toMatchObject({ row: 'H6', ...expected });
  });
});

describe('the first of several', () => {
  const candidates = [
    named('5', 'Ada', 'Lovelace', { updatedAt: '2026-01-01T00:00:00Z' }),
    aRecord({ customer_status: 'none', prospect_status: 'current' }, { id: '7', updatedAt: null }),
    aRecord({ customer_status: 'past' }, { id: '9', updatedAt: '2026-05-01T00:00:00Z' }),
    aRecord({ customer_status: 'past' }, { id: '10', updatedAt: '2026-05-01T00:00:00Z' }),
  ];

  it('H5: is the oldest record by default', () => {
    expect(choose(candidates, { matchFirst: 'oldest' }).record).toBe('5');
  });

  it('H5: is the one changed last where the setting says so; ties go to the lower id, unknown times last', () => {
    expect(choose(candidates, { matchFirst: 'newest-updated' }).record).toBe('9');
  });

  it('H5: is the one furthest along where the setting says so', () => {
    expect(choose(candidates, { matchFirst: 'latest-stage' }).record).toBe('5');
    expect(choose(candidates.slice(1), { matchFirst: 'latest-stage' }).record).toBe('7');
    expect(choose(candidates.slice(2), { matchFirst: 'latest-stage' }).record).toBe('9');
    const at = (id: string, prospect: string, customer: string): CrmRecord =>
      aRecord({ prospect_status: prospect, customer_status: customer }, { id });
    const pipeline = [
      at('1', 'none', 'none'),
      at('2', 'lost', 'none'),
      at('3', 'lost', 'past'),
      at('4', 'current', 'none'),
      at('5', 'lost', 'current'),
    ];
    for (const [n, { id }] of pipeline.entries())
      expect(choose(pipeline.slice(0, n + 1), { matchFirst: 'latest-stage' }).record).toBe(id);
    expect(choose(pipeline, { matchFirst: 'latest-stage', qualification: null }).record).toBe('1');
  });

  it.each([
    ['email-and-names', 'link-first', '5'],
    ['email', 'link-first', '5'],
    ['do-not-update', 'hold-many', undefined],
  ] as const)('decision 22: with nobody to compare names with, "%s" gives %s', (multipleMatch, outcome, id) => {
    const choice = chooseRecord(null, candidates, settings({ multipleMatch }));
    expect([choice.outcome, choice.row, choice.record?.id]).toEqual([outcome, 'H6', id]);
  });
});
