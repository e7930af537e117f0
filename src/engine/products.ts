// The product catalogue, from the CRM to marketing and never back: read, planned, held against the brake, sent. (4.7, K9)
// A plan or an account without the feature is told and harms nothing else.
import { ConnectorError } from '../connectors/error.ts';
import type { Hold } from '../core/model/hold.ts';
import type { Note } from '../core/model/plan.ts';
import { type ProductPlan, planProducts } from '../core/products/plan-products.ts';
import type { Product, ProductRecord } from '../core/products/product.ts';
import { lastActionSeq } from '../store/actions.ts';
import { getConnection, updateConnection } from '../store/connections.ts';
import { insertNotes } from '../store/notes.ts';
import { closeOtherProductHolds, openProductHolds } from '../store/product-holds.ts';
import { acceptedProducts, forgetAccepted, insertProductWrites, lastProductSeq } from '../store/products.ts';
import { forgetUndoneProducts, undoneProducts } from '../store/products-undone.ts';
import type { Engine, ProductSync } from './engine.ts';
import { type Braked, brakeProducts, dropSettledParked } from './products-brake.ts';
import { PRODUCTS_READ, productsDue } from './products-due.ts';
import { recoverProducts, sendPlanned } from './products-send.ts';

export interface ProductRun {
  readonly runId: string;
  readonly when: 'now' | 'due';
  /** Nothing is sent; the plan is stored for showing. */
  readonly dry: boolean;
  /** Product ids whose removal was approved. (R14) */
  readonly approved?: ReadonlySet<string>;
}

interface ProductResult {
  /** Holds by code of a plan that is not applied. */
  readonly holds: ReadonlyMap<string, number>;
  /** What the reader of the report must know. */
  readonly notices: readonly string[];
}

const NOTHING: ProductResult = { holds: new Map(), notices: [] };

/** One go through the catalogue, where it is switched on and due. Throws what stops the whole run: lost credentials, a service out of reach. */
export async function syncProducts(engine: Engine, run: ProductRun): Promise<ProductResult> {
  const sync = engine.products;
  if (sync === null) {
    return run.when === 'now'
      ? told('Products are switched off; "products.enabled: true" in the configuration switches them on.')
      : NOTHING;
  }
  const { watermarks = {} } = (await getConnection(engine.store, engine.name)) ?? {};
  if (run.when === 'due' && !productsDue(engine, sync, watermarks)) return NOTHING;
  const startedAt = engine.now();
  const seen = await look(engine, sync, run.runId);
  return 'refused' in seen ? told(seen.refused) : planAndSend(engine, sync, run, seen, startedAt);
}

interface Seen {
  readonly currency: string;
  /** What the collection took last; empty where there is no collection. */
  readonly accepted: ReadonlyMap<string, ProductRecord>;
  readonly products: readonly Product[];
  /** Records that were taken once are not there any more. */
  readonly lost: boolean;
  /** Writes that were taken back. (decision 27) */
  readonly undone: ReadonlyMap<string, ProductRecord | null>;
  readonly notices: readonly string[];
}

/** Both sides as they are. Nothing is written. */
async function look(engine: Engine, sync: ProductSync, runId: string): Promise<Seen | { readonly refused: string }> {
  const { collection, labels } = sync;
  try {
    const currency = sync.currency ?? (await engine.crm.identify()).currency;
    if (currency === null) {
      return {
        refused: `Products were not synchronised: ${labels.crm} names no currency of the account, so "products.currency" must be set.`,
      };
    }
    // A job of a run that died may only just have made the collection.
    await recoverProducts(engine, runId);
    const found = await findCollection(engine, sync);
    if ('refused' in found) return found;
    const known = await acceptedProducts<ProductRecord>(engine.store, engine.name, collection);
    const accepted = found.exists ? known : new Map<string, ProductRecord>();
    const lost = found.records < known.size;
    const products = await readProducts(engine, accepted);
    const undone = new Map(
      // What the catalogue lost goes there again; what was taken out of it does not.
      [...(await undoneProducts<ProductRecord>(engine.store, engine.name, collection))].filter(
        ([id]) => !lost || !known.has(id),
      ),
    );
    return {
      currency,
      accepted,
      products,
      lost,
      undone,
      notices: [...found.notices, ...(lost ? [lostNotice(sync)] : [])],
    };
  } catch (error) {
    const words = lacking(error, sync);
    if (words === null) throw error;
    return { refused: words };
  }
}

async function planAndSend(
  engine: Engine,
  sync: ProductSync,
  run: ProductRun,
  seen: Seen,
  startedAt: string,
): Promise<ProductResult> {
  const { currency, accepted, products, lost, undone, notices } = seen;
  const plan = planProducts(products, accepted, { ...sync, currency }, { lost, undone });
  const braked = await brakeProducts(engine, sync, plan, {
    catalogue: accepted.size,
    left: products.length,
    approved: run.approved ?? new Set(),
  });
  if (!run.dry && lost) await forgetAccepted(engine.store, engine.name, sync.collection);
  await keep(engine, sync, run, plan, braked);
  if (run.dry) return { holds: countByCode([...plan.holds, ...braked.holds]), notices };
  const rejected = await sendPlanned(engine, sync.collection, run.runId);
  if (rejected !== null) {
    const all = [...plan.holds, ...braked.holds, ...rejected];
    await engine.store.transaction((tx) => closeOtherProductHolds(tx, engine.name, all, engine.now()));
    await updateConnection(engine.store, engine.name, { watermarks: { [PRODUCTS_READ]: startedAt } });
  }
  return { holds: new Map(), notices };
}

type Found =
  | { readonly exists: boolean; readonly records: number; readonly notices: readonly string[] }
  | { readonly refused: string };

/** (K10) A collection that is missing is made by the first import; one that cannot hold a catalogue is left alone. */
async function findCollection({ marketing }: Engine, { collection, labels }: ProductSync): Promise<Found> {
  const found = (await marketing.catalogue.collections()).find(({ name }) => name === collection);
  if (found === undefined) return { exists: false, records: 0, notices: [] };
  if (found.scope !== 'account') {
    const refused = `Products were not synchronised: the collection ${collection} in ${labels.marketing} belongs to contacts (scope ${found.scope}), so it cannot hold the catalogue. Choose another name in "products.collection".`;
    return { refused };
  }
  const odd = found.type.toLowerCase() !== 'catalog';
  const notice = `The collection ${collection} in ${labels.marketing} is of the type ${found.type}, not catalog: product blocks may not show it.`;
  return { exists: true, records: found.records, notices: odd ? [notice] : [] };
}

function lostNotice({ collection, labels }: ProductSync): string {
  return `Records are missing from the collection ${collection} in ${labels.marketing}: all products are sent again.`;
}

/** The complete list. What seems gone is asked for by id: a product deleted meanwhile moves others across a page. (K6, D19) */
async function readProducts(engine: Engine, accepted: ReadonlyMap<string, ProductRecord>): Promise<readonly Product[]> {
  const products: Product[] = [];
  for await (const page of engine.crm.products()) {
    products.push(...page);
    engine.progress({ connection: engine.name, phase: 'pull-crm', done: products.length, total: null });
  }
  const present = new Set(products.map(({ id }) => id));
  const gone = [...accepted.keys()].filter((id) => !present.has(id));
  if (gone.length > 0) products.push(...(await engine.crm.findProducts(gone)));
  return products;
}

/** The plan, stored before anything is sent. */
async function keep(
  engine: Engine,
  sync: ProductSync,
  run: ProductRun,
  plan: ProductPlan,
  braked: Braked,
): Promise<void> {
  const { store, name } = engine;
  // Above those of the persons, so that one number goes through all writes of a run.
  const first = Math.max(await lastActionSeq(store, run.runId), await lastProductSeq(store, run.runId)) + 1;
  const now = engine.now();
  await store.transaction(async (tx) => {
    const place = { runId: run.runId, connection: name, collection: sync.collection };
    const rows = [
      ...braked.go.map((write) => ({ ...write, state: 'planned' as const })),
      ...braked.park.map((write) => ({ ...write, state: run.dry ? ('planned' as const) : ('parked' as const) })),
    ];
    await insertProductWrites(
      tx,
      place,
      rows.map((write, at) => ({ ...write, seq: first + at })),
      now,
    );
    await insertNotes(
      tx,
      plan.notes.map((note) => toNote(engine, run.runId, note, now)),
    );
    if (run.dry) return;
    await forgetUndoneProducts(tx, name, sync.collection, plan.moved);
    await dropSettledParked(tx, engine, braked, now);
    await openProductHolds(tx, name, [...plan.holds, ...braked.holds], now);
  });
}

/** Words when a service does not offer what products need; null for everything else. */
function lacking(error: unknown, { labels }: ProductSync): string | null {
  if (!(error instanceof ConnectorError)) return null;
  // Plans without the feature were met answering 500 as well.
  if (error.kind !== 'forbidden' && error.status !== 500) return null;
  return `Products were not synchronised: ${labels.crm} must offer products and ${labels.marketing} insight data to these credentials, and one of them refused (${error.message}). Everything else is not affected; switch the section products off if the plan does not include them.`;
}

function toNote(engine: Engine, runId: string, note: Note, at: string) {
  return { runId, connection: engine.name, personKey: 'products', row: note.row, text: note.text, emailKey: null, at };
}

function countByCode(holds: readonly Hold[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { code } of holds) counts.set(code, (counts.get(code) ?? 0) + 1);
  return counts;
}

function told(notice: string): ProductResult {
  return { holds: new Map(), notices: [notice] };
}
