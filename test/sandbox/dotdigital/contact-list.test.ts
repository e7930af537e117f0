// GET /contacts/v3: paging, filters, views, orders, and how values are written.

import { describe, expect, it } from 'vitest';
import { type Bench, type Json, START, setUp } from './harness.ts';

const emails = (body: Json): string[] => (body['_items'] ?? []).map((item) => item['identifiers']?.['email'] as string);
const code = async (bench: Bench, query: string) => {
  const { status, body } = await bench.call('GET', `/contacts/v3?${query}`);
  return [status, body['errorCode']];
};

async function readAll(bench: Bench, query: string): Promise<string[]> {
  const found: string[] = [];
  let url: string | undefined = `/contacts/v3?${query}`;
  while (url !== undefined) {
    const { body }: { body: Json } = await bench.call('GET', url);
    found.push(...emails(body));
    const next = body['_links']?.['next'] as { readonly link: string } | undefined;
    url = next?.link.slice(next.link.indexOf('/contacts'));
  }
  return found;
}

function seeded(count: number, options: Parameters<typeof setUp>[0] = {}): Bench {
  const bench = setUp(options);
  for (let index = 0; index < count; index += 1) bench.world.addContact({ email: `p${index}@example.com` });
  return bench;
}

describe('pages', () => {
  it('lead to each other by marker and end without next', async () => {
    const bench = seeded(5);
    const first = await bench.call('GET', '/contacts/v3?limit=2&include=lists');
    expect(first.body['_links']).toMatchObject({ self: { marker: '' }, first: { marker: '' } });
    expect(first.body['_links']?.['next']?.['link']).toContain('include=lists');
    expect(await readAll(bench, 'limit=2')).toEqual([0, 1, 2, 3, 4].map((n) => `p${n}@example.com`));
    expect((await bench.call('GET', '/contacts/v3/?limit=5')).body['_links']).not.toHaveProperty('next');
  });

  it.each([
    ['null', null],
    ['blank', { marker: '', link: '' }],
    ['itself', 'self'],
  ] as const)('may end in a next that leads nowhere: %s', async (lastPageNext, next) => {
    const bench = seeded(3, { switches: { lastPageNext } });
    const first = (await bench.call('GET', '/contacts/v3?limit=2')).body['_links'];
    expect(first?.['next']?.['marker']).not.toBe(first?.['self']?.['marker']);
    const marker = encodeURIComponent(first?.['next']?.['marker'] as string);
    const last = (await bench.call('GET', `/contacts/v3?limit=2&marker=${marker}`)).body['_links'];
    expect(last?.['next']).toEqual(next === 'self' ? last?.['self'] : next);
  });

  it('show a data field without a value as null, or not at all', async () => {
    for (const blankFields of ['null', 'omitted'] as const) {
      const bench = seeded(0, { switches: { blankFields } });
      bench.world.addContact({ email: 'a@example.com', fields: { FIRSTNAME: 'A' } });
      const { body } = await bench.call('GET', '/contacts/v3?limit=5&data-fields=FIRSTNAME%7CLASTNAME');
      expect(body['_items']?.[0]?.['dataFields']).toEqual({
        FIRSTNAME: 'A',
        ...(blankFields === 'null' ? { LASTNAME: null } : {}),
      });
    }
  });

  it('may be smaller than asked for', async () => {
    const bench = seeded(5, { switches: { maxPageSize: 2 } });
    expect(emails((await bench.call('GET', '/contacts/v3?limit=5')).body)).toHaveLength(2);
    expect(await readAll(bench, 'limit=5')).toHaveLength(5);
  });

  it('come in order of id, of change, or shuffled but stable', async () => {
    const bench = seeded(20);
    bench.clock.advance(1000);
    bench.world.editContact('p3@example.com', { fields: { FIRSTNAME: 'x' } });
    expect((await readAll(bench, 'limit=7'))[3]).toBe('p3@example.com');
    bench.switches.pageOrder = 'updated';
    expect((await readAll(bench, 'limit=7')).at(-1)).toBe('p3@example.com');
    bench.switches.pageOrder = 'shuffled';
    const shuffled = await readAll(bench, 'limit=7');
    expect(new Set(shuffled).size).toBe(20);
    expect(shuffled).not.toEqual([...shuffled].sort());
    expect(await readAll(bench, 'limit=3')).toEqual(shuffled);
  });

  it('are evaluated as they are read', async () => {
    const bench = seeded(4);
    const first = await bench.call('GET', '/contacts/v3?limit=2');
    bench.world.deleteContact('p2@example.com');
    const marker = encodeURIComponent(first.body['_links']?.['next']?.['marker'] as string);
    expect(emails((await bench.call('GET', `/contacts/v3?limit=2&marker=${marker}`)).body)).toEqual(['p3@example.com']);
  });
});

describe('filters', () => {
  it('by change and creation include the moment itself', async () => {
    const bench = seeded(1);
    bench.clock.advance(10_000);
    bench.world.addContact({ email: 'late@example.com' });
    expect(await readAll(bench, '~modified=gte::2026-06-01T12:00:10Z')).toEqual(['late@example.com']);
    expect(await readAll(bench, '%7Emodified=gte%3A%3A2026-06-01T12%3A00%3A10%2B00%3A00')).toEqual([
      'late@example.com',
    ]);
    expect(await readAll(bench, '~created=gte::2026-06-01T12:00:10.001Z')).toEqual([]);
  });

  it('by list and by segment', async () => {
    const bench = seeded(4);
    const list = bench.world.createList('L');
    bench.world.joinList('p1@example.com', list);
    bench.world.joinList('p3@example.com', list);
    expect(await readAll(bench, `~listId=${list}&limit=1`)).toEqual(['p1@example.com', 'p3@example.com']);
    bench.switches.pageOrder = 'shuffled';
    expect((await readAll(bench, `~listId=${list}&limit=1`)).sort()).toEqual(['p1@example.com', 'p3@example.com']);
    const member = bench.world.contact('p2@example.com')?.contactId ?? 0;
    const segment = bench.world.createSegment('S', [member]);
    expect(await readAll(bench, `~segmentId=${segment.id}`)).toEqual(['p2@example.com']);
  });

  it.each([
    ['~modified=2026-06-01T12:00:00Z', 'contacts:invalidFilter'],
    ['~modified=gte::2026-06-01', 'contacts:invalidFilter'],
    ['~modified=gte::2026-06-01T12:00:00Z&~created=gte::2026-06-01T12:00:00Z', 'contacts:invalidFilter'],
    ['~listId=1&~segmentId=2', 'contacts:invalidFilter'],
    ['~listId=x', 'contacts:invalidFilter'],
    ['~listId=999', 'contacts:invalidFilter'],
    ['limit=0', 'contacts:badRequest'],
    ['limit=5001', 'contacts:badRequest'],
    ['include=everything', 'contacts:badRequest'],
    ['data-fields=NOPE', 'contacts:badRequest'],
    ['marker=zzz', 'contacts:badRequest'],
    ['limit=1&limit=2', 'contacts:badRequest'],
  ])('refuse %s', async (query, expected) => {
    expect(await code(setUp(), query)).toEqual([400, expected]);
  });

  it('pass over unknown requested fields when switched', async () => {
    const bench = setUp({ switches: { unknownRequestedField: 'ignore' } });
    expect((await bench.call('GET', '/contacts/v3?data-fields=NOPE|FIRSTNAME')).status).toBe(200);
  });
});

describe('who is shown', () => {
  it('U3: suppressed contacts, unless switched off', async () => {
    const bench = seeded(2);
    bench.world.unsubscribe('p0@example.com');
    expect(await readAll(bench, '')).toHaveLength(2);
    bench.switches.suppressedShown = false;
    expect(await readAll(bench, '')).toEqual(['p1@example.com']);
  });

  it('U3: binned contacts only when switched on', async () => {
    const bench = seeded(2);
    bench.world.deleteContact('p0@example.com');
    expect(await readAll(bench, '')).toEqual(['p1@example.com']);
    bench.switches.binnedShown = true;
    const { body } = await bench.call('GET', '/contacts/v3');
    expect(body['_items']?.map((item) => item['status'])).toEqual(['binned', 'subscribed']);
  });

  it('members who opted out of the list, unless switched off', async () => {
    const bench = seeded(1);
    const list = bench.world.createList('L');
    bench.world.joinList('p0@example.com', list);
    bench.world.unsubscribeFromList('p0@example.com', list);
    expect(await readAll(bench, `~listId=${list}`)).toHaveLength(1);
    bench.switches.listScanShowsSuppressed = false;
    expect(await readAll(bench, `~listId=${list}`)).toHaveLength(0);
  });
});

describe('what is shown', () => {
  const one = async (bench: Bench, query: string) =>
    (await bench.call('GET', `/contacts/v3?${query}`)).body['_items']?.[0];

  it('only the basics unless more is asked for', async () => {
    const bench = seeded(1);
    expect(Object.keys((await one(bench, '')) ?? {})).toEqual([
      'contactId',
      'status',
      'created',
      'updated',
      'identifiers',
    ]);
    const more = await one(bench, 'data-fields=firstname&include=channelProperties%7Clists%7CconsentRecords');
    expect(more).toMatchObject({
      dataFields: { FIRSTNAME: null },
      channelProperties: {
        email: { emailType: 'Html', optInType: 'Unknown', status: 'subscribed' },
        sms: { countryCode: 'GB', status: 'noSubscription' },
        whatsApp: { status: 'noSubscription' },
      },
      lists: [],
      consentRecords: [],
    });
  });

  it('U11: values in native JSON or as text; dates and names in any of their forms', async () => {
    const bench = setUp();
    for (const [name, type] of [
      ['LEAD_SCORE', 'Numeric'],
      ['IS_VIP', 'Boolean'],
      ['LAST_CALL', 'Date'],
    ] as const) {
      bench.world.createDataField(name, type);
    }
    bench.world.addContact({
      email: 'a@example.com',
      fields: { FIRSTNAME: 'Ann', LEAD_SCORE: 4.5, IS_VIP: true, LAST_CALL: '2026-05-01T08:00:00Z' },
    });
    const fields = async () => (await one(bench, 'data-fields=%5B%5BALL%5D%5D'))?.['dataFields'];
    expect(await fields()).toEqual({
      FIRSTNAME: 'Ann',
      LASTNAME: null,
      FULLNAME: null,
      GENDER: null,
      POSTCODE: null,
      LEAD_SCORE: 4.5,
      IS_VIP: true,
      LAST_CALL: '2026-05-01T08:00:00.000Z',
      LASTSUBSCRIBED: '2026-06-01T12:00:00.000Z',
    });
    Object.assign(bench.switches, {
      fieldValueJson: 'string',
      v3FieldDates: 'five-digits-z',
      dataFieldKeyCase: 'camel',
    });
    expect(await fields()).toMatchObject({
      firstName: 'Ann',
      leadScore: '4.5',
      isVip: 'True',
      lastCall: '2026-05-01T08:00:00.00004Z',
    });
    bench.switches.v3FieldDates = 'seconds';
    bench.switches.dataFieldKeyCase = 'upper';
    expect(await fields()).toMatchObject({ LAST_CALL: '2026-05-01T08:00:00' });
    for (const [form, text] of [
      ['millis-z', '2026-06-01T12:00:00.000Z'],
      ['seconds-z', '2026-06-01T12:00:00Z'],
      ['millis', '2026-06-01T12:00:00.000'],
      ['seconds', '2026-06-01T12:00:00'],
    ] as const) {
      bench.switches.v3Dates = form;
      expect((await one(bench, ''))?.['updated']).toBe(text);
    }
  });

  it('U1: list changes and opt-outs move `updated` or not, as switched', async () => {
    for (const bumps of [false, true]) {
      const bench = seeded(1, { switches: { listChangeBumpsUpdated: bumps, unsubscribeBumpsUpdated: bumps } });
      const list = bench.world.createList('L');
      bench.clock.advance(1000);
      bench.world.joinList('p0@example.com', list);
      expect(bench.world.contact('p0@example.com')?.updated).toBe(bumps ? START + 1000 : START);
      bench.clock.advance(1000);
      bench.world.unsubscribe('p0@example.com');
      expect(bench.world.contact('p0@example.com')?.updated).toBe(bumps ? START + 2000 : START);
      bench.clock.advance(1000);
      bench.world.resubscribe('p0@example.com');
      expect(bench.world.contact('p0@example.com')?.updated).toBe(START + 3000);
    }
  });
});
