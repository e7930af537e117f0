// Undo of a run: its inverse, planned against the present and sent through the same lanes, brakes and journal. (decision 27)
// Never re-subscribes anybody, never overwrites what was changed since, and lets nothing be pushed again afterwards.
import { rawValue } from '../core/plan/invert-fields.ts';
import type { Skipped } from '../core/plan/invert-view.ts';
import { countActions } from '../store/actions.ts';
import { getCrm } from '../store/crm-records.ts';
import { countProductWrites } from '../store/products.ts';
import type { StoredRun } from '../store/runs.ts';
import { applyBrakes } from './brake.ts';
import { applyLanes, prepare } from './cycle.ts';
import { type Cycle, type Engine, RunStopped } from './engine.ts';
import { identify } from './identity.ts';
import { planUndo } from './plan-undo.ts';
import { plannedOf, type RunReport } from './report.ts';
import { withRun } from './run.ts';
import { type UndoProducts, undoProducts } from './undo-products.ts';
import { skippedText } from './undo-words.ts';

export interface Undone {
  readonly report: RunReport;
  /** Parts of the run that stay as they are, in the order of the plan. */
  readonly skipped: readonly Skipped[];
}

export interface UndoOptions {
  /** Writes to neither service: the inverse is planned and reported only. */
  readonly preview: boolean;
  /** Takes what waits of an earlier undo and says whose it is (persons and products by key): only these are planned, and nothing of theirs is parked. */
  readonly approve?: (held: Engine, runId: string) => Promise<ReadonlySet<string>>;
}

/**
 * Takes back what `run` wrote. The new run is of kind `undo` (`plan` for a preview) and can be undone itself.
 */
export async function undo(engine: Engine, run: StoredRun, options: UndoOptions): Promise<Undone> {
  const skipped: Skipped[] = [];
  const { preview, approve } = options;
  const report = await withRun(
    engine,
    preview ? 'plan' : 'undo',
    { undoes: run.id },
    async ({ engine: held, runId }) => {
      if (run.connection !== held.name)
        throw new RunStopped('aborted', `Run ${run.id} is of ${run.connection}, not of ${held.name}.`);
      const { persons, products } = await writtenBy(held, run.id);
      const approved = approve === undefined ? null : await approve(held, runId);
      if (persons) skipped.push(...(await undoPersons(held, run.id, { runId, preview, approved })));
      else await identify(held);
      if (products) skipped.push(...(await undoProducts(held, run.id, { runId, preview, approved })));
      const message = skippedText(skipped, runId);
      return preview ? { holds: new Map(), message } : { message };
    },
  );
  return { report, skipped };
}

/** What the run wrote at all: nothing is read for what it left alone. */
async function writtenBy({ store }: Engine, run: string) {
  const [persons, products] = [await countActions(store, run), await countProductWrites(store, run)];
  return { persons: persons.length > 0, products: products.length > 0 };
}

async function undoPersons(
  engine: Engine,
  run: string,
  { runId, preview, approved }: UndoProducts,
): Promise<readonly Skipped[]> {
  const startedAt = engine.now();
  // Lists are set-up, not data: none is made for an undo. (decision 15)
  const how = { only: null, full: false, aligning: false, dry: true, presentOnly: true } as const;
  const cycle = await prepare(engine, runId, how);
  const skipped = [...(await planUndo(cycle, run, { preview, startedAt, persons: approved }))];
  if (preview) return skipped;
  if (approved === null) await applyBrakes(cycle, ['delete']);
  await applyLanes(cycle);
  for await (const { action, state, error } of plannedOf(cycle.store, runId, ['dropped', 'held'])) {
    const { system, entity, email, crmId, marketingId } = action;
    const why =
      state === 'held'
        ? `stays: ${error ?? 'it was refused'}`
        : `changed in ${cycle.settings.labels[system]} while the undo ran; undo the run again`;
    skipped.push({ system, entity, email, crmId, marketingId, field: null, present: null, why });
  }
  return [...skipped, ...(await notTakenAway(cycle))];
}

/** Values that the CRM answered to keep although they were to be blank again: it may not know how to blank a field of the account. */
async function notTakenAway(cycle: Cycle): Promise<readonly Skipped[]> {
  const kept: Skipped[] = [];
  for await (const { action } of plannedOf(cycle.store, cycle.runId, ['done'])) {
    const { system, entity, email, crmId, marketingId, crm } = action;
    const blanked = Object.entries(crm?.set ?? {}).flatMap(([path, raw]) => (raw === null ? [path] : []));
    if (crmId === null || blanked.length === 0) continue;
    const [known] = await getCrm(cycle.store, cycle.name, entity, [crmId]);
    for (const field of blanked) {
      const present = rawValue(known?.record.values[field] ?? null);
      const why = `stays: ${cycle.settings.labels.crm} did not take the value away`;
      if (present !== null) kept.push({ system, entity, email, crmId, marketingId, field, present, why });
    }
  }
  return kept;
}
