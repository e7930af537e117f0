// The connector against the simulated Sell, under every answer to what the documentation leaves open.
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createSellSandbox, type SellSandbox } from '../../../sandbox/zendesk-sell/create-sell-sandbox.ts';
import type { SellSandboxOptions } from '../../../sandbox/zendesk-sell/options.ts';
import type { SellSwitchSettings } from '../../../sandbox/zendesk-sell/switches.ts';
import type { CrmConnector, CrmObservation, CrmSelection } from '../../../src/connectors/connector.ts';
import {
  createZendeskSell,
  type ZendeskSellOptions,
} from '../../../src/connectors/zendesk-sell/create-zendesk-sell.ts';
import { createVirtualTime } from '../http/virtual-time.ts';
import { collect, NOTHING } from './scripted-sell.ts';

const REPLICA = '6dadcec8-6e61-4691-b318-1aab27b8fecf';
const SERVICE = 'zendesk-sell';

const open: SellSandbox[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ app }) => app.close()));
});

const FIELDS: SellSandboxOptions['customFields'] = [
  { resource: 'contact', name: 'Tier', type: 'list', choices: ['Gold', 'Silver'] },
  { resource: 'contact', name: 'Places', type: 'multi_select_list', choices: ['A', 'B', 'C'] },
  { resource: 'contact', name: 'Score', type: 'number' },
  { resource: 'contact', name: 'Opted in', type: 'bool' },
  { resource: 'contact', name: 'Home', type: 'address' },
  { resource: 'contact', name: 'Dotted. name', type: 'string' },
  { resource: 'contact', name: 'Firm size', type: 'number', forContact: false },
  { resource: 'lead', name: 'Tier', type: 'string' },
];

interface Connected {
  readonly sandbox: SellSandbox;
  readonly sell: CrmConnector;
  connect(more?: Partial<ZendeskSellOptions>): CrmConnector;
}

async function connectTo(options: SellSandboxOptions = {}): Promise<Connected> {
  const sandbox = createSellSandbox({ customFields: FIELDS, limits: { enabled: false }, ...options });
  open.push(sandbox);
  await sandbox.app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(sandbox.app.server.address() as AddressInfo).port}`;
  const connect = (more: Partial<ZendeskSellOptions> = {}): CrmConnector =>
    createZendeskSell({
      url,
      auth: { accessToken: sandbox.tokens[0]?.token ?? '' },
      requestsPerSecond: 0,
      runtime: { sleep: () => Promise.resolve() },
      ...more,
    });
  return { sandbox, sell: connect(), connect };
}

/** Pulls to the end and acknowledges everything. */
async function pullAll(sell: CrmConnector, selection: CrmSelection = NOTHING): Promise<readonly CrmObservation[]> {
  const seen: CrmObservation[] = [];
  for await (const page of sell.pull(REPLICA, selection)) {
    seen.push(...page.observations);
    await page.acknowledge();
  }
  return seen;
}

const people = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ first_name: 'P', last_name: `Nr ${i}`, email: `p${i}@example.test` }));

/** Each set answers the open questions in another way. */
const ANSWERS: { readonly [name: string]: SellSwitchSettings } = {
  'the likely answers': {},
  'the other answers': {
    createStatus: 201,
    unknownQueryParameter: 'refuse',
    errorPointer: 'data',
    logrefStyle: 'uuid',
    metaVersion: true,
    listTotalCount: true,
    textFilterCase: 'sensitive',
    putWithoutChangeBumps: false,
    addressPut: 'replace',
    emptyText: 'kept',
    unsetCustomFields: 'null',
    customFieldNumbers: 'number',
    customFieldDates: 'us',
    listValues: 'object',
    boolTypeName: 'boolean',
    definitionKeys: 'zapier',
    tagCase: 'insensitive',
    emptyTag: 'accept',
    leadStatusesEndpoint: false,
    hiddenRecordStatus: 403,
    syncOrder: 'log',
    syncTotals: 'approximate',
    syncAckMaxKeys: 30,
    syncPageSize: 37,
    convertedLead: 'gone',
  },
};

for (const [name, switches] of Object.entries(ANSWERS)) {
  describe(`under ${name}`, () => {
    const paths = [
      'title',
      'address.city',
      'address.country',
      'customer_status',
      'tags',
      'custom_fields.Tier',
      'custom_fields.Places',
      'custom_fields.Score',
      'custom_fields.Opted in',
      'custom_fields.Home.city',
      'custom_fields.Dotted. name',
      'owner.email',
      'organization.name',
    ];
    const selection: CrmSelection = { roles: ['contact', 'lead'], paths };

    it('writes every kind of field and reads back what it wrote', async () => {
      const { sell } = await connectTo({ switches });
      const values = {
        title: 'Dr',
        'address.city': 'Hull',
        customer_status: 'current',
        'custom_fields.Tier': 'Gold',
        'custom_fields.Places': ['A', 'B'],
        'custom_fields.Score': '12.5',
        'custom_fields.Opted in': true,
        'custom_fields.Home.city': 'York',
        'custom_fields.Dotted. name': 'x',
      };
      const write = {
        set: { first_name: 'Ann', last_name: 'Example', ...values },
        email: 'Ann@Example.test',
        addTags: ['VIP'],
      };
      const created = await sell.create('contact', write, selection);
      expect(created.values).toMatchObject({
        ...values,
        tags: ['VIP'],
        'owner.email': 'ada@sales.example',
        'organization.name': null,
      });
      const read = await sell.readOne('contact', created.id, selection);
      expect(read).toEqual(created);
    });

    it('changes parts of whole values and keeps the rest (C17, C29)', async () => {
      const { sell, sandbox } = await connectTo({ switches });
      const { id } = sandbox.world.createContact({
        first_name: 'Ann',
        last_name: 'Example',
        address: { line1: '1 Way', city: 'Hull', postal_code: 'HU1', country: 'UK' },
        tags: ['keep', 'old'],
      });
      const [before] = await sell.readWhole('contact', [String(id)], selection);
      const write = { set: { 'address.city': 'York', title: null }, addTags: ['new'], removeTags: ['old'] };
      const after = await sell.update('contact', String(id), write, before?.whole ?? null, selection);
      expect(after.tags).toEqual(['keep', 'new']);
      const stored = sandbox.world.readContact(id);
      expect(stored?.['address']).toEqual({
        line1: '1 Way',
        city: 'York',
        postal_code: 'HU1',
        state: null,
        country: 'UK',
      });
      expect(stored?.['is_organization']).toBe(false);
    });

    it('clears a set and a part of an address', async () => {
      const { sell } = await connectTo({ switches });
      const created = await sell.create(
        'contact',
        { set: { last_name: 'X', 'custom_fields.Places': ['A'], 'address.city': 'Hull', 'address.country': 'UK' } },
        selection,
      );
      const [before] = await sell.readWhole('contact', [created.id], selection);
      const write = { set: { 'custom_fields.Places': [], 'address.city': null } };
      const after = await sell.update('contact', created.id, write, before?.whole ?? null, selection);
      expect(after.values).toMatchObject({
        'custom_fields.Places': null,
        'address.city': null,
        'address.country': 'UK',
      });
    });

    it('finds by address in its own and in lower case', async () => {
      const { sell, sandbox } = await connectTo({ switches });
      sandbox.world.createContacts([
        { last_name: 'A', email: 'Ann+1@Example.test' },
        { last_name: 'B', email: 'ann+1@example.test' },
        { last_name: 'C', email: 'ann@example.test' },
      ]);
      const found = await sell.findByEmail('contact', 'Ann+1@Example.test', NOTHING);
      expect(found.map(({ lastName }) => lastName)).toEqual(['A', 'B']);
    });

    it('scans all and reads many', async () => {
      const { sell, sandbox } = await connectTo({ switches });
      const ids = sandbox.world.createContacts(people(230)).map(String);
      const scanned = (await collect(sell.scan('contact', NOTHING))).flat().map(({ id }) => id);
      expect(scanned).toEqual(ids);
      const many = await sell.readMany('contact', [...ids, '1'], NOTHING);
      expect(new Set(many.map(({ id }) => id))).toEqual(new Set(ids));
    });

    it('pulls everything once, then only what changed, then nothing', async () => {
      const { sell, sandbox } = await connectTo({ switches });
      const ids = sandbox.world.createContacts(people(230));
      sandbox.world.createLead({ last_name: 'L', email: 'l@example.test' });
      const first = await pullAll(sell);
      const records = first.flatMap((o) => (o.type === 'record' ? [o.record] : []));
      expect(new Set(records.map(({ role, id }) => `${role} ${id}`)).size).toBe(231);
      const [edited = 0, deleted = 0] = ids;
      sandbox.world.updateContact(edited, { title: 'Dr' });
      sandbox.world.deleteContact(deleted);
      const second = await pullAll(sell, { roles: ['contact'], paths: ['title'] });
      expect(second).toHaveLength(2);
      expect(second).toContainEqual(expect.objectContaining({ type: 'deleted', role: 'contact', id: String(deleted) }));
      expect(second.find((o) => o.type === 'record')).toMatchObject({
        record: { id: String(edited), values: { title: 'Dr' } },
      });
      const before = sell.calls.reads;
      expect(await pullAll(sell)).toEqual([]);
      expect(sell.calls.reads - before).toBe(1);
      expect(sell.calls.writes).toBe(0);
    });

    it('gets again what was not acknowledged (R7)', async () => {
      const { sell, sandbox } = await connectTo({ switches });
      sandbox.world.createContacts(people(50));
      const unacknowledged = new Set<string>();
      for await (const page of sell.pull(REPLICA, NOTHING)) {
        for (const one of page.observations) if (one.type === 'record') unacknowledged.add(one.record.id);
      }
      const again = await pullAll(sell);
      expect(new Set(again.map((o) => (o.type === 'record' ? o.record.id : '')))).toEqual(unacknowledged);
      expect(unacknowledged.size).toBe(50);
    });

    it('describes the account', async () => {
      const { sell } = await connectTo({ switches });
      const schema = await sell.schema();
      const paths = schema.contact.fields.map(({ path }) => path);
      expect(paths).toEqual(
        expect.arrayContaining(['custom_fields.Tier', 'custom_fields.Home.line1', 'billing_address.city']),
      );
      expect(paths).not.toContain('custom_fields.Firm size');
      expect(schema.contact.fields.find(({ path }) => path === 'custom_fields.Opted in')?.type).toBe('boolean');
      expect(schema.contact.fields.find(({ path }) => path === 'custom_fields.Tier')?.choices).toEqual([
        'Gold',
        'Silver',
      ]);
      expect(schema.lead.statuses).toEqual(
        switches.leadStatusesEndpoint === false ? [] : ['New', 'Working', 'Unqualified'],
      );
    });

    it('names the address that a contact who is neither prospect nor customer may not have (C16)', async () => {
      const { sell } = await connectTo({ switches });
      const refused = sell.create('contact', { set: { last_name: 'X', 'billing_address.city': 'Hull' } }, NOTHING);
      await expect(refused).rejects.toMatchObject({
        kind: 'rejected',
        outcome: 'refused',
        field: expect.stringMatching(/^billing_address/) as string,
      });
    });

    it('tells what became of a converted lead (D8)', async () => {
      const { sell, sandbox } = await connectTo({ switches });
      const lead = sandbox.world.createLead({ last_name: 'L', email: 'l@example.test' });
      const other = sandbox.world.createLead({ last_name: 'M' });
      const conversion = sandbox.world.convertLead(lead.id);
      expect(await sell.conversionsOf([String(lead.id), String(other.id)])).toEqual([
        {
          id: String(conversion.id),
          leadId: String(lead.id),
          contactId: String(conversion.individual_id),
          convertedAt: expect.any(String) as string,
        },
      ]);
      expect(await sell.readOne('lead', String(lead.id), NOTHING)).toBe('missing');
    });

    it('finds out what it may do without leaving a trace', async () => {
      const { sell, connect, sandbox } = await connectTo({ switches });
      sandbox.world.createContacts(people(3));
      expect(await sell.capabilities()).toMatchObject({
        scopes: { missing: [] },
        changeFeed: { usable: true },
        products: { usable: true },
      });
      const limited = connect({ auth: { accessToken: sandbox.issueToken({ scopes: ['read'] }) } });
      const found = await limited.capabilities();
      expect(found.scopes).toEqual({ found: ['read'], missing: ['write', 'profile', 'sync'] });
      expect(found.changeFeed.usable).toBe(false);
      sandbox.plan = { syncApi: false, products: false };
      expect(await sell.capabilities()).toMatchObject({
        scopes: { missing: [] },
        changeFeed: { usable: false, message: expect.stringContaining('plan') as string },
        products: { usable: false },
      });
      sandbox.plan = { syncApi: true, products: true };
      expect(await pullAll(sell)).toHaveLength(3);
    });
  });
}

describe('a create whose answer is lost', () => {
  for (const type of ['drop-after', 'truncate'] as const) {
    it(`happened once and is found (${type})`, async () => {
      const { sell, sandbox } = await connectTo();
      sandbox.faults.add({
        service: SERVICE,
        match: { method: 'POST', path: '/v2/contacts', times: 1 },
        effect: { type },
      });
      const write = { set: { last_name: 'X' }, email: 'x@example.test' };
      await expect(sell.create('contact', write, NOTHING)).rejects.toMatchObject({ outcome: 'unknown' });
      expect(await sell.findByEmail('contact', 'x@example.test', NOTHING)).toHaveLength(1);
    });
  }
});

it('gets through a whole pull on a bad line without losing or inventing anything', async () => {
  const { sell, sandbox } = await connectTo();
  const ids = sandbox.world.createContacts(people(420)).map(String);
  for (const effect of [
    { type: 'drop-before' },
    { type: 'drop-after' },
    { type: 'truncate' },
    { type: 'status', status: 503 },
    { type: 'status', status: 429, body: '' },
  ] as const) {
    sandbox.faults.add({ service: SERVICE, match: { path: '/v2/sync', probability: 0.15 }, effect });
  }
  const seen = new Set<string>();
  // A page whose answer was lost comes again in a later session, as after any broken run.
  for (let session = 0; session < 4; session += 1) {
    for (const one of await pullAll(sell)) if (one.type === 'record') seen.add(one.record.id);
  }
  expect([...seen].sort()).toEqual([...ids].sort());
  sandbox.faults.clear(SERVICE);
  await pullAll(sell);
  expect(await pullAll(sell)).toEqual([]);
});

describe('the documented rate', () => {
  for (const disguise of ['empty-429', '404-429.json', '409'] as const) {
    it(`is used and never exceeded, on virtual time (${disguise})`, async () => {
      const time = createVirtualTime();
      const sandbox = createSellSandbox({ clock: { now: time.now }, switches: { rateLimitAnswer: disguise } });
      open.push(sandbox);
      sandbox.world.createContacts(people(10));
      let throttled = 0;
      const sell = createZendeskSell({
        url: 'http://sell.test',
        auth: { accessToken: sandbox.tokens[0]?.token ?? '' },
        runtime: {
          ...time,
          random: () => 0.5,
          fetch: async (url, init) => {
            await time.sleep(120);
            const at = new URL(url instanceof Request ? url.url : url);
            const reply = await sandbox.app.inject({
              method: 'GET',
              url: at.pathname + at.search,
              headers: Object.fromEntries(new Headers(init?.headers)),
            });
            if (reply.statusCode !== 200) throttled += 1;
            return new Response(reply.body, { status: reply.statusCode });
          },
        },
      });
      const [first] = sandbox.world.state.contacts.values();
      const began = time.now();
      const reads = Array.from({ length: 1500 }, () => sell.readOne('contact', String(first?.id), NOTHING));
      await time.run(Promise.all(reads));
      expect(throttled).toBe(0);
      expect(1500 / ((time.now() - began) / 1000)).toBeGreaterThan(9.7);
    });
  }

  it('is found again when others use the same token', async () => {
    const time = createVirtualTime();
    const sandbox = createSellSandbox({ clock: { now: time.now } });
    open.push(sandbox);
    const [id = 0] = sandbox.world.createContacts(people(1));
    const token = sandbox.tokens[0]?.token ?? '';
    const headers = { authorization: `Bearer ${token}`, 'user-agent': 'other' };
    let isDone = false;
    const noise = async (): Promise<void> => {
      while (!isDone) {
        await sandbox.app.inject({ method: 'GET', url: '/v2/contacts?per_page=1', headers });
        await time.sleep(200);
      }
    };
    let refused = 0;
    const sell = createZendeskSell({
      url: 'http://sell.test',
      auth: { accessToken: token },
      runtime: {
        ...time,
        random: () => 0.5,
        fetch: async (url, init) => {
          const at = new URL(url instanceof Request ? url.url : url);
          const reply = await sandbox.app.inject({
            method: 'GET',
            url: at.pathname,
            headers: Object.fromEntries(new Headers(init?.headers)),
          });
          if (reply.statusCode === 429) refused += 1;
          return new Response(reply.body, { status: reply.statusCode });
        },
      },
    });
    const reads = Array.from({ length: 600 }, () => sell.readOne('contact', String(id), NOTHING));
    const work = Promise.all(reads).finally(() => {
      isDone = true;
    });
    const other = noise();
    const records = await time.run(work);
    await time.run(other);
    expect(records).toHaveLength(600);
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan(90);
  });
});
