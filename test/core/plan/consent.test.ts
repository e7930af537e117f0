// What a decision about consent writes, remembers and tells the ledger, action by action. (O1-O10, O18, C23)
import { describe, expect, it } from 'vitest';
import { seenAfter } from '../../../src/core/consent/state-words.ts';
import type { PersonView } from '../../../src/core/model/person.ts';
import type { Effect, PersonPlan } from '../../../src/core/model/plan.ts';
import type { ChannelState, OptInType } from '../../../src/core/model/record.ts';
import type { ConsentSettings, Settings } from '../../../src/core/model/settings.ts';
import { planPerson } from '../../../src/core/plan/plan-person.ts';
import { ADA_BASE, ADDRESS, aLink, aMailing, aRecord, aView, settingsOf } from './a-person.ts';

const SIGNALS = { tags: { optIn: ['in'], optOut: ['out'] }, field: null, default: 'none' } as const;
const LEFT = '2026-01-01T00:00:00Z';
/** When the contact and the lead were edited last. */
const EDITED = { contact: '2026-01-02T00:00:00Z', lead: '2026-01-03T00:00:00Z' };

function consentOf(parts: Partial<ConsentSettings> = {}, mode: Settings['mode'] = 'sync'): Settings {
  return settingsOf('recommended', {
    mode,
    lead: { enabled: true },
    consent: { enabled: true, direction: 'both', signals: { contact: SIGNALS, lead: SIGNALS }, ...parts },
  });
}

interface Parts {
  /** Tags of the contact, and of the lead where there is one. */
  readonly tags: readonly string[];
  readonly lead?: readonly string[];
  readonly state: ChannelState;
  /** What was remembered: of both sides, and of the contact's own word. */
  readonly base?: readonly [string, string];
  readonly evidence?: readonly [string, string | null];
  readonly optInType?: OptInType;
  readonly crmEmail?: string;
  readonly leftAt?: string;
}

function person(parts: Parts): PersonView {
  const { tags, lead, state, base, evidence, crmEmail = ADDRESS } = parts;
  const remembered = {
    ...ADA_BASE,
    ...(base === undefined ? {} : { '(consent)': { crm: base[0], marketing: base[1] } }),
    ...(evidence === undefined ? {} : { '(consent evidence)': { crm: evidence[0], marketing: evidence[1] } }),
  };
  const view = aView({
    marketing: aMailing(
      { SELL_LEAD_ID: lead === undefined ? null : '51', ORGANISATION: null },
      { channel: { state, reason: `is ${state}`, optInType: parts.optInType ?? 'unknown' } },
    ),
    contact: { link: aLink({ base: remembered }), record: aRecord({}, { tags, email: crmEmail }) },
    lead:
      lead === undefined
        ? {}
        : {
            link: aLink({
              id: 'link-2',
              role: 'lead',
              crmId: '51',
              base: { ...remembered, ORGANISATION: { crm: null, marketing: null } },
            }),
            record: aRecord(
              { organization_name: null },
              { role: 'lead', id: '51', tags: lead, updatedAt: EDITED.lead },
            ),
          },
  });
  return { ...view, optedOutAt: parts.leftAt ?? null };
}

const consentActions = (plan: PersonPlan) => plan.actions.filter(({ kind }) => kind === 'set-consent');
const ledger = (effects: readonly Effect[]) => effects.filter((effect) => effect.type === 'consent');
/** What is remembered under one key, by role. */
const remembered = (effects: readonly Effect[], key: string) =>
  effects.flatMap((effect) =>
    effect.type === 'base' && effect.fields[key] !== undefined ? [[effect.role, effect.fields[key]]] : [],
  );
const codes = (plan: PersonPlan) => plan.holds.map(({ code, row, entity }) => `${code} ${row} ${entity}`);

/** What every action about Ada's consent has in common. */
const FRAME = { kind: 'set-consent', email: ADDRESS, marketingId: '900', clears: false } as const;
const LEARNT = { type: 'base', marketingId: '900', unconfirmed: {}, settled: [] } as const;

describe('O1: the CRM says no', () => {
  const saidNo = { tags: ['out'], state: 'subscribed', base: ['unknown', 'in'], evidence: ['unknown', null] } as const;

  it('marketing is told in the lane of opt-outs; that it was sent is remembered, and the ledger has who said it', () => {
    const plan = planPerson(person(saidNo), consentOf());
    expect(plan).toMatchObject({ effects: [], holds: [], notes: [], again: false });
    expect(plan.actions).toEqual([
      {
        ...FRAME,
        id: 'm:900/marketing/contact/opt-out',
        row: 'O1',
        rows: ['O1'],
        lane: 'opt-out',
        system: 'marketing',
        entity: 'contact',
        crmId: '11',
        changes: { consent: { from: 'in', to: 'unsubscribed' } },
        crm: null,
        marketing: { set: {}, channel: { state: 'unsubscribed' } },
        effects: [
          {
            type: 'consent',
            system: 'crm',
            state: 'optedOut',
            signal: 'tag out',
            effectiveAt: EDITED.contact,
            row: 'O1',
            crmId: '11',
            marketingId: '900',
            written: 'unsubscribed in the mailing system',
          },
          { ...LEARNT, role: 'contact', crmId: '11', fields: { '(consent)': { crm: 'out', marketing: 'sent' } } },
          {
            ...LEARNT,
            role: 'contact',
            crmId: '11',
            fields: { '(consent evidence)': { crm: 'out', marketing: seenAfter(EDITED.contact) } },
          },
        ],
      },
    ]);
  });

  it('as a suppression where the setting says so', () => {
    const [action] = planPerson(person(saidNo), consentOf({ optOutAs: 'suppressed' })).actions;
    expect(action).toMatchObject({
      marketing: { channel: { state: 'suppressed' } },
      changes: { consent: { to: 'suppressed' } },
      effects: [{ written: 'suppressed in the mailing system' }, {}, {}],
    });
  });

  it('P5: the other record of the person is told as well, by the one that said it', () => {
    const plan = planPerson(person({ ...saidNo, tags: [], lead: ['out'] }), consentOf());
    const [toMarketing, toContact] = consentActions(plan);
    expect(consentActions(plan)).toHaveLength(2);
    expect(ledger(toMarketing?.effects ?? [])).toMatchObject([
      { system: 'crm', signal: 'tag out', crmId: '51', effectiveAt: EDITED.lead },
    ]);
    expect(remembered(toMarketing?.effects ?? [], '(consent)')).toEqual([
      ['contact', { crm: 'out', marketing: 'sent' }],
      ['lead', { crm: 'out', marketing: 'sent' }],
    ]);
    // Only the record that says no is known to have said it after the opt-out.
    expect(remembered(toMarketing?.effects ?? [], '(consent evidence)')).toEqual([
      ['lead', { crm: 'out', marketing: seenAfter(EDITED.lead) }],
    ]);
    expect(toContact).toMatchObject({
      id: 'm:900/crm/contact/opt-out',
      lane: 'opt-out',
      crmId: '11',
      crm: { set: {}, addTags: ['out'] },
      changes: { consent: { from: 'unknown', to: 'optedOut' } },
    });
    // Marketing never said no: it is not made its word.
    expect(ledger(toContact?.effects ?? [])).toEqual([
      {
        type: 'consent',
        system: 'crm',
        state: 'optedOut',
        signal: 'tag out',
        effectiveAt: EDITED.lead,
        row: 'O1',
        crmId: '11',
        marketingId: '900',
        written: 'optedOut in the CRM',
      },
    ]);
    expect(
      consentActions(
        planPerson(person({ ...saidNo, tags: [], lead: ['out'] }), consentOf({ direction: 'to-marketing' })),
      ),
    ).toHaveLength(1);
  });

  it('C23: goes along once more with an address that changes in the same plan', () => {
    const plan = planPerson(person({ ...saidNo, crmEmail: 'ada.king@example.org' }), consentOf());
    const rename = plan.actions.find(({ kind }) => kind === 'update');
    expect(rename).toMatchObject({ rows: ['C20', 'C23'], marketing: { channel: { state: 'unsubscribed' } } });
    // Without a rename no other write carries it.
    const edited = person(saidNo);
    const { contact } = edited.roles;
    const moved = { ...contact, record: aRecord({ 'address.postal_code': '20095' }, { tags: ['out'] }) };
    const plain = planPerson({ ...edited, roles: { ...edited.roles, contact: moved } }, consentOf());
    expect(plain.actions.find(({ kind }) => kind === 'update')).toMatchObject({
      rows: ['C5'],
      marketing: { set: { POSTCODE: '20095' } },
    });
    expect(plain.actions.find(({ kind }) => kind === 'update')?.marketing).not.toHaveProperty('channel');
  });

  it('O1, 4.3: a no of somebody who is matched with nobody goes to the one contact of the address, and its record is named', () => {
    const many = aView({
      marketing: aMailing({ SELL_CONTACT_ID: null }),
      contact: {
        candidates: [aRecord({ first_name: 'Bea' }, { tags: ['out'] }), aRecord({ first_name: 'Cy' }, { id: '12' })],
      },
    });
    const plan = planPerson(many, consentOf());
    expect(consentActions(plan)).toMatchObject([
      {
        system: 'marketing',
        entity: 'contact',
        crmId: null,
        effects: [{ type: 'consent', crmId: '11', signal: 'tag out' }],
      },
    ]);
    // Where nothing remembers it, it is no fact of its own at each look.
    expect([ledger(plan.effects), remembered(plan.effects, '(consent)')]).toEqual([[], []]);
    const marketing = aMailing(
      { SELL_CONTACT_ID: null },
      { channel: { state: 'unsubscribed', reason: '', optInType: 'unknown' } },
    );
    const agreed = planPerson({ ...many, marketing }, consentOf());
    expect([consentActions(agreed), ledger(agreed.effects)]).toEqual([[], []]);
  });

  it.each(['pending', 'none'] as const)(
    'R4: what marketing (%s) is told settles its base, and no base is learnt beside it',
    (state) => {
      const plan = planPerson(person({ ...saidNo, state, base: ['unknown', state] }), consentOf());
      expect([plan.actions.map(({ row }) => row), plan.effects]).toEqual([['O1'], []]);
    },
  );

  it('S2: where marketing may not be written, nobody else is told', () => {
    const plan = planPerson(person({ ...saidNo, lead: [] }), consentOf({ direction: 'to-crm' }));
    expect(plan.actions).toEqual([]);
    expect(remembered(plan.effects, '(consent)')).toContainEqual(['lead', { crm: 'out', marketing: 'in' }]);
  });
});

describe('O2: the CRM says yes, and marketing nothing', () => {
  const saidYes = { tags: ['in'], state: 'none', base: ['unknown', 'none'], evidence: ['in', null] } as const;

  it('subscribes, and asks where the address has left before', () => {
    const plan = planPerson(person(saidYes), consentOf());
    expect(plan.effects).toEqual([]);
    expect(plan.actions).toEqual([
      {
        ...FRAME,
        id: 'm:900/marketing/contact/opt-in',
        row: 'O2',
        rows: ['O2'],
        lane: 'opt-in',
        system: 'marketing',
        entity: 'contact',
        crmId: '11',
        changes: { consent: { from: 'none', to: 'subscribed' } },
        crm: null,
        marketing: { set: {}, channel: { state: 'subscribed', challenge: true, optInType: 'single' } },
        effects: [
          {
            type: 'consent',
            system: 'crm',
            state: 'optedIn',
            signal: 'tag in',
            effectiveAt: EDITED.contact,
            row: 'O2',
            crmId: '11',
            marketingId: '900',
            written: 'subscribed in the mailing system',
          },
          { ...LEARNT, role: 'contact', crmId: '11', fields: { '(consent)': { crm: 'in', marketing: 'none' } } },
        ],
      },
    ]);
  });

  it.each([
    ['unknown', 'single', true],
    ['unknown', 'double', true],
    ['unknown', 'verifiedDouble', true],
    ['single', 'double', true],
    ['single', 'verifiedDouble', true],
    ['double', 'verifiedDouble', true],
    ['unknown', 'unknown', false],
    ['single', 'single', false],
    ['single', 'unknown', false],
    ['double', 'single', false],
    ['verifiedDouble', 'unknown', false],
    ['verifiedDouble', 'double', false],
  ] as const)('a contact of type %s and the setting %s: raised: %s, never lowered', (present, optInType, raised) => {
    const [action] = planPerson(person({ ...saidYes, optInType: present }), consentOf({ optInType })).actions;
    expect(action?.marketing?.channel).toEqual({
      state: 'subscribed',
      challenge: true,
      ...(raised ? { optInType } : {}),
    });
  });

  it.each(['align', 'rebaseline'] as const)('4.8, O6: waits in a run of mode %s for the next ordinary one', (mode) => {
    const plan = planPerson(person(saidYes), consentOf({}, mode));
    expect([plan.actions, plan.later]).toEqual([[], true]);
    expect(planPerson(person(saidYes), consentOf()).later).toBeUndefined();
  });

  it('waits while one of two records is paused or has another address, as long as no other may speak', () => {
    const view = person(saidYes);
    const paused = (lead: PersonView['roles']['lead']) => ({
      ...view,
      roles: {
        ...view.roles,
        lead,
        contact: { ...view.roles.contact, link: aLink({ state: 'held', base: view.roles.contact.link?.base ?? {} }) },
      },
    });
    expect(consentActions(planPerson(paused(view.roles.lead), consentOf()))).toEqual([]);
    const two = person({ ...saidYes, lead: ['in'] });
    expect(consentActions(planPerson(paused(two.roles.lead), consentOf()))).toHaveLength(1);
  });
});

describe('O3: the CRM says yes after the no in marketing', () => {
  const back = {
    tags: ['in'],
    state: 'unsubscribed',
    base: ['unknown', `out ${LEFT} ${LEFT}`],
    evidence: ['unknown', seenAfter('2026-01-01T12:00:00Z')],
    leftAt: LEFT,
  } as const;

  it.each([
    ['challenge', true, 'confirmation asked for', 'confirmation asked for by the mailing system'],
    ['no-challenge', false, 'subscribed', 'resubscribed in the mailing system'],
  ] as const)('%s: is brought back by the service itself', (resubscribe, challenge, to, written) => {
    const plan = planPerson(person(back), consentOf({ resubscribe }));
    expect(plan.holds).toEqual([]);
    expect(plan.actions).toMatchObject([
      {
        ...FRAME,
        row: 'O3',
        lane: 'opt-in',
        system: 'marketing',
        changes: { consent: { from: 'out', to } },
        marketing: { set: {}, resubscribe: { challenge } },
      },
    ]);
    const [{ effects } = { effects: [] }] = plan.actions;
    expect(ledger(effects)).toMatchObject([{ system: 'crm', state: 'optedIn', row: 'O3', written }]);
    // Until the person is read back as subscribed the opt-out stays remembered.
    expect(remembered(effects, '(consent)')).toEqual([['contact', { crm: 'in', marketing: `out ${LEFT} ${LEFT}` }]]);
  });

  it('hold: is asked about with each record, and nothing is remembered of it', () => {
    const view = person({ ...back, lead: ['in'] });
    const plan = planPerson(view, consentOf({ resubscribe: 'hold' }));
    expect(plan.actions).toEqual([]);
    expect(codes(plan)).toEqual(['CONSENT_CONFLICT O3 contact', 'CONSENT_CONFLICT O3 lead']);
    expect(plan.holds.map(({ crmId }) => crmId)).toEqual(['11', '51']);
    expect(plan.holds[0]?.message).toContain('the setting asks for a decision');
    expect(remembered(plan.effects, '(consent)')).toEqual([]);
  });

  it('waits while the record is held', () => {
    const view = person(back);
    const held = { ...view.roles.contact, link: aLink({ state: 'held', base: view.roles.contact.link?.base ?? {} }) };
    expect(planPerson({ ...view, roles: { ...view.roles, contact: held } }, consentOf()).actions).toEqual([]);
  });

  it('O4: a yes that is not surely the later word is told where the CRM may not be written', () => {
    const old = person({ ...back, evidence: ['unknown', null] });
    const plan = planPerson(old, consentOf({ direction: 'to-marketing' }));
    expect([consentActions(plan), codes(plan)]).toEqual([[], ['CONSENT_CONFLICT O4 contact']]);
    expect(plan.holds[0]?.message).toContain('not surely the newer one');
    expect(consentActions(planPerson(old, consentOf()))).toMatchObject([{ row: 'O4', system: 'crm', lane: 'opt-out' }]);
  });

  it('O5: a complaint is never undone, and its reason is told', () => {
    const view = person({ ...back, state: 'blocked', base: ['unknown', `blocked ${LEFT} ${LEFT}`] });
    const plan = planPerson(view, consentOf());
    expect([consentActions(plan), codes(plan)]).toEqual([[], ['CONSENT_REFUSED_BY_DOTDIGITAL O5 contact']]);
    expect(plan.holds[0]?.message).toContain('is blocked');
  });
});

describe('O7: marketing says no', () => {
  const left = {
    tags: [],
    lead: ['in'],
    state: 'unsubscribed',
    base: ['in', 'in'],
    evidence: ['unknown', null],
    leftAt: LEFT,
  } as const;

  it('each record that does not say so yet is told, with a yes taken off, and the ledger has when the person left', () => {
    const plan = planPerson(person(left), consentOf());
    expect(plan.actions.map(({ id, crm, changes }) => [id, crm, changes])).toEqual([
      ['m:900/crm/contact/opt-out', { set: {}, addTags: ['out'] }, { consent: { from: 'unknown', to: 'optedOut' } }],
      [
        'm:900/crm/lead/opt-out',
        { set: {}, addTags: ['out'], removeTags: ['in'] },
        { consent: { from: 'optedIn', to: 'optedOut' } },
      ],
    ]);
    const known = { crm: 'out', marketing: `out ${LEFT} ${LEFT}` };
    expect(plan.actions[1]).toEqual({
      ...FRAME,
      id: 'm:900/crm/lead/opt-out',
      row: 'O7',
      rows: ['O7'],
      lane: 'opt-out',
      system: 'crm',
      entity: 'lead',
      crmId: '51',
      changes: { consent: { from: 'optedIn', to: 'optedOut' } },
      crm: { set: {}, addTags: ['out'], removeTags: ['in'] },
      marketing: null,
      effects: [
        { ...LEARNT, role: 'lead', crmId: '51', fields: { '(consent)': known } },
        {
          ...LEARNT,
          role: 'lead',
          crmId: '51',
          fields: { '(consent evidence)': { crm: 'out', marketing: seenAfter(EDITED.lead) } },
        },
        {
          type: 'consent',
          system: 'marketing',
          state: 'optedOut',
          signal: 'is unsubscribed',
          effectiveAt: LEFT,
          row: 'O7',
          crmId: '51',
          marketingId: '900',
          written: 'optedOut in the CRM',
        },
      ],
    });
  });

  it('O18: a record that says so already is left alone; where both do, that is remembered without a write', () => {
    const one = planPerson(person({ ...left, tags: ['out'] }), consentOf());
    expect(one.actions.map(({ entity }) => entity)).toEqual(['lead']);
    const both = planPerson(person({ ...left, tags: ['out'], lead: ['out'] }), consentOf());
    expect(both.actions).toEqual([]);
    expect(remembered(both.effects, '(consent)')).toEqual([
      ['contact', { crm: 'out', marketing: `out ${LEFT} ${LEFT}` }],
      ['lead', { crm: 'out', marketing: `out ${LEFT} ${LEFT}` }],
    ]);
    const facts = ledger(both.effects).map((effect) =>
      'system' in effect ? [effect.system, effect.state, effect.written] : [],
    );
    expect(facts).toEqual([
      ['crm', 'optedOut', null],
      ['marketing', 'optedOut', null],
    ]);
    // Once remembered it is no news any more.
    const known = [`out`, `out ${LEFT} ${LEFT}`] as const;
    const seen = ['out', seenAfter(EDITED.contact)] as const;
    const quiet = planPerson(
      person({ ...left, tags: ['out'], lead: ['out'], base: known, evidence: seen }),
      consentOf(),
    );
    expect([remembered(quiet.effects, '(consent)'), ledger(quiet.effects)]).toEqual([[], []]);
  });

  it.each(['unsubscribed', 'blocked'] as const)(
    'O18: both sides say no (%s): a record that does not say so yet is told',
    (state) => {
      const plan = planPerson(person({ ...left, tags: ['out'], lead: [], state }), consentOf());
      expect(plan.actions).toMatchObject([{ row: 'O18', entity: 'lead', crm: { addTags: ['out'] } }]);
      expect(ledger(plan.actions[0]?.effects ?? [])).toMatchObject([{ system: 'marketing', signal: `is ${state}` }]);
    },
  );

  it('P3: a record that says both is left as it is', () => {
    const plan = planPerson(person({ ...left, tags: ['in', 'out'], lead: ['out'] }), consentOf());
    expect([consentActions(plan), codes(plan)]).toEqual([[], ['CONSENT_CONTRADICTION P3 contact']]);
  });

  it('O6: an old yes is neither brought over nor taken off', () => {
    const known = { ...left, tags: ['in'], base: ['in', `out ${LEFT} ${LEFT}`], evidence: ['in', null] } as const;
    expect(consentActions(planPerson(person(known), consentOf()))).toEqual([]);
  });

  it('P4: a default that says no is said outright', () => {
    const signals = { ...SIGNALS, default: 'opted-out' } as const;
    const plan = planPerson(person({ ...left, lead: [] }), consentOf({ signals: { contact: signals, lead: signals } }));
    expect(plan.actions.map(({ entity, crm }) => [entity, crm?.addTags])).toEqual([
      ['contact', ['out']],
      ['lead', ['out']],
    ]);
  });

  it('O8: with-change waits for another change that goes to the CRM', () => {
    const waiting = consentOf({ optOutTrigger: 'with-change' });
    expect(consentActions(planPerson(person(left), waiting))).toEqual([]);
    const view = person(left);
    const edited = {
      ...view,
      marketing:
        view.marketing === null ? null : { ...view.marketing, values: { ...view.marketing.values, POSTCODE: '20095' } },
    };
    expect(consentActions(planPerson(edited, waiting))).toHaveLength(2);
    // At the first look nothing was missed yet. (O18)
    const { base: _base, ...first } = left;
    expect(consentActions(planPerson(person(first), waiting))).toHaveLength(2);
  });

  it('a record that the settings give no word for is remembered as it is', () => {
    const wordless = { tags: { optIn: ['in'], optOut: [] }, field: null, default: 'none' } as const;
    const plan = planPerson(
      person({ ...left, lead: [] }),
      consentOf({ signals: { contact: wordless, lead: wordless } }),
    );
    expect(plan.actions).toEqual([]);
    expect(remembered(plan.effects, '(consent)').map(([, field]) => field)).toEqual([
      { crm: 'unknown', marketing: `out ${LEFT} ${LEFT}` },
      { crm: 'unknown', marketing: `out ${LEFT} ${LEFT}` },
    ]);
  });
});

describe('O9: marketing says yes again', () => {
  const returned = {
    tags: ['out'],
    lead: ['out'],
    state: 'subscribed',
    base: ['out', 'out'],
    evidence: ['out', null],
  } as const;

  it('each record is told; an opt-in proves nothing about what the record said itself', () => {
    const plan = planPerson(person(returned), consentOf());
    expect(plan.actions.map(({ id, lane, crm, changes }) => [id, lane, crm, changes])).toEqual([
      [
        'm:900/crm/contact/opt-in',
        'opt-in',
        { set: {}, addTags: ['in'], removeTags: ['out'] },
        { consent: { from: 'optedOut', to: 'optedIn' } },
      ],
      [
        'm:900/crm/lead/opt-in',
        'opt-in',
        { set: {}, addTags: ['in'], removeTags: ['out'] },
        { consent: { from: 'optedOut', to: 'optedIn' } },
      ],
    ]);
    expect(plan.effects).toEqual([]);
    const effects = plan.actions[1]?.effects ?? [];
    expect(remembered(effects, '(consent)')).toEqual([['lead', { crm: 'in', marketing: 'in' }]]);
    expect(remembered(effects, '(consent evidence)')).toEqual([['lead', { crm: 'in', marketing: null }]]);
    expect(ledger(effects)).toMatchObject([
      { system: 'marketing', state: 'optedIn', signal: 'is subscribed', crmId: '51', written: 'optedIn in the CRM' },
    ]);
  });

  it('S22: with-change waits for another change that goes to the CRM', () => {
    const waiting = consentOf({ optInTrigger: 'with-change' });
    expect(planPerson(person(returned), waiting).actions).toEqual([]);
    const view = person(returned);
    const edited = {
      ...view,
      marketing:
        view.marketing === null ? null : { ...view.marketing, values: { ...view.marketing.values, POSTCODE: '20095' } },
    };
    expect(consentActions(planPerson(edited, waiting))).toHaveLength(2);
  });

  it('P5: a further record with the address that says no keeps it from both', () => {
    const view = person(returned);
    const shadow = {
      link: aLink({
        id: 'link-3',
        crmId: '12',
        state: 'shadow',
        base: { '(consent evidence)': { crm: 'out', marketing: null } },
      }),
      record: aRecord({}, { id: '12', tags: ['out'] }),
    };
    const plan = planPerson(
      { ...view, roles: { ...view.roles, contact: { ...view.roles.contact, shadows: [shadow] } } },
      consentOf(),
    );
    expect(consentActions(plan)).toEqual([]);
    expect(codes(plan).filter((code) => code.startsWith('CONSENT'))).toEqual([
      'CONSENT_CONFLICT O9 contact',
      'CONSENT_CONFLICT O9 lead',
    ]);
    expect(plan.holds.find(({ code }) => code === 'CONSENT_CONFLICT')?.message).toContain(
      'another record with the same address',
    );
  });

  it('waits until both records may be written', () => {
    const view = person(returned);
    const held = {
      ...view.roles.lead,
      link: aLink({ id: 'link-2', role: 'lead', crmId: '51', state: 'held', base: view.roles.lead.link?.base ?? {} }),
    };
    expect(consentActions(planPerson({ ...view, roles: { ...view.roles, lead: held } }, consentOf()))).toEqual([]);
  });

  it('remembers it with the write, where one record of two has to be written', () => {
    const plan = planPerson(
      person({ ...returned, lead: [] }),
      consentOf({ signals: { contact: SIGNALS, lead: { ...SIGNALS, tags: { optIn: [], optOut: ['out'] } } } }),
    );
    expect(plan.actions.map(({ entity }) => entity)).toEqual(['contact']);
    expect(remembered(plan.effects, '(consent)')).toEqual([]);
  });

  it('remembers it where no record has to be written', () => {
    const plan = planPerson(
      person({ ...returned, tags: [], lead: [] }),
      consentOf({
        signals: {
          contact: { ...SIGNALS, tags: { optIn: [], optOut: ['out'] } },
          lead: { ...SIGNALS, tags: { optIn: [], optOut: ['out'] } },
        },
      }),
    );
    expect(plan.actions).toEqual([]);
    expect(remembered(plan.effects, '(consent)').map(([role]) => role)).toEqual(['contact', 'lead']);
    expect(ledger(plan.effects)).toMatchObject([
      { system: 'crm', state: 'unknown' },
      { system: 'marketing', state: 'optedIn' },
    ]);
  });
});

describe('4.5: what both sides say is remembered, and each news is a fact of the ledger', () => {
  it.each<[ChannelState, string, string]>([
    ['subscribed', 'optedIn', 'in'],
    ['soft-bounced', 'optedIn', 'in'],
    ['pending', 'pending', 'pending'],
    ['none', 'unknown', 'none'],
    ['blocked', 'optedOut', 'blocked'],
    ['unsubscribed', 'optedOut', 'out'],
  ])('marketing reads %s: %s', (state, said, word) => {
    const view = person({
      tags: [],
      state,
      base: ['unknown', state === 'none' ? 'in' : 'none'],
      evidence: ['unknown', null],
    });
    const plan = planPerson(view, consentOf({ direction: 'to-marketing' }));
    expect(remembered(plan.effects, '(consent)')).toEqual([['contact', { crm: 'unknown', marketing: word }]]);
    expect(ledger(plan.effects)).toEqual([
      expect.objectContaining({
        system: 'marketing',
        state: said,
        signal: `is ${state}`,
        crmId: '11',
        marketingId: '900',
        written: null,
      }),
    ]);
  });

  it('P3: a record that says both counts as a no, and is told', () => {
    const plan = planPerson(
      person({ tags: ['in', 'out'], state: 'unsubscribed', base: ['out', 'out'], evidence: ['out', null] }),
      consentOf({ direction: 'to-marketing' }),
    );
    expect(codes(plan)).toEqual(['CONSENT_CONTRADICTION P3 contact']);
    expect(plan.holds).toMatchObject([{ crmId: '11', message: expect.stringContaining('tag out, tag in') }]);
    expect(consentActions(plan)).toEqual([]);
  });

  it('P4: nobody is asked where neither side is remembered and neither says anything', () => {
    const view = person({ tags: [], state: 'none' });
    const plan = planPerson(view, consentOf());
    expect(consentActions(plan)).toEqual([]);
    expect(ledger(plan.effects)).toMatchObject([
      { system: 'crm', state: 'unknown', row: 'P4', signal: 'no signal; default none' },
      { system: 'marketing', state: 'unknown', row: 'P4' },
    ]);
  });

  it('S17: nothing is read or remembered while consent is off', () => {
    const plan = planPerson(person({ tags: ['out'], state: 'subscribed' }), consentOf({ enabled: false }));
    expect([consentActions(plan), plan.effects]).toEqual([[], []]);
  });
});

describe('O3, O4: what counts as a later yes', () => {
  const back = {
    tags: ['in'],
    state: 'unsubscribed',
    base: ['unknown', `out ${LEFT} ${LEFT}`],
    evidence: ['unknown', seenAfter('2026-01-01T12:00:00Z')],
    leftAt: LEFT,
  } as const;
  const rowOf = (parts: Parts, settings = consentOf()) => consentActions(planPerson(person(parts), settings))[0]?.row;

  it('one whose record was seen without it after the no', () => {
    expect(rowOf(back)).toBe('O3');
  });

  it.each<[string, Parts]>([
    ['nothing was seen after the no', { ...back, evidence: ['unknown', null] }],
    ['the no is of a time nobody knows', { ...back, base: ['unknown', 'out'], leftAt: undefined as never }],
    ['the no is news itself', { ...back, base: ['unknown', 'in'] }],
    [
      'the version is from before the one that was seen',
      { ...back, evidence: ['unknown', seenAfter('2026-01-05T00:00:00Z')] },
    ],
    ['it stood beside a no before', { ...back, evidence: ['out-and-in', seenAfter('2026-01-01T12:00:00Z')] }],
  ])('not where %s', (_, parts) => {
    const { leftAt, ...rest } = parts;
    expect(rowOf(leftAt === undefined ? rest : parts)).not.toBe('O3');
  });

  it.each(['align', 'rebaseline'] as const)('O6: not in a run of mode %s', (mode) => {
    expect(rowOf(back, consentOf({}, mode))).not.toBe('O3');
  });

  it.each(['align', 'rebaseline'] as const)('O6: what was only met in a run of mode %s never counts later', (mode) => {
    const half = person({ ...back, lead: [] });
    const evidence = (settings: Settings) =>
      remembered(planPerson(half, settings).effects, '(consent evidence)').filter(([role]) => role === 'contact');
    expect(evidence(consentOf({ direction: 'to-marketing' }, mode))).toEqual([
      ['contact', { crm: 'in', marketing: null }],
    ]);
    expect(evidence(consentOf({ direction: 'to-marketing' }))).toEqual([
      ['contact', { crm: 'in', marketing: EDITED.contact }],
    ]);
    // Nor does such a run act on what counted before.
    const known = { ...back, lead: ['in'], evidence: ['in', EDITED.contact] } as const;
    expect(rowOf(known)).toBe('O3');
    expect(rowOf(known, consentOf({}, mode))).not.toBe('O3');
  });

  it('O3: one of two records is enough, where the other one has said so all along', () => {
    const view = person({ ...back, lead: ['in'] });
    const link = aLink({
      id: 'link-2',
      role: 'lead',
      crmId: '51',
      base: { ...view.roles.lead.link?.base, '(consent evidence)': { crm: 'in', marketing: null } },
    });
    const plan = planPerson({ ...view, roles: { ...view.roles, lead: { ...view.roles.lead, link } } }, consentOf());
    expect(consentActions(plan)).toMatchObject([{ row: 'O3' }]);
  });

  it('P4: a yes by default is nobody’s word, beside an old one neither', () => {
    const own = { ...SIGNALS, default: 'opted-in' } as const;
    const view = person({
      ...back,
      lead: [],
      base: ['derived-in', `out ${LEFT} ${LEFT}`],
      evidence: ['derived-in', seenAfter('2026-01-01T12:00:00Z')],
    });
    const contact = aLink({
      base: { ...view.roles.contact.link?.base, '(consent evidence)': { crm: 'in', marketing: null } },
    });
    const plan = planPerson(
      { ...view, roles: { ...view.roles, contact: { ...view.roles.contact, link: contact } } },
      consentOf({ signals: { contact: own, lead: own } }),
    );
    expect(consentActions(plan)[0]).toMatchObject({ row: 'O4', system: 'crm' });
  });

  it('what was seen after a no stays seen while nobody is out', () => {
    const plan = planPerson(
      person({
        tags: [],
        state: 'subscribed',
        base: ['unknown', 'none'],
        evidence: ['unknown', seenAfter(EDITED.contact)],
      }),
      consentOf(),
    );
    expect(remembered(plan.effects, '(consent evidence)')).toEqual([]);
    expect(remembered(plan.effects, '(consent)')).toEqual([['contact', { crm: 'unknown', marketing: 'in' }]]);
  });

  it('O3, P5: both records have to say so, and what each said is remembered with its time', () => {
    const view = person({ ...back, tags: [], lead: ['in'] });
    const plan = planPerson(view, consentOf());
    // The stricter of the two says nothing: the no stays, and both are told.
    expect(consentActions(plan).map(({ row, lane }) => [row, lane])).toEqual([
      ['O7', 'opt-out'],
      ['O7', 'opt-out'],
    ]);
    const both = planPerson(person({ ...back, lead: ['in'] }), consentOf());
    expect(consentActions(both)).toMatchObject([{ row: 'O3' }]);
    expect(remembered(both.effects, '(consent evidence)')).toEqual([
      ['contact', { crm: 'in', marketing: EDITED.contact }],
      ['lead', { crm: 'in', marketing: EDITED.lead }],
    ]);
  });

  it('O4: a yes that lost, or stands beside a no, is nobody’s later choice', () => {
    const lost = planPerson(person({ ...back, evidence: ['unknown', null] }), consentOf({ direction: 'to-marketing' }));
    expect(remembered(lost.effects, '(consent evidence)')).toEqual([['contact', { crm: 'in', marketing: null }]]);
    const beside = planPerson(person({ ...back, lead: ['out'], base: ['out', `out ${LEFT} ${LEFT}`] }), consentOf());
    expect(remembered(beside.effects, '(consent evidence)')).toContainEqual([
      'contact',
      { crm: 'in', marketing: null },
    ]);
  });
});

describe('O3: a direct look', () => {
  const out = {
    tags: [],
    state: 'unsubscribed',
    base: ['unknown', `out ${LEFT} ${LEFT}`],
    evidence: ['unknown', null],
    leftAt: LEFT,
  } as const;
  const toMarketing = consentOf({ direction: 'to-marketing' });
  const look = (parts: Parts, settings = toMarketing) => planPerson(person(parts), settings).look;

  it('is asked for at each record of which nobody knows that it said nothing after the no', () => {
    expect(look(out)).toEqual([{ role: 'contact', id: '11' }]);
    expect(look({ ...out, lead: [] })).toEqual([
      { role: 'contact', id: '11' },
      { role: 'lead', id: '51' },
    ]);
  });

  it.each<[string, Parts, Settings]>([
    ['it was seen so', { ...out, evidence: ['unknown', seenAfter(EDITED.contact)] }, toMarketing],
    ['it says yes', { ...out, tags: ['in'], base: ['in', `out ${LEFT} ${LEFT}`], evidence: ['in', null] }, toMarketing],
    ['nobody left', { ...out, state: 'subscribed', base: ['unknown', 'in'], leftAt: undefined as never }, toMarketing],
    [
      'a complaint is for good',
      { ...out, state: 'blocked', base: ['unknown', `blocked ${LEFT} ${LEFT}`] },
      toMarketing,
    ],
    [
      'marketing is never written',
      out,
      consentOf({
        direction: 'to-crm',
        signals: { contact: { ...SIGNALS, tags: { optIn: [], optOut: [] } }, lead: SIGNALS },
      }),
    ],
    ['the record is written anyway, and answers', out, consentOf()],
  ])('is not where %s', (_, parts, settings) => {
    const { leftAt, ...rest } = parts;
    expect(look(leftAt === undefined ? rest : parts, settings)).toBeUndefined();
  });

  it('of the one record that is not written, where the other is', () => {
    const wordless = { ...SIGNALS, tags: { optIn: ['in'], optOut: [] } };
    expect(look({ ...out, lead: [] }, consentOf({ signals: { contact: wordless, lead: SIGNALS } }))).toEqual([
      { role: 'contact', id: '11' },
    ]);
  });

  it('ids of contacts and of leads are apart', () => {
    const wordless = { ...SIGNALS, tags: { optIn: ['in'], optOut: [] } };
    const view = person({ ...out, lead: [] });
    const { link, record } = view.roles.lead;
    const lead = {
      ...view.roles.lead,
      link: link === null ? null : { ...link, crmId: '11' },
      record: record === null ? null : { ...record, id: '11' },
    };
    const plan = planPerson(
      { ...view, roles: { ...view.roles, lead } },
      consentOf({ signals: { contact: wordless, lead: SIGNALS } }),
    );
    expect(plan.look).toEqual([{ role: 'contact', id: '11' }]);
  });

  it('counts once it was had, and is remembered', () => {
    const had = (fresh: readonly string[]) => planPerson({ ...person(out), fresh }, toMarketing);
    expect(had(['contact:11']).look).toBeUndefined();
    expect(remembered(had(['contact:11']).effects, '(consent evidence)')).toEqual([
      ['contact', { crm: 'unknown', marketing: seenAfter(EDITED.contact) }],
    ]);
    expect(had(['lead:11', 'contact:12']).look).toEqual([{ role: 'contact', id: '11' }]);
  });

  it('a new no asks anew', () => {
    const again = { ...out, base: ['unknown', 'in'], evidence: ['unknown', seenAfter(EDITED.contact)] } as const;
    expect(look(again)).toEqual([{ role: 'contact', id: '11' }]);
  });
});

describe('P5: records that are not linked', () => {
  const quiet = { tags: [], state: 'subscribed', base: ['unknown', 'in'], evidence: ['unknown', null] } as const;
  const extra = (tags: readonly string[], more: Parameters<typeof aRecord>[1] = {}) =>
    aRecord({}, { id: '12', tags, updatedAt: '2026-01-07T00:00:00Z', ...more });
  const beside = (contact: Partial<PersonView['roles']['contact']>, parts: Parts = quiet): PersonView => {
    const view = person(parts);
    return { ...view, roles: { ...view.roles, contact: { ...view.roles.contact, ...contact } } };
  };
  const shadowOf = (base = {}) => aLink({ id: 'link-3', crmId: '12', state: 'shadow', base });

  it.each<[string, Partial<PersonView['roles']['contact']>]>([
    ['linked elsewhere', { elsewhere: [extra(['out'])] }],
    ['an extra one met now', { candidates: [extra(['out'])] }],
    ['an extra one of before', { shadows: [{ link: shadowOf(), record: extra(['out']) }] }],
  ])('the no of one counts (%s), and the ledger names it', (_, contact) => {
    const [first] = consentActions(planPerson(beside(contact), consentOf({ direction: 'to-marketing' })));
    expect(first).toMatchObject({ row: 'O1', system: 'marketing', crmId: '11' });
    expect(ledger(first?.effects ?? [])).toMatchObject([
      { system: 'crm', crmId: '12', effectiveAt: '2026-01-07T00:00:00Z' },
    ]);
  });

  it.each<[string, Partial<PersonView['roles']['contact']>]>([
    ['a yes of one', { elsewhere: [extra(['in'])] }],
    ['one that is gone', { shadows: [{ link: shadowOf(), record: extra(['out'], { state: 'deleted' }) }] }],
    ['one that nobody knows', { shadows: [{ link: shadowOf(), record: null }] }],
    ['the linked one itself', { elsewhere: [extra([], { id: '11', tags: ['out'] })] }],
  ])('%s counts for nothing', (_, contact) => {
    expect(consentActions(planPerson(beside(contact), consentOf()))).toEqual([]);
  });

  it('an extra record remembers what it said; of one linked elsewhere the person’s own link does', () => {
    const known = { '(consent evidence)': { crm: 'unknown', marketing: null } };
    const shadow = planPerson(beside({ shadows: [{ link: shadowOf(known), record: extra(['in']) }] }), consentOf());
    expect(remembered(shadow.effects, '(consent evidence)')).toMatchObject([['contact', { crm: 'in' }]]);
    const left = {
      ...quiet,
      tags: ['out'],
      state: 'unsubscribed',
      base: ['out', 'out'],
      evidence: ['out', seenAfter(EDITED.contact)],
    } as const;
    const elsewhere = planPerson(
      beside({ elsewhere: [extra(['out'], { id: '9' }), extra(['out'])] }, left),
      consentOf(),
    );
    expect(remembered(elsewhere.effects, '(consent others)')).toEqual([
      ['contact', { crm: 'contact:12 contact:9', marketing: null }],
    ]);
    // Once it is taken back, that is remembered too.
    const others = { ...left, others: 'contact:12' };
    const view = beside({}, left);
    const link = aLink({
      base: { ...view.roles.contact.link?.base, '(consent others)': { crm: others.others, marketing: null } },
    });
    const quietNow = planPerson(
      { ...view, roles: { ...view.roles, contact: { ...view.roles.contact, link } } },
      consentOf(),
    );
    expect(remembered(quietNow.effects, '(consent others)')).toEqual([['contact', { crm: null, marketing: null }]]);
  });

  it('the no of one that goes to marketing is heard once it has arrived', () => {
    const plan = planPerson(beside({ elsewhere: [extra(['out'])] }), consentOf());
    expect(remembered(plan.effects, '(consent others)')).toEqual([]);
    const [toMarketing] = consentActions(plan);
    expect(remembered(toMarketing?.effects ?? [], '(consent others)')).toEqual([
      ['contact', { crm: 'contact:12', marketing: null }],
    ]);
  });
});

describe('C2, 4.5: a person who is linked by this very plan', () => {
  const meets = (tags: readonly string[], state: ChannelState): PersonView =>
    aView({
      marketing: aMailing({ SELL_CONTACT_ID: null }, { channel: { state, reason: state, optInType: 'unknown' } }),
      contact: { candidates: [aRecord({}, { tags }), aRecord({ first_name: 'Bea' }, { id: '12', tags: [] })] },
    });

  it('O1: a no in the CRM goes over at once', () => {
    expect(consentActions(planPerson(meets(['out'], 'subscribed'), consentOf()))).toMatchObject([
      { row: 'O1', system: 'marketing' },
    ]);
  });

  it('O18: a no in marketing does too, and no yes comes over it', () => {
    const plan = planPerson(meets(['in'], 'unsubscribed'), consentOf());
    expect(consentActions(plan)).toMatchObject([{ row: 'O18', system: 'crm', entity: 'contact', crmId: '11' }]);
  });

  it('O2: a yes goes to somebody of whom marketing knows nothing, as far as the record takes part', () => {
    expect(consentActions(planPerson(meets(['in'], 'none'), consentOf()))).toMatchObject([{ row: 'O2' }]);
    expect(consentActions(planPerson(meets(['in', 'no-sync'], 'none'), consentOf()))).toEqual([]);
  });

  it('what each said is remembered, the extra record’s too', () => {
    const plan = planPerson(meets([], 'subscribed'), consentOf());
    expect(remembered(plan.effects, '(consent evidence)')).toHaveLength(2);
    expect(remembered(plan.effects, '(consent)')).toEqual([['contact', { crm: 'unknown', marketing: 'in' }]]);
  });

  it('a record that is gone does not speak', () => {
    const gone = aView({
      marketing: aMailing({}, { channel: { state: 'subscribed', reason: '', optInType: 'unknown' } }),
      contact: { link: aLink(), record: aRecord({}, { state: 'hidden', tags: ['out'] }) },
    });
    expect(consentActions(planPerson(gone, consentOf()))).toEqual([]);
  });

  it('what was remembered by the link of a record that is gone counts last', () => {
    const base = (crm: string, marketing: string) => ({ '(consent)': { crm, marketing } });
    const view = (contactBase: object): PersonView => ({
      ...aView({
        marketing: aMailing({ SELL_LEAD_ID: '51' }),
        contact: { link: aLink({ base: { ...ADA_BASE, ...contactBase } }), record: aRecord({}, { state: 'hidden' }) },
        lead: {
          link: aLink({
            id: 'link-2',
            role: 'lead',
            crmId: '51',
            base: { ...base('out', 'out'), '(consent evidence)': { crm: 'out', marketing: null } },
          }),
          record: aRecord({}, { role: 'lead', id: '51', tags: ['out'] }),
        },
      }),
    });
    // O9 by the lead's own memory, whatever the contact's link has.
    expect(consentActions(planPerson(view(base('unknown', 'in')), consentOf())).map(({ row }) => row)).toEqual(['O9']);
  });
});

describe('P5, C2: who speaks, and who remembers', () => {
  const contact = (state: ChannelState = 'subscribed') =>
    aMailing({ SELL_CONTACT_ID: null }, { channel: { state, reason: state, optInType: 'unknown' } });
  const lead = (tags: readonly string[], more: Parameters<typeof aRecord>[1] = {}) =>
    aRecord({ organization_name: null }, { role: 'lead', id: '51', tags, ...more });
  const keyed = (effects: readonly Effect[], key: string) =>
    effects.flatMap((effect) =>
      effect.type === 'base' && key in effect.fields ? [`${effect.role} ${effect.crmId}`] : [],
    );

  it('both roles that are linked by one plan', () => {
    const view = aView({
      marketing: contact(),
      contact: { candidates: [aRecord()] },
      lead: { candidates: [lead([])] },
    });
    const plan = planPerson(view, consentOf());
    expect(keyed(plan.effects, '(consent)')).toEqual(['contact 11', 'lead 51']);
    expect(keyed(plan.effects, '(consent evidence)')).toEqual(['contact 11', 'lead 51']);
  });

  it('the record that is linked, not the first with the address', () => {
    const candidates = [aRecord({ first_name: 'Bea' }, { id: '10' }), aRecord({}, { tags: ['in'] })];
    const plan = planPerson(aView({ marketing: contact('none'), contact: { candidates } }), consentOf());
    expect(consentActions(plan)).toMatchObject([{ row: 'O2', crmId: '11' }]);
    expect(keyed(plan.effects, '(consent evidence)').toSorted()).toEqual(['contact 10', 'contact 11']);
  });

  it('one that is linked elsewhere has no memory of its own here, whoever else is linked now', () => {
    const view = aView({
      marketing: contact('unsubscribed'),
      contact: {
        link: aLink({
          base: {
            ...ADA_BASE,
            '(consent)': { crm: 'out', marketing: 'out' },
            '(consent evidence)': { crm: 'out', marketing: null },
          },
        }),
        record: aRecord({}, { tags: ['out'] }),
        candidates: [aRecord({}, { id: '12' })],
        elsewhere: [aRecord({}, { id: '15', tags: ['out'] })],
      },
    });
    const plan = planPerson(view, consentOf());
    expect(keyed(plan.effects, '(consent evidence)')).not.toContain('contact 15');
    expect(remembered(plan.effects, '(consent others)')).toEqual([['contact', { crm: 'contact:15', marketing: null }]]);
    expect(plan.effects).toContainEqual({
      ...LEARNT,
      role: 'contact',
      crmId: '11',
      fields: { '(consent others)': { crm: 'contact:15', marketing: null } },
    });
  });

  it('a lead with the same id as a contact that is linked now is somebody else', () => {
    const view = aView({
      marketing: contact('unsubscribed'),
      contact: { candidates: [aRecord({}, { tags: ['out'] })] },
      lead: { elsewhere: [lead(['out'], { id: '11' })] },
    });
    const plan = planPerson(view, consentOf());
    expect(remembered(plan.effects, '(consent others)')).toEqual([['contact', { crm: 'lead:11', marketing: null }]]);
    expect(keyed(plan.effects, '(consent evidence)')).toEqual(['contact 11']);
  });

  it('a lead with the same id as the contact is somebody else', () => {
    const base = {
      ...ADA_BASE,
      '(consent)': { crm: 'unknown', marketing: 'in' },
      '(consent evidence)': { crm: 'unknown', marketing: null },
    };
    const view = aView({
      marketing: contact(),
      contact: { link: aLink({ base }), record: aRecord() },
      lead: { elsewhere: [lead(['out'], { id: '11' })] },
    });
    expect(consentActions(planPerson(view, consentOf()))[0]).toMatchObject({ row: 'O1', system: 'marketing' });
  });

  it('nobody for a marketing contact that is gone', () => {
    const view = aView({
      marketing: { ...contact(), state: 'deleted' },
      contact: { link: aLink(), record: aRecord({}, { tags: ['out'] }) },
    });
    expect(consentActions(planPerson(view, consentOf()))).toEqual([]);
  });

  it('O9: an extra record that says nothing keeps nobody from coming back', () => {
    const base = {
      ...ADA_BASE,
      '(consent)': { crm: 'out', marketing: 'out' },
      '(consent evidence)': { crm: 'out', marketing: null },
    };
    const signals = { ...SIGNALS, default: 'opted-out' } as const;
    const view = aView({
      marketing: contact(),
      contact: {
        link: aLink({ base }),
        record: aRecord({}, { tags: ['out'] }),
        elsewhere: [aRecord({}, { id: '15' })],
      },
    });
    for (const own of [SIGNALS, signals])
      expect(consentActions(planPerson(view, consentOf({ signals: { contact: own, lead: own } })))).toMatchObject([
        { row: 'O9' },
      ]);
  });

  it('O9: while the confirmation is awaited nothing is written or remembered of it', () => {
    const plan = planPerson(
      person({ tags: ['out'], state: 'pending', base: ['out', 'out'], evidence: ['out', null] }),
      consentOf(),
    );
    expect([consentActions(plan), remembered(plan.effects, '(consent)')]).toEqual([[], []]);
  });

  it('O10: a no that is new beside one that was known is a new choice', () => {
    const known = { ...ADA_BASE, '(consent)': { crm: 'out', marketing: 'out' } };
    const back = (said: string) =>
      aView({
        marketing: aMailing({ SELL_LEAD_ID: '51' }),
        contact: {
          link: aLink({ base: { ...known, '(consent evidence)': { crm: said, marketing: null } } }),
          record: aRecord({}, { tags: ['out'] }),
        },
        lead: {
          link: aLink({
            id: 'link-2',
            role: 'lead',
            crmId: '51',
            base: { ...known, '(consent evidence)': { crm: 'out', marketing: null } },
          }),
          record: lead(['out']),
        },
      });
    expect(consentActions(planPerson(back('unknown'), consentOf())).map(({ row }) => row)).toEqual(['O10']);
    expect(consentActions(planPerson(back('out'), consentOf())).map(({ row }) => row)).toEqual(['O9', 'O9']);
  });

  it.each([
    ['to-marketing', []],
    ['both', ['O10']],
  ] as const)('O4, O10: a yes that met a new no is nobody’s later choice (%s)', (direction, rows) => {
    const met = {
      tags: ['in'],
      state: 'unsubscribed',
      base: ['unknown', 'in'],
      evidence: ['unknown', seenAfter('2026-01-01T12:00:00Z')],
      leftAt: LEFT,
    } as const;
    const plan = planPerson(person(met), consentOf({ direction }));
    expect(consentActions(plan).map(({ row }) => row)).toEqual(rows);
    expect(remembered(plan.effects, '(consent evidence)')).toEqual([['contact', { crm: 'in', marketing: null }]]);
  });

  it('O1: who says nothing is remembered beside the no, and a no with the look that found it', () => {
    const { effects } = planPerson(
      person({ tags: ['out'], lead: [], state: 'subscribed', base: ['unknown', 'in'] }),
      consentOf(),
    );
    expect(remembered(effects, '(consent evidence)')).toEqual([['lead', { crm: 'unknown', marketing: null }]]);
    const both = { tags: ['out'], state: 'unsubscribed', base: ['out', 'out'], evidence: ['out', null] } as const;
    const looked = planPerson({ ...person(both), fresh: ['contact:11'] }, consentOf());
    expect(looked.effects).toEqual([
      {
        ...LEARNT,
        role: 'contact',
        crmId: '11',
        fields: { '(consent evidence)': { crm: 'out', marketing: seenAfter(EDITED.contact) } },
      },
    ]);
  });
});
