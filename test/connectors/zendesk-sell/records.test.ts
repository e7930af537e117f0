import { afterEach, describe, expect, it } from 'vitest';
import type { CrmSelection } from '../../../src/connectors/connector.ts';
import type { CrmWrite } from '../../../src/core/model/plan.ts';
import {
  type Call,
  collect,
  failure,
  many,
  NOTHING,
  one,
  person,
  type Reply,
  type Script,
  type ScriptedSell,
  startScriptedSell,
} from './scripted-sell.ts';

let server: ScriptedSell | undefined;
afterEach(() => server?.close());

async function serve(script: Script): Promise<ScriptedSell> {
  server = await startScriptedSell(script);
  return server;
}

function pick(...paths: readonly string[]): CrmSelection {
  return { roles: ['contact', 'lead'], paths };
}

const people = (from: number, count: number) => Array.from({ length: count }, (_, i) => person(from + i));

describe('observing a record', () => {
  const wire = person(123456789012345, {
    email: '',
    title: '',
    phone: ' 030 12 ',
    tags: ['VIP', 'vip'],
    custom_fields: {
      Number: '12.50',
      Count: 5,
      Flag: false,
      Day: '4/27/2016',
      Tier: { id: 3, name: 'Gold' },
      Places: ['B', { id: 1, name: 'A' }],
      'No places': [],
      'Dotted.name.city': 'whole name',
      Home: { line1: '1 Way', city: 'Hull', postal_code: null, state: '', country: null },
      Blank: '',
    },
  });
  const values = async (...paths: readonly string[]) => {
    const { sell } = await serve(({ path }) => (path === '/v2/contacts' ? many([wire]) : one(wire)));
    const record = await sell.readOne('contact', '123456789012345', pick(...paths));
    return typeof record === 'string' ? record : record.values;
  };

  it('carries the selected paths only, blanks as null', async () => {
    expect(await values('title', 'phone', 'nowhere', 'custom_fields.Nowhere', 'custom_fields.Blank', 'tags')).toEqual({
      title: null,
      phone: ' 030 12 ',
      nowhere: null,
      'custom_fields.Nowhere': null,
      'custom_fields.Blank': null,
      tags: ['VIP', 'vip'],
    });
  });

  it('takes list values as text or as {id, name}, numbers as text, dates as they are', async () => {
    expect(
      await values(
        'custom_fields.Number',
        'custom_fields.Count',
        'custom_fields.Flag',
        'custom_fields.Day',
        'custom_fields.Tier',
        'custom_fields.Places',
        'custom_fields.No places',
      ),
    ).toEqual({
      'custom_fields.Number': '12.50',
      'custom_fields.Count': '5',
      'custom_fields.Flag': false,
      'custom_fields.Day': '4/27/2016',
      'custom_fields.Tier': 'Gold',
      'custom_fields.Places': ['B', 'A'],
      'custom_fields.No places': null,
    });
  });

  it('prefers a custom field’s whole dotted name to a part of an address', async () => {
    expect(
      await values('custom_fields.Dotted.name.city', 'custom_fields.Home.city', 'custom_fields.Home.state'),
    ).toEqual({
      'custom_fields.Dotted.name.city': 'whole name',
      'custom_fields.Home.city': 'Hull',
      'custom_fields.Home.state': null,
    });
  });

  it('keeps ids as decimal text, from numbers and from strings', async () => {
    const { sell } = await serve(({ path }) =>
      one(path.endsWith('5') ? wire : person(0, { id: '00098765432109876543210', owner_id: '5' })),
    );
    expect(await sell.readOne('contact', '123456789012345', NOTHING)).toMatchObject({
      id: '123456789012345',
      email: null,
      ownerId: '7',
    });
    expect(await sell.readOne('contact', '00098765432109876543210', NOTHING)).toMatchObject({
      id: '00098765432109876543210',
      ownerId: '5',
    });
  });

  it('takes no other record for the one it asked for, or wrote to', async () => {
    const { connect } = await serve(() => one(person(2)));
    const sell = connect({ retry: { maxAttempts: 2 } });
    await expect(sell.readOne('contact', '1', NOTHING)).rejects.toMatchObject({
      kind: 'malformed',
      outcome: 'refused',
      code: 'unreadable-record',
      message: 'contact 1: the answer is about 2',
    });
    await expect(sell.update('contact', '1', { set: { title: 'Dr' } }, null, NOTHING)).rejects.toMatchObject({
      kind: 'malformed',
      outcome: 'unknown',
    });
  });

  it('refuses an id that a number can no longer hold exactly', async () => {
    const text = JSON.stringify({ data: person(1) }).replace('"id":1', '"id":9007199254740993');
    const { connect } = await serve(() => ({ text, headers: { 'content-type': 'application/json' } }));
    await expect(connect({ retry: { maxAttempts: 2 } }).readOne('contact', '1', NOTHING)).rejects.toMatchObject({
      kind: 'malformed',
    });
  });
});

describe('scanning (R8)', () => {
  it('reads to the end by ascending id, 100 a page', async () => {
    const { sell, calls } = await serve(({ query }) => {
      const page = Number(query.get('page'));
      return page < 3 ? many(people(page * 100, 100), { next_page: 'x' }) : many(people(300, 20), { self: 'x' });
    });
    const pages = await collect(sell.scan('contact', NOTHING));
    expect(pages.map((page) => page.length)).toEqual([100, 100, 20]);
    expect(calls.map(({ query }) => `${query.get('sort_by')} ${query.get('page')} ${query.get('per_page')}`)).toEqual([
      'id 1 100',
      'id 2 100',
      'id 3 100',
    ]);
  });

  it('does not believe a full page that names no next one', async () => {
    const { sell } = await serve(({ query }) =>
      query.get('page') === '1' ? many(people(1, 100)) : query.get('page') === '2' ? many(people(101, 3)) : many([]),
    );
    expect((await collect(sell.scan('lead', NOTHING))).flat()).toHaveLength(103);
  });

  it('tells nobody twice when records shift between pages', async () => {
    const { sell } = await serve(({ query }) =>
      query.get('page') === '1' ? many(people(1, 100), { next_page: 'x' }) : many(people(99, 10)),
    );
    const records = (await collect(sell.scan('contact', NOTHING))).flat();
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
    expect(records).toHaveLength(108);
  });

  it('keeps the order of a long list although pages are asked for ahead', async () => {
    const { sell, calls } = await serve(async ({ query }) => {
      const page = Number(query.get('page'));
      // Even pages come late.
      if (page % 2 === 0) await new Promise((resolve) => setTimeout(resolve, 3));
      return page <= 30 ? many(people(page * 100, 100), { next_page: 'x' }) : many([]);
    });
    const records = (await collect(sell.scan('contact', NOTHING))).flat();
    const order = records.map(({ id }) => Number(id));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(records).toHaveLength(3000);
    expect(calls.length).toBeLessThanOrEqual(34);
  });

  it('contract 6: passes over an item that cannot be read, and tells of it', async () => {
    const oddities: unknown[] = [];
    const bad = [{ ...person(50), tags: 'none' }, { ...person(51), id: null }, null];
    const { connect } = await serve(({ query }) =>
      query.get('page') === '1' ? many([...people(1, 97), ...bad], { next_page: 'x' }) : many(people(101, 2)),
    );
    const sell = connect({ onOddity: (oddity) => oddities.push(oddity) });
    expect((await collect(sell.scan('lead', NOTHING))).flat()).toHaveLength(99);
    expect(oddities).toEqual([
      { where: 'Sell /v2/leads', id: '50', message: expect.stringMatching(/^items\.97\.data\.tags: /) as unknown },
      { where: 'Sell /v2/leads', id: null, message: expect.stringMatching(/^items\.98\.data\.id: /) as unknown },
      { where: 'Sell /v2/leads', id: null, message: expect.stringMatching(/^items\.99\.data: /) as unknown },
    ]);
  });

  it('R8: gives up on a list whose pages are the same for ever', async () => {
    const { sell, calls } = await serve(({ query }) =>
      many(people((Number(query.get('page')) % 3) * 100 + 1, 100), { next_page: 'x' }),
    );
    await expect(collect(sell.scan('contact', NOTHING))).rejects.toMatchObject({
      kind: 'malformed',
      message: expect.stringMatching(/came again/) as unknown,
    });
    expect(calls.length).toBeLessThan(10);
  });

  it('is an error, not an end, when a page cannot be read', async () => {
    const { connect } = await serve(({ query }) =>
      query.get('page') === '1' ? many(people(1, 100), { next_page: 'x' }) : { status: 500, text: '' },
    );
    await expect(collect(connect({ retry: { maxAttempts: 2 } }).scan('contact', NOTHING))).rejects.toMatchObject({
      kind: 'unavailable',
    });
  });
});

describe('reading by ids (R6)', () => {
  const byIds: Script = ({ query }) =>
    many(
      (query.get('ids') ?? '')
        .split(',')
        .filter((id) => id !== '7')
        .map((id) => person(Number(id))),
    );

  it('asks for 100 at a time and leaves out what is not there', async () => {
    const { sell, calls } = await serve(byIds);
    const ids = Array.from({ length: 250 }, (_, i) => String(i + 1));
    const records = await sell.readMany('contact', [...ids, '1'], NOTHING);
    expect(records).toHaveLength(249);
    expect(calls).toHaveLength(3);
    expect(calls[0]?.query.get('per_page')).toBe('100');
  });

  it('4.4: is an error when one of them cannot be read: it is there, and nobody may be made in its place', async () => {
    const { connect } = await serve(() => many([person(1), { ...person(2), tags: 'none' }]));
    const sell = connect({ retry: { maxAttempts: 2 } });
    const malformed = { kind: 'malformed' };
    await expect(sell.readMany('contact', ['1', '2'], NOTHING)).rejects.toMatchObject(malformed);
    await expect(sell.findByEmail('contact', 'a@x.io', NOTHING)).rejects.toMatchObject(malformed);
  });

  it('does not take records it did not ask for as an answer', async () => {
    const { sell } = await serve(() => many(people(1, 5)));
    expect((await sell.readMany('contact', ['3'], NOTHING)).map(({ id }) => id)).toEqual(['3']);
  });

  it('makes no call for no ids', async () => {
    const { sell, calls } = await serve(byIds);
    expect(await sell.readMany('lead', [], NOTHING)).toEqual([]);
    expect(calls).toHaveLength(0);
  });
});

describe('an attribute that is not in an answer', () => {
  const { last_name: _, ...nameless } = person(1);
  const select = pick('last_name', 'address.city');

  it('C8: is asked for once more, and nobody is taken to have cleared it', async () => {
    const { sell, titles } = await serve(({ method, path }) =>
      method === 'GET' && path === '/v2/contacts' ? many([person(1)]) : one(nameless),
    );
    const written = await sell.update('contact', '1', { set: { first_name: 'Ann' } }, null, select);
    expect([written.lastName, written.values['last_name']]).toEqual(['Example', 'Example']);
    expect(titles()).toEqual(['PUT /v2/contacts/1', 'GET /v2/contacts']);
  });

  it('C8: is a blank where it is not in the second answer either, from then on without asking', async () => {
    const { sell, calls } = await serve(() => many([nameless, { ...nameless, id: 2 }]));
    const twice = [await collect(sell.scan('contact', select)), await collect(sell.scan('contact', select))];
    for (const pages of twice) expect(pages.flat().map(({ lastName }) => lastName)).toEqual([null, null]);
    expect(calls).toHaveLength(3);
  });

  it('C8: an address that is no address is asked for once more as well', async () => {
    const whole = person(1, { address: { line1: null, city: 'Hull', postal_code: null, state: null, country: null } });
    const { sell } = await serve(({ path }) =>
      path === '/v2/contacts' ? many([whole]) : one({ ...whole, address: 'Hull' }),
    );
    expect(await sell.readOne('contact', '1', select)).toMatchObject({ values: { 'address.city': 'Hull' } });
  });

  it('C8: the second answer takes nothing away that the first one had', async () => {
    const whole = person(1, { address: { line1: null, city: 'Hull', postal_code: null, state: null, country: null } });
    const { last_name: _, ...rest } = whole;
    const { sell } = await serve(({ path }) =>
      path === '/v2/contacts' ? many([{ ...whole, last_name: 'Later', address: [] }]) : one(rest),
    );
    expect(await sell.readOne('contact', '1', select)).toMatchObject({
      values: { last_name: 'Later', 'address.city': 'Hull' },
    });
  });
});

describe('finding by address', () => {
  it('asks for the address as given and in lower case, and checks every hit itself', async () => {
    const { sell, calls } = await serve(({ query }) => {
      const asked = query.get('email') ?? '';
      return asked === 'Ann+X@Example.test'
        ? many([person(9, { email: 'Ann+X@Example.test' }), person(2, { email: 'other@example.test' })])
        : many([person(10, { email: 'ann+x@example.test' }), person(9, { email: 'Ann+X@Example.test' })]);
    });
    const found = await sell.findByEmail('contact', 'Ann+X@Example.test', NOTHING);
    expect(found.map(({ id }) => id)).toEqual(['9', '10']);
    expect(calls.map(({ query }) => query.get('email'))).toEqual(['Ann+X@Example.test', 'ann+x@example.test']);
  });

  it('asks once when both are the same, and reads every page', async () => {
    const same = (from: number, count: number) =>
      people(from, count).map((one) => ({ ...one, email: 'a@example.test' }));
    const { sell, calls } = await serve(({ query }) =>
      query.get('page') === '1' ? many(same(1, 100), { next_page: 'x' }) : many(same(101, 1)),
    );
    expect(await sell.findByEmail('lead', 'a@example.test', NOTHING)).toHaveLength(101);
    expect(calls).toHaveLength(2);
  });
});

describe('finding what we made', () => {
  const names = { firstName: 'Ann', lastName: 'Lee' };
  const lee = (id: number, more: object = {}) =>
    person(id, { first_name: 'Ann', last_name: 'Lee', creator_id: 7, ...more });
  const found = async (self: Reply, ...records: readonly ReturnType<typeof person>[]) => {
    const { sell, calls } = await serve(({ path }) => (path === '/v2/users/self' ? self : many(records)));
    const ids = (await sell.findMade('contact', names, NOTHING)).map(({ id }) => id);
    return { ids, calls };
  };
  const me = one({ id: 7, name: 'Kit', email: 'kit@example.test' });

  it('4.1, C4: asks by both names, and checks each hit for them and for who made it', async () => {
    const others = [lee(2, { creator_id: 8 }), lee(3, { first_name: 'Anna' }), lee(4, { last_name: null })];
    const { ids, calls } = await found(me, lee(1, { first_name: ' Ann ' }), ...others, lee(5, { creator_id: null }));
    expect(ids).toEqual(['1', '5']);
    expect(calls.at(-1)?.query.get('first_name')).toBe('Ann');
    expect(calls.at(-1)?.query.get('last_name')).toBe('Lee');
  });

  it.each([403, 404])('takes whoever has the names where Sell does not say who we are: %i', async (status) => {
    const { ids } = await found(failure(status, 'no'), lee(1), lee(2, { creator_id: 8 }));
    expect(ids).toEqual(['1', '2']);
  });

  it('reads no whole account where the filter is ignored', async () => {
    const { sell, calls } = await serve(({ path }) =>
      path === '/v2/users/self' ? me : many(people(1, 100), { next_page: 'x' }),
    );
    expect(await sell.findMade('lead', names, NOTHING)).toEqual([]);
    expect(calls).toHaveLength(2);
  });
});

/** The `data` of the one write that was sent. */
async function sent(act: (sell: ScriptedSell['sell']) => Promise<unknown>, script?: Script): Promise<unknown> {
  const writes: Call[] = [];
  const { sell } = await serve((call): Reply | Promise<Reply> => {
    if (call.method !== 'GET') {
      writes.push(call);
      return one(person(1));
    }
    return script?.(call) ?? one(person(1));
  });
  await act(sell);
  expect(writes.length).toBeLessThanOrEqual(1);
  return (writes[0]?.body as { data: unknown } | undefined)?.data;
}

describe('creating', () => {
  it('sends what is set, in Sell’s own form, and never a blank or is_organization', async () => {
    const write: CrmWrite = {
      set: {
        first_name: 'Ann',
        last_name: 'Example',
        title: null,
        'address.city': 'Hull',
        'billing_address.city': null,
        'custom_fields.Tier': 'Gold',
        'custom_fields.Places': ['A'],
        'custom_fields.None': null,
        'custom_fields.Empty': [],
      },
      email: 'ann@example.test',
      addTags: ['new', 'new'],
    };
    expect(await sent((sell) => sell.create('contact', write, NOTHING))).toEqual({
      first_name: 'Ann',
      last_name: 'Example',
      email: 'ann@example.test',
      address: { line1: null, city: 'Hull', postal_code: null, state: null, country: null },
      tags: ['new'],
      custom_fields: { Tier: 'Gold', Places: ['A'] },
    });
  });

  it('sends a lead’s status by name', async () => {
    expect(await sent((sell) => sell.create('lead', { set: { last_name: 'X' }, status: 'In work' }, NOTHING))).toEqual({
      last_name: 'X',
      status: 'In work',
    });
  });

  it('accepts 201', async () => {
    const { sell } = await serve(() => ({ ...one(person(4)), status: 201 }));
    expect(await sell.create('contact', { set: { last_name: 'X' } }, NOTHING)).toMatchObject({ id: '4' });
  });

  it('refuses paths that cannot be written, before anything is sent', async () => {
    const { sell, calls } = await serve(() => one(person(4)));
    for (const path of ['id', 'owner.name', 'email', 'is_organization', 'created_at', 'nonsense']) {
      await expect(sell.create('contact', { set: { [path]: 'x' } }, NOTHING)).rejects.toMatchObject({
        kind: 'rejected',
        outcome: 'not-sent',
        field: path,
      });
    }
    expect(calls).toHaveLength(0);
  });
});

describe('updating', () => {
  const fresh = {
    attributes: {
      address: { line1: '1 Way', city: 'Hull', postal_code: 'HU1', state: null, country: 'UK' },
      billing_address: null,
      tags: ['keep', 'old'],
      'custom_fields.Places': ['A'],
    },
  };

  it('sends changed plain fields alone and partially, blanks as null', async () => {
    const write = { set: { title: 'Dr', phone: null, 'custom_fields.Tier': null } };
    expect(await sent((sell) => sell.update('contact', '1', write, null, NOTHING))).toEqual({
      title: 'Dr',
      phone: null,
      custom_fields: { Tier: null },
    });
  });

  it('sends an address whole, merged into what is there (C17)', async () => {
    const write = { set: { 'address.city': 'York', 'address.state': null, 'billing_address.line1': '2 Road' } };
    expect(await sent((sell) => sell.update('contact', '1', write, fresh, NOTHING))).toEqual({
      address: { line1: '1 Way', city: 'York', postal_code: 'HU1', state: null, country: 'UK' },
      billing_address: { line1: '2 Road', city: null, postal_code: null, state: null, country: null },
    });
  });

  it('joins tags to those that are there and takes away only the named ones (C29)', async () => {
    const write = { set: {}, addTags: ['new'], removeTags: ['old', 'absent'] };
    expect(await sent((sell) => sell.update('contact', '1', write, fresh, NOTHING))).toEqual({ tags: ['keep', 'new'] });
  });

  it('writes merged sets as given, and an empty one as an empty list', async () => {
    const write = { set: { tags: ['b', 'a'], 'custom_fields.Places': null }, addTags: ['c'] };
    expect(await sent((sell) => sell.update('contact', '1', write, fresh, NOTHING))).toEqual({
      tags: ['b', 'a', 'c'],
      custom_fields: { Places: [] },
    });
  });

  it('writes nothing when the tags already are as wanted, and tells the record as it is', async () => {
    const { sell, titles } = await serve(() => one(person(1)));
    const record = await sell.update(
      'contact',
      '1',
      { set: {}, addTags: ['keep'], removeTags: ['absent'] },
      fresh,
      NOTHING,
    );
    expect(record.id).toBe('1');
    expect(titles()).toEqual(['GET /v2/contacts/1']);
  });

  it('does not touch whole values it was not given afresh', async () => {
    const { sell, calls } = await serve(() => one(person(1)));
    await expect(sell.update('contact', '1', { set: { 'address.city': 'York' } }, null, NOTHING)).rejects.toThrow(
      TypeError,
    );
    await expect(sell.update('contact', '1', { set: {}, addTags: ['x'] }, null, NOTHING)).rejects.toThrow(TypeError);
    expect(calls).toHaveLength(0);
  });

  it('tells a part of a custom address from a dotted name by the definitions', async () => {
    const script: Script = ({ path }) => {
      if (path === '/v2/contact/custom_fields')
        return many([
          { id: 1, name: 'Home', type: 'address' },
          { id: 2, name: 'Trip.city', type: 'string' },
        ]);
      return path.endsWith('custom_fields') ? failure(404, 'not_found') : one(person(1));
    };
    const write = { set: { 'custom_fields.Home.city': 'York', 'custom_fields.Trip.city': 'Rome' } };
    const whole = { attributes: { 'custom_fields.Home': { line1: '1 Way', city: 'Hull' } } };
    expect(await sent((sell) => sell.update('contact', '1', write, whole, NOTHING), script)).toEqual({
      custom_fields: {
        Home: { line1: '1 Way', city: 'York', postal_code: null, state: null, country: null },
        'Trip.city': 'Rome',
      },
    });
  });

  it('round-trips through readWhole', async () => {
    const stored = person(1, {
      address: fresh.attributes.address,
      tags: ['keep'],
      custom_fields: { Places: ['A'], Tier: 'Gold' },
    });
    const { sell, calls } = await serve(({ method }) => (method === 'GET' ? many([stored]) : one(stored)));
    const [found] = await sell.readWhole('contact', ['1'], pick('address.city', 'custom_fields.Tier'));
    expect(found?.record.values).toEqual({ 'address.city': 'Hull', 'custom_fields.Tier': 'Gold' });
    await sell.update(
      'contact',
      '1',
      { set: { 'address.city': 'York' }, addTags: ['x'] },
      found?.whole ?? null,
      NOTHING,
    );
    expect(calls[1]?.body).toEqual({
      data: { address: { ...fresh.attributes.address, city: 'York' }, tags: ['keep', 'x'] },
    });
  });

  it('is repeated after a lost answer, because it may be', async () => {
    let tries = 0;
    const { sell } = await serve(() => {
      tries += 1;
      return tries === 1 ? { status: 502, text: '' } : one(person(1));
    });
    expect(await sell.update('contact', '1', { set: { title: 'Dr' } }, null, NOTHING)).toMatchObject({ id: '1' });
    expect(sell.calls.writes).toBe(2);
  });

  it('says not-found when the record is gone', async () => {
    const { sell } = await serve(() => failure(404, 'not_found'));
    await expect(sell.update('lead', '1', { set: { title: 'Dr' } }, null, NOTHING)).rejects.toMatchObject({
      kind: 'not-found',
    });
  });
});

it('deletes, and says when there was nothing left to delete', async () => {
  let gone = false;
  const { sell } = await serve(() => {
    if (gone) return failure(404, 'not_found');
    gone = true;
    return { status: 204 };
  });
  expect(await sell.remove('lead', '5')).toBe('removed');
  expect(await sell.remove('lead', '5')).toBe('missing');
});
