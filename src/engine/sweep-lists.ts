// Reads who is on every lead list; whoever joined or left is planned. (L6) Never takes a list that is gone for one everybody left.
import type { MarketingList } from '../connectors/connector.ts';
import { ConnectorError } from '../connectors/error.ts';
import type { StatusList, StatusLists } from '../core/model/settings.ts';
import { endSweep, leadLists, rememberedMembers, seeMembers } from '../store/lead-lists.ts';
import { setMarketingDirty } from '../store/marketing-records.ts';
import { confirmContacts } from './confirm-contacts.ts';
import { type Cycle, type LiveAccounts, RunStopped } from './engine.ts';
import { replaceLost } from './lead-lists.ts';

/** Members that do not all go in one cycle while the service still counts some. (D21) */
const MANY = 100;
/** Contacts asked for one by one after they left a list. */
const CONFIRMED = 500;

export interface SweepOptions {
  /** Nothing is known of the order in which anybody joined. (L6, 4.8) */
  readonly firstLook: boolean;
  /** False in a preview: a list that is gone is not made again. */
  readonly create: boolean;
}

/**
 * One call per list and 5,000 members; one more where a list that had members seems empty.
 * @returns the lists, with those that had to be made again in place of the lost ones.
 * @throws RunStopped `aborted` when the service counts members but shows none. (D21)
 */
export async function sweepLists(
  cycle: Cycle,
  live: LiveAccounts,
  lists: StatusLists,
  options: SweepOptions,
): Promise<StatusLists> {
  const sweptAt = new Map((await leadLists(cycle.store, cycle.name)).map((list) => [list.listId, list.sweptAt]));
  // One moment for all lists: whoever joined two of them since the last sweep joined them at the same time. (L6 b)
  const now = cycle.now();
  let asked: Promise<readonly MarketingList[]> | null = null;
  const current = (): Promise<readonly MarketingList[]> => (asked ??= cycle.marketing.lists());
  const swept: StatusList[] = [];
  const left: string[] = [];
  for (const list of lists.lists) {
    if (list.listId === null) {
      swept.push(list);
      continue;
    }
    const isNew = (sweptAt.get(list.listId) ?? null) === null;
    const listed = isNew || live.lists.some(({ id }) => id === list.listId);
    if (await isThere(cycle, list.listId, options.firstLook || isNew ? null : now, listed, current, left))
      swept.push(list);
    else {
      const again = await replaceLost(cycle, list, options.create);
      if (again !== null) swept.push(again);
    }
  }
  // Whoever left may be gone altogether. More than these are left to the next complete compare. (D11)
  await confirmContacts(cycle, [...new Set(left)].slice(0, CONFIRMED), { passLeavers: true });
  return { ...lists, lists: swept };
}

/**
 * Sweeps one list; @param listed whether it was among the account's lists when those were last read.
 * @returns false when there is no such list any more: then nothing of what is remembered of it was touched.
 */
async function isThere(
  cycle: Cycle,
  listId: string,
  since: string | null,
  listed: boolean,
  current: () => Promise<readonly MarketingList[]>,
  left: string[],
): Promise<boolean> {
  const before = await rememberedMembers(cycle.store, cycle.name, listId, '', MANY);
  let refused: ConnectorError | null = null;
  let seen = 0;
  try {
    for await (const page of cycle.marketing.listMembers(listId)) {
      cycle.signal.throwIfAborted();
      seen += page.length;
      await cycle.store.transaction(async (tx) => {
        await setMarketingDirty(
          tx,
          cycle.name,
          await seeMembers(tx, cycle.name, listId, page, cycle.runId, since),
          true,
        );
      });
    }
  } catch (error) {
    if (!(error instanceof ConnectorError) || (error.kind !== 'rejected' && error.kind !== 'not-found')) throw error;
    refused = error;
  }
  if (refused !== null || !listed || (seen === 0 && before.length > 0)) {
    const list = (await current()).find(({ id }) => id === listId);
    if (list === undefined) return false;
    if (refused !== null) throw refused;
    if (seen === 0 && before.length >= MANY && list.size > 0) {
      const { marketing } = cycle.settings.labels;
      throw new RunStopped(
        'aborted',
        `${marketing} shows nobody on the list "${list.name}", but counts ${list.size} members. Nothing was planned; the next run tries again.`,
      );
    }
  }
  const gone = await cycle.store.transaction(async (tx) => {
    const ids = await endSweep(tx, cycle.name, listId, cycle.runId, cycle.now());
    await setMarketingDirty(tx, cycle.name, ids, true);
    return ids;
  });
  left.push(...gone);
  return true;
}
