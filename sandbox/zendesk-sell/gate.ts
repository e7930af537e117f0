// What every call of the API passes before its route: User-Agent, token, rate, Accept, scope.
// Never looks at bodies or records.

import type { FastifyRequest } from 'fastify';
import { type SellContext, setCaller } from './context.ts';
import { incorrectPath, SellRefusal } from './errors.ts';
import type { AccessToken, Scope } from './token-book.ts';

const throttled = new WeakSet<FastifyRequest>();

/** True when the request was refused for its rate. */
export function wasThrottled(request: FastifyRequest): boolean {
  return throttled.has(request);
}

function requireUserAgent(context: SellContext, request: FastifyRequest): void {
  if ((request.headers['user-agent'] ?? '').trim() !== '') return;
  const details = "The request header 'User-Agent' is missing or has an invalid value.";
  throw new SellRefusal(400, [{ code: context.switches.userAgentCode, details }]);
}

function requireToken(context: SellContext, request: FastifyRequest): AccessToken {
  const match = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '');
  const token = match?.[1] === undefined ? undefined : context.tokens.find(match[1]);
  if (token) return token;
  const details = 'Required access token is missing, malformed, expired, or invalid.';
  throw new SellRefusal(401, [{ code: 'unauthorized', details }]);
}

function requireRate(context: SellContext, request: FastifyRequest, token: string): void {
  const wait = context.limiter.take(token);
  if (wait === 0) return;
  throttled.add(request);
  const headers = context.switches.retryAfter ? { 'retry-after': String(Math.ceil(wait / 1000)) } : {};
  const item = { code: 'rate_limit_exceeded', details: 'The rate limit was exceeded.' } as const;
  switch (context.switches.rateLimitAnswer) {
    case 'empty-429':
      throw new SellRefusal(429, [item], { headers, raw: { contentType: 'text/plain', body: '' } });
    case 'json-429':
      throw new SellRefusal(429, [item], { headers });
    case '404-429.json':
      throw new SellRefusal(404, incorrectPath('GET', '/429.json').items, { headers });
    case '409':
      throw new SellRefusal(409, [item], { headers });
    default:
      context.switches.rateLimitAnswer satisfies never;
  }
}

function requireAccept(request: FastifyRequest): void {
  const accept = request.headers.accept;
  if (accept === undefined) return;
  const types = accept.split(',').map((part) => (part.split(';', 1)[0] ?? '').trim().toLowerCase());
  if (types.some((type) => type === 'application/json' || type === '*/*' || type === 'application/*')) return;
  const details = 'The service can only produce application/json.';
  throw new SellRefusal(406, [{ code: 'not_acceptable', details }]);
}

function requireScope(request: FastifyRequest, token: AccessToken): void {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const scope: Scope = request.routeOptions.config.sellScope ?? (isRead ? 'read' : 'write');
  if (token.scopes.includes(scope)) return;
  const details = `The access token does not have the scope '${scope}' this request needs.`;
  throw new SellRefusal(403, [{ code: 'insufficient_scope', details }]);
}

/**
 * Lets a request of the API pass or refuses it.
 * @throws SellRefusal 400, 401, 403, 404, 406, 409, 429
 */
export function passGate(context: SellContext, request: FastifyRequest): void {
  if (context.switches.userAgentBeforeToken) requireUserAgent(context, request);
  const token = requireToken(context, request);
  requireUserAgent(context, request);
  requireRate(context, request, token.token);
  requireAccept(request);
  if (!request.is404) requireScope(request, token);
  setCaller(request, token);
}
