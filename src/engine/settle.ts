// Records outcomes: action, mirror, links and bases in one transaction a batch. What failed keeps its mark. (R4, R17)
import { answeredAt, metInstead } from '../core/consent/state-words.ts';
import type { Hold, HoldCode } from '../core/model/hold.ts';
import { ROLES, type Role } from '../core/model/identity.ts';
import type { ActionKind, Effect } from '../core/model/plan.ts';
import type { CrmRecord, MarketingRecord } from '../core/model/record.ts';
import type { RowId } from '../core/model/row.ts';
import type { Raw } from '../core/model/value.ts';
import { UNDO_ROW } from '../core/plan/invert-view.ts';
import { type Settlement, type StoredAction, settleActions } from '../store/actions.ts';
import { getCrm, markCrmDeleted, setCrmDirty, upsertCrm } from '../store/crm-records.ts';
import type { Tx } from '../store/executor.ts';
import { openHolds } from '../store/hold-reconcile.ts';
import { getMarketing, setMarketingDirty, writeAssumedMarketing } from '../store/marketing-records.ts';
import { applyEffects, type Learnt } from './effects.ts';
import type { Cycle } from './engine.ts';
import { markGone } from './mark-gone.ts';
import { addressKey, crmItem, marketingItem } from './mirror-items.ts';

export type Outcome =
  /** The CRM answered with the record as it now stands. */
  | { readonly type: 'crm-done'; readonly record: CrmRecord }
  /** The bulk job reported the row as done; it is read back in the next cycle. */
  | {
      readonly type: 'marketing-done';
      readonly id: string;
      readonly created: boolean | null;
      readonly warning: string | null;
    }
  /** A resubscription was accepted, or a confirmation mail was sent: nothing is assumed until it is read back. (O3) */
  | { readonly type: 'consent-asked'; readonly id: string; readonly answer: 'added' | 'challenged' }
  /** The contact left the list; nothing else of it changed. */
  | { readonly type: 'list-done'; readonly id: string }
  /** The contact was deleted in the marketing system, by us. */
  | { readonly type: 'contact-deleted'; readonly id: string }
  /** The record was deleted in the CRM, by us. (undo) */
  | { readonly type: 'record-removed'; readonly id: string }
  /** Refused for good until somebody changes something. (S25) */
  | { readonly type: 'held'; readonly code: HoldCode; readonly error: string; readonly fix: string }
  /** Will be tried again by the next run. `lost`: it may have been done all the same. */
  | { readonly type: 'failed'; readonly error: string; readonly lost?: boolean }
  /** The target moved since it was planned; the person is planned again. (R6) */
  | { readonly type: 'dropped'; readonly record: CrmRecord }
  /** What it was planned from is no longer so; the person is planned again. */
  | { readonly type: 'outdated'; readonly error: string }
  /** The target is gone; what that means is decided by the next plan. */
  | { readonly type: 'gone'; readonly error: string };

export interface Settled {
  readonly action: StoredAction;
  readonly outcome: Outcome;
}

const STATE: { readonly [T in Outcome['type']]: Settlement['state'] } = {
  'crm-done': 'done',
  'marketing-done': 'done',
  'consent-asked': 'done',
  'list-done': 'done',
  'contact-deleted': 'done',
  'record-removed': 'done',
  held: 'held',
  failed: 'failed',
  dropped: 'dropped',
  outdated: 'dropped',
  gone: 'dropped',
};

export async function settle(cycle: Cycle, items: readonly Settled[]): Promise<void> {
  if (items.length === 0) return;
  const news = await cycle.store.transaction(async (tx) => {
    const now = cycle.now();
    await settleActions(tx, cycle.runId, items.map(settlementOf), now);
    await markAnchors(tx, cycle, items);
    const differing = await mirrorCrm(tx, cycle, items, now);
    await mirrorMarketing(tx, cycle, items, now);
    await applyEffects(tx, cycle, items.map(learntFrom), cycle.runId);
    await holdRefused(tx, cycle, items, now);
    return differing;
  });
  for (const key of news) cycle.news.add(key);
  for (const { action, outcome } of items)
    if (STATE[outcome.type] === 'dropped') for (const key of anchorsOf(action)) cycle.news.add(key);
}

/** How a record is told from all others of its connection. */
export function recordKey(role: Role | 'marketing', id: string): string {
  return `${role}:${id}`;
}

function anchorsOf({ action }: StoredAction): readonly string[] {
  const { crmId, entity, marketingId } = action;
  return [
    ...(marketingId === null ? [] : [recordKey('marketing', marketingId)]),
    ...(crmId === null ? [] : [recordKey(entity, crmId)]),
  ];
}

/** A create whose answer was lost is looked up by the next run before anything is planned: nobody is made twice. (contract 6) */
function stateOf({ action }: StoredAction, outcome: Outcome): Settlement['state'] {
  const isOpen = outcome.type === 'failed' && outcome.lost === true && action.kind === 'create';
  return isOpen ? 'unknown' : STATE[outcome.type];
}

function settlementOf({ action, outcome }: Settled): Settlement {
  const base = { seq: action.seq, state: stateOf(action, outcome), error: null, outcome: null };
  switch (outcome.type) {
    case 'crm-done':
      // The record's own time right after our write: whoever edits it later moves it on. (R17)
      return { ...base, crmId: outcome.record.id, outcome: { updatedAt: outcome.record.updatedAt } };
    case 'marketing-done':
      return { ...base, marketingId: outcome.id, outcome: marketingNews(action, outcome) };
    case 'consent-asked':
      return { ...base, outcome: { answer: outcome.answer } };
    case 'list-done':
    case 'contact-deleted':
    case 'record-removed':
      return base;
    case 'held':
      return { ...base, error: outcome.error, outcome: { code: outcome.code } };
    case 'failed':
    case 'outdated':
    case 'gone':
      return { ...base, error: outcome.error };
    case 'dropped':
      return { ...base, error: 'The record changed in the meantime; the person is planned again.' };
    default:
      return outcome satisfies never;
  }
}

/** What undo and the reader must know of a row that went through: it met a contact that was there already, or may have, or a part was refused. */
function marketingNews(
  { action }: StoredAction,
  { created, warning }: Extract<Outcome, { type: 'marketing-done' }>,
): object | null {
  const met = action.kind === 'create' && created !== true;
  return met || warning !== null ? { ...(met ? { created } : {}), ...(warning === null ? {} : { warning }) } : null;
}

/** A target that moved or is gone is planned again in this run; what failed is marked when the run ends. An undo plans nobody's news: all stay marked. */
async function markAnchors(tx: Tx, cycle: Cycle, items: readonly Settled[]): Promise<void> {
  for (const dirty of [false, true]) {
    const part = items
      .filter(({ action, outcome }) => (STATE[outcome.type] === 'dropped' || isUndo(action)) === dirty)
      .map(({ action }) => action);
    await setAnchorsDirty(tx, cycle.name, part, dirty, dirty ? undefined : cycle.news);
  }
}

function isUndo({ action }: StoredAction): boolean {
  return action.row === UNDO_ROW;
}

/** The records an action is about, on both sides. @param except records that keep the mark they have, by `recordKey` */
export async function setAnchorsDirty(
  tx: Tx,
  connection: string,
  actions: readonly StoredAction[],
  dirty: boolean,
  except: ReadonlySet<string> = new Set(),
): Promise<void> {
  const others = (place: Role | 'marketing', ids: readonly string[]): readonly string[] =>
    ids.filter((id) => !except.has(recordKey(place, id)));
  const contacts = actions.flatMap(({ action }) => action.marketingId ?? []);
  await setMarketingDirty(tx, connection, others('marketing', contacts), dirty);
  for (const role of ROLES) {
    const own = actions.flatMap(({ action }) => (action.entity === role && action.crmId !== null ? action.crmId : []));
    await setCrmDirty(tx, connection, role, others(role, own), dirty);
  }
}

/**
 * The answer is stored as it came; a record that differs from what we meant keeps its mark, so that no edit is lost: neither here
 * nor when a further write about it is settled, which starts from that answer.
 * @returns those that differ, or leave something open, by `recordKey`
 */
async function mirrorCrm(tx: Tx, cycle: Cycle, items: readonly Settled[], now: string): Promise<readonly string[]> {
  const differing: string[] = [];
  for (const role of ROLES) {
    const removed = items.flatMap(({ action, outcome }) =>
      outcome.type === 'record-removed' && action.action.entity === role ? [{ id: outcome.id, revision: null }] : [],
    );
    await markCrmDeleted(tx, cycle.name, role, removed, now);
    const answers = items.flatMap(({ action, outcome }) =>
      action.action.entity === role && (outcome.type === 'crm-done' || outcome.type === 'dropped')
        ? [{ action, outcome }]
        : [],
    );
    if (answers.length === 0) continue;
    const before = new Map(
      (
        await getCrm(
          tx,
          cycle.name,
          role,
          answers.map(({ outcome }) => outcome.record.id),
        )
      ).map((item) => [item.record.id, item.record]),
    );
    await upsertCrm(
      tx,
      cycle.name,
      answers.map(({ outcome }) => crmItem(outcome.record)),
      now,
    );
    const asMeant: string[] = [];
    for (const { action, outcome } of answers) {
      if (outcome.type !== 'crm-done' || isUndo(action)) continue;
      const { id } = outcome.record;
      const key = recordKey(role, id);
      if (!isAsMeant(action, before.get(id) ?? null, outcome.record) || leavesOpen(cycle, action)) differing.push(key);
      else if (!cycle.news.has(key)) asMeant.push(id);
    }
    await setCrmDirty(tx, cycle.name, role, asMeant, false);
  }
  return differing;
}

function isAsMeant(action: StoredAction, before: CrmRecord | null, after: CrmRecord): boolean {
  const { kind, crm } = action.action;
  // Consent is written past the field rules: where its field or its tags are mapped too, they have news now. (R19)
  const set = kind === 'set-consent' ? {} : (crm?.set ?? {});
  return (
    addressKey(after.email) === addressKey(crm?.email ?? before?.email ?? null) &&
    Object.entries(after.values).every(([path, value]) => sameRaw(value, set[path] ?? before?.values[path] ?? null))
  );
}

function sameRaw(a: Raw, b: Raw): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** Assumes what was written until it is read back. (R4) */
async function mirrorMarketing(tx: Tx, cycle: Cycle, items: readonly Settled[], now: string): Promise<void> {
  const done = items.flatMap(({ action, outcome }) => (outcome.type === 'marketing-done' ? [{ action, outcome }] : []));
  const gone = items.flatMap(({ action, outcome }) =>
    outcome.type === 'gone' && action.action.system === 'marketing' ? (action.action.marketingId ?? []) : [],
  );
  const deleted = items.flatMap(({ outcome }) => (outcome.type === 'contact-deleted' ? [outcome.id] : []));
  await markGone(tx, cycle, [...gone, ...deleted], now);
  const before = new Map(
    (
      await getMarketing(
        tx,
        cycle.name,
        done.map(({ outcome }) => outcome.id),
      )
    ).map((item) => [item.record.id, item.record]),
  );
  await writeAssumedMarketing(
    tx,
    cycle.name,
    done.map(({ action, outcome }) => ({
      ...marketingItem(assumed(cycle, action, before.get(outcome.id) ?? null, outcome.id, now)),
      dirty: isPlannedAgain(action) || (outcome.created === true && leavesOpen(cycle, action)),
    })),
    now,
  );
}

/**
 * Whether a new record was left without some mapped field, which the direction does not let there: it is planned again, so that the
 * blank is remembered, and whatever somebody puts there next is news and no old difference. (R1, C5, C6)
 */
function leavesOpen({ settings }: Cycle, { action: { kind, effects } }: StoredAction): boolean {
  if (kind !== 'create') return false;
  const known = new Set(
    effects.flatMap((effect) =>
      effect.type === 'base' ? [...Object.keys(effect.fields), ...Object.keys(effect.unconfirmed)] : [],
    ),
  );
  return effects.some(
    (effect) =>
      effect.type === 'link' &&
      effect.state === 'active' &&
      settings.roles[effect.role].fields.some(({ key }) => !known.has(key)),
  );
}

/** Opt-outs that somebody spoke and a new contact starts with. */
const SPOKEN: readonly RowId[] = ['C22', 'C23', 'O1'];

/**
 * Whom a write makes news of: who stays behind at the old address is a person of its own from now on (C3, C20), and the CRM may still
 * have to hear of an opt-out that a new contact starts with: an account may show nobody who left, so it would not be read back. (O7)
 */
function isPlannedAgain(action: StoredAction): boolean {
  const { kind, marketing, rows } = action.action;
  return (
    isUndo(action) || marketing?.email !== undefined || (kind === 'create' && rows.some((row) => SPOKEN.includes(row)))
  );
}

function assumed(
  cycle: Cycle,
  action: StoredAction,
  before: MarketingRecord | null,
  id: string,
  now: string,
): MarketingRecord {
  const write = action.action.marketing;
  const blank = Object.fromEntries(cycle.marketingSelection.fields.map((name) => [name, null]));
  const channel = write?.channel;
  return {
    id,
    email: write?.email ?? before?.email ?? action.action.email,
    values: { ...blank, ...before?.values, ...write?.set },
    channel:
      channel === undefined
        ? (before?.channel ?? { state: 'none', reason: 'noSubscription', optInType: 'unknown' })
        : {
            state: channel.state,
            reason: channel.state,
            optInType: channel.optInType ?? before?.channel.optInType ?? 'unknown',
          },
    lists: cycle.marketingSelection.lists
      ? [...new Set([...(before?.lists ?? []), ...(write?.lists ?? [])])].sort()
      : null,
    createdAt: before?.createdAt ?? null,
    updatedAt: before?.updatedAt ?? now,
    state: 'present',
    assumed: true,
  };
}

function learntFrom({ action, outcome }: Settled): Learnt {
  const { effects, otherwise = [] } = action.action;
  const learnt = STATE[outcome.type] === 'done' ? effects : otherwise;
  return {
    effects: inLightOf(outcome, action.action.kind, learnt),
    crmId: outcome.type === 'crm-done' ? outcome.record.id : action.action.crmId,
    marketingId: outcome.type === 'marketing-done' ? outcome.id : action.action.marketingId,
    address: action.emailKey,
  };
}

function inLightOf(outcome: Outcome, kind: ActionKind, learnt: readonly Effect[]): readonly Effect[] {
  if (outcome.type === 'crm-done') return answeredAt(learnt, outcome.record.updatedAt);
  return kind === 'create' && outcome.type === 'marketing-done' && outcome.created !== true
    ? metInstead(learnt)
    : learnt;
}

/** (S25, 4.9) What a service refused waits for a change to one of the records; the plan's own holds stay beside it. */
async function holdRefused(tx: Tx, cycle: Cycle, items: readonly Settled[], now: string): Promise<void> {
  const held = items.flatMap(({ action, outcome }) =>
    outcome.type === 'held' ? [{ key: action.personKey, holds: [refusal(action, outcome)] }] : [],
  );
  if (held.length > 0) await openHolds(tx, cycle.name, held, now);
}

function refusal({ action }: StoredAction, outcome: Extract<Outcome, { type: 'held' }>): Hold {
  return {
    code: outcome.code,
    row: action.row,
    entity: action.entity,
    email: action.email,
    crmId: action.crmId,
    marketingId: action.marketingId,
    field: null,
    message: outcome.error,
    fix: outcome.fix,
    refs: [
      ...(action.crmId === null ? [] : [{ system: 'crm', entity: action.entity, id: action.crmId } as const]),
      ...(action.marketingId === null
        ? []
        : [{ system: 'marketing', entity: 'contact', id: action.marketingId } as const]),
    ],
  };
}
