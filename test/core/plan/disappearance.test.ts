// One side of a linked person is gone: what is written, what ends, what is asked. (4.3)
import { describe, expect, it } from 'vitest';
import type { Choice } from '../../../src/core/model/choice.ts';
import type { Role } from '../../../src/core/model/identity.ts';
import type { Link } from '../../../src/core/model/link.ts';
import type { PersonView, RoleView } from '../../../src/core/model/person.ts';
import type { PersonPlan } from '../../../src/core/model/plan.ts';
import type { CrmRecord, MarketingRecord } from '../../../src/core/model/record.ts';
import type { OnDelete, RoleSettings, Settings } from '../../../src/core/model/settings.ts';
import { planPerson } from '../../../src/core/plan/plan-person.ts';
import {
  ADA_BASE,
  ADDRESS,
  agreedOn,
  aLink,
  aMailing,
  aRecord,
  aView,
  CONTACT_FIELDS,
  FIELDS,
  settingsOf,
} from './a-person.ts';

const LISTS = {
  enforceSingle: false,
  lists: [
    { listId: '70', status: 'New', known: true },
    { listId: '71', status: 'Working', known: true },
  ],
};
const LEAD_BASE = agreedOn({
  email: ADDRESS,
  FIRSTNAME: 'Ada',
  LASTNAME: 'Lovelace',
  POSTCODE: '10115',
  ORGANISATION: null,
});
const LINK = {
  contact: aLink(),
  lead: aLink({ id: 'link-2', role: 'lead', crmId: '51', base: LEAD_BASE }),
} as const;

function settings(
  own: Partial<RoleSettings> = {},
  more: Partial<Settings> & { profile?: 'recommended' } = {},
): Settings {
  const { profile = 'classic', ...rest } = more;
  return settingsOf(profile, { contact: own, lead: { enabled: true, statusLists: LISTS, ...own }, ...rest });
}

function aLead(more: Partial<CrmRecord> = {}): CrmRecord {
  return aRecord({ organization_name: null }, { role: 'lead', id: '51', ...more });
}
const recordOf = { contact: aRecord, lead: (_values: object, more: Partial<CrmRecord>) => aLead(more) } as const;

/** Ada in one role or both; `gone` names the roles whose records were deleted. */
function person(parts: {
  readonly roles?: readonly Role[];
  readonly gone?: readonly Role[];
  readonly contact?: Partial<RoleView>;
  readonly lead?: Partial<RoleView>;
  readonly record?: Partial<CrmRecord>;
  readonly values?: Parameters<typeof aMailing>[0];
  readonly mailing?: Partial<MarketingRecord>;
  readonly onLists?: readonly string[];
}): PersonView {
  const { roles = ['contact'], gone = ['contact'] } = parts;
  const view = (role: Role): Partial<RoleView> => ({
    ...(roles.includes(role)
      ? {
          link: LINK[role],
          record: recordOf[role]({}, gone.includes(role) ? { state: 'deleted', ...parts.record } : {}),
        }
      : {}),
    ...parts[role],
  });
  const marketing = aMailing(
    {
      SELL_CONTACT_ID: roles.includes('contact') ? '11' : null,
      SELL_LEAD_ID: roles.includes('lead') ? '51' : null,
      // Whoever is a lead alone carries no mark that would make a contact of them. (decision 10)
      ...(roles.includes('contact') ? {} : { CUSTOMER_STATUS: null, PROSPECT_STATUS: null }),
      ...parts.values,
    },
    parts.mailing,
  );
  return {
    ...aView({ marketing, contact: view('contact'), lead: view('lead') }),
    leadLists: (parts.onLists ?? []).map((listId) => ({ listId, since: null })),
  };
}

const severed = (role: Role, row: string) => ({
  type: 'link-state',
  linkId: LINK[role].id,
  state: 'severed',
  because: row,
  row,
});
const kinds = (plan: PersonPlan) => plan.actions.map(({ kind }) => kind);
const rowsOf = (plan: PersonPlan) => plan.notes.map(({ row }) => row);

/** The same view after somebody answered the one question it asks. */
function answered(view: PersonView, own: Settings, answer: Choice): PersonPlan {
  const [key] = planPerson(view, own).holds.flatMap(({ asks }) => asks?.key ?? []);
  if (key === undefined) throw new Error('Nothing is asked.');
  return planPerson(view, { ...own, decided: new Map([[key, answer]]) });
}
const offered = (plan: PersonPlan) => plan.holds.flatMap(({ asks }) => asks?.choices.map(({ choice }) => choice) ?? []);

describe.each([
  ['D1', 'contact', '11'],
  ['D6', 'lead', '51'],
] as const)('%s: the %s of somebody who is nothing else is deleted', (row, role, crmId) => {
  const view = person({ roles: [role], gone: [role] });

  it('so is the marketing contact, and the link ends with that', () => {
    const plan = planPerson(view, settings());
    expect(plan).toMatchObject({ effects: [], holds: [], notes: [], again: false });
    expect(plan.actions).toEqual([
      {
        id: `m:900/marketing/${role}/delete`,
        row,
        rows: [row],
        lane: 'delete',
        kind: 'delete',
        system: 'marketing',
        entity: role,
        email: ADDRESS,
        crmId,
        marketingId: '900',
        changes: { email: { from: ADDRESS, to: null } },
        clears: false,
        crm: null,
        marketing: { set: {} },
        effects: [severed(role, row)],
      },
    ]);
  });

  it('queue: the delete waits for somebody', () => {
    expect(planPerson(view, settings({ delete: 'queue' })).actions).toMatchObject([{ kind: 'delete', queued: true }]);
    expect(planPerson(view, settings()).actions[0]).not.toHaveProperty('queued');
  });

  it('mark: the contact says of which role it was', () => {
    const plan = planPerson(view, settings({ delete: 'mark' }));
    const id = role === 'contact' ? 'SELL_CONTACT_ID' : 'SELL_LEAD_ID';
    expect(plan.actions).toMatchObject([
      {
        kind: 'update',
        rows: ['D1'],
        entity: role,
        clears: false,
        marketing: { set: { SELL_DELETED: role, [id]: null } },
        changes: { SELL_DELETED: { from: null, to: role }, [id]: { from: crmId, to: null } },
        effects: [severed(role, 'D1')],
      },
    ]);
    expect([plan.effects, rowsOf(plan)]).toEqual([[], ['D1']]);
  });

  it('mark: also where the contact carries another id, or none', () => {
    const other = person({ roles: [role], gone: [role], values: { SELL_CONTACT_ID: null, SELL_LEAD_ID: null } });
    const plan = planPerson(other, settings({ delete: 'mark' }));
    expect(plan.actions.map(({ rows, marketing }) => [rows, marketing?.set])).toEqual([
      [['D1'], { SELL_DELETED: role }],
    ]);
  });

  it('S2: one way to marketing is way enough', () => {
    const one = settings({ direction: 'to-marketing' });
    expect(kinds(planPerson(view, one))).toEqual(['delete']);
    const edited = person({ roles: [role], gone: [role], values: { POSTCODE: '20095' } });
    expect(kinds(answered(edited, one, 'delete'))).toEqual(['delete']);
  });

  it('ignore, and wherever marketing may not be written: the link ends', () => {
    for (const own of [settings({ delete: 'ignore' }), settings({ direction: 'to-crm' })]) {
      const plan = planPerson(view, own);
      expect([plan.actions, plan.effects, rowsOf(plan)]).toEqual([[], [severed(role, 'D1')], ['D1']]);
      expect(plan.notes[0]?.text).toContain('leaves the marketing contact alone');
    }
  });

  it.each(['align', 'rebaseline'] as const)('D20: a run of mode %s leaves it to the next ordinary one', (mode) => {
    const plan = planPerson(view, settings({}, { mode }));
    expect([plan.actions, plan.effects, plan.later, rowsOf(plan)]).toEqual([[], [], true, ['D20']]);
  });

  it('4.3: one that was missed only lately is left alone, unless it was converted', () => {
    const later = settings({}, { goneBefore: '2026-01-05T00:00:00Z' });
    const since = (goneAt: string) => person({ roles: [role], gone: [role], record: { goneAt } });
    const waits = planPerson(since('2026-01-05T00:00:01Z'), later);
    expect([waits.actions, waits.effects, waits.later, rowsOf(waits)]).toEqual([[], [], true, [row]]);
    expect(kinds(planPerson(since('2026-01-05T00:00:00Z'), later))).toEqual(['delete']);
    expect(kinds(planPerson(since('2026-01-05T00:00:01Z'), settings()))).toEqual(['delete']);
    expect(kinds(planPerson(view, later))).toEqual(['delete']);
    // Out of sight is told at once.
    const hidden = person({ roles: [role], gone: [role], record: { state: 'hidden', goneAt: '2026-01-05T00:00:01Z' } });
    expect(planPerson(hidden, later).holds).toMatchObject([{ code: 'PERMISSION_DENIED' }]);
  });

  it('D15: so is the marketing contact already: the link ends', () => {
    const plan = planPerson(person({ roles: [role], gone: [role], mailing: { state: 'deleted' } }), settings());
    expect([plan.actions, plan.effects, rowsOf(plan)]).toEqual([[], [severed(role, 'D15')], ['D15']]);
  });

  it('D19: out of sight is not gone', () => {
    const view = person({ roles: [role], gone: [role], record: { state: 'hidden' } });
    const plan = planPerson(view, settings());
    expect([plan.actions, plan.effects]).toEqual([[], []]);
    expect(plan.holds).toMatchObject([{ code: 'PERMISSION_DENIED', row: 'D19', crmId, email: ADDRESS }]);
    // Told by the marketing contact's address, or else by the record's own.
    const told = (email: string | null) =>
      planPerson(
        person({
          roles: [role],
          gone: [role],
          record: { state: 'hidden', email: 'old@example.org' },
          mailing: { email },
        }),
        settings(),
      ).holds[0]?.email;
    expect([told('new@example.org'), told(null)]).toEqual(['new@example.org', 'old@example.org']);
    // Once the marketing contact is gone, it stays in the CRM like any other.
    const left = planPerson(
      person({ roles: [role], gone: [role], record: { state: 'hidden' }, mailing: { state: 'deleted' } }),
      settings(),
    );
    expect(left.effects).toEqual([severed(role, role === 'contact' ? 'D12' : 'D11')]);
  });

  it('D17: an edit in marketing since is asked about', () => {
    const edited = person({ roles: [role], gone: [role], values: { POSTCODE: '20095' } });
    const plan = planPerson(edited, settings());
    expect([plan.actions, plan.effects, offered(plan)]).toEqual([[], [], ['delete', 'keep']]);
    expect(plan.holds).toMatchObject([{ code: 'EDITED_AFTER_DELETE', row: 'D17', crmId, email: ADDRESS }]);
    expect(answered(edited, settings(), 'keep')).toMatchObject({
      actions: [],
      holds: [],
      effects: [severed(role, 'D17')],
    });
    // A delete that somebody decided is not asked about once more.
    const decided = answered(edited, settings({ delete: 'queue' }), 'delete');
    expect(decided.actions).toMatchObject([{ kind: 'delete', row: 'D17', effects: [severed(role, 'D17')] }]);
    expect(decided.actions[0]).not.toHaveProperty('queued');
    // Our own write that waits to be read back is no edit, nor is a value that was never agreed on.
    const link = { ...LINK[role], unconfirmed: { POSTCODE: { from: '10115', to: '20095', crm: '20095', tries: 1 } } };
    const own = { [role]: { link } };
    expect(
      kinds(planPerson(person({ roles: [role], gone: [role], values: { POSTCODE: '20095' }, ...own }), settings())),
    ).toEqual(['delete']);
    const { POSTCODE: _none, ...base } = LINK[role].base;
    const unknown = { [role]: { link: { ...LINK[role], base } } };
    expect(
      kinds(planPerson(person({ roles: [role], gone: [role], values: { POSTCODE: '20095' }, ...unknown }), settings())),
    ).toEqual(['delete']);
  });
});

describe('D1 remove-from-lists', () => {
  const leaving = settingsOf('classic', { contact: { delete: 'remove-from-lists' }, lead: { statusLists: LISTS } });
  const view = (lists: readonly string[], onLists: readonly string[] = []) => person({ mailing: { lists }, onLists });

  it('takes the contact off every list it is on, and ends the link with the last one', () => {
    const plan = planPerson(view(['5', '71'], ['71', '70', '99']), leaving);
    expect(
      plan.actions.map(({ id, kind, lane, changes, marketing, effects }) => [
        id,
        kind,
        lane,
        changes,
        marketing,
        effects.length,
      ]),
    ).toEqual([
      [
        'm:900/marketing/contact/update',
        'update',
        'update',
        { SELL_CONTACT_ID: { from: '11', to: null } },
        { set: { SELL_CONTACT_ID: null } },
        0,
      ],
      [
        'm:900/marketing/contact/list-remove/Working',
        'list-remove',
        'list',
        { 'list Working': { from: 'Working', to: null } },
        { set: {}, leaveList: '71' },
        1,
      ],
      [
        'm:900/marketing/contact/list-remove/New',
        'list-remove',
        'list',
        { 'list New': { from: 'New', to: null } },
        { set: {}, leaveList: '70' },
        1,
      ],
      [
        'm:900/marketing/contact/list-remove/5',
        'list-remove',
        'list',
        { 'list 5': { from: '5', to: null } },
        { set: {}, leaveList: '5' },
        2,
      ],
    ]);
    expect(plan.actions[3]?.effects).toEqual([
      { type: 'membership', marketingId: '900', listId: '5', member: false },
      severed('contact', 'D1'),
    ]);
    expect([plan.effects, rowsOf(plan)]).toEqual([[], ['D1']]);
  });

  it.each([
    ['remove-from-lists', ['create', 'update']],
    ['delete', ['create']],
    ['queue', ['create']],
  ] as const)('S8, L4: whoever becomes a lead by the same plan stays: the next run decides again (%s)', (own, rest) => {
    const plan = planPerson(view(['5'], ['71']), settings({ delete: own }));
    expect([kinds(plan), plan.later]).toEqual([rest, true]);
    expect(plan.effects).toEqual([]);
  });

  it('ends the link at once where it is on none', () => {
    const plan = planPerson(view([]), leaving);
    expect([kinds(plan), plan.effects]).toEqual([['update'], [severed('contact', 'D1')]]);
    const unlisted = planPerson(person({ mailing: { lists: null } }), leaving);
    expect(unlisted.effects).toEqual([severed('contact', 'D1')]);
  });
});

describe('S8, S15: whoever has a record in the other role is not deleted', () => {
  const both = { roles: ['contact', 'lead'] } as const;

  it.each(['both', 'to-marketing'] as const)(
    'D2: the contact is deleted: its id goes, the lead stays, with its lists (%s)',
    (direction) => {
      const plan = planPerson(person({ ...both, onLists: ['70'], mailing: { lists: ['5'] } }), settings({ direction }));
      expect(plan.actions).toMatchObject([
        { kind: 'update', row: 'D2', clears: false, marketing: { set: { SELL_CONTACT_ID: null } } },
      ]);
      expect(Object.keys(plan.actions[0]?.marketing?.set ?? {})).toEqual(['SELL_CONTACT_ID']);
      expect([plan.effects, rowsOf(plan)]).toEqual([[severed('contact', 'D2')], ['D2']]);
    },
  );

  it('D2: an id of another record on the contact stays, and where marketing may not be written all does', () => {
    expect(planPerson(person({ ...both, values: { SELL_CONTACT_ID: '77' } }), settings()).actions).toEqual([]);
    const muted = planPerson(person(both), settings({ direction: 'to-crm' }));
    expect([muted.actions, muted.effects]).toEqual([[], [severed('contact', 'D2')]]);
    expect(planPerson(person(both), settings({ idField: null })).actions).toEqual([]);
  });

  it('D7: the lead is deleted: off the lead lists, the contact stays', () => {
    const view = person({ ...both, gone: ['lead'], onLists: ['70', '99', '71'], mailing: { lists: ['5', '70'] } });
    const plan = planPerson(view, settings());
    expect(kinds(planPerson(view, settings({ direction: 'to-marketing' })))).toEqual(kinds(plan));
    expect(plan.actions.map(({ kind, entity, marketing }) => [kind, entity, marketing?.leaveList])).toEqual([
      ['update', 'lead', undefined],
      ['list-remove', 'lead', '70'],
      ['list-remove', 'lead', '71'],
    ]);
    expect(plan.actions[1]).toEqual({
      id: 'm:900/marketing/lead/list-remove/New',
      row: 'D7',
      rows: ['D7'],
      lane: 'list',
      kind: 'list-remove',
      system: 'marketing',
      entity: 'lead',
      email: ADDRESS,
      crmId: '51',
      marketingId: '900',
      changes: { 'list New': { from: 'New', to: null } },
      clears: false,
      crm: null,
      marketing: { set: {}, leaveList: '70' },
      effects: [{ type: 'membership', marketingId: '900', listId: '70', member: false }],
    });
    expect(plan.actions[2]?.effects).toContainEqual(severed('lead', 'D7'));
    expect(plan.effects).toEqual([]);
  });

  it.each(['align', 'rebaseline'] as const)(
    'R11: a run of mode %s takes nobody off a list: the link stays for one that may',
    (mode) => {
      const view = person({ ...both, gone: ['lead'], onLists: ['70'] });
      const plan = planPerson(view, settings({}, { mode }));
      expect([kinds(plan), plan.effects, plan.later]).toEqual([['update'], [], true]);
      // On none, nothing has to wait.
      const off = planPerson(person({ ...both, gone: ['lead'] }), settings({}, { mode }));
      expect([off.effects, off.later]).toEqual([[severed('lead', 'D7')], undefined]);
    },
  );

  it('S2: where marketing may not be written the lists stay', () => {
    const plan = planPerson(person({ ...both, gone: ['lead'], onLists: ['70'] }), settings({ direction: 'to-crm' }));
    expect([plan.actions, plan.effects]).toEqual([[], [severed('lead', 'D7')]]);
  });

  it.each<[string, Partial<RoleView>, boolean]>([
    ['a held link', { link: { ...LINK.lead, state: 'held' } }, true],
    ['a link whose record nobody knows', { record: null }, true],
    ['a record out of sight', { record: aLead({ state: 'hidden' }) }, true],
    ['a record that is gone too', { record: aLead({ state: 'deleted' }) }, false],
    ['a record that waits to be linked', { link: null, record: null, candidates: [aLead()] }, true],
    ['an organisation', { link: null, record: null, candidates: [aLead({ isOrganisation: true })] }, false],
    [
      'an extra record',
      { link: null, record: null, shadows: [{ link: { ...LINK.lead, state: 'shadow' }, record: aLead() }] },
      true,
    ],
    [
      'an extra record that is gone',
      {
        link: null,
        record: null,
        shadows: [{ link: { ...LINK.lead, state: 'shadow' }, record: aLead({ state: 'deleted' }) }],
      },
      false,
    ],
    [
      'an extra record nobody sees',
      { link: null, record: null, shadows: [{ link: { ...LINK.lead, state: 'shadow' }, record: null }] },
      false,
    ],
    ['nothing', { link: null, record: null }, false],
  ])('as a lead, %s relates: %o', (_, lead, relates) => {
    const plan = planPerson(person({ ...both, lead, values: { SELL_LEAD_ID: null } }), settings());
    expect(kinds(plan).includes('delete')).toBe(!relates);
    expect(plan.effects.some((effect) => effect.type === 'link-state' && effect.because === 'D2')).toBe(relates);
  });

  it('D1, D6: both are gone: one delete ends both links, and waits if either is to wait', () => {
    const view = person({ ...both, gone: ['contact', 'lead'] });
    const plan = planPerson(view, settings());
    expect(plan.actions).toMatchObject([
      { kind: 'delete', row: 'D1', rows: ['D1', 'D6'], effects: [severed('contact', 'D1'), severed('lead', 'D6')] },
    ]);
    expect(plan.actions).toHaveLength(1);
    const queued = settingsOf('classic', { lead: { enabled: true, delete: 'queue' } });
    expect(planPerson(view, queued).actions).toMatchObject([{ kind: 'delete', queued: true }]);
    expect(plan.actions[0]).not.toHaveProperty('queued');
  });

  it('D1, D6: both are gone, and each goes by its own setting', () => {
    const own = settingsOf('classic', { contact: { delete: 'remove-from-lists' }, lead: { enabled: true } });
    const plan = planPerson(person({ ...both, gone: ['contact', 'lead'], mailing: { lists: ['5'] } }), own);
    expect(plan.actions).toMatchObject([
      { kind: 'update' },
      { kind: 'list-remove', rows: ['D1'], effects: [{ type: 'membership', listId: '5' }, severed('contact', 'D1')] },
      { kind: 'delete', rows: ['D6'], effects: [severed('lead', 'D6')] },
    ]);
  });
});

describe('D4: another record with the address takes over', () => {
  const base = {
    ...ADA_BASE,
    '(consent)': { crm: 'in', marketing: 'in' },
    '(consent evidence)': { crm: 'in', marketing: null },
    '(consent others)': { crm: 'lead:5', marketing: null },
  };
  const unconfirmed = { POSTCODE: { from: '10115', to: '20095', crm: '20095', tries: 1 } };
  const link = aLink({ base, unconfirmed });
  const extra = (id: string, more: Partial<CrmRecord> = {}) => aRecord({}, { id, ...more });
  const shadowOf = (id: string): Link =>
    aLink({ id: `shadow-${id}`, crmId: id, state: 'shadow', because: 'C3', base: {} });
  const gone = (contact: Partial<RoleView>) => person({ contact: { link, ...contact } });
  const learnt = (crmId: string) => ({
    type: 'base',
    role: 'contact',
    crmId,
    marketingId: '900',
    fields: ADA_BASE,
    unconfirmed,
    settled: [],
  });

  it('one that waits to be linked, with what both sides had agreed on; what another record said of consent is not its word', () => {
    const plan = planPerson(gone({ candidates: [extra('12')] }), settings());
    expect([plan.actions, plan.again, rowsOf(plan)]).toEqual([[], true, ['D4']]);
    expect(plan.effects).toEqual([
      severed('contact', 'D4'),
      { type: 'link', role: 'contact', crmId: '12', marketingId: '900', state: 'active', because: null, row: 'D4' },
      learnt('12'),
    ]);
  });

  it('or one that was beside it', () => {
    const plan = planPerson(gone({ shadows: [{ link: shadowOf('12'), record: extra('12') }] }), settings());
    expect([plan.again, plan.effects]).toEqual([
      true,
      [
        severed('contact', 'D4'),
        { type: 'link-state', linkId: 'shadow-12', state: 'active', because: null, row: 'D4' },
        learnt('12'),
      ],
    ]);
  });

  it.each<[string, Partial<RoleView>]>([
    ['of several the oldest', { candidates: [extra('100'), extra('12'), extra('13')] }],
    ['of several the oldest, in any order', { candidates: [extra('13'), extra('12'), extra('100')] }],
    [
      'of several the oldest, beside it or not',
      { candidates: [extra('13')], shadows: [{ link: shadowOf('12'), record: extra('12') }] },
    ],
    ['no organisation', { candidates: [extra('9', { isOrganisation: true }), extra('12')] }],
    [
      'none that is gone or out of sight',
      {
        candidates: [extra('12')],
        shadows: [
          { link: shadowOf('7'), record: extra('7', { state: 'deleted' }) },
          { link: shadowOf('8'), record: null },
        ],
      },
    ],
  ])('%s', (_, contact) => {
    const plan = planPerson(gone(contact), settings());
    expect(plan.effects.flatMap((effect) => (effect.type === 'base' ? [effect.crmId] : []))).toEqual(['12']);
  });

  it('D1: nobody takes over where there is none', () => {
    const plan = planPerson(gone({ candidates: [extra('12', { isOrganisation: true })] }), settings());
    expect(kinds(plan)).toEqual(['delete']);
  });
});

describe('D5: a record with the address is linked to somebody else', () => {
  const view = person({ contact: { elsewhere: [aRecord({}, { id: '15' })] } });

  it('nothing is deleted: somebody says whether the two are one', () => {
    const plan = planPerson(view, settings());
    expect([plan.actions, plan.effects, offered(plan)]).toEqual([[], [], ['delete', 'keep']]);
    expect(plan.holds).toMatchObject([{ code: 'MERGE_TWO_PERSONS', row: 'D5', crmId: '11', email: ADDRESS }]);
    expect(plan.holds[0]?.refs).toContainEqual({ system: 'crm', entity: 'contact', id: '15' });
    expect(plan.holds[0]?.asks?.key.split(' ')).toContain('15');
  });

  it('keep ends the link, delete deletes, as far as this run may', () => {
    expect(answered(view, settings(), 'keep')).toMatchObject({ actions: [], effects: [severed('contact', 'D5')] });
    const deleted = answered(view, settings({ delete: 'queue' }), 'delete');
    expect(deleted).toMatchObject({ actions: [{ kind: 'delete', row: 'D5' }], holds: [] });
    expect(deleted.actions[0]).not.toHaveProperty('queued');
    const waits = answered(view, settings({}, { mode: 'align' }), 'delete');
    expect([waits.actions, waits.effects, waits.later]).toEqual([[], [], true]);
    const muted = answered(view, settings({ direction: 'to-crm' }), 'delete');
    expect([muted.actions, muted.effects]).toEqual([[], []]);
  });
});

describe('D8, D9, D10: a lead was converted', () => {
  const became = aRecord({}, { id: '12' });
  const MARKED = { CUSTOMER_STATUS: 'current', PROSPECT_STATUS: 'none' };
  const converted = (conversion: PersonView['conversion'], parts: Parameters<typeof person>[0] = {}): PersonView => ({
    ...person({
      roles: ['lead'],
      gone: ['lead'],
      record: { convertedTo: '12' },
      onLists: ['70'],
      // Lists that stand for no status are no lead's.
      mailing: { lists: ['5', '70'] },
      ...parts,
    }),
    conversion,
  });
  const leaves = (row: string) => [
    { kind: 'update', row, marketing: { set: { SELL_LEAD_ID: null } } },
    { kind: 'list-remove', row, marketing: { leaveList: '70' }, effects: [{}, severed('lead', row)] },
  ];

  it('D8: the contact it became takes over what both sides had agreed on in fields of its own', () => {
    const link = { ...LINK.lead, base: { ...LEAD_BASE, '(consent)': { crm: 'in', marketing: 'in' } } };
    const plan = planPerson(converted({ record: became, link: null }, { lead: { link } }), settings());
    expect(plan.actions).toMatchObject(leaves('D8'));
    expect([plan.again, rowsOf(plan)]).toEqual([true, ['D8']]);
    const { ORGANISATION: _own, ...carried } = LEAD_BASE;
    expect(plan.effects).toEqual([
      { type: 'link', role: 'contact', crmId: '12', marketingId: '900', state: 'active', because: null, row: 'D8' },
      { type: 'base', role: 'contact', crmId: '12', marketingId: '900', fields: carried, unconfirmed: {}, settled: [] },
    ]);
  });

  it('D8: what it became is not planned as somebody new meanwhile', () => {
    const view = converted({ record: became, link: null }, { contact: { candidates: [became] } });
    const plan = planPerson(view, settings());
    expect(plan.effects.filter(({ type }) => type === 'link')).toHaveLength(1);
    expect(kinds(plan)).toEqual(['update', 'list-remove']);
    // With leads off nobody hands over: it is matched like any other.
    const alone = planPerson(view, settingsOf('classic'));
    expect(alone.effects).toContainEqual(expect.objectContaining({ type: 'link', crmId: '12', row: 'H2' }));
  });

  it('D8: a lead whose contact is not known ends, and so where contacts are off', () => {
    const plan = planPerson(converted(null), settings());
    expect(plan.actions).toMatchObject(leaves('D8'));
    expect([plan.effects, plan.again]).toEqual([[], false]);
    const leadsAlone = settingsOf('classic', {
      contact: { enabled: false },
      lead: { enabled: true, statusLists: LISTS },
    });
    const off = planPerson(converted({ record: became, link: null }), leadsAlone);
    expect(off.actions).toMatchObject(leaves('D8'));
    expect([off.effects, off.again]).toEqual([[], true]);
  });

  it('D9: into the contact of the same person, or into a second one: the lead ends', () => {
    const own = { link: aLink({ crmId: '12' }), record: became };
    const same = planPerson(
      converted({ record: became, link: own.link }, { contact: own, values: { SELL_CONTACT_ID: '12', ...MARKED } }),
      settings(),
    );
    expect(same.actions).toMatchObject(leaves('D9'));
    expect(same.again).toBe(false);
    expect(same.notes.at(-1)?.text).toContain('that is linked already');
    const second = { link: LINK.contact, record: aRecord() };
    const beside = planPerson(
      converted({ record: became, link: null }, { contact: second, values: { SELL_CONTACT_ID: '11', ...MARKED } }),
      settings(),
    );
    expect(beside.actions).toMatchObject(leaves('D9'));
    expect(beside.notes.at(-1)?.text).toContain('a second contact of the person');
  });

  it('4.3: is told at once, however lately the lead was missed', () => {
    const lately = { state: 'deleted', convertedTo: '12', goneAt: '2026-01-06T00:00:00Z' } as const;
    const plan = planPerson(converted(null, { record: lately }), settings({}, { goneBefore: '2026-01-05T00:00:00Z' }));
    expect(plan.actions).toMatchObject(leaves('D8'));
  });

  it('D8: a link of the same person to what it became is no other one', () => {
    const shadow = aLink({ id: 'link-3', crmId: '12', state: 'shadow' });
    expect(planPerson(converted({ record: became, link: shadow }), settings()).effects).toContainEqual(
      expect.objectContaining({ type: 'link', crmId: '12', row: 'D8' }),
    );
  });

  describe('D10: into a contact that is linked to somebody else', () => {
    const other = aLink({ id: 'link-9', crmId: '12', marketingId: '901' });
    const view = converted({ record: became, link: other });

    it('is asked about, and nothing ends meanwhile', () => {
      const plan = planPerson(view, settings());
      expect([plan.actions, plan.effects, offered(plan)]).toEqual([[], [], ['relink', 'keep']]);
      expect(plan.holds).toMatchObject([{ code: 'CONVERSION_COLLISION', row: 'D10', crmId: '51', email: ADDRESS }]);
      expect(plan.holds[0]?.refs).toContainEqual({ system: 'crm', entity: 'contact', id: '12' });
      expect(plan.holds[0]?.asks?.key.split(' ')).toContain('12');
    });

    it('the contact of the same person is planned all the same', () => {
      const taken = converted({ record: became, link: other }, { contact: { elsewhere: [became] }, values: MARKED });
      expect(planPerson(taken, settings()).holds.map(({ code }) => code)).toEqual([
        'EMAIL_TAKEN',
        'CONVERSION_COLLISION',
      ]);
    });

    it('relink leaves a contact that the person has as it is, and the other link too', () => {
      const own = { link: LINK.contact, record: aRecord() };
      const both = converted(
        { record: became, link: other },
        { contact: own, values: { SELL_CONTACT_ID: '11', ...MARKED } },
      );
      const plan = answered(both, settings(), 'relink');
      expect(plan.effects.filter(({ type }) => type === 'link' || type === 'link-state')).toEqual([]);
      expect(plan.actions).toMatchObject(leaves('D10'));
    });

    it('relink ends the other link and makes this one', () => {
      const plan = answered(view, settings(), 'relink');
      expect(plan.actions).toMatchObject(leaves('D10'));
      expect(plan.effects).toMatchObject([
        { type: 'link-state', linkId: 'link-9', state: 'severed', because: 'D10' },
        { type: 'link', role: 'contact', crmId: '12', marketingId: '900', row: 'D10' },
        { type: 'base', crmId: '12' },
      ]);
      expect(plan.again).toBe(true);
    });

    it('keep ends the lead', () => {
      const plan = answered(view, settings(), 'keep');
      expect(plan.actions).toMatchObject(leaves('D10'));
      expect([plan.effects, plan.again]).toEqual([[], false]);
    });
  });
});

describe('D11, D12: the marketing contact is gone', () => {
  it.each([
    ['D12', 'contact'],
    ['D11', 'lead'],
  ] as const)('%s: the %s stays in the CRM, and the link ends', (row, role) => {
    const view = person({ roles: [role], gone: [], mailing: { state: 'deleted' } });
    const plan = planPerson(view, settings());
    expect([plan.actions, plan.holds, plan.effects, plan.again]).toEqual([[], [], [severed(role, row)], false]);
    expect(plan.notes).toMatchObject([
      { row, text: 'Deleted in the mailing system: kept in the CRM and not made again.' },
    ]);
    // Records that waited beside it belong to nobody now.
    const other = recordOf[role]({}, { id: '99' });
    expect(
      planPerson(
        person({ roles: [role], gone: [], mailing: { state: 'deleted' }, [role]: { candidates: [other] } }),
        settings(),
      ).again,
    ).toBe(true);
  });

  it('D16: an edit of the same cycle is not passed over: the record is looked at once more', () => {
    const edited = (values: Parameters<typeof aRecord>[0]) =>
      planPerson(person({ mailing: { state: 'deleted' }, contact: { record: aRecord(values) } }), settings()).again;
    expect([edited({ 'address.postal_code': '20095' }), edited({ 'address.postal_code': ' 10115' })]).toEqual([
      true,
      false,
    ]);
    expect(planPerson(person({ mailing: { state: 'deleted' }, contact: { record: null } }), settings()).again).toBe(
      false,
    );
  });

  it('D16: what was mapped since, or is back in a field that the account had lost, is no edit', () => {
    const lost = { ...ADA_BASE, POSTCODE: { crm: null, marketing: '10115', lost: 'crm' as const } };
    const contact = { record: aRecord({ organization_name: 'Engines' }), link: aLink({ base: lost }) };
    const own = settingsOf('classic', { contact: { fields: [...CONTACT_FIELDS, FIELDS.organisation] } });
    expect(planPerson(person({ mailing: { state: 'deleted' }, contact }), own).again).toBe(false);
  });
});

it('every way to delete is one that the settings have', () => {
  const all: readonly OnDelete[] = ['delete', 'queue', 'mark', 'remove-from-lists', 'ignore'];
  const ends = all.map((own) => {
    const plan = planPerson(person({}), settings({ delete: own }));
    return [...plan.effects, ...plan.actions.flatMap(({ effects }) => effects)].some(
      (effect) => effect.type === 'link-state' && effect.state === 'severed',
    );
  });
  expect(ends).toEqual(all.map(() => true));
});
