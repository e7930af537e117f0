// Who may run a connection now. (R16) One conditional statement per step, so that two processes never both win.
import type { Executor, Store } from './executor.ts';

export interface Lease {
  /** Grows at each take: a holder that lost its lease can be told from the one that has it now. */
  readonly token: number;
}

/** The clock of leases is the one that all processes on the database share. @param now ISO UTC, for those that share a machine's */
export async function leaseTime({ backend }: Pick<Store, 'backend'>, now: string): Promise<string> {
  return backend.clock === null ? now : backend.clock();
}

/**
 * Takes the lease when nobody holds it or its holder let it expire.
 * @param now ISO UTC; @param ttlMs milliseconds until it expires unless renewed
 * @returns null while somebody holds it, the same holder included
 */
export async function acquireLease(
  ex: Executor,
  name: string,
  holder: string,
  ttlMs: number,
  now: string,
): Promise<Lease | null> {
  const taken = await ex.db
    .insertInto('leases')
    .values({ name, holder, token: 1, expires_at: expiry(now, ttlMs) })
    .onConflict((oc) =>
      oc
        .column('name')
        .doUpdateSet((eb) => ({
          holder: eb.ref('excluded.holder'),
          token: eb('leases.token', '+', 1),
          expires_at: eb.ref('excluded.expires_at'),
        }))
        .where((eb) => eb.or([eb('leases.holder', 'is', null), eb('leases.expires_at', '<=', now)])),
    )
    .returning('token')
    .executeTakeFirst();
  return taken === undefined ? null : { token: Number(taken.token) };
}

/** Extends the lease while nobody else took it, even when it had just expired. @returns false when it is lost */
export async function renewLease(
  ex: Executor,
  name: string,
  token: number,
  ttlMs: number,
  now: string,
): Promise<boolean> {
  const result = await ex.db
    .updateTable('leases')
    .set({ expires_at: expiry(now, ttlMs) })
    .where('name', '=', name)
    .where('token', '=', token)
    .where('holder', 'is not', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/**
 * True while nobody else took the lease since `token` was given; to be asked inside the transaction that must not be stale.
 * @param options.lock keeps it so until that transaction ends; SQLite, whose writers take turns, has no word for it and no need
 */
export async function holdsLease(
  ex: Executor,
  name: string,
  token: number,
  options: { readonly lock?: boolean } = {},
): Promise<boolean> {
  const row = await ex.db
    .selectFrom('leases')
    .select('token')
    .where('name', '=', name)
    .where('token', '=', token)
    .where('holder', 'is not', null)
    .$if(options.lock === true, (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
  return row !== undefined;
}

/** Lets go; a lease that somebody else holds by now is left alone. The token stays, so that it keeps growing. */
export async function releaseLease(ex: Executor, name: string, token: number): Promise<void> {
  await ex.db.updateTable('leases').set({ holder: null }).where('name', '=', name).where('token', '=', token).execute();
}

/** Lets go for a holder that is no more; if somebody else holds the lease by now, nothing happens. */
export async function dropHolder(ex: Executor, name: string, holder: string): Promise<void> {
  await ex.db
    .updateTable('leases')
    .set({ holder: null })
    .where('name', '=', name)
    .where('holder', '=', holder)
    .execute();
}

/** Present holder, or null. @param now ISO UTC, see `leaseTime` */
export async function leaseHolder(
  store: Pick<Store, 'db' | 'backend'>,
  name: string,
  now: string,
): Promise<{ readonly holder: string; readonly expiresAt: string } | null> {
  const row = await store.db.selectFrom('leases').selectAll().where('name', '=', name).executeTakeFirst();
  if (row === undefined || row.holder === null || row.expires_at <= (await leaseTime(store, now))) return null;
  return { holder: row.holder, expiresAt: row.expires_at };
}

/** Names of the leases that somebody holds. */
export async function heldConnections(store: Pick<Store, 'db' | 'backend'>, now: string): Promise<readonly string[]> {
  const rows = await store.db
    .selectFrom('leases')
    .select('name')
    .where('holder', 'is not', null)
    .where('expires_at', '>', await leaseTime(store, now))
    .orderBy('name')
    .execute();
  return rows.map((row) => row.name);
}

function expiry(now: string, ttlMs: number): string {
  return new Date(Date.parse(now) + ttlMs).toISOString();
}
