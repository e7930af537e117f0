// The Sync API: start, fetch, acknowledge.
// Never trusts a session to a device that did not start it.

import type { FastifyRequest } from 'fastify';
import { faultHint, wantsDuplicateDelivery } from '../faults/register-faults.ts';
import { callerOf, type RouteSet, type SellContext } from './context.ts';
import { readData, selfUrl } from './envelope.ts';
import { attributeError, forbidden, notFound, SellRefusal, unprocessable } from './errors.ts';
import type { PageTrouble, SyncSession } from './sync-sessions.ts';

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

function requireDevice(context: SellContext, request: FastifyRequest): string {
  if (!context.plan.syncApi) throw forbidden('The Sync API is not part of the plan of this account.');
  const header = request.headers['x-basecrm-device-uuid'];
  const uuid = typeof header === 'string' ? header.trim() : '';
  const fits = context.switches.syncDeviceIdFormat === 'uuid' ? UUID.test(uuid) : uuid !== '';
  if (!fits) {
    const details = "The request header 'X-Basecrm-Device-UUID' is missing or has an invalid value.";
    throw new SellRefusal(400, [{ code: 'invalid_header', details }]);
  }
  // The same UUID under another user is another replica: what it may see differs.
  return `${callerOf(request).userId}/${uuid.toLowerCase()}`;
}

function requireRoom(context: SellContext): void {
  const most = context.switches.syncMaxSessions;
  if (most === 0 || context.sessions.active < most) return;
  const details = `At most ${most} synchronization sessions can be active.`;
  const status = context.switches.syncTooManySessions;
  const code =
    status === 429 ? 'rate_limit_exceeded' : status === 403 ? 'insufficient_scope' : 'temporarily_unavailable';
  throw new SellRefusal(status, [{ code, details }]);
}

function describeQueue(context: SellContext, request: FastifyRequest, session: SyncSession): unknown {
  const length = session.queue.length;
  const total = context.switches.syncTotals === 'exact' ? length : Math.max(1, Math.round(length * 1.1) - 1);
  const self = new URL(`/v2/sync/${session.id}/queues/main`, selfUrl(context, request)).toString();
  return {
    data: { name: 'main', pages: Math.ceil(total / Math.max(1, context.switches.syncPageSize)), total_count: total },
    meta: { type: 'sync_queue', links: { self } },
  };
}

function readTrouble(request: FastifyRequest): PageTrouble {
  const failed = faultHint(request, 'sync-failed-objects');
  return {
    failed: failed ? (typeof failed.value === 'number' ? failed.value : 1) : 0,
    duplicate: wantsDuplicateDelivery(request),
    reorder: faultHint(request, 'sync-reorder') !== undefined,
    ghostDelete: faultHint(request, 'sync-ghost-delete') !== undefined,
  };
}

function readAckKeys(context: SellContext, request: FastifyRequest): readonly string[] {
  const data = readData(request, 'sync_ack');
  const [unknown] = Object.keys(data).filter((key) => key !== 'ack_keys');
  if (unknown !== undefined) throw unprocessable([attributeError.unknown('sync_ack', `/${unknown}`)]);
  const keys = data['ack_keys'];
  if (keys === undefined) throw unprocessable([attributeError.missing('sync_ack', '/ack_keys')]);
  if (!Array.isArray(keys) || !keys.every((key): key is string => typeof key === 'string')) {
    throw unprocessable([attributeError.invalidType('sync_ack', '/ack_keys', 'array of string')]);
  }
  const most = context.switches.syncAckMaxKeys;
  if (most > 0 && keys.length > most) {
    throw unprocessable([attributeError.incorrectValue('sync_ack', '/ack_keys', `At most ${most} keys are accepted.`)]);
  }
  return keys;
}

/** `/v2/sync` */
export const addSyncRoutes: RouteSet = (app, context) => {
  const sync = { config: { sellScope: 'sync' } } as const;

  app.post('/v2/sync/start', sync, (request, reply) => {
    const device = requireDevice(context, request);
    requireRoom(context);
    const session = context.sessions.start(device, callerOf(request).userId);
    if (!session) return reply.code(204).send();
    const queues = [describeQueue(context, request, session)];
    return reply.code(201).send({ data: { id: session.id, queues }, meta: { type: 'sync_session' } });
  });

  app.get('/v2/sync/:session/queues/:queue', sync, (request, reply) => {
    const device = requireDevice(context, request);
    const { session: id, queue } = request.params as { readonly session: string; readonly queue: string };
    const session = context.sessions.find(id, device);
    if (!session) throw notFound('sync_session', id);
    if (queue !== 'main') throw notFound('sync_queue', queue);
    const empty = {
      items: [],
      meta: { type: 'collection', count: 0, count_left: session.queue.length - session.position },
    };
    if (faultHint(request, 'sync-empty-page')) return reply.send(empty);
    const page = context.sessions.fetch(session, readTrouble(request));
    if (!page) return reply.code(204).send();
    return reply.send({
      items: page.items,
      meta: {
        type: 'collection',
        count: page.items.length,
        count_left: page.left,
        ...(page.failed.length > 0 ? { failed_objects: page.failed } : {}),
      },
    });
  });

  app.post('/v2/sync/ack', sync, (request, reply) => {
    const device = requireDevice(context, request);
    context.sessions.acknowledge(device, callerOf(request).userId, readAckKeys(context, request));
    return reply.code(202).send();
  });
};
