// Holds of products: opened, repeated and fixed by the catalogue's own runs. Never touches a hold of a person. (4.9)
import type { Hold, HoldCode } from '../core/model/hold.ts';
import type { Tx } from './executor.ts';
import { openHolds } from './hold-reconcile.ts';
import { batches } from './keys.ts';

/** Opens these holds of products, or repeats them. (4.9) */
export async function openProductHolds(tx: Tx, connection: string, holds: readonly Hold[], now: string): Promise<void> {
  const subjects = holds.map((hold) => ({ key: `p:${hold.crmId}`, holds: [hold] }));
  await openHolds(tx, connection, subjects, now);
}

/** Holds of products that are open but not among these are fixed. An ignored one stays ignored. (4.9) */
export async function closeOtherProductHolds(
  tx: Tx,
  connection: string,
  holds: readonly Hold[],
  now: string,
): Promise<void> {
  const kept = new Set(holds.map(({ code, crmId }) => `${code} ${crmId}`));
  const open = await tx.db
    .selectFrom('holds')
    .select(['id', 'code', 'crm_id'])
    .where('connection', '=', connection)
    .where('state', 'in', ['open', 'waiting'])
    .where('entity', '=', 'product')
    .execute();
  const over = open.filter(({ code, crm_id: crmId }) => !kept.has(`${code} ${crmId}`));
  for (const batch of batches(over.map(({ id }) => id))) {
    await tx.db.updateTable('holds').set({ state: 'fixed', last_seen: now }).where('id', 'in', batch).execute();
  }
}

/** Holds of one code, of these products. */
export async function closeProductHolds(
  tx: Tx,
  connection: string,
  code: HoldCode,
  ids: readonly string[],
  now: string,
): Promise<void> {
  for (const batch of batches(ids)) {
    await tx.db
      .updateTable('holds')
      .set({ state: 'fixed', last_seen: now })
      .where('connection', '=', connection)
      .where('state', 'in', ['open', 'waiting'])
      .where('entity', '=', 'product')
      .where('code', '=', code)
      .where('crm_id', 'in', batch)
      .execute();
  }
}
