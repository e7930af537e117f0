import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { ensureConnection, getConnection } from '../../../src/store/connections.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { at, fileStore, refusal, tempFolder } from '../store-fixtures.ts';

describe('opening', () => {
  test('makes the folders and a file for its owner alone, durable and with foreign keys', async () => {
    const path = join(tempFolder(), 'a', 'b', 'lockstep.db');
    const store = await fileStore(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const pragma = async (name: string): Promise<unknown> => {
      const { rows } = await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(store.db);
      return Object.values(rows[0] ?? {})[0];
    };
    expect(await pragma('journal_mode')).toBe('wal');
    expect(await pragma('synchronous')).toBe(2);
    expect(await pragma('foreign_keys')).toBe(1);
    expect(await pragma('busy_timeout')).toBe(5000);
  });

  test('migrations run twice safely and keep what is stored', async () => {
    const path = join(tempFolder(), 'lockstep.db');
    const first = await openStore(`sqlite:${path}`);
    await ensureConnection(first, { name: 'acme', replica: 'r-1', now: at(0) });
    const beside = await fileStore(path);
    expect((await getConnection(beside, 'acme'))?.replica).toBe('r-1');
    await first.close();
    const second = await fileStore(path);
    expect((await getConnection(second, 'acme'))?.replica).toBe('r-1');
  });

  test('two processes may make one new database at the same time', async () => {
    const path = join(tempFolder(), 'lockstep.db');
    const opener = join(import.meta.dirname, '..', 'open-and-close.ts');
    const codes = await Promise.all(
      [1, 2, 3].map(async () => {
        const child = spawn(process.execPath, [opener, `sqlite:${path}`], { stdio: 'inherit' });
        await once(child, 'exit');
        return child.exitCode;
      }),
    );
    expect(codes).toEqual([0, 0, 0]);
    expect(await getConnection(await fileStore(path), 'acme')).not.toBeNull();
  });

  test('an unknown kind of URL is said', async () => {
    expect(await refusal(openStore('mysql://x'))).toBe('misuse');
  });
});

describe('refusals leave the file as it was', () => {
  async function refused(path: string): Promise<{ kind: string; untouched: boolean }> {
    const before = readFileSync(path);
    const kind = await refusal(openStore(`sqlite:${path}`));
    return { kind, untouched: before.equals(readFileSync(path)) };
  }

  async function madeDatabase(): Promise<string> {
    const path = join(tempFolder(), 'lockstep.db');
    const store = await openStore(`sqlite:${path}`);
    await ensureConnection(store, { name: 'acme', replica: 'r-1', now: at(0) });
    await store.close();
    return path;
  }

  test('a newer schema', async () => {
    const path = await madeDatabase();
    const later = new DatabaseSync(path);
    later.exec(`insert into kysely_migration values ('9999-later', '2030-01-01T00:00:00.000Z')`);
    later.close();
    expect(await refused(path)).toEqual({ kind: 'newer-schema', untouched: true });
  });

  test.each([
    ['long', 'These are notes.\n'.repeat(1000)],
    ['one page', 'x'.repeat(600)],
    ['short', 'x'],
  ])('a file that is no database: %s', async (_, text) => {
    const path = join(tempFolder(), 'notes.txt');
    writeFileSync(path, text);
    expect(await refused(path)).toEqual({ kind: 'corrupt', untouched: true });
  });

  test('a damaged schema page', async () => {
    const path = await madeDatabase();
    const bytes = readFileSync(path);
    bytes.fill(0xff, 100, 2000);
    writeFileSync(path, bytes);
    expect(await refused(path)).toEqual({ kind: 'corrupt', untouched: true });
  });

  test('a file cut in half', async () => {
    const path = await madeDatabase();
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, bytes.length / 2));
    expect(await refused(path)).toEqual({ kind: 'corrupt', untouched: true });
  });

  test("another program's database", async () => {
    const path = join(tempFolder(), 'other.db');
    const other = new DatabaseSync(path);
    other.exec('create table songs (name text)');
    other.close();
    expect(await refused(path)).toEqual({ kind: 'foreign', untouched: true });
  });

  test('a folder that cannot be made', async () => {
    const file = join(tempFolder(), 'file');
    writeFileSync(file, '');
    expect(await refusal(openStore(`sqlite:${join(file, 'x', 'lockstep.db')}`))).toBe('unwritable');
  });

  test('a folder in place of the file', async () => {
    const folder = join(tempFolder(), 'lockstep.db');
    mkdirSync(folder);
    expect(await refusal(openStore(`sqlite:${folder}`))).toBe('unwritable');
  });
});

describe('a damaged table', () => {
  test('is met while reading and named', async () => {
    const path = join(tempFolder(), 'lockstep.db');
    const store = await openStore(`sqlite:${path}`);
    await ensureConnection(store, { name: 'acme', replica: 'r-1', now: at(0) });
    const page = await sql<{ n: number }>`select rootpage as n from sqlite_master where name = 'connections'`.execute(
      store.db,
    );
    await store.close();
    const bytes = readFileSync(path);
    const start = ((page.rows[0]?.n ?? 0) - 1) * 4096;
    bytes.fill(0xff, start, start + 4096);
    writeFileSync(path, bytes);
    const damaged = await fileStore(path);
    expect(await refusal(getConnection(damaged, 'acme'))).toBe('corrupt');
  });
});

describe('transactions', () => {
  test('are all or nothing', async () => {
    const store = await fileStore();
    const failed = store.transaction(async (tx) => {
      await ensureConnection(tx, { name: 'acme', replica: 'r-1', now: at(0) });
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    expect(await getConnection(store, 'acme')).toBeNull();
  });

  test('take their turn, and a statement beside them waits', async () => {
    const store = await fileStore();
    const steps: string[] = [];
    const first = store.transaction(async (tx) => {
      await ensureConnection(tx, { name: 'acme', replica: 'r-1', now: at(0) });
      await new Promise((resolve) => setImmediate(resolve));
      steps.push('first');
    });
    const second = store.transaction(async (tx) => {
      steps.push((await getConnection(tx, 'acme'))?.replica ?? 'none');
    });
    const beside = getConnection(store, 'acme').then((found) => steps.push(found?.name ?? 'none'));
    await Promise.all([first, second, beside]);
    expect(steps).toEqual(['first', 'r-1', 'acme']);
  });

  test('refuse the store inside them instead of waiting for ever', async () => {
    const store = await fileStore();
    expect(await refusal(store.transaction(async () => getConnection(store, 'acme')))).toBe('misuse');
    expect(await refusal(store.transaction(async () => store.transaction(async () => 1)))).toBe('misuse');
    expect(await getConnection(store, 'acme')).toBeNull();
  });

  test('that the database undid by itself still end with the first error', async () => {
    const store = await fileStore();
    await ensureConnection(store, { name: 'acme', replica: 'r-1', now: at(0) });
    const twice = store.transaction((tx) =>
      sql`insert or rollback into connections (name, replica, watermarks, created_at)
        values ('new', 'r', '', ''), ('acme', 'r', '', '')`.execute(tx.db),
    );
    expect(await refusal(twice)).toBe('constraint');
    expect(await getConnection(store, 'new')).toBeNull();
  });

  test('that read before they write are not overtaken by another process', async () => {
    const path = join(tempFolder(), 'lockstep.db');
    const store = await fileStore(path);
    const other = new DatabaseSync(path, { timeout: 0 });
    await store.transaction(async (tx) => {
      expect(await getConnection(tx, 'acme')).toBeNull();
      expect(() => other.exec(`insert into leases values ('acme', 'other', 1, '')`)).toThrow('locked');
      await ensureConnection(tx, { name: 'acme', replica: 'r-1', now: at(0) });
    });
    other.exec(`insert into leases values ('acme', 'other', 1, '')`);
    other.close();
    expect(await getConnection(store, 'acme')).not.toBeNull();
  });

  test('of another process are waited for, then reported as busy', async () => {
    const path = join(tempFolder(), 'lockstep.db');
    const store = await fileStore(path, { busyTimeoutMs: 50 });
    const other = new DatabaseSync(path);
    other.exec('begin immediate');
    expect(
      await refusal(store.transaction((tx) => ensureConnection(tx, { name: 'a', replica: 'r', now: at(0) }))),
    ).toBe('busy');
    other.exec('commit');
    other.close();
    await store.transaction((tx) => ensureConnection(tx, { name: 'a', replica: 'r', now: at(0) }));
    expect(await getConnection(store, 'a')).not.toBeNull();
  });
});
