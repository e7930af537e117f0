// A converted lead that Sell goes on showing: the conversion is noticed all the same, and stays noticed. (D8-D10)
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  contactIn,
  DELIVERIES,
  EMAIL,
  expectDone,
  isThere,
  leadIn,
  leadsOnly,
  linkOf,
  listsOf,
  settled,
  startLeads,
} from './lead-people.ts';
import { codes, contactOf } from './looking.ts';
import type { TwoAccounts } from './two-accounts.ts';

const DAY = 24 * 60 * 60_000;

describe.each(DELIVERIES.filter(({ listsTouch }) => listsTouch))('converted leads that stay, $name', (delivery) => {
  let world: TwoAccounts;
  beforeEach(async () => {
    world = await startLeads(delivery, {}, { sell: { switches: { convertedLead: 'kept' } } });
  });
  afterEach(() => world.stop());

  it('D8: the contact takes over; later edits of the lead that is still shown change nothing', async () => {
    const lead = leadIn(world);
    await settled(world);
    const before = contactOf(world, EMAIL);
    const contact = world.sell.world.convertLead(lead).individual_id ?? 0;
    await world.cycle('sync');
    await world.cycle('sync');
    expect([await linkOf(world, 'lead', lead), await linkOf(world, 'contact', contact)]).toEqual([
      'severed D8',
      'active',
    ]);
    expect([listsOf(world), contactOf(world, EMAIL).contactId, contactOf(world, EMAIL).status]).toEqual([
      [],
      before.contactId,
      before.status,
    ]);
    world.sell.world.updateLead(lead, { last_name: 'Ghost', status: 'Working' });
    world.sell.world.updateContact(contact, { first_name: 'Live' });
    await world.cycle('sync');
    expect([contactOf(world, EMAIL).fields, listsOf(world)]).toMatchObject([
      { FIRSTNAME: 'Live', LASTNAME: 'Lead' },
      [],
    ]);
    await expectDone(world);
  });

  it('D9: converted into a contact of the same person', async () => {
    const [contact, lead] = [contactIn(world), leadIn(world)];
    await settled(world);
    const became = world.sell.world.convertLead(lead).individual_id ?? 0;
    world.sell.world.mergeContacts(contact, became);
    world.sell.world.updateContact(contact, { first_name: 'Merged' });
    await world.cycle('sync');
    await world.cycle('sync');
    expect([await linkOf(world, 'contact', contact), (await linkOf(world, 'lead', lead)).split(' ')[0]]).toEqual([
      'active',
      'severed',
    ]);
    expect([listsOf(world), isThere(world)]).toEqual([[], true]);
    await expectDone(world);
  });

  it('D9: converted into the person’s contact, which itself does not change: no write reaches the lead that stays', async () => {
    const [contact, lead] = [contactIn(world), leadIn(world)];
    await settled(world);
    world.sell.world.convertLead(lead, { into: contact });
    world.dotdigital.world.editContact(EMAIL, { fields: { FIRSTNAME: 'Late' } });
    await world.cycle('sync');
    expect(await linkOf(world, 'lead', lead)).toBe('severed D9');
    expect(world.sell.world.readLead(lead)).not.toMatchObject({ first_name: 'Late' });
    await world.cycle('sync');
    expect([await linkOf(world, 'contact', contact), listsOf(world), isThere(world)]).toEqual(['active', [], true]);
    await expectDone(world);
  });

  it('D10: converted into the contact of another person: held', async () => {
    const other = contactIn(world, { email: 'else@example.com' });
    const lead = leadIn(world);
    await settled(world);
    const became = world.sell.world.convertLead(lead).individual_id ?? 0;
    world.sell.world.updateContact(became, { email: 'else@example.com' });
    world.sell.world.deleteContact(other);
    // Nothing in the feeds speaks of the lead any more: the daily look at the conversions does.
    await world.cycle('sync');
    world.later(DAY);
    await world.cycle('sync');
    expect(await codes(world)).toContain('CONVERSION_COLLISION');
    expect([isThere(world), isThere(world, 'else@example.com')]).toEqual([true, true]);
  });

  it('D8: only leads are synchronised: noticed once a day', async () => {
    await world.configure(leadsOnly());
    const lead = leadIn(world);
    await settled(world);
    world.sell.world.convertLead(lead);
    await world.cycle('sync');
    world.later(DAY);
    await world.cycle('sync');
    expect([isThere(world), listsOf(world), await linkOf(world, 'lead', lead)]).toEqual([true, [], 'severed D8']);
    await expectDone(world);
  });

  it('converted before the first alignment: no lead in Dotdigital, and none again', async () => {
    const lead = leadIn(world);
    const contact = world.sell.world.convertLead(lead).individual_id ?? 0;
    world.sell.world.updateContact(contact, { customer_status: 'current' });
    await settled(world);
    expect([listsOf(world), await linkOf(world, 'lead', lead), await linkOf(world, 'contact', contact)]).toEqual([
      [],
      'none',
      'active',
    ]);
    await expectDone(world);
  });

  it('a cycle without suspicion asks nothing', async () => {
    leadIn(world);
    const contact = contactIn(world, { email: 'far@example.com' });
    await settled(world);
    world.sell.world.updateContact(contact, { last_name: 'Far' });
    world.sell.requests.reset();
    await world.cycle('sync');
    const routes = Object.keys(world.sell.requests.counts().routes);
    expect(routes.filter((route) => route.includes('lead_conversions'))).toEqual([]);
  });
});
