// How much more two workers get done than one, on connections that have something to do and services that take their time.
// Usage: node bench/workers.bench.ts [--pairs 16] [--people 120] [--concurrency 2] [--latency 250]. Asserts nothing.
import { loadavg } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { wantNow } from '../src/store/job-times.ts';
import { startManyAccounts } from './many-accounts.ts';
import { startWorkerFleet } from './worker-fleet.ts';

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '16' },
    people: { type: 'string', default: '120' },
    concurrency: { type: 'string', default: '2' },
    latency: { type: 'string', default: '250' },
  },
});
const people = Number(values.people);
const EDITS = Math.floor(people / 3);
/** Milliseconds that an answer takes. */
const LATENCY = [Math.round(Number(values.latency) * 0.8), Math.round(Number(values.latency) * 1.2)] as const;

const accounts = await startManyAccounts({ pairs: Number(values.pairs), people, users: 1, latency: LATENCY });
const fleet = await startWorkerFleet({ pairs: accounts.pairs, connections: 1, every: '6h' });
try {
  await fleet.alignAll();
  await fleet.hire(Number(values.concurrency));
  // The first round is for what is loaded and compiled once.
  await round(0);
  const one = await round(1);
  await fleet.hire(Number(values.concurrency));
  await round(2);
  const two = await round(3);
  const line = (who: string, { ms, cpu }: typeof one): string =>
    `${who}: ${((fleet.names.length * 60_000) / ms).toFixed(1)} cycles a minute, ${((2 * EDITS * fleet.names.length * 1000) / ms).toFixed(1)} writes a second, ${((1000 * cpu) / ms).toFixed(2)} of a core`;
  console.log(
    [
      `${fleet.names.length} connections, ${2 * EDITS} changes each, answers take ${LATENCY.join(' to ')} ms, ${values.concurrency} places a worker, load ${loadavg()[0]?.toFixed(1)}`,
      `  ${line('one worker', one)}`,
      `  ${line('two workers', two)}`,
      `  two do ${(one.ms / two.ms).toFixed(2)} times as much as one`,
    ].join('\n'),
  );
} finally {
  await fleet.stop();
  await accounts.stop();
}

/** Every connection has changes on both sides and runs once. */
async function round(n: number): Promise<{ readonly ms: number; readonly cpu: number }> {
  await accounts.edit(EDITS, n);
  const since = new Date().toISOString();
  const cpu = (): number => fleet.workers().reduce((sum, worker) => sum + worker.cpu(), 0);
  const [begun, before] = [performance.now(), cpu()];
  for (const name of fleet.names) while (!(await wantNow(fleet.store, name, 'sync', since))) await wait(50);
  for (;;) {
    const [row] = await fleet.query<{ n: string }>(
      "select count(distinct connection) as n from runs where kind = 'sync' and started_at >= $1 and state = 'ok'",
      [since],
    );
    if (Number(row?.n) >= fleet.names.length) break;
    await wait(50);
  }
  return { ms: performance.now() - begun, cpu: cpu() - before };
}
