// Values between the two services: statuses, addresses, every custom field type with every data field type, value maps. (C12-C17, C28)
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DataFieldType } from '../../sandbox/dotdigital/state/data-field-registry.ts';
import type { CustomFieldDraft } from '../../sandbox/zendesk-sell/custom-field-catalog.ts';
import { addressesIn, codes, contactOf, decided, expectQuiet, openHoldsOf } from './looking.ts';
import { type Settings, startTwoAccounts, type TwoAccounts } from './two-accounts.ts';

let world: TwoAccounts;
beforeEach(async () => {
  world = await startTwoAccounts();
});
afterEach(() => world.stop());

const NAMES = [
  { sell: 'first_name', dotdigital: 'FIRSTNAME' },
  { sell: 'last_name', dotdigital: 'LASTNAME' },
] as const;
const EMAIL = 'val@example.com';

function classic(more: Settings = {}, top: Settings = {}): Settings {
  return { profile: 'classic', contacts: { enabled: true, multipleMatch: 'email', ...more }, ...top };
}
function inSell(more: Settings = {}): number {
  return world.sell.world.createContact({
    first_name: 'Val',
    last_name: 'Ue',
    email: EMAIL,
    customer_status: 'current',
    ...more,
  }).id;
}
function inDotdigital(fields: { readonly [name: string]: string | null } = {}, email = EMAIL): number {
  for (const name of Object.keys(fields)) {
    if (!world.dotdigital.world.dataFields().some((field) => field.name === name))
      world.dotdigital.world.createDataField(name, 'String');
  }
  return world.dotdigital.world.addContact({ email, fields: { FIRSTNAME: 'Val', LASTNAME: 'Ue', ...fields } });
}

describe('prospect and customer marks', () => {
  it('C12, C13: one unknown status becomes none, with a note to whoever looks', async () => {
    inDotdigital({ CUSTOMER_STATUS: 'Platinum', PROSPECT_STATUS: 'current' });
    const report = await world.cycle('align');
    expect(await world.sellRecord('contacts', EMAIL)).toMatchObject({
      customer_status: 'none',
      prospect_status: 'current',
    });
    expect((await openHoldsOf(world)).map((hold) => [hold.code, hold.row, hold.severity])).toEqual([
      ['STATUS_DEFAULTED', 'C12', 'info'],
    ]);
    expect(report.state).toBe('ok');
    await world.cycle('sync');
    await expectQuiet(world);
  });

  it('C13: an unknown prospect status, on a linked contact', async () => {
    const id = inSell({ prospect_status: 'lost' });
    await world.cycle('align');
    world.dotdigital.world.editContact(EMAIL, { fields: { PROSPECT_STATUS: 'dunno' } });
    await world.cycle('sync');
    expect(world.sell.world.readContact(id)).toMatchObject({ prospect_status: 'none', customer_status: 'current' });
    expect((await openHoldsOf(world)).map((hold) => [hold.code, hold.row])).toEqual([['STATUS_DEFAULTED', 'C13']]);
    await world.cycle('sync');
    await expectQuiet(world);
  });

  it('C14: neither prospect nor customer is not created in Sell by classic, and goes on once marked', async () => {
    inDotdigital({ CUSTOMER_STATUS: 'none' });
    inDotdigital({}, 'plain@example.com');
    inDotdigital({ CUSTOMER_STATUS: 'x', PROSPECT_STATUS: 'y' }, 'both@example.com');
    const report = await world.cycle('align');
    expect(report.state).toBe('ok');
    expect(await world.sellRecords('contacts')).toEqual([]);
    expect(new Set(await codes(world, EMAIL))).toEqual(new Set(['NOT_PROSPECT_OR_CUSTOMER']));
    expect(await codes(world, 'both@example.com')).toContain('NOT_PROSPECT_OR_CUSTOMER');
    world.dotdigital.world.editContact(EMAIL, { fields: { CUSTOMER_STATUS: 'current' } });
    await world.cycle('sync');
    expect((await world.sellRecords('contacts')).map((record) => record.email)).toEqual([EMAIL]);
    expect(await codes(world, EMAIL)).toEqual([]);
    await world.cycle('sync');
    await expectQuiet(world);
  });

  it('C14: a change of the marks to neither is held; other fields of such a contact go on', async () => {
    const id = inSell();
    await world.cycle('align');
    world.dotdigital.world.editContact(EMAIL, { fields: { CUSTOMER_STATUS: 'none' } });
    await world.cycle('sync');
    expect(world.sell.world.readContact(id)).toMatchObject({ customer_status: 'current' });
    expect(await codes(world)).toEqual(['NOT_PROSPECT_OR_CUSTOMER']);
    world.sell.world.updateContact(id, { customer_status: 'none' });
    await world.cycle('sync');
    expect(await codes(world)).toEqual([]);
    world.dotdigital.world.editContact(EMAIL, { fields: { LASTNAME: 'Goeson' } });
    await world.cycle('sync');
    expect(world.sell.world.readContact(id)).toMatchObject({ last_name: 'Goeson', customer_status: 'none' });
    await expectQuiet(world);
  });

  it('C14 ★: recommended allows contacts that are neither', async () => {
    await world.configure({
      profile: 'recommended',
      contacts: { enabled: true },
      consent: { unknownConsentAs: 'unsubscribed' },
    });
    inDotdigital();
    await world.cycle('align');
    expect(await world.sellRecord('contacts', EMAIL)).toMatchObject({ customer_status: 'none' });
    await world.cycle('sync');
    await expectQuiet(world);
  });

  it('C15: a mark that a deal moves in Sell is an ordinary change', async () => {
    const id = inSell({ customer_status: 'none' });
    await world.cycle('align');
    const deal = world.sell.world.createDeal({ name: 'Big', contactId: id });
    await world.cycle('sync');
    expect(contactOf(world, EMAIL).fields['PROSPECT_STATUS']).toBe('current');
    world.sell.world.closeDeal(deal.id, 'won');
    await world.cycle('sync');
    expect(contactOf(world, EMAIL).fields['CUSTOMER_STATUS']).toBe('current');
    await expectQuiet(world);
  });
});

describe('names', () => {
  it('C10: a Dotdigital contact without a full name is held, and created once it has one', async () => {
    inDotdigital({ CUSTOMER_STATUS: 'current', FIRSTNAME: null });
    await world.cycle('align');
    expect(await codes(world)).toEqual(['NAME_MISSING']);
    expect(await world.sellRecords('contacts')).toEqual([]);
    world.dotdigital.world.editContact(EMAIL, { fields: { FIRSTNAME: 'Valerie' } });
    await world.cycle('sync');
    expect(await world.sellRecord('contacts', EMAIL)).toMatchObject({ first_name: 'Valerie' });
    expect(await codes(world)).toEqual([]);
  });

  it.each([
    ['classic', []],
    ['recommended', [EMAIL]],
  ] as const)('C11: a Sell contact without a first name under %s', async (profile, expected) => {
    await world.configure({
      profile,
      contacts: { enabled: true, multipleMatch: 'email' },
      consent: { unknownConsentAs: 'unsubscribed' },
    });
    inSell({ first_name: null });
    await world.cycle('align');
    expect(addressesIn(world)).toEqual(expected);
    expect(await codes(world)).toEqual(profile === 'classic' ? ['NAME_MISSING'] : []);
    await expectQuiet(world);
  });
});

describe('addresses', () => {
  const FULL = { line1: '1 High St', city: 'Leeds', postal_code: 'LS1', state: 'West Yorkshire', country: 'UK' };

  it.each(['merge', 'replace'] as const)(
    'C17: unmapped parts of an address survive a write (PUT %s)',
    async (addressPut) => {
      world.sell.switches.addressPut = addressPut;
      await world.configure(
        classic({
          fields: [
            ...NAMES,
            { sell: 'address.postal_code', dotdigital: 'POSTCODE' },
            { sell: 'billing_address.city', dotdigital: 'BILL_CITY' },
          ],
        }),
      );
      const id = inSell({ address: FULL, billing_address: FULL });
      await world.cycle('align');
      world.dotdigital.world.editContact(EMAIL, { fields: { POSTCODE: 'LS2', BILL_CITY: 'York' } });
      await world.cycle('sync');
      expect(world.sell.world.readContact(id)).toMatchObject({
        address: { ...FULL, postal_code: 'LS2' },
        billing_address: { ...FULL, city: 'York' },
      });
      await expectQuiet(world);
    },
  );

  it.each(['merge', 'replace'] as const)(
    'C17, C26: one part is cleared and the others stay (PUT %s)',
    async (addressPut) => {
      world.sell.switches.addressPut = addressPut;
      await world.configure(classic({ fields: [...NAMES, { sell: 'address.postal_code', dotdigital: 'POSTCODE' }] }));
      const id = inSell({ address: FULL });
      await world.cycle('align');
      await expectQuiet(world);
      world.dotdigital.world.editContact(EMAIL, { fields: { POSTCODE: null } });
      await world.cycle('sync');
      expect(world.sell.world.readContact(id)).toMatchObject({ address: { ...FULL, postal_code: null } });
      await expectQuiet(world);
    },
  );

  it.each(['merge', 'replace'] as const)(
    'R6, C17: another part edited at the very moment of the write survives it (PUT %s)',
    async (addressPut) => {
      world.sell.switches.addressPut = addressPut;
      await world.configure(classic({ fields: [...NAMES, { sell: 'address.postal_code', dotdigital: 'POSTCODE' }] }));
      const id = inSell({ address: FULL });
      await world.cycle('align');
      world.dotdigital.world.editContact(EMAIL, { fields: { POSTCODE: 'LS3' } });
      world.sell.app.server.prependListener('request', (request: { readonly url?: string }) => {
        if (request.url?.includes('ids=') === true)
          world.sell.world.updateContact(id, { address: { ...FULL, city: 'Wakefield' } });
      });
      await world.cycle('sync');
      expect(world.sell.world.readContact(id)).toMatchObject({
        address: { ...FULL, city: 'Wakefield', postal_code: 'LS3' },
      });
    },
  );

  it.each(['classic', 'recommended'] as const)(
    'C16, decision 4: a billing address of somebody who is neither is held under %s',
    async (profile) => {
      await world.configure({
        profile,
        contacts: {
          enabled: true,
          multipleMatch: 'email',
          fields: [...NAMES, { sell: 'billing_address.city', dotdigital: 'BILL_CITY' }],
        },
        allowNonCustomer: true,
        consent: { unknownConsentAs: 'unsubscribed' },
      });
      const id = inSell({ customer_status: 'none' });
      await world.cycle('align');
      world.dotdigital.world.createDataField('BILL_CITY', 'String');
      await world.cycle('sync', { full: true });
      world.dotdigital.world.editContact(EMAIL, { fields: { BILL_CITY: 'Leeds', LASTNAME: 'Partial' } });
      await world.cycle('sync');
      expect(await codes(world)).toEqual(['ADDRESS_INVALID']);
      expect(world.sell.world.readContact(id)).toMatchObject({
        last_name: profile === 'recommended' ? 'Partial' : 'Ue',
      });
      await expectQuiet(world);
      world.sell.world.updateContact(id, { customer_status: 'current' });
      await world.cycle('sync');
      expect(await codes(world)).toEqual([]);
      expect(world.sell.world.readContact(id)).toMatchObject({
        last_name: 'Partial',
        billing_address: { city: 'Leeds' },
      });
      await expectQuiet(world);
    },
  );
});

/** Sell's type, a value there, its words in a text data field, what Dotdigital people type instead, and what Sell reads then. */
const TYPES: readonly (readonly [
  CustomFieldDraft['type'],
  unknown,
  string,
  { readonly [T in DataFieldType]?: string | number | boolean },
  unknown,
])[] = [
  ['string', 'Grün & 42', 'Grün & 42', { String: 'Blau' }, 'Blau'],
  ['text', 'a\nb', 'a\nb', { String: 'c' }, 'c'],
  ['number', '12.50', '12.5', { String: '-7.25', Numeric: -7.25 }, -7.25],
  ['bool', true, 'true', { String: 'No', Boolean: false }, false],
  ['date', '2024-02-29', '2024-02-29', { String: '2025-12-31', Date: '2025-12-31T00:00:00Z' }, '2025-12-31'],
  [
    'datetime',
    '2024-02-29T10:11:00Z',
    '2024-02-29T10:11:00Z',
    { String: '2025-12-31T23:01:00Z', Date: '2025-12-31T23:01:00Z' },
    '2025-12-31T23:01:00Z',
  ],
  ['email', 'x@y.example', 'x@y.example', { String: 'z@y.example' }, 'z@y.example'],
  ['phone', '+44 20 7946 0000', '+44 20 7946 0000', { String: '123' }, '123'],
  ['url', 'https://a.example/', 'https://a.example/', { String: 'https://b.example/' }, 'https://b.example/'],
  ['list', 'Gold', 'Gold', { String: 'silver' }, 'Silver'],
  ['multi_select_list', ['Gold', 'Silver'], 'Gold; Silver', { String: 'bronze;gold' }, ['Bronze', 'Gold']],
];
const CHOICES = ['Gold', 'Silver', 'Bronze'] as const;

describe.each([
  ['ordinary wire forms', {}, {}],
  [
    'other wire forms',
    {
      listValues: 'object',
      customFieldNumbers: 'number',
      customFieldDates: 'us',
      unsetCustomFields: 'null',
      boolTypeName: 'boolean',
      definitionKeys: 'zapier',
    },
    {
      fieldValueJson: 'string',
      v3FieldDates: 'seconds',
      dataFieldKeyCase: 'camel',
      createdFieldCase: 'upper',
      emptyString: 'null',
    },
  ],
] as const)('custom fields, %s', (_, sellSwitches, dotdigitalSwitches) => {
  it('C28: every Sell type goes to every data field type that can hold it, and back', async () => {
    Object.assign(world.sell.switches, sellSwitches);
    Object.assign(world.dotdigital.switches, dotdigitalSwitches);
    const lines: { sell: string; dotdigital: string }[] = [];
    const values: { [name: string]: unknown } = {};
    for (const [type, value, , typed] of TYPES) {
      for (const target of Object.keys(typed) as DataFieldType[]) {
        const name = `${type} ${target}`;
        const key = `${type.slice(0, 8)}_${target}`.toUpperCase();
        world.sell.world.addCustomField({
          resource: 'contact',
          name,
          type,
          ...(type.includes('list') ? { choices: CHOICES } : {}),
        });
        world.dotdigital.world.createDataField(key, target);
        lines.push({ sell: `custom_fields.${name}`, dotdigital: key });
        values[name] = value;
      }
    }
    await world.configure(classic({ fields: [...NAMES, ...lines] }));
    inSell({ custom_fields: values });
    expect((await world.cycle('align')).state).toBe('ok');
    const sent = contactOf(world, EMAIL).fields;
    for (const [type, value, text, typed] of TYPES) {
      for (const target of Object.keys(typed) as DataFieldType[]) {
        const held = sent[`${type.slice(0, 8)}_${target}`.toUpperCase()];
        const expected =
          target === 'String'
            ? text
            : target === 'Date'
              ? Date.parse(String(value))
              : target === 'Numeric'
                ? Number(value)
                : value;
        // A text of a time may carry its milliseconds.
        expect(typeof held === 'string' && type === 'datetime' ? new Date(held).getTime() : held).toEqual(
          type === 'datetime' ? Date.parse(String(value)) : expected,
        );
      }
    }
    await expectQuiet(world);

    const edits: { [name: string]: string | number | boolean } = {};
    for (const [type, , , typed] of TYPES)
      for (const [target, typedValue] of Object.entries(typed))
        edits[`${type.slice(0, 8)}_${target}`.toUpperCase()] = typedValue;
    world.dotdigital.world.editContact(EMAIL, { fields: edits });
    await world.cycle('sync');
    Object.assign(world.sell.switches, { listValues: 'string', customFieldNumbers: 'number', customFieldDates: 'iso' });
    const record = await world.sellRecord('contacts', EMAIL);
    for (const [type, , , typed, expected] of TYPES) {
      for (const target of Object.keys(typed)) {
        const held = record.custom_fields[`${type} ${target}`];
        expect([
          type,
          Array.isArray(held) ? [...held].sort() : type === 'datetime' ? Date.parse(String(held)) : held,
        ]).toEqual([type, type === 'datetime' ? Date.parse(String(expected)) : expected]);
      }
    }
    Object.assign(world.sell.switches, sellSwitches);
    await world.cycle('sync');
    await expectQuiet(world);

    // Clearing travels for every type.
    world.dotdigital.world.editContact(EMAIL, {
      fields: Object.fromEntries(Object.keys(edits).map((key) => [key, null])),
    });
    await world.cycle('sync');
    world.sell.switches.unsetCustomFields = 'absent';
    expect((await world.sellRecord('contacts', EMAIL)).custom_fields).toEqual({});
    Object.assign(world.sell.switches, sellSwitches);
    await world.cycle('sync');
    await expectQuiet(world);
  });
});

describe('values that do not fit', () => {
  it('C28: free text beside a stricter data field: what fits travels both ways, the rest is held', async () => {
    const pairs = [
      ['string', 'Size', 'Numeric'],
      ['string', 'Since', 'Date'],
      ['list', 'Vip', 'Boolean'],
      ['bool', 'Flag', 'Numeric'],
    ] as const;
    for (const [type, name, target] of pairs) {
      world.sell.world.addCustomField({
        resource: 'contact',
        name,
        type,
        ...(type === 'list' ? { choices: ['Yes', 'No'] } : {}),
      });
      world.dotdigital.world.createDataField(name.toUpperCase(), target);
    }
    const lines = pairs.map(([, name]) => ({ sell: `custom_fields.${name}`, dotdigital: name.toUpperCase() }));
    await world.configure(classic({ fields: [...NAMES, ...lines] }));
    const id = inSell({ custom_fields: { Size: '12.5', Since: '2024-02-29', Vip: 'Yes', Flag: true } });
    expect((await world.cycle('align')).state).toBe('ok');
    expect(contactOf(world, EMAIL).fields).toMatchObject({
      SIZE: 12.5,
      SINCE: Date.parse('2024-02-29'),
      VIP: true,
      FLAG: 1,
    });
    await expectQuiet(world);
    world.dotdigital.world.editContact(EMAIL, {
      fields: { SIZE: 7, SINCE: '2025-01-31T00:00:00Z', VIP: false, FLAG: 0 },
    });
    await world.cycle('sync');
    expect(world.sell.world.readContact(id)).toMatchObject({
      custom_fields: { Size: '7', Since: '2025-01-31', Vip: 'No', Flag: false },
    });
    await expectQuiet(world);
    world.sell.world.updateContact(id, { custom_fields: { Size: '007' } });
    expect((await world.cycle('sync')).state).toBe('ok_with_holds');
    expect((await openHoldsOf(world)).map(({ code, field }) => [code, field])).toEqual([['VALUE_UNMAPPABLE', 'SIZE']]);
    expect(contactOf(world, EMAIL).fields).toMatchObject({ SIZE: 7 });
  });

  it('C28: a pair of types that would lose values is refused before anything is read or written', async () => {
    world.sell.world.addCustomField({ resource: 'contact', name: 'Born', type: 'date' });
    world.dotdigital.world.createDataField('BORN', 'Numeric');
    await world.configure(classic({ fields: [...NAMES, { sell: 'custom_fields.Born', dotdigital: 'BORN' }] }));
    inSell();
    const report = await world.cycle('align');
    expect(report.state).toBe('aborted');
    expect(report.message).toContain('BORN');
    expect(await world.lockstep('align', '--yes')).toMatchObject({
      code: 2,
      json: {
        runs: [{ problems: [{ path: 'contacts.fields[2].dotdigital', message: expect.stringContaining('BORN') }] }],
      },
    });
    expect(addressesIn(world)).toEqual([]);
  });

  it.each(['classic', 'recommended'] as const)(
    'C28: an unknown choice holds the field or, under classic, the record (%s)',
    async (profile) => {
      world.sell.world.addCustomField({ resource: 'contact', name: 'Tier', type: 'list', choices: CHOICES });
      await world.configure({
        profile,
        contacts: {
          enabled: true,
          multipleMatch: 'email',
          fields: [...NAMES, { sell: 'custom_fields.Tier', dotdigital: 'TIER' }],
        },
        consent: { unknownConsentAs: 'unsubscribed' },
      });
      const id = inSell({ custom_fields: { Tier: 'Gold' } });
      await world.cycle('align');
      world.dotdigital.world.editContact(EMAIL, { fields: { TIER: 'Platinum', FIRSTNAME: 'Changed' } });
      await world.cycle('sync');
      expect((await openHoldsOf(world)).map((hold) => [hold.code, hold.field])).toEqual([['VALUE_UNMAPPABLE', 'TIER']]);
      expect(world.sell.world.readContact(id)).toMatchObject({
        first_name: profile === 'recommended' ? 'Changed' : 'Val',
        custom_fields: { Tier: 'Gold' },
      });
      await expectQuiet(world);
      world.dotdigital.world.editContact(EMAIL, { fields: { TIER: 'bronze' } });
      await world.cycle('sync');
      expect(world.sell.world.readContact(id)).toMatchObject({
        first_name: 'Changed',
        custom_fields: { Tier: 'Bronze' },
      });
      expect(await codes(world)).toEqual([]);
      await world.cycle('sync');
      await expectQuiet(world);
    },
  );

  it('C28: a text too long for a data field and a number too large are held; the rest of the people go on', async () => {
    world.sell.world.addCustomField({ resource: 'contact', name: 'Sum', type: 'number' });
    await world.configure(
      classic({
        fields: [
          ...NAMES,
          { sell: 'description', dotdigital: 'ABOUT' },
          { sell: 'custom_fields.Sum', dotdigital: 'SUM' },
        ],
      }),
    );
    inSell({ description: 'x'.repeat(1001) });
    world.sell.world.createContact({
      first_name: 'Big',
      last_name: 'Sum',
      email: 'big@example.com',
      custom_fields: { Sum: '1234567890123456789012' },
    });
    world.sell.world.createContact({
      first_name: 'Just',
      last_name: 'Right',
      email: 'right@example.com',
      description: 'x'.repeat(1000),
      custom_fields: { Sum: '123456789012345678.123456789' },
    });
    await world.cycle('align');
    expect(addressesIn(world)).toEqual(['right@example.com']);
    expect(contactOf(world, 'right@example.com').fields['SUM']).toBe('123456789012345678.123456789');
    expect((await openHoldsOf(world)).map((hold) => [hold.email, hold.code, hold.field]).sort()).toEqual([
      ['big@example.com', 'VALUE_UNMAPPABLE', 'SUM'],
      [EMAIL, 'VALUE_UNMAPPABLE', 'ABOUT'],
    ]);
    await expectQuiet(world);
  });

  it('C28: a choice that Sell adds is known after the mapping is read again', async () => {
    const field = world.sell.world.addCustomField({
      resource: 'contact',
      name: 'Tier',
      type: 'list',
      choices: CHOICES,
    });
    await world.configure(classic({ fields: [...NAMES, { sell: 'custom_fields.Tier', dotdigital: 'TIER' }] }));
    const id = inSell({ custom_fields: { Tier: 'Gold' } });
    await world.cycle('align');
    world.dotdigital.world.editContact(EMAIL, { fields: { TIER: 'Platinum' } });
    await world.cycle('sync');
    expect(await codes(world)).toEqual(['VALUE_UNMAPPABLE']);
    world.sell.world.changeCustomField(field.id, { choices: [...CHOICES, 'Platinum'] });
    await world.cycle('sync', { full: true });
    expect(world.sell.world.readContact(id)).toMatchObject({ custom_fields: { Tier: 'Platinum' } });
    expect(await codes(world)).toEqual([]);
  });
});

describe('value maps', () => {
  it('S5, C12: Dotdigital’s words on one side, Sell’s on the other', async () => {
    world.sell.world.addCustomField({ resource: 'contact', name: 'Tier', type: 'list', choices: CHOICES });
    await world.configure(
      classic({
        fields: [
          ...NAMES,
          { sell: 'customer_status', dotdigital: 'CUSTOMER_STATUS', values: { VIP: 'current', Former: 'past' } },
          { sell: 'custom_fields.Tier', dotdigital: 'TIER', values: { 1: 'Gold', 2: 'Silver' } },
        ],
      }),
    );
    inSell({ custom_fields: { Tier: 'Gold' } });
    await world.cycle('align');
    expect(contactOf(world, EMAIL).fields).toMatchObject({ CUSTOMER_STATUS: 'VIP', TIER: '1' });
    world.dotdigital.world.editContact(EMAIL, { fields: { CUSTOMER_STATUS: 'former', TIER: '2' } });
    expect(await decided(world, (await world.cycle('sync')).id)).toEqual(['C6 update crm']);
    expect(await world.sellRecord('contacts', EMAIL)).toMatchObject({
      customer_status: 'past',
      custom_fields: { Tier: 'Silver' },
    });
    await expectQuiet(world);
  });
});
