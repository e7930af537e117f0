// Data fields with a default value: what the service fills in by itself is nobody's choice.
import { afterEach, expect, it } from 'vitest';
import { startTwoAccounts, type TwoAccounts } from './two-accounts.ts';

let world: TwoAccounts;
afterEach(() => world.stop());

it('C2, C26: a default that Dotdigital fills in never reaches Sell', async () => {
  world = await startTwoAccounts({
    sell: { customFields: [{ resource: 'contact', name: 'Score', type: 'number' }] },
    settings: {
      contacts: {
        enabled: true,
        multipleMatch: 'email-and-names',
        fields: [
          { sell: 'first_name', dotdigital: 'FIRSTNAME' },
          { sell: 'last_name', dotdigital: 'LASTNAME' },
          { sell: 'customer_status', dotdigital: 'CUSTOMER_STATUS' },
          { sell: 'custom_fields.Score', dotdigital: 'SCORE' },
        ],
      },
    },
  });
  const plain = world.sell.world.createContact({
    first_name: 'Ada',
    last_name: 'Blank',
    email: 'ada@example.com',
    customer_status: 'current',
  });
  world.sell.world.createContact({
    first_name: 'Bea',
    last_name: 'Scored',
    email: 'bea@example.com',
    customer_status: 'current',
    custom_fields: { Score: '7' },
  });
  await world.cycle('align');
  for (const _round of [1, 2]) expect((await world.cycle('sync')).actions.total).toBe(0);
  expect(world.sell.world.readContact(plain.id)).toMatchObject({ custom_fields: {} });
});
