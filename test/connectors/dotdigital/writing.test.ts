// Imports, deletes, leaving lists, resubscription and insight data: what is sent, what is waited for and what each row is told.
import { afterEach, describe, expect, it } from 'vitest';
import type { MarketingRow } from '../../../src/connectors/connector.ts';
import type { DotdigitalConnector } from '../../../src/connectors/dotdigital/dotdigital.ts';
import { type Answering, accountInfo, lastPage, type Said, type StandIn, startStandIn } from './stand-in.ts';

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

const update = (id: string, more: Partial<MarketingRow['write']> = {}): MarketingRow => ({
  key: `u${id}`,
  id,
  email: null,
  write: { set: { FIRSTNAME: `F${id}` }, ...more },
});
const create = (email: string, more: Partial<MarketingRow['write']> = {}): MarketingRow => ({
  key: email,
  id: null,
  email,
  write: { set: {}, channel: { state: 'unsubscribed' }, ...more },
});
/** An import service: `results` are the answers to the question how it went, in order, the last one for ever. */
function importing(results: readonly Said[]): Answering {
  let asked = 0;
  let submitted = 0;
  return ({ method }) => {
    if (method === 'PUT') {
      submitted += 1;
      return { status: 202, json: { importId: `import-${submitted}` } };
    }
    const result = results[Math.min(asked, results.length - 1)] ?? {};
    asked += 1;
    return result;
  };
}
const finished = (more: object): Said => ({ json: { importId: 'import-1', status: 'Finished', ...more } });
async function run(connector: DotdigitalConnector, rows: readonly MarketingRow[]) {
  return connector.awaitImport(await connector.submitImport(rows), rows);
}
const bodyOf = (service: StandIn, at = 0) =>
  calls(service).filter((asked) => asked.method === 'PUT')[at]?.body as { contacts: readonly unknown[] };

describe('what an import says', () => {
  it('matches by contact id or by address, clears with null, joins lists by number', async () => {
    const service = await start(importing([]));
    await service.connector().submitImport([
      update('12', {
        set: { FIRSTNAME: null, SCORE: 4.5, VIP: false, BIG: '123456789012345678.123456789', EMPTY: '' },
        lists: ['345', '345', '7'],
      }),
      update('13', { email: 'new@x.io', set: {} }),
      update('14', { set: {}, lists: [] }),
      create('plus+1@x.io', { set: { LASTNAME: 'O’Neil' }, channel: { state: 'unsubscribed', optInType: 'single' } }),
    ]);
    expect(bodyOf(service)).toEqual({
      mergeOption: 'overwrite',
      contacts: [
        {
          matchIdentifier: 'contactId',
          identifiers: { contactId: 12 },
          dataFields: { FIRSTNAME: null, SCORE: 4.5, VIP: false, BIG: '123456789012345678.123456789', EMPTY: null },
          lists: [345, 7],
        },
        { matchIdentifier: 'contactId', identifiers: { contactId: 13, email: 'new@x.io' } },
        { matchIdentifier: 'contactId', identifiers: { contactId: 14 } },
        {
          matchIdentifier: 'email',
          identifiers: { email: 'plus+1@x.io' },
          dataFields: { LASTNAME: 'O’Neil' },
          channelProperties: { email: { emailType: 'html', optInType: 'single', status: 'unsubscribed' } },
        },
      ],
    });
  });

  it.each([
    [false, true],
    [true, false],
    [undefined, false],
  ])('O3: says whether a resubscription challenges (challenge: %s)', async (challenge, noChallenge) => {
    const service = await start(importing([]));
    await service
      .connector()
      .submitImport([
        update('1', { set: {}, channel: { state: 'subscribed', ...(challenge === undefined ? {} : { challenge }) } }),
      ]);
    expect(bodyOf(service).contacts).toEqual([
      {
        matchIdentifier: 'contactId',
        identifiers: { contactId: 1 },
        channelProperties: {
          email: { status: 'subscribed', resubscribeOptions: { resubscribeWithNoChallenge: noChallenge } },
        },
      },
    ]);
  });

  it('O16: never creates a contact without saying whether it may be mailed', async () => {
    const service = await start(importing([finished({})]));
    const connector = service.connector();
    const rows = [{ ...create('a@x.io'), write: { set: {} } }];
    expect(await run(connector, rows)).toMatchObject([{ key: 'a@x.io', type: 'failed', code: 'channelStatusMissing' }]);
    expect(calls(service)).toEqual([]);
  });
});

describe('R4: what becomes of each row', () => {
  it('maps created, updated and failed back to the rows, addresses in any case, codes in any spelling', async () => {
    const service = await start(
      importing([
        { json: { importId: 'import-1', status: 'NotFinished' } },
        { json: { importId: 'import-1', status: 'SomethingNew' } },
        finished({
          created: [{ contactId: 501, identifiers: { email: 'NEW@x.io' } }],
          updated: [
            { contactId: 12, identifiers: { email: 'whoever@x.io' } },
            { contactId: '502', identifiers: { email: 'there@x.io' } },
            { contactId: 15 },
            'nonsense',
          ],
          failures: [
            {
              matchIdentifier: 'email',
              identifiers: { email: 'Bad@X' },
              failures: [{ failureCode: 'InvalidEmail', description: 'Invalid value' }],
            },
            {
              matchIdentifier: 'contactId',
              identifiers: { contactId: 13, email: 'taken@x.io' },
              failures: [{ failureCode: 'DUPLICATEIDENTIFIER', description: 'Duplicate' }],
            },
            {
              contactId: 15,
              matchIdentifier: 'contactId',
              identifiers: { contactId: '15' },
              failures: [{ failureCode: 'consentRecordsNotApplied', description: 'no consent' }],
            },
            {
              contactId: 12,
              matchIdentifier: 'email',
              identifiers: { email: 'global@x.io' },
              failures: [{ failureCode: 'GloballySuppressed', description: 'Suppressed' }],
            },
            {
              matchIdentifier: 'email',
              identifiers: { email: 'future@x.io' },
              failures: [{ failureCode: 'SomethingElse', description: 'future' }],
            },
          ],
        }),
      ]),
    );
    const rows = [
      create('new@X.io'),
      update('12'),
      create('there@x.io'),
      create('bad@x'),
      update('13', { email: 'taken@x.io' }),
      update('14'),
      update('15'),
      create('global@x.io'),
      create('future@x.io'),
    ];
    expect(await run(service.connector(), rows)).toEqual([
      { key: 'new@X.io', type: 'done', id: '501', created: true, warning: null },
      { key: 'u12', type: 'done', id: '12', created: false, warning: null },
      { key: 'there@x.io', type: 'done', id: '502', created: false, warning: null },
      { key: 'bad@x', type: 'failed', code: 'invalidEmail', message: 'Invalid value' },
      { key: 'u13', type: 'failed', code: 'duplicateIdentifier', message: 'Duplicate' },
      { key: 'u14', type: 'unknown', message: 'the import ended without naming this row' },
      { key: 'u15', type: 'done', id: '15', created: false, warning: 'consentRecordsNotApplied: no consent' },
      {
        key: 'global@x.io',
        type: 'failed',
        code: 'globallySuppressed',
        message: expect.stringMatching(/never be mailed/) as unknown,
      },
      { key: 'future@x.io', type: 'failed', code: 'SomethingElse', message: 'future' },
    ]);
    expect(service.waits.slice(0, 3)).toEqual([1000, 1600, 2560]);
  });

  /** Contacts under their addresses, by the v3 call, by the v2 call or in the list, as an account may show them. */
  const people = (byCall: Record<string, number>, v2: Record<string, number> = {}) => ({
    results: (said: Said): Answering => {
      const asking = importing([said]);
      return (asked) => {
        const address = decodeURIComponent(asked.path.split('/').at(-1) ?? '');
        if (asked.path === '/contacts/v3')
          return lastPage(Object.entries(byCall).map(([email, contactId]) => ({ contactId, identifiers: { email } })));
        if (asked.path.startsWith('/contacts/v3/email/')) {
          const contactId = byCall[address];
          return contactId === undefined
            ? { status: 404, json: { errorCode: 'contacts:contactNotFound', description: 'no' } }
            : { json: { contactId, identifiers: { email: address.toUpperCase() } } };
        }
        if (asked.path.startsWith('/v2/contacts/')) {
          const id = v2[address];
          return id === undefined
            ? { status: 404, json: { message: 'Error: ERROR_CONTACT_NOT_FOUND' } }
            : { json: { Id: id, Email: address, Status: 'Unsubscribed' } };
        }
        return asking(asked);
      };
    },
  });

  it('looks up by address whom a finished import took without naming anybody; of known contacts it needs no word', async () => {
    const { results } = people({ 'new@x.io': 501 }, { 'hidden@x.io': 502 });
    const service = await start(results(finished({})));
    const rows = [update('12'), create('new@x.io'), create('hidden@x.io'), create('nobody@x.io')];
    expect(await run(service.connector(), rows)).toEqual([
      { key: 'u12', type: 'done', id: '12', created: false, warning: null },
      { key: 'new@x.io', type: 'done', id: '501', created: null, warning: null },
      { key: 'hidden@x.io', type: 'done', id: '502', created: null, warning: null },
      { key: 'nobody@x.io', type: 'unknown', message: expect.stringMatching(/nobody is shown/) as unknown },
    ]);
  });

  it('believes the counts of an import: all, all new, none new, or fewer than were sent', async () => {
    const rows = [update('12'), create('new@x.io')];
    const told = async (summary: object | null, more: object = {}) => {
      const service = await start(people({ 'new@x.io': 501 }).results(finished({ ...more, summary })));
      return (await run(service.connector(), rows)).map((outcome) =>
        outcome.type === 'done' ? outcome.created : outcome.type,
      );
    };
    expect(await told({ newContacts: 1, updatedContacts: 1 })).toEqual([false, true]);
    expect(await told({ newContacts: 0, updatedContacts: 2 })).toEqual([false, false]);
    expect(await told({ newContacts: 1, updatedContacts: 0 })).toEqual(['unknown', 'unknown']);
    expect(await told({ newContacts: 1, updatedContacts: 1 }, { created: [], updated: [] })).toEqual([false, true]);
    expect(await told({ newContacts: 'one' })).toEqual([false, null]);
    const refused = { identifiers: { email: 'new@x.io' }, failures: [{ failureCode: 'invalidEmail' }] };
    expect(await told({ newContacts: 0, updatedContacts: 1 }, { failures: [refused] })).toEqual([false, 'failed']);
    expect(await told(null, { failures: [refused] })).toEqual([false, 'failed']);
  });

  it('takes a list that came for complete, and an entry without a readable id for whose address it has', async () => {
    const { results } = people({ 'new@x.io': 501, 'b@x.io': 502 });
    const entry = { contactId: 'C-501', identifiers: { email: 'New@x.io' } };
    const service = await start(results(finished({ created: [entry], updated: [{ contactId: 12 }] })));
    expect(
      await run(service.connector(), [update('12'), update('13'), create('new@x.io'), create('b@x.io')]),
    ).toMatchObject([
      { key: 'u12', type: 'done' },
      { key: 'u13', type: 'unknown' },
      { key: 'new@x.io', type: 'done', id: '501', created: true },
      { key: 'b@x.io', type: 'unknown' },
    ]);
    const half = await start(results(finished({ updated: [] })));
    expect(await run(half.connector(), [update('12'), create('b@x.io')])).toMatchObject([
      { type: 'unknown' },
      { type: 'done', id: '502', created: null },
    ]);
  });

  it('asks for many addresses by list, and for those that are not in it one by one', async () => {
    const listed = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`p${at}@x.io`, 100 + at]));
    const service = await start(people(listed, { 'hidden@x.io': 502 }).results(finished({})));
    const rows = [...Object.keys(listed), 'hidden@x.io'].map((email) => create(email));
    const outcomes = await run(service.connector(), rows);
    expect(outcomes.map((outcome) => outcome.type === 'done' && outcome.id)).toEqual([
      ...Object.values(listed).map(String),
      '502',
    ]);
    expect(calls(service).map(({ method, path }) => `${method} ${path}`)).toEqual([
      'PUT /contacts/v3/import',
      'GET /contacts/v3/import/import-1',
      'GET /contacts/v3',
      'GET /contacts/v3/email/hidden%40x.io',
      'GET /v2/contacts/hidden%40x.io',
    ]);
  });

  it('keeps what is known when looking up fails', async () => {
    const service = await start((asked) =>
      asked.path.includes('/email/')
        ? { status: 403, json: { errorCode: 'x:forbidden', description: 'no' } }
        : importing([finished({})])(asked),
    );
    expect(await run(service.connector(), [update('12'), create('a@x.io')])).toMatchObject([
      { type: 'done', id: '12' },
      { type: 'unknown', message: expect.stringMatching(/looking it up failed/) as unknown },
    ]);
  });

  it.each([
    ['RejectedByWatchdog', 'rejectedByWatchdog', /Dotdigital support/],
    ['failed', 'failed', /failed/],
    ['ExceedsAllowedContactLimit', 'exceedsAllowedContactLimit', /plan/],
    ['InvalidFileFormat', 'invalidFileFormat', /InvalidFileFormat/],
  ])('a job that ends as %s fails all its rows and says what to do', async (status, code, words) => {
    const service = await start(importing([{ json: { importId: 'x', status } }]));
    const outcomes = await run(service.connector(), [create('a@x.io'), update('1')]);
    expect(outcomes).toMatchObject([
      { type: 'failed', code },
      { type: 'failed', code },
    ]);
    expect(outcomes[0]).toHaveProperty('message', expect.stringMatching(words));
  });

  it.each([
    [{ status: 404, json: { errorCode: 'contacts:importNotFound', description: 'gone' } }, /no longer knows/],
    [{ json: { importId: 'x', status: 'Unknown' } }, /"Unknown"/],
  ])('asks for a look when nobody knows how it ended: %j', async (said, words) => {
    const service = await start(importing([said]));
    const outcomes = await run(service.connector(), [create('a@x.io'), update('1')]);
    expect(outcomes).toMatchObject([{ type: 'unknown' }, { type: 'unknown' }]);
    expect(outcomes[0]).toHaveProperty('message', expect.stringMatching(words));
  });

  it('leaves a job that does not end to a later run', async () => {
    const service = await start(importing([{ json: { importId: 'x', status: 'NotFinished' } }]));
    await expect(run(service.connector(), [update('1')])).rejects.toMatchObject({
      kind: 'timeout',
      outcome: 'unknown',
    });
    expect(Math.max(...service.waits)).toBe(15_000);
    expect(service.waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThanOrEqual(2 * 3_600_000);
  });

  it('goes on waiting in another process with nothing but the job and the rows', async () => {
    const service = await start(importing([finished({ updated: [{ contactId: 1, identifiers: {} }] })]));
    const job = await service.connector().submitImport([update('1')]);
    expect(JSON.parse(JSON.stringify(job))).toEqual({ kind: 'import', id: 'import-1' });
    expect(await service.connector().awaitImport(job, [update('1')])).toMatchObject([{ type: 'done', id: '1' }]);
  });

  it('sends a second row for the same contact only when the first is over', async () => {
    const service = await start((asked) => {
      if (asked.method === 'PUT')
        return { status: 202, json: { importId: `i${calls(service).filter((call) => call.method === 'PUT').length}` } };
      return finished({
        updated: [
          { contactId: 1, identifiers: { email: 'a@x.io' } },
          { contactId: 2, identifiers: { email: 'b@x.io' } },
        ],
      });
    });
    const rows = [
      update('1'),
      { ...update('1', { set: { FIRSTNAME: 'later' } }), key: 'again' },
      create('b@x.io'),
      { ...create('B@x.io'), key: 'b again' },
    ];
    const outcomes = await run(service.connector(), rows);
    expect(outcomes.map((outcome) => [outcome.key, outcome.type])).toEqual([
      ['u1', 'done'],
      ['again', 'done'],
      ['b@x.io', 'done'],
      ['b again', 'done'],
    ]);
    expect(calls(service).map((asked) => asked.method)).toEqual(['PUT', 'GET', 'PUT', 'GET']);
    expect(bodyOf(service, 1).contacts).toMatchObject([
      { dataFields: { FIRSTNAME: 'later' } },
      { identifiers: { email: 'B@x.io' } },
    ]);
  });

  it('finds the one row for which the service refuses the whole import, and sends all others', async () => {
    const service = await start((asked) => {
      if (asked.method === 'PUT') {
        const { contacts } = asked.body as { contacts: readonly { identifiers: { contactId: number } }[] };
        if (contacts.some((contact) => contact.identifiers.contactId === 5))
          return { status: 400, json: { errorCode: 'contacts:invalidContacts', description: 'Invalid contact data' } };
        return { status: 202, json: { importId: contacts.map((contact) => contact.identifiers.contactId).join('-') } };
      }
      const ids = (asked.path.split('/').at(-1) ?? '').split('-').map(Number);
      return finished({ updated: ids.map((contactId) => ({ contactId, identifiers: {} })) });
    });
    const rows = Array.from({ length: 9 }, (_, at) => update(String(at + 1)));
    const connector = service.connector();
    const job = await connector.submitImport(rows);
    const outcomes = await service.connector().awaitImport(job, rows);
    expect(outcomes.filter((outcome) => outcome.type === 'done').map((outcome) => outcome.key)).toEqual([
      'u1',
      'u2',
      'u3',
      'u4',
      'u6',
      'u7',
      'u8',
      'u9',
    ]);
    expect(outcomes[4]).toMatchObject({ key: 'u5', type: 'failed', code: 'contacts:invalidContacts' });
  });
});

describe('submitting under adverse conditions', () => {
  it.each(['drop', 'truncate'] as const)('does not send again an import whose answer was lost (%s)', async (loss) => {
    const service = await start(() => loss);
    await expect(service.connector().submitImport([update('1')])).rejects.toMatchObject({ outcome: 'unknown' });
    expect(calls(service)).toHaveLength(1);
  });

  it('does not send again after a 500, which says nothing of what happened', async () => {
    const service = await start(() => ({ status: 500, text: 'oops' }));
    await expect(service.connector().submitImport([update('1')])).rejects.toMatchObject({
      kind: 'unavailable',
      outcome: 'unknown',
    });
    expect(calls(service)).toHaveLength(1);
  });

  it.each([
    ['the v3 word', 429, { errorCode: 'contacts:tooManyActiveImports', description: 'wait' }],
    ['the v2 word', 400, { message: 'Too many. ERROR_IMPORT_TOOMANYACTIVEIMPORTS' }],
    ['a 503', 503, { message: 'ERROR_SYSTEM_SERVICETEMPORARILYUNAVAILABLE' }],
  ])('waits while the account has too many imports: %s', async (_what, status, json) => {
    let tries = 0;
    const service = await start((asked) => {
      if (asked.method !== 'PUT') return finished({ updated: [{ contactId: 1 }] });
      tries += 1;
      return tries <= 3 ? { status, json } : { status: 202, json: { importId: 'at-last' } };
    });
    const connector = service.connector();
    expect(await connector.submitImport([update('1')])).toEqual({ kind: 'import', id: 'at-last' });
    expect(service.waits).toEqual([10_000, 10_000, 10_000]);
  });

  it('takes no id that nobody could ask for', async () => {
    const service = await start(() => ({ status: 202, json: { importId: 'x'.repeat(10_000) } }));
    await expect(service.connector().submitImport([update('1')])).rejects.toMatchObject({
      kind: 'malformed',
      outcome: 'unknown',
    });
  });

  it('gives up when the queue never empties', async () => {
    const service = await start(() => ({
      status: 429,
      json: { errorCode: 'contacts:tooManyActiveImports', description: 'wait' },
    }));
    await expect(service.connector().submitImport([update('1')])).rejects.toMatchObject({
      kind: 'rate-limited',
      code: 'contacts:tooManyActiveImports',
      outcome: 'refused',
    });
    expect(service.clock.now - Date.UTC(2026, 0, 5, 12)).toBeLessThanOrEqual(1_800_000);
  });

  it('divides a body above 50 MB, and fails the one row that is larger by itself', async () => {
    const service = await start((asked) => {
      const ids = asked.path.split('/').at(-1) ?? '';
      if (asked.method !== 'PUT') return finished({ updated: ids.split('-').map((contactId) => ({ contactId })) });
      const { contacts } = asked.body as { contacts: readonly { identifiers: { contactId: number } }[] };
      return { status: 202, json: { importId: contacts.map((contact) => contact.identifiers.contactId).join('-') } };
    });
    const note = 'x'.repeat(20 * 1024 * 1024);
    const rows = ['1', '2', '3'].map((id) => update(id, { set: { NOTE: id === '3' ? note.repeat(3) : note } }));
    expect(await run(service.connector(), rows)).toMatchObject([
      { key: 'u1', type: 'done' },
      { key: 'u2', type: 'done' },
      { key: 'u3', type: 'failed', code: 'payload-too-large' },
    ]);
    expect(calls(service).map((asked) => asked.method)).toEqual(['PUT', 'GET']);
  });

  it('keeps what was accepted when the answer to a later part is lost', async () => {
    let puts = 0;
    const service = await start((asked) => {
      if (asked.method !== 'PUT') return finished({ updated: [{ contactId: 1 }] });
      puts += 1;
      if (puts === 1) return { status: 413, text: 'too much' };
      return puts === 2 ? { status: 202, json: { importId: 'first-half' } } : 'drop';
    });
    expect(await run(service.connector(), [update('1'), update('2')])).toMatchObject([
      { key: 'u1', type: 'done' },
      { key: 'u2', type: 'unknown' },
    ]);
    expect(puts).toBe(3);
  });

  it('believes no silence about rows that were never sent, in another process either', async () => {
    let puts = 0;
    const service = await start((asked) => {
      if (asked.method !== 'PUT') return finished({});
      puts += 1;
      if (puts === 1) return { status: 413, text: 'too much' };
      return puts === 2 ? { status: 202, json: { importId: 'first-half' } } : 'drop';
    });
    const rows = [update('1'), update('2')];
    const job = await service.connector().submitImport(rows);
    expect(await service.connector().awaitImport(job, rows)).toMatchObject([
      { key: 'u1', type: 'unknown' },
      { key: 'u2', type: 'unknown' },
    ]);
  });
});

describe('D1: deletes', () => {
  it('names contacts by id and counts one that is not there as done', async () => {
    let turn = 0;
    const service = await start((asked) => {
      if (asked.method === 'POST') return { status: 202, json: { deleteId: 'd1' } };
      turn += 1;
      if (turn === 1) return { json: { deleteId: 'd1', status: 'NotStarted' } };
      return {
        json: {
          deleteId: 'd1',
          status: 'Finished',
          deleted: [{ contactId: 1 }],
          failures: [
            { identifier: { contactId: 2 }, failures: [{ failureCode: 'ContactNotFound', description: 'gone' }] },
            { identifier: { contactId: '3' }, failures: [{ failureCode: 'Blocked', description: 'no' }] },
          ],
        },
      };
    });
    const connector = service.connector();
    const rows = [
      update('1'),
      update('2'),
      update('3'),
      update('4'),
      create('a@x.io'),
      { ...update('1'), key: 'twice' },
    ];
    const job = await connector.submitDelete(rows);
    expect(calls(service)[0]?.body).toEqual([{ contactId: 1 }, { contactId: 2 }, { contactId: 3 }, { contactId: 4 }]);
    expect(await connector.awaitDelete(job, rows)).toEqual([
      { key: 'u1', type: 'done', id: '1', created: false, warning: null },
      { key: 'u2', type: 'done', id: '2', created: false, warning: null },
      { key: 'u3', type: 'failed', code: 'Blocked', message: 'no' },
      { key: 'u4', type: 'unknown', message: 'the delete ended without naming this contact' },
      { key: 'a@x.io', type: 'failed', code: 'noValidIdentifiers', message: expect.any(String) as unknown },
      { key: 'twice', type: 'done', id: '1', created: false, warning: null },
    ]);
  });

  it.each([
    [{ json: { status: 'Failed' } }, 'failed'],
    [{ status: 404, json: { errorCode: 'contacts:importNotFound', description: 'gone' } }, 'unknown'],
    [
      {
        json: {
          status: 'finished',
          summary: { requestedContacts: 1, deletedContacts: 0, unknownContacts: 1, invalidEntries: 0 },
        },
      },
      'done',
    ],
  ] as readonly (readonly [Said, string])[])('%j → %s', async (said, type) => {
    const service = await start((asked) =>
      asked.method === 'POST' ? { status: 202, json: { deleteId: 'd1' } } : said,
    );
    const connector = service.connector();
    expect(await connector.awaitDelete(await connector.submitDelete([update('1')]), [update('1')])).toMatchObject([
      { type },
    ]);
  });

  it.each([3, 30])('looks for those of %i contacts whom a finished delete names in no way', async (count) => {
    const stays = { contactId: 2, status: 'subscribed', identifiers: { email: 'b@x.io' } };
    const service = await start((asked) => {
      if (asked.method === 'POST') return { status: 202, json: { deleteId: 'd1' } };
      if (asked.path === '/contacts/v3') return lastPage([stays, { ...stays, contactId: 3, status: 'binned' }]);
      if (asked.path === '/contacts/v3/contactId/2') return { json: stays };
      if (asked.path === '/contacts/v3/contactId/3') return { json: { ...stays, contactId: 3, status: 'deleted' } };
      return asked.path.includes('/contactId/')
        ? { status: 404, json: { errorCode: 'contacts:contactNotFound', description: 'no' } }
        : { json: { deleteId: 'd1', status: 'Finished' } };
    });
    const connector = service.connector();
    const rows = Array.from({ length: count }, (_, at) => update(String(at + 1)));
    const outcomes = await connector.awaitDelete(await connector.submitDelete(rows), rows);
    expect(outcomes.flatMap(({ key, type }) => (type === 'done' ? [] : [[key, type]]))).toEqual([['u2', 'unknown']]);
    expect(calls(service)).toHaveLength(count > 20 ? 3 : 2 + count);
  });

  it('divides more than 5000 and waits for a free place', async () => {
    let posts = 0;
    const service = await start((asked) => {
      if (asked.method === 'GET')
        return {
          json: { status: 'Finished', deleted: Array.from({ length: 5002 }, (_, at) => ({ contactId: at + 1 })) },
        };
      posts += 1;
      return posts === 1
        ? { status: 429, json: { errorCode: 'contacts:tooManyBulkDeleteJobs', description: 'wait' } }
        : { status: 202, json: { deleteId: `d${posts}` } };
    });
    const connector = service.connector();
    const rows = Array.from({ length: 5002 }, (_, at) => update(String(at + 1)));
    const outcomes = await connector.awaitDelete(await connector.submitDelete(rows), rows);
    expect(outcomes.every((outcome) => outcome.type === 'done')).toBe(true);
    expect(
      calls(service)
        .filter((asked) => asked.method === 'POST')
        .map((asked) => (asked.body as unknown[]).length),
    ).toEqual([5000, 5000, 2]);
  });
});

describe('L3: leaving a list', () => {
  it('reads the job in either spelling of its keys', async () => {
    const answers: Said[] = [{ json: { id: 'j1', status: 'Started' } }, { json: { Id: 'j1', Status: 'Completed' } }];
    const service = await start((asked) =>
      asked.method === 'POST' ? { status: 202, json: { Id: 'j1', Status: 'Started' } } : (answers.shift() ?? {}),
    );
    const connector = service.connector();
    const job = await connector.submitLeaveList('77', ['5', '6', '5']);
    expect(job).toEqual({ kind: 'leave-list', id: 'j1' });
    expect(calls(service)[0]).toMatchObject({ path: '/v2/address-books/77/contacts/delete', body: [5, 6] });
    expect(await connector.awaitLeaveList(job)).toBe('done');
  });

  it.each([
    { json: { id: 'j1', status: 'Failed' } },
    { status: 404, json: { message: 'Error: ERROR_NOT_FOUND' } },
  ] as readonly Said[])('failed: %j', async (said) => {
    const service = await start((asked) =>
      asked.method === 'POST' ? { status: 202, json: { id: 'j1', status: 'Started' } } : said,
    );
    const connector = service.connector();
    expect(await connector.awaitLeaveList(await connector.submitLeaveList('77', ['5']))).toBe('failed');
  });

  it('makes no call for nobody, divides many, and says when the list is gone', async () => {
    const service = await start((asked) => {
      if (asked.path.includes('/404/')) return { status: 404, json: { message: 'Error: ERROR_ADDRESSBOOK_NOT_FOUND' } };
      return { status: 202, json: { id: `j${calls(service).length}`, status: 'Completed' } };
    });
    const connector = service.connector();
    expect(await connector.awaitLeaveList(await connector.submitLeaveList('1', []))).toBe('done');
    expect(calls(service)).toEqual([]);
    const job = await connector.submitLeaveList(
      '1',
      Array.from({ length: 1001 }, (_, at) => String(at + 1)),
    );
    expect(calls(service)).toHaveLength(2);
    expect(await connector.awaitLeaveList(job)).toBe('done');
    await expect(connector.submitLeaveList('404', ['1'])).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('O3: resubscribe', () => {
  it.each([
    ['ContactAdded', 'added'],
    ['contactChallenged', 'challenged'],
    ['ContactCannotBeUnsuppressed', 'refused'],
  ])('%s → %s', async (status, expected) => {
    const service = await start(() => ({ json: { contact: { id: 1 }, Status: status } }));
    expect(await service.connector().resubscribe('a+b@x.io', { challenge: true })).toBe(expected);
    expect(calls(service)[0]).toMatchObject({
      method: 'POST',
      path: '/v2/contacts/resubscribe',
      body: { unsubscribedContact: { email: 'a+b@x.io' } },
    });
  });

  it('is never repeated by itself, and says when the answer means neither', async () => {
    const lost = await start(() => 'drop');
    await expect(lost.connector().resubscribe('a@x.io', { challenge: false })).rejects.toMatchObject({
      outcome: 'unknown',
    });
    expect(calls(lost).map((asked) => asked.path)).toEqual(['/v2/contacts/resubscribe-with-no-challenge']);
    const odd = await start(() => ({ json: { status: 'NotAvailableInThisVersion' } }));
    await expect(odd.connector().resubscribe('a@x.io', { challenge: false })).rejects.toMatchObject({
      kind: 'malformed',
      outcome: 'unknown',
    });
  });
});

describe('K1: insight data', () => {
  const records = [
    { key: '1', json: { name: 'A', price: 1.5 } },
    { key: '2', json: { name: 'B', price: 2 } },
  ];

  it.each(['Finished', 'Complete'])('imports records and tells what became of each (%s)', async (word) => {
    const answers: Said[] = [
      { json: { importId: 'x', status: 'NotStarted' } },
      { json: { importId: 'x', status: 'Processing' } },
      {
        json: {
          importId: 'x',
          status: word,
          failures: [{ key: 2, failureReason: 'JsonValueIncompatibleWithSchema', details: ['price'] }],
        },
      },
    ];
    const service = await start((asked) =>
      asked.method === 'PUT' ? { status: 202, json: { importId: 'x' } } : (answers.shift() ?? {}),
    );
    const { insight } = service.connector();
    expect(await insight.awaitRecords(await insight.submitRecords('Catalog_Zendesk_Sell', records), records)).toEqual([
      { key: '1', type: 'done' },
      {
        key: '2',
        type: 'failed',
        code: 'JsonValueIncompatibleWithSchema',
        message: 'JsonValueIncompatibleWithSchema: price',
      },
    ]);
    expect(calls(service)[0]?.body).toEqual({
      collectionName: 'Catalog_Zendesk_Sell',
      collectionScope: 'account',
      collectionType: 'catalog',
      records,
    });
  });

  it('does not call a record done when rejected ones are not all named', async () => {
    const service = await start((asked) =>
      asked.method === 'PUT'
        ? { status: 202, json: { importId: 'x' } }
        : { json: { status: 'Finished', summary: { totalRecords: 2, totalImported: 1, totalRejected: 1 } } },
    );
    const { insight } = service.connector();
    expect(await insight.awaitRecords('x', records)).toMatchObject([{ type: 'unknown' }, { type: 'unknown' }]);
  });

  it.each(['9lives', 'x', 'with space', ''])('refuses the collection name "%s" before sending', async (name) => {
    const service = await start(() => ({}));
    await expect(service.connector().insight.submitRecords(name, records)).rejects.toMatchObject({
      kind: 'rejected',
      outcome: 'not-sent',
    });
    expect(service.asked).toEqual([]);
  });

  it('U12: deletes records by whichever path the service knows', async () => {
    const service = await start((asked) =>
      asked.path.includes('/account/') ? { json: { notFound: ['9'] } } : { status: 404, text: 'no such route' },
    );
    const { insight } = service.connector();
    await insight.deleteRecords('Catalog_A', ['1', '9']);
    await insight.deleteRecords('Catalog_A', ['2']);
    expect(calls(service).map((asked) => `${asked.method} ${asked.path}`)).toEqual([
      'DELETE /insightData/v3/accounts/Catalog_A/deleteRecords',
      'DELETE /insightData/v3/account/Catalog_A/deleteRecords',
      'DELETE /insightData/v3/account/Catalog_A/deleteRecords',
    ]);
    expect(calls(service)[1]?.body).toEqual({ keys: ['1', '9'] });
  });

  it('K6: a collection that is not there has nothing to delete; one that is there and refuses is an error', async () => {
    const gone = await start(() => ({
      status: 404,
      json: { errorCode: 'insightData:collectionNotFound', description: 'no' },
    }));
    await gone.connector().insight.deleteRecords('Catalog_A', ['1']);
    expect(calls(gone)).toHaveLength(1);
    const strange = await start((asked) =>
      asked.method === 'GET'
        ? {
            json: [
              { collectionName: 'Catalog_A', collectionType: 'catalog', collectionScope: 'account', recordCount: 4 },
              7,
            ],
          }
        : { status: 404, text: '' },
    );
    expect(await strange.connector().insight.collections()).toEqual([
      { name: 'Catalog_A', type: 'catalog', scope: 'account', records: 4 },
    ]);
    await expect(strange.connector().insight.deleteRecords('Catalog_A', ['1'])).rejects.toMatchObject({
      kind: 'not-found',
    });
  });
});
