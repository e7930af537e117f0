// Who takes part: scope filters and the pause switch. (C32, C33)
import { describe, expect, it } from 'vitest';
import type { LinkState } from '../../../src/core/model/link.ts';
import type { CrmRecord, MarketingRecord } from '../../../src/core/model/record.ts';
import type { Scope } from '../../../src/core/model/settings.ts';
import { planPerson } from '../../../src/core/plan/plan-person.ts';
import { aMailing, aPair, aRecord, aView, settingsOf, writeTo } from './a-person.ts';

const EVERYBODY: Scope = { marketingLists: [], crmTags: [], crmOwners: [], pauseList: null, pauseTag: 'no-sync' };

interface Outside {
  readonly row: 'C32' | 'C33';
  readonly why: string;
  readonly scope: Partial<Scope>;
  readonly record?: Partial<CrmRecord>;
  readonly mailing?: Partial<MarketingRecord>;
}

const OUTSIDE: readonly Outside[] = [
  { row: 'C32', why: 'none of the tags in scope', scope: { crmTags: ['sync', 'news'] }, record: { tags: ['vip'] } },
  { row: 'C32', why: 'another owner', scope: { crmOwners: ['7'] }, record: { ownerId: '1' } },
  { row: 'C32', why: 'no owner', scope: { crmOwners: ['7'] }, record: { ownerId: null } },
  { row: 'C32', why: 'none of the lists in scope', scope: { marketingLists: ['70', '71'] }, mailing: { lists: ['9'] } },
  { row: 'C33', why: 'the pause tag', scope: {}, record: { tags: ['no-sync'] } },
  { row: 'C33', why: 'the pause tag in other letters', scope: {}, record: { tags: ['No-Sync'] } },
  { row: 'C33', why: 'the pause list', scope: { pauseList: '9' }, mailing: { lists: ['9'] } },
];

describe.each(OUTSIDE)('$row: $why', ({ row, scope, record = {}, mailing = {} }) => {
  const settings = settingsOf('classic', { contact: { scope: { ...EVERYBODY, ...scope } } });
  const linked = (state: LinkState) =>
    aPair(
      { 'address.postal_code': '20095' },
      { FIRSTNAME: 'Augusta' },
      { record, mailing, link: { state, because: state === 'active' ? null : row } },
    );

  it('pauses the link and writes nothing', () => {
    const plan = planPerson(linked('active'), settings);
    expect(plan.actions).toEqual([]);
    expect(plan.effects).toMatchObject([{ type: 'link-state', linkId: 'link-1', state: 'paused', because: row }]);
  });

  it('stays paused without another word', () => {
    const plan = planPerson(linked('paused'), settings);
    expect([plan.actions, plan.effects, plan.notes]).toEqual([[], [], []]);
  });

  it('a match is linked, but paused', () => {
    const view = aView({
      marketing: aMailing({ POSTCODE: '20095' }, mailing),
      contact: { candidates: [aRecord({}, record)] },
    });
    const plan = planPerson(view, settings);
    expect(plan.actions).toEqual([]);
    expect(plan.effects).toMatchObject([{ type: 'link', state: 'paused', because: row }]);
  });

  it('makes nobody on the other side', () => {
    const source =
      Object.keys(record).length > 0
        ? aView({ contact: { candidates: [aRecord({}, record)] } })
        : aView({ marketing: aMailing({}, mailing) });
    expect(planPerson(source, settings).actions).toEqual([]);
  });
});

it.each<[string, Partial<Scope>, Partial<CrmRecord>, Partial<MarketingRecord>]>([
  ['with one of the tags in scope', { crmTags: ['sync', 'news'] }, { tags: ['vip', 'News'] }, {}],
  ['with an owner in scope', { crmOwners: ['7', '8'] }, { ownerId: '8' }, {}],
  ['on a list in scope', { marketingLists: ['70', '71'] }, {}, { lists: ['9', '71'] }],
  ['on other lists than the one that pauses', { pauseList: '9' }, {}, { lists: ['70'] }],
  ['on lists that nobody read, where none matters', {}, {}, { lists: null }],
])('C32, C33: whoever is %s takes part', (_, scope, record, mailing) => {
  const settings = settingsOf('classic', { contact: { scope: { ...EVERYBODY, ...scope } } });
  const plan = planPerson(aPair({ 'address.postal_code': '20095' }, {}, { record, mailing }), settings);
  expect([plan.effects, writeTo(plan, 'marketing')?.marketing?.set]).toEqual([[], { POSTCODE: '20095' }]);
});

it('C32: back in scope, the link wakes up and merges from the base it kept', () => {
  const settings = settingsOf('classic', { contact: { scope: { ...EVERYBODY, crmTags: ['sync'] } } });
  const view = aPair(
    { 'address.postal_code': '20095' },
    { FIRSTNAME: 'Augusta' },
    { record: { tags: ['sync'] }, link: { state: 'paused', because: 'C32' } },
  );
  const plan = planPerson(view, settings);
  expect(plan.effects[0]).toMatchObject({ type: 'link-state', state: 'active', because: null });
  expect(writeTo(plan, 'marketing')?.marketing?.set).toEqual({ POSTCODE: '20095' });
  expect(writeTo(plan, 'crm')?.crm?.set).toEqual({ first_name: 'Augusta' });
});

it('C32: what the sync makes itself starts in scope', () => {
  const scope = { ...EVERYBODY, marketingLists: ['70', '71'], crmTags: ['sync'] };
  const settings = settingsOf('classic', { contact: { scope } });
  const toMarketing = planPerson(aView({ contact: { candidates: [aRecord({}, { tags: ['sync'] })] } }), settings);
  expect(writeTo(toMarketing, 'marketing')?.marketing?.lists).toEqual(['70']);
  const toCrm = planPerson(aView({ marketing: aMailing({}, { lists: ['71'] }) }), settings);
  expect(writeTo(toCrm, 'crm')?.crm?.addTags).toEqual(['sync']);
});
