// Two addresses for whoever watches the process: does it live, is it ready. Tells nothing about accounts or people.
import { fastify } from 'fastify';

export interface HealthServer {
  readonly url: string;
  close(): Promise<void>;
}

export interface HealthOptions {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  /** Null when everything is in order, else why not. */
  readonly fault: () => Promise<string | null>;
}

/** `GET /healthz`: 200 while the process answers. `GET /readyz`: 200, or 503 with the reason. @throws Error with `code` when the port cannot be used */
export async function startHealthServer({ host, port, fault }: HealthOptions): Promise<HealthServer> {
  const app = fastify({ forceCloseConnections: true });
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const reason = await fault();
    if (reason === null) return { status: 'ready' };
    return reply.code(503).send({ status: 'not ready', reason });
  });
  const url = await app.listen({ host, port });
  return { url, close: () => app.close() };
}
