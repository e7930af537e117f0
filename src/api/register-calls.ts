// Puts every call of the contract on the server: who calls, what was sent, what is answered, what is remembered of it.
// The only place where roles, forgery, input, output and audit are dealt with; a call never sees a request.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { insertAudit } from '../store/audit.ts';
import { ApiError } from './api-error.ts';
import { type Caller, identifyCaller, mayCall, refuseForged, refuseOtherSites, SESSION_COOKIE } from './auth/caller.ts';
import type { Answer, Call, CallId, Calls } from './call.ts';
import { type CallSchemas, CONTRACT } from './contract/contract.ts';
import { ROUTES, type Route, type RouteId } from './contract/routes.table.ts';
import type { ApiHost } from './host.ts';

type Noted = Parameters<Call<RouteId>['note']>[0];
type JsonMap = { readonly [key: string]: unknown };

/** @param ended aborts when the service ends */
export function registerCalls(server: FastifyInstance, host: ApiHost, calls: Calls, ended: AbortSignal): void {
  const callers = new WeakMap<FastifyRequest, Caller | null>();
  for (const id of Object.keys(ROUTES) as RouteId[]) {
    const route: Route = ROUTES[id];
    if (route.stream === true) continue;
    server.route({
      method: route.method,
      url: fastifyPath(route),
      // Before the body is read: nobody who may not call costs more than a header.
      onRequest: async (request) => {
        callers.set(request, await admit(host, id, route, request));
      },
      handler: async (request, reply) => {
        const caller = callers.get(request) ?? null;
        const noted: Noted[] = [];
        const call = { request, reply, caller, ended, note: (entry: Noted) => noted.push(entry) };
        const result = await carryOut(host, calls, id, call).catch(async (error: unknown) => {
          if (error instanceof ApiError) await remember(host, id, request, caller, noted, 'refused');
          throw error;
        });
        await remember(host, id, request, caller, noted, 'ok');
        if (!reply.sent) void reply.code(route.status ?? 200).send(result);
        return reply;
      },
    });
  }
}

function fastifyPath({ path }: Route): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

/** @throws ApiError when this caller may not make this call */
export async function admit(host: ApiHost, id: RouteId, route: Route, request: FastifyRequest): Promise<Caller | null> {
  const { authorization } = request.headers;
  const cookie = request.cookies[SESSION_COOKIE];
  const caller = await identifyCaller(host.store, { cookie, authorization }, host.now());
  if (route.method !== 'GET') refuseOtherSites(one(request.headers['sec-fetch-site']));
  if (route.access === 'public') return caller;
  if (caller === null) throw new ApiError('not-logged-in', 'Log in first; a session may have ended.');
  if (route.method !== 'GET') refuseForged(caller, one(request.headers['x-csrf-token']));
  if (!mayCall(caller.role, route.access)) {
    await remember(host, id, request, caller, [], 'refused');
    throw new ApiError('forbidden', `This needs the role ${route.access}; yours is ${caller.role}.`);
  }
  return caller;
}

interface Received {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly caller: Caller | null;
  readonly ended: AbortSignal;
  readonly note: (entry: Noted) => void;
}

async function carryOut(host: ApiHost, calls: Calls, id: RouteId, received: Received): Promise<unknown> {
  const { request, reply, caller, ended, note } = received;
  const schemas: CallSchemas = CONTRACT[id];
  const gone = new AbortController();
  // The answer's side of the connection: the request itself is "closed" as soon as its body was read.
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  const call = {
    params: parsed(schemas.params, request.params, ''),
    query: parsed(schemas.query, request.query, ''),
    body: parsed(schemas.body, request.body ?? undefined, 'body'),
    caller,
    ip: request.ip,
    signal: AbortSignal.any([ended, gone.signal]),
    answer: answerOn(reply, host.about.secure),
    note,
  };
  // One table of calls, one of schemas, both by id: what was parsed here is what the call of this id takes.
  const carry = calls[id as CallId] as unknown as (call: unknown) => Promise<unknown>;
  const result = await carry(call);
  // What the contract does not name is never sent, whatever a call hands back.
  return schemas.reply === undefined ? undefined : schemas.reply.parse(result);
}

function parsed(schema: z.ZodType | undefined, value: unknown, place: string): unknown {
  if (schema === undefined) return undefined;
  if (holdsUnkeepable(value))
    throw new ApiError('bad-request', 'A text that was sent holds a character that cannot be kept. Leave it out.');
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ApiError('bad-request', 'What was sent is not what this call takes.', {
    problems: result.error.issues.map((issue) => ({
      path: [place, ...issue.path.map(String)].filter((step) => step !== '').join('.'),
      message: issue.message,
    })),
  });
}

/** Zero, which no database keeps in a text, and half a character, which no address can hold. What is asked is not endlessly deep. */
function holdsUnkeepable(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed();
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, item]) => holdsUnkeepable(key) || holdsUnkeepable(item));
}

function answerOn(reply: FastifyReply, secure: boolean): Answer {
  const kept = { path: '/', httpOnly: true, sameSite: 'strict', secure } as const;
  return {
    setSession: (secret, expiresAt) => {
      void reply.setCookie(SESSION_COOKIE, secret, { ...kept, expires: new Date(expiresAt) });
    },
    clearSession: () => {
      void reply.clearCookie(SESSION_COOKIE, kept);
    },
    redirect: (path) => {
      void reply.redirect(path, 303);
    },
  };
}

/** Calls whose body may hold a secret somewhere: nothing of it is written down. */
const SECRETIVE: ReadonlySet<string> = new Set(
  Object.entries(CONTRACT).flatMap(([id, schemas]: readonly [string, CallSchemas]) => {
    const { body } = schemas;
    return body !== undefined && JSON.stringify(z.toJSONSchema(body, { io: 'input' })).includes('"writeOnly":true')
      ? [id]
      : [];
  }),
);

async function remember(
  host: ApiHost,
  id: RouteId,
  request: FastifyRequest,
  caller: Caller | null,
  noted: readonly Noted[],
  outcome: 'ok' | 'refused',
): Promise<void> {
  // Looking is nobody's deed, with HEAD as little as with GET.
  if (ROUTES[id].method === 'GET') return;
  const params = (request.params ?? {}) as { readonly [name: string]: string };
  const body = isMap(request.body) && !SECRETIVE.has(id) ? request.body : {};
  const own: Noted = {};
  for (const entry of noted) Object.assign(own, entry);
  const { connection, ...rest } = params;
  const at = new Date(host.now()).toISOString();
  await insertAudit(host.store, {
    id: host.newId(),
    at,
    who: own.who ?? caller?.user.email ?? null,
    token: caller?.token ?? null,
    action: id,
    connection: own.connection ?? connection ?? textOf(body['connection']),
    subject: own.subject ?? Object.values(rest)[0] ?? null,
    outcome,
    detail: { ...body, ...own.detail },
  });
}

function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value.slice(0, 100) : null;
}

function one(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.[0];
}
