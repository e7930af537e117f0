// Tries holds again: when a record they name changed, once a night, or when somebody asks. (decision 18, 4.9)
import type { RecordRef } from '../core/model/hold.ts';
import { ROLES } from '../core/model/identity.ts';
import { updateConnection } from '../store/connections.ts';
import { dirtyCrmIds, setCrmDirty } from '../store/crm-records.ts';
import type { Executor } from '../store/executor.ts';
import { countHoldsByCode, getHolds, holdsNaming, listHolds, type StoredHold } from '../store/holds.ts';
import { dirtyMarketingIds, setMarketingDirty } from '../store/marketing-records.ts';
import { NEVER, PRODUCTS_READ } from './products-due.ts';

const PAGE = 500;

/** Marks the persons of all holds that name a record with news. */
export async function wakeByNews(ex: Executor, connection: string): Promise<void> {
  if ((await countHoldsByCode(ex, connection)).length === 0) return;
  for (let after: string | null = null; ; ) {
    const ids = await dirtyMarketingIds(ex, connection, after, PAGE);
    if (ids.length === 0) break;
    after = ids.at(-1) ?? null;
    await wakeNamed(
      ex,
      connection,
      ids.map((id) => ({ system: 'marketing', entity: 'contact', id })),
    );
  }
  for (const role of ROLES) {
    for (let after: string | null = null; ; ) {
      const ids = await dirtyCrmIds(ex, connection, role, after, PAGE);
      if (ids.length === 0) break;
      after = ids.at(-1) ?? null;
      await wakeNamed(
        ex,
        connection,
        ids.map((id) => ({ system: 'crm', entity: role, id })),
      );
    }
  }
}

async function wakeNamed(ex: Executor, connection: string, refs: readonly RecordRef[]): Promise<void> {
  await wake(ex, connection, await holdsNaming(ex, connection, refs));
}

/** Marks the persons of every open hold. @returns number of holds */
export async function wakeAll(ex: Executor, connection: string): Promise<number> {
  let total = 0;
  for (let after: StoredHold | undefined; ; ) {
    const holds: readonly StoredHold[] = await listHolds(ex, {
      connection,
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    await wake(ex, connection, holds);
    total += holds.length;
    after = holds.at(-1);
    if (holds.length < PAGE) return total;
  }
}

/** Marks the persons of these holds. @returns the ids that were found */
export async function wakeThese(ex: Executor, ids: readonly string[]): Promise<readonly string[]> {
  const holds = await getHolds(ex, ids);
  for (const [connection, own] of Map.groupBy(holds, (hold) => hold.connection)) await wake(ex, connection, own);
  return holds.map((hold) => hold.id);
}

async function wake(ex: Executor, connection: string, holds: readonly StoredHold[]): Promise<void> {
  if (holds.length === 0) return;
  // Products are never tried one by one: the catalogue is gone through again.
  if (holds.some((hold) => hold.entity === 'product')) {
    await updateConnection(ex, connection, { watermarks: { [PRODUCTS_READ]: NEVER } });
  }
  await setMarketingDirty(
    ex,
    connection,
    holds.flatMap((hold) => hold.marketingId ?? []),
    true,
  );
  for (const role of ROLES) {
    await setCrmDirty(
      ex,
      connection,
      role,
      holds.flatMap((hold) => (hold.entity === role && hold.crmId !== null ? [hold.crmId] : [])),
      true,
    );
  }
}
