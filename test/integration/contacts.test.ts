// Contacts in step, against both simulated services over real sockets.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTwoAccounts, type TwoAccounts } from './two-accounts.ts';

let world: TwoAccounts;
beforeEach(async () => {
  world = await startTwoAccounts();
});
afterEach(() => world.stop());

function meetPeople(): void {
  const { sell, dotdigital } = world;
  sell.world.createContact({
    first_name: 'Ada',
    last_name: 'Lovelace',
    email: 'ada@example.com',
    customer_status: 'current',
  });
  sell.world.createContact({
    first_name: 'Bob',
    last_name: 'Both',
    email: 'BOB@example.com',
    customer_status: 'current',
  });
  dotdigital.world.createDataField('CUSTOMER_STATUS', 'String');
  dotdigital.world.addContact({ email: 'bob@example.com', fields: { FIRSTNAME: 'Bob', LASTNAME: 'Both' } });
  dotdigital.world.addContact({
    email: 'cy@example.com',
    fields: { FIRSTNAME: 'Cy', LASTNAME: 'Only', CUSTOMER_STATUS: 'current' },
  });
}

describe('contacts, both ways', () => {
  it('C1, C2, C4: aligns people of both sides and writes nothing afterwards', async () => {
    meetPeople();
    const preview = await world.cycle('preview');
    expect(preview.actions.byKind).toMatchObject({ create: 2, update: 1 });
    expect(world.dotdigital.world.contact('ada@example.com')).toBeUndefined();
    const aligned = await world.cycle('align');
    expect(aligned.state).toBe('ok');
    expect(world.dotdigital.world.contact('ada@example.com')?.fields).toMatchObject({
      FIRSTNAME: 'Ada',
      LASTNAME: 'Lovelace',
      CUSTOMER_STATUS: 'current',
    });
    const again = await world.cycle('sync');
    expect(again.actions.total).toBe(0);
    expect(again.apiCalls.crm.writes + again.apiCalls.marketing.writes).toBe(0);
  });

  it('C5, C6, C7: merges edits of the same person in different fields on both sides', async () => {
    meetPeople();
    await world.cycle('align');
    const cy = await world.sellRecord('contacts', 'cy@example.com');
    world.sell.world.updateContact(cy.id, { first_name: 'Cyrus' });
    world.dotdigital.world.editContact('cy@example.com', { fields: { POSTCODE: 'N1 9GU' } });
    const report = await world.cycle('sync');
    expect(report.actions.byKind.update).toBe(2);
    expect(world.dotdigital.world.contact('cy@example.com')?.fields['FIRSTNAME']).toBe('Cyrus');
    expect(world.sell.world.readContact(cy.id)).toMatchObject({ address: { postal_code: 'N1 9GU' } });
    expect((await world.cycle('sync')).actions.total).toBe(0);
  });
});
