// What taking a run back costs in calls, as the services count them, beside what the run itself cost. Asserts nothing.
// Usage: node bench/undo.bench.ts [--writes 10000]. At most 1.00 of the run's calls is what is wanted.
import { parseArgs } from 'node:util';
import { startAccounts } from './accounts.ts';
import type { ServiceCounts } from './accounts-process.ts';
import { ADDRESS_FIELDS, type Installation, install, type RunJson } from './lockstep-process.ts';

const { values } = parseArgs({ options: { writes: { type: 'string', default: '10000' } } });
const half = Math.ceil(Number(values.writes) / 2);
/** Everything goes through at once: what waits for approval would be counted with it. */
const brakes = { delete: { count: 10 * half, percent: 100, action: 'alert' } };

const accounts = await startAccounts('limits-off');
const connection = { brakes, products: { enabled: true, currency: 'GBP' } };
const lockstep = install(accounts, { paced: false, fields: ADDRESS_FIELDS, connection });
try {
  await accounts.add('sell', 'insell', half);
  await accounts.add('dotdigital', 'indotdigital', half);
  await taken(lockstep, 'an alignment that makes people on both sides', ['align', '--yes']);
  await lockstep.run('align', '--yes');
  await lockstep.run('sync');
  await accounts.edit('sell', half, 1, 'name');
  await accounts.edit('dotdigital', half, 1, 'name');
  await taken(lockstep, 'a sync of names', ['sync']);
  await lockstep.run('sync');
  await accounts.edit('sell', half, 2, 'postcode');
  await accounts.edit('dotdigital', half, 2, 'postcode');
  await taken(lockstep, 'a sync of parts of addresses', ['sync']);
  await accounts.addProducts(2 * half);
  await lockstep.run('sync', '--only', 'products');
  await accounts.editProducts(2 * half);
  await taken(lockstep, 'a sync of the catalogue', ['sync', '--only', 'products']);
} finally {
  lockstep.remove();
  await accounts.stop();
}

async function taken(lockstep: Installation, what: string, command: readonly string[]): Promise<void> {
  await accounts.resetCounts();
  const { report } = await lockstep.run(...command);
  const run = await accounts.counts();
  await accounts.resetCounts();
  const undone = await lockstep.run('undo', report.id, '--yes');
  const undo = await accounts.counts();
  console.log(`${what}: ${told(report)} taken back by ${told(undone.report)}`);
  for (const system of ['sell', 'dotdigital'] as const) tell(system, run, undo);
  const [before, after] = [total(run), total(undo)];
  console.log(`  together    ${after} calls beside the run's ${before}: ${(after / before).toFixed(2)}`);
}

function told({ actions, state }: RunJson): string {
  return `${actions.total} writes (${state})`;
}

function total({ sell, dotdigital }: ServiceCounts): number {
  return sell.reads + sell.writes + dotdigital.reads + dotdigital.writes;
}

function tell(system: 'sell' | 'dotdigital', run: ServiceCounts, undo: ServiceCounts): void {
  const [before, after] = [run[system], undo[system]];
  console.log(
    `  ${system.padEnd(11)} ${after.reads} reads, ${after.writes} writes beside the run's ${before.reads} and ${before.writes}`,
  );
}
