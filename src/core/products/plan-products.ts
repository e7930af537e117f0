// The plan of a whole catalogue: what is sent, marked, deleted and held, and what is worth telling. Pure; reads nothing.
import type { Hold } from '../model/hold.ts';
import type { Note } from '../model/plan.ts';
import type { RowId } from '../model/row.ts';
import { compareText } from '../normalize/text.ts';
import { PRODUCT_TABLE } from './product.table.ts';
import type { Product, ProductRecord, ProductSettings } from './product.ts';
import { type ProductReading, sameRecord, toProductRecord } from './product-record.ts';

export interface ProductWrite {
  readonly id: string;
  readonly kind: 'create' | 'update' | 'delete';
  readonly row: RowId;
  /** What the catalogue took last; null = nothing. */
  readonly before: ProductRecord | null;
  /** What is sent; null for a delete. */
  readonly after: ProductRecord | null;
}

export interface ProductPlan {
  /** By ascending id, deletes last. (R18) */
  readonly writes: readonly ProductWrite[];
  readonly holds: readonly Hold[];
  readonly notes: readonly Note[];
  /** Products for which a write that was taken back no longer stands in the way. */
  readonly moved: readonly string[];
}

export interface PlanProductsOptions {
  /** The catalogue lost records: what it took before says nothing of what it has. (K10) */
  readonly lost?: boolean;
  /** Writes that were taken back, by product id: not sent again while they would be the same. (decision 27) */
  readonly undone?: ReadonlyMap<string, ProductRecord | null>;
}

/** SKUs named in one note. */
const NAMED = 10;

/**
 * @param products the complete list, by ascending id
 * @param accepted records as the catalogue last took them, by product id
 */
export function planProducts(
  products: readonly Product[],
  accepted: ReadonlyMap<string, ProductRecord>,
  settings: ProductSettings,
  { lost = false, undone = new Map() }: PlanProductsOptions = {},
): ProductPlan {
  const writes: ProductWrite[] = [];
  const holds: Hold[] = [];
  const present = new Set<string>();
  for (const product of products) {
    present.add(product.id);
    const reading = toProductRecord(product, settings);
    const before = accepted.get(product.id) ?? null;
    const { id: row, then } = decide(product, reading, before, settings, lost);
    switch (then) {
      case 'create':
      case 'update':
        if (reading.type === 'record') writes.push({ id: product.id, kind: then, row, before, after: reading.record });
        break;
      case 'mark':
        if (before !== null) writes.push(marked(product.id, row, before));
        break;
      case 'delete':
        writes.push({ id: product.id, kind: 'delete', row, before, after: null });
        break;
      case 'hold-missing':
      case 'hold-unfit':
        holds.push(heldFor(product, reading, row, settings));
        break;
      case 'nothing':
        break;
      default:
        then satisfies never;
    }
  }
  for (const [id, before] of accepted) {
    if (present.has(id)) continue;
    const { id: row, then } = PRODUCT_TABLE.decide({
      crm: 'gone',
      price: 'usable',
      accepted: before.active ? 'active' : 'inactive',
      content: 'same',
      onRemoved: settings.onRemoved,
    });
    if (then === 'mark') writes.push(marked(id, row, before));
    if (then === 'delete') writes.push({ id, kind: 'delete', row, before, after: null });
  }
  const again = new Set(writes.filter((write) => isUndone(write, undone)).map(({ id }) => id));
  return {
    writes: inOrder(writes.filter(({ id }) => !again.has(id))),
    holds,
    notes: duplicateSkus(products),
    moved: [...undone.keys()].filter((id) => !again.has(id)),
  };
}

/** The same write as one that was taken back: the CRM has not moved since. */
function isUndone({ id, after }: ProductWrite, undone: ReadonlyMap<string, ProductRecord | null>): boolean {
  const before = undone.get(id);
  if (before === undefined) return false;
  return before === null || after === null ? before === after : sameRecord(before, after);
}

function decide(
  product: Product,
  reading: ProductReading,
  before: ProductRecord | null,
  settings: ProductSettings,
  lost: boolean,
) {
  return PRODUCT_TABLE.decide({
    crm: product.active ? 'active' : 'inactive',
    price: reading.type === 'record' ? 'usable' : reading.type === 'price-missing' ? 'missing' : 'unfit',
    accepted: before === null ? 'none' : before.active ? 'active' : 'inactive',
    content:
      !lost && before !== null && reading.type === 'record' && sameRecord(before, reading.record) ? 'same' : 'differs',
    onRemoved: settings.onRemoved,
  });
}

/** The record as it was taken, but inactive: an upsert replaces a record as a whole. */
function marked(id: string, row: RowId, before: ProductRecord): ProductWrite {
  return { id, kind: 'update', row, before, after: { ...before, active: false } };
}

/** By ascending id, deletes last. (R18) */
export function inOrder(writes: readonly ProductWrite[]): readonly ProductWrite[] {
  const last = (write: ProductWrite): number => (write.kind === 'delete' ? 1 : 0);
  return [...writes].sort((a, b) => last(a) - last(b) || a.id.length - b.id.length || compareText(a.id, b.id));
}

function heldFor(product: Product, reading: ProductReading, row: RowId, { currency, labels }: ProductSettings): Hold {
  const unfit = reading.type === 'price-unfit';
  return {
    ...productHold(product.id, row),
    code: unfit ? 'VALUE_UNMAPPABLE' : 'PRICE_MISSING',
    field: 'price',
    message: unfit
      ? `The ${currency} price "${reading.amount}" of the product "${product.name}" cannot be a number of the catalogue without changing its value.`
      : `The product "${product.name}" has no price in ${currency}, so it is not sent to ${labels.marketing}.`,
    fix: unfit
      ? `Correct the price in ${labels.crm}; the next product synchronisation sends the product.`
      : `Give the product a ${currency} price in ${labels.crm}, or choose another currency for the catalogue; the next product synchronisation sends it.`,
  };
}

/** The parts that every hold of a product has. A product is no record that persons collide with, so it has no refs. */
export function productHold(
  id: string,
  row: RowId,
): Pick<Hold, 'row' | 'entity' | 'email' | 'crmId' | 'marketingId' | 'refs'> {
  return { row, entity: 'product', email: null, crmId: id, marketingId: null, refs: [] };
}

/** (K8) Both stay, because the id is the key; whoever looks products up by SKU should know. */
function duplicateSkus(products: readonly Product[]): readonly Note[] {
  const bySku = new Map<string, string[]>();
  for (const { id, sku } of products) {
    if (sku === null || sku.trim() === '') continue;
    const ids = bySku.get(sku.trim());
    if (ids === undefined) bySku.set(sku.trim(), [id]);
    else ids.push(id);
  }
  const notes: Note[] = [];
  for (const [sku, ids] of bySku) {
    if (ids.length < 2) continue;
    const named = ids.slice(0, NAMED).join(', ');
    const more = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : '';
    notes.push({
      row: 'K8',
      text: `SKU_DUPLICATE: ${ids.length} products have the SKU "${sku}" (${named}${more}); each keeps its own record.`,
    });
  }
  return notes;
}
