// Many connections on one PostgreSQL database, worker processes that do their work, and somebody who kills and pauses them.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import type { createRandom } from '../../../sandbox/random.ts';
import type { Store } from '../../../src/store/executor.ts';
import { wantNow } from '../../../src/store/job-times.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { listRuns } from '../../../src/store/runs.ts';
import { createJudge, type Judge } from '../../integration/agreement.ts';
import { BUSY_FIELDS, type BusyAccounts, busySettings, startBusyAccounts } from '../../integration/busy-accounts.ts';

const MAIN = join(import.meta.dirname, '../../../src/cli/main.ts');

interface Member {
  readonly world: BusyAccounts;
  readonly judge: Judge;
}

export interface Crowd {
  readonly members: readonly Member[];
  readonly store: Store;
  /** Processes that live now. */
  readonly workers: readonly ChildProcess[];
  /** Starts a worker and waits until it works. */
  hire(): Promise<ChildProcess>;
  /** Waits until the process is gone. */
  kill(worker: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** People do so many things in every account pair, and want it synchronised. */
  edit(steps: number): Promise<void>;
  /** Every connection runs to its end once more, begun from now on. @throws Error when that takes too long */
  everyoneRuns(withinMs: number): Promise<void>;
  /** Everything any worker said. */
  words(): string;
  stop(): Promise<void>;
}

export interface CrowdOptions {
  /** URL of a PostgreSQL database. */
  readonly database: string;
  readonly connections: number;
  readonly people: number;
  readonly seed: number;
  readonly concurrency: number;
}

/** Account pairs that are aligned already; no worker yet. */
export async function gatherCrowd(options: CrowdOptions): Promise<Crowd> {
  const members: Member[] = [];
  for (let n = 0; n < options.connections; n += 1) {
    const seed = options.seed * 1000 + n;
    const settings = { ...busySettings(), schedule: { every: '1h', verifyAt: null } };
    const name = `c${n}`;
    const world = await startBusyAccounts({ seed, people: options.people, name, database: options.database, settings });
    const judge = createJudge(world, BUSY_FIELDS);
    await judge.before();
    const { state } = await world.cycle('align');
    if (state !== 'ok' && state !== 'ok_with_holds') throw new Error(`The alignment of ${name} ended ${state}.`);
    members.push({ world, judge });
  }
  const folder = members[0]?.world.folder ?? '.';
  const config = join(folder, 'crowd.yaml');
  const documents = members.map(
    ({ world }) =>
      parse(readFileSync(join(world.folder, 'lockstep.yaml'), 'utf8')) as { readonly connections: readonly unknown[] },
  );
  writeFileSync(config, stringify({ ...documents[0], connections: documents.flatMap((one) => one.connections) }));
  const store = await openStore(options.database);
  const workers: ChildProcess[] = [];
  let said = '';
  const gone = (worker: ChildProcess): void => {
    const at = workers.indexOf(worker);
    if (at !== -1) workers.splice(at, 1);
  };
  const wantAll = async (): Promise<void> => {
    for (const { world } of members) await wantNow(store, world.connection, 'sync', new Date().toISOString());
  };
  const crowd: Crowd = {
    members,
    store,
    workers,
    words: () => said,
    async hire() {
      const args = [MAIN, '--config', config, 'worker', '--port', '0', '--concurrency', String(options.concurrency)];
      const worker = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args]);
      workers.push(worker);
      worker.once('exit', () => gone(worker));
      let own = '';
      const ready = new Promise<void>((resolve, reject) => {
        const hear = (chunk: Buffer): void => {
          own += chunk.toString();
          said += chunk.toString();
          if (own.includes('http://')) resolve();
        };
        worker.stdout.on('data', hear);
        worker.stderr.on('data', hear);
        worker.once('exit', () => reject(new Error(`The worker ended: ${own}`)));
      });
      await ready;
      return worker;
    },
    async kill(worker, signal) {
      if (worker.exitCode !== null || worker.signalCode !== null) return;
      const exit = once(worker, 'exit');
      worker.kill(signal);
      await exit;
    },
    async edit(steps) {
      for (const { world, judge } of members) {
        world.edit(steps);
        await judge.before();
      }
      await wantAll();
    },
    async everyoneRuns(withinMs) {
      const since = new Date().toISOString();
      const until = Date.now() + withinMs;
      await wantAll();
      for (const { world } of members) {
        for (;;) {
          const runs = await listRuns(store, { connection: world.connection, kinds: ['sync'], limit: 5 });
          if (runs.some((run) => run.startedAt >= since && run.finishedAt !== null && run.state.startsWith('ok')))
            break;
          if (Date.now() > until) throw new Error(`${world.connection} did not run in time.\n${said.slice(-4000)}`);
          await wait(100);
        }
      }
    },
    async stop() {
      for (const worker of workers) worker.kill('SIGKILL');
      await store.close();
      for (const { world } of members) await world.stop();
    },
  };
  return crowd;
}

export interface Trouble {
  readonly rounds: number;
  readonly roundMs: number;
  readonly edits: number;
  /** Pauses of a worker, milliseconds: longer than a lease, and it was replaced when it wakes up. */
  readonly pauses: readonly number[];
}

/** Each round people edit everywhere, and a worker is killed and replaced, or paused, or left alone. */
export async function makeTrouble(
  crowd: Crowd,
  random: ReturnType<typeof createRandom>,
  how: Trouble,
): Promise<string[]> {
  const done: string[] = [];
  for (let round = 0; round < how.rounds; round += 1) {
    await crowd.edit(how.edits);
    await wait(random.int(0, how.roundMs));
    const victim = random.pick([...crowd.workers]);
    const what = round % 3 === 0 ? 'kill' : random.pick(['kill', 'pause', 'pause'] as const);
    if (what === 'kill') {
      await crowd.kill(victim, 'SIGKILL');
      await crowd.hire();
    } else {
      const ms = random.pick([...how.pauses]);
      victim.kill('SIGSTOP');
      setTimeout(() => victim.kill('SIGCONT'), ms);
    }
    done.push(what);
    await wait(how.roundMs);
  }
  return done;
}

/** What is wrong with any pair, in words. */
export async function verdict(crowd: Crowd): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const { world, judge } of crowd.members)
    for (const words of await judge.after()) wrong.push(`${world.connection}: ${words}`);
  return wrong;
}
