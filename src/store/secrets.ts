// Secrets that change while running, such as a rotated OAuth refresh token. Stored sealed only; keys are never stored.
import type { Executor } from './executor.ts';
import { inBatches } from './keys.ts';
import { openSecret, type SecretPlace, sealSecret } from './secret.ts';

/** Seals and stores; an older value is replaced. */
export async function putSecret(
  ex: Executor,
  key: Uint8Array,
  place: SecretPlace,
  plain: string,
  now: string,
): Promise<void> {
  await ex.db
    .insertInto('secrets')
    .values({
      connection: place.connection,
      name: place.name,
      value: sealSecret(key, place, plain),
      updated_at: now,
    })
    .onConflict((oc) =>
      oc.columns(['connection', 'name']).doUpdateSet((eb) => ({
        value: eb.ref('excluded.value'),
        updated_at: eb.ref('excluded.updated_at'),
      })),
    )
    .execute();
}

/** @returns null when there is none. @throws StoreError `wrong-key`, `tampered` */
export async function getSecret(ex: Executor, key: Uint8Array, place: SecretPlace): Promise<string | null> {
  const row = await ex.db
    .selectFrom('secrets')
    .select('value')
    .where('connection', '=', place.connection)
    .where('name', '=', place.name)
    .executeTakeFirst();
  return row === undefined ? null : openSecret(key, place, row.value);
}

/** The secret of this name of each of these connections that has one. @throws StoreError `wrong-key`, `tampered` */
export async function getSecrets(
  ex: Executor,
  key: Uint8Array,
  { connections, name }: { readonly connections: readonly string[]; readonly name: string },
): Promise<ReadonlyMap<string, string>> {
  const rows = await inBatches(connections, (batch) =>
    ex.db
      .selectFrom('secrets')
      .select(['connection', 'value'])
      .where('connection', 'in', batch)
      .where('name', '=', name)
      .execute(),
  );
  return new Map(
    rows.map(({ connection, value }) => [connection, openSecret(key, { connection, name }, value)] as const),
  );
}

export async function deleteSecret(ex: Executor, place: SecretPlace): Promise<void> {
  await ex.db.deleteFrom('secrets').where('connection', '=', place.connection).where('name', '=', place.name).execute();
}
