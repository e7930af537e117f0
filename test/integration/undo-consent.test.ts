// Undo and consent: an opt-in that the run made is taken back, an opt-out never is. (decision 27)
import { afterEach, describe, expect, it } from 'vitest';
import { ADA, person, says, startConsent, statusOf, wordOf } from './consent-people.ts';
import { expectQuiet } from './looking.ts';
import type { TwoAccounts } from './two-accounts.ts';
import { undoRun } from './undoing.ts';

let world: TwoAccounts;
afterEach(() => world.stop());

async function meetAda(
  status: 'subscribed' | 'unsubscribed' | 'noSubscription',
  word: 'in' | 'out' | 'nothing',
): Promise<number> {
  world = await startConsent();
  world.dotdigital.world.createDataField('CUSTOMER_STATUS', 'String');
  const { id } = world.sell.world.createContact({ ...person, ...says('tags', word) });
  world.dotdigital.world.addContact({
    email: ADA,
    status,
    fields: { FIRSTNAME: 'Ada', LASTNAME: 'Lovelace', CUSTOMER_STATUS: 'current' },
  });
  await world.cycle('align');
  await world.cycle('sync');
  return id;
}

describe('undo and consent', () => {
  it('O2: an opt-in that was carried to Dotdigital is taken back there, and stays so', async () => {
    const id = await meetAda('noSubscription', 'nothing');
    world.sell.world.updateContact(id, { tags: ['newsletter'] });
    const report = await world.cycle('sync');
    expect([report.actions.byKind['set-consent'], statusOf(world)]).toEqual([1, 'subscribed']);
    const { skipped } = await undoRun(world, report.id);
    expect([skipped, statusOf(world)]).toEqual([[], 'unsubscribed']);
    await expectQuiet(world);
    await expectQuiet(world);
    expect([statusOf(world), await wordOf(world)]).toEqual(['unsubscribed', 'in']);
  });

  it('O1: an opt-out that was carried to Dotdigital stays and is named', async () => {
    const id = await meetAda('subscribed', 'nothing');
    world.sell.world.updateContact(id, { tags: ['unsubscribed'] });
    const report = await world.cycle('sync');
    expect(statusOf(world)).toBe('unsubscribed');
    const { report: undone, skipped } = await undoRun(world, report.id);
    expect(undone.actions.total).toBe(0);
    expect(skipped).toEqual([
      expect.objectContaining({ field: 'consent', why: expect.stringContaining('never undone') }),
    ]);
    expect([statusOf(world), await wordOf(world)]).toEqual(['unsubscribed', 'out']);
    await expectQuiet(world);
  });

  it('O7: an opt-out that was carried to Sell stays and is named; undo of an undo re-subscribes nobody', async () => {
    await meetAda('subscribed', 'nothing');
    world.dotdigital.world.unsubscribe(ADA);
    const report = await world.cycle('sync');
    expect(await wordOf(world)).toBe('out');
    const { report: undone, skipped } = await undoRun(world, report.id);
    expect([undone.actions.total, skipped.length]).toEqual([0, 1]);
    expect([statusOf(world), await wordOf(world)]).toEqual(['unsubscribed', 'out']);
    await undoRun(world, undone.id);
    expect([statusOf(world), await wordOf(world)]).toEqual(['unsubscribed', 'out']);
  });

  it('O2: undo of the undo of an opt-in leaves the person opted out', async () => {
    const id = await meetAda('noSubscription', 'nothing');
    world.sell.world.updateContact(id, { tags: ['newsletter'] });
    const report = await world.cycle('sync');
    const first = await undoRun(world, report.id);
    const { report: second, skipped } = await undoRun(world, first.report.id);
    expect([second.actions.total, skipped.length, statusOf(world)]).toEqual([0, 1, 'unsubscribed']);
  });
});
