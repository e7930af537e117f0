// The law of the catalogue: it holds exactly what the rules say of the products in Sell. (K1-K10)
import type { Accounts } from './accounts.ts';
import { crmKey, type Known } from './known.ts';
import type { ProductSetup, Setup } from './setup.ts';

/** The address of every product without a template. (K3) */
const FIXED_URL = 'http://www.example.com/';

type Json = { readonly [name: string]: unknown };

export interface CatalogueOptions {
  /** Somebody said no to a removal: the records stay as they were. */
  readonly rejected: boolean;
}

/** To be asked once nothing moves any more. @returns what must not be */
export function judgeCatalogue(
  setup: Setup,
  { sell, dotdigital, everProducts }: Accounts,
  known: Known,
  { rejected }: CatalogueOptions,
): readonly string[] {
  const { products } = setup;
  if (!products.enabled) return [];
  const records = new Map<string, Json>();
  for (const { key, json } of dotdigital.world.records(COLLECTION)) records.set(key, json);
  const currency = products.currency ?? sell.world.state.account.currency;
  const wrong: string[] = [];
  for (const product of sell.world.state.products.values()) {
    const id = String(product.id);
    const record = records.get(id);
    const blame = (what: string): void => {
      wrong.push(`${what}: product ${id} "${product.name}" is ${JSON.stringify(record ?? null)} in the catalogue`);
    };
    records.delete(id);
    const amount = product.prices.find((price) => price.currency === currency)?.amount;
    const held = known.held.has(crmKey('product', id));
    if (!product.active && (products.onRemoved === 'keep' || rejected)) continue;
    if (!product.active && products.onRemoved === 'delete') {
      if (record !== undefined) blame('K6');
    } else if (amount === undefined) {
      if (product.active ? !held : record !== undefined && record['active'] !== false) blame('K7');
    } else if (!isSame(record, { ...product, amount: Number(amount), currency }))
      blame(product.active ? 'K1, K2' : 'K6');
  }
  for (const [id, record] of records) {
    if (!everProducts.has(Number(id))) wrong.push(`K1: the catalogue has ${id}, which never was a product`);
    else if (!rejected && !isGone(products, record))
      wrong.push(`K6: product ${id}, deleted in Sell, is ${JSON.stringify(record)} in the catalogue`);
  }
  return wrong.slice(0, 4);
}

export const COLLECTION = 'Catalog_Zendesk_Sell';

function isGone({ onRemoved }: ProductSetup, record: Json): boolean {
  return onRemoved === 'keep' || (onRemoved === 'inactive' && record['active'] === false);
}

function isSame(
  record: Json | undefined,
  product: {
    readonly id: number;
    readonly name: string;
    readonly sku: string;
    readonly description: string;
    readonly active: boolean;
    readonly amount: number;
    readonly currency: string;
  },
): boolean {
  if (record === undefined) return false;
  const { id, name, sku, description, active, amount, currency } = product;
  const wanted: Json = { id: String(id), name, sku, description, price: amount, currency, active, url: FIXED_URL };
  const [names, found] = [Object.keys(wanted).sort(), Object.keys(record).sort()];
  return JSON.stringify(names) === JSON.stringify(found) && names.every((one) => record[one] === wanted[one]);
}
