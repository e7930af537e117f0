import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { countCrm, getCrm, upsertCrm } from '../../../src/store/crm-records.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { at, C, crm, fileStore, refusal, tempFolder } from '../store-fixtures.ts';

const WRITER = join(import.meta.dirname, 'kill-writer.ts');

/** Lets a child write until it said `enough` batches, kills it with -9 and returns what it had said. */
async function writeAndKill(path: string, round: number, enough: number): Promise<number> {
  const child = spawn(process.execPath, [WRITER, path, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    said += text;
    if (said.split('\n').length > enough) child.kill('SIGKILL');
  });
  await once(child, 'close');
  expect(child.signalCode).toBe('SIGKILL');
  return said.split('\n').length - 1;
}

describe('kill -9 during writes', () => {
  test('keeps every acknowledged batch, whole, round after round', async () => {
    const path = join(tempFolder(), 'lockstep.db');
    const acknowledged: number[] = [];
    for (const [round, enough] of [
      [1, 1],
      [2, 7],
      [3, 30],
      [4, 90],
    ] as const) {
      acknowledged[round] = await writeAndKill(path, round, enough);
      const store = await openStore(`sqlite:${path}`);
      const check = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(store.db);
      expect(check.rows[0]?.integrity_check).toBe('ok');
      const rows = await sql<{ batch: string; n: number }>`
        select substr(id, 1, 7) as batch, count(*) as n from crm_records group by substr(id, 1, 7)`.execute(store.db);
      expect(rows.rows.every((row) => row.n === 40)).toBe(true);
      const kept = new Set(rows.rows.map((row) => row.batch));
      for (let r = 1; r <= round; r++) {
        for (let b = 0; b < (acknowledged[r] ?? 0); b++) expect(kept).toContain(`${r}${String(b).padStart(6, '0')}`);
      }
      await store.close();
    }
  });
});

describe('disk full', () => {
  test('is said, undoes only the transaction that met it, and the store goes on once there is room', async () => {
    const store = await fileStore();
    await store.transaction((tx) => upsertCrm(tx, C, [crm('1')], at(0)));
    const pages = await sql<{ page_count: number }>`pragma page_count`.execute(store.db);
    const limit = (pages.rows[0]?.page_count ?? 0) + 10;
    await sql.raw(`pragma max_page_count = ${limit}`).execute(store.db);
    const many = Array.from({ length: 3000 }, (_, n) => crm(String(100 + n)));
    expect(await refusal(store.transaction((tx) => upsertCrm(tx, C, many, at(1))))).toBe('full');
    expect(await countCrm(store, C)).toEqual([{ role: 'contact', state: 'present', total: 1, dirty: 1 }]);
    await sql.raw('pragma max_page_count = 1000000').execute(store.db);
    expect(await store.transaction((tx) => upsertCrm(tx, C, many, at(2)))).toBe(3000);
    expect(await getCrm(store, C, 'contact', ['1', '3099'])).toHaveLength(2);
  });
});
