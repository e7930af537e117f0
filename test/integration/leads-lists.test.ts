// Lead statuses as lists, row by row (L1-L13, L18), against both simulated services, however changes are delivered.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  DELIVERIES,
  decide,
  EMAIL,
  expectDone,
  join,
  leadIn,
  leadsOnly,
  leave,
  linkOf,
  linksOfContact,
  listOf,
  listsOf,
  on,
  PREFIX,
  parkedRun,
  STATUSES,
  settled,
  startLeads,
  statusOf,
  syncFully,
} from './lead-people.ts';
import { codes, decided, notedRows, openHoldsOf } from './looking.ts';
import type { TwoAccounts } from './two-accounts.ts';

const FIELDS = [
  { sell: 'first_name', dotdigital: 'FIRSTNAME' },
  { sell: 'last_name', dotdigital: 'LASTNAME' },
];

describe.each(DELIVERIES)('leads as lists, $name', (delivery) => {
  let world: TwoAccounts;
  beforeEach(async () => {
    world = await startLeads(delivery, leadsOnly());
  });
  afterEach(() => world.stop());

  const names = (): readonly string[] =>
    world.dotdigital.world
      .lists()
      .map(({ name }) => name)
      .filter((name) => name.startsWith(PREFIX))
      .sort();
  const inDotdigital = (more: { readonly [name: string]: string } = {}, email: string = EMAIL): void =>
    void world.dotdigital.world.addContact({ email, fields: { FIRSTNAME: 'Lea', LASTNAME: 'Lead', ...more } });
  const statusId = (name: string): number =>
    [...world.sell.world.state.leadStatuses.values()].find((status) => status.name === name)?.id ?? 0;

  describe('L1: one list per status', () => {
    it('L1: lists that exist are adopted, and known by id from then on', async () => {
      const id = world.dotdigital.world.createList(listOf('Working').toUpperCase());
      await world.cycle('align');
      expect(
        world.dotdigital.world.lists().filter(({ name }) => name.toLowerCase().startsWith(PREFIX.toLowerCase())),
      ).toHaveLength(STATUSES.length);
      world.dotdigital.world.renameList(id, 'Anything else');
      leadIn(world, { status: 'Working' });
      await world.cycle('sync');
      expect(world.dotdigital.world.members(id)).toHaveLength(1);
      expect(names()).not.toContain(listOf('Working'));
    });

    it('L1: statuses that differ in case only have a list each, whichever comes first', async () => {
      world.sell.world.addLeadStatus('working');
      const [upper, lower] = [
        leadIn(world, { status: 'Working' }),
        leadIn(world, { status: 'working', email: 'low@example.com' }),
      ];
      await settled(world);
      expect(names()).toHaveLength(STATUSES.length + 1);
      expect(on(world, 'Working')).toEqual([EMAIL]);
      expect([statusOf(world, upper), statusOf(world, lower)]).toEqual(['Working', 'working']);
      world.sell.world.addLeadStatus('WORKING');
      world.sell.world.updateLead(lower, { status: 'WORKING' });
      await world.cycle('sync');
      expect(names()).toHaveLength(STATUSES.length + 2);
      expect(on(world, 'Working')).toEqual([EMAIL]);
      await expectDone(world);
      expect([statusOf(world, upper), statusOf(world, lower)]).toEqual(['Working', 'WORKING']);
    });

    it('L1: names longer than a list may have are cut and stay apart', async () => {
      const [one, two] = [`${'x'.repeat(120)} one`, `${'x'.repeat(120)} two 😀`];
      for (const status of [one, two]) world.sell.world.addLeadStatus(status);
      leadIn(world, { status: one });
      leadIn(world, { status: two, email: 'two@example.com' });
      await settled(world);
      const long = names().filter((name) => name.includes('xxx'));
      expect(long).toHaveLength(2);
      for (const name of long) expect(name.length).toBeLessThanOrEqual(128);
      for (const name of long) expect(world.dotdigital.world.members(name)).toHaveLength(1);
      await expectDone(world);
    });

    it('L1: a name that is reserved, or taken by a segment, gives way to another', async () => {
      await world.configure(leadsOnly({ listPrefix: 'T' }));
      world.sell.world.addLeadStatus('est');
      world.dotdigital.world.createSegment('TWorking', []);
      leadIn(world, { status: 'est' });
      leadIn(world, { status: 'Working', email: 'wim@example.com' });
      const run = await world.cycle('align');
      expect([run.state, await codes(world)]).toEqual(['ok', []]);
      await world.cycle('sync');
      for (const start of ['Test ~', 'TWorking ~']) {
        const list = world.dotdigital.world.lists().find(({ name }) => name.startsWith(start));
        expect(world.dotdigital.world.members(list?.id ?? 0)).toHaveLength(1);
      }
      await expectDone(world);
    });

    it('L1: where Sell does not list its statuses, those met on leads are used', async () => {
      world.sell.switches.leadStatusesEndpoint = false;
      const lead = leadIn(world, { status: 'Working' });
      await settled(world);
      expect(names()).toEqual([listOf('Working')]);
      expect(on(world, 'Working')).toEqual([EMAIL]);
      world.sell.world.updateLead(lead, { status: 'Qualified' });
      await world.cycle('sync');
      expect(names()).toEqual([listOf('Qualified'), listOf('Working')]);
      expect(listsOf(world)).toEqual(['Qualified']);
      join(world, 'Working');
      await world.cycle('sync');
      expect(statusOf(world, lead)).toBe('Working');
      await world.cycle('sync');
      await expectDone(world);
    });

    it('L1: a status that is new in Sell gets its list in the cycle that meets it', async () => {
      const lead = leadIn(world);
      await settled(world);
      world.sell.world.addLeadStatus('Hot');
      world.sell.world.updateLead(lead, { status: 'Hot' });
      const run = await world.cycle('sync');
      expect(run.state).toBe('ok');
      expect(listsOf(world)).toEqual(['Hot']);
      await expectDone(world);
    });

    it('L1: lists are made whatever the direction, a preview makes none', async () => {
      await world.configure(leadsOnly({ direction: 'dotdigital-to-sell', fields: FIELDS }));
      leadIn(world);
      await world.cycle('preview');
      expect(names()).toEqual([]);
      await world.cycle('align');
      expect(names()).toHaveLength(STATUSES.length);
      expect(listsOf(world)).toEqual([]);
    });
  });

  describe('L2-L4: joining', () => {
    it('L2: a new lead becomes a contact on the list of its status', async () => {
      await world.cycle('align');
      const lead = leadIn(world, { status: 'Qualified' });
      const run = await world.cycle('sync');
      expect(await decided(world, run.id)).toEqual(['L2 create marketing']);
      expect(listsOf(world)).toEqual(['Qualified']);
      expect(await linkOf(world, 'lead', lead)).toBe('active');
      await expectDone(world);
    });

    it('L2: a lead whose contact exists is linked, and the contact joins the list', async () => {
      await world.cycle('align');
      inDotdigital();
      await world.cycle('sync');
      leadIn(world, { status: 'Working' });
      await world.cycle('sync');
      expect(listsOf(world)).toEqual(['Working']);
      expect(await linksOfContact(world)).toEqual(['lead active']);
      await expectDone(world);
    });

    it('L3: a status changed in Sell moves the contact, off every other list', async () => {
      const lead = leadIn(world);
      await settled(world);
      world.sell.world.updateLead(lead, { status: 'Working' });
      const run = await world.cycle('sync');
      expect(await decided(world, run.id)).toEqual(['L3 list-add marketing', 'L3 list-remove marketing']);
      expect(listsOf(world)).toEqual(['Working']);
      await expectDone(world);
      expect(statusOf(world, lead)).toBe('Working');
    });

    it('L3: a status changed twice between two runs ends on the last list alone', async () => {
      const lead = leadIn(world);
      await settled(world);
      world.sell.world.updateLead(lead, { status: 'Working' });
      world.sell.world.updateLead(lead, { status: 'Unqualified' });
      await world.cycle('sync');
      expect(listsOf(world)).toEqual(['Unqualified']);
      world.sell.world.updateLead(lead, { status: 'New' });
      world.sell.world.updateLead(lead, { status: 'Unqualified' });
      await world.cycle('sync');
      expect(listsOf(world)).toEqual(['Unqualified']);
      await expectDone(world);
    });

    it('L3: joining that fails leaves the contact where it is, and is tried again', async () => {
      const lead = leadIn(world);
      await settled(world);
      world.sell.world.updateLead(lead, { status: 'Working' });
      world.dotdigital.world.planJob('contact-import', { status: 'Failed' });
      const run = await world.cycle('sync');
      expect(run.state).toBe('partial');
      expect(listsOf(world)).toEqual(['New']);
      await world.cycle('sync');
      expect(listsOf(world)).toEqual(['Working']);
      await expectDone(world);
      expect(statusOf(world, lead)).toBe('Working');
    });

    it('L3: leaving that fails is tried again, and never moves the lead back', async () => {
      const lead = leadIn(world);
      await settled(world);
      world.sell.world.updateLead(lead, { status: 'Working' });
      world.dotdigital.world.planJob('list-removal', { status: 'Failed' });
      expect((await world.cycle('sync')).state).toBe('partial');
      expect(listsOf(world)).toEqual(['New', 'Working']);
      await world.cycle('sync');
      expect(listsOf(world)).toEqual(['Working']);
      expect(statusOf(world, lead)).toBe('Working');
      await expectDone(world);
    });

    it('L4: a contact put on a lead list becomes a lead with that status; one without a list does not', async () => {
      await world.cycle('align');
      inDotdigital();
      inDotdigital({}, 'nobody@example.com');
      join(world, 'Qualified');
      const run = await world.cycle('sync');
      expect(await decided(world, run.id)).toEqual(['L4 create crm']);
      expect(await world.sellRecord('leads', EMAIL)).toMatchObject({ status: 'Qualified', first_name: 'Lea' });
      expect((await world.sellRecords('leads')).length).toBe(1);
      expect(await codes(world)).toEqual([]);
      await expectDone(world);
    });

    it('L4, 4.4: a contact put on a lead list is linked to the lead that has its address', async () => {
      await world.configure(leadsOnly({ direction: 'dotdigital-to-sell', fields: FIELDS }));
      await world.cycle('align');
      const lead = leadIn(world);
      await world.cycle('sync');
      inDotdigital();
      join(world, 'Working');
      await world.cycle('sync');
      expect((await world.sellRecords('leads')).length).toBe(1);
      expect(statusOf(world, lead)).toBe('Working');
      await world.cycle('sync');
      await expectDone(world);
    });
  });

  describe('L5-L7: several lists', () => {
    it('L5, S10: a contact added to another list changes the status, and stays on both', async () => {
      const lead = leadIn(world);
      await settled(world);
      join(world, 'Qualified');
      const run = await world.cycle('sync');
      expect(await decided(world, run.id)).toEqual(['L5 update crm']);
      expect(statusOf(world, lead)).toBe('Qualified');
      expect(listsOf(world)).toEqual(['New', 'Qualified']);
      await expectDone(world);
    });

    it('L5 enforceSingleList: the contact leaves the lists it was moved from', async () => {
      await world.configure(leadsOnly({ enforceSingleList: true }));
      const lead = leadIn(world);
      await settled(world);
      join(world, 'Qualified');
      await world.cycle('sync');
      expect([statusOf(world, lead), listsOf(world)]).toEqual(['Qualified', ['Qualified']]);
      await expectDone(world);
    });

    it('L5: moved twice between two runs, the last list counts', async () => {
      const lead = leadIn(world);
      await settled(world);
      join(world, 'Qualified');
      leave(world, 'Qualified');
      leave(world, 'New');
      join(world, 'Working');
      await world.cycle('sync');
      expect([statusOf(world, lead), listsOf(world)]).toEqual(['Working', ['Working']]);
      await expectDone(world);
    });

    it('L5, S2: where Sell is not written, a list changes nothing there', async () => {
      await world.configure(leadsOnly({ direction: 'sell-to-dotdigital' }));
      const lead = leadIn(world);
      await settled(world);
      join(world, 'Qualified');
      await world.cycle('sync');
      expect(statusOf(world, lead)).toBe('New');
      await expectDone(world);
    });

    it('L6: of four lists the one joined last counts, however often the person moves', async () => {
      const lead = leadIn(world);
      await settled(world);
      for (const status of ['Unqualified', 'Working', 'Qualified']) {
        join(world, status);
        await world.cycle('sync');
        expect(statusOf(world, lead)).toBe(status);
      }
      expect(listsOf(world)).toEqual([...STATUSES].sort());
      await expectDone(world);
      expect(await codes(world)).toEqual([]);
    });

    it('L6 c: lists joined between the same two runs: the later stage counts, and that is told', async () => {
      const lead = leadIn(world);
      await settled(world);
      join(world, 'Qualified');
      join(world, 'Working');
      const run = await world.cycle('sync');
      expect(statusOf(world, lead)).toBe('Qualified');
      expect(await codes(world)).toEqual(['LIST_ORDER_UNKNOWN']);
      expect(run.state).toBe('ok');
      await expectDone(world);
      leave(world, 'Qualified');
      leave(world, 'New');
      await world.cycle('sync');
      expect(statusOf(world, lead)).toBe('Working');
      expect(await codes(world)).toEqual([]);
      await expectDone(world);
    });

    it('L6: at alignment the present status wins among the lists, else the later stage', async () => {
      for (const status of STATUSES) world.dotdigital.world.createList(listOf(status));
      const [kept, other] = [
        leadIn(world, { status: 'Working' }),
        leadIn(world, { status: 'Unqualified', email: 'else@example.com' }),
      ];
      for (const email of [EMAIL, 'else@example.com', 'fresh@example.com']) inDotdigital({}, email);
      for (const email of [EMAIL, 'else@example.com', 'fresh@example.com'])
        for (const status of ['New', 'Working', 'Qualified']) join(world, status, email);
      await world.configure(leadsOnly({ alignment: { mode: 'both', winner: 'dotdigital' } }));
      await world.cycle('align');
      expect([statusOf(world, kept), statusOf(world, other)]).toEqual(['Working', 'Qualified']);
      expect(await world.sellRecord('leads', 'fresh@example.com')).toMatchObject({ status: 'Qualified' });
      expect(await codes(world, EMAIL)).toEqual([]);
      expect(await codes(world, 'fresh@example.com')).toEqual(['LIST_ORDER_UNKNOWN']);
      await world.cycle('sync');
      await expectDone(world);
      expect(statusOf(world, kept)).toBe('Working');
    });

    it('L6, 4.8: at alignment Sell wins over a list of another status, and no list is left', async () => {
      world.dotdigital.world.createList(listOf('Qualified'));
      const lead = leadIn(world, { status: 'Working' });
      inDotdigital();
      join(world, 'Qualified');
      await world.cycle('align');
      expect([statusOf(world, lead), listsOf(world)]).toEqual(['Working', ['Qualified', 'Working']]);
      await world.cycle('sync');
      await expectDone(world);
      expect(statusOf(world, lead)).toBe('Working');
    });

    it('L7: off the list that counted, the latest of the others decides', async () => {
      const lead = leadIn(world);
      await settled(world);
      join(world, 'Working');
      await world.cycle('sync');
      join(world, 'Qualified');
      await world.cycle('sync');
      leave(world, 'Qualified');
      await world.cycle('sync');
      expect(statusOf(world, lead)).toBe('Working');
      leave(world, 'Working');
      await world.cycle('sync');
      expect([statusOf(world, lead), listsOf(world)]).toEqual(['New', ['New']]);
      await expectDone(world);
    });
  });

  describe('L8: off all lists', () => {
    it('L8: the lead stays as it is and pauses; back on a list it goes on', async () => {
      const lead = leadIn(world);
      await settled(world);
      leave(world, 'New');
      const run = await world.cycle('sync');
      expect(await decided(world, run.id)).toEqual([]);
      expect(await notedRows(world, run.id)).toEqual(['L8']);
      expect([await linkOf(world, 'lead', lead), statusOf(world, lead), listsOf(world)]).toEqual([
        'paused L8',
        'New',
        [],
      ]);
      world.sell.world.updateLead(lead, { last_name: 'Paused' });
      await expectDone(world);
      expect(world.dotdigital.world.contact(EMAIL)?.fields['LASTNAME']).toBe('Lead');
      join(world, 'Qualified');
      await world.cycle('sync');
      expect([await linkOf(world, 'lead', lead), statusOf(world, lead)]).toEqual(['active', 'Qualified']);
      expect(world.dotdigital.world.contact(EMAIL)?.fields['LASTNAME']).toBe('Paused');
      await expectDone(world);
    });

    it('L8: a status changed in Sell puts the contact on its list again', async () => {
      const lead = leadIn(world);
      await settled(world);
      leave(world, 'New');
      await world.cycle('sync');
      world.sell.world.updateLead(lead, { status: 'Working' });
      await world.cycle('sync');
      expect([await linkOf(world, 'lead', lead), listsOf(world)]).toEqual(['active', ['Working']]);
      await expectDone(world);
    });

    it('L8: back on the very list it was taken off, it goes on', async () => {
      const lead = leadIn(world);
      await settled(world);
      leave(world, 'New');
      await world.cycle('sync');
      join(world, 'New');
      await world.cycle('sync');
      expect([await linkOf(world, 'lead', lead), statusOf(world, lead)]).toEqual(['active', 'New']);
      await expectDone(world);
    });

    it('decision 24: whoever opts out loses their lists, and is put back when they opt in again', async () => {
      const lead = leadIn(world);
      await settled(world);
      world.dotdigital.world.unsubscribe(EMAIL);
      await world.cycle('sync');
      expect(await linkOf(world, 'lead', lead)).toBe('active');
      await expectDone(world);
      world.dotdigital.world.resubscribe(EMAIL);
      expect(listsOf(world)).toEqual([]);
      await world.cycle('sync');
      expect([await linkOf(world, 'lead', lead), listsOf(world)]).toEqual(['active', ['New']]);
      await expectDone(world);
      leave(world, 'New');
      await world.cycle('sync');
      expect(await linkOf(world, 'lead', lead)).toBe('paused L8');
    });

    it('decision 24: so is whoever was made opted out and opts in before anybody looked again', async () => {
      await world.configure({ ...leadsOnly(), consent: { enabled: false, unknownConsentAs: 'unsubscribed' } });
      const lead = leadIn(world);
      await world.cycle('align');
      world.dotdigital.world.resubscribe(EMAIL);
      expect(listsOf(world)).toEqual([]);
      await world.cycle('sync');
      expect([await linkOf(world, 'lead', lead), listsOf(world)]).toEqual(['active', ['New']]);
      await expectDone(world);
      leave(world, 'New');
      await world.cycle('sync');
      expect(await linkOf(world, 'lead', lead)).toBe('paused L8');
    });
  });

  describe('L9-L13: both sides, and lists and statuses that change themselves', () => {
    it('L9: list and status changed in one cycle: Sell wins', async () => {
      const lead = leadIn(world);
      await settled(world);
      world.sell.world.updateLead(lead, { status: 'Working' });
      join(world, 'Qualified');
      const run = await world.cycle('sync');
      expect(await decided(world, run.id)).toEqual(expect.arrayContaining(['L9 list-add marketing']));
      expect([statusOf(world, lead), listsOf(world)]).toEqual(['Working', ['Working']]);
      await expectDone(world);
    });

    it('L9, C8: list and status changed to the same: nothing is overwritten', async () => {
      const lead = leadIn(world);
      await settled(world);
      world.sell.world.updateLead(lead, { status: 'Working' });
      join(world, 'Working');
      await world.cycle('sync');
      expect(statusOf(world, lead)).toBe('Working');
      await world.cycle('sync');
      await expectDone(world);
    });

    it.each(['before', 'together'])('L10: a deleted lead list is made again and filled again (%s)', async (when) => {
      const [lead, second] = [leadIn(world), leadIn(world, { email: 'two@example.com' })];
      await settled(world);
      if (when === 'together') world.sell.world.updateLead(second, { status: 'Working' });
      world.dotdigital.world.deleteList(listOf('New'));
      const run = await world.cycle('sync');
      expect(run.message).toContain('LEAD_LIST_RECREATED');
      expect(await notedRows(world, run.id)).toContain('L10');
      expect(on(world, 'New')).toEqual(when === 'together' ? [EMAIL] : [EMAIL, 'two@example.com']);
      expect([await linkOf(world, 'lead', lead), await linkOf(world, 'lead', second)]).toEqual(['active', 'active']);
      expect([statusOf(world, lead), statusOf(world, second)]).toEqual([
        'New',
        when === 'together' ? 'Working' : 'New',
      ]);
      await expectDone(world);
      leave(world, 'New');
      await world.cycle('sync');
      expect(await linkOf(world, 'lead', lead)).toBe('paused L8');
    });

    it('L10: a lost list does not let an older one decide, and a newer one does', async () => {
      const [lead, second] = [leadIn(world), leadIn(world, { email: 'two@example.com' })];
      await settled(world);
      for (const email of [EMAIL, 'two@example.com']) join(world, 'Qualified', email);
      await world.cycle('sync');
      world.dotdigital.world.deleteList(listOf('Qualified'));
      join(world, 'Working', 'two@example.com');
      await world.cycle('sync');
      expect([statusOf(world, lead), statusOf(world, second)]).toEqual(['Qualified', 'Working']);
      expect(listsOf(world)).toEqual(['New', 'Qualified']);
      await expectDone(world);
    });

    it('L10: filling again that breaks off goes on with the next cycle', async () => {
      const lead = leadIn(world);
      await settled(world);
      world.dotdigital.world.deleteList(listOf('New'));
      world.dotdigital.world.planJob('contact-import', { status: 'Failed' });
      expect((await world.cycle('sync')).state).toBe('partial');
      expect(on(world, 'New')).toEqual([]);
      await world.cycle('sync');
      expect(on(world, 'New')).toEqual([EMAIL]);
      expect(await linkOf(world, 'lead', lead)).toBe('active');
      await expectDone(world);
    });

    it('L10: an empty lead list that was deleted is made again too, and a preview makes none', async () => {
      leadIn(world);
      await settled(world);
      for (const status of ['New', 'Qualified']) world.dotdigital.world.deleteList(listOf(status));
      const preview = await world.cycle('plan');
      expect(await decided(world, preview.id)).toEqual(['L10 list-add marketing (planned)']);
      expect(names()).toEqual([listOf('Unqualified'), listOf('Working')]);
      await world.cycle('sync');
      expect(names()).toEqual([...STATUSES].map(listOf).sort());
      expect(listsOf(world)).toEqual(['New']);
      await expectDone(world);
    });

    it('L11: a renamed list goes on by its id', async () => {
      const lead = leadIn(world);
      await settled(world);
      const id = world.dotdigital.world.lists().find(({ name }) => name === listOf('Working'))?.id ?? 0;
      world.dotdigital.world.renameList(id, 'Our hottest people');
      world.dotdigital.world.joinList(EMAIL, id);
      await world.cycle('sync');
      expect(statusOf(world, lead)).toBe('Working');
      await syncFully(world);
      expect(names()).not.toContain(listOf('Working'));
      await expectDone(world);
    });

    it('L11: its old name is offered back, once; a name that is taken is told', async () => {
      leadIn(world);
      await settled(world);
      const list = (status: string): number =>
        world.dotdigital.world.lists().find(({ name }) => name === listOf(status))?.id ?? 0;
      const [working, qualified] = [list('Working'), list('Qualified')];
      world.dotdigital.world.renameList(working, 'Hot');
      world.dotdigital.world.renameList(qualified, 'Cold');
      // Nobody is waited for, so the run is none with holds.
      expect((await syncFully(world)).state).toBe('ok');
      const asked = await openHoldsOf(world);
      expect(asked.map(({ code, row, severity }) => `${code} ${row} ${severity}`)).toEqual([
        'LEAD_LIST_RENAMED L11 info',
        'LEAD_LIST_RENAMED L11 info',
      ]);
      const hold = (name: string): string => asked.find(({ message }) => message.includes(`"${name}"`))?.id ?? '';
      expect((await world.lockstep('holds', 'decide', hold('Hot'), '--restore')).code).toBe(0);
      expect((await world.lockstep('holds', 'decide', hold('Cold'), '--keep')).code).toBe(0);
      const taken = world.dotdigital.world.createList(listOf('Working'));
      expect((await world.cycle('sync')).message).toContain('cannot be called');
      world.dotdigital.world.renameList(taken, 'Something else');
      expect((await world.cycle('sync')).message).toContain('again');
      const called = (id: number) => world.dotdigital.world.lists().find((one) => one.id === id)?.name;
      expect([called(working), called(qualified), await codes(world)]).toEqual([listOf('Working'), 'Cold', []]);
      await expectDone(world);
      expect(await codes(world)).toEqual([]);
    });

    it.each(['silent', 'touches-leads'] as const)(
      'L12: a status renamed in Sell (%s) gets a new list, and its leads move there',
      async (rename) => {
        world.sell.switches.leadStatusRename = rename;
        const [lead, other] = [leadIn(world, { status: 'Working' }), leadIn(world, { email: 'new@example.com' })];
        await settled(world);
        world.sell.world.renameLeadStatus(statusId('Working'), 'In progress');
        // A rename that no lead tells of is noticed by the next complete look; any other in the same cycle.
        const run = await (rename === 'silent' ? syncFully(world) : world.cycle('sync'));
        expect(listsOf(world)).toEqual(['In progress']);
        expect(on(world, 'Working')).toEqual([]);
        expect(await notedRows(world, run.id)).toContain('L12');
        expect(run.message).toContain('Working');
        await expectDone(world);
        expect([statusOf(world, lead), statusOf(world, other)]).toEqual(['In progress', 'New']);
      },
    );

    it('L12: a status without leads, renamed in Sell, is noticed within a day', async () => {
      const lead = leadIn(world);
      await settled(world);
      world.sell.world.renameLeadStatus(statusId('Qualified'), 'Fit');
      expect((await world.cycle('sync')).message).toBeNull();
      world.later(24 * 60 * 60_000);
      expect((await world.cycle('sync')).message).toContain('"Qualified"');
      expect(names()).toEqual([...STATUSES, 'Fit'].map(listOf).sort());
      world.sell.world.updateLead(lead, { status: 'Fit' });
      await world.cycle('sync');
      expect(listsOf(world)).toEqual(['Fit']);
      await expectDone(world);
    });

    it('L12, L13: renamed in Sell and not noticed yet, a status that somebody chooses by its list is held, and nothing is lost', async () => {
      const lead = leadIn(world);
      await settled(world);
      world.sell.world.renameLeadStatus(statusId('Qualified'), 'Fit');
      join(world, 'Qualified');
      await world.cycle('sync');
      expect([await codes(world), statusOf(world, lead)]).toEqual([['LEAD_STATUS_UNKNOWN'], 'New']);
      // The refusal tells that the statuses are others now.
      expect((await world.cycle('sync')).message).toContain('"Qualified"');
      leave(world, 'Qualified');
      join(world, 'Fit');
      await world.cycle('sync');
      expect([await codes(world), statusOf(world, lead), listsOf(world)]).toEqual([[], 'Fit', ['Fit', 'New']]);
    });

    it('L12: a status removed in Sell: its leads are on the list of the one they were given', async () => {
      const lead = leadIn(world, { status: 'Working' });
      await settled(world);
      world.sell.world.removeLeadStatus(statusId('Working'), statusId('Qualified'));
      await syncFully(world);
      expect([statusOf(world, lead), listsOf(world)]).toEqual(['Qualified', ['Qualified']]);
      expect(names()).toContain(listOf('Working'));
      await expectDone(world);
    });

    it('L13: somebody put on the list of a status that is gone is held', async () => {
      const lead = leadIn(world);
      await settled(world);
      world.sell.world.removeLeadStatus(statusId('Unqualified'), statusId('New'));
      await syncFully(world);
      join(world, 'Unqualified');
      inDotdigital({}, 'fresh@example.com');
      join(world, 'Unqualified', 'fresh@example.com');
      const run = await world.cycle('sync');
      expect(run.state).toBe('ok_with_holds');
      expect((await openHoldsOf(world)).map(({ code, email }) => [code, email]).sort()).toEqual([
        ['LEAD_STATUS_UNKNOWN', 'fresh@example.com'],
        ['LEAD_STATUS_UNKNOWN', EMAIL],
      ]);
      expect(statusOf(world, lead)).toBe('New');
      leave(world, 'Unqualified');
      leave(world, 'Unqualified', 'fresh@example.com');
      await world.cycle('sync');
      expect(await codes(world)).toEqual([]);
    });
  });

  describe('L18: the brake on removals', () => {
    const people = Array.from({ length: 4 }, (_, n) => `p${n}@example.com`);

    it('L18: removals above the limit wait, the rest goes on; approved they are done', async () => {
      await world.configure(leadsOnly({}, { brakes: { listRemove: { count: 2, percent: 1 } } }));
      const leads = people.map((email) => leadIn(world, { email }));
      await settled(world);
      for (const lead of leads) world.sell.world.updateLead(lead, { status: 'Working' });
      const run = await world.cycle('sync');
      expect(run.state).toBe('parked');
      expect([on(world, 'New').length, on(world, 'Working').length]).toEqual([4, 4]);
      expect(leads.map((lead) => statusOf(world, lead))).toEqual(leads.map(() => 'Working'));
      await expectDone(world);
      expect(leads.map((lead) => statusOf(world, lead))).toEqual(leads.map(() => 'Working'));
      expect(await codes(world)).toEqual(people.map(() => 'BRAKE_PARKED'));
      const approved = await decide(world, 'approve', await parkedRun(world));
      expect([approved?.state, approved?.message]).toEqual(['ok', null]);
      expect([on(world, 'New').length, on(world, 'Working').length]).toEqual([0, 4]);
      await expectDone(world);
      expect(await codes(world)).toEqual([]);
    });

    it('L18: rejected removals are not asked for again', async () => {
      await world.configure(leadsOnly({}, { brakes: { listRemove: { count: 2, percent: 1 } } }));
      const leads = people.map((email) => leadIn(world, { email }));
      await settled(world);
      for (const lead of leads) world.sell.world.updateLead(lead, { status: 'Working' });
      const run = await world.cycle('sync');
      await decide(world, 'reject', run.id);
      await expectDone(world);
      expect((await world.cycle('sync')).state).toBe('ok');
      expect([on(world, 'New').length, on(world, 'Working').length]).toEqual([4, 4]);
      expect(leads.map((lead) => statusOf(world, lead))).toEqual(leads.map(() => 'Working'));
    });
  });
});
