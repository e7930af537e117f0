// Nobody is linked yet: who is created where, who is matched, who is held. (C1-C4, C10-C19, C34, C35, 4.4)
import { describe, expect, it } from 'vitest';
import { CONSENT_KEY, rememberedMade } from '../../../src/core/consent/state-words.ts';
import type { CompiledField } from '../../../src/core/mapping/compiled-field.ts';
import type { PersonView } from '../../../src/core/model/person.ts';
import type { CrmRecord } from '../../../src/core/model/record.ts';
import type { AlignmentWinner, MultipleMatch } from '../../../src/core/model/settings.ts';
import type { Raw } from '../../../src/core/model/value.ts';
import { UNDO_ROW } from '../../../src/core/plan/invert-view.ts';
import { planPerson } from '../../../src/core/plan/plan-person.ts';
import {
  ADDRESS,
  agreedOn,
  aLink,
  aMailing,
  aRecord,
  aView,
  CONTACT_FIELDS,
  codesOf,
  FIELDS,
  learntBy,
  settingsOf,
  writeTo,
} from './a-person.ts';

const PROFILES = ['classic', 'recommended'] as const;

function inCrm(values: Readonly<Record<string, Raw>> = {}, more: Parameters<typeof aRecord>[1] = {}): PersonView {
  return aView({ contact: { candidates: [aRecord(values, more)] } });
}

function inMailing(values: Readonly<Record<string, Raw>> = {}, more: Parameters<typeof aMailing>[1] = {}): PersonView {
  return aView({ marketing: aMailing({ SELL_CONTACT_ID: null, ...values }, more) });
}

describe.each(PROFILES)('C1: a CRM record whose address is no marketing contact (%s)', (profile) => {
  const settings = settingsOf(profile);

  it('makes the contact with its mapped fields and id, and links the two', () => {
    const plan = planPerson(inCrm({}, { email: ' Ada@Example.org' }), settings);
    const write = writeTo(plan, 'marketing');
    expect(plan.actions).toHaveLength(1);
    expect(write).toMatchObject({
      row: 'C1',
      kind: 'create',
      lane: 'create',
      email: ADDRESS,
      crmId: '11',
      marketingId: null,
      clears: false,
    });
    expect(write?.marketing?.set).toEqual({
      FIRSTNAME: 'Ada',
      LASTNAME: 'Lovelace',
      POSTCODE: '10115',
      CUSTOMER_STATUS: 'current',
      PROSPECT_STATUS: 'none',
      SELL_CONTACT_ID: '11',
    });
    const told = { type: 'consent', state: 'unknown', row: 'O16', written: 'unsubscribed in the mailing system' };
    expect(write?.effects).toMatchObject([
      ...(profile === 'classic' ? [] : [told]),
      { type: 'link', role: 'contact', crmId: '11', marketingId: null, state: 'active' },
      {
        type: 'base',
        fields: profile === 'classic' ? {} : { [CONSENT_KEY]: { crm: 'unknown', marketing: rememberedMade(null) } },
        unconfirmed: {
          email: { from: null, to: ADDRESS, crm: ADDRESS, tries: 1 },
          POSTCODE: { from: null, to: '10115' },
        },
      },
    ]);
  });

  it('O16: says the channel the setting chose for unknown consent', () => {
    const channel = writeTo(planPerson(inCrm(), settings), 'marketing')?.marketing?.channel;
    expect(channel).toEqual(
      profile === 'classic' ? { state: 'subscribed', challenge: true } : { state: 'unsubscribed' },
    );
  });

  it('C22: an address that is suppressed starts opted out', () => {
    const view = { ...inCrm(), suppressedAddresses: [ADDRESS] };
    expect(writeTo(planPerson(view, settings), 'marketing')).toMatchObject({
      rows: ['C1', 'C22'],
      marketing: { channel: { state: 'unsubscribed' } },
    });
  });

  it('C14: is not held for being neither prospect nor customer: that is a rule of writes to the CRM', () => {
    const plan = planPerson(inCrm({ customer_status: 'none' }), settings);
    expect([plan.actions.length, plan.holds]).toEqual([1, []]);
  });

  it.each([
    ['C18', 'EMAIL_MISSING', null],
    ['C18', 'EMAIL_MISSING', '  '],
    ['C19', 'EMAIL_INVALID', 'ada at example.org'],
    ['C19', 'EMAIL_INVALID', `${'a'.repeat(250)}@example.org`],
    ['C19', 'EMAIL_BLOCKED', 'No-Reply@example.org'],
  ])('%s: %s holds it: %j', (row, code, email) => {
    const plan = planPerson(inCrm({}, { email }), settings);
    expect(plan.actions).toEqual([]);
    expect(plan.holds).toMatchObject([{ row, code, crmId: '11' }]);
  });

  it('S2: is left alone where marketing may not be written', () => {
    const plan = planPerson(inCrm(), settingsOf(profile, { contact: { direction: 'to-crm' } }));
    expect([plan.actions, plan.effects, plan.holds]).toEqual([[], [], []]);
  });

  it('C34: is left alone when it is an organisation', () => {
    const plan = planPerson(inCrm({}, { isOrganisation: true }), settings);
    expect([plan.actions, plan.effects, plan.holds]).toEqual([[], [], []]);
  });

  it('C35: is left alone when contacts are off', () => {
    const plan = planPerson(inCrm(), settingsOf(profile, { contact: { enabled: false } }));
    expect([plan.actions, plan.effects, plan.holds]).toEqual([[], [], []]);
  });

  it('D13: another record with the address is asked about, and is made when somebody says so', () => {
    const view = aView({
      contact: {
        candidates: [aRecord(), aRecord({}, { id: '902' })],
        severed: [aLink({ state: 'severed', because: 'D12' })],
      },
    });
    const stay = settingsOf(profile, { contact: { afterMarketingDelete: 'stay-deleted', multipleMatch: 'email' } });
    const plan = planPerson(view, stay);
    expect([plan.actions, plan.holds.map(({ code, crmId }) => [code, crmId])]).toEqual([
      [],
      [['EDITED_AFTER_DELETE', '902']],
    ]);
    const key = plan.holds[0]?.asks?.key ?? '';
    const decided = planPerson(view, { ...stay, decided: new Map([[key, 'restore']]) });
    expect(writeTo(decided, 'marketing')?.crmId).toBe('902');
  });

  it('D13: stays deleted unless the setting says otherwise', () => {
    const view = aView({
      contact: { candidates: [aRecord()], severed: [aLink({ state: 'severed', because: 'D12' })] },
    });
    expect(planPerson(view, settings).actions).toEqual([]);
    expect(planPerson(view, settings).notes).toMatchObject([{ row: 'D13' }]);
    expect(
      planPerson(view, settingsOf(profile, { contact: { afterMarketingDelete: 'recreate' } })).actions,
    ).toHaveLength(1);
  });

  it('C24: whose address was taken away stays told', () => {
    const view = aView({
      contact: { candidates: [aRecord({}, { email: null })], severed: [aLink({ state: 'severed', because: 'C24' })] },
    });
    expect(codesOf(planPerson(view, settings))).toEqual(['EMAIL_REMOVED']);
  });
});

describe('C11: a CRM record without a last name', () => {
  it.each([
    ['classic', 0, ['NAME_MISSING']],
    ['recommended', 1, []],
  ] as const)('%s: %i writes, holds %j', (profile, writes, holds) => {
    const plan = planPerson(inCrm({ last_name: null }), settingsOf(profile));
    expect(plan.actions).toHaveLength(writes);
    expect(codesOf(plan)).toEqual(holds);
    if (holds.length > 0) expect(plan.holds).toMatchObject([{ row: 'C11' }]);
  });
});

describe('C28: a value that does not fit a new record', () => {
  const sized = (profile: 'classic' | 'recommended', field: CompiledField) =>
    settingsOf(profile, { contact: { fields: [...CONTACT_FIELDS, field] } });

  it('to marketing: classic holds the record, recommended leaves out the field', () => {
    const view = inCrm({ 'custom_fields.Size': 'about ten' });
    expect(planPerson(view, sized('classic', FIELDS.size)).actions).toEqual([]);
    const write = writeTo(planPerson(view, sized('recommended', FIELDS.size)), 'marketing');
    expect(Object.keys(write?.marketing?.set ?? {})).not.toContain('SIZE');
    for (const profile of PROFILES)
      expect(planPerson(view, sized(profile, FIELDS.size)).holds).toMatchObject([
        { code: 'VALUE_UNMAPPABLE', row: 'C28', field: 'SIZE' },
      ]);
  });

  it('to the CRM: the same, and the field keeps no base', () => {
    const view = inMailing({ TIER: 'Platinum' });
    expect(planPerson(view, sized('classic', FIELDS.tier)).actions).toEqual([]);
    const write = writeTo(planPerson(view, sized('recommended', FIELDS.tier)), 'crm');
    expect(write?.crm?.set).not.toHaveProperty('custom_fields.Tier');
    expect(JSON.stringify(write?.effects)).not.toContain('TIER');
  });
});

describe.each(PROFILES)('C4: a marketing contact that nobody in the CRM is (%s)', (profile) => {
  const settings = settingsOf(profile);

  it('H1: makes the CRM record, links the two, and takes the answer for settled', () => {
    const plan = planPerson(inMailing(), settings);
    const write = writeTo(plan, 'crm');
    expect(plan.actions).toHaveLength(1);
    expect(write).toMatchObject({
      row: 'C4',
      kind: 'create',
      crmId: null,
      marketingId: '900',
      crm: { email: ADDRESS },
    });
    expect(write?.crm?.set).toEqual({
      first_name: 'Ada',
      last_name: 'Lovelace',
      'address.postal_code': '10115',
      customer_status: 'current',
      prospect_status: 'none',
    });
    expect(write?.effects).toMatchObject([
      { type: 'link', crmId: null, marketingId: '900', state: 'active' },
      {
        type: 'base',
        fields: agreedOn({ email: ADDRESS, POSTCODE: '10115', CUSTOMER_STATUS: 'current' }),
        unconfirmed: {},
      },
    ]);
  });

  it('C12: a status that cannot be mapped becomes none, and is told', () => {
    const plan = planPerson(inMailing({ PROSPECT_STATUS: 'maybe' }), settings);
    expect(writeTo(plan, 'crm')?.crm?.set).toMatchObject({ customer_status: 'current', prospect_status: 'none' });
    expect(plan.holds).toMatchObject([{ code: 'STATUS_DEFAULTED', row: 'C13', field: 'PROSPECT_STATUS' }]);
  });

  it('C10: without a first or last name is held', () => {
    for (const name of ['FIRSTNAME', 'LASTNAME']) {
      const plan = planPerson(inMailing({ [name]: ' ' }), settings);
      expect(plan.actions).toEqual([]);
      expect(plan.holds).toMatchObject([{ code: 'NAME_MISSING', row: 'C10', marketingId: '900' }]);
    }
  });

  it('C18: without an address is held', () => {
    expect(planPerson(inMailing({}, { email: null }), settings).holds).toMatchObject([
      { code: 'EMAIL_MISSING', marketingId: '900' },
    ]);
  });

  it('S2: is left alone where the CRM may not be written', () => {
    const plan = planPerson(inMailing(), settingsOf(profile, { contact: { direction: 'to-marketing' } }));
    expect([plan.actions, plan.effects, plan.holds]).toEqual([[], [], []]);
  });

  it('decision 12: is not made again after its link ended', () => {
    for (const because of ['C24', 'C20', 'D1']) {
      const view = aView({ marketing: aMailing(), contact: { severed: [aLink({ state: 'severed', because })] } });
      expect(planPerson(view, settings).actions).toEqual([]);
    }
  });

  it('a record with the address that is linked to somebody else is no reason to make another', () => {
    const view = aView({ marketing: aMailing(), contact: { elsewhere: [aRecord({}, { id: '15' })] } });
    const plan = planPerson(view, settings);
    expect(plan.actions).toEqual([]);
    expect(plan.holds).toMatchObject([
      {
        code: 'EMAIL_TAKEN',
        refs: [
          { system: 'crm', id: '15' },
          { system: 'marketing', id: '900' },
        ],
      },
    ]);
  });
});

describe('C14: a marketing contact that is neither prospect nor customer', () => {
  const neither = inMailing({ CUSTOMER_STATUS: 'none', PROSPECT_STATUS: null });

  it('is told by classic, and not made', () => {
    const plan = planPerson(neither, settingsOf('classic'));
    expect(plan.actions).toEqual([]);
    expect(plan.holds).toMatchObject([{ code: 'NOT_PROSPECT_OR_CUSTOMER', row: 'C14' }]);
  });

  it('S7: two statuses that cannot be mapped make neither', () => {
    const plan = planPerson(inMailing({ CUSTOMER_STATUS: 'x', PROSPECT_STATUS: 'y' }), settingsOf('classic'));
    expect(plan.actions).toEqual([]);
    expect(codesOf(plan)).toContain('NOT_PROSPECT_OR_CUSTOMER');
  });

  it('is made by recommended', () => {
    expect(writeTo(planPerson(neither, settingsOf('recommended')), 'crm')?.crm?.set).toMatchObject({
      customer_status: 'none',
    });
  });

  it('C16: but not with a billing address', () => {
    const fields = [...CONTACT_FIELDS, FIELDS.billing];
    const view = inMailing({ CUSTOMER_STATUS: 'none', PROSPECT_STATUS: null, BILLINGCITY: 'Rome' });
    const plan = planPerson(view, settingsOf('recommended', { contact: { fields } }));
    expect(plan.holds).toMatchObject([{ code: 'ADDRESS_INVALID', row: 'C16', field: 'billing_address.city' }]);
    expect(writeTo(plan, 'crm')?.crm?.set).not.toHaveProperty('billing_address.city');
    expect(planPerson(view, settingsOf('recommended', { partialWrite: false, contact: { fields } })).actions).toEqual(
      [],
    );
  });
});

describe('C2: both sides have the person, and nobody linked them', () => {
  const differing = (winner: AlignmentWinner) =>
    planPerson(
      aView({
        marketing: aMailing({ POSTCODE: '20095', FIRSTNAME: null }),
        contact: {
          candidates: [
            aRecord(
              { last_name: 'Lovelace', customer_status: 'current', prospect_status: 'none' },
              { updatedAt: '2026-01-05T00:00:00Z' },
            ),
          ],
        },
      }),
      settingsOf('classic', { contact: { alignment: { direction: 'both', winner } } }),
    );

  it.each(['crm', 'newest'] as const)(
    'links and lets the winner "%s" decide what differs; blanks are filled',
    (winner) => {
      const plan = differing(winner);
      expect(plan.effects).toContainEqual({
        type: 'link',
        role: 'contact',
        crmId: '11',
        marketingId: '900',
        state: 'active',
        because: null,
        row: 'H2',
      });
      expect(writeTo(plan, 'marketing')?.marketing?.set).toEqual({ POSTCODE: '10115', FIRSTNAME: 'Ada' });
      expect(writeTo(plan, 'crm')).toBeUndefined();
      expect(learntBy(plan)).toEqual(
        agreedOn({ email: ADDRESS, LASTNAME: 'Lovelace', CUSTOMER_STATUS: 'current', PROSPECT_STATUS: 'none' }),
      );
    },
  );

  it('the winner "marketing" writes to the CRM', () => {
    const plan = differing('marketing');
    expect(writeTo(plan, 'crm')?.crm?.set).toEqual({ 'address.postal_code': '20095' });
    expect(writeTo(plan, 'marketing')?.marketing?.set).toEqual({ FIRSTNAME: 'Ada' });
  });

  it('"fill-blanks" leaves what differs as it is, and remembers it so', () => {
    const plan = differing('fill-blanks');
    expect(writeTo(plan, 'marketing')?.marketing?.set).toEqual({ FIRSTNAME: 'Ada' });
    expect(learntBy(plan)['POSTCODE']).toEqual({ crm: '10115', marketing: '20095' });
  });

  it('4.8: alignment without a direction links, learns and writes nothing', () => {
    const view = aView({
      marketing: aMailing({ POSTCODE: '20095', FIRSTNAME: null }),
      contact: { candidates: [aRecord()] },
    });
    const plan = planPerson(
      view,
      settingsOf('classic', { mode: 'align', contact: { alignment: { direction: null, winner: 'crm' } } }),
    );
    expect(plan.actions).toEqual([]);
    expect(plan.effects.map((effect) => effect.type)).toEqual(['link', 'base']);
    expect(learntBy(plan)).toMatchObject({
      POSTCODE: { crm: '10115', marketing: '20095' },
      FIRSTNAME: { crm: 'Ada', marketing: null },
    });
  });

  it('4.8: alignment one way writes that way only', () => {
    const view = aView({
      marketing: aMailing({ POSTCODE: null, LASTNAME: 'King' }),
      contact: { candidates: [aRecord({ first_name: 'Ada', customer_status: 'current' })] },
    });
    const plan = planPerson(
      view,
      settingsOf('classic', { mode: 'align', contact: { alignment: { direction: 'to-crm', winner: 'marketing' } } }),
    );
    expect(plan.actions.map((action) => [action.system, action.crm?.set])).toEqual([['crm', { last_name: 'King' }]]);
  });
});

describe('several CRM records with one address', () => {
  const three = [
    aRecord({}, { id: '11' }),
    aRecord({ first_name: 'Bob', last_name: 'Stone' }, { id: '12' }),
    aRecord({}, { id: '13' }),
  ];
  const plan = (multipleMatch: MultipleMatch, marketing: ReturnType<typeof aMailing> | null) =>
    planPerson(
      aView({ marketing, contact: { candidates: three } }),
      settingsOf('recommended', { contact: { multipleMatch } }),
    );

  it('H5, C3: the first with the names is linked, the others become shadows and are told', () => {
    const made = plan('email-and-names', aMailing());
    expect(
      made.effects.flatMap((effect) => (effect.type === 'link' ? [[effect.crmId, effect.state, effect.row]] : [])),
    ).toEqual([
      ['11', 'active', 'H5'],
      ['12', 'shadow', 'C3'],
      ['13', 'shadow', 'C3'],
    ]);
    expect(made.holds).toMatchObject([
      { code: 'DUP_SHADOWED', crmId: '12' },
      { code: 'DUP_SHADOWED', crmId: '13' },
    ]);
    expect(made.actions).toEqual([]);
  });

  it('H6: none with the names is held with all candidates, and nobody is made', () => {
    const made = plan('email-and-names', aMailing({ FIRSTNAME: 'Carl' }));
    expect([made.actions, made.effects]).toEqual([[], []]);
    expect(made.holds.map((hold) => [hold.code, hold.row, hold.crmId])).toEqual(
      three.map((record) => ['MULTI_MATCH_NO_NAME', 'H6', record.id]),
    );
    for (const hold of made.holds)
      expect(
        hold.refs
          .filter((ref) => ref.system === 'crm')
          .map((ref) => ref.id)
          .sort(),
      ).toEqual(['11', '12', '13']);
  });

  it.each([
    ['a marketing contact', aMailing()],
    ['none yet', null],
  ])('decision 22: "do not update" holds all of them, with %s', (_, marketing) => {
    const made = plan('do-not-update', marketing);
    expect(made.actions).toEqual([]);
    expect(codesOf(made)).toEqual(['MULTI_MATCH', 'MULTI_MATCH', 'MULTI_MATCH']);
  });

  it('decision 22: without a marketing contact the first is made one, the rest are shadows of it', () => {
    const made = plan('email-and-names', null);
    expect(
      writeTo(made, 'marketing')?.effects.flatMap((effect) =>
        effect.type === 'link' ? [[effect.crmId, effect.state]] : [],
      ),
    ).toEqual([
      ['11', 'active'],
      ['12', 'shadow'],
      ['13', 'shadow'],
    ]);
  });

  it('C3: a further record of a linked person becomes a shadow and is never written', () => {
    const view = aView({
      marketing: aMailing(),
      contact: { link: aLink(), record: aRecord(), candidates: [aRecord({ first_name: 'Augusta' }, { id: '12' })] },
    });
    const made = planPerson(view, settingsOf('classic'));
    expect(made.actions).toEqual([]);
    expect(made.effects).toMatchObject([{ type: 'link', crmId: '12', marketingId: '900', state: 'shadow', row: 'C3' }]);
    expect(codesOf(made)).toEqual(['DUP_SHADOWED']);
  });

  it('C3: an edit of a shadow changes nothing; with another address it is free again', () => {
    const shadow = aLink({ id: 'shadow-12', crmId: '12', state: 'shadow', because: 'C3', base: {} });
    const view = (email: string) =>
      aView({
        marketing: aMailing(),
        contact: {
          link: aLink(),
          record: aRecord(),
          shadows: [{ link: shadow, record: aRecord({ first_name: 'X' }, { id: '12', email }) }],
        },
      });
    const same = planPerson(view(ADDRESS), settingsOf('classic'));
    expect([same.actions, same.effects, codesOf(same), same.again]).toEqual([[], [], ['DUP_SHADOWED'], false]);
    const moved = planPerson(view('other@example.org'), settingsOf('classic'));
    expect(moved.effects).toMatchObject([{ type: 'link-state', linkId: 'shadow-12', state: 'severed' }]);
    expect(moved.again).toBe(true);
  });

  it('C3, H1: with nobody linked a shadow is matched anew, and nobody is made beside it', () => {
    const shadow = aLink({ id: 'shadow-12', crmId: '12', state: 'shadow', because: 'C3', base: {} });
    const undone = aLink({ state: 'severed', because: UNDO_ROW });
    const view = (record: CrmRecord | null) =>
      aView({ marketing: aMailing(), contact: { severed: [undone], shadows: [{ link: shadow, record }] } });
    const settings = settingsOf('classic', { mode: 'align' });
    const freed = planPerson(view(aRecord({}, { id: '12' })), settings);
    expect([freed.actions, freed.again]).toEqual([[], true]);
    expect(freed.effects).toMatchObject([{ type: 'link-state', linkId: 'shadow-12', state: 'severed', because: 'C3' }]);
    const gone = planPerson(view(aRecord({}, { id: '12', state: 'deleted' })), settings);
    expect([gone.again, writeTo(gone, 'crm')?.kind]).toEqual([false, 'create']);
  });

  it('H3: a single record with other names is linked, and told', () => {
    const made = planPerson(
      aView({ marketing: aMailing({ LASTNAME: 'King' }), contact: { candidates: [aRecord()] } }),
      settingsOf('recommended'),
    );
    expect(made.notes).toMatchObject([{ row: 'H3', text: 'NAME_DIFFERS: linked by address; the names differ.' }]);
  });
});
