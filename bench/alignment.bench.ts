// How long an alignment takes, how much memory it needs and what a record costs as accounts grow: equal accounts, and people who are on
// one side only. Usage: node bench/alignment.bench.ts [--equal 2000,10000,100000,1000000] [--creates 20000] [--profiles FOLDER]. Asserts nothing.
import { parseArgs } from 'node:util';
import { startAccounts } from './accounts.ts';
import type { ServiceCounts, Side } from './accounts-process.ts';
import { ADDRESS_FIELDS, install, type Ran } from './lockstep-process.ts';

const { values } = parseArgs({
  options: {
    equal: { type: 'string', default: '2000,10000,100000,1000000' },
    creates: { type: 'string', default: '20000' },
    profiles: { type: 'string' },
  },
});

/** What the size before took, so that each size is charged for what it has more: the first thousands also warm the program up. */
let before: { readonly records: number; readonly cpuSeconds: number } | null = null;
let first: number | null = null;
for (const size of sizes(values.equal)) {
  const { align, again } = await alignment('both', size);
  line(`${format(size)} on each side, equal`, 2 * size, align);
  line(`  the next sync`, 0, again);
  // Without what every command costs, whatever there is to do.
  const now = { records: 2 * size, cpuSeconds: align.ran.cpuSeconds - again.ran.cpuSeconds };
  const microseconds = (seconds: number, records: number): string => ((seconds * 1e6) / records).toFixed(0);
  let words = `a record costs ${microseconds(now.cpuSeconds, now.records)} µs of processor`;
  if (before !== null) {
    const [seconds, records] = [now.cpuSeconds - before.cpuSeconds, now.records - before.records];
    first ??= seconds / records;
    words += `; each beyond the size before ${microseconds(seconds, records)} µs, ${(seconds / records / first).toFixed(2)} of the first such`;
  }
  before = now;
  console.log(`${''.padEnd(36)} ${words}`);
}
for (const size of sizes(values.creates)) {
  line(`${format(size)} only in Sell`, size, (await alignment('sell', size)).align);
  line(`${format(size)} only in Dotdigital`, size, (await alignment('dotdigital', size)).align);
}

interface Measured {
  readonly ran: Ran;
  readonly calls: ServiceCounts;
}

async function alignment(side: Side, size: number): Promise<{ readonly align: Measured; readonly again: Measured }> {
  const accounts = await startAccounts('limits-off');
  const lockstep = install(accounts, { paced: false, fields: ADDRESS_FIELDS, profiles: values.profiles });
  try {
    await accounts.add(side, 'person', size);
    const measure = async (...args: readonly string[]): Promise<Measured> => {
      await accounts.resetCounts();
      return { ran: await lockstep.run(...args), calls: await accounts.counts() };
    };
    return { align: await measure('align', '--yes'), again: await measure('sync') };
  } finally {
    lockstep.remove();
    await accounts.stop();
  }
}

function line(what: string, records: number, { ran, calls }: Measured): void {
  const { seconds, peakMb, cpuSeconds, report } = ran;
  const rate = records === 0 ? '' : ` ${format(Math.round(records / seconds))} records/s`;
  console.log(
    `${what.padEnd(36)} ${report.state} in ${seconds.toFixed(1)} s${rate}, peak ${peakMb.toFixed(0)} MB, processor ${cpuSeconds.toFixed(1)} s`,
  );
  console.log(
    `${''.padEnd(36)} writes planned ${format(report.actions.total)}; calls: Sell ${calls.sell.reads} reads ${calls.sell.writes} writes, Dotdigital ${calls.dotdigital.reads} reads ${calls.dotdigital.writes} writes`,
  );
}

function sizes(list: string): readonly number[] {
  return list.split(',').flatMap((part) => (part.trim() === '' || part === '0' ? [] : [Number(part)]));
}

function format(n: number): string {
  return n.toLocaleString('en-GB');
}
