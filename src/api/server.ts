// The HTTP server: calls, stream, OpenAPI, well-being, metrics, and the dashboard's files. Puts parts together; decides nothing.
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify';
import { ConnectorError } from '../connectors/error.ts';
import { StoreError } from '../store/error.ts';
import { ApiError, STATUS } from './api-error.ts';
import { createCalls } from './calls/calls.ts';
import { refusalPage, serveDashboard } from './dashboard-files.ts';
import { registerEventStream } from './event-stream.ts';
import type { ApiHost } from './host.ts';
import { metricsText } from './metrics.ts';
import { openApi } from './openapi.ts';
import { registerCalls } from './register-calls.ts';

export interface ServerOptions {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  /** Folder of the built dashboard. */
  readonly dashboard: string;
}

export interface ApiServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Settings of a connection are the largest thing anybody sends. Bytes. */
const BODY_LIMIT = 1024 * 1024;

/** @throws Error with `code` when the port cannot be used */
export async function startServer(host: ApiHost, options: ServerOptions): Promise<ApiServer> {
  const ended = new AbortController();
  const server = fastify({
    forceCloseConnections: true,
    bodyLimit: BODY_LIMIT,
    requestTimeout: 120_000,
    routerOptions: { maxParamLength: 500 },
    // Addresses that cannot be read are answered before any handler of errors is asked.
    frameworkErrors: (error, _request, reply) => void answerWith(refusalOf(error, host), reply),
  });
  await server.register(cookie);
  await server.register(helmet, headersOf(host.about.secure));
  onlyJson(server);
  answerErrors(server, host);
  registerCalls(server, host, createCalls(host, ended.signal), ended.signal);
  registerEventStream(server, host, ended.signal);
  wellBeing(server, host);
  const description = openApi(host.about.version);
  server.get('/api/openapi.json', async () => description);
  server.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metricsText(host)),
  );
  await serveDashboard(server, options.dashboard);
  const url = await server.listen({ host: options.host, port: options.port });
  return {
    url,
    close: async () => {
      ended.abort();
      await server.close();
    },
  };
}

/** No script but our own files, no frame, no other site. (issue: strict content security policy) */
function headersOf(secure: boolean) {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        // The component library positions things with style attributes.
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'data:'],
        'font-src': ["'self'"],
        'connect-src': ["'self'"],
        'manifest-src': ["'self'"],
        'form-action': ["'self'"],
        'base-uri': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    strictTransportSecurity: secure,
    referrerPolicy: { policy: 'no-referrer' as const },
    crossOriginEmbedderPolicy: false,
  };
}

/** A form of another site can send anything but JSON without being asked. */
function onlyJson(server: FastifyInstance): void {
  server.removeContentTypeParser('text/plain');
  // Calls without a body come with the JSON type from some clients: that is no error.
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    if (body.length === 0) {
      done(null, undefined);
      return;
    }
    try {
      const value: unknown = JSON.parse(UTF8.decode(body as Buffer));
      if (isDeeper(value, DEEPEST)) done(new ApiError('bad-request', 'The body nests something too deep to be meant.'));
      else done(null, value);
    } catch {
      done(new ApiError('bad-request', 'The body is no JSON in UTF-8.'));
    }
  });
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });
/** Settings have a handful of levels. What reads a body goes down by calling itself, and that has an end. */
const DEEPEST = 50;

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((item) => isDeeper(item, levels - 1));
}

function answerErrors(server: FastifyInstance, host: ApiHost): void {
  server.setErrorHandler(async (error, request, reply) => {
    const refusal = refusalOf(error, host);
    // Somebody whom another site sent here, or who typed the address, reads words and no JSON.
    if (request.method === 'GET' && request.headers.accept?.includes('text/html') === true)
      return headed(refusal, reply).type('text/html; charset=utf-8').send(refusalPage(refusal.message));
    return answerWith(refusal, reply);
  });
  server.addHook('onSend', async (request, reply) => {
    // Answers are about people and accounts: nobody keeps them on the way.
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control'))
      void reply.header('cache-control', 'no-store');
  });
}

function headed(refusal: ApiError, reply: FastifyReply): FastifyReply {
  if (refusal.retryAfter !== null) void reply.header('retry-after', refusal.retryAfter);
  return reply.code(STATUS[refusal.code]).header('cache-control', 'no-store');
}

function answerWith(refusal: ApiError, reply: FastifyReply): FastifyReply {
  return headed(refusal, reply).send(refusal.body);
}

function refusalOf(error: unknown, host: ApiHost): ApiError {
  if (error instanceof ApiError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new ApiError('too-large', 'That is more than this takes: at most 1 MB.');
  if (status === 415)
    return new ApiError('bad-request', 'A body has to be JSON, and to say so: content-type: application/json.');
  if (status >= 400 && status < 500)
    return new ApiError(
      'bad-request',
      'This address, or what was sent to it, cannot be read; /api/openapi.json tells what can.',
    );
  if (error instanceof ConnectorError) {
    const message = `One of the two services refused, or was not reached: ${error.message}. Testing the connection tells what to do.`;
    return new ApiError('refused-by-service', message);
  }
  if (error instanceof StoreError && error.kind === 'busy')
    return new ApiError('unavailable', 'The database is busy; try again.', { retryAfter: 1 });
  host.log.error(
    { reason: error instanceof Error ? (error.stack ?? error.message) : String(error) },
    'a request failed',
  );
  return new ApiError('internal', 'Something went wrong here; the log of the service tells what.');
}

function wellBeing(server: FastifyInstance, host: ApiHost): void {
  server.get('/healthz', async () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    const reason = await host.fault();
    return reason === null ? { status: 'ready' } : reply.code(503).send({ status: 'not ready', reason });
  });
}
