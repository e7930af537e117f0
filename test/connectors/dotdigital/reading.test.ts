// Scans, changes, one contact, members, suppressions, lists and data fields: what the service may answer and what is made of it.
import { afterEach, describe, expect, it } from 'vitest';
import type { SuppressionEvent } from '../../../src/connectors/connector.ts';
import { type Answering, accountInfo, collect, lastPage, type Said, type StandIn, startStandIn } from './stand-in.ts';

const services: StandIn[] = [];
afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.close()));
});
async function start(answer: Answering): Promise<StandIn> {
  const service = await startStandIn((asked) => (asked.path === '/v2/account-info' ? accountInfo() : answer(asked)));
  services.push(service);
  return service;
}
const calls = (service: StandIn) => service.asked.filter((asked) => asked.path !== '/v2/account-info');

const contact = (contactId: number, more: object = {}) => ({
  contactId,
  status: 'subscribed',
  created: '2026-01-01T00:00:00.000Z',
  updated: '2026-01-02T00:00:00.000Z',
  identifiers: { email: `c${contactId}@emailsim.io` },
  dataFields: { FIRSTNAME: `N${contactId}` },
  channelProperties: { email: { emailType: 'Html', optInType: 'Single', status: 'subscribed' } },
  ...more,
});
const page = (items: readonly unknown[], next?: object): Said => ({
  json: {
    _links: {
      self: { marker: '', link: '' },
      first: { marker: '', link: '' },
      ...(next === undefined ? {} : { next }),
    },
    _items: items,
  },
});
const selection = { fields: ['FIRSTNAME', 'LASTNAME'], lists: true };

describe('R8: scan', () => {
  it('asks for the selection only and follows markers, from the link where the marker is missing', async () => {
    const service = await start((asked) => {
      const marker = asked.query.get('marker');
      if (marker === null) return page([contact(1)], { marker: 'a+b/=', link: 'x' });
      if (marker === 'a+b/=')
        return page([contact(2)], { link: 'https://example.test/contacts/v3?limit=2&marker=c%3D' });
      return page([contact(3)]);
    });
    const all = await collect(service.connector({ contactsPerPage: 1 }).scan(selection));
    expect(all.map((record) => record.id)).toEqual(['1', '2', '3']);
    expect(all[0]?.values).toEqual({ FIRSTNAME: 'N1', LASTNAME: null });
    expect(calls(service).map((asked) => asked.query.get('marker'))).toEqual([null, 'a+b/=', 'c=']);
    expect(calls(service)[0]?.query.get('data-fields')).toBe('FIRSTNAME|LASTNAME');
    expect(calls(service)[0]?.query.get('include')).toBe('channelProperties|lists');
    expect(calls(service)[0]?.query.get('limit')).toBe('1');
    expect(calls(service)[1]?.raw).toContain('marker=a%2Bb%2F%3D');
  });

  it('asks for 5000 a page and for no data fields when none are selected', async () => {
    const service = await start(() => lastPage([contact(1, { dataFields: undefined, lists: undefined })]));
    const all = await collect(service.connector().scan({ fields: [], lists: false }));
    expect(all).toMatchObject([{ id: '1', values: {}, lists: null }]);
    expect(calls(service)[0]?.query.get('limit')).toBe('5000');
    expect(calls(service)[0]?.query.has('data-fields')).toBe(false);
    expect(calls(service)[0]?.query.get('include')).toBe('channelProperties');
  });

  it('loses neither the page nor the run for a malformed item, and tells of it', async () => {
    const service = await start(() =>
      lastPage([contact(1), { contactId: 'x' }, null, contact(2, { dataFields: 7 }), contact(3)]),
    );
    const all = await collect(service.connector().scan(selection));
    expect(all.map((record) => record.id)).toEqual(['1', '3']);
    expect(service.oddities).toMatchObject([{ id: null }, { id: null }, { id: '2' }]);
  });

  it.each([
    ['no _links', { json: { _items: [] } }],
    ['no _items', { json: { _links: {} } }],
    ['something else', { json: [] }],
    ['no JSON', { text: '<html>' }],
  ] as readonly (readonly [string, Said])[])('never takes a broken envelope for the end: %s', async (_what, said) => {
    const service = await start(() => said);
    await expect(collect(service.connector({ retry: { maxAttempts: 2 } }).scan(selection))).rejects.toMatchObject({
      kind: 'malformed',
      outcome: 'refused',
    });
    expect(calls(service)).toHaveLength(2);
  });

  it('reads a full page whose next names no marker as broken, and a short one as the last', async () => {
    const service = await start(() => page([contact(1)], { marker: '', link: '' }));
    await expect(
      collect(service.connector({ contactsPerPage: 1, retry: { maxAttempts: 1 } }).scan(selection)),
    ).rejects.toMatchObject({ kind: 'malformed' });
    expect(await collect(service.connector({ contactsPerPage: 2 }).scan(selection))).toHaveLength(1);
  });

  it('takes a page that names itself as the next one for the last, but not the answer of another page', async () => {
    const named = (id: number, self: string, next: string): Said => ({
      json: { _links: { self: { marker: self }, next: { marker: next } }, _items: [contact(id)] },
    });
    const ends = await start((asked) => (asked.query.has('marker') ? named(2, 'b', 'b') : named(1, '', 'b')));
    expect(await collect(ends.connector().scan(selection))).toMatchObject([{ id: '1' }, { id: '2' }]);
    const repeats = await start(() => named(1, '', 'b'));
    await expect(collect(repeats.connector().scan(selection))).rejects.toMatchObject({ kind: 'malformed' });
  });

  it('stops when the markers go round in a circle', async () => {
    let turn = 0;
    const service = await start(() => {
      turn += 1;
      return page([contact(turn)], { marker: turn % 2 === 0 ? 'even' : 'odd', link: '' });
    });
    await expect(collect(service.connector().scan(selection))).rejects.toMatchObject({ kind: 'malformed' });
    expect(calls(service).length).toBeLessThan(5);
  });

  it.each(['drop', 'truncate'] as const)('reads a page again whose answer was lost (%s)', async (loss) => {
    let turn = 0;
    const service = await start(() => {
      turn += 1;
      return turn === 1 ? loss : lastPage([contact(9)]);
    });
    const connector = service.connector();
    expect(await collect(connector.scan(selection))).toMatchObject([{ id: '9' }]);
    expect(connector.calls.reads).toBe(3);
  });
});

describe('R8: a page that comes again and again', () => {
  it('ends a v2 list with an error', async () => {
    const rows = [1, 2].map((id) => ({ id, name: `l${id}`, contacts: 0 }));
    const service = await start((asked) => ({ json: asked.query.get('skip') === '2' ? [...rows].reverse() : rows }));
    await expect(service.connector({ rowsPerPage: 2 }).lists()).rejects.toMatchObject({
      kind: 'malformed',
      message: expect.stringMatching(/came again/) as unknown,
    });
    expect(calls(service)).toHaveLength(2);
  });

  it('ends a v3 list with an error although its markers are new ones', async () => {
    let marker = 0;
    const service = await start(() => {
      marker += 1;
      return page([contact(1), contact(2)], { marker: `m${marker}` });
    });
    await expect(collect(service.connector({ contactsPerPage: 2 }).scan(selection))).rejects.toMatchObject({
      message: expect.stringMatching(/came again/) as unknown,
    });
    expect(calls(service).length).toBeLessThan(110);
  });
});

describe('R7: changes since a moment', () => {
  it('filters by the second it lies in, in the one form that is accepted', async () => {
    const service = await start(() => lastPage([contact(1)]));
    await collect(service.connector().changedSince('2026-01-05T11:59:59.789Z', selection));
    expect(calls(service)[0]?.query.get('~modified')).toBe('gte::2026-01-05T11:59:59Z');
  });
});

describe('U16: one contact', () => {
  it('reads it in one call when the answer is complete', async () => {
    const identifiers = { email: "O'neil+News@emailsim.io" };
    const service = await start(() => ({ json: contact(7, { lists: [], identifiers }) }));
    expect(await service.connector().readOne({ email: "o'Neil+news@emailsim.io" }, selection)).toMatchObject({
      id: '7',
      lists: [],
    });
    expect(calls(service)).toHaveLength(1);
    expect(calls(service)[0]?.raw).toBe("/contacts/v3/email/o'Neil%2Bnews%40emailsim.io");
  });

  it('asks for the parts when they do not come by themselves, and goes on so', async () => {
    const bare = { contactId: 7, status: 'subscribed', identifiers: { email: 'a@x.io' } };
    const service = await start((asked) => ({
      json: asked.query.has('include') ? contact(7, { lists: [{ id: 3 }] }) : bare,
    }));
    const connector = service.connector();
    expect(await connector.readOne({ id: '7' }, selection)).toMatchObject({
      values: { FIRSTNAME: 'N7' },
      lists: ['3'],
    });
    expect(await connector.readOne({ id: '7' }, selection)).toMatchObject({ lists: ['3'] });
    expect(calls(service).map((asked) => asked.query.has('include'))).toEqual([false, true, true]);
    expect(calls(service)[0]?.path).toBe('/contacts/v3/contactId/7');
  });

  it('uses the plain answer when the parameters are refused, and leaves unread what did not come', async () => {
    const service = await start((asked) =>
      asked.query.has('include')
        ? { status: 400, json: { errorCode: 'contacts:badRequest', description: 'Unknown parameter' } }
        : { json: contact(7) },
    );
    expect(await service.connector().readOne({ id: '7' }, selection)).toMatchObject({
      values: { FIRSTNAME: 'N7' },
      lists: null,
    });
  });

  it('never reads a stub as a contact whose fields were cleared', async () => {
    const service = await start(() => ({
      json: { contactId: 7, status: 'subscribed', identifiers: { email: 'a@x.io' } },
    }));
    await expect(service.connector().readOne({ id: '7' }, selection)).rejects.toMatchObject({ kind: 'malformed' });
  });

  it('takes no other contact than the one asked for', async () => {
    const service = await start(() => ({ json: contact(7, { lists: [] }) }));
    for (const by of [{ id: '8' }, { email: 'c8@emailsim.io' }])
      await expect(service.connector().readOne(by, selection)).rejects.toMatchObject({
        kind: 'malformed',
        message: expect.stringMatching(/another contact/) as unknown,
      });
  });

  it.each([
    { status: 404, json: { errorCode: 'contacts:contactNotFound', description: 'no' } },
    { status: 400, json: { errorCode: 'contacts:invalidId', description: 'not an address' } },
  ])('missing: %j', async (said) => {
    const service = await start(() => said);
    expect(await service.connector().readOne({ email: 'nobody@x.io' }, selection)).toBe('missing');
  });

  it('keeps the address out of error messages', async () => {
    const service = await start(() => ({ status: 400, json: { message: 'no' } }));
    await expect(service.connector().readOne({ email: 'private@x.io' }, selection)).rejects.toSatisfy(
      (error: Error) => !error.message.includes('private'),
    );
  });
});

describe('L6: members of a list', () => {
  it('are ids alone, without those in the recycle bin', async () => {
    const service = await start(() => lastPage([contact(1), contact(2, { status: 'binned' }), {}, contact(3)]));
    expect(await collect(service.connector().listMembers('345'))).toEqual(['1', '3']);
    expect(calls(service)[0]?.query.get('~listId')).toBe('345');
    expect(calls(service)[0]?.query.has('include')).toBe(false);
  });
});

describe('O8: suppressions', () => {
  const row = (id: number, at = '2026-01-02T00:00:00Z', reason = 'Unsubscribed') => ({
    suppressedContact: { id, email: `s${id}@x.io`, dataFields: null, status: reason },
    dateRemoved: at,
    reason,
  });

  it('reads every page, tolerates odd rows and odd dates, and loses no opt-out it can attribute', async () => {
    const service = await start(() => ({
      json: [
        row(1, '2026-01-02 03:04:05.600000+00:00', 'HardBounced'),
        { suppressedContact: null, dateRemoved: 'x' },
        'nonsense',
        { suppressedContact: { id: 0, email: 'only@x.io' }, dateRemoved: 'never', reason: 7 },
        { suppressedContact: { id: 9, email: null }, dateRemoved: '2026-01-03', reason: 'Suppressed' },
      ],
    }));
    const all = await collect(service.connector().suppressedSince('2026-01-01T00:00:00.500Z'));
    expect(all).toEqual([
      {
        marketingId: '1',
        email: 's1@x.io',
        reason: 'HardBounced',
        state: 'hard-bounced',
        at: '2026-01-02T03:04:05.600Z',
      },
      { marketingId: null, email: 'only@x.io', reason: '', state: 'blocked', at: '2026-01-01T00:00:00.500Z' },
      { marketingId: '9', email: '', reason: 'Suppressed', state: 'suppressed', at: '2026-01-03T00:00:00.000Z' },
    ] satisfies SuppressionEvent[]);
    expect(service.oddities).toHaveLength(3);
    expect(calls(service).map((asked) => asked.raw)).toEqual([
      '/v2/contacts/suppressed-since/2026-01-01T00:00:00Z?select=1000&skip=0',
    ]);
  });

  it('finds a row that moved forward between two pages, and tells each event once', async () => {
    let rows = [row(1), row(2), row(3), row(4), row(5)];
    const service = await start((asked) => {
      const skip = Number(asked.query.get('skip'));
      const found = rows.slice(skip, skip + 2);
      // Somebody resubscribes after the first page: what follows moves up by one and row 3 is jumped over.
      if (calls(service).length === 1) rows = rows.slice(1);
      return { json: found };
    });
    const all = await collect(service.connector({ rowsPerPage: 2 }).suppressedSince('2026-01-01T00:00:00Z'));
    expect(all.map((event) => event.marketingId).sort()).toEqual(['1', '2', '3', '4', '5']);
  });
});

describe('lists and data fields', () => {
  it('reads lists to the short page', async () => {
    const service = await start((asked) => ({
      json: [
        { id: 1, name: 'All Contacts', contacts: 9 },
        { Id: '2', Name: 'Test' },
        { id: 3, name: 'Leads', contacts: 2 },
        {},
      ].slice(Number(asked.query.get('skip')), Number(asked.query.get('skip')) + 2),
    }));
    expect(await service.connector({ rowsPerPage: 2 }).lists()).toEqual([
      { id: '1', name: 'All Contacts', size: 9, reserved: true },
      { id: '2', name: 'Test', size: 0, reserved: true },
      { id: '3', name: 'Leads', size: 2 },
    ]);
    expect(service.oddities).toHaveLength(1);
  });

  it.each([200, 201])('L1: creates a list (%i)', async (status) => {
    const service = await start(() => ({
      status,
      json: { id: 8, name: 'Zendesk Sell - Leads: New', visibility: 'Private', contacts: 0 },
    }));
    expect(await service.connector().createList('Zendesk Sell - Leads: New')).toEqual({
      id: '8',
      name: 'Zendesk Sell - Leads: New',
      size: 0,
    });
    expect(calls(service)[0]?.body).toEqual({ name: 'Zendesk Sell - Leads: New', visibility: 'Private' });
  });

  const duplicate = {
    status: 400,
    json: { message: 'That name is in use already, please choose another. ERROR_ADDRESSBOOK_DUPLICATE' },
  };
  it('L1: adopts the list that has the name, in any case', async () => {
    const service = await start((asked) =>
      asked.method === 'POST' ? duplicate : { json: [{ id: 4, name: 'LEADS: new', contacts: 6 }] },
    );
    expect(await service.connector().createList('Leads: New')).toEqual({ id: '4', name: 'LEADS: new', size: 6 });
  });

  it('L1: makes no second list when the answer was lost', async () => {
    let made = 0;
    const service = await start((asked) => {
      if (asked.method === 'GET') return { json: [{ id: 4, name: 'New', contacts: 0 }] };
      made += 1;
      return made === 1 ? 'drop' : duplicate;
    });
    expect((await service.connector().createList('New')).id).toBe('4');
  });

  it('L1: says that a segment has the name', async () => {
    const service = await start((asked) => (asked.method === 'POST' ? duplicate : { json: [] }));
    await expect(service.connector().createList('Hot')).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringMatching(/segment/) as unknown,
    });
  });

  it.each(['', 'x'.repeat(129), 'Test', 'all contacts'])('refuses the list name "%s" before sending', async (name) => {
    const service = await start(() => ({ json: {} }));
    await expect(service.connector().createList(name)).rejects.toMatchObject({ kind: 'rejected', outcome: 'not-sent' });
    expect(service.asked).toHaveLength(0);
  });

  it('reads data fields in upper case, an unknown type as text', async () => {
    const service = await start(() => ({
      json: [
        { name: 'FirstName', type: 'String' },
        { name: 'SCORE', type: 'numeric' },
        { name: 'VIP', type: 'Boolean' },
        { name: 'LAST_CALL', type: 'Date' },
        { name: 'NEW', type: 'NotAvailableInThisVersion' },
        { name: 'ODD', type: null },
        {},
      ],
    }));
    const { fields } = await service.connector().schema();
    expect(fields.map(({ name, type, maxLength }) => [name, type, maxLength])).toEqual([
      ['FIRSTNAME', 'string', 1000],
      ['SCORE', 'numeric', 1000],
      ['VIP', 'boolean', 1000],
      ['LAST_CALL', 'date', 1000],
      ['NEW', 'string', 1000],
      ['ODD', 'string', 1000],
    ]);
  });

  it('creates a field without a default', async () => {
    const service = await start(() => ({ status: 201 }));
    await service.connector().createField({ name: 'SCORE', type: 'numeric' });
    expect(calls(service).map((asked) => asked.body)).toEqual([
      { name: 'SCORE', type: 'Numeric', visibility: 'Private', defaultValue: null },
    ]);
  });

  it('gives a default only when a number without one is refused, and says so', async () => {
    const service = await start((asked) =>
      (asked.body as { defaultValue: unknown }).defaultValue === null
        ? { status: 400, json: { message: 'Invalid. ERROR_DATAFIELD_INVALID' } }
        : { status: 201, json: {} },
    );
    await service.connector().createField({ name: 'SCORE', type: 'numeric' });
    expect(service.oddities[0]?.message).toMatch(/default value 0/);
    await expect(service.connector().createField({ name: 'TEXT', type: 'string' })).rejects.toMatchObject({
      code: 'ERROR_DATAFIELD_INVALID',
    });
  });

  it('is content with a field that is there, and refuses a bad name before sending', async () => {
    const service = await start(() => ({
      status: 400,
      json: { message: 'Field already exists. ERROR_NON_UNIQUE_DATAFIELD' },
    }));
    await service.connector().createField({ name: 'SCORE', type: 'numeric' });
    const before = service.asked.length;
    await expect(service.connector().createField({ name: 'email', type: 'string' })).rejects.toMatchObject({
      kind: 'rejected',
      outcome: 'not-sent',
      field: 'email',
    });
    expect(service.asked).toHaveLength(before);
  });
});
