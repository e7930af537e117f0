// The status of a linked lead and the list that stands for it: who moves whom, and what is remembered when. (L2-L10, L19)
import { describe, expect, it } from 'vitest';
import type { BaseField, Link } from '../../../src/core/model/link.ts';
import type { PersonView } from '../../../src/core/model/person.ts';
import type { Effect, PersonPlan } from '../../../src/core/model/plan.ts';
import type { ChannelState } from '../../../src/core/model/record.ts';
import type { RoleSettings, Settings } from '../../../src/core/model/settings.ts';
import { OPTED_OUT_KEY, STATUS_KEY } from '../../../src/core/plan/plan-lead-status.ts';
import { planPerson } from '../../../src/core/plan/plan-person.ts';
import { ADDRESS, agreedOn, aLink, aMailing, aRecord, aView, settingsOf } from './a-person.ts';

const LISTS = [
  { listId: '70', status: 'New', known: true },
  { listId: '71', status: 'Working', known: true },
  { listId: '72', status: 'Gone', known: false },
  { listId: null, status: 'Unmade', known: true },
];
const BASE = agreedOn({
  email: ADDRESS,
  FIRSTNAME: 'Ada',
  LASTNAME: 'Lovelace',
  POSTCODE: '10115',
  ORGANISATION: null,
});
const EARLY = '2026-01-01T00:00:00Z';
const LATE = '2026-01-02T00:00:00Z';

function settings(own: Partial<RoleSettings> = {}, mode: Settings['mode'] = 'sync', enforceSingle = false): Settings {
  return settingsOf('classic', {
    mode,
    contact: { enabled: false },
    lead: { enabled: true, statusLists: { enforceSingle, lists: LISTS }, ...own },
  });
}
const single = (own: Partial<RoleSettings> = {}, mode: Settings['mode'] = 'sync') => settings(own, mode, true);

interface Parts {
  readonly status: string | null;
  readonly on: readonly (string | readonly [string, string | null])[];
  /** What both sides were remembered to say; left out = nothing. */
  readonly base?: string | BaseField;
  readonly state?: ChannelState;
  /** It was remembered that the person had opted out. */
  readonly wasOut?: boolean;
  readonly link?: Partial<Link>;
}

function lead({ status, on, base, state = 'subscribed', wasOut = false, link }: Parts): PersonView {
  const known = typeof base === 'string' ? { crm: base, marketing: base } : base;
  return {
    ...aView({
      marketing: aMailing(
        { SELL_CONTACT_ID: null, SELL_LEAD_ID: '51' },
        { channel: { state, reason: state, optInType: 'unknown' } },
      ),
      lead: {
        link: aLink({
          id: 'link-2',
          role: 'lead',
          crmId: '51',
          base: {
            ...BASE,
            ...(known === undefined ? {} : { [STATUS_KEY]: known }),
            ...(wasOut ? { [OPTED_OUT_KEY]: { crm: null, marketing: true } } : {}),
          },
          ...link,
        }),
        record: aRecord({ organization_name: null }, { role: 'lead', id: '51', status }),
      },
    }),
    leadLists: on.map((place) =>
      typeof place === 'string' ? { listId: place, since: EARLY } : { listId: place[0], since: place[1] },
    ),
  };
}

/** `list-add New`, `list-remove Working`, `status Working` … in the order of the plan. */
const moves = (plan: PersonPlan) =>
  plan.actions.flatMap(({ kind, changes, crm }) =>
    crm?.status !== undefined
      ? [`status ${crm.status}`]
      : kind.startsWith('list')
        ? [`${kind} ${Object.keys(changes)[0]?.slice(5)}`]
        : [],
  );
const learnt = (effects: readonly Effect[], key = STATUS_KEY) =>
  effects.flatMap((effect) => (effect.type === 'base' && key in effect.fields ? [effect.fields[key]] : []));
const member = (listId: string, joins: boolean) => ({ type: 'membership', marketingId: '900', listId, member: joins });
const both = (status: string) => ({ crm: status, marketing: status });

describe('L5: nothing moved', () => {
  it('nothing is written or learnt', () => {
    const plan = planPerson(lead({ status: 'New', on: ['70'], base: 'New' }), settings());
    expect(plan).toMatchObject({ actions: [], effects: [], holds: [], notes: [] });
  });

  it('further lists are left where there may be one alone', () => {
    const view = lead({ status: 'New', on: ['70', ['71', null]], base: 'New' });
    expect(moves(planPerson(view, settings()))).toEqual([]);
    const plan = planPerson(view, single());
    expect(plan.actions).toEqual([
      {
        id: 'm:900/marketing/lead/list-remove/Working',
        row: 'L5',
        rows: ['L5'],
        lane: 'list',
        kind: 'list-remove',
        system: 'marketing',
        entity: 'lead',
        email: ADDRESS,
        crmId: '51',
        marketingId: '900',
        changes: { 'list Working': { from: 'Working', to: null } },
        clears: false,
        crm: null,
        marketing: { set: {}, leaveList: '71' },
        effects: [member('71', false)],
      },
    ]);
    // Not by a run that takes nobody off a list, and not where marketing may not be written. (R11, S2)
    for (const own of [single({}, 'align'), single({}, 'rebaseline'), single({ direction: 'to-crm' })])
      expect(moves(planPerson(view, own))).toEqual([]);
    expect(moves(planPerson(view, single({ direction: 'to-marketing' })))).toEqual(['list-remove Working']);
  });

  it('decision 27: lists that an undo put back stay until either side moves', () => {
    const view = lead({ status: 'New', on: ['70', ['71', null]], base: { ...both('New'), undone: true } });
    expect(moves(planPerson(view, single()))).toEqual([]);
  });
});

it.each<[string, PersonView, RoleSettings['direction'], Settings['mode']]>([
  ['L5: nothing moved', lead({ status: 'New', on: ['70'], base: 'New' }), 'both', 'sync'],
  ['C8: both say the same by now', lead({ status: 'Working', on: ['71'], base: 'New' }), 'both', 'sync'],
  [
    'L3: the last step of a move is left to another run',
    lead({ status: 'Working', on: [['71', LATE], '70'], base: { crm: 'Working', marketing: 'New' } }),
    'both',
    'rebaseline',
  ],
  ['L3: the contact moves to another list', lead({ status: 'Working', on: ['70'], base: 'New' }), 'both', 'sync'],
  ['S2: it may not', lead({ status: 'Working', on: ['70'], base: 'New' }), 'to-crm', 'sync'],
  ['L5: the status moves', lead({ status: 'New', on: ['71'], base: 'New' }), 'both', 'sync'],
])('%s: the fields of the lead go on', (_, view, direction, mode) => {
  const marketing = aMailing({ SELL_CONTACT_ID: null, SELL_LEAD_ID: '51', POSTCODE: '20095' });
  const plan = planPerson({ ...view, marketing }, settings({ direction }, mode));
  expect(plan.actions.flatMap(({ crm }) => crm?.set['address.postal_code'] ?? [])).toEqual(['20095']);
});

describe('C8: list and status say the same by now', () => {
  it('is remembered', () => {
    const plan = planPerson(lead({ status: 'Working', on: ['71'], base: 'New' }), settings());
    expect([plan.actions, plan.effects]).toEqual([
      [],
      [
        {
          type: 'base',
          role: 'lead',
          crmId: '51',
          marketingId: '900',
          fields: { [STATUS_KEY]: both('Working') },
          unconfirmed: {},
          settled: [],
        },
      ],
    ]);
  });

  it('with the last of the further lists that are left', () => {
    const view = lead({ status: 'Working', on: [['71', LATE], '70', '72'], base: 'New' });
    const plan = planPerson(view, single());
    expect(moves(plan)).toEqual(['list-remove New', 'list-remove Gone']);
    expect(plan.actions.map(({ effects }) => learnt(effects))).toEqual([[], [both('Working')]]);
    expect(learnt(plan.effects)).toEqual([]);
    expect(moves(planPerson(view, settings()))).toEqual([]);
  });

  it('L3: a move whose last step is still to be done is ended, by an ordinary run', () => {
    const view = lead({ status: 'Working', on: [['71', LATE], '70'], base: { crm: 'Working', marketing: 'New' } });
    const plan = planPerson(view, settings());
    expect([moves(plan), plan.later]).toEqual([['list-remove New'], undefined]);
    const align = planPerson(view, settings({}, 'rebaseline'));
    expect([align.actions, learnt(align.effects), align.later]).toEqual([[], [], true]);
    const ended = planPerson(
      lead({ status: 'Working', on: [['71', LATE]], base: { crm: 'Working', marketing: 'New' } }),
      settings(),
    );
    expect(learnt(ended.effects)).toEqual([both('Working')]);
  });
});

describe('L3: the status changed in the CRM', () => {
  it('the contact joins the list of it and leaves the one before, and that is remembered with the last step', () => {
    const plan = planPerson(lead({ status: 'Working', on: ['70'], base: 'New' }), settings());
    expect(plan.effects).toEqual([]);
    expect(plan.actions).toMatchObject(
      [
        { kind: 'list-remove', row: 'L3', marketing: { set: {}, leaveList: '70' } },
        {
          id: 'm:900/marketing/lead/list-add/Working',
          row: 'L3',
          rows: ['L3'],
          lane: 'list',
          kind: 'list-add',
          crmId: '51',
          changes: { 'list Working': { from: null, to: 'Working' } },
          marketing: { set: {}, lists: ['71'] },
        },
      ]
        .toSorted((a, b) => (a.kind < b.kind ? -1 : 1))
        .toReversed(),
    );
    const [leaves, joins] = plan.actions;
    expect(leaves?.effects).toEqual([
      member('70', false),
      expect.objectContaining({ fields: { [STATUS_KEY]: both('Working') } }),
    ]);
    expect(joins?.effects).toEqual([
      expect.objectContaining({ fields: { [STATUS_KEY]: { crm: 'Working', marketing: 'New' } } }),
      member('71', true),
    ]);
    expect(joins?.marketing).not.toHaveProperty('channel');
  });

  it.each<[ChannelState, boolean]>([
    ['unsubscribed', true],
    ['suppressed', true],
    ['blocked', false],
    ['pending', false],
  ])('L19: an opt-out (%s) is said with it: %s', (state, said) => {
    const plan = planPerson(lead({ status: 'Working', on: ['70'], base: 'New', state }), settings());
    const add = plan.actions.find(({ kind }) => kind === 'list-add');
    expect(add?.marketing).toEqual({ set: {}, lists: ['71'], ...(said ? { channel: { state } } : {}) });
  });

  it('R11: a run that takes nobody off a list remembers it with the joining', () => {
    const plan = planPerson(lead({ status: 'Working', on: ['70'], base: 'New' }), settings({}, 'rebaseline'));
    expect(moves(plan)).toEqual(['list-add Working']);
    expect(learnt(plan.actions[0]?.effects ?? [])).toEqual([both('Working')]);
  });

  it('L12: a status that has no list is held', () => {
    const plan = planPerson(lead({ status: 'Brand new', on: ['70'], base: 'New' }), settings());
    expect(plan.actions).toEqual([]);
    expect(plan.holds).toMatchObject([
      { code: 'LEAD_STATUS_UNKNOWN', row: 'L13', crmId: '51', message: expect.stringContaining('Brand new') },
    ]);
  });

  it('a list that is still to be made is joined in the preview', () => {
    const plan = planPerson(lead({ status: 'Unmade', on: [], base: 'New' }), settings());
    expect(plan.actions).toMatchObject([{ kind: 'list-add', changes: { 'list Unmade': { to: 'Unmade' } } }]);
    expect(plan.actions[0]?.marketing).toEqual({ set: {} });
    expect(plan.actions[0]?.effects.filter(({ type }) => type === 'membership')).toEqual([]);
  });

  it('S2: is drift where marketing may not be written', () => {
    const plan = planPerson(lead({ status: 'Working', on: ['70'], base: 'New' }), settings({ direction: 'to-crm' }));
    expect([plan.actions, plan.effects]).toEqual([[], []]);
  });
});

describe('L5: the contact was put on another list', () => {
  const view = lead({ status: 'New', on: ['70', ['71', LATE]], base: 'New' });

  it('the lead has its status, and both are remembered with the answer', () => {
    const plan = planPerson(view, settings());
    expect(plan.actions).toMatchObject([
      {
        system: 'crm',
        entity: 'lead',
        crmId: '51',
        row: 'L5',
        crm: { status: 'Working' },
        changes: { status: { from: 'New', to: 'Working' } },
      },
    ]);
    expect(learnt(plan.actions[0]?.effects ?? [])).toEqual([both('Working')]);
    expect(plan.actions).toHaveLength(1);
  });

  it('the other lists are left where there may be one alone', () => {
    const plan = planPerson(view, single());
    expect(moves(plan)).toEqual(['status Working', 'list-remove New']);
    expect(learnt(plan.actions[1]?.effects ?? [])).toEqual([]);
  });

  it('L13: a status that the CRM does not know any more is held', () => {
    const plan = planPerson(lead({ status: 'New', on: ['70', ['72', LATE]], base: 'New' }), single());
    expect(plan.actions).toEqual([]);
    expect(plan.holds).toMatchObject([
      { code: 'LEAD_STATUS_UNKNOWN', row: 'L13', crmId: '51', message: expect.stringContaining('Gone') },
    ]);
  });

  it('L6: where nobody knows which came last the later stage counts, and it is told', () => {
    const guessed = planPerson(
      lead({
        status: 'Qualified',
        on: [
          ['70', null],
          ['71', null],
        ],
        base: 'Qualified',
      }),
      settings(),
    );
    expect(moves(guessed)).toEqual(['status Working']);
    expect(guessed.holds).toMatchObject([{ code: 'LIST_ORDER_UNKNOWN', row: 'L6', crmId: '51' }]);
    expect(planPerson(view, settings()).holds).toEqual([]);
  });

  it('L7: one that is left leaves the word to the one before', () => {
    const plan = planPerson(lead({ status: 'Working', on: ['70'], base: 'Working' }), settings());
    expect(moves(plan)).toEqual(['status New']);
  });

  it('S2: is drift where the CRM may not be written', () => {
    expect(planPerson(view, settings({ direction: 'to-marketing' }))).toMatchObject({ actions: [], effects: [] });
  });
});

describe('L9: both sides moved the lead', () => {
  const view = lead({ status: 'Working', on: ['70', ['72', LATE]], base: 'New' });

  it.each(['crm', 'marketing'] as const)('known before, the CRM wins whatever the alignment says (%s)', (winner) => {
    const plan = planPerson(view, settings({ alignment: { direction: 'both', winner } }));
    expect(moves(plan).toSorted()).toEqual(['list-add Working', 'list-remove Gone', 'list-remove New']);
  });

  it('4.8: nothing known, the alignment says who', () => {
    const first = lead({ status: 'New', on: [['71', null]] });
    const aligned = (winner: 'crm' | 'marketing' | 'fill-blanks', mode: Settings['mode']) =>
      moves(planPerson(first, settings({ alignment: { direction: 'both', winner } }, mode)));
    expect(aligned('crm', 'align')).toEqual(['list-add New']);
    expect(aligned('fill-blanks', 'align')).toEqual(['list-add New']);
    expect(aligned('marketing', 'align')).toEqual(['status Working']);
    // Outside an alignment somebody put them there. (L5)
    expect(aligned('crm', 'sync')).toEqual(['status Working']);
  });

  it('4.8: none, and the alignment may write nowhere: nothing is written', () => {
    const first = lead({ status: 'New', on: [['71', null]] });
    expect(moves(planPerson(first, single({ alignment: { direction: null, winner: 'crm' } }, 'align')))).toEqual([]);
  });

  it('4.8: an edit since is news to an alignment, whoever is to win', () => {
    const moved = lead({ status: 'New', on: ['71'], base: 'New' });
    expect(moves(planPerson(moved, settings({ alignment: { direction: 'both', winner: 'crm' } }, 'align')))).toEqual([
      'status Working',
    ]);
  });

  it('decision 27: what an undo put back counts as never seen in an alignment, unless both agree', () => {
    const undone = lead({
      status: 'New',
      on: [['71', null]],
      base: { crm: 'New', marketing: 'Working', undone: true },
    });
    expect(moves(planPerson(undone, settings()))).toEqual([]);
    expect(moves(planPerson(undone, settings({}, 'align')))).toEqual(['list-add New']);
    expect(moves(planPerson(undone, settings({}, 'rebaseline')))).toEqual([]);
    const agreed = lead({ status: 'New', on: [['70', null]], base: { ...both('New'), undone: true } });
    expect(planPerson(agreed, settings({}, 'align')).effects).toEqual([]);
  });
});

describe('L2: a lead that was never on a list', () => {
  it('joins the one of its status', () => {
    const plan = planPerson(lead({ status: 'New', on: [] }), settings());
    expect(plan.actions).toMatchObject([{ kind: 'list-add', row: 'L2', marketing: { lists: ['70'] } }]);
    expect(learnt(plan.actions[0]?.effects ?? [])).toEqual([both('New')]);
    expect(planPerson(lead({ status: 'New', on: [] }), settings({ direction: 'to-crm' })).actions).toEqual([]);
  });

  it.each<ChannelState>(['subscribed', 'unsubscribed'])(
    'joins it when it is linked, opted out or not (%s)',
    (state) => {
      const { marketing, roles } = lead({ status: 'New', on: [], state });
      const { record } = roles.lead;
      const found = aView({ marketing, lead: { candidates: record === null ? [] : [record] } });
      const plan = planPerson(found, settings());
      expect(plan.actions).toMatchObject([{ kind: 'list-add', row: 'L2', marketing: { lists: ['70'] } }]);
      expect(learnt(plan.effects, OPTED_OUT_KEY)).toEqual(
        state === 'unsubscribed' ? [{ crm: null, marketing: true }] : [],
      );
    },
  );

  it('stays where there are no lists, or it has no status', () => {
    expect(planPerson(lead({ status: 'New', on: ['71'] }), settings({ statusLists: null })).actions).toEqual([]);
    expect(planPerson(lead({ status: null, on: ['71'] }), single())).toMatchObject({ actions: [], effects: [] });
  });
});

describe('L8: off all lead lists', () => {
  const off = lead({ status: 'New', on: [], base: 'New' });

  it('the lead is paused and stays as it is, and nothing else of it is planned', () => {
    const plan = planPerson(off, settings());
    expect([plan.actions, plan.effects]).toEqual([
      [],
      [{ type: 'link-state', linkId: 'link-2', state: 'paused', because: 'L8', row: 'L8' }],
    ]);
    expect(plan.notes).toMatchObject([{ row: 'L8', text: 'the contact was taken off all lead lists' }]);
    const edited = { ...off, marketing: aMailing({ SELL_LEAD_ID: '51', POSTCODE: '20095' }) };
    expect(planPerson(edited, settings()).actions).toEqual([]);
  });

  it('until its status moves in the CRM', () => {
    expect(moves(planPerson(lead({ status: 'Working', on: [], base: 'New' }), settings()))).toEqual([
      'list-add Working',
    ]);
    const muted = planPerson(lead({ status: 'Working', on: [], base: 'New' }), settings({ direction: 'to-crm' }));
    expect(muted.effects).toMatchObject([{ type: 'link-state', state: 'paused' }]);
  });

  it.each<ChannelState>(['unsubscribed', 'suppressed', 'blocked', 'hard-bounced'])(
    'decision 24: not where the person opted out (%s): that is remembered until they are back on a list',
    (state) => {
      const left = planPerson(lead({ status: 'New', on: [], base: 'New', state }), settings());
      expect([left.actions, left.effects.map(({ type }) => type)]).toEqual([[], ['base']]);
      expect(learnt(left.effects, OPTED_OUT_KEY)).toEqual([{ crm: null, marketing: true }]);
      const known = planPerson(lead({ status: 'New', on: [], base: 'New', state, wasOut: true }), settings());
      expect([known.actions, known.effects]).toEqual([[], []]);
    },
  );

  it.each<ChannelState>(['subscribed', 'pending', 'soft-bounced', 'none'])(
    'decision 24: whoever is back (%s) joins the list of the status again, and that ends it',
    (state) => {
      const plan = planPerson(lead({ status: 'New', on: [], base: 'New', state, wasOut: true }), settings());
      expect(plan.actions).toMatchObject([{ kind: 'list-add', row: 'L8', marketing: { lists: ['70'] } }]);
      // Until it is on the list, it is remembered why it is on none.
      expect(plan.effects).toEqual([]);
      expect(learnt(plan.actions[0]?.effects ?? [], OPTED_OUT_KEY)).toEqual([{ crm: null, marketing: null }]);
      const muted = planPerson(
        lead({ status: 'New', on: [], base: 'New', state, wasOut: true }),
        settings({ direction: 'to-crm' }),
      );
      expect([muted.actions, muted.effects]).toEqual([[], []]);
    },
  );

  it('decision 24: one who is on a list all the same is remembered as back', () => {
    const on = { status: 'New', on: ['70'], base: 'New' } as const;
    const back = planPerson(lead({ ...on, wasOut: true }), settings());
    expect(learnt(back.effects, OPTED_OUT_KEY)).toEqual([{ crm: null, marketing: null }]);
    const out = planPerson(lead({ ...on, state: 'unsubscribed' }), settings());
    expect(learnt(out.effects, OPTED_OUT_KEY)).toEqual([{ crm: null, marketing: true }]);
    expect(out.actions).toEqual([]);
    // A move of somebody who is still out does not end it.
    const moved = planPerson(
      lead({ status: 'Working', on: ['70'], base: 'New', state: 'unsubscribed', wasOut: true }),
      settings(),
    );
    expect(moved.actions.flatMap(({ effects }) => learnt(effects, OPTED_OUT_KEY))).toEqual([]);
  });

  it('a link that is paused already stays so', () => {
    const paused = { state: 'paused', because: 'L8' } as const;
    const plan = planPerson(
      lead({ status: 'New', on: [], base: 'New', link: { ...paused, base: { ...BASE, [STATUS_KEY]: both('New') } } }),
      settings(),
    );
    expect([plan.actions, plan.effects]).toEqual([[], []]);
    // Nor does it wake up for a status that may put it on no list.
    const moved = { status: 'Working', on: [], base: 'New', link: { ...paused } } as const;
    const known = { ...BASE, [STATUS_KEY]: both('New') };
    for (const own of [
      settings({ direction: 'to-crm' }),
      settings({ alignment: { direction: null, winner: 'crm' } }, 'align'),
    ])
      expect(planPerson(lead({ ...moved, link: { ...paused, base: known } }), own)).toMatchObject({
        actions: [],
        effects: [],
        notes: [],
      });
  });

  it('C32: a link that is back in scope is paused for that', () => {
    const link = { state: 'paused', because: 'C32', base: { ...BASE, [STATUS_KEY]: both('New') } } as const;
    const plan = planPerson(lead({ status: 'New', on: [], link }), settings());
    expect([plan.actions, plan.effects.at(-1)]).toEqual([
      [],
      { type: 'link-state', linkId: 'link-2', state: 'paused', because: 'L8', row: 'L8' },
    ]);
  });
});

describe('L10: a list was deleted in marketing', () => {
  it('is filled again, and the one that is gone is forgotten with that', () => {
    const plan = planPerson(lead({ status: 'New', on: [['99', EARLY]], base: 'New' }), settings());
    expect(plan.actions).toMatchObject([{ kind: 'list-add', row: 'L10', marketing: { lists: ['70'] } }]);
    expect(plan.actions[0]?.effects).toContainEqual(member('99', false));
    expect(plan.effects).toEqual([]);
    const muted = planPerson(
      lead({ status: 'New', on: [['99', EARLY]], base: 'New' }),
      settings({ direction: 'to-crm' }),
    );
    expect([muted.actions, muted.effects]).toEqual([[], []]);
  });

  it('counts where one of several was the last, and where the list of the status is an older one', () => {
    const onTwo = lead({
      status: 'New',
      on: [
        ['99', EARLY],
        ['98', LATE],
        ['71', '2026-01-01T12:00:00Z'],
      ],
      base: 'New',
    });
    expect(moves(planPerson(onTwo, settings()))).toEqual(['list-add New']);
    const again = planPerson(lead({ status: 'New', on: [['99', LATE], '70'], base: 'New' }), settings());
    expect(again.actions).toMatchObject([{ kind: 'list-add', row: 'L10' }]);
  });

  it('counts unless the contact was put on another one later', () => {
    const later = planPerson(
      lead({
        status: 'New',
        on: [
          ['99', EARLY],
          ['71', LATE],
        ],
        base: 'New',
      }),
      settings(),
    );
    expect(moves(later)).toEqual(['status Working']);
    expect(later.effects).toContainEqual(member('99', false));
    const before = planPerson(
      lead({
        status: 'New',
        on: [
          ['99', LATE],
          ['71', EARLY],
        ],
        base: 'New',
      }),
      settings(),
    );
    expect(moves(before)).toEqual(['list-add New']);
    const same = planPerson(
      lead({
        status: 'New',
        on: [
          ['99', null],
          ['71', null],
        ],
        base: 'New',
      }),
      settings(),
    );
    expect(moves(same)).toEqual(['list-add New']);
    const unknown = lead({
      status: 'New',
      on: [
        ['99', null],
        ['71', LATE],
      ],
      base: 'New',
    });
    expect(moves(planPerson(unknown, settings()))).toEqual(['status Working']);
    // Others are left there too, where there may be one alone.
    expect(
      moves(
        planPerson(
          lead({
            status: 'New',
            on: [
              ['99', LATE],
              ['71', EARLY],
            ],
            base: 'New',
          }),
          single(),
        ),
      ).toSorted(),
    ).toEqual(['list-add New', 'list-remove Working']);
  });
});
