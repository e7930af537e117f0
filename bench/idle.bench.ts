// Thousands of connections with nothing to do, on schedule: how late their cycles begin, and what that costs two workers.
// Usage: node bench/idle.bench.ts [--connections 10000] [--every 1h] [--minutes 60] [--workers 2]
// [--concurrency 8] [--latency 200]. Asserts nothing.
import { loadavg } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { parseDuration } from '../src/config/duration.ts';
import { timetableOf } from '../src/jobs/timetable.ts';
import { startManyAccounts } from './many-accounts.ts';
import { startWorkerFleet } from './worker-fleet.ts';

const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '10000' },
    every: { type: 'string', default: '1h' },
    minutes: { type: 'string', default: '60' },
    workers: { type: 'string', default: '2' },
    concurrency: { type: 'string', default: '8' },
    latency: { type: 'string', default: '200' },
  },
});
const connections = Number(values.connections);
const everyMs = parseDuration(values.every) ?? 0;
const minutes = Number(values.minutes);
const number = (n: number): string => Math.round(n).toLocaleString('en-GB');

const latency = Number(values.latency);
const accounts = await startManyAccounts({
  pairs: 1,
  people: 0,
  users: connections,
  latency: [Math.round(0.8 * latency), Math.round(1.2 * latency)],
});
const fleet = await startWorkerFleet({ pairs: accounts.pairs, connections, every: values.every });
try {
  await fleet.alignFirst();
  const workers = await Promise.all(
    Array.from({ length: Number(values.workers) }, () => fleet.hire(Number(values.concurrency))),
  );
  const begun = performance.now();
  // Each learns its time by a first look; what is due after that is its own time.
  const waiting = async (dueBy: string): Promise<number> => {
    const [row] = await fleet.query<{ n: string }>(
      "select count(*) as n from job_times where work = 'sync' and due_at > $1",
      [dueBy],
    );
    return connections - Number(row?.n);
  };
  while ((await waiting('')) > 0) await wait(100);
  const woken = new Date().toISOString();
  while ((await waiting(woken)) > 0) await wait(500);
  console.log(`every connection has its time after ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  // Meanwhile the first ones became due: what is measured begins once they are made up for, or that takes too long.
  for (let look = 0; look < 300 && (await waiting(new Date(Date.now() - 10_000).toISOString())) > 0; look += 1)
    await wait(1_000);
  const cpu = (): number => workers.reduce((sum, worker) => sum + worker.cpu(), 0);
  const [from, cpuBefore, databaseBefore] = [Date.now(), cpu(), fleet.databaseCpu()];
  await wait(minutes * 60_000);
  const [until, workersCpu, databaseCpu] = [Date.now(), cpu() - cpuBefore, fleet.databaseCpu() - databaseBefore];
  // What was due in the last minute may still begin; later than that it counts as missed.
  await wait(60_000);
  const runs = await fleet.query<{ connection: string; started_at: string; state: string }>(
    "select connection, started_at, state from runs where kind = 'sync' and started_at >= $1",
    [new Date(from - 60_000).toISOString()],
  );
  const lateness: number[] = [];
  const ran = new Map<string, number[]>();
  for (const { connection, started_at: startedAt } of runs) {
    const { offsetMs } = timetableOf(connection, everyMs);
    const started = Date.parse(startedAt);
    const slot = Math.floor((started - offsetMs) / everyMs) * everyMs + offsetMs;
    if (slot < from || slot >= until) continue;
    lateness.push(started - slot);
    ran.set(connection, [...(ran.get(connection) ?? []), slot]);
  }
  let [due, missed, twice] = [0, 0, 0];
  for (const name of fleet.names) {
    const { offsetMs } = timetableOf(name, everyMs);
    for (let slot = Math.ceil((from - offsetMs) / everyMs) * everyMs + offsetMs; slot < until; slot += everyMs) {
      due += 1;
      const times = (ran.get(name) ?? []).filter((one) => one === slot).length;
      if (times === 0) missed += 1;
      if (times > 1) twice += 1;
    }
  }
  lateness.sort((a, b) => a - b);
  const at = (share: number): string => ((lateness[Math.floor(lateness.length * share)] ?? 0) / 1000).toFixed(1);
  const seconds = (until - from) / 1000;
  const notOk = runs.filter(({ state }) => state !== 'ok' && state !== 'running').length;
  console.log(
    [
      `${number(connections)} connections every ${values.every}, ${workers.length} workers with ${values.concurrency} places, ${minutes} minutes, answers in about ${latency} ms, load ${loadavg()[0]?.toFixed(1)}`,
      `  due ${number(due)} (${(due / seconds).toFixed(2)} a second), begun ${number(lateness.length)}, missed ${missed}, twice ${twice}, not ok ${notOk}`,
      `  begun late by: median ${at(0.5)} s, p99 ${at(0.99)} s, most ${((lateness.at(-1) ?? 0) / 1000).toFixed(1)} s`,
      `  processors: workers ${(workersCpu / seconds).toFixed(3)} of one core together (${((1000 * workersCpu) / Math.max(1, lateness.length)).toFixed(0)} ms a cycle), database ${(databaseCpu / seconds).toFixed(3)}`,
    ].join('\n'),
  );
} finally {
  await fleet.stop();
  await accounts.stop();
}
