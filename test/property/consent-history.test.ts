// Nobody who opted out is ever mailed again without having opted in since: over random histories of people, faults and late news.
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { ConsentSettings, Settings } from '../../src/core/model/settings.ts';
import { NO_SIGNALS, settingsOf } from '../core/plan/a-person.ts';
import { ConsentWorld, type Fate, isOut, keyOf, type Late, type Word, wordOf } from './consent-world.ts';

/** `HISTORIES=100` tells fewer, as `npm run mutate` does. */
const HISTORIES = Number(process.env['HISTORIES'] ?? 3000);

type Happening =
  | { readonly type: 'say'; readonly who: string; readonly word: Word }
  | { readonly type: 'edit' | 'vip' | 'pause' | 'delete'; readonly who: string }
  | { readonly type: 'leave'; readonly how: 'unsubscribed' | 'suppressed' | 'blocked' | 'hard-bounced' }
  | { readonly type: 'back' | 'snapshot' | 'restore' | 'reconnect' | 'vip-means-yes' }
  | { readonly type: 'wait'; readonly ms: number }
  | {
      readonly type: 'cycle';
      readonly align: boolean;
      readonly full: boolean;
      readonly late: Late;
      readonly fates: readonly Fate[];
      readonly crash: number | null;
    };

const WHO = ['contact:11', 'contact:12', 'lead:21'] as const;
const who = fc.constantFrom<string[]>(...WHO);
const word = fc.constantFrom<Word[]>('in', 'out', 'nothing');
const seldom = fc.integer({ min: 0, max: 4 }).map((n) => n === 0);
const fate = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Fate>('done') },
  { weight: 1, arbitrary: fc.constantFrom<Fate[]>('failed', 'ghost', 'lost') },
);

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('say' as const), who, word }) },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constantFrom('edit' as const, 'vip' as const, 'pause' as const), who }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('delete' as const), who }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('leave' as const),
      how: fc.constantFrom(
        'unsubscribed' as const,
        'unsubscribed' as const,
        'suppressed' as const,
        'blocked' as const,
        'hard-bounced' as const,
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('back' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constantFrom('snapshot' as const, 'restore' as const, 'reconnect' as const, 'vip-means-yes' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('wait' as const),
      ms: fc.oneof(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1_000, max: 86_400_000 })),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('cycle' as const),
      align: seldom,
      full: seldom,
      late: fc.record({ crm: seldom, contact: seldom, events: seldom }),
      fates: fc.array(fate, { maxLength: 4 }),
      crash: fc.option(fc.integer({ min: 0, max: 2 }), { freq: 6 }),
    }),
  },
);

const CLEAN: Happening = {
  type: 'cycle',
  align: false,
  full: false,
  late: { crm: false, contact: false, events: false },
  fates: [],
  crash: null,
};
/** Somebody leaves on one side and comes back on the other, with whatever happens in between. */
const wayBack = fc
  .record({
    first: who,
    second: who,
    inMarketing: fc.boolean(),
    between: fc.array(happening, { maxLength: 2 }),
    ms: fc.integer({ min: 0, max: 3_000 }),
  })
  .map(({ first, second, inMarketing, between, ms }): readonly Happening[] => [
    CLEAN,
    inMarketing ? { type: 'leave', how: 'unsubscribed' } : { type: 'say', who: first, word: 'out' },
    CLEAN,
    ...between,
    { type: 'wait', ms },
    { type: 'say', who: first, word: 'in' },
    { type: 'say', who: second, word: 'in' },
    CLEAN,
  ]);
const LATE_CRM: Happening = { ...CLEAN, late: { crm: true, contact: false, events: false } };
const parts = {
  first: who,
  second: who,
  between: fc.array(happening, { maxLength: 1 }),
  ms: fc.integer({ min: 1_000, max: 3_000 }),
  late: fc.boolean(),
};
/** An opt-in older than the opt-out that is heard of later, and something else that is edited after both. */
const lateOptIn = fc
  .record(parts)
  .map(({ first, between, ms, late }): readonly Happening[] => [
    CLEAN,
    { type: 'say', who: first, word: 'nothing' },
    CLEAN,
    { type: 'say', who: first, word: 'in' },
    { type: 'wait', ms },
    { type: 'leave', how: 'unsubscribed' },
    late ? LATE_CRM : CLEAN,
    ...between,
    CLEAN,
    { type: 'wait', ms },
    { type: 'edit', who: first },
    CLEAN,
  ]);
/** An opt-in older than the opt-out that the feed keeps back until a later edit of the same record. */
const borrowedTime = fc
  .record(parts)
  .map(({ first, between, ms }): readonly Happening[] => [
    CLEAN,
    { type: 'say', who: first, word: 'nothing' },
    CLEAN,
    { type: 'say', who: first, word: 'in' },
    { type: 'wait', ms },
    { type: 'leave', how: 'unsubscribed' },
    LATE_CRM,
    ...between,
    { type: 'wait', ms },
    { type: 'edit', who: first },
    CLEAN,
  ]);
/** A mark that the configuration makes an opt-in after the person had left. */
const madeToMeanYes = fc
  .record(parts)
  .map(({ first, between, ms, late }): readonly Happening[] => [
    CLEAN,
    { type: 'say', who: first, word: 'nothing' },
    { type: 'vip', who: first },
    CLEAN,
    { type: 'leave', how: 'unsubscribed' },
    CLEAN,
    { type: 'wait', ms },
    ...(late ? [] : [{ type: 'edit', who: first } as const]),
    { type: 'vip-means-yes' },
    CLEAN,
    ...between,
    { type: 'wait', ms },
    { type: 'edit', who: first },
    CLEAN,
  ]);
/** One record says yes, another says no, and the one that says no goes away. */
const oneSaysNo = fc
  .record(parts)
  .map(({ first, second, between, ms, late }): readonly Happening[] => [
    CLEAN,
    { type: 'leave', how: 'unsubscribed' },
    CLEAN,
    { type: 'wait', ms },
    { type: 'say', who: first, word: 'in' },
    { type: 'say', who: second, word: 'out' },
    CLEAN,
    ...between,
    late ? { type: 'delete', who: second } : { type: 'say', who: second, word: 'nothing' },
    CLEAN,
    { type: 'edit', who: first },
    CLEAN,
  ]);
const aimed = fc.oneof(wayBack, lateOptIn, borrowedTime, madeToMeanYes, oneSaysNo);
const happenings = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: happening.map((one): readonly Happening[] => [one]) },
      { weight: 1, arbitrary: aimed },
    ),
    { minLength: 2, maxLength: 20 },
  )
  .map((parts) => parts.flat());

const history = fc.record({
  direction: fc.constantFrom('both' as const, 'to-marketing' as const, 'to-crm' as const),
  consent: fc.record({
    resubscribe: fc.constantFrom(
      'challenge' as const,
      'no-challenge' as const,
      'no-challenge' as const,
      'hold' as const,
    ),
    optInTrigger: fc.constantFrom('immediate' as const, 'with-change' as const),
    optOutTrigger: fc.constantFrom('immediate' as const, 'immediate' as const, 'with-change' as const),
    unknownConsentAs: fc.constantFrom('subscribed' as const, 'unsubscribed' as const),
    createSuppressed: fc.boolean(),
  }),
  fallback: fc.constantFrom('none' as const, 'none' as const, 'opted-in' as const, 'opted-out' as const),
  records: fc.oneof(
    fc.array(fc.record({ who, word }), { maxLength: 3 }),
    fc.constantFrom(...WHO).map((at) => [{ who: at as string, word: 'nothing' as Word }]),
  ),
  contact: fc.constantFrom(
    'nobody' as const,
    'subscribed' as const,
    'subscribed' as const,
    'unsubscribed' as const,
    'none' as const,
    'blocked' as const,
  ),
  happenings,
});

function settings(
  given: {
    readonly direction: ConsentSettings['direction'];
    readonly consent: Partial<ConsentSettings>;
    readonly fallback: 'none' | 'opted-in' | 'opted-out';
  },
  vip: boolean,
  mode: Settings['mode'],
): Settings {
  const signals = {
    ...NO_SIGNALS,
    tags: { optIn: vip ? ['newsletter', 'vip'] : ['newsletter'], optOut: ['unsubscribed'] },
    default: given.fallback,
  };
  return settingsOf('recommended', {
    mode,
    contact: { delete: 'ignore' },
    lead: { enabled: true, delete: 'ignore' },
    consent: {
      enabled: true,
      direction: given.direction,
      signals: { contact: signals, lead: signals },
      ...given.consent,
    },
  });
}

let told = 0;
let mailed = 0;
let brought = 0;
afterAll(() =>
  console.log(
    `consent: ${told} histories; ${mailed} end subscribed after an opt-out, each with a newer opt-in; ${brought} resubscriptions`,
  ),
);

describe('one history', () => {
  it.each(['to-marketing', 'both'] as const)(
    'O4: an opt-in that the feed keeps back does not borrow the time of a later edit (%s)',
    (direction) => {
      const given = { direction, consent: { resubscribe: 'no-challenge' }, fallback: 'none' } as const;
      const onTime: Late = { crm: false, contact: false, events: false };
      const world = new ConsentWorld();
      const cycle = (mode: Settings['mode'], late: Late = onTime): void => {
        world.wait(60_000);
        world.pull(late, mode === 'align');
        world.cycle(settings(given, false, mode), () => 'done', Number.POSITIVE_INFINITY);
      };
      world.addRecord('contact', '11', 'nothing');
      world.addContact('subscribed');
      cycle('align');
      cycle('sync');
      world.say('contact:11', 'in');
      world.wait(5_000);
      world.leave('unsubscribed');
      cycle('sync', { ...onTime, crm: true });
      world.edit('contact:11');
      for (let n = 0; n < 3; n += 1) cycle('sync');
      expect([world.isMailable(), world.looks]).toEqual([false, direction === 'both' ? 0 : 1]);
      // Said once more, it counts: after the no was taken off, or, where it went to the CRM, in its place.
      world.say('contact:11', 'nothing');
      cycle('sync');
      world.say('contact:11', 'in');
      for (let n = 0; n < 3; n += 1) cycle('sync');
      expect(world.isMailable()).toBe(true);
    },
  );
});

describe('over random histories', () => {
  it(`decision 8, O1-O18: nobody who opted out ends subscribed without a newer opt-in (${HISTORIES} histories)`, () => {
    fc.assert(
      fc.property(history, (given) => {
        told += 1;
        const { direction, consent } = given;
        const world = new ConsentWorld();
        for (const { who: at, word: says } of given.records) {
          const [role, id] = at.split(':') as ['contact' | 'lead', string];
          if (!world.records.some((record) => keyOf(record) === at)) world.addRecord(role, id, says);
        }
        if (given.contact !== 'nobody') world.addContact(given.contact);
        let changed = false;
        let fresh = true;
        let kept: ConsentWorld['known'] | null = null;
        const cycle = (
          mode: Settings['mode'],
          full: boolean,
          late: Late,
          fates: readonly Fate[],
          crash: number | null,
        ): void => {
          world.pull(late, full);
          const sent = world.cycle(
            settings(given, world.vipMeansYes, mode),
            (n) => fates[n] ?? 'done',
            crash ?? Number.POSITIVE_INFINITY,
          );
          brought += sent.filter((action) => action.marketing?.resubscribe !== undefined).length;
        };
        const onTime: Late = { crm: false, contact: false, events: false };
        for (const event of given.happenings) {
          world.wait(3);
          switch (event.type) {
            case 'say':
              world.say(event.who, event.word);
              break;
            case 'edit':
              world.edit(event.who);
              break;
            case 'vip':
              world.toggleTag(event.who, 'vip');
              break;
            case 'pause':
              world.toggleTag(event.who, 'no-sync');
              break;
            case 'delete':
              world.remove(event.who);
              break;
            case 'leave':
              world.leave(event.how);
              break;
            case 'back':
              world.comeBack();
              break;
            case 'snapshot':
              kept = world.known;
              break;
            case 'restore':
              if (kept !== null) world.known = kept;
              break;
            case 'reconnect':
              world.reconnect();
              kept = null;
              fresh = true;
              break;
            case 'vip-means-yes':
              world.vipMeansYes = !world.vipMeansYes;
              changed = true;
              break;
            case 'wait':
              world.wait(event.ms);
              break;
            case 'cycle':
              // The first one is the alignment; after a change of the configuration everything is read again. (R12)
              cycle(
                fresh || event.align ? 'align' : changed ? 'rebaseline' : 'sync',
                event.full || fresh || changed,
                event.late,
                event.fates,
                event.crash,
              );
              if (event.crash === null) fresh = changed = false;
              break;
            default:
              event satisfies never;
          }
        }
        world.wait(86_400_000);
        if (fresh || changed) cycle(fresh ? 'align' : 'rebaseline', true, onTime, [], null);
        for (let n = 0; n < 5; n += 1) {
          world.wait(60_000);
          cycle('sync', n % 2 === 0, onTime, [], null);
        }
        check(world, direction, consent.optOutTrigger === 'immediate');
      }),
      // Each is told, however long it takes.
      { numRuns: HISTORIES, interruptAfterTimeLimit: 600_000 },
    );
    expect(told).toBeGreaterThanOrEqual(HISTORIES);
    // The histories reach what they are about.
    expect(brought).toBeGreaterThan(HISTORIES / 150);
    expect(mailed).toBeGreaterThan(HISTORIES / 150);
  });
});

function check(world: ConsentWorld, direction: ConsentSettings['direction'], atOnce: boolean): void {
  const speaks = direction !== 'to-crm';
  const present = world.records.filter((record) => record.state === 'present');
  if (world.isMailable() && world.leftAt !== null) {
    mailed += 1;
    const left = speaks ? Math.max(world.leftAt, world.stood) : world.leftAt;
    const since = Math.floor(left / 1000) * 1000;
    const back = world.backs.some((at) => at >= left);
    const optedIn = speaks && world.optIns.some((at) => at >= since);
    expect(back || optedIn, `subscribed, left at ${new Date(left).toISOString()}`).toBe(true);
  }
  if (world.isMailable() && speaks) {
    for (const record of present.filter((one) => wordOf(one) === 'out')) {
      const said = world.optOuts.filter(({ key }) => key === keyOf(record)).at(-1)?.at ?? 0;
      const waits = direction === 'both' && world.backs.some((at) => at >= said);
      expect(waits, `${keyOf(record)} says no and the contact is subscribed`).toBe(true);
    }
  }
  // Who opted in in the CRM since waits for a decision: refused, to be confirmed, or not surely the later choice.
  const wantsBack =
    world.leftAt !== null && world.optIns.some((at) => at >= Math.floor((world.leftAt ?? 0) / 1000) * 1000);
  if (
    world.contact !== null &&
    isOut(world.contact.channel.state) &&
    world.saidNo &&
    direction !== 'to-marketing' &&
    atOnce &&
    !wantsBack
  ) {
    for (const link of world.known.world.links.filter(({ state }) => state === 'active' || state === 'paused')) {
      const record = present.find((one) => one.role === link.role && one.id === link.crmId);
      // Whose opt-out was taken off beside an opt-in is told that it is refused. (O5)
      if (record?.tags.includes('vip') && world.vipMeansYes) continue;
      if (record !== undefined) expect(wordOf(record), `${keyOf(record)} was told`).toBe('out');
    }
  }
}
