// The HTTP application: parsing, the gate, error answers, response headers, counting.
// Never knows a resource; route sets are added to it.

import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { registerFaults } from '../faults/register-faults.ts';
import type { SellContext } from './context.ts';
import { incorrectPath, renderRefusal, SellRefusal } from './errors.ts';
import { passGate, wasThrottled } from './gate.ts';

/** The service name in faults. */
export const SELL_SERVICE = 'zendesk-sell';

const CONTROL = '/_control';

const pathOf = (url: string): string => url.split('?', 1)[0] ?? url;

function makeLogref(context: SellContext): string {
  if (context.switches.logrefStyle === 'uuid') return context.random.uuid();
  return Array.from({ length: 4 }, () => context.random.text(5)).join('-');
}

function routeOf(request: FastifyRequest): string {
  return request.is404 ? '(no route)' : (request.routeOptions.url ?? '(no route)');
}

function sendRefusal(context: SellContext, reply: FastifyReply, refusal: SellRefusal): FastifyReply {
  const { raw, headers } = refusal.options;
  reply.code(refusal.status).headers({ ...headers });
  if (raw) return reply.type(raw.contentType).send(raw.body);
  const logref = String(reply.getHeader('x-request-id') ?? makeLogref(context));
  return reply.send(renderRefusal(refusal, context.switches, logref));
}

function toRefusal(error: unknown): SellRefusal {
  if (error instanceof SellRefusal) return error;
  const status = (error as { readonly statusCode?: unknown }).statusCode;
  const details = error instanceof Error ? error.message : String(error);
  if (typeof status === 'number' && status < 500) return new SellRefusal(400, [{ code: 'invalid_payload', details }]);
  return new SellRefusal(500, [{ code: 'server_error', details }]);
}

function isControl(request: FastifyRequest): boolean {
  return request.url.startsWith(`${CONTROL}/`);
}

/** An application with everything but routes. */
export function createSellApp(context: SellContext): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: 64 * 1024 * 1024,
    forceCloseConnections: true,
    // Some of the vendor's own guides write paths with a `.json` suffix.
    rewriteUrl: (request) => {
      const url = request.url ?? '/';
      return url.startsWith('/v2/') ? url.replace(/^([^?]*)\.json(?=\?|$)/, '$1') : url;
    },
  });

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));

  app.addHook('onRequest', (request, _reply, done) => {
    if (!isControl(request)) context.counter.arrived(request.method, routeOf(request));
    done();
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    if (!isControl(request)) {
      context.counter.answered(request.method, routeOf(request), reply.statusCode, wasThrottled(request));
    }
    done(null, payload);
  });

  registerFaults(app, context.faults, SELL_SERVICE, { exempt: [CONTROL] });

  app.addHook('onRequest', async (request, reply) => {
    if (isControl(request)) return;
    reply.headers({ 'x-request-id': makeLogref(context), 'content-language': 'en', vary: 'Accept, Accept-Language' });
    if (context.switches.retired) {
      throw new SellRefusal(410, [{ code: 'gone', details: 'The service is no longer available.' }]);
    }
    if (request.url.startsWith('/v2/')) passGate(context, request);
  });

  app.setErrorHandler((error, request, reply) => {
    const refusal = toRefusal(error);
    if (isControl(request)) {
      return reply.code(refusal.status === 500 ? 400 : refusal.status).send({ error: refusal.message });
    }
    return sendRefusal(context, reply, refusal);
  });

  app.setNotFoundHandler((request, reply) => {
    if (isControl(request)) return reply.code(404).send({ error: 'no such control' });
    const path = pathOf(request.originalUrl);
    if (path.startsWith('/v2/')) return sendRefusal(context, reply, incorrectPath(request.method, path));
    const items = [{ code: 'not_found', message: 'Not Found', details: 'Requested path was not found.' }] as const;
    return sendRefusal(context, reply, new SellRefusal(404, items));
  });

  return app;
}
