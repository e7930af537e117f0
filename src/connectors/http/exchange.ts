// One request, one answer, over native fetch. The only place that calls fetch; never retries and never paces.
import { ConnectorError } from '../error.ts';
import type { HttpQuery, HttpReply, HttpRequest } from './message.ts';
import type { HttpRuntime } from './runtime.ts';

export interface Exchange {
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Method and path for messages; no query, no credentials. */
  readonly title: string;
}

/** Sends once. Throws ConnectorError of kind `cancelled`, `timeout`, `unavailable` or `malformed`; any HTTP status is a reply. */
export async function exchange(runtime: HttpRuntime, request: HttpRequest<unknown>, how: Exchange): Promise<HttpReply> {
  const controller = new AbortController();
  let ended: 'timeout' | 'cancelled' | null = null;
  const end = (why: 'timeout' | 'cancelled'): void => {
    ended ??= why;
    controller.abort();
  };
  const cancel = (): void => end('cancelled');
  if (how.signal?.aborted) throw cancelled(how.title, 'not-sent');
  const headers = checkedHeaders({ ...how.headers, ...contentType(request) }, how.title);
  how.signal?.addEventListener('abort', cancel, { once: true });
  const stopTimer = runtime.startTimer(how.timeoutMs, () => end('timeout'));
  try {
    const response = await runtime.fetch(how.url, {
      method: request.method,
      headers,
      // A redirect would carry the credentials elsewhere or turn a write into a read.
      redirect: 'manual',
      signal: controller.signal,
      ...(request.body === undefined ? {} : { body: encodeBody(request.body) }),
    });
    return await readReply(response, request, how.title);
  } catch (error) {
    if (error instanceof ConnectorError) throw error;
    if (ended === 'cancelled') throw cancelled(how.title, 'unknown');
    if (ended === 'timeout') {
      throw new ConnectorError(`${how.title}: no complete answer within ${how.timeoutMs / 1000} s`, {
        kind: 'timeout',
        outcome: 'unknown',
      });
    }
    throw brokenConnection(how.title, error);
  } finally {
    stopTimer();
    how.signal?.removeEventListener('abort', cancel);
  }

  async function readReply(response: Response, of: HttpRequest<unknown>, title: string): Promise<HttpReply> {
    let text = '';
    try {
      text = await response.text();
    } catch (error) {
      if (ended !== null) throw error;
      // An error status says enough without its body; a cut-off success does not.
      if (response.ok) {
        throw new ConnectorError(`${title}: the answer broke off (${describe(error)})`, {
          kind: 'malformed',
          outcome: of.method === 'GET' ? 'refused' : 'unknown',
          status: response.status,
          cause: error,
        });
      }
    }
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) as unknown };
  }
}

/** Appends the query; spaces and brackets are percent-encoded. */
export function buildUrl(base: string, path: string, query: HttpQuery | undefined): string {
  const root = base.replace(/\/+$/, '') + path;
  if (query === undefined) return root;
  const pairs = isPairs(query)
    ? query
    : Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as const]));
  if (pairs.length === 0) return root;
  return `${root}?${pairs.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&')}`;
}

/** As part of an address. Half a character, which JSON may hold and no address can, becomes the sign for an unknown one. */
export function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function isPairs(query: HttpQuery): query is readonly (readonly [string, string])[] {
  return Array.isArray(query);
}

function contentType(request: HttpRequest<unknown>): { readonly [name: string]: string } {
  if (request.body === undefined) return {};
  return { 'content-type': 'json' in request.body ? 'application/json' : 'application/x-www-form-urlencoded' };
}

/** The runtime's own complaint quotes the value, and the value may be a credential. */
function checkedHeaders(headers: { readonly [name: string]: string }, title: string): Headers {
  const checked = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    try {
      checked.set(name, value);
    } catch {
      throw new ConnectorError(`${title}: the value for the header ${name} has characters that cannot be sent`, {
        kind: 'rejected',
        outcome: 'not-sent',
      });
    }
  }
  return checked;
}

function encodeBody(body: NonNullable<HttpRequest<unknown>['body']>): string {
  return 'json' in body ? JSON.stringify(body.json) : new URLSearchParams(body.form).toString();
}

export function cancelled(title: string, outcome: 'not-sent' | 'unknown'): ConnectorError {
  return new ConnectorError(`${title}: cancelled`, { kind: 'cancelled', outcome });
}

/** Codes that only occur before the request was handed to the other side. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_HAS_EXPIRED',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ERR_INVALID_URL',
]);
/** System calls that come before anything is sent. */
const BEFORE_SENDING = new Set(['connect', 'getaddrinfo']);

function brokenConnection(title: string, error: unknown): ConnectorError {
  const causes = causesOf(error);
  const sent = !causes.some(
    (cause) => NEVER_SENT.has(stringAt(cause, 'code')) || BEFORE_SENDING.has(stringAt(cause, 'syscall')),
  );
  return new ConnectorError(
    `${title}: ${sent ? 'the connection broke before the answer was complete' : 'could not connect'} (${describe(error)})`,
    { kind: 'unavailable', outcome: sent ? 'unknown' : 'not-sent', cause: error },
  );
}

/** The error, its causes and, where several addresses were tried, one of their errors. */
function causesOf(error: unknown): readonly unknown[] {
  const found: unknown[] = [];
  let current: unknown = error;
  while (current instanceof Error && found.length < 8) {
    found.push(current);
    if (current instanceof AggregateError) found.push(...(current.errors as readonly unknown[]));
    current = current.cause;
  }
  return found;
}

function describe(error: unknown): string {
  const causes = causesOf(error);
  for (const cause of causes) {
    const code = stringAt(cause, 'code');
    if (code !== '') return code;
  }
  const last = causes.at(-1);
  return last instanceof Error ? last.message : 'unknown cause';
}

function stringAt(value: unknown, key: 'code' | 'syscall'): string {
  if (typeof value !== 'object' || value === null || !(key in value)) return '';
  const found = (value as { readonly [name: string]: unknown })[key];
  return typeof found === 'string' ? found : '';
}
