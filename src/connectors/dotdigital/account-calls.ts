// Calls to one account at its own endpoint: finds the region first, asks again once on a 403, waits out the flat hourly cap.
// Never sends anything but account-info to the configured address once the account's endpoint is known.
import type { AccountIdentity, CallCounts } from '../connector.ts';
import { ConnectorError } from '../error.ts';
import { budgetRules } from '../http/budget-rules.ts';
import { createHttpClient, type HttpClient } from '../http/http-client.ts';
import type { HttpRequest } from '../http/message.ts';
import { ownPace } from '../http/paces.ts';
import { type HttpRuntime, realRuntime } from '../http/runtime.ts';
import type { Oddity } from '../oddity.ts';
import { type Account, discoverAccount } from './account.ts';
import { createClassify, USAGE_CAP_CODE } from './classify.ts';
import { DEFAULT_POLL, type DotdigitalOptions, type PollTiming, USAGE_WINDOW_MS } from './options.ts';
import { createBudgetReader } from './rate-headers.ts';

/** What every part of the connector works with. */
export interface AccountCalls {
  readonly counts: CallCounts;
  tiers(): ReturnType<HttpClient['tiers']>;
  readonly runtime: HttpRuntime;
  readonly poll: PollTiming;
  readonly signal: AbortSignal | undefined;
  /** Asks account-info afresh. */
  identify(): Promise<AccountIdentity>;
  /** `scope` of the request: one word for each kind of call; the service's own scope is learnt from its answers. */
  send<T>(request: HttpRequest<T> & { readonly scope: string }): Promise<T>;
  report(oddity: Oddity): void;
}

export function createAccountCalls(options: DotdigitalOptions): AccountCalls {
  const runtime: HttpRuntime = { ...realRuntime, ...options.runtime };
  const poll: PollTiming = { ...DEFAULT_POLL, ...options.poll };
  const readBudget = createBudgetReader();
  const { paces, key, tenant } = options.pace ?? ownPace(runtime);
  const basic = Buffer.from(`${options.user}:${options.password}`, 'utf8').toString('base64');
  const http: HttpClient = createHttpClient({
    baseUrl: options.url,
    headers: { accept: 'application/json', 'user-agent': options.userAgent ?? 'Lockstep' },
    authorizer: {
      headers: () => Promise.resolve({ authorization: `Basic ${basic}` }),
      rejected: () => Promise.resolve(false),
    },
    classify: createClassify({ user: options.user, readBudget, now: () => runtime.now() }),
    service: 'marketing',
    pacer: paces.pacer(
      key,
      tenant,
      budgetRules({ readBudget, reserve: options.reserve ?? 0, throttlePauseMs: 15_000 }),
    ),
    concurrency: options.concurrency ?? 4,
    timeoutMs: options.timeoutMs ?? 125_000,
    runtime,
    mayCall: options.mayCall,
    watchCall: options.watchCall,
    ...(options.retry === undefined ? {} : { retry: options.retry }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });

  let known: Promise<Account> | null = null;
  /** Endpoint that a 403 was already checked against: the account is not elsewhere, the call is simply not allowed. */
  let confirmed: string | null = null;

  function report(oddity: Oddity): void {
    options.onOddity?.(oddity);
  }

  function discover(): Promise<Account> {
    const found = discoverAccount({ http: withCapWait, url: options.url, report });
    known = found;
    found.catch(() => {
      if (known === found) known = null;
    });
    return found;
  }

  async function send<T>(request: HttpRequest<T>): Promise<T> {
    const account = await (known ?? discover());
    try {
      return await withCapWait({ ...request, baseUrl: account.endpoint });
    } catch (error) {
      if (!isForbidden(error) || confirmed === account.endpoint) throw error;
      const { endpoint } = await discover();
      confirmed = endpoint;
      if (endpoint === account.endpoint) throw error;
      return await withCapWait({ ...request, baseUrl: endpoint });
    }
  }

  /** The flat scheme has no reset time: the oldest calls leave the rolling hour one after the other. */
  async function withCapWait<T>(request: HttpRequest<T>): Promise<T> {
    const begun = runtime.now();
    for (;;) {
      try {
        return await http.send({ ...request, secrets: [options.password, ...(request.secrets ?? [])] });
      } catch (error) {
        const capped = error instanceof ConnectorError && error.code === USAGE_CAP_CODE;
        if (!capped || runtime.now() - begun + poll.usageCapMs > USAGE_WINDOW_MS) throw error;
        await runtime.sleep(poll.usageCapMs, options.signal).catch(() => {
          throw cancelled(error);
        });
      }
    }
  }

  return {
    counts: http.calls,
    tiers: () => http.tiers(),
    runtime,
    poll,
    signal: options.signal,
    identify: async () => (await discover()).identity,
    send,
    report,
  };
}

/** Stands for a wait that was ended from outside; what was refused before stays not done. */
export function cancelled(cause: unknown): ConnectorError {
  return new ConnectorError('waiting for Dotdigital was cancelled', { kind: 'cancelled', outcome: 'not-sent', cause });
}

function isForbidden(error: unknown): error is ConnectorError {
  return error instanceof ConnectorError && error.kind === 'forbidden' && error.status === 403;
}
