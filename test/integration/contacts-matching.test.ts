// Who is who when no link says so: the multi-match options, shadows, first merges. (4.4: H1-H6; C2, C3, 4.8)
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCycle } from '../../src/engine/cycle.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { addressesIn, codes, contactOf, decided, expectQuiet, linksOf, openHoldsOf } from './looking.ts';
import { type Settings, startTwoAccounts, type TwoAccounts } from './two-accounts.ts';
import { engineOf } from './undoing.ts';

let world: TwoAccounts;
beforeEach(async () => {
  world = await startTwoAccounts();
});
afterEach(() => world.stop());

const EMAIL = 'jo@example.com';
const OPTIONS = ['email-and-names', 'email', 'do-not-update'] as const;
const contacts = (multipleMatch: string, more: Settings = {}): Settings => ({
  profile: 'classic',
  contacts: { enabled: true, multipleMatch, ...more },
});

function inSell(first: string | null, last: string, more: Settings = {}): number {
  return world.sell.world.createContact({
    first_name: first,
    last_name: last,
    email: EMAIL,
    customer_status: 'current',
    ...more,
  }).id;
}
function inDotdigital(first: string | null, last: string | null, more: Settings = {}): void {
  world.dotdigital.world.addContact({ email: EMAIL, fields: { FIRSTNAME: first, LASTNAME: last, ...more } });
}
async function stateOf(id: number): Promise<string> {
  return (await linksOf(world, id)).map((link) => link.state).join();
}

describe.each(OPTIONS)('option %s', (option) => {
  beforeEach(() => world.configure(contacts(option)));

  it('H1: nobody in Sell has the address: a contact is created', async () => {
    world.dotdigital.world.createDataField('CUSTOMER_STATUS', 'String');
    inDotdigital('Jo', 'Smith', { CUSTOMER_STATUS: 'current' });
    expect(await decided(world, (await world.cycle('align')).id)).toContain('C4 create crm');
    expect(await world.sellRecord('contacts', EMAIL)).toMatchObject({ first_name: 'Jo' });
  });

  it('H2: one record, names equal or blank: linked', async () => {
    const id = inSell(null, 'Smith');
    inDotdigital('Jo', null);
    await world.cycle('align');
    expect(await stateOf(id)).toBe('active');
    expect(world.sell.world.readContact(id)).toMatchObject({ first_name: 'Jo', last_name: 'Smith' });
    expect(contactOf(world, EMAIL).fields).toMatchObject({ FIRSTNAME: 'Jo', LASTNAME: 'Smith' });
    await expectQuiet(world);
  });

  it('H3: one record, names differ: linked, the alignment winner decides', async () => {
    const id = inSell('Joanna', 'Smith');
    inDotdigital('Jo', 'Smith');
    await world.cycle('align');
    expect(await stateOf(id)).toBe('active');
    expect(contactOf(world, EMAIL).fields['FIRSTNAME']).toBe('Joanna');
    // Still told once the person has another address.
    world.dotdigital.world.editContact(EMAIL, { email: 'moved@example.com' });
    await world.cycle('sync');
    expect((await world.words('explain', 'moved@example.com')).stdout).toContain('NAME_DIFFERS');
    await expectQuiet(world);
  });

  it('C34: an organisation is nobody’s match, and the one who looks for it is told', async () => {
    const id = world.sell.world.createContact({ name: 'Smith Ltd', is_organization: true, email: EMAIL }).id;
    inDotdigital('Jo', 'Smith');
    await world.cycle('align');
    expect(await linksOf(world, id)).toEqual([]);
    expect((await world.words('explain', EMAIL)).stdout).toContain(`IS_ORGANISATION: Sell contact ${id}`);
  });

  it('H4: several records, one with equal names', async () => {
    const [first, named] = [inSell('Other', 'Person'), inSell(' jo ', 'SMITH')];
    inDotdigital('Jo', 'Smith');
    await world.cycle('align');
    await expectOne(option, { email: first, 'email-and-names': named }, [first, named], 'MULTI_MATCH');
  });

  it('H5: several records with equal names: the first of those', async () => {
    const [other, one, two] = [inSell('Other', 'Person'), inSell('Jo', 'Smith'), inSell('Jo', 'Smith')];
    inDotdigital('Jo', 'Smith');
    await world.cycle('align');
    await expectOne(option, { email: other, 'email-and-names': one }, [other, one, two], 'MULTI_MATCH');
  });

  it('H6: several records, none with equal names', async () => {
    const [one, two] = [inSell('Other', 'Person'), inSell('Third', 'Person')];
    inDotdigital('Jo', 'Smith');
    await world.cycle('align');
    await expectOne(
      option,
      { email: one },
      [one, two],
      option === 'email-and-names' ? 'MULTI_MATCH_NO_NAME' : 'MULTI_MATCH',
    );
  });

  it('H4-H6, decision 22: several records and no Dotdigital contact yet', async () => {
    const [one, two] = [inSell('Jo', 'Smith'), inSell('Joe', 'Smith')];
    await world.cycle('align');
    if (option === 'do-not-update') {
      expect(addressesIn(world)).toEqual([]);
      expect(await codes(world)).toEqual(['MULTI_MATCH', 'MULTI_MATCH']);
    } else {
      expect(addressesIn(world)).toEqual([EMAIL]);
      expect(contactOf(world, EMAIL).fields['FIRSTNAME']).toBe('Jo');
      expect([await stateOf(one), await stateOf(two)]).toEqual(['active', 'shadow']);
    }
    await expectQuiet(world);
  });
});

it('H3 strictSingle: one record with other names waits until somebody says who it is', async () => {
  await world.configure(contacts('email-and-names', { strictSingle: true }));
  const id = inSell('Joanna', 'Smith');
  inDotdigital('Jo', 'Smith');
  await world.cycle('align');
  expect([await codes(world), await stateOf(id)]).toEqual([['MULTI_MATCH_NO_NAME'], '']);
  expect(contactOf(world, EMAIL).fields['FIRSTNAME']).toBe('Jo');
  await expectQuiet(world);
  const [hold] = await openHoldsOf(world);
  await world.lockstep('holds', 'decide', hold?.id ?? '', '--link');
  await world.cycle('sync');
  expect([await codes(world), await stateOf(id)]).toEqual([[], 'active']);
  await world.cycle('sync');
  await expectQuiet(world);
});

/** One is linked and the others are shadows; or, where nobody is named, all are held. */
async function expectOne(
  option: (typeof OPTIONS)[number],
  linked: { readonly [option: string]: number },
  all: readonly number[],
  code: string,
): Promise<void> {
  const before = all.map((id) => world.sell.world.readContact(id));
  const chosen = linked[option];
  const states = await Promise.all(all.map(stateOf));
  if (chosen === undefined) {
    expect(states).toEqual(all.map(() => ''));
    expect(await codes(world)).toEqual(all.map(() => code));
    expect(contactOf(world, EMAIL).fields['FIRSTNAME']).toBe('Jo');
  } else {
    expect(states).toEqual(all.map((id) => (id === chosen ? 'active' : 'shadow')));
    expect(await codes(world)).toEqual(all.slice(1).map(() => 'DUP_SHADOWED'));
  }
  expect((await world.sellRecords('contacts')).length).toBe(all.length);
  await expectQuiet(world);
  expect(all.map((id) => world.sell.world.readContact(id))).toEqual(before);
}

describe('the first of several', () => {
  it('4.4: newest-updated and latest-stage choose otherwise', async () => {
    await world.configure(contacts('email', { multipleMatchFirst: 'latest-stage' }));
    const ids = [
      inSell('Jo', 'Smith', { customer_status: 'none', prospect_status: 'lost' }),
      inSell('Jo', 'Smith', { customer_status: 'current', prospect_status: 'none' }),
      inSell('Jo', 'Smith', { customer_status: 'past', prospect_status: 'none' }),
    ];
    inDotdigital('Jo', 'Smith');
    await world.cycle('align');
    expect(await Promise.all(ids.map(stateOf))).toEqual(['shadow', 'active', 'shadow']);
    await expectQuiet(world);
  });
});

describe('shadows', () => {
  it('C3: a new Sell record with the address of a linked one is a shadow and never changes the person', async () => {
    const id = inSell('Jo', 'Smith');
    await world.cycle('align');
    const twin = inSell('Joe', 'Smythe');
    const run = await world.cycle('sync');
    expect(await decided(world, run.id)).toEqual([]);
    expect(run.state).toBe('ok');
    expect(await stateOf(twin)).toBe('shadow');
    expect(await codes(world)).toEqual(['DUP_SHADOWED']);
    world.sell.world.updateContact(twin, { first_name: 'Shadowy' });
    await expectQuiet(world);
    expect(contactOf(world, EMAIL).fields['FIRSTNAME']).toBe('Jo');
    world.dotdigital.world.editContact(EMAIL, { fields: { FIRSTNAME: 'Joey' } });
    await world.cycle('sync');
    expect(world.sell.world.readContact(id)).toMatchObject({ first_name: 'Joey' });
    expect(world.sell.world.readContact(twin)).toMatchObject({ first_name: 'Shadowy' });
    await expectQuiet(world);
  });

  it('C3: a new Sell record with an address that only the linked record has is a shadow as well', async () => {
    await world.configure(contacts('email', { onEmailChange: 'hold' }));
    const id = inSell('Jo', 'Smith');
    await world.cycle('align');
    await world.cycle('sync');
    world.sell.world.updateContact(id, { email: 'joanna@example.com' });
    await world.cycle('sync');
    const twin = inSell('Jo', 'Smith', { email: 'joanna@example.com' });
    await world.cycle('sync');
    expect(await stateOf(twin)).toBe('shadow');
    await expectQuiet(world);
  });

  it('C3: three duplicates: one is linked, two are shadows, and each change stays quiet', async () => {
    const [one, two, three] = [inSell('Jo', 'Smith'), inSell('Jo', 'Smith'), inSell('Jo', 'Smith')];
    await world.cycle('align');
    expect(addressesIn(world)).toEqual([EMAIL]);
    expect(await Promise.all([one, two, three].map(stateOf))).toEqual(['active', 'shadow', 'shadow']);
    expect(await codes(world)).toEqual(['DUP_SHADOWED', 'DUP_SHADOWED']);
    for (const id of [two, three]) {
      world.sell.world.updateContact(id, { title: 'Changed' });
      await expectQuiet(world);
    }
    await world.cycle('sync', { full: true });
    await expectQuiet(world);
    expect(await codes(world)).toEqual(['DUP_SHADOWED', 'DUP_SHADOWED']);
  });

  it('C3: a shadow that gets an address of its own becomes a person of its own', async () => {
    inSell('Jo', 'Smith');
    const twin = inSell('Joe', 'Smythe');
    await world.cycle('align');
    world.sell.world.updateContact(twin, { email: 'joe@example.com' });
    await world.cycle('sync');
    expect(addressesIn(world)).toEqual([EMAIL, 'joe@example.com'].sort());
    expect((await linksOf(world, twin)).filter((link) => link.state === 'active')).toHaveLength(1);
    expect(await codes(world)).toEqual([]);
    await expectQuiet(world);
  });

  it('C3, C20: a shadow that stays behind at the old address becomes a person of its own in the same cycle', async () => {
    const id = inSell('Jo', 'Smith');
    const twin = inSell('Joe', 'Smythe');
    await world.cycle('align');
    world.sell.world.updateContact(id, { email: 'moved@example.com' });
    await world.cycle('sync');
    expect(addressesIn(world)).toEqual([EMAIL, 'moved@example.com']);
    expect(contactOf(world, EMAIL).fields['FIRSTNAME']).toBe('Joe');
    expect(contactOf(world, 'moved@example.com').fields['FIRSTNAME']).toBe('Jo');
    expect((await linksOf(world, twin)).filter((link) => link.state === 'active')).toHaveLength(1);
    expect(await codes(world)).toEqual([]);
    await expectQuiet(world);
  });

  it('C3, H4: merging in Sell what was held lets the person go on', async () => {
    await world.configure(contacts('do-not-update'));
    const [one, two] = [inSell('Jo', 'Smith'), inSell('Jo', 'Smith')];
    await world.cycle('align');
    expect(await codes(world)).toEqual(['MULTI_MATCH', 'MULTI_MATCH']);
    world.sell.world.mergeContacts(one, two);
    await world.cycle('sync');
    expect(addressesIn(world)).toEqual([EMAIL]);
    expect(await codes(world)).toEqual([]);
    await expectQuiet(world);
  });
});

describe('first merges', () => {
  it.each([
    ['sell', { first: 'Sella', code: 'E1' }],
    ['dotdigital', { first: 'Dota', code: 'E1' }],
    ['fill-blanks', { first: null, code: 'E1' }],
  ] as const)('C2, 4.8: winner %s', async (winner, expected) => {
    await world.configure(contacts('email', { alignment: { mode: 'both', winner } }));
    const id = inSell('Sella', 'Smith', { address: { postal_code: 'E1' } });
    inDotdigital('Dota', 'Smith');
    await world.cycle('align');
    const [record, contact] = [world.sell.world.readContact(id), contactOf(world, EMAIL)];
    expect(record).toMatchObject({ first_name: expected.first ?? 'Sella' });
    expect(contact.fields['FIRSTNAME']).toBe(expected.first ?? 'Dota');
    expect(contact.fields['POSTCODE']).toBe(expected.code);
    await expectQuiet(world);
    // From now on a change is a change, on either side.
    world.dotdigital.world.editContact(EMAIL, { fields: { FIRSTNAME: 'Later' } });
    await world.cycle('sync');
    expect(world.sell.world.readContact(id)).toMatchObject({ first_name: 'Later' });
    await expectQuiet(world);
  });

  it('C2, 4.8: winner newest takes the record that was changed last', async () => {
    await world.configure(contacts('email', { alignment: { mode: 'both', winner: 'newest' } }));
    const id = inSell('Sella', 'Smith', { created_at: '2020-01-01T00:00:00Z', updated_at: '2020-01-02T00:00:00Z' });
    inDotdigital('Dota', 'Smith');
    await world.cycle('align');
    expect(world.sell.world.readContact(id)).toMatchObject({ first_name: 'Dota' });
    await expectQuiet(world);
  });

  it('4.8: alignment mode none links, writes nothing, and syncs changes afterwards', async () => {
    await world.configure(contacts('email', { alignment: { mode: 'none', winner: 'sell' } }));
    const id = inSell('Sella', 'Smith');
    inDotdigital('Dota', 'Smith');
    world.sell.world.createContact({ first_name: 'Only', last_name: 'Sell', email: 'only@example.com' });
    await world.cycle('align');
    expect(await stateOf(id)).toBe('active');
    expect(contactOf(world, EMAIL).fields['FIRSTNAME']).toBe('Dota');
    expect(addressesIn(world)).toEqual([EMAIL]);
    world.sell.world.updateContact(id, { last_name: 'Smythe' });
    await world.cycle('sync');
    expect(contactOf(world, EMAIL).fields).toMatchObject({ FIRSTNAME: 'Dota', LASTNAME: 'Smythe' });
  });

  it.each(['sell-to-dotdigital', 'dotdigital-to-sell'] as const)(
    '4.8: alignment %s writes one way, sync both',
    async (mode) => {
      await world.configure(contacts('email', { alignment: { mode, winner: 'sell' } }));
      const id = inSell('Sella', 'Smith', { title: 'x' });
      inDotdigital('Dota', 'Smith', { POSTCODE: 'W1' });
      await world.cycle('align');
      const toDotdigital = mode === 'sell-to-dotdigital';
      expect(contactOf(world, EMAIL).fields['FIRSTNAME']).toBe(toDotdigital ? 'Sella' : 'Dota');
      expect(world.sell.world.readContact(id)).toMatchObject({ address: { postal_code: toDotdigital ? null : 'W1' } });
      world.dotdigital.world.editContact(EMAIL, { fields: { LASTNAME: 'Dotson' } });
      world.sell.world.updateContact(id, { customer_status: 'past' });
      await world.cycle('sync');
      expect(world.sell.world.readContact(id)).toMatchObject({ last_name: 'Dotson' });
      expect(contactOf(world, EMAIL).fields['CUSTOMER_STATUS']).toBe('past');
      await world.cycle('sync');
      await expectQuiet(world);
    },
  );
});

it('4.4: where two contacts seem to have one address, neither makes a record beside the free one', async () => {
  await world.configure(contacts('email'));
  world.dotdigital.world.createDataField('CUSTOMER_STATUS', 'String');
  inDotdigital('Jo', null);
  await world.cycle('align');
  const first = contactOf(world, EMAIL);
  world.dotdigital.world.deleteContact(EMAIL);
  inDotdigital('Jo', 'Smith', { CUSTOMER_STATUS: 'current' });
  inSell('Jo', 'Smith');
  const second = contactOf(world, EMAIL);
  const engine = await engineOf(world);
  // The service still shows the one that was deleted: whoever left may be hidden or gone, and nobody can tell.
  const marketing: Engine['marketing'] = {
    ...engine.marketing,
    readOne: async (ref, selection) => {
      if (!('id' in ref) || ref.id !== String(first.contactId)) return engine.marketing.readOne(ref, selection);
      const shown = await engine.marketing.readOne({ id: String(second.contactId) }, selection);
      return shown === 'missing' ? shown : { ...shown, id: ref.id };
    },
  };
  await runCycle({ ...engine, marketing }, { kind: 'sync', only: null, full: false });
  expect([...world.sell.world.state.contacts.values()].map(({ email }) => email)).toEqual([EMAIL]);
});
