// Picks up what a run that died left behind: waits for its jobs, looks up its creates, plans the rest anew. (contract 6)
import type { BulkJob } from '../connectors/connector.ts';
import { ConnectorError } from '../connectors/error.ts';
import { ROLES } from '../core/model/identity.ts';
import type { CrmRecord } from '../core/model/record.ts';
import { doubtAction } from '../core/plan/doubt-action.ts';
import { UNDO_ROW } from '../core/plan/invert-view.ts';
import { discardPlanned, listActions, type StoredAction, unsettledActions } from '../store/actions.ts';
import { discardPlannedProducts } from '../store/products.ts';
import { awaitRows } from './apply-marketing.ts';
import { askEach } from './ask-each.ts';
import { awaitDeleted } from './delete-contacts.ts';
import { applyEffects, type Learnt } from './effects.ts';
import type { Cycle, Engine } from './engine.ts';
import { findCreated } from './find-created.ts';
import { addressKey } from './mirror-items.ts';
import { type Outcome, type Settled, setAnchorsDirty, settle } from './settle.ts';

const PAGE = 500;
/** Lost creates of one import that are looked for, a call each; beyond that their addresses have to do. */
const LOOKED_UP = 100;
const LOST: Outcome = { type: 'failed', error: 'The run ended before the service answered.' };

/** Before anything is read: no job of an earlier run may still be writing, no create may stay unaccounted for. */
export async function recover(cycle: Cycle): Promise<void> {
  const sent = await unsettledActions(cycle.store, cycle.name, cycle.runId);
  const byRun = Map.groupBy(sent, (action) => action.runId);
  for (const [runId, actions] of byRun) {
    const past = { ...cycle, runId };
    const jobs = Map.groupBy(
      actions.filter(({ action }) => action.system === 'marketing'),
      (action) => action.jobId,
    );
    for (const [jobId, rows] of jobs) await recoverJob(past, jobId, rows);
    const crm = actions.filter((candidate) => candidate.action.system === 'crm');
    for (const action of crm.filter((candidate) => !isUndone(candidate))) await recoverCrm(past, action);
    await recoverUndone(past, crm.filter(isUndone));
    await abandon(cycle, runId);
  }
}

async function recoverJob(past: Cycle, jobId: string | null, actions: readonly StoredAction[]): Promise<void> {
  if (jobId !== null && actions.every(isUndone) && actions.every(({ action }) => action.kind === 'delete')) {
    await settle(past, await awaitDeleted(past, jobId, actions));
    return;
  }
  // Deletes and removals from lists are safe to repeat: what they did is read, and the rest is planned again.
  if (jobId !== null && actions.every(({ action }) => action.kind !== 'delete' && action.kind !== 'list-remove')) {
    const job: BulkJob = { id: jobId, kind: 'import' };
    await settle(past, await awaitRows(past, job, actions));
    return;
  }
  // Whether the job was accepted is not known: what it did is read with the feed, and planned from there.
  const made = await contactsMade(past, actions);
  await settle(
    past,
    actions.map((action): Settled => {
      const id = made.get(action);
      return {
        action,
        outcome: id === undefined ? LOST : { type: 'marketing-done', id, created: null, warning: null },
      };
    }),
  );
}

/**
 * Contacts that a lost create made after all, by the record's id that went with it: somebody may give the record another address before
 * it is planned again, and another contact would be made for that. (4.1, C1)
 */
async function contactsMade(past: Cycle, actions: readonly StoredAction[]): Promise<ReadonlyMap<StoredAction, string>> {
  const creates = actions.filter(({ action }) => action.kind === 'create').slice(0, LOOKED_UP);
  const byAddress = new Map(creates.flatMap((one) => (one.action.email === null ? [] : [[one.action.email, one]])));
  const made = new Map<StoredAction, string>();
  for (const { id: email, answer } of await askEach([...byAddress.keys()], (one) =>
    past.marketing.readOne({ email: one }, past.marketingSelection),
  )) {
    const create = byAddress.get(email);
    if (create === undefined || answer === 'missing') continue;
    const { idField } = past.settings.roles[create.action.entity];
    if (idField !== null && answer.values[idField] === create.action.crmId) made.set(create, answer.id);
  }
  return made;
}

async function recoverCrm(past: Cycle, action: StoredAction): Promise<void> {
  const lost: Settled = { action, outcome: LOST };
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

function isUndone({ action }: StoredAction): boolean {
  return action.row === UNDO_ROW;
}

/**
 * A value that an undo put back must not be taken for somebody's edit: what reads as it was sent was applied, and is settled as
 * such. 100 records a call. (decision 27)
 */
async function recoverUndone(past: Cycle, actions: readonly StoredAction[]): Promise<void> {
  for (const role of ROLES) {
    const own = actions.filter(({ action }) => action.entity === role && action.crmId !== null);
    if (own.length === 0) continue;
    const ids = [...new Set(own.flatMap(({ action }) => action.crmId ?? []))];
    const now = new Map((await past.crm.readMany(role, ids, past.crmSelection)).map((record) => [record.id, record]));
    await settle(
      past,
      own.map((action): Settled => ({ action, outcome: undoneOutcome(action, now.get(action.action.crmId ?? '')) })),
    );
  }
}

function undoneOutcome({ action }: StoredAction, record: CrmRecord | undefined): Outcome {
  if (action.kind === 'delete') return record === undefined ? { type: 'record-removed', id: action.crmId ?? '' } : LOST;
  if (record === undefined || action.crm === null) return LOST;
  const { set, email, status, addTags, removeTags } = action.crm;
  const applied =
    Object.entries(set).every(([path, raw]) => JSON.stringify(record.values[path] ?? null) === JSON.stringify(raw)) &&
    (email === undefined || addressKey(record.email) === addressKey(email)) &&
    (status === undefined || record.status === status) &&
    (addTags ?? []).every((tag) => record.tags.includes(tag)) &&
    !(removeTags ?? []).some((tag) => record.tags.includes(tag));
  return applied ? { type: 'crm-done', record } : LOST;
}

/** What a run planned, or tried in vain, is planned again by the next one. */
export async function abandon(engine: Engine, runId: string): Promise<void> {
  for (let afterSeq = -1; ; ) {
    const actions = await listActions(engine.store, runId, {
      afterSeq,
      limit: PAGE,
      states: ['planned', 'failed', 'unknown'],
    });
    const last = actions.at(-1);
    if (last === undefined) break;
    afterSeq = last.seq;
    const { unsent = [], tried = [] } = Object.groupBy(actions, ({ state }) =>
      state === 'planned' ? 'unsent' : 'tried',
    );
    await engine.store.transaction(async (tx) => {
      await setAnchorsDirty(tx, engine.name, actions, true);
      await applyEffects(tx, engine, [...unsent.map(otherwiseOf), ...tried.map(doubtOf)], runId);
    });
  }
  await discardPlanned(engine.store, runId);
  await discardPlannedProducts(engine.store, runId);
}

function otherwiseOf({ action, emailKey }: StoredAction): Learnt {
  const { otherwise = [], crmId, marketingId } = action;
  return { effects: otherwise, crmId, marketingId, address: emailKey };
}

/** A failure need not mean that nothing was done: the next plan sees by what it reads. (R4) */
function doubtOf({ action, emailKey }: StoredAction): Learnt {
  const { crmId, marketingId } = action;
  return { effects: doubtAction(action), crmId, marketingId, address: emailKey };
}
