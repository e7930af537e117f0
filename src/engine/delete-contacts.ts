// Deletes marketing contacts in bulk jobs: the last lane of a run, never before its brake was asked. (D1, D6)
import { ConnectorError, REACTION } from '../connectors/error.ts';
import type { Lane } from '../core/model/plan.ts';
import { markSent, nextActions, type StoredAction, setActionJob } from '../store/actions.ts';
import { rowOf } from './apply-marketing.ts';
import type { Cycle } from './engine.ts';
import { type Outcome, type Settled, settle } from './settle.ts';

/** Contacts deleted in one job. */
const JOB = 5000;
const SETTLE = 500;

export async function deleteContacts(cycle: Cycle, lane: Lane): Promise<void> {
  for (let after = -1; ; ) {
    const actions = await nextActions(
      cycle.store,
      cycle.runId,
      { lane, system: 'marketing', kind: 'delete' },
      after,
      JOB,
    );
    const last = actions.at(-1);
    if (last === undefined) return;
    after = last.seq;
    cycle.signal.throwIfAborted();
    const seqs = actions.map((action) => action.seq);
    await cycle.store.transaction((tx) => markSent(tx, cycle.runId, seqs, null, cycle.now()));
    const settled = await runJob(cycle, actions, seqs);
    for (let start = 0; start < settled.length; start += SETTLE)
      await settle(cycle, settled.slice(start, start + SETTLE));
  }
}

async function runJob(
  cycle: Cycle,
  actions: readonly StoredAction[],
  seqs: readonly number[],
): Promise<readonly Settled[]> {
  try {
    const job = await cycle.marketing.submitDelete(actions.map(rowOf));
    await setActionJob(cycle.store, cycle.runId, seqs, job.id);
    return await awaitDeleted(cycle, job.id, actions);
  } catch (error) {
    if (!(error instanceof ConnectorError) || REACTION[error.kind] === 'stop') throw error;
    // Deleting is repeatable: what was deleted after all answers as unknown to the service the next time.
    return actions.map((action) => ({ action, outcome: { type: 'failed', error: error.message } }));
  }
}

/** Waits for a delete job that the service accepted, and says what became of each contact. */
export async function awaitDeleted(
  cycle: Cycle,
  jobId: string,
  actions: readonly StoredAction[],
): Promise<readonly Settled[]> {
  const answers = await cycle.marketing.awaitDelete({ id: jobId, kind: 'delete' }, actions.map(rowOf));
  const rows = new Map(answers.map((row) => [row.key, row]));
  return actions.map((action): Settled => {
    const row = rows.get(String(action.seq));
    const outcome: Outcome =
      row?.type === 'done'
        ? { type: 'contact-deleted', id: action.action.marketingId ?? '' }
        : { type: 'failed', error: row?.message ?? 'The delete job ended without an answer for this contact.' };
    return { action, outcome };
  });
}
