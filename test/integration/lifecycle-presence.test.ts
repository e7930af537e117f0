// A contact deleted in Dotdigital is not brought back by a write that comes before anybody noticed. (D11-D13)
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  both,
  contactIn,
  DELIVERIES,
  decide,
  EMAIL,
  expectDone,
  isThere,
  leadIn,
  leadsOnly,
  linkOf,
  linksOfContact,
  listsOf,
  parkedRun,
  settled,
  startLeads,
} from './lead-people.ts';
import { codes } from './looking.ts';
import type { TwoAccounts } from './two-accounts.ts';

const DAY = 24 * 60 * 60_000;
const CONSENT = {
  consent: {
    enabled: true,
    direction: 'bi-directional',
    contacts: { tags: { optIn: ['in'], optOut: ['out'] }, default: 'none' },
    leads: { tags: { optIn: ['in'], optOut: ['out'] }, default: 'none' },
  },
};

const DELIVERY = DELIVERIES.find(({ listsTouch, order }) => listsTouch && order === 'shuffled') ?? DELIVERIES[0];

describe.each(['undelete', 'new-contact'] as const)('a write after a delete, where an import would %s', (recreate) => {
  let world: TwoAccounts;
  beforeEach(async () => {
    if (DELIVERY === undefined) throw new Error('There is a delivery.');
    world = await startLeads(DELIVERY, { ...both(), ...CONSENT });
    world.dotdigital.switches.recreateAfterDelete = recreate;
  });
  afterEach(() => world.stop());

  it('D12, D13: an edit of the contact in Sell', async () => {
    const [id, other] = [contactIn(world), contactIn(world, { email: 'other@example.com' })];
    await settled(world);
    world.dotdigital.world.deleteContact(EMAIL);
    for (const record of [id, other]) world.sell.world.updateContact(record, { last_name: 'Edited' });
    world.dotdigital.requests.reset();
    const report = await world.cycle('sync');
    expect([isThere(world), await linkOf(world, 'contact', id), await codes(world)]).toEqual([
      false,
      'severed D12',
      ['EDITED_AFTER_DELETE'],
    ]);
    expect([report.state, report.actions.total]).toEqual(['ok_with_holds', 1]);
    // One look at all ids, one question about the missing one.
    const { byRoute } = world.dotdigital.requests.read();
    expect(byRoute['PUT /contacts/v3/import']).toBe(1);
    await world.cycle('sync');
    await expectDone(world);
    expect(isThere(world)).toBe(false);
  });

  it('D11, D12: edits of a person in two roles, and a lead moved', async () => {
    const [contact, lead] = [contactIn(world), leadIn(world)];
    await settled(world);
    expect(await linksOfContact(world)).toEqual(['contact active', 'lead active']);
    world.dotdigital.world.deleteContact(EMAIL);
    world.sell.world.updateContact(contact, { last_name: 'Edited' });
    world.sell.world.updateLead(lead, { status: 'Working' });
    await world.cycle('sync');
    await world.cycle('sync');
    expect([isThere(world), listsOf(world)]).toEqual([false, []]);
    expect([await linkOf(world, 'contact', contact), await linkOf(world, 'lead', lead)]).toEqual([
      'severed D12',
      'severed D11',
    ]);
    await expectDone(world);
  });

  it('D12, O1: an opt-out in Sell', async () => {
    const id = contactIn(world);
    await settled(world);
    world.dotdigital.world.deleteContact(EMAIL);
    world.sell.world.updateContact(id, { tags: ['out'] });
    await world.cycle('sync');
    expect([isThere(world), await linkOf(world, 'contact', id)]).toEqual([false, 'severed D12']);
  });

  it.each([true, false])(
    'D12, D13: an edit of somebody who had left, where the contact list shows such: %s',
    async (suppressedShown) => {
      world.dotdigital.switches.suppressedShown = suppressedShown;
      const [id, other] = [contactIn(world), contactIn(world, { email: 'other@example.com' })];
      await settled(world);
      for (const email of [EMAIL, 'other@example.com']) world.dotdigital.world.unsubscribe(email);
      await settled(world);
      world.dotdigital.world.deleteContact(EMAIL);
      for (const record of [id, other]) world.sell.world.updateContact(record, { last_name: 'Edited' });
      await world.cycle('sync');
      expect([isThere(world), await linkOf(world, 'contact', id), await linkOf(world, 'contact', other)]).toEqual([
        false,
        'severed D12',
        'active',
      ]);
      expect(world.dotdigital.world.contact('other@example.com')?.fields['LASTNAME']).toBe('Edited');
      await expectDone(world);
      expect(isThere(world)).toBe(false);
    },
  );

  it('D12: somebody who had left and is not shown counts as deleted only where another one who left is shown', async () => {
    const id = contactIn(world);
    await settled(world);
    world.dotdigital.switches.suppressedShown = false;
    world.dotdigital.world.unsubscribe(EMAIL);
    await settled(world);
    world.dotdigital.world.deleteContact(EMAIL);
    world.later(DAY + 60_000);
    await world.cycle('sync');
    expect(await linkOf(world, 'contact', id)).toBe('active');
    world.dotdigital.switches.suppressedShown = true;
    world.dotdigital.world.addContact({ email: 'other@example.com', status: 'unsubscribed' });
    world.later(DAY + 60_000);
    await world.cycle('sync');
    expect(await linkOf(world, 'contact', id)).toBe('severed D12');
    await expectDone(world);
  });

  it.each([
    ['', 'severed D12'],
    ['; not so for the sake of another channel', 'active'],
  ])('D12: or where the account was seen to show those who left%s', async (other, state) => {
    const id = contactIn(world);
    if (other !== '')
      world.dotdigital.world.addContact({ email: EMAIL, mobile: '447700900000', smsStatus: 'subscribed' });
    await settled(world);
    world.dotdigital.world.unsubscribe(EMAIL);
    await settled(world);
    world.dotdigital.world.deleteContact(EMAIL);
    world.later(DAY + 60_000);
    await world.cycle('sync');
    expect(await linkOf(world, 'contact', id)).toBe(state);
  });

  it('D12: without a write, any cycle notices it within a day', async () => {
    const id = contactIn(world);
    await settled(world);
    world.dotdigital.world.deleteContact(EMAIL);
    world.later(DAY - 60_000);
    await world.cycle('sync');
    expect(await linkOf(world, 'contact', id)).toBe('active');
    world.later(2 * 60_000);
    await world.cycle('sync');
    expect([isThere(world), await linkOf(world, 'contact', id)]).toEqual([false, 'severed D12']);
    await expectDone(world);
  });
});

it('D12, C35: a lead is not kept waiting for a contact that is gone, once contacts are switched off', async () => {
  if (DELIVERY === undefined) throw new Error('There is a delivery.');
  const world = await startLeads(DELIVERY);
  const id = contactIn(world);
  await settled(world);
  world.dotdigital.world.deleteContact(EMAIL);
  leadIn(world);
  await world.configure(leadsOnly());
  await world.cycle('align');
  expect([isThere(world), listsOf(world), await linkOf(world, 'contact', id)]).toEqual([true, ['New'], 'severed D12']);
  await expectDone(world);
  await world.stop();
});

describe('a record that waits to be made in Sell', () => {
  let world: TwoAccounts;
  beforeEach(async () => {
    if (DELIVERY === undefined) throw new Error('There is a delivery.');
    world = await startLeads(
      DELIVERY,
      both({}, {}, { allowNonCustomer: true, brakes: { create: { count: 0, percent: 0 } } }),
    );
  });
  afterEach(() => world.stop());

  it('D12, C4: is not made of a contact that was deleted meanwhile', async () => {
    await settled(world);
    for (const email of [EMAIL, 'other@example.com'])
      world.dotdigital.world.addContact({ email, fields: { FIRSTNAME: 'Lea', LASTNAME: 'Lead' } });
    expect((await world.cycle('sync')).state).toBe('parked');
    world.dotdigital.world.deleteContact(EMAIL);
    await decide(world, 'approve', await parkedRun(world));
    expect((await world.sellRecords('contacts')).map(({ email }) => email)).toEqual(['other@example.com']);
    await world.cycle('sync');
    await expectDone(world);
  });
});
