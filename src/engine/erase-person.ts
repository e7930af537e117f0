// Erases a person on both sides and here. The guard comes first, then what is kept here goes, then the records: whatever breaks
// off in between, nobody is read in again, nothing is planned from memory, and the same command goes on where it ended.
import { ConnectorError, REACTION } from '../connectors/error.ts';
import type { Role } from '../core/model/identity.ts';
import { finishErasure, keepErasure, listErasures } from '../store/erasures.ts';
import type { Cycle, Engine } from './engine.ts';
import { beginErasure, rewrite } from './erase-here.ts';
import { deleteContact, deleteRecord, keepOptedOut } from './erase-remote.ts';
import { type BegunErasure, openPending, type Pending, sealPending } from './erasure-pending.ts';
import type { ErasureReceipt } from './erasure-receipt.ts';
import { guardHash } from './guard.ts';
import { identify } from './identity.ts';
import { liveAccounts } from './live.ts';
import { type Located, locatePerson } from './locate-person.ts';
import { recover } from './recover.ts';
import type { RunReport } from './report.ts';
import { startCycle, withRun } from './run.ts';

export interface Erased {
  readonly report: RunReport;
  /** Null when nobody was found, or while something is left. */
  readonly receipt: ErasureReceipt | null;
  /** False when neither side nor this database knows the address. */
  readonly found: boolean;
  /** What could not be erased yet, in words. */
  readonly left: readonly string[];
}

/** Rounds of looking again: somebody may make a record of the person while it is erased. */
const ROUNDS = 3;

/** What would be erased, as it stands now. Writes to neither service. */
export async function locateForErasure(engine: Engine, email: string): Promise<Located> {
  const { connection } = await identify(engine);
  const live = await liveAccounts(engine, connection, false);
  return locatePerson(engine, email, lookingOf(startCycle(engine, '', live, 'sync', null)));
}

/** Under the connection's lease, as a run of its own. Repeating it is harmless. */
export async function erasePerson(engine: Engine, email: string): Promise<Erased> {
  let outcome: Omit<Erased, 'report'> = { receipt: null, found: false, left: [] };
  const report = await withRun(engine, 'erase', {}, async ({ engine: held, runId }) => {
    // Past the guard, which would hide whoever was erased before and is back.
    const open: Engine = { ...held, crm: engine.crm, marketing: engine.marketing };
    const { connection } = await identify(open);
    const live = await liveAccounts(open, connection, false);
    const cycle = startCycle(open, runId, live, 'sync', null);
    // No job of an earlier run may still be writing the person.
    await recover({ ...cycle, crm: held.crm, marketing: held.marketing });
    outcome = await erase(cycle, email);
    const { left } = outcome;
    return left.length === 0 ? {} : { state: 'partial', message: leftWords(left) };
  });
  return { ...outcome, report };
}

function leftWords(left: readonly string[]): string {
  return `Not everything could be erased yet:\n${left.join('\n')}\nRun the same command again; it goes on where it ended.`;
}

function lookingOf(cycle: Cycle) {
  return { crm: { ...cycle.crmSelection, roles: ['contact', 'lead'] as const }, marketing: cycle.marketingSelection };
}

async function erase(cycle: Cycle, email: string): Promise<Omit<Erased, 'report'>> {
  let erasure = await unfinished(cycle, email);
  for (let round = 1; ; round += 1) {
    const located = await locatePerson(cycle, email, lookingOf(cycle));
    const begun = await beginErasure(cycle, email, located, erasure);
    if (begun === null) return { receipt: null, found: false, left: [] };
    const { left, pending } = await eraseRemote(cycle, begun);
    if (left.length > 0) {
      await rewrite(cycle.store);
      return { receipt: null, found: true, left };
    }
    erasure = { ...begun, pending };
    const again = await locatePerson(cycle, email, lookingOf(cycle));
    const back = again.crm.length + again.marketing.length;
    if (back === 0) return { receipt: await finish(cycle, erasure), found: true, left: [] };
    if (round === ROUNDS) {
      const words = `${back} records of the person are still there after they were deleted`;
      return { receipt: null, found: true, left: [words] };
    }
  }
}

/** An erasure of this address that broke off. @throws StoreError `wrong-key` */
async function unfinished(cycle: Cycle, email: string): Promise<BegunErasure | null> {
  const key = cycle.secretKey();
  const hash = guardHash(key, cycle.name, email);
  for (const { id, startedAt, pending: sealed } of await listErasures(cycle.store, cycle.name, 'open')) {
    if (sealed === null) continue;
    const pending = openPending(cycle, id, sealed);
    if (pending.addresses.some((address) => guardHash(key, cycle.name, address) === hash))
      return { id, startedAt, pending };
  }
  return null;
}

/** The CRM's records first, then the opt-out, then the contact; each step is kept before the next. */
async function eraseRemote(
  cycle: Cycle,
  erasure: BegunErasure,
): Promise<{ readonly left: readonly string[]; readonly pending: Pending }> {
  const left: string[] = [];
  let { pending } = erasure;
  const step = async (what: string, work: () => Promise<Pending>): Promise<void> => {
    try {
      pending = await work();
    } catch (error) {
      if (!(error instanceof ConnectorError) || REACTION[error.kind] === 'stop') throw error;
      left.push(`${what}: ${error.message}`);
    }
    const error = left.length === 0 ? null : `${left.length} steps are left`;
    await keepErasure(cycle.store, erasure.id, sealPending(cycle, erasure.id, pending), error);
  };
  for (const record of pending.crm.filter(({ done }) => !done)) {
    await step(`${cycle.crm.label} ${record.role} ${record.id}`, async () => {
      await deleteRecord(cycle, record);
      return { ...pending, crm: pending.crm.map((one) => (one === record ? { ...one, done: true } : one)) };
    });
  }
  for (const contact of pending.marketing.filter(({ done }) => !done)) {
    await step(`${cycle.marketing.label} contact ${contact.id}`, async () => {
      if (pending.optedOut) await keepOptedOut(cycle, contact);
      await deleteContact(cycle, contact);
      return {
        ...pending,
        marketing: pending.marketing.map((one) => (one === contact ? { ...one, done: true } : one)),
      };
    });
  }
  return { left, pending };
}

async function finish(cycle: Cycle, { id, startedAt, pending }: BegunErasure): Promise<ErasureReceipt> {
  const rewritten = await rewrite(cycle.store);
  const count = (role: Role): number => pending.crm.filter((record) => record.role === role).length;
  const receipt: ErasureReceipt = {
    id,
    connection: cycle.name,
    startedAt,
    finishedAt: cycle.now(),
    hashes: pending.addresses.map((address) => guardHash(cycle.secretKey(), cycle.name, address)),
    removed: {
      crm: { contact: count('contact'), lead: count('lead') },
      marketing: pending.marketing.length,
      here: pending.here,
      ledger: pending.ledger,
    },
    optedOut: pending.optedOut,
    rewritten,
  };
  await finishErasure(cycle.store, id, receipt, cycle.now());
  return receipt;
}
