// Picks up what a run that died left behind: waits for its jobs, looks up its creates, plans the rest anew. (contract 6)
import type { BulkJob } from '../connectors/connector.ts';
import { ConnectorError } from '../connectors/error.ts';
import { discardPlanned, listActions, type StoredAction, unsettledActions } from '../store/actions.ts';
import { awaitRows } from './apply-marketing.ts';
import type { Cycle, Engine } from './engine.ts';
import { findCreated } from './find-created.ts';
import { setAnchorsDirty, settle, type Settled } from './settle.ts';

const PAGE = 500;

/** Before anything is read: no job of an earlier run may still be writing, no create may stay unaccounted for. */
export async function recover(cycle: Cycle): Promise<void> {
  const sent = await unsettledActions(cycle.store, cycle.name, cycle.runId);
  const byRun = Map.groupBy(sent, (action) => action.runId);
  for (const [runId, actions] of byRun) {
    const past = { ...cycle, runId };
    const jobs = Map.groupBy(actions.filter(({ action }) => action.system === 'marketing'), (action) => action.jobId);
    for (const [jobId, rows] of jobs) await recoverJob(past, jobId, rows);
    for (const action of actions.filter((candidate) => candidate.action.system === 'crm')) await recoverCrm(past, action);
    await abandon(cycle, runId);
  }
}

async function recoverJob(past: Cycle, jobId: string | null, actions: readonly StoredAction[]): Promise<void> {
  // Deletes and removals from lists are safe to repeat: what they did is read, and the rest is planned again.
  if (jobId !== null && actions.every(({ action }) => action.kind !== 'delete' && action.kind !== 'list-remove')) {
    const job: BulkJob = { id: jobId, kind: 'import' };
    await settle(past, await awaitRows(past, job, actions));
    return;
  }
  // Whether the job was accepted is not known: what it did is read with the feed, and planned from there.
  await settle(past, actions.map((action) => ({ action, outcome: { type: 'failed', error: 'The run ended before the service answered.' } })));
}

async function recoverCrm(past: Cycle, action: StoredAction): Promise<void> {
  const lost: Settled = { action, outcome: { type: 'failed', error: 'The run ended before the service answered.' } };
  if (action.action.kind !== 'create') {
    await settle(past, [lost]);
    return;
  }
  try {
    const record = await findCreated(past, action);
    await settle(past, [record === null ? lost : { action, outcome: { type: 'crm-done', record } }]);
  } catch (error) {
    if (error instanceof ConnectorError && error.kind === 'rejected') await settle(past, [lost]);
    else throw error;
  }
}

/** What a run planned, or tried in vain, is planned again by the next one. */
export async function abandon(engine: Engine, runId: string): Promise<void> {
  for (let afterSeq = -1; ; ) {
    const actions = await listActions(engine.store, runId, { afterSeq, limit: PAGE, states: ['planned', 'failed', 'unknown'] });
    const last = actions.at(-1);
    if (last === undefined) break;
    afterSeq = last.seq;
    await engine.store.transaction((tx) => setAnchorsDirty(tx, engine.name, actions, true));
  }
  await discardPlanned(engine.store, runId);
}
