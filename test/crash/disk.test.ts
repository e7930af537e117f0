// A disk that is full, read-only or spoils what it holds, under the real program on SQLite: it says so in words, ends with 5, loses
// nothing, and goes on once the disk is well. (contract 2, contract 6) A full server is tested where the server is.
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createRandom } from '../../sandbox/random.ts';
import { openStore } from '../../src/store/open-store.ts';
import { verifyStore } from '../../src/store/verify-store.ts';
import { live } from './life.ts';
import { tear } from './tear.ts';
import {
  alignUndisturbed,
  letEdit,
  letGo,
  type WatchedAccounts,
  watchAccounts,
  wrongAnyTime,
  wrongInTheEnd,
} from './watched-accounts.ts';

let member: WatchedAccounts;
let folder = '';
afterEach(async () => {
  await member.world.stop();
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

const ALIGN = ['align', '--yes', '--quiet'];
const SYNC = ['sync', '--quiet'];

/** Whatever the others run on. */
async function onFile(seed: number, people: number): Promise<string> {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-disk-'));
  const file = join(folder, 'data', 'lockstep.db');
  member = await watchAccounts({ seed, people, database: `sqlite:${file}` });
  return file;
}

async function expectEnd(args: readonly string[], through: readonly string[], words: RegExp): Promise<void> {
  await letGo(member);
  const ended = await live(member.world, args, { through });
  expect(ended.stdout + ended.stderr).toMatch(words);
  expect(ended.stderr).not.toMatch(/unexpected error|\n\s+at /);
  expect(ended.code).toBe(5);
  expect(await wrongAnyTime(member)).toEqual([]);
}

async function expectRecovery(): Promise<void> {
  for (let cycle = 0; cycle < 3; cycle += 1) expect((await member.world.lockstep('align', '--yes')).code).toBe(0);
  expect(await wrongInTheEnd(member)).toEqual([]);
}

/** Root may write whatever the permissions say, unless that is taken from it. */
const asAnybody = process.getuid?.() === 0 ? ['setpriv', '--bounding-set', '-dac_override,-dac_read_search'] : [];

describe('a disk', () => {
  it('contract 6: that takes no more, at the beginning, in the middle and near the end', async () => {
    await onFile(31, 40);
    const room = (blocks: number): readonly string[] => ['sh', '-c', `ulimit -f ${String(blocks)}; exec "$@"`, 'sh'];
    for (const blocks of [0, 40, 900]) await expectEnd(ALIGN, room(blocks), /disk|No space/);
    await alignUndisturbed(member);
    await letEdit(member, 20);
    for (const blocks of [40, 400]) await expectEnd(SYNC, room(blocks), /disk|No space/);
    await expectRecovery();
  });

  it('contract 6: that is read-only, the file or its folder', async () => {
    const file = await onFile(32, 10);
    await alignUndisturbed(member);
    await letEdit(member, 5);
    for (const [path, closed, open] of [
      [file, 0o400, 0o600],
      [join(folder, 'data'), 0o500, 0o700],
    ] as const) {
      await letGo(member);
      chmodSync(path, closed);
      const ended = await live(member.world, SYNC, { through: asAnybody });
      chmodSync(path, open);
      expect(ended.stderr).toMatch(/cannot be written to .*check the permissions/);
      expect([ended.code, ended.calls.writes]).toEqual([5, 0]);
    }
    await expectRecovery();
  });

  it('contract 6: that tears the last write: everything committed is there', async () => {
    const file = await onFile(33, 20);
    await alignUndisturbed(member);
    const random = createRandom('tear');
    const kinds = new Set<string>();
    for (let n = 0; n < 3; n += 1) {
      await letEdit(member, 10);
      await letGo(member);
      const blow = { at: 'call', of: 'writes', nth: n + 1, point: 'done', ms: 0 } as const;
      expect((await live(member.world, SYNC, { blow })).signal).toBe('SIGKILL');
      const copies = Array.from({ length: 5 }, (_, copy) => join(folder, `copy-${String(n)}-${String(copy)}.db`));
      for (const copy of copies) for (const part of ['', '-wal']) cpSync(`${file}${part}`, `${copy}${part}`);
      // The first copy stays as it was killed.
      for (const copy of copies.slice(1)) kinds.add(tear(copy, random)?.replace(/\d+ /, '') ?? 'nothing');
      const found = await Promise.all(copies.map(contents));
      for (const one of found) expect(one).toEqual(found[0]);
    }
    expect([...kinds].sort()).toEqual(['pages are torn', 'the end of the log is torn']);
    await expectRecovery();
  });

  it('contract 6: that spoils pages of the database: it is told, or nothing is wrong', async () => {
    const file = await onFile(34, 30);
    await alignUndisturbed(member);
    await letEdit(member, 10);
    await letGo(member);
    const sound = readFileSync(file);
    const random = createRandom('spoil');
    let told = 0;
    for (let n = 0; n < 14; n += 1) {
      writeFileSync(file, spoilt(sound, random));
      const ended = await member.world.lockstep('sync', '--full');
      expect([0, 5]).toContain(ended.code);
      if (ended.code === 5) {
        told += 1;
        expect(ended.stderr).toMatch(/is damaged\. Stop every Lockstep .* restore a backup|is not a database/);
      }
      expect(await wrongAnyTime(member).catch(() => [])).toEqual([]);
      await letGo(member);
      // The backup is brought back.
      for (const part of ['-wal', '-shm']) rmSync(`${file}${part}`, { force: true });
      writeFileSync(file, sound);
      if (n % 5 === 0) await letEdit(member, 3);
      await letGo(member);
    }
    expect(told).toBeGreaterThan(3);
    expect((await member.world.lockstep('sync', '--full')).code).toBe(0);
    await expectRecovery();
  });
});

async function contents(file: string): Promise<unknown> {
  const store = await openStore(`sqlite:${file}`);
  try {
    return await verifyStore(store);
  } finally {
    await store.close();
  }
}

/** Pages filled with something else, or the end of the file missing. */
function spoilt(sound: Buffer, random: ReturnType<typeof createRandom>): Buffer {
  if (random.chance(0.2)) return sound.subarray(0, random.int(512, sound.length - 1));
  const bytes = Buffer.from(sound);
  const page = random.int(0, sound.length / 4096 - 1) * 4096;
  const value = random.pick([0, 0xff, null]);
  const length = random.pick([200, 4096]);
  for (let at = page; at < page + length; at += 1) bytes[at] = value ?? random.int(0, 255);
  return bytes;
}
