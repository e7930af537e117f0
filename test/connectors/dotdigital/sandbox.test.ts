// The connector against the simulated account, under each answer to the questions the API documents leave open.
import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../sandbox/clock.ts';
import {
  createDotdigitalSandbox,
  type DotdigitalSandbox,
} from '../../../sandbox/dotdigital/create-dotdigital-sandbox.ts';
import { type DotdigitalSandboxOptions, defaultApiUser } from '../../../sandbox/dotdigital/options.ts';
import type { DotdigitalSwitches } from '../../../sandbox/dotdigital/switches.ts';
import type { MarketingRow } from '../../../src/connectors/connector.ts';
import { createDotdigital, type DotdigitalConnector } from '../../../src/connectors/dotdigital/dotdigital.ts';
import type { DotdigitalOptions } from '../../../src/connectors/dotdigital/options.ts';
import { collect } from './stand-in.ts';

interface Rig {
  readonly connector: DotdigitalConnector;
  readonly sandbox: DotdigitalSandbox;
  readonly clock: ManualClock;
  readonly url: string;
}

const open: DotdigitalSandbox[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.app.close()));
});

async function start(
  sandboxOptions: DotdigitalSandboxOptions = {},
  options: Partial<DotdigitalOptions> = {},
): Promise<Rig> {
  const clock = new ManualClock();
  const sandbox = createDotdigitalSandbox({ clock, ...sandboxOptions });
  open.push(sandbox);
  const url = await sandbox.app.listen({ host: '127.0.0.1', port: 0 });
  const connector = createDotdigital({
    url,
    user: defaultApiUser.user,
    password: defaultApiUser.password,
    runtime: {
      now: () => clock.now(),
      sleep: async (ms) => {
        const until = clock.now() + ms;
        await new Promise((resolve) => setImmediate(resolve));
        if (clock.now() < until) clock.set(until);
      },
      random: () => 0.5,
    },
    ...options,
  });
  return { connector, sandbox, clock, url };
}

const person = (at: number, more: Partial<MarketingRow['write']> = {}): MarketingRow => ({
  key: `p${at}`,
  id: null,
  email: `Person.${at}+x@EmailSim.io`,
  write: {
    set: { FIRSTNAME: `First ${at}`, LASTNAME: 'O’Neil' },
    channel: { state: 'subscribed', optInType: 'single', challenge: false },
    ...more,
  },
});
const people = (count: number) => Array.from({ length: count }, (_, at) => person(at + 1));
async function send(connector: DotdigitalConnector, rows: readonly MarketingRow[]) {
  const outcomes = await connector.awaitImport(await connector.submitImport(rows), rows);
  return outcomes.map((outcome) => (outcome.type === 'done' ? outcome.id : `${outcome.type}: ${outcome.message}`));
}
const idsOf = (outcomes: readonly string[]) => {
  for (const outcome of outcomes) expect(outcome).toMatch(/^\d+$/);
  return outcomes;
};
const selection = { fields: ['FIRSTNAME', 'LASTNAME', 'SCORE', 'VIP', 'SEEN'], lists: true };

const variants: readonly (readonly [string, Partial<DotdigitalSwitches>])[] = [
  ['as it comes', {}],
  [
    'order by change, small pages',
    { pageOrder: 'updated', maxPageSize: 7, v3Dates: 'seconds', lastPageNext: 'itself' },
  ],
  [
    'shuffled pages, camel-case fields',
    {
      pageOrder: 'shuffled',
      maxPageSize: 13,
      dataFieldKeyCase: 'camel',
      createdFieldCase: 'upper',
      lastPageNext: 'null',
    },
  ],
  [
    'one contact only as asked for',
    { getOneReturns: 'by-query', fieldValueJson: 'string', v3FieldDates: 'five-digits-z', lastPageNext: 'blank' },
  ],
  [
    'other spellings',
    {
      failureCodeCase: 'pascal',
      enumCase: 'strict',
      contactDeletionKeys: 'pascal',
      createListStatus: 200,
      conflictCode: 'idAlreadyExists',
    },
  ],
  [
    'no date header, seconds',
    {
      dateHeader: false,
      serverTime: 'text',
      rateLimitReset: 'seconds',
      apiEndpointSlash: false,
      createFieldBody: false,
    },
  ],
  [
    'slow jobs',
    { importPolls: 4, importDelayMs: 90_000, deleteDelayMs: 60_000, listJobDelayMs: 60_000, emailCase: 'as-given' },
  ],
  [
    'bin shown, last wins',
    { binnedShown: true, duplicateInPayload: 'last-wins', unsubscribeLists: 'removed', emptyString: 'null' },
  ],
];

describe.each(variants)('a whole life: %s', (_what, switches) => {
  it('creates, reads, changes, opts out, moves between lists and deletes', async () => {
    const { connector, url } = await start({ switches });
    const { accountId, serverTime, region } = await connector.identify();
    expect({ accountId, region }).toEqual({
      accountId: '1234',
      region: new URL(url).hostname,
    });
    for (const [name, type] of [
      ['SCORE', 'numeric'],
      ['VIP', 'boolean'],
      ['SEEN', 'date'],
    ] as const) {
      await connector.createField({ name, type });
      await connector.createField({ name, type });
    }
    const { fields } = await connector.schema();
    expect(fields.map((field) => field.name)).toEqual(expect.arrayContaining(['FIRSTNAME', 'SCORE', 'VIP', 'SEEN']));
    const hot = await connector.createList('Zendesk Sell - Leads: Hot');
    expect((await connector.createList('zendesk sell - leads: hot')).id).toBe(hot.id);
    await connector.renameList(hot.id, 'Hotter');
    await connector.renameList(hot.id, hot.name);

    const ids = idsOf(await send(connector, people(40)));
    expect(new Set(ids).size).toBe(40);
    const first = ids[0] ?? '';
    const second = ids[1] ?? '';
    const change: MarketingRow = {
      key: 'change',
      id: first,
      email: null,
      write: {
        set: { FIRSTNAME: 'Ann', LASTNAME: null, SCORE: 4.5, VIP: true, SEEN: '2026-01-02T03:04:05Z' },
        email: 'ann@emailsim.io',
        lists: [hot.id],
      },
    };
    const leave: MarketingRow = {
      key: 'leave',
      id: second,
      email: null,
      write: { set: {}, channel: { state: 'unsubscribed' } },
    };
    expect(await send(connector, [change, leave])).toEqual([first, second]);

    const all = await collect(connector.scan(selection));
    expect(new Map(all.map((record) => [record.id, record])).size).toBe(40);
    const ann = await connector.readOne({ email: 'ANN@emailsim.io' }, selection);
    if (ann === 'missing') throw new Error('Ann is missing');
    expect(ann).toMatchObject({
      id: first,
      channel: { state: 'subscribed', optInType: 'single' },
      lists: [hot.id],
      state: 'present',
    });
    expect(ann.values).toMatchObject({ FIRSTNAME: 'Ann', LASTNAME: null });
    expect(String(ann.values['SCORE'])).toBe('4.5');
    expect(String(ann.values['VIP']).toLowerCase()).toBe('true');
    expect(String(ann.values['SEEN'])).toMatch(/^2026-01-02T03:04:05/);
    expect(await connector.readOne({ id: second }, selection)).toMatchObject({ channel: { state: 'unsubscribed' } });
    expect(await connector.readOne({ email: 'nobody@emailsim.io' }, selection)).toBe('missing');
    expect(await collect(connector.listMembers(hot.id))).toEqual([first]);
    const changed = await collect(connector.changedSince(serverTime, selection));
    expect(changed.map((record) => record.id)).toEqual(expect.arrayContaining([first]));

    expect(await connector.awaitLeaveList(await connector.submitLeaveList(hot.id, [first]))).toBe('done');
    expect(await collect(connector.listMembers(hot.id))).toEqual([]);

    const rows = [change, leave];
    const gone = await connector.awaitDelete(await connector.submitDelete(rows), rows);
    expect(gone).toMatchObject([{ type: 'done' }, { type: 'done' }]);
    expect(await connector.awaitDelete(await connector.submitDelete(rows), rows)).toMatchObject([
      { type: 'done' },
      { type: 'done' },
    ]);
    const left = await collect(connector.scan(selection));
    expect(left.filter((record) => record.state === 'present')).toHaveLength(38);
    const after = await connector.readOne({ id: first }, selection);
    expect(after === 'missing' || after.state === 'deleted').toBe(true);
  });
});

describe('rows that fail alone', () => {
  it.each([
    { failureCodeCase: 'camel', importSchemaViolation: 'row' },
    { failureCodeCase: 'pascal', importSchemaViolation: 'reject' },
  ] as const)('one bad row among thousands: %j', async (switches) => {
    const { connector } = await start({ switches });
    const rows = [
      ...people(3),
      { ...person(4), email: 'not an address', key: 'bad' },
      { ...person(5), key: 'field', write: { ...person(5).write, set: { NOSUCH: 'x' } } },
    ];
    const outcomes = await connector.awaitImport(await connector.submitImport(rows), rows);
    expect(outcomes.map((outcome) => outcome.type)).toEqual(['done', 'done', 'done', 'failed', 'failed']);
    expect(outcomes[3]).toMatchObject({ code: 'invalidEmail' });
    const [first] = outcomes;
    if (first?.type !== 'done') throw new Error('the first row failed');
    // The address of somebody else, and a contact that does not exist.
    const clash: MarketingRow = {
      key: 'clash',
      id: first.id,
      email: null,
      write: { set: {}, email: person(2).email ?? '' },
    };
    const ghost: MarketingRow = { key: 'ghost', id: '999', email: null, write: { set: { FIRSTNAME: 'x' } } };
    const more = await connector.awaitImport(await connector.submitImport([clash, ghost]), [clash, ghost]);
    expect(more).toMatchObject([
      { type: 'failed', code: expect.stringMatching(/^duplicate/) as unknown },
      { type: 'failed' },
    ]);
  });
});

describe('U18: a data field that does not exist', () => {
  it.each([
    [true, { unknownRequestedField: 'reject', getOneReturns: 'full' }],
    [false, { unknownRequestedField: 'reject', getOneReturns: 'by-query' }],
    [true, { unknownRequestedField: 'ignore', getOneReturns: 'full' }],
  ] as const)('reads as blank until it is created (by us: %s): %j', async (createdHere, switches) => {
    const { connector, url } = await start({ switches });
    const [id = ''] = idsOf(await send(connector, people(1)));
    const wanted = { fields: ['FIRSTNAME', 'SCORE', 'LASTSUBSCRIBED'], lists: false };
    expect(await collect(connector.scan(wanted))).toMatchObject([{ values: { FIRSTNAME: 'First 1', SCORE: null } }]);
    expect(await connector.readOne({ id }, wanted)).toMatchObject({ values: { FIRSTNAME: 'First 1', SCORE: null } });
    if (createdHere) {
      await connector.createField({ name: 'SCORE', type: 'numeric' });
    } else {
      const other = createDotdigital({ url, user: defaultApiUser.user, password: defaultApiUser.password });
      await other.createField({ name: 'score', type: 'numeric' });
      await connector.schema();
    }
    idsOf(await send(connector, [{ key: 'k', id, email: null, write: { set: { SCORE: 7 } } }]));
    expect(await collect(connector.scan(wanted))).toMatchObject([{ values: { FIRSTNAME: 'First 1', SCORE: 7 } }]);
    expect(await connector.readOne({ id }, wanted)).toMatchObject({ values: { SCORE: 7 } });
  });
});

describe('O3: opting out and coming back', () => {
  it.each([
    [false, 'subscribed'],
    [true, 'unsubscribed'],
  ] as const)('by import (challenge: %s)', async (challenge, state) => {
    const { connector } = await start({ switches: { resubscribeDefault: challenge ? 'no-challenge' : 'challenge' } });
    const [id = ''] = idsOf(await send(connector, [person(1, { channel: { state: 'unsubscribed' } })]));
    await send(connector, [
      { key: 'k', id, email: null, write: { set: {}, channel: { state: 'subscribed', challenge } } },
    ]);
    const record = await connector.readOne({ id }, selection);
    if (record === 'missing') throw new Error('missing');
    expect(challenge ? ['unsubscribed', 'pending'] : [state]).toContain(record.channel.state);
  });

  it('one by one, and shows in the suppressions', async () => {
    const { connector, clock } = await start();
    const before = new Date(clock.now()).toISOString();
    const email = 'leaver+1@emailsim.io';
    const row = { ...person(1), email };
    const [id = ''] = idsOf(await send(connector, [row]));
    clock.advance(60_000);
    idsOf(
      await send(connector, [{ key: 'k', id, email: null, write: { set: {}, channel: { state: 'unsubscribed' } } }]),
    );
    const events = await collect(connector.suppressedSince(before));
    expect(events).toMatchObject([{ marketingId: id, email, reason: 'Unsubscribed' }]);
    expect(Date.parse(events[0]?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(before) + 60_000);
    expect(await connector.resubscribe(email, { challenge: true })).toBe('challenged');
    expect(await connector.resubscribe(email, { challenge: false })).toBe('added');
    expect(await connector.readOne({ email }, selection)).toMatchObject({ channel: { state: 'subscribed' } });
    expect(await collect(connector.suppressedSince(before))).toEqual([]);
  });
});

describe('limits and faults', () => {
  it.each(['epoch', 'seconds'] as const)('provokes no 429 on a small tiered budget (%s)', async (rateLimitReset) => {
    const { connector, sandbox } = await start({
      switches: { rateLimitReset, maxPageSize: 5 },
      limits: { scheme: 'tiered', perMinute: { low: 6, medium: 6, high: 12 } },
    });
    idsOf(await send(connector, people(120)));
    expect(await collect(connector.scan(selection))).toHaveLength(120);
    for (let turn = 0; turn < 30; turn += 1)
      await connector.readOne({ email: person(1 + turn).email ?? '' }, selection);
    expect(sandbox.requests.read().tooMany).toBe(0);
    expect(connector.calls.reads).toBeLessThan(80);
  });

  it('waits out the flat hourly cap', async () => {
    const { connector, clock } = await start({ limits: { scheme: 'flat', perHour: 12 } });
    const begun = clock.now();
    for (let turn = 0; turn < 20; turn += 1) await connector.lists();
    expect(clock.now() - begun).toBeGreaterThanOrEqual(3_000_000);
  });

  it('queues behind the imports of others', async () => {
    const { connector } = await start({ switches: { maxActiveImports: 1, importDelayMs: 45_000 } });
    const rows = people(3);
    const jobs = await Promise.all(rows.map((row) => connector.submitImport([row])));
    const outcomes = await Promise.all(jobs.map((job, at) => connector.awaitImport(job, rows.slice(at, at + 1))));
    expect(outcomes.flat().map((outcome) => outcome.type)).toEqual(['done', 'done', 'done']);
  });

  it.each(['drop-after', 'truncate'] as const)(
    'R5: an import whose answer was lost is looked up, not sent again (%s)',
    async (type) => {
      const { connector, sandbox, clock } = await start();
      await connector.identify();
      sandbox.faults.add({
        service: 'dotdigital',
        match: { method: 'PUT', path: '/contacts/v3/import', times: 1 },
        effect: { type },
      });
      await expect(connector.submitImport([person(1)])).rejects.toMatchObject({ outcome: 'unknown' });
      clock.advance(60_000);
      expect(await collect(connector.scan({ fields: [], lists: false }))).toHaveLength(1);
      expect(connector.calls.writes).toBe(1);
    },
  );

  it('goes through a storm of passing faults', async () => {
    const { connector, sandbox } = await start();
    for (const effect of [
      { type: 'status', status: 503 },
      { type: 'drop-before' },
      { type: 'truncate' },
      { type: 'status', status: 429 },
    ] as const) {
      sandbox.faults.add({ service: 'dotdigital', match: { method: 'GET', probability: 0.2 }, effect });
    }
    idsOf(await send(connector, people(30)));
    expect(await collect(connector.scan(selection))).toHaveLength(30);
    expect((await connector.lists()).length).toBeGreaterThan(0);
  });

  it('R13: says which credential is wrong, and follows the account to its region', async () => {
    const { sandbox, url } = await start({ region: 'r2' });
    const wrong = createDotdigital({ url, user: 'who@x.io', password: 'wrong password' });
    await expect(wrong.identify()).rejects.toMatchObject({
      kind: 'unauthorized',
      message: expect.stringMatching(/who@x\.io/) as unknown,
    });
    const front = sandbox.createRegionApp('r1');
    try {
      const frontUrl = await front.listen({ host: '127.0.0.1', port: 0 });
      const connector = createDotdigital({
        url: frontUrl,
        user: defaultApiUser.user,
        password: defaultApiUser.password,
      });
      expect((await connector.identify()).region).toBe(new URL(url).hostname);
      expect((await connector.lists()).length).toBeGreaterThan(0);
    } finally {
      await front.close();
    }
  });
});

describe('R4: the id of a job that the service cannot read', () => {
  it('leaves what became of it to a look, instead of ending every run that asks', async () => {
    const { connector } = await start();
    const id = 'not-an-id_v2';
    const row: MarketingRow = { key: 'k', id: '1', email: null, write: { set: {} } };
    expect(await connector.insight.awaitRecords(id, [{ key: '1', json: {} }])).toMatchObject([{ type: 'unknown' }]);
    expect(await connector.awaitImport({ id, kind: 'import' }, [row])).toMatchObject([{ type: 'unknown' }]);
    expect(await connector.awaitLeaveList({ id, kind: 'leave-list' })).toBe('failed');
    const [deleted] = await connector.awaitDelete({ id, kind: 'delete' }, [row]);
    expect(deleted?.type).not.toBe('done');
  });
});

describe('K1: insight data', () => {
  it.each([
    { insightDoneWord: 'Finished', deleteRecordsPath: 'accounts' },
    { insightDoneWord: 'Complete', deleteRecordsPath: 'account' },
  ] as const)('imports, replaces and deletes records: %j', async (switches) => {
    const { connector } = await start({ switches });
    const { insight } = connector;
    const records = [
      { key: '1', json: { name: 'A', price: 1.5 } },
      { key: '2', json: { name: 'B', price: 2 } },
    ];
    for (let turn = 0; turn < 2; turn += 1) {
      expect(await insight.awaitRecords(await insight.submitRecords('Catalog_Zendesk_Sell', records), records)).toEqual(
        [
          { key: '1', type: 'done' },
          { key: '2', type: 'done' },
        ],
      );
    }
    const odd = [{ key: '3', json: { name: 'C', price: 'dear' } }];
    expect(await insight.awaitRecords(await insight.submitRecords('Catalog_Zendesk_Sell', odd), odd)).toMatchObject([
      { type: 'failed', code: 'JsonValueIncompatibleWithSchema' },
    ]);
    await insight.deleteRecords('Catalog_Zendesk_Sell', ['1', '77']);
    await insight.deleteRecords('Catalog_None', ['1']);
    expect(await insight.collections()).toMatchObject([{ name: 'Catalog_Zendesk_Sell', type: 'catalog', records: 1 }]);
  });

  it('tells when the plan has none', async () => {
    const { connector } = await start({ switches: { insightEnabled: false } });
    const found = await connector.capabilities();
    expect(found.filter((each) => !each.usable)).toMatchObject([
      { area: 'insight-data', detail: expect.stringMatching(/plan/) as unknown },
    ]);
  });
});
