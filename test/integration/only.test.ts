// `--only`: a part of the cycle alone does its own work, and leaves the news and the holds of the others for them. (contract 2)
import { afterEach, beforeEach, expect, it } from 'vitest';
import { codes, contactOf, expectQuiet } from './looking.ts';
import { startTwoAccounts, type TwoAccounts } from './two-accounts.ts';

const TAGS = { optIn: ['newsletter'], optOut: ['unsubscribed'] };
const ANN = { first_name: 'Ann', last_name: 'Archer', email: 'ann@example.com', customer_status: 'current' };

let world: TwoAccounts;
beforeEach(async () => {
  world = await startTwoAccounts({
    sell: { leadStatuses: ['New'] },
    settings: {
      leads: { enabled: true, multipleMatch: 'email' },
      consent: {
        enabled: true,
        direction: 'bi-directional',
        contacts: { tags: TAGS, default: 'none' },
        leads: { tags: TAGS, default: 'none' },
      },
    },
  });
});
afterEach(() => world.stop());

async function aligned(): Promise<number> {
  const { id } = world.sell.world.createContact(ANN);
  await world.cycle('align');
  await expectQuiet(world);
  return id;
}

it('consent: an opt-out on either side travels, and nothing else does', async () => {
  const id = await aligned();
  world.sell.world.updateContact(id, { tags: ['unsubscribed'], last_name: 'Arrow' });
  expect(await world.lockstep('sync', '--only', 'consent')).toMatchObject({
    json: { runs: [{ actions: { total: 1, byKind: { 'set-consent': 1 } } }] },
  });
  expect(contactOf(world, ANN.email)).toMatchObject({ emailStatus: 'unsubscribed', fields: { LASTNAME: 'Archer' } });
  const rest = await world.cycle('sync');
  expect(rest.actions).toMatchObject({ total: 1, byKind: { update: 1 } });
  expect(contactOf(world, ANN.email).fields).toMatchObject({ LASTNAME: 'Arrow' });
  await expectQuiet(world);
});

it('leads: news and holds of contacts wait for a run of theirs', async () => {
  const id = await aligned();
  world.sell.world.createContact({ ...ANN, email: 'not an address' });
  await world.cycle('sync');
  expect(await codes(world)).toEqual(['EMAIL_INVALID']);
  world.sell.world.updateContact(id, { last_name: 'Arrow' });
  for (const part of ['leads', 'consent']) {
    expect(await world.lockstep('sync', '--only', part)).toMatchObject({
      json: { runs: [{ state: 'ok_with_holds', actions: { total: 0 } }] },
    });
    expect(await codes(world)).toEqual(['EMAIL_INVALID']);
  }
  expect(await world.lockstep('sync', '--only', 'contacts')).toMatchObject({
    json: { runs: [{ actions: { total: 1 } }] },
  });
  await expectQuiet(world);
});

it('anything else is refused with what there is', async () => {
  for (const only of ['contact', '', 'contacts,everything']) {
    expect(await world.lockstep('sync', '--only', only)).toMatchObject({
      code: 2,
      json: { error: { message: expect.stringContaining('contacts, leads, consent, products') } },
    });
  }
});
