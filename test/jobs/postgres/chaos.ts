// The long form of the test of workers, as a command: minutes of killed, stopped and cut-off workers while people edit.
// Usage: npm run chaos -- [--minutes 5] [--connections 50] [--seed 1] [--people 12]. Exit code 0 = every pair agrees.
import { parseArgs } from 'node:util';
import { createRandom } from '../../../sandbox/random.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { startPostgres } from '../../postgres/server.ts';
import { gatherCrowd } from './crowd.ts';
import { judgeAll } from './judge-all.ts';
import { makeTrouble } from './trouble.ts';
import { watchWriters } from './writers.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    connections: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    people: { type: 'string', default: '12' },
  },
});
const begun = Date.now();
const tell = (text: string): void => console.log(`${((Date.now() - begun) / 1000).toFixed(1).padStart(7)} s  ${text}`);

const server = await startPostgres();
const database = server.url('chaos');
const { Client } = (await import('pg')).default;
const admin = new Client({ connectionString: server.url('postgres') });
await admin.connect();
await admin.query('create database chaos');
await admin.end();
await (await openStore(database)).close();
const seed = Number(values.seed);
tell(`aligning ${values.connections} account pairs, seed ${seed}`);
const crowd = await gatherCrowd({
  database,
  connections: Number(values.connections),
  people: Number(values.people),
  seed,
  concurrency: 4,
});
try {
  const writers = await watchWriters(crowd, database);
  try {
    for (let n = 0; n < 3; n += 1) await crowd.hire();
    tell('three workers are there');
    const harm = await makeTrouble(crowd, writers, createRandom(`chaos/${seed}`), {
      forMs: Number(values.minutes) * 60_000,
      every: { edit: 600, harm: 15_000 },
      pauses: [33_000, 50_000],
      tell,
    });
    tell(`${harm.edits} times edited, ${harm.kills} killed, ${harm.pauses} stopped, ${harm.cuts} sessions cut`);
    const { wrong, figures } = await judgeAll(crowd, writers, 600_000);
    for (const [what, n] of Object.entries(figures)) tell(`${what}: ${n}`);
    for (const words of wrong) tell(`WRONG ${words}\n${await explained(words)}`);
    tell(wrong.length === 0 ? 'every pair agrees' : `${wrong.length} things are wrong`);
    if (wrong.length > 0) process.exitCode = 1;
  } finally {
    await writers.close();
  }
} catch (error) {
  console.error(crowd.words().slice(-20_000));
  throw error;
} finally {
  await crowd.stop();
  await server.stop();
}

/** All that is known of somebody of whom something is wrong. */
async function explained(words: string): Promise<string> {
  const member = crowd.members.find(({ world }) => words.startsWith(`${world.connection}: `));
  const address = /([^ <]+@[^ >]+)/.exec(words)?.[1];
  if (member === undefined || address === undefined) return '';
  return (await member.world.words('explain', address)).stdout;
}
