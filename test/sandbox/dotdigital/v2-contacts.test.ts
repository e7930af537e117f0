// v2 contacts and data fields.

import { describe, expect, it } from 'vitest';
import { type Bench, setUp } from './harness.ts';

const message = async (bench: Bench, method: string, url: string, body?: unknown) => {
  const answer = await bench.call(method, url, body);
  return [answer.status, answer.body?.['message']];
};

describe('v2 contacts', () => {
  it('are made and updated by e-mail', async () => {
    const bench = setUp();
    const body = {
      Email: 'A@example.com',
      OptInType: 'Single',
      EmailType: 'Html',
      DataFields: [{ Key: 'FIRSTNAME', Value: 'Ann' }],
    };
    const created = await bench.call('POST', '/v2/contacts', body);
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      email: 'a@example.com',
      optInType: 'Single',
      emailType: 'Html',
      status: 'Subscribed',
    });
    expect(created.body['dataFields']).toContainEqual({ key: 'LASTSUBSCRIBED', value: '2026-06-01 12:00:00' });
    const again = await bench.call('POST', '/v2/contacts', { email: 'a@example.com' });
    expect(again.body).toMatchObject({ id: created.body['id'], emailType: 'PlainText', optInType: 'Unknown' });
    expect(again.body['dataFields']).toContainEqual({ key: 'FIRSTNAME', value: 'Ann' });
  });

  it('U10: refuse suppressed addresses, with either status', async () => {
    const bench = setUp();
    const id = bench.world.addContact({ email: 'a@example.com' });
    bench.world.unsubscribe(id);
    for (const suppressedWriteStatus of [400, 409] as const) {
      bench.switches.suppressedWriteStatus = suppressedWriteStatus;
      const refused = [suppressedWriteStatus, 'Contact is suppressed. ERROR_CONTACT_SUPPRESSED'];
      expect(await message(bench, 'POST', '/v2/contacts', { email: 'a@example.com' })).toEqual(refused);
      expect(await message(bench, 'PUT', `/v2/contacts/${id}`, {})).toEqual(refused);
    }
  });

  it('hide suppressed contacts by id, and by e-mail only when switched', async () => {
    const bench = setUp();
    const id = bench.world.addContact({ email: 'a+b@example.com' });
    expect((await bench.call('GET', `/v2/contacts/${id}`)).status).toBe(200);
    bench.world.unsubscribe(id);
    expect(await message(bench, 'GET', `/v2/contacts/${id}`)).toEqual([404, 'Error: ERROR_CONTACT_NOT_FOUND']);
    expect((await bench.call('GET', '/v2/contacts/a%2Bb@example.com')).body['status']).toBe('Unsubscribed');
    expect((await bench.call('DELETE', `/v2/contacts/${id}`)).status).toBe(404);
    bench.switches.v2SuppressedByEmail = false;
    expect((await bench.call('GET', '/v2/contacts/a%2Bb@example.com')).status).toBe(404);
  });

  it('change by id, address included, and are deleted', async () => {
    const bench = setUp({ switches: { putContactStatus: 201 } });
    const id = bench.world.addContact({ email: 'a@example.com', fields: { FIRSTNAME: 'Ann' } });
    bench.world.addContact({ email: 'b@example.com' });
    const changed = await bench.call('PUT', `/v2/contacts/${id}`, {
      email: 'c@example.com',
      dataFields: [{ key: 'LASTNAME', value: 'Lee' }],
    });
    expect([changed.status, changed.body['email']]).toEqual([201, 'c@example.com']);
    expect(bench.world.contact(id)?.fields).toEqual({ FIRSTNAME: 'Ann', LASTNAME: 'Lee' });
    expect((await message(bench, 'PUT', `/v2/contacts/${id}`, { email: 'b@example.com' }))[1]).toMatch(
      /ERROR_NON_UNIQUE_EMAIL$/,
    );
    bench.switches.putContactStatus = 200;
    expect((await bench.call('PUT', `/v2/contacts/${id}`, {})).status).toBe(200);
    expect((await bench.call('DELETE', `/v2/contacts/${id}`)).status).toBe(204);
    expect((await bench.call('GET', '/v2/contacts/count')).body).toBe(1);
  });

  it.each([
    [{ email: 'no' }, 'Email is not a valid email address. ERROR_PARAMETER_INVALID'],
    [{}, 'Email is missing. ERROR_CONTACT_INVALID'],
    [
      { email: 'a@example.com', dataFields: [{ key: 'FOO', value: 1 }] },
      "Data field 'FOO' does not exist. ERROR_DATAFIELD_NOTFOUND",
    ],
    [
      { email: 'a@example.com', dataFields: [{ key: 'GENDER', value: 'x'.repeat(1001) }] },
      "Data field 'GENDER' is too long. ERROR_DATAFIELD_VALUE_OVERFLOW",
    ],
    [{ email: 'postmaster@example.com' }, 'Error: ERROR_EMAIL_BANNED'],
  ])('refuse %j', async (body, text) => {
    expect(await message(setUp(), 'POST', '/v2/contacts', body)).toEqual([400, text]);
  });

  it('are listed in full and since a date', async () => {
    const bench = setUp();
    bench.world.addContact({ email: 'a@example.com' });
    bench.clock.advance(1000);
    bench.world.addContact({ email: 'b@example.com' });
    const read = async (path: string) =>
      (await bench.call('GET', `/v2/contacts${path}`)).body.map((contact) => contact['email']);
    expect(await read('?select=1&skip=1')).toEqual(['b@example.com']);
    expect(await read('/created-since/2026-06-01T12:00:01Z')).toEqual(['b@example.com']);
    expect(await read('/modified-since/2026-06-01T12:00:00.5Z')).toEqual(['b@example.com']);
    expect((await bench.call('GET', '/v2/contacts?select=0')).status).toBe(400);
  });
});

describe('data fields', () => {
  it('list the built-in ones, LASTSUBSCRIBED only when switched', async () => {
    const bench = setUp();
    const names = async () => (await bench.call('GET', '/v2/data-fields')).body.map((field) => field['name']);
    expect(await names()).toEqual(['FIRSTNAME', 'LASTNAME', 'FULLNAME', 'GENDER', 'POSTCODE']);
    bench.switches.lastSubscribedListed = true;
    expect(await names()).toContain('LASTSUBSCRIBED');
  });

  it('are created under their name, or in upper case, with or without a body', async () => {
    const bench = setUp();
    const first = await bench.call('POST', '/v2/data-fields', { name: 'Birthday', type: 'Date' });
    expect([first.status, first.body]).toEqual([
      201,
      { name: 'Birthday', type: 'Date', visibility: 'Private', defaultValue: null },
    ]);
    Object.assign(bench.switches, { createdFieldCase: 'upper', createFieldBody: false });
    const second = await bench.call('POST', '/v2/data-fields', {
      name: 'happy',
      type: 'Boolean',
      visibility: 'Public',
      defaultValue: 'Yes',
    });
    expect([second.status, second.text]).toEqual([201, '']);
    expect(bench.world.dataFields().at(-1)).toMatchObject({ name: 'HAPPY', defaultValue: true });
    await bench.importAll([{ matchIdentifier: 'email', identifiers: { email: 'a@example.com' } }]);
    expect(bench.world.contact('a@example.com')?.fields).toEqual({ HAPPY: true });
  });

  it.each([
    ['x'.repeat(21), 'ERROR_DATAFIELD_INVALID'],
    ['', 'ERROR_DATAFIELD_INVALID'],
    ['a b', 'ERROR_DATAFIELD_INVALID'],
    ['ContactId', 'ERROR_DATAFIELD_INVALID'],
    ['LastSubscribed', 'ERROR_DATAFIELD_INVALID'],
    ['firstname', 'ERROR_NON_UNIQUE_DATAFIELD'],
  ])('refuse the name %j', async (name, code) => {
    const [status, text] = await message(setUp(), 'POST', '/v2/data-fields', { name, type: 'String' });
    expect([status, text]).toEqual([400, expect.stringMatching(new RegExp(`${code}$`))]);
  });

  it('of type Numeric need a default, unless switched off', async () => {
    const bench = setUp();
    const create = (body: object) => bench.call('POST', '/v2/data-fields', { type: 'Numeric', ...body });
    expect((await create({ name: 'N1' })).status).toBe(400);
    expect((await create({ name: 'N1', defaultValue: 'x' })).status).toBe(400);
    expect((await create({ name: 'N1', defaultValue: 0 })).status).toBe(201);
    bench.switches.numericDefaultRequired = false;
    expect((await create({ name: 'N2' })).status).toBe(201);
  });

  it('are deleted unless built in or used; made again they are empty', async () => {
    const bench = setUp();
    bench.world.createDataField('CITY', 'String');
    bench.world.addContact({ email: 'a@example.com', fields: { CITY: 'Bonn' } });
    bench.world.useDataField('City', ['Used in program 12345']);
    const remove = async (name: string) => (await bench.call('DELETE', `/v2/data-fields/${name}`)).body;
    expect(await remove('CITY')).toEqual({ dependencies: ['Used in program 12345'], result: false });
    bench.world.useDataField('CITY', []);
    expect(await remove('city')).toEqual({ dependencies: null, result: true });
    bench.world.createDataField('CITY', 'String');
    expect(bench.world.contact('a@example.com')?.fields).toEqual({});
    expect((await bench.call('DELETE', '/v2/data-fields/FIRSTNAME')).status).toBe(400);
    expect((await bench.call('DELETE', '/v2/data-fields/NOPE')).status).toBe(404);
  });
});
