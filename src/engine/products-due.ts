// Whether it is time for the product catalogue: once a day, at a time of the connection's own clock. (decision 14)
import { lastDue } from '../core/products/last-due.ts';
import type { Watermarks } from '../store/connections.ts';
import type { Engine, ProductSync } from './engine.ts';

/** When the catalogue was last gone through to the end. */
export const PRODUCTS_READ = 'products-read';
/** Makes it due whenever it was gone through. */
export const NEVER = '1970-01-01T00:00:00.000Z';

export function productsDue(engine: Pick<Engine, 'now'>, sync: ProductSync, watermarks: Watermarks): boolean {
  const read = watermarks[PRODUCTS_READ];
  return Date.parse(read ?? NEVER) < lastDue(Date.parse(engine.now()), sync.at, sync.timeZone);
}
