// Sends in at one door what nobody should send, case by case, and judges what comes of it.
// --door services (default): both services answer as no book says, judged by the oracle of the simulation.
// --door config: damaged configuration files.
// --door api: requests to the HTTP API. --database sqlite|postgres (default sqlite).
// --runs N (default 100), --seed S (default 1: the first seed); --story tells every case in full.
// For the services alone: --steps N (default 60); --shrink FILE writes a failing story, cut down.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { openApiDoor } from '../test/fuzz/api-door.ts';
import { fuzzConfig } from '../test/fuzz/config-door.ts';
import type { Judged } from '../test/fuzz/judged.ts';
import { type PostgresServer, startPostgres } from '../test/postgres/server.ts';
import { withoutOddities, writeOddStory } from '../test/simulation/odd-story.ts';
import { shrink } from '../test/simulation/shrink.ts';
import { tell } from '../test/simulation/tell.ts';

const { values } = parseArgs({
  options: {
    door: { type: 'string', default: 'services' },
    runs: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    steps: { type: 'string', default: '60' },
    story: { type: 'boolean', default: false },
    shrink: { type: 'string' },
    database: { type: 'string', default: 'sqlite' },
  },
});
const [first, runs, steps] = [Number(values.seed), Number(values.runs), Number(values.steps)];
const begun = performance.now();

async function services(): Promise<number> {
  let [failed, other, odd] = [0, 0, 0];
  for (let seed = first; seed < first + runs; seed += 1) {
    const told = await tell(writeOddStory(seed, steps));
    odd += told.lines.filter((line) => line.includes(' oddly: ')).length;
    if (values.story) console.log(told.lines.join('\n'));
    if (told.wrong.length === 0) continue;
    const fair = await tell(withoutOddities(writeOddStory(seed, steps)));
    if (fair.wrong.length > 0) {
      other += 1;
      console.log(`seed ${String(seed)}, whatever the services answer: ${fair.wrong[0] ?? ''}`);
      continue;
    }
    failed += 1;
    console.log(`seed ${String(seed)}: ${told.wrong[0] ?? ''}`);
    if (values.shrink === undefined) continue;
    const short = await shrink(writeOddStory(seed, steps));
    writeFileSync(values.shrink, `${JSON.stringify(short, null, 2)}\n`);
    console.log((await tell(short)).lines.join('\n'));
  }
  console.log(
    `${String(runs)} stories, ${String(odd)} odd answers, ${String(failed)} with a violation because of them, ${String(other)} with another, ${seconds()} s`,
  );
  return failed + other;
}

async function cases(judge: (seed: number) => Promise<Judged>): Promise<number> {
  const outcomes = new Map<string, number>();
  let failed = 0;
  for (let seed = first; seed < first + runs; seed += 1) {
    const { what, outcome, wrong, told } = await judge(seed);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (values.story) console.log(`seed ${String(seed)}, ${what}: ${outcome}\n${told}`);
    if (wrong.length === 0) continue;
    failed += 1;
    console.log(`seed ${String(seed)}, ${what}: ${wrong.join('; ')}`);
  }
  const figures = [...outcomes].sort().map(([outcome, count]) => `${String(count)} ${outcome}`);
  console.log(`${String(runs)} cases: ${figures.join(', ')}; ${String(failed)} with a violation, ${seconds()} s`);
  return failed;
}

async function api(): Promise<number> {
  const server = values.database === 'postgres' ? await startPostgres() : null;
  const door = await openApiDoor(...(server === null ? [] : [await newDatabase(server)]));
  try {
    return await cases(door.fuzz);
  } finally {
    await door.stop();
    await server?.stop();
  }
}

async function newDatabase(server: PostgresServer): Promise<string> {
  const admin = new pg.Client({ connectionString: server.url('postgres') });
  await admin.connect();
  await admin.query('create database fuzz');
  await admin.end();
  return server.url('fuzz');
}

const seconds = (): string => ((performance.now() - begun) / 1000).toFixed(0);

const DOORS = new Map([
  ['services', services],
  ['config', () => cases(fuzzConfig)],
  ['api', api],
]);

const door = DOORS.get(values.door);
if (door === undefined) throw new Error(`--door ${values.door}: expected one of ${[...DOORS.keys()].join(', ')}`);
if ((await door()) > 0) process.exitCode = 1;
