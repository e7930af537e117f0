// Sends CRM writes one by one, as fast as the connector's pace allows; a create whose answer was lost is looked up first.
import type { CrmWhole } from '../connectors/connector.ts';
import { ConnectorError, REACTION } from '../connectors/error.ts';
import type { HoldCode } from '../core/model/hold.ts';
import type { Role } from '../core/model/identity.ts';
import type { ActionKind, CrmWrite, Lane } from '../core/model/plan.ts';
import type { CrmRecord } from '../core/model/record.ts';
import type { Raw } from '../core/model/value.ts';
import { markSent, nextActions, type StoredAction } from '../store/actions.ts';
import { getConnection, updateConnection } from '../store/connections.ts';
import { getCrm } from '../store/crm-records.ts';
import { askEach } from './ask-each.ts';
import { isMalformed } from './ask-record.ts';
import type { Cycle } from './engine.ts';
import { findCreated, findUntold } from './find-created.ts';
import { type Outcome, type Settled, settle } from './settle.ts';
import { together } from './together.ts';

/** Actions whose intent is recorded, and whose whole values are read, together. */
const CHUNK = 100;
/** Outcomes recorded together. */
const SETTLE = 25;
/** Records that cannot be read, and none that can, from which on it is the service and not a record. */
const MANY = 3;

interface Ready {
  readonly action: StoredAction;
  readonly write: CrmWrite;
  readonly fresh: CrmWhole | null;
}

export async function applyCrm(cycle: Cycle, lane: Lane, kind: ActionKind): Promise<void> {
  const source = readyActions(cycle, lane, kind);
  // The first alignment has just read everything there is, unless an answer was odd; afterwards the mirror may know less than the service.
  const knowsLess = cycle.unread.has('crm') || (await getConnection(cycle.store, cycle.name))?.alignedAt != null;
  const looksFirst = kind === 'create' && knowsLess;
  const settled: Settled[] = [];
  let done = 0;
  const flush = async (atLeast: number): Promise<void> => {
    if (settled.length < atLeast) return;
    const part = settled.splice(0);
    await settle(cycle, part);
    done += part.length;
    cycle.progress({ connection: cycle.name, phase: 'apply-crm', done, total: null });
  };
  // Workers share one source, so that a slow answer holds up nobody else.
  const work = async (): Promise<void> => {
    for await (const ready of source) {
      settled.push(
        'outcome' in ready ? ready : { action: ready.action, outcome: await send(cycle, ready, looksFirst) },
      );
      await flush(SETTLE);
    }
  };
  try {
    await together(Array.from({ length: cycle.crmConcurrency }, work));
  } finally {
    await flush(1);
  }
}

/** Actions with their intent on record; those whose target moved since are settled at once. (R6) */
async function* readyActions(cycle: Cycle, lane: Lane, kind: ActionKind): AsyncGenerator<Ready | Settled> {
  const group = { lane, system: 'crm', kind } as const;
  for (let after = -1; ; ) {
    const actions = await nextActions(cycle.store, cycle.runId, group, after, CHUNK);
    const last = actions.at(-1);
    if (last === undefined) return;
    after = last.seq;
    const fresh = await readFresh(cycle, actions);
    await cycle.store.transaction((tx) =>
      markSent(
        tx,
        cycle.runId,
        actions.map((action) => action.seq),
        null,
        cycle.now(),
      ),
    );
    for (const action of actions) {
      cycle.signal.throwIfAborted();
      const write = action.action.crm;
      if (write === null) throw new Error('A CRM action carries a CRM write.');
      const now = action.action.crmId === null ? undefined : fresh.get(freshKey(action));
      if (now instanceof ConnectorError) yield { action, outcome: { type: 'failed', error: now.message } };
      else if (now?.moved === true) yield { action, outcome: { type: 'dropped', record: now.record } };
      else if (now === undefined && action.action.crmId !== null && needsFresh(write))
        yield {
          action,
          outcome: { type: 'gone', error: `The record is no longer shown in ${cycle.settings.labels.crm}.` },
        };
      else yield { action, write, fresh: now?.whole ?? null };
    }
  }
}

interface Fresh {
  readonly record: CrmRecord;
  readonly whole: CrmWhole;
  readonly moved: boolean;
}

/** (R6, C17) Reads whole values right before they are replaced, 100 records a call. */
async function readFresh(
  cycle: Cycle,
  actions: readonly StoredAction[],
): Promise<ReadonlyMap<string, Fresh | ConnectorError>> {
  const found = new Map<string, Fresh | ConnectorError>();
  for (const role of cycle.crmSelection.roles) {
    const own = actions.filter(
      ({ action }) => action.entity === role && action.crmId !== null && needsFresh(action.crm),
    );
    if (own.length === 0) continue;
    const ids = own.map(({ action }) => action.crmId ?? '');
    const known = new Map(
      (await getCrm(cycle.store, cycle.name, role, ids)).map((item) => [item.record.id, item.record]),
    );
    const answers = await readWhole(cycle, role, ids);
    for (const action of own) {
      const answer = answers.get(action.action.crmId ?? '');
      const before = known.get(action.action.crmId ?? '');
      if (answer instanceof ConnectorError) found.set(freshKey(action), answer);
      if (answer === undefined || answer instanceof ConnectorError || before === undefined) continue;
      found.set(freshKey(action), { ...answer, moved: moved(action, before, answer.record) });
    }
  }
  return found;
}

type WholeRecord = Awaited<ReturnType<Cycle['crm']['readWhole']>>[number];

/** By id. One that cannot be read costs none of the others theirs. (contract 6) */
async function readWhole(
  { crm, crmSelection }: Cycle,
  role: Role,
  ids: readonly string[],
): Promise<ReadonlyMap<string, WholeRecord | ConnectorError>> {
  try {
    return new Map((await crm.readWhole(role, ids, crmSelection)).map((item) => [item.record.id, item]));
  } catch (error) {
    if (!isMalformed(error)) throw error;
    const answers = await askEach([...new Set(ids)], (id) =>
      crm.readWhole(role, [id], crmSelection).catch((reason: unknown) => {
        if (!isMalformed(reason)) throw reason;
        return [reason];
      }),
    );
    const found = new Map(
      answers.flatMap(({ id, answer: [item] }) => (item === undefined ? [] : [[id, item] as const])),
    );
    if (found.size >= MANY && [...found.values()].every(isMalformed)) throw error;
    return found;
  }
}

function freshKey({ action }: StoredAction): string {
  return `${action.entity}:${action.crmId}`;
}

function needsFresh(write: CrmWrite | null): boolean {
  return (
    write !== null && ((write.whole?.length ?? 0) > 0 || write.addTags !== undefined || write.removeTags !== undefined)
  );
}

function moved({ action }: StoredAction, before: CrmRecord, now: CrmRecord): boolean {
  const same = (a: Raw | undefined, b: Raw | undefined): boolean =>
    JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
  // Against what the plan saw: an opt-out of the same run, written since, has moved the record too. (R19)
  return Object.keys(action.crm?.set ?? {}).some(
    (path) => !same(action.replaced?.[path] ?? before.values[path], now.values[path]),
  );
}

async function send(cycle: Cycle, ready: Ready, looksFirst: boolean): Promise<Outcome> {
  const { action, write, fresh } = ready;
  const { entity, crmId, kind } = action.action;
  try {
    if (kind === 'delete' && crmId !== null) {
      // One that is gone already is as good as removed. (undo)
      await cycle.crm.remove(entity, crmId);
      return { type: 'record-removed', id: crmId };
    }
    const there = crmId === null && looksFirst ? await findUntold(cycle, action) : null;
    if (there !== null) return { type: 'dropped', record: there };
    const record =
      crmId === null
        ? await create(cycle, action, write)
        : await cycle.crm.update(entity, crmId, write, fresh, cycle.crmSelection);
    return { type: 'crm-done', record };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    // A status that was renamed or removed meanwhile: the next cycle reads afresh which there are. (L12, L13)
    if (isStatus(error)) await updateConnection(cycle.store, cycle.name, { liveAt: null });
    return refusal(cycle, action, error);
  }
}

/** Never sent again before it was looked up: there is never a duplicate. (contract 6) */
async function create(cycle: Cycle, action: StoredAction, write: CrmWrite): Promise<CrmRecord> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await cycle.crm.create(action.action.entity, write, cycle.crmSelection);
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.outcome !== 'unknown' || error.kind === 'cancelled') throw error;
      const made = await findCreated(cycle, action);
      if (made !== null) return made;
      if (attempt >= 2) throw error;
    }
  }
}

function refusal(cycle: Cycle, action: StoredAction, error: ConnectorError): Outcome {
  const reaction = REACTION[error.kind];
  if (reaction === 'stop') throw error;
  if (reaction === 'gone' && action.action.crmId !== null) return { type: 'gone', error: error.message };
  if (reaction !== 'hold') return { type: 'failed', error: error.message, lost: error.outcome === 'unknown' };
  const { crm, marketing } = cycle.settings.labels;
  return {
    type: 'held',
    code: codeOf(error),
    error: error.message,
    fix:
      error.kind === 'forbidden'
        ? `Give the ${crm} user of this connection the right to change the record.`
        : isStatus(error)
          ? `Put the contact on the list of a status that ${crm} has, or add the status there.`
          : `Correct the value in ${marketing} or ${crm}; the next change to it tries again.`,
  };
}

function isStatus({ kind, field }: ConnectorError): boolean {
  return kind === 'rejected' && field === 'status';
}

const NO_VALUE = ['blank', 'missing'];

function codeOf(error: ConnectorError): HoldCode {
  if (error.kind === 'forbidden') return 'PERMISSION_DENIED';
  if (isStatus(error)) return 'LEAD_STATUS_UNKNOWN';
  const field = error.field ?? '';
  if (field.includes('address')) return 'ADDRESS_INVALID';
  if (field.endsWith('email')) return 'EMAIL_INVALID';
  const isName = field.endsWith('last_name') || field.endsWith('first_name');
  // A name that is there and refused all the same, too long for one, is not missing.
  if (isName && (error.code === null || NO_VALUE.includes(error.code))) return 'NAME_MISSING';
  return 'REMOTE_REJECTED';
}
