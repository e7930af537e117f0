// Looks for a record that is there already: one that a lost create may have made, or one that nobody has told us of.
import type { CrmConnector } from '../connectors/connector.ts';
import { ConnectorError } from '../connectors/error.ts';
import type { Role } from '../core/model/identity.ts';
import type { CrmRecord } from '../core/model/record.ts';
import { nextActions, type StoredAction } from '../store/actions.ts';
import { getCrm } from '../store/crm-records.ts';
import { linksByCrm } from '../store/links.ts';
import type { Cycle } from './engine.ts';
import { addressKey } from './mirror-items.ts';
import { recordKey } from './settle.ts';

/** Milliseconds before each look: an answer that was lost may belong to a request that is still being worked on. */
const LOOKS = [0, 2_000, 5_000];
/** Creates that wait for an answer at once, at the most. */
const UNDER_WAY = 1_000;

/** The record the create made, or null when there is none. */
export async function findCreated(cycle: Cycle, action: StoredAction): Promise<CrmRecord | null> {
  for (const wait of LOOKS) {
    if (wait > 0) await cycle.sleep(wait);
    const made = (await holdersOf(cycle, action)).find(isNew)?.record ?? null;
    if (made !== null) return made;
  }
  return findElsewhere(cycle, action);
}

/**
 * The record under another address by now: the only one of the names that were sent which we made, nobody knows of and no other create
 * is under way for. (4.1, C4)
 */
async function findElsewhere(cycle: Cycle, action: StoredAction): Promise<CrmRecord | null> {
  const { entity, crm } = action.action;
  const { first_name: firstName, last_name: lastName } = crm?.set ?? {};
  if (typeof firstName !== 'string' || typeof lastName !== 'string') return null;
  const group = { lane: 'create', system: 'crm', kind: 'create' } as const;
  const underWay = await nextActions(cycle.store, action.runId, group, -1, UNDER_WAY, 'sent');
  const theirs = new Set(
    underWay.filter(({ seq }) => seq !== action.seq).map(({ action: other }) => addressKey(other.email)),
  );
  const found = await madeUnder(cycle, entity, { firstName, lastName });
  const known = await asHolders(cycle, entity, found, null);
  const made = known.filter((holder) => isNew(holder) && !theirs.has(addressKey(holder.record.email)));
  return made.length === 1 ? (made[0]?.record ?? null) : null;
}

/** A service that will not be asked by name shows nothing. */
async function madeUnder(
  { crm, crmSelection }: Cycle,
  role: Role,
  names: Parameters<CrmConnector['findMade']>[1],
): Promise<readonly CrmRecord[]> {
  try {
    return await crm.findMade(role, names, crmSelection);
  } catch (error) {
    if (error instanceof ConnectorError && error.outcome === 'refused') return [];
    throw error;
  }
}

/**
 * The record that has the address already and that the mirror does not know, or knows under another address, or learnt of only since
 * this was planned; null when there is none. The change feed has not told of it, or told a database that was since replaced by an older
 * one. (4.4)
 */
export async function findUntold(cycle: Cycle, action: StoredAction): Promise<CrmRecord | null> {
  return (
    (await holdersOf(cycle, action)).find((holder) => isNew(holder) || holder.told === 'otherwise')?.record ?? null
  );
}

interface Holder {
  readonly record: CrmRecord;
  /** What the mirror had when it was planned: nothing, the record with another address, or this very address. */
  readonly told: 'nothing' | 'otherwise' | 'so';
  readonly linked: boolean;
}

/** Never seen before and linked to nobody. */
function isNew({ told, linked }: Holder): boolean {
  return told === 'nothing' && !linked;
}

/** The records of the role that have the address to be made, by a direct look. */
async function holdersOf(cycle: Cycle, { action }: StoredAction): Promise<readonly Holder[]> {
  const address = addressKey(action.email);
  if (address === null || action.email === null) return [];
  const found = await cycle.crm.findByEmail(action.entity, action.email, cycle.crmSelection);
  const records = found.filter((record) => addressKey(record.email) === address);
  return asHolders(cycle, action.entity, records, address);
}

/** Those that are people. @param address to be made; null = none that the mirror could have told of */
async function asHolders(
  cycle: Cycle,
  role: Role,
  found: readonly CrmRecord[],
  address: string | null,
): Promise<readonly Holder[]> {
  const records = found.filter((record) => !record.isOrganisation);
  const ids = records.map((record) => record.id);
  const known = new Map(
    (await getCrm(cycle.store, cycle.name, role, ids)).map((item) => [item.record.id, item.emailKey]),
  );
  const linked = new Set((await linksByCrm(cycle.store, cycle.name, role, ids)).map((link) => link.crmId));
  return records.map((record) => ({
    record,
    told: !known.has(record.id)
      ? 'nothing'
      : known.get(record.id) === address && !cycle.news.has(recordKey(role, record.id))
        ? 'so'
        : 'otherwise',
    linked: linked.has(record.id),
  }));
}
