// Bulk import and bulk delete in v3: acceptance, progress, results row by row, limits and injected ends.

import { describe, expect, it } from 'vitest';
import { type Bench, type Json, row, setUp } from './harness.ts';

const codes = (result: Json): string[] =>
  (result['failures'] ?? []).map((failure) => failure['failures']?.[0]?.['failureCode'] as string);

async function accept(bench: Bench, contacts: readonly object[] = [row('a@example.com')]): Promise<string> {
  return (await bench.call('PUT', '/contacts/v3/import', { contacts })).body['importId'] as string;
}
const poll = async (bench: Bench, id: string) => (await bench.call('GET', `/contacts/v3/import/${id}`)).body;

describe('import job', () => {
  it('is accepted, not finished, and then done with a result per row', async () => {
    const bench = setUp();
    bench.world.addContact({ email: 'old@example.com' });
    const id = await accept(bench, [
      row('new@example.com'),
      row('old@example.com', { dataFields: { FIRSTNAME: 'O' } }),
      row('bad@@x'),
    ]);
    expect(await poll(bench, id)).toEqual({ importId: id, status: 'NotFinished' });
    expect(bench.world.contact('new@example.com')).toBeUndefined();
    bench.clock.advance(bench.switches.importDelayMs);
    const result = await poll(bench, id);
    expect(result).toMatchObject({
      status: 'Finished',
      summary: {
        newContacts: 1,
        updatedContacts: 1,
        globallySuppressed: 0,
        invalidEntries: 1,
        duplicateIdentifiers: 0,
      },
      created: [{ identifiers: { email: 'new@example.com' } }],
      updated: [{ contactId: 30_000_001, identifiers: { email: 'old@example.com' } }],
      failures: [
        { matchIdentifier: 'email', identifiers: { email: 'bad@@x' }, failures: [{ failureCode: 'invalidEmail' }] },
      ],
    });
  });

  it('can need a number of polls, a delay of its own, or a push', async () => {
    const bench = setUp({ switches: { importDelayMs: 0, importPolls: 2 } });
    const id = await accept(bench);
    expect((await poll(bench, id))['status']).toBe('NotFinished');
    expect((await poll(bench, id))['status']).toBe('NotFinished');
    expect((await poll(bench, id))['status']).toBe('Finished');
    bench.world.planJob('contact-import', { delayMs: 1e9, polls: 0 });
    const slow = await accept(bench, [row('b@example.com')]);
    expect((await poll(bench, slow))['status']).toBe('NotFinished');
    bench.world.finishJob(slow);
    expect((await poll(bench, slow))['status']).toBe('Finished');
  });

  it('U15: is forgotten after its retention; other ids are refused', async () => {
    const bench = setUp();
    const id = await accept(bench);
    bench.clock.advance(bench.switches.importDelayMs + bench.switches.resultRetentionMs);
    expect((await bench.call('GET', `/contacts/v3/import/${id}`)).body['errorCode']).toBe('contacts:importNotFound');
    expect((await bench.call('GET', '/contacts/v3/import/123')).body['errorCode']).toBe('contacts:invalidId');
  });

  it('is refused while 25 are active', async () => {
    const bench = setUp();
    for (let count = 0; count < 25; count += 1) await accept(bench, [row(`p${count}@example.com`)]);
    const { status, body } = await bench.call('PUT', '/contacts/v3/import', { contacts: [row('a@example.com')] });
    expect([status, body['errorCode']]).toEqual([429, 'contacts:tooManyActiveImports']);
    bench.clock.advance(bench.switches.importDelayMs);
    expect(await accept(bench)).toBeTypeOf('string');
  });

  it.each(['Failed', 'RejectedByWatchdog'])('can end as %s with nothing imported', async (status) => {
    const bench = setUp();
    bench.world.planJob('contact-import', { status });
    expect(await bench.importAll([row('a@example.com')])).toEqual({ importId: expect.any(String), status });
    expect(bench.world.contactCount).toBe(0);
  });

  it('can fail half-way, and fail chosen rows', async () => {
    const bench = setUp();
    bench.world.planJob('contact-import', { status: 'Failed', applyRows: 1 });
    await bench.importAll([row('a@example.com'), row('b@example.com')]);
    expect(bench.world.contactCount).toBe(1);
    bench.world.planJob('contact-import', { failRows: [{ pattern: 'c@', code: 'Unknown' }] });
    expect(codes(await bench.importAll([row('c@example.com'), row('d@example.com')]))).toEqual(['Unknown']);
  });

  it('ends as ExceedsAllowedContactLimit beyond the plan', async () => {
    const bench = setUp({ contactLimit: 1 });
    expect((await bench.importAll([row('a@example.com'), row('b@example.com')]))['status']).toBe(
      'ExceedsAllowedContactLimit',
    );
    expect((await bench.importAll([row('a@example.com')]))['status']).toBe('Finished');
  });

  it.each([
    [{}, 'The Contacts field is required.'],
    [{ contacts: [] }, 'The Contacts field is required.'],
    [{ contacts: [{ matchIdentifier: 'email' }] }, 'The Identifiers field is required.'],
    [{ contacts: [{ identifiers: {} }] }, 'The MatchIdentifier field is required.'],
    [{ mergeOption: 'overwrite-if-empty', contacts: [row('a@example.com')] }, expect.stringContaining('mergeOption')],
  ])('refuses %j', async (body, description) => {
    const answer = await setUp().call('PUT', '/contacts/v3/import', body);
    expect([answer.status, answer.body['errorCode'], answer.body['description']]).toEqual([
      400,
      'contacts:badRequest',
      description,
    ]);
  });
});

describe('import rows', () => {
  it('fail with the documented codes, in either spelling', async () => {
    for (const failureCodeCase of ['camel', 'pascal'] as const) {
      const bench = setUp({ switches: { failureCodeCase } });
      bench.world.addContact({ email: 'taken@example.com' });
      bench.world.suppressGlobally('gone@example.com');
      bench.world.suppressDomain('rival.example');
      bench.world.breakDomain('nomx.example');
      const result = await bench.importAll([
        row('a@example.com', { lists: [5] }),
        row('b@example.com', { dataFields: { FOO: 1 } }),
        { matchIdentifier: 'mobileNumber', identifiers: { mobileNumber: '12' } },
        { matchIdentifier: 'contactId', identifiers: { contactId: 9 } },
        { matchIdentifier: 'shoeSize', identifiers: { shoeSize: '42' } },
        { matchIdentifier: 'email', identifiers: { mobileNumber: '447123123123' } },
        row('c@example.com', { channelProperties: { email: { status: 'hardBounced' } } }),
        row('d@example.com', { channelProperties: { email: { optInType: 'triple' } } }),
        row('gone@example.com'),
        row('x@rival.example'),
        row('x@nomx.example'),
        row('abuse@example.com'),
        { matchIdentifier: 'mobileNumber', identifiers: { mobileNumber: '447123123124', email: 'taken@example.com' } },
      ]);
      const camel = [
        'invalidAddressBookIds',
        'invalidContact',
        'invalidPhoneNumber',
        'invalidContactId',
        'invalidMatchIdentifier',
        'noValidIdentifiers',
        'invalidContactStatus',
        'apiSchemaViolation',
        'globallySuppressed',
        'suppressedByDomain',
        'invalidDomain',
        'blocker',
        'duplicateIdentifier',
      ];
      const pascal = camel.map((code) =>
        code === 'duplicateIdentifier' ? 'Duplicate' : code.charAt(0).toUpperCase() + code.slice(1),
      );
      expect(codes(result)).toEqual(failureCodeCase === 'camel' ? camel : pascal);
      expect(result['summary']).toEqual({
        newContacts: 0,
        updatedContacts: 0,
        globallySuppressed: 1,
        invalidEntries: 11,
        duplicateIdentifiers: 1,
      });
    }
  });

  it('badly formed can sink the whole request when switched', async () => {
    const bench = setUp({ switches: { importSchemaViolation: 'reject' } });
    const { status, body } = await bench.call('PUT', '/contacts/v3/import', {
      contacts: [row('a@example.com'), row('b@example.com', { lists: 'x' })],
    });
    expect([status, body['details']?.[0]?.['item']]).toEqual([400, 'contacts[1].lists']);
  });

  it('twice in a payload: the first copy counts, or the last', async () => {
    for (const duplicateInPayload of ['first-wins', 'last-wins'] as const) {
      const bench = setUp({ switches: { duplicateInPayload } });
      const copies = ['1', '2'].map((name) =>
        row(name === '1' ? 'a@example.com' : 'A@example.com', { dataFields: { FIRSTNAME: name } }),
      );
      expect(codes(await bench.importAll(copies))).toEqual(['duplicateIdentifier']);
      expect(bench.world.contact('a@example.com')?.fields['FIRSTNAME']).toBe(
        duplicateInPayload === 'first-wins' ? '1' : '2',
      );
    }
  });

  it('meeting one contact under two identifiers are copies as well', async () => {
    const bench = setUp();
    const id = bench.world.addContact({ email: 'a@example.com' });
    const rows = [row('a@example.com'), { matchIdentifier: 'contactId', identifiers: { contactId: id } }];
    expect(codes(await bench.importAll(rows))).toEqual(['duplicateIdentifier']);
  });

  it('are told by name, by number or not at all: only the status of an import is promised', async () => {
    for (const importReport of ['named', 'counted', 'failures'] as const) {
      const bench = setUp({ switches: { importReport } });
      const result = await bench.importAll([row('a@example.com'), row('bad@@x')]);
      expect(Object.keys(result).sort()).toEqual(
        ['failures', 'importId', 'status']
          .concat(
            importReport === 'failures' ? [] : ['summary'],
            importReport === 'named' ? ['created', 'updated'] : [],
          )
          .sort(),
      );
      expect(codes(result)).toEqual(['invalidEmail']);
      expect(bench.world.contact('a@example.com')).toBeDefined();
    }
  });

  it('report what was left out although the contact was written', async () => {
    const bench = setUp();
    const result = await bench.importAll([row('a@example.com', { consentRecords: [{ text: 'x' }] })]);
    expect(codes(result)).toEqual(['consentRecordsNotApplied']);
    expect(result['created']).toHaveLength(1);
  });

  it('rename by contactId, merge as asked, add lists', async () => {
    const bench = setUp();
    const list = bench.world.createList('L');
    const id = bench.world.addContact({ email: 'a@example.com', fields: { FIRSTNAME: 'Ann' } });
    const rows = [
      {
        matchIdentifier: 'contactId',
        identifiers: { contactId: id, email: 'b@example.com' },
        dataFields: { FIRSTNAME: 'X', LASTNAME: 'Y' },
        lists: [list],
      },
    ];
    await bench.importAll(rows, 'overwriteIfEmpty');
    expect(bench.world.contact(id)).toMatchObject({
      email: 'b@example.com',
      fields: { FIRSTNAME: 'Ann', LASTNAME: 'Y' },
      lists: [{ id: list, addedAt: bench.clock.now() }],
    });
  });

  it('of 5,000 contacts are all carried out', async () => {
    const bench = setUp();
    const result = await bench.importAll(Array.from({ length: 5000 }, (_, n) => row(`p${n}@example.com`)));
    expect(result['created']).toHaveLength(5000);
  });
});

describe('bulk delete', () => {
  it('reports deleted, unknown and invalid rows', async () => {
    const bench = setUp();
    const id = bench.world.addContact({ email: 'a@example.com' });
    bench.world.addContact({ email: 'b@example.com' });
    const items = [
      { contactId: id },
      { email: 'B@example.com' },
      { email: 'nobody@example.com' },
      { email: 'bad@@x' },
      {},
    ];
    const { status, body } = await bench.call('POST', '/contacts/v3/delete', items);
    expect(status).toBe(202);
    const url = `/contacts/v3/delete/${body['deleteId'] as string}`;
    expect((await bench.call('GET', url)).body['status']).toBe('NotStarted');
    expect((await bench.call('GET', url)).body['status']).toBe('NotFinished');
    bench.clock.advance(bench.switches.deleteDelayMs);
    expect((await bench.call('GET', url)).body).toMatchObject({
      status: 'Finished',
      summary: { requestedContacts: 5, deletedContacts: 2, unknownContacts: 1, invalidEntries: 2 },
      deleted: [{ contactId: id }, { email: 'B@example.com' }],
      failures: [
        { identifier: { email: 'nobody@example.com' }, failures: [{ failureCode: 'contactNotFound' }] },
        { failures: [{ failureCode: 'invalidEmail' }] },
        { identifier: {} },
      ],
    });
    expect(bench.world.contactCount).toBe(0);
  });

  it('refuses none, more than 5,000, too many jobs, and unknown ids', async () => {
    const bench = setUp({ switches: { maxBulkDeleteJobs: 1 } });
    const code = async (body: unknown) => (await bench.call('POST', '/contacts/v3/delete', body)).body['errorCode'];
    expect(await code([])).toBe('contacts:noContactsSpecified');
    expect(await code(Array.from({ length: 5001 }, () => ({ contactId: 1 })))).toBe('contacts:noContactsSpecified');
    expect(await code([{ contactId: 1 }])).toBeUndefined();
    expect(await code([{ contactId: 1 }])).toBe('contacts:tooManyBulkDeleteJobs');
    expect((await bench.call('GET', '/contacts/v3/delete/1')).body['errorCode']).toBe('contacts:invalidDeleteId');
    expect((await bench.call('GET', '/contacts/v3/delete/c4920aee-3add-44e4-b8c0-dcbfacbfee40')).status).toBe(404);
  });

  it('can fail', async () => {
    const bench = setUp();
    bench.world.addContact({ email: 'a@example.com' });
    bench.world.planJob('contact-delete', { status: 'Failed' });
    const { body } = await bench.call('POST', '/contacts/v3/delete', [{ email: 'a@example.com' }]);
    bench.clock.advance(bench.switches.deleteDelayMs);
    expect((await bench.call('GET', `/contacts/v3/delete/${body['deleteId'] as string}`)).body['status']).toBe(
      'Failed',
    );
    expect(bench.world.contactCount).toBe(1);
  });
});
