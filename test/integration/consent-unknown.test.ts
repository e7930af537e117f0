// People of whom nothing is known, made in Dotdigital as unsubscribed: not mailed, and nobody's no. Over real sockets.
import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock, systemClock } from '../../sandbox/clock.ts';
import {
  ADA,
  DIRECTIONS,
  type Direction,
  person,
  says,
  signalsOf,
  startConsent,
  statusOf,
  wordOf,
} from './consent-people.ts';
import { expectQuiet } from './looking.ts';
import type { TwoAccounts } from './two-accounts.ts';

let world: TwoAccounts;
afterEach(() => world.stop());

/** That of both services. */
let clock: ManualClock;
const CAREFUL = { unknownConsentAs: 'unsubscribed', resubscribe: 'no-challenge' };

async function aligned(direction: Direction = 'bi-directional', profile = 'classic'): Promise<number> {
  clock = new ManualClock({ base: systemClock });
  world = await startConsent({
    consent: { ...CAREFUL, direction },
    more: { profile },
    sell: { clock },
    dotdigital: { clock },
  });
  const { id } = world.sell.world.createContact(person);
  expect((await world.cycle('align')).state).toBe('ok');
  expect(statusOf(world)).toBe('unsubscribed');
  return id;
}

describe('O16, C31: a contact made as unsubscribed because nothing was known', () => {
  it.each(DIRECTIONS)(
    'is no opt-out: nobody is told of one, and the next sync writes nothing (%s)',
    async (direction) => {
      await aligned(direction, 'recommended');
      for (let n = 0; n < 3; n += 1) await expectQuiet(world);
      expect(await wordOf(world)).toBe('nothing');
      expect((await world.lockstep('holds')).json).toMatchObject({ holds: [] });
    },
  );

  it('the ledger says why the person is unsubscribed', async () => {
    await aligned();
    await world.cycle('sync');
    expect((await world.lockstep('ledger', ADA)).json).toMatchObject({
      ledger: [{ state: 'unknown', row: 'O16', written: 'unsubscribed in Dotdigital' }],
    });
  });

  it('stays so however everything is read again', async () => {
    await aligned();
    await world.cycle('align');
    await world.cycle('sync', { full: true });
    await world.lockstep('verify');
    expect(await wordOf(world)).toBe('nothing');
    await expectQuiet(world);
  });

  it.each(['complain', 'suppress', 'bounce'] as const)('O5, O7: %s afterwards is somebody’s no', async (how) => {
    await aligned();
    await world.cycle('sync');
    world.dotdigital.world[how](ADA);
    await world.cycle('sync');
    expect(await wordOf(world)).toBe('out');
  });

  it('O7, O9: coming back and leaving again are choices', async () => {
    await aligned();
    await world.cycle('sync');
    world.dotdigital.world.resubscribe(ADA);
    world.dotdigital.world.editContact(ADA, { fields: { POSTCODE: 'N1' } });
    await world.cycle('sync');
    expect(statusOf(world)).toBe('subscribed');
    world.dotdigital.world.unsubscribe(ADA);
    await world.cycle('sync');
    expect(await wordOf(world)).toBe('out');
    expect(statusOf(world)).toBe('unsubscribed');
  });

  it('O7: leaving again between two looks is heard by its time', async () => {
    await aligned();
    await world.cycle('sync');
    clock.advance(60_000);
    world.dotdigital.world.resubscribe(ADA);
    clock.advance(60_000);
    world.dotdigital.world.unsubscribe(ADA);
    await world.cycle('sync');
    expect(await wordOf(world)).toBe('out');
  });

  it('O3: an opt-in in Sell afterwards is carried over', async () => {
    const id = await aligned();
    await world.cycle('sync');
    clock.advance(60_000);
    world.later(60_000);
    world.sell.world.updateContact(id, says('tags', 'in'));
    await world.cycle('sync');
    await world.cycle('sync');
    expect(statusOf(world)).toBe('subscribed');
    expect(await wordOf(world)).toBe('in');
    await expectQuiet(world);
  });

  it('O1: an opt-out in Sell afterwards is a no like any other', async () => {
    const id = await aligned();
    await world.cycle('sync');
    world.sell.world.updateContact(id, says('tags', 'out'));
    await world.cycle('sync');
    expect(statusOf(world)).toBe('unsubscribed');
    expect(await wordOf(world)).toBe('out');
    await expectQuiet(world);
  });

  it('decision 20: a lead made from it carries no opt-out', async () => {
    world = await startConsent({
      consent: CAREFUL,
      more: { leads: { enabled: true, multipleMatch: 'email', listPrefix: 'Leads: ' } },
    });
    world.sell.world.createContact(person);
    await world.cycle('align');
    await world.cycle('sync');
    world.dotdigital.world.joinList(ADA, 'Leads: New');
    await world.cycle('sync');
    await world.cycle('sync');
    expect(await wordOf(world, 'tags', 'leads')).toBe('nothing');
    expect(await wordOf(world)).toBe('nothing');
  });

  it('while consent was not synchronised, it is none once it is', async () => {
    world = await startConsent({ consent: { ...CAREFUL, enabled: false } });
    world.sell.world.createContact(person);
    world.sell.world.createContact({ ...person, email: 'yes@example.com', ...says('tags', 'in') });
    await world.cycle('align');
    await world.configure({
      consent: { ...CAREFUL, enabled: true, direction: 'bi-directional', contacts: signalsOf('tags') },
    });
    await world.cycle('sync');
    await world.cycle('sync');
    expect(await wordOf(world)).toBe('nothing');
    // Nobody saw that yes come, and nobody said no: a person decides. (O4, O6)
    expect(await wordOf(world, 'tags', 'contacts', 'yes@example.com')).toBe('in');
    expect(statusOf(world, 'yes@example.com')).toBe('unsubscribed');
  });
});
