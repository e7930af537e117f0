// The part of an erasure that happens in this database: guard, rows and ledger in one transaction. Calls no service.
import { readSignals } from '../core/consent/read-signals.ts';
import { ROLES, type Role } from '../core/model/identity.ts';
import type { ChannelState } from '../core/model/record.ts';
import { getCrm } from '../store/crm-records.ts';
import { eraseRows } from '../store/erase-rows.ts';
import { guardAddresses, insertErasure, keepErasure } from '../store/erasures.ts';
import { StoreError } from '../store/error.ts';
import type { Store, Tx } from '../store/executor.ts';
import { appendLedger, ledgerOf, redactLedger } from '../store/ledger.ts';
import { listRuns, updateRun } from '../store/runs.ts';
import { keyMark } from '../store/secret.ts';
import { suppressionsByEmail } from '../store/suppressions.ts';
import type { Cycle } from './engine.ts';
import { type BegunErasure, type Pending, sealPending } from './erasure-pending.ts';
import { guardHash } from './guard.ts';
import type { Located } from './locate-person.ts';
import { isNobody, personData } from './person-export.ts';
import { keysOf } from './person-scope.ts';
import { countRun } from './report.ts';

/** Row of the ledger's own entries about erasures: leaving says nothing about consent, and takes none back. */
const ERASURE_ROW = 'O15';
const SAYS_NO: readonly ChannelState[] = ['unsubscribed', 'suppressed', 'blocked', 'hard-bounced'];

/**
 * Guards the addresses and takes out all that is kept here, or takes up what was begun before together with what was found since.
 * @returns null when there is nobody: neither here nor there, and nothing begun
 */
export async function beginErasure(
  cycle: Cycle,
  email: string,
  located: Located,
  begun: BegunErasure | null,
): Promise<BegunErasure | null> {
  const { scope, crm, marketing, hidden } = located;
  const held = await personData(cycle.store, cycle.name, email, cycle.hashAddress, null);
  if (begun === null && crm.length + marketing.length + hidden.length === 0 && isNobody(held)) return null;
  const id = begun?.id ?? cycle.newId();
  const startedAt = begun?.startedAt ?? cycle.now();
  const optedOut = begun?.pending.optedOut === true || (await saysNo(cycle, located));
  const addresses = [...new Set([...(begun?.pending.addresses ?? []), ...scope.addresses])];
  const key = cycle.secretKey();
  const pending = await cycle.store.transaction(async (tx) => {
    await guardAddresses(
      tx,
      cycle.name,
      addresses.map((address) => ({
        hash: guardHash(key, cycle.name, address),
        keyMark: keyMark(key),
        erasureId: id,
        optedOut,
        erasedAt: startedAt,
      })),
    );
    const keys = keysOf(scope, cycle.hashAddress);
    const entries = await ledgerOf(tx, cycle.name, { emailKeys: keys.addresses, marketingIds: keys.marketingIds });
    const here = await eraseRows(tx, cycle.name, keys);
    const redacts = { person: guardHash(key, cycle.name, email), seqs: entries.map(({ seq }) => seq) };
    await redactLedger(tx, cycle.name, redacts, id);
    if (begun === null || redacts.seqs.length > 0) await enterErasure(tx, cycle, id, redacts, optedOut);
    const whole: Pending = {
      addresses,
      crm: together(
        begun?.pending.crm ?? [],
        [...crm, ...hidden].map(({ role, id: record }) => ({ role, id: record, done: false })),
      ),
      marketing: together(
        begun?.pending.marketing ?? [],
        marketing.map((record) => ({ id: record.id, email: record.email, done: false })),
      ),
      optedOut,
      here: begun?.pending.here ?? here,
      ledger: (begun?.pending.ledger ?? 0) + entries.length,
    };
    const sealed = sealPending(cycle, id, whole);
    if (begun === null) await insertErasure(tx, { id, connection: cycle.name, startedAt, pending: sealed });
    else await keepErasure(tx, id, sealed, null);
    return whole;
  });
  await settleParked(cycle);
  return { id, startedAt, pending };
}

/** What is there now has to be deleted, also where it was deleted before. */
function together<T extends { readonly id: string; readonly role?: Role; readonly done: boolean }>(
  before: readonly T[],
  now: readonly T[],
): readonly T[] {
  const keyOf = ({ role, id }: T): string => `${role ?? ''} ${id}`;
  const there = new Map([...before, ...now].map((one) => [keyOf(one), one]));
  return [...there.values()];
}

async function enterErasure(
  tx: Tx,
  cycle: Cycle,
  id: string,
  redacts: { readonly person: string; readonly seqs: readonly number[] },
  optedOut: boolean,
): Promise<void> {
  const entry = {
    emailKey: null,
    crmId: null,
    marketingId: null,
    system: 'marketing',
    state: optedOut ? 'optedOut' : 'unknown',
    signal: `erasure ${id}`,
    effectiveAt: null,
    row: ERASURE_ROW,
    written: 'erased on both sides; kept out since',
    redacts,
  } as const;
  await appendLedger(tx, cycle.name, [entry], cycle.runId, cycle.now());
}

/** Whoever said no anywhere: in marketing, among those who left, or in a record of the CRM. (P5) */
async function saysNo(cycle: Cycle, { scope, crm, marketing }: Located): Promise<boolean> {
  if (marketing.some(({ channel }) => SAYS_NO.includes(channel.state))) return true;
  if ((await suppressionsByEmail(cycle.store, cycle.name, scope.addresses)).length > 0) return true;
  const { enabled, signals } = cycle.settings.consent;
  if (!enabled) return false;
  const known = await Promise.all(ROLES.map((role) => getCrm(cycle.store, cycle.name, role, [...scope.crm[role]])));
  return [...crm, ...known.flat().map(({ record }) => record)].some((record) => {
    const { state, derived } = readSignals(record, signals[record.role]);
    return state === 'optedOut' && !derived;
  });
}

/** A run of which only the person's writes waited waits for nobody any more. */
async function settleParked(cycle: Cycle): Promise<void> {
  for (const run of await listRuns(cycle.store, { connection: cycle.name, states: ['parked'], limit: 1000 })) {
    const { parked, failed } = await countRun(cycle.store, run.id);
    if (parked === 0) await updateRun(cycle.store, run.id, { state: failed > 0 ? 'partial' : 'ok' });
  }
}

/** @returns false where another process kept the database busy */
export async function rewrite(store: Store): Promise<boolean> {
  try {
    await store.backend.rewrite();
    return true;
  } catch (error) {
    if (error instanceof StoreError && error.kind === 'busy') return false;
    throw error;
  }
}
