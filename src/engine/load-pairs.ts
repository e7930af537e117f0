// Loads linked pairs with what is on hold about them, and says whose other side is gone. Decides nothing.
import { ROLES, type Role } from '../core/model/identity.ts';
import type { Link } from '../core/model/link.ts';
import type { Pair } from '../core/plan/compare-pair.ts';
import { getCrm } from '../store/crm-records.ts';
import { holdsNaming } from '../store/holds.ts';
import { membershipsOf } from '../store/lead-lists.ts';
import { linksByMarketing } from '../store/links.ts';
import { getMarketing } from '../store/marketing-records.ts';
import type { Cycle } from './engine.ts';

/** A link one of whose records is gone. */
export interface MissingSide {
  readonly entity: Role;
  readonly missing: 'crm' | 'marketing';
  readonly crmId: string;
  readonly marketingId: string;
  readonly email: string | null;
}

export interface LoadedPairs {
  readonly pairs: readonly Pair[];
  readonly missing: readonly MissingSide[];
}

/** @param gone records that a complete scan did not see and that answered "missing": `contact:ID`, `lead:ID` */
export async function loadPairs(cycle: Cycle, links: readonly Link[], gone: ReadonlySet<string>): Promise<LoadedPairs> {
  const { store, name } = cycle;
  const marketingIds = [...new Set(links.map((link) => link.marketingId))];
  const contacts = new Map((await getMarketing(store, name, marketingIds)).map(({ record }) => [record.id, record]));
  const members = Map.groupBy(await membershipsOf(store, name, marketingIds), ({ marketingId }) => marketingId);
  const asContact = new Set(
    (await linksByMarketing(store, name, marketingIds)).flatMap((link) =>
      link.role === 'contact' && link.state === 'active' ? [link.marketingId] : [],
    ),
  );
  const records = (
    await Promise.all(
      ROLES.map((role) =>
        getCrm(
          store,
          name,
          role,
          links.flatMap((link) => (link.role === role ? [link.crmId] : [])),
        ),
      ),
    )
  ).flat();
  const crm = new Map(records.map(({ record }) => [`${record.role}:${record.id}`, record]));
  const holds = await holdsNaming(store, name, [
    ...links.map((link) => ({ system: 'crm', entity: link.role, id: link.crmId }) as const),
    ...marketingIds.map((id) => ({ system: 'marketing', entity: 'contact', id }) as const),
  ]);
  const open = holds.filter((hold) => hold.severity !== 'info');
  const pairs: Pair[] = [];
  const missing: MissingSide[] = [];
  for (const link of links) {
    const key = `${link.role}:${link.crmId}`;
    const record = crm.get(key);
    const marketing = contacts.get(link.marketingId);
    const crmGone = record?.state !== 'present' || gone.has(key);
    if (record === undefined || crmGone || marketing?.state !== 'present') {
      const email = marketing?.email ?? record?.email ?? null;
      missing.push({
        entity: link.role,
        missing: crmGone ? 'crm' : 'marketing',
        crmId: link.crmId,
        marketingId: link.marketingId,
        email,
      });
      continue;
    }
    pairs.push({
      link,
      record,
      marketing,
      leadLists: (members.get(link.marketingId) ?? []).map(({ listId, since }) => ({ listId, since })),
      holds: open.filter(
        (hold) =>
          (hold.entity === link.role && hold.crmId === link.crmId) ||
          (hold.crmId === null && hold.marketingId === link.marketingId),
      ),
      alsoContact: asContact.has(link.marketingId),
    });
  }
  return { pairs, missing };
}
