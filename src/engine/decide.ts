// Decides a parked plan: approved writes are planned once more against the present before they are sent. (R14, R15)
import type { Role } from '../core/model/identity.ts';
import type { Action, Effect } from '../core/model/plan.ts';
import { UNDO_ROW } from '../core/plan/invert-view.ts';
import { listActions, type StoredAction, settleActions } from '../store/actions.ts';
import type { Executor } from '../store/executor.ts';
import { listHolds, type StoredHold, setHoldState } from '../store/holds.ts';
import { getRun, updateRun } from '../store/runs.ts';
import { applyLanes, prepare } from './cycle.ts';
import { applyEffects } from './effects.ts';
import { type Engine, RunStopped } from './engine.ts';
import { withLease } from './lease.ts';
import type { Seeds } from './persons.ts';
import { nameOf, planRun } from './plan-run.ts';
import { dropParkedProducts, parkedProducts, rejectProducts } from './products-brake.ts';
import { withProducts } from './products-cycle.ts';
import { countRun, type RunReport } from './report.ts';
import { type WorkResult, withRun } from './run.ts';
import { setAnchorsDirty } from './settle.ts';
import { undo } from './undo.ts';

const PAGE = 400;
/** Writes that no longer hold, named one by one. */
const NAMED = 20;

/** Applies what still holds of the parked writes of `runId`, and names what does not. */
export async function approve(engine: Engine, runId: string): Promise<RunReport> {
  const run = await getRun(engine.store, runId);
  const undone = run?.kind === 'undo' ? run.options['undoes'] : undefined;
  return typeof undone === 'string' ? approveUndo(engine, runId, undone) : approveSync(engine, runId);
}

/** The inverse is planned anew for the persons that wait; what was changed since is named as by any undo. (decision 27) */
async function approveUndo(engine: Engine, runId: string, undoes: string): Promise<RunReport> {
  const run = await getRun(engine.store, undoes);
  if (run === null) throw new Error(`Run ${undoes} is no longer known.`);
  const { report } = await undo(engine, run, {
    preview: false,
    approve: async (held, newRun) => {
      const products = await parkedProducts(held, runId);
      const parked = await parkedOf(held, runId, products.length);
      const why = `Approved; planned again by run ${newRun}.`;
      await held.store.transaction((tx) => dropParkedProducts(tx, held, products, why));
      await drop(held, runId, parked, why);
      await closeHolds(held, parked);
      return new Set([...parked.map(({ personKey }) => personKey), ...products.map(({ id }) => `p:${id}`)]);
    },
  });
  return report;
}

function approveSync(engine: Engine, runId: string): Promise<RunReport> {
  return withRun(engine, 'sync', { approves: runId }, async ({ engine: held, runId: newRun }) => {
    const products = await parkedProducts(held, runId);
    const parked = await parkedOf(held, runId, products.length);
    const approved = new Set(products.map(({ id }) => id));
    const how = {
      kind: 'sync',
      only: null,
      full: false,
      products: products.length > 0 ? 'now' : 'never',
      approved,
    } as const;
    const alone = parked.length === 0 ? ({ people: false } as const) : {};
    const result = await withProducts(held, newRun, { ...how, ...alone }, () =>
      approvePersons(held, runId, newRun, parked),
    );
    if (products.length > 0) await restate(held, runId);
    return result;
  });
}

async function approvePersons(
  held: Engine,
  runId: string,
  newRun: string,
  parked: readonly StoredAction[],
): Promise<WorkResult> {
  const cycle = await prepare(held, newRun, { only: null, full: false, aligning: false, dry: false });
  await drop(held, runId, parked, `Approved; planned again by run ${newRun}.`);
  await planRun(cycle, { preview: false, approved: seedsOf(parked) });
  const planned = new Set<string>();
  for (let afterSeq = -1; ; ) {
    const page = await listActions(held.store, newRun, { afterSeq, limit: PAGE });
    const last = page.at(-1);
    if (last === undefined) break;
    afterSeq = last.seq;
    for (const { action } of page) planned.add(nameOf(action));
  }
  await applyLanes(cycle);
  return { message: messageOf(parked.filter(({ action }) => !planned.has(nameOf(action)))) };
}

/** How many writes of a run wait for approval. */
export async function parkedCount(ex: Executor, runId: string): Promise<number> {
  return (await countRun(ex, runId)).parked;
}

/** Lets the parked writes of `runId` fall. A rejected delete ends the link, so that it is not asked again. @returns how many */
export function reject(engine: Engine, runId: string): Promise<number> {
  return withLease(engine, (held) => rejectHeld(held, runId));
}

async function rejectHeld(engine: Engine, runId: string): Promise<number> {
  const products = await parkedProducts(engine, runId);
  const parked = await parkedOf(engine, runId, products.length);
  await rejectProducts(engine, products);
  // What an undo would have deleted stays, with its link.
  const asked = parked.filter(({ action }) => action.row !== UNDO_ROW);
  for (let start = 0; start < asked.length; start += PAGE) {
    const page = asked.slice(start, start + PAGE);
    await engine.store.transaction(async (tx) => {
      await applyEffects(
        tx,
        engine,
        page
          .filter(({ action }) => action.kind === 'delete' || action.kind === 'list-remove')
          .map(({ action, emailKey }) => ({
            effects: kept(action),
            crmId: null,
            marketingId: null,
            address: emailKey,
          })),
        runId,
      );
      // Planned once more, the holds of these persons come out as they now are.
      await setAnchorsDirty(
        tx,
        engine.name,
        page.filter(({ action }) => action.kind === 'delete'),
        true,
      );
    });
  }
  await drop(engine, runId, parked, 'Rejected.');
  await closeHolds(engine, parked);
  return parked.length + products.length;
}

/** What a write that is not wanted leaves behind: the link ends, the membership stays. */
function kept({ kind, effects }: Action): readonly Effect[] {
  if (kind === 'delete') return effects;
  // Still on the list by somebody's decision: that makes nobody a lead again. (L4)
  return effects
    .filter((effect) => effect.type !== 'membership')
    .map((effect) => (effect.type === 'link-state' ? { ...effect, because: 'R14' } : effect));
}

/** @param others writes of the run that wait as well, but for no person */
async function parkedOf(engine: Engine, runId: string, others = 0): Promise<readonly StoredAction[]> {
  const parked: StoredAction[] = [];
  for (let afterSeq = -1; ; ) {
    const page = await listActions(engine.store, runId, { afterSeq, limit: PAGE, states: ['parked'] });
    const last = page.at(-1);
    if (last === undefined) break;
    afterSeq = last.seq;
    parked.push(...page);
  }
  if (parked.length + others === 0) throw new RunStopped('aborted', `Nothing of run ${runId} waits for approval.`);
  return parked;
}

/** What waited for this decision waits no longer. */
async function closeHolds(engine: Engine, parked: readonly StoredAction[]): Promise<void> {
  const decided = new Set(parked.map(({ action }) => `${action.crmId} ${action.marketingId}`));
  const ids: string[] = [];
  for (let after: StoredHold | undefined; ; ) {
    const page: readonly StoredHold[] = await listHolds(engine.store, {
      connection: engine.name,
      codes: ['BRAKE_PARKED'],
      ...(after === undefined ? {} : { after }),
    });
    ids.push(...page.filter((hold) => decided.has(`${hold.crmId} ${hold.marketingId}`)).map((hold) => hold.id));
    after = page.at(-1);
    if (after === undefined) break;
  }
  await setHoldState(engine.store, ids, 'fixed', engine.now());
}

async function drop(engine: Engine, runId: string, parked: readonly StoredAction[], error: string): Promise<void> {
  for (let start = 0; start < parked.length; start += PAGE) {
    const page = parked.slice(start, start + PAGE);
    await engine.store.transaction((tx) =>
      settleActions(
        tx,
        runId,
        page.map(({ seq }) => ({ seq, state: 'dropped', error, outcome: null })),
        engine.now(),
      ),
    );
  }
  await restate(engine, runId);
}

/** With its last write decided a run is parked no longer. */
async function restate(engine: Engine, runId: string): Promise<void> {
  const { failed, parked } = await countRun(engine.store, runId);
  await updateRun(engine.store, runId, { state: parked > 0 ? 'parked' : failed > 0 ? 'partial' : 'ok' });
}

function seedsOf(parked: readonly StoredAction[]): readonly Seeds[] {
  const seeds: Seeds[] = [];
  for (let start = 0; start < parked.length; start += PAGE) {
    const page = parked.slice(start, start + PAGE).map(({ action }) => action);
    seeds.push({
      marketingIds: [...new Set(page.flatMap((action) => action.marketingId ?? []))],
      crm: page.flatMap((action) =>
        action.marketingId === null && action.crmId !== null
          ? [{ role: action.entity satisfies Role, id: action.crmId }]
          : [],
      ),
    });
  }
  return seeds;
}

function messageOf(lost: readonly StoredAction[]): string | null {
  if (lost.length === 0) return null;
  const named = lost
    .slice(0, NAMED)
    .map(({ action }) => `${action.row} ${action.kind} ${action.email ?? 'no address'}`);
  const more = lost.length > NAMED ? [`and ${lost.length - NAMED} more`] : [];
  return `${lost.length} of the approved writes no longer hold and were dropped:\n${[...named, ...more].join('\n')}`;
}
