// Which marketing list stands for which lead status, and who was on it when it was last swept. (L1, L6) Decides nothing.
import type { Executor, Tx } from './executor.ts';
import { batches, inBatches } from './keys.ts';

export interface LeadList {
  readonly status: string;
  readonly listId: string;
  readonly name: string;
  /** Null until its members were read completely once. */
  readonly sweptAt: string | null;
}

export interface Membership {
  readonly listId: string;
  readonly marketingId: string;
  /** When the membership was first seen; null = at the first look, so that nothing is known of its order. */
  readonly since: string | null;
}

export async function leadLists(ex: Executor, connection: string): Promise<readonly LeadList[]> {
  const rows = await ex.db
    .selectFrom('lead_lists')
    .selectAll()
    .where('connection', '=', connection)
    .orderBy('status')
    .execute();
  return rows.map((row) => ({ status: row.status, listId: row.list_id, name: row.name, sweptAt: row.swept_at }));
}

/** Remembers the list of a status; another list than before starts without a sweep. */
export async function putLeadList(ex: Executor, connection: string, list: Omit<LeadList, 'sweptAt'>): Promise<void> {
  const row = { connection, status: list.status, list_id: list.listId, name: list.name, swept_at: null };
  await ex.db
    .insertInto('lead_lists')
    .values(row)
    .onConflict((oc) =>
      oc.columns(['connection', 'status']).doUpdateSet({ list_id: row.list_id, name: row.name, swept_at: null }),
    )
    .execute();
}

export async function membershipsOf(
  ex: Executor,
  connection: string,
  marketingIds: readonly string[],
): Promise<readonly Membership[]> {
  const rows = await inBatches(marketingIds, (batch) =>
    ex.db
      .selectFrom('list_members')
      .selectAll()
      .where('connection', '=', connection)
      .where('marketing_id', 'in', batch)
      .orderBy('list_id')
      .execute(),
  );
  return rows.map((row) => ({ listId: row.list_id, marketingId: row.marketing_id, since: row.since }));
}

/** Notes members that a sweep saw. @returns those that were not members before */
export async function seeMembers(
  ex: Executor,
  connection: string,
  listId: string,
  ids: readonly string[],
  sweep: string,
  since: string | null,
): Promise<readonly string[]> {
  const joined: string[] = [];
  for (const batch of batches([...new Set(ids)])) {
    const known = await ex.db
      .selectFrom('list_members')
      .select('marketing_id')
      .where('connection', '=', connection)
      .where('list_id', '=', listId)
      .where('marketing_id', 'in', batch)
      .execute();
    const before = new Set(known.map((row) => row.marketing_id));
    joined.push(...batch.filter((id) => !before.has(id)));
    await ex.db
      .insertInto('list_members')
      .values(batch.map((id) => ({ connection, list_id: listId, marketing_id: id, since, seen_sweep: sweep })))
      .onConflict((oc) => oc.columns(['connection', 'list_id', 'marketing_id']).doUpdateSet({ seen_sweep: sweep }))
      .execute();
  }
  return joined;
}

/** Ends a complete sweep: forgets members it did not see. @returns their ids */
export async function endSweep(
  ex: Executor,
  connection: string,
  listId: string,
  sweep: string,
  now: string,
): Promise<readonly string[]> {
  const gone = await ex.db
    .deleteFrom('list_members')
    .where('connection', '=', connection)
    .where('list_id', '=', listId)
    .where('seen_sweep', '<>', sweep)
    .returning('marketing_id')
    .execute();
  await ex.db
    .updateTable('lead_lists')
    .set({ swept_at: now })
    .where('connection', '=', connection)
    .where('list_id', '=', listId)
    .execute();
  return gone.map((row) => row.marketing_id);
}

/** A list that nobody needs any more, with all that is remembered of it. */
export async function forgetLeadList(
  tx: Tx,
  connection: string,
  list: Pick<LeadList, 'status' | 'listId'>,
): Promise<void> {
  await tx.db
    .deleteFrom('list_members')
    .where('connection', '=', connection)
    .where('list_id', '=', list.listId)
    .execute();
  await tx.db.deleteFrom('lead_lists').where('connection', '=', connection).where('status', '=', list.status).execute();
}

/** What our own writes did to memberships: a contact that is put on a list again has joined it now. */
export async function setMembership(
  ex: Executor,
  connection: string,
  change: { readonly listId: string; readonly marketingId: string; readonly member: boolean },
  since: string | null,
): Promise<void> {
  const { listId, marketingId, member } = change;
  if (member) {
    await ex.db
      .insertInto('list_members')
      .values({ connection, list_id: listId, marketing_id: marketingId, since, seen_sweep: 'own' })
      .onConflict((oc) =>
        oc.columns(['connection', 'list_id', 'marketing_id']).doUpdateSet({ since, seen_sweep: 'own' }),
      )
      .execute();
  } else {
    await ex.db
      .deleteFrom('list_members')
      .where('connection', '=', connection)
      .where('list_id', '=', listId)
      .where('marketing_id', '=', marketingId)
      .execute();
  }
}

/** Members of a list as remembered, by ascending id text, page by page. */
export async function rememberedMembers(
  ex: Executor,
  connection: string,
  listId: string,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  const rows = await ex.db
    .selectFrom('list_members')
    .select('marketing_id')
    .where('connection', '=', connection)
    .where('list_id', '=', listId)
    .where('marketing_id', '>', after)
    .orderBy('marketing_id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.marketing_id);
}

/** Members by list id, as remembered. */
export async function countMembers(ex: Executor, connection: string): Promise<ReadonlyMap<string, number>> {
  const rows = await ex.db
    .selectFrom('list_members')
    .select((eb) => ['list_id', eb.fn.countAll().as('total')])
    .where('connection', '=', connection)
    .groupBy('list_id')
    .execute();
  return new Map(rows.map((row) => [row.list_id, Number(row.total)]));
}
