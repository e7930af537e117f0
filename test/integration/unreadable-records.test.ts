// contract 6, D19: one record that Sell shows in a form nobody can read costs nobody else theirs, and is never taken for deleted.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addressesIn, contactOf, expectQuiet, linksOf } from './looking.ts';
import { startTwoAccounts, type TwoAccounts } from './two-accounts.ts';

const DAY = 86_400_000;
const TAGS = { optIn: ['in'], optOut: ['out'] };

let world: TwoAccounts;
let ids: { readonly ada: number; readonly bob: number; readonly cy: number };
beforeEach(async () => {
  world = await startTwoAccounts({
    retryAtOnce: true,
    settings: {
      contacts: { enabled: true, multipleMatch: 'email' },
      consent: {
        enabled: true,
        direction: 'bi-directional',
        contacts: { tags: TAGS, default: 'none' },
        leads: { tags: TAGS, default: 'none' },
      },
    },
  });
  const person = (first_name: string): number =>
    world.sell.world.createContact({
      first_name,
      last_name: 'Smith',
      email: `${first_name}@example.com`,
      customer_status: 'current',
    }).id;
  ids = { ada: person('ada'), bob: person('bob'), cy: person('cy') };
  expect((await world.cycle('align')).state).toBe('ok');
  await expectQuiet(world);
});
afterEach(() => world.stop());

type Data = { readonly [attribute: string]: unknown };

async function truth(path: string): Promise<Data> {
  const headers = { authorization: `Bearer ${world.sell.tokens[0]?.token ?? ''}`, 'user-agent': 'test' };
  return (await world.sell.app.inject({ url: path, headers })).json<Data>();
}

function answer(pattern: string, body: unknown): void {
  const effect = { type: 'status-after', status: 200, body } as const;
  world.sell.faults.add({ service: 'zendesk-sell', match: { method: 'GET', pattern }, effect });
}

/** From now on, lists and single answers show Bob in a form that cannot be read; all others are as they are at this moment. */
async function spoilBob(): Promise<void> {
  const spoilt = { id: ids.bob, first_name: 7, tags: 'none' };
  const list = await truth('/v2/contacts?sort_by=id&page=1&per_page=100');
  const items = (list['items'] as readonly { readonly data: Data }[]).map((item) =>
    item.data['id'] === ids.bob ? { ...item, data: spoilt } : item,
  );
  answer('^/v2/contacts\\?.*sort_by=id', { ...list, items });
  answer(`^/v2/contacts\\?ids=${String(ids.bob)}&`, { ...list, items: items.filter(({ data }) => data === spoilt) });
  answer(`^/v2/contacts\\?ids=.*(%2C${String(ids.bob)}|${String(ids.bob)}%2C)`, { ...list, items });
  answer(`^/v2/contacts/${String(ids.bob)}$`, { data: spoilt });
}

const full = () => world.cycle('sync', { full: true });

it('D19, R8: a complete look goes on without it, keeps what was known of it, and takes the others', async () => {
  world.sell.world.updateContact(ids.cy, { last_name: 'Jones' });
  await spoilBob();
  expect((await full()).state).toBe('ok');
  expect(contactOf(world, 'cy@example.com').fields['LASTNAME']).toBe('Jones');
  world.later(DAY);
  expect((await full()).state).toBe('ok');
  world.later(DAY);
  await full();
  expect(addressesIn(world)).toEqual(['ada@example.com', 'bob@example.com', 'cy@example.com']);
  expect((await linksOf(world, ids.bob)).map(({ state }) => state)).toEqual(['active']);
  world.sell.faults.clear();
  world.sell.world.updateContact(ids.bob, { last_name: 'Brown' });
  expect((await full()).state).toBe('ok');
  expect(contactOf(world, 'bob@example.com').fields['LASTNAME']).toBe('Brown');
});

it('O7, contract 6: an opt-out that has to be read first fails for it alone, and goes through once it can be read', async () => {
  await spoilBob();
  for (const name of ['ada', 'bob', 'cy']) world.dotdigital.world.unsubscribe(`${name}@example.com`);
  expect((await world.cycle('sync')).state).toBe('partial');
  expect([ids.ada, ids.bob, ids.cy].map((id) => world.sell.world.readContact(id)?.['tags'])).toEqual([
    ['out'],
    [],
    ['out'],
  ]);
  world.sell.faults.clear();
  expect((await world.cycle('sync')).state).toBe('ok');
  expect(world.sell.world.readContact(ids.bob)).toMatchObject({ tags: ['out'] });
  await expectQuiet(world);
});

describe('an event that says it was deleted', () => {
  it.each(['unreadable', 'another record'] as const)('D1: follows only from an answer about it (%s)', async (kind) => {
    const single =
      kind === 'unreadable' ? { data: { id: ids.bob, first_name: 7 } } : await truth(`/v2/contacts/${String(ids.ada)}`);
    answer(`^/v2/contacts/${String(ids.bob)}$`, single);
    world.sell.world.deleteContact(ids.bob);
    expect((await world.cycle('sync')).state).toBe('ok');
    expect(addressesIn(world)).toContain('bob@example.com');
    expect(contactOf(world, 'ada@example.com').fields['FIRSTNAME']).toBe('ada');
    world.sell.faults.clear();
    for (let night = 0; night < 3; night += 1) {
      world.later(DAY);
      await full();
    }
    expect(addressesIn(world)).not.toContain('bob@example.com');
  });
});

describe('4.4: before everybody in Sell is known, nobody is made who may be there', () => {
  async function strangers(spoil: (id: number) => void): Promise<void> {
    await world.stop();
    world = await startTwoAccounts({ retryAtOnce: true, settings: { allowNonCustomer: true } });
    const dee = { first_name: 'dee', last_name: 'Smith', email: 'dee@example.com' };
    spoil(world.sell.world.createContact(dee).id);
    world.dotdigital.world.addContact({ email: dee.email, fields: { FIRSTNAME: 'dee', LASTNAME: 'Smith' } });
    expect((await world.cycle('align')).state).toBe('ok');
    expect((await world.sellRecords('contacts')).map(({ email }) => email)).toEqual([dee.email]);
  }
  const feed = (items: readonly unknown[], times: number) =>
    world.sell.faults.add({
      service: 'zendesk-sell',
      match: { method: 'GET', pattern: '^/v2/sync/.*/queues/main', times },
      effect: { type: 'status-after', status: 200, body: { items, meta: { count_left: 0 } } },
    });

  it('where an item of the feed is none', async () => {
    await strangers(
      () =>
        void feed(
          Array.from({ length: 50 }, () => 7),
          1,
        ),
    );
  });

  it('where a record cannot be read in any way but by its address', async () => {
    await strangers((id) => {
      const data = { id, first_name: 7 };
      feed([{ data, meta: { type: 'contact', sync: { event_type: 'created', ack_key: 'k', revision: 1 } } }], 100);
      answer(`^/v2/contacts/${String(id)}$`, { data });
    });
  });
});
