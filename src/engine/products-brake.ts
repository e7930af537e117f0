// Holds removals from the catalogue against the delete brake: above it they wait for approval, all else goes on. (K6, R14)
import type { Hold } from '../core/model/hold.ts';
import { UNDO_ROW } from '../core/plan/invert-view.ts';
import { type ProductPlan, type ProductWrite, productHold } from '../core/products/plan-products.ts';
import type { ProductRecord } from '../core/products/product.ts';
import type { Tx } from '../store/executor.ts';
import { closeProductHolds } from '../store/product-holds.ts';
import {
  countProductDeletesSince,
  forgetProducts,
  openProductWrites,
  type StoredProductWrite,
  settleProducts,
} from '../store/products.ts';
import type { Engine, ProductSync } from './engine.ts';

export interface Braked {
  readonly go: readonly ProductWrite[];
  /** Parked by this run. */
  readonly park: readonly ProductWrite[];
  /** Of everything that is parked now, by this run or an earlier one. */
  readonly holds: readonly Hold[];
  /** Parked before, and decided or no longer true. */
  readonly over: readonly StoredProductWrite<ProductRecord>[];
}

/** Share of the catalogue that may be removed in a run and in 24 hours; a single product always may. */
const PERCENT = 20;
const DAY_MS = 24 * 60 * 60 * 1000;

export async function brakeProducts(
  engine: Engine,
  sync: ProductSync,
  plan: ProductPlan,
  size: {
    /** Records the catalogue has. */ readonly catalogue: number /** Products the CRM has. */;
    readonly left: number;
    readonly approved: ReadonlySet<string>;
  },
): Promise<Braked> {
  // (D21) A CRM without a single product is more likely a fault than a decision, so even marks wait then.
  const removes = (write: ProductWrite): boolean =>
    write.kind === 'delete' || (size.left === 0 && write.after?.active === false && write.before?.active === true);
  const removals = new Map(plan.writes.filter(removes).map((write) => [write.id, write]));
  const everyParked = await openProductWrites<ProductRecord>(engine.store, engine.name, 'parked');
  const parked = everyParked.filter(({ collection, row }) => collection === sync.collection && row !== UNDO_ROW);
  const waiting = parked.filter(({ id }) => removals.has(id) && !size.approved.has(id));
  const waits = new Set(waiting.map(({ id }) => id));
  const fresh = [...removals.values()].filter(({ id }) => !waits.has(id) && !size.approved.has(id));
  const { trips, limit } = await holdRemovals(engine, fresh.length, size.catalogue);
  const stays = new Set([...waits, ...(trips ? fresh.map(({ id }) => id) : [])]);
  const words = removalWords(removals.size, limit);
  return {
    go: plan.writes.filter(({ id }) => !stays.has(id)),
    park: trips ? fresh : [],
    holds: [
      ...[...removals.values()].filter(({ id }) => stays.has(id)).map((write) => parkedHold(write, words)),
      // What an undo wants to delete waits for its own decision.
      ...everyParked.filter(({ row }) => row === UNDO_ROW).map((write) => parkedHold(write, UNDO_WAITS)),
    ],
    over: parked.filter(({ id }) => !waits.has(id)),
  };
}

/** Whether so many removals are above the limit, those of the day before counted in. */
export async function holdRemovals(
  engine: Engine,
  removals: number,
  catalogue: number,
): Promise<{ readonly trips: boolean; readonly limit: number }> {
  const limit = Math.max(1, Math.floor((catalogue * PERCENT) / 100));
  if (removals === 0) return { trips: false, limit };
  const since = new Date(Date.parse(engine.now()) - DAY_MS).toISOString();
  return { trips: removals + (await countProductDeletesSince(engine.store, engine.name, since)) > limit, limit };
}

export function removalWords(removals: number, limit: number): string {
  return `This would remove ${removals} products from the catalogue, more than the limit of ${limit}; they wait for approval.`;
}

const UNDO_WAITS = 'An undo would remove products from the catalogue; they wait for approval.';

/** What was parked and is decided, or no longer to be removed, waits no longer. */
export async function dropSettledParked(tx: Tx, engine: Engine, { over }: Braked, now: string): Promise<void> {
  for (const writes of Map.groupBy(over, ({ runId }) => runId).values()) {
    const settlements = writes.map(({ seq }) => ({
      seq,
      state: 'dropped' as const,
      error: 'Decided, or no longer to be removed.',
    }));
    await settleProducts(tx, engine.name, writes, settlements, now);
  }
}

export function parkedHold({ id, row, before }: ProductWrite, message: string): Hold {
  return {
    ...productHold(id, row),
    code: 'BRAKE_PARKED',
    field: null,
    message: `${message} Product "${before?.name ?? id}".`,
    fix: 'Look at the run that parked them with "lockstep runs", then "lockstep approve" or "lockstep reject" it.',
  };
}

type Parked = StoredProductWrite<ProductRecord>;

/** What a run parked and nobody decided yet. */
export async function parkedProducts(engine: Engine, runId: string): Promise<readonly Parked[]> {
  const parked = await openProductWrites<ProductRecord>(engine.store, engine.name, 'parked');
  return parked.filter((write) => write.runId === runId);
}

/** Approved, they are planned anew: what was parked waits no longer. */
export async function dropParkedProducts(
  tx: Tx,
  engine: Engine,
  parked: readonly Parked[],
  error: string,
): Promise<void> {
  const now = engine.now();
  const settlements = parked.map(({ seq }) => ({ seq, state: 'dropped' as const, error }));
  await settleProducts(tx, engine.name, parked, settlements, now);
  const ids = parked.map(({ id }) => id);
  await closeProductHolds(tx, engine.name, 'BRAKE_PARKED', ids, now);
}

/** The records stay in the catalogue as they are, and are not asked about again unless their products come back. */
export async function rejectProducts(engine: Engine, parked: readonly Parked[]): Promise<void> {
  if (parked.length === 0) return;
  await engine.store.transaction(async (tx) => {
    await dropParkedProducts(tx, engine, parked, 'Rejected.');
    // What an undo would have deleted stays, and is looked after as before.
    const removed = parked.filter(({ row }) => row !== UNDO_ROW);
    for (const [collection, writes] of Map.groupBy(removed, (write) => write.collection)) {
      await forgetProducts(
        tx,
        engine.name,
        collection,
        writes.map(({ id }) => id),
      );
    }
  });
}
