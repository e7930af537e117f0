// Consent when time itself is odd: clocks that disagree, weeks without a run, an old database, a filter that goes and comes.
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock, systemClock } from '../../sandbox/clock.ts';
import { runCycle } from '../../src/engine/cycle.ts';
import { overviewOf } from '../../src/engine/overview.ts';
import type { RunReport } from '../../src/engine/report.ts';
import { ADA, person, signalsOf, startConsent, statusOf, wordOf } from './consent-people.ts';
import type { TwoAccounts } from './two-accounts.ts';
import { engineOf } from './undoing.ts';

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
  it('O6, O18: restored from last week, it brings nobody back and loses no opt-out', async () => {
    world = await startConsent({ consent: { ...TO_DOTDIGITAL, direction: 'bi-directional' } });
    const ids = ['stays', 'left-in-sell', 'left-in-dotdigital', 'came-and-went'].map(
      (name) => world.sell.world.createContact({ ...person, ...IN, email: `${name}@example.com` }).id,
    );
    await world.cycle('align');
    await world.cycle('sync');
    const file = join(world.folder, 'lockstep.db');
    expect((await world.lockstep('db', 'backup', join(world.folder, 'backup.db'))).code).toBe(0);
    const [, inSell = 0, , wentId = 0] = ids;
    world.sell.world.updateContact(inSell, OUT);
    world.dotdigital.world.unsubscribe('left-in-dotdigital@example.com');
    world.sell.world.updateContact(wentId, OUT);
    await world.cycle('sync');
    world.sell.world.updateContact(wentId, IN);
    await world.cycle('sync');
    world.dotdigital.world.unsubscribe('came-and-went@example.com');
    await world.cycle('sync');
    await (await world.app()).close();
    await world.configure({
      consent: { enabled: true, ...TO_DOTDIGITAL, direction: 'bi-directional', contacts: signalsOf('tags') },
    });
    for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
    copyFileSync(join(world.folder, 'backup.db'), file);
    for (let n = 0; n < 3; n += 1) await later(WEEK);
    expect(statusOf(world, 'stays@example.com')).toBe('subscribed');
    for (const name of ['left-in-sell', 'left-in-dotdigital', 'came-and-went']) {
      expect([name, statusOf(world, `${name}@example.com`)]).toEqual([name, 'unsubscribed']);
      expect([name, await wordOf(world, 'tags', 'contacts', `${name}@example.com`)]).toEqual([name, 'out']);
    }
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
