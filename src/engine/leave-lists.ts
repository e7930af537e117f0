// Takes contacts off lists: one job per list, awaited, settled row by row. (L3, L5, D7)
import { ConnectorError, REACTION } from '../connectors/error.ts';
import type { ActionKind, Lane } from '../core/model/plan.ts';
import { listActions, markSent, nextActions, type StoredAction, setActionJob } from '../store/actions.ts';
import type { Cycle } from './engine.ts';
import { type Outcome, settle } from './settle.ts';

/** Contacts taken off one list in one job. */
const JOB = 1000;
const PAGE = 500;

export async function leaveLists(cycle: Cycle, lane: Lane, kind: ActionKind): Promise<void> {
  for (let after = -1; ; ) {
    const actions = await nextActions(cycle.store, cycle.runId, { lane, system: 'marketing', kind }, after, JOB);
    const last = actions.at(-1);
    if (last === undefined) return;
    after = last.seq;
    const unsafe = await notJoined(cycle);
    const waiting = actions.filter((action) => unsafe.has(action.personKey));
    await settle(
      cycle,
      waiting.map((action) => ({
        action,
        outcome: { type: 'failed', error: 'Stays on the list: joining the other one failed.' },
      })),
    );
    for (const [listId, own] of Map.groupBy(
      actions.filter((action) => !unsafe.has(action.personKey)),
      (action) => action.action.marketing?.leaveList ?? null,
    )) {
      if (listId !== null) await leaveOne(cycle, listId, own);
    }
  }
}

/** (L3) Persons whose joining of a list failed in this run: they leave none, or they would be on no list at all. */
async function notJoined(cycle: Cycle): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for (let afterSeq = -1; ; ) {
    const page = await listActions(cycle.store, cycle.runId, {
      afterSeq,
      limit: PAGE,
      states: ['failed', 'held', 'unknown'],
    });
    const last = page.at(-1);
    if (last === undefined) return keys;
    afterSeq = last.seq;
    for (const { action, personKey } of page) if (action.kind === 'list-add') keys.add(personKey);
  }
}

async function leaveOne(cycle: Cycle, listId: string, actions: readonly StoredAction[]): Promise<void> {
  cycle.signal.throwIfAborted();
  const seqs = actions.map((action) => action.seq);
  await cycle.store.transaction((tx) => markSent(tx, cycle.runId, seqs, null, cycle.now()));
  const outcome = await runJob(cycle, listId, actions, seqs);
  await settle(
    cycle,
    actions.map((action) => ({ action, outcome: outcome(action) })),
  );
}

function left({ action }: StoredAction): Outcome {
  return { type: 'list-done', id: action.marketingId ?? '' };
}

async function runJob(
  cycle: Cycle,
  listId: string,
  actions: readonly StoredAction[],
  seqs: readonly number[],
): Promise<(action: StoredAction) => Outcome> {
  const failed = (error: string) => (): Outcome => ({ type: 'failed', error });
  try {
    const job = await cycle.marketing.submitLeaveList(
      listId,
      actions.flatMap(({ action }) => action.marketingId ?? []),
    );
    await setActionJob(cycle.store, cycle.runId, seqs, job.id);
    if ((await cycle.marketing.awaitLeaveList(job)) === 'failed')
      return failed('The service could not take the contacts off the list.');
    return left;
  } catch (error) {
    if (!(error instanceof ConnectorError) || REACTION[error.kind] === 'stop') throw error;
    // Nobody is on a list that was deleted since it was read. (L10)
    const isGone = REACTION[error.kind] === 'gone' && !(await cycle.marketing.lists()).some(({ id }) => id === listId);
    return isGone ? left : failed(error.message);
  }
}
