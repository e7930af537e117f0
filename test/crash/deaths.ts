// A command that dies again and again while people edit on both sides, then settles; everything that is wrong about the end, in words.
// The same seed makes the same people, edits and blows; what exactly a blow hits is up to the machine.
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { createRandom } from '../../sandbox/random.ts';
import { wantNow } from '../../src/store/job-times.ts';
import { verifyLedger } from '../../src/store/ledger.ts';
import { insertRun, listRuns } from '../../src/store/runs.ts';
import { type Blow, type Life, type Living, live } from './life.ts';
import { tear } from './tear.ts';
import {
  alignUndisturbed,
  letEdit,
  letGo,
  type WatchedAccounts,
  watchAccounts,
  wrongAnyTime,
  wrongInTheEnd,
} from './watched-accounts.ts';

export const COMMANDS = ['align', 'sync', 'serve', 'worker'] as const;
export type Command = (typeof COMMANDS)[number];

export interface Deaths {
  readonly command: Command;
  /** Lives that end by kill -9; others are not counted. */
  readonly kills: number;
  readonly seed: number;
  readonly people: number;
  /** URL of an empty database; left out: a SQLite file. */
  readonly database?: string;
}

export interface Told {
  /** Empty = nothing was lost, doubled or undone. */
  readonly wrong: readonly string[];
  readonly kills: number;
  /** Lives that ended by themselves before the blow came. */
  readonly spared: number;
  /** Kills after which the database was torn as by a power cut. */
  readonly torn: number;
  /** Kills by kind of moment. */
  readonly moments: ReadonlyMap<string, number>;
  readonly optOuts: number;
}

type Random = ReturnType<typeof createRandom>;

const ARGS: { readonly [C in Command]: readonly string[] } = {
  align: ['align', '--yes', '--json', '--quiet'],
  sync: ['sync', '--json', '--quiet'],
  serve: ['serve', '--port', '0'],
  worker: ['worker', '--port', '0'],
};
/** A service that nothing is left to do for is not waited for. Milliseconds. */
const LONGEST_MS = 20_000;
const SETTLES_WITHIN_MS = 120_000;

export async function dieOften(plan: Deaths): Promise<Told> {
  const { command, kills, seed, people, database } = plan;
  const member = await watchAccounts({ seed, people, ...(database === undefined ? {} : { database }) });
  const random = createRandom(`crash/${command}/${String(seed)}`);
  const moments = new Map<string, number>();
  const wrong: string[] = [];
  const file = /^sqlite:(.+)$/.exec(member.world.database)?.[1];
  let [killed, spared, torn] = [0, 0, 0];
  /** How far a life gets when nobody ends it; learnt on the way. */
  let reach = { all: command === 'align' ? 60 : 25, writes: 12, ms: 2_000 };
  try {
    if (command !== 'align') await alignUndisturbed(member);
    while (killed < kills && wrong.length === 0 && spared < 20 + kills) {
      await letEdit(member, random.int(1, 6));
      const blow = drawBlow(random, reach);
      const life = await lifeOf(member, command, { blow, longest: LONGEST_MS }, random);
      if (life.signal === 'SIGKILL') {
        killed += 1;
        const any = blow.at === 'time' || !life.struck;
        const moment = any ? 'any time' : `${blow.of === 'all' ? 'a call' : 'a write'} ${blow.point}`;
        moments.set(moment, (moments.get(moment) ?? 0) + 1);
        if (file !== undefined && random.chance(0.4) && tear(file, random) !== null) torn += 1;
      } else {
        spared += 1;
        reach = { ...life.calls, ms: life.ms };
        if (life.code !== 0 && life.code !== 3) wrong.push(`a life ended with ${String(life.code)}: ${wordsOf(life)}`);
      }
      wrong.push(...bugsIn(life), ...(await wrongAnyTime(member)));
    }
    if (wrong.length === 0) wrong.push(...(await settle(member, command)));
    return { wrong, kills: killed, spared, torn, moments, optOuts: member.optOuts.count };
  } finally {
    await member.world.stop();
  }
}

function drawBlow(random: Random, reach: { readonly all: number; readonly writes: number; readonly ms: number }): Blow {
  if (random.chance(0.3)) return { at: 'time', ms: random.int(0, Math.ceil(reach.ms)) };
  const of = random.pick(['all', 'writes', 'writes'] as const);
  return {
    at: 'call',
    of,
    nth: random.int(1, Math.max(1, reach[of])),
    point: random.pick(['arrived', 'done', 'done', 'answered'] as const),
    // Nothing yet; the answer arrives; it is stored.
    ms: random.pick([0, 0, 0, 1, 3, 10]),
  };
}

/** One life, with people who go on editing meanwhile. */
async function lifeOf(member: WatchedAccounts, command: Command, living: Living, random: Random): Promise<Life> {
  const edits: Promise<void>[] = [];
  const when = random.chance(0.5) ? random.int(1, 20) : 0;
  const steps = random.int(1, 2);
  const { born, longest, ...rest } = await asked(member, command, living);
  await letGo(member);
  const life = await live(member.world, ARGS[command], {
    ...rest,
    ...(born === undefined ? {} : { born }),
    ...(command === 'sync' || command === 'align' || longest === undefined ? {} : { longest }),
    onCall(nth) {
      if (nth === when) edits.push(letEdit(member, steps));
    },
  });
  await Promise.all(edits);
  return life;
}

/** A service has something to do at once: somebody wants a run now, or, on a file, one was broken off. */
async function asked({ world }: WatchedAccounts, command: Command, living: Living): Promise<Living> {
  if (command === 'align' || command === 'sync') return living;
  if (!world.database.startsWith('sqlite:')) {
    return {
      ...living,
      born(child) {
        living.born?.(child);
        void want(world, child);
      },
    };
  }
  const { store } = await world.app();
  const frame = {
    connection: world.connection,
    kind: 'sync',
    state: 'running',
    finishedAt: null,
    error: null,
  } as const;
  const startedAt = new Date().toISOString();
  await insertRun(store, { id: randomUUID(), ...frame, startedAt, counters: {}, apiCalls: {}, options: {} });
  return living;
}

/** The first process on a database notes what there is to want. */
async function want(world: WatchedAccounts['world'], child: ChildProcess): Promise<void> {
  const { store } = await world.app();
  while (child.exitCode === null && child.signalCode === null) {
    try {
      if (await wantNow(store, world.connection, 'sync', new Date().toISOString())) return;
    } catch {
      // The tables are still being made.
    }
    await wait(50);
  }
}

interface QuietRun {
  readonly actions: { readonly total: number };
  readonly apiCalls: { readonly [service in 'sell' | 'dotdigital']: { readonly writes: number } };
}

/** Nobody edits any more and nobody dies: after some cycles nothing is left to do. @returns what is wrong, in words */
async function settle(member: WatchedAccounts, command: Command): Promise<readonly string[]> {
  const { world } = member;
  for (let cycle = 0; cycle < 3; cycle += 1) {
    const life = await once(member, command);
    if (life.code !== 0)
      return [`a quiet ${command} ended with ${String(life.code)}: ${wordsOf(life)}`, await runsOf(world)];
    const wrong = [...bugsIn(life), ...(await wrongAnyTime(member))];
    if (wrong.length > 0) return wrong;
  }
  const wrong = [...(await wrongInTheEnd(member))];
  // Two systems in agreement are not written to. (decision 9)
  const quiet = await world.lockstep('sync');
  const { runs } = quiet.json as { readonly runs: readonly QuietRun[] };
  const wrote = runs.some(
    ({ actions, apiCalls: { sell, dotdigital } }) => actions.total + sell.writes + dotdigital.writes > 0,
  );
  if (quiet.code !== 0 || wrote)
    wrong.push(`decision 9: a settled cycle ended with ${String(quiet.code)}: ${quiet.stdout}`);
  const sound = await world.lockstep('db', 'verify');
  if (sound.code !== 0) wrong.push(`the database is not sound: ${sound.stdout}`);
  const ledger = await verifyLedger((await world.app()).store, world.connection);
  if (ledger.type === 'broken') wrong.push(`the ledger is broken at ${String(ledger.seq)}: ${ledger.why}`);
  return wrong;
}

/** The last runs, for whoever has to find out what went wrong. */
async function runsOf(world: WatchedAccounts['world']): Promise<string> {
  const runs = await listRuns((await world.app()).store, { connection: world.connection, limit: 5 });
  return runs.map((run) => `${run.startedAt} ${run.kind} ${run.state} ${run.error ?? ''}`).join('\n');
}

/** One whole cycle by the command itself. */
async function once(member: WatchedAccounts, command: Command): Promise<Life> {
  if (command === 'align' || command === 'sync') return live(member.world, ARGS[command]);
  const since = new Date().toISOString();
  const living = await asked(member, command, {
    longest: SETTLES_WITHIN_MS,
    born: (child) => void endAfterRun(member, since, child),
  });
  await letGo(member);
  return live(member.world, ARGS[command], living);
}

async function endAfterRun({ world }: WatchedAccounts, since: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    const { store } = await world.app();
    const runs = await listRuns(store, { connection: world.connection, kinds: ['sync'], limit: 5 });
    if (runs.some(({ startedAt, state }) => startedAt > since && state.startsWith('ok'))) {
      // Once: a second one half a second later is an impatient person, to whom it ends at once.
      child.kill('SIGTERM');
      return;
    }
    await wait(50);
  }
}

function bugsIn(life: Life): readonly string[] {
  return /unexpected error|This is a bug|^\s+at .+:\d+:\d+\)?$/m.test(life.stdout + life.stderr) ? [wordsOf(life)] : [];
}

function wordsOf({ stdout, stderr }: Life): string {
  return `${stdout}\n${stderr}`.slice(-4_000);
}
