// How much of the permitted rate is used while there is enough to do, and how many calls were refused for their rate.
// Usage: node bench/pacing.bench.ts [--seconds 60] [--minutes 1]. Under the documented limits; asserts nothing.
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createDotdigital } from '../src/connectors/dotdigital/dotdigital.ts';
import { type Accounts, startAccounts } from './accounts.ts';
import type { Calls } from './accounts-process.ts';
import { install, PLAIN_FIELDS } from './lockstep-process.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, minutes: { type: 'string', default: '1' } },
});

/** Documented: 36,000 calls an hour for each token. */
const SELL_PER_SECOND = 10;
const SAMPLE_MS = 500;
const MINUTE_MS = 60_000;

if (Number(values.seconds) > 0) await sell(Number(values.seconds));
if (Number(values.minutes) > 0) await dotdigital(Number(values.minutes));

/** A synchronisation that writes one record a call, counted by the service from its first write to its last. */
async function sell(seconds: number): Promise<void> {
  const changes = seconds * SELL_PER_SECOND;
  const accounts = await startAccounts('limits-on');
  const lockstep = install(accounts, { paced: true, fields: PLAIN_FIELDS });
  try {
    await accounts.add('both', 'person', changes);
    await lockstep.run('align', '--yes');
    await accounts.edit('dotdigital', changes, 1, 'name');
    await accounts.resetCounts();
    const samples: { readonly at: number; readonly calls: number }[] = [];
    const ended = new AbortController();
    const sampling = sample(accounts, ended.signal, samples, changes);
    const { report } = await lockstep.run('sync');
    ended.abort();
    await sampling;
    const counts = await accounts.counts();
    const [first, last] = [samples[0], samples.at(-1)];
    if (first === undefined || last === undefined || last.at === first.at)
      throw new Error('Too short to measure: give more --seconds.');
    const span = (last.at - first.at) / 1000;
    const rate = (last.calls - first.calls) / span;
    console.log(
      `Sell: ${report.actions.total} writes, ${rate.toFixed(2)} calls/s over ${span.toFixed(1)} s, ` +
        `${share(rate / SELL_PER_SECOND)} of what is permitted, ${counts.sell.throttled} refused (${report.state})`,
    );
  } finally {
    lockstep.remove();
    await accounts.stop();
  }
}

/** Keeps samples from the first write on and before the last. */
async function sample(
  accounts: Accounts,
  signal: AbortSignal,
  samples: { readonly at: number; readonly calls: number }[],
  changes: number,
): Promise<void> {
  while (!signal.aborted) {
    const { sell: counted } = await accounts.counts();
    const written = updates(counted);
    if (written > 0 && written < changes)
      samples.push({ at: performance.now(), calls: counted.reads + counted.writes });
    await wait(SAMPLE_MS, undefined, { signal }).catch(() => undefined);
  }
}

function updates({ routes }: Calls): number {
  let count = 0;
  for (const [route, calls] of Object.entries(routes)) if (route.startsWith('PUT ')) count += calls;
  return count;
}

/** Single reads without end, counted over whole minutes of the service: that is how its budgets are given. */
async function dotdigital(minutes: number): Promise<void> {
  const accounts = await startAccounts('limits-on');
  const stopped = new AbortController();
  try {
    await accounts.add('dotdigital', 'person', 10);
    const connector = createDotdigital({ ...accounts.dotdigital, signal: stopped.signal });
    const selection = { fields: ['LASTNAME'], lists: false };
    const limit = await limitOf(accounts);
    let asked = 0;
    const reader = async (): Promise<void> => {
      while (!stopped.signal.aborted) {
        asked += 1;
        await connector.readOne({ email: `person${asked % 10}@mail.example` }, selection);
      }
    };
    const readers = Promise.allSettled(Array.from({ length: 8 }, reader));
    // Just before a minute of the service ends.
    const untilEnd = (): Promise<void> => wait(MINUTE_MS - ((Date.now() + SAMPLE_MS) % MINUTE_MS));
    await untilEnd();
    const before = await accounts.counts();
    for (let minute = 0; minute < minutes; minute += 1) {
      await wait(2 * SAMPLE_MS);
      await untilEnd();
    }
    const after = await accounts.counts();
    stopped.abort();
    await readers;
    const used = (after.dotdigital.reads - before.dotdigital.reads) / minutes;
    console.log(
      `Dotdigital: ${used.toFixed(0)} calls a minute of ${limit} permitted, ${share(used / limit)}, ` +
        `${after.dotdigital.throttled} refused`,
    );
  } finally {
    stopped.abort();
    await accounts.stop();
  }
}

/** What the service itself says of the budget of a single read. */
async function limitOf({ dotdigital: { url, user, password } }: Accounts): Promise<number> {
  const answer = await fetch(`${url}/contacts/v3/email/person0@mail.example`, {
    headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
  });
  await answer.arrayBuffer();
  return Number(answer.headers.get('x-ratelimit-limit'));
}

function share(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}
