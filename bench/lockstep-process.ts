// Runs the real lockstep command against simulated accounts, in a folder of its own, and says what it took.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import type { Started } from './accounts-process.ts';

export interface Ran {
  readonly seconds: number;
  /** Largest resident memory of the process, megabytes. */
  readonly peakMb: number;
  /** Processor time of the process, seconds. */
  readonly cpuSeconds: number;
  readonly report: RunJson;
}

/** The part of a run's JSON that is looked at. */
export interface RunJson {
  readonly id: string;
  readonly state: string;
  readonly actions: { readonly total: number; readonly bySystem: { readonly [system: string]: number } };
  readonly holds: { readonly total: number; readonly byCode: { readonly [code: string]: number } };
  readonly apiCalls: { readonly [system: string]: { readonly reads: number; readonly writes: number } };
}

export interface Installation {
  /** Runs `lockstep …ARGS --json`; throws unless it ends with 0. */
  run(...args: readonly string[]): Promise<Ran>;
  /** `lockstep serve` until `stop` has ended it. */
  serve(): Promise<{ stop(): Promise<void> }>;
  remove(): void;
}

export interface InstallOptions {
  /** False: as fast as the services answer. */
  readonly paced: boolean;
  readonly fields: readonly { readonly sell: string; readonly dotdigital: string }[];
  /** Default sqlite in the installation's folder. */
  readonly database?: string | undefined;
  /** More of the connection's configuration. */
  readonly connection?: { readonly [section: string]: unknown };
  /** Where processor profiles go; none are made without. */
  readonly profiles?: string | undefined;
}

export const PLAIN_FIELDS = [
  { sell: 'first_name', dotdigital: 'FIRSTNAME' },
  { sell: 'last_name', dotdigital: 'LASTNAME' },
  { sell: 'customer_status', dotdigital: 'CUSTOMER_STATUS' },
  { sell: 'prospect_status', dotdigital: 'PROSPECT_STATUS' },
] as const;

/** With a part of an address: Sell replaces addresses as a whole, so they are read before they are written. */
export const ADDRESS_FIELDS = [...PLAIN_FIELDS, { sell: 'address.postal_code', dotdigital: 'POSTCODE' }] as const;

const NO_LIMIT = { count: 1_000_000, percent: 100 };
const TAGS = { optIn: ['newsletter'], optOut: ['unsubscribed'] };
/** Both sides say who may be mailed, Sell by tags; no brake holds the benchmark up. */
export const CONSENT_BY_TAGS = {
  consent: {
    enabled: true,
    direction: 'bi-directional',
    contacts: { tags: TAGS, default: 'none' },
    leads: { tags: TAGS, default: 'none' },
  },
  brakes: { unsubscribe: NO_LIMIT, unsubscribeStop: NO_LIMIT, resubscribe: NO_LIMIT },
};

export function install(accounts: Started, options: InstallOptions): Installation {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
  const config = join(folder, 'lockstep.json');
  const usage = join(folder, 'usage.json');
  writeFileSync(config, JSON.stringify(configOf(accounts, folder, options)), { mode: 0o600 });
  const root = join(import.meta.dirname, '..');
  const preload = pathToFileURL(join(import.meta.dirname, 'report-peak.ts'));
  preload.searchParams.set('to', usage);
  const profiling = options.profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profiles}`];
  if (options.profiles !== undefined) mkdirSync(options.profiles, { recursive: true });
  const nodeOptions = ['--import', preload.href, ...profiling].join(' ');
  return {
    run: async (...args) => {
      const begun = performance.now();
      const child = spawn(join(root, 'bin', 'lockstep'), ['--config', config, '--json', ...args], {
        cwd: folder,
        env: { ...process.env, NODE_OPTIONS: nodeOptions },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
      const code = child.exitCode;
      const seconds = (performance.now() - begun) / 1000;
      if (code !== 0)
        throw new Error(
          `lockstep ${args.join(' ')} ended with ${String(code)}:\n${out.slice(0, 500)} … ${out.slice(-1500)}\n${errors}`,
        );
      const { peakKb, cpuMs } = JSON.parse(readFileSync(usage, 'utf8')) as {
        readonly peakKb: number;
        readonly cpuMs: number;
      };
      const [report] = (JSON.parse(out) as { readonly runs: readonly RunJson[] }).runs;
      if (report === undefined) throw new Error(`lockstep ${args.join(' ')} reported no run.`);
      return { seconds, peakMb: peakKb / 1024, cpuSeconds: cpuMs / 1000, report };
    },
    serve: async () => {
      const child = spawn(join(root, 'bin', 'lockstep'), ['--config', config, '--json', 'serve', '--port', '0'], {
        cwd: folder,
        stdio: 'ignore',
      });
      await once(child, 'spawn');
      return {
        stop: async () => {
          if (child.exitCode !== null) throw new Error(`lockstep serve ended with ${child.exitCode} by itself.`);
          const closed = once(child, 'close');
          child.kill('SIGTERM');
          await closed;
        },
      };
    },
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configOf(
  { sell, dotdigital }: Started,
  folder: string,
  { paced, fields, database, connection }: InstallOptions,
): unknown {
  return {
    version: 1,
    database: database ?? `sqlite:${join(folder, 'lockstep.db')}`,
    connections: [
      {
        name: 'bench',
        profile: 'classic',
        sell: { url: sell.url, accessToken: sell.accessToken, ...(paced ? {} : { requestsPerSecond: 0 }) },
        dotdigital: { url: dotdigital.url, user: dotdigital.user, password: dotdigital.password },
        contacts: { enabled: true, multipleMatch: 'email-and-names', fields },
        ...connection,
      },
    ],
  };
}
