// The database of a worker goes away in the middle of a run: longer than anybody waits, or as one that fails over to a standby
// which takes no writes at first. The worker stays, the work is done, nobody is made twice. (R16, contract 6)
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wantNow } from '../../../src/store/job-times.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { listRuns } from '../../../src/store/runs.ts';
import { createJudge, type Judge } from '../../integration/agreement.ts';
import { BUSY_FIELDS, type BusyAccounts, startBusyAccounts } from '../../integration/busy-accounts.ts';
import { giveBack, lendPostgres } from '../../postgres/databases.ts';
import { type Gate, gateTo } from '../../postgres/gate.ts';
import { hireOne, type OneWorker, until } from './one-worker.ts';

let database: string;
let gate: Gate;
let world: BusyAccounts;
let judge: Judge;
let worker: OneWorker | null;
let admin: pg.Client;

beforeEach(async () => {
  database = await lendPostgres();
  gate = await gateTo(database);
  admin = new pg.Client(database);
  await admin.connect();
  world = await startBusyAccounts({ seed: 61, people: 12, database: gate.url });
  judge = createJudge(world, BUSY_FIELDS);
  await judge.before();
  await world.cycle('align');
  worker = null;
});
afterEach(async () => {
  await worker?.stop();
  await world.stop();
  await admin.end();
  await gate.close();
  await giveBack(database);
});

/** People edit, a worker begins to write, and then something happens to the database, once. */
async function inTheMiddle(patienceMs: number, happens: () => Promise<void>): Promise<void> {
  const app = await world.app();
  // What it was patient with before is not what this is about.
  const store = await openStore(gate.url, { patienceMs });
  try {
    const happening: Promise<void>[] = [];
    worker = await hireOne({
      app,
      store,
      engine: (engine) => ({
        ...engine,
        store,
        progress: (step) => {
          if (step.phase.startsWith('apply')) happening[0] ??= happens();
        },
      }),
    });
    world.edit(12);
    await judge.before(world.made);
    await until(() => wantNow(store, world.connection, 'sync', new Date().toISOString()));
    await until(() => happening.length > 0);
    await happening[0];
    // The half minute that nobody could give the lease back in passes at once.
    await admin.query("update leases set expires_at = ''");
    const since = new Date().toISOString();
    await until(() => wantNow(app.store, world.connection, 'sync', since));
    await until(async () => {
      const [newest] = await listRuns(app.store, { connection: world.connection, kinds: ['sync'], limit: 1 });
      return newest !== undefined && newest.startedAt > since && newest.state.startsWith('ok');
    });
    await worker.stop();
  } finally {
    await store.close();
  }
  expect(await judge.after()).toEqual([]);
}

describe('a worker whose database', () => {
  it('is away longer than anybody waits goes on when it is back, and nobody is made twice', async () => {
    await inTheMiddle(400, async () => {
      await gate.shut();
      await until(() => worker?.said.some((line) => line.includes('the schedule cannot be read')) === true);
      await gate.open();
    });
    expect(worker?.said.join('\n')).toContain('cannot be reached');
  });

  it('fails over to a standby that takes no writes at first goes on when it is promoted', async () => {
    const name = new URL(database).pathname.slice(1);
    const failOver = async (readOnly: 'on' | 'off'): Promise<void> => {
      await admin.query(`alter database ${name} set default_transaction_read_only = ${readOnly}`);
      await admin.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
        [name],
      );
    };
    await inTheMiddle(400, async () => {
      await failOver('on');
      await until(() => worker?.said.some((line) => line.includes('takes no writes now')) === true);
      await admin.query('set default_transaction_read_only = off');
      await failOver('off');
    });
  });
});
