// The e-mail address of contacts, row by row: missing, unusable, renamed, taken, swapped, removed, opted out. (C18-C25)
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addressesIn, codes, contactOf, decided, expectQuiet, linksOf, openHoldsOf } from './looking.ts';
import { type Settings, startTwoAccounts, type TwoAccounts } from './two-accounts.ts';

let world: TwoAccounts;
beforeEach(async () => {
  world = await startTwoAccounts();
});
afterEach(() => world.stop());

function person(name: string, email: string | null, more: Settings = {}): number {
  return world.sell.world.createContact({
    first_name: name,
    last_name: 'Smith',
    customer_status: 'current',
    ...(email === null ? {} : { email }),
    ...more,
  }).id;
}
/** What a person at a terminal reads of this address. */
async function told(email: string): Promise<string> {
  return (await world.words('explain', email)).stdout;
}

const contacts = (more: Settings): Settings => ({
  profile: 'classic',
  contacts: { enabled: true, multipleMatch: 'email-and-names', ...more },
});

async function aligned(...emails: readonly string[]): Promise<readonly number[]> {
  const ids = emails.map((email) => person(email.slice(0, email.indexOf('@')), email));
  await world.cycle('align');
  await expectQuiet(world);
  return ids;
}

describe('addresses that cannot be a contact', () => {
  it('C18: a Sell contact without an address is held, and goes on once it has one', async () => {
    const id = person('Nomail', null);
    await world.cycle('align');
    expect(await codes(world)).toEqual(['EMAIL_MISSING']);
    expect(addressesIn(world)).toEqual([]);
    world.sell.world.updateContact(id, { email: 'now@example.com' });
    await world.cycle('sync');
    expect(await codes(world)).toEqual([]);
    expect(addressesIn(world)).toEqual(['now@example.com']);
  });

  it('C19: invalid, over-long and machine addresses are held one by one and never sent', async () => {
    const bad: readonly (readonly [string, string])[] = [
      ['not an address', 'EMAIL_INVALID'],
      ['two@at@example.com', 'EMAIL_INVALID'],
      ['nodomain@', 'EMAIL_INVALID'],
      [`${'x'.repeat(65)}@example.com`, 'EMAIL_INVALID'],
      [`ann@${'long.'.repeat(50)}example.com`, 'EMAIL_INVALID'],
      ['noreply@example.com', 'EMAIL_BLOCKED'],
      ['abuse@example.com', 'EMAIL_BLOCKED'],
    ];
    for (const [index, [email]] of bad.entries()) person(`Bad${String(index)}`, email);
    person('Good', 'good@example.com');
    const report = await world.cycle('align');
    expect(report.state).toBe('ok_with_holds');
    expect(addressesIn(world)).toEqual(['good@example.com']);
    const holds = await openHoldsOf(world);
    expect(holds.map((hold) => [hold.email, hold.code]).sort()).toEqual([...bad].sort());
    expect(holds.every((hold) => hold.row === 'C19')).toBe(true);
    await expectQuiet(world);
  });

  it('C19: an address the service alone refuses is held; all others of the batch go through', async () => {
    world.dotdigital.world.breakDomain('broken.example');
    world.dotdigital.world.suppressGlobally('global@example.com');
    world.dotdigital.world.suppressDomain('walled.example');
    person('A', 'a@broken.example');
    person('B', 'global@example.com');
    person('C', 'c@walled.example');
    person('D', 'fine@example.com');
    await world.cycle('align');
    expect(addressesIn(world)).toContain('fine@example.com');
    expect(addressesIn(world)).not.toContain('a@broken.example');
    expect(await codes(world, 'a@broken.example')).toEqual(['EMAIL_INVALID']);
    for (const email of ['global@example.com', 'c@walled.example']) {
      const contact = world.dotdigital.world.contact(email);
      if (contact === undefined) expect(await codes(world, email)).toEqual(['EMAIL_BLOCKED']);
      else expect(contact.emailStatus).not.toBe('subscribed');
    }
    await expectQuiet(world);
  });

  it('4.1: letter case, white space and international domains are one address', async () => {
    world.dotdigital.world.addContact({
      email: 'jo@xn--mnchen-3ya.example',
      fields: { FIRSTNAME: 'Jo', LASTNAME: 'Smith' },
    });
    person('Jo', ' JO@MÜNCHEN.example ');
    await world.cycle('align');
    expect(addressesIn(world)).toEqual(['jo@xn--mnchen-3ya.example']);
    await expectQuiet(world);
    await expectQuiet(world);
  });
});

describe('an address changed in Sell', () => {
  it('C20: the Dotdigital contact is renamed and keeps its id, lists and status', async () => {
    const [id = 0] = await aligned('old@example.com');
    world.dotdigital.world.createList('Fans');
    world.dotdigital.world.joinList('old@example.com', 'Fans');
    const before = contactOf(world, 'old@example.com');
    world.sell.world.updateContact(id, { email: 'New@Example.com', last_name: 'Renamed' });
    expect(await decided(world, (await world.cycle('sync')).id)).toEqual(['C20 update marketing']);
    const after = contactOf(world, 'new@example.com');
    expect(after.contactId).toBe(before.contactId);
    expect(after.lists.map((list) => list.name)).toEqual(['Fans']);
    expect(after.emailStatus).toBe('subscribed');
    expect(after.fields['LASTNAME']).toBe('Renamed');
    expect(addressesIn(world)).toEqual(['new@example.com']);
    await expectQuiet(world);
  });

  it('C20: changing only letter case or white space renames nobody', async () => {
    const [id = 0] = await aligned('same@example.com');
    world.sell.world.updateContact(id, { email: '  SAME@example.com' });
    await expectQuiet(world);
  });

  it('C20 `new`: a second Dotdigital contact is made and the first one stays', async () => {
    await world.configure(contacts({ onEmailChange: 'new' }));
    const [id = 0] = await aligned('old@example.com');
    world.sell.world.updateContact(id, { email: 'new@example.com' });
    await world.cycle('sync');
    expect(addressesIn(world)).toEqual(['new@example.com', 'old@example.com']);
    expect((await world.sellRecords('contacts')).length).toBe(1);
    await world.cycle('sync');
    await expectQuiet(world);
    world.sell.world.updateContact(id, { last_name: 'Later' });
    await world.cycle('sync');
    expect(contactOf(world, 'new@example.com').fields['LASTNAME']).toBe('Later');
    expect(contactOf(world, 'old@example.com').fields['LASTNAME']).toBe('Smith');
    expect((await world.sellRecords('contacts')).length).toBe(1);
  });

  it('C20 `hold`: waits for a decision', async () => {
    await world.configure(contacts({ onEmailChange: 'hold' }));
    const [id = 0] = await aligned('old@example.com');
    world.sell.world.updateContact(id, { email: 'new@example.com' });
    await world.cycle('sync');
    expect(addressesIn(world)).toEqual(['old@example.com']);
    expect((await openHoldsOf(world)).map((hold) => [hold.code, hold.row])).toEqual([['EMAIL_TAKEN', 'C20']]);
    world.dotdigital.world.editContact('old@example.com', { email: 'new@example.com' });
    await world.cycle('sync');
    expect(await codes(world)).toEqual([]);
    await expectQuiet(world);
  });

  it('C21: an address that is another contact’s is held, naming both', async () => {
    const [one = 0] = await aligned('one@example.com', 'two@example.com');
    const other = contactOf(world, 'two@example.com');
    world.sell.world.updateContact(one, { email: 'two@example.com', last_name: 'Held' });
    const report = await world.cycle('sync');
    expect(report.state).toBe('ok_with_holds');
    expect(contactOf(world, 'one@example.com').fields['LASTNAME']).toBe('Smith');
    expect(contactOf(world, 'two@example.com').contactId).toBe(other.contactId);
    expect(await codes(world)).toEqual(['EMAIL_TAKEN']);
    await expectQuiet(world);
    // The other contact gives the address up: the hold is tried again by itself. (decision 18)
    world.dotdigital.world.editContact('two@example.com', { email: 'elsewhere@example.com' });
    await world.cycle('sync');
    await world.cycle('sync');
    expect(contactOf(world, 'two@example.com').fields['LASTNAME']).toBe('Held');
    expect(await codes(world)).toEqual([]);
    await expectQuiet(world);
  });

  it('C21: an unlinked contact of Dotdigital with the new address is taken as well', async () => {
    const [id = 0] = await aligned('one@example.com');
    world.dotdigital.world.addContact({ email: 'lone@example.com', fields: { FIRSTNAME: 'Lone', LASTNAME: 'Wolf' } });
    await world.cycle('sync');
    world.sell.world.updateContact(id, { email: 'lone@example.com' });
    await world.cycle('sync');
    expect(await codes(world, 'lone@example.com')).toContain('EMAIL_TAKEN');
    expect(addressesIn(world)).toEqual(['lone@example.com', 'one@example.com']);
    expect((await world.sellRecords('contacts')).length).toBe(1);
    await expectQuiet(world);
  });

  it('C21: two people who swap addresses in Sell are held, and nobody’s data crosses over', async () => {
    const [one = 0, two = 0] = await aligned('one@example.com', 'two@example.com');
    const ids = ['one@example.com', 'two@example.com'].map((email) => contactOf(world, email).contactId);
    world.sell.world.updateContact(one, { email: 'two@example.com' });
    world.sell.world.updateContact(two, { email: 'one@example.com' });
    await world.cycle('sync');
    expect(await codes(world)).toEqual(['EMAIL_TAKEN', 'EMAIL_TAKEN']);
    expect(['one@example.com', 'two@example.com'].map((email) => contactOf(world, email).contactId)).toEqual(ids);
    expect(contactOf(world, 'one@example.com').fields['FIRSTNAME']).toBe('one');
    await expectQuiet(world);
    // They swap back: nothing is left of it.
    world.sell.world.updateContact(one, { email: 'one@example.com' });
    world.sell.world.updateContact(two, { email: 'two@example.com' });
    await world.cycle('sync');
    expect(await codes(world)).toEqual([]);
    await expectQuiet(world);
  });

  it('C21: a chain of addresses moving on by one settles without a hold left', async () => {
    const [one = 0, two = 0] = await aligned('one@example.com', 'two@example.com');
    world.sell.world.updateContact(two, { email: 'three@example.com' });
    world.sell.world.updateContact(one, { email: 'two@example.com' });
    for (let cycle = 0; cycle < 3; cycle += 1) await world.cycle('sync');
    expect(addressesIn(world)).toEqual(['three@example.com', 'two@example.com']);
    expect(contactOf(world, 'three@example.com').fields['FIRSTNAME']).toBe('two');
    expect(contactOf(world, 'two@example.com').fields['FIRSTNAME']).toBe('one');
    expect(await codes(world)).toEqual([]);
    await expectQuiet(world);
  });

  it('C22: an address that opted out before takes the opt-out along', async () => {
    const [id = 0] = await aligned('old@example.com');
    world.dotdigital.world.suppressAddress('left@example.com');
    world.sell.world.updateContact(id, { email: 'left@example.com' });
    const run = await world.cycle('sync');
    expect(await decided(world, run.id)).toEqual(['C22 update marketing']);
    expect(['unsubscribed', 'suppressed']).toContain(contactOf(world, 'left@example.com').emailStatus);
    expect(await told('left@example.com')).toContain('EMAIL_CHANGE_TO_SUPPRESSED');
    expect((await world.words('runs', run.id)).stdout).toContain('EMAIL_CHANGE_TO_SUPPRESSED');
    await expectQuiet(world);
  });

  it.each(['follows-contact', 'follows-address'] as const)(
    'C23: an opt-out travels to the new address (%s)',
    async (emailChangeStatus) => {
      world.dotdigital.switches.emailChangeStatus = emailChangeStatus;
      const [id = 0] = await aligned('old@example.com');
      world.dotdigital.world.unsubscribe('old@example.com');
      await world.cycle('sync');
      world.sell.world.updateContact(id, { email: 'new@example.com' });
      await world.cycle('sync');
      expect(contactOf(world, 'new@example.com').emailStatus).toBe('unsubscribed');
      await expectQuiet(world);
    },
  );

  it('C23 with `new`: the second contact starts opted out too', async () => {
    await world.configure(contacts({ onEmailChange: 'new' }));
    const [id = 0] = await aligned('old@example.com');
    world.dotdigital.world.unsubscribe('old@example.com');
    await world.cycle('sync');
    world.sell.world.updateContact(id, { email: 'new@example.com' });
    await world.cycle('sync');
    expect(contactOf(world, 'new@example.com').emailStatus).toBe('unsubscribed');
  });

  it('C19: a changed address that cannot be mailed is held and the old one stays', async () => {
    const [id = 0] = await aligned('old@example.com');
    world.sell.world.updateContact(id, { email: 'oops' });
    await world.cycle('sync');
    expect(addressesIn(world)).toEqual(['old@example.com']);
    expect(await codes(world)).toEqual(['EMAIL_INVALID']);
    world.sell.world.updateContact(id, { email: 'postmaster@example.com' });
    await world.cycle('sync');
    expect(await codes(world)).toEqual(['EMAIL_BLOCKED']);
    world.sell.world.updateContact(id, { email: 'old@example.com' });
    await world.cycle('sync');
    expect(await codes(world)).toEqual([]);
    await expectQuiet(world);
  });
});

describe('an address removed', () => {
  it('C24: in Sell: the link ends, the contact stays, and the inbox says so', async () => {
    const [id = 0] = await aligned('gone@example.com');
    world.sell.world.updateContact(id, { email: null });
    await world.cycle('sync');
    expect(addressesIn(world)).toEqual(['gone@example.com']);
    expect(await codes(world)).toEqual(['EMAIL_REMOVED']);
    expect((await linksOf(world, id)).map((link) => [link.state, link.because])).toEqual([['severed', 'C24']]);
    await expectQuiet(world);
    expect(await codes(world)).toEqual(['EMAIL_REMOVED']);
    // Put back, the two are linked again and nobody is doubled.
    world.sell.world.updateContact(id, { email: 'gone@example.com', last_name: 'Back' });
    await world.cycle('sync');
    await world.cycle('sync');
    expect(addressesIn(world)).toEqual(['gone@example.com']);
    expect(contactOf(world, 'gone@example.com').fields['LASTNAME']).toBe('Back');
    expect((await world.sellRecords('contacts')).length).toBe(1);
    expect(await codes(world)).toEqual([]);
  });

  it('C24: in Dotdigital: held, the record in Sell keeps its address', async () => {
    const [id = 0] = await aligned('gone@example.com');
    world.dotdigital.world.editContact('gone@example.com', { email: null, mobile: '447700900123' });
    await world.cycle('sync');
    expect(world.sell.world.readContact(id)).toMatchObject({ email: 'gone@example.com' });
    expect(await codes(world)).toEqual(['EMAIL_REMOVED']);
    await expectQuiet(world);
  });
});

describe('an address changed in Dotdigital', () => {
  it('C25: the Sell record follows', async () => {
    const [id = 0] = await aligned('old@example.com');
    world.dotdigital.world.editContact('old@example.com', { email: 'moved@example.com' });
    const run = await world.cycle('sync');
    expect(await decided(world, run.id)).toEqual(['C25 update crm']);
    expect(world.sell.world.readContact(id)).toMatchObject({ email: 'moved@example.com' });
    await expectQuiet(world);
  });

  it('C25: also to an address that another Sell contact has; links stay as they are', async () => {
    const [id = 0] = await aligned('old@example.com');
    const other = person('Nobody', 'shared@example.com', { tags: ['no-sync'] });
    await world.cycle('sync');
    world.dotdigital.world.editContact('old@example.com', { email: 'shared@example.com' });
    await world.cycle('sync');
    expect(world.sell.world.readContact(id)).toMatchObject({ email: 'shared@example.com' });
    expect(world.sell.world.readContact(other)).toMatchObject({ first_name: 'Nobody' });
    expect((await linksOf(world, id)).filter((link) => link.state === 'active')).toHaveLength(1);
    expect(await told('shared@example.com')).toContain(`SELL_DUP_EMAIL: Sell contact ${other}`);
    await expectQuiet(world);
  });

  it('C20/C25: changed on both sides to different addresses: Sell’s is taken, nobody is doubled', async () => {
    const [id = 0] = await aligned('old@example.com');
    world.sell.world.updateContact(id, { email: 'fromsell@example.com' });
    world.dotdigital.world.editContact('old@example.com', { email: 'fromdot@example.com' });
    await world.cycle('sync');
    expect(addressesIn(world)).toEqual(['fromsell@example.com']);
    expect(world.sell.world.readContact(id)).toMatchObject({ email: 'fromsell@example.com' });
    await expectQuiet(world);
  });

  it('S2: one-way to Dotdigital leaves the Sell address alone; one-way to Sell never renames', async () => {
    await world.configure(contacts({ direction: 'sell-to-dotdigital' }));
    const [id = 0] = await aligned('old@example.com');
    world.dotdigital.world.editContact('old@example.com', { email: 'drift@example.com' });
    await expectQuiet(world);
    expect(world.sell.world.readContact(id)).toMatchObject({ email: 'old@example.com' });
    await world.configure(contacts({ direction: 'dotdigital-to-sell' }));
    await world.cycle('sync');
    world.sell.world.updateContact(id, { email: 'muted@example.com' });
    await world.cycle('sync');
    expect(addressesIn(world)).toEqual(['drift@example.com']);
  });
});
