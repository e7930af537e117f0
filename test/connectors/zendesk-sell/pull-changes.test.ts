import { afterEach, describe, expect, it } from 'vitest';
import type { CrmObservation, CrmPage, CrmSelection } from '../../../src/connectors/connector.ts';
import {
  type Call,
  collect,
  failure,
  many,
  NOTHING,
  one,
  person,
  type Reply,
  type ScriptedSell,
  startScriptedSell,
} from './scripted-sell.ts';

const REPLICA = '6dadcec8-6e61-4691-b318-1aab27b8fecf';
let server: ScriptedSell | undefined;
afterEach(() => server?.close());

interface Feed {
  /** Answers to the starts, in order; then 204. */
  readonly starts: readonly Reply[];
  /** Answers to the fetches, in order; then 204. */
  readonly fetches: readonly Reply[];
  readonly acks?: readonly Reply[];
  readonly other?: (call: Call) => Reply;
}

interface FeedServer extends ScriptedSell {
  readonly acked: () => readonly (readonly string[])[];
}

async function startFeed(feed: Feed): Promise<FeedServer> {
  const at = { start: 0, fetch: 0, ack: 0 };
  const acked: (readonly string[])[] = [];
  const next = (replies: readonly Reply[], kind: keyof typeof at, last: Reply): Reply => {
    at[kind] += 1;
    return replies[at[kind] - 1] ?? last;
  };
  const scripted = await startScriptedSell((call) => {
    if (call.path === '/v2/sync/start') return next(feed.starts, 'start', { status: 204 });
    if (call.path === '/v2/sync/ack') {
      const reply = next(feed.acks ?? [], 'ack', { status: 202 });
      if ((reply.status ?? 200) < 300) acked.push((call.body as { data: { ack_keys: string[] } }).data.ack_keys);
      return reply;
    }
    if (call.path.startsWith('/v2/sync/')) return next(feed.fetches, 'fetch', { status: 204 });
    return feed.other?.(call) ?? failure(404, 'not_found');
  });
  server = scripted;
  return { ...scripted, acked: () => acked };
}

function session(total: number | null, id = 's-1'): Reply {
  const queue = total === null ? { name: 'main' } : { name: 'main', pages: 1, total_count: total };
  return {
    status: 201,
    json: { data: { id, queues: [{ data: queue, meta: { type: 'sync_queue' } }] }, meta: { type: 'sync_session' } },
  };
}

interface Item {
  readonly id: number;
  readonly type?: string;
  readonly event?: string;
  readonly data?: { readonly [name: string]: unknown };
}

function items(list: readonly Item[], meta: { readonly [name: string]: unknown } = {}): Reply {
  return {
    json: {
      items: list.map(({ id, type = 'contact', event = 'created', data }) => ({
        data: data ?? (event === 'deleted' ? { id } : person(id)),
        meta: { type, version: 2, sync: { event_type: event, ack_key: `${type}-${id}-1`, revision: id } },
      })),
      meta: { type: 'collection', count: list.length, ...meta },
    },
  };
}

async function pullAll(feed: FeedServer, selection: CrmSelection = NOTHING): Promise<readonly CrmObservation[]> {
  const seen: CrmObservation[] = [];
  for await (const page of feed.sell.pull(REPLICA, selection)) {
    seen.push(...page.observations);
    await page.acknowledge();
  }
  return seen;
}

function ids(seen: readonly CrmObservation[]): readonly string[] {
  return seen.map((one) => (one.type === 'record' ? one.record.id : `-${one.id}`));
}

describe('the change feed', () => {
  it('ends at once when there is nothing', async () => {
    const feed = await startFeed({ starts: [], fetches: [] });
    expect(await pullAll(feed)).toEqual([]);
    expect(feed.titles()).toEqual(['POST /v2/sync/start']);
    expect(feed.sell.calls).toMatchObject({ reads: 1, writes: 0 });
  });

  it('takes two calls a page and one to start, all of them reads', async () => {
    const page = (n: number): Reply =>
      items(
        Array.from({ length: 100 }, (_, i) => ({ id: n * 100 + i + 1 })),
        { count_left: (2 - n) * 100 },
      );
    const feed = await startFeed({ starts: [session(300)], fetches: [page(0), page(1), page(2)] });
    expect(await pullAll(feed)).toHaveLength(300);
    expect(feed.calls).toHaveLength(2 * 3 + 1);
    expect(feed.sell.calls).toMatchObject({ reads: 7, writes: 0 });
    for (const call of feed.calls) expect(call.headers['x-basecrm-device-uuid']).toBe(REPLICA);
  });

  it('goes on to 204 when count_left says 0 too early', async () => {
    const feed = await startFeed({
      starts: [session(3)],
      fetches: [
        items([{ id: 1 }], { count_left: 0 }),
        items([{ id: 2 }], { count_left: 0 }),
        items([{ id: 3 }], { count_left: 5 }),
      ],
    });
    expect(ids(await pullAll(feed))).toEqual(['1', '2', '3']);
  });

  it('goes on to 204 when nothing was announced or nothing is said about the rest', async () => {
    const unannounced = await startFeed({
      starts: [session(null)],
      fetches: [items([{ id: 1 }], { count_left: 0 }), items([{ id: 2 }])],
    });
    expect(ids(await pullAll(unannounced))).toEqual(['1', '2']);
    await unannounced.close();
    const untold = await startFeed({ starts: [session(1)], fetches: [items([{ id: 1 }]), items([{ id: 2 }])] });
    expect(ids(await pullAll(untold))).toEqual(['1', '2']);
  });

  it('takes an empty page for a hiccup, not for the end', async () => {
    const feed = await startFeed({
      starts: [session(2)],
      fetches: [
        items([], { count_left: 2 }),
        items([{ id: 1 }], { count_left: 1 }),
        items([]),
        items([]),
        items([{ id: 2 }], { count_left: 0 }),
      ],
    });
    expect(ids(await pullAll(feed))).toEqual(['1', '2']);
    expect(feed.waits).toEqual([250, 250, 500]);
  });

  it('ends when a service says "empty" instead of 204 and has nothing left', async () => {
    const empty = items([], { count_left: 0 });
    const feed = await startFeed({
      starts: [session(2)],
      fetches: [items([{ id: 1 }]), ...Array.from({ length: 20 }, () => empty)],
    });
    expect(ids(await pullAll(feed))).toEqual(['1']);
    expect(feed.titles().filter((title) => title.startsWith('GET'))).toHaveLength(7);
  });

  it('fails rather than claims to be drained when a service keeps back what it announces', async () => {
    const empty = items([], { count_left: 4 });
    const feed = await startFeed({ starts: [session(4)], fetches: Array.from({ length: 50 }, () => empty) });
    await expect(pullAll(feed)).rejects.toMatchObject({ name: 'ConnectorError', kind: 'unavailable' });
  });

  it('can be cancelled while it waits for a service that sends empty pages', async () => {
    const controller = new AbortController();
    const feed = await startFeed({
      starts: [session(1)],
      fetches: Array.from({ length: 9 }, () => items([], { count_left: 1 })),
    });
    const sleep = (_ms: number, signal?: AbortSignal): Promise<void> => {
      controller.abort();
      return signal?.aborted === true ? Promise.reject(new Error('stopped')) : Promise.resolve();
    };
    const sell = feed.connect({ signal: controller.signal, runtime: { sleep } });
    await expect(collect(sell.pull(REPLICA, NOTHING))).rejects.toMatchObject({ kind: 'cancelled' });
  });

  it('starts again when the session is lost, and gives up when that never ends', async () => {
    const feed = await startFeed({
      starts: [session(2, 'a'), session(1, 'b')],
      fetches: [
        items([{ id: 1 }], { count_left: 1 }),
        failure(404, 'not_found'),
        items([{ id: 2 }], { count_left: 0 }),
      ],
    });
    expect(ids(await pullAll(feed))).toEqual(['1', '2']);
    expect(feed.titles().filter((title) => title === 'POST /v2/sync/start')).toHaveLength(2);
    await feed.close();
    const never = await startFeed({
      starts: Array.from({ length: 50 }, () => session(1)),
      fetches: Array.from({ length: 50 }, () => failure(404, 'not_found')),
    });
    await expect(pullAll(never)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('4.4: says that something could not be read, and does not take it for received', async () => {
    const page = (list: readonly unknown[]): Reply => ({ json: { items: list, meta: { count_left: 0 } } });
    const [good] = (items([{ id: 1 }]).json as { items: readonly unknown[] }).items;
    const [spoilt] = (items([{ id: 2, data: { id: 2, tags: 7 } }]).json as { items: readonly unknown[] }).items;
    const feed = await startFeed({
      starts: [session(2), session(1, 's-2'), session(1, 's-3')],
      fetches: [page([good, 7]), { status: 204 }, page([spoilt]), page([good])],
    });
    const told: (readonly [number, boolean])[] = [];
    for await (const { observations, complete, acknowledge } of feed
      .connect({ retry: { maxAttempts: 1 } })
      .pull(REPLICA, NOTHING)) {
      told.push([observations.length, complete]);
      await acknowledge();
    }
    expect(told).toEqual([
      [1, false],
      [0, false],
    ]);
    expect(feed.acked()).toEqual([['contact-1-1']]);
  });

  it('gives up on a session that sends the same page for ever', async () => {
    const same = items([{ id: 1 }, { id: 2 }], { count_left: 5 });
    const feed = await startFeed({ starts: [session(null)], fetches: Array.from({ length: 300 }, () => same) });
    await expect(pullAll(feed)).rejects.toMatchObject({
      kind: 'malformed',
      message: expect.stringMatching(/came again/) as unknown,
    });
    expect(feed.calls.length).toBeLessThan(60);
  });

  it('does not take a throttle disguised as 404 for a lost session', async () => {
    const disguise = failure(404, 'incorrect_path', {
      details: "Requested path at '/429.json' was not found using the HTTP method 'GET'.",
    });
    const feed = await startFeed({ starts: [session(1)], fetches: [disguise, items([{ id: 1 }], { count_left: 0 })] });
    expect(ids(await pullAll(feed))).toEqual(['1']);
    expect(feed.titles().filter((title) => title === 'POST /v2/sync/start')).toHaveLength(1);
  });
});

describe('acknowledging (R7)', () => {
  it('never happens before it is asked for', async () => {
    const feed = await startFeed({
      starts: [session(2)],
      fetches: [items([{ id: 1 }], { count_left: 1 }), items([{ id: 2 }], { count_left: 0 })],
    });
    const pages: CrmPage[] = [];
    for await (const page of feed.sell.pull(REPLICA, NOTHING)) pages.push(page);
    expect(feed.acked()).toEqual([]);
    for (const page of pages) await page.acknowledge();
    expect(feed.acked()).toEqual([['contact-1-1'], ['contact-2-1']]);
  });

  it('covers every key of the page: other types, unselected roles, organisations, deletions', async () => {
    const feed = await startFeed({
      starts: [session(6)],
      fetches: [
        items(
          [
            { id: 1 },
            { id: 2, type: 'lead' },
            { id: 3, type: 'deal', data: { id: 3, name: 'x' } },
            { id: 4, type: 'something_new', data: { id: 4 } },
            { id: 5, data: person(5, { is_organization: true, name: 'Acme', first_name: null, last_name: '' }) },
            { id: 6, event: 'deleted' },
          ],
          { count_left: 0 },
        ),
      ],
    });
    const seen = await pullAll(feed, { roles: ['contact'], paths: [] });
    expect(ids(seen)).toEqual(['1', '5', '-6']);
    expect(seen[1]).toMatchObject({ record: { isOrganisation: true } });
    expect(seen[2]).toEqual({ type: 'deleted', role: 'contact', id: '6', revision: 6 });
    expect(feed.acked()).toEqual([
      ['contact-1-1', 'lead-2-1', 'deal-3-1', 'something_new-4-1', 'contact-5-1', 'contact-6-1'],
    ]);
  });

  it('is tried again when it fails, and is done once', async () => {
    const feed = await startFeed({
      starts: [session(1)],
      fetches: [items([{ id: 1 }], { count_left: 0 })],
      acks: [{ status: 503, text: '' }, { status: 401, text: '' }, { status: 202 }],
    });
    for await (const page of feed.sell.pull(REPLICA, NOTHING)) {
      await expect(page.acknowledge()).rejects.toMatchObject({ kind: 'unauthorized' });
      await page.acknowledge();
      await page.acknowledge();
    }
    expect(feed.acked()).toEqual([['contact-1-1']]);
  });

  it('is sent in halves when the service finds the list too long', async () => {
    const feed = await startFeed({
      starts: [session(4)],
      fetches: [items([{ id: 1 }, { id: 2 }, { id: 3 }], { count_left: 0 })],
      acks: [failure(422, 'incorrect_value')],
    });
    for await (const page of feed.sell.pull(REPLICA, NOTHING)) await page.acknowledge();
    expect(feed.acked()).toEqual([['contact-1-1', 'contact-2-1'], ['contact-3-1']]);
  });

  it('is not called for a page without keys', async () => {
    const page: Reply = { json: { items: [], meta: { count_left: 0, failed_objects: [{ type: 'contact', id: 9 }] } } };
    const feed = await startFeed({ starts: [session(1)], fetches: [page], other: () => one(person(9)) });
    expect(ids(await pullAll(feed))).toEqual(['9']);
    expect(feed.titles()).not.toContain('POST /v2/sync/ack');
  });
});

describe('objects the feed could not deliver', () => {
  it('are read one by one when they are of a selected type; one that cannot be read does not stop the rest', async () => {
    const feed = await startFeed({
      starts: [session(4)],
      fetches: [
        items([{ id: 1 }], {
          count_left: 0,
          failed_objects: [
            { type: 'contact', id: 11 },
            { type: 'deal', id: 12 },
            { type: 'lead', id: 13 },
            { type: 'contact', id: 14 },
          ],
        }),
      ],
      other: ({ path }) => {
        if (path === '/v2/contacts/11') return one(person(11));
        if (path === '/v2/contacts/14') return { status: 500, text: '' };
        return failure(404, 'not_found');
      },
    });
    expect(ids(await pullAll(feed))).toEqual(['1', '11']);
    expect(feed.titles()).not.toContain('GET /v2/deals/12');
  });

  it('as well as items in a form nobody expects are never acknowledged unread', async () => {
    const odd = items([{ id: 1 }, { id: 2, data: { id: 2, email: { not: 'text' } } }], { count_left: 0 });
    const feed = await startFeed({ starts: [session(2)], fetches: [odd], other: () => failure(404, 'not_found') });
    expect(ids(await pullAll(feed))).toEqual(['1']);
    expect(feed.acked()).toEqual([['contact-1-1']]);
  });
});

it('hands over repeated and out-of-order items with their revisions, for the mirror to judge', async () => {
  const feed = await startFeed({
    starts: [session(2)],
    fetches: [items([{ id: 5 }, { id: 3 }, { id: 5, event: 'updated' }], { count_left: 0 })],
  });
  const seen = await pullAll(feed);
  expect(seen.map((o) => (o.type === 'record' ? [o.record.id, o.record.revision] : o))).toEqual([
    ['5', 5],
    ['3', 3],
    ['5', 5],
  ]);
});

it('reads owners and organisations only when a path asks for them, and each organisation once (C30)', async () => {
  const selection: CrmSelection = { roles: ['contact'], paths: ['owner.email', 'organization.name'] };
  const feed = await startFeed({
    starts: [session(4)],
    fetches: [
      items(
        [
          { id: 50, data: person(50, { is_organization: true, name: 'Seen Ltd' }) },
          { id: 1, data: person(1, { contact_id: 50 }) },
          { id: 2, data: person(2, { contact_id: 51 }) },
        ],
        { count_left: 1 },
      ),
      items([{ id: 3, data: person(3, { contact_id: 51, owner_id: 8 }) }], { count_left: 0 }),
    ],
    other: ({ path, query }) => {
      if (path === '/v2/users') return many([{ id: 7, name: 'Jo', email: 'jo@example.test' }]);
      if (path === '/v2/users/8') return one({ id: 8, name: 'Former', email: 'former@example.test' }, 'user');
      return many(query.get('ids') === '51' ? [person(51, { is_organization: true, name: 'Read Ltd' })] : []);
    },
  });
  const seen = await pullAll(feed, selection);
  const values = new Map(seen.flatMap((o) => (o.type === 'record' ? [[o.record.id, o.record.values] as const] : [])));
  expect(values.get('1')).toEqual({ 'owner.email': 'jo@example.test', 'organization.name': 'Seen Ltd' });
  expect(values.get('2')).toEqual({ 'owner.email': 'jo@example.test', 'organization.name': 'Read Ltd' });
  expect(values.get('3')).toEqual({ 'owner.email': 'former@example.test', 'organization.name': 'Read Ltd' });
  expect(feed.titles().filter((title) => title === 'GET /v2/contacts')).toHaveLength(1);
});
