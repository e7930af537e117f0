// What one connection costs on PostgreSQL beside SQLite: an alignment, creates and a sync, side by side on one machine.
// Usage: node bench/databases.bench.ts [--people 5000]. Asserts nothing.
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startPostgres } from '../test/postgres/server.ts';
import { startAccounts } from './accounts.ts';
import { ADDRESS_FIELDS, install, type Ran } from './lockstep-process.ts';

const { values } = parseArgs({ options: { people: { type: 'string', default: '5000' } } });
const people = Number(values.people);
const CHANGES = Math.floor(people / 5);

/** Seconds and processor seconds, by what was done. */
async function measure(database: string | undefined): Promise<ReadonlyMap<string, Ran>> {
  const accounts = await startAccounts('limits-off');
  const lockstep = install(accounts, { paced: false, fields: ADDRESS_FIELDS, database });
  const found = new Map<string, Ran>();
  try {
    await accounts.add('both', 'person', people);
    await accounts.add('sell', 'new', CHANGES);
    found.set(`alignment of ${people} equal pairs, ${CHANGES} creates`, await lockstep.run('align', '--yes'));
    await lockstep.run('sync');
    await accounts.edit('sell', CHANGES, 1, 'name');
    found.set(`${CHANGES} changes from Sell`, await lockstep.run('sync'));
    await lockstep.run('sync');
    await accounts.edit('dotdigital', CHANGES, 2, 'name');
    found.set(`${CHANGES} changes from Dotdigital`, await lockstep.run('sync'));
    found.set('nothing to do', await lockstep.run('sync'));
    return found;
  } finally {
    lockstep.remove();
    await accounts.stop();
  }
}

const server = await startPostgres({ durable: true });
try {
  const admin = new pg.Client(server.url('postgres'));
  await admin.connect();
  await admin.query('create database single');
  await admin.end();
  const onSqlite = await measure(undefined);
  const onPostgres = await measure(server.url('single'));
  console.log(`load ${loadavg()[0]?.toFixed(1)}`);
  let [sqlite, postgres] = [0, 0];
  for (const [what, ran] of onSqlite) {
    const other = onPostgres.get(what);
    if (other === undefined) continue;
    sqlite += ran.seconds;
    postgres += other.seconds;
    console.log(
      `${what.padEnd(50)} SQLite ${ran.seconds.toFixed(1)} s (processor ${ran.cpuSeconds.toFixed(1)} s), PostgreSQL ${other.seconds.toFixed(1)} s (${other.cpuSeconds.toFixed(1)} s): ${(other.seconds / ran.seconds).toFixed(2)} times`,
    );
  }
  console.log(`${'all together'.padEnd(50)} ${(postgres / sqlite).toFixed(2)} times`);
} finally {
  await server.stop();
}
