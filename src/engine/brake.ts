// Holds a plan against the safety limits: parks the kinds that are above theirs, lets the rest go on. (R14)
import type { Hold } from '../core/model/hold.ts';
import type { Role, System } from '../core/model/identity.ts';
import type { ActionKind, Lane } from '../core/model/plan.ts';
import { type BrakeCount, type BrakeKind, brakeOf, type Tripped, trippedBrakes } from '../core/plan/brakes.ts';
import { UNDO_ROW } from '../core/plan/invert-view.ts';
import {
  type ActionCount,
  countActions,
  countWritesSince,
  listActions,
  moveActions,
  type StoredAction,
} from '../store/actions.ts';
import { openHolds } from '../store/hold-reconcile.ts';
import { countLinks, iterateLinks } from '../store/links.ts';
import { getMarketing } from '../store/marketing-records.ts';
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
  for (const { role, state, total } of await countLinks(cycle.store, cycle.name))
    if (state === 'active') links[role] += total;
  const now = run.filter((group) => group.state === 'planned' || group.state === 'done');
  const all = [...trippedBrakes(merge(now, day), links, cycle.brakes), ...(await massOptOut(cycle, now, day))];
  const tripped = all.filter(({ kind }) => only === undefined || only.includes(kind));
  for (const trip of tripped) {
    // Opt-outs below the second limit go on, whatever the configuration says. (O17)
    if (trip.action === 'park' && trip.kind !== 'unsubscribe') await park(cycle, trip);
    else tell(cycle, trip);
  }
  return tripped;
}

/** Not stopped, but nobody should learn of it by chance. (O17) */
function tell(cycle: Cycle, { kind, run, day, limit, role }: Tripped): void {
  const many = day === 0 ? `${run}` : `${run} (and ${day} in the day before)`;
  const text =
    kind === 'unsubscribe'
      ? `CRITICAL: this run opts ${many} people out, more than the limit of ${limit}. Opt-outs are never held back; look whether somebody set them by mistake.`
      : `This run would ${kind} ${many} records (${role}s), more than the limit of ${limit}; it was not stopped.`;
  if (!cycle.notices.includes(text)) cycle.notices.push(text);
}

/**
 * (O17) So many opt-outs written to marketing at once are more likely a slip than people's will, and hard to take back: above
 * the larger of the count and the share of linked people now subscribed they wait for one decision.
 */
async function massOptOut(
  cycle: Cycle,
  run: readonly ActionCount[],
  day: readonly ActionCount[],
): Promise<readonly Tripped[]> {
  const brake = cycle.brakes.unsubscribeStop;
  const isOptOut = ({ kind, lane, system }: ActionCount): boolean =>
    kind === 'set-consent' && lane === 'opt-out' && system === 'marketing';
  const sum = (groups: readonly ActionCount[]): number =>
    groups.filter(isOptOut).reduce((total, group) => total + group.total, 0);
  const count = { kind: 'unsubscribeStop', role: 'contact', run: sum(run), day: sum(day) } as const;
  if (count.run === 0 || count.run + count.day <= brake.count) return [];
  // Those who were unsubscribed in the day before were subscribed when the counting began.
  const limit = Math.max(
    brake.count,
    Math.floor((((await subscribedPeople(cycle)) + count.day) * brake.percent) / 100),
  );
  return count.run + count.day > limit ? [{ ...count, limit, action: brake.action }] : [];
}

/** Linked contacts that would get mail now. */
async function subscribedPeople(cycle: Cycle): Promise<number> {
  const linked = new Set<string>();
  for await (const page of iterateLinks(cycle.store, cycle.name))
    for (const link of page) if (link.state === 'active') linked.add(link.marketingId);
  const ids = [...linked];
  let total = 0;
  for (let start = 0; start < ids.length; start += PAGE) {
    const page = await getMarketing(cycle.store, cycle.name, ids.slice(start, start + PAGE));
    total += page.filter(
      ({ record }) =>
        record.state === 'present' &&
        (record.channel.state === 'subscribed' || record.channel.state === 'soft-bounced'),
    ).length;
  }
  return total;
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

const WORDS: { readonly [K in BrakeKind]: string } = {
  create: 'create',
  update: 'update',
  clear: 'clear values of',
  delete: 'delete',
  listRemove: 'take off lists',
  unsubscribe: 'opt out',
  unsubscribeStop: 'opt out',
  resubscribe: 'opt in',
};

interface Parking {
  readonly kind: ActionKind;
  readonly clears?: boolean;
  readonly lane?: Lane;
  readonly system?: System;
  readonly entity?: Role;
}

const KINDS: { readonly [K in Tripped['kind']]: (role: Role) => Parking } = {
  create: (entity) => ({ kind: 'create', entity }),
  update: (entity) => ({ kind: 'update', clears: false, entity }),
  clear: (entity) => ({ kind: 'update', clears: true, entity }),
  delete: (entity) => ({ kind: 'delete', entity }),
  listRemove: (entity) => ({ kind: 'list-remove', entity }),
  unsubscribe: (entity) => ({ kind: 'set-consent', lane: 'opt-out', entity }),
  unsubscribeStop: () => ({ kind: 'set-consent', lane: 'opt-out', system: 'marketing' }),
  resubscribe: (entity) => ({ kind: 'set-consent', lane: 'opt-in', entity }),
};

async function park(cycle: Cycle, trip: Tripped): Promise<void> {
  await moveActions(cycle.store, cycle.runId, ['planned'], 'parked', KINDS[trip.kind](trip.role));
  await tellParked(cycle, trip);
}

/** The persons wait: they are not planned again by themselves, and each of them says so. */
async function tellParked(cycle: Cycle, trip: Tripped): Promise<void> {
  for (let afterSeq = -1; ; ) {
    const parked = await listActions(cycle.store, cycle.runId, { afterSeq, limit: PAGE, states: ['parked'] });
    const last = parked.at(-1);
    if (last === undefined) return;
    afterSeq = last.seq;
    const page = parked.filter(
      ({ action }) =>
        action.entity === trip.role && brakeOf(action.kind, action.clears, action.lane === 'opt-in') === trip.kind,
    );
    await cycle.store.transaction(async (tx) => {
      // Of an undo everybody stays marked: their news were not planned by it.
      await setAnchorsDirty(
        tx,
        cycle.name,
        page.filter(({ action }) => action.row !== UNDO_ROW),
        false,
      );
      await openHolds(
        tx,
        cycle.name,
        page.map((action) => ({ key: action.personKey, records: [], holds: [parkedHold(cycle, action, trip)] })),
        cycle.now(),
      );
    });
  }
}

function parkedHold(cycle: Cycle, { action }: StoredAction, trip: Tripped): Hold {
  return {
    code: 'BRAKE_PARKED',
    row:
      action.row === UNDO_ROW
        ? UNDO_ROW
        : action.kind === 'delete'
          ? 'D18'
          : action.kind === 'list-remove'
            ? 'L18'
            : 'R14',
    entity: action.entity,
    email: action.email,
    crmId: action.crmId,
    marketingId: action.marketingId,
    field: null,
    message: `This run would ${WORDS[trip.kind]} ${trip.run} records, more than the limit of ${trip.limit}; they wait for approval.`,
    fix: `Look at the plan with "lockstep runs ${cycle.runId}", then "lockstep approve ${cycle.runId}" or "lockstep reject ${cycle.runId}".`,
    refs: [],
  };
}
