// Undo of a run's writes to the catalogue: each record back to what it was, where it still reads what the run made of it.
// Pure; never overwrites what was changed since. (R17, decision 27)
import type { Value } from '../model/value.ts';
import { type Skipped, UNDO_ROW } from '../plan/invert-view.ts';
import { inOrder, type ProductWrite } from './plan-products.ts';
import type { ProductRecord } from './product.ts';

/** A record as the catalogue has it, whoever wrote it. */
export type PresentRecord = { readonly [property: string]: unknown };

export interface ProductsUndo {
  readonly writes: readonly ProductWrite[];
  /** What the writes that are taken back had sent, by product id; null = they deleted. While the CRM says the same, it is not sent again. */
  readonly undone: ReadonlyMap<string, ProductRecord | null>;
  readonly skipped: readonly Skipped[];
}

/**
 * @param writes those of the run that took effect, oldest first
 * @param present the records of these products as the catalogue has them now
 * @param label what people call the marketing system
 */
export function invertProducts(
  writes: readonly Pick<ProductWrite, 'id' | 'before' | 'after'>[],
  present: ReadonlyMap<string, PresentRecord>,
  label: string,
): ProductsUndo {
  const back: ProductWrite[] = [];
  const undone = new Map<string, ProductRecord | null>();
  const skipped: Skipped[] = [];
  for (const [id, own] of Map.groupBy(writes, (write) => write.id)) {
    const before = own[0]?.before ?? null;
    const after = own.at(-1)?.after ?? null;
    const now = present.get(id) ?? null;
    const isBack = sameOrNone(now, before);
    if (!isBack && !sameOrNone(now, after)) {
      skipped.push(productSkipped(id, (after ?? before)?.name ?? id, change(now, after, label)));
      continue;
    }
    undone.set(id, after);
    if (isBack) continue;
    const kind = before === null ? 'delete' : after === null ? 'create' : 'update';
    back.push({ id, kind, row: UNDO_ROW, before: after, after: before });
  }
  return { writes: inOrder(back), undone, skipped };
}

export function productSkipped(id: string, name: string, part: Pick<Skipped, 'field' | 'present' | 'why'>): Skipped {
  return { system: 'marketing', entity: 'product', email: null, name, crmId: id, marketingId: id, ...part };
}

function sameOrNone(present: PresentRecord | null, record: ProductRecord | null): boolean {
  if (present === null || record === null) return present === record;
  return differing(present, record) === null;
}

/** The first property that is not what the record says; null where all are. */
function differing(present: PresentRecord, record: ProductRecord): string | null {
  const said = new Map<string, unknown>(Object.entries(record));
  for (const property of new Set([...said.keys(), ...Object.keys(present)]))
    if ((present[property] ?? null) !== (said.get(property) ?? null)) return property;
  return null;
}

function change(
  present: PresentRecord | null,
  after: ProductRecord | null,
  label: string,
): Pick<Skipped, 'field' | 'present' | 'why'> {
  if (present === null) return { field: null, present: null, why: `is no longer in the catalogue in ${label}` };
  const field = after === null ? null : differing(present, after);
  if (field === null) return { field, present: null, why: `is in the catalogue in ${label} again` };
  return { field, present: shown(present[field]), why: 'was changed since' };
}

function shown(value: unknown): Value {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  return value === null || value === undefined ? null : JSON.stringify(value);
}
