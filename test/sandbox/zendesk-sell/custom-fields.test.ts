// Custom fields: definitions, every type's values, clearing, applicability, the shapes that may differ.
import { describe, expect, it } from 'vitest';
import type { CustomFieldDraft } from '../../../sandbox/zendesk-sell/custom-field-catalog.ts';
import { firstError, SellClient } from './sell-client.ts';

const FIELDS: readonly CustomFieldDraft[] = [
  { resource: 'contact', name: 'Text', type: 'string' },
  { resource: 'contact', name: 'Long', type: 'text' },
  { resource: 'contact', name: 'Num', type: 'number' },
  { resource: 'contact', name: 'Yes', type: 'bool' },
  { resource: 'contact', name: 'Day', type: 'date' },
  { resource: 'contact', name: 'At', type: 'datetime' },
  { resource: 'contact', name: 'Mail', type: 'email' },
  { resource: 'contact', name: 'Tel', type: 'phone' },
  { resource: 'contact', name: 'Site', type: 'url' },
  { resource: 'contact', name: 'Place', type: 'address' },
  { resource: 'contact', name: 'Pick', type: 'list', choices: ['A', 'B'] },
  { resource: 'contact', name: 'Many', type: 'multi_select_list', choices: ['X', 'Y', 'Z'] },
  { resource: 'lead', name: 'known_via', type: 'string' },
  { resource: 'lead', name: 'Num', type: 'string' },
  { resource: 'prospect_and_customer', name: 'Contract #', type: 'string' },
];

async function write(sell: SellClient, values: unknown): Promise<unknown> {
  const answer = await sell.post('/v2/contacts', { last_name: 'A', custom_fields: values });
  return answer.status === 200 ? answer.json['data']?.['custom_fields'] : firstError(answer);
}

describe('definitions', () => {
  it('are listed by resource, with choices and flags where they belong', async () => {
    const sell = new SellClient({ customFields: FIELDS });
    const contact = await sell.get('/v2/contact/custom_fields');
    expect(contact.json['meta']).toEqual({ type: 'collection', count: 12, links: {} });
    expect(contact.json['items']?.[0]).toMatchObject({
      data: { name: 'Text', type: 'string', for_contact: true, for_company: true },
      meta: { type: 'custom_field' },
    });
    expect(contact.json['items']?.[10]?.['data']?.['choices']).toMatchObject([{ name: 'A' }, { name: 'B' }]);
    const lead = await sell.get('/v2/lead/custom_fields');
    expect(lead.json['items']?.[0]?.['data']?.['for_contact']).toBeUndefined();
    expect(lead.json['items']?.[0]?.['data']?.['choices']).toBeUndefined();
    expect((await sell.get('/v2/deal/custom_fields')).json['items']).toEqual([]);
    expect((await sell.get('/v2/prospect_and_customer/custom_fields')).json['meta']?.['count']).toBe(1);
    expect((await sell.get('/v2/product/custom_fields')).status).toBe(404);
    expect((await sell.call('POST', '/v2/contact/custom_fields', { data: {} })).status).toBe(404);
  });

  it('use other member names when so switched', async () => {
    const sell = new SellClient({
      customFields: FIELDS,
      switches: { definitionKeys: 'zapier', boolTypeName: 'boolean' },
    });
    const items = (await sell.get('/v2/contact/custom_fields')).json['items'];
    expect(items?.[3]?.['data']).toMatchObject({ type: 'boolean', for_organisation: true });
    expect(items?.[10]?.['data']?.['options']).toHaveLength(2);
    expect(items?.[10]?.['data']?.['choices']).toBeUndefined();
  });
});

describe('values', () => {
  it.each([
    ['Text', 'hello', 'hello'],
    ['Text', 5, 'invalid_type /custom_fields/Text'],
    ['Long', 'a\nb', 'a\nb'],
    ['Num', 17, '17'],
    ['Num', 123.45, '123.45'],
    ['Num', '123.45', '123.45'],
    ['Num', 'many', 'incorrect_value /custom_fields/Num'],
    ['Num', true, 'invalid_type /custom_fields/Num'],
    ['Yes', true, true],
    ['Yes', 'true', 'invalid_type /custom_fields/Yes'],
    ['Day', '2016-04-27', '2016-04-27'],
    ['Day', '4/27/2016', '2016-04-27'],
    ['Day', '2016-02-31', 'incorrect_value /custom_fields/Day'],
    ['Day', 'soon', 'incorrect_value /custom_fields/Day'],
    ['At', '2016-04-28T06:00:00Z', '2016-04-28T06:00:00Z'],
    ['At', '2016-04-28T06:00:00.123456', '2016-04-28T06:00:00Z'],
    ['At', '2016-04-28T06:00:00+02:00', '2016-04-28T06:00:00Z'],
    ['Mail', 'a@b.example', 'a@b.example'],
    ['Tel', '12', '12'],
    ['Site', 'x', 'x'],
    ['Place', { city: 'Ulm' }, { line1: null, city: 'Ulm', postal_code: null, state: null, country: null }],
    ['Place', 'Ulm', 'invalid_type /custom_fields/Place'],
    ['Pick', 'A', 'A'],
    ['Pick', 'a', 'incorrect_value /custom_fields/Pick'],
    ['Pick', { id: 1, name: 'A' }, 'invalid_type /custom_fields/Pick'],
    ['Many', ['Y', 'X', 'Y'], ['X', 'Y']],
    ['Many', ['Q'], 'incorrect_value /custom_fields/Many'],
    ['Many', 'X', 'invalid_type /custom_fields/Many'],
    ['Nope', 'x', 'unknown /custom_fields/Nope'],
  ] as const)('%s: %j reads as %j', async (name, given, expected) => {
    const sell = new SellClient({ customFields: FIELDS });
    const result = await write(sell, { [name]: given });
    expect(typeof result === 'string' ? result : (result as Record<string, unknown>)[name]).toEqual(expected);
  });

  it('take other shapes when so switched', async () => {
    const sell = new SellClient({
      customFields: FIELDS,
      switches: { customFieldNumbers: 'number', customFieldDates: 'us', listValues: 'object', formatChecks: true },
    });
    expect(await write(sell, { Num: '5.5', Day: '2016-04-27', At: '2016-04-28T06:00:00Z' })).toEqual({
      Num: 5.5,
      Day: '4/27/2016',
      At: '4/28/2016 6:00',
    });
    const values = (await write(sell, { Pick: 'A', Many: ['Z'] })) as {
      Pick: { id: number };
      Many: readonly unknown[];
    };
    expect(values).toMatchObject({ Pick: { name: 'A' }, Many: [{ name: 'Z' }] });
    expect(await write(sell, { Pick: values.Pick })).toMatchObject({ Pick: values.Pick });
    expect(await write(sell, { Pick: { name: 'B' } })).toMatchObject({ Pick: { name: 'B' } });
    expect(await write(sell, { Pick: { name: 'Q' } })).toBe('incorrect_value /custom_fields/Pick');
    expect(await write(sell, { Mail: 'none' })).toBe('incorrect_value /custom_fields/Mail');
  });

  it('merge by key; null clears, or is ignored; unset ones are absent, or null', async () => {
    const sell = new SellClient({ customFields: FIELDS });
    const made = await sell.post('/v2/contacts', { last_name: 'A', custom_fields: { Text: 'x', Num: 1, Many: ['X'] } });
    const url = `/v2/contacts/${made.json['data']?.['id']}`;
    const put = async (values: unknown): Promise<unknown> =>
      (await sell.put(url, { custom_fields: values })).json['data']?.['custom_fields'];
    expect(await put({ Num: 2, Many: ['Y'] })).toEqual({ Text: 'x', Num: '2', Many: ['Y'] });
    expect(await put({ Num: null, Many: [] })).toEqual({ Text: 'x' });
    sell.sandbox.switches.customFieldNull = 'ignored';
    expect(await put({ Text: null })).toEqual({ Text: 'x' });
    expect(await put({ Text: '' })).toEqual({});
    sell.sandbox.switches.unsetCustomFields = 'null';
    expect(await put({ Text: 'y' })).toMatchObject({ Text: 'y', Num: null, Pick: null });
    expect(Object.keys((await put({ Text: 'y' })) as object)).toHaveLength(12);
  });

  it('change nothing when one of them is refused', async () => {
    const sell = new SellClient({ customFields: FIELDS });
    const made = await sell.post('/v2/contacts', { last_name: 'A', custom_fields: { Text: 'x' } });
    const url = `/v2/contacts/${made.json['data']?.['id']}`;
    expect((await sell.put(url, { title: 'T', custom_fields: { Text: 'y', Pick: 'Q' } })).status).toBe(422);
    expect((await sell.get(url)).json['data']).toMatchObject({ title: null, custom_fields: { Text: 'x' } });
  });
});

describe('belonging', () => {
  it('keeps fields of leads, contacts and prospects apart', async () => {
    const sell = new SellClient({ customFields: FIELDS });
    const lead = await sell.post('/v2/leads', { last_name: 'A', custom_fields: { known_via: 'tom', Num: 'text' } });
    expect(lead.json['data']?.['custom_fields']).toEqual({ known_via: 'tom', Num: 'text' });
    expect(firstError(await sell.post('/v2/leads', { last_name: 'A', custom_fields: { Text: 'x' } }))).toBe(
      'unknown /custom_fields/Text',
    );
    expect(await write(sell, { 'Contract #': '7' })).toBe('unknown /custom_fields/Contract #');
    const prospect = { last_name: 'A', prospect_status: 'current', custom_fields: { 'Contract #': '7' } };
    const made = await sell.post('/v2/contacts', prospect);
    expect(made.json['data']?.['custom_fields']).toEqual({ 'Contract #': '7' });
    const plain = await sell.put(`/v2/contacts/${made.json['data']?.['id']}`, { prospect_status: 'none' });
    expect(plain.json['data']?.['custom_fields']).toEqual({});
  });

  it('tells persons from organisations', async () => {
    const sell = new SellClient({
      customFields: [{ resource: 'contact', name: 'VAT', type: 'string', forContact: false }],
    });
    expect(await write(sell, { VAT: '1' })).toBe('unknown /custom_fields/VAT');
    const org = await sell.post('/v2/contacts', { is_organization: true, name: 'O', custom_fields: { VAT: '1' } });
    expect(org.json['data']?.['custom_fields']).toEqual({ VAT: '1' });
  });

  it('keeps values under the new name of a renamed field and drops those of a removed one', async () => {
    const sell = new SellClient({ customFields: FIELDS });
    const { world } = sell.sandbox;
    const { id } = world.createContact({ last_name: 'A', custom_fields: { Text: 'x', Pick: 'A' } });
    const field = (name: string): number =>
      world.state.customFields.list('contact').find((f) => f.name === name)?.id ?? 0;
    const pick = field('Pick');
    world.changeCustomField(field('Text'), { name: 'Words' });
    world.changeCustomField(pick, { choices: ['A', 'C'] });
    expect(world.readContact(id)?.['custom_fields']).toEqual({ Words: 'x', Pick: 'A' });
    world.changeCustomField(pick, { choices: ['C'] });
    world.removeCustomField(field('Words'));
    expect(world.readContact(id)?.['custom_fields']).toEqual({});
  });
});
