// A server that answers as a test says, call by call, in Sell's envelopes. Holds no data and no rules of its own.

import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import type { CrmConnector, CrmSelection } from '../../../src/connectors/connector.ts';
import {
  createZendeskSell,
  type ZendeskSellOptions,
} from '../../../src/connectors/zendesk-sell/create-zendesk-sell.ts';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: { readonly [name: string]: string };
  readonly body: unknown;
  /** Text as it came. */
  readonly text: string;
}

export interface Reply {
  readonly status?: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: { readonly [name: string]: string };
}

export type Script = (call: Call) => Reply | Promise<Reply>;

export interface ScriptedSell {
  readonly url: string;
  readonly calls: readonly Call[];
  /** `GET /v2/contacts` and so on, in order. */
  readonly titles: () => readonly string[];
  readonly sell: CrmConnector;
  readonly waits: readonly number[];
  connect(more?: Partial<ZendeskSellOptions>): CrmConnector;
  close(): Promise<void>;
}

/** Starts it on 127.0.0.1 with a connector that does not wait between retries and is not paced. */
export async function startScriptedSell(script: Script): Promise<ScriptedSell> {
  const app = fastify({ forceCloseConnections: true });
  const calls: Call[] = [];
  const waits: number[] = [];
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.all('*', async (request, reply) => {
    const at = new URL(request.url, 'http://sell.test');
    const text = typeof request.body === 'string' ? request.body : '';
    const isJson = (request.headers['content-type'] ?? '').includes('json');
    const call: Call = {
      method: request.method,
      path: at.pathname,
      query: at.searchParams,
      headers: request.headers as { readonly [name: string]: string },
      body: isJson && text !== '' ? (JSON.parse(text) as unknown) : undefined,
      text,
    };
    calls.push(call);
    const told = await script(call);
    void reply.code(told.status ?? 200).headers(told.headers ?? {});
    if (told.text !== undefined) return reply.send(told.text);
    return told.json === undefined
      ? reply.send()
      : reply.header('content-type', 'application/json').send(JSON.stringify(told.json));
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;

  function connect(more: Partial<ZendeskSellOptions> = {}): CrmConnector {
    return createZendeskSell({
      url,
      auth: { accessToken: 'a-token-of-sell' },
      requestsPerSecond: 0,
      ...more,
      runtime: {
        sleep(ms) {
          waits.push(ms);
          return Promise.resolve();
        },
        ...more.runtime,
      },
    });
  }

  return {
    url,
    calls,
    titles: () => calls.map(({ method, path }) => `${method} ${path}`),
    sell: connect(),
    waits,
    connect,
    close: () => app.close(),
  };
}

export const NOTHING: CrmSelection = { roles: ['contact', 'lead'], paths: [] };

export function one(data: unknown, type = 'contact'): Reply {
  return { json: { data, meta: { type } } };
}

export function many(items: readonly unknown[], links: { readonly [name: string]: string } = {}): Reply {
  return {
    json: {
      items: items.map((data) => ({ data, meta: { type: 'x' } })),
      meta: { type: 'collection', count: items.length, links },
    },
  };
}

export function failure(
  status: number,
  code: string,
  more: { readonly field?: string; readonly details?: string } = {},
): Reply {
  return {
    status,
    json: {
      errors: [{ error: { code, message: 'm', ...more }, meta: { type: 'error' } }],
      meta: { type: 'errors', http_status: String(status) },
    },
  };
}

/** A contact as Sell sends one, or a lead. */
export function person(
  id: number,
  more: { readonly [attribute: string]: unknown } = {},
): { readonly [attribute: string]: unknown } {
  return {
    id,
    creator_id: 7,
    owner_id: 7,
    is_organization: false,
    contact_id: null,
    name: 'Ann Example',
    first_name: 'Ann',
    last_name: 'Example',
    customer_status: 'none',
    prospect_status: 'none',
    status: 'New',
    email: `ann${id}@example.test`,
    title: null,
    address: { line1: null, city: null, postal_code: null, state: null, country: null },
    tags: [],
    custom_fields: {},
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:01Z',
    ...more,
  };
}

/** Everything a stream gives, in order. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of stream) all.push(item);
  return all;
}
