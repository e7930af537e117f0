// The status of a linked lead: moves it between lists, or sets it in the CRM from the list that counts. (L2-L10, L19)
import { type CountingList, countingList, listOfStatus, lostLists } from '../lifecycle/lead-lists.ts';
import { LEAD_STATUS_TABLE, type LeadStatusFacts } from '../lifecycle/lead-status.table.ts';
import { allowsWriteTo } from '../model/identity.ts';
import type { BaseField } from '../model/link.ts';
import type { Action, Change, Effect, MarketingWrite } from '../model/plan.ts';
import type { MarketingChannel } from '../model/record.ts';
import type { RowId } from '../model/row.ts';
import type { RoleSettings, StatusList, StatusLists } from '../model/settings.ts';
import { addHold, type Draft } from './draft.ts';
import { holdWords } from './hold-words.ts';
import type { Pair } from './pair.ts';
import { directionOf } from './role-rules.ts';

/** Key of the status in a link's base: the CRM's status by name, and the status whose list counts. */
export const STATUS_KEY = '(lead status)';

/** Key in a link's base that says the person had opted out when the lists were last looked at. (decision 24) */
export const OPTED_OUT_KEY = '(opted out)';

/** @returns true when the link is paused by this. (L8) */
export function planLeadStatus(draft: Draft, role: RoleSettings, pair: Pair): boolean {
  const lists = role.statusLists;
  const status = pair.record.status;
  if (lists === null || status === null) return false;
  const counting = countingList(draft.view.leadLists, lists, status);
  const onList = counting?.list.status ?? null;
  const stored = pair.link?.base[STATUS_KEY] ?? null;
  const base = draft.settings.mode === 'align' && stored?.undone === true && onList !== status ? null : stored;
  const where = placeOf(draft, pair, lists, counting, base);
  // At the first look neither side is news: the alignment's winner decides between them. (4.8)
  const firstLook = base === null && draft.settings.mode === 'align';
  const row = LEAD_STATUS_TABLE.decide({
    crm: !firstLook && (base === null || base.crm === status) ? 'same' : 'changed',
    lists: where,
    equal: onList === status && where !== 'lost' ? 'yes' : 'no',
    targets: directionOf(draft, role) ?? 'none',
    winner: base === null && role.alignment.winner === 'marketing' ? 'marketing' : 'crm',
  });
  if (counting?.guessed === true) noteOrder(draft, role, pair);
  rememberOptOut(draft, role, pair, where);
  if (where !== 'lost') forgetLost(draft, pair, lists);
  switch (row.then) {
    case 'nothing':
      // Lists that an undo put back stay until either side moves. (decision 27)
      if (lists.enforceSingle && base?.undone !== true)
        leaveOthers(draft, role, pair, lists, listOfStatus(lists, status), row.id, null);
      return false;
    case 'drift':
      return false;
    case 'agree': {
      // A base that differs from itself marks a move whose last step is still to be done. (L3)
      const unfinished = base !== null && base.crm !== base.marketing;
      const learnt = { crm: status, marketing: status };
      if (unfinished && draft.settings.mode !== 'sync') {
        draft.later = true;
        return false;
      }
      const leaves =
        (lists.enforceSingle || unfinished) &&
        leaveOthers(draft, role, pair, lists, listOfStatus(lists, status), row.id, learnt);
      if (!leaves) learn(draft, role, pair, STATUS_KEY, learnt);
      return false;
    }
    case 'move-list':
      moveList(draft, role, pair, lists, status, row.id);
      return false;
    case 'set-status':
      if (counting !== null) setStatus(draft, role, pair, lists, counting.list, status, row.id);
      return false;
    case 'pause':
      if (pair.link !== null) {
        draft.effects.push({ type: 'link-state', linkId: pair.link.id, state: 'paused', because: 'L8', row: 'L8' });
        draft.notes.push({ row: 'L8', text: row.because });
      }
      return true;
    default:
      return row.then satisfies never;
  }
}

function placeOf(
  draft: Draft,
  pair: Pair,
  lists: StatusLists,
  counting: CountingList | null,
  base: BaseField | null,
): LeadStatusFacts['lists'] {
  const before = typeof base?.marketing === 'string' ? base.marketing : null;
  const lost = lostLists(draft.view.leadLists, lists);
  if (lost.length > 0 && (counting === null || lost.some(({ since }) => (since ?? '') >= counting.since)))
    return 'lost';
  if (counting !== null) return counting.list.status === before ? 'same' : 'changed';
  if (before === null) return 'never';
  if (isOut(pair.marketing.channel)) return 'left';
  return pair.link?.base[OPTED_OUT_KEY]?.marketing === true ? 'back' : 'none';
}

/** Whoever opts out may lose their lists by it, now or when they come back: that is nobody's taking them off. (decision 24) */
function rememberOptOut(draft: Draft, role: RoleSettings, pair: Pair, where: LeadStatusFacts['lists']): void {
  const known = pair.link?.base[OPTED_OUT_KEY]?.marketing === true;
  const out = isOut(pair.marketing.channel);
  // Until they are back on a list, it is remembered why they are on none.
  if (known !== out && (out || where !== 'back'))
    learn(draft, role, pair, OPTED_OUT_KEY, { crm: null, marketing: out ? true : null });
}

function isOut({ state }: MarketingChannel): boolean {
  return state === 'unsubscribed' || state === 'suppressed' || state === 'blocked' || state === 'hard-bounced';
}

function forgetLost(draft: Draft, pair: Pair, lists: StatusLists): void {
  draft.effects.push(...leftBehind(draft, pair, lists));
}

function leftBehind(draft: Draft, pair: Pair, lists: StatusLists): readonly Effect[] {
  return lostLists(draft.view.leadLists, lists).map(({ listId }) => ({
    type: 'membership',
    marketingId: pair.marketing.id,
    listId,
    member: false,
  }));
}

function noteOrder(draft: Draft, role: RoleSettings, pair: Pair): void {
  addHold(draft, role.role, {
    code: 'LIST_ORDER_UNKNOWN',
    row: 'L6',
    crmId: pair.record.id,
    ...holdWords.listOrderUnknown(draft.settings.labels),
  });
}

/** (L3) Onto the list of the CRM's status, and off the others: the move is over when the last of them is left. */
function moveList(draft: Draft, role: RoleSettings, pair: Pair, lists: StatusLists, status: string, row: RowId): void {
  const target = listOfStatus(lists, status);
  if (target === null) {
    addHold(draft, role.role, {
      code: 'LEAD_STATUS_UNKNOWN',
      row: 'L13',
      crmId: pair.record.id,
      ...holdWords.statusUnknown(status, draft.settings.labels),
    });
    return;
  }
  const before = pair.link?.base[STATUS_KEY]?.marketing ?? null;
  const done = { crm: status, marketing: status };
  const leaves = (row !== 'L10' || lists.enforceSingle) && leaveOthers(draft, role, pair, lists, target, row, done);
  const effects: Effect[] = [baseEffect(role, pair, STATUS_KEY, leaves ? { crm: status, marketing: before } : done)];
  if (pair.link?.base[OPTED_OUT_KEY]?.marketing === true && !isOut(pair.marketing.channel)) {
    effects.push(baseEffect(role, pair, OPTED_OUT_KEY, { crm: null, marketing: null }));
  }
  const { listId } = target;
  if (listId !== null) effects.push({ type: 'membership', marketingId: pair.marketing.id, listId, member: true });
  effects.push(...leftBehind(draft, pair, lists));
  const join = listId === null ? {} : { lists: [listId], ...restated(pair.marketing.channel) };
  draft.lists.push(listAction(draft, pair, row, 'list-add', status, { from: null, to: status }, join, effects));
}

/**
 * Off every lead list but the one that stays.
 * @param learnt what both sides agree on once the last list is left.
 * @returns whether there is a list to leave
 */
function leaveOthers(
  draft: Draft,
  role: RoleSettings,
  pair: Pair,
  lists: StatusLists,
  stays: StatusList | null,
  row: RowId,
  learnt: BaseField | null,
): boolean {
  if (draft.settings.mode !== 'sync' || !allowsWriteTo(role.direction, 'marketing')) return false;
  const others = draft.view.leadLists.flatMap(({ listId }) => {
    const list = lists.lists.find((one) => one.listId === listId && listId !== stays?.listId);
    return list === undefined ? [] : [{ listId, status: list.status }];
  });
  for (const [n, { listId, status }] of others.entries()) {
    const effects: Effect[] = [{ type: 'membership', marketingId: pair.marketing.id, listId, member: false }];
    if (learnt !== null && n === others.length - 1) effects.push(baseEffect(role, pair, STATUS_KEY, learnt));
    const change = { from: status, to: null };
    draft.lists.push(listAction(draft, pair, row, 'list-remove', status, change, { leaveList: listId }, effects));
  }
  return others.length > 0;
}

/** (L5, L13) The list that counts becomes the lead's status. */
function setStatus(
  draft: Draft,
  role: RoleSettings,
  pair: Pair,
  lists: StatusLists,
  list: StatusList,
  from: string,
  row: RowId,
): void {
  if (!list.known) {
    addHold(draft, role.role, {
      code: 'LEAD_STATUS_UNKNOWN',
      row: 'L13',
      crmId: pair.record.id,
      ...holdWords.statusUnknown(list.status, draft.settings.labels),
    });
    return;
  }
  draft.leadStatus = { from, to: list.status, row };
  if (lists.enforceSingle) leaveOthers(draft, role, pair, lists, list, row, null);
}

function learn(draft: Draft, role: RoleSettings, pair: Pair, key: string, field: BaseField): void {
  draft.effects.push(baseEffect(role, pair, key, field));
}

function baseEffect(role: RoleSettings, pair: Pair, key: string, field: BaseField): Effect {
  return {
    type: 'base',
    role: role.role,
    crmId: pair.record.id,
    marketingId: pair.marketing.id,
    fields: { [key]: field },
    unconfirmed: {},
    settled: [],
  };
}

function listAction(
  draft: Draft,
  pair: Pair,
  row: RowId,
  kind: 'list-add' | 'list-remove',
  status: string,
  change: Change,
  write: Omit<MarketingWrite, 'set'>,
  effects: readonly Effect[],
): Action {
  return {
    id: `${draft.view.key}/marketing/lead/${kind}/${status}`,
    row,
    rows: [row],
    lane: 'list',
    kind,
    system: 'marketing',
    entity: 'lead',
    email: pair.marketing.email,
    crmId: pair.record.id,
    marketingId: pair.marketing.id,
    changes: { [`list ${status}`]: change },
    clears: false,
    crm: null,
    marketing: { set: {}, ...write },
    effects,
  };
}

/** (L19) Joining a list may lift an opt-out from it: whoever opted out is put there with the opt-out said again. */
function restated({ state }: MarketingChannel): {
  readonly channel?: { readonly state: 'unsubscribed' | 'suppressed' };
} {
  return state === 'unsubscribed' || state === 'suppressed' ? { channel: { state } } : {};
}
