// How many records a run may make in the CRM only to keep an opt-out there. The rest waits for the next run. (O11)
import type { StoredAction } from '../store/actions.ts';
import { listActions, settleActions } from '../store/actions.ts';
import type { Cycle } from './engine.ts';
import { setAnchorsDirty } from './settle.ts';

/** Records in one run. */
const OPT_OUT_RECORDS = 100;
const PAGE = 500;

/**
 * Drops what is above the limit, in the order of the plan; these people stay marked. A preview tells it and keeps them.
 * @returns how many wait
 */
export async function capOptOutRecords(cycle: Cycle, preview: boolean): Promise<number> {
  const waiting: StoredAction[] = [];
  let made = 0;
  for (let afterSeq = -1; ; ) {
    const page = await listActions(cycle.store, cycle.runId, { afterSeq, limit: PAGE });
    const last = page.at(-1);
    if (last === undefined) break;
    afterSeq = last.seq;
    for (const stored of page) {
      const { row, kind, system } = stored.action;
      if (row !== 'O11' || kind !== 'create' || system !== 'crm' || stored.state === 'dropped') continue;
      if (stored.state !== 'planned' || made < OPT_OUT_RECORDS) made += 1;
      else waiting.push(stored);
    }
  }
  if (waiting.length === 0) return 0;
  const { crm } = cycle.settings.labels;
  const words = `${waiting.length} more suppressed people are to be made in ${crm}; a run makes ${OPT_OUT_RECORDS} at most, so they wait for the next one.`;
  if (!cycle.notices.includes(words)) cycle.notices.push(words);
  if (preview) return waiting.length;
  await cycle.store.transaction(async (tx) => {
    await settleActions(
      tx,
      cycle.runId,
      waiting.map(({ seq }) => ({ seq, state: 'dropped', error: words, outcome: null })),
      cycle.now(),
    );
    await setAnchorsDirty(tx, cycle.name, waiting, true);
  });
  return waiting.length;
}
