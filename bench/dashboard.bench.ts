// How quickly the API answers what people wait for: the search for somebody among very many, and the overview of a large connection.
// Prints figures; asserts nothing. `node bench/dashboard.bench.ts [people]`
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { activity } from '../src/engine/activity.ts';
import { overviewOf } from '../src/engine/overview.ts';
import { openStore } from '../src/store/open-store.ts';
import { findByAddress } from '../src/store/people-search.ts';
import { address, fill, RUNS } from './large-store.ts';

const people = Number(process.argv[2] ?? 100_000);
const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
const store = await openStore(`sqlite:${join(folder, 'bench.db')}`);

/** Milliseconds of the first and of the slowest and middle one of twenty. */
async function measure(what: string, work: (n: number) => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  for (let n = 0; n < 20; n += 1) {
    const begun = performance.now();
    await work(n);
    times.push(performance.now() - begun);
  }
  const sorted = [...times].sort((a, b) => a - b);
  const ms = (value: number | undefined): string => `${(value ?? 0).toFixed(1)} ms`;
  console.log(`${what.padEnd(44)} first ${ms(times[0])}, median ${ms(sorted[10])}, slowest ${ms(sorted.at(-1))}`);
}

try {
  const begun = performance.now();
  await fill(store, people);
  console.log(
    `${people.toLocaleString('en-GB')} people on both sides, ${RUNS} runs (filled in ${((performance.now() - begun) / 1000).toFixed(0)} s)`,
  );
  await measure('search, one character, all connections', (n) => findByAddress(store, n.toString(36), { limit: 21 }));
  await measure('search, whole address, one connection', (n) =>
    findByAddress(store, address(n * 31, people), { connection: 'acme', limit: 21 }),
  );
  await measure('search, nobody', (n) => findByAddress(store, `zzzz-nobody-${n}`, { limit: 21 }));
  await measure('overview', () => overviewOf(store, 'acme', Date.now()));
  await measure('activity of 90 days', () => activity(store, { days: 90, now: Date.now() }));
} finally {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
}
