// Undo of a run, against both simulated services over real sockets. (decisions 25-27, R17)
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectQuiet } from './looking.ts';
import { startTwoAccounts, type TwoAccounts } from './two-accounts.ts';
import { approveRun, dump, rejectRun, undoRun } from './undoing.ts';

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
  sell.world.createContact({
    first_name: 'Ada',
    last_name: 'Lovelace',
    email: 'ada@example.com',
    customer_status: 'current',
    tags: ['maths'],
  });
  sell.world.createContact({
    first_name: 'Bob',
    last_name: 'Both',
    email: 'BOB@example.com',
    customer_status: 'past',
    address: { line1: '1 Road', city: 'Leeds', postal_code: 'LS1' },
  });
  dotdigital.world.addContact({
    email: 'bob@example.com',
    fields: { FIRSTNAME: 'Bobby', LASTNAME: 'Both', CUSTOMER_STATUS: 'Gold', CITY: 'York' },
  });
  dotdigital.world.addContact({
    email: 'cy@example.com',
    fields: { FIRSTNAME: 'Cy', LASTNAME: 'Only', CUSTOMER_STATUS: 'vip' },
    status: 'unsubscribed',
  });
  sell.world.createContact({
    first_name: 'Dee',
    last_name: 'Blank',
    email: 'dee@example.com',
    customer_status: 'current',
  });
  dotdigital.world.addContact({
    email: 'dee@example.com',
    fields: { FIRSTNAME: 'Dee', LASTNAME: 'Blank', CITY: 'Hull', TAGS: 'a; b' },
  });
  sell.world.createLead({ first_name: 'Lea', last_name: 'Lead', email: 'lea@example.com', status: 'Working' });
  sell.world.createLead({ first_name: 'Bob', last_name: 'Both', email: 'bob@example.com', status: 'New' });
}

/** In step, then edits on both sides that one sync carries over. */
async function syncEdits() {
  meetPeople();
  await world.cycle('align');
  await world.cycle('sync');
  const [ada, bob, lea] = [
    await world.sellRecord('contacts', 'ada@example.com'),
    await world.sellRecord('contacts', 'BOB@example.com'),
    await world.sellRecord('leads', 'lea@example.com'),
  ];
  world.sell.world.updateContact(ada.id, {
    first_name: 'Augusta',
    tags: ['maths', 'poetry'],
    email: 'augusta@example.com',
  });
  world.sell.world.updateLead(lea.id, { status: 'Unqualified' });
  world.dotdigital.world.editContact('bob@example.com', {
    fields: { CITY: 'Bath', FIRSTNAME: 'Rob' },
    email: 'rob@example.com',
  });
  const edited = await dump(world);
  const report = await world.cycle('sync');
  expect(report.failures).toEqual([]);
  return { ada, bob, lea, edited, report };
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

describe('undo of a sync', () => {
  it('R17: values, addresses, lead statuses and lists go back, the edits that caused them stay and are not pushed again', async () => {
    const { edited, report } = await syncEdits();
    expect(report.actions.byKind).toMatchObject({ 'list-add': 1, 'list-remove': 1 });
    const undone = await undoRun(world, report.id);
    expect(undone.skipped).toEqual([]);
    expect(await dump(world)).toEqual(edited);
    await expectQuiet(world);
    await expectQuiet(world);
    expect(await dump(world)).toEqual(edited);
  });

  it('R17: undoing twice finds nothing left, and an undo can be undone', async () => {
    const { edited, report } = await syncEdits();
    const synced = await dump(world);
    const first = await undoRun(world, report.id);
    const again = await undoRun(world, report.id);
    expect([again.report.actions.total, again.skipped]).toEqual([0, []]);
    const redone = await undoRun(world, first.report.id);
    expect(redone.skipped).toEqual([]);
    expect(await dump(world)).toEqual(synced);
    await expectQuiet(world);
    await undoRun(world, report.id);
    expect(await dump(world)).toEqual(edited);
    await expectQuiet(world);
  });

  it('R17: what was changed since is kept and named, the rest goes back; the change travels as any other', async () => {
    const { report, bob } = await syncEdits();
    world.dotdigital.world.editContact('augusta@example.com', { fields: { FIRSTNAME: 'Gusta' } });
    world.sell.world.updateContact(bob.id, { last_name: 'Bothe' });
    const { skipped } = await undoRun(world, report.id);
    expect(skipped).toEqual([
      expect.objectContaining({ system: 'marketing', field: 'FIRSTNAME', present: 'Gusta', why: 'was changed since' }),
    ]);
    expect(world.dotdigital.world.contact('ada@example.com')?.fields).toMatchObject({
      FIRSTNAME: 'Gusta',
      TAGS: 'maths',
    });
    await world.cycle('sync');
    expect(await world.sellRecord('contacts', 'augusta@example.com')).toMatchObject({
      first_name: 'Gusta',
      tags: ['maths', 'poetry'],
    });
    expect(world.dotdigital.world.contact('rob@example.com')?.fields).toMatchObject({
      LASTNAME: 'Bothe',
      FIRSTNAME: 'Rob',
      CITY: 'Bath',
    });
    expect(await world.sellRecord('contacts', 'BOB@example.com')).toMatchObject({ first_name: 'Bob' });
    // The contact's new name goes on to the person's lead. (L17)
    await world.cycle('sync');
    await expectQuiet(world);
  });

  it('R17, C17: parts of an address that nobody mapped, and tags that somebody added, survive', async () => {
    const { report, bob } = await syncEdits();
    world.sell.world.updateContact(bob.id, {
      address: { line1: '2 Street', city: 'Bath', postal_code: 'LS1' },
      tags: ['own'],
    });
    await undoRun(world, report.id);
    expect(await world.sellRecord('contacts', 'BOB@example.com')).toMatchObject({
      tags: ['own'],
      address: { line1: '2 Street', city: 'Leeds', postal_code: 'LS1' },
    });
  });

  it('R17, C21: an address that somebody else has by now does not go back, and is named', async () => {
    const { id } = world.sell.world.createContact({
      first_name: 'Ada',
      last_name: 'Lovelace',
      email: 'ada@example.com',
    });
    await world.cycle('align');
    await world.cycle('sync');
    world.sell.world.updateContact(id, { email: 'countess@example.com' });
    const run = await world.cycle('sync');
    world.dotdigital.world.addContact({ email: 'ada@example.com' });
    const { skipped } = await undoRun(world, run.id);
    expect(world.dotdigital.world.contact('countess@example.com')).toBeDefined();
    expect(skipped.map(({ system, why }) => [system, why])).toEqual([
      ['marketing', expect.stringMatching(/^stays: Dotdigital refused the contact/)],
    ]);
  });

  it('D1: a deletion is named with the recycle bin and not undone', async () => {
    const { ada } = await syncEdits();
    world.sell.world.deleteContact(ada.id);
    const report = await world.cycle('sync');
    expect(report.actions.byKind.delete).toBe(1);
    const { report: undone, skipped } = await undoRun(world, report.id);
    expect(undone.actions.total).toBe(0);
    expect(skipped).toEqual([expect.objectContaining({ field: null, why: expect.stringContaining('30 days') })]);
    expect(undone.message).toContain('recycle bin');
  });
});

describe('undo of creations', () => {
  it('R17: a record that somebody worked with since stays, whatever was changed', async () => {
    meetPeople();
    const aligned = await world.cycle('align');
    world.dotdigital.world.createDataField('REMARK', 'String');
    const cy = await world.sellRecord('contacts', 'cy@example.com');
    // An edit is told from our own write by its time, and a second is taken for the same moment. Sell stamps whole
    // seconds, and a second write within one the next.
    const told = Math.max(Date.now() + 1500, Date.parse(cy.updated_at) + 1000);
    await new Promise((resolve) => setTimeout(resolve, told - Date.now()));
    world.dotdigital.world.editContact('ada@example.com', { fields: { REMARK: 'call back' } });
    world.sell.world.updateContact(cy.id, { description: 'met at the fair' });
    const { skipped } = await undoRun(world, aligned.id);
    expect(skipped.map(({ system, email }) => `${system} ${email}`).sort()).toEqual([
      'crm cy@example.com',
      'marketing ada@example.com',
    ]);
    expect(world.dotdigital.world.contact('ada@example.com')?.deletedAt).toBe(0);
    await expectQuiet(world);
  });

  it('R17, decision 27: an alignment asked for after an undo pushes what was undone again', async () => {
    meetPeople();
    const first = await world.cycle('align');
    const aligned = await dump(world);
    await undoRun(world, first.id);
    await expectQuiet(world);
    await world.cycle('align');
    const ids = (dumped: typeof aligned) => ({
      // A record that undo deleted is made anew, under another id.
      contacts: dumped.contacts.map(({ id: _, ...rest }) => rest),
      leads: dumped.leads.map(({ id: _, ...rest }) => rest),
      dotdigital: dumped.dotdigital.map(({ contactId: _, fields, ...rest }) => ({
        ...rest,
        fields: { ...fields, SELL_CONTACT_ID: null, SELL_LEAD_ID: null },
      })),
    });
    expect(ids(await dump(world))).toEqual(ids(aligned));
    await world.cycle('sync');
    await expectQuiet(world);
  });

  it('R17, decision 27: the same for a sync that was undone: values, addresses, statuses', async () => {
    const { report } = await syncEdits();
    const synced = await dump(world);
    await undoRun(world, report.id);
    await expectQuiet(world);
    await world.cycle('align');
    await world.cycle('sync');
    const { contacts, leads, dotdigital } = await dump(world);
    expect(leads.map(({ status }) => status)).toEqual(synced.leads.map(({ status }) => status));
    // The CRM wins an alignment: what marketing had brought over before it was undone is the CRM's again on both sides.
    const ada = (worlds: typeof synced) => worlds.dotdigital.find(({ email }) => email === 'augusta@example.com');
    expect(ada({ contacts, leads, dotdigital })?.fields).toEqual(ada(synced)?.fields);
    const bob = contacts.find(({ email }) => email?.toLowerCase() === 'bob@example.com');
    expect(dotdigital.find(({ email }) => email === 'bob@example.com')?.fields['CITY']).toBe(bob?.address.city);
    await expectQuiet(world);
  });

  it('R17, decision 12: what undo took away is not made again, whatever changes, until an alignment is asked for', async () => {
    meetPeople();
    const aligned = await world.cycle('align');
    await undoRun(world, aligned.id);
    const ada = await world.sellRecord('contacts', 'ada@example.com');
    world.sell.world.updateContact(ada.id, { first_name: 'Augusta' });
    world.dotdigital.world.editContact('cy@example.com', { fields: { FIRSTNAME: 'Cyrus' } });
    await expectQuiet(world);
    await expectQuiet(world);
    await world.cycle('align');
    expect(world.dotdigital.world.contact('ada@example.com')?.fields['FIRSTNAME']).toBe('Augusta');
    expect(await world.sellRecord('contacts', 'cy@example.com')).toMatchObject({ first_name: 'Cyrus' });
    // The lead's new contact becomes a contact in Sell as well. (C4)
    await world.cycle('sync');
    await expectQuiet(world);
  });

  it('R14, decision 25-27: above the delete brake they wait; approve applies what still holds, reject leaves everything', async () => {
    for (let n = 0; n < 40; n += 1)
      world.sell.world.createContact({
        first_name: `A${n}`,
        last_name: 'Many',
        email: `a${n}@example.com`,
        customer_status: 'current',
      });
    world.dotdigital.world.addContact({ email: 'bob@example.com', fields: { FIRSTNAME: 'Bobby', LASTNAME: 'Both' } });
    world.sell.world.createContact({
      first_name: 'Bob',
      last_name: 'Both',
      email: 'bob@example.com',
      customer_status: 'current',
    });
    const aligned = await world.cycle('align');
    const undone = await undoRun(world, aligned.id);
    expect(undone.report.state).toBe('parked');
    expect(world.dotdigital.world.contact('bob@example.com')?.fields['FIRSTNAME']).toBe('Bobby');
    expect(world.dotdigital.world.contact('a7@example.com')?.deletedAt).toBe(0);
    await expectQuiet(world);
    expect(await rejectRun(world, undone.report.id)).toBe(40);
    await expectQuiet(world);
    const again = await undoRun(world, aligned.id);
    expect(again.report.state).toBe('parked');
    world.dotdigital.world.editContact('a7@example.com', { fields: { FIRSTNAME: 'Mine' } });
    const approved = await approveRun(world, again.report.id);
    expect(approved).toMatchObject({ kind: 'undo', state: 'ok' });
    expect(approved.message).toContain('a7@example.com');
    const left = [...world.dotdigital.world.contacts()]
      .filter((contact) => contact.deletedAt <= 0)
      .map((contact) => contact.email);
    expect(left.sort()).toEqual(['a7@example.com', 'bob@example.com']);
    await world.cycle('sync');
    await expectQuiet(world);
  });
});

describe('a second undo of the same run', () => {
  const lead = async () => (await world.sellRecord('leads', 'lea@example.com')).status;

  it('decision 27: leaves what somebody wrote since, the run’s own value too', async () => {
    const { lea } = await syncEdits();
    world.dotdigital.world.joinList('lea@example.com', 'Zendesk Sell - Leads: New');
    const moved = await world.cycle('sync');
    expect(await lead()).toBe('New');
    await undoRun(world, moved.id);
    expect(await lead()).toBe('Unqualified');
    world.sell.world.updateLead(lea.id, { status: 'New' });
    const again = await undoRun(world, moved.id);
    expect([await lead(), again.skipped]).toMatchObject(['New', [{ field: 'status', present: 'New' }]]);
  });

  it('R17: takes the run back once more where the first undo was taken back itself', async () => {
    const { report } = await syncEdits();
    const written = await dump(world);
    const first = await undoRun(world, report.id);
    const undone = await dump(world);
    expect(undone).not.toEqual(written);
    await undoRun(world, first.report.id);
    await undoRun(world, report.id);
    expect(await dump(world)).toEqual(undone);
  });
});

describe('undo and its costs', () => {
  it('R6: undo of a run of a thousand writes makes no more calls than the run', async () => {
    for (const field of ['CITY', 'CUSTOMER_STATUS']) world.dotdigital.world.createDataField(field, 'String');
    const people = Array.from({ length: 500 }, (_, n) => ({
      first_name: `A${n}`,
      last_name: 'Many',
      email: `a${n}@example.com`,
      customer_status: 'current' as const,
    }));
    world.sell.world.createContacts(people);
    world.dotdigital.world.addContacts(
      people.map(({ email, last_name }, n) => ({
        email,
        fields: { FIRSTNAME: `Other${n}`, LASTNAME: last_name, CITY: 'York' },
      })),
    );
    const aligned = await world.cycle('align');
    expect(aligned.actions.total).toBeGreaterThanOrEqual(1000);
    const undone = await undoRun(world, aligned.id);
    expect(undone.report.actions.total).toBe(aligned.actions.total);
    for (const system of ['crm', 'marketing'] as const) {
      const calls = (report: typeof aligned): number => report.apiCalls[system].reads + report.apiCalls[system].writes;
      expect(calls(undone.report), system).toBeLessThanOrEqual(calls(aligned));
    }
    await expectQuiet(world);
  });
});
