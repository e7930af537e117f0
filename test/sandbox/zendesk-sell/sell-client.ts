// A small caller of the simulated Sell for tests: one token, JSON in and out.
// Never retries and never hides a status.

import { ManualClock } from '../../../sandbox/clock.ts';
import { createSellSandbox, type SellSandbox } from '../../../sandbox/zendesk-sell/create-sell-sandbox.ts';
import type { SellSandboxOptions } from '../../../sandbox/zendesk-sell/options.ts';

/** JSON as tests look at it. */
export type Json = { readonly [key: string]: Json } & readonly Json[] & string & number & boolean;

/** An answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly json: Json;
}

export const DEVICE = '6dadcec8-6e61-4691-b318-1aab27b8fecf';

/** One sandbox on a clock that stands still, and calls on it. */
export class SellClient {
  readonly clock: ManualClock;
  readonly sandbox: SellSandbox;
  token: string;

  constructor(options: SellSandboxOptions = {}) {
    this.clock = new ManualClock();
    this.sandbox = createSellSandbox({ clock: this.clock, limits: { enabled: false }, ...options });
    this.token = this.sandbox.tokens[0]?.token ?? '';
  }

  async call(
    method: string,
    url: string,
    body?: unknown,
    headers: Readonly<Record<string, string | undefined>> = {},
  ): Promise<Answer> {
    const sent: Record<string, string> = {};
    const all = {
      authorization: `Bearer ${this.token}`,
      'user-agent': 'contract-test',
      accept: 'application/json',
      'x-basecrm-device-uuid': DEVICE,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    };
    for (const [name, value] of Object.entries(all)) if (value !== undefined) sent[name] = value;
    const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await this.sandbox.app.inject({
      method: method as 'GET',
      url,
      headers: sent,
      ...(payload === undefined ? {} : { payload }),
    });
    let json: unknown = null;
    try {
      json = JSON.parse(answer.body);
    } catch {
      json = null;
    }
    return { status: answer.statusCode, headers: answer.headers, text: answer.body, json: json as Json };
  }

  get(url: string): Promise<Answer> {
    return this.call('GET', url);
  }

  post(url: string, data: unknown): Promise<Answer> {
    return this.call('POST', url, { data });
  }

  put(url: string, data: unknown): Promise<Answer> {
    return this.call('PUT', url, { data });
  }

  delete(url: string): Promise<Answer> {
    return this.call('DELETE', url);
  }

  /** The ids in a list answer. */
  async ids(url: string): Promise<number[]> {
    const answer = await this.get(url);
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
    return (answer.json['items'] as readonly Json[]).map((item) => item['data']?.['id'] as number);
  }

  /** One sync session to its end: every page's items, without acknowledging. */
  async pull(): Promise<Json[]> {
    const start = await this.call('POST', '/v2/sync/start');
    if (start.status === 204) return [];
    const items: Json[] = [];
    for (;;) {
      const page = await this.get(`/v2/sync/${start.json['data']?.['id']}/queues/main`);
      if (page.status === 204) return items;
      if (page.status !== 200) throw new Error(`${page.status} ${page.text}`);
      items.push(...(page.json['items'] as readonly Json[]));
    }
  }

  ack(items: readonly Json[]): Promise<Answer> {
    return this.post('/v2/sync/ack', { ack_keys: items.map((item) => item['meta']?.['sync']?.['ack_key']) });
  }

  /** Pulls and acknowledges everything. */
  async drain(): Promise<Json[]> {
    const items = await this.pull();
    if (items.length > 0) await this.ack(items);
    return items;
  }
}

/** The first error of an envelope, as `code field`. */
export function firstError(answer: Answer): string {
  const error = answer.json['errors']?.[0]?.['error'];
  return [error?.['code'], error?.['field']].filter((part) => part !== undefined).join(' ');
}

/** `event type id` of sync items, sorted. */
export function events(items: readonly Json[], type?: string): string[] {
  return items
    .filter((item) => type === undefined || item['meta']?.['type'] === type)
    .map((item) => `${item['meta']?.['sync']?.['event_type']} ${item['meta']?.['type']} ${item['data']?.['id']}`)
    .sort();
}
