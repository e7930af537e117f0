// The product catalogue, for one-way publication. Read only. (4.7)
import type { CrmProduct } from '../connector.ts';
import type { HttpClient } from '../http/http-client.ts';
import { readPages } from './read-collection.ts';
import { type WireProduct, wireProduct } from './wire.ts';

export async function* readProducts(http: HttpClient): AsyncGenerator<readonly CrmProduct[]> {
  const seen = new Set<string>();
  const call = { path: '/v2/products', query: { sort_by: 'id' }, item: wireProduct };
  for await (const page of readPages(http, call)) {
    const fresh = page.filter(({ id }) => !seen.has(id));
    for (const { id } of fresh) seen.add(id);
    if (fresh.length > 0) yield fresh.map(toProduct);
  }
}

/** This service says "" where others say null. */
function toProduct(wire: WireProduct): CrmProduct {
  return {
    id: wire.id,
    name: wire.name ?? '',
    sku: orNull(wire.sku),
    description: orNull(wire.description),
    active: wire.active ?? true,
    prices: (wire.prices ?? []).map(({ amount, currency }) => ({ amount, currency })),
    cost: orNull(wire.cost),
    costCurrency: orNull(wire.cost_currency),
    maxDiscount: orNull(wire.max_discount),
    maxMarkup: orNull(wire.max_markup),
    createdAt: wire.created_at ?? null,
    updatedAt: wire.updated_at ?? null,
  };
}

function orNull(text: string | null | undefined): string | null {
  return text === undefined || text === null || text === '' ? null : text;
}
