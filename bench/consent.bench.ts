// What thousands of opt-outs in one cycle cost, what the ledger adds to its time, and what the catalogue costs.
// Usage: node bench/consent.bench.ts [--people 10000] [--products 12000]. Asserts nothing: 1.00 is exactly the budget.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { appendLedger, type NewLedgerEntry } from '../src/store/ledger.ts';
import { openStore } from '../src/store/open-store.ts';
import { type Accounts, startAccounts } from './accounts.ts';
import type { Calls } from './accounts-process.ts';
import { CONSENT_BY_TAGS, type Installation, install, PLAIN_FIELDS, type Ran } from './lockstep-process.ts';

const { values } = parseArgs({
  options: { people: { type: 'string', default: '10000' }, products: { type: 'string', default: '12000' } },
});
const people = Number(values.people);
const products = Number(values.products);

const ROWS_PER_IMPORT = 5000;
const PAGE = 100;

const accounts = await startAccounts('limits-off');
const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-ledger-'));
try {
  await accounts.add('both', 'person', people);
  const consent = install(accounts, { paced: false, fields: PLAIN_FIELDS, connection: CONSENT_BY_TAGS });
  await consent.run('align', '--yes');
  await consent.run('sync');
  await optOuts(consent);
  consent.remove();
  await accounts.addProducts(products);
  const catalogue = install(accounts, {
    paced: false,
    fields: PLAIN_FIELDS,
    connection: { products: { enabled: true, currency: 'GBP' }, contacts: { enabled: false } },
  });
  await catalogue.run('align', '--yes');
  await theCatalogue(catalogue);
  catalogue.remove();
} finally {
  rmSync(folder, { recursive: true, force: true });
  await accounts.stop();
}

async function optOuts(lockstep: Installation): Promise<void> {
  // Each is a call of its own, and by the default brake waits for approval above 20.
  const back = Math.min(500, people);
  await accounts.say('sell', people, 'out');
  const out = await measured(accounts, lockstep, `${people} opt out in Sell`, {
    what: 'contacts/v3/import',
    budget: Math.ceil(people / ROWS_PER_IMPORT),
  });
  await ledgerShare(out, people);
  await measured(accounts, lockstep, '  the sync after it', { what: 'contacts/v3/import', budget: 0 });
  await accounts.say('sell', back, 'in');
  await measured(accounts, lockstep, `${back} opt in again in Sell`, { what: 'resubscribe', budget: back });
}

/** The same number of entries, appended as a cycle appends them: 500 in a transaction, durable after each. */
async function ledgerShare({ seconds }: Ran, count: number): Promise<void> {
  const store = await openStore(`sqlite:${join(folder, 'ledger.db')}`);
  const entry = (n: number): NewLedgerEntry => ({
    emailKey: `person${n}@mail.example`,
    crmId: String(n),
    marketingId: String(n),
    system: 'crm',
    state: 'optedOut',
    signal: 'tag unsubscribed',
    effectiveAt: new Date().toISOString(),
    row: 'O1',
    written: 'unsubscribed in Dotdigital',
  });
  const begun = performance.now();
  for (let start = 0; start < count; start += 500) {
    const entries = Array.from({ length: Math.min(500, count - start) }, (_, n) => entry(start + n));
    await store.transaction((tx) => appendLedger(tx, 'bench', entries, 'run', new Date().toISOString()));
  }
  const took = (performance.now() - begun) / 1000;
  await store.close();
  console.log(
    `  ${count} entries of the ledger       ${took.toFixed(2)} s of the cycle's ${seconds.toFixed(1)} s: ${((100 * took) / seconds).toFixed(1)} % (limit 10 %)`,
  );
}

async function theCatalogue(lockstep: Installation): Promise<void> {
  const imports = 'insightData/v3/import';
  const first = await run(lockstep, 'sync', '--only', 'products');
  tellProducts(`${products} products, first time`, first, Math.ceil(products / ROWS_PER_IMPORT), imports);
  tellProducts('  unchanged', await run(lockstep, 'sync', '--only', 'products'), 0, imports);
  await accounts.editProducts(10);
  tellProducts('  10 changed', await run(lockstep, 'sync', '--only', 'products'), 1, imports);
}

interface Counted {
  readonly ran: Ran;
  readonly sell: Calls;
  readonly dotdigital: Calls;
}

async function run(lockstep: Installation, ...args: readonly string[]): Promise<Counted> {
  await accounts.resetCounts();
  const ran = await lockstep.run(...args);
  return { ran, ...(await accounts.counts()) };
}

function tellProducts(what: string, { ran, sell, dotdigital }: Counted, budget: number, imports: string): void {
  const reads = routes(sell, 'GET /v2/products');
  console.log(
    `${what.padEnd(34)} ${ran.seconds.toFixed(1)} s; Sell ${against(reads, Math.ceil(products / PAGE))} reads; Dotdigital ${against(writesOf(dotdigital, imports), budget)} imports`,
  );
}

async function measured(
  of: Accounts,
  lockstep: Installation,
  what: string,
  { what: route, budget }: { readonly what: string; readonly budget: number },
): Promise<Ran> {
  await of.resetCounts();
  const ran = await lockstep.run('sync');
  const { sell, dotdigital } = await of.counts();
  console.log(
    `${what.padEnd(34)} ${ran.report.state} in ${ran.seconds.toFixed(1)} s; Dotdigital ${against(writesOf(dotdigital, route), budget)} calls of ${route}, ${dotdigital.writes} writes in all; Sell ${sell.reads} reads, ${sell.writes} writes`,
  );
  return ran;
}

function routes({ routes: all }: Calls, part: string): number {
  return Object.entries(all).reduce((sum, [route, count]) => (route.startsWith(part) ? sum + count : sum), 0);
}

function writesOf({ routes: all }: Calls, part: string): number {
  return Object.entries(all).reduce(
    (sum, [route, count]) => (!route.startsWith('GET') && route.includes(part) ? sum + count : sum),
    0,
  );
}

function against(count: number, budget: number): string {
  return budget === 0 ? `${count} (of 0)` : `${count} (${(count / budget).toFixed(2)} of ${budget})`;
}
