// The product catalogue, for one-way publication. Read only. (4.7)
import type { CrmProduct } from '../connector.ts';
import type { HttpClient } from '../http/http-client.ts';
import type { Oddity } from '../oddity.ts';
import { chunk, PAGE_SIZE, readPage, readPages } from './read-collection.ts';
import { type WireProduct, wireProduct } from './wire.ts';

/** Plans without products were met answering 500 to the first page, for ever: that is not waited out for minutes. */
const FIRST_PAGE_ATTEMPTS = 5;

export async function* readProducts(
  http: HttpClient,
  report: (oddity: Oddity) => void,
): AsyncGenerator<readonly CrmProduct[]> {
  const seen = new Set<string>();
  const call = {
    path: '/v2/products',
    query: { sort_by: 'id' },
    item: wireProduct,
    skip: report,
    firstPageAttempts: FIRST_PAGE_ATTEMPTS,
  };
  for await (const page of readPages(http, call)) {
    const fresh = page.filter(({ id }) => !seen.has(id));
    for (const { id } of fresh) seen.add(id);
    if (fresh.length > 0) yield fresh.map(toProduct);
  }
}

/** Those of some products that are there, 100 a call. */
export async function findProducts(http: HttpClient, ids: readonly string[]): Promise<readonly CrmProduct[]> {
  const found: CrmProduct[] = [];
  for (const some of chunk(ids, PAGE_SIZE)) {
    const query = { ids: some.join(','), per_page: String(PAGE_SIZE) };
    const { items } = await readPage(http, { path: '/v2/products', query, item: wireProduct });
    found.push(...items.filter(({ id }) => some.includes(id)).map(toProduct));
  }
  return found;
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
