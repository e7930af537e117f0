// Which lead statuses there are: as the CRM lists them, else as they are met on leads. (L1, L12) Changes nothing in either service.

import { type StoredConnection, updateConnection } from '../store/connections.ts';
import { dirtyCrmIds, getCrm, leadIdsWithStatus, setCrmDirty, upsertCrm } from '../store/crm-records.ts';
import { leadLists } from '../store/lead-lists.ts';
import type { Cycle, LiveAccounts } from './engine.ts';
import { type KnownStatus, tell } from './lead-lists.ts';
import { liveAccounts } from './live.ts';
import { crmItem } from './mirror-items.ts';

const PAGE = 500;
/** The statuses leads were last compared with, as JSON. */
const COMPARED = 'lead-statuses';

/**
 * The account's statuses, with the accounts read afresh where a lead carries one that was not known. Leads whose status has
 * gone are read again: a rename does not come with the feed.
 */
export async function knownStatuses(
  cycle: Cycle,
  connection: StoredConnection,
  live: LiveAccounts,
): Promise<{ readonly live: LiveAccounts; readonly statuses: readonly KnownStatus[] }> {
  let now = live;
  let met = await metOnLeads(cycle);
  if (met.some((status) => !served(now).includes(status)) && served(now).length > 0)
    now = await liveAccounts(cycle, connection, true);
  const gone = await readRenamed(cycle, connection, served(now));
  if (gone) met = await metOnLeads(cycle);
  const remembered = (await leadLists(cycle.store, cycle.name)).map((list) => list.status);
  const listed = served(now);
  const statuses = new Map(listed.map((status) => [status, true]));
  // Where the CRM does not list its statuses, those that were ever met are all there is to know.
  if (listed.length === 0) for (const status of remembered) statuses.set(status, true);
  for (const status of met) if (!statuses.has(status)) statuses.set(status, true);
  for (const status of remembered) if (!statuses.has(status)) statuses.set(status, false);
  return { live: now, statuses: [...statuses].map(([status, known]) => ({ status, known })) };
}

function served(live: LiveAccounts): readonly string[] {
  return live.crm.lead.statuses ?? [];
}

/** Statuses of leads with news, in the order of their names. */
async function metOnLeads(cycle: Cycle): Promise<readonly string[]> {
  const found = new Set<string>();
  for (let after: string | null = null; ; ) {
    const ids: readonly string[] = await dirtyCrmIds(cycle.store, cycle.name, 'lead', after, PAGE);
    const last = ids.at(-1);
    if (last === undefined) return [...found].sort();
    after = last;
    for (const { record } of await getCrm(cycle.store, cycle.name, 'lead', ids)) {
      if (record.state === 'present' && record.status !== null) found.add(record.status);
    }
  }
}

/** (L12) @returns whether a status has gone since leads were last compared. */
async function readRenamed(cycle: Cycle, connection: StoredConnection, listed: readonly string[]): Promise<boolean> {
  if (listed.length === 0) return false;
  const text = JSON.stringify(listed);
  const before = connection.watermarks[COMPARED];
  if (before === text) return false;
  const gone = new Set(
    (before === undefined ? [] : (JSON.parse(before) as readonly string[])).filter(
      (status) => !listed.includes(status),
    ),
  );
  if (gone.size > 0) {
    await readLeadsOf(cycle, gone);
    for (const list of await leadLists(cycle.store, cycle.name)) {
      if (!gone.has(list.status)) continue;
      const { crm, marketing } = cycle.settings.labels;
      await tell(
        cycle,
        'L12',
        `${crm} has no lead status "${list.status}" any more. Its leads move to the list of their present status; the list "${list.name}" stays in ${marketing}, empty.`,
      );
    }
  }
  await updateConnection(cycle.store, cycle.name, { watermarks: { [COMPARED]: text } });
  return gone.size > 0;
}

async function readLeadsOf(cycle: Cycle, gone: ReadonlySet<string>): Promise<void> {
  for await (const ids of leadIdsWithStatus(cycle.store, cycle.name, gone)) {
    const fresh = await cycle.crm.readMany('lead', ids, cycle.crmSelection);
    await cycle.store.transaction(async (tx) => {
      await upsertCrm(tx, cycle.name, fresh.map(crmItem), cycle.now());
      await setCrmDirty(
        tx,
        cycle.name,
        'lead',
        fresh.map((record) => record.id),
        true,
      );
    });
  }
}
