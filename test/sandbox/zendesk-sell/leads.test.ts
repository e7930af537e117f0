// Leads, their statuses, sources and reasons, and their conversion.
import { describe, expect, it } from 'vitest';
import { events, firstError, type Json, SellClient } from './sell-client.ts';

async function create(sell: SellClient, data: unknown): Promise<Json> {
  const answer = await sell.post('/v2/leads', data);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.json['data'] as Json;
}

describe('leads', () => {
  it('have the documented shape', async () => {
    const sell = new SellClient();
    const lead = await create(sell, { first_name: 'M', last_name: 'J', organization_name: 'Design Co', tags: ['hot'] });
    expect(Object.keys(lead)).toEqual(
      'id creator_id owner_id first_name last_name organization_name status source_id unqualified_reason_id title description industry website email phone mobile fax twitter facebook linkedin skype address tags custom_fields created_at updated_at'.split(
        ' ',
      ),
    );
    expect(lead).toMatchObject({ status: 'New', source_id: null, custom_fields: {}, tags: ['hot'] });
    expect((await sell.get(`/v2/leads/${lead['id']}`)).json).toEqual({ data: lead, meta: { type: 'lead' } });
  });

  it('need a last name or an organisation name', async () => {
    const sell = new SellClient();
    const error = async (data: unknown): Promise<string> => firstError(await sell.post('/v2/leads', data));
    expect(await error({})).toBe('missing /last_name');
    expect(await error({ last_name: '' })).toBe('blank /last_name');
    const mixed = await sell.post('/v2/leads', { first_name: 'M', organization_name: 'Co' });
    expect(mixed.json['errors']?.[0]?.['error']).toMatchObject({
      field: '/last_name',
      code: 'blank',
      details: "Last Name can't be blank",
    });
    expect((await create(sell, { organization_name: 'Co', first_name: '' }))['first_name']).toBeNull();
    const lead = await create(sell, { last_name: 'A', organization_name: '' });
    expect(firstError(await sell.put(`/v2/leads/${lead['id']}`, { last_name: null }))).toBe('blank /last_name');
    expect(firstError(await sell.put(`/v2/leads/${lead['id']}`, { billing_address: {} }))).toBe(
      'unknown /billing_address',
    );
    expect(firstError(await sell.put(`/v2/leads/${lead['id']}`, { name: 'X' }))).toBe('unknown /name');
  });

  it('filter, sort by updated_at and upsert', async () => {
    const sell = new SellClient({ switches: { updatedAtSkew: false } });
    const a = (await create(sell, { last_name: 'A', email: 'a@x.example', status: 'Working' }))['id'];
    sell.clock.advance(2000);
    const b = (await create(sell, { last_name: 'B', organization_name: 'Co' }))['id'];
    sell.clock.advance(2000);
    await sell.put(`/v2/leads/${a}`, { title: 'x' });
    expect(await sell.ids('/v2/leads')).toEqual([b, a]);
    expect(await sell.ids('/v2/leads?status=Working')).toEqual([a]);
    expect(await sell.ids('/v2/leads?organization_name=Co')).toEqual([b]);
    expect((await sell.post('/v2/leads/upsert?email=A@x.example', { title: 'y' })).json['data']?.['id']).toBe(a);
    expect((await sell.delete(`/v2/leads/${b}`)).status).toBe(204);
    expect((await sell.get(`/v2/leads/${b}`)).status).toBe(404);
  });
});

describe('statuses, sources and reasons', () => {
  it('lists statuses without links, unless the endpoint is gone', async () => {
    const sell = new SellClient({ leadStatuses: ['New', 'unqualified'] });
    const answer = await sell.get('/v2/lead_statuses');
    expect(answer.json['meta']).toEqual({ type: 'collection', count: 2, links: {} });
    expect(Object.keys(answer.json['items']?.[0]?.['data'] ?? {})).toEqual(['id', 'name', 'created_at', 'updated_at']);
    expect(answer.json['items']?.[1]?.['meta']).toEqual({ type: 'lead_status' });
    sell.sandbox.switches.leadStatusesEndpoint = false;
    expect(firstError(await sell.get('/v2/lead_statuses'))).toBe('incorrect_path');
  });

  it('refuses an unknown status, or adds it', async () => {
    const sell = new SellClient();
    expect(firstError(await sell.post('/v2/leads', { last_name: 'A', status: 'new' }))).toBe('incorrect_value /status');
    sell.sandbox.switches.unknownLeadStatus = 'create';
    expect((await sell.post('/v2/leads', { last_name: 'A', status: 'Hot', bogus: 1 })).status).toBe(422);
    expect((await sell.get('/v2/lead_statuses')).json['meta']?.['count']).toBe(3);
    expect((await create(sell, { last_name: 'A', status: 'Hot' }))['status']).toBe('Hot');
    expect((await sell.get('/v2/lead_statuses')).json['meta']?.['count']).toBe(4);
  });

  it.each(['silent', 'touches-leads'] as const)('a renamed status is read at once (%s)', async (mode) => {
    const sell = new SellClient({ switches: { leadStatusRename: mode } });
    const { id } = await create(sell, { last_name: 'A', status: 'Working' });
    expect(await sell.ids('/v2/leads?status=Working')).toEqual([id]);
    await sell.drain();
    const status = [...sell.sandbox.world.state.leadStatuses.values()].find((entry) => entry.name === 'Working');
    sell.sandbox.world.renameLeadStatus(status?.id ?? 0, 'In progress');
    expect((await sell.get(`/v2/leads/${id}`)).json['data']?.['status']).toBe('In progress');
    expect(await sell.ids('/v2/leads?status=Working')).toEqual([]);
    expect(await sell.ids('/v2/leads?status=In%20progress')).toEqual([id]);
    expect(events(await sell.pull())).toEqual(mode === 'silent' ? [] : [`updated lead ${id}`]);
  });

  it('asks for a reason when unqualifying, if so switched', async () => {
    const sell = new SellClient();
    const reasons = await sell.get('/v2/lead_unqualified_reasons');
    const reason = reasons.json['items']?.[0]?.['data']?.['id'];
    const { id } = await create(sell, { last_name: 'A', status: 'Unqualified' });
    sell.sandbox.switches.unqualifiedNeedsReason = true;
    expect(firstError(await sell.put(`/v2/leads/${id}`, { title: 'x' }))).toBe('missing /unqualified_reason_id');
    expect((await sell.put(`/v2/leads/${id}`, { unqualified_reason_id: reason })).status).toBe(200);
    expect((await sell.put(`/v2/leads/${id}`, { unqualified_reason_id: 5 })).status).toBe(422);
  });

  it('reads, creates, renames and deletes sources with unique names', async () => {
    const sell = new SellClient({ leadSources: ['Web'] });
    expect((await sell.get('/v2/lead_sources?name=Web')).json['items']?.[0]?.['data']).toMatchObject({
      resource_type: 'lead',
    });
    expect(firstError(await sell.post('/v2/lead_sources', { name: 'Web' }))).toBe('already_exists /name');
    const made = await sell.post('/v2/lead_sources', { name: 'Fair' });
    const id = made.json['data']?.['id'];
    expect((await create(sell, { last_name: 'A', source_id: id }))['source_id']).toBe(id);
    expect(firstError(await sell.post('/v2/leads', { last_name: 'A', source_id: 1 }))).toBe(
      'incorrect_value /source_id',
    );
    expect((await sell.put(`/v2/lead_sources/${id}`, { name: 'Expo' })).json['data']?.['name']).toBe('Expo');
    expect((await sell.delete(`/v2/lead_sources/${id}`)).status).toBe(204);
    expect((await sell.get(`/v2/lead_sources/${id}`)).status).toBe(404);
    expect((await sell.get('/v2/deal_sources')).json['items']?.[0]?.['data']?.['resource_type']).toBe('deal');
    expect((await sell.get('/v2/lead/industries')).json['items']?.[0]?.['meta']).toEqual({ type: 'industry' });
  });
});

describe('conversion', () => {
  const convert = (sell: SellClient, data: unknown): ReturnType<SellClient['post']> =>
    sell.post('/v2/lead_conversions', data);

  it('makes an individual, an organisation or both, and a deal by default', async () => {
    const sell = new SellClient({
      customFields: [
        { resource: 'lead', name: 'Via', type: 'string' },
        { resource: 'contact', name: 'Via', type: 'string' },
      ],
    });
    const lead = await create(sell, {
      first_name: 'M',
      last_name: 'J',
      organization_name: 'Co',
      email: 'm@x.example',
      tags: ['hot'],
      custom_fields: { Via: 'tom' },
    });
    const both = await convert(sell, { lead_id: lead['id'] });
    expect(both.json['meta']).toEqual({ type: 'lead_conversion' });
    const { individual_id, organization_id, deal_id } = both.json['data'] as unknown as Record<string, number>;
    expect(Object.keys(both.json['data'] ?? {})).toEqual(
      'id lead_id individual_id organization_id deal_id creator_id created_at'.split(' '),
    );
    const person = (await sell.get(`/v2/contacts/${individual_id}`)).json['data'];
    expect(person).toMatchObject({
      contact_id: organization_id,
      email: 'm@x.example',
      tags: ['hot'],
      prospect_status: 'current',
      custom_fields: { Via: 'tom' },
    });
    expect((await sell.get(`/v2/contacts/${organization_id}`)).json['data']).toMatchObject({
      name: 'Co',
      is_organization: true,
    });
    expect(deal_id).toBeGreaterThan(0);
    const org = await convert(sell, {
      lead_id: (await create(sell, { organization_name: 'O' }))['id'],
      create_deal: false,
    });
    expect(org.json['data']).toMatchObject({ individual_id: null, deal_id: null });
    sell.sandbox.switches.createDealDefault = false;
    const single = await convert(sell, { lead_id: (await create(sell, { last_name: 'S' }))['id'] });
    expect(single.json['data']).toMatchObject({ organization_id: null, deal_id: null });
  });

  it('takes the lead away, or leaves it', async () => {
    const sell = new SellClient();
    const gone = await create(sell, { last_name: 'J' });
    await sell.drain();
    const first = await convert(sell, { lead_id: gone['id'], create_deal: false });
    const contact = first.json['data']?.['individual_id'];
    expect((await sell.get(`/v2/leads/${gone['id']}`)).status).toBe(404);
    expect(events(await sell.drain())).toEqual([`created contact ${contact}`, `deleted lead ${gone['id']}`]);
    sell.sandbox.switches.convertedLead = 'kept';
    const kept = await create(sell, { last_name: 'K' });
    await convert(sell, { lead_id: kept['id'], create_deal: false });
    expect((await sell.get(`/v2/leads/${kept['id']}`)).status).toBe(200);
    expect((await convert(sell, { lead_id: kept['id'] })).status).toBe(404);
  });

  it('refuses a second conversion and wrong bodies', async () => {
    const sell = new SellClient();
    const lead = await create(sell, { last_name: 'J' });
    await convert(sell, { lead_id: lead['id'] });
    expect((await convert(sell, { lead_id: lead['id'] })).status).toBe(404);
    sell.sandbox.switches.secondConversion = 422;
    expect(firstError(await convert(sell, { lead_id: lead['id'] }))).toBe('incorrect_value /lead_id');
    expect(firstError(await convert(sell, {}))).toBe('missing /lead_id');
    expect(firstError(await convert(sell, { lead_id: 'x' }))).toBe('invalid_type /lead_id');
    expect(firstError(await convert(sell, { lead_id: 1, deal: true }))).toBe('unknown /deal');
    expect(firstError(await convert(sell, { lead_id: 1, owner_id: 1 }))).toBe('incorrect_value /owner_id');
  });

  it('lists conversions newest first, by page or cursor', async () => {
    const sell = new SellClient();
    const leads: number[] = [];
    for (let index = 0; index < 7; index += 1) {
      const lead = await create(sell, { last_name: `J${index}` });
      leads.push(lead['id'] as number);
      await convert(sell, { lead_id: lead['id'], create_deal: false });
    }
    const ids = await sell.ids('/v2/lead_conversions?per_page=200');
    expect(ids).toEqual(ids.toSorted((a, b) => b - a));
    const seen: number[] = [];
    let url: string | undefined = '/v2/lead_conversions?per_page=3';
    while (url) {
      const answer = await sell.get(url);
      seen.push(...(answer.json['items'] as readonly Json[]).map((item) => item['data']?.['id'] as number));
      const next = answer.json['meta']?.['links']?.['next_page'] as string | undefined;
      url = next && new URL(next).pathname + new URL(next).search;
    }
    expect(seen).toEqual(ids);
    expect(await sell.ids(`/v2/lead_conversions?lead_id=${leads[2]}`)).toEqual([ids[4]]);
    expect(await sell.ids('/v2/lead_conversions?per_page=3&page=3')).toEqual([ids[6]]);
    expect((await sell.get('/v2/lead_conversions?page=51')).status).toBe(400);
    expect((await sell.get('/v2/lead_conversions?per_page=201')).status).toBe(400);
    expect((await sell.get('/v2/lead_conversions?cursor=zzz')).status).toBe(400);
  });
});
