// Where no rule may decide, somebody is asked; what they said is carried out, and asked no more. (4.4, 4.9, C21, D13, D14, L4)
import { describe, expect, it } from 'vitest';
import type { Choice } from '../../../src/core/model/choice.ts';
import type { Link } from '../../../src/core/model/link.ts';
import type { Collision, PersonView } from '../../../src/core/model/person.ts';
import type { PersonPlan } from '../../../src/core/model/plan.ts';
import type { ChannelState, MarketingRecord } from '../../../src/core/model/record.ts';
import type { Settings } from '../../../src/core/model/settings.ts';
import { planPerson } from '../../../src/core/plan/plan-person.ts';
import { ADDRESS, aLink, aMailing, aRecord, aView, codesOf, settingsOf } from './a-person.ts';

const NEW = 'ada.king@example.org';
const CLASSIC = settingsOf('classic');

const asked = (plan: PersonPlan) =>
  plan.holds.map(({ code, crmId, asks }) => [code, crmId, asks?.choices.map(({ choice }) => choice)]);
const linksOf = (plan: PersonPlan) =>
  plan.effects.flatMap((effect) =>
    effect.type === 'link'
      ? [`${effect.state} ${effect.crmId} ${effect.marketingId}`]
      : effect.type === 'link-state'
        ? [`${effect.state} ${effect.linkId}`]
        : [],
  );

/** The plan after the question about this record was answered. */
function answered(view: PersonView, choice: Choice, settings: Settings = CLASSIC, crmId?: string | null): PersonPlan {
  const plan = planPerson(view, settings);
  const hold = plan.holds.find(({ asks, crmId: id }) => asks !== undefined && (crmId === undefined || id === crmId));
  if (hold?.asks === undefined) throw new Error('Nothing is asked.');
  return planPerson(view, { ...settings, decided: new Map([[hold.asks.key, choice]]) });
}

describe('4.4: which record is the person', () => {
  const view = aView({
    marketing: aMailing({ FIRSTNAME: 'Carl', SELL_CONTACT_ID: null }),
    contact: {
      candidates: [
        aRecord(),
        aRecord({ first_name: 'Bob' }, { id: '12' }),
        aRecord({}, { id: '13', isOrganisation: true }),
      ],
    },
  });

  it('is asked of each that may be, with what each answer means', () => {
    const plan = planPerson(view, CLASSIC);
    expect(asked(plan)).toEqual([
      ['MULTI_MATCH_NO_NAME', '11', ['link', 'keep-apart']],
      ['MULTI_MATCH_NO_NAME', '12', ['link', 'keep-apart']],
    ]);
    expect(plan.holds[0]?.asks?.choices.map(({ means }) => means)).toEqual([
      'this the CRM record is the person; the others are left alone',
      'this the CRM record is somebody else',
    ]);
    expect(plan.holds[0]?.asks?.key).toBe('which-record contact 11 900');
    expect(plan.holds[0]?.email).toBe(ADDRESS);
  });

  it('link: that one is, whatever its names, and the others are left alone', () => {
    const plan = answered(view, 'link', settingsOf('classic', { contact: { strictSingle: true } }), '12');
    expect(linksOf(plan)).toEqual(['active 12 900', 'shadow 11 900']);
    expect(codesOf(plan)).toContain('DUP_SHADOWED');
    expect(codesOf(plan)).not.toContain('MULTI_MATCH_NO_NAME');
  });

  it('keep-apart: that one is not; the one that is left is judged alone', () => {
    expect(linksOf(answered(view, 'keep-apart', CLASSIC, '11'))).toEqual(['active 12 900']);
  });

  it('nobody is made for an address all of whose records are somebody else', () => {
    const both = new Map<string, Choice>([
      ['which-record contact 11 900', 'keep-apart'],
      ['which-record contact 12 900', 'keep-apart'],
    ]);
    const plan = planPerson(view, { ...CLASSIC, decided: both });
    expect([plan.actions, plan.effects, codesOf(plan)]).toEqual([[], [], []]);
    // An organisation is nobody: beside one alone a record is made.
    const alone = aView({
      marketing: aMailing({ SELL_CONTACT_ID: null }),
      contact: { candidates: [aRecord({}, { isOrganisation: true })] },
    });
    expect(planPerson(alone, CLASSIC).actions).toMatchObject([{ system: 'crm', kind: 'create' }]);
    expect(planPerson(alone, CLASSIC).notes).toMatchObject([
      { row: 'C34', text: 'IS_ORGANISATION: the CRM contact 11 is an organisation and takes no part.' },
    ]);
  });

  it('H3: a single record with other names is asked about where the setting is strict', () => {
    const single = aView({
      marketing: aMailing({ FIRSTNAME: 'Carl', SELL_CONTACT_ID: null }),
      contact: { candidates: [aRecord()] },
    });
    const strict = settingsOf('classic', { contact: { strictSingle: true } });
    expect(asked(planPerson(single, strict))).toEqual([['MULTI_MATCH_NO_NAME', '11', ['link', 'keep-apart']]]);
    expect(linksOf(answered(single, 'link', strict))).toEqual(['active 11 900']);
  });

  it('decision 22: is asked before any contact is made, and answered the same way', () => {
    const records = aView({ contact: { candidates: [aRecord(), aRecord({}, { id: '12' })] } });
    const none = settingsOf('classic', { contact: { multipleMatch: 'do-not-update' } });
    expect(asked(planPerson(records, none)).map(([code]) => code)).toEqual(['MULTI_MATCH', 'MULTI_MATCH']);
    const plan = answered(records, 'link', none, '12');
    expect(
      plan.actions[0]?.effects.flatMap((effect) => (effect.type === 'link' ? [[effect.crmId, effect.state]] : [])),
    ).toEqual([
      ['12', 'active'],
      ['11', 'shadow'],
    ]);
  });
});

describe('D14: the address of somebody who was deleted in marketing is back', () => {
  const tombstone = (more: Partial<Link> = {}) =>
    aLink({ state: 'severed', because: 'D12', marketingId: '800', ...more });
  const back = (link: Link): PersonView =>
    aView({ marketing: aMailing({ SELL_CONTACT_ID: null }), contact: { candidates: [aRecord()], severed: [link] } });

  it('is asked about once, and nobody is linked or made meanwhile', () => {
    const plan = planPerson(back(tombstone()), CLASSIC);
    expect([plan.actions, linksOf(plan)]).toEqual([[], []]);
    expect(asked(plan)).toEqual([['EDITED_AFTER_DELETE', '11', ['relink', 'keep-apart']]]);
    expect(plan.holds).toMatchObject([{ row: 'D14', message: expect.stringContaining('is back as another contact') }]);
    expect(linksOf(answered(back(tombstone()), 'relink'))).toEqual(['active 11 900']);
    const apart = answered(back(tombstone()), 'keep-apart');
    expect([apart.actions, linksOf(apart), codesOf(apart)]).toEqual([[], [], []]);
  });

  it.each<[string, Partial<Link>, boolean]>([
    ['a lead that was (D11)', { because: 'D11' }, true],
    ['another end', { because: 'C24' }, false],
    ['the same contact, back from the bin', { marketingId: '900' }, false],
    ['another record of it', { crmId: '77' }, false],
  ])('%s is asked about: %s', (_, more, asks) => {
    const plan = planPerson(back(tombstone(more)), CLASSIC);
    expect(linksOf(plan).length === 0).toBe(asks);
  });

  it('is linked like any other where the setting makes people again', () => {
    const recreate = settingsOf('classic', { contact: { afterMarketingDelete: 'recreate' } });
    expect(linksOf(planPerson(back(tombstone()), recreate))).toEqual(['active 11 900']);
  });
});

describe('C21: the new address is another contact’s', () => {
  const other = (mailing: Partial<MarketingRecord> = {}) => aMailing({}, { id: '901', email: NEW, ...mailing });
  const moved = (
    holders: Collision['holders'],
    channel: ChannelState = 'subscribed',
    mailing: Partial<MarketingRecord> = {},
  ): PersonView => ({
    ...aView({
      marketing: aMailing({}, { channel: { state: channel, reason: channel, optInType: 'single' } }),
      contact: { link: aLink(), record: aRecord({ 'address.postal_code': '20095' }, { email: NEW }) },
    }),
    collisions: [{ marketing: other(mailing), holders }],
  });
  const held = (email: string): Collision['holders'] => [
    { link: aLink({ id: 'link-9', crmId: '19', marketingId: '901' }), record: aRecord({}, { id: '19', email }) },
  ];

  it.each<[string, Collision['holders'], readonly Choice[]]>([
    ['nobody holds it', [], ['relink', 'keep-apart']],
    ['somebody holds it', held(NEW), ['keep-apart']],
    ['whoever holds it has this one’s address', held(` ${ADDRESS.toUpperCase()}`), ['swap', 'keep-apart']],
    [
      'a lead holds it',
      [{ link: aLink({ id: 'link-9', role: 'lead', crmId: '59', marketingId: '901' }), record: null }],
      ['relink', 'keep-apart'],
    ],
    [
      'a record that is not known holds it',
      [{ link: aLink({ id: 'link-9', crmId: '19', marketingId: '901' }), record: null }],
      ['keep-apart'],
    ],
  ])('%s: what is offered', (_, holders, choices) => {
    const plan = planPerson(moved(holders), CLASSIC);
    expect(asked(plan)).toEqual([['EMAIL_TAKEN', '11', choices]]);
    expect(plan.holds[0]?.asks?.key).toBe('address-taken contact 11 900 901');
    expect(plan.actions).toEqual([]);
  });

  it('keep-apart: the link stays, and the rest of the record goes on', () => {
    const plan = answered(moved([]), 'keep-apart');
    expect(linksOf(plan)).toEqual([]);
    expect(plan.actions).toMatchObject([{ marketing: { set: { POSTCODE: '20095' } } }]);
    expect(plan.actions[0]?.marketing).not.toHaveProperty('email');
    expect(plan.notes).toMatchObject([{ row: 'C21', text: 'Decided by a person: keep-apart.' }]);
  });

  it('relink: the record goes to the contact that has its address, the old contact stays', () => {
    const plan = answered(moved([]), 'relink');
    expect([linksOf(plan), plan.actions, plan.again]).toEqual([['severed link-1', 'active 11 901'], [], true]);
    expect(plan.effects).toMatchObject([
      { because: 'C21', row: 'C21' },
      { because: null, row: 'C21', role: 'contact' },
    ]);
  });

  it('swap: both records change places', () => {
    const plan = answered(moved(held(ADDRESS)), 'swap');
    expect([linksOf(plan), plan.actions, plan.again]).toEqual([
      ['severed link-1', 'active 11 901', 'severed link-9', 'active 19 900'],
      [],
      true,
    ]);
  });

  it('an answer that does not fit any more is asked again', () => {
    const key = 'address-taken contact 11 900 901';
    const plan = planPerson(moved(held(NEW)), { ...CLASSIC, decided: new Map([[key, 'swap']]) });
    expect([linksOf(plan), codesOf(plan)]).toEqual([[], ['EMAIL_TAKEN']]);
    // With another contact it is another question.
    const next = { ...moved([]), collisions: [{ marketing: aMailing({}, { id: '902', email: NEW }), holders: [] }] };
    expect(codesOf(planPerson(next, { ...CLASSIC, decided: new Map([[key, 'relink']]) }))).toEqual(['EMAIL_TAKEN']);
  });

  it.each<[ChannelState, ChannelState, 'unsubscribed' | 'suppressed' | null]>([
    ['unsubscribed', 'subscribed', 'unsubscribed'],
    ['blocked', 'none', 'unsubscribed'],
    ['suppressed', 'subscribed', 'suppressed'],
    ['unsubscribed', 'suppressed', null],
    ['subscribed', 'subscribed', null],
    ['subscribed', 'unsubscribed', null],
  ])('C23: who had left (%s) stays so at the new contact (%s): %s', (from, to, said) => {
    const channel = { state: to, reason: to, optInType: 'single' } as const;
    const plan = answered(moved([], from, { channel }), 'relink');
    if (said === null) {
      expect(plan.actions).toEqual([]);
      return;
    }
    expect(plan.actions).toEqual([
      {
        id: 'm:900/marketing/contact/set-consent/901',
        row: 'C23',
        rows: ['C23', 'C21'],
        lane: 'opt-out',
        kind: 'set-consent',
        system: 'marketing',
        entity: 'contact',
        email: NEW,
        crmId: '11',
        marketingId: '901',
        changes: { consent: { from: to, to: said } },
        clears: false,
        crm: null,
        marketing: { set: {}, channel: { state: said } },
        effects: [
          {
            type: 'consent',
            system: 'marketing',
            state: 'optedOut',
            signal: 'opt-out of the address before',
            effectiveAt: null,
            row: 'C23',
            crmId: '11',
            marketingId: '901',
            written: `${said} in the mailing system`,
          },
        ],
      },
    ]);
  });
});

describe('C21: an address whose record is somebody else’s', () => {
  const view = aView({
    marketing: aMailing({ SELL_CONTACT_ID: null }),
    contact: { elsewhere: [aRecord({}, { id: '15' })] },
  });

  it('is asked about, and left out once somebody says so', () => {
    expect(asked(planPerson(view, CLASSIC))).toEqual([['EMAIL_TAKEN', null, ['keep-apart']]]);
    const plan = answered(view, 'keep-apart');
    expect([plan.actions, plan.holds]).toEqual([[], []]);
  });
});

describe('C20, C22, C25: what is told of an address', () => {
  it('C22: that the new one is opted out', () => {
    const view = {
      ...aView({ marketing: aMailing(), contact: { link: aLink(), record: aRecord({}, { email: NEW }) } }),
      suppressedAddresses: [NEW],
    };
    for (const onEmailChange of ['rename', 'new'] as const) {
      const plan = planPerson(view, settingsOf('classic', { contact: { onEmailChange } }));
      expect(plan.notes).toMatchObject([
        {
          row: 'C22',
          text: expect.stringMatching(/^EMAIL_CHANGE_TO_SUPPRESSED: .* in the CRM .* in the mailing system/),
        },
      ]);
    }
  });

  it('C25: that another record in the CRM has it too, by its id', () => {
    const told = (contact: Partial<PersonView['roles']['contact']>) =>
      planPerson(
        aView({ marketing: aMailing({}, { email: NEW }), contact: { link: aLink(), record: aRecord(), ...contact } }),
        CLASSIC,
      ).notes.map(({ text }) => text);
    const twin = (id: string, more: Parameters<typeof aRecord>[1] = {}) =>
      aRecord({}, { id, email: NEW.toUpperCase(), ...more });
    const words = (ids: string) =>
      `SELL_DUP_EMAIL: the CRM contact ${ids} has this address too; links stay as they are.`;
    expect(told({ candidates: [twin('12')], elsewhere: [twin('15')] })).toContain(words('12, 15'));
    expect(
      told({ shadows: [{ link: aLink({ id: 's', crmId: '13', state: 'shadow' }), record: twin('13') }] }),
    ).toContain(words('13'));
    expect(told({ elsewhere: [twin('15', { state: 'deleted' }), twin('16', { email: ADDRESS })] })).toEqual([]);
    expect(told({})).toEqual([]);
  });
});

describe('L4: a lead for somebody who is a contact already', () => {
  const LISTS = { enforceSingle: false, lists: [{ listId: '70', status: 'New', known: true }] };
  const beside = (own: boolean) =>
    settingsOf('classic', { lead: { enabled: true, besideContact: own, statusLists: LISTS } });
  const view: PersonView = {
    ...aView({ marketing: aMailing(), contact: { link: aLink(), record: aRecord() } }),
    leadLists: [{ listId: '70', since: null }],
  };
  const created = (plan: PersonPlan) =>
    plan.actions.filter(({ kind, entity }) => kind === 'create' && entity === 'lead').length;

  it('is made, or asked about, as the setting says', () => {
    expect(created(planPerson(view, beside(true)))).toBe(1);
    const plan = planPerson(view, beside(false));
    expect([created(plan), asked(plan)]).toEqual([0, [['ALREADY_CONTACT', null, ['create', 'keep-apart']]]]);
    expect(plan.holds[0]).toMatchObject({ row: 'L4', entity: 'lead', marketingId: '900' });
    expect(created(answered(view, 'create', beside(false)))).toBe(1);
    const apart = answered(view, 'keep-apart', beside(false));
    expect([created(apart), codesOf(apart)]).toEqual([0, []]);
  });

  it('is made for somebody who is none', () => {
    const nobody = {
      ...view,
      roles: { ...view.roles, contact: { ...view.roles.contact, link: null, record: null } },
      marketing: aMailing({ CUSTOMER_STATUS: null, PROSPECT_STATUS: null }),
    };
    const plan = planPerson(nobody, beside(false));
    expect([created(plan), codesOf(plan)]).toEqual([1, []]);
  });
});
