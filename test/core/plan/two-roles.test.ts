// One person as contact and lead: the contact decides for marketing, the lead follows what was read back. (L2, L14-L17)
import { describe, expect, it } from 'vitest';
import type { Link } from '../../../src/core/model/link.ts';
import type { PersonView } from '../../../src/core/model/person.ts';
import type { Effect } from '../../../src/core/model/plan.ts';
import type { CrmRecord, MarketingRecord } from '../../../src/core/model/record.ts';
import type { RoleSettings, Settings } from '../../../src/core/model/settings.ts';
import type { Raw } from '../../../src/core/model/value.ts';
import { planPerson } from '../../../src/core/plan/plan-person.ts';
import {
  ADA_BASE,
  ADDRESS,
  agreedOn,
  aLink,
  aMailing,
  aRecord,
  aView,
  codesOf,
  LEAD_FIELDS,
  NO_ROLE,
  settingsOf,
  writeTo,
} from './a-person.ts';

const BOTH = settingsOf('classic', { lead: { enabled: true } });
const LEADS_ALONE = settingsOf('classic', { contact: { enabled: false }, lead: { enabled: true } });
const LEAD_BASE = agreedOn({
  email: ADDRESS,
  FIRSTNAME: 'Ada',
  LASTNAME: 'Lovelace',
  POSTCODE: '10115',
  ORGANISATION: 'Engines',
});

function aLead(values: Readonly<Record<string, Raw>> = {}, more: Partial<CrmRecord> = {}): CrmRecord {
  return aRecord({ organization_name: 'Engines', ...values }, { role: 'lead', id: '51', ...more });
}

function linkedTwice(
  parts: {
    readonly contact?: Readonly<Record<string, Raw>>;
    readonly lead?: Readonly<Record<string, Raw>>;
    readonly mailing?: Readonly<Record<string, Raw>>;
    readonly link?: Partial<Link>;
    readonly emails?: { readonly contact?: string; readonly lead?: string };
    readonly mailingEmail?: string;
    readonly assumed?: boolean;
  } = {},
): PersonView {
  const more: Partial<MarketingRecord> = { email: parts.mailingEmail ?? ADDRESS, assumed: parts.assumed ?? false };
  return aView({
    marketing: aMailing({ ORGANISATION: 'Engines', ...parts.mailing }, more),
    contact: { link: aLink(parts.link), record: aRecord(parts.contact, { email: parts.emails?.contact ?? ADDRESS }) },
    lead: {
      link: aLink({ id: 'link-2', role: 'lead', crmId: '51', base: LEAD_BASE }),
      record: aLead(parts.lead, { email: parts.emails?.lead ?? ADDRESS }),
    },
  });
}

function writes(view: PersonView) {
  return planPerson(view, BOTH).actions.map((action) => [
    action.system,
    action.entity,
    action.crm?.set ?? action.marketing?.set,
  ]);
}

describe('L17: one data field, two records', () => {
  it('a change in marketing goes to both', () => {
    expect(writes(linkedTwice({ mailing: { POSTCODE: '20095' } }))).toEqual([
      ['crm', 'contact', { 'address.postal_code': '20095' }],
      ['crm', 'lead', { 'address.postal_code': '20095' }],
    ]);
  });

  it("the contact's change goes to marketing; the lead waits until it was read back", () => {
    expect(writes(linkedTwice({ contact: { 'address.postal_code': '20095' } }))).toEqual([
      ['marketing', 'contact', { POSTCODE: '20095' }],
    ]);
    const mark = { POSTCODE: { from: '10115', to: '20095', crm: '20095', tries: 1 } };
    const assumed = linkedTwice({
      contact: { 'address.postal_code': '20095' },
      mailing: { POSTCODE: '20095' },
      link: { unconfirmed: mark },
      assumed: true,
    });
    expect(writes(assumed)).toEqual([]);
    const read = linkedTwice({
      contact: { 'address.postal_code': '20095' },
      mailing: { POSTCODE: '20095' },
      link: { unconfirmed: mark },
    });
    expect(writes(read)).toEqual([['crm', 'lead', { 'address.postal_code': '20095' }]]);
  });

  it('R4: a write of the contact that was lost does not reach the lead as an old value', () => {
    const lost = linkedTwice({
      contact: { 'address.postal_code': '20095' },
      lead: { 'address.postal_code': '30159' },
      link: { unconfirmed: { POSTCODE: { from: '10115', to: '20095', crm: '20095', tries: 2 } } },
    });
    expect(writes(lost)).toEqual([]);
    expect(codesOf(planPerson(lost, BOTH))).toEqual(['REMOTE_REJECTED']);
    // Nor where the lead had heard of it.
    const { contact } = lost.roles;
    const base = { ...LEAD_BASE, ...agreedOn({ POSTCODE: '20095' }) };
    const lead = {
      ...lost.roles.lead,
      link: aLink({ id: 'link-2', role: 'lead', crmId: '51', base }),
      record: aLead({ 'address.postal_code': '20095' }),
    };
    expect(writes({ ...lost, roles: { contact, lead } })).toEqual([]);
  });

  it('D2: a value of the lead that the contact outranked goes to marketing once the contact has ended, and no sooner', () => {
    const outranked = { crm: '20095', marketing: '10115', outranked: true } as const;
    const met = aView({
      marketing: aMailing({ ORGANISATION: 'Engines' }),
      contact: { link: aLink(), record: aRecord() },
      lead: { candidates: [aLead({ 'address.postal_code': '20095' })] },
    });
    const learnt = (settings: typeof BOTH) =>
      planPerson(met, settings).effects.flatMap((effect) =>
        effect.type === 'base' && effect.role === 'lead' ? [effect.fields['POSTCODE']] : [],
      );
    expect(learnt(BOTH)).toContainEqual(outranked);
    const none = { enabled: true, alignment: { direction: null, winner: 'crm' } } as const;
    expect(learnt(settingsOf('classic', { lead: none, mode: 'align' }))).toContainEqual({
      crm: '20095',
      marketing: '10115',
    });
    const later = (contact: PersonView['roles']['contact'] | null): PersonView => {
      const view = linkedTwice({ lead: { 'address.postal_code': '20095' } });
      const link = aLink({ id: 'link-2', role: 'lead', crmId: '51', base: { ...LEAD_BASE, POSTCODE: outranked } });
      const lead = { ...view.roles.lead, link };
      return { ...view, roles: { contact: contact ?? view.roles.contact, lead } };
    };
    const { contact } = linkedTwice().roles;
    const gone = { ...contact, record: aRecord({}, { state: 'deleted' }) };
    const ended = { ...contact, link: null, record: null, severed: [aLink({ state: 'severed', because: 'D2' })] };
    for (const view of [later(gone), later(ended)])
      expect(planPerson(view, BOTH).actions).toMatchObject([{ marketing: { set: { POSTCODE: '20095' } } }]);
    // Paused is not ended, and an extra record that goes is not the contact.
    const extra = { link: aLink({ id: 'link-3', crmId: '12', state: 'shadow', base: {} }), record: null };
    const paused = { ...contact, record: aRecord({}, { tags: ['no-sync'] }), shadows: [extra] };
    expect([writes(later(null)), planPerson(later(null), LEADS_ALONE).actions, writes(later(paused))]).toEqual([
      [],
      [],
      [],
    ]);
  });

  it('C35: once contacts are switched off, an alignment decides anew what one had outranked, be it a blank that stays', () => {
    const fields = LEAD_FIELDS.map((field) => ({ ...field, blank: 'ignore' as const }));
    const base = { ...LEAD_BASE, POSTCODE: { crm: '20095', marketing: null, outranked: true } } as const;
    const { contact, lead } = linkedTwice({ lead: { 'address.postal_code': '20095' } }).roles;
    const view: PersonView = {
      ...linkedTwice({ mailing: { POSTCODE: null } }),
      roles: { contact, lead: { ...lead, link: aLink({ id: 'link-2', role: 'lead', crmId: '51', base }) } },
    };
    const sets = (off: Partial<RoleSettings>, mode: Settings['mode']) =>
      planPerson(view, settingsOf('classic', { mode, contact: off, lead: { enabled: true, fields } })).actions.map(
        ({ marketing }) => marketing?.set['POSTCODE'],
      );
    expect(sets({ enabled: false }, 'align')).toEqual(['20095']);
    expect([sets({ enabled: false, leftOut: true }, 'align'), sets({ enabled: false }, 'sync')]).toEqual([[], []]);
  });

  it.each(['contact', 'lead'] as const)('D4, S8, S15: nobody is deleted whose extra %s takes over', (role) => {
    const gone = { state: 'deleted' } as const;
    const contact = { link: aLink(), record: aRecord({}, gone) };
    const lead = { link: aLink({ id: 'link-2', role: 'lead', crmId: '51', base: LEAD_BASE }), record: aLead({}, gone) };
    const twin = role === 'contact' ? aRecord({}, { id: '12' }) : aLead({}, { id: '52' });
    const shadows = [{ link: aLink({ id: 'link-3', role, crmId: twin.id, state: 'shadow', base: {} }), record: twin }];
    const plan = planPerson(
      aView({
        marketing: aMailing(),
        contact: { ...contact, ...(role === 'contact' ? { shadows } : {}) },
        lead: { ...lead, ...(role === 'lead' ? { shadows } : {}) },
      }),
      BOTH,
    );
    expect(plan.actions.filter(({ kind }) => kind === 'delete')).toEqual([]);
    expect(plan.effects).toContainEqual(expect.objectContaining({ linkId: 'link-3', state: 'active' }));
  });

  it('D10: whoever has the address of a lead whose conversion waits for a decision is named with it', () => {
    const became = aRecord({}, { id: '12' });
    const view = aView({
      marketing: aMailing(),
      lead: {
        link: aLink({ role: 'lead', crmId: '51', base: LEAD_BASE }),
        record: aLead({}, { state: 'deleted', convertedTo: '12' }),
        candidates: [aLead({}, { id: '52' })],
      },
    });
    const conversion = { record: became, link: aLink({ id: 'link-2', crmId: '12', marketingId: '901' }) };
    expect(planPerson({ ...view, conversion }, BOTH).holds).toMatchObject([
      {
        code: 'CONVERSION_COLLISION',
        refs: expect.arrayContaining([{ system: 'crm', entity: 'lead', id: '52' }]),
      },
    ]);
  });

  it("L16: the lead's own change of a shared field stays in the lead", () => {
    expect(writes(linkedTwice({ lead: { 'address.postal_code': '20095' } }))).toEqual([]);
  });

  it('L16: also while the contact is only being linked or made', () => {
    const lead = {
      link: aLink({ id: 'link-2', role: 'lead' as const, crmId: '51', base: LEAD_BASE }),
      record: aLead({ 'address.postal_code': '20095', organization_name: 'Looms' }),
    };
    const linking = aView({
      marketing: aMailing({ POSTCODE: null, ORGANISATION: 'Engines' }),
      contact: { candidates: [aRecord()] },
      lead,
    });
    expect(writeTo(planPerson(linking, BOTH), 'marketing')?.marketing?.set).toMatchObject({
      POSTCODE: '10115',
      ORGANISATION: 'Looms',
    });
    const making = aView({ marketing: aMailing({ ORGANISATION: 'Engines' }), lead });
    expect(writeTo(planPerson(making, BOTH), 'marketing')?.marketing?.set).not.toHaveProperty('POSTCODE');
  });

  describe('L16: the shared fields of a lead whose contact', () => {
    const { contact, lead: own } = linkedTwice({ lead: { 'address.postal_code': '20095' } }).roles;
    const paused = aRecord({}, { tags: ['no-sync'] });
    const extra = { link: aLink({ id: 'link-3', crmId: '12', state: 'shadow', base: {} }), record: null };
    const sets = (parts: Partial<PersonView['roles']>, settings: Settings) =>
      planPerson(
        aView({ marketing: aMailing({ ORGANISATION: 'Engines', SELL_LEAD_ID: '51' }), contact, lead: own, ...parts }),
        settings,
      ).actions.flatMap(({ marketing }) => (marketing === null ? [] : [marketing.set]));

    it.each<[string, Partial<PersonView['roles']>, Settings]>([
      ['takes part', {}, BOTH],
      ['takes part, and an extra record of it goes', { contact: { ...contact, shadows: [extra] } }, BOTH],
      [
        'is left out of this run',
        {},
        settingsOf('classic', { contact: { enabled: false, leftOut: true }, lead: { enabled: true } }),
      ],
    ])('%s stay in the lead', (_, parts, settings) => {
      expect(sets(parts, settings)).toEqual([]);
    });

    it.each<[string, Partial<PersonView['roles']>, Settings]>([
      ['is switched off', {}, LEADS_ALONE],
      ['is paused', { contact: { ...contact, link: aLink({ state: 'paused' }), record: paused } }, BOTH],
      ['is paused by this plan', { contact: { ...contact, record: paused } }, BOTH],
      ['is linked and paused by this plan', { contact: { ...NO_ROLE, candidates: [paused] } }, BOTH],
      ['is not known in the CRM', { contact: { ...contact, record: null } }, BOTH],
    ])('%s go to marketing', (_, parts, settings) => {
      expect(sets(parts, settings)).toEqual([{ POSTCODE: '20095' }]);
    });

    it('does not exist go to marketing when it is linked', () => {
      const candidates = [aLead({ 'address.postal_code': '20095' })];
      const marketing = aMailing({ CUSTOMER_STATUS: null, PROSPECT_STATUS: null, ORGANISATION: 'Engines' });
      expect(
        writeTo(planPerson(aView({ marketing, lead: { candidates } }), BOTH), 'marketing')?.marketing?.set,
      ).toMatchObject({ POSTCODE: '20095' });
    });
  });

  it('L17: an edit in marketing goes to the lead where the contact that is linked by the same plan has it already', () => {
    const view = aView({
      marketing: aMailing({ POSTCODE: '20095', ORGANISATION: 'Engines', SELL_LEAD_ID: '51' }),
      contact: { candidates: [aRecord({ 'address.postal_code': '20095' })] },
      lead: linkedTwice().roles.lead,
    });
    expect(writes(view)).toEqual([['crm', 'lead', { 'address.postal_code': '20095' }]]);
  });

  it("L16: the lead's own fields go to marketing in the one write of the person", () => {
    const plan = planPerson(
      linkedTwice({ contact: { 'address.postal_code': '20095' }, lead: { organization_name: 'Looms' } }),
      BOTH,
    );
    expect(plan.actions).toHaveLength(1);
    expect(plan.actions).toMatchObject([
      { entity: 'contact', marketing: { set: { POSTCODE: '20095', ORGANISATION: 'Looms' } } },
    ]);
  });
});

describe('L16: the address of a person in two roles', () => {
  it("the contact's new address renames the person; the lead is not written back to the old one", () => {
    const plan = planPerson(
      linkedTwice({ emails: { contact: 'ada.king@example.org', lead: 'ada.king@example.org' } }),
      BOTH,
    );
    expect(plan.actions.map((action) => [action.system, action.marketing?.email])).toEqual([
      ['marketing', 'ada.king@example.org'],
    ]);
  });

  it("C9: where the contact's new address wins over marketing's, the lead does not get marketing's", () => {
    const view = linkedTwice({ emails: { contact: 'ada.king@example.org' }, mailingEmail: 'lovelace@example.org' });
    expect(
      planPerson(view, BOTH).actions.map(({ system, entity, marketing, crm }) => [
        system,
        entity,
        marketing?.email ?? crm?.email,
      ]),
    ).toEqual([['marketing', 'contact', 'ada.king@example.org']]);
  });

  it("the lead's new address alone is left as it is", () => {
    expect(planPerson(linkedTwice({ emails: { lead: 'ada.king@example.org' } }), BOTH).actions).toEqual([]);
  });
});

describe('L2: contact and lead with an address that is no marketing contact', () => {
  it("make one marketing contact with the contact's values, linked to both", () => {
    const view = aView({
      contact: { candidates: [aRecord()] },
      lead: { candidates: [aLead({ 'address.postal_code': '20095' })] },
    });
    const plan = planPerson(view, BOTH);
    expect(plan.actions).toHaveLength(1);
    expect(plan.actions).toMatchObject([
      {
        kind: 'create',
        entity: 'contact',
        rows: ['C1', 'O16', 'L2'],
        marketing: { set: { POSTCODE: '10115', ORGANISATION: 'Engines', SELL_CONTACT_ID: '11', SELL_LEAD_ID: '51' } },
      },
    ]);
    expect(
      plan.actions[0]?.effects.flatMap((effect) =>
        effect.type === 'link' ? [[effect.role, effect.crmId, effect.row]] : [],
      ),
    ).toEqual([
      ['contact', '11', 'C1'],
      ['lead', '51', 'L2'],
    ]);
  });

  it.each([
    ['L14', 'NAME_MISSING', { last_name: null }, ADDRESS],
    ['L15', 'EMAIL_MISSING', {}, null],
  ] as const)('%s: %s holds the lead', (row, code, values, email) => {
    const plan = planPerson(aView({ lead: { candidates: [aLead(values, { email })] } }), BOTH);
    expect(plan.actions).toEqual([]);
    expect(plan.holds).toMatchObject([{ row, code, entity: 'lead', crmId: '51' }]);
  });

  it('S14: recommended lets a lead without a first name go to marketing', () => {
    const plan = planPerson(
      aView({ lead: { candidates: [aLead({ first_name: null })] } }),
      settingsOf('recommended', { lead: { enabled: true } }),
    );
    expect(plan.actions).toHaveLength(1);
  });
});

it('C35: with contacts off, the lead decides for marketing alone', () => {
  const view = linkedTwice({ contact: { 'address.postal_code': '30159' }, lead: { 'address.postal_code': '20095' } });
  const plan = planPerson(view, settingsOf('classic', { contact: { enabled: false }, lead: { enabled: true } }));
  expect(plan.actions).toMatchObject([{ entity: 'lead', marketing: { set: { POSTCODE: '20095' } } }]);
});

describe('C35, decision 8: with contacts off, what they say of consent counts as far as it is a no', () => {
  const signals = { tags: { optIn: ['in'], optOut: ['out'] }, field: null, default: 'none' } as const;
  const off = (heard: readonly 'contact'[] = ['contact']) =>
    settingsOf('recommended', {
      contact: { enabled: false },
      lead: { enabled: true },
      consent: { enabled: true, direction: 'both', signals: { contact: signals, lead: signals }, heard },
    });
  const remembered = (crm: string, marketing: string) => ({ ...ADA_BASE, '(consent)': { crm, marketing } });
  /** Linked before contacts were switched off. */
  const person = (
    channel: 'subscribed' | 'none',
    base: readonly [string, string],
    tags: { readonly contact: readonly string[]; readonly lead?: readonly string[] },
  ): PersonView =>
    aView({
      marketing: aMailing({}, { channel: { state: channel, reason: channel, optInType: 'unknown' } }),
      contact: { link: aLink({ base: remembered(...base) }), record: aRecord({}, { tags: tags.contact }) },
      lead:
        tags.lead === undefined
          ? {}
          : {
              link: aLink({ id: 'link-2', role: 'lead', crmId: '51', base: remembered(...base) }),
              record: aLead({}, { tags: tags.lead }),
            },
    });
  const consentWrites = (view: PersonView, settings = off()) =>
    planPerson(view, settings)
      .actions.filter(({ kind }) => kind === 'set-consent')
      .map(({ row, system, entity }) => `${row} ${system} ${entity}`);

  it('O1: a no goes to marketing', () => {
    const view = person('subscribed', ['unknown', 'in'], { contact: ['out'] });
    expect(consentWrites(view)).toContain('O1 marketing contact');
  });

  it('O2: a yes of somebody who is nothing else does not', () => {
    const view = person('none', ['unknown', 'none'], { contact: ['in'] });
    expect([consentWrites(view), consentWrites(view, off([]))]).toEqual([[], ['O2 marketing contact']]);
  });

  it('O9: a yes from marketing goes to the lead alone, and waits where the contact says no', () => {
    const back = (contact: readonly string[]) => person('subscribed', ['out', 'out'], { contact, lead: ['out'] });
    expect(consentWrites(back([]))).toEqual(['O9 crm lead']);
    const held = back(['out']);
    expect([consentWrites(held), codesOf(planPerson(held, off()))]).toEqual([
      [],
      ['CONSENT_CONFLICT', 'CONSENT_CONFLICT'],
    ]);
  });

  it('O10, P5: a no of a record that has no link is new once, and brought back over a yes from marketing only then', () => {
    const back = (others: string | null): PersonView => {
      const base = { ...remembered('out', 'out'), '(consent others)': { crm: others, marketing: null } };
      return aView({
        marketing: aMailing(),
        contact: { candidates: [aRecord({}, { tags: ['out'] })] },
        lead: {
          link: aLink({ id: 'link-2', role: 'lead', crmId: '51', base }),
          record: aLead({}, { tags: ['out'] }),
        },
      });
    };
    const told = planPerson(back(null), off());
    expect(consentWrites(back(null))).toEqual(['O10 marketing lead']);
    // Heard once it has arrived: a write that fails leaves it new.
    const others = (effects: readonly Effect[]) =>
      effects.flatMap((effect) => (effect.type === 'base' ? (effect.fields['(consent others)']?.crm ?? []) : []));
    expect([others(told.effects), others(told.actions.flatMap(({ effects }) => effects))]).toEqual([
      [],
      ['contact:11'],
    ]);
    expect(consentWrites(back('contact:11'))).toEqual([]);
  });
});

it('D12, C35: with contacts off, the link to a marketing contact that is gone ends, and the lead is planned after that', () => {
  const gone = aView({
    marketing: aMailing({}, { state: 'deleted' }),
    contact: { link: aLink(), record: aRecord() },
    lead: { candidates: [aLead()] },
  });
  expect(planPerson(gone, LEADS_ALONE)).toMatchObject({
    actions: [],
    again: true,
    effects: [{ type: 'link-state', linkId: 'link-1', state: 'severed', because: 'D12' }],
  });
  // One that nobody knows is not gone.
  expect(planPerson({ ...gone, marketing: null }, LEADS_ALONE).effects).toEqual([]);
});

it('4.3: a marketing contact that is gone is explained before another is made for the same person', () => {
  const gone = aView({
    marketing: aMailing({}, { state: 'deleted' }),
    contact: { link: aLink({ base: ADA_BASE }), record: aRecord() },
    lead: { candidates: [aLead()] },
  });
  expect(planPerson(gone, BOTH).actions).toEqual([]);
});
