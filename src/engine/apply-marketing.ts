// Sends marketing writes in bulk jobs: intent first, then the job, then its outcome row by row. (4.1, R4)
import type { BulkJob, MarketingRow, RowOutcome } from '../connectors/connector.ts';
import { ConnectorError, REACTION } from '../connectors/error.ts';
import type { HoldCode } from '../core/model/hold.ts';
import type { ActionKind, Lane } from '../core/model/plan.ts';
import { markSent, nextActions, type StoredAction, setActionJob } from '../store/actions.ts';
import { getMarketing } from '../store/marketing-records.ts';
import { createDataFields } from './data-fields.ts';
import type { Cycle } from './engine.ts';
import { type Outcome, type Settled, settle } from './settle.ts';
import { together } from './together.ts';

/** Jobs under way at once; the service works on them by itself while we wait. */
const JOBS_AT_ONCE = 3;
/** Rows settled in one transaction. */
const SETTLE = 500;

export async function applyMarketing(cycle: Cycle, lane: Lane, kind: ActionKind): Promise<void> {
  const source = jobs(cycle, lane, kind);
  let done = 0;
  const work = async (): Promise<void> => {
    for await (const actions of source) {
      await sendJob(cycle, actions);
      done += actions.length;
      cycle.progress({ connection: cycle.name, phase: 'apply-marketing', done, total: null });
    }
  };
  await together(Array.from({ length: JOBS_AT_ONCE }, work));
}

/** What each job carries, with the data fields that it needs. Ends when one of the jobs fails. */
async function* jobs(cycle: Cycle, lane: Lane, kind: ActionKind): AsyncGenerator<readonly StoredAction[]> {
  const group = { lane, system: 'marketing', kind } as const;
  for (let after = -1; ; ) {
    const actions = await nextActions(cycle.store, cycle.runId, group, after, cycle.marketing.rowsPerJob);
    const last = actions.at(-1);
    if (last === undefined) return;
    after = last.seq;
    await createDataFields(cycle, actions);
    yield actions;
  }
}

async function sendJob(cycle: Cycle, actions: readonly StoredAction[]): Promise<void> {
  cycle.signal.throwIfAborted();
  const seqs = actions.map((action) => action.seq);
  await cycle.store.transaction((tx) => markSent(tx, cycle.runId, seqs, null, cycle.now()));
  const settled = await answered(actions, 'submitted', async () => {
    const job = await cycle.marketing.submitImport(await withKnownNo(cycle, actions.map(rowOf)));
    await setActionJob(cycle.store, cycle.runId, seqs, job.id);
    return awaitRows(cycle, job, actions);
  });
  for (let start = 0; start < settled.length; start += SETTLE)
    await settle(cycle, settled.slice(start, start + SETTLE));
}

/**
 * Whoever left is written to with their no: where the account hides those who left, one who was deleted as well cannot be told from them,
 * and a write makes such a contact anew, as subscribed. (C22, D13)
 */
async function withKnownNo(cycle: Cycle, rows: readonly MarketingRow[]): Promise<readonly MarketingRow[]> {
  const ids = rows.flatMap(({ id, write }) => (id === null || write.channel !== undefined ? [] : [id]));
  const known = new Map((await getMarketing(cycle.store, cycle.name, ids)).map(({ record }) => [record.id, record]));
  return rows.map((row) => {
    const state = row.id === null ? undefined : known.get(row.id)?.channel.state;
    return row.write.channel === undefined && (state === 'unsubscribed' || state === 'suppressed')
      ? { ...row, write: { ...row.write, channel: { state } } }
      : row;
  });
}

/** Waits for a job that the service accepted, and says what became of each of its rows. */
export async function awaitRows(
  cycle: Cycle,
  job: BulkJob,
  actions: readonly StoredAction[],
): Promise<readonly Settled[]> {
  return answered(actions, 'awaited', async () => {
    const outcomes = await cycle.marketing.awaitImport(job, actions.map(rowOf));
    const byKey = new Map(outcomes.map((outcome) => [outcome.key, outcome]));
    return actions.map((action) => ({ action, outcome: outcomeOf(cycle, action, byKey.get(String(action.seq))) }));
  });
}

/** An answer that was lost leaves the rows open: the next cycle reads them back; they are never sent twice at once. */
async function answered(
  actions: readonly StoredAction[],
  job: 'submitted' | 'awaited',
  work: () => Promise<readonly Settled[]>,
): Promise<readonly Settled[]> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ConnectorError) || REACTION[error.kind] === 'stop') throw error;
    const lost = job === 'awaited' || error.outcome === 'unknown';
    return actions.map((action) => ({ action, outcome: { type: 'failed', error: error.message, lost } }));
  }
}

export function rowOf({ seq, action }: StoredAction): MarketingRow {
  if (action.marketing === null) throw new Error('A marketing action carries a marketing write.');
  return { key: String(seq), id: action.marketingId, email: action.email, write: action.marketing };
}

function outcomeOf(cycle: Cycle, action: StoredAction, row: RowOutcome | undefined): Outcome {
  if (row === undefined)
    return { type: 'failed', error: 'The bulk job ended without an answer for this contact.', lost: true };
  switch (row.type) {
    case 'done':
      return { type: 'marketing-done', id: row.id, created: row.created, warning: row.warning };
    case 'unknown':
      return { type: 'failed', error: row.message, lost: true };
    case 'failed':
      return refused(cycle, action, row.code, row.message);
    default:
      return row satisfies never;
  }
}

/** What each refusal of a row means; codes in lower case. Job-wide failures are tried again by the next run. */
const REFUSALS: { readonly [code: string]: HoldCode | 'gone' | 'retry' } = {
  invalidemail: 'EMAIL_INVALID',
  invaliddomain: 'EMAIL_INVALID',
  globallysuppressed: 'EMAIL_BLOCKED',
  suppressedbydomain: 'EMAIL_BLOCKED',
  blocker: 'EMAIL_BLOCKED',
  duplicateidentifier: 'EMAIL_TAKEN',
  duplicate: 'EMAIL_TAKEN',
  invalidcontactid: 'gone',
  contactnotfound: 'gone',
  failed: 'retry',
  rejectedbywatchdog: 'retry',
  exceedsallowedcontactlimit: 'retry',
};

function refused(cycle: Cycle, { action }: StoredAction, code: string, message: string): Outcome {
  const meaning = REFUSALS[code.toLowerCase()] ?? 'REMOTE_REJECTED';
  if (meaning === 'retry') return { type: 'failed', error: message };
  if (meaning === 'gone') {
    return action.marketingId === null ? { type: 'failed', error: message } : { type: 'gone', error: message };
  }
  const { crm, marketing } = cycle.settings.labels;
  return {
    type: 'held',
    code: meaning,
    error: `${marketing} refused the contact: ${message}`,
    fix: `Correct the record in ${crm}; the next change to it tries again.`,
  };
}
