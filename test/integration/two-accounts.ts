// Both simulated services on real sockets, and Lockstep between them through its own command line. For tests alone.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { stringify } from 'yaml';
import { createDotdigitalSandbox, type DotdigitalSandbox } from '../../sandbox/dotdigital/create-dotdigital-sandbox.ts';
import { type DotdigitalSandboxOptions, defaultApiUser } from '../../sandbox/dotdigital/options.ts';
import { createSellSandbox, type SellSandbox } from '../../sandbox/zendesk-sell/create-sell-sandbox.ts';
import type { SellSandboxOptions } from '../../sandbox/zendesk-sell/options.ts';
import { type App, openApp } from '../../src/app.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { createInterruption } from '../../src/cli/interruption.ts';
import { run } from '../../src/cli/run.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { realRuntime } from '../../src/connectors/http/runtime.ts';
import { type CycleOptions, runCycle } from '../../src/engine/cycle.ts';
import { plannedOf, type RunReport } from '../../src/engine/report.ts';
import type { StoredAction } from '../../src/store/actions.ts';
import { giveBack, newDatabase } from '../postgres/databases.ts';

/** A section of the configuration, merged over the default one. */
export type Settings = { readonly [key: string]: unknown };

/** The part of a Sell record that tests look at. */
export interface SellRecord {
  readonly id: number;
  readonly email: string | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly status?: string;
  readonly customer_status?: string;
  readonly prospect_status?: string;
  readonly owner_id: number;
  /** ISO UTC, whole seconds. */
  readonly updated_at: string;
  readonly is_organization: boolean;
  readonly address: {
    readonly line1: string | null;
    readonly city: string | null;
    readonly postal_code: string | null;
    readonly state: string | null;
    readonly country: string | null;
  };
  readonly tags: readonly string[];
  readonly custom_fields: { readonly [name: string]: unknown };
}

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The JSON document, where one was asked for. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read the documented shape directly
  readonly json: any;
}

export interface TwoAccounts {
  readonly sell: SellSandbox;
  readonly dotdigital: DotdigitalSandbox;
  readonly folder: string;
  /** Name of the connection. */
  readonly connection: string;
  /** URL of its database. */
  readonly database: string;
  /** Changes the configuration for the commands that follow. */
  configure(settings: Settings): Promise<void>;
  /** Runs one command as a user would; `--json` and `--quiet` are added. */
  lockstep(...args: readonly string[]): Promise<Answer>;
  /** Runs a command as a person sees it. */
  words(...args: readonly string[]): Promise<Answer>;
  /** Runs a cycle in this process, with bulk jobs asked about at once. */
  cycle(kind: CycleOptions['kind'], options?: Partial<CycleOptions>, interrupt?: AbortSignal): Promise<RunReport>;
  /** Moves the clock of all further cycles on. */
  later(ms: number): void;
  /** The planned or done writes of a run. */
  actions(runId: string): Promise<readonly StoredAction[]>;
  /** Every contact or lead as Sell would show it. */
  sellRecords(what: 'contacts' | 'leads'): Promise<readonly SellRecord[]>;
  /** The one Sell record with this address. */
  sellRecord(what: 'contacts' | 'leads', email: string): Promise<SellRecord>;
  /** The database, for looking; closed by `stop`. */
  app(): Promise<App>;
  stop(): Promise<void>;
}

export interface Options {
  readonly sell?: SellSandboxOptions;
  readonly dotdigital?: DotdigitalSandboxOptions;
  readonly settings?: Settings;
  /** Default `acme`. */
  readonly name?: string;
  /** URL of a database shared with others, which outlives this. Default: one of its own. */
  readonly database?: string;
  /** The section `server`. */
  readonly server?: Settings;
  /** Calls that are tried again are so at once: for faults that last. */
  readonly retryAtOnce?: boolean;
}

/** A database server has no file beside it that could hold one. */
const TEST_KEY = Buffer.alloc(32, 7).toString('base64');

const CONTACTS_ONLY: Settings = {
  profile: 'classic',
  contacts: { enabled: true, multipleMatch: 'email-and-names' },
};

export async function startTwoAccounts(options: Options = {}): Promise<TwoAccounts> {
  const sell = createSellSandbox({ limits: { enabled: false }, tokens: [{}], ...options.sell });
  const dotdigital = createDotdigitalSandbox({
    ...options.dotdigital,
    switches: {
      importDelayMs: 0,
      deleteDelayMs: 0,
      listJobDelayMs: 0,
      insightDelayMs: 0,
      ...options.dotdigital?.switches,
    },
  });
  await sell.app.listen({ host: '127.0.0.1', port: 0 });
  await dotdigital.app.listen({ host: '127.0.0.1', port: 0 });
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-test-'));
  const database = options.database ?? (await newDatabase(folder));
  const connection = options.name ?? 'acme';
  const configure = (settings: Settings): void => {
    const { sell: sellSettings, dotdigital: dotdigitalSettings, ...rest } = { ...CONTACTS_ONLY, ...settings };
    const document = {
      version: 1,
      database,
      ...(database.startsWith('sqlite:') ? {} : { secretKey: TEST_KEY }),
      ...(options.server === undefined ? {} : { server: options.server }),
      connections: [
        {
          name: connection,
          sell: {
            url: urlOf(sell.app),
            accessToken: sell.tokens[0]?.token,
            requestsPerSecond: 0,
            ...(sellSettings as object),
          },
          dotdigital: {
            url: urlOf(dotdigital.app),
            user: defaultApiUser.user,
            password: defaultApiUser.password,
            ...(dotdigitalSettings as object),
          },
          ...rest,
        },
      ],
    };
    writeFileSync(join(folder, 'lockstep.yaml'), stringify(document));
  };
  configure(options.settings ?? {});
  const invoke = async (args: readonly string[]): Promise<Answer> => {
    const [stdout, stderr] = [new Captured(), new Captured()];
    const interruption = createInterruption(
      { on: () => {} } as never,
      () => {},
      () => undefined as never,
    );
    const code = await run({
      args: ['--config', join(folder, 'lockstep.yaml'), ...args],
      env: {},
      terminal: { stdout, stderr },
      interruption,
      commands: COMMANDS,
    });
    return {
      code,
      stdout: stdout.text,
      stderr: stderr.text,
      json: args.includes('--json') && stdout.text !== '' ? JSON.parse(stdout.text) : null,
    };
  };
  let ahead = 0;
  let opened: App | null = null;
  const app = async (): Promise<App> => {
    if (opened !== null) return opened;
    const loaded = loadConfig({ file: join(folder, 'lockstep.yaml'), env: {}, overrides: {} });
    if (!('ok' in loaded)) throw new Error(JSON.stringify(loaded.problems));
    opened = await openApp(loaded.ok, {
      poll: { firstMs: 1, growth: 1, longestMs: 5, busyMs: 5 },
      ...(options.retryAtOnce === true ? { world: { ...realRuntime, newId: randomUUID, random: () => 0 } } : {}),
    });
    return opened;
  };
  const close = async (): Promise<void> => {
    await opened?.close();
    opened = null;
  };
  const sellRecords = async (what: 'contacts' | 'leads'): Promise<readonly SellRecord[]> => {
    const found: SellRecord[] = [];
    for (let after = 0; ; ) {
      const answer = await sell.app.inject({ url: `/_control/${what}?after=${after}` });
      const page = answer.json<{ readonly items: readonly SellRecord[]; readonly next: number | null }>();
      found.push(...page.items);
      if (page.next === null) return found;
      after = page.next;
    }
  };
  return {
    sell,
    dotdigital,
    folder,
    connection,
    database,
    app,
    sellRecords,
    async sellRecord(what, email) {
      const found = (await sellRecords(what)).filter((record) => record.email === email);
      const [only] = found;
      if (only === undefined || found.length !== 1)
        throw new Error(`Sell has ${found.length} ${what} with the address ${email}.`);
      return only;
    },
    async cycle(kind, more = {}, interrupt) {
      const { config, engine } = await app();
      const [connection] = config.connections;
      if (connection === undefined) throw new Error('The configuration has a connection.');
      const signal = interrupt ?? new AbortController().signal;
      const wired = await engine(connection, { signal });
      // The engine's own waits are for a service that is slow to finish what it lost the answer to; this one is not.
      const held = {
        ...wired,
        now: () => new Date(Date.now() + ahead).toISOString(),
        sleep: (ms: number) => wait(Math.min(ms, 5), undefined, { signal }),
      };
      return runCycle(held, { kind, only: null, full: false, ...more });
    },
    later(ms) {
      ahead += ms;
    },
    async actions(runId) {
      return Array.fromAsync(plannedOf((await app()).store, runId));
    },
    configure(settings) {
      configure(settings);
      return close();
    },
    lockstep: (...args) => invoke(['--json', '--quiet', ...args]),
    words: (...args) => invoke(args),
    async stop() {
      await close();
      await Promise.all([sell.app.close(), dotdigital.app.close()]);
      if (options.database === undefined) await giveBack(database);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

class Captured extends PassThrough {
  text = '';

  override write(chunk: string | Uint8Array): boolean {
    this.text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    return true;
  }
}

function urlOf(app: { readonly server: { address(): unknown } }): string {
  const address = app.server.address() as { readonly port: number };
  return `http://127.0.0.1:${address.port}`;
}
