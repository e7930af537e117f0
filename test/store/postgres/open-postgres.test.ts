// What is PostgreSQL's own: opening, refusing, losing the server and finding it again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { ensureConnection, getConnection, listConnections } from '../../../src/store/connections.ts';
import { countCrm, getCrm, upsertCrm } from '../../../src/store/crm-records.ts';
import { fencedStore } from '../../../src/store/fence.ts';
import { acquireLease } from '../../../src/store/leases.ts';
import { insertLinks, linksByCrm } from '../../../src/store/links.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { toStoreError } from '../../../src/store/postgres/error-map.ts';
import { giveBack, lendPostgres } from '../../postgres/databases.ts';
import { type Gate, gateTo } from '../../postgres/gate.ts';
import { at, C, crm, link, newStore, newUrl, refusal, storeAt } from '../store-fixtures.ts';

const lent: string[] = [];
const gates: Gate[] = [];
afterEach(async () => {
  for (const gate of gates.splice(0)) await gate.close();
  for (const url of lent.splice(0)) await giveBack(url);
});

async function emptyDatabase(): Promise<string> {
  const url = await lendPostgres(true);
  lent.push(url);
  return url;
}

async function statement(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(text);
  await client.end();
}

describe('opening', () => {
  test('several processes may make one new database at the same time', async () => {
    const url = await emptyDatabase();
    const opener = join(import.meta.dirname, '..', 'open-and-close.ts');
    const codes = await Promise.all(
      [1, 2, 3].map(async () => {
        const child = spawn(process.execPath, [opener, url], { stdio: 'inherit' });
        await once(child, 'exit');
        return child.exitCode;
      }),
    );
    expect(codes).toEqual([0, 0, 0]);
    expect(await listConnections(await storeAt(url))).toHaveLength(1);
  });

  test('keeps what is stored, and our record of steps in another schema does not count', async () => {
    const url = await emptyDatabase();
    await statement(url, 'create schema other; create table other.kysely_migration (name text)');
    const first = await openStore(url);
    await ensureConnection(first, { name: C, replica: 'r-1', now: at(0) });
    await first.close();
    expect((await getConnection(await storeAt(url), C))?.replica).toBe('r-1');
  });
});

describe('refusals change nothing', () => {
  test('a newer schema', async () => {
    const url = await newUrl();
    await statement(url, "insert into kysely_migration values ('9999-later', '2030-01-01T00:00:00.000Z')");
    expect(await refusal(openStore(url))).toBe('newer-schema');
  });

  test("another program's tables", async () => {
    const url = await emptyDatabase();
    await statement(url, 'create table songs (name text)');
    expect(await refusal(openStore(url))).toBe('foreign');
  });

  test('a database that cannot hold every name', async () => {
    const url = new URL(await emptyDatabase());
    const name = `${url.pathname.slice(1)}_latin`;
    await statement(
      url.toString(),
      `create database ${name} encoding 'LATIN1' lc_collate 'C' lc_ctype 'C' template template0`,
    );
    url.pathname = name;
    lent.push(url.toString());
    expect(await refusal(openStore(url.toString()))).toBe('foreign');
  });

  test('a user who may not make tables', async () => {
    const url = new URL(await emptyDatabase());
    await statement(url.toString(), `create role visitor_${url.port} login`);
    url.username = `visitor_${url.port}`;
    expect(await refusal(openStore(url.toString()))).toBe('unwritable');
  });

  test('nobody there, and no such database, are said at once', async () => {
    const url = new URL(await newUrl());
    url.pathname = 'nowhere';
    expect(await refusal(openStore(url.toString()))).toBe('unavailable');
    url.port = '1';
    expect(await refusal(openStore(url.toString()))).toBe('unavailable');
  });

  test.each([
    ['28P01', 'unwritable'],
    ['53100', 'full'],
    ['53300', 'unavailable'],
    ['57P01', 'unavailable'],
    ['25006', 'unavailable'],
    ['23505', 'constraint'],
    ['55P03', 'busy'],
    ['XX002', 'corrupt'],
    ['42703', 'failed'],
  ])('the code %s means %s', (code, kind) => {
    expect(toStoreError(Object.assign(new Error('x'), { code })).kind).toBe(kind);
  });
});

describe('text', () => {
  test('that PostgreSQL cannot hold is kept where it is compared, and shown with a sign elsewhere', async () => {
    const store = await newStore();
    const unreadable = '\0{"n":1}\ud800';
    await insertLinks(store, [link('l1', '1', '2', { base: { lastName: { value: unreadable } as never } })], at(0));
    expect((await linksByCrm(store, C, 'contact', ['1']))[0]?.base).toEqual({ lastName: { value: unreadable } });
    await upsertCrm(store, C, [{ ...crm('1', { email: 'a\0b' }), emailKey: 'a\0b' }], at(0));
    expect((await getCrm(store, C, 'contact', ['1']))[0]).toMatchObject({
      record: { email: 'a\0b' },
      emailKey: 'a\u2400b',
    });
  });
});

describe('transactions', () => {
  test('that block each other run again instead of failing', async () => {
    const url = await newUrl();
    const [one, two] = [await storeAt(url), await storeAt(url)];
    await upsertCrm(one, C, [crm('1'), crm('2')], at(0));
    const touch = (store: typeof one, ids: readonly string[]) =>
      store.transaction(async (tx) => {
        for (const id of ids) {
          await sql`update crm_records set seen_scan = seen_scan + 1 where id = ${id}`.execute(tx.db);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      });
    await Promise.all([touch(one, ['1', '2']), touch(two, ['2', '1'])]);
    const { rows } = await sql<{ seen: number }>`select seen_scan as seen from crm_records`.execute(one.db);
    expect(rows.map((row) => row.seen)).toEqual([2, 2]);
  });

  test('whose connection is cut before the commit run again, and count once', async () => {
    const store = await newStore();
    let times = 0;
    await store.transaction(async (tx) => {
      times += 1;
      await upsertCrm(tx, C, [crm(String(times))], at(0));
      if (times === 1) await sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx.db);
    });
    expect(times).toBe(2);
    expect((await getCrm(store, C, 'contact', ['1', '2'])).map((item) => item.record.id)).toEqual(['2']);
  });
});

describe('a server that goes away', () => {
  test('is waited for, by transactions, by reads of a holder and by what comes after', async () => {
    const gate = await gateTo(await newUrl());
    gates.push(gate);
    const store = await storeAt(gate.url);
    const lease = await acquireLease(store, C, 'one', 60_000, at(0));
    const held = fencedStore(store, C, lease?.token ?? 0);
    await gate.shut();
    const work = [
      held.transaction((tx) => upsertCrm(tx, C, [crm('1')], at(0))),
      upsertCrm(held, C, [crm('2')], at(0)),
      countCrm(held, C),
      ensureConnection(store, { name: C, replica: 'r', now: at(0) }),
    ];
    await new Promise((resolve) => setTimeout(resolve, 300));
    await gate.open();
    await Promise.all(work);
    expect(await countCrm(store, C)).toMatchObject([{ total: 2 }]);
  });

  test('for longer than anybody is patient is told as unavailable', async () => {
    const gate = await gateTo(await newUrl());
    gates.push(gate);
    const store = await storeAt(gate.url, { patienceMs: 200 });
    await gate.shut();
    expect(await refusal(getConnection(store, C))).toBe('unavailable');
  });
});
