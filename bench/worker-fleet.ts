// Worker processes on one PostgreSQL server with many connections that live in its database, for benchmarks. Asserts nothing.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openApp } from '../src/app.ts';
import { takeSecrets } from '../src/config/drafts.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { runCycle } from '../src/engine/cycle.ts';
import type { Store } from '../src/store/executor.ts';
import { saveConnection } from '../src/store/saved-connections.ts';
import { putSecret } from '../src/store/secrets.ts';
import { startPostgres } from '../test/postgres/server.ts';
import type { Pair } from './many-accounts-process.ts';

export interface FleetWorker {
  readonly process: ChildProcess;
  /** Processor time so far, seconds. */
  cpu(): number;
}

export interface WorkerFleet {
  readonly store: Store;
  readonly names: readonly string[];
  /** Aligns every connection by itself, in this process. */
  alignAll(): Promise<void>;
  /** Aligns the first connection and copies what that left behind to all others: for accounts with nobody in them. */
  alignFirst(): Promise<void>;
  hire(concurrency: number): Promise<FleetWorker>;
  /** Those whose process lives now. */
  workers(): readonly FleetWorker[];
  kill(worker: FleetWorker): Promise<void>;
  /** Processor time of the database server so far, seconds. */
  databaseCpu(): number;
  query<R extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<readonly R[]>;
  stop(): Promise<void>;
}

export interface FleetOptions {
  readonly pairs: readonly Pair[];
  /** Connections of each pair, each with credentials of its own. */
  readonly connections: number;
  readonly every: string;
}

const MAIN = join(import.meta.dirname, '../src/cli/main.ts');
const TICKS_PER_SECOND = 100;

export async function startWorkerFleet({ pairs, connections, every }: FleetOptions): Promise<WorkerFleet> {
  const server = await startPostgres({ durable: true, settings: ['shared_buffers=256MB'] });
  const admin = new pg.Client(server.url('postgres'));
  await admin.connect();
  await admin.query('create database fleet');
  await admin.end();
  const database = server.url('fleet');
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-fleet-'));
  const file = join(folder, 'lockstep.json');
  const config = { version: 1, database, secretKey: Buffer.alloc(32, 7).toString('base64') };
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  const loaded = loadConfig({ file, env: {}, overrides: {} });
  if (!('ok' in loaded)) throw new Error(JSON.stringify(loaded.problems));
  const app = await openApp(loaded.ok, { poll: { firstMs: 20, growth: 1, longestMs: 20, busyMs: 20 } });
  const { store } = app;
  const names: string[] = [];
  const savedAt = new Date().toISOString();
  for (const [place, pair] of pairs.entries()) {
    for (let n = 0; n < connections; n += 1) {
      const name = `c${place}-${n}`;
      names.push(name);
      const { settings, secrets } = takeSecrets(settingsOf(name, pair, n, every));
      await saveConnection(store, { name, settings, savedAt, savedBy: null }, 0);
      const sealed = JSON.stringify(Object.fromEntries(secrets));
      await putSecret(store, app.secretKey(), { connection: name, name: 'settings' }, sealed, savedAt);
    }
  }
  const pool = new pg.Pool({ connectionString: database, max: 2 });
  const workers = new Set<FleetWorker>();
  const align = async (name: string): Promise<void> => {
    const connection = await app.book.config(name);
    if (connection === null) throw new Error(`There is no connection ${name}.`);
    const engine = await app.engine(connection, { signal: new AbortController().signal });
    const { state, message } = await runCycle(engine, { kind: 'align', only: null, full: false });
    if (state !== 'ok') throw new Error(`The alignment of ${name} ended ${state}: ${message}`);
  };
  const query: WorkerFleet['query'] = async <R extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ) => (await pool.query<R>(text, [...values])).rows;
  return {
    store,
    names,
    query,
    async alignAll() {
      for (const name of names) await align(name);
    },
    async alignFirst() {
      const [first = ''] = names;
      await align(first);
      for (const table of ['connections', 'runs']) {
        const columns = await query<{ name: string }>(
          'select column_name as name from information_schema.columns where table_name = $1',
          [table],
        );
        const list = columns.map(({ name }) => name);
        const own: { readonly [column: string]: string } =
          table === 'runs'
            ? { id: 'gen_random_uuid()::text', connection: 's.name' }
            : { name: 's.name', replica: 'gen_random_uuid()::text' };
        await query(
          `insert into ${table} (${list.join(', ')}) select ${list.map((column) => own[column] ?? `t.${column}`).join(', ')}
            from ${table} t, saved_connections s where s.name <> $1`,
          [first],
        );
      }
    },
    async hire(concurrency) {
      const args = [MAIN, '--config', file, '--quiet', 'worker', '--port', '0', '--concurrency', String(concurrency)];
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const worker = { process: child, cpu: () => cpuOf(child.pid ?? 0) };
      workers.add(worker);
      child.once('exit', () => workers.delete(worker));
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => {
        said = `${said}${chunk.toString()}`.slice(-4000);
      });
      await Promise.race([
        once(child.stdout, 'data'),
        once(child, 'exit').then(() => Promise.reject(new Error(`The worker ended: ${said}`))),
      ]);
      child.stdout.resume();
      return worker;
    },
    workers: () => [...workers],
    async kill(worker) {
      const exit = once(worker.process, 'exit');
      worker.process.kill('SIGKILL');
      await exit;
    },
    databaseCpu: () => databaseCpu(server.port),
    async stop() {
      for (const worker of workers) worker.process.kill('SIGKILL');
      await pool.end();
      await app.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function settingsOf(name: string, { sell, dotdigital }: Pair, n: number, every: string) {
  return {
    name,
    profile: 'classic',
    // The pace of each token is its own; here as fast as the services answer.
    sell: { url: sell.url, accessToken: sell.tokens[n] ?? '', requestsPerSecond: 0 },
    dotdigital: { url: dotdigital.url, user: dotdigital.users[n] ?? '', password: dotdigital.password },
    contacts: {
      enabled: true,
      multipleMatch: 'email-and-names',
      fields: [
        { sell: 'first_name', dotdigital: 'FIRSTNAME' },
        { sell: 'last_name', dotdigital: 'LASTNAME' },
        { sell: 'customer_status', dotdigital: 'CUSTOMER_STATUS' },
        { sell: 'prospect_status', dotdigital: 'PROSPECT_STATUS' },
      ],
    },
    consent: { unknownConsentAs: 'subscribed' },
    schedule: { every, verifyAt: null },
  };
}

/** Seconds of processor time, user and system. (proc(5): fields 14 and 15, and those of children that ended, 16 and 17) */
function cpuOf(pid: number, withChildren = false): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15);
    return (user + system + (withChildren ? childUser + childSystem : 0)) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

function databaseCpu(port: number): number {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parentOf = (pid: string): string => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? '';
    } catch {
      return '';
    }
  };
  const isServer = (pid: string): boolean => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return (words[0] ?? '').endsWith('/postgres') && words.includes(String(port));
    } catch {
      return false;
    }
  };
  const postmaster = all.find((pid) => isServer(pid));
  if (postmaster === undefined) return 0;
  const children = all.filter((pid) => parentOf(pid) === postmaster);
  return cpuOf(Number(postmaster), true) + children.reduce((sum, pid) => sum + cpuOf(Number(pid)), 0);
}
