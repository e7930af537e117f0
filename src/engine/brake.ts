// Holds a plan against the safety limits: parks the kinds that are above theirs, lets the rest go on. (R14)
import type { Hold } from '../core/model/hold.ts';
import type { Role } from '../core/model/identity.ts';
import type { ActionKind } from '../core/model/plan.ts';
import { type BrakeCount, type BrakeKind, brakeOf, type Tripped, trippedBrakes } from '../core/plan/brakes.ts';
import { UNDO_ROW } from '../core/plan/invert-view.ts';
import { type ActionCount, countActions, countWritesSince, listActions, moveActions, type StoredAction } from '../store/actions.ts';
import { openHolds } from '../store/hold-reconcile.ts';
import { countLinks } from '../store/links.ts';
import type { Cycle } from './engine.ts';
import { setAnchorsDirty } from './settle.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const PAGE = 500;

/**
 * What was above its limit in this run, parked or only told.
 * @param only the brakes that stand over this run; left out = all of them
 */
export async function applyBrakes(cycle: Cycle, only?: readonly BrakeKind[]): Promise<readonly Tripped[]> {
  const run = await countActions(cycle.store, cycle.runId);
  if (run.length === 0) return [];
  const since = new Date(Date.parse(cycle.now()) - DAY_MS).toISOString();
  const day = await countWritesSince(cycle.store, cycle.name, since, cycle.runId);
  const links: Record<Role, number> = { contact: 0, lead: 0 };
  for (const { role, state, total } of await countLinks(cycle.store, cycle.name)) if (state === 'active') links[role] += total;
  const all = trippedBrakes(merge(run.filter((group) => group.state === 'planned' || group.state === 'done'), day), links, cycle.brakes);
  const tripped = all.filter(({ kind }) => only === undefined || only.includes(kind));
  for (const trip of tripped) if (trip.action === 'park') await park(cycle, trip);
  return tripped;
}

function merge(run: readonly ActionCount[], day: readonly ActionCount[]): readonly BrakeCount[] {
  const counts = new Map<string, BrakeCount>();
  const add = (group: ActionCount, part: 'run' | 'day'): void => {
    const kind = brakeOf(group.kind, group.clears, group.lane === 'opt-in');
    if (kind === null) return;
    const key = `${kind} ${group.entity}`;
    const before = counts.get(key) ?? { kind, role: group.entity, run: 0, day: 0 };
    counts.set(key, { ...before, [part]: before[part] + group.total });
  };
  for (const group of run) add(group, 'run');
  for (const group of day) add(group, 'day');
  return [...counts.values()];
}

const KINDS: { readonly [K in Tripped['kind']]: { readonly kind: ActionKind; readonly clears?: boolean } | null } = {
  create: { kind: 'create' },
  update: { kind: 'update', clears: false },
  clear: { kind: 'update', clears: true },
  delete: { kind: 'delete' },
  listRemove: { kind: 'list-remove' },
  // Opt-outs always go on. (O17)
  unsubscribe: null,
  unsubscribeStop: null,
  resubscribe: { kind: 'set-consent' },
};

async function park(cycle: Cycle, trip: Tripped): Promise<void> {
  const only = KINDS[trip.kind];
  if (only === null) return;
  await moveActions(cycle.store, cycle.runId, ['planned'], 'parked', { ...only, entity: trip.role });
  await tellParked(cycle, trip);
}

/** The persons wait: they are not planned again by themselves, and each of them says so. */
async function tellParked(cycle: Cycle, trip: Tripped): Promise<void> {
  for (let afterSeq = -1; ; ) {
    const parked = await listActions(cycle.store, cycle.runId, { afterSeq, limit: PAGE, states: ['parked'] });
    const last = parked.at(-1);
    if (last === undefined) return;
    afterSeq = last.seq;
    const page = parked.filter(({ action }) => action.entity === trip.role && brakeOf(action.kind, action.clears, action.lane === 'opt-in') === trip.kind);
    await cycle.store.transaction(async (tx) => {
      // Of an undo everybody stays marked: their news were not planned by it.
      await setAnchorsDirty(tx, cycle.name, page.filter(({ action }) => action.row !== UNDO_ROW), false);
      await openHolds(tx, cycle.name, page.map((action) => ({ key: action.personKey, records: [], holds: [parkedHold(cycle, action, trip)] })), cycle.now());
    });
  }
}

function parkedHold(cycle: Cycle, { action }: StoredAction, trip: Tripped): Hold {
  return {
    code: 'BRAKE_PARKED',
    row: action.row === UNDO_ROW ? UNDO_ROW : action.kind === 'delete' ? 'D18' : action.kind === 'list-remove' ? 'L18' : 'R14',
    entity: action.entity,
    email: action.email,
    crmId: action.crmId,
    marketingId: action.marketingId,
    field: null,
    message: `This run would ${trip.kind} ${trip.run} records, more than the limit of ${trip.limit}; they wait for approval.`,
    fix: `Look at the plan with "lockstep runs ${cycle.runId}", then "lockstep approve ${cycle.runId}" or "lockstep reject ${cycle.runId}".`,
    refs: [],
  };
}
