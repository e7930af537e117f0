// Full comparison of both sides through the command line, against both simulated services. (R20)
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTwoAccounts, type TwoAccounts } from './two-accounts.ts';
import { command } from './undoing.ts';

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
          { sell: 'address.city', dotdigital: 'CITY', direction: 'sell-to-dotdigital' },
          { sell: 'customer_status', dotdigital: 'CUSTOMER_STATUS' },
          { sell: 'title', dotdigital: 'JOBTITLE', blank: 'ignore' },
        ],
      },
      leads: { enabled: true, multipleMatch: 'email-and-names' },
    },
    sell: { leadStatuses: ['New', 'Working'] },
  });
  const { sell, dotdigital } = world;
  for (const field of ['CITY', 'JOBTITLE', 'CUSTOMER_STATUS']) dotdigital.world.createDataField(field, 'String');
  sell.world.createContact({
    first_name: 'Ada',
    last_name: 'Lovelace',
    email: 'ada@example.com',
    customer_status: 'current',
    title: 'Countess',
    address: { city: 'London' },
  });
  sell.world.createContact({ first_name: 'Bob', last_name: 'Both', email: 'bob@example.com', customer_status: 'past' });
  sell.world.createLead({ first_name: 'Lea', last_name: 'Lead', email: 'lea@example.com', status: 'New' });
  dotdigital.world.addContact({ email: 'bob@example.com', fields: { FIRSTNAME: 'Bob', LASTNAME: 'Both' } });
});
afterEach(() => world.stop());

interface Tally {
  readonly entity: string;
  readonly field: string;
  readonly equal: number;
  readonly differ: number;
  readonly held: number;
  readonly muted: number;
  readonly examples: readonly object[];
}

interface Found {
  readonly fields: readonly Tally[];
  readonly missing: readonly object[];
  readonly duplicates: readonly { readonly sellIds: readonly string[] }[];
}

/** The comparison of the one connection; every world is left as it was by it. */
async function verified(code: number): Promise<Found> {
  const answer = await world.lockstep('verify');
  expect(answer.code, answer.stderr).toBe(code);
  const { run } = await command(world, 'runs', '--limit', '1');
  expect(run).toMatchObject({ kind: 'verify', apiCalls: { sell: { writes: 0 }, dotdigital: { writes: 0 } } });
  const [only] = (answer.json as { readonly verify: readonly Found[] }).verify;
  if (only === undefined) throw new Error('Nothing was compared.');
  return only;
}

async function tally(code: number, field: string, entity = 'contact'): Promise<Tally | undefined> {
  const { fields } = await verified(code);
  return fields.find((one) => one.field === field && one.entity === entity);
}

describe('verify', () => {
  it('R20: finds both sides equal after an alignment, and exits 0', async () => {
    await world.cycle('align');
    await world.cycle('sync');
    const found = await verified(0);
    expect(found).toMatchObject({
      connection: 'acme',
      pairs: 3,
      drift: 0,
      unlinked: { sell: 0, dotdigital: 0 },
      missing: [],
      duplicates: [],
    });
    for (const one of found.fields) expect(one).toMatchObject({ differ: 0, held: 0, muted: 0 });
    expect(found.fields.map(({ entity, field }) => `${entity} ${field}`)).toEqual(
      expect.arrayContaining(['contact email', 'contact FIRSTNAME', 'lead lead status']),
    );
  });

  it('R20: names a difference with both values, and exits 3', async () => {
    await world.cycle('align');
    const bob = await world.sellRecord('contacts', 'bob@example.com');
    world.sell.world.updateContact(bob.id, { first_name: 'Robert' });
    expect(await tally(3, 'FIRSTNAME')).toMatchObject({
      equal: 1,
      differ: 1,
      examples: [{ email: 'bob@example.com', sellId: String(bob.id), sell: 'Robert', dotdigital: 'Bob' }],
    });
    await world.cycle('sync');
    await world.cycle('sync');
    expect(await tally(0, 'FIRSTNAME')).toMatchObject({ equal: 2, differ: 0 });
  });

  it('R20, S2, C26: a one-way field and a blank that does not travel explain their differences', async () => {
    await world.cycle('align');
    world.dotdigital.world.editContact('ada@example.com', { fields: { CITY: 'Paris', JOBTITLE: null } });
    const { fields } = await verified(0);
    for (const field of ['CITY', 'JOBTITLE'])
      expect(fields.find((one) => one.field === field)).toMatchObject({ muted: 1, differ: 0, examples: [] });
  });

  it('R20: a hold explains the differences of its record', async () => {
    await world.cycle('align');
    const bob = await world.sellRecord('contacts', 'bob@example.com');
    world.sell.world.updateContact(bob.id, { first_name: null, last_name: 'Bother' });
    await world.cycle('sync');
    expect((await command(world, 'holds', '--code', 'NAME_MISSING')).json.holds).toHaveLength(1);
    expect(await tally(0, 'LASTNAME')).toMatchObject({ equal: 1, held: 1, differ: 0 });
  });

  it('R20: counts records that should be linked, links whose record is gone, and shared addresses', async () => {
    await world.cycle('align');
    world.sell.world.createContact({ first_name: 'Cy', last_name: 'New', email: 'cy@example.com' });
    world.sell.world.createContact({ first_name: 'Bob', last_name: 'Both', email: 'BOB@example.com' });
    world.dotdigital.world.addContact({
      email: 'di@example.com',
      fields: { FIRSTNAME: 'Di', LASTNAME: 'New', CUSTOMER_STATUS: 'current' },
    });
    world.dotdigital.world.deleteContact('ada@example.com');
    const found = await verified(3);
    expect(found).toMatchObject({ unlinked: { sell: 1, dotdigital: 1 }, missingTotal: 1, drift: 3 });
    expect(found.missing).toEqual([expect.objectContaining({ system: 'dotdigital', email: 'ada@example.com' })]);
    expect(found.duplicates).toEqual([expect.objectContaining({ entity: 'contact', email: 'bob@example.com' })]);
    expect(found.duplicates[0]?.sellIds).toHaveLength(2);
  });

  it('C26, R20: a data field made anew that only the comparison saw blanks nobody in Sell', async () => {
    await world.cycle('align');
    await world.cycle('sync');
    const statuses = () => [...world.sell.world.state.contacts.values()].map((one) => one.customer_status);
    const before = statuses();
    world.dotdigital.world.deleteDataField('CUSTOMER_STATUS');
    world.dotdigital.world.createDataField('CUSTOMER_STATUS', 'String');
    await world.lockstep('verify');
    await world.cycle('sync');
    await world.cycle('sync');
    expect(statuses()).toEqual(before);
    const shown = [...world.dotdigital.world.contacts()].map(({ fields }) => fields['CUSTOMER_STATUS']);
    expect(shown.slice(0, 2).toSorted()).toEqual(['current', 'past']);
  });
});
