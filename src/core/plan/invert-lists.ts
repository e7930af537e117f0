// Lead lists that the run joined a contact to or took it off: the other way round, unless somebody moved it since. (L3, L5, D7)
import { countingList } from '../lifecycle/lead-lists.ts';
import type { Action } from '../model/plan.ts';
import type { Settings, StatusLists } from '../model/settings.ts';
import { undoAction } from './invert-action.ts';
import type { Target } from './invert-target.ts';
import type { UndoView } from './invert-view.ts';

/** One list over the whole run. */
interface Move {
  readonly listId: string;
  readonly name: string;
  readonly memberBefore: boolean;
  readonly memberAfter: boolean;
}

export function invertLists(view: UndoView, settings: Settings, target: Target): void {
  const moves = movesOf(target).filter((move) => move.memberBefore !== move.memberAfter);
  if (moves.length === 0) return;
  const lists = settings.roles.lead.statusLists;
  if (lists === null) {
    target.skip(moves[0]?.name ?? null, null, 'stays: leads are switched off');
    return;
  }
  const now = new Set(view.leadLists.map(({ listId }) => listId));
  const due = moves.filter((move) => now.has(move.listId) === move.memberAfter);
  const present = movedSince(view, moves, lists);
  if (present !== null) {
    for (const move of due)
      target.skip(move.name, present, 'was changed since: the contact is on another lead list now');
    return;
  }
  for (const move of due) {
    (move.memberAfter ? target.left : target.joined).push(move.listId);
    target.actions.push(moveBack(target, move));
  }
}

function movesOf(target: Target): readonly Move[] {
  const moves = new Map<string, Move>();
  for (const { action } of target.writes) {
    const name = Object.keys(action.changes).find((candidate) => candidate.startsWith('list ')) ?? 'list';
    const add = (listId: string, joins: boolean): void => {
      const known = moves.get(listId);
      moves.set(listId, { listId, name, memberBefore: known?.memberBefore ?? !joins, memberAfter: joins });
    };
    for (const listId of action.marketing?.lists ?? []) add(listId, true);
    if (action.marketing?.leaveList !== undefined) add(action.marketing.leaveList, false);
  }
  return [...moves.values()];
}

/** Where the run joined a list, that list must still be the one that counts: the status of the one that does instead, else null. */
function movedSince(view: UndoView, moves: readonly Move[], lists: StatusLists): string | null {
  const joined = moves.filter((move) => move.memberAfter);
  const counting = countingList(view.leadLists, lists, null);
  if (joined.length === 0 || counting === null) return null;
  return joined.some((move) => move.listId === counting.list.listId) ? null : counting.list.status;
}

function moveBack(target: Target, move: Move): Action {
  const { listId, name } = move;
  const status = name.slice('list '.length);
  const state = target.marketing?.channel.state;
  // Joining may lift an opt-out from the list: it is said again. (L19)
  const channel = state === 'unsubscribed' || state === 'suppressed' ? { channel: { state } } : {};
  const effects: Action['effects'] = [
    {
      type: 'membership',
      marketingId: target.id,
      listId,
      member: !move.memberAfter,
      ...(move.memberAfter ? {} : { old: true as const }),
    },
  ];
  return move.memberAfter
    ? undoAction(target, {
        name: `leave/${listId}`,
        lane: 'list',
        kind: 'list-remove',
        changes: { [name]: { from: status, to: null } },
        crm: null,
        marketing: { set: {}, leaveList: listId },
        effects,
      })
    : undoAction(target, {
        name: `join/${listId}`,
        lane: 'list',
        kind: 'list-add',
        changes: { [name]: { from: null, to: status } },
        crm: null,
        marketing: { set: {}, lists: [listId], ...channel },
        effects,
      });
}
