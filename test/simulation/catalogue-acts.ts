// What people do with the products in Sell. A few names and SKUs, so that several share one.
import type { Random } from '../../sandbox/random.ts';
import type { Accounts } from './accounts.ts';
import type { Act } from './acts.ts';

const NAMES = ['Chair', 'Desk', 'Lamp', 'Regał'];
const SKUS = ['', 'A-1', 'A-2', 'B-1'];
const AMOUNTS = ['0', '9.99', '10', '1234567.89', '0.10'];

function anyProduct({ sell }: Accounts, random: Random): number | null {
  const ids = [...sell.world.state.products.values()].map(({ id }) => id);
  return ids.length === 0 ? null : random.pick(ids);
}

function prices(random: Random): readonly { readonly amount: string; readonly currency: string }[] {
  return ['GBP', 'EUR', 'USD']
    .filter((currency) => random.chance(currency === 'GBP' ? 0.9 : 0.3))
    .map((currency) => ({ amount: random.pick(AMOUNTS), currency }));
}

function change(accounts: Accounts, random: Random, attributes: { readonly [name: string]: unknown }): string | null {
  const id = anyProduct(accounts, random);
  if (id === null) return null;
  accounts.sell.world.updateProduct(id, attributes);
  return `product ${String(id)} gets ${JSON.stringify(attributes)}`;
}

export const CATALOGUE_ACTS = {
  'new product': ({ sell, everProducts }, random) => {
    const { id, name } = sell.world.createProduct({
      name: random.pick(NAMES),
      sku: random.pick(SKUS),
      description: random.chance(0.5) ? `Made of ${random.pick(['oak', 'steel', ''])}` : null,
      active: random.chance(0.85),
      prices: prices(random),
    });
    everProducts.add(id);
    return `product ${String(id)} "${name}" is made`;
  },
  'renames a product': (accounts, random) =>
    change(accounts, random, random.chance(0.6) ? { name: random.pick(NAMES) } : { sku: random.pick(SKUS) }),
  'prices a product': (accounts, random) => change(accounts, random, { prices: prices(random) }),
  'switches a product': (accounts, random) => change(accounts, random, { active: random.chance(0.4) }),
  'deletes a product': (accounts, random) => {
    const id = anyProduct(accounts, random);
    if (id === null) return null;
    accounts.sell.world.deleteProduct(id);
    return `product ${String(id)} is deleted`;
  },
} as const satisfies { readonly [name: string]: Act };

/** How often each thing is done. */
export const CATALOGUE_WEIGHTS: { readonly [A in keyof typeof CATALOGUE_ACTS]: number } = {
  'new product': 4,
  'renames a product': 3,
  'prices a product': 3,
  'switches a product': 3,
  'deletes a product': 2,
};
