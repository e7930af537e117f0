// The one way out to a service: pacing, a cap on concurrency, time limits, retries and call counting around `exchange`.
// Never decides what an answer means (the service's `classify` does) and never repeats a write that may have taken effect.
import { setMaxListeners } from 'node:events';
import type { CallCounts } from '../connector.ts';
import { ConnectorError, type Service } from '../error.ts';
import { buildUrl, cancelled, exchange } from './exchange.ts';
import { createGate } from './gate.ts';
import type { CallWatch, Classify, HttpReply, HttpRequest, Refusal } from './message.ts';
import { type Pacer, type Tier, unpaced } from './pacer.ts';
import { DEFAULT_RETRY_BUDGET, mayRepeat, nextDelay, type RetryBudget } from './retry-policy.ts';
import { type HttpRuntime, realRuntime } from './runtime.ts';

/** Request headers that carry the credential. `rejected` is called with them after a 401. */
export interface Authorizer {
  headers(signal: AbortSignal | undefined): Promise<{ readonly [name: string]: string }>;
  /** True when a fresh credential is at hand and the request is worth sending once more. */
  rejected(used: { readonly [name: string]: string }, signal: AbortSignal | undefined): Promise<boolean>;
}

export interface HttpClientOptions {
  readonly baseUrl: string;
  /** Sent with every request, e.g. User-Agent and Accept. */
  readonly headers: { readonly [name: string]: string };
  readonly authorizer?: Authorizer;
  readonly classify: Classify;
  /** Named in every error that leaves. */
  readonly service?: Service;
  /** Default: unpaced. */
  readonly pacer?: Pacer;
  /** Exchanges at once. */
  readonly concurrency: number;
  /** Milliseconds for one exchange, body included. */
  readonly timeoutMs: number;
  readonly retry?: Partial<RetryBudget>;
  readonly runtime?: Partial<HttpRuntime>;
  /** Ends everything this client does, with kind `cancelled`. */
  readonly signal?: AbortSignal | undefined;
  /** Asked right before each exchange; on false nothing is sent and the request ends with kind `cancelled`. */
  readonly mayCall?: (() => boolean) | undefined;
  readonly watchCall?: CallWatch | undefined;
}

export interface HttpClient {
  /** What is known of the service's limits. */
  tiers(): readonly Tier[];
  /** Live counts of what was sent, retries included. */
  readonly calls: CallCounts;
  /** The result of `request.read`. Throws ConnectorError once the retry policy gives up. */
  send<T>(request: HttpRequest<T>): Promise<T>;
}

interface Failure {
  readonly error: ConnectorError;
  readonly retryAfterMs: number | null;
  readonly final: boolean;
}

const NOTHING_SAID = { throttled: false, retryAfterMs: null, headers: null } as const;

type Attempt<T> = { readonly value: T } | Failure;

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const runtime: HttpRuntime = { ...realRuntime, ...options.runtime };
  const retry: RetryBudget = { ...DEFAULT_RETRY_BUDGET, ...options.retry };
  const pacer = options.pacer ?? unpaced;
  const gate = createGate(options.concurrency);
  const sent = { read: 0, write: 0 };
  const calls: CallCounts = {
    get reads() {
      return sent.read;
    },
    get writes() {
      return sent.write;
    },
  };

  async function send<T>(request: HttpRequest<T>): Promise<T> {
    try {
      return await sendAndRetry(request);
    } catch (error) {
      if (error instanceof ConnectorError) error.service ??= options.service ?? null;
      throw error;
    }
  }

  async function sendAndRetry<T>(request: HttpRequest<T>): Promise<T> {
    const title = `${request.method} ${request.name ?? request.path}`;
    const signal = joinSignals(options.signal, request.signal);
    // Everything under way listens to one signal; that is no leak.
    if (signal !== undefined) setMaxListeners(0, signal);
    const idempotent = request.idempotent ?? (request.method !== 'POST' && request.method !== 'PATCH');
    const budget = { ...retry, maxAttempts: Math.min(retry.maxAttempts, request.maxAttempts ?? retry.maxAttempts) };
    const begun = runtime.now();
    let reauthorized = false;
    for (let attempt = 1; ; attempt += 1) {
      const used = await credentials(request, signal);
      const result = await attemptOnce(request, title, used, signal);
      if ('value' in result) return result.value;
      const { error } = result;
      if (error.kind === 'unauthorized' && !reauthorized && request.authorize !== false) {
        reauthorized = true;
        if ((await options.authorizer?.rejected(used, signal)) === true) continue;
      }
      if (result.final || !mayRepeat(error.kind, error.outcome, idempotent)) throw error;
      const delay = nextDelay(attempt, runtime.now() - begun, result.retryAfterMs, runtime.random(), budget);
      if (delay === null) throw error;
      await runtime.sleep(delay, signal).catch(() => {
        // The last failure says what became of the request; only the waiting was cancelled.
        throw cancelled(title, error.outcome === 'unknown' ? 'unknown' : 'not-sent');
      });
    }
  }

  async function credentials(
    request: HttpRequest<unknown>,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly [name: string]: string }> {
    if (request.authorize === false || options.authorizer === undefined) return {};
    return options.authorizer.headers(signal);
  }

  async function attemptOnce<T>(
    request: HttpRequest<T>,
    title: string,
    auth: { readonly [name: string]: string },
    signal: AbortSignal | undefined,
  ): Promise<Attempt<T>> {
    const scope = request.scope ?? '';
    const hide = (text: string): string => redact(text, [...secretsOf(auth), ...(request.secrets ?? [])]);
    const leave = await gate.enter(signal).catch(() => {
      throw cancelled(title, 'not-sent');
    });
    try {
      await pacer.acquire(scope, signal).catch((error: unknown) => {
        // Where the pace is shared, the place where it lies may be away.
        throw signal?.aborted === true ? cancelled(title, 'not-sent') : error;
      });
      if (options.mayCall?.() === false) {
        pacer.observe(scope, NOTHING_SAID);
        throw cancelled(title, 'not-sent');
      }
      const counts = request.counts ?? (request.method === 'GET' ? 'read' : 'write');
      if (counts !== 'none') sent[counts] += 1;
      const url = buildUrl(request.baseUrl ?? options.baseUrl, request.path, request.query);
      let reply: HttpReply;
      const ended = options.watchCall?.(request.method, request.path);
      try {
        const headers = { ...options.headers, ...auth, ...request.headers };
        const timeoutMs = request.timeoutMs ?? options.timeoutMs;
        reply = await exchange(runtime, request, { url, headers, timeoutMs, signal, title });
        ended?.(reply.status);
      } catch (error) {
        ended?.(null);
        pacer.observe(scope, NOTHING_SAID);
        throw error;
      }
      if (reply.status >= 200 && reply.status < 300) {
        pacer.observe(scope, { throttled: false, retryAfterMs: null, headers: reply.headers });
        return { value: readReply(request, reply, title) };
      }
      const refusal = options.classify(reply, request);
      const retryAfterMs = refusal.retryAfterMs ?? retryAfterOf(reply.headers, runtime.now());
      pacer.observe(scope, { throttled: isThrottle(refusal), retryAfterMs, headers: reply.headers });
      return { error: refusalError(refusal, reply, title, hide), retryAfterMs, final: refusal.final === true };
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      return { error, retryAfterMs: null, final: error.kind === 'cancelled' };
    } finally {
      leave();
    }
  }

  return { calls, send, tiers: () => pacer.tiers() };
}

function isThrottle(refusal: Refusal): boolean {
  return refusal.kind === 'rate-limited' && refusal.final !== true;
}

function refusalError(
  refusal: Refusal,
  reply: HttpReply,
  title: string,
  hide: (text: string) => string,
): ConnectorError {
  return new ConnectorError(hide(`${title}: ${refusal.message}`), {
    kind: refusal.kind,
    outcome: refusal.outcome,
    status: reply.status,
    code: refusal.code ?? null,
    field: refusal.field ?? null,
  });
}

function readReply<T>(request: HttpRequest<T>, reply: HttpReply, title: string): T {
  try {
    return request.read(reply);
  } catch (error) {
    if (error instanceof ConnectorError) throw error;
    throw new ConnectorError(`${title}: ${whatIsWrong(error)}`, {
      kind: 'malformed',
      // A read changes nothing, so nothing can be unknown about it.
      outcome: request.method === 'GET' ? 'refused' : 'unknown',
      status: reply.status,
    });
  }
}

function whatIsWrong(error: unknown): string {
  // A syntax error quotes the body, which may be somebody's data.
  if (error instanceof SyntaxError) return 'the answer is not valid JSON';
  const detail = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ').slice(0, 200) : '';
  return `the answer is not in the expected form${detail === '' ? '' : ` (${detail})`}`;
}

/** Milliseconds of a Retry-After header, in either of its forms (seconds or a date); null when absent or unreadable. */
function retryAfterOf(headers: Headers, now: number): number | null {
  const value = headers.get('retry-after')?.trim();
  if (value === undefined || value === '') return null;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

function secretsOf(headers: { readonly [name: string]: string }): readonly string[] {
  return Object.values(headers).flatMap((value) => [value, value.slice(value.indexOf(' ') + 1)]);
}

function redact(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= 4)
    .reduce((clean, secret) => clean.replaceAll(secret, '***'), text);
}

function joinSignals(a: AbortSignal | undefined, b: AbortSignal | undefined): AbortSignal | undefined {
  if (a === undefined) return b;
  return b === undefined ? a : AbortSignal.any([a, b]);
}
