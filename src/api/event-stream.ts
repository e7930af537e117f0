// The stream of server-sent events: one open answer for each screen. Ends with the session, or when the service ends.
import type { FastifyInstance } from 'fastify';
import { ApiError } from './api-error.ts';
import { ROUTES } from './contract/routes.table.ts';
import type { ApiHost } from './host.ts';
import { admit } from './register-calls.ts';

/** A comment now and then keeps proxies from closing the connection, and finds out that a session ended. Milliseconds. */
const BEAT_MS = 20_000;
/** Screens open at once. */
const MOST = 200;

export function registerEventStream(server: FastifyInstance, host: ApiHost, ended: AbortSignal): void {
  const route = ROUTES.watch;
  // Asked for its head alone, it would never end.
  server.get(route.path, { exposeHeadRoute: false }, async (request, reply) => {
    await admit(host, 'watch', route, request);
    if (host.events.watching >= MOST) throw new ApiError('too-many', 'Too many screens are open.', { retryAfter: 60 });
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      ...stringsOf(reply.getHeaders()),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    raw.write('retry: 3000\n\n');
    const stop = host.events.listen((name, data) => {
      // A screen that does not read is closed before what waits for it fills the memory; it opens a new one.
      if (raw.writableLength > 1_000_000) raw.destroy();
      else raw.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    });
    const beat = setInterval(() => {
      raw.write(': \n\n');
      admit(host, 'watch', route, request).catch(() => raw.end());
    }, BEAT_MS);
    const finish = (): void => {
      stop();
      clearInterval(beat);
      ended.removeEventListener('abort', finish);
      raw.end();
    };
    raw.once('close', finish);
    ended.addEventListener('abort', finish);
  });
}

function stringsOf(headers: { readonly [name: string]: unknown }): { readonly [name: string]: string } {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
