// Both worlds field by field, and undo between them: what the tests of undo ask for. Decides nothing.
import type { WorldContact } from '../../sandbox/dotdigital/world-view.ts';
import { approve, reject } from '../../src/engine/decide.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { RunReport } from '../../src/engine/report.ts';
import { type Undone, undo } from '../../src/engine/undo.ts';
import { getRun } from '../../src/store/runs.ts';
import type { SellRecord, TwoAccounts } from './two-accounts.ts';

/** The engine of the one connection, as `cycle` uses it. */
export async function engineOf(world: TwoAccounts, interrupt?: AbortSignal): Promise<Engine> {
  const { config, engine } = await world.app();
  const [connection] = config.connections;
  if (connection === undefined) throw new Error('The configuration has a connection.');
  return engine(connection, { signal: interrupt ?? new AbortController().signal });
}

export async function undoRun(
  world: TwoAccounts,
  runId: string,
  options: { readonly preview?: boolean; readonly interrupt?: AbortSignal } = {},
): Promise<Undone> {
  const run = await getRun((await world.app()).store, runId);
  if (run === null) throw new Error(`There is no run ${runId}.`);
  return undo(await engineOf(world, options.interrupt), run, { preview: options.preview ?? false });
}

export async function approveRun(world: TwoAccounts, runId: string): Promise<RunReport> {
  return approve(await engineOf(world), runId);
}

export async function rejectRun(world: TwoAccounts, runId: string): Promise<number> {
  return reject(await engineOf(world), runId);
}

/** Everything a person could see on either side, times and ids of memberships left out. */
export interface Worlds {
  readonly contacts: readonly SellRecord[];
  readonly leads: readonly SellRecord[];
  readonly dotdigital: readonly ReturnType<typeof contactShape>[];
}

export async function dump(world: TwoAccounts): Promise<Worlds> {
  const contacts = [...world.dotdigital.world.contacts()].filter((contact) => contact.deletedAt <= 0);
  return {
    contacts: (await world.sellRecords('contacts')).map(timeless),
    leads: (await world.sellRecords('leads')).map(timeless),
    dotdigital: contacts.map(contactShape).sort((a, b) => a.contactId - b.contactId),
  };
}

function timeless(record: SellRecord): SellRecord {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !name.endsWith('_at'))) as unknown as SellRecord;
}

function contactShape({ contactId, email, emailStatus, optInType, fields, lists }: WorldContact) {
  return {
    contactId,
    email,
    emailStatus,
    optInType,
    fields,
    lists: lists.map(({ name, status }) => ({ name, status })).sort((a, b) => a.name.localeCompare(b.name)),
  };
}

/** The parts of the documented JSON that tests look at. */
export interface Document {
  readonly runs: readonly (RunReport & {
    readonly planned?: readonly { readonly row: string; readonly kind: string; readonly system: string }[];
    readonly skipped?: readonly object[];
  })[];
  readonly decided?: number;
  readonly holds: readonly object[];
  readonly error: { readonly exitCode: number; readonly message: string };
}

/** Runs a command as a script does, with its document as what it is. */
export async function command(
  world: TwoAccounts,
  ...args: readonly string[]
): Promise<{
  readonly code: number;
  readonly json: Document;
  readonly id: string;
  readonly run: Document['runs'][number];
}> {
  const { code, json } = await world.lockstep(...args);
  const document = json as Document;
  const only = (): Document['runs'][number] => {
    const [run] = document.runs;
    if (run === undefined) throw new Error('The command reported no run.');
    return run;
  };
  return {
    code,
    json: document,
    get run() {
      return only();
    },
    get id() {
      return only().id;
    },
  };
}
