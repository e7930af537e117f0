// Lockstep beside the obvious way (bench/obvious-way.ts): the same work in the same accounts, counted by the services.
// Lockstep maps two fields more: without a status nobody would be a customer who may be made in Sell.
// Usage: node bench/baseline.bench.ts [--people 2000] [--changes 500]. Without limits of rate; asserts nothing.
import { parseArgs } from 'node:util';
import { type Accounts, startAccounts } from './accounts.ts';
import type { Edits, Side } from './accounts-process.ts';
import { ADDRESS_FIELDS, install } from './lockstep-process.ts';
import { obviousWay } from './obvious-way.ts';

const { values } = parseArgs({
  options: { people: { type: 'string', default: '2000' }, changes: { type: 'string', default: '500' } },
});
const people = Number(values.people);
const changes = Math.min(people, Number(values.changes));

/** Both sides edit the same people before anybody looks. */
const AT_ONCE: readonly Edits[] = [
  { side: 'sell', round: 3, field: 'name' },
  { side: 'dotdigital', round: 4, field: 'postcode' },
];

interface Took {
  readonly sell: number;
  readonly dotdigital: number;
  readonly seconds: number;
}

/** One way of keeping two accounts alike: from nothing, and again and again. */
interface Way {
  readonly accounts: Accounts;
  first(): Promise<void>;
  again(): Promise<void>;
  end(): Promise<void>;
}

async function theObvious(): Promise<Way> {
  const accounts = await startAccounts('limits-off');
  const way = obviousWay(accounts);
  let looked = 0;
  const cycle = async (): Promise<void> => {
    const since = looked;
    // The services stamp whole seconds: a second is looked at twice rather than never.
    looked = Date.now() - 1000;
    await way.cycle(since);
  };
  return { accounts, first: cycle, again: cycle, end: () => accounts.stop() };
}

async function lockstep(): Promise<Way> {
  const accounts = await startAccounts('limits-off');
  const installed = install(accounts, { paced: false, fields: ADDRESS_FIELDS });
  return {
    accounts,
    first: async () => void (await installed.run('align', '--yes')),
    again: async () => void (await installed.run('sync')),
    end: async () => {
      installed.remove();
      await accounts.stop();
    },
  };
}

async function measure(accounts: Accounts, work: () => Promise<void>): Promise<Took> {
  await accounts.resetCounts();
  const begun = performance.now();
  await work();
  const seconds = (performance.now() - begun) / 1000;
  const { sell, dotdigital } = await accounts.counts();
  return { sell: sell.reads + sell.writes, dotdigital: dotdigital.reads + dotdigital.writes, seconds };
}

async function fromNothing(start: () => Promise<Way>, side: Side): Promise<Took> {
  const way = await start();
  try {
    await way.accounts.add(side, 'person', people);
    return await measure(way.accounts, () => way.first());
  } finally {
    await way.end();
  }
}

/** In accounts that agree: changes on either side or both, each with the look after it, which meets what was written. */
async function changed(start: () => Promise<Way>): Promise<readonly Took[]> {
  const way = await start();
  const { accounts } = way;
  const twice = async (): Promise<void> => {
    await way.again();
    await way.again();
  };
  try {
    await accounts.add('both', 'person', people);
    await way.first();
    // The first write of all makes what is missing in the accounts.
    await accounts.edit('sell', 1, 0, 'name');
    await twice();
    const took = [await measure(accounts, () => way.again())];
    await accounts.edit('sell', changes, 1, 'name');
    took.push(await measure(accounts, twice));
    await accounts.edit('dotdigital', changes, 2, 'name');
    took.push(await measure(accounts, twice));
    for (const { side, round, field } of AT_ONCE) await accounts.edit(side, changes, round, field);
    took.push(await measure(accounts, twice));
    lost.push(await accounts.missing(changes, AT_ONCE));
    return took;
  } finally {
    await way.end();
  }
}

function line(what: string, obvious: Took | undefined, ours: Took | undefined): void {
  if (obvious === undefined || ours === undefined) return;
  const calls = (took: Took): number => took.sell + took.dotdigital;
  const show = ({ sell, dotdigital, seconds }: Took): string =>
    `${sell} + ${dotdigital} calls, ${seconds.toFixed(1)} s`;
  console.log(
    `${what.padEnd(44)} obvious way ${show(obvious).padEnd(30)} Lockstep ${show(ours).padEnd(30)} ` +
      `calls ${(calls(obvious) / calls(ours)).toFixed(1)} : 1, time ${(obvious.seconds / ours.seconds).toFixed(1)} : 1`,
  );
}

const lost: number[] = [];
console.log(`${people} people, ${changes} changes; calls to Sell + calls to Dotdigital`);
for (const [what, side] of [
  ['from nothing, equal on both sides', 'both'],
  ['from nothing, only in Sell', 'sell'],
  ['from nothing, only in Dotdigital', 'dotdigital'],
] as const)
  line(what, await fromNothing(theObvious, side), await fromNothing(lockstep, side));
const [obvious, ours] = [await changed(theObvious), await changed(lockstep)];
for (const [at, what] of [
  'nothing changed',
  'names changed in Sell, and the next look',
  'names changed in Dotdigital, and the next look',
  'names in Sell, postcodes in Dotdigital at once',
].entries())
  line(what, obvious[at], ours[at]);
console.log(
  `of ${2 * changes} edits to the same people on both sides at once: lost ${lost[0]} the obvious way, ${lost[1]} by Lockstep`,
);
