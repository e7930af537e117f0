// The finer rules of a linked pair: what an alignment decides anew, what waits, what goes together or not at all. (R4, R19, C9-C30, L14-L17)
import { describe, expect, it } from 'vitest';
import type { CompiledField } from '../../../src/core/mapping/compiled-field.ts';
import type { Base } from '../../../src/core/model/link.ts';
import type { PersonView } from '../../../src/core/model/person.ts';
import type { PersonPlan } from '../../../src/core/model/plan.ts';
import type { RoleSettings, Settings } from '../../../src/core/model/settings.ts';
import { planPerson } from '../../../src/core/plan/plan-person.ts';
import {
  ADA_BASE,
  ADDRESS,
  agreedOn,
  aLink,
  aMailing,
  aPair,
  aRecord,
  aView,
  CONTACT_FIELDS,
  codesOf,
  FIELDS,
  learntBy,
  settingsOf,
  writeTo,
} from './a-person.ts';

const CLASSIC = settingsOf('classic');
function withFields(
  fields: readonly CompiledField[],
  own: Partial<RoleSettings> = {},
  more: Partial<Settings> = {},
): Settings {
  return settingsOf('classic', { contact: { fields: [...CONTACT_FIELDS, ...fields], ...own }, ...more });
}
const based = (more: Base) => ({ link: { base: { ...ADA_BASE, ...more } } });
const systems = (plan: PersonPlan) => plan.actions.map(({ system }) => system);
/** The marks of all writes, by field. */
const marks = (plan: PersonPlan) =>
  Object.fromEntries(
    plan.actions.flatMap(({ effects }) =>
      effects.flatMap((effect) => (effect.type === 'base' ? Object.entries(effect.unconfirmed) : [])),
    ),
  );

describe('decision 27, 4.8: what an undo brought back', () => {
  const undone = (marketing: string) => based({ POSTCODE: { crm: '10115', marketing, undone: true } });
  const apart = aPair({}, { POSTCODE: '20095' }, undone('20095'));

  it('is decided anew by an alignment, which remembers that it is asked for until it is written', () => {
    const plan = planPerson(apart, settingsOf('classic', { mode: 'align' }));
    expect(writeTo(plan, 'marketing')?.marketing?.set).toEqual({ POSTCODE: '10115' });
    expect(plan.effects).toEqual([
      {
        type: 'base',
        role: 'contact',
        crmId: '11',
        marketingId: '900',
        fields: { POSTCODE: { crm: '10115', marketing: '20095', undone: true, asked: true } },
        unconfirmed: {},
        settled: [],
      },
    ]);
  });

  it('stays in any other run', () => {
    for (const mode of ['sync', 'rebaseline'] as const)
      expect(planPerson(apart, settingsOf('classic', { mode }))).toMatchObject({ actions: [], effects: [] });
  });
});

it('4.8: an alignment that leaves what differs as it is learns nothing anew when it is asked for again', () => {
  const fill = settingsOf('classic', {
    mode: 'align',
    contact: { alignment: { direction: 'both', winner: 'fill-blanks' } },
  });
  const apart = aPair({}, { POSTCODE: '20095' }, based({ POSTCODE: { crm: '10115', marketing: '20095' } }));
  expect(planPerson(apart, fill)).toMatchObject({ actions: [], effects: [], holds: [] });
});

it('decision 15: an alignment narrows the direction only where nothing is known yet', () => {
  const nowhere = settingsOf('classic', { mode: 'align', contact: { alignment: { direction: null, winner: 'crm' } } });
  expect(systems(planPerson(aPair({ 'address.postal_code': '20095' }), nowhere))).toEqual(['marketing']);
  const { POSTCODE: _none, ...rest } = ADA_BASE;
  const unknown = aPair({ 'address.postal_code': '20095' }, {}, { link: { base: rest } });
  expect(systems(planPerson(unknown, nowhere))).toEqual([]);
});

describe('R4: the mark of a write', () => {
  const sent = (tries: number) => ({ POSTCODE: { from: '10115', to: '20095', crm: '20095', tries } });

  it('is over once nothing is to be written any more', () => {
    const plan = planPerson(aPair({}, {}, { link: { unconfirmed: sent(2) } }), CLASSIC);
    expect([plan.actions, plan.holds]).toEqual([[], []]);
    expect(plan.effects).toEqual([
      {
        type: 'base',
        role: 'contact',
        crmId: '11',
        marketingId: '900',
        fields: {},
        unconfirmed: {},
        settled: ['POSTCODE'],
      },
    ]);
  });

  it('is over where another value is to be written', () => {
    const plan = planPerson(aPair({ 'address.postal_code': '30159' }, {}, { link: { unconfirmed: sent(1) } }), CLASSIC);
    expect(plan.effects).toMatchObject([{ settled: ['POSTCODE'] }]);
    expect(marks(plan)).toEqual({ POSTCODE: { from: '10115', to: '30159', crm: '30159', tries: 1 } });
  });

  it('says that nothing is settled with it', () => {
    const [action] = planPerson(aPair({ 'address.postal_code': '20095' }), CLASSIC).actions;
    expect(action?.effects).toEqual([
      { type: 'base', role: 'contact', crmId: '11', marketingId: '900', fields: {}, unconfirmed: sent(1), settled: [] },
    ]);
  });
});

describe('C26: what was cleared', () => {
  const cleared = aPair({}, { POSTCODE: null });
  const withRules = (rules: Partial<CompiledField>, mode: Settings['mode']) =>
    settingsOf('classic', {
      mode,
      contact: { fields: CONTACT_FIELDS.map((field) => (field.key === 'POSTCODE' ? { ...field, ...rules } : field)) },
    });

  it('is remembered as it is where blanks stay, in an alignment too, and after a change of the configuration', () => {
    for (const [rules, mode] of [
      [{ blank: 'ignore' }, 'align'],
      [{}, 'rebaseline'],
    ] as const) {
      const plan = planPerson(cleared, withRules(rules, mode));
      expect([plan.actions, learntBy(plan), plan.later]).toEqual([
        [],
        { POSTCODE: { crm: '10115', marketing: null } },
        undefined,
      ]);
    }
  });
});

describe('C29: a list of values that one side alone has to be told of', () => {
  const both = withFields([FIELDS.tags]);
  const view = (crm: readonly string[], marketing: string) =>
    aPair({ tags: crm }, { TAGS: marketing }, based(agreedOn({ TAGS: ['green', 'red'] })));

  it('the CRM, where marketing has all of it', () => {
    const plan = planPerson(view(['blue', 'green', 'red'], 'blue; green; red; white'), both);
    expect(systems(plan)).toEqual(['crm']);
    expect(plan.actions[0]?.effects).toMatchObject([{ fields: agreedOn({ TAGS: ['blue', 'green', 'red', 'white'] }) }]);
  });

  it('marketing, where the CRM has all of it', () => {
    const plan = planPerson(view(['blue', 'green', 'red', 'white'], 'blue; green; red'), both);
    expect(systems(plan)).toEqual(['marketing']);
    expect(marks(plan)).toEqual({
      TAGS: {
        from: ['blue', 'green', 'red'],
        to: ['blue', 'green', 'red', 'white'],
        crm: ['blue', 'green', 'red', 'white'],
        tries: 1,
      },
    });
  });
});

describe('R19: tags that speak of consent, where tags are mapped', () => {
  const signals = { tags: { optIn: ['in'], optOut: ['out'] }, field: null, default: 'none' } as const;
  const own = settingsOf('classic', {
    contact: { fields: [...CONTACT_FIELDS, FIELDS.tags] },
    consent: { enabled: true, direction: 'to-marketing', signals: { contact: signals, lead: signals } },
  });
  const settled = {
    '(consent)': { crm: 'out', marketing: 'out' },
    '(consent evidence)': { crm: 'out', marketing: 'seen 2026-01-02T00:00:00Z' },
  };
  const view = (crm: readonly string[], marketing: string | null, agreed: readonly string[]): PersonView =>
    aPair(
      { tags: crm },
      { TAGS: marketing },
      {
        record: { tags: crm },
        mailing: { channel: { state: 'unsubscribed', reason: '', optInType: 'unknown' } },
        ...based({ ...agreedOn({ TAGS: agreed }), ...settled }),
      },
    );

  it('neither come nor go by an edit of them in marketing, and both sides stay as they are', () => {
    const removed = planPerson(view(['green', 'out'], 'green', ['green', 'out']), own);
    expect([removed.actions, learntBy(removed)['TAGS']]).toEqual([[], { crm: ['green', 'out'], marketing: ['green'] }]);
    const added = planPerson(view(['green', 'out'], 'green; in; out', ['green', 'out']), own);
    expect([added.actions, learntBy(added)['TAGS']]).toEqual([
      [],
      { crm: ['green', 'out'], marketing: ['green', 'in', 'out'] },
    ]);
  });

  it('stay as they are beside others that go to the CRM', () => {
    const plan = planPerson(view(['green', 'out'], 'blue; in', ['green', 'out']), own);
    expect(writeTo(plan, 'crm')?.crm?.set).toEqual({ tags: ['blue', 'out'] });
  });

  it('stay as they are where both sides changed the list', () => {
    const plan = planPerson(view(['green', 'out', 'red'], 'blue; green; in', ['green', 'out']), own);
    expect(writeTo(plan, 'crm')?.crm?.set).toEqual({ tags: ['blue', 'green', 'out', 'red'] });
    expect(writeTo(plan, 'marketing')?.marketing?.set).toEqual({ TAGS: 'blue; green; out; red' });
  });

  it('travel like any other to marketing', () => {
    const plan = planPerson(view(['green', 'out'], 'green', ['green']), own);
    expect(writeTo(plan, 'marketing')?.marketing?.set).toEqual({ TAGS: 'green; out' });
  });
});

describe('C30: a value that only the CRM may set', () => {
  const changed = aPair({ 'owner.name': 'Edith' }, { OWNER: 'Grace' }, based(agreedOn({ OWNER: 'Grace' })));

  it.each([
    ['both', ['marketing']],
    ['to-marketing', ['marketing']],
    ['to-crm', []],
  ] as const)('%s: goes to marketing as far as that may be written', (direction, written) => {
    expect(systems(planPerson(changed, withFields([FIELDS.owner], { direction })))).toEqual(written);
    const field = { ...FIELDS.owner, direction };
    expect(systems(planPerson(changed, withFields([field])))).toEqual(written);
  });
});

describe('C12: a status', () => {
  it('that cannot be mapped is told only where it would be written', () => {
    const view = aPair({ prospect_status: 'current' }, { CUSTOMER_STATUS: 'platinum', PROSPECT_STATUS: 'current' });
    expect(codesOf(planPerson(view, settingsOf('classic', { contact: { direction: 'to-marketing' } })))).toEqual([]);
    expect(codesOf(planPerson(view, settingsOf('classic', { contact: { direction: 'to-crm' } })))).toEqual([
      'STATUS_DEFAULTED',
    ]);
  });

  it('that was cleared means none, in marketing as far as that may be written', () => {
    const view = aPair({ prospect_status: 'current' }, { CUSTOMER_STATUS: null, PROSPECT_STATUS: 'current' });
    const plan = planPerson(view, CLASSIC);
    expect(marks(plan)).toMatchObject({ CUSTOMER_STATUS: { from: null, to: 'none', crm: 'none', twoSided: true } });
    const oneWay = planPerson(view, settingsOf('classic', { contact: { direction: 'to-crm' } }));
    expect([systems(oneWay), writeTo(oneWay, 'crm')?.crm?.set]).toEqual([['crm'], { customer_status: 'none' }]);
  });

  it('C14: neither half of that goes without the other', () => {
    const last = aPair({}, { CUSTOMER_STATUS: null, FIRSTNAME: 'Augusta' });
    const partly = planPerson(last, settingsOf('classic', { partialWrite: true }));
    expect(codesOf(partly)).toEqual(['NOT_PROSPECT_OR_CUSTOMER']);
    expect(partly.actions.map(({ crm, marketing }) => crm?.set ?? marketing?.set)).toEqual([{ first_name: 'Augusta' }]);
    expect(planPerson(last, CLASSIC).actions).toEqual([]);
  });
});

const CONFLICTS_HELD = settingsOf('classic', {
  contact: { fields: CONTACT_FIELDS.map((field) => ({ ...field, conflict: 'hold' })) },
});
const apart = aPair({ 'address.postal_code': '20095' }, { POSTCODE: '30159' });

describe('C9, C28: what is told of a value', () => {
  it('that both sides changed', () => {
    expect(planPerson(apart, CONFLICTS_HELD).holds).toMatchObject([
      {
        code: 'VALUE_UNMAPPABLE',
        row: 'C9',
        message: expect.stringContaining('POSTCODE was changed to different values'),
      },
    ]);
  });

  it.each<[string, PersonView, string, string]>([
    [
      'the CRM has and marketing cannot take',
      aPair({ 'custom_fields.Size': 'about ten' }, { SIZE: 4 }, based(agreedOn({ SIZE: '4' }))),
      'The value of custom_fields.Size',
      'Correct the value in the CRM',
    ],
    [
      'marketing has and the CRM cannot take',
      aPair({ 'custom_fields.Tier': 'Gold' }, { TIER: 'Platinum' }, based(agreedOn({ TIER: 'Gold' }))),
      'The value of TIER',
      'Correct the value in the mailing system',
    ],
  ])('that %s', (_, view, message, fix) => {
    const plan = planPerson(view, withFields([FIELDS.size, FIELDS.tier]));
    expect(plan.holds).toMatchObject([{ code: 'VALUE_UNMAPPABLE', email: ADDRESS, crmId: '11' }]);
    expect(plan.holds[0]?.message).toMatch(new RegExp(`^${message.replaceAll('.', String.raw`\.`)} [a-z].*[^.]\\.$`));
    expect(plan.holds[0]?.fix).toContain(fix);
  });

  it('C26: a text that is none is no blank: nothing is cleared by it', () => {
    const odd = aPair({ 'custom_fields.Size': 4 }, { SIZE: 'about ten' }, based(agreedOn({ SIZE: '4' })));
    const text = { ...FIELDS.size, marketing: { ...FIELDS.size.marketing, type: 'string' as const } };
    const plan = planPerson(odd, withFields([text]));
    expect([plan.actions, codesOf(plan)]).toEqual([[], ['VALUE_UNMAPPABLE']]);
    expect(plan.holds[0]?.message).not.toContain('undefined');
  });
});

it('C25: the change of an address is told with the write', () => {
  const plan = planPerson(aPair({}, {}, { mailing: { email: 'ada.king@example.org' } }), CLASSIC);
  expect(plan.actions[0]?.changes).toEqual({ email: { from: ADDRESS, to: 'ada.king@example.org' } });
  expect(plan.actions[0]?.effects).toMatchObject([{ settled: ['email'] }]);
});

it('4.1: without a field for its id a record leaves no id', () => {
  const plan = planPerson(
    aPair({ 'address.postal_code': '20095' }),
    settingsOf('classic', { contact: { idField: null } }),
  );
  expect(plan.actions[0]?.marketing?.set).toEqual({ POSTCODE: '20095' });
});

describe('decision 18: what tries a hold again is a change to', () => {
  const crm = { system: 'crm', entity: 'contact', id: '11' } as const;
  const marketing = { system: 'marketing', entity: 'contact', id: '900' } as const;

  it('both records of a pair, and nobody is asked anything', () => {
    const [hold] = planPerson(apart, CONFLICTS_HELD).holds;
    expect(hold?.refs).toEqual([crm, marketing]);
    expect(hold).not.toHaveProperty('asks');
  });

  it('the one record of whoever is on one side alone', () => {
    const inCrm = planPerson(aView({ contact: { candidates: [aRecord({}, { email: null })] } }), CLASSIC);
    const inMarketing = planPerson(aView({ marketing: aMailing({ LASTNAME: null }) }), CLASSIC);
    expect([inCrm.holds, inMarketing.holds]).toMatchObject([
      [{ code: 'EMAIL_MISSING', refs: [crm] }],
      [{ code: 'NAME_MISSING', refs: [marketing] }],
    ]);
  });

  it('each record that shares its address', () => {
    const two = aView({ marketing: aMailing(), contact: { candidates: [aRecord(), aRecord({}, { id: '12' })] } });
    const { holds } = planPerson(two, settingsOf('classic', { contact: { multipleMatch: 'do-not-update' } }));
    const other = { ...crm, id: '12' };
    expect(holds.map(({ refs }) => refs)).toEqual([
      [other, crm, marketing],
      [crm, other, marketing],
    ]);
  });
});

describe('L14-L17: the lead of a person', () => {
  const LEAD_BASE = agreedOn({
    email: ADDRESS,
    FIRSTNAME: 'Ada',
    LASTNAME: 'Lovelace',
    POSTCODE: '10115',
    ORGANISATION: 'Engines',
  });
  const lead = (values: Parameters<typeof aRecord>[0] = {}) => ({
    link: aLink({ id: 'link-2', role: 'lead', crmId: '51', base: LEAD_BASE }),
    record: aRecord({ organization_name: 'Engines', ...values }, { role: 'lead', id: '51' }),
  });
  const BOTH = settingsOf('classic', { lead: { enabled: true } });

  it.each([
    ['marketing', 'classic', 'Looms', 'Engines'],
    ['the CRM', 'classic', 'Engines', 'Looms'],
    ['the CRM', 'recommended', 'Engines', 'Looms'],
  ] as const)('L14: a name that it lacks holds its writes to %s, as a lead (%s)', (_, profile, inCrm, inMarketing) => {
    const base = { ...LEAD_BASE, ...agreedOn({ FIRSTNAME: null }) };
    const nameless = {
      ...lead({ first_name: null, organization_name: inCrm }),
      link: aLink({ id: 'link-2', role: 'lead', crmId: '51', base }),
    };
    const view = aView({ marketing: aMailing({ FIRSTNAME: null, ORGANISATION: inMarketing }), lead: nameless });
    const plan = planPerson(view, settingsOf(profile, { contact: { enabled: false }, lead: { enabled: true } }));
    expect([plan.actions, plan.holds.map(({ code, row, entity }) => [code, row, entity])]).toEqual([
      [],
      [['NAME_MISSING', 'L14', 'lead']],
    ]);
  });

  it('L17: an edit in marketing that the contact outranks in this plan never reaches the lead', () => {
    const view = aView({
      marketing: aMailing({ POSTCODE: '30159', ORGANISATION: 'Engines', SELL_LEAD_ID: '51' }),
      contact: { link: aLink(), record: aRecord({ 'address.postal_code': '20095' }) },
      lead: lead(),
    });
    const plan = planPerson(view, BOTH);
    expect(plan.actions).toMatchObject([{ system: 'marketing', marketing: { set: { POSTCODE: '20095' } } }]);
    expect(plan.actions).toHaveLength(1);
  });

  it('L16: only what differs is remembered as outranked', () => {
    const view = aView({
      marketing: aMailing({ ORGANISATION: 'Engines' }),
      contact: { link: aLink(), record: aRecord() },
      lead: {
        candidates: [
          aRecord({ organization_name: 'Engines', 'address.postal_code': '20095' }, { role: 'lead', id: '51' }),
        ],
      },
    });
    const learnt = learntBy(planPerson(view, BOTH));
    expect([learnt['POSTCODE'], learnt['LASTNAME']]).toEqual([
      { crm: '20095', marketing: '10115', outranked: true },
      { crm: 'Lovelace', marketing: 'Lovelace' },
    ]);
  });
});
