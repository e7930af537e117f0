// Lends databases to the tests of a run: each new and migrated, on one server that starts with the first that is asked for.
import { once } from 'node:events';
import { createServer } from 'node:http';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { openStore } from '../../src/store/open-store.ts';
import { type PostgresServer, startPostgres } from './server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where databases are lent: POST makes one and answers with its URL, DELETE with that URL as body drops it. */
    readonly lender: string;
  }
}

interface Lender {
  lend(empty: boolean): Promise<string>;
  /** Does not wait until it is gone. */
  takeBack(url: string): void;
  close(): Promise<void>;
}

const TEMPLATE = 'lockstep_template';

async function startLender(): Promise<Lender> {
  const server: PostgresServer = await startPostgres();
  const admin = new pg.Pool({ connectionString: server.url('postgres'), max: 3 });
  admin.on('error', () => undefined);
  await admin.query(`create database ${TEMPLATE}`);
  await (await openStore(server.url(TEMPLATE))).close();
  let made = 0;
  const make = async (template: string): Promise<string> => {
    made += 1;
    const name = `test_${made}`;
    await admin.query(`create database ${name} strategy file_copy template ${template}`);
    return server.url(name);
  };
  // Made while the test before runs.
  let spare = make(TEMPLATE);
  const dropped = new Set<Promise<unknown>>();
  return {
    lend(empty) {
      if (empty) return make('template1');
      const ready = spare;
      spare = make(TEMPLATE);
      return ready;
    },
    takeBack(url) {
      const drop = admin.query(`drop database if exists ${new URL(url).pathname.slice(1)} with (force)`);
      dropped.add(drop);
      void drop.finally(() => dropped.delete(drop));
    },
    async close() {
      await Promise.all([spare, ...dropped]);
      await admin.end();
      await server.stop();
    },
  };
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let lender: Promise<Lender> | null = null;
  const desk = createServer((request, reply) => {
    const answer = async (): Promise<string> => {
      lender ??= startLender();
      const desk = await lender;
      if (request.method === 'POST') return desk.lend(request.url === '/empty');
      desk.takeBack(Buffer.concat(await Array.fromAsync(request)).toString());
      return '';
    };
    answer().then(
      (text) => reply.end(text),
      (error: unknown) => reply.writeHead(500).end(String(error)),
    );
  });
  desk.listen(0, '127.0.0.1');
  await once(desk, 'listening');
  const { port } = desk.address() as { readonly port: number };
  project.provide('lender', `http://127.0.0.1:${port}`);
  return async () => {
    desk.closeAllConnections();
    desk.close();
    await (await lender)?.close();
  };
}
