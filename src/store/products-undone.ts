// Product writes that were taken back, by product: what the write had sent, or null where it had deleted. (decision 27)
import type { Executor, Tx } from './executor.ts';
import { decodeJsonOrNull, encodeJson } from './json.ts';
import { batches } from './keys.ts';
import { deleteProducts } from './products.ts';

/** By product id. `R` is what the caller stored. */
export async function undoneProducts<R>(
  ex: Executor,
  connection: string,
  collection: string,
): Promise<ReadonlyMap<string, R | null>> {
  const rows = await ex.db
    .selectFrom('products_undone')
    .select(['id', 'record'])
    .where('connection', '=', connection)
    .where('collection', '=', collection)
    .execute();
  return new Map(rows.map(({ id, record }) => [id, decodeJsonOrNull<R>(record)]));
}

/** Replaces what is known of these products. */
export async function rememberUndoneProducts<R>(
  tx: Tx,
  connection: string,
  collection: string,
  undone: ReadonlyMap<string, R | null>,
): Promise<void> {
  for (const batch of batches([...undone])) {
    await tx.db
      .insertInto('products_undone')
      .values(
        batch.map(([id, record]) => ({
          connection,
          collection,
          id,
          record: record === null ? null : encodeJson(record),
        })),
      )
      .onConflict((oc) =>
        oc.columns(['connection', 'collection', 'id']).doUpdateSet((eb) => ({ record: eb.ref('excluded.record') })),
      )
      .execute();
  }
}

export function forgetUndoneProducts(
  ex: Executor,
  connection: string,
  collection: string,
  ids: readonly string[],
): Promise<void> {
  return deleteProducts(ex, 'products_undone', connection, collection, ids);
}

/** An alignment was asked for: what was taken back may be sent again. */
export async function forgetEveryUndoneProduct(ex: Executor, connection: string): Promise<void> {
  await ex.db.deleteFrom('products_undone').where('connection', '=', connection).execute();
}
