// Leads as lists, against both simulated services over real sockets.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTwoAccounts, type TwoAccounts } from './two-accounts.ts';

let world: TwoAccounts;
beforeEach(async () => {
  world = await startTwoAccounts({
    settings: {
      leads: { enabled: true, multipleMatch: 'email-and-names' },
    },
    sell: { leadStatuses: ['New', 'Working', 'Unqualified'] },
  });
});
afterEach(() => world.stop());

const listOf = (status: string): string => `Zendesk Sell - Leads: ${status}`;
const members = (status: string): readonly (string | null | undefined)[] =>
  world.dotdigital.world.members(listOf(status)).map((id) => world.dotdigital.world.contact(id)?.email);

describe('leads as lists', () => {
  it('L1, L2: a lead becomes a contact on the list of its status', async () => {
    world.sell.world.createLead({ first_name: 'Lea', last_name: 'Lead', email: 'lea@example.com', status: 'Working' });
    const report = await world.cycle('align');
    expect(report.state).toBe('ok');
    expect(world.dotdigital.world.lists().map((list) => list.name)).toEqual(
      expect.arrayContaining(['New', 'Working', 'Unqualified'].map(listOf)),
    );
    expect(members('Working')).toEqual(['lea@example.com']);
    expect((await world.cycle('sync')).actions.total).toBe(0);
  });

  it('L3: a status changed in Sell moves the contact to the other list', async () => {
    const lead = world.sell.world.createLead({
      first_name: 'Lea',
      last_name: 'Lead',
      email: 'lea@example.com',
      status: 'New',
    });
    await world.cycle('align');
    world.sell.world.updateLead(lead.id, { status: 'Working' });
    const report = await world.cycle('sync');
    expect(report.actions.byKind).toMatchObject({ 'list-add': 1, 'list-remove': 1 });
    expect([members('New'), members('Working')]).toEqual([[], ['lea@example.com']]);
    expect((await world.cycle('sync')).actions.total).toBe(0);
  });

  it('L4: a contact put on a lead list becomes a lead with that status', async () => {
    await world.cycle('align');
    world.dotdigital.world.addContact({ email: 'don@example.com', fields: { FIRSTNAME: 'Don', LASTNAME: 'Digital' } });
    world.dotdigital.world.joinList('don@example.com', listOf('Working'));
    await world.cycle('sync');
    expect(await world.sellRecord('leads', 'don@example.com')).toMatchObject({ first_name: 'Don', status: 'Working' });
    expect((await world.cycle('sync')).actions.total).toBe(0);
  });

  it('L5, L6: the list joined last sets the status in Sell', async () => {
    world.sell.world.createLead({ first_name: 'Lea', last_name: 'Lead', email: 'lea@example.com', status: 'New' });
    await world.cycle('align');
    await world.cycle('sync');
    world.dotdigital.world.joinList('lea@example.com', listOf('Unqualified'));
    await world.cycle('sync');
    expect(await world.sellRecord('leads', 'lea@example.com')).toMatchObject({ status: 'Unqualified' });
    expect((await world.cycle('sync')).actions.total).toBe(0);
  });

  it('D8: a converted lead leaves its lists and stays the same person', async () => {
    const lead = world.sell.world.createLead({
      first_name: 'Lea',
      last_name: 'Lead',
      email: 'lea@example.com',
      status: 'New',
    });
    await world.cycle('align');
    const before = world.dotdigital.world.contact('lea@example.com');
    world.sell.world.convertLead(lead.id);
    await world.cycle('sync');
    expect(members('New')).toEqual([]);
    const after = world.dotdigital.world.contact('lea@example.com');
    expect(after?.contactId).toBe(before?.contactId);
    expect(after?.emailStatus).toBe(before?.emailStatus);
    const quiet = await world.cycle('sync');
    expect(quiet.actions.total).toBe(0);
  });

  it('D6: a deleted lead that is nothing else is deleted in Dotdigital', async () => {
    const lead = world.sell.world.createLead({
      first_name: 'Lea',
      last_name: 'Lead',
      email: 'lea@example.com',
      status: 'New',
    });
    await world.cycle('align');
    world.sell.world.deleteLead(lead.id);
    const report = await world.cycle('sync');
    expect(report.actions.byKind.delete).toBe(1);
    expect(world.dotdigital.world.contact('lea@example.com')?.deletedAt ?? 1).toBeGreaterThan(0);
    expect((await world.cycle('sync')).actions.total).toBe(0);
  });
});
