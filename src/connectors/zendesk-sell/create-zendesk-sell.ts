// Zendesk Sell as a CRM connector: puts the parts together. Knows nothing of links, plans or the other system.
import type { AccountIdentity, CrmConnector } from '../connector.ts';
import { evenRules } from '../http/even-rules.ts';
import { createHttpClient, type HttpClient } from '../http/http-client.ts';
import type { CallWatch } from '../http/message.ts';
import { unpaced } from '../http/pacer.ts';
import { ownPace, type PaceShare } from '../http/paces.ts';
import type { RetryBudget } from '../http/retry-policy.ts';
import { type HttpRuntime, realRuntime } from '../http/runtime.ts';
import type { Oddity } from '../oddity.ts';
import { createCustomFields } from './custom-fields.ts';
import { probeCapabilities } from './probe-capabilities.ts';
import { pullChanges } from './pull-changes.ts';
import { readConversions, readConversionsAfter } from './read-conversions.ts';
import { findProducts, readProducts } from './read-products.ts';
import { readSchema } from './read-schema.ts';
import { createRecords } from './records.ts';
import { createRelations } from './relations.ts';
import { createOAuthAuthorizer, createTokenAuthorizer, describeCredential, type SellAuth } from './sell-auth.ts';
import { createClassifier } from './sell-errors.ts';
import { createWholeRecords } from './whole-records.ts';
import { parseReply, single, wireAccount } from './wire.ts';

export interface ZendeskSellOptions {
  /** E.g. `https://api.getbase.com`. */
  readonly url: string;
  readonly auth: SellAuth;
  /** The token's documented limit; 98 % of it is used. Default 10; 0 = not paced. */
  readonly requestsPerSecond?: number;
  /** Whose pace it is. Default: this connector's alone. */
  readonly pace?: PaceShare;
  /** Calls under way at once. Default 8. */
  readonly concurrency?: number;
  /** Sell refuses calls without one. */
  readonly userAgent?: string;
  /** Milliseconds for one call. Default 60,000. */
  readonly timeoutMs?: number;
  readonly retry?: Partial<RetryBudget>;
  readonly runtime?: Partial<HttpRuntime>;
  /** Ends everything under way. */
  readonly signal?: AbortSignal | undefined;
  /** Asked right before each call; on false nothing is sent. */
  readonly mayCall?: (() => boolean) | undefined;
  readonly watchCall?: CallWatch | undefined;
  /** Told of everything unreadable that was skipped; a list is never lost for one item. */
  readonly onOddity?: ((oddity: Oddity) => void) | undefined;
}

const DOCUMENTED_RATE = 10;
/** The rest is for clock differences between here and there: a refused call costs more than it saves. */
const SHARE_OF_RATE = 0.98;

export function createZendeskSell(options: ZendeskSellOptions): CrmConnector {
  const runtime: HttpRuntime = { ...realRuntime, ...options.runtime };
  const concurrency = options.concurrency ?? 8;
  const http = createSellHttp(options, runtime, concurrency);
  const relations = createRelations(http, runtime);
  const whole = createWholeRecords(http);
  const customFields = createCustomFields(http);
  const report = (oddity: Oddity): void => options.onOddity?.(oddity);
  const pagesAhead = Math.min(4, concurrency);
  const records = createRecords({ http, relations, whole, customFields, pagesAhead, report });
  return {
    system: 'crm',
    label: 'sell',
    calls: http.calls,
    tiers: () => http.tiers(),
    ...records,
    identify: () => identify(http, runtime),
    users: () => relations.users(),
    schema: () => readSchema(http, customFields),
    pull: (replica, selection) =>
      pullChanges({ http, relations, whole, runtime, signal: options.signal }, replica, selection),
    capabilities: () => probeCapabilities(http, 'oauth' in options.auth),
    products: () => readProducts(http, report),
    findProducts: (ids) => findProducts(http, ids),
    conversionsOf: (leadIds) => readConversions(http, leadIds),
    conversionsAfter: (id) => readConversionsAfter(http, id, report),
  };
}

function createSellHttp(options: ZendeskSellOptions, runtime: HttpRuntime, concurrency: number): HttpClient {
  const { auth } = options;
  const rate = options.requestsPerSecond ?? DOCUMENTED_RATE;
  const { paces, key, tenant } = options.pace ?? ownPace(runtime);
  const http: HttpClient = createHttpClient({
    baseUrl: options.url,
    headers: { accept: 'application/json', 'user-agent': options.userAgent ?? 'lockstep-sync' },
    authorizer:
      'oauth' in auth
        ? createOAuthAuthorizer(auth.oauth, () => http, runtime)
        : createTokenAuthorizer(auth.accessToken),
    classify: createClassifier(describeCredential(auth)),
    service: 'crm',
    pacer: rate > 0 ? paces.pacer(key, tenant, evenRules({ requestsPerSecond: rate * SHARE_OF_RATE })) : unpaced,
    concurrency,
    timeoutMs: options.timeoutMs ?? 60_000,
    runtime,
    signal: options.signal,
    mayCall: options.mayCall,
    watchCall: options.watchCall,
    ...(options.retry === undefined ? {} : { retry: options.retry }),
  });
  return http;
}

/** The account behind the credential, and Sell's clock: its Date header, else ours. (R13) */
function identify(http: HttpClient, runtime: Pick<HttpRuntime, 'now'>): Promise<AccountIdentity> {
  return http.send({
    method: 'GET',
    path: '/v2/accounts/self',
    read: (reply) => {
      const account = parseReply(single(wireAccount), reply).data;
      const date = Date.parse(reply.headers.get('date') ?? '');
      return {
        accountId: account.id,
        name: account.name ?? '',
        // One region for everybody: the address may change (a proxy, a test), the account may not.
        region: 'sell',
        currency: account.currency ?? null,
        serverTime: new Date(Number.isNaN(date) ? runtime.now() : date).toISOString(),
      };
    },
  });
}
