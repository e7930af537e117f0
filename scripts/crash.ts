// Kills the real command with -9 at many moments, while people edit in both services, and judges what is left when it has settled.
// --kills N (default 100), --seed N (default 1), --database sqlite|postgres and --command align|sync|serve|worker (default: all), --people N (default 30),
// --at-once N stories side by side (default 1)
import { parseArgs } from 'node:util';
import pg from 'pg';
import { COMMANDS, type Command, dieOften } from '../test/crash/deaths.ts';
import { type PostgresServer, startPostgres } from '../test/postgres/server.ts';
import { quickFolder } from '../test/quick-folder.ts';
import { setup as readyDashboard } from '../test/ready-dashboard.ts';

process.env['TMPDIR'] = quickFolder();

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    people: { type: 'string', default: '30' },
    database: { type: 'string' },
    command: { type: 'string' },
    'at-once': { type: 'string', default: '1' },
  },
});

/** Kills on one pair of accounts, before it settles and is judged. */
const KILLS_A_STORY = 20;

interface Kind {
  readonly database: 'sqlite' | 'postgres';
  readonly command: Command;
}

const kinds: readonly Kind[] = (['sqlite', 'postgres'] as const).flatMap((database) =>
  COMMANDS.filter((command) => command !== 'worker' || database === 'postgres').map((command) => ({
    database,
    command,
  })),
);
const chosen = kinds.filter(
  ({ database, command }) =>
    (values.database === undefined || values.database === database) &&
    (values.command === undefined || values.command === command),
);
const [FIRST] = chosen;
if (FIRST === undefined) throw new Error('There is no such database, or no such command on it.');

const servers: PostgresServer[] = [];
let [stories, planned] = [0, 0];

async function postgres(): Promise<PostgresServer> {
  const server = await startPostgres({ durable: true });
  servers.push(server);
  return server;
}

let starting: Promise<PostgresServer> | null = null;

/** URL of a new database, or none for a file. */
async function database(kind: Kind['database'], name: string): Promise<{ readonly database?: string }> {
  if (kind === 'sqlite') return {};
  starting ??= postgres();
  const server = await starting;
  const admin = new pg.Client({ connectionString: server.url('postgres') });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  return { database: server.url(name) };
}

/** Tells one story after the other while there are kills left to do. */
async function tellStories(first: Kind): Promise<void> {
  while (planned < Number(values.kills)) {
    const kind = chosen[stories % chosen.length] ?? first;
    stories += 1;
    const seed = Number(values.seed) * 10_000 + stories;
    const kills = Math.min(KILLS_A_STORY, Number(values.kills) - planned);
    planned += kills;
    const made = await database(kind.database, `crash${String(stories)}`);
    const told = await dieOften({ command: kind.command, kills, seed, people: Number(values.people), ...made });
    killed += told.kills;
    spared += told.spared;
    torn += told.torn;
    optOuts += told.optOuts;
    add(totals, `${kind.command} on ${kind.database}`, told.kills);
    for (const [moment, n] of told.moments) add(moments, moment, n);
    const seconds = ((performance.now() - begun) / 1000).toFixed(0).padStart(5);
    console.log(
      `${seconds} s  ${kind.command} on ${kind.database}, story ${String(seed)}: ${String(told.kills)} killed, ${told.wrong.length === 0 ? 'all agree' : 'WRONG'}`,
    );
    for (const words of told.wrong) console.log(`  WRONG ${words}`);
    wrong += told.wrong.length;
  }
}

// Each life of a service would build it anew and be killed over it.
await readyDashboard();
const begun = performance.now();
const totals = new Map<string, number>();
const moments = new Map<string, number>();
let [killed, spared, torn, optOuts, wrong] = [0, 0, 0, 0, 0];
const add = (map: Map<string, number>, key: string, n: number): unknown => map.set(key, (map.get(key) ?? 0) + n);
try {
  // Lives wait for imports and time-outs more than they compute.
  await Promise.all(Array.from({ length: Number(values['at-once']) }, () => tellStories(FIRST)));
} finally {
  for (const server of servers) await server.stop();
}
const list = (map: ReadonlyMap<string, number>): string =>
  [...map].map(([what, n]) => `${what} ${String(n)}`).join(', ');
console.log(
  `${String(killed)} kills in ${String(stories)} stories (${list(totals)}); when: ${list(moments)}; ${String(torn)} times the database was torn as well; ${String(spared)} lives ended before their blow; ${String(optOuts)} people opted out`,
);
console.log(wrong === 0 ? 'Nothing lost, nobody doubled, no opt-out undone.' : `${String(wrong)} things are wrong.`);
if (wrong > 0) process.exitCode = 1;
