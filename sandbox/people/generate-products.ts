// A product catalogue with its usual faults. Never a product anybody sells.
import { createRandom } from '../random.ts';

export interface ProductSeed {
  readonly name: string;
  readonly description: string;
  /** Empty where nobody gave one; not unique. (K8) */
  readonly sku: string;
  readonly active: boolean;
  readonly max_discount: number | null;
  /** Decimal text with two places. */
  readonly cost: string | null;
  readonly cost_currency: string;
  /** One per currency, in any order; empty for products without a price. (K7) */
  readonly prices: readonly { readonly amount: string; readonly currency: string }[];
}

const MATERIALS = ['Oak', 'Copper', 'Slate', 'Wool', 'Enamel', 'Rattan', 'Grès émaillé'];
const THINGS = ['planter', 'lantern', 'workbench', 'kettle', 'trellis', 'doormat', 'stool'];
const CURRENCIES = ['GBP', 'EUR', 'USD', 'PLN', 'JPY'];

const money = (pence: number): string => (pence / 100).toFixed(2);

/** Products in several currencies, with doubled SKUs, inactive ones and ones without a price. Same seed, same products. */
export function* generateProducts({
  seed,
  count,
}: {
  readonly seed: number;
  readonly count: number;
}): Generator<ProductSeed, void, undefined> {
  const random = createRandom(`products/${String(seed)}`);
  for (let index = 0; index < count; index += 1) {
    const base = random.int(50, 400_000);
    const currencies =
      index % 10 === 3 ? [] : index % 10 === 6 ? ['EUR'] : random.shuffle(CURRENCIES).slice(0, random.int(1, 3));
    const withHome =
      currencies.length === 0 || index % 10 === 6 || currencies.includes('GBP') ? currencies : [...currencies, 'GBP'];
    yield {
      name: `${random.pick(MATERIALS)} ${random.pick(THINGS)} no. ${String(index + 1)}`,
      description: random.chance(0.7) ? 'Made to order; delivery in three weeks.' : '',
      sku: index % 12 === 5 ? '' : index % 9 === 8 ? 'DOUBLE-01' : `SKU-${String(index + 1).padStart(4, '0')}`,
      active: index % 8 !== 7,
      max_discount: random.chance(0.4) ? random.int(5, 40) : null,
      cost: random.chance(0.5) ? money(Math.floor(base / 2)) : null,
      cost_currency: 'GBP',
      prices: withHome.map((currency) => ({ amount: money(base + random.int(0, 900)), currency })),
    };
  }
}
