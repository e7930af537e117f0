// What the credential and the plan allow, found out without changing anything: reads of one record, a change to a record
// that cannot exist, and a look at a sync session that never was. Never starts a sync session: that would build a full queue.
import { z } from 'zod';
import type { Capability, CrmCapabilities } from '../connector.ts';
import { ConnectorError } from '../error.ts';
import type { HttpClient } from '../http/http-client.ts';
import type { HttpRequest } from '../http/message.ts';
import { queuePath } from './sync-session.ts';

const SCOPES = ['read', 'write', 'profile', 'sync'] as const;
type Scope = (typeof SCOPES)[number];

const NOBODY = '00000000-0000-4000-8000-000000000000';

const tokenInfo = z.looseObject({
  scope: z.union([z.string(), z.array(z.string())]).nullish(),
  scopes: z.union([z.string(), z.array(z.string())]).nullish(),
  expires_in: z.number().nullish(),
});

/** Some plans answer 500 where a call is not included; a probe need not wait that out. */
const PROBE_ATTEMPTS = 3;

type Answer = { readonly type: 'ok' } | { readonly type: 'refused'; readonly error: ConnectorError };

/** @param renewed the access token is renewed in time, so that its own end means nothing */
export async function probeCapabilities(http: HttpClient, renewed: boolean): Promise<CrmCapabilities> {
  const [info, profile, read, sync, products] = await Promise.all([
    readTokenInfo(http),
    probe(http, { method: 'GET', path: '/v2/accounts/self', read: () => null }),
    probe(http, { method: 'GET', path: '/v2/contacts', query: { per_page: 1 }, read: () => null }),
    probe(http, {
      method: 'GET',
      path: queuePath(NOBODY),
      name: '/v2/sync/(none)/queues/main',
      headers: { 'x-basecrm-device-uuid': NOBODY },
      read: () => null,
    }),
    probe(http, { method: 'GET', path: '/v2/products', query: { per_page: 1 }, read: () => null }),
  ]);
  const has: Record<Scope, boolean> = {
    profile: !lacksScope(profile),
    read: !lacksScope(read),
    sync: !lacksScope(sync),
    write: info.scopes === null ? await mayWrite(http) : info.scopes.has('write'),
  };
  return {
    scopes: { found: SCOPES.filter((scope) => has[scope]), missing: SCOPES.filter((scope) => !has[scope]) },
    changeFeed: judgeFeed(sync),
    products: judgeProducts(products),
    endsInSeconds: renewed ? null : info.endsInSeconds,
  };
}

interface TokenInfo {
  readonly scopes: ReadonlySet<string> | null;
  readonly endsInSeconds: number | null;
}
const NOTHING_TOLD: TokenInfo = { scopes: null, endsInSeconds: null };

/** The token's own words, where the service gives them. Not documented in detail, so anything unexpected means "ask otherwise". */
async function readTokenInfo(http: HttpClient): Promise<TokenInfo> {
  try {
    return await http.send({
      method: 'GET',
      path: '/oauth2/token/info',
      read: (reply) => {
        const parsed = tokenInfo.safeParse(parseOrNull(reply.text));
        if (!parsed.success) return NOTHING_TOLD;
        const { scope, scopes, expires_in: endsInSeconds } = parsed.data;
        const told = scope ?? scopes ?? null;
        const names = typeof told === 'string' ? told.split(/\s+/) : told;
        return { scopes: names === null ? null : new Set(names), endsInSeconds: endsInSeconds ?? null };
      },
    });
  } catch (error) {
    if (error instanceof ConnectorError && error.kind !== 'cancelled') return NOTHING_TOLD;
    throw error;
  }
}

/** No record has the id 0: with the scope the answer is "not found", and nothing can come of it either way. */
async function mayWrite(http: HttpClient): Promise<boolean> {
  return !lacksScope(
    await probe(http, { method: 'PUT', path: '/v2/contacts/0', body: { json: { data: {} } }, read: () => null }),
  );
}

/** Refusals are answers here; a service out of reach, throttling or refusing the credential is not. */
async function probe(http: HttpClient, request: HttpRequest<null>): Promise<Answer> {
  try {
    await http.send({ ...request, maxAttempts: PROBE_ATTEMPTS });
    return { type: 'ok' };
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.status === null) throw error;
    if (error.kind === 'unauthorized' || error.kind === 'rate-limited' || error.kind === 'cancelled') throw error;
    return { type: 'refused', error };
  }
}

function lacksScope(answer: Answer): boolean {
  return answer.type === 'refused' && answer.error.code === 'insufficient_scope';
}

/** An unknown session answers 404 exactly when scope and plan allow to ask. */
function judgeFeed(answer: Answer): Capability {
  if (answer.type === 'ok' || (answer.error.status === 404 && answer.error.code !== 'incorrect_path')) {
    return { usable: true, message: 'the Sync API answers' };
  }
  return { usable: false, message: answer.error.message };
}

function judgeProducts(answer: Answer): Capability {
  return answer.type === 'ok'
    ? { usable: true, message: 'products can be read' }
    : { usable: false, message: `products cannot be read: ${answer.error.message}` };
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
