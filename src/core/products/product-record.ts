// One product as a record of the catalogue, or why it cannot be one. Pure; never rounds a price and never sends a secret.
import { exactNumber, normalizeDecimal } from '../normalize/decimal.ts';
import { fillTemplate } from './fill-template.ts';
import type { Product, ProductRecord, ProductSettings } from './product.ts';

/** The address of every product until a template is given. (K3, S24) */
const FIXED_URL = 'http://www.example.com/';

export type ProductReading =
  | { readonly type: 'record'; readonly record: ProductRecord }
  | { readonly type: 'price-missing' }
  /** The amount cannot be a number of the catalogue without changing its value. */
  | { readonly type: 'price-unfit'; readonly amount: string };

/** (K2-K4, K7) Blank texts are sent as empty ones, so that the property keeps its type. */
export function toProductRecord(product: Product, settings: ProductSettings): ProductReading {
  const { id, name, sku, description, active, prices } = product;
  const { currency, urlTemplate, imageTemplate } = settings;
  const price = prices.find((candidate) => candidate.currency.trim().toUpperCase() === currency);
  if (price === undefined || price.amount.trim() === '') return { type: 'price-missing' };
  const decimal = normalizeDecimal(price.amount);
  const amount = decimal === null ? null : exactNumber(decimal);
  if (amount === null) return { type: 'price-unfit', amount: price.amount };
  const url = urlTemplate === null ? null : fillTemplate(urlTemplate, product);
  const image = imageTemplate === null ? null : fillTemplate(imageTemplate, product);
  return {
    type: 'record',
    record: {
      id,
      name,
      sku: sku ?? '',
      description: description ?? '',
      price: amount,
      currency,
      active,
      url: url ?? FIXED_URL,
      // Documents and products of the marketing system spell this property in two ways.
      ...(image === null ? {} : { image_path: image, imagePath: image }),
    },
  };
}

/** Whether two records say the same, whatever the order of their properties. (K5) */
export function sameRecord(a: ProductRecord, b: ProductRecord): boolean {
  const [left, right] = [new Map<string, unknown>(Object.entries(a)), new Map<string, unknown>(Object.entries(b))];
  if (left.size !== right.size) return false;
  for (const [property, value] of left) if (right.get(property) !== value) return false;
  return true;
}
