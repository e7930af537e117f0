// The three calls of the Sync API. Keeps no state: the service remembers per device what was acknowledged.
import { ConnectorError } from '../error.ts';
import type { HttpClient } from '../http/http-client.ts';
import type { HttpRequest } from '../http/message.ts';
import { parseReply, single, wireSession, wireSyncPage } from './wire.ts';

export interface SyncSession {
  readonly id: string;
  /** Items queued when it began; approximate, null when not told. */
  readonly total: number | null;
}

export interface SyncBatch {
  readonly items: readonly unknown[];
  /** Objects the service could not deliver this time; they have no key to acknowledge. */
  readonly failed: readonly unknown[];
  /** Items still queued; null when not told. */
  readonly left: number | null;
}

/** Names the replica: the service sends everything again to a device it does not know. */
function deviceHeader(replica: string): { readonly [name: string]: string } {
  return { 'x-basecrm-device-uuid': replica };
}

/** Null: nothing to synchronise. */
export function startSession(http: HttpClient, replica: string): Promise<SyncSession | null> {
  return http.send(
    syncCall(replica, {
      method: 'POST',
      path: '/v2/sync/start',
      read: (reply) => {
        if (reply.status === 204) return null;
        const { data } = parseReply(single(wireSession), reply);
        const main = data.queues?.find((queue) => queue.data.name === 'main');
        return { id: data.id, total: main?.data.total_count ?? null };
      },
    }),
  );
}

/** `lost` = the service no longer knows the session, which is normal after a while. */
export async function fetchBatch(
  http: HttpClient,
  replica: string,
  session: string,
): Promise<SyncBatch | 'drained' | 'lost'> {
  try {
    return await http.send(
      syncCall(replica, {
        method: 'GET',
        path: queuePath(session),
        name: '/v2/sync/(session)/queues/main',
        read: (reply) => {
          if (reply.status === 204) return 'drained';
          const page = parseReply(wireSyncPage, reply);
          return { items: page.items, failed: page.meta?.failed_objects ?? [], left: page.meta?.count_left ?? null };
        },
      }),
    );
  } catch (error) {
    if (error instanceof ConnectorError && error.status === 404 && error.kind !== 'rate-limited') return 'lost';
    throw error;
  }
}

/** Repeating an acknowledgement is harmless. Should the service find the list too long, it is sent in halves. */
export async function acknowledgeKeys(http: HttpClient, replica: string, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  try {
    await http.send(
      syncCall(replica, {
        method: 'POST',
        path: '/v2/sync/ack',
        body: { json: { data: { ack_keys: keys } } },
        read: () => null,
      }),
    );
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.kind !== 'rejected' || keys.length === 1) throw error;
    const half = Math.ceil(keys.length / 2);
    await acknowledgeKeys(http, replica, keys.slice(0, half));
    await acknowledgeKeys(http, replica, keys.slice(half));
  }
}

export function queuePath(session: string): string {
  return `/v2/sync/${encodeURIComponent(session)}/queues/main`;
}

/** Nothing of it changes data in Sell, whatever the method: all are safe to repeat and counted as reads. */
function syncCall<T>(replica: string, request: HttpRequest<T>): HttpRequest<T> {
  return { ...request, headers: deviceHeader(replica), idempotent: true, counts: 'read' };
}
