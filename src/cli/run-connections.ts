// Runs something for a connection and says how it went. Shared by every command that runs.
import type {
  App,
  CycleOptions,
  Oddity,
  Phase,
  ProductAction,
  Role,
  RunReport,
  Progress as Step,
  StoredAction,
  WiredEngine,
} from '../app.ts';
import type { ConnectionConfig } from '../config/config.ts';
import { SecretKeyNeeded } from '../config/secret-key.ts';
import type { CliContext } from './context.ts';
import { CliError, EXIT, type ExitCode } from './exit-code.ts';
import type { ProgressTask } from './progress.ts';
import { runJson } from './report-json.ts';

const PHASE_WORDS: { readonly [P in Phase]: readonly [string, string] } = {
  identify: ['checking accounts', 'accounts'],
  'pull-crm': ['reading Sell', 'records'],
  'pull-marketing': ['reading Dotdigital', 'contacts'],
  plan: ['planning', 'people'],
  'apply-crm': ['writing Sell', 'records'],
  'apply-marketing': ['writing Dotdigital', 'contacts'],
};

export interface Ran {
  readonly report: RunReport;
  /** The planned writes, where they were asked for. */
  readonly planned: readonly (StoredAction | ProductAction)[] | null;
}

/** Opens the database for one command. Faults of the database end it with exit 5 and words. */
export async function withApp<T>(
  context: CliContext,
  work: (app: App) => Promise<T>,
  needed: 'file' | 'none' = 'file',
): Promise<T> {
  const config = context.loadConfig(needed);
  const { openApp, StoreError } = await import('../app.ts');
  try {
    const app = await openApp(config);
    try {
      return await work(app);
    } finally {
      await app.close();
    }
  } catch (error) {
    if (
      error instanceof StoreError &&
      error.kind !== 'misuse' &&
      error.kind !== 'constraint' &&
      error.kind !== 'failed'
    ) {
      throw new CliError(EXIT.aborted, error.message, { cause: error });
    }
    if (error instanceof SecretKeyNeeded) throw new CliError(EXIT.usage, error.message, { cause: error });
    throw error;
  }
}

/** Runs the cycle with progress shown. @param withPlan also returns the planned writes, in order */
export async function runOne(
  context: CliContext,
  app: App,
  connection: ConnectionConfig,
  options: CycleOptions,
  withPlan: boolean,
): Promise<Ran> {
  const { runCycle } = await import('../app.ts');
  const report = await runWith(context, app, connection, (engine) => runCycle(engine, options));
  return { report, planned: withPlan ? await everyWrite(app, report.id) : null };
}

/** The writes of a run for persons and for products, in order. */
export async function everyWrite({ store }: App, runId: string): Promise<NonNullable<Ran['planned']>> {
  const { plannedOf, plannedProductsOf } = await import('../app.ts');
  return [
    ...(await Array.fromAsync(plannedOf(store, runId))),
    ...(await Array.fromAsync(plannedProductsOf(store, runId))),
  ];
}

/** Does something with the engine of a connection, with progress shown. */
export async function runWith<T>(
  context: CliContext,
  app: App,
  connection: ConnectionConfig,
  work: (engine: WiredEngine) => Promise<T>,
): Promise<T> {
  const tasks = new Map<Phase, ProgressTask>();
  const progress = ({ phase, done, total }: Step): void => {
    if (phase === 'identify') return;
    const [label, unit] = PHASE_WORDS[phase];
    const task = tasks.get(phase) ?? context.progress.task(label, unit, total ?? undefined);
    tasks.set(phase, task);
    task.update(done, total ?? undefined);
  };
  const skipped = oddityTally(connection.createDataFields);
  const engine = await app.engine(connection, { signal: context.signal, progress, onOddity: skipped.add });
  const result = await work(engine);
  for (const task of tasks.values()) task.end();
  const words = skipped.words();
  if (words !== null) context.output.warn(`${connection.name}: ${words}`);
  return result;
}

/** Examples named of what could not be read; the rest is counted. */
const ODDITIES_NAMED = 3;

/**
 * Counts what could not be read in a service's answers, so that it is told once and not lost.
 * @param createsFields a data field that is not there yet is made before its first write, so its absence is no news
 */
function oddityTally(createsFields: boolean): { readonly add: (oddity: Oddity) => void; words(): string | null } {
  const named: Oddity[] = [];
  let count = 0;
  return {
    add: (oddity) => {
      if (createsFields && oddity.where === 'data-fields') return;
      count += 1;
      if (named.length < ODDITIES_NAMED) named.push(oddity);
    },
    words: () => {
      if (count === 0) return null;
      const examples = named.map(({ where, id, message }) => `${where}${id === null ? '' : ` ${id}`}: ${message}`);
      const what = count === 1 ? 'one item' : `${count} items`;
      return `${what} of the services' answers could not be read and ${count === 1 ? 'was' : 'were'} skipped (${examples.join('; ')}${count > named.length ? '; …' : ''}).`;
    },
  };
}

export function runsJson(ran: readonly Ran[]): { readonly runs: readonly unknown[] } {
  return { runs: ran.map(({ report, planned }) => runJson(report, planned)) };
}

/** The worst end of all runs. (contract 2) */
export function exitCodeOf(ran: readonly Ran[]): ExitCode {
  const codes = ran.map(({ report }): ExitCode => {
    switch (report.state) {
      case 'ok':
      case 'ok_with_holds':
      case 'running':
        return EXIT.done;
      case 'partial':
        return EXIT.failedRecords;
      case 'parked':
        return EXIT.parked;
      case 'aborted':
        // A mapping that the accounts do not know is a fault of the configuration. (contract 6)
        return report.problems.length > 0 ? EXIT.usage : EXIT.aborted;
      case 'failed':
        return EXIT.bug;
      case 'interrupted':
        return EXIT.interrupted;
      default:
        return report.state satisfies never;
    }
  });
  for (const code of [EXIT.bug, EXIT.usage, EXIT.aborted, EXIT.parked, EXIT.failedRecords, EXIT.interrupted])
    if (codes.includes(code)) return code;
  return EXIT.done;
}

const PARTS = ['contacts', 'leads', 'consent', 'products'] as const;

/** `--only contacts,leads` as roles; null = everything. */
function rolesOf(only: string | undefined): readonly Role[] | null {
  if (only === undefined) return null;
  const parts = only
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const unknown = parts.filter((part) => !PARTS.some((known) => known === part));
  if (unknown.length > 0 || parts.length === 0) {
    throw new CliError(
      EXIT.usage,
      `--only takes ${PARTS.join(', ')}, separated by commas${unknown.length > 0 ? `; got ${unknown.join(', ')}` : ''}`,
    );
  }
  const roles: Role[] = [];
  if (parts.includes('contacts')) roles.push('contact');
  if (parts.includes('leads')) roles.push('lead');
  return roles;
}

/** `--only` as what a cycle does: for persons of which roles, and whether products take part or stand alone. */
export function partsOf(only: string | undefined): Pick<CycleOptions, 'only' | 'products' | 'people'> {
  const roles = rolesOf(only);
  if (only === undefined) return { only: roles };
  const parts = new Set(only.split(',').map((part) => part.trim()));
  parts.delete('');
  const products = parts.delete('products') ? 'now' : 'never';
  return { only: roles, products, ...(parts.size === 0 ? { people: false } : {}) };
}
