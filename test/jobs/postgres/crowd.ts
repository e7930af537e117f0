// Many connections on one PostgreSQL database and the worker processes that do their work. Does nobody any harm itself.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import type { Store } from '../../../src/store/executor.ts';
import { wantNow } from '../../../src/store/job-times.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { listRuns, type StoredRun } from '../../../src/store/runs.ts';
import {
  alignUndisturbed,
  letEdit,
  type WatchedAccounts,
  watchAccounts,
  wrongInTheEnd,
} from '../../crash/watched-accounts.ts';
import type { BusyAccounts } from '../../integration/busy-accounts.ts';

const MAIN = join(import.meta.dirname, '../../../src/cli/main.ts');

export interface Worker {
  /** What its database sessions are called. */
  readonly name: string;
  readonly process: ChildProcess;
}

export interface Crowd {
  readonly members: readonly WatchedAccounts[];
  readonly store: Store;
  /** Those whose process lives now. */
  readonly workers: readonly Worker[];
  /** Process ids of all there ever were, by name. */
  readonly pids: ReadonlyMap<string, number>;
  /** Starts a worker and waits until it works. */
  hire(): Promise<Worker>;
  /** Waits until the process is gone. */
  kill(worker: Worker, signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** People do so many things in one account pair, and want it synchronised. */
  edit(member: WatchedAccounts, steps: number): Promise<void>;
  /** Every connection runs to its end once more, begun from now on. @throws Error when that takes too long */
  everyoneRuns(withinMs: number): Promise<readonly StoredRun[]>;
  /** Waits until it is so. @throws Error after a minute */
  until(so: () => Promise<boolean>): Promise<void>;
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
  const members: WatchedAccounts[] = [];
  for (let n = 0; n < options.connections; n += 1) {
    const [seed, name] = [options.seed * 1000 + n, `c${n}`];
    const { people, database } = options;
    const member = await watchAccounts({ seed, people, name, database });
    await alignUndisturbed(member);
    members.push(member);
  }
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-crowd-'));
  const documents = members.map(
    ({ world }) =>
      parse(readFileSync(join(world.folder, 'lockstep.yaml'), 'utf8')) as { readonly connections: readonly unknown[] },
  );
  const connections = documents.flatMap((one) => one.connections);
  const store = await openStore(options.database);
  const workers: Worker[] = [];
  const pids = new Map<string, number>();
  let said = '';
  const want = (world: BusyAccounts): Promise<boolean> =>
    wantNow(store, world.connection, 'sync', new Date().toISOString());
  const crowd: Crowd = {
    members,
    store,
    workers,
    pids,
    words: () => said,
    async hire() {
      const name = `worker-${pids.size + 1}`;
      const config = join(folder, `${name}.yaml`);
      const database = new URL(options.database);
      database.searchParams.set('application_name', name);
      writeFileSync(config, stringify({ ...documents[0], database: database.toString(), connections }));
      const args = [MAIN, '--config', config, 'worker', '--port', '0', '--concurrency', String(options.concurrency)];
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args]);
      const worker = { name, process: child };
      workers.push(worker);
      pids.set(name, child.pid ?? 0);
      child.once('exit', () => workers.splice(workers.indexOf(worker), 1));
      let own = '';
      await new Promise<void>((resolve, reject) => {
        const hear = (chunk: Buffer): void => {
          own += chunk.toString();
          said += chunk.toString();
          if (own.includes('http://')) resolve();
        };
        child.stdout.on('data', hear);
        child.stderr.on('data', hear);
        child.once('exit', () => reject(new Error(`The worker ended: ${own}`)));
      });
      return worker;
    },
    async kill({ process: child }, signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill(signal);
      await exit;
    },
    async edit(member, steps) {
      await letEdit(member, steps);
      await want(member.world);
    },
    async until(so) {
      const end = Date.now() + 60_000;
      while (!(await so())) {
        if (Date.now() > end) throw new Error(`It did not become so.\n${said.slice(-4000)}`);
        await wait(100);
      }
    },
    async everyoneRuns(withinMs) {
      const since = new Date().toISOString();
      const until = Date.now() + withinMs;
      const ended: StoredRun[] = [];
      for (const { world } of members) await want(world);
      for (const { world } of members) {
        for (;;) {
          const runs = await listRuns(store, { connection: world.connection, kinds: ['sync'], limit: 5 });
          const run = runs.find(
            ({ startedAt, finishedAt, state }) => startedAt >= since && finishedAt !== null && state.startsWith('ok'),
          );
          if (run !== undefined) {
            ended.push(run);
            break;
          }
          if (Date.now() > until) throw new Error(`${world.connection} did not run in time.\n${said.slice(-4000)}`);
          await wait(100);
        }
      }
      return ended;
    },
    async stop() {
      for (const worker of [...workers]) {
        worker.process.kill('SIGCONT');
        await crowd.kill(worker, 'SIGKILL');
      }
      await store.close();
      for (const { world } of members) await world.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return crowd;
}

/** What is wrong with any pair, in words. */
export async function verdict(crowd: Crowd): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const member of crowd.members)
    for (const words of await wrongInTheEnd(member)) wrong.push(`${member.world.connection}: ${words}`);
  return wrong;
}
