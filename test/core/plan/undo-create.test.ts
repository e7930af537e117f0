// A record that a run made is deleted again, unless anybody has touched it since or nobody knows whether the run made it. (R17, decision 27)
import { describe, expect, it } from 'vitest';
import type { Action } from '../../../src/core/model/plan.ts';
import type { ChannelState, CrmRecord, MarketingRecord } from '../../../src/core/model/record.ts';
import type { Settings } from '../../../src/core/model/settings.ts';
import { invertPerson } from '../../../src/core/plan/invert.ts';
import type { PastWrite, UndoView } from '../../../src/core/plan/invert-view.ts';
import {
  ADDRESS,
  aLink,
  aMailing,
  aPastWrite,
  aRecord,
  CONTACT_FIELDS,
  FIELDS,
  LEAD_FIELDS,
  mapped,
  settingsOf,
} from './a-person.ts';

const LISTS = {
  enforceSingle: false,
  lists: [
    { listId: '70', status: 'New', known: true },
    { listId: '71', status: 'Working', known: true },
    { listId: null, status: 'Unmade', known: true },
  ],
};
const CITY = mapped('CITY', 'address.city', ['text', 'string']);
const SETTINGS = settingsOf('recommended', {
  contact: { fields: [...CONTACT_FIELDS, CITY, FIELDS.tags] },
  lead: { enabled: true, statusLists: LISTS, fields: [...LEAD_FIELDS, FIELDS.size] },
});
const EDITED = 'was changed since the run made the record';

/** What the run wrote when it made the record, the same on both sides but for the names. */
const CRM_SET = { first_name: 'Ada', last_name: 'Lovelace', 'address.postal_code': '10115' };
const MARKETING_SET = { FIRSTNAME: 'Ada', LASTNAME: 'Lovelace', POSTCODE: '10115', SELL_CONTACT_ID: '11' };

function made(action: Partial<Action>, more: Partial<PastWrite> = {}): PastWrite {
  const { system = 'crm' } = action;
  const set = system === 'crm' ? CRM_SET : { FIRSTNAME: 'Ada', LASTNAME: 'Lovelace', POSTCODE: '10115' };
  return aPastWrite(
    {
      row: 'C4',
      rows: ['C4'],
      lane: 'create',
      kind: 'create',
      system,
      changes: {
        email: { from: null, to: ADDRESS },
        ...Object.fromEntries(Object.entries(set).map(([name, to]) => [name, { from: null, to }])),
      },
      crm: system === 'crm' ? { set: CRM_SET } : null,
      marketing: system === 'marketing' ? { set: MARKETING_SET, channel: { state: 'unsubscribed' } } : null,
      ...action,
    },
    more,
  );
}

const bare = { customer_status: 'none', prospect_status: 'none' };
const inCrm = (values: Parameters<typeof aRecord>[0] = {}, more: Partial<CrmRecord> = {}): CrmRecord =>
  aRecord({ ...bare, ...values }, more);
const inMarketing = (
  values: Parameters<typeof aMailing>[0] = {},
  more: Partial<MarketingRecord> = {},
): MarketingRecord =>
  aMailing(
    { CUSTOMER_STATUS: null, PROSPECT_STATUS: null, ...values },
    { channel: { state: 'unsubscribed', reason: '', optInType: 'unknown' }, ...more },
  );

function undo(writes: readonly PastWrite[], more: Partial<UndoView> = {}, settings: Settings = SETTINGS) {
  return invertPerson(
    {
      key: 'm:900',
      marketing: inMarketing(),
      leadLists: [],
      links: [aLink()],
      records: [inCrm()],
      writes,
      touched: new Set(),
      takenBack: new Set(),
      ...more,
    },
    settings,
  );
}
const goes = (result: ReturnType<typeof undo>) => result.actions.map(({ kind }) => kind);
const why = (result: ReturnType<typeof undo>) =>
  result.skipped.map((skipped) => [skipped.field, skipped.present, skipped.why]);

describe('decision 27: a record that the run made and nobody touched', () => {
  const links = [
    aLink(),
    aLink({ id: 'link-2', role: 'lead', crmId: '51' }),
    aLink({ id: 'link-3', crmId: '12', marketingId: '901' }),
  ];
  const ended = (id: string) => ({ type: 'link-state', linkId: id, state: 'severed', because: 'R17', row: 'R17' });

  it('goes from the CRM with the link that it was made for', () => {
    const result = undo([made({})], { links });
    expect([result.effects, result.skipped]).toEqual([[], []]);
    expect(result.actions).toEqual([
      {
        id: 'contact:11/undo/delete',
        row: 'R17',
        rows: ['R17', 'C4'],
        lane: 'delete',
        kind: 'delete',
        system: 'crm',
        entity: 'contact',
        email: ADDRESS,
        crmId: '11',
        marketingId: '900',
        changes: {
          email: { from: ADDRESS, to: null },
          first_name: { from: 'Ada', to: null },
          last_name: { from: 'Lovelace', to: null },
          'address.postal_code': { from: '10115', to: null },
        },
        // Under the brake of deletes, not of clears.
        clears: false,
        crm: { set: {} },
        marketing: null,
        effects: [ended('link-1')],
      },
    ]);
  });

  it('O11: is told without the opt-out that it was made for', () => {
    const write = made({});
    const changes = { ...write.action.changes, consent: { from: null, to: 'optedOut' } };
    const [action] = undo([{ ...write, action: { ...write.action, changes } }]).actions;
    expect(Object.keys(action?.changes ?? {})).toEqual(['email', ...Object.keys(CRM_SET)]);
  });

  it('goes without the links of others, whose ids may be the same', () => {
    const others = [
      aLink(),
      aLink({ id: 'link-2', role: 'lead', crmId: '11', marketingId: '901' }),
      aLink({ id: 'link-3', role: 'lead', crmId: '77', marketingId: '11' }),
    ];
    expect(undo([made({})], { links: others }).actions.map(({ effects }) => effects)).toEqual([[ended('link-1')]]);
  });

  it('goes from marketing with every link of the person', () => {
    const both = made({
      system: 'marketing',
      effects: [
        { type: 'link', role: 'contact', crmId: '11', marketingId: null, state: 'active', because: null, row: 'C1' },
        { type: 'link', role: 'lead', crmId: '51', marketingId: null, state: 'active', because: null, row: 'L2' },
      ],
    });
    const result = undo([both], { links });
    expect(result.actions).toMatchObject([
      {
        kind: 'delete',
        system: 'marketing',
        crm: null,
        marketing: { set: {} },
        effects: [ended('link-1'), ended('link-2')],
      },
    ]);
  });

  it('is no news where it is gone already', () => {
    expect(undo([made({})], { records: [inCrm({}, { state: 'deleted' })] })).toMatchObject({
      actions: [],
      skipped: [],
    });
    expect(undo([made({})], { records: [] })).toMatchObject({ actions: [], skipped: [] });
  });
});

describe('R17: a record of the run stays', () => {
  it.each<[string, PastWrite, Partial<UndoView>, Settings, string]>([
    [
      'that was converted since',
      made({ entity: 'lead' }),
      { records: [aRecord({}, { role: 'lead', id: '51', state: 'deleted', convertedTo: '12' })] },
      SETTINGS,
      'was converted in the CRM since',
    ],
    [
      'that nobody can see',
      made({}),
      { records: [inCrm({}, { state: 'hidden' })] },
      SETTINGS,
      "cannot be seen in the CRM with this connection's credentials",
    ],
    [
      'that was there already',
      made({}, { made: false }),
      {},
      SETTINGS,
      'stays: it was in the CRM already when the run wrote it, so that what it held before is not known',
    ],
    [
      'that may have been there already',
      made({}, { made: null }),
      {},
      SETTINGS,
      'stays: it may have been in the CRM already when the run wrote it, so that what it held before is not known',
    ],
    [
      'whose role is off',
      made({}),
      {},
      settingsOf('recommended', { contact: { enabled: false } }),
      'stays: contacts are switched off',
    ],
    [
      'that was edited since, by its own times',
      made({}),
      { touched: new Set(['contact:11']) },
      SETTINGS,
      'was edited since the run made it',
    ],
  ])('%s', (_, write, view, settings, words) => {
    const result = undo([write], view, settings);
    expect([result.actions, why(result)]).toEqual([[], [[null, null, words]]]);
  });

  it('that was there, whatever else the run wrote to it', () => {
    const later = made({ kind: 'update', lane: 'update' }, { made: null });
    expect(goes(undo([made({}), later]))).toEqual(['delete']);
    expect(goes(undo([made({}, { made: false }), later]))).toEqual([]);
  });
});

describe('R17: a record in the CRM that somebody edited since is kept, and named with what it reads', () => {
  it.each<[string, Partial<CrmRecord>, string, unknown]>([
    ['a value', inCrm({ 'address.postal_code': '20095' }), 'address.postal_code', '20095'],
    ['a value that was blanked', inCrm({ 'address.postal_code': null }), 'address.postal_code', null],
    ['a field that the run left alone', inCrm({ 'address.city': 'Bath' }), 'address.city', 'Bath'],
    ['a status that is not its default', inCrm({ customer_status: 'current' }), 'customer_status', 'current'],
    ['the address', inCrm({}, { email: 'eva@example.org' }), 'email', 'eva@example.org'],
    ['the address, taken away', inCrm({}, { email: null }), 'email', null],
    ['a tag', inCrm({}, { tags: ['vip'] }), 'tags', ['vip']],
  ])('%s', (_, record, field, present) => {
    const result = undo([made({})], { records: [record as CrmRecord] });
    expect([goes(result), why(result)]).toEqual([[], [[field, present, EDITED]]]);
  });

  it.each<[string, Partial<CrmRecord>]>([
    ['the spelling of its address', inCrm({}, { email: ' ADA@example.org' })],
    ['the spelling of a value', inCrm({ 'address.postal_code': ' 10115 ' })],
    ['a field that is not mapped', inCrm({ 'custom_fields.Own': 'x' })],
    ['a blank', inCrm({ 'address.city': ' ' })],
    ['a value that is read no more', inCrm({}, { values: { first_name: 'Ada' } })],
  ])('but not for %s', (_, record) => {
    expect(goes(undo([made({})], { records: [record as CrmRecord] }))).toEqual(['delete']);
  });

  it('is told with the address as it stands', () => {
    const { actions } = undo([made({})], { records: [inCrm({}, { email: ' ADA@example.org' })] });
    expect(actions[0]?.changes['email']).toEqual({ from: ' ADA@example.org', to: null });
  });

  it('is named with its value as its side means it', () => {
    const since = mapped('SINCE', 'custom_fields.Since', ['date', 'date']);
    const settings = settingsOf('recommended', { contact: { fields: [...CONTACT_FIELDS, since] } });
    const late = '2026-01-30T23:00:00-05:00';
    const inTheCrm = made({ crm: { set: { ...CRM_SET, 'custom_fields.Since': '2026-01-01' } } });
    expect(why(undo([inTheCrm], { records: [inCrm({ 'custom_fields.Since': late })] }, settings))).toEqual([
      ['custom_fields.Since', '2026-01-30', EDITED],
    ]);
    const there = made({ system: 'marketing', marketing: { set: { SINCE: '2026-01-01T00:00:00Z' } } });
    expect(why(undo([there], { marketing: inMarketing({ SINCE: late }) }, settings))).toEqual([
      ['SINCE', '2026-01-31', EDITED],
    ]);
    const unmapped = made({ crm: { set: { ...CRM_SET, 'custom_fields.Old': 7 } } });
    expect(why(undo([unmapped], { records: [inCrm({ 'custom_fields.Old': 8 })] }))).toEqual([
      ['custom_fields.Old', '8', EDITED],
    ]);
  });

  it('nor for what the CRM fills by itself', () => {
    const byItself = [
      FIELDS.owner,
      mapped('STAGE', 'stage', ['text', 'string'], { crm: { recomputed: true } }),
      mapped('LEVEL', 'level', ['choice', 'string'], { crm: { choices: ['low', 'high'], fallback: 'low' } }),
    ];
    const settings = settingsOf('recommended', { contact: { fields: [...CONTACT_FIELDS, ...byItself] } });
    const record = inCrm({ 'owner.name': 'Grace', stage: 'x', level: 'low' });
    expect(goes(undo([made({})], { records: [record] }, settings))).toEqual(['delete']);
    expect(why(undo([made({})], { records: [inCrm({ level: 'high' })] }, settings))).toEqual([
      ['level', 'high', EDITED],
    ]);
  });

  it('tags are those that the run left there, in any case', () => {
    const tags = (left: readonly PastWrite[], ...now: string[]) =>
      goes(undo(left, { records: [inCrm({ tags: now }, { tags: now })] }));
    const tagged = made({ crm: { set: CRM_SET, addTags: ['Sync', 'out'] } });
    expect(tags([tagged], 'sync', 'OUT')).toEqual(['delete']);
    expect(tags([tagged], 'sync')).toEqual([]);
    expect(tags([tagged], 'sync', 'vip')).toEqual([]);
    expect(tags([tagged], 'sync', 'out', 'vip')).toEqual([]);
    const whole = made({ crm: { set: { ...CRM_SET, tags: ['red', 'green'] }, addTags: ['out'] } });
    expect(tags([whole], 'red', 'green', 'out')).toEqual(['delete']);
    const later = made({
      kind: 'set-consent',
      lane: 'opt-out',
      changes: {},
      crm: { set: {}, addTags: ['no'], removeTags: ['out'] },
    });
    expect(tags([tagged, later], 'sync', 'no')).toEqual(['delete']);
    expect(tags([tagged, later], 'sync', 'no', 'out')).toEqual([]);
  });

  it("a lead's status is the one that the run wrote last", () => {
    const lead = made({
      entity: 'lead',
      changes: { email: { from: null, to: ADDRESS }, status: { from: null, to: 'New' } },
      crm: { set: {}, status: 'New' },
    });
    const record = (status: string | null) => aRecord({}, { role: 'lead', id: '51', status, values: {} });
    const result = (status: string | null) =>
      undo([lead], { records: [record(status)], links: [aLink({ role: 'lead', crmId: '51' })] });
    expect(goes(result('New'))).toEqual(['delete']);
    expect(why(result('Working'))).toEqual([['status', 'Working', EDITED]]);
    expect(why(result(null))).toEqual([['status', null, EDITED]]);
    // One that the run did not write is not its to judge.
    const plain = made({ entity: 'lead', changes: { email: { from: null, to: ADDRESS } }, crm: { set: {} } });
    expect(goes(undo([plain], { records: [record('Working')], links: [] }))).toEqual(['delete']);
  });

  it("what the other role maps is not looked for in this one's record", () => {
    expect(goes(undo([made({})], { records: [inCrm({ 'custom_fields.Size': '7' })] }))).toEqual(['delete']);
  });
});

describe('R17: a marketing contact that somebody edited since is kept, and named with what it reads', () => {
  const write = made({ system: 'marketing', row: 'C1', rows: ['C1'] });

  it.each<[string, MarketingRecord, string, unknown]>([
    ['a value', inMarketing({ POSTCODE: '20095' }), 'POSTCODE', '20095'],
    ['a field that the run left alone', inMarketing({ CITY: 'Bath' }), 'CITY', 'Bath'],
    ['a field of the other role', inMarketing({ SIZE: 7 }), 'SIZE', '7'],
    ['the id that it carries', inMarketing({ SELL_CONTACT_ID: '77' }), 'SELL_CONTACT_ID', '77'],
    ['the address', inMarketing({}, { email: 'eva@example.org' }), 'email', 'eva@example.org'],
  ])('%s', (_, marketing, field, present) => {
    const result = undo([write], { marketing });
    expect([goes(result), why(result)]).toEqual([[], [[field, present, EDITED]]]);
  });

  it('not for a value that the service shows by itself', () => {
    const region = { ...mapped('REGION', 'region', ['text', 'string']) };
    const settings = settingsOf('recommended', {
      contact: { fields: [...CONTACT_FIELDS, { ...region, marketing: { ...region.marketing, defaultValue: 'EMEA' } }] },
    });
    expect(goes(undo([write], { marketing: inMarketing({ REGION: 'EMEA' }) }, settings))).toEqual(['delete']);
    expect(goes(undo([write], { marketing: inMarketing({ REGION: 'APAC' }) }, settings))).toEqual([]);
  });

  it.each<[ChannelState, boolean, boolean]>([
    ['subscribed', true, false],
    ['pending', true, false],
    ['soft-bounced', true, true],
    ['hard-bounced', true, true],
    ['none', true, true],
    ['unsubscribed', false, true],
    ['suppressed', false, true],
    ['blocked', false, true],
  ])('made as subscribed or not, it reads %s by now: goes %s, %s', (state, ifSubscribed, ifNot) => {
    const marketing = inMarketing({}, { channel: { state, reason: '', optInType: 'unknown' } });
    const subscribed = made({
      system: 'marketing',
      marketing: { set: MARKETING_SET, channel: { state: 'subscribed', challenge: true } },
    });
    expect(goes(undo([subscribed], { marketing }))).toEqual(ifSubscribed ? ['delete'] : []);
    const kept = undo([write], { marketing });
    expect(goes(kept)).toEqual(ifNot ? ['delete'] : []);
    if (!ifNot) expect(why(kept)).toEqual([['consent', state, EDITED]]);
    // Whose channel the run never said is not its to judge.
    const silent = made({ system: 'marketing', marketing: { set: MARKETING_SET } });
    expect(goes(undo([silent], { marketing }))).toEqual(['delete']);
  });

  it('the channel is the one that the run said last', () => {
    const optIn = made({
      system: 'marketing',
      lane: 'opt-in',
      kind: 'set-consent',
      changes: {},
      marketing: { set: {}, channel: { state: 'subscribed' } },
    });
    const marketing = inMarketing({}, { channel: { state: 'subscribed', reason: '', optInType: 'unknown' } });
    expect(goes(undo([write, optIn], { marketing }))).toEqual(['delete']);
  });

  it('L3: lead lists are those that the run left it on', () => {
    const joined = made({ system: 'marketing', marketing: { set: MARKETING_SET, lists: ['70', '5'] } });
    const on = (writes: readonly PastWrite[], ...ids: string[]) =>
      undo(writes, { leadLists: ids.map((listId) => ({ listId, since: null })) });
    expect(goes(on([joined], '70'))).toEqual(['delete']);
    expect(why(on([joined]))).toEqual([['list New', null, EDITED]]);
    expect(why(on([joined], '70', '71'))).toEqual([['list Working', 'Working', EDITED]]);
    expect(goes(on([joined], '70', '99'))).toEqual(['delete']);
    const left = made({
      system: 'marketing',
      kind: 'list-remove',
      lane: 'list',
      changes: {},
      marketing: { set: {}, leaveList: '70' },
    });
    expect(goes(on([joined, left]))).toEqual(['delete']);
    expect(goes(on([joined, left], '70'))).toEqual([]);
  });

  it('S8, S15: a role that it was not made for has it by now', () => {
    const lead = (more: Parameters<typeof aLink>[0] = {}) => [
      aLink(),
      aLink({ id: 'link-2', role: 'lead', crmId: '51', ...more }),
    ];
    const result = undo([write], { links: lead() });
    expect([goes(result), why(result)]).toEqual([[], [[null, null, 'stays: it is a lead in the CRM too by now']]]);
    expect(goes(undo([write], { links: lead({ state: 'shadow' }) }))).toEqual(['delete']);
    expect(goes(undo([write], { links: lead({ marketingId: '901' }) }))).toEqual(['delete']);
  });
});
