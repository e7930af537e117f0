// The whole program in this process: real configuration, real clients, a real database, on virtual time and over the wire. It can be
// cut off at any moment; what it had committed is then all there is. Judges nothing.
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { stringify } from 'yaml';
import { defaultApiUser } from '../../sandbox/dotdigital/options.ts';
import { grantAccess, type OAuthGrant } from '../../sandbox/oauth-grant.ts';
import { createRandom } from '../../sandbox/random.ts';
import { DEFAULT_OAUTH_CLIENT } from '../../sandbox/zendesk-sell/options.ts';
import {
  type App,
  approve,
  backupStore,
  type CycleOptions,
  decideHold,
  listHolds,
  listRuns,
  openApp,
  parkedCount,
  type RunReport,
  reject,
  runCycle,
  type StoredRun,
  type Undone,
  undo,
  verify,
  verifyLedger,
  verifyStore,
  type WiredEngine,
  type World,
} from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { Store } from '../../src/store/executor.ts';
import type { Accounts } from './accounts.ts';
import type { Clockwork } from './clockwork.ts';
import { connectionOf, type Setup } from './setup.ts';
import { SERVICE_URLS, type Wire } from './wire.ts';

export const CONNECTION = 'acme';
const KEY = Buffer.alloc(32, 7).toString('base64');
const MEMORY = '/dev/shm';

/** What may end the program from outside while it works. */
export interface Fate {
  /** Asked at each commit, before and after it; on true the program is gone. */
  readonly dies: (moment: 'commit-before' | 'commit-after') => boolean;
  readonly signal: AbortSignal;
}

export interface UndoneRun {
  readonly run: StoredRun;
  readonly undone: Undone;
}

export class Program {
  readonly folder: string;
  readonly #clockwork: Clockwork;
  readonly #world: World;
  readonly #accounts: Accounts;
  #setup: Setup;
  #grant: OAuthGrant;
  #app: App | null = null;
  /** It was cut off: until it is begun anew nobody hears from it, and it hears from nobody. */
  #dead = false;

  constructor(setup: Setup, seed: string, accounts: Accounts, clockwork: Clockwork, wire: Wire) {
    this.folder = mkdtempSync(join(memoryOrDisk(), 'lockstep-simulation-'));
    this.#clockwork = clockwork;
    const ids = createRandom(`ids/${seed}`);
    const dice = createRandom(`chance/${seed}`);
    this.#world = {
      fetch: (input, init) => (this.#dead ? never() : wire.fetch(input, init)),
      now: () => clockwork.now(),
      random: () => dice.next(),
      newId: () => ids.uuid(),
      startTimer: (ms, fire) => clockwork.in(ms, fire),
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          const stop = (): void => {
            cancel();
            reject(signal?.reason instanceof Error ? signal.reason : new Error('cancelled'));
          };
          const cancel = clockwork.in(ms, () => {
            signal?.removeEventListener('abort', stop);
            resolve();
          });
          if (signal?.aborted === true) stop();
          else signal?.addEventListener('abort', stop, { once: true });
        }),
    };
    this.#setup = setup;
    this.#accounts = accounts;
    this.#grant = accounts.grant;
    this.#configure();
  }

  /** Somebody authorises anew: the refresh token of the configuration is another one. */
  async authorizeAgain(): Promise<void> {
    await this.die();
    this.#grant = await grantAccess(this.#accounts.sell.app, DEFAULT_OAUTH_CLIENT);
    this.#configure();
  }

  /** Somebody edits the file; whatever runs next goes by it. */
  async reconfigure(setup: Setup): Promise<void> {
    await this.die();
    this.#setup = setup;
    this.#configure();
  }

  #configure(): void {
    const document = {
      version: 1,
      database: `sqlite:${this.file}`,
      secretKey: KEY,
      connections: [
        {
          name: CONNECTION,
          sell: { url: SERVICE_URLS.sell, ...credentials(this.#setup, this.#accounts, this.#grant) },
          dotdigital: {
            url: SERVICE_URLS.dotdigital,
            user: defaultApiUser.user,
            password: defaultApiUser.password,
          },
          ...connectionOf(this.#setup),
        },
      ],
    };
    writeFileSync(join(this.folder, 'lockstep.yaml'), stringify(document));
  }

  get file(): string {
    return join(this.folder, 'lockstep.db');
  }

  async open(): Promise<App> {
    if (this.#app !== null) return this.#app;
    const loaded = loadConfig({ file: join(this.folder, 'lockstep.yaml'), env: {} });
    if (!('ok' in loaded)) throw new Error(JSON.stringify(loaded.problems));
    this.#app = await openApp(loaded.ok, { world: this.#world });
    return this.#app;
  }

  /** One cycle. */
  async cycle(kind: CycleOptions['kind'], full: boolean, fate: Fate): Promise<RunReport> {
    return runCycle(await this.#engine(fate), { kind, only: null, full });
  }

  /** The comparison of every night. (R20) */
  async verify(fate: Fate): Promise<RunReport> {
    return (await verify(await this.#engine(fate))).report;
  }

  /** What waits is approved, rejected or decided, whichever is asked for and there is any. @returns in words, null = nothing */
  async person(wants: 'approve' | 'reject' | 'decide', dice: string, fate: Fate): Promise<string | null> {
    const { store } = await this.open();
    const random = createRandom(dice);
    if (wants === 'decide') {
      const asking = (await listHolds(store, { connection: CONNECTION })).filter(({ asks }) => asks !== undefined);
      if (asking.length === 0) return null;
      const hold = random.pick(asking);
      const choices = hold.asks?.choices ?? [];
      if (choices.length === 0) return null;
      const { choice } = random.pick(choices);
      const at = new Date(this.#clockwork.now()).toISOString();
      await decideHold(store, { holdId: hold.id, choice, by: 'somebody', at });
      return `${hold.code} ${hold.row} of sell ${hold.crmId ?? '-'} dotdigital ${hold.marketingId ?? '-'}: ${choice}`;
    }
    const run = await this.#parked(store);
    if (run === undefined) return null;
    const engine = await this.#engine(fate);
    if (wants === 'approve') return `${nameOf(run)}: ${wordsOf(await approve(engine, run.id))}`;
    return `${nameOf(run)}: ${String(await reject(engine, run.id))} writes`;
  }

  /** One of the last runs that wrote. @returns null = there is none */
  async undo(dice: string, fate: Fate): Promise<UndoneRun | null> {
    const { store } = await this.open();
    const runs = (await listRuns(store, { connection: CONNECTION })).filter(
      ({ kind, state }) => (kind === 'sync' || kind === 'align') && !['running', 'interrupted'].includes(state),
    );
    if (runs.length === 0) return null;
    const run = createRandom(dice).pick(runs.slice(0, 3));
    return { run, undone: await undo(await this.#engine(fate), run, { preview: false }) };
  }

  /** Of the run whose writes wait for approval; null = nothing waits. */
  async parkedKind(): Promise<StoredRun['kind'] | null> {
    return (await this.#parked((await this.open()).store))?.kind ?? null;
  }

  async #parked(store: Store): Promise<StoredRun | undefined> {
    for (const run of await listRuns(store, { connection: CONNECTION }))
      if (run.state === 'parked' && (await parkedCount(store, run.id)) > 0) return run;
    return undefined;
  }

  /** Room for so many pages beyond those that the database has. */
  async leaveRoom(pages: number): Promise<void> {
    const { db } = (await this.open()).store;
    const { rows } = await sql<{ readonly page_count: number }>`pragma page_count`.execute(db);
    await sql.raw(`pragma max_page_count = ${String((rows[0]?.page_count ?? 0) + pages)}`).execute(db);
  }

  /** What `lockstep db verify` and `lockstep ledger verify` would say; empty = all is well. */
  async faults(): Promise<readonly string[]> {
    const { store } = await this.open();
    const { faults } = await verifyStore(store);
    const ledger = await verifyLedger(store, CONNECTION);
    return [...faults, ...(ledger.type === 'broken' ? [`the ledger, entry ${String(ledger.seq)}: ${ledger.why}`] : [])];
  }

  /** @param by a backup, or a copy of the file by hand */
  async keepCopy(by: 'backup' | 'hand'): Promise<void> {
    rmSync(this.#copy, { force: true });
    const { store } = await this.open();
    if (by === 'hand') await sql`vacuum into ${this.#copy}`.execute(store.db);
    else await backupStore(store, this.#copy);
  }

  async restoreCopy(): Promise<void> {
    await this.die();
    for (const end of ['', '-wal', '-shm']) rmSync(this.file + end, { force: true });
    copyFileSync(this.#copy, this.file);
  }

  /** The process is gone, with everything it had not committed. */
  async die(): Promise<void> {
    this.#dead = true;
    await this.#clockwork.forget();
    await this.#app?.close();
    this.#app = null;
    this.#dead = false;
  }

  async end(): Promise<void> {
    await this.die();
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #copy(): string {
    return join(this.folder, 'copy.db');
  }

  async #engine(fate: Fate): Promise<WiredEngine> {
    const { config, engine } = await this.open();
    const [connection] = config.connections;
    if (connection === undefined) throw new Error('The configuration has a connection.');
    const wired = await engine(connection, { signal: fate.signal });
    return { ...wired, store: this.#mortal(wired.store, fate) };
  }

  #mortal(store: Store, { dies }: Fate): Store {
    const lives = (moment: 'commit-before' | 'commit-after'): boolean => {
      this.#dead ||= dies(moment);
      return !this.#dead;
    };
    return {
      backend: store.backend,
      get db() {
        return store.db;
      },
      transaction: async (work) => {
        if (!lives('commit-before')) return never();
        const result = await store.transaction(work);
        return lives('commit-after') ? result : never();
      },
      snapshot: (work) => store.snapshot(work),
      close: () => store.close(),
    };
  }
}

export function nameOf({ kind, startedAt }: StoredRun): string {
  return `the ${kind} of ${new Date(startedAt).toISOString().slice(5, 19)}`;
}

export function wordsOf(report: RunReport): string {
  const { state, actions, holds, apiCalls, message } = report;
  const writes = apiCalls.crm.writes + apiCalls.marketing.writes;
  return `${state}, ${String(actions.total)} actions, ${String(writes)} writes, ${String(holds.total)} holds${message === null ? '' : ` (${message})`}`;
}

function credentials({ oauth }: Setup, { sell }: Accounts, grant: OAuthGrant): { readonly [name: string]: unknown } {
  return oauth ? { oauth: grant } : { accessToken: sell.tokens[0]?.token };
}

function memoryOrDisk(): string {
  try {
    rmSync(mkdtempSync(join(MEMORY, 'lockstep-')), { recursive: true });
    return MEMORY;
  } catch {
    return tmpdir();
  }
}

function never<T>(): Promise<T> {
  return new Promise<T>(() => {});
}
