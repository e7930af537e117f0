// Looks for a record that is there already: one that a lost create may have made, or one that nobody has told us of.
import type { CrmRecord } from '../core/model/record.ts';
import type { StoredAction } from '../store/actions.ts';
import { getCrm } from '../store/crm-records.ts';
import { linksByCrm } from '../store/links.ts';
import type { Cycle } from './engine.ts';
import { addressKey } from './mirror-items.ts';

/** Milliseconds before each look: an answer that was lost may belong to a request that is still being worked on. */
const LOOKS = [0, 2_000, 5_000];

/** The record the create made, or null when there is none. */
export async function findCreated(cycle: Cycle, action: StoredAction): Promise<CrmRecord | null> {
  for (const wait of LOOKS) {
    if (wait > 0) await cycle.sleep(wait);
    const made = await findUnknown(cycle, action);
    if (made !== null) return made;
  }
  return null;
}

/** A record of the role with the address to be made, not seen before and not linked to anybody; null when there is none. */
export async function findUnknown(cycle: Cycle, { action }: StoredAction): Promise<CrmRecord | null> {
  const address = addressKey(action.email);
  if (address === null || action.email === null) return null;
  const found = await cycle.crm.findByEmail(action.entity, action.email, cycle.crmSelection);
  const candidates = found.filter((record) => !record.isOrganisation && addressKey(record.email) === address);
  const ids = candidates.map((record) => record.id);
  const known = new Set((await getCrm(cycle.store, cycle.name, action.entity, ids)).map((item) => item.record.id));
  const linked = new Set((await linksByCrm(cycle.store, cycle.name, action.entity, ids)).map((link) => link.crmId));
  return candidates.find((record) => !known.has(record.id) && !linked.has(record.id)) ?? null;
}
