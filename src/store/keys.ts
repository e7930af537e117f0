// Ordering of record ids and cutting long lists into batches. Ids are text; nothing computes with them.

/** Ascending order of decimal ids by value; other ids by length, then by code unit. */
export function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** Distinct lengths of some ids: with them a look-up by id can use the (id_len, id) key. */
export function lengthsOf(ids: readonly string[]): readonly number[] {
  return [...new Set(ids.map((id) => id.length))];
}

/** Rows in one statement: below the parameter limits of both databases for every table here. */
const ROWS_PER_STATEMENT = 500;

/** Slices of at most `size` items, without repeats of identity being looked at. */
export function* batches<T>(items: readonly T[], size = ROWS_PER_STATEMENT): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}

/** The rows that a long list brings, one statement a batch, in the order of the batches. */
export async function inBatches<T, R>(
  items: readonly T[],
  read: (batch: readonly T[]) => Promise<readonly R[]>,
): Promise<readonly R[]> {
  const found: R[] = [];
  for (const batch of batches(items)) for (const row of await read(batch)) found.push(row);
  return found;
}
