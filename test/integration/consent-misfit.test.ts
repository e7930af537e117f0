// Opt-outs while the configuration does not fit the accounts, because somebody took a mapped field away or mistyped one.
import { afterEach, describe, expect, it } from 'vitest';
import { ADA, person, signalsOf, startConsent, statusOf, wordOf } from './consent-people.ts';
import type { TwoAccounts } from './two-accounts.ts';

let world: TwoAccounts;
afterEach(() => world.stop());

const TIER = { sell: 'custom_fields.Tier', dotdigital: 'TIER' };
const CONSENT = {
  enabled: true,
  direction: 'bi-directional',
  contacts: signalsOf('tags'),
  leads: signalsOf('tags'),
};
const BOB = 'bob@example.com';

function contactsWith(field: typeof TIER) {
  return {
    enabled: true,
    multipleMatch: 'email-and-names',
    fields: [{ sell: 'first_name', dotdigital: 'FIRSTNAME' }, { sell: 'last_name', dotdigital: 'LASTNAME' }, field],
  };
}

/** Two people with a value in a custom field that is then deleted in Sell. */
async function start(): Promise<{ readonly ada: number; mendField(): void }> {
  world = await startConsent({ consent: CONSENT, more: { contacts: contactsWith(TIER) } });
  const { world: sell } = world.sell;
  const addField = () => sell.addCustomField({ resource: 'contact', name: 'Tier', type: 'string' });
  const field = addField();
  const made = (more: object) => sell.createContact({ ...person, custom_fields: { Tier: 'Gold' }, ...more });
  const ada = made({});
  made({ first_name: 'Bob', email: BOB });
  await world.cycle('align');
  await world.cycle('sync');
  sell.removeCustomField(field.id);
  return { ada: ada.id, mendField: addField };
}

function valuesOf(email: string) {
  return world.dotdigital.world.contact(email)?.fields ?? {};
}

/** The daily look at both schemas, so that the run knows of the field. */
const sync = () => world.cycle('sync', { full: true });

describe('decision 8: a mapped field that is gone stops the run, and nobody’s no', () => {
  it('O1, O7: in either direction', async () => {
    const { ada } = await start();
    world.sell.world.updateContact(ada, { tags: ['unsubscribed'], last_name: 'King' });
    world.dotdigital.world.unsubscribe(BOB);
    const report = await sync();
    expect([report.state, report.problems.map(({ path }) => path)]).toEqual(['aborted', ['contacts.fields[2].sell']]);
    expect([statusOf(world), await wordOf(world, 'tags', 'contacts', BOB)]).toEqual(['unsubscribed', 'out']);
    expect(valuesOf(ADA)['LASTNAME']).toBe('Lovelace');
  });

  it('C26: the rest goes on where it was once the field is back, and nothing is cleared', async () => {
    const { ada, mendField } = await start();
    world.sell.world.updateContact(ada, { tags: ['unsubscribed'], last_name: 'King' });
    await sync();
    mendField();
    await sync();
    await sync();
    expect([valuesOf(ADA), statusOf(world)]).toMatchObject([{ LASTNAME: 'King', TIER: 'Gold' }, 'unsubscribed']);
    expect(await world.sellRecord('contacts', ADA)).toMatchObject({ custom_fields: { Tier: 'Gold' } });
    const settled = await world.cycle('sync');
    expect([settled.state, settled.actions.total]).toEqual(['ok', 0]);
  });

  it('R12: a field that the configuration mistypes stops nobody’s no either', async () => {
    const { ada, mendField } = await start();
    mendField();
    await sync();
    await world.configure({ consent: CONSENT, contacts: contactsWith({ ...TIER, sell: 'custom_fields.Tear' }) });
    world.sell.world.updateContact(ada, { tags: ['unsubscribed'], last_name: 'King' });
    const report = await world.cycle('sync');
    expect([report.state, statusOf(world), valuesOf(ADA)['LASTNAME']]).toEqual(['aborted', 'unsubscribed', 'Lovelace']);
    await world.configure({ consent: CONSENT, contacts: contactsWith(TIER) });
    await world.cycle('sync');
    await world.cycle('sync');
    expect([valuesOf(ADA), statusOf(world)]).toMatchObject([{ LASTNAME: 'King', TIER: 'Gold' }, 'unsubscribed']);
  });
});
