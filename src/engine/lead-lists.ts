// One marketing list per lead status: finds or makes them, and fills again what was deleted. (L1, L10) Never deletes a list.
import { createHash } from 'node:crypto';
import { ConnectorError } from '../connectors/error.ts';
import type { StatusList, StatusLists } from '../core/model/settings.ts';
import { getConnection, updateConnection } from '../store/connections.ts';
import { forgetLeadList, type LeadList, leadLists, putLeadList, rememberedMembers } from '../store/lead-lists.ts';
import { setMarketingDirty } from '../store/marketing-records.ts';
import { insertNotes } from '../store/notes.ts';
import type { Cycle, Engine, LiveAccounts } from './engine.ts';

/** Characters of a list's name. (API: lists) */
const NAME_MAX = 128;
const PAGE = 1000;

/** A status in pipeline order; those the CRM no longer knows come last. */
export interface KnownStatus {
  readonly status: string;
  readonly known: boolean;
}

type Named = LiveAccounts['lists'][number];

/** The name of a status's list; over-long names are cut and kept apart by a suffix made from the status. (L1) */
export function listName(prefix: string, status: string): string {
  const name = `${prefix}${status}`;
  return name.length <= NAME_MAX ? name : distinctName(prefix, status);
}

/** A name that no other status has: for names that are too long, taken, or reserved by the service. (L1) */
function distinctName(prefix: string, status: string): string {
  const suffix = ` ~${createHash('sha256').update(status).digest('hex').slice(0, 6)}`;
  let cut = '';
  // Whole characters only: half of a pair of code units is no text.
  for (const character of `${prefix}${status}`) {
    if (cut.length + character.length + suffix.length > NAME_MAX) break;
    cut += character;
  }
  return cut.trimEnd() + suffix;
}

/**
 * The lists of all statuses in pipeline order, statuses that the CRM no longer knows last.
 * @param create false in a preview: missing lists stay without an id
 */
export async function statusLists(
  engine: Engine,
  live: LiveAccounts,
  statuses: readonly KnownStatus[],
  create: boolean,
): Promise<StatusLists> {
  const { prefix, enforceSingle } = engine.leadLists ?? { prefix: '', enforceSingle: false };
  const remembered = new Map((await leadLists(engine.store, engine.name)).map((list) => [list.status, list]));
  const taken = new Set([...remembered.values()].map((list) => sameName(list.name)));
  const claimed = new Set([...remembered.values()].map((list) => list.listId));
  const lists: StatusList[] = [];
  const made: Named[] = [];
  for (const { status, known } of statuses) {
    const own = remembered.get(status);
    const found = own === undefined ? await findOrMake(engine, live, { prefix, status, create, taken, claimed }) : null;
    if (found !== null) {
      await putLeadList(engine.store, engine.name, { status, listId: found.id, name: found.name });
      claimed.add(found.id);
      if (!live.lists.some((list) => list.id === found.id)) made.push(found);
    }
    lists.push({ listId: own?.listId ?? found?.id ?? null, status, known });
  }
  if (made.length > 0) await rememberLists(engine, null, made);
  return { lists, enforceSingle };
}

interface Wanted {
  readonly prefix: string;
  readonly status: string;
  readonly create: boolean;
  /** Names that other statuses have; names are unique without regard to case. */
  readonly taken: Set<string>;
  /** Ids of lists that stand for other statuses. */
  readonly claimed: ReadonlySet<string>;
}

/** (L1) The list of that name is adopted where there is one; null = it is still to be made. */
async function findOrMake(
  engine: Engine,
  live: LiveAccounts,
  { prefix, status, create, taken, claimed }: Wanted,
): Promise<Named | null> {
  const plain = listName(prefix, status);
  const name = taken.has(sameName(plain)) ? distinctName(prefix, status) : plain;
  taken.add(sameName(name));
  const adopted = live.lists.find(
    (list) => sameName(list.name) === sameName(name) && !claimed.has(list.id) && list.reserved !== true,
  );
  if (adopted !== undefined) return adopted;
  return create ? makeList(engine, name, distinctName(prefix, status)) : null;
}

/** A name may be reserved, or taken by something that is no list: then the other one is used. */
async function makeList(engine: Engine, name: string, instead: string): Promise<Named> {
  try {
    const { id, name: given } = await engine.marketing.createList(name);
    return { id, name: given };
  } catch (error) {
    if (
      !(error instanceof ConnectorError) ||
      (error.kind !== 'rejected' && error.kind !== 'conflict') ||
      name === instead
    )
      throw error;
    return makeList(engine, instead, instead);
  }
}

function sameName(name: string): string {
  return name.trim().toLowerCase();
}

/** What was read of the account stays true: without the list that is gone, with those just made or named. */
export async function rememberLists(engine: Engine, gone: string | null, made: readonly Named[]): Promise<void> {
  const live = ((await getConnection(engine.store, engine.name))?.live ?? null) as LiveAccounts | null;
  if (live === null) return;
  const lists = [...live.lists.filter((list) => list.id !== gone), ...made];
  await updateConnection(engine.store, engine.name, { live: { ...live, lists } });
}

/**
 * (L10) A lead list is no longer there. It is made again; its members stay in the books under the list that is gone, so that
 * each of them is put on the new one, however often that breaks off.
 * @returns the list as it now stands, or null when nobody needs it any more.
 */
export async function replaceLost(cycle: Cycle, lost: StatusList, create: boolean): Promise<StatusList | null> {
  const book = (await leadLists(cycle.store, cycle.name)).find((list) => list.status === lost.status);
  if (book === undefined) return null;
  if (!lost.known) {
    if (create) await cycle.store.transaction((tx) => forgetLeadList(tx, cycle.name, book));
    return null;
  }
  if (!create) {
    await wakeMembers(cycle, book, null);
    return { ...lost, listId: null };
  }
  const prefix = cycle.leadLists?.prefix ?? '';
  const list = await makeList(cycle, book.name, distinctName(prefix, lost.status));
  const members = await wakeMembers(cycle, book, list);
  await rememberLists(cycle, book.listId, [list]);
  await tell(
    cycle,
    'L10',
    `LEAD_LIST_RECREATED: the list "${book.name}" was deleted in ${cycle.settings.labels.marketing}. It was made again, and its ${members} contacts are put back on it.`,
  );
  return { ...lost, listId: list.id };
}

/** The new list and everybody's mark in one: whoever was on the lost list is planned. @returns how many that are */
async function wakeMembers(cycle: Cycle, book: LeadList, list: Named | null): Promise<number> {
  return cycle.store.transaction(async (tx) => {
    let total = 0;
    for (let after = ''; ; ) {
      const ids = await rememberedMembers(tx, cycle.name, book.listId, after, PAGE);
      await setMarketingDirty(tx, cycle.name, ids, true);
      total += ids.length;
      const last = ids.at(-1);
      if (last === undefined) break;
      after = last;
    }
    if (list !== null) await putLeadList(tx, cycle.name, { status: book.status, listId: list.id, name: list.name });
    return total;
  });
}

/** Something about the account as a whole: kept with the run and told with its report. */
export async function tell(cycle: Cycle, row: 'L10' | 'L11' | 'L12' | 'D19' | 'D20', text: string): Promise<void> {
  cycle.notices.push(text);
  await insertNotes(cycle.store, [
    { runId: cycle.runId, connection: cycle.name, personKey: '', row, text, emailKey: null, at: cycle.now() },
  ]);
}
