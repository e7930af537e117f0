// A worker killed with -9 in the middle of a cycle: how soon another goes on, and whether the end is that of an undisturbed cycle.
// Usage: node bench/takeover.bench.ts [--times 5] [--people 300]. Asserts nothing.
import { loadavg } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { wantNow } from '../src/store/job-times.ts';
import { type ManyAccounts, startManyAccounts } from './many-accounts.ts';
import { startWorkerFleet, type WorkerFleet } from './worker-fleet.ts';

const { values } = parseArgs({
  options: { times: { type: 'string', default: '5' }, people: { type: 'string', default: '300' } },
});
const people = Number(values.people);
const times = Number(values.times);
/** Changes on each side in every round. */
const EDITS = Math.floor(people / 3);

/** @returns what both sides show in the end, and how long each takeover took in milliseconds */
async function rounds(disturb: boolean): Promise<{ readonly end: string; readonly takeovers: readonly number[] }> {
  const accounts = await startManyAccounts({ pairs: 1, people, users: 1, latency: [20, 40] });
  const fleet = await startWorkerFleet({ pairs: accounts.pairs, connections: 1, every: '6h' });
  const takeovers: number[] = [];
  try {
    await fleet.alignAll();
    await fleet.hire(2);
    await fleet.hire(2);
    for (let round = 1; round <= times; round += 1) takeovers.push(...(await one(fleet, accounts, round, disturb)));
    return { end: await accounts.look(), takeovers };
  } finally {
    await fleet.stop();
    await accounts.stop();
  }
}

async function one(fleet: WorkerFleet, accounts: ManyAccounts, round: number, disturb: boolean): Promise<number[]> {
  const [name = ''] = fleet.names;
  await accounts.edit(EDITS, round);
  const since = new Date().toISOString();
  while (!(await wantNow(fleet.store, name, 'sync', since))) await wait(100);
  const found: number[] = [];
  if (disturb) {
    // Some of the writes are done, the others are not.
    const pid = await until(async () => {
      const [row] = await fleet.query<{ holder: string }>(
        `select l.holder from leases l join actions a on a.connection = l.name join runs r on r.id = a.run_id
          where l.holder is not null and a.state = 'done' and r.state = 'running' and r.started_at >= $1 limit 1`,
        [since],
      );
      return row === undefined ? null : (JSON.parse(row.holder) as { readonly pid: number }).pid;
    });
    const victim = fleet.workers().find((worker) => worker.process.pid === pid);
    if (victim === undefined) throw new Error('The run is under way in no worker.');
    await fleet.kill(victim);
    const [killedAt, killed] = [performance.now(), new Date().toISOString()];
    await until(async () => {
      const runs = await fleet.query('select id from runs where connection = $1 and started_at >= $2', [name, killed]);
      return runs.length > 0 ? true : null;
    });
    found.push(performance.now() - killedAt);
    await fleet.hire(2);
  }
  // What one run writes the next reads back.
  for (let cycle = 0; cycle < 2; cycle += 1) {
    const from = new Date().toISOString();
    await wantNow(fleet.store, name, 'sync', from);
    await until(async () => {
      const runs = await fleet.query(
        "select id from runs where connection = $1 and started_at >= $2 and state = 'ok'",
        [name, from],
      );
      return runs.length > 0 ? true : null;
    });
  }
  return found;
}

async function until<T>(look: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    await wait(20);
  }
}

const undisturbed = await rounds(false);
const disturbed = await rounds(true);
const seconds = disturbed.takeovers.map((ms) => (ms / 1000).toFixed(1)).join(', ');
console.log(
  `${times} kills amid ${2 * EDITS} writes, load ${loadavg()[0]?.toFixed(1)}: another worker began after ${seconds} s; the end ${disturbed.end === undisturbed.end ? 'equals' : 'DIFFERS FROM'} the undisturbed one`,
);
