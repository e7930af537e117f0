// Each fault against the simulated Sell over a real socket: what the client sees, and what was committed.
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultEffect } from '../../../sandbox/faults/fault.ts';
import { createSellSandbox, type SellSandbox } from '../../../sandbox/zendesk-sell/create-sell-sandbox.ts';

let sell: SellSandbox;
let origin: string;

beforeEach(async () => {
  sell = createSellSandbox();
  await sell.app.listen({ host: '127.0.0.1', port: 0 });
  origin = `http://127.0.0.1:${(sell.app.server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await sell.app.close();
});

function headers(): Record<string, string> {
  return {
    authorization: `Bearer ${sell.tokens[0]?.token}`,
    'content-type': 'application/json',
    'user-agent': 'fault-test',
    connection: 'close',
  };
}

function create(): Promise<Response> {
  return fetch(`${origin}/v2/contacts`, { method: 'POST', headers: headers(), body: '{"data":{"last_name":"A"}}' });
}

async function cause(effect: FaultEffect, match: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const answer = await fetch(`${origin}/_control/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ match: { method: 'POST', path: '/v2/contacts', times: 1, ...match }, effect }),
  });
  expect(answer.status).toBe(201);
}

const committed = (): number => sell.world.state.contacts.size;

describe('over a socket', () => {
  it('serves without faults, with links to itself', async () => {
    expect((await create()).status).toBe(200);
    const list = (await (await fetch(`${origin}/v2/contacts`, { headers: headers() })).json()) as {
      meta: { links: { self: string } };
    };
    expect(list.meta.links.self).toBe(`${origin}/v2/contacts?page=1&per_page=25`);
  });

  it('status: an HTML page of a proxy, nothing committed', async () => {
    await cause({ type: 'status', status: 400, body: '<html>Bad Request</html>', contentType: 'text/html' });
    const answer = await create();
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      400,
      'text/html',
      '<html>Bad Request</html>',
    ]);
    expect(committed()).toBe(0);
    expect((await create()).status).toBe(200);
  });

  it('status-after: a gateway error over a committed write', async () => {
    await cause({ type: 'status-after', status: 504 });
    const answer = await create();
    expect([answer.status, await answer.text()]).toEqual([504, '']);
    expect(committed()).toBe(1);
  });

  it('drop-before: cut, nothing committed', async () => {
    await cause({ type: 'drop-before' });
    await expect(create()).rejects.toThrow();
    expect(committed()).toBe(0);
  });

  it('drop-after: cut, but committed', async () => {
    await cause({ type: 'drop-after' });
    await expect(create()).rejects.toThrow();
    expect(committed()).toBe(1);
  });

  it('truncate: half of the answer, committed', async () => {
    await cause({ type: 'truncate' });
    await expect(create().then((answer) => answer.json())).rejects.toThrow();
    expect(committed()).toBe(1);
  });

  it('delay and delay-after: late, but whole', async () => {
    await cause({ type: 'delay', ms: 5 });
    await cause({ type: 'delay-after', ms: 5 });
    expect((await create()).status).toBe(200);
    expect(committed()).toBe(1);
    expect(sell.faults.list().map((fault) => fault.fired)).toEqual([1, 1]);
  });

  it('duplicate-delivery and hints reach the sync queue', async () => {
    await create();
    const device = { ...headers(), 'x-basecrm-device-uuid': '6dadcec8-6e61-4691-b318-1aab27b8fecf' };
    const start = await fetch(`${origin}/v2/sync/start`, { method: 'POST', headers: device });
    const { data } = (await start.json()) as {
      data: { queues: { data: { total_count: number }; meta: { links: { self: string } } }[] };
    };
    const [queue] = data.queues;
    await cause({ type: 'hint', name: 'sync-empty-page' }, { method: 'GET', path: '/v2/sync', nth: 1 });
    await cause({ type: 'duplicate-delivery' }, { method: 'GET', path: '/v2/sync', times: 1, after: 1 });
    const fetchPage = async (): Promise<number> => {
      const page = await fetch(queue?.meta.links.self ?? '', { headers: device });
      return ((await page.json()) as { items: unknown[] }).items.length;
    };
    expect(await fetchPage()).toBe(0);
    expect(await fetchPage()).toBe(2 * (queue?.data.total_count ?? 0));
  });

  it('counts what was asked even when the connection was cut', async () => {
    await cause({ type: 'drop-before' });
    await expect(create()).rejects.toThrow();
    await create();
    expect(sell.requests.counts()).toMatchObject({ total: 2, writes: 2 });
  });
});
