// Who the account is and where it lives, from account-info. Never guesses an endpoint: what it cannot read it leaves as configured.
// Never lets an answer take the credentials to a host that is not Dotdigital's.
import type { AccountIdentity } from '../connector.ts';
import { ConnectorError } from '../error.ts';
import type { HttpReply, HttpRequest } from '../http/message.ts';
import type { Oddity } from '../oddity.ts';
import { parseHttpDate, parseServiceTime } from './service-time.ts';
import { accountAnswer, accountProperty, asText } from './wire.ts';

export interface Account {
  readonly identity: AccountIdentity;
  /** Base URL of every other call, without a slash at the end. */
  readonly endpoint: string;
}

interface Discovery {
  readonly http: <T>(request: HttpRequest<T>) => Promise<T>;
  /** The configured address. */
  readonly url: string;
  readonly report: (oddity: Oddity) => void;
}

/** Region that answers account-info for accounts of every region. */
const FIRST_REGION = 'https://r1-api.dotdigital.com';

/** Dotdigital's own, the former names included. (API: regions) */
const OWN_DOMAINS = ['dotdigital.com', 'dotmailer.com', 'apiconnector.com'] as const;

/**
 * `GET /v2/account-info`, one call. The service's time is the answer's `Date` header, else `GET /v2/server-time`.
 * Throws ConnectorError: `unauthorized` names the API user, `forbidden` hints at the region; `rejected` when the answer names an
 * address that is neither Dotdigital's nor the configured one. (R13)
 */
export async function discoverAccount(discovery: Discovery): Promise<Account> {
  const answer = await askAccountInfo(discovery, discovery.url).catch((error: unknown) => {
    const elsewhere = isRegionHost(discovery.url) && new URL(discovery.url).origin !== FIRST_REGION;
    if (elsewhere && error instanceof ConnectorError && error.kind === 'forbidden') {
      return askAccountInfo(discovery, FIRST_REGION);
    }
    throw error;
  });
  const properties = readProperties(answer.body.properties);
  const endpoint = readEndpoint(properties.get('apiendpoint') ?? null, discovery);
  const currency = (properties.get('currencycode') ?? '').trim().toUpperCase();
  return {
    endpoint,
    identity: {
      accountId: answer.body.id,
      name: properties.get('name') ?? answer.body.id,
      region: regionOf(endpoint),
      currency: /^[A-Z]{3}$/.test(currency) ? currency : null,
      serverTime: parseHttpDate(answer.date) ?? (await discovery.http({ ...serverTimeRequest, baseUrl: endpoint })),
    },
  };
}

function askAccountInfo(discovery: Discovery, baseUrl: string) {
  return discovery.http({
    method: 'GET',
    path: '/v2/account-info',
    baseUrl,
    scope: 'account-info',
    read: (reply) => ({ body: accountAnswer.parse(reply.json()), date: reply.headers.get('date') }),
  });
}

/** `GET /v2/server-time`: JSON string or bare text, with a space or a T, as the documents disagree. */
export const serverTimeRequest = {
  method: 'GET',
  path: '/v2/server-time',
  scope: 'server-time',
  read: (reply: HttpReply): string => {
    const time = parseServiceTime(reply.text);
    if (time === null) throw new SyntaxError('no time in the answer');
    return time;
  },
} as const;

/** Properties by lower-case name; what is not a name with a value is passed over. */
function readProperties(properties: readonly unknown[]): ReadonlyMap<string, string> {
  const byName = new Map<string, string>();
  for (const property of properties) {
    const parsed = accountProperty.safeParse(property);
    const value = parsed.success ? asText(parsed.data.value) : null;
    if (parsed.success && value !== null) byName.set(parsed.data.name.toLowerCase(), value);
  }
  return byName;
}

function readEndpoint(value: string | null, discovery: Discovery): string {
  const configured = discovery.url.replace(/\/+$/, '');
  if (value === null) return configured;
  const url = URL.parse(value.trim());
  // Credentials that were entrusted to an encrypted connection are never sent over an open one.
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && configured.startsWith('http:'));
  if (url === null || !safe || url.username !== '') {
    discovery.report({
      where: 'account-info',
      id: null,
      message: `ApiEndpoint "${value}" is not usable; staying at ${configured}`,
    });
    return configured;
  }
  // Whoever points at this machine (a simulation, a tunnel) must not be led away from it.
  if (isLoopback(configured) && !isLoopback(url.href)) return configured;
  if (!isTrusted(url, configured)) {
    throw new ConnectorError(
      `account-info at ${configured} sends this account to ${url.host}, which is no address of Dotdigital: nothing was sent there`,
      { kind: 'rejected', outcome: 'not-sent', code: 'foreign-endpoint', field: 'ApiEndpoint' },
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** The credentials follow the account to wherever it lives. */
function isTrusted({ hostname, href }: URL, configured: string): boolean {
  if (hostname === URL.parse(configured)?.hostname) return true;
  if (isLoopback(configured) && isLoopback(href)) return true;
  return OWN_DOMAINS.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`));
}

function isLoopback(address: string): boolean {
  const host = URL.parse(address)?.hostname ?? '';
  return host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
}

/** `r1`, `r2`, …; for any other address its host. Part of the account's identity, unlike the port. (R13) */
function regionOf(endpoint: string): string {
  const host = URL.parse(endpoint)?.hostname ?? '';
  return /^(r\d+)-api\./.exec(host)?.[1] ?? host;
}

function isRegionHost(url: string): boolean {
  return /^r\d+-api\.dotdigital\.com$/.test(URL.parse(url)?.hostname ?? '');
}
