// Filters of lists, and the upsert that uses them.
import { describe, expect, it } from 'vitest';
import { firstError, SellClient } from './sell-client.ts';

function people(switches = {}): { sell: SellClient; ann: number; bob: number; org: number; cy: number } {
  const sell = new SellClient({
    switches,
    customFields: [
      { resource: 'contact', name: 'External Id', type: 'string' },
      { resource: 'contact', name: 'Score', type: 'number' },
      { resource: 'contact', name: 'Tier', type: 'list', choices: ['Gold', 'Silver'] },
      { resource: 'contact', name: 'Likes', type: 'multi_select_list', choices: ['Tea', 'Rum'] },
      { resource: 'contact', name: 'Secret', type: 'string', filterable: false },
      { resource: 'contact', name: 'Born', type: 'date' },
    ],
  });
  const { world } = sell.sandbox;
  const org = world.createContact({ is_organization: true, name: 'Acme', address: { city: 'Ulm', country: 'DE' } }).id;
  const ann = world.createContact({
    first_name: 'Ann',
    last_name: 'Lee',
    email: 'Ann@X.example',
    phone: '+49 (731) 55',
    contact_id: org,
    prospect_status: 'current',
    billing_address: { city: 'Bonn' },
    address: { city: 'Ulm', state: 'BW' },
    custom_fields: { 'External Id': 'e-1', Score: 12.5, Tier: 'Gold', Likes: ['Tea', 'Rum'] },
  }).id;
  const bob = world.createContact({
    first_name: 'Bob',
    last_name: 'Lee',
    email: 'bob@x.example',
    custom_fields: { Score: '7', Tier: 'Silver', Likes: ['Rum'] },
  }).id;
  const cy = world.createContact({ last_name: 'Cy', email: 'ann@x.example', mobile: '5' }).id;
  return { sell, ann, bob, org, cy };
}

describe('filters', () => {
  it('match exactly and all together', async () => {
    const { sell, ann, bob, org, cy } = people();
    const ids = async (query: string): Promise<number[]> => (await sell.ids(`/v2/contacts?sort_by=id&${query}`)).sort();
    expect(await ids('last_name=Lee')).toEqual([ann, bob]);
    expect(await ids('last_name=lee')).toEqual([]);
    expect(await ids('last_name=Lee&first_name=Ann')).toEqual([ann]);
    expect(await ids('name=Ann+Lee')).toEqual([ann]);
    expect(await ids(`contact_id=${org}`)).toEqual([ann]);
    expect(await ids(`contact_id=${ann}`)).toEqual([]);
    expect(await ids('is_organization=true')).toEqual([org]);
    expect(await ids('is_organization=false')).toEqual([ann, bob, cy]);
    expect(await ids('prospect_status=current')).toEqual([ann]);
    expect(await ids('mobile=5')).toEqual([cy]);
    expect(await ids('address[city]=Ulm')).toEqual([org, ann]);
    expect(await ids('address%5Bcity%5D=Ulm&address[state]=BW')).toEqual([ann]);
    expect(await ids('billing_address[city]=Bonn')).toEqual([ann]);
    expect(await ids('shipping_address[city]=Bonn')).toEqual([]);
    expect(await ids(`ids=${bob},${ann},123`)).toEqual([ann, bob]);
    expect(await ids(`ids=${bob},${ann}&first_name=Bob`)).toEqual([bob]);
    expect(await ids('email=')).toEqual([org]);
    const [user] = sell.sandbox.world.state.users.values();
    expect(await ids(`owner_id=${user?.id}&creator_id=${user?.id}`)).toHaveLength(4);
    expect(await ids('owner_id=1')).toEqual([]);
  });

  it('match any with inclusive=false', async () => {
    const { sell, ann, bob, org, cy } = people();
    expect(await sell.ids('/v2/contacts?sort_by=id&inclusive=false&first_name=Bob&last_name=Cy')).toEqual([bob, cy]);
    expect(await sell.ids('/v2/contacts?sort_by=id&inclusive=true&first_name=Bob&last_name=Cy')).toEqual([]);
    expect(await sell.ids(`/v2/contacts?sort_by=id&inclusive=false&ids=${org}&first_name=Ann`)).toEqual([org, ann]);
    expect(await sell.ids('/v2/contacts?sort_by=id&inclusive=false&is_organization=true&first_name=Ann')).toEqual([
      org,
      ann,
    ]);
    expect((await sell.get('/v2/contacts?inclusive=maybe')).status).toBe(400);
  });

  it('refuse malformed values', async () => {
    const { sell } = people();
    for (const query of ['owner_id=me', 'is_organization=1', 'ids=1,x', 'ids=', 'custom_fields[Score]=many']) {
      expect([query, (await sell.get(`/v2/contacts?${query}`)).status]).toEqual([query, 400]);
    }
  });

  it('compare letter case, white space and phones as switched', async () => {
    const { sell, ann, bob, cy } = people();
    const ids = (query: string): Promise<number[]> => sell.ids(`/v2/contacts?sort_by=id&${query}`);
    expect(await ids('email=ANN@x.example')).toEqual([ann, cy]);
    expect(await ids('email=%20ann@x.example')).toEqual([]);
    expect(await ids('phone=4973155')).toEqual([]);
    Object.assign(sell.sandbox.switches, {
      textFilterCase: 'sensitive',
      filterWhitespace: 'trimmed',
      phoneFilter: 'digits',
    });
    expect(await ids('email=%20ann@x.example')).toEqual([cy]);
    expect(await ids('phone=4973155')).toEqual([ann]);
    sell.sandbox.switches.textFilterCase = 'insensitive';
    expect(await ids('last_name=LEE')).toEqual([ann, bob]);
  });

  it('know custom fields by name, if they are filterable', async () => {
    const { sell, ann, bob } = people();
    const ids = (query: string): Promise<number[]> => sell.ids(`/v2/contacts?sort_by=id&${query}`);
    expect(await ids('custom_fields[External%20Id]=e-1')).toEqual([ann]);
    expect(await ids('custom_fields%5BScore%5D=12.50')).toEqual([ann]);
    expect(await ids('custom_fields[Tier]=Silver')).toEqual([bob]);
    expect(await ids('custom_fields[Likes]=Rum')).toEqual([ann, bob]);
    expect(await ids('custom_fields[Likes]=Ale')).toEqual([]);
    expect((await sell.ids('/v2/contacts?sort_by=custom_fields:Score:desc')).slice(-2)).toEqual([ann, bob]);
    expect((await sell.ids('/v2/contacts?sort_by=custom_fields:Score')).slice(0, 2)).toEqual([bob, ann]);
    for (const name of ['Secret', 'Born', 'Nothing']) {
      expect((await sell.get(`/v2/contacts?custom_fields[${name}]=x`)).status).toBe(400);
    }
    sell.sandbox.switches.unfilterableCustomField = 'ignore';
    expect(await ids('custom_fields[Secret]=x')).toHaveLength(4);
  });

  it('follow a record through changes', async () => {
    const { sell, ann, cy } = people();
    expect(await sell.ids('/v2/contacts?email=ann@x.example&sort_by=id')).toEqual([ann, cy]);
    await sell.put(`/v2/contacts/${cy}`, { email: 'new@x.example' });
    expect(await sell.ids('/v2/contacts?email=ann@x.example')).toEqual([ann]);
    expect(await sell.ids('/v2/contacts?email=NEW@x.example')).toEqual([cy]);
    await sell.delete(`/v2/contacts/${ann}`);
    expect(await sell.ids('/v2/contacts?email=ann@x.example')).toEqual([]);
  });
});

describe('upsert', () => {
  it('creates on no match, updates on one, and leaves filters out of the record', async () => {
    const { sell, bob } = people();
    const made = await sell.post('/v2/contacts/upsert?email=new%2B1%40x.example', { last_name: 'New' });
    expect(made.status).toBe(200);
    expect(made.json['data']).toMatchObject({ last_name: 'New', email: null });
    const changed = await sell.post('/v2/contacts/upsert?email=BOB@x.example', { title: 'Boss', tags: ['x'] });
    expect(changed.json['data']).toMatchObject({ id: bob, title: 'Boss', first_name: 'Bob', tags: ['x'] });
    expect(firstError(await sell.post('/v2/contacts/upsert?email=none@x.example', { title: 'T' }))).toBe(
      'missing /last_name',
    );
  });

  it('works on a filterable custom field', async () => {
    const { sell, ann } = people();
    const url = '/v2/contacts/upsert?custom_fields[External%20Id]=';
    expect((await sell.post(`${url}e-1`, { title: 'T' })).json['data']?.['id']).toBe(ann);
    const fresh = { last_name: 'N', custom_fields: { 'External Id': 'e-2' } };
    const first = await sell.post(`${url}e-2`, fresh);
    const second = await sell.post(`${url}e-2`, fresh);
    expect(second.json['data']?.['id']).toBe(first.json['data']?.['id']);
  });

  it('refuses several matches with 409 and writes nothing', async () => {
    const { sell, ann, cy } = people();
    const url = '/v2/contacts/upsert?email=ann@x.example';
    const answer = await sell.post(url, { title: 'T' });
    expect(answer.status).toBe(409);
    expect(answer.json['meta']?.['http_status']).toBe('409 Conflict');
    for (const id of [ann, cy]) expect((await sell.get(`/v2/contacts/${id}`)).json['data']?.['title']).toBeNull();
    sell.sandbox.switches.upsertConflictBody = 'empty';
    expect(await sell.post(url, {})).toMatchObject({ status: 409, text: '' });
    sell.sandbox.switches.upsertConflictBody = 'html';
    expect((await sell.post(url, {})).headers['content-type']).toContain('text/html');
  });

  it('needs a filter', async () => {
    const { sell } = people();
    for (const url of ['/v2/contacts/upsert', '/v2/contacts/upsert?foo=1', '/v2/leads/upsert?inclusive=true']) {
      const answer = await sell.post(url, { last_name: 'A' });
      expect([answer.status, firstError(answer)]).toEqual([400, 'invalid_param']);
    }
    sell.sandbox.switches.upsertNoFilterStatus = 422;
    expect((await sell.post('/v2/contacts/upsert', { last_name: 'A' })).status).toBe(422);
  });

  it('matches contact_id as the organisation, so that the own id makes a double', async () => {
    const { sell, bob } = people();
    const answer = await sell.post(`/v2/contacts/upsert?contact_id=${bob}`, { last_name: 'Lee' });
    expect(answer.json['data']?.['id']).not.toBe(bob);
  });
});
