// Looks for a record that a lost create may have made, before anything is sent again.
import type { CrmRecord } from '../core/model/record.ts';
import type { StoredAction } from '../store/actions.ts';
import { getCrm } from '../store/crm-records.ts';
import { linksByCrm } from '../store/links.ts';
import type { Cycle } from './engine.ts';
import { addressKey } from './mirror-items.ts';

/** Milliseconds before each look: an answer that was lost may belong to a request that is still being worked on. */
const LOOKS = [0, 2_000, 5_000];

/** The record the create made, or null when there is none: same address, not seen before, not linked to anybody. */
export async function findCreated(cycle: Cycle, { action }: StoredAction): Promise<CrmRecord | null> {
  const address = addressKey(action.email);
  if (address === null || action.email === null) return null;
  for (const wait of LOOKS) {
    if (wait > 0) await cycle.sleep(wait);
    const found = await cycle.crm.findByEmail(action.entity, action.email, cycle.crmSelection);
    const candidates = found.filter((record) => !record.isOrganisation && addressKey(record.email) === address);
    const ids = candidates.map((record) => record.id);
    const known = new Set((await getCrm(cycle.store, cycle.name, action.entity, ids)).map((item) => item.record.id));
    const linked = new Set((await linksByCrm(cycle.store, cycle.name, action.entity, ids)).map((link) => link.crmId));
    const made = candidates.find((record) => !known.has(record.id) && !linked.has(record.id));
    if (made !== undefined) return made;
  }
  return null;
}
