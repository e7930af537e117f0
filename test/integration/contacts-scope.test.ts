// Who takes part: tag, owner and list scopes, the pause switch, organisations, a changed configuration. (C32-C34, R12)
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addressesIn, codes, contactOf, expectQuiet, linksOf } from './looking.ts';
import { type Settings, startTwoAccounts, type TwoAccounts } from './two-accounts.ts';

let world: TwoAccounts;
beforeEach(async () => {
  world = await startTwoAccounts();
});
afterEach(() => world.stop());

const EMAIL = 'pat@example.com';
const scoped = (scope: Settings, more: Settings = {}): Settings => ({
  profile: 'classic',
  contacts: { enabled: true, multipleMatch: 'email', scope, ...more },
});

function inSell(more: Settings = {}): number {
  return world.sell.world.createContact({
    first_name: 'Pat',
    last_name: 'Scope',
    email: EMAIL,
    customer_status: 'current',
    ...more,
  }).id;
}
async function stateOf(id: number): Promise<string> {
  return (await linksOf(world, id))
    .map((link) => `${link.state}${link.because === null ? '' : ` ${link.because}`}`)
    .join();
}

describe('scope', () => {
  it('C32: leaving a tag scope pauses, touches nobody, and coming back merges from where it was', async () => {
    await world.configure(scoped({ sellTags: ['sync'] }));
    const id = inSell({ tags: ['sync'] });
    world.sell.world.createContact({
      first_name: 'Out',
      last_name: 'Side',
      email: 'out@example.com',
      customer_status: 'current',
    });
    await world.cycle('align');
    expect(addressesIn(world)).toEqual([EMAIL]);
    world.sell.world.updateContact(id, { tags: [], first_name: 'Patrick' });
    await world.cycle('sync');
    expect(await stateOf(id)).toBe('paused C32');
    expect(contactOf(world, EMAIL).fields['FIRSTNAME']).toBe('Pat');
    expect(contactOf(world, EMAIL).emailStatus).toBe('subscribed');
    world.dotdigital.world.editContact(EMAIL, { fields: { LASTNAME: 'Paused' } });
    await expectQuiet(world);
    expect(world.sell.world.readContact(id)).toMatchObject({ last_name: 'Scope' });
    world.sell.world.updateContact(id, { tags: ['sync'] });
    await world.cycle('sync');
    expect(await stateOf(id)).toBe('active');
    expect(world.sell.world.readContact(id)).toMatchObject({ first_name: 'Patrick', last_name: 'Paused' });
    expect(contactOf(world, EMAIL).fields).toMatchObject({ FIRSTNAME: 'Patrick', LASTNAME: 'Paused' });
    await expectQuiet(world);
  });

  it('C32: an owner scope, named by address', async () => {
    const user = world.sell.world.addUser({ name: 'Ben Seller', email: 'ben@sales.example' });
    await world.configure(scoped({ sellOwners: ['ben@sales.example'] }));
    const id = inSell({ owner_id: user.id });
    world.sell.world.createContact({
      first_name: 'Out',
      last_name: 'Side',
      email: 'out@example.com',
      customer_status: 'current',
    });
    await world.cycle('align');
    expect(addressesIn(world)).toEqual([EMAIL]);
    const [admin] = world.sell.world.state.users.values();
    world.sell.world.updateContact(id, { owner_id: admin?.id ?? 0 });
    await world.cycle('sync');
    expect(await stateOf(id)).toBe('paused C32');
    world.sell.world.updateContact(id, { owner_id: user.id });
    await world.cycle('sync');
    expect(await stateOf(id)).toBe('active');
  });

  it('C32: a list scope in Dotdigital; what the sync creates is in scope', async () => {
    world.dotdigital.world.createList('In step');
    world.dotdigital.world.createDataField('CUSTOMER_STATUS', 'String');
    await world.configure(scoped({ dotdigitalLists: ['In step'] }));
    const id = inSell();
    for (const [email, lists] of [
      ['in@example.com', ['In step']],
      ['out@example.com', []],
    ] as const) {
      world.dotdigital.world.addContact({
        email,
        lists,
        fields: { FIRSTNAME: 'A', LASTNAME: 'B', CUSTOMER_STATUS: 'current' },
      });
    }
    await world.cycle('align');
    expect((await world.sellRecords('contacts')).map((record) => record.email).sort()).toEqual([
      'in@example.com',
      EMAIL,
    ]);
    expect(contactOf(world, EMAIL).lists.map((list) => list.name)).toEqual(['In step']);
    world.dotdigital.world.leaveList(EMAIL, 'In step');
    world.dotdigital.world.editContact(EMAIL, { fields: { LASTNAME: 'Gone' } });
    await world.cycle('sync');
    expect(await stateOf(id)).toBe('paused C32');
    expect(world.sell.world.readContact(id)).toMatchObject({ last_name: 'Scope' });
    world.dotdigital.world.joinList(EMAIL, 'In step');
    world.dotdigital.world.editContact(EMAIL, { fields: { LASTNAME: 'Again' } });
    await world.cycle('sync');
    expect(world.sell.world.readContact(id)).toMatchObject({ last_name: 'Again' });
  });
});

describe('pause switch', () => {
  it('C33, decision 23: the tag no-sync pauses both ways until it is taken off', async () => {
    const id = inSell();
    await world.cycle('align');
    world.sell.world.updateContact(id, { tags: ['no-sync'], first_name: 'Quiet' });
    world.dotdigital.world.editContact(EMAIL, { fields: { LASTNAME: 'Still' } });
    await expectQuiet(world);
    expect(await stateOf(id)).toBe('paused C33');
    world.sell.world.updateContact(id, { tags: [] });
    await world.cycle('sync');
    expect(world.sell.world.readContact(id)).toMatchObject({ first_name: 'Quiet', last_name: 'Still' });
    expect(contactOf(world, EMAIL).fields).toMatchObject({ FIRSTNAME: 'Quiet', LASTNAME: 'Still' });
    await expectQuiet(world);
  });

  it('C33: membership of the pause list does the same', async () => {
    world.dotdigital.world.createList('Pause');
    await world.configure(scoped({ pauseList: 'Pause' }));
    const id = inSell();
    await world.cycle('align');
    world.dotdigital.world.joinList(EMAIL, 'Pause');
    world.dotdigital.world.editContact(EMAIL, { fields: { LASTNAME: 'Listed' } });
    await expectQuiet(world);
    expect(await stateOf(id)).toBe('paused C33');
    world.sell.world.updateContact(id, { first_name: 'Waiting' });
    await expectQuiet(world);
    world.dotdigital.world.leaveList(EMAIL, 'Pause');
    world.dotdigital.world.editContact(EMAIL, { fields: { LASTNAME: 'Delisted' } });
    await world.cycle('sync');
    expect(world.sell.world.readContact(id)).toMatchObject({ first_name: 'Waiting', last_name: 'Delisted' });
    expect(contactOf(world, EMAIL).fields['FIRSTNAME']).toBe('Waiting');
  });

  it('C33: a paused Sell record is not created in Dotdigital', async () => {
    inSell({ tags: ['no-sync'] });
    await world.cycle('align');
    expect(addressesIn(world)).toEqual([]);
    await expectQuiet(world);
  });
});

describe('organisations', () => {
  it('C34: are never synchronised, matched or held', async () => {
    world.sell.world.createContact({
      name: 'Acme Ltd',
      is_organization: true,
      email: 'office@acme.example',
      customer_status: 'current',
    });
    world.sell.world.createContact({ name: 'Nomail Ltd', is_organization: true });
    world.dotdigital.world.createDataField('CUSTOMER_STATUS', 'String');
    world.dotdigital.world.addContact({ email: 'office@acme.example', fields: { FIRSTNAME: 'Off', LASTNAME: 'Ice' } });
    await world.cycle('align');
    expect(await codes(world)).toEqual(['NOT_PROSPECT_OR_CUSTOMER']);
    expect(contactOf(world, 'office@acme.example').fields['FIRSTNAME']).toBe('Off');
    expect((await world.sellRecords('contacts')).every((record) => record.is_organization)).toBe(true);
    // A person of that address is a new record beside the organisation.
    world.dotdigital.world.editContact('office@acme.example', { fields: { CUSTOMER_STATUS: 'current' } });
    await world.cycle('sync');
    expect(
      (await world.sellRecords('contacts'))
        .filter((record) => !record.is_organization)
        .map((record) => record.first_name),
    ).toEqual(['Off']);
    await world.cycle('sync');
    await expectQuiet(world);
  });
});

describe('a changed configuration', () => {
  it('R12: a field mapped later is filled in without clearing anything', async () => {
    const id = inSell({ title: 'Chef' });
    const other = world.sell.world.createContact({
      first_name: 'No',
      last_name: 'Title',
      email: 'no@example.com',
      customer_status: 'current',
    }).id;
    await world.cycle('align');
    world.dotdigital.world.createDataField('JOB_TITLE', 'String');
    world.dotdigital.world.editContact('no@example.com', { fields: { JOB_TITLE: 'Baker' } });
    world.sell.world.updateContact(id, { address: { postal_code: 'E1' } });
    await world.cycle('sync');
    const fields = [
      { sell: 'first_name', dotdigital: 'FIRSTNAME' },
      { sell: 'last_name', dotdigital: 'LASTNAME' },
      { sell: 'address.postal_code', dotdigital: 'POSTCODE' },
      { sell: 'title', dotdigital: 'JOB_TITLE' },
    ];
    await world.configure(scoped({}, { fields }));
    world.sell.world.updateContact(id, { address: { postal_code: null } });
    await world.cycle('sync');
    expect(contactOf(world, EMAIL).fields).toMatchObject({ JOB_TITLE: 'Chef', POSTCODE: 'E1' });
    expect(world.sell.world.readContact(other)).toMatchObject({ title: 'Baker' });
    await expectQuiet(world);
  });

  it('R12: a run of one part alone leaves the rest to be looked at anew', async () => {
    inSell({ title: 'Chef' });
    await world.cycle('align');
    await expectQuiet(world);
    await world.configure(scoped({}, { fields: [{ sell: 'title', dotdigital: 'JOB_TITLE' }] }));
    expect((await world.cycle('sync', { only: ['lead'] })).actions.total).toBe(0);
    await world.cycle('sync');
    // Filled in, as after any change of the configuration.
    expect(contactOf(world, EMAIL).fields).toMatchObject({ JOB_TITLE: 'Chef' });
  });

  it('R12: a narrower scope pauses, a wider one takes people in', async () => {
    const id = inSell();
    await world.cycle('align');
    await world.configure(scoped({ sellTags: ['vip'] }));
    await world.cycle('sync');
    expect(await stateOf(id)).toBe('paused C32');
    expect(addressesIn(world)).toEqual([EMAIL]);
    await world.configure(scoped({}));
    await world.cycle('sync');
    expect(await stateOf(id)).toBe('active');
    await expectQuiet(world);
  });
});
