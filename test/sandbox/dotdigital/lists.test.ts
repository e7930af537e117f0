// Lists and their members in v2.

import { describe, expect, it } from 'vitest';
import { type Bench, setUp } from './harness.ts';

const message = async (bench: Bench, method: string, url: string, body?: unknown) => {
  const answer = await bench.call(method, url, body);
  return [answer.status, answer.body?.['message']];
};
const members = async (bench: Bench, list: number) =>
  (await bench.call('GET', `/v2/address-books/${list}/contacts`)).body.map((contact) => contact['email']);

describe('lists', () => {
  it('begin with the two system lists', async () => {
    const bench = setUp();
    bench.world.addContact({ email: 'a@example.com' });
    bench.world.addContact({ email: 'b@example.com', status: 'unsubscribed' });
    expect((await bench.call('GET', '/v2/address-books')).body).toEqual([
      { id: 1, name: 'All Contacts', visibility: 'Private', contacts: 1 },
      { id: 2, name: 'Test', visibility: 'Private', contacts: 0 },
    ]);
    expect(await members(bench, 1)).toEqual(['a@example.com']);
  });

  it('are created, found, renamed and deleted; contacts stay', async () => {
    const bench = setUp();
    const created = await bench.call('POST', '/v2/address-books', { Name: 'Leads: New', Visibility: 'Public' });
    expect([created.status, created.body]).toEqual([
      201,
      { id: 10_001, name: 'Leads: New', visibility: 'Public', contacts: 0 },
    ]);
    bench.world.addContact({ email: 'a@example.com', lists: [10_001] });
    expect((await bench.call('PUT', '/v2/address-books/10001', { name: 'Other' })).body['name']).toBe('Other');
    expect((await bench.call('GET', '/v2/address-books/public')).body).toHaveLength(1);
    expect((await bench.call('GET', '/v2/address-books/private')).body).toHaveLength(2);
    expect((await bench.call('DELETE', '/v2/address-books/10001')).status).toBe(204);
    expect(await message(bench, 'GET', '/v2/address-books/10001')).toEqual([404, 'Error: ERROR_ADDRESSBOOK_NOT_FOUND']);
    expect(bench.world.contact('a@example.com')?.lists).toEqual([]);
  });

  it('U10: answer with either documented status', async () => {
    const bench = setUp({ switches: { createListStatus: 200, deleteListStatus: 200 } });
    expect((await bench.call('POST', '/v2/address-books', { name: 'L' })).status).toBe(200);
    expect((await bench.call('DELETE', '/v2/address-books/10001')).status).toBe(200);
  });

  it('have names of 1 to 128 characters, unique in any case among lists and segments', async () => {
    const bench = setUp({ listLimit: 4 });
    bench.world.createSegment('Seg', []);
    const create = (name?: string) => message(bench, 'POST', '/v2/address-books', { name });
    expect((await create('x'.repeat(128)))[0]).toBe(201);
    expect((await create('x'.repeat(129)))[1]).toMatch(/ERROR_ADDRESSBOOK_INVALID$/);
    expect((await create())[1]).toMatch(/ERROR_ADDRESSBOOK_INVALID$/);
    for (const taken of ['X'.repeat(128), 'SEG', 'test', 'all contacts']) {
      expect(await create(taken)).toEqual([
        400,
        'That name is in use already, please choose another. ERROR_ADDRESSBOOK_DUPLICATE',
      ]);
    }
    await create('y');
    expect((await create('z'))[1]).toMatch(/ERROR_ADDRESSBOOK_LIMITEXCEEDED$/);
  });

  it('of the system cannot be written', async () => {
    const bench = setUp();
    for (const [method, url, body] of [
      ['PUT', '/v2/address-books/2', { name: 'x' }],
      ['DELETE', '/v2/address-books/1', undefined],
      ['POST', '/v2/address-books/2/contacts', { email: 'a@example.com' }],
    ] as const) {
      expect((await message(bench, method, url, body))[1]).toBe(
        'Address book cannot be written to via the API. ERROR_ADDRESSBOOK_NOTWRITABLE',
      );
    }
  });

  it('may count their contacts late', async () => {
    const bench = setUp({ switches: { listCountDelayMs: 60_000 } });
    const list = bench.world.createList('L');
    bench.world.addContact({ email: 'a@example.com', lists: [list] });
    const count = async () => (await bench.call('GET', `/v2/address-books/${list}`)).body['contacts'];
    expect(await count()).toBe(0);
    bench.clock.advance(60_000);
    expect(await count()).toBe(1);
  });
});

describe('members', () => {
  it('join by a contact body, which creates the contact if need be', async () => {
    const bench = setUp();
    const list = bench.world.createList('L');
    const answer = await bench.call('POST', `/v2/address-books/${list}/contacts`, {
      email: 'a@example.com',
      dataFields: [{ key: 'FIRSTNAME', value: 'Ann' }],
    });
    expect([answer.status, answer.body['status']]).toEqual([200, 'Subscribed']);
    expect(await members(bench, list)).toEqual(['a@example.com']);
    const id = bench.world.contact('a@example.com')?.contactId ?? 0;
    expect((await bench.call('GET', `/v2/contacts/${id}/address-books`)).body).toEqual([
      { id: list, name: 'L', visibility: 'Private', contacts: 1 },
    ]);
    expect((await bench.call('DELETE', `/v2/address-books/${list}/contacts/${id}`)).status).toBe(204);
    expect(await members(bench, list)).toEqual([]);
    expect(bench.world.contact(id)?.status).toBe('subscribed');
  });

  it('are removed in bulk in the background, unknown ids passed over', async () => {
    for (const contactDeletionKeys of ['camel', 'pascal'] as const) {
      const bench = setUp({ switches: { contactDeletionKeys } });
      const list = bench.world.createList('L');
      const ids = ['a', 'b', 'c'].map((name) =>
        bench.world.addContact({ email: `${name}@example.com`, lists: [list] }),
      );
      const started = await bench.call('POST', `/v2/address-books/${list}/contacts/delete`, [ids[0], ids[2], 5]);
      const [idKey, statusKey] = contactDeletionKeys === 'camel' ? ['id', 'status'] : ['Id', 'Status'];
      expect([started.status, started.body[statusKey]]).toEqual([202, 'Started']);
      const poll = async () =>
        (await bench.call('GET', `/v2/contacts/deletion/${started.body[idKey] as string}`)).body[statusKey];
      expect([await poll(), bench.world.members(list).length]).toEqual(['Started', 3]);
      bench.clock.advance(bench.switches.listJobDelayMs);
      expect([await poll(), await members(bench, list)]).toEqual(['Completed', ['b@example.com']]);
      bench.world.planJob('list-removal', { status: 'Failed' });
      await bench.call('POST', `/v2/address-books/${list}/contacts/delete-all`);
      bench.clock.advance(bench.switches.listJobDelayMs);
      expect(bench.world.members(list)).toHaveLength(1);
      expect((await bench.call('DELETE', `/v2/address-books/${list}/contacts`)).status).toBe(204);
      expect(bench.world.members(list)).toEqual([]);
    }
  });

  it('refuse a removal of none, of text, and an unknown job', async () => {
    const bench = setUp();
    const list = bench.world.createList('L');
    const remove = (body: unknown) => message(bench, 'POST', `/v2/address-books/${list}/contacts/delete`, body);
    expect((await remove([]))[1]).toMatch(/ERROR_CONTACTS_ARE_NOT_SPECIFIED$/);
    expect((await remove(['a@example.com']))[0]).toBe(400);
    expect((await bench.call('GET', '/v2/contacts/deletion/c4920aee-3add-44e4-b8c0-dcbfacbfee40')).status).toBe(404);
  });

  it('opt out of one list alone; adding again lifts it in v3 unless switched off', async () => {
    for (const listAddClearsListSuppression of [true, false]) {
      const bench = setUp({ switches: { listAddClearsListSuppression } });
      const list = bench.world.createList('L');
      bench.world.addContact({ email: 'a@example.com', lists: [list] });
      const { body } = await bench.call('POST', `/v2/address-books/${list}/contacts/unsubscribe`, {
        email: 'a@example.com',
      });
      expect([body['reason'], body['suppressedContact']?.['status']]).toEqual(['Unsubscribed', 'Subscribed']);
      expect(
        (await bench.call('GET', `/v2/address-books/${list}/contacts/unsubscribed-since/2026-01-01`)).body,
      ).toHaveLength(1);
      expect(await members(bench, list)).toEqual([]);
      expect(
        (await message(bench, 'POST', `/v2/address-books/${list}/contacts`, { email: 'a@example.com' }))[1],
      ).toMatch(/ERROR_CONTACT_SUPPRESSEDFORADDRESSBOOK$/);
      await bench.call('PATCH', '/contacts/v3/email/a@example.com', { lists: [list] });
      expect(await members(bench, list)).toHaveLength(listAddClearsListSuppression ? 1 : 0);
    }
  });

  it('are paged, with data when asked for, and filtered by change', async () => {
    const bench = setUp();
    const list = bench.world.createList('L');
    for (const name of ['a', 'b', 'c'])
      bench.world.addContact({ email: `${name}@example.com`, lists: [list], fields: { FIRSTNAME: name } });
    const page = (await bench.call('GET', `/v2/address-books/${list}/contacts?withFullData=true&select=1&skip=1`)).body;
    expect(page).toHaveLength(1);
    expect(page[0]?.['dataFields']).toContainEqual({ key: 'FIRSTNAME', value: 'b' });
    bench.clock.advance(1000);
    bench.world.editContact('c@example.com', { fields: { FIRSTNAME: 'x' } });
    const changed = await bench.call('GET', `/v2/address-books/${list}/contacts/modified-since/2026-06-01T12:00:01Z`);
    expect(changed.body.map((contact) => [contact['email'], contact['dataFields']])).toEqual([['c@example.com', null]]);
  });
});
