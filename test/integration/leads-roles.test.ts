// A lead that cannot be written, and a person who is lead and contact at once (L14-L17, L19), against both simulated services.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  both,
  contactIn,
  DELIVERIES,
  EMAIL,
  expectDone,
  join,
  leadIn,
  leadsOnly,
  linksOfContact,
  listsOf,
  settled,
  startLeads,
  statusOf,
} from './lead-people.ts';
import { codes, contactOf, decided } from './looking.ts';
import type { TwoAccounts } from './two-accounts.ts';

describe.each(DELIVERIES)('leads and persons, $name', (delivery) => {
  let world: TwoAccounts;
  beforeEach(async () => {
    world = await startLeads(delivery);
  });
  afterEach(() => world.stop());

  const inDotdigital = (fields: { readonly [name: string]: string }, email: string = EMAIL): void =>
    void world.dotdigital.world.addContact({ email, fields });

  it('4.4 createLeadIfContactExists: a contact put on a lead list becomes a lead as well, or waits with ALREADY_CONTACT', async () => {
    for (const [setting, expected] of [
      [false, ['ALREADY_CONTACT']],
      [true, []],
    ] as const) {
      await world.configure(both({}, { createLeadIfContactExists: setting }));
      if (!setting) {
        contactIn(world);
        await settled(world);
        join(world, 'Working');
      }
      await world.cycle('sync');
      await world.cycle('sync');
      expect([await codes(world), (await world.sellRecords('leads')).length]).toEqual([expected, setting ? 1 : 0]);
      await expectDone(world);
    }
  });

  it('L14, S14: a contact without both names does not become a lead until it has them', async () => {
    await world.configure(leadsOnly());
    await world.cycle('align');
    inDotdigital({ FIRSTNAME: 'Lea' });
    join(world, 'Working');
    await world.cycle('sync');
    expect([await codes(world), await world.sellRecords('leads')]).toEqual([['NAME_MISSING'], []]);
    world.dotdigital.world.editContact(EMAIL, { fields: { LASTNAME: 'Lead' } });
    await world.cycle('sync');
    expect(await world.sellRecord('leads', EMAIL)).toMatchObject({ status: 'Working', last_name: 'Lead' });
    expect(await codes(world)).toEqual([]);
    await expectDone(world);
  });

  it('L14, decision 19: a lead without both names is held on its way to Dotdigital, or not, as the setting says', async () => {
    await world.configure(leadsOnly());
    leadIn(world, { first_name: null, last_name: null, organization_name: 'Acme' });
    await settled(world);
    expect([await codes(world), listsOf(world)]).toEqual([['NAME_MISSING'], []]);
    await world.configure(leadsOnly({}, { names: { requiredFor: 'sell-writes' } }));
    await world.cycle('sync');
    await world.cycle('sync');
    expect([await codes(world), listsOf(world)]).toEqual([[], ['New']]);
    await expectDone(world);
  });

  it('L14: a list changes the status of a nameless lead only when it has its names', async () => {
    await world.configure(leadsOnly({}, { names: { requiredFor: 'sell-writes' } }));
    const lead = leadIn(world, { first_name: null });
    await settled(world);
    join(world, 'Qualified');
    await world.cycle('sync');
    expect([statusOf(world, lead), await codes(world)]).toEqual(['New', ['NAME_MISSING']]);
    world.sell.world.updateLead(lead, { first_name: 'Lea' });
    await world.cycle('sync');
    expect([statusOf(world, lead), await codes(world)]).toEqual(['Qualified', []]);
    await world.cycle('sync');
    await expectDone(world);
  });

  it('L15: a lead without an address is held, and goes on when it has one', async () => {
    const lead = leadIn(world, { email: null });
    await settled(world);
    expect(await codes(world)).toEqual(['EMAIL_MISSING']);
    world.sell.world.updateLead(lead, { email: EMAIL });
    await world.cycle('sync');
    expect([await codes(world), listsOf(world)]).toEqual([[], ['New']]);
    await expectDone(world);
  });

  it('L16: a person who is contact and lead is one contact, with both links and both ids; the contact wins', async () => {
    await world.configure(both({ idField: 'SELL_CONTACT_ID' }, { idField: 'SELL_LEAD_ID' }));
    const [contact, lead] = [
      contactIn(world, { first_name: 'Contact' }),
      leadIn(world, { first_name: 'Lead', organization_name: 'Acme' }),
    ];
    await settled(world);
    expect(await linksOfContact(world)).toEqual(['contact active', 'lead active']);
    expect(contactOf(world, EMAIL).fields).toMatchObject({
      FIRSTNAME: 'Contact',
      ORGANISATION: 'Acme',
      SELL_CONTACT_ID: String(contact),
      SELL_LEAD_ID: String(lead),
    });
    expect(listsOf(world)).toEqual(['New']);
    await expectDone(world);
  });

  it('L17: a change in Dotdigital goes to both records, a change of the contact wins over the lead', async () => {
    const [contact, lead] = [contactIn(world), leadIn(world)];
    await settled(world);
    world.dotdigital.world.editContact(EMAIL, { fields: { LASTNAME: 'Both' } });
    await world.cycle('sync');
    expect([
      world.sell.world.readContact(contact)?.['last_name'],
      world.sell.world.readLead(lead)?.['last_name'],
    ]).toEqual(['Both', 'Both']);
    await expectDone(world);
    world.sell.world.updateContact(contact, { last_name: 'OfContact' });
    world.sell.world.updateLead(lead, { last_name: 'OfLead' });
    await world.cycle('sync');
    await world.cycle('sync');
    await world.cycle('sync');
    expect(contactOf(world, EMAIL).fields['LASTNAME']).toBe('OfContact');
    await expectDone(world);
  });

  it('L16: the lead of a person moves on its own, whatever the contact does', async () => {
    const [contact, lead] = [contactIn(world), leadIn(world)];
    await settled(world);
    world.sell.world.updateLead(lead, { status: 'Working' });
    world.sell.world.updateContact(contact, { first_name: 'Leah' });
    const run = await world.cycle('sync');
    expect(await decided(world, run.id)).toEqual(
      expect.arrayContaining(['L3 list-add marketing', 'L3 list-remove marketing', 'C5 update marketing']),
    );
    await world.cycle('sync');
    expect([listsOf(world), contactOf(world, EMAIL).fields['FIRSTNAME']]).toEqual([['Working'], 'Leah']);
    await expectDone(world);
  });

  it('decision 10: somebody on a lead list who is no prospect or customer is a lead, not a held contact', async () => {
    await world.cycle('align');
    inDotdigital({ FIRSTNAME: 'Lea', LASTNAME: 'Lead' });
    join(world, 'New');
    await world.cycle('sync');
    expect([
      await codes(world),
      (await world.sellRecords('leads')).length,
      (await world.sellRecords('contacts')).length,
    ]).toEqual([[], 1, 0]);
    await expectDone(world);
  });

  it.each(['unsubscribed', 'suppressed', 'ispComplained'] as const)(
    'L19: moving lists never subscribes somebody who is %s',
    async (status) => {
      const lead = leadIn(world);
      await settled(world);
      world.dotdigital.world.optOut(EMAIL, status);
      await world.cycle('sync');
      world.sell.world.updateLead(lead, { status: 'Working' });
      await world.cycle('sync');
      expect(contactOf(world, EMAIL).emailStatus).toBe(status);
      join(world, 'Qualified');
      await world.cycle('sync');
      await world.cycle('sync');
      expect([contactOf(world, EMAIL).emailStatus, statusOf(world, lead)]).toEqual([status, 'Qualified']);
      await expectDone(world);
      expect(contactOf(world, EMAIL).emailStatus).toBe(status);
    },
  );

  it('a run of contacts alone leaves the news of leads for the next', async () => {
    const [contact, lead] = [contactIn(world, { email: 'zc@example.com' }), leadIn(world)];
    await settled(world);
    world.sell.world.updateLead(lead, { status: 'Working', last_name: 'News' });
    world.sell.world.updateContact(contact, { last_name: 'Contact' });
    await world.cycle('sync', { only: ['contact'] });
    expect([listsOf(world), contactOf(world, 'zc@example.com').fields['LASTNAME']]).toEqual([['New'], 'Contact']);
    await world.cycle('sync', { only: ['lead'] });
    expect([listsOf(world), contactOf(world, EMAIL).fields['LASTNAME']]).toEqual([['Working'], 'News']);
    await world.cycle('sync');
    await expectDone(world);
  });

  it('L16: what the contact decides for marketing is not written by a run of leads alone', async () => {
    await world.configure(both());
    const [contact, lead] = [contactIn(world), leadIn(world)];
    await settled(world);
    world.sell.world.updateLead(lead, { last_name: 'Led' });
    await world.cycle('sync', { only: ['lead'] });
    await world.cycle('sync');
    expect([contactOf(world, EMAIL).fields['LASTNAME'], world.sell.world.readContact(contact)]).toMatchObject([
      'Lead',
      { last_name: 'Lead' },
    ]);
    await expectDone(world);
  });

  it('C35, L17: once contacts are switched off, an alignment of leads decides what the contact had decided', async () => {
    await world.configure(both());
    const [contact] = [contactIn(world), leadIn(world, { last_name: 'Led' })];
    await settled(world);
    await world.configure(leadsOnly());
    await world.cycle('sync');
    expect(contactOf(world, EMAIL).fields['LASTNAME']).toBe('Lead');
    await settled(world);
    expect([contactOf(world, EMAIL).fields['LASTNAME'], world.sell.world.readContact(contact)]).toMatchObject([
      'Led',
      { last_name: 'Lead' },
    ]);
    await expectDone(world);
  });

  it('C35, C1: a lead that is gone keeps nobody of its address waiting once leads are switched off', async () => {
    await world.configure(both());
    const lead = leadIn(world, { first_name: null, last_name: null, organization_name: 'Lead Ltd' });
    await settled(world);
    expect(await codes(world)).toEqual(['NAME_MISSING']);
    await world.configure({});
    await world.cycle('sync');
    world.sell.world.deleteLead(lead);
    contactIn(world);
    await world.cycle('sync');
    expect(contactOf(world, EMAIL).fields).toMatchObject({ LASTNAME: 'Lead' });
    await world.cycle('sync');
    await expectDone(world);
  });
});
