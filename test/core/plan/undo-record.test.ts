// What a run did to one record, taken back part by part: lists, consent, addresses, statuses, whole records. (R17, decision 27)
import { describe, expect, it } from 'vitest';
import type { Action, Change } from '../../../src/core/model/plan.ts';
import type { ChannelState, CrmRecord, MarketingRecord } from '../../../src/core/model/record.ts';
import type { Settings } from '../../../src/core/model/settings.ts';
import type { Raw, Value } from '../../../src/core/model/value.ts';
import { invertPerson } from '../../../src/core/plan/invert.ts';
import { withReplaced } from '../../../src/core/plan/invert-action.ts';
import type { PastWrite, UndoView } from '../../../src/core/plan/invert-view.ts';
import { STATUS_KEY } from '../../../src/core/plan/plan-lead-status.ts';
import {
  ADDRESS,
  aLink,
  aMailing,
  aPastWrite,
  aRecord,
  CONTACT_FIELDS,
  FIELDS,
  mapped,
  settingsOf,
} from './a-person.ts';

const LISTS = {
  enforceSingle: false,
  lists: [
    { listId: '70', status: 'New', known: true },
    { listId: '71', status: 'Working', known: true },
    { listId: '72', status: 'Gone', known: false },
  ],
};
const SETTINGS = settingsOf('recommended', { lead: { enabled: true, statusLists: LISTS } });
const LEAD_LINK = aLink({ id: 'link-2', role: 'lead', crmId: '51', base: {} });
const EARLY = '2026-01-01T00:00:00Z';
const LATE = '2026-01-02T00:00:00Z';

const aLead = (more: Partial<CrmRecord> = {}): CrmRecord =>
  aRecord({}, { role: 'lead', id: '51', status: 'New', ...more });
const channel = (state: ChannelState) => ({ channel: { state, reason: state, optInType: 'unknown' } }) as const;

function undo(writes: readonly PastWrite[], more: Partial<UndoView> = {}, settings: Settings = SETTINGS) {
  return invertPerson(
    {
      key: 'm:900',
      marketing: aMailing(),
      leadLists: [],
      links: [aLink(), LEAD_LINK],
      records: [aRecord(), aLead()],
      writes,
      touched: new Set(),
      takenBack: new Set(),
      ...more,
    },
    settings,
  );
}
const why = (result: ReturnType<typeof undo>) =>
  result.skipped.map((skipped) => [skipped.field, skipped.present, skipped.why]);
const on = (...lists: readonly (readonly [string, string | null])[]) => ({
  leadLists: lists.map(([listId, since]) => ({ listId, since })),
});

describe('R17: lead lists', () => {
  const joined = (listId: string, status: string) =>
    aPastWrite({
      entity: 'lead',
      rows: ['L3'],
      changes: { [`list ${status}`]: { from: null, to: status } },
      marketing: { set: {}, lists: [listId] },
    });
  const left = (listId: string, status: string) =>
    aPastWrite({
      entity: 'lead',
      rows: ['L3'],
      lane: 'list',
      kind: 'list-remove',
      changes: { [`list ${status}`]: { from: status, to: null } },
      marketing: { set: {}, leaveList: listId },
    });

  it('L3: a list that the run joined is left', () => {
    const { actions, skipped } = undo([joined('70', 'New')], on(['70', LATE]));
    expect(skipped).toEqual([]);
    expect(actions).toMatchObject([
      {
        id: 'marketing:900/undo/leave/70',
        row: 'R17',
        rows: ['R17', 'L3'],
        lane: 'list',
        kind: 'list-remove',
        system: 'marketing',
        entity: 'lead',
        crmId: '51',
        marketingId: '900',
        email: ADDRESS,
        changes: { 'list New': { from: 'New', to: null } },
        crm: null,
        marketing: { set: {}, leaveList: '70' },
      },
    ]);
    expect(actions[0]?.effects[0]).toEqual({ type: 'membership', marketingId: '900', listId: '70', member: false });
  });

  it.each<[ChannelState, boolean]>([
    ['subscribed', false],
    ['pending', false],
    ['unsubscribed', true],
    ['suppressed', true],
    ['blocked', false],
  ])('L19: one that it left is joined again; an opt-out (%s) is said with it: %s', (state, said) => {
    const { actions } = undo([left('71', 'Working')], { ...on(), marketing: aMailing({}, channel(state)) });
    expect(actions).toMatchObject([
      {
        id: 'marketing:900/undo/join/71',
        lane: 'list',
        kind: 'list-add',
        changes: { 'list Working': { from: null, to: 'Working' } },
        crm: null,
      },
    ]);
    expect(actions[0]?.marketing).toEqual({ set: {}, lists: ['71'], ...(said ? { channel: { state } } : {}) });
    // Back where it was: older than whatever was joined since.
    expect(actions[0]?.effects[0]).toEqual({
      type: 'membership',
      marketingId: '900',
      listId: '71',
      member: true,
      old: true,
    });
  });

  it('L3: a move goes back as a whole', () => {
    const { actions } = undo([joined('70', 'New'), left('71', 'Working')], on(['70', LATE]));
    expect(actions.map(({ id }) => id)).toEqual(['marketing:900/undo/leave/70', 'marketing:900/undo/join/71']);
    const again = undo([joined('70', 'New'), left('71', 'Working')], on(['71', null]));
    expect([again.actions, again.skipped]).toEqual([[], []]);
  });

  it('what the run itself took back stays, and so does what somebody did to the same list since', () => {
    expect(undo([joined('70', 'New'), left('70', 'New')], on()).actions).toEqual([]);
    expect(undo([left('71', 'Working'), joined('71', 'Working')], on(['71', LATE])).actions).toEqual([]);
    expect(undo([joined('70', 'New')], on())).toMatchObject({ actions: [], skipped: [] });
    expect(undo([left('71', 'Working')], on(['71', LATE]))).toMatchObject({ actions: [], skipped: [] });
  });

  it('R17: who was put on another list since stays, and it is told where', () => {
    const moved = undo([joined('70', 'New'), left('71', 'Working')], on(['70', EARLY], ['72', LATE]));
    expect(moved.actions).toEqual([]);
    expect(why(moved)).toEqual([
      ['list New', 'Gone', 'was changed since: the contact is on another lead list now'],
      ['list Working', 'Gone', 'was changed since: the contact is on another lead list now'],
    ]);
    // An older list beside it does not count, and one that was only left bars nothing.
    expect(undo([joined('70', 'New')], on(['70', LATE], ['72', EARLY])).actions).toHaveLength(1);
    expect(undo([left('71', 'Working')], on(['72', LATE])).actions).toHaveLength(1);
  });

  it('R17: of several lists that the run joined one has to count, and none where they are no lead lists any more', () => {
    const two = undo([joined('70', 'New'), joined('71', 'Working')], on(['70', LATE], ['71', LATE]));
    expect(two.actions.map(({ id }) => id)).toEqual(['marketing:900/undo/leave/70', 'marketing:900/undo/leave/71']);
    expect(undo([joined('99', 'Old')], on(['99', LATE])).actions).toMatchObject([{ marketing: { leaveList: '99' } }]);
  });

  it('S13: with leads off nothing is known of their lists', () => {
    const none = settingsOf('recommended', { lead: { enabled: true, statusLists: null } });
    const result = undo([joined('70', 'New')], on(['70', LATE]), none);
    expect([result.actions, why(result)]).toEqual([[], [['list New', null, 'stays: leads are switched off']]]);
    expect(undo([joined('70', 'New'), left('70', 'New')], on(), none).skipped).toEqual([]);
  });

  it('L6: with another list beside it, that one counts once the one that the run joined is left', () => {
    const result = undo([joined('70', 'New')], on(['70', LATE], ['71', EARLY]));
    expect(result.effects).toMatchObject([
      { role: 'lead', fields: { [STATUS_KEY]: { crm: 'New', marketing: 'Working' } } },
    ]);
  });

  it('L3: joining again the list that the run left is agreed on as well', () => {
    const result = undo([left('70', 'New')], on());
    expect(result.actions[0]?.effects).toMatchObject([
      { type: 'membership', listId: '70' },
      { type: 'base', fields: { [STATUS_KEY]: { crm: 'New', marketing: 'New' } } },
    ]);
  });

  it('L3, L5, decision 27: the lead’s status and the list that counts then are taken for agreed', () => {
    const learnt = (result: ReturnType<typeof undo>) =>
      [...result.effects, ...result.actions.flatMap(({ effects }) => effects)].flatMap((effect) =>
        effect.type === 'base' && effect.fields[STATUS_KEY] !== undefined ? [effect.fields[STATUS_KEY]] : [],
      );
    const lead = (status: string) => ({ records: [aRecord(), aLead({ status })] });
    // The lists said New as the status does: the base can be learnt at once.
    const back = undo([joined('70', 'New'), left('71', 'Working')], { ...on(['70', LATE]), ...lead('New') });
    expect(learnt(back)).toEqual([{ crm: 'New', marketing: 'Working', undone: true }]);
    expect(back.effects).toContainEqual(expect.objectContaining({ type: 'base', role: 'lead', crmId: '51' }));
    // Where they differ it waits for the write.
    const apart = undo([joined('70', 'New'), left('71', 'Working')], { ...on(['70', LATE]), ...lead('Working') });
    expect(learnt(apart)).toEqual([{ crm: 'Working', marketing: 'Working', undone: true }]);
    expect(apart.effects).toEqual([]);
    // L8: on no list at all reads as taken off all of them.
    const off = undo([joined('70', 'New')], { ...on(['70', LATE]), ...lead('New') });
    expect(learnt(off)).toEqual([{ crm: 'New', marketing: 'New', undone: true }]);
    // Without a status, or another list moved, nothing is learnt.
    expect(learnt(undo([joined('70', 'New')], { ...on(['70', LATE]), records: [aLead({ status: null })] }))).toEqual(
      [],
    );
  });
});

describe('decision 27: consent', () => {
  const base = (crm: string, marketing: string) => [aLink({ base: { '(consent)': { crm, marketing } } })];
  const consent = (lane: 'opt-in' | 'opt-out', from: string, to: string, action: Partial<Action>) =>
    aPastWrite({ lane, kind: 'set-consent', rows: ['O2'], changes: { consent: { from, to } }, ...action });
  const subscribed = consent('opt-in', 'none', 'subscribed', {
    marketing: { set: {}, channel: { state: 'subscribed' } },
  });

  it('an opt-out is never undone, on either side, and it is told where it stays', () => {
    const out = consent('opt-out', 'in', 'unsubscribed', {
      marketing: { set: {}, channel: { state: 'unsubscribed' } },
    });
    const inMarketing = undo([out], { marketing: aMailing({}, channel('unsubscribed')) });
    expect([inMarketing.actions, why(inMarketing)]).toEqual([
      [],
      [['consent', 'unsubscribed', 'stays opted out in the mailing system: an opt-out is never undone']],
    ]);
    const told = consent('opt-out', 'unknown', 'optedOut', { system: 'crm', crm: { set: {}, addTags: ['out'] } });
    expect(why(undo([told]))).toEqual([
      ['consent', 'optedOut', 'stays opted out in the CRM: an opt-out is never undone'],
    ]);
    // The last word of the run counts.
    expect(undo([subscribed, out]).actions).toEqual([]);
    expect(undo([out, subscribed]).actions).toHaveLength(1);
  });

  it.each<[ChannelState, boolean]>([
    ['subscribed', true],
    ['pending', true],
    ['soft-bounced', true],
    ['unsubscribed', false],
    ['suppressed', false],
    ['blocked', false],
    ['hard-bounced', false],
    ['none', false],
  ])('whoever the run subscribed and who reads %s is unsubscribed: %s', (state, taken) => {
    const result = undo([subscribed], { marketing: aMailing({}, channel(state)), links: base('in', 'in') });
    expect(result.skipped).toEqual([]);
    if (!taken) {
      expect([result.actions, result.effects]).toEqual([[], []]);
      return;
    }
    expect(result.actions).toEqual([
      {
        id: 'marketing:900/undo/set-consent',
        row: 'R17',
        rows: ['R17', 'O2'],
        lane: 'opt-out',
        kind: 'set-consent',
        system: 'marketing',
        entity: 'contact',
        email: ADDRESS,
        crmId: '11',
        marketingId: '900',
        changes: { consent: { from: state, to: 'unsubscribed' } },
        clears: false,
        crm: null,
        marketing: { set: {}, channel: { state: 'unsubscribed' } },
        effects: [
          {
            type: 'consent',
            system: 'marketing',
            state: 'optedOut',
            signal: 'undo of the opt-in',
            effectiveAt: null,
            row: 'R17',
            crmId: '11',
            marketingId: '900',
            written: 'unsubscribed in the mailing system',
          },
        ],
      },
    ]);
    // Nobody takes it for the person's own no, nor the CRM's yes for a new one.
    expect(result.effects).toMatchObject([{ fields: { '(consent)': { crm: 'in', marketing: 'out' } } }]);
  });

  it('nothing of consent is learnt where nothing was remembered', () => {
    expect(undo([subscribed]).effects).toEqual([]);
  });

  describe('an opt-in that was written to the CRM', () => {
    const written = (crm: Action['crm'], from = 'optedOut', more: Partial<Action> = {}) =>
      consent('opt-in', from, 'optedIn', { system: 'crm', crm, ...more });
    const record = (tags: readonly string[], values: Parameters<typeof aRecord>[0] = {}) => ({
      records: [aRecord(values, { tags })],
    });

    it('is taken back as far as it still reads so: its tags, those it had removed, and its field', () => {
      const action = written(
        { set: { 'custom_fields.News': 'yes' }, addTags: ['in', 'vip'], removeTags: ['out'], whole: ['tags'] },
        'optedOut',
        { replaced: { 'custom_fields.News': 'no' } },
      );
      const result = undo([action], {
        ...record(['in', 'green'], { 'custom_fields.News': 'yes' }),
        links: base('in', 'in'),
      });
      expect(result.skipped).toEqual([]);
      expect(result.actions).toMatchObject([
        {
          id: 'contact:11/undo/set-consent',
          lane: 'opt-out',
          system: 'crm',
          changes: { consent: { from: 'optedIn', to: 'optedOut' } },
          crm: { set: { 'custom_fields.News': 'no' }, removeTags: ['in'], addTags: ['out'], whole: ['tags'] },
          marketing: null,
        },
      ]);
      expect(result.effects).toMatchObject([{ fields: { '(consent)': { crm: 'out', marketing: 'in' } } }]);
    });

    it('is taken back where it was said by a field alone', () => {
      const news = { set: { 'custom_fields.News': 'yes' } };
      const result = undo(
        [written(news, 'optedOut', { replaced: { 'custom_fields.News': 'no' } })],
        record([], { 'custom_fields.News': 'yes' }),
      );
      expect([result.actions.map(({ crm }) => crm), result.skipped]).toStrictEqual([
        [{ set: { 'custom_fields.News': 'no' } }],
        [],
      ]);
    });

    it('says nothing again where it said nothing before', () => {
      const result = undo([written({ set: {}, addTags: ['in'] }, 'unknown')], {
        ...record(['in']),
        links: base('in', 'in'),
      });
      expect(result.actions.map(({ crm }) => crm)).toEqual([{ set: {}, removeTags: ['in'] }]);
      expect(result.effects).toMatchObject([{ fields: { '(consent)': { crm: 'unknown', marketing: 'in' } } }]);
    });

    it.each<[string, Action['crm'], Partial<Action>, Partial<UndoView>]>([
      ['its tag is gone', { set: {}, addTags: ['in'] }, {}, record([])],
      [
        'its field was set again',
        { set: { 'custom_fields.News': 'yes' } },
        { replaced: { 'custom_fields.News': 'no' } },
        record([], { 'custom_fields.News': 'perhaps' }),
      ],
      [
        'what its field was is not known',
        { set: { 'custom_fields.News': 'yes' } },
        {},
        record([], { 'custom_fields.News': 'yes' }),
      ],
    ])('R17: stays where %s', (_, crm, more, view) => {
      const result = undo([written(crm, 'optedOut', more)], view);
      expect([result.actions, why(result)]).toEqual([[], [['consent', null, 'was changed since']]]);
    });
  });
});

describe('C20, C25: an address', () => {
  const NEW = 'ada.king@example.org';
  const renamed = (from: string | null = ADDRESS, to: string | null = NEW) =>
    aPastWrite({ rows: ['C20'], changes: { email: { from, to } }, marketing: { set: {}, email: NEW } });
  const reads = (email: string | null, more: Partial<MarketingRecord> = {}) => ({
    marketing: aMailing({}, { email, ...more }),
  });

  it.each<[ChannelState, string | undefined]>([
    ['subscribed', undefined],
    ['unsubscribed', 'unsubscribed'],
    ['suppressed', 'suppressed'],
    ['blocked', 'unsubscribed'],
    ['hard-bounced', undefined],
  ])('goes back, and an opt-out (%s) goes along: %s', (state, said) => {
    const { actions, skipped } = undo([renamed()], reads('Ada.King@Example.org', channel(state)));
    expect(skipped).toEqual([]);
    expect(actions).toMatchObject([
      {
        id: 'marketing:900/undo/update',
        lane: 'update',
        kind: 'update',
        email: 'Ada.King@Example.org',
        changes: { email: { from: 'Ada.King@Example.org', to: ADDRESS } },
        marketing: { set: {}, email: ADDRESS },
      },
    ]);
    expect(actions[0]?.marketing?.channel?.state).toBe(said);
  });

  it('R17: is kept where somebody changed it since, or put it back', () => {
    const changed = undo([renamed()], reads('eva@example.org'));
    expect([changed.actions, why(changed)]).toEqual([[], [['email', 'eva@example.org', 'was changed since']]]);
    expect(undo([renamed()], reads(' ADA@example.org'))).toMatchObject({ actions: [], skipped: [] });
    const again = undo([renamed()], { ...reads(NEW), takenBack: new Set(['marketing:900 email']) });
    expect([again.actions, why(again)]).toEqual([[], [['email', NEW, 'was changed since']]]);
    const back = undo([renamed()], { ...reads(ADDRESS), takenBack: new Set(['marketing:900 email']) });
    expect([back.actions, back.skipped]).toEqual([[], []]);
  });

  it('C24: that was blank is not taken away again', () => {
    const filled = undo([renamed(null)], reads(NEW));
    expect([filled.actions, why(filled)]).toEqual([
      [],
      [['email', NEW, 'cannot go back: an address that was blank is not taken away from the mailing system']],
    ]);
  });

  it('a change of spelling alone is none', () => {
    expect(undo([renamed('Ada@example.org', ADDRESS)], reads(ADDRESS))).toMatchObject({ actions: [], skipped: [] });
  });

  it('in the CRM goes back the same way, and both sides are taken for agreed', () => {
    const written = aPastWrite({
      system: 'crm',
      rows: ['C25'],
      changes: { email: { from: ADDRESS, to: NEW } },
      crm: { set: {}, email: NEW },
    });
    const result = undo([written], { ...reads(NEW), records: [aRecord({}, { email: NEW })] });
    expect(result.actions).toMatchObject([
      { id: 'contact:11/undo/update', lane: 'update', system: 'crm', marketing: null },
    ]);
    expect(result.actions[0]?.crm).toEqual({ set: {}, email: ADDRESS });
    expect(result.effects).toMatchObject([
      {
        role: 'contact',
        crmId: '11',
        fields: { email: { crm: ADDRESS, marketing: NEW, undone: true } },
        settled: ['email'],
      },
    ]);
  });

  it('C24: in the CRM goes back where marketing has none that is one', () => {
    const written = aPastWrite({
      system: 'crm',
      changes: { email: { from: ADDRESS, to: NEW } },
      crm: { set: {}, email: NEW },
    });
    const { actions } = undo([written], { ...reads('ada at example.org'), records: [aRecord({}, { email: NEW })] });
    expect(actions[0]?.effects).toEqual([
      {
        type: 'base',
        role: 'contact',
        crmId: '11',
        marketingId: '900',
        fields: { email: { crm: ADDRESS, marketing: null, undone: true } },
        unconfirmed: {},
        settled: ['email'],
      },
    ]);
  });

  it('C22, C23: an opt-out that travelled along stays, and it is told', () => {
    const travelled = aPastWrite({
      rows: ['C20', 'C23'],
      changes: { email: { from: ADDRESS, to: NEW } },
      marketing: { set: {}, email: NEW, channel: { state: 'unsubscribed' } },
    });
    const result = undo([travelled], reads(NEW, channel('unsubscribed')));
    expect(result.actions).toHaveLength(1);
    expect(why(result)).toEqual([
      ['consent', 'unsubscribed', 'stays opted out in the mailing system: an opt-out is never undone'],
    ]);
    const { action } = travelled;
    const suppressed = { ...action, marketing: { set: {}, email: NEW, channel: { state: 'suppressed' } } } as const;
    expect(why(undo([{ ...travelled, action: suppressed }], reads(NEW, channel('suppressed'))))).toEqual([
      ['consent', 'suppressed', 'stays opted out in the mailing system: an opt-out is never undone'],
    ]);
  });
});

describe("L3, L5: a lead's status", () => {
  const moved = (from: string | null, to: string) =>
    aPastWrite({
      system: 'crm',
      entity: 'lead',
      rows: ['L5'],
      changes: { status: { from, to } },
      crm: { set: {}, status: to },
    });
  const reads = (status: string) => ({ records: [aLead({ status })] });

  it('goes back where it still reads so', () => {
    const { actions, skipped } = undo([moved('New', 'Working')], reads('Working'));
    expect(skipped).toEqual([]);
    expect(actions).toMatchObject([
      {
        system: 'crm',
        entity: 'lead',
        changes: { status: { from: 'Working', to: 'New' } },
        crm: { set: {}, status: 'New' },
      },
    ]);
    const again = undo([moved('New', 'Working')], { ...reads('Working'), takenBack: new Set(['lead:51 status']) });
    expect([again.actions, why(again)]).toEqual([[], [['status', 'Working', 'was changed since']]]);
  });

  it('decision 27: is agreed on with the answer where the list that counts is another one, beside the fields of the write', () => {
    const postcode = aPastWrite({
      system: 'crm',
      entity: 'lead',
      changes: { 'address.postal_code': { from: '10115', to: '20095' } },
      crm: { set: { 'address.postal_code': '20095' } },
      replaced: { 'address.postal_code': '10115' },
    });
    const record = aRecord({ 'address.postal_code': '20095' }, { role: 'lead', id: '51', status: 'Working' });
    const result = undo([moved('New', 'Working'), postcode], {
      ...on(['70', LATE]),
      marketing: aMailing({ POSTCODE: '30159' }),
      records: [record],
    });
    expect(result.effects).toEqual([]);
    expect(result.actions.map(({ effects }) => effects)).toMatchObject([
      [
        { role: 'lead', fields: { POSTCODE: { crm: '10115', marketing: '30159' } } },
        { role: 'lead', fields: { [STATUS_KEY]: { crm: 'New', marketing: 'New' } } },
      ],
    ]);
    expect(result.actions).toHaveLength(1);
  });

  it('R17: is kept where somebody moved it since, or back', () => {
    const since = undo([moved('New', 'Working')], reads('Qualified'));
    expect([since.actions, why(since)]).toEqual([[], [['status', 'Qualified', 'was changed since']]]);
    expect(undo([moved('New', 'Working')], reads('New'))).toMatchObject({ actions: [], skipped: [] });
  });

  it.each([['Gone'], ['Unheard of'], [null]])('L12: %s is none that the CRM knows any more', (from) => {
    const result = undo([moved(from, 'Working')], reads('Working'));
    expect([result.actions, why(result)]).toEqual([
      [],
      [['status', 'Working', 'cannot go back: the CRM no longer knows the status before']],
    ]);
  });

  it('goes back without lists too', () => {
    const none = settingsOf('recommended', { lead: { enabled: true, statusLists: null } });
    const result = undo([moved('Anything', 'Working')], reads('Working'), none);
    expect([result.actions.length, result.actions[0]?.effects, result.effects]).toEqual([1, [], []]);
    const blank = undo([moved(null, 'Working')], reads('Working'), none);
    expect([blank.actions, why(blank)]).toEqual([
      [],
      [['status', 'Working', 'cannot go back: the CRM no longer knows the status before']],
    ]);
  });
});

describe('R17: fields that are mapped no more, written as a whole, or cannot go back', () => {
  const set = (name: string, change: Change, [before, after]: readonly [Raw, Raw]) =>
    aPastWrite({
      changes: { [name]: change },
      marketing: { set: { [name]: after } },
      replaced: { [name]: before },
    });

  it('a data field that is mapped no more goes back as it was, where it reads as it was written', () => {
    const written = set('OLD', { from: 'a', to: 'b' }, ['a', 'b']);
    expect(undo([written], { marketing: aMailing({ OLD: 'b' }) }).actions).toMatchObject([
      { changes: { OLD: { from: 'b', to: 'a' } }, marketing: { set: { OLD: 'a' } } },
    ]);
    const since = undo([written], { marketing: aMailing({ OLD: 'c' }) });
    expect([since.actions, why(since)]).toEqual([[], [['OLD', 'c', 'was changed since']]]);
    const unread = undo([written]);
    expect([unread.actions, why(unread)]).toEqual([
      [],
      [['OLD', null, 'is no longer mapped, so that what it reads now is not known']],
    ]);
    const { replaced: _none, ...unknown } = written.action;
    expect(why(undo([{ ...written, action: unknown }], { marketing: aMailing({ OLD: 'b' }) }))).toEqual([
      ['OLD', 'b', 'is no longer mapped, and what it was is not known'],
    ]);
  });

  it('C17: a part of an address in the CRM is written as a whole, in marketing it is a field', () => {
    const inCrm = aPastWrite({
      system: 'crm',
      changes: { 'address.postal_code': { from: '10115', to: '20095' } },
      crm: { set: { 'address.postal_code': '20095' }, whole: ['address'] },
      replaced: { 'address.postal_code': '10115' },
    });
    expect(undo([inCrm], { records: [aRecord({ 'address.postal_code': '20095' })] }).actions[0]?.crm).toEqual({
      set: { 'address.postal_code': '10115' },
      whole: ['address'],
    });
    const inMarketing = set('POSTCODE', { from: '10115', to: '20095' }, ['10115', '20095']);
    expect(undo([inMarketing], { marketing: aMailing({ POSTCODE: '20095' }) }).actions[0]?.marketing).toEqual({
      set: { POSTCODE: '10115' },
    });
  });

  it('C28: a value that its side no longer takes is named', () => {
    const settings = settingsOf('recommended', { contact: { fields: [...CONTACT_FIELDS, FIELDS.tier] } });
    const written = aPastWrite({
      system: 'crm',
      changes: { 'custom_fields.Tier': { from: 'Bronze', to: 'Gold' } },
      crm: { set: { 'custom_fields.Tier': 'Gold' } },
      replaced: { 'custom_fields.Tier': 'Bronze' },
    });
    const result = undo([written], { records: [aRecord({ 'custom_fields.Tier': 'Gold' })] }, settings);
    expect(result.actions).toEqual([]);
    expect(result.skipped).toMatchObject([
      {
        field: 'custom_fields.Tier',
        present: 'Gold',
        why: expect.stringMatching(/^cannot go back: the value before ./),
      },
    ]);
  });

  it('several writes of one field are one: from before the first to after the last', () => {
    const first = set('POSTCODE', { from: '10115', to: '20095' }, [' 10115', '20095']);
    const second = set('POSTCODE', { from: '20095', to: '30159' }, ['20095', '30159']);
    const { actions } = undo([first, second], { marketing: aMailing({ POSTCODE: '30159' }) });
    expect(actions).toMatchObject([
      { changes: { POSTCODE: { from: '30159', to: '10115' } }, marketing: { set: { POSTCODE: ' 10115' } } },
    ]);
  });

  it.each<[string, Raw, Raw, Value, Value]>([
    ['a number', 7, 8, '7', '8'],
    ['yes or no', false, true, false, true],
    ['a list', ['a'], ['a', 'b'], '["a"]', '["a","b"]'],
  ])('%s that is mapped no more goes back as it was', (_, before, after, from, to) => {
    const written = set('OLD', { from, to }, [before, after]);
    expect(undo([written], { marketing: aMailing({ OLD: after }) }).actions).toMatchObject([
      { changes: { OLD: { from: to, to: from } }, marketing: { set: { OLD: before } } },
    ]);
    const back = undo([written], { marketing: aMailing({ OLD: before }) });
    expect([back.actions, back.skipped]).toEqual([[], []]);
  });

  it('C26: an empty text is as blank as none', () => {
    const filled = set('OLD', { from: null, to: 'b' }, [null, 'b']);
    const back = undo([filled], { marketing: aMailing({ OLD: '' }) });
    expect([back.actions, back.skipped]).toEqual([[], []]);
  });

  it('what is written along without being told goes back by its raw value', () => {
    const id = (before: string | null) =>
      aPastWrite({ marketing: { set: { SELL_CONTACT_ID: '11' } }, replaced: { SELL_CONTACT_ID: before } });
    expect(undo([id('7')]).actions).toMatchObject([
      { changes: { SELL_CONTACT_ID: { from: '11', to: '7' } }, marketing: { set: { SELL_CONTACT_ID: '7' } } },
    ]);
    expect(undo([id(null)]).actions).toMatchObject([{ marketing: { set: { SELL_CONTACT_ID: null } } }]);
    expect(why(undo([id('7')], { marketing: aMailing({ SELL_CONTACT_ID: '12' }) }))).toEqual([
      ['SELL_CONTACT_ID', '12', 'was changed since'],
    ]);
  });

  it('each side is read in its own way: the CRM writes dates month first, marketing as points in time', () => {
    const since = mapped('SINCE', 'custom_fields.Since', ['date', 'date']);
    const settings = settingsOf('recommended', { contact: { fields: [...CONTACT_FIELDS, since] } });
    const change = { from: '2026-01-01', to: '2026-01-31' };
    const inCrm = aPastWrite({
      system: 'crm',
      changes: { 'custom_fields.Since': change },
      crm: { set: { 'custom_fields.Since': '2026-01-31' } },
      replaced: { 'custom_fields.Since': '1/1/2026' },
    });
    const back = undo([inCrm], { records: [aRecord({ 'custom_fields.Since': '1/31/2026' })] }, settings);
    expect(back.actions.map(({ changes, crm }) => [changes, crm])).toEqual([
      [
        { 'custom_fields.Since': { from: '2026-01-31', to: '2026-01-01' } },
        { set: { 'custom_fields.Since': '1/1/2026' } },
      ],
    ]);
    const inMarketing = set('SINCE', change, ['2026-01-01T00:00:00Z', '2026-01-31T00:00:00Z']);
    const same = aMailing({ SINCE: '2026-01-30T23:00:00-05:00' });
    expect(undo([inMarketing], { marketing: same }, settings).actions).toMatchObject([
      {
        changes: { SINCE: { from: '2026-01-31', to: '2026-01-01' } },
        marketing: { set: { SINCE: '2026-01-01T00:00:00Z' } },
      },
    ]);
  });

  it('a field of the other role is read as that one maps it', () => {
    const written = set('ORGANISATION', { from: 'Acme', to: 'Apex' }, ['Acme', 'Apex']);
    expect(undo([written], { marketing: aMailing({ ORGANISATION: ' Apex ' }) }).actions).toMatchObject([
      { changes: { ORGANISATION: { from: 'Apex', to: 'Acme' } } },
    ]);
  });

  it('C28: where the mapping is another one by now', () => {
    const short = mapped('SHORT', 'custom_fields.Short', ['text', 'string'], { maxLength: 3 });
    const many = mapped('MANY', 'custom_fields.Many', ['set', 'string']);
    const settings = settingsOf('recommended', { contact: { fields: [...CONTACT_FIELDS, short, many] } });
    // What marketing held it holds again, whatever the mapping would write.
    const written = set('SHORT', { from: 'long', to: 'x' }, ['long', 'x']);
    const reads = { marketing: aMailing({ SHORT: 'x' }) };
    expect(undo([written], reads, settings).actions).toMatchObject([{ marketing: { set: { SHORT: 'long' } } }]);
    // Without it the mapping has to write it.
    const { replaced: _none, ...unknown } = written.action;
    expect(why(undo([{ ...written, action: unknown }], reads, settings))).toEqual([
      ['SHORT', 'x', 'cannot go back: the value before is longer than the 3 characters of the data field'],
    ]);
    const plain = set('POSTCODE', { from: '10115', to: '20095' }, [null, '20095']).action;
    const { replaced: _neither, ...postcode } = plain;
    expect(
      undo([{ ...written, action: postcode }], { marketing: aMailing({ POSTCODE: '20095' }) }).actions,
    ).toMatchObject([{ marketing: { set: { POSTCODE: '10115' } } }]);
    // A blank list is written as the CRM wants it.
    const filled = aPastWrite({
      system: 'crm',
      changes: { 'custom_fields.Many': { from: null, to: ['a'] } },
      crm: { set: { 'custom_fields.Many': ['a'] } },
      replaced: { 'custom_fields.Many': null },
    });
    expect(undo([filled], { records: [aRecord({ 'custom_fields.Many': ['a'] })] }, settings).actions).toMatchObject([
      { crm: { set: { 'custom_fields.Many': [] } } },
    ]);
    // The very text that was there is back, whatever it means today.
    const meant = set('SHORT', { from: 'old', to: 'x' }, ['o', 'x']);
    const again = undo([meant], { marketing: aMailing({ SHORT: 'o' }) }, settings);
    expect([again.actions, again.skipped]).toEqual([[], []]);
  });

  it('C23: a field that goes back without the address says no opt-out', () => {
    const written = set('POSTCODE', { from: '10115', to: '20095' }, ['10115', '20095']);
    const { actions } = undo([written], { marketing: aMailing({ POSTCODE: '20095' }, channel('unsubscribed')) });
    expect(actions[0]?.marketing).toEqual({ set: { POSTCODE: '10115' } });
  });

  it('C26: an undo that blanks a value counts as a clear, whatever else goes back with it', () => {
    const filled = set('POSTCODE', { from: null, to: '20095' }, [null, '20095']);
    expect(undo([filled], { marketing: aMailing({ POSTCODE: '20095' }) }).actions).toMatchObject([
      { clears: true, marketing: { set: { POSTCODE: null } }, replaced: { POSTCODE: '20095' } },
    ]);
    const named = set('LASTNAME', { from: 'Byron', to: 'Lovelace' }, ['Byron', 'Lovelace']);
    expect(undo([named]).actions).toMatchObject([{ clears: false }]);
    expect(undo([filled, named], { marketing: aMailing({ POSTCODE: '20095' }) }).actions).toMatchObject([
      { clears: true, changes: { LASTNAME: { to: 'Byron' } } },
    ]);
  });

  it('D2: an id that the run took off and wrote anew goes back to the one before', () => {
    const off = set('SELL_CONTACT_ID', { from: '11', to: null }, ['11', null]);
    const anew = aPastWrite({ marketing: { set: { SELL_CONTACT_ID: '12' } }, replaced: { SELL_CONTACT_ID: null } });
    expect(undo([off, anew], { marketing: aMailing({ SELL_CONTACT_ID: '12' }) }).actions).toMatchObject([
      { changes: { SELL_CONTACT_ID: { from: '12', to: '11' } }, marketing: { set: { SELL_CONTACT_ID: '11' } } },
    ]);
  });

  it('decision 27: what is written of a field says nothing of the status of the lead, nor of its lists', () => {
    const written = set('POSTCODE', { from: '20095', to: '10115' }, ['20095', '10115']);
    const { effects } = undo([written], on(['70', LATE]));
    expect(effects.flatMap((effect) => (effect.type === 'base' ? Object.keys(effect.fields) : []))).toEqual([
      'POSTCODE',
      'POSTCODE',
    ]);
  });

  it('an undo is undone like any other run, and carries its row once', () => {
    const written = set('POSTCODE', { from: '20095', to: '10115' }, ['20095', '10115']);
    const action = { ...written.action, row: 'R17', rows: ['R17', 'C5'] } as const;
    expect(undo([{ ...written, action }]).actions).toMatchObject([{ row: 'R17', rows: ['R17', 'C5'] }]);
  });
});

describe('R17: whose record it is, where ids of two systems or roles are the same', () => {
  const moved = { from: '10115', to: '20095' };
  const wrote = (action: Partial<Action>, more: Partial<PastWrite> = {}) => {
    const name = action.system === 'crm' ? 'address.postal_code' : 'POSTCODE';
    const part = { set: { [name]: '20095' } };
    const own = action.system === 'crm' ? { crm: part } : { marketing: part };
    return aPastWrite({ changes: { [name]: moved }, replaced: { [name]: '10115' }, ...own, ...action }, more);
  };
  const now = { 'address.postal_code': '20095' };
  const same = {
    marketing: aMailing({ POSTCODE: '20095' }, { id: '11' }),
    links: [],
    records: [aRecord({}, { id: '12' }), aRecord(now, { role: 'lead', id: '11' }), aRecord(now)],
  };

  it.each<[string, PastWrite, Partial<Action>]>([
    [
      'the marketing contact',
      wrote({ system: 'marketing' }, { marketingId: '11' }),
      { id: 'marketing:11/undo/update', crm: null, marketing: { set: { POSTCODE: '10115' } } },
    ],
    [
      'the contact',
      wrote({ system: 'crm' }, { marketingId: '11' }),
      {
        id: 'contact:11/undo/update',
        marketing: null,
        crm: { set: { 'address.postal_code': '10115' }, whole: ['address'] },
      },
    ],
    [
      'the lead',
      wrote({ system: 'crm', entity: 'lead' }, { crmId: '11' }),
      {
        id: 'lead:11/undo/update',
        marketing: null,
        crm: { set: { 'address.postal_code': '10115' }, whole: ['address'] },
      },
    ],
  ])('%s', (_, write, action) => {
    const records = write.action.entity === 'lead' ? [aRecord(), ...same.records.slice(1, 2)] : same.records;
    const result = undo([write], { ...same, records });
    expect([result.actions, result.skipped]).toMatchObject([[action], []]);
  });

  it('another marketing contact is none of this person', () => {
    const result = undo([wrote({ system: 'marketing' }, { marketingId: '901' })]);
    expect([result.actions, why(result)]).toEqual([[], [[null, null, 'is no longer in the mailing system']]]);
  });

  it('decision 27: the base of a lead is learnt from the lead', () => {
    const lead = aRecord(now, { role: 'lead' });
    const links = [aLink({ id: 'link-2', role: 'lead', base: {} })];
    const marketing = aMailing({ POSTCODE: '20095' });
    const { effects } = undo([wrote({ system: 'marketing' })], { marketing, links, records: [aRecord(), lead] });
    expect(effects).toMatchObject([{ role: 'lead', fields: { POSTCODE: { crm: '20095', marketing: '10115' } } }]);
  });

  it('its other id is the first that a write of the run knew, if any', () => {
    const late = [
      wrote({ system: 'marketing' }, { crmId: null }),
      aPastWrite({
        changes: { LASTNAME: { from: 'Byron', to: 'Lovelace' } },
        marketing: { set: { LASTNAME: 'Lovelace' } },
      }),
    ];
    const marketing = aMailing({ POSTCODE: '20095' });
    expect(undo(late, { marketing }).actions).toMatchObject([{ crmId: '11', marketingId: '900' }]);
    expect(undo(late.slice(0, 1), { marketing }).actions).toMatchObject([{ crmId: null, marketingId: '900' }]);
    const inCrm = wrote({ system: 'crm' }, { marketingId: null });
    expect(undo([inCrm], { records: [aRecord(now)] }).actions).toMatchObject([{ crmId: '11', marketingId: null }]);
  });
});

describe('R17: the values that a write replaces', () => {
  const write = aPastWrite({ marketing: { set: { POSTCODE: '20095', NEW: 'x' } } }).action;

  it('are kept as they read, a data field that was not there yet as blank; of a CRM record nothing is assumed', () => {
    expect(withReplaced(write, aMailing()).replaced).toEqual({ POSTCODE: '10115', NEW: null });
    const crm = { set: { 'address.postal_code': '20095', 'custom_fields.New': 'x' } };
    const inCrm = { ...write, system: 'crm', crm, marketing: null } as const;
    expect(withReplaced(inCrm, aRecord()).replaced).toEqual({ 'address.postal_code': '10115' });
  });

  it('are none of a record that is made, or that nobody read', () => {
    expect(withReplaced({ ...write, kind: 'create' }, aMailing())).not.toHaveProperty('replaced');
    expect(withReplaced(write, null)).not.toHaveProperty('replaced');
  });
});

describe('R17: whole records that stay', () => {
  const update = aPastWrite({
    changes: { POSTCODE: { from: '10115', to: '20095' } },
    marketing: { set: { POSTCODE: '20095' } },
  });
  const removal = (system: 'crm' | 'marketing') => aPastWrite({ system, lane: 'delete', kind: 'delete' });

  it.each<[string, PastWrite, Partial<UndoView>, Settings, string]>([
    [
      'it is gone',
      update,
      { marketing: aMailing({}, { state: 'deleted' }) },
      SETTINGS,
      'is no longer in the mailing system',
    ],
    ['nobody knows it', update, { marketing: null }, SETTINGS, 'is no longer in the mailing system'],
    [
      'it is out of sight',
      aPastWrite({ system: 'crm', crm: { set: {} } }),
      { records: [aRecord({}, { state: 'hidden' })] },
      SETTINGS,
      'is no longer in the CRM',
    ],
    [
      'its role is off',
      update,
      {},
      settingsOf('recommended', { contact: { enabled: false } }),
      'stays: contacts are switched off',
    ],
    [
      'the run deleted it in marketing',
      removal('marketing'),
      { marketing: aMailing({}, { state: 'deleted' }) },
      SETTINGS,
      'was deleted in the mailing system, which cannot be undone from here without losing its consent: its recycle bin keeps it for 30 days, restore it there',
    ],
    [
      'the run deleted it in the CRM',
      removal('crm'),
      { records: [] },
      SETTINGS,
      'was deleted in the CRM, which cannot be undone from here',
    ],
  ])('%s', (_, write, view, settings, words) => {
    const result = undo([write], view, settings);
    expect([result.actions, result.effects, why(result)]).toEqual([[], [], [[null, null, words]]]);
    expect(result.skipped[0]).toMatchObject({ entity: 'contact', email: ADDRESS, marketingId: '900', crmId: '11' });
  });

  it('whatever the run wrote before it deleted it', () => {
    const result = undo([update, removal('marketing')], { marketing: aMailing({}, { state: 'deleted' }) });
    expect(result.skipped).toMatchObject([{ field: null, why: expect.stringContaining('was deleted') }]);
  });

  it('a record that is back from the bin is nothing to tell', () => {
    expect(undo([removal('marketing')]).skipped).toEqual([]);
  });

  it('a write whose record never had an id is nothing to take back', () => {
    expect(undo([aPastWrite({}, { marketingId: null })])).toEqual({ actions: [], effects: [], skipped: [] });
  });
});
