// Plans every person with news: loads a handful, asks the core, stores actions, effects, holds and notes. Sends nothing.
import type { Hold, HoldCode, RecordRef } from '../core/model/hold.ts';
import { ROLES, type Role } from '../core/model/identity.ts';
import type { PersonView } from '../core/model/person.ts';
import type { Action, PersonPlan } from '../core/model/plan.ts';
import type { CrmRecord, MarketingRecord } from '../core/model/record.ts';
import { withReplaced } from '../core/plan/invert-action.ts';
import { UNDO_ROW } from '../core/plan/invert-view.ts';
import { insertActions, lastActionSeq, type NewAction, parkedActionsOf, settleActions } from '../store/actions.ts';
import { dirtyCrmIds, setCrmDirty } from '../store/crm-records.ts';
import type { Tx } from '../store/executor.ts';
import { type Judged, reconcileHolds } from '../store/hold-reconcile.ts';
import { dirtyMarketingIds, setMarketingDirty } from '../store/marketing-records.ts';
import { insertNotes } from '../store/notes.ts';
import { applyEffects } from './effects.ts';
import type { Cycle } from './engine.ts';
import { addressKey } from './mirror-items.ts';
import { type LoadedPerson, loadPersons, type Member, type Seeds } from './persons.ts';
import { type Planned, planPersons } from './plan-persons.ts';

/** Persons per transaction. */
const CHUNK = 400;

export interface PlanOptions {
  /** A preview stores the actions only: nothing is learnt, no hold is opened, every mark stays. */
  readonly preview: boolean;
  /** Plan at most so many persons ("try ten first"). */
  readonly limit?: number;
  /** Everybody was planned before in this run: who merely waits is not told about once more. */
  readonly repeated?: boolean;
  /** Plan just these persons, as somebody chose them to try. */
  readonly chosen?: Seeds;
  /** Plan just these persons, as approved: nothing of theirs is parked. */
  readonly approved?: readonly Seeds[];
  /** Which writes of a plan are kept; left out = all. */
  readonly keep?: (action: Action) => boolean;
}

export interface PlanTotals {
  persons: number;
  actions: number;
  /** Holds of this plan by code; in a preview they are stored nowhere else. */
  readonly holds: Map<string, number>;
  /** Links it would make, by role. */
  readonly links: { [R in Role]: number };
  /** Some of the holds of each code, for whoever looks at the plan. */
  readonly held: { readonly code: HoldCode; readonly email: string | null; readonly message: string }[];
}

/** What a plan says besides its writes; kept with the run. */
export type Outlook = { readonly people: number } & Pick<PlanTotals, 'links' | 'held'>;

/** Plans in canonical order, so that the same mirror gives the same plan. (R18) */
export async function planRun(cycle: Cycle, options: PlanOptions): Promise<PlanTotals> {
  const totals: PlanTotals = { persons: 0, actions: 0, holds: new Map(), links: { contact: 0, lead: 0 }, held: [] };
  let seq = (await lastActionSeq(cycle.store, cycle.runId)) + 1;
  // Whoever has news is looked at now.
  cycle.news.clear();
  const named = options.approved ?? (options.chosen === undefined ? null : [options.chosen]);
  for await (const seeds of named ?? dirtySeeds(cycle)) {
    cycle.signal.throwIfAborted();
    const loaded = await loadPersons(cycle.store, cycle.name, seeds);
    const due = named === null ? loaded.filter(startsAt(seeds, plannedRoles(cycle))) : loaded;
    const room = options.limit === undefined ? due.length : Math.max(0, options.limit - totals.persons);
    const planned = (await planPersons(cycle, due.slice(0, room), seeds)).map(({ person, plan }) => ({
      person,
      plan: kept(plan, options),
    }));
    const from = seq;
    const stored = await cycle.store.transaction(async (tx) => {
      const actions = await storeActions(tx, cycle, planned, from, options);
      if (!options.preview) await learn(tx, cycle, planned, actions, options.repeated === true);
      return actions.length;
    });
    seq += stored;
    totals.actions += stored;
    totals.persons += planned.length;
    for (const { plan } of planned) tally(totals, plan);
    cycle.progress({ connection: cycle.name, phase: 'plan', done: totals.persons, total: null });
    // A database in this process answers at once: without a pause no timer would run, and the lease would not be renewed.
    await cycle.sleep(0);
    if (options.limit !== undefined && totals.persons >= options.limit) break;
  }
  return totals;
}

function kept(plan: PersonPlan, { keep }: PlanOptions): PersonPlan {
  return keep === undefined ? plan : { ...plan, actions: plan.actions.filter(keep) };
}

/** Holds told one by one, of each code. */
const TOLD = 5;

function tally(totals: PlanTotals, plan: PersonPlan): void {
  for (const hold of plan.holds) {
    const before = totals.holds.get(hold.code) ?? 0;
    totals.holds.set(hold.code, before + 1);
    const { code, email, message } = hold;
    if (before < TOLD) totals.held.push({ code, email, message });
  }
  for (const effect of [...plan.effects, ...plan.actions.flatMap((action) => action.effects)]) {
    if (effect.type === 'link' && effect.state !== 'shadow') totals.links[effect.role] += 1;
  }
}

/** Records with news by ascending id: marketing contacts, then CRM contacts, then leads. */
async function* dirtySeeds(cycle: Cycle): AsyncGenerator<Seeds> {
  for (let after: string | null = null; ; ) {
    const ids = await dirtyMarketingIds(cycle.store, cycle.name, after, CHUNK);
    if (ids.length === 0) break;
    yield { marketingIds: ids, crm: [] };
    after = ids.at(-1) ?? null;
  }
  for (const role of plannedRoles(cycle)) {
    for (let after: string | null = null; ; ) {
      const ids = await dirtyCrmIds(cycle.store, cycle.name, role, after, CHUNK);
      if (ids.length === 0) break;
      yield { marketingIds: [], crm: ids.map((id) => ({ role, id })) };
      after = ids.at(-1) ?? null;
    }
  }
}

/** Roles whose news are looked at: those this run plans, and those that are only heard; for consent alone, all that there are. */
function plannedRoles({ settings, crmSelection }: Cycle): readonly Role[] {
  const plans = ROLES.some((role) => settings.roles[role].enabled);
  const { heard } = settings.consent;
  return plans ? ROLES.filter((role) => settings.roles[role].enabled || heard.includes(role)) : crmSelection.roles;
}

const CONSENT_CODES: readonly HoldCode[] = [
  'CONSENT_CONFLICT',
  'CONSENT_CONTRADICTION',
  'CONSENT_REFUSED_BY_DOTDIGITAL',
];

/** A run of one object alone says nothing of what it did not look at. */
function judgedBy(cycle: Cycle): Judged {
  if (ROLES.every((role) => !cycle.settings.roles[role].enabled)) return { codes: CONSENT_CODES };
  const entities = plannedRoles(cycle);
  return entities.length === cycle.crmSelection.roles.length ? {} : { entities };
}

/** A person is planned once a pass: at its first member with news. A member that is not among the seeds was or will be that. */
function startsAt(seeds: Seeds, roles: readonly Role[]): (person: LoadedPerson) => boolean {
  const marketing = new Set(seeds.marketingIds);
  const crm = new Set(seeds.crm.map((seed) => `${seed.role}:${seed.id}`));
  return ({ members }) => {
    const first = members.find(
      (member) => member.dirty && (member.system === 'marketing' || roles.includes(member.role)),
    );
    if (first === undefined) return false;
    return first.system === 'marketing' ? marketing.has(first.id) : crm.has(`${first.role}:${first.id}`);
  };
}

/** Parked at once: what the setting queues, and what waits for a decision about this person already. (D1 `queue`, R14) */
async function storeActions(
  tx: Tx,
  cycle: Cycle,
  planned: readonly Planned[],
  firstSeq: number,
  options: PlanOptions,
): Promise<readonly NewAction[]> {
  let seq = firstSeq;
  const parkedBefore = options.preview
    ? []
    : await parkedActionsOf(
        tx,
        cycle.name,
        planned.map(({ plan }) => plan.key),
      );
  // A parked undo is planned anew when it is approved, and by nothing else.
  const waiting = parkedBefore.filter(({ action }) => action.row !== UNDO_ROW);
  const parked = new Set(waiting.map(({ action }) => nameOf(action)));
  // A plan that is only looked at is never decided upon.
  const waits = (action: Action): boolean =>
    !options.preview && options.approved === undefined && (action.queued === true || parked.has(action.id));
  const actions = planned.flatMap(({ person, plan }) =>
    plan.actions.map(
      (action): NewAction => ({
        seq: seq++,
        personKey: plan.key,
        emailKey: addressKey(action.email),
        state: waits(action) ? 'parked' : 'planned',
        // Unique in the run even where a later pass plans the person again.
        action: { ...withReplaced(action, targetOf(person.view, action)), id: `${action.id}#${seq}` },
      }),
    ),
  );
  await insertActions(tx, cycle.name, cycle.runId, actions, cycle.now());
  const old = Map.groupBy(waiting, (action) => action.runId);
  for (const [runId, group] of old) {
    const error = `Planned again by run ${cycle.runId}.`;
    await settleActions(
      tx,
      runId,
      group.map(({ seq: place }) => ({ seq: place, state: 'dropped', error, outcome: null })),
      cycle.now(),
    );
  }
  return actions;
}

/** The record that the action writes, as the plan knew it. */
function targetOf(view: PersonView, action: Action): CrmRecord | MarketingRecord | null {
  if (action.system === 'marketing') return view.marketing;
  const { record, candidates, shadows } = view.roles[action.entity];
  return (
    [record, ...candidates, ...shadows.map((shadow) => shadow.record)].find((known) => known?.id === action.crmId) ??
    null
  );
}

/** An action's name without its place in the run: the same for the same write in any run. */
export function nameOf(action: Action): string {
  const end = action.id.lastIndexOf('#');
  return end === -1 ? action.id : action.id.slice(0, end);
}

async function learn(
  tx: Tx,
  cycle: Cycle,
  planned: readonly Planned[],
  actions: readonly NewAction[],
  repeated: boolean,
): Promise<void> {
  const now = cycle.now();
  await applyEffects(
    tx,
    cycle,
    planned.map(({ person, plan }) => ({
      effects: plan.effects,
      crmId: null,
      marketingId: null,
      address: addressOf(person),
    })),
    cycle.runId,
  );
  const parked = Map.groupBy(
    actions.filter((action) => action.state === 'parked'),
    (action) => action.personKey,
  );
  await reconcileHolds(
    tx,
    cycle.name,
    planned.map(({ person, plan }) => ({
      key: plan.key,
      records: person.members.map(refOf),
      holds: [...plan.holds, ...(parked.get(plan.key) ?? []).map((action) => parkedHold(cycle, action.action))],
    })),
    now,
    judgedBy(cycle),
  );
  await insertNotes(
    tx,
    planned.flatMap(({ person, plan }) =>
      (repeated && plan.later === true ? [] : plan.notes).map((note) => ({
        runId: cycle.runId,
        connection: cycle.name,
        personKey: plan.key,
        row: note.row,
        text: note.text,
        emailKey: addressOf(person),
        at: now,
      })),
    ),
  );
  await clearMarks(
    tx,
    cycle,
    planned,
    new Set(actions.filter((action) => action.state === 'planned').flatMap(anchorsOf)),
  );
}

/** What waits for a decision says so as long as it does. (D1 `queue`, R14) */
function parkedHold(cycle: Cycle, action: Action): Hold {
  const { entity, email, crmId, marketingId, kind, row } = action;
  return {
    code: 'BRAKE_PARKED',
    row,
    entity,
    email,
    crmId,
    marketingId,
    field: null,
    message: kind === 'delete' ? 'The delete waits for approval.' : 'The write waits for approval.',
    fix: `Look at the plan with "lockstep runs ${cycle.runId}", then "lockstep approve ${cycle.runId}" or "lockstep reject ${cycle.runId}".`,
    refs: [],
  };
}

function anchorsOf({ action }: NewAction): readonly string[] {
  return [`marketing:${action.marketingId}`, `${action.entity}:${action.crmId}`];
}

/** A mark goes when nothing is left to send for the record; the rest keep theirs until their write is settled. */
async function clearMarks(
  tx: Tx,
  cycle: Cycle,
  planned: readonly Planned[],
  waiting: ReadonlySet<string>,
): Promise<void> {
  const { roles, consent } = cycle.settings;
  const leftOut = cycle.crmSelection.roles.filter((role) => !roles[role].enabled && !consent.heard.includes(role));
  const marketing: string[] = [];
  const crm: { readonly [R in Role]: string[] } = { contact: [], lead: [] };
  for (const { person, plan } of planned) {
    if (plan.again) await markAll(tx, cycle, person.members);
    if (plan.again || plan.later === true) continue;
    for (const member of person.members) {
      // A run of one object alone leaves the other's news for a run that plans it.
      if (member.system === 'marketing' ? leftOut.length > 0 : leftOut.includes(member.role)) continue;
      if (!member.dirty || waiting.has(`${member.system === 'marketing' ? 'marketing' : member.role}:${member.id}`))
        continue;
      if (member.system === 'marketing') marketing.push(member.id);
      else crm[member.role].push(member.id);
    }
  }
  await setMarketingDirty(tx, cycle.name, marketing, false);
  for (const role of ROLES) await setCrmDirty(tx, cycle.name, role, crm[role], false);
}

/** Planned once more: a record that left the person has no news of its own. (C3) */
async function markAll(tx: Tx, cycle: Cycle, members: readonly Member[]): Promise<void> {
  await setMarketingDirty(
    tx,
    cycle.name,
    members.flatMap((member) => (member.system === 'marketing' ? [member.id] : [])),
    true,
  );
  for (const role of ROLES) {
    await setCrmDirty(
      tx,
      cycle.name,
      role,
      members.flatMap((member) => (member.system === 'crm' && member.role === role ? [member.id] : [])),
      true,
    );
  }
}

function refOf(member: Member): RecordRef {
  return member.system === 'marketing'
    ? { system: 'marketing', entity: 'contact', id: member.id }
    : { system: 'crm', entity: member.role, id: member.id };
}

function addressOf(person: LoadedPerson): string | null {
  const { view } = person;
  for (const email of [
    view.marketing?.email ?? null,
    ...ROLES.flatMap((role) => [view.roles[role].record?.email ?? null, view.roles[role].candidates[0]?.email ?? null]),
  ]) {
    const key = addressKey(email);
    if (key !== null) return key;
  }
  return null;
}
