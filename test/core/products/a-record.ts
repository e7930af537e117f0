// A record of the catalogue, for tests that say only what they are about.
import type { ProductRecord } from '../../../src/core/products/product.ts';

export const record = (id: string, over: Partial<ProductRecord> = {}): ProductRecord => ({
  id,
  name: `Product ${id}`,
  sku: `SKU-${id}`,
  description: '',
  price: 5,
  currency: 'GBP',
  active: true,
  url: 'http://www.example.com/',
  ...over,
});
