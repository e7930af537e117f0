// A Dotdigital sandbox on a clock moved by hand, and calls against it. Never replaces a part of the sandbox.

import type { InjectOptions } from 'fastify';
import { ManualClock } from '../../../sandbox/clock.ts';
import {
  createDotdigitalSandbox,
  type DotdigitalSandbox,
} from '../../../sandbox/dotdigital/create-dotdigital-sandbox.ts';
import { type DotdigitalSandboxOptions, defaultApiUser } from '../../../sandbox/dotdigital/options.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly body: Json;
}
/** Any JSON, read without saying beforehand what it is: asserting on it is what the tests do. */
export type Json = { readonly [name: string]: Json } & readonly Json[] & string;

export interface Bench extends DotdigitalSandbox {
  readonly clock: ManualClock;
  call(method: string, url: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Imports contacts and waits for the result. */
  importAll(contacts: readonly object[], mergeOption?: string): Promise<Json>;
}

export const AUTHORIZATION = `Basic ${Buffer.from(`${defaultApiUser.user}:${defaultApiUser.password}`).toString('base64')}`;
export const START = Date.UTC(2026, 5, 1, 12);

export function setUp(options: DotdigitalSandboxOptions = {}): Bench {
  const clock = new ManualClock({ start: START });
  const sandbox = createDotdigitalSandbox({ clock, ...options });
  const call: Bench['call'] = async (method, url, body, headers = {}) => {
    const response = await sandbox.app.inject({
      method: method as NonNullable<InjectOptions['method']>,
      url,
      headers: {
        authorization: AUTHORIZATION,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = response.payload;
    let parsed: unknown = null;
    if (/json/.test(String(response.headers['content-type'])) && text !== '') parsed = JSON.parse(text);
    return { status: response.statusCode, headers: response.headers, text, body: parsed as Json };
  };
  const importAll: Bench['importAll'] = async (contacts, mergeOption) => {
    const accepted = await call('PUT', '/contacts/v3/import', { ...(mergeOption && { mergeOption }), contacts });
    if (accepted.status !== 202) throw new Error(`import refused: ${accepted.text}`);
    clock.advance(sandbox.switches.importDelayMs);
    return (await call('GET', `/contacts/v3/import/${accepted.body['importId'] as string}`)).body;
  };
  return { ...sandbox, clock, call, importAll };
}

export const row = (email: string, more: object = {}): object => ({
  matchIdentifier: 'email',
  identifiers: { email },
  ...more,
});
