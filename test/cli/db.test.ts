// `lockstep db`: verify, migrate, backup, and what a database that cannot be used answers. (contract 6)
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTwoAccounts, type TwoAccounts } from '../integration/two-accounts.ts';
import { ask } from './ask.ts';

let world: TwoAccounts;
beforeEach(async () => {
  world = await startTwoAccounts();
  world.sell.world.createContact({
    first_name: 'Ada',
    last_name: 'Lovelace',
    email: 'ada@example.com',
    customer_status: 'current',
  });
  await world.cycle('align');
});
afterEach(() => world.stop());

describe('db', () => {
  it('verify reads everything and counts it', async () => {
    const { json, code } = await ask(world, 'db', 'verify');
    expect(code).toBe(0);
    expect(json).toMatchObject({
      ok: true,
      faults: [],
      rows: { connections: 1, links: 1, crm_records: 1, marketing_records: 1 },
    });
  });

  it('migrate makes a new database and says when one is up to date', async () => {
    const fresh = `sqlite:${join(world.folder, 'fresh.db')}`;
    expect((await ask(world, '--database', fresh, 'db', 'migrate')).code).toBe(0);
    expect((await world.words('--database', fresh, 'db', 'migrate')).stdout).toContain('is up to date');
  });

  it('backup copies what is there, for its owner alone, and overwrites nothing', async () => {
    const copy = join(world.folder, 'copy.db');
    expect((await ask(world, 'db', 'backup', copy)).code).toBe(0);
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    const restored = await ask(world, '--database', `sqlite:${copy}`, 'explain', 'ada@example.com');
    expect(restored.json.links).toHaveLength(1);
    const before = readFileSync(copy);
    const again = await ask(world, 'db', 'backup', copy);
    expect(again.code).toBe(2);
    expect(again.json.error.message).toContain('exists already');
    expect(readFileSync(copy).equals(before)).toBe(true);
    expect((await ask(world, 'db', 'backup', join(world.folder, 'no', 'such', 'folder.db'))).code).toBe(2);
  });

  it('exit 5 for a damaged database, in verify and in check', async () => {
    await world.configure({});
    const copy = join(world.folder, 'damaged.db');
    await ask(world, 'db', 'backup', copy);
    const bytes = readFileSync(copy);
    const database = new DatabaseSync(copy);
    const root = database.prepare("select rootpage from sqlite_master where name = 'links_crm'").get()?.['rootpage'];
    database.close();
    bytes.fill(0xff, (Number(root) - 1) * 4096, Number(root) * 4096);
    writeFileSync(copy, bytes);
    const verified = await ask(world, '--database', `sqlite:${copy}`, 'db', 'verify');
    expect(verified.code).toBe(5);
    expect(verified.json.ok).toBe(false);
    expect(verified.json.faults.length).toBeGreaterThan(0);
    const checked = await ask(world, '--database', `sqlite:${copy}`, 'check');
    expect(checked.code).toBe(5);
    expect(checked.json.checks.find((line) => line.id === 'database')).toMatchObject({
      status: 'problem',
    });
  });

  it('exit 5 for a file that is no database, which stays as it was', async () => {
    const file = join(world.folder, 'letter.db');
    writeFileSync(file, 'Dear Ada, '.repeat(200));
    for (const command of [['status'], ['db', 'verify'], ['check']]) {
      const answer = await ask(world, '--database', `sqlite:${file}`, ...command);
      expect(answer.code).toBe(5);
    }
    expect(readFileSync(file, 'utf8')).toBe('Dear Ada, '.repeat(200));
    expect(existsSync(`${file}-wal`)).toBe(false);
  });
});
