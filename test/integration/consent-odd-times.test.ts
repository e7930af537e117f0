// Consent when time itself is odd: clocks that disagree, weeks without a run, an old database, a filter that goes and comes.
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock, systemClock } from '../../sandbox/clock.ts';
import { runCycle } from '../../src/engine/cycle.ts';
import { overviewOf } from '../../src/engine/overview.ts';
import type { RunReport } from '../../src/engine/report.ts';
import { getCrm } from '../../src/store/crm-records.ts';
import { ADA, person, signalsOf, startConsent, statusOf, wordOf } from './consent-people.ts';
import { addressesIn } from './looking.ts';
import type { TwoAccounts } from './two-accounts.ts';
import { approveRun, engineOf, undoRun } from './undoing.ts';

let world: TwoAccounts;
afterEach(() => world.stop());

const OUT = { tags: ['unsubscribed'] };
const IN = { tags: ['newsletter'] };
const MINUTE = 60_000;
const WEEK = 7 * 24 * 60 * MINUTE;
const TO_DOTDIGITAL = { direction: 'sell-to-dotdigital', resubscribe: 'no-challenge' };

/** A cycle as it would run `ms` from now. */
async function later(ms: number, kind: 'sync' = 'sync'): Promise<RunReport> {
  const engine = await engineOf(world);
  const now = () => new Date(Date.now() + ms).toISOString();
  return runCycle({ ...engine, now }, { kind, only: null, full: false });
}

describe.each([
  ['an hour ahead', 60 * MINUTE],
  ['an hour behind', -60 * MINUTE],
])('clock skew: Sell %s of Dotdigital', (_words, skew) => {
  const start = async (): Promise<{ readonly id: number; pass(ms: number): void }> => {
    const dotdigital = new ManualClock({ base: systemClock });
    const sell = new ManualClock({ base: dotdigital });
    sell.advance(skew);
    world = await startConsent({ consent: TO_DOTDIGITAL, sell: { clock: sell }, dotdigital: { clock: dotdigital } });
    const ada = world.sell.world.createContact(person);
    await world.cycle('align');
    await world.cycle('sync');
    return { id: ada.id, pass: (ms) => dotdigital.advance(ms) };
  };

  it('O3: an opt-in after the opt-out brings the person back', async () => {
    const { id, pass } = await start();
    world.dotdigital.world.unsubscribe(ADA);
    await world.cycle('sync');
    pass(5 * MINUTE);
    world.sell.world.updateContact(id, IN);
    await world.cycle('sync');
    expect(statusOf(world)).toBe('subscribed');
  });

  it('O4, O10: an opt-in before the opt-out does not, whatever the times say', async () => {
    const { id, pass } = await start();
    world.sell.world.updateContact(id, IN);
    pass(5 * MINUTE);
    world.dotdigital.world.unsubscribe(ADA);
    await world.cycle('sync');
    pass(5 * MINUTE);
    world.sell.world.updateContact(id, { last_name: 'King' });
    await world.cycle('sync');
    await world.cycle('sync');
    expect(statusOf(world)).toBe('unsubscribed');
  });
});

it('O7: how soon opt-outs arrive is told of those that came while both were in step', async () => {
  const clock = new ManualClock({ base: systemClock });
  world = await startConsent({ consent: { direction: 'bi-directional' }, dotdigital: { clock } });
  for (const email of ['long-ago@example.com', 'today@example.com'])
    world.sell.world.createContact({ ...person, ...IN, email });
  world.dotdigital.world.addContact({ email: 'long-ago@example.com' });
  world.dotdigital.world.unsubscribe('long-ago@example.com');
  clock.advance(WEEK);
  await world.cycle('align');
  await world.cycle('sync');
  const told = async () =>
    (await overviewOf((await world.app()).store, world.connection, Date.now() + WEEK)).optOutLatencySeconds;
  expect(await told()).toBe(null);
  clock.advance(3 * MINUTE);
  world.dotdigital.world.unsubscribe('today@example.com');
  await later(WEEK + 8 * MINUTE);
  expect(Math.round(((await told()) ?? 0) / 60)).toBe(5);
});

describe('an older database', () => {
  const settings = { ...TO_DOTDIGITAL, direction: 'bi-directional' };
  const none = { count: 0, percent: 0 };
  /** Creates and resubscriptions wait for approval: a database kept meanwhile remembers what they were planned from. */
  const more = { contacts: { enabled: true, multipleMatch: 'email' }, brakes: { create: none, resubscribe: none } };
  const copy = () => join(world.folder, 'backup.db');
  const keep = async (): Promise<void> => {
    expect((await world.lockstep('db', 'backup', copy())).code).toBe(0);
  };
  const restore = async (also = {}): Promise<void> => {
    await world.configure({
      consent: { enabled: true, contacts: signalsOf('tags'), leads: signalsOf('tags'), ...settings },
      ...also,
    });
    const file = join(world.folder, 'lockstep.db');
    for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
    copyFileSync(copy(), file);
  };

  it('O6, O18: restored from last week, it brings nobody back and loses no opt-out', async () => {
    world = await startConsent({ consent: settings });
    const ids = ['stays', 'left-in-sell', 'left-in-dotdigital', 'came-and-went'].map(
      (name) => world.sell.world.createContact({ ...person, ...IN, email: `${name}@example.com` }).id,
    );
    await world.cycle('align');
    await world.cycle('sync');
    await keep();
    const [, inSell = 0, , wentId = 0] = ids;
    world.sell.world.updateContact(inSell, OUT);
    world.dotdigital.world.unsubscribe('left-in-dotdigital@example.com');
    world.sell.world.updateContact(wentId, OUT);
    await world.cycle('sync');
    world.sell.world.updateContact(wentId, IN);
    await world.cycle('sync');
    world.dotdigital.world.unsubscribe('came-and-went@example.com');
    await world.cycle('sync');
    await restore();
    for (let n = 0; n < 3; n += 1) await later(WEEK);
    expect(statusOf(world, 'stays@example.com')).toBe('subscribed');
    for (const name of ['left-in-sell', 'left-in-dotdigital', 'came-and-went']) {
      expect([name, statusOf(world, `${name}@example.com`)]).toEqual([name, 'unsubscribed']);
      expect([name, await wordOf(world, 'tags', 'contacts', `${name}@example.com`)]).toEqual([name, 'out']);
    }
  });

  /** Two ways in which a database remembers a record that a contact is still to be made of. */
  const MAKERS = [
    {
      words: 'an alignment',
      prepare: async () => {
        const { id } = world.sell.world.createContact(person);
        await undoRun(world, (await world.cycle('align')).id);
        return { id, make: () => world.cycle('align') };
      },
    },
    {
      words: 'an approval',
      prepare: async () => {
        await world.cycle('align');
        const { id } = world.sell.world.createContact(person);
        const parked = await world.cycle('sync');
        return { id, make: () => approveRun(world, parked.id) };
      },
    },
  ];

  describe.each(MAKERS)('$words', ({ prepare }) => {
    /** The contact is made; what a younger database hears of it then is not told to the older one. */
    async function makeAgain(change: (id: number) => void): Promise<RunReport> {
      world = await startConsent({ consent: settings, more });
      const { id, make } = await prepare();
      expect(addressesIn(world)).toEqual([]);
      await keep();
      await make();
      expect(addressesIn(world)).toEqual([ADA]);
      change(id);
      await world.cycle('sync');
      await world.cycle('sync');
      await restore(more);
      return make();
    }

    it('decision 8, O6: makes nobody of the address that Sell had then', async () => {
      await makeAgain((id) => {
        world.dotdigital.world.unsubscribe(ADA);
        world.sell.world.updateContact(id, { email: 'later@example.com' });
      });
      expect(addressesIn(world)).toEqual(['later@example.com']);
      await world.cycle('sync');
      expect(statusOf(world, 'later@example.com')).toBe('unsubscribed');
    });

    it('D19: makes nobody of a record that is gone since, and the second look ends it', async () => {
      const known: number[] = [];
      const run = await makeAgain((id) => {
        known.push(id);
        world.sell.world.deleteContact(id);
      });
      expect([run.state, addressesIn(world)]).toEqual(['ok', []]);
      await world.cycle('sync');
      const mirror = await getCrm((await world.app()).store, world.connection, 'contact', known.map(String));
      expect([addressesIn(world), mirror.map(({ record }) => record.state)]).toEqual([[], ['deleted']]);
    });

    it('C1: makes whoever Sell still shows so', async () => {
      await makeAgain(() => world.dotdigital.world.deleteContact(ADA));
      expect(addressesIn(world)).toEqual([ADA]);
    });
  });

  it('C1: whose record still says the same is made, for one call a hundred', async () => {
    const N = 150;
    world = await startConsent({ consent: settings, more });
    await world.cycle('align');
    for (let n = 0; n < N; n += 1) world.sell.world.createContact({ ...person, email: `p${n}@example.com` });
    const parked = await world.cycle('sync');
    const quiet = await world.cycle('sync');
    const approved = await approveRun(world, parked.id);
    expect(addressesIn(world)).toHaveLength(N);
    expect(approved.apiCalls.crm.reads).toBe(quiet.apiCalls.crm.reads + Math.ceil(N / 100));
  });

  it('O3, O6: a yes that Sell has taken back since brings nobody back', async () => {
    world = await startConsent({ consent: settings, more });
    const { id } = world.sell.world.createContact({ ...person, tags: ['unsubscribed'] });
    world.dotdigital.world.addContact({ email: ADA, status: 'unsubscribed' });
    await world.cycle('align');
    await world.cycle('sync');
    world.sell.world.updateContact(id, IN);
    const parked = await world.cycle('sync');
    expect(parked.state).toBe('parked');
    await keep();
    world.sell.world.updateContact(id, OUT);
    await world.cycle('sync');
    await restore(more);
    await approveRun(world, parked.id);
    await world.cycle('sync');
    expect([statusOf(world), await wordOf(world)]).toEqual(['unsubscribed', 'out']);
  });
});

describe('weeks without a run', () => {
  it('O6, O10: whoever left meanwhile stays out on both sides, and nobody else is touched', async () => {
    world = await startConsent({ consent: { resubscribe: 'no-challenge' } });
    const [sellId = 0, , bothId = 0] = ['in-sell', 'in-dotdigital', 'both', 'stays'].map(
      (name) => world.sell.world.createContact({ ...person, ...IN, email: `${name}@example.com` }).id,
    );
    await world.cycle('align');
    await world.cycle('sync');
    world.sell.world.updateContact(sellId, OUT);
    world.dotdigital.world.unsubscribe('in-dotdigital@example.com');
    world.dotdigital.world.unsubscribe('both@example.com');
    world.sell.world.updateContact(bothId, { tags: [] });
    world.sell.world.updateContact(bothId, IN);
    for (let n = 0; n < 3; n += 1) await later(3 * WEEK);
    for (const name of ['in-sell', 'in-dotdigital', 'both']) {
      expect([name, statusOf(world, `${name}@example.com`)]).toEqual([name, 'unsubscribed']);
      expect([name, await wordOf(world, 'tags', 'contacts', `${name}@example.com`)]).toEqual([name, 'out']);
    }
    expect(statusOf(world, 'stays@example.com')).toBe('subscribed');
  });
});

describe('a filter switched on and off', () => {
  it('O6, O15: who left while it kept them out is not brought back when it goes', async () => {
    const more = (tags: readonly string[]) => ({
      contacts: { enabled: true, multipleMatch: 'email-and-names', scope: { sellTags: tags } },
    });
    world = await startConsent({ consent: TO_DOTDIGITAL });
    const ada = world.sell.world.createContact(person);
    await world.cycle('align');
    await world.cycle('sync');
    const consent = { enabled: true, ...TO_DOTDIGITAL, contacts: signalsOf('tags'), leads: signalsOf('tags') };
    await world.configure({ consent, ...more(['vip']) });
    await world.cycle('sync');
    world.dotdigital.world.unsubscribe(ADA);
    world.sell.world.updateContact(ada.id, IN);
    await world.cycle('sync');
    await world.configure({ consent, ...more([]) });
    await world.cycle('sync');
    world.sell.world.updateContact(ada.id, { last_name: 'King' });
    await world.cycle('sync');
    await world.cycle('sync');
    expect([statusOf(world), await wordOf(world)]).toEqual(['unsubscribed', 'in']);
    expect(world.dotdigital.world.contact(ADA)?.fields).toMatchObject({ LASTNAME: 'King' });
  });
});
