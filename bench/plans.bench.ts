// Which statements of Lockstep find their rows by an index when the tables hold ten million: every statement that two accounts' whole
// life and the dashboard send is recorded, and explained by the server. Usage: node bench/plans.bench.ts [--rows 10000000] [--verbose]
import { parseArgs } from 'node:util';
import pg from 'pg';
import { activity } from '../src/engine/activity.ts';
import { pollOptOuts } from '../src/engine/opt-out-lane.ts';
import { overviewOf } from '../src/engine/overview.ts';
import { pastRuns } from '../src/jobs/past-runs.ts';
import { listHolds } from '../src/store/holds.ts';
import { addJobTimes, askForDue, setJobTime, wakeAligned, wantedSince, wantNow } from '../src/store/job-times.ts';
import { openStore } from '../src/store/open-store.ts';
import { findByAddress } from '../src/store/people-search.ts';
import { listRuns } from '../src/store/runs.ts';
import { busySettings, startBusyAccounts } from '../test/integration/busy-accounts.ts';
import { TAGS } from '../test/integration/consent-people.ts';
import { startPostgres } from '../test/postgres/server.ts';
import { BIG, fillDatabase } from './many-rows.ts';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '10000000' }, verbose: { type: 'boolean', default: false } },
});
const rows = Number(values.rows);
const SMALL = 'small';
const PEOPLE = 60;
const EDITS = 40;
/** Tables smaller than this may be read whole. */
const LARGE = 50_000;
/** Rows found by an index and still so many: told, because somebody may wait for them. */
const MANY = 100_000;

/** By their text with any number of parameters: the parameters they were last sent with. */
const recorded = new Map<string, { readonly text: string; readonly parameters: readonly unknown[] }>();
let recording = false;
const send = pg.Client.prototype.query as (...args: readonly unknown[]) => unknown;
pg.Client.prototype.query = function query(this: pg.Client, ...args: readonly unknown[]): unknown {
  const [text, parameters] = args;
  if (recording && typeof text === 'string' && /^\s*(select|insert|update|delete|with)/i.test(text))
    recorded.set(shapeOf(text), { text, parameters: Array.isArray(parameters) ? parameters : [] });
  return send.apply(this, [...args]);
} as typeof pg.Client.prototype.query;

function shapeOf(text: string): string {
  return text
    .replaceAll(/\$\d+/g, '?')
    .replaceAll(
      /\((\?|cast\(\? as \w+\))(, ?(\?|cast\(\? as \w+\)))*\)(, ?\((\?|cast\(\? as \w+\))(, ?(\?|cast\(\? as \w+\)))*\))*/g,
      '(…)',
    );
}

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Filter?: string;
  readonly 'Plan Rows': number;
  readonly Plans?: readonly Node[];
}

function* nodesOf(node: Node): Generator<Node> {
  yield node;
  for (const child of node.Plans ?? []) yield* nodesOf(child);
}

async function explain(client: pg.Client, text: string, parameters: readonly unknown[]): Promise<readonly Node[]> {
  const answer = await client.query<{ 'QUERY PLAN': readonly { readonly Plan: Node }[] }>(
    `explain (format json) ${text}`,
    [...parameters],
  );
  const plan = answer.rows[0]?.['QUERY PLAN'][0]?.Plan;
  return plan === undefined ? [] : [...nodesOf(plan)];
}

const server = await startPostgres({
  settings: ['shared_buffers=512MB', 'max_wal_size=8GB', 'max_parallel_workers=0'],
});
const database = server.url('plans');
const client = new pg.Client(database);
try {
  const admin = new pg.Client(server.url('postgres'));
  await admin.connect();
  for (const name of ['plans', 'empty']) await admin.query(`create database ${name}`);
  await admin.end();
  for (const name of ['plans', 'empty']) await (await openStore(server.url(name))).close();
  await client.connect();
  await fillDatabase(client, rows, console.log);
  const size = await client.query<{ size: string }>("select pg_size_pretty(pg_database_size('plans')) as size");
  console.log(`the database takes ${size.rows[0]?.size}`);
  const empty = await life(server.url('empty'));
  recording = true;
  const full = await life(database);
  console.log(
    `\na sync of ${PEOPLE} people with ${EDITS} changes: ${full.toFixed(0)} ms among these rows, ${empty.toFixed(0)} ms in an empty database: ${(full / empty).toFixed(2)} times`,
  );
  await dashboard();
  recording = false;
  await judge();
} finally {
  await client.end();
  await server.stop();
}

/** Everything that a pair of accounts goes through. @returns milliseconds of one sync with changes */
async function life(url: string): Promise<number> {
  const world = await startBusyAccounts({
    seed: 5,
    people: PEOPLE,
    name: SMALL,
    database: url,
    settings: {
      ...busySettings(),
      leads: { enabled: true, multipleMatch: 'email-and-names' },
      consent: {
        enabled: true,
        direction: 'bi-directional',
        contacts: { tags: TAGS, default: 'none' },
        leads: { tags: TAGS, default: 'none' },
        unknownConsentAs: 'subscribed',
        createSuppressed: true,
      },
      products: { enabled: true },
    },
  });
  try {
    await world.cycle('align');
    await world.cycle('sync');
    world.edit(EDITS);
    const begun = performance.now();
    const changed = await world.cycle('sync');
    const ms = performance.now() - begun;
    // Whoever is left on one side is gone on the other, and what was done is taken back.
    const [contact] = world.dotdigital.world.contacts();
    const [record] = world.sell.world.state.contacts.values();
    if (contact !== undefined) world.dotdigital.world.unsubscribe(contact.contactId);
    if (record !== undefined) world.sell.world.deleteContact(record.id);
    const { config, engine } = await world.app();
    const [connection] = config.connections;
    if (connection === undefined) throw new Error('There is a connection.');
    await pollOptOuts(await engine(connection, { signal: new AbortController().signal }));
    await world.cycle('plan');
    await world.cycle('sync', { full: true });
    for (const command of [
      ['undo', changed.id, '--yes'],
      ['verify'],
      ['explain', contact?.email ?? ''],
      ['person', 'export', contact?.email ?? ''],
      ['person', 'erase', contact?.email ?? '', '--yes'],
      ['holds'],
      ['holds', 'retry', '--all'],
      ['runs'],
      ['status'],
      ['ledger', 'verify'],
    ])
      await world.lockstep(...command);
    return ms;
  } finally {
    await world.stop();
  }
}

/** What the dashboard and the workers ask for, of the largest tenant and of all together. */
async function dashboard(): Promise<void> {
  const store = await openStore(database);
  const now = new Date().toISOString();
  const measure = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    const begun = performance.now();
    await work();
    console.log(`${what.padEnd(60)} ${(performance.now() - begun).toFixed(1)} ms`);
  };
  try {
    const job = { connection: 'tenant-000001', work: 'sync', dueAt: now } as const;
    await measure('one address among all', () => findByAddress(store, 'a1', { limit: 21 }));
    await measure('one address in the largest tenant', () =>
      findByAddress(store, 'a1', { connection: BIG, limit: 21 }),
    );
    await measure('overview of the largest tenant', () => overviewOf(store, BIG, Date.now()));
    await measure('overview of a small tenant', () => overviewOf(store, 'tenant-0001', Date.now()));
    await measure('activity of 90 days', () => activity(store, { days: 90, now: Date.now() }));
    await measure('runs of all', () => listRuns(store, { limit: 50 }));
    await measure('holds of the largest tenant', () => listHolds(store, { connection: BIG, limit: 50 }));
    await measure('holds of all', () => listHolds(store, { limit: 50 }));
    await measure('when a connection ran', () => pastRuns(store, BIG, now));
    await measure('what is due', () => askForDue(store, { now, askedBefore: now }, 1000));
    await measure('what was aligned', () => wakeAligned(store, now));
    await addJobTimes(store, [job]);
    await wantedSince(store, job.connection, job.work);
    await wantNow(store, job.connection, job.work, now);
    await setJobTime(store, job, { wanted: null, put: 'done' });
  } finally {
    await store.close();
  }
}

/** Every statement with the parameters it was sent with, and once more as if the largest tenant had sent it. */
async function judge(): Promise<void> {
  const counted = await client.query<{ name: string; rows: number }>(
    "select relname as name, reltuples::bigint as rows from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace",
  );
  const large = new Set(counted.rows.filter((table) => Number(table.rows) >= LARGE).map(({ name }) => name));
  let [byIndex, small] = [0, 0];
  const whole = new Map<string, string>();
  const walks = new Map<string, string>();
  for (const [shape, { text, parameters }] of recorded) {
    for (const tenant of [SMALL, BIG]) {
      const nodes = await explain(
        client,
        text,
        parameters.map((value) => (value === SMALL ? tenant : value)),
      );
      const touched = nodes.filter((node) => large.has(node['Relation Name'] ?? ''));
      const scanned = touched.filter((node) => node['Node Type'] === 'Seq Scan');
      const walked = touched.filter((node) => node['Node Type'] !== 'Seq Scan' && node['Plan Rows'] > MANY);
      if (walked.length > 0)
        walks.set(
          shape,
          `${tenant}: ${walked.map((node) => `${node['Plan Rows']} rows by ${node['Index Name']}`).join(', ')}`,
        );
      if (values.verbose)
        console.log(
          `${tenant} ${shape}\n    ${nodes.map((node) => `${node['Node Type']} ${node['Index Name'] ?? ''}`).join(', ')}`,
        );
      if (scanned.length > 0)
        whole.set(
          shape,
          `${tenant}: ${scanned.map((node) => `${node['Relation Name']} (${node.Filter ?? 'no filter'})`).join(', ')}`,
        );
      else if (touched.length > 0) byIndex += 1;
      else small += 1;
    }
  }
  console.log(
    `\n${recorded.size} statements, each for a small tenant and for the largest: ${byIndex} plans use indexes on the large tables, ${small} touch only small tables or insert, ${whole.size} read a large table whole`,
  );
  for (const [shape, where] of walks) console.log(`  MANY  ${where}\n        ${shape}`);
  for (const [shape, where] of whole) console.log(`  WHOLE ${where}\n        ${shape}`);
}
