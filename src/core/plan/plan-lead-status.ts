// The status of a linked lead: moves it between lists, or sets it in the CRM from the list that counts. (L2-L9, L19)
import { countingList, listOfStatus } from '../lifecycle/lead-lists.ts';
import { LEAD_STATUS_TABLE } from '../lifecycle/lead-status.table.ts';
import type { Action, Effect } from '../model/plan.ts';
import type { RowId } from '../model/row.ts';
import type { RoleSettings, StatusList, StatusLists } from '../model/settings.ts';
import { addHold, type Draft } from './draft.ts';
import { holdWords } from './hold-words.ts';
import type { Pair } from './plan-pair.ts';
import { directionOf } from './role-rules.ts';

/** Key of the status in a link's base: the CRM's status by name, and the status whose list counts. */
export const STATUS_KEY = '(lead status)';

/** @returns true when the link is paused by this. (L8) */
export function planLeadStatus(draft: Draft, role: RoleSettings, pair: Pair): boolean {
  const lists = role.statusLists;
  const status = pair.record.status;
  if (lists === null || status === null) return false;
  const counting = countingList(draft.view.leadLists, lists, status);
  const base = pair.link?.base[STATUS_KEY] ?? null;
  const onList = counting?.list.status ?? null;
  const before = typeof base?.marketing === 'string' ? base.marketing : null;
  const row = LEAD_STATUS_TABLE.decide({
    crm: base === null || base.crm === status ? 'same' : 'changed',
    lists: onList === null ? (before === null ? 'never' : 'none') : base === null || onList !== before ? 'changed' : 'same',
    equal: onList === status ? 'yes' : 'no',
    targets: directionOf(draft, role) ?? 'none',
    winner: base === null && role.alignment.winner === 'marketing' ? 'marketing' : 'crm',
  });
  if (counting?.guessed === true) noteOrder(draft, role, pair);
  switch (row.then) {
    case 'nothing':
    case 'drift':
      return false;
    case 'agree':
      learn(draft, role, pair, status, status);
      if (lists.enforceSingle) leaveOthers(draft, role, pair, lists, listOfStatus(lists, status), row.id);
      return false;
    case 'move-list':
      moveList(draft, role, pair, lists, status, row.id);
      return false;
    case 'set-status':
      if (counting !== null) setStatus(draft, role, pair, lists, counting.list, status, row.id);
      return false;
    case 'pause':
      if (pair.link !== null && pair.link.state === 'active') {
        draft.effects.push({ type: 'link-state', linkId: pair.link.id, state: 'paused', because: 'L8', row: 'L8' });
        draft.notes.push({ row: 'L8', text: row.because });
      }
      return true;
    default:
      return row.then satisfies never;
  }
}

function noteOrder(draft: Draft, role: RoleSettings, pair: Pair): void {
  addHold(draft, role.role, { code: 'LIST_ORDER_UNKNOWN', row: 'L6', crmId: pair.record.id, ...holdWords.listOrderUnknown(draft.settings.labels) });
}

/** (L3) Onto the list of the CRM's status, and off the others. */
function moveList(draft: Draft, role: RoleSettings, pair: Pair, lists: StatusLists, status: string, row: RowId): void {
  const target = listOfStatus(lists, status);
  if (target === null) {
    addHold(draft, role.role, { code: 'LEAD_STATUS_UNKNOWN', row: 'L13', crmId: pair.record.id, ...holdWords.statusUnknown(status, draft.settings.labels) });
    return;
  }
  const effects: Effect[] = [
    { type: 'base', role: role.role, crmId: pair.record.id, marketingId: pair.marketing.id, fields: { [STATUS_KEY]: { crm: status, marketing: status } }, unconfirmed: {}, settled: [] },
  ];
  if (target.listId !== null) effects.push({ type: 'membership', marketingId: pair.marketing.id, listId: target.listId, member: true });
  draft.lists.push(listAction(draft, pair, row, 'list-add', target, effects));
  leaveOthers(draft, role, pair, lists, target, row);
}

/** Off every lead list but the one that stays. */
export function leaveOthers(draft: Draft, role: RoleSettings, pair: Pair, lists: StatusLists, stays: StatusList | null, row: RowId): void {
  const direction = directionOf(draft, role);
  if (direction === null || direction === 'to-crm' || draft.settings.mode !== 'sync') return;
  for (const { listId } of draft.view.leadLists) {
    const list = lists.lists.find((candidate) => candidate.listId === listId);
    if (list === undefined || listId === stays?.listId) continue;
    draft.lists.push(listAction(draft, pair, row, 'list-remove', list, [{ type: 'membership', marketingId: pair.marketing.id, listId, member: false }]));
  }
}

/** (L5, L13) The list that counts becomes the lead's status. */
function setStatus(draft: Draft, role: RoleSettings, pair: Pair, lists: StatusLists, list: StatusList, from: string, row: RowId): void {
  if (!list.known) {
    addHold(draft, role.role, { code: 'LEAD_STATUS_UNKNOWN', row: 'L13', crmId: pair.record.id, ...holdWords.statusUnknown(list.status, draft.settings.labels) });
    return;
  }
  draft.leadStatus = { from, to: list.status, row };
  if (lists.enforceSingle) leaveOthers(draft, role, pair, lists, list, row);
}

function learn(draft: Draft, role: RoleSettings, pair: Pair, crm: string, marketing: string): void {
  draft.effects.push({
    type: 'base', role: role.role, crmId: pair.record.id, marketingId: pair.marketing.id, fields: { [STATUS_KEY]: { crm, marketing } }, unconfirmed: {}, settled: [],
  });
}

function listAction(draft: Draft, pair: Pair, row: RowId, kind: 'list-add' | 'list-remove', list: StatusList, effects: readonly Effect[]): Action {
  const add = kind === 'list-add';
  const name = `list ${list.status}`;
  return {
    id: `${draft.view.key}/marketing/lead/${kind}/${list.status}`,
    row,
    rows: [row],
    lane: 'list',
    kind,
    system: 'marketing',
    entity: 'lead',
    email: pair.marketing.email,
    crmId: pair.record.id,
    marketingId: pair.marketing.id,
    changes: { [name]: { from: add ? null : list.status, to: add ? list.status : null } },
    clears: false,
    crm: null,
    marketing: { set: {}, ...(list.listId === null ? {} : add ? { lists: [list.listId] } : { leaveList: list.listId }) },
    effects,
  };
}
