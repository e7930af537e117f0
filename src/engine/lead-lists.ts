// One marketing list per lead status: finds or makes them, and reads who is on them. (L1, L6, L10)
import { createHash } from 'node:crypto';
import type { StatusList, StatusLists } from '../core/model/settings.ts';
import { updateConnection } from '../store/connections.ts';
import { endSweep, type LeadList, leadLists, moveMembers, putLeadList, seeMembers } from '../store/lead-lists.ts';
import { setMarketingDirty } from '../store/marketing-records.ts';
import type { Cycle, Engine, LiveAccounts } from './engine.ts';

/** Characters of a list's name. (API: lists) */
const NAME_MAX = 128;

/** The name of a status's list; over-long names are cut and keep apart by a suffix made from the status. (L1) */
export function listName(prefix: string, status: string): string {
  const name = `${prefix}${status}`;
  if (name.length <= NAME_MAX) return name;
  const suffix = ` ~${createHash('sha256').update(status).digest('hex').slice(0, 6)}`;
  return name.slice(0, NAME_MAX - suffix.length) + suffix;
}

/**
 * The lists of all statuses in pipeline order, statuses that the CRM no longer knows last.
 * @param create false in a preview: missing lists stay without an id
 */
export async function statusLists(engine: Engine, live: LiveAccounts, create: boolean): Promise<StatusLists | null> {
  if (engine.leadLists === null) return null;
  const { prefix, enforceSingle } = engine.leadLists;
  const remembered = new Map((await leadLists(engine.store, engine.name)).map((list) => [list.status, list]));
  const statuses = live.crm.lead.statuses ?? [];
  const taken = new Set<string>();
  const lists: StatusList[] = [];
  const made: { readonly id: string; readonly name: string }[] = [];
  for (const status of statuses) {
    const list = await listOf(engine, live, listName(prefix, status), status, remembered.get(status), create, taken, made);
    lists.push({ listId: list, status, known: true });
  }
  for (const [status, list] of remembered) {
    if (!statuses.includes(status)) lists.push({ listId: list.listId, status, known: false });
  }
  if (made.length > 0) await updateConnection(engine.store, engine.name, { live: { ...live, lists: [...live.lists, ...made] } });
  return { lists, enforceSingle };
}

async function listOf(
  engine: Engine, live: LiveAccounts, wanted: string, status: string, remembered: LeadList | undefined, create: boolean,
  taken: Set<string>, made: { readonly id: string; readonly name: string }[],
): Promise<string | null> {
  if (remembered !== undefined) return remembered.listId;
  // Names are unique without regard to case; two statuses that differ only in it need two names.
  const name = taken.has(wanted.toLowerCase()) ? listName('', `${wanted.slice(0, 110)} (${status.length})`) : wanted;
  taken.add(name.toLowerCase());
  const adopted = live.lists.find((list) => list.name.toLowerCase() === name.toLowerCase());
  if (adopted === undefined && !create) return null;
  const list = adopted ?? (await engine.marketing.createList(name));
  if (adopted === undefined) made.push({ id: list.id, name: list.name });
  await putLeadList(engine.store, engine.name, { status, listId: list.id, name: list.name });
  return list.id;
}

/** Reads the members of every lead list; whoever joined or left is planned. One call per list and 5,000 members. */
export async function sweepLists(cycle: Cycle, lists: StatusLists, firstLook: boolean): Promise<void> {
  const sweep = cycle.runId;
  const sweptAt = new Map((await leadLists(cycle.store, cycle.name)).map((list) => [list.listId, list.sweptAt]));
  for (const { listId } of lists.lists) {
    if (listId === null) continue;
    const since = firstLook || sweptAt.get(listId) === null ? null : cycle.now();
    for await (const page of cycle.marketing.listMembers(listId)) {
      cycle.signal.throwIfAborted();
      await cycle.store.transaction(async (tx) => {
        await setMarketingDirty(tx, cycle.name, await seeMembers(tx, cycle.name, listId, page, sweep, since), true);
      });
    }
    await cycle.store.transaction(async (tx) => {
      await setMarketingDirty(tx, cycle.name, await endSweep(tx, cycle.name, listId, sweep, cycle.now()), true);
    });
  }
}

/** (L10) A lead list that was deleted is made again under its name and keeps its members in our books. @returns the new list */
export async function recreateList(cycle: Cycle, lost: LeadList): Promise<LeadList> {
  const list = await cycle.marketing.createList(lost.name);
  await cycle.store.transaction(async (tx) => {
    await moveMembers(tx, cycle.name, lost.listId, list.id);
    await putLeadList(tx, cycle.name, { status: lost.status, listId: list.id, name: list.name });
  });
  return { ...lost, listId: list.id, name: list.name, sweptAt: null };
}
