// Writes to the product catalogue as the journal shows any write. Reads only; sends and decides nothing.
import type { Change } from '../core/model/plan.ts';
import type { RowId } from '../core/model/row.ts';
import type { ProductRecord } from '../core/products/product.ts';
import type { ActionState } from '../store/actions.ts';
import type { Executor } from '../store/executor.ts';
import { listProductWrites, type StoredProductWrite } from '../store/products.ts';

/** Like a stored action of a person, as far as both have the same. */
export interface ProductAction {
  /** Above those of the run's writes for persons. */
  readonly seq: number;
  readonly state: ActionState;
  readonly error: string | null;
  readonly at: string;
  readonly action: {
    readonly row: RowId;
    readonly rows: readonly RowId[];
    readonly kind: 'create' | 'update' | 'delete';
    readonly system: 'marketing';
    readonly entity: 'product';
    readonly email: null;
    readonly crmId: string;
    /** The record's key. */
    readonly marketingId: string;
    readonly name: string;
    readonly changes: { readonly [property: string]: Change };
  };
}

const PAGE = 500;

/** A page of the product writes of a run, in order. */
export async function productActions(
  ex: Executor,
  runId: string,
  page: { readonly afterSeq?: number; readonly limit?: number },
): Promise<readonly ProductAction[]> {
  return (await listProductWrites<ProductRecord>(ex, runId, page)).map(toAction);
}

/** Every product write of a run, in order. */
export async function* plannedProductsOf(ex: Executor, runId: string): AsyncGenerator<ProductAction> {
  for (let afterSeq = -1; ; ) {
    const page = await productActions(ex, runId, { afterSeq, limit: PAGE });
    const last = page.at(-1);
    if (last === undefined) return;
    afterSeq = last.seq;
    yield* page;
  }
}

function toAction({
  seq,
  state,
  error,
  at,
  id,
  row,
  kind,
  before,
  after,
}: StoredProductWrite<ProductRecord>): ProductAction {
  const changes: Record<string, Change> = {};
  for (const property of new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])) {
    const [from, to] = [shown(before, property), shown(after, property)];
    if (from !== to) changes[property] = { from, to };
  }
  const name = (after ?? before)?.name ?? id;
  const ids = { crmId: id, marketingId: id };
  return {
    seq,
    state,
    error,
    at,
    action: { row, rows: [row], kind, system: 'marketing', entity: 'product', email: null, ...ids, name, changes },
  };
}

function shown(record: ProductRecord | null, property: string): string | boolean | null {
  const value = new Map<string, string | number | boolean>(Object.entries(record ?? {})).get(property) ?? null;
  return typeof value === 'number' ? String(value) : value;
}
