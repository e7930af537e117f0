// Applies the faults of a book to a Fastify application, over sockets and over `app.inject()` alike.
// Never changes what a handler does: it answers in its place, holds the answer back, or cuts the connection.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Fault, FaultEffect } from './fault.ts';
import type { FaultBook } from './fault-book.ts';

/** Settings of {@link registerFaults}. */
export interface RegisterFaultsOptions {
  /** Path prefixes no fault ever touches. Default: `/_control`. */
  readonly exempt?: readonly string[];
}

const taken = new WeakMap<FastifyRequest, readonly Fault[]>();

type EffectOf<T extends FaultEffect['type']> = Extract<FaultEffect, { readonly type: T }>;

function isEffect<T extends FaultEffect['type']>(effect: FaultEffect, type: T): effect is EffectOf<T> {
  return effect.type === type;
}

function effectsOf<T extends FaultEffect['type']>(request: FastifyRequest, type: T): EffectOf<T>[] {
  const effects: EffectOf<T>[] = [];
  for (const { effect } of taken.get(request) ?? []) {
    if (isEffect(effect, type)) effects.push(effect);
  }
  return effects;
}

/** The hint of that name on this request, for a handler that knows it; undefined when there is none. */
export function faultHint(request: FastifyRequest, name: string): { readonly value: unknown } | undefined {
  const hint = effectsOf(request, 'hint').find((effect) => effect.name === name);
  return hint && { value: hint.value };
}

/** True when this request should deliver twice what it delivers (`duplicate-delivery`). */
export function wantsDuplicateDelivery(request: FastifyRequest): boolean {
  return effectsOf(request, 'duplicate-delivery').length > 0;
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function renderBody(effect: EffectOf<'status'> | EffectOf<'status-after'>): { type: string; text: string } {
  if (effect.body === undefined) return { type: effect.contentType ?? 'text/plain; charset=utf-8', text: '' };
  if (typeof effect.body === 'string') {
    return { type: effect.contentType ?? 'text/plain; charset=utf-8', text: effect.body };
  }
  return { type: effect.contentType ?? 'application/json; charset=utf-8', text: JSON.stringify(effect.body) };
}

function cut(reply: FastifyReply): void {
  reply.hijack();
  reply.raw.destroy();
}

function toBuffer(payload: unknown): Buffer | undefined {
  if (typeof payload === 'string') return Buffer.from(payload);
  if (Buffer.isBuffer(payload)) return payload;
  return undefined;
}

function sendHalf(reply: FastifyReply, payload: unknown): void {
  const body = toBuffer(payload);
  if (!body || body.length < 2) {
    cut(reply);
    return;
  }
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  reply.raw.setHeader('content-length', body.length);
  reply.raw.writeHead(reply.statusCode);
  reply.raw.write(body.subarray(0, Math.floor(body.length / 2)));
  // Destroying in the same turn would discard what the kernel has not taken yet.
  setImmediate(() => reply.raw.destroy());
}

/**
 * Adds the hooks that apply `book` to every request of `app`. Call it once, on the root instance, before routes are added.
 * A cut connection shows to `app.inject()` as a rejected promise (`LIGHT_ECONNRESET`); so does a truncated answer.
 * Several faults may hit one request: delays add up, then the first that answers or cuts decides.
 */
export function registerFaults(
  app: FastifyInstance,
  book: FaultBook,
  service: string,
  options: RegisterFaultsOptions = {},
): void {
  const exempt = options.exempt ?? ['/_control'];

  app.addHook('onRequest', async (request, reply) => {
    if (exempt.some((prefix) => request.url.startsWith(prefix))) return;
    const faults = book.take(service, request.method, request.url);
    if (faults.length === 0) return;
    taken.set(request, faults);
    for (const { effect } of faults) {
      if (effect.type === 'delay') {
        await wait(effect.ms);
      } else if (effect.type === 'drop-before') {
        cut(reply);
        return reply;
      } else if (effect.type === 'status') {
        const { type, text } = renderBody(effect);
        return reply
          .code(effect.status)
          .headers({ ...effect.headers })
          .type(type)
          .send(text);
      }
    }
    return undefined;
  });

  app.addHook('onSend', (request, reply, payload, done) => {
    const faults = taken.get(request);
    if (!faults) {
      done(null, payload);
      return;
    }
    const late = effectsOf(request, 'delay-after').reduce((sum, effect) => sum + effect.ms, 0);
    const finish = (): void => {
      // An answer the fault itself gave is not cut a second time.
      const answered = faults.some(({ effect }) => effect.type === 'status');
      for (const { effect } of answered ? [] : faults) {
        if (effect.type === 'drop-after') {
          cut(reply);
          return;
        }
        if (effect.type === 'truncate') {
          sendHalf(reply, payload);
          return;
        }
        if (effect.type === 'status-after') {
          const { type, text } = renderBody(effect);
          reply.removeHeader('content-length');
          reply
            .code(effect.status)
            .headers({ ...effect.headers })
            .type(type);
          done(null, text);
          return;
        }
      }
      done(null, payload);
    };
    if (late > 0) setTimeout(finish, late);
    else finish();
  });
}
