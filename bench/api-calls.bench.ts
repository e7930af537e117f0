// How many calls a change costs, by kind of change, as the services count them, beside the number it may cost.
// Usage: node bench/api-calls.bench.ts [--changes 1000] [--people 2000]. Asserts nothing: 1.00 is exactly the budget.
import { parseArgs } from 'node:util';
import { startAccounts } from './accounts.ts';
import type { Calls } from './accounts-process.ts';
import { ADDRESS_FIELDS, type Installation, install, PLAIN_FIELDS } from './lockstep-process.ts';

const { values } = parseArgs({
  options: { changes: { type: 'string', default: '1000' }, people: { type: 'string', default: '2000' } },
});
const changes = Number(values.changes);
const people = Math.max(changes, Number(values.people));

/** Calls that a page of the feed or a job may cost, by the services' documented sizes. */
const SELL_PAGE = 100;
const DOTDIGITAL_PAGE = 5000;
const ROWS_PER_IMPORT = 5000;
/** Who am I, and is there anything new. */
const IDLE = { sell: 2, dotdigital: 3 };

const accounts = await startAccounts('limits-off');
try {
  await accounts.add('both', 'person', people);
  for (const [title, fields] of [
    ['without address fields', PLAIN_FIELDS],
    ['with address fields', ADDRESS_FIELDS],
  ] as const) {
    const lockstep = install(accounts, { paced: false, fields });
    try {
      console.log(`\n${title}, ${changes} changes among ${people} people`);
      await lockstep.run('align', '--yes');
      await kinds(lockstep, fields === ADDRESS_FIELDS);
    } finally {
      lockstep.remove();
    }
  }
} finally {
  await accounts.stop();
}

/** One side's calls beside what they may be. */
type Budget = { readonly [S in 'sell' | 'dotdigital']: { readonly reads: number; readonly writes: number } };

async function kinds(lockstep: Installation, withAddress: boolean): Promise<void> {
  // The first write ever makes the data fields that are missing; what it wrote is read back once.
  await accounts.edit('sell', 1, 0, 'name');
  await lockstep.run('sync');
  await lockstep.run('sync');
  const pages = Math.ceil(changes / SELL_PAGE);
  const imports = Math.ceil(changes / ROWS_PER_IMPORT);
  const read = Math.ceil(changes / DOTDIGITAL_PAGE);
  // Sell acknowledges with a write call, so the feed's calls are counted together.
  await measure(lockstep, 'nothing changed', {
    sell: { reads: IDLE.sell, writes: 0 },
    dotdigital: { reads: IDLE.dotdigital, writes: 0 },
  });
  // Before contacts are written, one look at all ids tells which of them were deleted meanwhile. (D13)
  const looks = Math.ceil(people / DOTDIGITAL_PAGE);
  const inSell = (writes: number): Budget => ({
    sell: { reads: 2 * pages + 2, writes: 0 },
    dotdigital: { reads: read + 2 + (writes > 0 ? looks : 0), writes },
  });
  const inDotdigital = (freshReads: number): Budget => ({
    sell: { reads: IDLE.sell + freshReads, writes: changes },
    dotdigital: { reads: read + 2, writes: 0 },
  });
  await accounts.edit('sell', changes, 1, 'name');
  await measure(lockstep, 'a name changed in Sell', inSell(imports));
  await measure(lockstep, '  the sync after it (echo)', inSell(0));
  await accounts.edit('dotdigital', changes, 2, 'name');
  await measure(lockstep, 'a name changed in Dotdigital', inDotdigital(0));
  await measure(lockstep, '  the sync after it (echo)', inSell(0));
  if (!withAddress) return;
  await accounts.edit('sell', changes, 3, 'postcode');
  await measure(lockstep, 'a postcode changed in Sell', inSell(imports));
  await measure(lockstep, '  the sync after it (echo)', inSell(0));
  await accounts.edit('dotdigital', changes, 4, 'postcode');
  // An address is replaced as a whole: its other parts are read first, 100 records a call. (R6)
  await measure(lockstep, 'a postcode changed in Dotdigital', inDotdigital(pages));
  await measure(lockstep, '  the sync after it (echo)', inSell(0));
}

async function measure(lockstep: Installation, what: string, budget: Budget): Promise<void> {
  await accounts.resetCounts();
  const { report } = await lockstep.run('sync');
  const counts = await accounts.counts();
  const sell = feedAsReads(counts.sell);
  const dotdigital = { ...counts.dotdigital, ...pollsApart(counts.dotdigital) };
  console.log(
    `${what.padEnd(34)} Sell ${against(sell.reads, budget.sell.reads)} reads, ${against(sell.writes, budget.sell.writes)} writes` +
      `; Dotdigital ${against(dotdigital.reads, budget.dotdigital.reads)} reads, ${against(dotdigital.writes, budget.dotdigital.writes)} imports, ${dotdigital.polls} polls` +
      `; ${report.state}, ${report.actions.total} writes`,
  );
}

/** Starting a session and acknowledging are writes by their method only. */
function feedAsReads({ reads, writes, routes }: Calls): { readonly reads: number; readonly writes: number } {
  let feed = 0;
  for (const [route, count] of Object.entries(routes)) if (route.startsWith('POST /v2/sync')) feed += count;
  return { reads: reads + feed, writes: writes - feed };
}

/** Questions about a job depend on how long the service takes, not on us. */
function pollsApart({ reads, routes }: Calls): { readonly reads: number; readonly polls: number } {
  let polls = 0;
  for (const [route, count] of Object.entries(routes))
    if (route.startsWith('GET') && route.includes('import')) polls += count;
  return { reads: reads - polls, polls };
}

function against(measured: number, budget: number): string {
  return budget === 0 ? `${measured}` : `${measured} (${(measured / budget).toFixed(2)} of ${budget})`;
}
