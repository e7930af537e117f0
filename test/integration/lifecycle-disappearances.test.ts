// Every disappearance, row by row (D1-D17), and the matrix of one person in two roles, against both simulated services.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  both,
  contactIn,
  DELIVERIES,
  decide,
  EMAIL,
  expectDone,
  isThere,
  join,
  leadIn,
  leadsOnly,
  linkOf,
  linksOfContact,
  listOf,
  listsOf,
  parkedRun,
  settled,
  startLeads,
  syncFully,
} from './lead-people.ts';
import { codes, contactOf, decided, notedRows } from './looking.ts';
import type { Settings, TwoAccounts } from './two-accounts.ts';

const TWO_FIELDS = [
  { sell: 'first_name', dotdigital: 'FIRSTNAME' },
  { sell: 'last_name', dotdigital: 'LASTNAME' },
];

describe.each(DELIVERIES)('disappearances, $name', (delivery) => {
  let world: TwoAccounts;
  beforeEach(async () => {
    world = await startLeads(delivery);
  });
  afterEach(() => world.stop());

  const field = (name: string): unknown => contactOf(world, EMAIL).fields[name] ?? null;
  const edit = (fields: { readonly [name: string]: string }): void =>
    world.dotdigital.world.editContact(EMAIL, { fields });
  const idFields = both({ idField: 'SELL_CONTACT_ID' }, { idField: 'SELL_LEAD_ID' });
  const run = async (): Promise<readonly string[]> => decided(world, (await world.cycle('sync')).id);
  /** A lead and a contact of one person, both linked. */
  const twoRoles = async (settings: Settings = {}): Promise<{ contact: number; lead: number; id: number }> => {
    await world.configure({ ...both(), ...settings });
    const [contact, lead] = [contactIn(world), leadIn(world)];
    await settled(world);
    expect(await linksOfContact(world)).toEqual(['contact active', 'lead active']);
    return { contact, lead, id: contactOf(world, EMAIL).contactId };
  };
  /** The same, and then the contact is given the address of somebody else and waits. */
  const oneHeld: typeof twoRoles = async () => {
    world.dotdigital.world.addContact({ email: 'else@example.com', fields: { FIRSTNAME: 'El', LASTNAME: 'Se' } });
    const both = await twoRoles();
    world.sell.world.updateContact(both.contact, { email: 'else@example.com' });
    await world.cycle('sync');
    expect(await codes(world, 'else@example.com')).toContain('EMAIL_TAKEN');
    return both;
  };

  describe('a contact of Sell is gone', () => {
    it('D1, matrix: ZC only, ZC deleted -> deleted in Dotdigital', async () => {
      const id = contactIn(world);
      await settled(world);
      world.sell.world.deleteContact(id);
      expect(await run()).toEqual(['D1 delete marketing']);
      expect(isThere(world)).toBe(false);
      expect(await linkOf(world, 'contact', id)).toBe('severed D1');
      await expectDone(world);
    });

    it('D1: a suppression survives the delete', async () => {
      const id = contactIn(world);
      await settled(world);
      world.dotdigital.world.unsubscribe(EMAIL);
      await world.cycle('sync');
      world.sell.world.deleteContact(id);
      await world.cycle('sync');
      expect(isThere(world)).toBe(false);
      expect(world.dotdigital.world.suppressions().map(({ email }) => email)).toContain(EMAIL);
      await expectDone(world);
    });

    it('D1 queue: the delete waits for approval, and is done when approved', async () => {
      await world.configure(both({ delete: 'queue' }));
      const id = contactIn(world);
      await settled(world);
      world.sell.world.deleteContact(id);
      // A plan is looked at, not decided upon: nothing of it waits.
      expect(await world.lockstep('plan')).toMatchObject({
        code: 0,
        json: { runs: [{ state: 'ok', planned: [{ row: 'D1', kind: 'delete' }] }] },
      });
      const parked = await world.cycle('sync');
      expect([parked.state, isThere(world)]).toEqual(['parked', true]);
      expect(await decided(world, parked.id)).toEqual(['D1 delete marketing (parked)']);
      expect(await codes(world)).toEqual(['BRAKE_PARKED']);
      await expectDone(world);
      expect(isThere(world)).toBe(true);
      await decide(world, 'approve', await parkedRun(world));
      expect(isThere(world)).toBe(false);
      await expectDone(world);
      expect(await codes(world)).toEqual([]);
    });

    it('D1 mark: the contact stays and is marked', async () => {
      await world.configure(both({ delete: 'mark' }));
      const id = contactIn(world);
      await settled(world);
      world.sell.world.deleteContact(id);
      expect(await run()).toEqual(['D1 update marketing']);
      expect([isThere(world), field('SELL_DELETED')]).toEqual([true, 'contact']);
      expect(await linkOf(world, 'contact', id)).toBe('severed D1');
      await expectDone(world);
    });

    it('D1 remove-from-lists: the contact stays, on no list', async () => {
      await world.configure(both({ delete: 'remove-from-lists' }));
      const id = contactIn(world);
      world.dotdigital.world.createList('Newsletter');
      await settled(world);
      world.dotdigital.world.joinList(EMAIL, 'Newsletter');
      edit({ LASTNAME: 'Listed' });
      await world.cycle('sync');
      world.sell.world.deleteContact(id);
      expect(await run()).toEqual(['D1 list-remove marketing', 'D1 update marketing']);
      expect([isThere(world), contactOf(world, EMAIL).lists.map(({ name }) => name)]).toEqual([true, []]);
      expect(await linkOf(world, 'contact', id)).toBe('severed D1');
      await expectDone(world);
    });

    it('D1 ignore: nothing follows, and nobody is made again', async () => {
      await world.configure(both({ delete: 'ignore' }));
      const id = contactIn(world);
      await settled(world);
      world.sell.world.deleteContact(id);
      expect(await run()).toEqual([]);
      expect([isThere(world), await linkOf(world, 'contact', id)]).toEqual([true, 'severed D1']);
      edit({ LASTNAME: 'Later' });
      await world.cycle('sync');
      expect(await world.sellRecords('contacts')).toEqual([]);
      await expectDone(world);
    });

    it('D1, S2: where Dotdigital is not written, nothing is deleted there', async () => {
      await world.configure(both({ direction: 'dotdigital-to-sell', fields: TWO_FIELDS }));
      const id = contactIn(world);
      world.dotdigital.world.addContact({ email: EMAIL, fields: { FIRSTNAME: 'Lea', LASTNAME: 'Lead' } });
      await settled(world);
      world.sell.world.deleteContact(id);
      expect(await run()).toEqual([]);
      expect(isThere(world)).toBe(true);
      expect(await world.sellRecords('contacts')).toEqual([]);
      await expectDone(world);
    });

    it('D2, matrix: ZC + ZL, ZC deleted -> kept, contact severed, its id cleared', async () => {
      const { contact, lead } = await twoRoles(idFields);
      expect(field('SELL_CONTACT_ID')).toBe(String(contact));
      world.sell.world.deleteContact(contact);
      expect(await run()).toEqual(['D2 update marketing']);
      expect([await linkOf(world, 'contact', contact), await linkOf(world, 'lead', lead)]).toEqual([
        'severed D2',
        'active',
      ]);
      expect([field('SELL_CONTACT_ID'), field('SELL_LEAD_ID'), listsOf(world)]).toEqual([null, String(lead), ['New']]);
      await world.cycle('sync');
      await expectDone(world);
    });

    it('D2, matrix: ZC + ZL, one held, ZC deleted -> the held lead still relates', async () => {
      const [contact] = [contactIn(world), leadIn(world), leadIn(world, { first_name: 'Leo' })];
      await world.configure(both({}, { multipleMatch: 'do-not-update' }));
      await settled(world);
      expect(await linksOfContact(world)).toEqual(['contact active']);
      world.sell.world.deleteContact(contact);
      await world.cycle('sync');
      expect([isThere(world), await linkOf(world, 'contact', contact)]).toEqual([true, 'severed D2']);
    });

    it('D2, S8: a lead that is not synchronised relates all the same', async () => {
      await world.configure(both({}, { enabled: false }));
      const contact = contactIn(world);
      leadIn(world);
      await settled(world);
      world.sell.world.deleteContact(contact);
      await world.cycle('sync');
      expect(isThere(world)).toBe(true);
    });

    it('D3, matrix: never linked, ZC deleted -> nothing, and that is told', async () => {
      const id = contactIn(world, { email: null });
      await settled(world);
      expect(await codes(world)).toEqual(['EMAIL_MISSING']);
      world.sell.world.deleteContact(id);
      expect(await run()).toEqual([]);
      expect(await codes(world)).toEqual(['DELETE_UNIDENTIFIED']);
      await expectDone(world);
      expect(await codes(world)).toEqual(['DELETE_UNIDENTIFIED']);
    });

    it('D3, matrix: never linked, ZL deleted -> nothing, the contact of that address stays', async () => {
      await world.configure(leadsOnly({ direction: 'dotdigital-to-sell', fields: TWO_FIELDS }));
      const lead = leadIn(world);
      await settled(world);
      world.dotdigital.world.addContact({ email: 'other@example.com' });
      world.sell.world.deleteLead(lead);
      expect(await run()).toEqual([]);
      expect(isThere(world, 'other@example.com')).toBe(true);
      expect(await codes(world)).toEqual(['DELETE_UNIDENTIFIED']);
    });

    it('D4, matrix: ZC + shadow ZC, ZC deleted -> the shadow with the lowest id takes over', async () => {
      const ids = [contactIn(world), contactIn(world, { title: 'second' }), contactIn(world, { first_name: 'Leah' })];
      await settled(world);
      expect(await Promise.all(ids.map((id) => linkOf(world, 'contact', id)))).toEqual([
        'active',
        'shadow C3',
        'shadow C3',
      ]);
      const before = contactOf(world, EMAIL).contactId;
      world.sell.world.deleteContact(ids[0] ?? 0);
      world.sell.world.updateContact(ids[1] ?? 0, { last_name: 'Second' });
      await world.cycle('sync');
      expect([isThere(world), contactOf(world, EMAIL).contactId, field('LASTNAME')]).toEqual([true, before, 'Second']);
      expect(await Promise.all(ids.map((id) => linkOf(world, 'contact', id)))).toEqual([
        'severed D4',
        'active',
        'shadow C3',
      ]);
      edit({ FIRSTNAME: 'Promoted' });
      await world.cycle('sync');
      expect(world.sell.world.readContact(ids[1] ?? 0)).toMatchObject({ first_name: 'Promoted' });
      await expectDone(world);
    });

    it('D4: merged in Sell into a record that takes the address over: the survivor takes over, whatever the feed tells first', async () => {
      const [survivor, loser] = [contactIn(world, { email: null, last_name: 'Survivor' }), contactIn(world)];
      await settled(world);
      const before = contactOf(world, EMAIL).contactId;
      world.sell.world.mergeContacts(survivor, loser);
      await world.cycle('sync');
      expect([isThere(world), contactOf(world, EMAIL).contactId]).toEqual([true, before]);
      expect(await linkOf(world, 'contact', survivor)).toBe('active');
      await world.cycle('sync');
      await expectDone(world);
    });

    it('D4, decision 28: merged with a record of another address, and no twin: a delete', async () => {
      const [survivor, loser] = [contactIn(world, { email: 'else@example.com' }), contactIn(world)];
      await settled(world);
      world.sell.world.mergeContacts(survivor, loser);
      expect(await run()).toEqual(['D1 delete marketing']);
      expect([isThere(world), isThere(world, 'else@example.com')]).toEqual([false, true]);
    });

    it('D5: merged into the record of another person: held, nothing deleted', async () => {
      const [survivor, loser] = [contactIn(world, { email: 'else@example.com' }), contactIn(world)];
      await settled(world);
      world.sell.world.updateContact(survivor, { email: EMAIL });
      await world.cycle('sync');
      world.sell.world.mergeContacts(survivor, loser);
      expect(await run()).toEqual([]);
      expect([isThere(world), isThere(world, 'else@example.com')]).toEqual([true, true]);
      expect(await codes(world)).toContain('MERGE_TWO_PERSONS');
      await expectDone(world);
    });
  });

  describe('a lead of Sell is gone', () => {
    it('D6, matrix: ZL only, ZL deleted -> deleted in Dotdigital', async () => {
      const lead = leadIn(world);
      await settled(world);
      world.sell.world.deleteLead(lead);
      expect(await run()).toEqual(['D6 delete marketing']);
      expect([isThere(world), await linkOf(world, 'lead', lead)]).toEqual([false, 'severed D6']);
      await expectDone(world);
    });

    it('D7, matrix: ZC + ZL, ZL deleted -> kept, off all lead lists, its id cleared', async () => {
      const { contact, lead } = await twoRoles(idFields);
      join(world, 'Working');
      await world.cycle('sync');
      world.sell.world.deleteLead(lead);
      expect(await run()).toEqual(['D7 list-remove marketing', 'D7 list-remove marketing', 'D7 update marketing']);
      expect([await linkOf(world, 'contact', contact), await linkOf(world, 'lead', lead)]).toEqual([
        'active',
        'severed D7',
      ]);
      expect([field('SELL_CONTACT_ID'), field('SELL_LEAD_ID'), listsOf(world)]).toEqual([String(contact), null, []]);
      await expectDone(world);
      expect(await world.sellRecords('leads')).toEqual([]);
    });

    it('D7, matrix: ZC + ZL, one held, ZL deleted -> the held contact still relates', async () => {
      await world.configure(both({ multipleMatch: 'do-not-update' }));
      const lead = leadIn(world);
      contactIn(world);
      contactIn(world, { first_name: 'Leo' });
      await settled(world);
      expect(await linksOfContact(world)).toEqual(['lead active']);
      world.sell.world.deleteLead(lead);
      await world.cycle('sync');
      expect([isThere(world), listsOf(world), await linkOf(world, 'lead', lead)]).toEqual([true, [], 'severed D7']);
    });

    it('D7: leaving the lists that fails is tried again', async () => {
      const { lead } = await twoRoles();
      world.sell.world.deleteLead(lead);
      world.dotdigital.world.planJob('list-removal', { status: 'Failed' });
      expect((await world.cycle('sync')).state).toBe('partial');
      expect(listsOf(world)).toEqual(['New']);
      await world.cycle('sync');
      expect([listsOf(world), await linkOf(world, 'lead', lead)]).toEqual([[], 'severed D7']);
      expect(await world.sellRecords('leads')).toEqual([]);
      await expectDone(world);
    });

    it('D7, S15: a contact that is not synchronised relates all the same', async () => {
      await world.configure(leadsOnly());
      const lead = leadIn(world);
      contactIn(world);
      await settled(world);
      world.sell.world.deleteLead(lead);
      await world.cycle('sync');
      expect(isThere(world)).toBe(true);
      await expectDone(world);
    });

    it('D2, D7: both records of a person deleted in one cycle -> deleted once', async () => {
      const { contact, lead } = await twoRoles();
      world.sell.world.deleteLead(lead);
      world.sell.world.deleteContact(contact);
      expect(await run()).toEqual(['D1 delete marketing']);
      expect([isThere(world), await linkOf(world, 'contact', contact), await linkOf(world, 'lead', lead)]).toEqual([
        false,
        'severed D1',
        'severed D6',
      ]);
      await expectDone(world);
    });

    it('D4: a lead with a shadow: the shadow takes over with its status', async () => {
      const [first, second] = [leadIn(world), leadIn(world, { status: 'Qualified' })];
      await settled(world);
      world.sell.world.deleteLead(first);
      await world.cycle('sync');
      await world.cycle('sync');
      expect([isThere(world), await linkOf(world, 'lead', second), listsOf(world)]).toEqual([
        true,
        'active',
        ['Qualified'],
      ]);
      await expectDone(world);
    });
  });

  describe('a lead is converted', () => {
    const converted = (lead: number): number => world.sell.world.convertLead(lead).individual_id ?? 0;

    it('D8, matrix: ZL only, ZL converted -> new ZC takes over, off the lists, same contact', async () => {
      await world.configure(idFields);
      const lead = leadIn(world);
      await settled(world);
      const before = contactOf(world, EMAIL);
      const contact = converted(lead);
      const one = await world.cycle('sync');
      expect(await decided(world, one.id)).toEqual(expect.arrayContaining(['D8 list-remove marketing']));
      expect(one.actions.byKind).toMatchObject({ delete: 0, create: 0 });
      await world.cycle('sync');
      expect([await linkOf(world, 'lead', lead), await linkOf(world, 'contact', contact)]).toEqual([
        'severed D8',
        'active',
      ]);
      expect([contactOf(world, EMAIL).contactId, listsOf(world), contactOf(world, EMAIL).status]).toEqual([
        before.contactId,
        [],
        before.status,
      ]);
      expect(field('SELL_LEAD_ID')).toBe(null);
      edit({ FIRSTNAME: 'Converted' });
      await world.cycle('sync');
      expect(world.sell.world.readContact(contact)).toMatchObject({ first_name: 'Converted' });
      await expectDone(world);
      expect((await world.sellRecords('leads')).length + (await world.sellRecords('contacts')).length).toBe(1);
    });

    it('D8: the contact is told a cycle after the lead is gone: nobody is deleted, and it takes over', async () => {
      const lead = leadIn(world);
      await settled(world);
      const { contactId } = contactOf(world, EMAIL);
      const became = converted(lead);
      // Edited after the conversion: in order, it is told last. The feed ends before it.
      world.sell.world.updateContact(became, { title: 'Buyer' });
      world.sell.switches.syncPageSize = 1;
      const early = { method: 'GET', path: '/v2/sync/', nth: 2 };
      const end = { service: 'zendesk-sell', match: early, effect: { type: 'status', status: 204 } } as const;
      const { id } = world.sell.faults.add(end);
      const one = await world.cycle('sync');
      expect(world.sell.faults.fired(id)).toBe(1);
      expect([one.failures, one.actions.byKind.delete, isThere(world)]).toEqual([[], 0, true]);
      world.sell.faults.clear();
      await world.cycle('sync');
      expect([contactOf(world, EMAIL).contactId, listsOf(world)]).toEqual([contactId, []]);
      expect([await linkOf(world, 'contact', became), (await linkOf(world, 'lead', lead)).split(' ')[0]]).toEqual([
        'active',
        'severed',
      ]);
      await expectDone(world);
    });

    it('D8: an edit on its way when the lead was converted is not lost', async () => {
      const lead = leadIn(world);
      await settled(world);
      const contact = converted(lead);
      edit({ LASTNAME: 'Edited' });
      await world.cycle('sync');
      await world.cycle('sync');
      expect(world.sell.world.readContact(contact)).toMatchObject({ last_name: 'Edited' });
      expect(field('LASTNAME')).toBe('Edited');
      await expectDone(world);
    });

    it('D8: an organisation only: the lead ends, the person stays', async () => {
      await world.configure(leadsOnly({}, { names: { requiredFor: 'sell-writes' } }));
      const lead = leadIn(world, { first_name: null, last_name: null, organization_name: 'Acme' });
      await settled(world);
      world.sell.world.convertLead(lead);
      await world.cycle('sync');
      expect([isThere(world), listsOf(world), await linkOf(world, 'lead', lead)]).toEqual([true, [], 'severed D8']);
      await expectDone(world);
    });

    it('D8: contacts are not synchronised: the lead ends, the person stays', async () => {
      await world.configure(leadsOnly());
      const lead = leadIn(world);
      await settled(world);
      world.sell.world.convertLead(lead);
      await world.cycle('sync');
      expect([isThere(world), listsOf(world), await linkOf(world, 'lead', lead)]).toEqual([true, [], 'severed D8']);
      await expectDone(world);
    });

    it('D8: put on a lead list again later, the person becomes a new lead', async () => {
      const lead = leadIn(world);
      await settled(world);
      converted(lead);
      await world.cycle('sync');
      await world.cycle('sync');
      join(world, 'Qualified');
      await world.cycle('sync');
      expect(await world.sellRecord('leads', EMAIL)).toMatchObject({ status: 'Qualified' });
      await expectDone(world);
    });

    it('D9, matrix: ZC + ZL, ZL converted -> linked ZC: contact unchanged, lead ends', async () => {
      const { contact, lead, id } = await twoRoles();
      const became = converted(lead);
      world.sell.world.mergeContacts(contact, became);
      await world.cycle('sync');
      await world.cycle('sync');
      expect([
        await linkOf(world, 'contact', contact),
        (await linkOf(world, 'lead', lead)).split(' ')[0],
        listsOf(world),
      ]).toEqual(['active', 'severed', []]);
      expect(contactOf(world, EMAIL).contactId).toBe(id);
      await expectDone(world);
    });

    it('D9, matrix: ZC + ZL, one held, ZL converted -> linked ZC: contact unchanged, lead ends', async () => {
      const { contact, lead, id } = await oneHeld();
      const became = converted(lead);
      world.sell.world.mergeContacts(contact, became);
      await world.cycle('sync');
      await world.cycle('sync');
      expect([await linkOf(world, 'contact', contact), (await linkOf(world, 'lead', lead)).split(' ')[0]]).toEqual([
        'active',
        'severed',
      ]);
      expect([contactOf(world, EMAIL).contactId, listsOf(world)]).toEqual([id, []]);
    });

    it('D9, matrix: ZC + ZL, ZL converted -> new ZC: a shadow, told, lead ends', async () => {
      const { contact, lead, id } = await twoRoles();
      const became = converted(lead);
      await world.cycle('sync');
      expect([
        await linkOf(world, 'contact', contact),
        await linkOf(world, 'contact', became),
        await linkOf(world, 'lead', lead),
      ]).toEqual(['active', 'shadow C3', 'severed D9']);
      expect([await codes(world), listsOf(world), contactOf(world, EMAIL).contactId]).toEqual([
        ['DUP_SHADOWED'],
        [],
        id,
      ]);
      await expectDone(world);
    });

    it('D8, matrix: ZC + ZL, one held, ZL converted -> new ZC', async () => {
      await world.configure(both({ multipleMatch: 'do-not-update' }));
      const lead = leadIn(world);
      const [one, two] = [contactIn(world), contactIn(world, { first_name: 'Leo' })];
      await settled(world);
      expect(await linksOfContact(world)).toEqual(['lead active']);
      const became = converted(lead);
      await world.cycle('sync');
      await world.cycle('sync');
      expect([isThere(world), listsOf(world), (await linkOf(world, 'lead', lead)).split(' ')[0]]).toEqual([
        true,
        [],
        'severed',
      ]);
      expect([
        await linkOf(world, 'contact', became),
        await linkOf(world, 'contact', one),
        await linkOf(world, 'contact', two),
      ]).toEqual(['active', 'shadow C3', 'shadow C3']);
      await expectDone(world);
    });

    it('D10: converted into a contact of another person: held, nothing severed', async () => {
      const other = contactIn(world, { email: 'else@example.com' });
      const lead = leadIn(world);
      await settled(world);
      const became = converted(lead);
      world.sell.world.updateContact(became, { email: 'else@example.com' });
      world.sell.world.deleteContact(other);
      await world.cycle('sync');
      expect(await codes(world)).toContain('CONVERSION_COLLISION');
      expect([isThere(world), isThere(world, 'else@example.com')]).toEqual([true, true]);
      await expectDone(world);
    });
  });

  describe('a contact of Dotdigital is gone', () => {
    it('D11, S16, matrix: ZL only, contact deleted -> lead kept, remembered', async () => {
      const lead = leadIn(world);
      await settled(world);
      world.dotdigital.world.deleteContact(EMAIL);
      const one = await syncFully(world);
      expect([await decided(world, one.id), await linkOf(world, 'lead', lead)]).toEqual([[], 'severed D11']);
      expect(await notedRows(world, one.id)).toEqual(['D11']);
      expect(world.sell.world.readLead(lead)).toBeDefined();
      await expectDone(world);
      expect(isThere(world)).toBe(false);
    });

    it('D11: a deleted contact is missed on its lead list by any sync, and never paused as taken off', async () => {
      const lead = leadIn(world);
      await settled(world);
      world.dotdigital.world.deleteContact(EMAIL);
      await world.cycle('sync');
      expect(await linkOf(world, 'lead', lead)).toBe('severed D11');
      await expectDone(world);
    });

    it('D12, matrix: ZC only, contact deleted -> kept in Sell', async () => {
      const id = contactIn(world);
      await settled(world);
      world.dotdigital.world.deleteContact(EMAIL);
      await syncFully(world);
      expect([await linkOf(world, 'contact', id), world.sell.world.readContact(id) === undefined]).toEqual([
        'severed D12',
        false,
      ]);
      await expectDone(world);
      expect(isThere(world)).toBe(false);
    });

    it('D11, D12, matrix: ZC + ZL, contact deleted -> both links remembered', async () => {
      const { contact, lead } = await twoRoles();
      world.dotdigital.world.deleteContact(EMAIL);
      await syncFully(world);
      expect([await linkOf(world, 'contact', contact), await linkOf(world, 'lead', lead)]).toEqual([
        'severed D12',
        'severed D11',
      ]);
      expect([(await world.sellRecords('contacts')).length, (await world.sellRecords('leads')).length]).toEqual([1, 1]);
      await expectDone(world);
      expect(isThere(world)).toBe(false);
    });

    it('D11, D12, matrix: ZC + ZL, one held, contact deleted -> both links remembered', async () => {
      const { contact, lead } = await oneHeld();
      world.dotdigital.world.deleteContact(EMAIL);
      await syncFully(world);
      expect([await linkOf(world, 'contact', contact), await linkOf(world, 'lead', lead)]).toEqual([
        'severed D12',
        'severed D11',
      ]);
      await expectDone(world);
      expect(isThere(world)).toBe(false);
    });

    it('D12, matrix: ZC + shadow ZC, contact deleted -> kept in Sell, nobody made again', async () => {
      contactIn(world);
      contactIn(world, { first_name: 'Leo' });
      await settled(world);
      world.dotdigital.world.deleteContact(EMAIL);
      await syncFully(world);
      await expectDone(world);
      expect([isThere(world), (await world.sellRecords('contacts')).length]).toEqual([false, 2]);
    });

    it('D12: a contact that is only suppressed, and not listed any more, is not deleted', async () => {
      const id = contactIn(world);
      await settled(world);
      world.dotdigital.switches.suppressedShown = false;
      world.dotdigital.world.unsubscribe(EMAIL);
      await syncFully(world);
      expect(await linkOf(world, 'contact', id)).toBe('active');
    });

    it('D12: a deleted contact is also noticed when it is written to', async () => {
      world.dotdigital.switches.recreateAfterDelete = 'new-contact';
      const id = contactIn(world);
      await settled(world);
      world.dotdigital.world.deleteContact(EMAIL);
      world.sell.world.updateContact(id, { last_name: 'Changed' });
      await world.cycle('sync');
      await world.cycle('sync');
      expect([isThere(world), await linkOf(world, 'contact', id)]).toEqual([false, 'severed D12']);
      await expectDone(world);
    });

    it('D13: the record changes again in Sell: stays deleted', async () => {
      const id = contactIn(world);
      await settled(world);
      world.dotdigital.world.deleteContact(EMAIL);
      await syncFully(world);
      world.sell.world.updateContact(id, { last_name: 'Changed' });
      const one = await world.cycle('sync');
      expect([await decided(world, one.id), await notedRows(world, one.id), isThere(world)]).toEqual([
        [],
        ['D13'],
        false,
      ]);
      await expectDone(world);
    });

    it('D13 recreate: the record changes again in Sell: made again', async () => {
      await world.configure(both({ afterDotdigitalDelete: 'recreate' }));
      const id = contactIn(world);
      await settled(world);
      world.dotdigital.world.deleteContact(EMAIL);
      await syncFully(world);
      world.sell.world.updateContact(id, { last_name: 'Changed' });
      await world.cycle('sync');
      expect([isThere(world), field('LASTNAME')]).toEqual([true, 'Changed']);
      await world.cycle('sync');
      await expectDone(world);
    });

    it('D14: the address comes back as another contact: somebody is asked, nothing is doubled', async () => {
      world.dotdigital.switches.recreateAfterDelete = 'new-contact';
      const id = contactIn(world);
      await settled(world);
      world.dotdigital.world.deleteContact(EMAIL);
      await syncFully(world);
      world.dotdigital.world.addContact({ email: EMAIL, fields: { FIRSTNAME: 'Lea', LASTNAME: 'Again' } });
      await world.cycle('sync');
      expect([await codes(world), (await world.sellRecords('contacts')).length]).toEqual([['EDITED_AFTER_DELETE'], 1]);
      expect(world.sell.world.readContact(id)).toMatchObject({ last_name: 'Lead' });
      await expectDone(world);
      await world.configure(both({ afterDotdigitalDelete: 'recreate' }));
      await world.cycle('sync');
      expect([await codes(world), await linkOf(world, 'contact', id)]).toEqual([[], 'active']);
    });

    it('D15: both sides deleted: the link is closed', async () => {
      const { contact, lead } = await twoRoles();
      world.dotdigital.world.deleteContact(EMAIL);
      world.sell.world.deleteContact(contact);
      world.sell.world.deleteLead(lead);
      const one = await syncFully(world);
      expect(await decided(world, one.id)).toEqual([]);
      expect([await linkOf(world, 'contact', contact), await linkOf(world, 'lead', lead)]).toEqual([
        'severed D15',
        'severed D15',
      ]);
      await expectDone(world);
    });

    it('D16: edited in Sell in the cycle in which the contact was deleted: stays deleted', async () => {
      const id = contactIn(world);
      await settled(world);
      world.dotdigital.world.deleteContact(EMAIL);
      world.sell.world.updateContact(id, { last_name: 'Changed' });
      await syncFully(world);
      expect([isThere(world), await linkOf(world, 'contact', id)]).toEqual([false, 'severed D12']);
      await expectDone(world);
    });

    it('D17: edited in Dotdigital after the record was deleted in Sell: waits for somebody', async () => {
      const [id, lead] = [contactIn(world, { email: 'zc@example.com' }), leadIn(world)];
      await settled(world);
      world.sell.world.deleteContact(id);
      world.sell.world.deleteLead(lead);
      edit({ LASTNAME: 'Edited' });
      world.dotdigital.world.editContact('zc@example.com', { fields: { LASTNAME: 'Edited' } });
      expect(await run()).toEqual([]);
      expect([isThere(world), isThere(world, 'zc@example.com')]).toEqual([true, true]);
      expect(await codes(world)).toEqual(['EDITED_AFTER_DELETE', 'EDITED_AFTER_DELETE']);
      await expectDone(world);
      for (const email of [EMAIL, 'zc@example.com']) world.dotdigital.world.deleteContact(email);
      await syncFully(world);
      expect(await codes(world)).toEqual([]);
    });
  });

  it('D8, D20: nothing is taken off a list by the run that follows a changed configuration; the next one does it', async () => {
    const lead = leadIn(world);
    await settled(world);
    await world.configure(both({}, { enforceSingleList: true }));
    const gone = contactIn(world, { email: 'gone@example.com' });
    world.sell.world.convertLead(lead);
    const first = await world.cycle('sync');
    expect(first.actions.byKind).toMatchObject({ 'list-remove': 0, delete: 0 });
    expect(listsOf(world)).toEqual(['New']);
    await world.cycle('sync');
    expect([listsOf(world), (await linkOf(world, 'lead', lead)).split(' ')[0]]).toEqual([[], 'severed']);
    expect(world.sell.world.readContact(gone)).toBeDefined();
    expect(world.dotdigital.world.lists().map(({ name }) => name)).toContain(listOf('New'));
  });
});
