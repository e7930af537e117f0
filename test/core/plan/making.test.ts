// What a new record carries from its first moment: consent, lists, tags, statuses; and who is not made at all. (C1, C4, L2, L4, O2, O11-O16, P4)
import { describe, expect, it } from 'vitest';
import type { Link } from '../../../src/core/model/link.ts';
import type { PersonView } from '../../../src/core/model/person.ts';
import type { ChannelState, CrmRecord } from '../../../src/core/model/record.ts';
import type { ConsentSettings, RoleSettings, Settings } from '../../../src/core/model/settings.ts';
import { OPTED_OUT_KEY, STATUS_KEY } from '../../../src/core/plan/plan-lead-status.ts';
import { planPerson } from '../../../src/core/plan/plan-person.ts';
import {
  ADDRESS,
  aLink,
  aMailing,
  aRecord,
  aView,
  CONTACT_FIELDS,
  codesOf,
  FIELDS,
  settingsOf,
  writeTo,
} from './a-person.ts';

const SIGNALS = { tags: { optIn: ['in'], optOut: ['out', 'never'] }, field: null, default: 'none' } as const;
const LISTS = {
  enforceSingle: false,
  lists: [
    { listId: '70', status: 'New', known: true },
    { listId: '71', status: 'Working', known: true },
    { listId: '72', status: 'Gone', known: false },
    { listId: null, status: 'Unmade', known: true },
  ],
};

function settings(
  parts: { consent?: Partial<ConsentSettings>; contact?: Partial<RoleSettings>; lead?: Partial<RoleSettings> } = {},
  more: Partial<Settings> = {},
): Settings {
  return settingsOf('classic', {
    contact: parts.contact ?? {},
    lead: { enabled: true, statusLists: LISTS, ...parts.lead },
    consent: { enabled: true, direction: 'both', signals: { contact: SIGNALS, lead: SIGNALS }, ...parts.consent },
    ...more,
  });
}
const aLead = (more: Partial<CrmRecord> = {}): CrmRecord =>
  aRecord({ organization_name: null }, { role: 'lead', id: '51', status: 'New', ...more });
const inCrm = (...tags: string[]): PersonView => aView({ contact: { candidates: [aRecord({}, { tags })] } });
const made = (view: PersonView, own: Settings) => writeTo(planPerson(view, own), 'marketing');

describe('O16, P4, O2: the channel of a new marketing contact', () => {
  const defaults = (value: 'opted-in' | 'opted-out'): Partial<ConsentSettings> => {
    const own = { ...SIGNALS, default: value };
    return { signals: { contact: own, lead: own } };
  };

  it.each<[string, PersonView, Partial<ConsentSettings>, object, string]>([
    [
      'a yes is said with its type',
      inCrm('in'),
      { optInType: 'double' },
      { state: 'subscribed', challenge: true, optInType: 'double' },
      'O2',
    ],
    [
      'a yes is said one way too',
      inCrm('in'),
      { direction: 'to-marketing' },
      { state: 'subscribed', challenge: true, optInType: 'single' },
      'O2',
    ],
    ['a no is said', inCrm('out'), {}, { state: 'unsubscribed' }, 'O1'],
    ['a no is said as the setting has it', inCrm('out'), { optOutAs: 'suppressed' }, { state: 'suppressed' }, 'O1'],
    [
      'a no is said whichever side may be written',
      inCrm('out'),
      { direction: 'to-crm' },
      { state: 'unsubscribed' },
      'O1',
    ],
    ['both is a no', inCrm('in', 'out'), {}, { state: 'unsubscribed' }, 'O1'],
    ['a default yes has no type', inCrm(), defaults('opted-in'), { state: 'subscribed', challenge: true }, 'P4'],
    ['a default no', inCrm(), defaults('opted-out'), { state: 'unsubscribed' }, 'P4'],
    ['nothing is known', inCrm(), {}, { state: 'subscribed', challenge: true }, 'O16'],
    [
      'nothing is known, and the setting is careful',
      inCrm(),
      { unknownConsentAs: 'unsubscribed' },
      { state: 'unsubscribed' },
      'O16',
    ],
    [
      'a yes counts for nothing where marketing may not be written',
      inCrm('in'),
      { direction: 'to-crm', unknownConsentAs: 'unsubscribed' },
      { state: 'unsubscribed' },
      'O16',
    ],
    [
      'consent is off',
      inCrm('in'),
      { enabled: false, unknownConsentAs: 'unsubscribed' },
      { state: 'unsubscribed' },
      'O16',
    ],
  ])('%s', (_, view, consent, channel, row) => {
    const write = made(view, settings({ consent }));
    expect(write?.marketing?.channel).toEqual(channel);
    expect(write?.rows).toEqual(['C1', row]);
  });

  it.each<[string, Partial<PersonView['roles']['contact']>, object]>([
    [
      'a record linked elsewhere says no',
      { elsewhere: [aRecord({}, { id: '15', tags: ['out'] })] },
      { state: 'unsubscribed' },
    ],
    [
      'an extra record says no',
      { candidates: [aRecord({}, { tags: ['in'] }), aRecord({}, { id: '12', tags: ['never'] })] },
      { state: 'unsubscribed' },
    ],
    [
      'a record linked elsewhere says yes',
      { elsewhere: [aRecord({}, { id: '15', tags: ['in'] })] },
      { state: 'subscribed', challenge: true },
    ],
  ])('P5: %s', (_, contact, channel) => {
    const view = aView({ contact: { candidates: [aRecord()], ...contact } });
    expect(made(view, settings())?.marketing?.channel).toEqual(channel);
  });

  it('P5: the other role counts too, a role that is off only for its no', () => {
    const lead = (...tags: string[]) =>
      aView({ contact: { candidates: [aRecord()] }, lead: { candidates: [aLead({ tags })] } });
    const heard = settingsOf('classic', {
      consent: { enabled: true, direction: 'both', signals: { contact: SIGNALS, lead: SIGNALS }, heard: ['lead'] },
    });
    expect(made(lead('out'), settings())?.marketing?.channel).toEqual({ state: 'unsubscribed' });
    expect(made(lead('out'), heard)?.marketing?.channel).toEqual({ state: 'unsubscribed' });
    const yes = aView({ contact: { candidates: [aRecord({}, { tags: ['in'] })] }, lead: { candidates: [aLead()] } });
    expect(made(yes, heard)?.rows).toContain('O2');
    // The stricter of unknown and yes.
    expect(made(lead('in'), heard)?.rows).toContain('O16');
  });

  it('C23, P5: whoever had opted out with either record starts so', () => {
    for (const [because, starts] of [
      ['C23', true],
      ['P5', true],
      ['C20', false],
    ] as const) {
      const severed = [aLink({ id: 'old', role: 'lead', crmId: '51', state: 'severed', because })];
      const view = aView({ contact: { candidates: [aRecord({}, { tags: ['in'] })] }, lead: { severed } });
      expect([because, made(view, settings())?.marketing?.channel?.state]).toEqual([
        because,
        starts ? 'unsubscribed' : 'subscribed',
      ]);
    }
  });
});

describe('L2: a lead that becomes a marketing contact', () => {
  const view = (more: Partial<CrmRecord> = {}): PersonView => aView({ lead: { candidates: [aLead(more)] } });
  const own = settings({ contact: { enabled: false } });
  const learnt = (write: ReturnType<typeof made>) =>
    write?.effects.flatMap((effect) => (effect.type === 'base' ? [effect.fields] : []))[0] ?? {};

  it('starts on the list of its status, and both are remembered', () => {
    const write = made(view({ tags: ['in'] }), own);
    expect(write).toMatchObject({
      rows: ['L2', 'O2'],
      entity: 'lead',
      changes: { 'list New': { from: null, to: 'New' } },
      marketing: { lists: ['70'], set: { SELL_LEAD_ID: '51' } },
    });
    expect(learnt(write)).toMatchObject({ [STATUS_KEY]: { crm: 'New', marketing: 'New' } });
    expect(learnt(write)).not.toHaveProperty(OPTED_OUT_KEY);
    expect(write?.effects).toContainEqual({ type: 'membership', marketingId: null, listId: '70', member: true });
  });

  it('decision 24: with an opt-out, that is remembered beside the list', () => {
    expect(learnt(made(view({ tags: ['out'] }), own))).toMatchObject({
      [OPTED_OUT_KEY]: { crm: null, marketing: true },
    });
  });

  it('L13: a status without a list is told, and it is made all the same', () => {
    const plan = planPerson(view({ status: 'Brand new' }), own);
    expect(plan.holds).toMatchObject([{ code: 'LEAD_STATUS_UNKNOWN', row: 'L13', crmId: '51', email: ADDRESS }]);
    expect(plan.actions[0]?.marketing).not.toHaveProperty('lists');
    expect(plan.actions).toHaveLength(1);
  });

  it('a list that is still to be made is in the preview alone', () => {
    const write = made(view({ status: 'Unmade' }), own);
    expect(write?.changes).toMatchObject({ 'list Unmade': { to: 'Unmade' } });
    expect(write?.marketing).not.toHaveProperty('lists');
    expect(write?.effects.some(({ type }) => type === 'membership')).toBe(false);
  });

  it('no status, or no lists: on none', () => {
    expect(made(view({ status: null }), own)?.marketing).not.toHaveProperty('lists');
    expect(
      made(view(), settings({ contact: { enabled: false }, lead: { statusLists: null } }))?.marketing,
    ).not.toHaveProperty('lists');
  });

  it('C32: what is made belongs to the scope, once', () => {
    const scope = { marketingLists: ['70', '9'], crmTags: [], crmOwners: [], pauseList: null, pauseTag: 'no-sync' };
    expect(made(view(), settings({ contact: { enabled: false }, lead: { scope } }))?.marketing?.lists).toEqual(['70']);
    const other = { ...scope, marketingLists: ['9', '70'] };
    expect(made(view(), settings({ contact: { enabled: false }, lead: { scope: other } }))?.marketing?.lists).toEqual([
      '70',
      '9',
    ]);
  });

  it('4.1: without a field for its id it carries none', () => {
    const write = made(view(), settings({ contact: { enabled: false }, lead: { idField: null } }));
    expect(Object.keys(write?.marketing?.set ?? {})).not.toContain('SELL_LEAD_ID');
  });
});

describe('C1: values of a new marketing contact', () => {
  it('blank ones are agreed on at once, the others wait to be read back', () => {
    const write = made(aView({ contact: { candidates: [aRecord({ 'address.postal_code': null })] } }), settings());
    const base = write?.effects.find(({ type }) => type === 'base');
    expect(base).toMatchObject({
      fields: { POSTCODE: { crm: null, marketing: null } },
      marketingId: null,
      settled: [],
    });
    expect(write?.changes).not.toHaveProperty('POSTCODE');
    expect(write?.marketing?.set).not.toHaveProperty('POSTCODE');
    expect(base?.type === 'base' ? Object.keys(base.unconfirmed) : []).toEqual([
      'email',
      'FIRSTNAME',
      'LASTNAME',
      'CUSTOMER_STATUS',
      'PROSPECT_STATUS',
    ]);
  });

  it('S2: a field that goes to the CRM alone is not copied, nor one at an alignment the other way', () => {
    const fields = CONTACT_FIELDS.map((field) =>
      field.key === 'POSTCODE' ? { ...field, direction: 'to-crm' as const } : field,
    );
    expect(made(inCrm(), settings({ contact: { fields } }))?.marketing?.set).not.toHaveProperty('POSTCODE');
    const align = settings({ contact: { alignment: { direction: 'to-crm', winner: 'crm' } } }, { mode: 'align' });
    expect(planPerson(inCrm(), align).actions).toEqual([]);
  });

  it('C1, C30: each as marketing writes it, one that only the CRM may set too', () => {
    const fields = [...CONTACT_FIELDS, FIELDS.tags, FIELDS.owner];
    const record = aRecord({ tags: ['blue', 'red'], 'owner.name': 'Grace' });
    const write = made(aView({ contact: { candidates: [record] } }), settings({ contact: { fields } }));
    expect(write?.marketing?.set).toMatchObject({ TAGS: 'blue; red', OWNER: 'Grace' });
  });

  it('C33: a record that is paused is not made', () => {
    expect(planPerson(inCrm('no-sync'), settings()).actions).toEqual([]);
  });

  it('L14: a lead without a name is told as one, C11: a contact as one', () => {
    for (const [view, row] of [
      [aView({ lead: { candidates: [aLead({ firstName: null })] } }), 'L14'],
      [aView({ contact: { candidates: [aRecord({ first_name: null })] } }), 'C11'],
    ] as const)
      expect(planPerson(view, settings()).holds).toMatchObject([{ code: 'NAME_MISSING', row, email: ADDRESS }]);
  });
});

describe('D13: who was deleted in marketing before', () => {
  const tombstone = (because: string, more: Partial<Link> = {}) => aLink({ state: 'severed', because, ...more });
  const view = (record: CrmRecord, ...severed: Link[]): PersonView =>
    aView({ contact: { candidates: [record], severed } });

  it.each([
    ['D12', false],
    ['D1', false],
    ['C24', true],
    ['C20', true],
  ] as const)('an end by %s lets them be made again: %s', (because, makes) => {
    expect(planPerson(view(aRecord(), tombstone(because)), settings()).actions.length).toBe(makes ? 1 : 0);
    // The end of another record's link is none of this one's.
    expect(planPerson(view(aRecord(), tombstone(because, { crmId: '77' })), settings()).actions).toHaveLength(1);
  });

  it('an edit since is asked about, each delete for itself', () => {
    const edited = view(aRecord({ 'address.postal_code': '20095' }), tombstone('D12'));
    const plan = planPerson(edited, settings());
    expect(plan.holds).toMatchObject([{ code: 'EDITED_AFTER_DELETE', row: 'D13', crmId: '11', email: ADDRESS }]);
    expect(plan.notes).toMatchObject([{ row: 'D13' }]);
    const key = plan.holds[0]?.asks?.key ?? '';
    expect(key.split(' ')).toContain('link-1');
    const restored = planPerson(edited, { ...settings(), decided: new Map([[key, 'restore']]) });
    expect(restored.actions).toMatchObject([{ kind: 'create', system: 'marketing' }]);
    const apart = planPerson(edited, { ...settings(), decided: new Map([[key, 'keep-apart']]) });
    expect([apart.actions, apart.holds]).toEqual([[], []]);
    // The later of two ends counts.
    const twice = view(
      aRecord({ 'address.postal_code': '20095' }),
      tombstone('D12'),
      tombstone('D12', { id: 'link-8' }),
    );
    expect(planPerson(twice, settings()).holds[0]?.asks?.key).toContain('link-8');
  });

  it('C24: an address that is missing is told as removed only where it was', () => {
    const gone = (because: string) =>
      codesOf(planPerson(view(aRecord({}, { email: null }), tombstone(because)), settings()));
    expect([gone('C24'), gone('C20')]).toEqual([['EMAIL_REMOVED'], ['EMAIL_MISSING']]);
  });
});

describe('L4, L19: a lead that is made in the CRM', () => {
  const on = (listId: string, state: ChannelState = 'subscribed', more: Partial<PersonView> = {}): PersonView => ({
    ...aView({
      marketing: aMailing(
        { SELL_CONTACT_ID: null, CUSTOMER_STATUS: null, PROSPECT_STATUS: null },
        { channel: { state, reason: state, optInType: 'unknown' } },
      ),
    }),
    leadLists: [{ listId, since: null }],
    ...more,
  });
  const create = (view: PersonView, own = settings()) =>
    planPerson(view, own).actions.find(({ kind, entity }) => kind === 'create' && entity === 'lead');

  it('has the status of its list, which both sides agree on', () => {
    const action = create(on('71'));
    expect(action).toMatchObject({
      rows: ['L4'],
      crmId: null,
      changes: { status: { from: null, to: 'Working' }, email: { from: null, to: ADDRESS } },
      crm: { status: 'Working', email: ADDRESS },
    });
    expect(action?.effects).toMatchObject([
      { type: 'link', role: 'lead', row: 'L4' },
      { type: 'base', fields: { [STATUS_KEY]: { crm: 'Working', marketing: 'Working' } } },
    ]);
    expect(action?.crm).not.toHaveProperty('addTags');
  });

  it('L19: says the opt-out from its first moment, as far as consent may be written to the CRM', () => {
    expect(create(on('70', 'unsubscribed'))).toMatchObject({
      rows: ['L4', 'L19'],
      changes: { consent: { from: null, to: 'optedOut' } },
      crm: { status: 'New', addTags: ['out'] },
    });
    for (const own of [settings({ consent: { direction: 'to-marketing' } }), settings({ consent: { enabled: false } })])
      expect(create(on('70', 'unsubscribed'), own)?.crm).not.toHaveProperty('addTags');
    // A bounce is said too.
    expect(create(on('70', 'hard-bounced'))?.crm?.addTags).toEqual(['out']);
  });

  it('L13, L6: a list whose status is gone makes nobody; one that was guessed is told', () => {
    const gone = planPerson(on('72'), settings());
    expect([create(on('72')), gone.holds.map(({ code, row, entity }) => [code, row, entity])]).toEqual([
      undefined,
      [['LEAD_STATUS_UNKNOWN', 'L13', 'lead']],
    ]);
    const both = on('70', 'subscribed', {
      leadLists: [
        { listId: '70', since: null },
        { listId: '71', since: null },
      ],
    });
    expect(planPerson(both, settings()).holds).toMatchObject([
      { code: 'LIST_ORDER_UNKNOWN', row: 'L6', entity: 'lead' },
    ]);
    expect(create(both)?.crm?.status).toBe('Working');
  });

  it('S2, C33: not where the CRM may not be written, and not for whoever is paused', () => {
    expect(create(on('70'), settings({ lead: { direction: 'to-marketing' } }))).toBeUndefined();
    const scope = { marketingLists: [], crmTags: [], crmOwners: [], pauseList: '9', pauseTag: 'no-sync' };
    const paused = on('70');
    const view = { ...paused, marketing: paused.marketing === null ? null : { ...paused.marketing, lists: ['9'] } };
    expect(create(view, settings({ lead: { scope } }))).toBeUndefined();
  });

  it.each<[string, boolean, boolean]>([
    ['C3', true, true],
    ['P5', true, true],
    ['D7', true, false],
    ['D8', true, false],
    ['D9', true, false],
    ['C24', false, false],
    ['D6', false, false],
    ['R17', false, false],
  ])('decision 12: after an end by %s: %s, and where the lists stay: %s', (because, makes, makesMuted) => {
    const ended = (own: Settings) => {
      const severed = [aLink({ id: 'old', role: 'lead', crmId: '50', state: 'severed', because })];
      const view = on('70');
      return create({ ...view, roles: { ...view.roles, lead: { ...view.roles.lead, severed } } }, own) !== undefined;
    };
    expect(ended(settings())).toBe(makes);
    expect(ended(settings({ lead: { direction: 'to-crm' } }))).toBe(makesMuted);
  });

  it('C32: what is made belongs to the scope', () => {
    const scope = {
      marketingLists: [],
      crmTags: ['synced', 'vip'],
      crmOwners: [],
      pauseList: null,
      pauseTag: 'no-sync',
    };
    expect(create(on('70', 'unsubscribed'), settings({ lead: { scope } }))?.crm?.addTags).toEqual(['synced', 'out']);
  });

  it('decision 10: whoever is a lead and carries no mark is no contact, held or made', () => {
    const carriesNone = (own: Settings) => planPerson(on('70'), own);
    expect(codesOf(carriesNone(settings()))).toEqual([]);
    const allowed = settings({}, { allowNonCustomer: true });
    expect(carriesNone(allowed).actions.map(({ entity }) => entity)).toEqual(['lead']);
    const once = aView({
      marketing: on('70').marketing,
      lead: { severed: [aLink({ role: 'lead', crmId: '50', state: 'severed', because: 'C24' })] },
    });
    expect([planPerson(once, allowed).actions, codesOf(planPerson(once, settings()))]).toEqual([[], []]);
    const off = settings({ lead: { enabled: false } });
    expect(codesOf(carriesNone(off))).toEqual(['NOT_PROSPECT_OR_CUSTOMER']);
  });
});

describe('O11-O13: somebody who left and is no record in the CRM', () => {
  const left = (state: ChannelState = 'unsubscribed', values: Parameters<typeof aMailing>[0] = {}): PersonView =>
    aView({
      marketing: aMailing(
        { SELL_CONTACT_ID: null, CUSTOMER_STATUS: null, PROSPECT_STATUS: null, ...values },
        { channel: { state, reason: state, optInType: 'unknown' } },
      ),
    });
  const keeping = (more: Partial<ConsentSettings> = {}) => settings({ consent: { createSuppressed: true, ...more } });
  const creates = (view: PersonView, own: Settings) =>
    planPerson(view, own).actions.map(({ entity, kind }) => `${kind} ${entity}`);

  it('O11: is made to keep the no, whatever marks it lacks, with a tag that says so', () => {
    const plan = planPerson(left(), keeping());
    expect(plan.actions).toMatchObject([
      {
        kind: 'create',
        entity: 'contact',
        rows: ['O11'],
        changes: { consent: { from: null, to: 'optedOut' } },
        crm: { addTags: ['out', 'dotdigital-opt-out-record'] },
      },
    ]);
    expect(plan.holds).toEqual([]);
    expect(creates(left('blocked'), keeping())).toEqual(['create contact']);
  });

  it('O11: as a lead where the setting says so', () => {
    expect(creates(left(), keeping({ createSuppressedAs: 'lead' }))).toEqual(['create lead']);
  });

  it('O11: in a field where consent is kept in one', () => {
    const field = {
      path: 'custom_fields.News',
      optIn: ['yes'],
      optOut: ['no'],
      writeIn: 'yes',
      writeOut: 'no',
      whole: null,
    };
    const own = { ...SIGNALS, tags: { optIn: [], optOut: [] }, field };
    const [action] = planPerson(left(), keeping({ signals: { contact: own, lead: own } })).actions;
    expect(action?.crm).toMatchObject({
      set: { 'custom_fields.News': 'no', first_name: 'Ada' },
      addTags: ['dotdigital-opt-out-record'],
    });
  });

  it('O12: a name that is missing is held', () => {
    const plan = planPerson(left('unsubscribed', { LASTNAME: null }), keeping());
    expect([plan.actions, plan.holds.map(({ code, row }) => [code, row])]).toEqual([[], [['NAME_MISSING', 'O12']]]);
  });

  it.each<[string, PersonView, Settings]>([
    ['it is not permitted', left(), settings()],
    ['the address merely bounces', left('hard-bounced'), keeping()],
    [
      'the person is a record already',
      {
        ...left(),
        roles: {
          ...left().roles,
          lead: { ...left().roles.lead, link: aLink({ role: 'lead', crmId: '51' }), record: aLead() },
        },
      },
      keeping(),
    ],
    [
      'a record waits to be linked',
      {
        ...left(),
        roles: {
          ...left().roles,
          lead: { ...left().roles.lead, candidates: [aLead({ firstName: 'X' }), aLead({ id: '52', lastName: 'Y' })] },
        },
      },
      settingsOf('classic', {
        lead: { enabled: true, multipleMatch: 'do-not-update' },
        consent: { enabled: true, direction: 'both', createSuppressed: true },
      }),
    ],
  ])('O13: nobody is made where %s', (_, view, own) => {
    expect(planPerson(view, own).actions.filter(({ kind }) => kind === 'create')).toEqual([]);
  });

  it('decision 20, C4: with consent kept out of the CRM they are contacts like any other', () => {
    for (const own of [settings({ consent: { enabled: false } }), settings({ consent: { direction: 'to-marketing' } })])
      expect(creates(left('unsubscribed', { CUSTOMER_STATUS: 'current' }), own)).toEqual(['create contact']);
    expect(creates(left('unsubscribed', { CUSTOMER_STATUS: 'current' }), settings())).toEqual([]);
  });

  it('O16: whoever was made as unsubscribed for want of a word has said no to nobody', () => {
    const beside = (word: string) => {
      const link = aLink({ role: 'lead', crmId: '51', base: { '(consent)': { crm: 'unknown', marketing: word } } });
      const view = left('unsubscribed', { CUSTOMER_STATUS: 'current', SELL_LEAD_ID: '51' });
      return { ...view, roles: { ...view.roles, lead: { ...view.roles.lead, link, record: aLead() } } };
    };
    expect(creates(beside('made'), settings()).filter((what) => what.startsWith('create'))).toEqual(['create contact']);
    expect(creates(beside('out'), settings()).filter((what) => what.startsWith('create'))).toEqual([]);
  });

  it('C35: a record of a role that is off is told of no opt-out: another one keeps it', () => {
    const view = { ...left(), roles: { ...left().roles, lead: { ...left().roles.lead, candidates: [aLead()] } } };
    const heard = settingsOf('classic', {
      consent: {
        enabled: true,
        direction: 'both',
        createSuppressed: true,
        signals: { contact: SIGNALS, lead: SIGNALS },
        heard: ['lead'],
      },
    });
    expect(creates(view, heard)).toEqual(['create contact']);
  });
});

describe('C4: values of a new CRM record', () => {
  it('R19: tags go along without those that speak of consent', () => {
    const own = settings({ contact: { fields: [...CONTACT_FIELDS, FIELDS.tags] } });
    const [action] = planPerson(
      aView({ marketing: aMailing({ SELL_CONTACT_ID: null, TAGS: 'blue; in; out' }) }),
      own,
    ).actions;
    expect(action?.crm?.set['tags']).toEqual(['blue']);
  });

  it('C30: one that only the CRM may set stays in marketing, and holds nothing; a blank list is none', () => {
    const fields = [...CONTACT_FIELDS, FIELDS.owner, FIELDS.tags];
    const marketing = aMailing({ SELL_CONTACT_ID: null, OWNER: 'Grace', TAGS: null });
    const plan = planPerson(aView({ marketing }), settings({ contact: { fields } }));
    expect([plan.actions.map(({ crm }) => Object.keys(crm?.set ?? {})), plan.holds]).toEqual([
      [['first_name', 'last_name', 'address.postal_code', 'customer_status', 'prospect_status']],
      [],
    ]);
  });

  it('decision 15: the direction of an alignment is that of no other run', () => {
    const view = aView({ marketing: aMailing({ SELL_CONTACT_ID: null }) });
    const alignment = { direction: 'to-marketing', winner: 'crm' } as const;
    const count = (mode: Settings['mode']) =>
      planPerson(view, settings({ contact: { alignment } }, { mode })).actions.length;
    expect([count('sync'), count('align')]).toEqual([1, 0]);
  });

  it('L3: beside a lead that moves to another list, which goes on', () => {
    const base = { '(lead status)': { crm: 'New', marketing: 'New' } };
    const view = {
      ...aView({
        marketing: aMailing({ SELL_CONTACT_ID: null, SELL_LEAD_ID: '51' }),
        lead: { link: aLink({ role: 'lead', crmId: '51', base }), record: aLead({ status: 'Working' }) },
      }),
      leadLists: [{ listId: '70', since: null }],
    };
    const plan = planPerson(view, settings());
    expect(plan.actions.map(({ kind }) => kind)).toEqual(['create', 'list-remove', 'list-add']);
    expect(plan).not.toHaveProperty('later');
  });

  it('C2: a blank status is left to the CRM and keeps no base, another blank does', () => {
    const view = aView({ marketing: aMailing({ SELL_CONTACT_ID: null, PROSPECT_STATUS: null, POSTCODE: null }) });
    const [action] = planPerson(view, settings()).actions;
    const base = action?.effects.find(({ type }) => type === 'base');
    expect(base?.type === 'base' ? base.fields : {}).toMatchObject({ POSTCODE: { crm: null, marketing: null } });
    expect(base?.type === 'base' ? base.fields : {}).not.toHaveProperty('PROSPECT_STATUS');
    expect(Object.keys(action?.changes ?? {}).toSorted()).toEqual([
      'customer_status',
      'email',
      'first_name',
      'last_name',
    ]);
    expect(action?.crm?.set).not.toHaveProperty('address.postal_code');
  });

  it('C18, C19: an address that is none is told with its row', () => {
    const held = (email: string | null) =>
      planPerson(aView({ marketing: aMailing({ SELL_CONTACT_ID: null }, { email }) }), settings()).holds.map(
        ({ code, row }) => [code, row],
      );
    expect(held(null)).toEqual([['EMAIL_MISSING', 'C18']]);
    expect(held('ada at example.org')).toEqual([['EMAIL_INVALID', 'C19']]);
  });

  it('C16: the rest is made without the address that is refused, which keeps no base', () => {
    const fields = [...CONTACT_FIELDS, FIELDS.billing];
    const view = aView({
      marketing: aMailing({ SELL_CONTACT_ID: null, CUSTOMER_STATUS: null, PROSPECT_STATUS: null, BILLINGCITY: 'Rome' }),
    });
    const own = settings({ contact: { fields } }, { allowNonCustomer: true, partialWrite: true });
    const [action] = planPerson(view, own).actions;
    const base = action?.effects.find(({ type }) => type === 'base');
    expect(Object.keys(action?.changes ?? {})).not.toContain('billing_address.city');
    expect(base?.type === 'base' ? Object.keys(base.fields) : []).not.toContain('BILLINGCITY');
  });

  it('decision 27: what an undo deleted is made again by an alignment alone', () => {
    const severed = [aLink({ state: 'severed', because: 'R17' })];
    const view = aView({ marketing: aMailing({ SELL_CONTACT_ID: null }), contact: { severed } });
    const plan = planPerson(view, settings());
    expect([plan.actions, plan.notes]).toEqual([
      [],
      [{ row: 'R17', text: 'Stays as the undo left it: an alignment makes it again.' }],
    ]);
    expect(planPerson(view, settings({}, { mode: 'align' })).actions).toHaveLength(1);
    // The end of another contact's link is none of this one's.
    const other = aView({
      marketing: aMailing({ SELL_CONTACT_ID: null }),
      contact: { severed: [aLink({ state: 'severed', because: 'D1', marketingId: '800' })] },
    });
    expect(planPerson(other, settings()).actions).toHaveLength(1);
  });
});

describe('who stands beside whom, and what is told of it', () => {
  const person = (
    values: Parameters<typeof aMailing>[0],
    state: ChannelState = 'subscribed',
  ): PersonView['marketing'] =>
    aMailing({ SELL_CONTACT_ID: null, ...values }, { channel: { state, reason: state, optInType: 'unknown' } });
  const listed = (view: PersonView): PersonView => ({ ...view, leadLists: [{ listId: '70', since: null }] });
  const alone = { CUSTOMER_STATUS: null, PROSPECT_STATUS: null };
  const beside = settings({ lead: { besideContact: false } });

  it.each<[string, PersonView, readonly string[]]>([
    ['a linked contact', aView({ marketing: person({}), contact: { link: aLink(), record: aRecord() } }), ['11']],
    [
      'a contact that waits',
      aView({
        marketing: person({ FIRSTNAME: 'Bea' }),
        contact: { candidates: [aRecord(), aRecord({}, { id: '12' })] },
      }),
      ['11', '12'],
    ],
    ['a contact that this plan makes', aView({ marketing: person({}) }), []],
  ])('L4: no lead is made beside %s unless somebody says so', (_, view, refs) => {
    const hold = planPerson(listed(view), beside).holds.find(({ code }) => code === 'ALREADY_CONTACT');
    expect(hold?.row).toBe('L4');
    expect(hold?.refs.filter(({ system }) => system === 'crm')).toEqual(
      refs.map((id) => ({ system: 'crm', entity: 'contact', id })),
    );
  });

  it.each<[string, PersonView]>([
    ['nobody', aView({ marketing: person(alone) })],
    [
      'an organisation',
      aView({ marketing: person(alone), contact: { candidates: [aRecord({}, { isOrganisation: true })] } }),
    ],
    [
      'a contact that is out of sight',
      aView({ marketing: person({}), contact: { link: aLink(), record: aRecord({}, { state: 'hidden' }) } }),
    ],
  ])('L4: beside %s one is made', (_, view) => {
    const plan = planPerson(listed(view), beside);
    expect(plan.actions).toContainEqual(expect.objectContaining({ kind: 'create', entity: 'lead' }));
    expect(codesOf(plan)).not.toContain('ALREADY_CONTACT');
  });

  it('L14: a lead without a name is told as one, opted out or not', () => {
    for (const state of ['subscribed', 'unsubscribed'] as const)
      expect(
        planPerson(listed(aView({ marketing: person({ ...alone, LASTNAME: null }, state) })), settings()).holds,
      ).toMatchObject([{ code: 'NAME_MISSING', row: 'L14', entity: 'lead' }]);
  });

  it('decision 10: only who was this contact’s lead is a lead', () => {
    const was = (marketingId: string) => {
      const severed = [aLink({ id: 'old', role: 'lead', crmId: '50', state: 'severed', because: 'C24', marketingId })];
      return codesOf(planPerson(aView({ marketing: person(alone), lead: { severed } }), settings()));
    };
    expect([was('900'), was('800')]).toEqual([[], ['NOT_PROSPECT_OR_CUSTOMER']]);
    expect(codesOf(planPerson(aView({ marketing: person(alone) }), settings()))).toEqual(['NOT_PROSPECT_OR_CUSTOMER']);
  });

  it('C21: an address whose record is somebody else’s is told with its row', () => {
    const view = aView({ marketing: person({}), contact: { elsewhere: [aRecord({}, { id: '15' })] } });
    expect(planPerson(view, settings()).holds).toMatchObject([{ code: 'EMAIL_TAKEN', row: 'C21' }]);
  });

  it('C3: extra records of a new contact are told, and stand beside it for that reason', () => {
    const plan = planPerson(aView({ contact: { candidates: [aRecord(), aRecord({}, { id: '12' })] } }), settings());
    expect(plan.actions[0]?.effects).toContainEqual({
      type: 'link',
      role: 'contact',
      crmId: '12',
      marketingId: null,
      state: 'shadow',
      because: 'C3',
      row: 'C3',
    });
    expect(plan.holds).toMatchObject([{ code: 'DUP_SHADOWED', crmId: '12' }]);
  });
});

describe('what a new record is told to have changed', () => {
  it('C4, C1: each value from nothing, each blank not at all', () => {
    const inCrm = planPerson(aView({ marketing: aMailing({ SELL_CONTACT_ID: null }) }), settings()).actions[0];
    expect(inCrm?.changes).toMatchObject({ first_name: { from: null, to: 'Ada' }, email: { from: null, to: ADDRESS } });
    expect(inCrm?.effects[1]).toMatchObject({ type: 'base', unconfirmed: {}, settled: [] });
    const inMarketing = planPerson(aView({ contact: { candidates: [aRecord()] } }), settings()).actions[0];
    expect(inMarketing?.changes).toMatchObject({
      FIRSTNAME: { from: null, to: 'Ada' },
      email: { from: null, to: ADDRESS },
    });
  });

  it('P4, O16: no type of opt-in is written where nobody said yes', () => {
    const own = { ...SIGNALS, default: 'opted-in' } as const;
    for (const consent of [{ signals: { contact: own, lead: own } }, {}])
      expect(made(inCrm(), settings({ consent }))?.marketing?.channel).not.toHaveProperty('optInType');
  });

  it('C28: a value that does not fit is named with its side', () => {
    const fields = [...CONTACT_FIELDS, FIELDS.tier, FIELDS.size];
    const toCrm = planPerson(
      aView({ marketing: aMailing({ SELL_CONTACT_ID: null, TIER: 'Platinum' }) }),
      settings({ contact: { fields } }),
    );
    expect(toCrm.holds).toMatchObject([
      { code: 'VALUE_UNMAPPABLE', email: ADDRESS, fix: expect.stringContaining('in the mailing system') },
    ]);
    const toMarketing = planPerson(
      aView({ contact: { candidates: [aRecord({ 'custom_fields.Size': 'ten' })] } }),
      settings({ contact: { fields } }),
    );
    expect(toMarketing.holds).toMatchObject([
      {
        code: 'VALUE_UNMAPPABLE',
        crmId: '11',
        message: 'The value of custom_fields.Size is not a plain number.',
        fix: expect.stringContaining('in the CRM'),
      },
    ]);
  });
});

describe('D13: who comes back with another record', () => {
  const stay = settings({ contact: { multipleMatch: 'email' } });
  const ended = (crmId: string, because = 'D12', more: Partial<Link> = {}) =>
    aLink({ id: `old-${crmId}`, crmId, state: 'severed', because, ...more });
  const view = (severed: readonly Link[], ...more: readonly CrmRecord[]) =>
    aView({ contact: { candidates: [aRecord(), aRecord({}, { id: '12' }), ...more], severed } });
  const askedOf = (plan: ReturnType<typeof planPerson>) =>
    plan.holds.flatMap(({ asks, crmId }) => (asks === undefined ? [] : [crmId]));

  it('is asked of each other record, and the one that somebody names is made, the rest beside it', () => {
    const people = view([ended('11')], aRecord({}, { id: '13' }));
    const plan = planPerson(people, stay);
    expect([plan.actions, askedOf(plan)]).toEqual([[], ['12', '13']]);
    expect(plan.notes).toContainEqual({
      row: 'D13',
      text: 'Stays deleted: the contact was deleted in marketing before.',
    });
    const key = plan.holds.find(({ crmId }) => crmId === '12')?.asks?.key ?? '';
    const restored = planPerson(people, { ...stay, decided: new Map([[key, 'restore']]) });
    expect(
      restored.actions[0]?.effects.flatMap((effect) => (effect.type === 'link' ? [[effect.crmId, effect.state]] : [])),
    ).toEqual([
      ['12', 'active'],
      ['11', 'shadow'],
      ['13', 'shadow'],
    ]);
  });

  it.each<[string, readonly Link[], Partial<CrmRecord>]>([
    ['was a contact itself', [ended('11'), ended('12', 'C24')], {}],
    ['takes no part', [ended('11')], { tags: ['no-sync'] }],
  ])('is not asked of one that %s', (_, severed, more) => {
    const people = aView({ contact: { candidates: [aRecord(), aRecord({}, { id: '12', ...more })], severed } });
    expect(askedOf(planPerson(people, stay))).toEqual([]);
  });

  it('decision 27: is not asked of what an undo took away: another record of theirs stays out too', () => {
    const plan = planPerson(view([ended('11', 'R17')]), stay);
    expect([plan.actions, askedOf(plan)]).toEqual([[], []]);
    // What it took from another record is none of this one's.
    expect(planPerson(view([ended('77', 'R17')]), stay).actions).toHaveLength(1);
  });

  it('C24: an address that another record lost is none that this one did', () => {
    const lost = (crmId: string) =>
      planPerson(
        aView({ contact: { candidates: [aRecord({}, { email: null })], severed: [ended(crmId, 'C24')] } }),
        settings(),
      ).holds;
    expect(lost('11')).toMatchObject([{ code: 'EMAIL_REMOVED', row: 'C24' }]);
    expect(lost('77')).toMatchObject([{ code: 'EMAIL_MISSING', row: 'C18' }]);
  });
});

it('L2: a lead without a status is no lead of an unknown one, and one without a field for its id carries none', () => {
  const own = settings({ contact: { enabled: false }, lead: { idField: null } });
  const plan = planPerson(aView({ lead: { candidates: [aLead({ status: null })] } }), own);
  expect([plan.holds, plan.actions.length]).toEqual([[], 1]);
  expect(Object.keys(plan.actions[0]?.marketing?.set ?? {}).toSorted()).toEqual(['FIRSTNAME', 'LASTNAME', 'POSTCODE']);
});
