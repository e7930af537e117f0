// Faults over real sockets and over inject: what the client sees, and whether the handler ran.
// Never mocks the transport.

import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FaultEffect, parseFault } from '../../../sandbox/faults/fault.ts';
import { FaultBook } from '../../../sandbox/faults/fault-book.ts';
import { faultHint, registerFaults, wantsDuplicateDelivery } from '../../../sandbox/faults/register-faults.ts';

let app: FastifyInstance;
let book: FaultBook;
let runs: number;
let origin: string;

beforeEach(async () => {
  runs = 0;
  book = new FaultBook({ seed: 7 });
  app = Fastify();
  registerFaults(app, book, 'demo');
  app.get('/things', (request) => {
    runs += 1;
    return { run: runs, hint: faultHint(request, 'odd')?.value ?? null, twice: wantsDuplicateDelivery(request) };
  });
  app.post('/things', () => {
    runs += 1;
    return { run: runs, padding: 'x'.repeat(4000) };
  });
  app.get('/_control/ping', () => ({ ok: true }));
  await app.listen({ host: '127.0.0.1', port: 0 });
  origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await app.close();
});

function post(): Promise<Response> {
  return fetch(`${origin}/things`, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json', connection: 'close' },
  });
}

/** The bytes of one raw exchange, up to the end of the connection. */
function rawExchange(method: string, path: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
    socket.write(`${method} ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  });
}

describe('faults over a socket', () => {
  it('status answers in place of the handler, with its headers and content type', async () => {
    book.add({
      service: 'demo',
      match: { path: '/things' },
      effect: { type: 'status', status: 502, body: '<h1>bad</h1>', contentType: 'text/html', headers: { 'x-a': 'b' } },
    });
    const answer = await fetch(`${origin}/things`);
    expect(answer.status).toBe(502);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.headers.get('x-a')).toBe('b');
    expect(await answer.text()).toBe('<h1>bad</h1>');
    expect(runs).toBe(0);
  });

  it('status with no body is empty, and a JSON body is JSON', async () => {
    book.add({ service: 'demo', match: { times: 1 }, effect: { type: 'status', status: 429 } });
    book.add({ service: 'demo', match: { nth: 2 }, effect: { type: 'status', status: 503, body: { sorry: true } } });
    const first = await fetch(`${origin}/things`);
    expect([first.status, await first.text()]).toEqual([429, '']);
    const second = await fetch(`${origin}/things`);
    expect(second.status).toBe(503);
    expect(await second.json()).toEqual({ sorry: true });
  });

  it('drop-before cuts the connection and nothing has happened', async () => {
    book.add({ service: 'demo', effect: { type: 'drop-before' } });
    await expect(post()).rejects.toThrow();
    expect(await rawExchange('POST', '/things')).toBe('');
    expect(runs).toBe(0);
  });

  it('drop-after cuts the connection once the handler has committed', async () => {
    book.add({ service: 'demo', match: { method: 'post' }, effect: { type: 'drop-after' } });
    await expect(post()).rejects.toThrow();
    expect(runs).toBe(1);
    expect((await fetch(`${origin}/things`)).status).toBe(200);
  });

  it('truncate promises the whole body and sends half', async () => {
    book.add({ service: 'demo', effect: { type: 'truncate' } });
    const text = await rawExchange('POST', '/things');
    const [head, body] = text.split('\r\n\r\n', 2) as [string, string];
    const promised = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    expect(promised).toBeGreaterThan(4000);
    expect(body.length).toBe(Math.floor(promised / 2));
    await expect(post().then((answer) => answer.text())).rejects.toThrow();
    expect(runs).toBe(2);
  });

  it('status-after hides an answer that was committed', async () => {
    book.add({ service: 'demo', match: { times: 1 }, effect: { type: 'status-after', status: 504, body: 'gateway' } });
    const answer = await post();
    expect([answer.status, await answer.text(), runs]).toEqual([504, 'gateway', 1]);
    expect((await post()).status).toBe(200);
  });

  it('delay and delay-after still give the true answer', async () => {
    book.add({ service: 'demo', effect: { type: 'delay', ms: 5 } });
    book.add({ service: 'demo', effect: { type: 'delay-after', ms: 5 } });
    expect(await (await fetch(`${origin}/things`)).json()).toMatchObject({ run: 1 });
    expect(book.list().map((fault) => fault.fired)).toEqual([1, 1]);
  });

  it('hints and duplicate delivery reach the handler', async () => {
    book.add({ service: 'demo', match: { times: 1 }, effect: { type: 'hint', name: 'odd', value: 3 } });
    book.add({ service: 'demo', match: { times: 1 }, effect: { type: 'duplicate-delivery' } });
    expect(await (await fetch(`${origin}/things`)).json()).toEqual({ run: 1, hint: 3, twice: true });
    expect(await (await fetch(`${origin}/things`)).json()).toEqual({ run: 2, hint: null, twice: false });
  });

  it('another service and the control paths are left alone', async () => {
    book.add({ service: 'other', effect: { type: 'drop-before' } });
    book.add({ service: 'demo', effect: { type: 'status', status: 500 } });
    expect((await fetch(`${origin}/_control/ping`)).status).toBe(200);
    expect((await fetch(`${origin}/things`)).status).toBe(500);
    expect(book.list('other')[0]?.seen).toBe(0);
  });
});

describe('faults over inject', () => {
  it.each<FaultEffect['type']>(['drop-before', 'drop-after', 'truncate'])('%s rejects', async (type) => {
    book.add(parseFault({ service: 'demo', effect: { type } }));
    await expect(app.inject({ method: 'POST', url: '/things', payload: {} })).rejects.toThrow();
    expect(runs).toBe(type === 'drop-before' ? 0 : 1);
  });
});

describe('the book', () => {
  const hits = (target: FaultBook, count: number): number[] =>
    Array.from({ length: count }, (_, index) => index).filter(() => target.take('demo', 'GET', '/a?b=1').length > 0);

  it('nth, after, times, path and pattern select requests', () => {
    book.add({ id: 'nth', service: 'demo', match: { nth: 3 }, effect: { type: 'drop-before' } });
    expect(hits(book, 5)).toEqual([2]);
    book.clear();
    book.add({ service: 'demo', match: { after: 2, times: 2 }, effect: { type: 'drop-before' } });
    expect(hits(book, 6)).toEqual([2, 3]);
    expect(book.list()[0]).toMatchObject({ fired: 2, spent: true });
    book.clear();
    book.add({ id: 'p', service: 'demo', match: { pattern: 'b=1$', path: '/a' }, effect: { type: 'drop-before' } });
    book.add({ id: 'q', service: 'demo', match: { path: '/c' }, effect: { type: 'drop-before' } });
    expect(book.take('demo', 'GET', '/a?b=1').map((fault) => fault.id)).toEqual(['p']);
    expect(book.remove('p')).toBe(true);
    expect(book.remove('p')).toBe(false);
  });

  it('probability is the same under the same seed and differs under another', () => {
    const run = (seed: number): number[] => {
      const target = new FaultBook({ seed });
      target.add({ service: 'demo', match: { probability: 0.3 }, effect: { type: 'drop-before' } });
      return hits(target, 200);
    };
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
    expect(run(1).length).toBeGreaterThan(30);
    expect(run(1).length).toBeLessThan(90);
  });

  it('refuses what is no fault', () => {
    expect(() => parseFault({ service: 'demo', effect: { type: 'explode' } })).toThrow();
    expect(() => parseFault({ service: 'demo', match: { nht: 1 }, effect: { type: 'drop-before' } })).toThrow();
    expect(() => book.add({ service: 'demo', match: { pattern: '(' }, effect: { type: 'drop-before' } })).toThrow();
  });
});
