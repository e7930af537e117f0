// Worker processes on one PostgreSQL: killed, paused and replaced while people edit, they end where undisturbed ones do. (R16)
import { afterEach, describe, expect, it } from 'vitest';
import { createRandom } from '../../../sandbox/random.ts';
import { listRuns } from '../../../src/store/runs.ts';
import { giveBack, lendPostgres } from '../../postgres/databases.ts';
import { type Crowd, gatherCrowd, makeTrouble, verdict } from './crowd.ts';

let database = '';
let crowd: Crowd | null = null;
afterEach(async () => {
  await crowd?.stop();
  crowd = null;
  await giveBack(database);
});

async function gather(connections: number): Promise<Crowd> {
  database = await lendPostgres();
  crowd = await gatherCrowd({ database, connections, people: 8, seed: 41, concurrency: 3 });
  return crowd;
}

describe('workers', { timeout: 120_000 }, () => {
  it('share the connections, survive kill -9 and pauses, and hand over when told to end', async () => {
    const all = await gather(3);
    await all.hire();
    await all.hire();
    await makeTrouble(all, createRandom('trouble'), { rounds: 3, roundMs: 1_500, edits: 3, pauses: [500, 4_000] });
    for (let cycle = 0; cycle < 2; cycle += 1) await all.everyoneRuns(60_000);
    // One is told to end: the other does all that comes after.
    const [leaving] = all.workers;
    if (leaving !== undefined) await all.kill(leaving, 'SIGTERM');
    expect(leaving?.exitCode).toBe(0);
    await all.edit(2);
    for (let cycle = 0; cycle < 2; cycle += 1) await all.everyoneRuns(60_000);
    expect(await verdict(all)).toEqual([]);
    for (const { world } of all.members) {
      const runs = await listRuns(all.store, { connection: world.connection, limit: 200 });
      const overlaps = runs.filter((one) =>
        runs.some(
          (other) =>
            other.id !== one.id &&
            other.startedAt >= one.startedAt &&
            one.state !== 'interrupted' &&
            other.startedAt < (one.finishedAt ?? ''),
        ),
      );
      expect(overlaps.map(({ id }) => id)).toEqual([]);
    }
  });
});
