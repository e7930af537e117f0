// The grace of a disappearance: `recommended` waits a cycle and a quarter of an hour before anything follows. (4.3)
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  both,
  contactIn,
  DELIVERIES,
  EMAIL,
  expectDone,
  isThere,
  leadIn,
  linkOf,
  listsOf,
  settled,
  startLeads,
} from './lead-people.ts';
import { codes, contactOf, decided, notedRows } from './looking.ts';
import type { TwoAccounts } from './two-accounts.ts';

const MINUTES = 60_000;
const RECOMMENDED = { profile: 'recommended', consent: { unknownConsentAs: 'subscribed' } };

describe.each(DELIVERIES.filter(({ listsTouch }) => listsTouch))('grace, $name', (delivery) => {
  let world: TwoAccounts;
  beforeEach(async () => {
    world = await startLeads(delivery, { ...both({ delete: 'delete' }, { delete: 'delete' }), ...RECOMMENDED });
  });
  afterEach(() => world.stop());

  const run = async (): Promise<readonly string[]> => decided(world, (await world.cycle('sync')).id);

  it('D1: nothing follows in the same cycle, nor in later ones before its time; then the contact is deleted', async () => {
    const id = contactIn(world);
    await settled(world);
    world.sell.world.deleteContact(id);
    const first = await world.cycle('sync');
    expect([await decided(world, first.id), first.state, await notedRows(world, first.id)]).toEqual([[], 'ok', ['D1']]);
    expect(await run()).toEqual([]);
    world.later(14 * MINUTES);
    expect([await run(), isThere(world), await linkOf(world, 'contact', id)]).toEqual([[], true, 'active']);
    world.later(2 * MINUTES);
    // It waits in the database: a new process knows it too.
    await world.configure({ ...both({ delete: 'delete' }, { delete: 'delete' }), ...RECOMMENDED });
    const last = await world.cycle('sync');
    expect([await decided(world, last.id), isThere(world)]).toEqual([['D1 delete marketing'], false]);
    // Asked for once more before it was acted on: one call for all that are due.
    expect(last.apiCalls.crm.reads).toBeLessThanOrEqual(3);
    await expectDone(world);
  });

  it('D6, D7: leads wait too, and leave their lists with it', async () => {
    const alone = leadIn(world, { email: 'alone@example.com' });
    const [contact, lead] = [contactIn(world), leadIn(world)];
    await settled(world);
    world.sell.world.deleteLead(alone);
    world.sell.world.deleteLead(lead);
    expect([await run(), listsOf(world)]).toEqual([[], ['New']]);
    world.later(16 * MINUTES);
    expect(await run()).toEqual(['D6 delete marketing', 'D7 list-remove marketing', 'D7 update marketing']);
    expect([isThere(world, 'alone@example.com'), isThere(world), listsOf(world)]).toEqual([false, true, []]);
    expect(await linkOf(world, 'contact', contact)).toBe('active');
    await expectDone(world);
  });

  it('a record that comes back meanwhile was never gone, whether the feed tells it or only a second look', async () => {
    const [told, silent] = [contactIn(world), contactIn(world, { email: 'silent@example.com' })];
    await settled(world);
    // Out of sight is told as deleted, and a read answers 404: nobody can tell it from a delete.
    for (const id of [told, silent]) world.sell.world.hide('contact', id);
    expect(await run()).toEqual([]);
    world.sell.world.show('contact', told);
    world.sell.world.state.visibility.show('contact', silent);
    world.sell.world.updateContact(told, { last_name: 'Back' });
    expect(await run()).toEqual(['C5 update marketing']);
    expect(contactOf(world, EMAIL).fields['LASTNAME']).toBe('Back');
    world.later(16 * MINUTES);
    expect(await run()).toEqual([]);
    expect([await linkOf(world, 'contact', told), await linkOf(world, 'contact', silent)]).toEqual([
      'active',
      'active',
    ]);
    expect([isThere(world), isThere(world, 'silent@example.com')]).toEqual([true, true]);
    world.sell.world.updateContact(silent, { last_name: 'Alive' });
    await world.cycle('sync');
    expect(contactOf(world, 'silent@example.com').fields['LASTNAME']).toBe('Alive');
    await expectDone(world);
  });

  it('D17: edited in Dotdigital while it waited: somebody is asked', async () => {
    const id = contactIn(world);
    await settled(world);
    world.sell.world.deleteContact(id);
    await world.cycle('sync');
    world.dotdigital.world.editContact(EMAIL, { fields: { LASTNAME: 'Edited' } });
    world.later(16 * MINUTES);
    expect(await run()).toEqual([]);
    expect([isThere(world), await codes(world)]).toEqual([true, ['EDITED_AFTER_DELETE']]);
  });

  it('D8: a conversion explains itself and waits for nothing', async () => {
    const lead = leadIn(world);
    await settled(world);
    world.sell.world.convertLead(lead);
    await world.cycle('sync');
    expect([listsOf(world), await linkOf(world, 'lead', lead)]).toEqual([[], 'severed D8']);
  });

  it('D1 classic: no grace, the same cycle acts; a grace may be given', async () => {
    await world.configure({ ...both(), deleteGrace: '1h' });
    const [one, two] = [contactIn(world), contactIn(world, { email: 'two@example.com' })];
    await settled(world);
    world.sell.world.deleteContact(one);
    world.later(10 * MINUTES);
    expect(await run()).toEqual([]);
    world.later(61 * MINUTES);
    expect(await run()).toEqual(['D1 delete marketing']);
    await world.configure(both());
    world.sell.world.deleteContact(two);
    expect(await run()).toEqual(['D1 delete marketing']);
  });
});
