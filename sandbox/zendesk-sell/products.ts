// Products of the catalogue: what may be written, what is stored, what is read.
// Never decides who may write; the routes do.

import { AttributeReader } from './attribute-reader.ts';
import { unprocessable } from './errors.ts';
import type { Price, ProductRecord } from './records.ts';
import { renderTime } from './wire-time.ts';
import type { WorldState } from './world-state.ts';

type Draft = { -readonly [Key in keyof ProductRecord]: ProductRecord[Key] };

const READ_ONLY = new Set(['id', 'created_at', 'updated_at']);
const DECIMAL = /^\d+(\.\d+)?$/;
const CURRENCY = /^[A-Z]{3}$/;

function readMoney(reader: AttributeReader, field: string, value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return reader.invalidType(field, 'string');
  if (!DECIMAL.test(text)) return reader.incorrect(field, 'A valid number is required.');
  return Number(text).toFixed(2);
}

function readCurrency(reader: AttributeReader, field: string, value: unknown): string | undefined {
  if (typeof value !== 'string') return reader.invalidType(field, 'string');
  return CURRENCY.test(value) ? value : reader.incorrect(field, 'Ensure this value is a currency code.');
}

function readPrices(reader: AttributeReader, value: unknown): readonly Price[] | undefined {
  if (!Array.isArray(value)) return reader.invalidType('/prices', 'array');
  const prices = new Map<string, Price>();
  for (const entry of value as readonly unknown[]) {
    if (typeof entry !== 'object' || entry === null) return reader.invalidType('/prices', 'array of object');
    const { amount, currency, ...rest } = entry as Readonly<Record<string, unknown>>;
    for (const key of Object.keys(rest)) reader.unknown(`/prices/${key}`);
    if (amount === undefined) reader.missing('/prices/amount');
    if (currency === undefined) reader.missing('/prices/currency');
    if (amount === undefined || currency === undefined) continue;
    const money = readMoney(reader, '/prices/amount', amount);
    const code = readCurrency(reader, '/prices/currency', currency);
    if (money === undefined || code === undefined) continue;
    if (prices.has(code)) reader.incorrect('/prices', 'Only one price per currency is allowed.');
    prices.set(code, { currency: code, amount: money });
  }
  return [...prices.values()];
}

function readPercent(reader: AttributeReader, field: string, value: unknown, most: number): number | null | undefined {
  if (value === null) return null;
  const percent = reader.integer(field, value);
  if (percent === undefined) return undefined;
  if (percent < 0) return reader.incorrect(field, 'Ensure this value is greater than or equal to 0.');
  if (percent > most) return reader.incorrect(field, `Ensure this value is less than or equal to ${most}.`);
  return percent;
}

function readAttribute(reader: AttributeReader, draft: Draft, key: string, value: unknown): void {
  const at = `/${key}`;
  switch (key) {
    case 'name':
    case 'description':
    case 'sku': {
      if (typeof value === 'string') draft[key] = value;
      else if (value === null && key !== 'name') draft[key] = '';
      else if (value === null) reader.blank(at);
      else reader.invalidType(at, 'string');
      return;
    }
    case 'active':
      draft.active = reader.boolean(at, value) ?? draft.active;
      return;
    case 'max_discount':
    case 'max_markup': {
      const percent = readPercent(reader, at, value, key === 'max_discount' ? 100 : Number.MAX_SAFE_INTEGER);
      if (percent !== undefined) draft[key] = percent;
      return;
    }
    case 'cost': {
      const cost = value === null ? null : readMoney(reader, at, value);
      if (cost !== undefined) draft.cost = cost;
      return;
    }
    case 'cost_currency':
      draft.cost_currency = readCurrency(reader, at, value) ?? draft.cost_currency;
      return;
    case 'prices':
      draft.prices = readPrices(reader, value) ?? draft.prices;
      return;
    default:
      reader.unknown(at);
  }
}

/**
 * Creates a product, or changes `before`.
 * @throws SellRefusal 422 in the product service's style.
 */
export function writeProduct(
  world: WorldState,
  before: ProductRecord | undefined,
  attributes: Readonly<Record<string, unknown>>,
): ProductRecord {
  const reader = new AttributeReader('product', world.switches);
  const now = world.now();
  const draft: Draft = before
    ? { ...before }
    : {
        id: 0,
        name: '',
        description: '',
        sku: '',
        active: true,
        max_discount: null,
        max_markup: null,
        cost: null,
        cost_currency: world.account.currency,
        prices: [],
        created_at: now,
        updated_at: now,
      };
  for (const [key, value] of Object.entries(attributes)) {
    if (READ_ONLY.has(key)) {
      if (world.switches.readOnlyAttributes === 'refuse') reader.unknown(`/${key}`);
    } else readAttribute(reader, draft, key, value);
  }
  if (draft.name === '' && !reader.errors.some((error) => error.field === '/name')) {
    if (before || 'name' in attributes) reader.blank('/name');
    else reader.missing('/name');
  }
  if (reader.errors.length > 0) throw unprocessable(reader.errors, { style: 'products' });
  if (before) draft.updated_at = world.nextUpdate(before.updated_at);
  else draft.id = world.nextId('product');
  world.products.put(draft);
  world.touched('product', draft.id);
  return draft;
}

/** Deletes a product; false when there is none of that id. */
export function deleteProduct(world: WorldState, id: number): boolean {
  if (!world.products.remove(id)) return false;
  world.deleted('product', id);
  return true;
}

/** A product as it is read; its cost is for administrators. */
export function renderProduct(product: ProductRecord, isAdmin: boolean): Record<string, unknown> {
  return {
    id: product.id,
    updated_at: renderTime(product.updated_at),
    created_at: renderTime(product.created_at),
    active: product.active,
    description: product.description,
    name: product.name,
    sku: product.sku,
    prices: product.prices,
    max_discount: product.max_discount,
    max_markup: product.max_markup,
    ...(isAdmin ? { cost: product.cost, cost_currency: product.cost_currency } : {}),
  };
}
