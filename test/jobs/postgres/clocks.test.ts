// Processes whose clocks differ by minutes, on one database: leases go by the database's clock, schedules by each process's own. (R16)
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type App, openApp } from '../../../src/app.ts';
import { realRuntime } from '../../../src/connectors/http/runtime.ts';
import { runCycle } from '../../../src/engine/cycle.ts';
import { pastRuns } from '../../../src/jobs/past-runs.ts';
import { timetableOf } from '../../../src/jobs/timetable.ts';
import { acquireLease, leaseTime, releaseLease } from '../../../src/store/leases.ts';
import { listRuns } from '../../../src/store/runs.ts';
import { startTwoAccounts, type TwoAccounts } from '../../integration/two-accounts.ts';
import { giveBack, lendPostgres } from '../../postgres/databases.ts';
import { hireOne, type OneWorker, until } from './one-worker.ts';

const MINUTE = 60_000;
const EVERY_MS = 2_000;

let database: string;
let world: TwoAccounts;
let apps: App[];
let workers: OneWorker[];

beforeEach(async () => {
  database = await lendPostgres();
  world = await startTwoAccounts({ database });
  world.sell.world.createContact({ first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.com' });
  await world.cycle('align');
  [apps, workers] = [[], []];
});
afterEach(async () => {
  for (const worker of workers) await worker.stop();
  for (const app of apps) await app.close();
  await world.stop();
  await giveBack(database);
});

/** The program on a machine whose clock is wrong by so much. */
async function appAt(aheadMs: number): Promise<App> {
  const { config } = await world.app();
  const now = () => Date.now() + aheadMs;
  const app = await openApp(config, {
    poll: { firstMs: 1, growth: 1, longestMs: 5, busyMs: 5 },
    world: { ...realRuntime, now, newId: () => crypto.randomUUID() },
  });
  apps.push(app);
  return app;
}

describe('R16: a process whose clock is ten minutes', () => {
  it.each([
    ['ahead', 10 * MINUTE],
    ['behind', -10 * MINUTE],
  ])(
    '%s neither takes a connection that somebody holds, nor takes a lease that ran out for held',
    async (_, aheadMs) => {
      const { store } = await world.app();
      const app = await appAt(aheadMs);
      const [settings] = app.config.connections;
      if (settings === undefined) throw new Error('The configuration has a connection.');
      const sync = async () =>
        runCycle(await app.engine(settings, { signal: new AbortController().signal }), {
          kind: 'sync',
          only: null,
          full: false,
        });
      const now = new Date(Date.now() + aheadMs).toISOString();
      const lease = await acquireLease(store, 'acme', 'somebody', 5 * MINUTE, await leaseTime(store, now));
      expect(await pastRuns(app.store, 'acme', now)).toBeNull();
      expect(await sync()).toMatchObject({ state: 'aborted', message: expect.stringMatching(/Another run holds/) });
      await releaseLease(store, 'acme', lease?.token ?? 0);
      await acquireLease(store, 'acme', 'somebody who died', 1, await leaseTime(store, now));
      await until(async () => (await pastRuns(app.store, 'acme', now)) !== null);
      expect(await sync()).toMatchObject({ state: 'ok' });
    },
  );
});

it('workers whose clocks differ by minutes begin each cycle once', async () => {
  for (const aheadMs of [2 * MINUTE, -2 * MINUTE]) {
    const app = await appAt(aheadMs);
    const clock = {
      now: () => Date.now() + aheadMs,
      sleep: (ms: number, signal: AbortSignal) => realRuntime.sleep(ms, signal).catch(() => undefined),
    };
    workers.push(await hireOne({ app, everyMs: EVERY_MS, clock }));
  }
  const { store } = await world.app();
  const runs = () => listRuns(store, { connection: 'acme', kinds: ['sync'], limit: 50 });
  await until(async () => {
    for (const worker of workers) worker.look();
    return (await runs()).length >= 4;
  });
  const { offsetMs } = timetableOf('acme', EVERY_MS);
  const slots = (await runs()).map(({ startedAt }) => Math.floor((Date.parse(startedAt) - offsetMs) / EVERY_MS));
  expect(new Set(slots).size).toBe(slots.length);
});
