// Undo of a run, against both simulated services over real sockets. (decisions 25-27, R17)
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectQuiet } from './looking.ts';
import { startTwoAccounts, type TwoAccounts } from './two-accounts.ts';
import { dump, undoRun } from './undoing.ts';

let world: TwoAccounts;
beforeEach(async () => {
  world = await startTwoAccounts({
    settings: {
      contacts: {
        enabled: true,
        multipleMatch: 'email-and-names',
        fields: [
          { sell: 'first_name', dotdigital: 'FIRSTNAME' },
          { sell: 'last_name', dotdigital: 'LASTNAME' },
          { sell: 'address.city', dotdigital: 'CITY' },
          { sell: 'address.postal_code', dotdigital: 'POSTCODE' },
          { sell: 'tags', dotdigital: 'TAGS' },
          { sell: 'customer_status', dotdigital: 'CUSTOMER_STATUS', values: { vip: 'current', gold: 'current' } },
        ],
      },
      leads: { enabled: true, multipleMatch: 'email-and-names' },
      allowNonCustomer: true,
    },
    sell: { leadStatuses: ['New', 'Working', 'Unqualified'] },
  });
});
afterEach(() => world.stop());

/** People only here, only there, on both sides with differences, and leads. */
function meetPeople(): void {
  const { sell, dotdigital } = world;
  for (const field of ['CITY', 'TAGS', 'CUSTOMER_STATUS']) dotdigital.world.createDataField(field, 'String');
  sell.world.createContact({ first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.com', customer_status: 'current', tags: ['maths'] });
  sell.world.createContact({ first_name: 'Bob', last_name: 'Both', email: 'BOB@example.com', customer_status: 'past', address: { line1: '1 Road', city: 'Leeds', postal_code: 'LS1' } });
  dotdigital.world.addContact({ email: 'bob@example.com', fields: { FIRSTNAME: 'Bobby', LASTNAME: 'Both', CUSTOMER_STATUS: 'Gold', CITY: 'York' } });
  dotdigital.world.addContact({ email: 'cy@example.com', fields: { FIRSTNAME: 'Cy', LASTNAME: 'Only', CUSTOMER_STATUS: 'vip' }, status: 'unsubscribed' });
  sell.world.createContact({ first_name: 'Dee', last_name: 'Blank', email: 'dee@example.com', customer_status: 'current' });
  dotdigital.world.addContact({ email: 'dee@example.com', fields: { FIRSTNAME: 'Dee', LASTNAME: 'Blank', CITY: 'Hull', TAGS: 'a; b' } });
  sell.world.createLead({ first_name: 'Lea', last_name: 'Lead', email: 'lea@example.com', status: 'Working' });
  sell.world.createLead({ first_name: 'Bob', last_name: 'Both', email: 'bob@example.com', status: 'New' });
}

describe('undo of an alignment', () => {
  it('R17, decision 27: leaves both worlds field by field as they were, and nothing is pushed again', async () => {
    meetPeople();
    const before = await dump(world);
    const aligned = await world.cycle('align');
    expect(aligned.failures).toEqual([]);
    expect(aligned.actions.total).toBeGreaterThan(6);
    const undone = await undoRun(world, aligned.id);
    expect(undone.skipped).toEqual([]);
    expect(undone.report).toMatchObject({ kind: 'undo', failures: [] });
    expect(await dump(world)).toEqual(before);
    await expectQuiet(world);
    await expectQuiet(world);
    expect(await dump(world)).toEqual(before);
  });
});
