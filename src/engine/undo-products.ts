// Takes back what a run wrote to the catalogue: planned against the records as they are there now, braked and sent as any
// product write. Never asks the CRM: what it says counts as seen, so that nothing is sent again. (R17, decision 27)
import type { Skipped } from '../core/plan/invert-view.ts';
import {
  invertProducts,
  type PresentRecord,
  type ProductsUndo,
  productSkipped,
} from '../core/products/invert-products.ts';
import type { ProductRecord } from '../core/products/product.ts';
import { lastActionSeq } from '../store/actions.ts';
import type { Tx } from '../store/executor.ts';
import { insertNotes } from '../store/notes.ts';
import { openProductHolds } from '../store/product-holds.ts';
import {
  countCatalogue,
  insertProductWrites,
  lastProductSeq,
  productWrites,
  type StoredProductWrite,
} from '../store/products.ts';
import { rememberUndoneProducts } from '../store/products-undone.ts';
import type { Engine } from './engine.ts';
import { holdRemovals, parkedHold, removalWords } from './products-brake.ts';
import { recoverProducts, sendPlanned } from './products-send.ts';
import { undoNote } from './undo-words.ts';

type Write = StoredProductWrite<ProductRecord>;

export interface UndoProducts {
  readonly runId: string;
  readonly preview: boolean;
  /** Hold keys (`p:ID`) of the products whose removal was approved: only those are planned; null = all, under the brake. */
  readonly approved: ReadonlySet<string> | null;
}

/** @param undoes the run that is taken back @returns what stays as it is */
export async function undoProducts(engine: Engine, undoes: string, run: UndoProducts): Promise<readonly Skipped[]> {
  const done = await Array.fromAsync(productWrites<ProductRecord>(engine.store, undoes, ['done']));
  const writes = done.filter(({ id }) => run.approved?.has(`p:${id}`) !== false);
  const [first] = writes;
  if (first === undefined) return [];
  const { collection } = first;
  if (engine.products === null) {
    const skipped = unique(writes).map((write) => stays(write, 'stays: products are switched off'));
    await engine.store.transaction((tx) => keepNotes(tx, engine, run.runId, skipped));
    return skipped;
  }
  await recoverProducts(engine, run.runId);
  const undo = invertProducts(writes, await present(engine, collection, writes), engine.products.labels.marketing);
  await keep(engine, collection, undo, run);
  if (!run.preview) await sendPlanned(engine, collection, run.runId);
  return undo.skipped;
}

/** Read until all of them were met: a catalogue may be larger than what the run wrote. */
async function present(
  engine: Engine,
  collection: string,
  writes: readonly Write[],
): Promise<ReadonlyMap<string, PresentRecord>> {
  const wanted = new Set(writes.map(({ id }) => id));
  const found = new Map<string, PresentRecord>();
  for await (const page of engine.marketing.catalogue.records(collection)) {
    for (const { key, json } of page) if (wanted.has(key)) found.set(key, json);
    if (found.size === wanted.size) break;
  }
  return found;
}

/** The plan, stored before anything is sent; and what it takes back, so that an undo that dies on the way is not undone by the next sync. */
async function keep(engine: Engine, collection: string, undo: ProductsUndo, run: UndoProducts): Promise<void> {
  const { store, name } = engine;
  const removals = undo.writes.filter(({ kind }) => kind === 'delete');
  const { trips, limit } = await holdRemovals(engine, removals.length, await countCatalogue(store, name, collection));
  const parked = run.approved === null && trips && !run.preview ? removals : [];
  const waits = new Set(parked.map(({ id }) => id));
  const first = Math.max(await lastActionSeq(store, run.runId), await lastProductSeq(store, run.runId)) + 1;
  const now = engine.now();
  const undone = new Map([...undo.undone].filter(([id]) => !waits.has(id)));
  const holds = parked.map((write) => parkedHold(write, removalWords(removals.length, limit)));
  await store.transaction(async (tx) => {
    await insertProductWrites(
      tx,
      { runId: run.runId, connection: name, collection },
      undo.writes.map((write, at) => ({
        ...write,
        seq: first + at,
        state: waits.has(write.id) ? 'parked' : 'planned',
      })),
      now,
    );
    await keepNotes(tx, engine, run.runId, undo.skipped);
    if (run.preview) return;
    await rememberUndoneProducts(tx, name, collection, undone);
    await openProductHolds(tx, name, holds, now);
  });
}

function keepNotes(tx: Tx, engine: Engine, runId: string, skipped: readonly Skipped[]): Promise<void> {
  return insertNotes(
    tx,
    skipped.map((one) => undoNote(engine, runId, 'products', one)),
  );
}

function unique(writes: readonly Write[]): readonly Write[] {
  return [...new Map(writes.map((write) => [write.id, write])).values()];
}

function stays({ id, before, after }: Write, why: string): Skipped {
  return productSkipped(id, (after ?? before)?.name ?? id, { field: null, present: null, why });
}
