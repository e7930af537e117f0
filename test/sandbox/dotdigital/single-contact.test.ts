// One contact in v3: create, read, upsert, replace, delete, and what each refuses.

import { describe, expect, it } from 'vitest';
import { type Bench, START, setUp } from './harness.ts';

const patch = (bench: Bench, key: string, body: object, query = '') =>
  bench.call('PATCH', `/contacts/v3/${key}${query}`, body);
const status = (bench: Bench, email = 'a@example.com') => bench.world.contact(email)?.emailStatus;

describe('create', () => {
  it('gives 201 and the whole contact, subscribed unless said otherwise', async () => {
    const bench = setUp();
    const { status: http, body } = await bench.call('POST', '/contacts/v3', {
      identifiers: { email: 'Jane@Example.com' },
    });
    expect(http).toBe(201);
    expect(body).toMatchObject({
      contactId: 30_000_001,
      status: 'subscribed',
      identifiers: { email: 'jane@example.com' },
      dataFields: { FIRSTNAME: null },
      lists: [],
      channelProperties: { email: { status: 'subscribed' } },
    });
  });

  it('keeps the case of an address when switched', async () => {
    const bench = setUp({ switches: { emailCase: 'as-given' } });
    await bench.call('POST', '/contacts/v3', { identifiers: { email: 'Jane@Example.com' } });
    expect(bench.world.contact('jane@example.com')?.email).toBe('Jane@Example.com');
    expect((await bench.call('GET', '/contacts/v3/email/JANE@example.com')).status).toBe(200);
  });

  it('U9: refuses a taken identifier with 409 under either code', async () => {
    const bench = setUp();
    bench.world.addContact({ email: 'a@example.com' });
    for (const conflictCode of ['identifierConflict', 'idAlreadyExists'] as const) {
      bench.switches.conflictCode = conflictCode;
      const { status: http, body } = await bench.call('POST', '/contacts/v3', {
        identifiers: { email: 'A@example.com' },
      });
      expect([http, body['errorCode']]).toEqual([409, `contacts:${conflictCode}`]);
    }
  });

  it.each([
    [{}, 'contacts:badRequest'],
    [{ identifiers: { email: '123646' } }, 'contacts:invalidId'],
    [{ identifiers: { mobileNumber: '+44 123' } }, 'contacts:invalidId'],
    [{ identifiers: {} }, 'contacts:invalidContacts'],
    [{ identifiers: { email: 'a@example.com', contactId: 5 } }, 'contacts:badRequest'],
    [{ identifiers: { email: 'a@example.com', nope: 'x' } }, 'contacts:invalidId'],
    [{ identifiers: { email: 'a@example.com' }, lists: ['5'] }, 'contacts:badRequest'],
    [{ identifiers: { email: 'a@example.com' }, lists: [0] }, 'contacts:badRequest'],
    [{ identifiers: { email: 'a@example.com' }, lists: [999] }, 'contacts:invalidContacts'],
    [{ identifiers: { email: 'a@example.com' }, lists: [1] }, 'contacts:invalidContacts'],
    [{ identifiers: { email: 'a@example.com' }, dataFields: { FOO: 1 } }, 'contacts:invalidContacts'],
    [{ identifiers: { email: 'a@example.com' }, channelProperties: { email: { colour: 1 } } }, 'contacts:badRequest'],
    [
      { identifiers: { email: 'a@example.com' }, channelProperties: { email: { status: 'hardBounced' } } },
      'contacts:badRequest',
    ],
    [
      { identifiers: { email: 'a@example.com' }, channelProperties: { email: { resubscribeOptions: {} } } },
      'contacts:badRequest',
    ],
    [{ identifiers: { email: 'abuse@example.com' } }, 'contacts:invalidContacts'],
  ])('refuses %j', async (body, code) => {
    const answer = await setUp().call('POST', '/contacts/v3', body);
    expect([answer.status, answer.body['errorCode']]).toEqual([400, code]);
  });

  it('U6: asks for double opt-in as the account is set', async () => {
    const bench = setUp({ switches: { doubleOptIn: 'single-calls' } });
    const { body } = await bench.call('POST', '/contacts/v3', { identifiers: { email: 'a@example.com' } });
    expect(body['status']).toBe('pendingOptIn');
    expect(bench.world.mails()).toMatchObject([{ kind: 'double-opt-in', email: 'a@example.com' }]);
    bench.world.confirm('a@example.com');
    expect(status(bench)).toBe('subscribed');
    await bench.importAll([{ matchIdentifier: 'email', identifiers: { email: 'b@example.com' } }]);
    expect(status(bench, 'b@example.com')).toBe('subscribed');
    bench.switches.doubleOptIn = 'everything';
    await bench.importAll([{ matchIdentifier: 'email', identifiers: { email: 'c@example.com' } }]);
    expect(status(bench, 'c@example.com')).toBe('pendingOptIn');
  });

  it('takes a contact with a mobile number alone', async () => {
    for (const smsDefault of ['noSubscription', 'subscribed'] as const) {
      const bench = setUp({ switches: { smsDefault } });
      const { body } = await bench.call('POST', '/contacts/v3', { identifiers: { mobileNumber: '447123123123' } });
      expect([body['status'], body['channelProperties']?.['email']?.['status']]).toEqual([
        smsDefault,
        'noSubscription',
      ]);
    }
  });
});

describe('upsert', () => {
  it('creates with 201, then updates with 200, null clearing a value', async () => {
    const bench = setUp();
    expect((await patch(bench, 'email/a%2Bb@example.com', { dataFields: { firstname: 'Jane' } })).status).toBe(201);
    const second = await patch(bench, 'email/a%2Bb@example.com', { dataFields: { FIRSTNAME: null, LASTNAME: 'Doe' } });
    expect([second.status, second.body['dataFields']?.['FIRSTNAME'], second.body['dataFields']?.['LASTNAME']]).toEqual([
      200,
      null,
      'Doe',
    ]);
  });

  it('merges as asked', async () => {
    const bench = setUp();
    bench.world.addContact({ email: 'a@example.com', fields: { FIRSTNAME: 'Ann' } });
    const write = { dataFields: { FIRSTNAME: '', LASTNAME: 'Lee' } };
    await patch(bench, 'email/a@example.com', write, '?merge-option=overwrite-if-not-empty');
    expect(bench.world.contact('a@example.com')?.fields).toEqual({ FIRSTNAME: 'Ann', LASTNAME: 'Lee' });
    await patch(
      bench,
      'email/a@example.com',
      { dataFields: { FIRSTNAME: 'Bo', GENDER: 'f' } },
      '?merge-option=overwrite-if-empty',
    );
    expect(bench.world.contact('a@example.com')?.fields).toEqual({ FIRSTNAME: 'Ann', LASTNAME: 'Lee', GENDER: 'f' });
    expect((await patch(bench, 'email/a@example.com', write, '?merge-option=overwriteIfEmpty')).status).toBe(400);
  });

  it('changes an address but never to one that is taken', async () => {
    const bench = setUp();
    const id = bench.world.addContact({ email: 'a@example.com' });
    bench.world.addContact({ email: 'b@example.com' });
    expect((await patch(bench, `contactId/${id}`, { identifiers: { email: 'b@example.com' } })).status).toBe(409);
    expect((await patch(bench, `contactId/${id}`, { identifiers: { email: 'c@example.com' } })).status).toBe(200);
    expect(bench.world.contact('c@example.com')?.contactId).toBe(id);
    expect(bench.world.contact('a@example.com')).toBeUndefined();
  });

  it('lets an opt-out go along with a new address, or stay with the old one', async () => {
    for (const emailChangeStatus of ['follows-contact', 'follows-address'] as const) {
      const bench = setUp({ switches: { emailChangeStatus } });
      const id = bench.world.addContact({ email: 'a@example.com' });
      bench.world.unsubscribe(id);
      await patch(bench, `contactId/${id}`, { identifiers: { email: 'b@example.com' } });
      const follows = emailChangeStatus === 'follows-contact';
      expect(bench.world.contact(id)?.emailStatus).toBe(follows ? 'unsubscribed' : 'subscribed');
      expect(bench.world.suppressions().map(({ email }) => email)).toEqual([
        follows ? 'b@example.com' : 'a@example.com',
      ]);
    }
  });

  it('follows a custom identifier through a rename', async () => {
    const bench = setUp({ customIdentifiers: ['sellId'] });
    await patch(bench, 'sellId/C1', { identifiers: { email: 'a@example.com' } });
    const { body } = await patch(bench, 'sellId/C1', { identifiers: { email: 'b@example.com' } });
    expect(body['identifiers']).toEqual({ email: 'b@example.com', sellId: 'C1' });
  });

  it('U18: refuses an unknown data field, or passes it over', async () => {
    const bench = setUp();
    const { body } = await patch(bench, 'email/a@example.com', { dataFields: { FOO: 1 } });
    expect(body).toMatchObject({
      errorCode: 'contacts:invalidContacts',
      details: [{ item: 'FOO', description: 'Data field does not exist' }],
    });
    bench.switches.unknownDataField = 'skip';
    expect((await patch(bench, 'email/a@example.com', { dataFields: { FOO: 1, FIRSTNAME: 'A' } })).status).toBe(201);
  });

  it('checks values against the type and length of the field', async () => {
    const bench = setUp();
    bench.world.createDataField('N', 'Numeric');
    bench.world.createDataField('B', 'Boolean');
    bench.world.createDataField('D', 'Date');
    const set = async (dataFields: object) => (await patch(bench, 'email/a@example.com', { dataFields })).status;
    expect(await set({ FIRSTNAME: 'x'.repeat(1000) })).toBe(201);
    expect(await set({ FIRSTNAME: 'x'.repeat(1001) })).toBe(400);
    bench.switches.maxTextLength = 255;
    expect(await set({ FIRSTNAME: 'x'.repeat(256) })).toBe(400);
    expect(await set({ N: '12.5', B: 'Yes', D: '2026-02-28' })).toBe(200);
    expect(bench.world.contact('a@example.com')?.fields).toMatchObject({ N: 12.5, B: true, D: Date.UTC(2026, 1, 28) });
    expect(await set({ N: '123456789012345678' })).toBe(200);
    expect(bench.world.contact('a@example.com')?.fields['N']).toBe('123456789012345678');
    for (const bad of [
      { N: 'many' },
      { N: '1234567890123456789' },
      { B: 'maybe' },
      { D: '2026-02-30' },
      { D: 5 },
      { FIRSTNAME: {} },
      { LASTSUBSCRIBED: '2026-01-01' },
    ]) {
      expect([bad, await set(bad)]).toEqual([bad, 400]);
    }
    bench.switches.emptyString = 'null';
    await set({ FIRSTNAME: '' });
    expect((await bench.call('GET', '/contacts/v3/email/a@example.com')).body['dataFields']?.['FIRSTNAME']).toBeNull();
    bench.switches.emptyString = 'kept';
    await set({ FIRSTNAME: '' });
    expect((await bench.call('GET', '/contacts/v3/email/a@example.com')).body['dataFields']?.['FIRSTNAME']).toBe('');
  });

  it('moves `updated` for a write that changes nothing, unless switched off', async () => {
    for (const noopBumpsUpdated of [true, false]) {
      const bench = setUp({ switches: { noopBumpsUpdated } });
      bench.world.addContact({ email: 'a@example.com', fields: { FIRSTNAME: 'Ann' } });
      bench.clock.advance(1000);
      await patch(bench, 'email/a@example.com', { dataFields: { FIRSTNAME: 'Ann' } });
      expect(bench.world.contact('a@example.com')?.updated).toBe(noopBumpsUpdated ? START + 1000 : START);
    }
  });

  it('takes enum words in any case, or strictly as documented', async () => {
    const bench = setUp();
    const write = { channelProperties: { email: { emailType: 'Html', optInType: 'Double' } } };
    const { body } = await patch(bench, 'email/a@example.com', write);
    expect(body['channelProperties']?.['email']).toMatchObject({ emailType: 'Html', optInType: 'Double' });
    bench.switches.enumCase = 'strict';
    expect((await patch(bench, 'email/a@example.com', write)).status).toBe(400);
    expect(
      (await patch(bench, 'email/a@example.com', { channelProperties: { email: { emailType: 'plainText' } } })).status,
    ).toBe(200);
  });

  it('adds lists, consent records and preferences and takes none away', async () => {
    const bench = setUp();
    const [one, two] = [bench.world.createList('One'), bench.world.createList('Two')];
    bench.world.createPreference(7, 'Offers');
    bench.world.addContact({ email: 'a@example.com', lists: [one] });
    const record = {
      text: 'Yes',
      dateTimeConsented: '2026-01-26T21:29:00Z',
      url: 'http://www.example.com/',
      ipAddress: '129.168.0.2',
      userAgent: 'x',
    };
    const { body } = await patch(bench, 'email/a@example.com', {
      lists: [two],
      consentRecords: [record],
      preferences: [{ id: 7, isOptedIn: true }],
    });
    expect(body['lists']).toEqual([
      { id: one, name: 'One', status: 'subscribed' },
      { id: two, name: 'Two', status: 'subscribed' },
    ]);
    expect(body['consentRecords']).toMatchObject([{ text: 'Yes', dateTimeConsented: '2026-01-26T21:29:00.000Z' }]);
    expect(body['preferences']).toMatchObject([{ id: 7, isOptedIn: true, publicName: 'Offers' }]);
    expect(
      (await patch(bench, 'email/a@example.com', { consentRecords: [{ ...record, dateTimeConsented: 'yesterday' }] }))
        .status,
    ).toBe(400);
  });

  it('never makes a contact from a contactId', async () => {
    const { status: http, body } = await patch(setUp(), 'contactId/5', { identifiers: { email: 'a@example.com' } });
    expect([http, body['errorCode']]).toEqual([404, 'contacts:contactNotFound']);
  });
});

describe('read', () => {
  it('refuses bad identifiers and tells what was not found', async () => {
    const bench = setUp();
    expect((await bench.call('GET', '/contacts/v3/contactId/abc')).body['errorCode']).toBe('contacts:invalidId');
    expect((await bench.call('GET', '/contacts/v3/shoeSize/42')).body['errorCode']).toBe('contacts:invalidId');
    const missing = await bench.call('GET', '/contacts/v3/email/no@example.com');
    expect([missing.status, missing.body['details']]).toEqual([
      404,
      [{ item: 'no@example.com', description: "Not found using the identifier 'email'" }],
    ]);
  });

  it('U16: gives everything, or only what the query asks for', async () => {
    const bench = setUp();
    bench.world.addContact({ email: 'a@example.com' });
    expect((await bench.call('GET', '/contacts/v3/email/a@example.com')).body).toHaveProperty('lists');
    bench.switches.getOneReturns = 'by-query';
    expect((await bench.call('GET', '/contacts/v3/email/a@example.com')).body).not.toHaveProperty('lists');
    expect((await bench.call('GET', '/contacts/v3/email/a@example.com?include=lists')).body).toHaveProperty('lists');
  });
});

describe('replace', () => {
  it('blanks what was not sent and leaves the subscription; 404 when there is none', async () => {
    const bench = setUp();
    bench.world.addContact({
      email: 'a@example.com',
      mobile: '447123123123',
      fields: { FIRSTNAME: 'Ann', LASTNAME: 'Lee' },
    });
    bench.world.unsubscribe('a@example.com');
    const { status: http, body } = await bench.call('PUT', '/contacts/v3/email/a@example.com', {
      identifiers: { email: 'a@example.com' },
      dataFields: { FIRSTNAME: 'Bo' },
    });
    expect(http).toBe(200);
    expect(body).toMatchObject({
      identifiers: { email: 'a@example.com' },
      dataFields: { FIRSTNAME: 'Bo', LASTNAME: null },
    });
    expect(body['identifiers']).not.toHaveProperty('mobileNumber');
    expect(status(bench)).toBe('unsubscribed');
    expect(
      (await bench.call('PUT', '/contacts/v3/email/b@example.com', { identifiers: { email: 'b@example.com' } })).status,
    ).toBe(404);
  });

  it('U14: adds lists, or replaces them', async () => {
    for (const putReplaceLists of ['additive', 'replace'] as const) {
      const bench = setUp({ switches: { putReplaceLists } });
      const [one, two] = [bench.world.createList('One'), bench.world.createList('Two')];
      bench.world.addContact({ email: 'a@example.com', lists: [one] });
      await bench.call('PUT', '/contacts/v3/email/a@example.com', {
        identifiers: { email: 'a@example.com' },
        lists: [two],
      });
      expect(bench.world.contact('a@example.com')?.lists.map(({ id }) => id)).toEqual(
        putReplaceLists === 'additive' ? [one, two] : [two],
      );
    }
  });
});

describe('delete and come back', () => {
  it('puts the contact into the bin, off its lists, until it is written again', async () => {
    const bench = setUp();
    const list = bench.world.createList('L');
    const id = bench.world.addContact({ email: 'a@example.com', fields: { LASTNAME: 'Lee' }, lists: [list] });
    expect((await bench.call('DELETE', '/contacts/v3/email/a@example.com')).body).toEqual({ contactId: id });
    expect((await bench.call('GET', '/contacts/v3/email/a@example.com')).status).toBe(404);
    expect((await bench.call('DELETE', '/contacts/v3/email/a@example.com')).status).toBe(404);
    const back = await patch(bench, 'email/a@example.com', { dataFields: { FIRSTNAME: 'Ann' } });
    expect(back.body).toMatchObject({
      contactId: id,
      status: 'subscribed',
      dataFields: { FIRSTNAME: 'Ann', LASTNAME: 'Lee' },
      lists: [],
    });
  });

  it('makes a new contact instead when switched, or after 30 days', async () => {
    const bench = setUp({ switches: { recreateAfterDelete: 'new-contact' } });
    const id = bench.world.addContact({ email: 'a@example.com' });
    bench.world.deleteContact(id);
    const again = await bench.call('POST', '/contacts/v3', { identifiers: { email: 'a@example.com' } });
    expect(again.body['contactId']).toBe(id + 1);
    bench.switches.recreateAfterDelete = 'undelete';
    bench.world.deleteContact('a@example.com');
    bench.clock.advance(bench.switches.recycleBinMs);
    expect((await patch(bench, 'email/a@example.com', {})).body['contactId']).toBe(id + 2);
  });

  it.each(['undelete', 'new-contact'] as const)(
    'keeps the suppression of a deleted contact (%s)',
    async (recreateAfterDelete) => {
      const bench = setUp({ switches: { recreateAfterDelete } });
      bench.world.addContact({ email: 'a@example.com' });
      bench.world.unsubscribe('a@example.com');
      bench.world.deleteContact('a@example.com');
      expect(bench.world.suppressions()).toMatchObject([{ email: 'a@example.com', status: 'unsubscribed' }]);
      await patch(bench, 'email/a@example.com', {});
      expect(status(bench)).toBe('unsubscribed');
      bench.world.deleteContact('a@example.com');
      bench.world.emptyRecycleBin();
      expect(bench.world.suppressions()).toHaveLength(1);
      await bench.call('POST', '/contacts/v3', { identifiers: { email: 'a@example.com' } });
      expect(status(bench)).toBe('unsubscribed');
      expect(bench.world.suppressions()).toHaveLength(1);
    },
  );
});

it('an address taken over from the recycle bin is as suppressed as it was', () => {
  const bench = setUp();
  bench.world.addContact({ email: 'a@example.com' });
  bench.world.unsubscribe('a@example.com');
  bench.world.deleteContact('a@example.com');
  const id = bench.world.addContact({ email: 'b@example.com' });
  bench.world.editContact(id, { email: 'a@example.com' });
  expect(bench.world.contact(id)?.emailStatus).toBe('unsubscribed');
  expect(bench.world.suppressions()).toHaveLength(1);
  expect(() => bench.world.restoreContact(id - 1)).toThrow('belongs to another contact');
});
