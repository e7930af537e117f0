// The inverse of a plan, decided by the real planner and turned back without any service. (R17, decision 27)
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Link } from '../../../src/core/model/link.ts';
import type { Action, Effect } from '../../../src/core/model/plan.ts';
import type { CrmRecord, MarketingRecord } from '../../../src/core/model/record.ts';
import type { Settings } from '../../../src/core/model/settings.ts';
import type { Raw } from '../../../src/core/model/value.ts';
import { invertPerson } from '../../../src/core/plan/invert.ts';
import { withReplaced } from '../../../src/core/plan/invert-action.ts';
import type { PersonUndo, UndoView } from '../../../src/core/plan/invert-view.ts';
import { planPerson } from '../../../src/core/plan/plan-person.ts';
import { ADA_BASE, ADDRESS, aLink, aMailing, aRecord, aView, mapped, settingsOf } from './a-person.ts';

interface Pair {
  readonly record: CrmRecord;
  readonly marketing: MarketingRecord;
  readonly link: Link;
}

const SETTINGS = settingsOf('recommended');

/** Both records as they stand after a write, and the link after what it taught. */
function apply(pair: Pair, action: Action): Pair {
  const { crm, marketing } = action;
  const learnt = learn(pair, action.effects);
  if (marketing !== null) {
    const values = { ...pair.marketing.values, ...marketing.set };
    return { ...learnt, marketing: { ...pair.marketing, values, email: marketing.email ?? pair.marketing.email } };
  }
  const values = { ...pair.record.values, ...crm?.set };
  return { ...learnt, record: { ...pair.record, values, email: crm?.email ?? pair.record.email } };
}

function learn(pair: Pair, effects: readonly Effect[]): Pair {
  let { link } = pair;
  for (const effect of effects) {
    if (effect.type !== 'base') continue;
    const kept = Object.entries(link.unconfirmed).filter(([key]) => !effect.settled.includes(key));
    const unconfirmed = { ...Object.fromEntries(kept), ...effect.unconfirmed };
    link = { ...link, base: { ...link.base, ...effect.fields }, unconfirmed };
  }
  return { ...pair, link };
}

/** One run over the pair: everything that is planned is written. */
function run(pair: Pair, settings = SETTINGS): { readonly after: Pair; readonly done: readonly Action[] } {
  const plan = planPerson(
    aView({ marketing: pair.marketing, contact: { link: pair.link, record: pair.record } }),
    settings,
  );
  const done = plan.actions.map((action) =>
    withReplaced(action, action.system === 'crm' ? pair.record : pair.marketing),
  );
  return { after: done.reduce(apply, learn(pair, plan.effects)), done };
}

function viewOf(pair: Pair, done: readonly Action[], more: Partial<UndoView> = {}): UndoView {
  return {
    key: 'm:900',
    marketing: pair.marketing,
    leadLists: [],
    links: [pair.link],
    records: [pair.record],
    writes: done.map((action) => ({
      action,
      crmId: action.crmId ?? '11',
      marketingId: action.marketingId ?? '900',
      made: true,
    })),
    touched: new Set(),
    takenBack: new Set(),
    ...more,
  };
}

function undone(pair: Pair, undo: PersonUndo): Pair {
  return undo.actions.reduce(apply, learn(pair, undo.effects));
}

function aPair(crm: Readonly<Record<string, Raw>>, marketing: Readonly<Record<string, Raw>>, base = ADA_BASE): Pair {
  return { record: aRecord(crm), marketing: aMailing(marketing), link: aLink({ base }) };
}

const word = fc.constantFrom<Raw>('Ada', 'Eva', ' Ida ', '10115', null);
const status = fc.constantFrom<Raw>('current', 'past', 'none', 'PAST', 'unheard of', null);
const sides = fc.record({
  crm: fc.record({
    first_name: fc.constantFrom<Raw>('Ada', 'Eva', ' Ida '),
    'address.postal_code': word,
    customer_status: fc.constantFrom<Raw>('current', 'past', 'none'),
  }),
  marketing: fc.record({ FIRSTNAME: word, POSTCODE: word, CUSTOMER_STATUS: status }),
  known: fc.boolean(),
  mode: fc.constantFrom('sync' as const, 'align' as const),
});

describe('the inverse of a run', () => {
  it('R17, R18: restores both records raw value by raw value, and nothing is planned afterwards, whatever the values', () => {
    fc.assert(
      fc.property(sides, ({ crm, marketing, known, mode }) => {
        const settings = { ...SETTINGS, mode };
        const before = aPair(crm, marketing, known ? ADA_BASE : {});
        const { after, done } = run(before, settings);
        const undo = invertPerson(viewOf(after, done), settings);
        expect(undo.skipped).toEqual([]);
        const back = undone(after, undo);
        expect([back.record, back.marketing]).toEqual([before.record, before.marketing]);
        // Nothing of what went back is pushed again; what the run itself had left open may be.
        const again = run(back).done.flatMap(({ changes }) => Object.keys(changes));
        const taken = new Set(undo.actions.flatMap(({ changes }) => Object.keys(changes)));
        expect(again.filter((field) => taken.has(field))).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('R17: a second time finds nothing, and the inverse of the inverse is the run again', () => {
    fc.assert(
      fc.property(sides, ({ crm, marketing, known }) => {
        const { after, done } = run(aPair(crm, marketing, known ? ADA_BASE : {}));
        const first = invertPerson(viewOf(after, done), SETTINGS);
        const back = undone(after, first);
        const second = invertPerson(viewOf(back, done), SETTINGS);
        expect([second.actions, second.skipped]).toEqual([[], []]);
        const redone = undone(back, invertPerson(viewOf(back, first.actions), SETTINGS));
        expect([redone.record, redone.marketing]).toEqual([after.record, after.marketing]);
      }),
      { numRuns: 400 },
    );
  });

  it('decision 27: what an undo took back before and reads as the run wrote it is somebody’s own by now', () => {
    const { after, done } = run(aPair({ first_name: 'Eva', 'address.postal_code': '20095' }, {}));
    const takenBack = new Set(['marketing:900 FIRSTNAME', 'marketing:900 POSTCODE']);
    const again = { ...after, marketing: aMailing({ ...after.marketing.values, POSTCODE: '10115' }) };
    const undo = invertPerson(viewOf(again, done, { takenBack }), SETTINGS);
    expect([undo.actions, undo.skipped.map(({ field, present }) => [field, present])]).toEqual([
      [],
      [['FIRSTNAME', 'Eva']],
    ]);
  });

  it('R17: what was changed since is kept and named with what it reads now', () => {
    const { after, done } = run(aPair({ first_name: 'Eva', 'address.postal_code': '20095' }, {}));
    const edited = { ...after, marketing: aMailing({ ...after.marketing.values, FIRSTNAME: 'Mine' }) };
    const undo = invertPerson(viewOf(edited, done), SETTINGS);
    expect(undo.skipped).toMatchObject([
      { system: 'marketing', field: 'FIRSTNAME', present: 'Mine', why: 'was changed since' },
    ]);
    expect(undo.actions.map(({ marketing }) => marketing?.set)).toEqual([{ POSTCODE: '10115' }]);
  });

  it('R4, decision 27: where the source was edited again meanwhile, the base waits for the write', () => {
    const { after, done } = run(aPair({ first_name: 'Eva' }, {}));
    const edited = { ...after, record: aRecord({ first_name: 'Ida' }) };
    const undo = invertPerson(viewOf(edited, done), SETTINGS);
    expect(undo.effects).toMatchObject([
      { fields: {}, unconfirmed: { FIRSTNAME: { from: 'Eva', to: 'Ada', crm: 'Ida' } } },
    ]);
    // Sent and read back: the source's present value counts as seen.
    expect(run(undone(edited, undo)).done).toEqual([]);
    // Never sent: the edit of the source travels as any other.
    expect(run(learn(edited, undo.effects)).done.map(({ marketing }) => marketing?.set)).toEqual([
      { FIRSTNAME: 'Ida' },
    ]);
  });

  it('R4: an undo that was planned and never sent leaves both sides in step', () => {
    const { after, done } = run(aPair({ first_name: 'Eva' }, {}));
    const undo = invertPerson(viewOf(after, done), SETTINGS);
    expect(run(learn(after, undo.effects)).done).toEqual([]);
  });

  it('C20, C23: an address goes back, and an opt-out that travelled with it stays', () => {
    const before: Pair = {
      record: aRecord({}, { email: 'new@example.org' }),
      marketing: aMailing({}, { channel: { state: 'unsubscribed', reason: 'unsubscribed', optInType: 'single' } }),
      link: aLink(),
    };
    const { after, done } = run(before);
    const undo = invertPerson(viewOf(after, done), SETTINGS);
    expect(undo.actions.map(({ marketing }) => marketing)).toEqual([
      { set: {}, email: ADDRESS, channel: { state: 'unsubscribed' } },
    ]);
    expect(undo.skipped).toMatchObject([{ field: 'consent' }]);
    expect(run(undone(after, undo)).done).toEqual([]);
  });

  it('C26: a mandatory value that was blank before is not blanked again, and named', () => {
    const { after, done } = run(aPair({ first_name: null }, {}, {}));
    const undo = invertPerson(viewOf(after, done), SETTINGS);
    expect(undo.skipped).toMatchObject([{ system: 'crm', field: 'first_name', present: 'Ada' }]);
  });

  it('C12, R17: a word that somebody wrote since is kept, although it cannot be mapped and counts as what the run wrote', () => {
    const { after, done } = run(aPair({ customer_status: 'none' }, {}));
    expect(after.marketing.values['CUSTOMER_STATUS']).toBe('none');
    const marketing = { ...after.marketing, values: { ...after.marketing.values, CUSTOMER_STATUS: 'gold' } };
    const undo = invertPerson(viewOf({ ...after, marketing }, done), SETTINGS);
    expect(undo.actions.map(({ marketing: write }) => write?.set['CUSTOMER_STATUS'])).not.toContain('current');
    expect(undo.skipped).toMatchObject([{ field: 'CUSTOMER_STATUS' }]);
  });

  it('R17: the raw word before comes back where several words mean the same', () => {
    const roles = { ...SETTINGS.roles };
    const fields = roles.contact.fields.map((field) =>
      field.key === 'CUSTOMER_STATUS'
        ? {
            ...field,
            values: [
              { marketing: 'vip', crm: 'past' },
              { marketing: 'gold', crm: 'past' },
            ],
          }
        : field,
    );
    const settings = { ...SETTINGS, roles: { ...roles, contact: { ...roles.contact, fields } } };
    const before = aPair(
      { customer_status: 'current' },
      { CUSTOMER_STATUS: 'Gold' },
      { ...ADA_BASE, CUSTOMER_STATUS: { crm: 'past', marketing: 'past' } },
    );
    const { after, done } = run(before, settings);
    expect(after.marketing.values['CUSTOMER_STATUS']).toBe('current');
    expect(undone(after, invertPerson(viewOf(after, done), settings)).marketing.values['CUSTOMER_STATUS']).toBe('Gold');
  });

  it('R17: a word that the run only spelt otherwise in the end comes back as it was, and is no news to either side', () => {
    const first = run(aPair({ 'address.postal_code': '20095' }, { POSTCODE: ' 10115 ' }));
    const edited = { ...first.after, record: aRecord({ 'address.postal_code': '10115' }) };
    const second = run(edited);
    expect(second.after.marketing.values['POSTCODE']).toBe('10115');
    const done = [...first.done, ...second.done];
    const undo = invertPerson(viewOf(second.after, done), SETTINGS);
    const back = undone(second.after, undo);
    expect(back.marketing.values['POSTCODE']).toBe(' 10115 ');
    expect([back.link, undo.skipped]).toEqual([second.after.link, []]);
    expect(invertPerson(viewOf(back, done), SETTINGS).actions).toEqual([]);
    expect(run(back).done).toEqual([]);
    // Somebody's own spelling stays.
    const marketing = aMailing({ POSTCODE: '10115  ' });
    expect(invertPerson(viewOf({ ...second.after, marketing }, done), SETTINGS).actions).toEqual([]);
  });
});

describe('the inverse of an opt-in that was written to the CRM', () => {
  const tags = mapped('SELL_TAGS', 'tags', ['set', 'string']);
  const { contact } = SETTINGS.roles;
  const settings: Settings = {
    ...SETTINGS,
    roles: { ...SETTINGS.roles, contact: { ...contact, fields: [...contact.fields, tags] } },
  };
  const told = { from: null, to: ['newsletter', 'vip'] } as const;
  const template = run(aPair({ first_name: 'Bo' }, {})).done[0] as Action;
  const optIn: Action = {
    ...template,
    lane: 'opt-in',
    kind: 'set-consent',
    system: 'crm',
    changes: { consent: { from: 'unknown', to: 'optedIn' } },
    crm: { set: {}, addTags: ['newsletter'] },
    marketing: null,
  };
  const shown: Action = {
    ...template,
    changes: { SELL_TAGS: told },
    marketing: { set: { SELL_TAGS: 'newsletter; vip' } },
    replaced: { SELL_TAGS: null },
  };

  it.each<[string, readonly Action[], Raw]>([
    ['shown in marketing', [optIn, shown], 'newsletter; vip'],
    ['not shown there', [optIn], null],
  ])('decision 27, R19: its tag, where tags are mapped, is no news that it is gone, %s', (_what, done, seen) => {
    const record = aRecord({ tags: ['newsletter', 'vip'] }, { tags: ['newsletter', 'vip'] });
    const link = aLink({ base: { ...ADA_BASE, SELL_TAGS: { crm: ['vip'], marketing: null } } });
    const undo = invertPerson(viewOf({ record, marketing: aMailing({ SELL_TAGS: seen }), link }, done), settings);
    const learnt = [...undo.effects, ...undo.actions.flatMap(({ effects }) => effects)].flatMap((effect) =>
      effect.type === 'base' ? (effect.fields['SELL_TAGS'] ?? []) : [],
    );
    expect(learnt).toEqual([expect.objectContaining({ crm: ['vip'], undone: true })]);
  });
});

describe('the inverse of a creation', () => {
  /** The contact that a run makes for Ada's record. */
  function created(): { readonly done: readonly Action[]; readonly marketing: MarketingRecord } {
    const plan = planPerson(aView({ contact: { candidates: [aRecord()] } }), SETTINGS);
    const set = plan.actions[0]?.marketing?.set ?? {};
    return {
      done: plan.actions,
      marketing: aMailing(
        { PROSPECT_STATUS: null, ...set },
        { channel: { state: 'unsubscribed', reason: '', optInType: 'unknown' } },
      ),
    };
  }

  it('decision 12, 27: is a deletion that ends the link for good', () => {
    const { done, marketing } = created();
    const undo = invertPerson(viewOf({ record: aRecord(), marketing, link: aLink() }, done), SETTINGS);
    expect(undo).toMatchObject({
      skipped: [],
      effects: [],
      actions: [
        {
          lane: 'delete',
          kind: 'delete',
          system: 'marketing',
          row: 'R17',
          effects: [{ type: 'link-state', linkId: 'link-1', state: 'severed', because: 'R17' }],
        },
      ],
    });
    const severed = [aLink({ state: 'severed', because: 'R17' })];
    const view = aView({ contact: { candidates: [aRecord()], severed } });
    expect(planPerson(view, SETTINGS).actions).toEqual([]);
    expect(planPerson(view, { ...SETTINGS, mode: 'align' }).actions).toHaveLength(1);
  });

  it.each<[string, Partial<MarketingRecord>]>([
    ['a value', { values: { ...aMailing().values, FIRSTNAME: 'Mine' } }],
    ['the address', { email: 'other@example.org' }],
    ['the subscription', { channel: { state: 'subscribed', reason: 'subscribed', optInType: 'double' } }],
  ])('R17: is not deleted once somebody changed %s', (_what, change) => {
    const { done, marketing } = created();
    const undo = invertPerson(
      viewOf({ record: aRecord(), marketing: { ...marketing, ...change }, link: aLink() }, done),
      SETTINGS,
    );
    expect(undo.actions).toEqual([]);
    expect(undo.skipped).toHaveLength(1);
  });

  it('R17: is not deleted when its service saw an edit, or when the run met it there', () => {
    const { done, marketing } = created();
    const pair = { record: aRecord(), marketing, link: aLink() };
    const edited = viewOf(pair, done, { touched: new Set(['marketing:900']) });
    const met = viewOf(pair, done);
    for (const view of [edited, { ...met, writes: met.writes.map((write) => ({ ...write, made: false })) }]) {
      expect(invertPerson(view, SETTINGS)).toMatchObject({ actions: [], skipped: [{ field: null }] });
    }
  });

  it.each<[string, Partial<CrmRecord>, boolean]>([
    ['as it was made', {}, true],
    ['with a tag', { tags: ['newsletter'] }, false],
    [
      'with a value in a field that the run left blank',
      { values: { ...aRecord().values, 'address.city': 'Bath' } },
      false,
    ],
  ])('R17: a record in the CRM, edited in the second in which it was made: %s', (_what, change, goes) => {
    const { contact } = SETTINGS.roles;
    const city = mapped('CITY', 'address.city', ['text', 'string']);
    const settings: Settings = {
      ...SETTINGS,
      roles: { ...SETTINGS.roles, contact: { ...contact, fields: [...contact.fields, city] } },
    };
    const plan = planPerson(aView({ marketing: aMailing() }), settings);
    const undo = invertPerson(
      viewOf({ record: aRecord({}, change), marketing: aMailing(), link: aLink() }, plan.actions),
      settings,
    );
    expect(undo.actions.map(({ kind }) => kind)).toEqual(goes ? ['delete'] : []);
    expect(undo.skipped).toHaveLength(goes ? 0 : 1);
  });
});
