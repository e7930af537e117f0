// Lead lists that somebody renamed in marketing: they go on by their id, and their old name is offered back. (L11)
// Renames a list only where a person decided so.
import { ConnectorError } from '../connectors/error.ts';
import { QUESTIONS } from '../core/lifecycle/questions.table.ts';
import { type Choice, questionKey } from '../core/model/choice.ts';
import type { Hold } from '../core/model/hold.ts';
import { holdWords } from '../core/plan/hold-words.ts';
import { reconcileHolds } from '../store/hold-reconcile.ts';
import { type LeadList, leadLists, putLeadList } from '../store/lead-lists.ts';
import type { Cycle, LiveAccounts } from './engine.ts';
import { rememberLists, tell } from './lead-lists.ts';

/** @param live the account's lists as they were last read: a new name is noticed within a day, and by a complete look */
export async function heedRenamedLists(cycle: Cycle, live: LiveAccounts): Promise<void> {
  const names = new Map(live.lists.map(({ id, name }) => [id, name]));
  const subjects: { readonly key: string; readonly records: readonly []; readonly holds: readonly Hold[] }[] = [];
  for (const book of await leadLists(cycle.store, cycle.name)) {
    const now = names.get(book.listId) ?? book.name;
    const waits = now !== book.name && !(await carryOut(cycle, book, now));
    subjects.push({ key: `l:${book.listId}`, records: [], holds: waits ? [renamedHold(cycle, book, now)] : [] });
  }
  const judged = { codes: ['LEAD_LIST_RENAMED'] } as const;
  await cycle.store.transaction((tx) => reconcileHolds(tx, cycle.name, subjects, cycle.now(), judged));
}

/** @returns false when nobody decided yet, or the old name cannot be had */
async function carryOut(cycle: Cycle, book: LeadList, now: string): Promise<boolean> {
  const { status, listId, name } = book;
  switch (cycle.settings.decided.get(keyOf(book, now))) {
    case 'keep':
      await putLeadList(cycle.store, cycle.name, { status, listId, name: now });
      return true;
    case 'restore':
      return nameBack(cycle, listId, name, now);
    default:
      return false;
  }
}

async function nameBack(cycle: Cycle, listId: string, name: string, now: string): Promise<boolean> {
  const { marketing } = cycle.settings.labels;
  try {
    await cycle.marketing.renameList(listId, name);
  } catch (error) {
    if (!(error instanceof ConnectorError) || (error.kind !== 'rejected' && error.kind !== 'conflict')) throw error;
    await tell(cycle, 'L11', `The list "${now}" cannot be called "${name}" again in ${marketing}: ${error.message}.`);
    return false;
  }
  await rememberLists(cycle, listId, [{ id: listId, name }]);
  await tell(cycle, 'L11', `The list "${now}" is called "${name}" again in ${marketing}.`);
  return true;
}

function renamedHold({ settings: { labels } }: Cycle, book: LeadList, now: string): Hold {
  const choices = Object.entries(QUESTIONS['list-renamed'].choices).map(([choice, means]) => ({
    choice: choice as Choice,
    means: means(labels),
  }));
  return {
    code: 'LEAD_LIST_RENAMED',
    row: 'L11',
    entity: 'lead',
    email: null,
    crmId: null,
    marketingId: null,
    field: `list ${book.status}`,
    ...holdWords.listRenamed(book.name, now, labels),
    asks: { key: keyOf(book, now), choices },
    refs: [],
  };
}

/** Another new name is another question. */
function keyOf({ listId }: LeadList, now: string): string {
  return questionKey('list-renamed', 'lead', null, listId, [now]);
}
