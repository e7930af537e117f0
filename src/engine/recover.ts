// Picks up what a run left behind that died, or whose answers were lost: waits for its jobs, looks up its creates, plans the rest anew. (contract 6)
import type { ShownContact } from '../connectors/connector.ts';
import { ConnectorError } from '../connectors/error.ts';
import { ROLES } from '../core/model/identity.ts';
import type { CrmRecord } from '../core/model/record.ts';
import { doubtAction } from '../core/plan/doubt-action.ts';
import { UNDO_ROW } from '../core/plan/invert-view.ts';
import { discardPlanned, listActions, type StoredAction, unsettledActions } from '../store/actions.ts';
import { getConnection } from '../store/connections.ts';
import { discardPlannedProducts } from '../store/products.ts';
import { awaitRows } from './apply-marketing.ts';
import { askEach } from './ask-each.ts';
import { awaitDeleted } from './delete-contacts.ts';
import { applyEffects, type Learnt } from './effects.ts';
import type { Cycle, Engine } from './engine.ts';
import { findCreated } from './find-created.ts';
import { addressKey } from './mirror-items.ts';
import { changesFrom } from './pull.ts';
import { type Outcome, recordKey, type Settled, setAnchorsDirty, settle } from './settle.ts';

const PAGE = 500;
/** Lost creates of one import that are looked for by their addresses, a call each. */
const LOOKED_UP = 100;

/** Before anything is read: no job of an earlier run may still be writing, no create may stay unaccounted for. */
export async function recover(cycle: Cycle): Promise<void> {
  const unsettled = await unsettledActions(cycle.store, cycle.name, cycle.runId);
  const byRun = Map.groupBy(unsettled, (action) => action.runId);
  for (const [runId, actions] of byRun) {
    const past = { ...cycle, runId };
    const jobs = Map.groupBy(
      actions.filter(({ action }) => action.system === 'marketing'),
      (action) => action.jobId,
    );
    const open: StoredAction[] = [];
    for (const [jobId, rows] of jobs) open.push(...(await recoverJob(past, jobId, rows)));
    await recoverOpen(past, open);
    const crm = actions.filter((candidate) => candidate.action.system === 'crm');
    const { undone = [], others = [] } = Object.groupBy(crm, (one) =>
      isUndone(one) && one.action.kind !== 'create' ? 'undone' : 'others',
    );
    for (const action of others) await recoverCrm(past, action);
    await recoverUndone(past, undone);
    await abandon(cycle, runId);
  }
}

/** @returns those that nobody answers for */
async function recoverJob(
  past: Cycle,
  jobId: string | null,
  actions: readonly StoredAction[],
): Promise<readonly StoredAction[]> {
  if (jobId !== null && actions.every(isUndone) && actions.every(({ action }) => action.kind === 'delete')) {
    await settle(past, await awaitDeleted(past, jobId, actions));
    return [];
  }
  // Deletes and removals from lists are safe to repeat: what they did is read, and the rest is planned again.
  if (jobId === null || actions.some(({ action }) => action.kind === 'delete' || action.kind === 'list-remove'))
    return actions;
  const answers = await awaitRows(past, { id: jobId, kind: 'import' }, actions);
  const { lost = [], answered = [] } = Object.groupBy(answers, ({ outcome }) =>
    outcome.type === 'failed' && outcome.lost === true ? 'lost' : 'answered',
  );
  await settle(past, answered);
  return lost.map(({ action }) => action);
}

/** Looked up together: what lost creates made is read once, however many jobs they went in. */
async function recoverOpen(past: Cycle, open: readonly StoredAction[]): Promise<void> {
  const made = await contactsMade(
    past,
    open.filter(({ action }) => action.kind === 'create'),
  );
  await settle(
    past,
    open.map((action): Settled => {
      const id = made.get(action);
      return {
        action,
        outcome: id === undefined ? notDone(action) : { type: 'marketing-done', id, created: null, warning: null },
      };
    }),
  );
}

/** Nobody answered, and it was looked up in vain. */
function notDone({ error }: StoredAction): Outcome {
  return { type: 'failed', error: error ?? 'The run ended before the service answered.' };
}

/**
 * Contacts that lost creates made after all, by the record's id that went with them: record or contact may have another address by now,
 * and another contact would be made for that. (4.1, C1)
 */
async function contactsMade(past: Cycle, creates: readonly StoredAction[]): Promise<ReadonlyMap<StoredAction, string>> {
  const byRecord = new Map(
    creates.flatMap((create) => {
      const { entity, crmId } = create.action;
      return crmId === null ? [] : [[recordKey(entity, crmId), create]];
    }),
  );
  const made = new Map<StoredAction, string>();
  const look = ({ id, values }: ShownContact): void => {
    for (const role of ROLES) {
      const { idField } = past.settings.roles[role];
      const create = idField === null ? undefined : byRecord.get(recordKey(role, String(values[idField])));
      if (create !== undefined && !made.has(create)) made.set(create, id);
    }
  };
  const connection = await getConnection(past.store, past.name);
  const since = connection === null ? null : changesFrom(connection);
  if (creates.length > 0 && since !== null)
    for await (const page of past.marketing.changedSince(since, past.marketingSelection)) page.forEach(look);
  // An account may list nobody who left, as whom the contact may have been made. (O16)
  const missing = creates.filter((create) => !made.has(create)).slice(0, LOOKED_UP);
  const addresses = new Set(missing.flatMap(({ action }) => action.email ?? []));
  for (const { answer } of await askEach([...addresses], (email) =>
    past.marketing.readOne({ email }, past.marketingSelection),
  ))
    if (answer !== 'missing') look(answer);
  return made;
}

async function recoverCrm(past: Cycle, action: StoredAction): Promise<void> {
  const lost: Settled = { action, outcome: notDone(action) };
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

function undoneOutcome(stored: StoredAction, record: CrmRecord | undefined): Outcome {
  const { action } = stored;
  const lost = notDone(stored);
  if (action.kind === 'delete') return record === undefined ? { type: 'record-removed', id: action.crmId ?? '' } : lost;
  if (record === undefined || action.crm === null) return lost;
  const { set, email, status, addTags, removeTags } = action.crm;
  const applied =
    Object.entries(set).every(([path, raw]) => JSON.stringify(record.values[path] ?? null) === JSON.stringify(raw)) &&
    (email === undefined || addressKey(record.email) === addressKey(email)) &&
    (status === undefined || record.status === status) &&
    (addTags ?? []).every((tag) => record.tags.includes(tag)) &&
    !(removeTags ?? []).some((tag) => record.tags.includes(tag));
  return applied ? { type: 'crm-done', record } : lost;
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
