// Worker processes on one PostgreSQL: killed, stopped, cut off and replaced while people edit, they end where undisturbed ones do. (R16)
// The long form, for minutes and with stops beyond the lease: npm run chaos.
import { afterEach, describe, expect, it } from 'vitest';
import { createRandom } from '../../../sandbox/random.ts';
import { wantedSince } from '../../../src/store/job-times.ts';
import { acquireLease, dropHolder } from '../../../src/store/leases.ts';
import { giveBack, lendPostgres } from '../../postgres/databases.ts';
import { type Crowd, gatherCrowd } from './crowd.ts';
import { judgeAll } from './judge-all.ts';
import { makeTrouble } from './trouble.ts';
import { type Writers, watchWriters } from './writers.ts';

let database = '';
let crowd: Crowd | null = null;
let writers: Writers | null = null;
afterEach(async () => {
  await writers?.close();
  await crowd?.stop();
  [crowd, writers] = [null, null];
  await giveBack(database);
});

async function dueAt({ store }: Crowd): Promise<string> {
  const row = await store.db
    .selectFrom('job_times')
    .select('due_at')
    .where('connection', '=', 'c0')
    .where('work', '=', 'sync')
    .executeTakeFirst();
  return row?.due_at ?? '';
}

describe('workers', { timeout: 300_000 }, () => {
  it('share the connections, survive kill -9, pauses and lost sessions, and hand over when told to end', async () => {
    database = await lendPostgres();
    const all = await gatherCrowd({ database, connections: 3, people: 8, seed: 41, concurrency: 3 });
    crowd = all;
    writers = await watchWriters(all, database);
    await all.hire();
    await all.hire();
    await makeTrouble(all, writers, createRandom('trouble'), {
      forMs: 8_000,
      every: { edit: 800, harm: 2_500 },
      pauses: [500, 4_000],
      tell: () => undefined,
    });
    // One is told to end: the other does all that comes after.
    const [leaving] = all.workers;
    if (leaving !== undefined) await all.kill(leaving, 'SIGTERM');
    expect(leaving?.process.exitCode).toBe(0);
    // What people want at once while the connection is taken is put off, not forgotten.
    const take = () => acquireLease(all.store, 'c0', 'somebody else', 60_000, new Date().toISOString());
    await all.until(async () => (await take()) !== null);
    for (const member of all.members) await all.edit(member, 2);
    const wanted = await wantedSince(all.store, 'c0', 'sync');
    await all.until(async () => (await dueAt(all)) > (wanted ?? ''));
    expect(await wantedSince(all.store, 'c0', 'sync')).toBe(wanted);
    await dropHolder(all.store, 'c0', 'somebody else');
    await all.until(async () => (await wantedSince(all.store, 'c0', 'sync')) === null);
    const { wrong, figures } = await judgeAll(all, writers, 60_000);
    expect(wrong).toEqual([]);
    expect(figures['runs that wrote']).toBeGreaterThan(all.members.length);
  });
});
