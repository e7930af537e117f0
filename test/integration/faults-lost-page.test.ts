// A page of the Sell feed that is sent but never arrives: the people on it are known all the same, and nobody is made twice. (R7, R8)
import { expect, it } from 'vitest';
import { startTwoAccounts } from './two-accounts.ts';

it.each(['truncate', 'drop-after'] as const)(
  'contract 6: the page of the first load that holds the person (%s)',
  async (type) => {
    const world = await startTwoAccounts({ sell: { switches: { syncPageSize: 1, syncOrder: 'log' } } });
    try {
      world.dotdigital.world.createDataField('CUSTOMER_STATUS', 'String');
      for (const name of ['ada', 'bob', 'cy']) {
        const email = `${name}@example.com`;
        world.sell.world.createContact({ first_name: name, last_name: 'Smith', email, customer_status: 'current' });
        world.dotdigital.world.addContact({
          email,
          fields: { FIRSTNAME: name, LASTNAME: 'Smith', CUSTOMER_STATUS: 'current' },
        });
      }
      for (const nth of [2, 5, 6, 11, 14])
        world.sell.faults.add({ service: 'zendesk-sell', match: { pattern: '/queues/main', nth }, effect: { type } });
      expect((await world.cycle('align')).state).toBe('ok');
      expect((await world.sellRecords('contacts')).length).toBe(3);
    } finally {
      await world.stop();
    }
  },
);
