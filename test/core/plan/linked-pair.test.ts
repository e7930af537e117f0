// A linked pair whose fields changed: who is written, what is held, what is remembered. (C5-C16, C26-C30)
import { describe, expect, it } from 'vitest';
import type { CompiledField } from '../../../src/core/mapping/compiled-field.ts';
import type { BaseField, Link } from '../../../src/core/model/link.ts';
import type { ActionKind, PersonPlan } from '../../../src/core/model/plan.ts';
import type { AlignmentWinner, Settings } from '../../../src/core/model/settings.ts';
import { doubtAction } from '../../../src/core/plan/doubt-action.ts';
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
  mapped,
  type Profile,
  settingsOf,
  writeTo,
} from './a-person.ts';

const PROFILES: readonly Profile[] = ['classic', 'recommended'];

function withFields(profile: Profile, ...fields: readonly CompiledField[]): Settings {
  return settingsOf(profile, { contact: { fields: [...CONTACT_FIELDS, ...fields] } });
}

/** The default mapping with other rules for the post code. */
function withRules(rules: Partial<CompiledField>, profile: Profile = 'classic'): Settings {
  return settingsOf(profile, {
    contact: { fields: CONTACT_FIELDS.map((field) => (field.key === 'POSTCODE' ? { ...field, ...rules } : field)) },
  });
}

describe.each(PROFILES)('under the %s profile', (profile) => {
  const settings = settingsOf(profile);

  it('C27: nothing changed: nothing is written and nothing is learnt', () => {
    const plan = planPerson(aPair(), settings);
    expect(plan).toEqual({ key: 'm:900', actions: [], effects: [], holds: [], notes: [], again: false });
  });

  it('C5: only the CRM changed: the changed field goes to marketing, and waits to be read back', () => {
    const plan = planPerson(aPair({ 'address.postal_code': '20095' }), settings);
    const write = writeTo(plan, 'marketing');
    expect(plan.actions).toHaveLength(1);
    expect(write).toMatchObject({
      row: 'C5',
      kind: 'update',
      lane: 'update',
      marketingId: '900',
      clears: false,
      marketing: { set: { POSTCODE: '20095' } },
    });
    expect(write?.marketing?.channel).toBeUndefined();
    expect(write?.changes).toEqual({ POSTCODE: { from: '10115', to: '20095' } });
    expect(write?.effects).toMatchObject([
      { type: 'base', fields: {}, unconfirmed: { POSTCODE: { from: '10115', to: '20095', crm: '20095', tries: 1 } } },
    ]);
  });

  it('C6: only marketing changed: the changed field goes to the CRM, and the answer settles it', () => {
    const plan = planPerson(aPair({}, { POSTCODE: '20095' }), settings);
    const write = writeTo(plan, 'crm');
    expect(plan.actions).toHaveLength(1);
    expect(write).toMatchObject({
      row: 'C6',
      kind: 'update',
      crmId: '11',
      crm: { set: { 'address.postal_code': '20095' }, whole: ['address'] },
    });
    expect(write?.effects).toMatchObject([{ type: 'base', fields: agreedOn({ POSTCODE: '20095' }), unconfirmed: {} }]);
  });

  it('C7: both changed different fields: both are written, no conflict', () => {
    const plan = planPerson(aPair({ 'address.postal_code': '20095' }, { FIRSTNAME: 'Augusta' }), settings);
    expect(writeTo(plan, 'marketing')?.marketing?.set).toEqual({ POSTCODE: '20095' });
    expect(writeTo(plan, 'crm')?.crm?.set).toEqual({ first_name: 'Augusta' });
    expect(plan.holds).toEqual([]);
    expect(plan.actions.map(({ id }) => id)).toEqual(['m:900/marketing/contact/update', 'm:900/crm/contact/update']);
  });

  it('C8: both changed to the same value: remembered without a write', () => {
    const plan = planPerson(aPair({ 'address.postal_code': '20095' }, { POSTCODE: ' 20095' }), settings);
    expect(plan.actions).toEqual([]);
    expect(learntBy(plan)).toEqual(agreedOn({ POSTCODE: '20095' }));
  });

  it('C15: a status that a deal moved goes to marketing like any other change', () => {
    const plan = planPerson(aPair({ prospect_status: 'current' }), settings);
    expect(writeTo(plan, 'marketing')).toMatchObject({ row: 'C5', marketing: { set: { PROSPECT_STATUS: 'current' } } });
  });

  it('C31: what comes back as it was written is nothing new', () => {
    const sent = { POSTCODE: { from: '10115', to: '20095', crm: '20095', tries: 1 } };
    const plan = planPerson(
      aPair({ 'address.postal_code': '20095' }, { POSTCODE: '20095' }, { link: { unconfirmed: sent } }),
      settings,
    );
    expect(plan.actions).toEqual([]);
    expect(plan.effects).toMatchObject([
      { type: 'base', fields: agreedOn({ POSTCODE: '20095' }), settled: ['POSTCODE'] },
    ]);
  });

  it('C10: a name cleared in marketing never reaches the CRM', () => {
    const plan = planPerson(aPair({}, { LASTNAME: null, POSTCODE: '20095' }), settings);
    expect(plan.actions).toEqual([]);
    expect(plan.holds).toMatchObject([{ code: 'NAME_MISSING', row: 'C10', crmId: '11' }]);
  });

  it('C12: a customer status that cannot be mapped is written as none, and told', () => {
    const plan = planPerson(
      aPair({ prospect_status: 'current' }, { CUSTOMER_STATUS: 'platinum', PROSPECT_STATUS: 'current' }),
      settings,
    );
    expect(writeTo(plan, 'crm')?.crm?.set).toEqual({ customer_status: 'none' });
    expect(plan.holds).toMatchObject([{ code: 'STATUS_DEFAULTED', row: 'C12', field: 'CUSTOMER_STATUS' }]);
  });

  it('C13: so is a prospect status', () => {
    const plan = planPerson(
      aPair(
        { prospect_status: 'lost' },
        { PROSPECT_STATUS: 'maybe' },
        { link: { base: { ...ADA_BASE, ...agreedOn({ PROSPECT_STATUS: 'lost' }) } } },
      ),
      settings,
    );
    expect(writeTo(plan, 'crm')?.crm?.set).toEqual({ prospect_status: 'none' });
    expect(plan.holds).toMatchObject([{ code: 'STATUS_DEFAULTED', row: 'C13', field: 'PROSPECT_STATUS' }]);
  });

  it('C12: a status cleared in marketing means none on both sides', () => {
    const plan = planPerson(
      aPair({ prospect_status: 'current' }, { CUSTOMER_STATUS: null, PROSPECT_STATUS: 'current' }),
      settings,
    );
    expect(writeTo(plan, 'crm')?.crm?.set).toEqual({ customer_status: 'none' });
    expect(writeTo(plan, 'marketing')?.marketing?.set).toEqual({ CUSTOMER_STATUS: 'none' });
  });

  it('C14: updates of other fields of somebody who is neither prospect nor customer proceed', () => {
    const base = { ...ADA_BASE, ...agreedOn({ CUSTOMER_STATUS: 'none' }) };
    const plan = planPerson(
      aPair({ customer_status: 'none' }, { CUSTOMER_STATUS: 'none', FIRSTNAME: 'Augusta' }, { link: { base } }),
      settings,
    );
    expect(writeTo(plan, 'crm')?.crm?.set).toEqual({ first_name: 'Augusta' });
    expect(plan.holds).toEqual([]);
  });

  it('C26: a value cleared on one side is cleared on the other', () => {
    const toMarketing = planPerson(aPair({ 'address.postal_code': '' }), settings);
    expect(writeTo(toMarketing, 'marketing')).toMatchObject({
      row: 'C26',
      clears: true,
      marketing: { set: { POSTCODE: null } },
    });
    const toCrm = planPerson(aPair({}, { POSTCODE: ' ' }), settings);
    expect(writeTo(toCrm, 'crm')).toMatchObject({
      row: 'C26',
      clears: true,
      crm: { set: { 'address.postal_code': null } },
    });
  });

  it('C27: a blank that was always blank is not filled', () => {
    const base = { ...ADA_BASE, POSTCODE: { crm: '10115', marketing: null } };
    expect(planPerson(aPair({}, { POSTCODE: null }, { link: { base } }), settings).actions).toEqual([]);
  });

  it('C29: additions and removals of both sides meet; one half never goes without the other', () => {
    const both = withFields(profile, FIELDS.tags);
    const base = { ...ADA_BASE, ...agreedOn({ TAGS: ['green', 'red'] }) };
    const plan = planPerson(aPair({ tags: ['blue', 'red'] }, { TAGS: 'green; red; white' }, { link: { base } }), both);
    expect(writeTo(plan, 'crm')).toMatchObject({
      row: 'C29',
      crm: { set: { tags: ['blue', 'red', 'white'] }, whole: ['tags'] },
    });
    expect(writeTo(plan, 'marketing')).toMatchObject({ row: 'C29', marketing: { set: { TAGS: 'blue; red; white' } } });
    expect(writeTo(plan, 'crm')?.effects).toMatchObject([{ fields: {} }]);
    expect(writeTo(plan, 'marketing')?.effects).toMatchObject([{ unconfirmed: { TAGS: { twoSided: true } } }]);

    const nameless = planPerson(
      aPair(
        { tags: ['blue', 'red'], last_name: null },
        { TAGS: 'green; red; white', LASTNAME: null },
        { link: { base: { ...base, ...agreedOn({ LASTNAME: null }) } } },
      ),
      both,
    );
    expect(nameless.actions).toEqual([]);
    expect(codesOf(nameless)).toContain('NAME_MISSING');

    const long = mapped('TAGS', 'tags', ['set', 'string'], { crm: { whole: 'tags' }, maxLength: 15 });
    const unfit = planPerson(
      aPair({ tags: ['blue', 'red'] }, { TAGS: 'green; red; white', FIRSTNAME: 'Augusta' }, { link: { base } }),
      withFields(profile, long),
    );
    expect(writeTo(unfit, 'crm')?.crm?.set).toEqual({ first_name: 'Augusta' });
    expect(writeTo(unfit, 'marketing')).toBeUndefined();
    expect(codesOf(unfit)).toEqual(['VALUE_UNMAPPABLE']);
  });

  it('C29: both halves written: learnt when marketing was read, not while it is assumed', () => {
    const both = withFields(profile, FIELDS.tags);
    const link = {
      base: { ...ADA_BASE, ...agreedOn({ TAGS: ['green', 'red'] }) },
      unconfirmed: {
        TAGS: { from: ['green', 'red', 'white'], to: ['blue', 'red'], crm: ['blue', 'red'], tries: 1, twoSided: true },
      },
    } as const;
    const view = (assumed: boolean) =>
      aPair({ tags: ['blue', 'red'] }, { TAGS: 'blue; red' }, { link, mailing: { assumed } });
    const waiting = planPerson(view(true), both);
    expect([waiting.actions, waiting.effects]).toEqual([[], []]);
    const read = planPerson(view(false), both);
    expect(read.actions).toEqual([]);
    expect(read.effects).toMatchObject([{ fields: agreedOn({ TAGS: ['blue', 'red'] }), settled: ['TAGS'] }]);
  });

  it('C30: a field that only the CRM may set goes to marketing, and edits of it there stay there', () => {
    const owned = withFields(profile, FIELDS.owner);
    const base = { ...ADA_BASE, ...agreedOn({ OWNER: 'Grace' }) };
    const changed = planPerson(aPair({ 'owner.name': 'Edith' }, { OWNER: 'Grace' }, { link: { base } }), owned);
    expect(writeTo(changed, 'marketing')?.marketing?.set).toEqual({ OWNER: 'Edith' });
    const edited = planPerson(aPair({ 'owner.name': 'Grace' }, { OWNER: 'Somebody' }, { link: { base } }), owned);
    expect(edited.actions).toEqual([]);
  });

  it('R4: a write without effect is sent a second time, then held until the value changes', () => {
    const lost = (tries: number) =>
      aPair(
        { 'address.postal_code': '20095' },
        {},
        { link: { unconfirmed: { POSTCODE: { from: '10115', to: '20095', crm: '20095', tries } } } },
      );
    expect(writeTo(planPerson(lost(1), settings), 'marketing')?.effects).toMatchObject([
      { unconfirmed: { POSTCODE: { tries: 2 } } },
    ]);
    const held = planPerson(lost(2), settings);
    expect(held.actions).toEqual([]);
    expect(held.effects).toEqual([]);
    expect(held.holds).toMatchObject([{ code: 'REMOTE_REJECTED', row: 'R4', field: 'POSTCODE' }]);
    const other = aPair(
      { 'address.postal_code': '30159' },
      {},
      { link: { unconfirmed: { POSTCODE: { from: '10115', to: '20095', crm: '20095', tries: 2 } } } },
    );
    expect(writeTo(planPerson(other, settings), 'marketing')?.marketing?.set).toEqual({ POSTCODE: '30159' });
  });
});

describe('C9: both sides changed one field to different values', () => {
  const edited = aPair({ 'address.postal_code': '20095' }, { POSTCODE: '30159' });

  it('the CRM wins by default', () => {
    expect(writeTo(planPerson(edited, settingsOf('classic')), 'marketing')).toMatchObject({
      row: 'C9',
      marketing: { set: { POSTCODE: '20095' } },
    });
  });

  it('marketing wins where the field says so', () => {
    const plan = planPerson(edited, withRules({ conflict: 'marketing' }));
    expect(plan.actions).toMatchObject([
      { system: 'crm', row: 'C9', crm: { set: { 'address.postal_code': '30159' } } },
    ]);
  });

  it.each(PROFILES)('it is held where the field says so; the other fields go on (decision 17, %s)', (profile) => {
    const settings = withRules({ conflict: 'hold' }, profile);
    const plan = planPerson(
      aPair({ 'address.postal_code': '20095' }, { POSTCODE: '30159', FIRSTNAME: 'Augusta' }),
      settings,
    );
    expect(plan.actions).toMatchObject([{ system: 'crm', crm: { set: { first_name: 'Augusta' } } }]);
    expect(plan.holds).toMatchObject([{ row: 'C9', field: 'POSTCODE', crmId: '11' }]);
    expect(learntBy(plan)).toEqual({});
  });

  it('a cleared value is a change like any other, unless blanks stay', () => {
    const cleared = aPair({ 'address.postal_code': null }, { POSTCODE: '30159' });
    expect(writeTo(planPerson(cleared, settingsOf('classic')), 'marketing')?.marketing?.set).toEqual({
      POSTCODE: null,
    });
    expect(writeTo(planPerson(cleared, withRules({ blank: 'ignore' })), 'crm')?.crm?.set).toEqual({
      'address.postal_code': '30159',
    });
  });
});

describe('C11: the CRM record lacks a name', () => {
  const nameless = aPair(
    { first_name: null, 'address.postal_code': '20095' },
    { FIRSTNAME: null },
    { link: { base: { ...ADA_BASE, ...agreedOn({ FIRSTNAME: null }) } } },
  );

  it('classic holds it on its way to marketing too', () => {
    const plan = planPerson(nameless, settingsOf('classic'));
    expect(plan.actions).toEqual([]);
    expect(plan.holds).toMatchObject([{ code: 'NAME_MISSING', row: 'C11' }]);
  });

  it('recommended asks for names only where the CRM is written', () => {
    const plan = planPerson(nameless, settingsOf('recommended'));
    expect(writeTo(plan, 'marketing')?.marketing?.set).toEqual({ POSTCODE: '20095' });
    expect(plan.holds).toEqual([]);
  });

  it('a name that the same plan writes to the CRM counts', () => {
    const plan = planPerson(
      aPair(
        { first_name: null, 'address.postal_code': '20095' },
        {},
        { link: { base: { ...ADA_BASE, ...agreedOn({ FIRSTNAME: null }) } } },
      ),
      settingsOf('classic'),
    );
    expect(writeTo(plan, 'crm')?.crm?.set).toEqual({ first_name: 'Ada' });
    expect(writeTo(plan, 'marketing')?.marketing?.set).toEqual({ POSTCODE: '20095' });
  });
});

describe('C10, C11, L14: names that are missing', () => {
  const unnamed = (first: string | null, last: string | null) => {
    const values = { FIRSTNAME: first, LASTNAME: last };
    return aPair({ first_name: first, last_name: last, 'address.postal_code': '20095' }, values, {
      link: { base: { ...ADA_BASE, ...agreedOn({ FIRSTNAME: null, LASTNAME: null }) } },
    });
  };

  it.each([
    ['The first name is', null, 'Lovelace'],
    ['The last name is', 'Ada', null],
    ['The last name is', 'Ada', '  '],
    ['The first and last name are', null, null],
    ['The first and last name are', '', ' '],
  ])('%s missing: %j %j', (what, first, last) => {
    const settings = settingsOf('classic', { contact: { fields: [FIELDS.postcode] } });
    expect(planPerson(unnamed(first, last), settings).holds).toMatchObject([
      { code: 'NAME_MISSING', row: 'C11', message: expect.stringContaining(`${what} missing`) },
    ]);
  });
});

describe('C14: a write that would leave neither prospect nor customer', () => {
  const dropped = aPair({}, { CUSTOMER_STATUS: 'none', FIRSTNAME: 'Augusta' });

  it('is held by classic, with the rest of the record', () => {
    const plan = planPerson(dropped, settingsOf('classic'));
    expect(plan.actions).toEqual([]);
    expect(plan.holds).toMatchObject([{ code: 'NOT_PROSPECT_OR_CUSTOMER', row: 'C14' }]);
  });

  it('is held alone where parts of a record may be written', () => {
    const plan = planPerson(dropped, settingsOf('classic', { partialWrite: true }));
    expect(writeTo(plan, 'crm')?.crm?.set).toEqual({ first_name: 'Augusta' });
    expect(codesOf(plan)).toEqual(['NOT_PROSPECT_OR_CUSTOMER']);
  });

  it('passes where contacts that are neither are allowed', () => {
    const plan = planPerson(dropped, settingsOf('recommended'));
    expect(writeTo(plan, 'crm')?.crm?.set).toEqual({ first_name: 'Augusta', customer_status: 'none' });
    expect(plan.holds).toEqual([]);
  });
});

describe('C16: a billing address for somebody who is neither prospect nor customer', () => {
  const base = { ...ADA_BASE, ...agreedOn({ CUSTOMER_STATUS: 'none', BILLINGCITY: null }) };
  const view = aPair(
    { customer_status: 'none', 'billing_address.city': null },
    { CUSTOMER_STATUS: 'none', BILLINGCITY: 'Rome', FIRSTNAME: 'Augusta' },
    { link: { base } },
  );

  it('classic holds the record', () => {
    const plan = planPerson(view, withFields('classic', FIELDS.billing));
    expect(plan.actions).toEqual([]);
    expect(plan.holds).toMatchObject([{ code: 'ADDRESS_INVALID', row: 'C16', field: 'billing_address.city' }]);
  });

  it('recommended writes the rest and keeps the address held', () => {
    const plan = planPerson(view, withFields('recommended', FIELDS.billing));
    expect(writeTo(plan, 'crm')?.crm).toEqual({ set: { first_name: 'Augusta' } });
    expect(codesOf(plan)).toEqual(['ADDRESS_INVALID']);
  });

  it('one that is cleared, or that nobody changed, is not refused', () => {
    const fields = withFields('classic', FIELDS.billing);
    const known = { ...base, ...agreedOn({ BILLINGCITY: 'Paris' }) };
    const set = (city: string | null) => {
      const unmarked = aPair(
        { customer_status: 'none', 'billing_address.city': 'Paris' },
        { CUSTOMER_STATUS: 'none', BILLINGCITY: city, FIRSTNAME: 'Augusta' },
        { link: { base: known } },
      );
      const plan = planPerson(unmarked, fields);
      return [plan.holds, writeTo(plan, 'crm')?.crm?.set];
    };
    expect(set('Paris')).toEqual([[], { first_name: 'Augusta' }]);
    expect(set(null)).toEqual([[], { first_name: 'Augusta', 'billing_address.city': null }]);
  });

  it('a mark that the same write brings makes it acceptable', () => {
    const marked = aPair(
      { customer_status: 'none', 'billing_address.city': null },
      { CUSTOMER_STATUS: 'current', BILLINGCITY: 'Rome' },
      { link: { base } },
    );
    expect(writeTo(planPerson(marked, withFields('classic', FIELDS.billing)), 'crm')?.crm).toEqual({
      set: { customer_status: 'current', 'billing_address.city': 'Rome' },
      whole: ['billing_address'],
    });
  });
});

describe('C28: a value that does not fit', () => {
  const base = { ...ADA_BASE, ...agreedOn({ TIER: 'Gold', SIZE: '4' }) };

  it.each([
    ['classic', undefined],
    ['recommended', { first_name: 'Augusta' }],
  ] as const)('is held on its way to the CRM; %s writes of the rest: %o', (profile, rest) => {
    const view = aPair(
      { 'custom_fields.Tier': 'Gold' },
      { TIER: 'Platinum', FIRSTNAME: 'Augusta' },
      { link: { base } },
    );
    const plan = planPerson(view, withFields(profile, FIELDS.tier));
    expect(writeTo(plan, 'crm')?.crm?.set).toEqual(rest);
    expect(plan.holds).toMatchObject([{ code: 'VALUE_UNMAPPABLE', row: 'C28', field: 'TIER', crmId: '11' }]);
  });

  it.each([
    ['classic', undefined],
    ['recommended', { POSTCODE: '20095' }],
  ] as const)('is held on its way to marketing; %s writes of the rest: %o', (profile, rest) => {
    const view = aPair(
      { 'custom_fields.Size': 'about ten', 'address.postal_code': '20095' },
      { SIZE: 4 },
      { link: { base } },
    );
    const plan = planPerson(view, withFields(profile, FIELDS.size));
    expect(writeTo(plan, 'marketing')?.marketing?.set).toEqual(rest);
    expect(plan.holds).toMatchObject([{ code: 'VALUE_UNMAPPABLE', row: 'C28', field: 'SIZE' }]);
  });

  it('a value that does not fit on a side that is not written bothers nobody', () => {
    const view = aPair({ 'custom_fields.Tier': 'Gold' }, { TIER: 'Platinum' }, { link: { base } });
    const plan = planPerson(
      view,
      settingsOf('classic', { contact: { direction: 'to-marketing', fields: [FIELDS.tier] } }),
    );
    expect([plan.actions, plan.holds]).toEqual([[], []]);
  });
});

describe('C26: blanks that stay', () => {
  it.each([
    ['the CRM', aPair({ 'address.postal_code': null }), { crm: null, marketing: '10115' }],
    ['marketing', aPair({}, { POSTCODE: null }), { crm: '10115', marketing: null }],
  ])('a value cleared in %s is kept on the other side', (_, view, kept) => {
    const plan = planPerson(view, withRules({ blank: 'ignore' }));
    expect(plan.actions).toEqual([]);
    expect(learntBy(plan)).toEqual({ POSTCODE: kept });
  });

  it.each([
    ['the CRM', aPair({ 'address.postal_code': null })],
    ['marketing', aPair({}, { POSTCODE: null })],
  ])('C26: a value cleared in %s is neither cleared by an alignment nor forgotten by it', (_, view) => {
    const plan = planPerson(view, settingsOf('classic', { mode: 'align' }));
    expect([plan.actions, learntBy(plan), plan.later]).toEqual([[], {}, true]);
  });

  it('R12: after a change of the configuration nothing is cleared', () => {
    const plan = planPerson(aPair({ 'address.postal_code': null }), settingsOf('classic', { mode: 'rebaseline' }));
    expect(plan.actions).toEqual([]);
  });
});

describe('4.8: what was left different', () => {
  const left = { crm: '10115', marketing: '20095' };
  /** @param inCrm what Sell has by now @param inMarketing the same of marketing */
  const apart = (inCrm: string | null, inMarketing: string | null, base: BaseField = left) =>
    aPair(
      { 'address.postal_code': inCrm },
      { POSTCODE: inMarketing },
      { link: { base: { ...ADA_BASE, POSTCODE: base } } },
    );
  const aligning = (winner: AlignmentWinner) =>
    settingsOf('classic', { mode: 'align', contact: { alignment: { direction: 'both', winner } } });

  it.each([
    ['crm', 'marketing', { POSTCODE: '10115' }],
    ['marketing', 'crm', { 'address.postal_code': '20095' }],
  ] as const)('an alignment decides it anew: %s wins', (winner, system, set) => {
    const plan = planPerson(apart('10115', '20095'), aligning(winner));
    expect(plan.actions).toMatchObject([{ row: 'C2', system, [system]: { set } }]);
    expect(learntBy(plan)).toEqual({ POSTCODE: { ...left, asked: true } });
  });

  it('fill-blanks overwrites nothing, and fills what blank a direction had left', () => {
    const plan = planPerson(apart('10115', '20095'), aligning('fill-blanks'));
    expect([plan.actions, learntBy(plan)]).toEqual([[], {}]);
    const blank = apart('10115', null, { crm: '10115', marketing: null });
    const filled = planPerson(blank, aligning('fill-blanks'));
    expect(writeTo(filled, 'marketing')?.marketing?.set).toEqual({ POSTCODE: '10115' });
  });

  it.each([
    ['marketing', apart('10115', '30159'), 'crm', { 'address.postal_code': '30159' }],
    ['the CRM', apart('30159', '20095'), 'marketing', { POSTCODE: '30159' }],
    [
      'what an undo left',
      apart('10115', '30159', { ...left, undone: true }),
      'crm',
      { 'address.postal_code': '30159' },
    ],
  ] as const)('an edit since is news to an alignment, whoever is to win: %s', (_, view, system, set) => {
    for (const winner of ['crm', 'marketing', 'fill-blanks'] as const)
      expect(planPerson(view, aligning(winner)).actions).toMatchObject([{ system, [system]: { set } }]);
  });

  it('C26: what was cleared where blanks do not travel is not filled again', () => {
    const cleared = apart(null, '10115', { crm: null, marketing: '10115' });
    expect(planPerson(cleared, { ...withRules({ blank: 'ignore' }), mode: 'align' }).actions).toEqual([]);
  });

  it('a sync lets it be, and carries on with what an alignment could not write', () => {
    const asked = { ...left, asked: true } as const;
    expect(planPerson(apart('10115', '20095'), settingsOf('classic')).actions).toEqual([]);
    expect(planPerson(apart('10115', '20095', asked), settingsOf('classic')).actions).toMatchObject([
      { system: 'marketing', marketing: { set: { POSTCODE: '10115' } } },
    ]);
    expect(planPerson(apart('10115', '30159', asked), settingsOf('classic')).actions).toMatchObject([
      { system: 'crm', crm: { set: { 'address.postal_code': '30159' } } },
    ]);
  });
});

describe('C26, R11: a field that one account lost', () => {
  const lost = (system: 'crm' | 'marketing') => ({
    ...ADA_BASE,
    POSTCODE: { crm: '10115', marketing: '10115', [system]: null, lost: system },
  });
  const inAlignment = (profile: Profile) =>
    settingsOf(profile, { mode: 'align', contact: { alignment: { direction: null, winner: 'fill-blanks' } } });

  it.each(PROFILES)('%s: is filled from the other side, by an alignment that writes nothing new as well', (profile) => {
    for (const settings of [settingsOf(profile), inAlignment(profile)]) {
      const inCrm = aPair({ 'address.postal_code': null }, {}, { link: { base: lost('crm') } });
      const inMarketing = aPair({}, { POSTCODE: null }, { link: { base: lost('marketing') } });
      expect(writeTo(planPerson(inCrm, settings), 'crm')?.crm?.set).toEqual({ 'address.postal_code': '10115' });
      expect(writeTo(planPerson(inMarketing, settings), 'marketing')?.marketing?.set).toEqual({ POSTCODE: '10115' });
      // Edited on the other side before anybody looked.
      const edited = aPair(
        { 'address.postal_code': '20095' },
        { POSTCODE: null },
        { link: { base: lost('marketing') } },
      );
      expect(writeTo(planPerson(edited, settings), 'marketing')?.marketing?.set).toEqual({ POSTCODE: '20095' });
    }
  });

  it('what somebody put into the new field is an edit like any other', () => {
    const view = aPair({}, { POSTCODE: '20095' }, { link: { base: lost('marketing') } });
    expect(writeTo(planPerson(view, settingsOf('classic')), 'crm')?.crm?.set).toEqual({
      'address.postal_code': '20095',
    });
  });

  it('is forgotten as lost where the direction does not let the other side be written, or both are blank', () => {
    const none = settingsOf('classic', { contact: { direction: 'to-crm' } });
    const kept = aPair({}, { POSTCODE: null }, { link: { base: lost('marketing') } });
    const blank = aPair({ 'address.postal_code': null }, { POSTCODE: null }, { link: { base: lost('marketing') } });
    expect([planPerson(kept, none).actions, learntBy(planPerson(kept, none))]).toEqual([
      [],
      { POSTCODE: { crm: '10115', marketing: null } },
    ]);
    expect(learntBy(planPerson(blank, none))).toEqual({ POSTCODE: { crm: null, marketing: null } });
  });

  it('D13, D16: its loss in the CRM is no edit of a record whose contact was deleted', () => {
    const view = (base: Link['base']) =>
      aPair({ 'address.postal_code': null }, {}, { link: { base }, mailing: { state: 'deleted' } });
    const settings = settingsOf('classic');
    expect(planPerson(view(lost('crm')), settings)).toEqual(
      planPerson(view({ ...ADA_BASE, POSTCODE: { crm: null, marketing: null } }), settings),
    );
    expect(planPerson(view(ADA_BASE), settings)).not.toEqual(planPerson(view(lost('crm')), settings));
  });
});

describe('R4: a write that failed', () => {
  const failed = (view: ReturnType<typeof aPair>, settings = settingsOf('recommended')) => {
    const { actions } = planPerson(view, settings);
    return actions.flatMap(doubtAction).flatMap((effect) => (effect.type === 'base' ? [effect] : []));
  };

  it('is remembered of fields and addresses, with nothing agreed on', () => {
    expect(failed(aPair({ 'address.postal_code': '20095' }, { LASTNAME: 'King' }))).toMatchObject([
      {
        fields: {},
        settled: [],
        unconfirmed: { POSTCODE: { from: '10115', to: '20095', crm: '20095', doubted: 'marketing' } },
      },
      { fields: {}, settled: [], unconfirmed: { LASTNAME: { to: 'King', crm: 'King', doubted: 'crm' } } },
    ]);
    expect(failed(aPair({}, {}, { mailing: { email: 'new@example.com' } }))).toMatchObject([
      { unconfirmed: { email: { to: 'new@example.com', crm: 'new@example.com', doubted: 'crm' } } },
    ]);
  });

  it('C29: is not of one half of a write to both sides', () => {
    const base = { ...ADA_BASE, TAGS: { crm: ['a'], marketing: ['a'] } };
    const view = aPair({ tags: ['a', 'b'] }, { TAGS: 'a;c' }, { link: { base } });
    const { actions } = planPerson(view, withFields('recommended', FIELDS.tags));
    expect([actions.length, actions.flatMap(doubtAction)]).toEqual([2, []]);
  });

  it.each<[string, PersonPlan, ActionKind]>([
    ['made a record', planPerson(aView({ contact: { candidates: [aRecord()] } }), settingsOf('classic')), 'create'],
    [
      'D1: marked a contact',
      planPerson(
        aPair({}, {}, { record: { state: 'deleted' } }),
        settingsOf('classic', { contact: { delete: 'mark' } }),
      ),
      'update',
    ],
    ['D1: deleted it', planPerson(aPair({}, {}, { record: { state: 'deleted' } }), settingsOf('classic')), 'delete'],
  ])('is not of one that %s', (_, { actions }, kind) => {
    expect([actions.map((action) => action.kind), actions.flatMap(doubtAction)]).toEqual([[kind], []]);
  });

  it('R17: is not of one that took another back', () => {
    const { actions } = planPerson(aPair({ 'address.postal_code': '20095' }), settingsOf('classic'));
    expect(actions.map((action) => doubtAction(action).length)).toEqual([1]);
    expect(actions.flatMap((action) => doubtAction({ ...action, row: 'R17' }))).toEqual([]);
  });

  it('L5: is of fields alone, not of a status that went with them', () => {
    const lists = [
      { listId: '70', status: 'New', known: true },
      { listId: '71', status: 'Working', known: true },
    ];
    const base = { ...agreedOn({ email: ADDRESS, POSTCODE: '10115', '(lead status)': 'New' }) };
    const view = {
      ...aView({
        marketing: aMailing({ POSTCODE: '20095' }),
        lead: {
          link: aLink({ role: 'lead', crmId: '51', base }),
          record: aRecord({}, { role: 'lead', id: '51', status: 'New' }),
        },
      }),
      leadLists: [{ listId: '71', since: null }],
    };
    const settings = settingsOf('classic', {
      contact: { enabled: false },
      lead: { enabled: true, fields: [FIELDS.postcode], statusLists: { enforceSingle: false, lists } },
    });
    expect(planPerson(view, settings).actions).toMatchObject([{ crm: { status: 'Working' } }]);
    expect(failed(view, settings).map(({ unconfirmed }) => Object.keys(unconfirmed))).toEqual([['POSTCODE']]);
  });

  it('and was carried out all the same, is no edit: what was taken back on the other side meanwhile goes there again', () => {
    const mark = { from: '10115', to: '20095', crm: '20095', tries: 1 } as const;
    const settings = settingsOf('classic');
    const inMarketing = { link: { unconfirmed: { POSTCODE: { ...mark, doubted: 'marketing' as const } } } };
    const inCrm = { link: { unconfirmed: { POSTCODE: { ...mark, doubted: 'crm' as const } } } };
    expect(
      writeTo(planPerson(aPair({}, { POSTCODE: '20095' }, inMarketing), settings), 'marketing')?.marketing?.set,
    ).toEqual({ POSTCODE: '10115' });
    expect(
      writeTo(planPerson(aPair({ 'address.postal_code': '20095' }, {}, inCrm), settings), 'crm')?.crm?.set,
    ).toEqual({ 'address.postal_code': '10115' });
    // Neither side has it: the mark is over, and nothing else.
    for (const more of [inMarketing, inCrm]) {
      const plan = planPerson(aPair({}, {}, more), settings);
      expect([plan.actions, learntBy(plan)]).toEqual([[], {}]);
      expect(plan.effects).toMatchObject([{ settled: ['POSTCODE'] }]);
    }
  });

  it('C9: and was carried out all the same, makes no conflict with an edit that was made since', () => {
    const mark = { from: '10115', to: '20095', crm: '20095', tries: 1, doubted: 'marketing' } as const;
    const view = aPair(
      { 'address.postal_code': '80331' },
      { POSTCODE: '20095' },
      { link: { unconfirmed: { POSTCODE: mark } } },
    );
    const plan = planPerson(view, withRules({ conflict: 'marketing' }));
    expect(writeTo(plan, 'marketing')?.marketing?.set).toEqual({ POSTCODE: '80331' });
  });
});

describe('S2: one-way', () => {
  it.each([
    ['to-marketing', aPair({}, { POSTCODE: '20095' })],
    ['to-crm', aPair({ 'address.postal_code': '20095' })],
  ] as const)('%s: an edit of the muted side stays, and is not learnt', (direction, view) => {
    const plan = planPerson(view, settingsOf('classic', { contact: { direction } }));
    expect([plan.actions, plan.effects, plan.holds]).toEqual([[], [], []]);
  });

  it.each([
    ['to-marketing', 'marketing', { POSTCODE: '20095' }],
    ['to-crm', 'crm', { 'address.postal_code': '30159' }],
  ] as const)('%s: when both sides changed, the source decides', (direction, system, set) => {
    const plan = planPerson(
      aPair({ 'address.postal_code': '20095' }, { POSTCODE: '30159' }),
      settingsOf('classic', { contact: { direction } }),
    );
    expect(plan.actions).toMatchObject([{ system, [system]: { set } }]);
  });

  it('a field may be narrower than its object', () => {
    const settings = withRules({ direction: 'to-crm' });
    expect(planPerson(aPair({ 'address.postal_code': '20095' }), settings).actions).toEqual([]);
    expect(writeTo(planPerson(aPair({}, { POSTCODE: '30159' }), settings), 'crm')?.crm?.set).toEqual({
      'address.postal_code': '30159',
    });
  });
});

it('4.1: the CRM id goes along with a write to marketing, never by itself and never to a muted side', () => {
  const lost = { SELL_CONTACT_ID: null };
  expect(planPerson(aPair({}, lost), settingsOf('classic')).actions).toEqual([]);
  const plan = planPerson(aPair({ 'address.postal_code': '20095' }, lost), settingsOf('classic'));
  expect(writeTo(plan, 'marketing')?.marketing?.set).toEqual({ POSTCODE: '20095', SELL_CONTACT_ID: '11' });
  const oneWay = planPerson(
    aPair({ 'address.postal_code': '20095' }, { ...lost, FIRSTNAME: 'Augusta' }),
    settingsOf('classic', { contact: { direction: 'to-crm' } }),
  );
  expect(oneWay.actions.map((action) => action.system)).toEqual(['crm']);
});

it('4.3: a record that is gone or hidden is not written', () => {
  for (const state of ['deleted', 'hidden'] as const) {
    const plan = planPerson(
      aPair({ 'address.postal_code': '20095' }, { FIRSTNAME: 'Augusta' }, { record: { state } }),
      settingsOf('classic'),
    );
    expect(
      plan.actions.filter((action) => action.system === 'crm' || action.marketing?.set['POSTCODE'] !== undefined),
    ).toEqual([]);
  }
});
