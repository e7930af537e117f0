// Fields of linked contacts in step, row by row: who writes whom, conflicts, blanks, echoes, directions. (C1-C9, C26-C31, C35)
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addressesIn, codes, contactOf, decided, expectQuiet, openHoldsOf } from './looking.ts';
import { type Settings, startTwoAccounts, type TwoAccounts } from './two-accounts.ts';

let world: TwoAccounts;
beforeEach(async () => {
  world = await startTwoAccounts();
});
afterEach(() => world.stop());

const ANN = { first_name: 'Ann', last_name: 'Archer', email: 'ann@example.com', customer_status: 'current' } as const;

function contacts(more: Settings = {}): Settings {
  return { profile: 'classic', contacts: { enabled: true, multipleMatch: 'email-and-names', ...more } };
}

/** One pair, aligned and at rest. */
async function pairOf(
  more: { readonly fields?: readonly Settings[]; readonly settings?: Settings; readonly sell?: Settings } = {},
): Promise<number> {
  await world.configure(more.settings ?? contacts(more.fields === undefined ? {} : { fields: more.fields }));
  const { id } = world.sell.world.createContact({ ...ANN, ...more.sell });
  expect((await world.cycle('align')).state).toBe('ok');
  await expectQuiet(world);
  return id;
}

const NAMES = [
  { sell: 'first_name', dotdigital: 'FIRSTNAME' },
  { sell: 'last_name', dotdigital: 'LASTNAME' },
] as const;

describe('one side changed', () => {
  it('C1: a new Sell contact becomes a Dotdigital contact, with its channel said', async () => {
    await pairOf();
    world.sell.world.createContact({
      first_name: 'New',
      last_name: 'Person',
      email: 'New.Person@Example.com',
      prospect_status: 'current',
      address: { postal_code: 'E1 6AN' },
    });
    const run = await world.cycle('sync');
    expect(await decided(world, run.id)).toEqual(['C1 create marketing']);
    const made = contactOf(world, 'new.person@example.com');
    expect(made.fields).toMatchObject({
      FIRSTNAME: 'New',
      LASTNAME: 'Person',
      POSTCODE: 'E1 6AN',
      PROSPECT_STATUS: 'current',
      CUSTOMER_STATUS: 'none',
    });
    expect(made.emailStatus).toBe('subscribed');
    await expectQuiet(world);
  });

  it('C1, O16: unknown consent becomes what the configuration says, never the default of the service', async () => {
    await world.configure({ ...contacts(), consent: { enabled: false, unknownConsentAs: 'unsubscribed' } });
    world.sell.world.createContact(ANN);
    await world.cycle('align');
    expect(contactOf(world, 'ann@example.com').emailStatus).toBe('unsubscribed');
    await expectQuiet(world);
  });

  it('C4: a new Dotdigital contact that is a customer becomes a Sell contact', async () => {
    await pairOf();
    world.dotdigital.world.addContact({
      email: 'dot@example.com',
      fields: { FIRSTNAME: 'Dot', LASTNAME: 'Digit', POSTCODE: 'SE1', CUSTOMER_STATUS: 'Past' },
    });
    const run = await world.cycle('sync');
    // The mark that Dotdigital left blank is `none` in Sell, and told back.
    expect(await decided(world, run.id)).toEqual(['C2 update marketing', 'C4 create crm']);
    expect(await world.sellRecord('contacts', 'dot@example.com')).toMatchObject({
      first_name: 'Dot',
      last_name: 'Digit',
      customer_status: 'past',
      prospect_status: 'none',
      is_organization: false,
      address: { postal_code: 'SE1' },
    });
    expect(contactOf(world, 'dot@example.com').fields).toMatchObject({ PROSPECT_STATUS: 'none' });
    await expectQuiet(world);
  });

  it('C5: a change in Sell is written to Dotdigital, and nothing else of the contact is touched', async () => {
    const id = await pairOf();
    world.dotdigital.world.createDataField('HOBBY', 'String');
    world.dotdigital.world.editContact('ann@example.com', { fields: { HOBBY: 'chess' } });
    world.sell.world.updateContact(id, { last_name: 'Arrow' });
    const run = await world.cycle('sync');
    expect(await decided(world, run.id)).toEqual(['C5 update marketing']);
    expect((await world.actions(run.id))[0]?.action.changes).toEqual({ LASTNAME: { from: 'Archer', to: 'Arrow' } });
    expect(contactOf(world, 'ann@example.com').fields).toMatchObject({
      FIRSTNAME: 'Ann',
      LASTNAME: 'Arrow',
      HOBBY: 'chess',
    });
    await expectQuiet(world);
  });

  it('C6: a change in Dotdigital is written to Sell, partially', async () => {
    const id = await pairOf({ sell: { title: 'Chef', tags: ['a'] } });
    world.dotdigital.world.editContact('ann@example.com', { fields: { FIRSTNAME: 'Anna' } });
    const run = await world.cycle('sync');
    expect(await decided(world, run.id)).toEqual(['C6 update crm']);
    expect(world.sell.world.readContact(id)).toMatchObject({
      first_name: 'Anna',
      last_name: 'Archer',
      title: 'Chef',
      tags: ['a'],
    });
    await expectQuiet(world);
  });

  it('C7: both changed, different fields: both go through without a conflict', async () => {
    const id = await pairOf();
    world.sell.world.updateContact(id, { first_name: 'Anne' });
    world.dotdigital.world.editContact('ann@example.com', { fields: { LASTNAME: 'Bower' } });
    const run = await world.cycle('sync');
    expect(await decided(world, run.id)).toEqual(['C5 update marketing', 'C6 update crm']);
    expect(contactOf(world, 'ann@example.com').fields).toMatchObject({ FIRSTNAME: 'Anne', LASTNAME: 'Bower' });
    expect(world.sell.world.readContact(id)).toMatchObject({ first_name: 'Anne', last_name: 'Bower' });
    await expectQuiet(world);
  });

  it('C8, R2: the same change on both sides is silent and remembered', async () => {
    const id = await pairOf();
    world.sell.world.updateContact(id, { first_name: 'Anne' });
    world.dotdigital.world.editContact('ann@example.com', { fields: { FIRSTNAME: 'Anne' } });
    await expectQuiet(world);
    // A later change on one side is no conflict with the forgotten value.
    world.dotdigital.world.editContact('ann@example.com', { fields: { FIRSTNAME: 'Ann' } });
    expect(await decided(world, (await world.cycle('sync')).id)).toEqual(['C6 update crm']);
    expect(world.sell.world.readContact(id)).toMatchObject({ first_name: 'Ann' });
  });

  it('C31, R5: our own writes coming back through the feeds plan nothing', async () => {
    const id = await pairOf();
    world.sell.world.updateContact(id, { first_name: 'One' });
    world.dotdigital.world.editContact('ann@example.com', { fields: { LASTNAME: 'Two' } });
    await world.cycle('sync');
    for (let round = 0; round < 3; round += 1) await expectQuiet(world);
  });

  it('R18: the same news give the same plan, and a plan writes nothing', async () => {
    const id = await pairOf();
    world.sell.world.updateContact(id, { first_name: 'Anne' });
    world.sell.world.createContact({ first_name: 'Zed', last_name: 'Zero', email: 'zed@example.com' });
    const told = async () =>
      (await world.actions((await world.cycle('plan')).id)).map(({ action: { id: _, ...rest } }) => rest);
    const first = await told();
    expect(first).toHaveLength(2);
    expect(await told()).toEqual(first);
    expect(contactOf(world, 'ann@example.com').fields['FIRSTNAME']).toBe('Ann');
  });
});

describe('conflicts', () => {
  async function conflict(
    conflictRule: string | null,
    settings: Settings = {},
  ): Promise<{ readonly id: number; readonly runId: string }> {
    const first = {
      sell: 'first_name',
      dotdigital: 'FIRSTNAME',
      ...(conflictRule === null ? {} : { conflict: conflictRule }),
    };
    const id = await pairOf({ settings: { ...contacts({ fields: [first, NAMES[1]] }), ...settings } });
    world.sell.world.updateContact(id, { first_name: 'Sella' });
    world.dotdigital.world.editContact('ann@example.com', { fields: { FIRSTNAME: 'Dota' } });
    return { id, runId: (await world.cycle('sync')).id };
  }

  it.each([
    ['sell', 'Sella'],
    ['dotdigital', 'Dota'],
    ['newest', 'Sella'],
    [null, 'Sella'],
  ] as const)('C9: with the rule %s both sides read %s, and the loser is in the journal', async (rule, winner) => {
    const { id, runId } = await conflict(rule);
    expect(world.sell.world.readContact(id)).toMatchObject({ first_name: winner });
    expect(contactOf(world, 'ann@example.com').fields['FIRSTNAME']).toBe(winner);
    const [action] = await world.actions(runId);
    expect(action?.action.row).toBe('C9');
    expect(Object.values(action?.action.changes ?? {})).toEqual([
      { from: winner === 'Sella' ? 'Dota' : 'Sella', to: winner },
    ]);
    await expectQuiet(world);
  });

  it('C9, R3: hold keeps both values and tells, until both sides read the same', async () => {
    const { id } = await conflict('hold');
    expect(world.sell.world.readContact(id)).toMatchObject({ first_name: 'Sella' });
    expect(contactOf(world, 'ann@example.com').fields['FIRSTNAME']).toBe('Dota');
    const [hold, ...more] = await openHoldsOf(world);
    expect(more).toEqual([]);
    expect(hold).toMatchObject({ code: 'VALUE_UNMAPPABLE', row: 'C9', field: 'FIRSTNAME', crmId: String(id) });
    world.sell.world.updateContact(id, { first_name: 'Dota' });
    await world.cycle('sync');
    expect(await codes(world)).toEqual([]);
  });

  it('C9: hold stops its own field only; the record’s others go on (decision 17)', async () => {
    const { id } = await conflict('hold');
    world.sell.world.updateContact(id, { last_name: 'Bloom' });
    await world.cycle('sync');
    expect(contactOf(world, 'ann@example.com').fields).toMatchObject({ FIRSTNAME: 'Dota', LASTNAME: 'Bloom' });
    expect(await codes(world)).toEqual(['VALUE_UNMAPPABLE']);
  });
});

describe('blanks', () => {
  const FIELDS = [
    ...NAMES,
    { sell: 'title', dotdigital: 'JOB_TITLE' },
    { sell: 'phone', dotdigital: 'PHONE', blank: 'ignore' },
  ];
  const start = () => pairOf({ fields: FIELDS, sell: { title: 'Chef', phone: '123' } });

  it('C26: cleared in Sell, cleared in Dotdigital, unless blanks are ignored', async () => {
    const id = await start();
    world.sell.world.updateContact(id, { title: null, phone: null });
    const run = await world.cycle('sync');
    expect(await decided(world, run.id)).toEqual(['C26 update marketing']);
    const { fields } = contactOf(world, 'ann@example.com');
    expect(fields['JOB_TITLE'] ?? '').toBe('');
    expect(fields['PHONE']).toBe('123');
    await expectQuiet(world);
  });

  it('C26: cleared in Dotdigital, cleared in Sell, unless blanks are ignored', async () => {
    const id = await start();
    world.dotdigital.world.editContact('ann@example.com', { fields: { JOB_TITLE: null, PHONE: '' } });
    expect(await decided(world, (await world.cycle('sync')).id)).toEqual(['C26 update crm']);
    expect(world.sell.world.readContact(id)).toMatchObject({ title: null, phone: '123' });
    await expectQuiet(world);
  });

  it.each(['sell', 'dotdigital'] as const)(
    'C26: cleared in %s before an alignment, which clears nothing; the next sync does',
    async (side) => {
      const id = await start();
      if (side === 'sell') world.sell.world.updateContact(id, { title: null });
      else world.dotdigital.world.editContact('ann@example.com', { fields: { JOB_TITLE: null } });
      expect(await decided(world, (await world.cycle('align')).id)).toEqual([]);
      const other = side === 'sell' ? 'marketing' : 'crm';
      expect(await decided(world, (await world.cycle('sync')).id)).toEqual([`C26 update ${other}`]);
      expect(world.sell.world.readContact(id)?.['title'] ?? null).toBe(null);
      expect(contactOf(world, 'ann@example.com').fields['JOB_TITLE'] ?? '').toBe('');
      await expectQuiet(world);
    },
  );

  it('C26: a name is never cleared in Sell; the change is held', async () => {
    const id = await start();
    world.dotdigital.world.editContact('ann@example.com', { fields: { LASTNAME: null } });
    await world.cycle('sync');
    expect(world.sell.world.readContact(id)).toMatchObject({ last_name: 'Archer' });
    expect(await codes(world)).toEqual(['NAME_MISSING']);
    world.dotdigital.world.editContact('ann@example.com', { fields: { LASTNAME: 'Arrow' } });
    await world.cycle('sync');
    expect(await codes(world)).toEqual([]);
    expect(world.sell.world.readContact(id)).toMatchObject({ last_name: 'Arrow' });
  });

  it('C27: empty on one side and unchanged since is no news', async () => {
    const id = await start();
    world.sell.world.updateContact(id, { phone: null });
    await expectQuiet(world);
    world.sell.world.updateContact(id, { last_name: 'Arrow' });
    await world.cycle('sync');
    expect(contactOf(world, 'ann@example.com').fields['PHONE']).toBe('123');
    expect(world.sell.world.readContact(id)).toMatchObject({ phone: null });
  });
});

describe('sets', () => {
  const FIELDS = [
    ...NAMES,
    { sell: 'tags', dotdigital: 'TAGS' },
    { sell: 'custom_fields.Interests', dotdigital: 'INTERESTS' },
  ];
  const interests = {
    resource: 'contact',
    name: 'Interests',
    type: 'multi_select_list',
    choices: ['Art', 'Boats', 'Cars', 'Dogs'],
  } as const;

  async function start(): Promise<number> {
    world.sell.world.addCustomField(interests);
    return pairOf({ fields: FIELDS, sell: { tags: ['one', 'two'], custom_fields: { Interests: ['Art', 'Boats'] } } });
  }
  const items = (text: unknown) =>
    typeof text === 'string'
      ? text
          .split(';')
          .map((item) => item.trim())
          .sort()
      : [];

  it('C29: additions and removals of both sides are kept, in tags and multi-selects', async () => {
    const id = await start();
    expect(items(contactOf(world, 'ann@example.com').fields['TAGS'])).toEqual(['one', 'two']);
    world.sell.world.updateContact(id, { tags: ['one', 'three'], custom_fields: { Interests: ['Art', 'Cars'] } });
    world.dotdigital.world.editContact('ann@example.com', {
      fields: { TAGS: 'one; two; four', INTERESTS: 'Boats; Dogs' },
    });
    await world.cycle('sync');
    const contact = contactOf(world, 'ann@example.com');
    const record = await world.sellRecord('contacts', 'ann@example.com');
    expect([...record.tags].sort()).toEqual(['four', 'one', 'three']);
    expect(items(contact.fields['TAGS'])).toEqual(['four', 'one', 'three']);
    expect([...(record.custom_fields['Interests'] as string[])].sort()).toEqual(['Cars', 'Dogs']);
    expect(items(contact.fields['INTERESTS'])).toEqual(['Cars', 'Dogs']);
    await world.cycle('sync');
    await expectQuiet(world);
  });

  it('C29: one side changed its set: the other follows, an emptied set too', async () => {
    const id = await start();
    world.dotdigital.world.editContact('ann@example.com', { fields: { TAGS: 'two; extra' } });
    world.sell.world.updateContact(id, { custom_fields: { Interests: [] } });
    await world.cycle('sync');
    expect([...(await world.sellRecord('contacts', 'ann@example.com')).tags].sort()).toEqual(['extra', 'two']);
    expect(items(contactOf(world, 'ann@example.com').fields['INTERESTS']).filter((item) => item !== '')).toEqual([]);
    await expectQuiet(world);
  });

  it('R6: a tag somebody adds between the plan and the write survives it', async () => {
    const id = await start();
    world.dotdigital.world.editContact('ann@example.com', { fields: { TAGS: 'one; two; four' } });
    const late = onFirst(world, 'GET', /ids=/, () =>
      world.sell.world.updateContact(id, { tags: ['one', 'two', 'late'] }),
    );
    await world.cycle('sync');
    expect(late.fired).toBe(true);
    expect([...(await world.sellRecord('contacts', 'ann@example.com')).tags].sort()).toEqual([
      'four',
      'late',
      'one',
      'two',
    ]);
    await world.cycle('sync');
    expect(items(contactOf(world, 'ann@example.com').fields['TAGS'])).toEqual(['four', 'late', 'one', 'two']);
    await expectQuiet(world);
  });
});

describe('directions', () => {
  it('S2, decision 15: Sell to Dotdigital never writes to Sell, and a muted edit is kept as drift', async () => {
    const id = await pairOf({ settings: contacts({ direction: 'sell-to-dotdigital' }) });
    world.dotdigital.world.addContact({
      email: 'dot@example.com',
      fields: { FIRSTNAME: 'Dot', LASTNAME: 'Digit', CUSTOMER_STATUS: 'current' },
    });
    world.dotdigital.world.editContact('ann@example.com', { fields: { FIRSTNAME: 'Dota' } });
    await expectQuiet(world);
    expect(world.sell.world.readContact(id)).toMatchObject({ first_name: 'Ann' });
    expect((await world.sellRecords('contacts')).length).toBe(1);
    world.sell.world.updateContact(id, { last_name: 'Arrow' });
    await world.cycle('sync');
    expect(contactOf(world, 'ann@example.com').fields).toMatchObject({ FIRSTNAME: 'Dota', LASTNAME: 'Arrow' });
    await expectQuiet(world);
  });

  it('S2, decision 15: Dotdigital to Sell never writes to Dotdigital, its id field included', async () => {
    world.dotdigital.world.createDataField('CUSTOMER_STATUS', 'String');
    world.dotdigital.world.createDataField('PROSPECT_STATUS', 'String');
    await world.configure(contacts({ direction: 'dotdigital-to-sell' }));
    world.sell.world.createContact(ANN);
    const id = world.dotdigital.world.addContact({
      email: 'dot@example.com',
      fields: { FIRSTNAME: 'Dot', LASTNAME: 'Digit', CUSTOMER_STATUS: 'current' },
    });
    expect((await world.cycle('align')).state).toBe('ok');
    expect(addressesIn(world)).toEqual(['dot@example.com']);
    expect(world.dotdigital.world.dataFields().map((field) => field.name)).not.toContain('SELL_CONTACT_ID');
    world.dotdigital.world.editContact(id, { fields: { FIRSTNAME: 'Dorothy' } });
    const made = await world.sellRecord('contacts', 'dot@example.com');
    world.sell.world.updateContact(made.id, { last_name: 'Muted' });
    await world.cycle('sync');
    expect(world.sell.world.readContact(made.id)).toMatchObject({ first_name: 'Dorothy', last_name: 'Muted' });
    expect(contactOf(world, 'dot@example.com').fields['LASTNAME']).toBe('Digit');
    await world.cycle('sync');
    await expectQuiet(world);
    expect(world.dotdigital.requests.read().writes).toBe(0);
  });

  it('S5: a field with a direction of its own goes that way only', async () => {
    world.dotdigital.world.createDataField('PHONE', 'String');
    const id = await pairOf({
      fields: [
        ...NAMES,
        { sell: 'title', dotdigital: 'JOB_TITLE', direction: 'sell-to-dotdigital' },
        { sell: 'phone', dotdigital: 'PHONE', direction: 'dotdigital-to-sell' },
      ],
      sell: { title: 'Chef', phone: '1' },
    });
    expect(contactOf(world, 'ann@example.com').fields['PHONE'] ?? null).toBe(null);
    world.dotdigital.world.editContact('ann@example.com', { fields: { JOB_TITLE: 'Cook', PHONE: '2' } });
    await world.cycle('sync');
    expect(world.sell.world.readContact(id)).toMatchObject({ title: 'Chef', phone: '2' });
    expect(contactOf(world, 'ann@example.com').fields['JOB_TITLE']).toBe('Cook');
    world.sell.world.updateContact(id, { phone: '3', title: 'Baker' });
    await world.cycle('sync');
    expect(contactOf(world, 'ann@example.com').fields).toMatchObject({ PHONE: '2', JOB_TITLE: 'Baker' });
  });

  it('C35: with contacts switched off nothing of them is read or written', async () => {
    await world.configure({
      profile: 'classic',
      contacts: { enabled: false },
      leads: { enabled: true, multipleMatch: 'email' },
    });
    world.sell.world.createContact(ANN);
    world.dotdigital.world.addContact({ email: 'dot@example.com', fields: { FIRSTNAME: 'Dot', LASTNAME: 'Digit' } });
    await world.cycle('align');
    expect(addressesIn(world)).toEqual(['dot@example.com']);
    expect((await world.sellRecords('contacts')).length).toBe(1);
    expect(Object.keys(world.sell.requests.counts().routes).some((key) => key.includes('/v2/contacts'))).toBe(false);
  });

  it('decision 13: before the first alignment a sync writes nothing and says so', async () => {
    world.sell.world.createContact(ANN);
    const report = await world.cycle('sync');
    expect(report.state).toBe('parked');
    expect(report.message).toContain('lockstep align');
    expect(addressesIn(world)).toEqual([]);
  });
});

describe('owner and organisation', () => {
  it('C30: are told to Dotdigital and never written to Sell', async () => {
    const company = world.sell.world.createContact({ name: 'Acme Ltd', is_organization: true });
    const id = await pairOf({
      fields: [
        ...NAMES,
        { sell: 'owner.name', dotdigital: 'OWNER' },
        { sell: 'owner.email', dotdigital: 'OWNER_MAIL' },
        { sell: 'organization.name', dotdigital: 'COMPANY' },
      ],
      sell: { contact_id: company.id },
    });
    expect(contactOf(world, 'ann@example.com').fields).toMatchObject({
      OWNER: 'Ada Admin',
      OWNER_MAIL: 'ada@sales.example',
      COMPANY: 'Acme Ltd',
    });
    const other = world.sell.world.createContact({ name: 'Other Ltd', is_organization: true });
    const user = world.sell.world.addUser({ name: 'Ben Seller', email: 'ben@sales.example' });
    world.sell.world.updateContact(id, { contact_id: other.id, owner_id: user.id });
    await world.cycle('sync');
    expect(contactOf(world, 'ann@example.com').fields).toMatchObject({
      OWNER: 'Ben Seller',
      OWNER_MAIL: 'ben@sales.example',
      COMPANY: 'Other Ltd',
    });
    world.dotdigital.world.editContact('ann@example.com', { fields: { OWNER: 'Somebody', COMPANY: 'Elsewhere' } });
    await expectQuiet(world);
    expect(world.sell.world.readContact(id)).toMatchObject({ contact_id: other.id, owner_id: user.id });
  });
});

interface Watch {
  readonly fired: boolean;
}

/** Lets somebody act right after Sell answered the first matching request. */
function onFirst(accounts: TwoAccounts, method: string, url: RegExp, act: () => void): Watch {
  const watch = { fired: false };
  const listener = (request: { readonly method?: string; readonly url?: string }): void => {
    if (watch.fired || request.method !== method || !url.test(request.url ?? '')) return;
    watch.fired = true;
    act();
  };
  accounts.sell.app.server.prependListener('request', listener);
  return watch;
}

describe('a mapped field that its account lost', () => {
  const NOTED = [...NAMES, { sell: 'custom_fields.Region', dotdigital: 'REGION' }] as const;

  it('C26: a custom field removed in Sell clears nobody in Dotdigital, and is asked about only when somebody would be cleared', async () => {
    const field = world.sell.world.addCustomField({ resource: 'contact', name: 'Region', type: 'string' });
    const id = await pairOf({ fields: NOTED, sell: { custom_fields: { Region: 'North' } } });
    world.sell.world.updateContact(id, { custom_fields: { Region: 'South' } });
    await world.cycle('sync');
    world.sell.world.removeCustomField(field.id);
    world.sell.world.updateContact(id, { first_name: 'Anna', custom_fields: {} });
    const stopped = await world.cycle('sync');
    expect(stopped).toMatchObject({ state: 'aborted', problems: [{ path: 'contacts.fields' }] });
    expect(stopped.message).toContain('custom_fields.Region');
    expect(contactOf(world, ANN.email).fields).toMatchObject({ REGION: 'South', FIRSTNAME: 'Ann' });
    await world.configure(contacts({ fields: NAMES }));
    expect((await world.cycle('sync')).state).toBe('ok');
    expect(contactOf(world, ANN.email).fields).toMatchObject({ REGION: 'South', FIRSTNAME: 'Anna' });
  });

  it('C26: a data field removed in Dotdigital clears nobody in Sell; a value that a person cleared still does', async () => {
    world.sell.world.addCustomField({ resource: 'contact', name: 'Region', type: 'string' });
    const id = await pairOf({ fields: NOTED, sell: { custom_fields: { Region: 'North' } } });
    const region = () => Object.values(world.sell.world.state.contacts.get(id)?.custom ?? {});
    world.dotdigital.world.editContact(ANN.email, { fields: { REGION: null } });
    expect((await world.cycle('sync')).state).toBe('ok');
    expect(region()).toEqual([]);
    world.dotdigital.world.editContact(ANN.email, { fields: { REGION: 'South' } });
    expect((await world.cycle('sync')).state).toBe('ok');
    world.dotdigital.world.deleteDataField('REGION');
    world.dotdigital.world.editContact(ANN.email, { fields: { FIRSTNAME: 'Anna' } });
    expect(await world.cycle('sync')).toMatchObject({ state: 'aborted', problems: [{ path: 'contacts.fields' }] });
    expect(region()).toEqual(['South']);
  });
});
