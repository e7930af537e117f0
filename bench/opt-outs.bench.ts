// How long it takes until the other side knows that somebody said no, while `lockstep serve` runs on its schedule.
// Usage: node bench/opt-outs.bench.ts [--people 400] [--every 5m] [--minutes 15]. Under the documented limits; asserts nothing.
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { parseDuration } from '../src/config/duration.ts';
import { startAccounts } from './accounts.ts';
import { CONSENT_BY_TAGS, install, PLAIN_FIELDS } from './lockstep-process.ts';

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '400' },
    every: { type: 'string', default: '5m' },
    minutes: { type: 'string', default: '15' },
  },
});
const people = Number(values.people);
const minutes = Number(values.minutes);
const everyMs = parseDuration(values.every) ?? 0;

const accounts = await startAccounts('limits-on');
const lockstep = install(accounts, {
  paced: true,
  fields: PLAIN_FIELDS,
  connection: { ...CONSENT_BY_TAGS, schedule: { every: values.every } },
});
try {
  await accounts.add('both', 'person', people);
  await lockstep.run('align', '--yes');
  const service = await lockstep.serve();
  // One after the other, on either side in turn, at even times that no schedule shares.
  for (let n = 0; n < people; n += 1) {
    await accounts.leave(n % 2 === 0 ? 'dotdigital' : 'sell', n);
    await wait((minutes * 60_000) / people);
  }
  // Whoever is not through after two more cycles is counted as missing.
  await wait(2 * everyMs);
  const known = await accounts.known();
  await service.stop();
  for (const [side, title] of [
    ['dotdigital', 'in Dotdigital, known in Sell'],
    ['sell', 'in Sell, known in Dotdigital'],
  ] as const) {
    const of = known.filter((one) => one.side === side);
    const after = of.flatMap((one) => (one.after === null ? [] : [one.after])).sort((a, b) => a - b);
    const at = (share: number): string =>
      `${((after[Math.min(after.length - 1, Math.floor(share * after.length))] ?? 0) / 1000).toFixed(1)} s`;
    console.log(
      `said ${title.padEnd(32)} ${after.length} of ${of.length}: p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)}`,
    );
  }
} finally {
  lockstep.remove();
  await accounts.stop();
}
