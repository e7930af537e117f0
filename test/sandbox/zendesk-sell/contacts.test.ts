// Contacts: shape, rules of names, references, addresses, statuses, updates, deletion, visibility.
import { describe, expect, it } from 'vitest';
import { firstError, type Json, SellClient } from './sell-client.ts';

const DOCUMENTED_KEYS = [
  'id',
  'creator_id',
  'owner_id',
  'is_organization',
  'contact_id',
  'parent_organization_id',
  'name',
  'first_name',
  'last_name',
  'customer_status',
  'prospect_status',
  'title',
  'description',
  'industry',
  'website',
  'email',
  'phone',
  'mobile',
  'fax',
  'twitter',
  'facebook',
  'linkedin',
  'skype',
  'address',
  'billing_address',
  'shipping_address',
  'tags',
  'custom_fields',
  'created_at',
  'updated_at',
];

async function create(sell: SellClient, data: unknown): Promise<Json> {
  const answer = await sell.post('/v2/contacts', data);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.json['data'] as Json;
}

describe('creating', () => {
  it('answers with every documented attribute and large ids', async () => {
    const sell = new SellClient();
    const answer = await sell.post('/v2/contacts', { first_name: 'Mark', last_name: 'Johnson', tags: ['a', 'b', 'a'] });
    expect(answer.json['meta']).toEqual({ type: 'contact' });
    const contact = answer.json['data'] as Json;
    expect(Object.keys(contact)).toEqual(DOCUMENTED_KEYS);
    expect(contact['id']).toBeGreaterThan(100_000_000);
    expect(contact).toMatchObject({
      name: 'Mark Johnson',
      is_organization: false,
      customer_status: 'none',
      prospect_status: 'none',
      email: null,
      address: { line1: null, city: null, postal_code: null, state: null, country: null },
      billing_address: null,
      tags: ['a', 'b'],
      custom_fields: {},
      created_at: '2026-01-01T00:00:00Z',
    });
    expect((await sell.get(`/v2/contacts/${contact['id']}`)).json['data']).toEqual(contact);
  });

  it('answers 201 when so switched', async () => {
    const sell = new SellClient({ switches: { createStatus: 201 } });
    expect((await sell.post('/v2/contacts', { last_name: 'A' })).status).toBe(201);
    expect((await sell.post('/v2/contacts/upsert?email=x', { last_name: 'B', email: 'x' })).status).toBe(201);
    expect((await sell.post('/v2/contacts/upsert?email=x', { title: 'C' })).status).toBe(200);
  });

  it('may put updated_at a second after created_at', async () => {
    const skews = async (updatedAtSkew: boolean): Promise<Set<number>> => {
      const sell = new SellClient({ switches: { updatedAtSkew } });
      const found = new Set<number>();
      for (let index = 0; index < 30; index += 1) {
        const contact = await create(sell, { last_name: 'A' });
        found.add(Date.parse(contact['updated_at'] as string) - Date.parse(contact['created_at'] as string));
      }
      return found;
    };
    expect(await skews(true)).toEqual(new Set([0, 1000]));
    expect(await skews(false)).toEqual(new Set([0]));
  });

  it('requires the last name of a person and the name of an organisation', async () => {
    const sell = new SellClient();
    const error = async (data: unknown): Promise<string> => firstError(await sell.post('/v2/contacts', data));
    expect(await error({ first_name: 'A' })).toBe('missing /last_name');
    expect(await error({ last_name: '' })).toBe('blank /last_name');
    expect(await error({ name: 'Only A Name' })).toBe('missing /last_name');
    expect(await error({ is_organization: true, last_name: 'X' })).toBe('missing /name');
    const org = await create(sell, {
      is_organization: true,
      name: 'Acme',
      last_name: '',
      parent_organization_id: null,
    });
    expect(org).toMatchObject({ name: 'Acme', first_name: null, last_name: null, is_organization: true });
  });

  it('refuses wrong types, unknown and read-only attributes', async () => {
    const sell = new SellClient();
    const error = async (extra: object): Promise<string> =>
      firstError(await sell.post('/v2/contacts', { last_name: 'A', ...extra }));
    expect(await error({ email: 5 })).toBe('invalid_type /email');
    expect(await error({ is_organization: 'yes' })).toBe('invalid_type /is_organization');
    expect(await error({ tags: 'a' })).toBe('invalid_type /tags');
    expect(await error({ tags: [1] })).toBe('invalid_type /tags');
    expect(await error({ address: 'x' })).toBe('invalid_type /address');
    expect(await error({ address: { street: 'x' } })).toBe('unknown /address/street');
    expect(await error({ prospect_status: 'past' })).toBe('incorrect_value /prospect_status');
    expect(await error({ owner_id: 1 })).toBe('incorrect_value /owner_id');
    expect(await error({ id: 5 })).toBe('unknown /id');
    sell.sandbox.switches.readOnlyAttributes = 'ignore';
    expect((await create(sell, { last_name: 'A', id: 5 }))['id']).not.toBe(5);
  });

  it('reads an empty text as null unless it is kept', async () => {
    const sell = new SellClient();
    expect((await create(sell, { last_name: 'A', title: '' }))['title']).toBeNull();
    sell.sandbox.switches.emptyText = 'kept';
    expect((await create(sell, { last_name: 'A', title: '' }))['title']).toBe('');
  });

  it('checks forms, lengths and industries only when so switched', async () => {
    const sell = new SellClient();
    const odd = { last_name: 'A'.repeat(300), email: 'no-address', phone: 'call me', industry: 'Piracy' };
    expect((await sell.post('/v2/contacts', odd)).status).toBe(200);
    Object.assign(sell.sandbox.switches, { formatChecks: true, textMaxLength: 255, industryCheck: true });
    const answer = await sell.post('/v2/contacts', odd);
    expect((answer.json['errors'] as readonly Json[]).map((entry) => entry['error']?.['field']).sort()).toEqual([
      '/email',
      '/industry',
      '/last_name',
      '/phone',
    ]);
    const good = { last_name: 'A', email: 'a@b.example', phone: '+1 (800) 940-9650', industry: 'Banks' };
    expect((await sell.post('/v2/contacts', good)).status).toBe(200);
  });
});

describe('references', () => {
  it('takes only organisations as employers and parents', async () => {
    const sell = new SellClient();
    const org = await create(sell, { is_organization: true, name: 'Acme' });
    const person = await create(sell, { last_name: 'A', contact_id: org['id'] });
    expect(person['contact_id']).toBe(org['id']);
    const error = async (data: unknown): Promise<string> => firstError(await sell.post('/v2/contacts', data));
    expect(await error({ last_name: 'B', contact_id: person['id'] })).toBe('incorrect_value /contact_id');
    expect(await error({ last_name: 'B', contact_id: 77 })).toBe('incorrect_value /contact_id');
    expect(await error({ last_name: 'B', parent_organization_id: org['id'] })).toBe(
      'incorrect_value /parent_organization_id',
    );
    const child = await create(sell, { is_organization: true, name: 'Sub', parent_organization_id: org['id'] });
    expect(child['parent_organization_id']).toBe(org['id']);
    const cleared = await sell.put(`/v2/contacts/${child['id']}`, { parent_organization_id: null });
    expect(cleared.json['data']?.['parent_organization_id']).toBeNull();
  });

  it.each(['clears', 'keeps'] as const)('%s contact_id of members when the organisation is deleted', async (mode) => {
    const sell = new SellClient({ switches: { organizationDelete: mode } });
    const org = await create(sell, { is_organization: true, name: 'Acme' });
    const person = await create(sell, { last_name: 'A', contact_id: org['id'] });
    expect((await sell.delete(`/v2/contacts/${org['id']}`)).status).toBe(204);
    const after = await sell.get(`/v2/contacts/${person['id']}`);
    expect(after.json['data']?.['contact_id']).toBe(mode === 'clears' ? null : org['id']);
  });
});

describe('billing and shipping addresses', () => {
  it('are refused, or dropped, for neither prospect nor customer, and read as null', async () => {
    const sell = new SellClient();
    const address = { city: 'Ulm' };
    expect(firstError(await sell.post('/v2/contacts', { last_name: 'A', billing_address: address }))).toBe(
      'incorrect_value /billing_address',
    );
    expect((await create(sell, { last_name: 'A', shipping_address: null }))['shipping_address']).toBeNull();
    const prospect = await create(sell, { last_name: 'A', prospect_status: 'current', billing_address: address });
    expect(prospect['billing_address']).toMatchObject({ city: 'Ulm', line1: null });
    const plain = await sell.put(`/v2/contacts/${prospect['id']}`, { prospect_status: 'none' });
    expect(plain.json['data']?.['billing_address']).toBeNull();
    const both = await sell.put(`/v2/contacts/${prospect['id']}`, {
      customer_status: 'past',
      shipping_address: address,
    });
    expect(both.json['data']?.['shipping_address']?.['city']).toBe('Ulm');
    sell.sandbox.switches.billingAddressRule = 'drop';
    expect((await create(sell, { last_name: 'A', billing_address: address }))['billing_address']).toBeNull();
  });
});

describe('updating', () => {
  it('changes only what is sent, replaces tags, and clears with null', async () => {
    const sell = new SellClient();
    const { id } = await create(sell, { first_name: 'A', last_name: 'B', title: 'T', tags: ['x', 'y'] });
    sell.clock.advance(10_000);
    const answer = await sell.put(`/v2/contacts/${id}`, { title: null, tags: ['z'] });
    expect(answer.json['data']).toMatchObject({ first_name: 'A', last_name: 'B', title: null, tags: ['z'] });
    expect(answer.json['data']?.['updated_at']).toBe('2026-01-01T00:00:10Z');
    expect(firstError(await sell.put(`/v2/contacts/${id}`, { last_name: null }))).toBe('blank /last_name');
    expect(firstError(await sell.put(`/v2/contacts/${id}`, { nope: 1 }))).toBe('unknown /nope');
    expect((await sell.get(`/v2/contacts/${id}`)).json['data']?.['last_name']).toBe('B');
  });

  it('merges an address by key, or replaces it', async () => {
    const sell = new SellClient();
    const { id } = await create(sell, { last_name: 'B', address: { line1: '1 St', city: 'Ulm' } });
    const merged = await sell.put(`/v2/contacts/${id}`, { address: { city: 'Bonn' } });
    expect(merged.json['data']?.['address']).toMatchObject({ line1: '1 St', city: 'Bonn' });
    sell.sandbox.switches.addressPut = 'replace';
    const replaced = await sell.put(`/v2/contacts/${id}`, { address: { city: 'Köln' } });
    expect(replaced.json['data']?.['address']).toMatchObject({ line1: null, city: 'Köln' });
  });

  it.each([true, false])('bumps updated_at without a change: %s', async (bumps) => {
    const sell = new SellClient({ switches: { putWithoutChangeBumps: bumps, updatedAtSkew: false } });
    const { id } = await create(sell, { last_name: 'B' });
    await sell.drain();
    sell.clock.advance(60_000);
    const answer = await sell.put(`/v2/contacts/${id}`, { last_name: 'B' });
    expect(answer.json['data']?.['updated_at']).toBe(bumps ? '2026-01-01T00:01:00Z' : '2026-01-01T00:00:00Z');
    expect(await sell.pull()).toHaveLength(bumps ? 1 : 0);
  });

  it('converts, refuses or ignores another is_organization', async () => {
    const sell = new SellClient();
    const { id } = await create(sell, { first_name: 'A', last_name: 'B' });
    const converted = await sell.put(`/v2/contacts/${id}`, { is_organization: true });
    expect(converted.json['data']).toMatchObject({ is_organization: true, name: 'A B', last_name: null });
    sell.sandbox.switches.isOrganizationOnPut = 'refuse';
    expect((await sell.put(`/v2/contacts/${id}`, { is_organization: false })).status).toBe(422);
    expect((await sell.put(`/v2/contacts/${id}`, { is_organization: true })).status).toBe(200);
    sell.sandbox.switches.isOrganizationOnPut = 'ignore';
    const ignored = await sell.put(`/v2/contacts/${id}`, { is_organization: false });
    expect(ignored.json['data']?.['is_organization']).toBe(true);
    sell.sandbox.switches.isOrganizationOnPut = 'converts';
    const back = await sell.put(`/v2/contacts/${id}`, { is_organization: false });
    expect(back.json['data']).toMatchObject({ is_organization: false, last_name: 'A B', name: 'A B' });
  });
});

describe('absent records', () => {
  it('are 404 to read, change and delete twice', async () => {
    const sell = new SellClient();
    const { id } = await create(sell, { last_name: 'B' });
    const deleted = await sell.delete(`/v2/contacts/${id}`);
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    for (const answer of [
      await sell.get(`/v2/contacts/${id}`),
      await sell.put(`/v2/contacts/${id}`, { title: 'x' }),
      await sell.delete(`/v2/contacts/${id}`),
    ]) {
      expect([answer.status, firstError(answer)]).toEqual([404, 'not_found']);
      expect(answer.json['errors']?.[0]?.['error']?.['resource']).toBe('contact');
    }
  });

  it.each([404, 403] as const)('include those the user may not see (%i)', async (status) => {
    const sell = new SellClient({ switches: { hiddenRecordStatus: status } });
    const { id } = await create(sell, { last_name: 'B', email: 'b@x.example' });
    const { id: other } = await create(sell, { last_name: 'C' });
    expect(await sell.ids('/v2/contacts')).toEqual([id, other]);
    sell.sandbox.world.hide('contact', id as number);
    expect((await sell.get(`/v2/contacts/${id}`)).status).toBe(status);
    expect((await sell.put(`/v2/contacts/${id}`, {})).status).toBe(status);
    expect(await sell.ids('/v2/contacts')).toEqual([other]);
    expect(await sell.ids('/v2/contacts?email=b@x.example')).toEqual([]);
    sell.sandbox.world.show('contact', id as number);
    expect(await sell.ids('/v2/contacts')).toEqual([id, other]);
  });
});
