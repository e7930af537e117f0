// Short words from each process on the database to all others, by LISTEN and NOTIFY. They may be lost: what has to be done lies in tables.
import { setTimeout as wait } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import pg from 'pg';
import type { Bulletin } from '../backend.ts';
import type { Tables } from '../schema.ts';

/** Before a line that broke is made anew. Milliseconds. */
const AGAIN_MS = 2_000;

/** @param schema several installations in one database do not hear each other */
export function createBulletin(db: Kysely<Tables>, url: string, schema: string): Bulletin {
  const channel = `lockstep ${schema}`;
  return {
    post: async (text) => {
      await sql`select pg_notify(${channel}, ${text})`.execute(db).catch(() => undefined);
    },
    listen: async (hear, signal) => {
      while (!signal.aborted) {
        await hearUntilBroken(url, channel, hear, signal).catch(() => undefined);
        await wait(AGAIN_MS, undefined, { signal }).catch(() => undefined);
      }
    },
  };
}

async function hearUntilBroken(
  url: string,
  channel: string,
  hear: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const client = new pg.Client({ connectionString: url, keepAlive: true, application_name: 'lockstep' });
  const over = new Promise<void>((resolve) => {
    client.on('error', () => resolve());
    client.on('end', () => resolve());
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  client.on('notification', ({ payload }) => hear(payload ?? ''));
  try {
    await client.connect();
    await client.query(`listen ${client.escapeIdentifier(channel)}`);
    await over;
  } finally {
    await client.end();
  }
}
