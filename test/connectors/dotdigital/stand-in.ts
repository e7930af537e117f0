// A service of a few lines on a real socket, for answers that the simulated account never gives. Not a test.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDotdigital, type DotdigitalConnector } from '../../../src/connectors/dotdigital/dotdigital.ts';
import type { DotdigitalOptions } from '../../../src/connectors/dotdigital/options.ts';
import type { Oddity } from '../../../src/connectors/oddity.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Path and query as they came over the wire. */
  readonly raw: string;
  readonly body: unknown;
  readonly headers: IncomingMessage['headers'];
  /** Virtual time of the request. */
  readonly at: number;
}

export type Said =
  | {
      readonly status?: number;
      readonly json?: unknown;
      readonly text?: string;
      readonly headers?: { readonly [name: string]: string };
      readonly noDate?: boolean;
    }
  /** The socket is closed before a byte of the answer. */
  | 'drop'
  /** Headers promise more than is sent. */
  | 'truncate';

export type Answering = (asked: Asked) => Said;

export interface StandIn {
  readonly url: string;
  readonly asked: Asked[];
  readonly oddities: Oddity[];
  /** Virtual milliseconds; waiting advances them at once. */
  readonly clock: { now: number };
  readonly waits: number[];
  connector(options?: Partial<DotdigitalOptions>): DotdigitalConnector;
  close(): Promise<void>;
}

/** Answers account-info by itself unless `answer` does. */
export async function startStandIn(answer: Answering): Promise<StandIn> {
  const asked: Asked[] = [];
  const oddities: Oddity[] = [];
  const waits: number[] = [];
  const clock = { now: Date.UTC(2026, 0, 5, 12, 0, 0) };
  const server = createServer((request, response) => {
    void receive(request).then((body) => {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      const question: Asked = {
        method: request.method ?? '',
        path: decodeURI(url.pathname),
        query: url.searchParams,
        raw: request.url ?? '',
        body: body === '' ? undefined : (JSON.parse(body) as unknown),
        headers: request.headers,
        at: clock.now,
      };
      asked.push(question);
      reply(response, answer(question), clock.now);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    asked,
    oddities,
    clock,
    waits,
    connector: (options) =>
      createDotdigital({
        url,
        user: 'apiuser-1234567890ab@apiconnector.com',
        password: 'a secret word',
        onOddity: (oddity) => oddities.push(oddity),
        runtime: {
          now: () => clock.now,
          sleep: (ms) => {
            waits.push(ms);
            const until = clock.now + ms;
            return Promise.resolve().then(() => {
              // Several may be waiting at once: each has waited when its own moment has come.
              clock.now = Math.max(clock.now, until);
            });
          },
          random: () => 0.5,
        },
        ...options,
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The usual account, so that a test only says what it is about. */
export function accountInfo(properties: readonly { readonly name: string; readonly value: string }[] = []): Said {
  return { json: { id: 1234, properties: [{ name: 'Name', type: 'String', value: 'Demo' }, ...properties] } };
}

/** A last page of contacts. */
export function lastPage(items: readonly unknown[]): Said {
  return { json: { _links: { self: { marker: '', link: '' }, first: { marker: '', link: '' } }, _items: items } };
}

export async function collect<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

async function receive(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function reply(response: ServerResponse, said: Said, now: number): void {
  if (said === 'drop') {
    response.destroy();
    return;
  }
  if (said === 'truncate') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
    response.write('{"_items":[');
    setImmediate(() => response.destroy());
    return;
  }
  const text = said.text ?? (said.json === undefined ? '' : JSON.stringify(said.json));
  response.sendDate = false;
  if (said.noDate !== true) response.setHeader('date', new Date(now).toUTCString());
  response.writeHead(said.status ?? 200, { 'content-type': 'application/json', ...said.headers });
  response.end(text);
}
