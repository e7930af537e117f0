// Links and tombstones: which marketing contact and which CRM record are one person, and what both last agreed on.
// Never decides a state; the schema alone refuses two links of one record.
import { sql } from 'kysely';
import type { Role, System } from '../core/model/identity.ts';
import type { Base, BaseField, Link, LinkState, Unconfirmed } from '../core/model/link.ts';
import type { Value } from '../core/model/value.ts';
import type { Executor, Tx } from './executor.ts';
import { decodeJson, encodeJson } from './json.ts';
import { batches, compareIds, inBatches } from './keys.ts';
import type { LinkRow } from './schema.ts';

type UnconfirmedFields = { readonly [fieldKey: string]: Unconfirmed };

export interface NewLink extends Link {
  readonly connection: string;
  /** SHA-256 of the normal address, so that a tombstone knows its person without keeping the address. (decision 12) */
  readonly emailHash: string | null;
}

export interface StoredLink extends NewLink {
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** @throws StoreError `constraint` for a second living link of a CRM record, or of a contact in one role (4.1) */
export async function insertLinks(ex: Executor, links: readonly NewLink[], now: string): Promise<void> {
  for (const batch of batches(links)) {
    await ex.db
      .insertInto('links')
      .values(batch.map((link) => toRow(link, now)))
      .execute();
  }
}

/** Links of these contacts in both roles, tombstones included. */
export async function linksByMarketing(
  ex: Executor,
  connection: string,
  marketingIds: readonly string[],
): Promise<readonly StoredLink[]> {
  const rows = await inBatches(marketingIds, (batch) =>
    selectLinks(ex, connection).where('marketing_id', 'in', batch).execute(),
  );
  return rows.map(toLink).sort(byRecord);
}

/** Links of these CRM records, tombstones included. */
export async function linksByCrm(
  ex: Executor,
  connection: string,
  role: Role,
  crmIds: readonly string[],
): Promise<readonly StoredLink[]> {
  const rows = await inBatches(crmIds, (batch) =>
    selectLinks(ex, connection).where('role', '=', role).where('crm_id', 'in', batch).execute(),
  );
  return rows.map(toLink).sort(byRecord);
}

/** Links and tombstones whose address hashes to one of these. */
export async function linksByEmailHash(
  ex: Executor,
  connection: string,
  hashes: readonly string[],
): Promise<readonly StoredLink[]> {
  const rows = await inBatches(hashes, (batch) =>
    selectLinks(ex, connection).where('email_hash', 'in', batch).execute(),
  );
  return rows.map(toLink).sort(byRecord);
}

export async function getLinks(ex: Executor, ids: readonly string[]): Promise<readonly StoredLink[]> {
  const rows = await inBatches(ids, (batch) =>
    ex.db.selectFrom('links').selectAll().where('id', 'in', batch).orderBy('id').execute(),
  );
  return rows.map(toLink);
}

/** @throws StoreError `constraint` when the state would give a record or a contact a second living link */
export async function updateLinkState(
  ex: Executor,
  linkId: string,
  state: LinkState,
  because: string | null,
  now: string,
): Promise<void> {
  await ex.db.updateTable('links').set({ state, because, updated_at: now }).where('id', '=', linkId).execute();
}

/** Keeps the tombstone's address in step with the person's. */
export async function updateLinkEmailHash(
  ex: Executor,
  linkId: string,
  emailHash: string | null,
  now: string,
): Promise<void> {
  await ex.db.updateTable('links').set({ email_hash: emailHash, updated_at: now }).where('id', '=', linkId).execute();
}

export interface BasePatch {
  readonly linkId: string;
  /** Fields both sides agree on now; others stay. */
  readonly fields: Base;
  /** Writes that wait to be read back; others stay, beside a doubted one also of the same field. */
  readonly unconfirmed: UnconfirmedFields;
  /** Field keys whose unconfirmed mark is over; taken off before `unconfirmed` is put on. */
  readonly settledKeys: readonly string[];
  /** What the CRM reads of fields, otherwise than base and mark have it; put on last. */
  readonly crmStays?: { readonly [fieldKey: string]: Value };
}

/** Merges what was learnt into the links' base, patches of one link in the order given. Unknown links are left out. (R1, R4) */
export async function updateLinkBases(tx: Tx, patches: readonly BasePatch[], now: string): Promise<void> {
  const byLink = Map.groupBy(patches, (patch) => patch.linkId);
  for (const ids of batches([...byLink.keys()])) {
    const rows = await tx.db.selectFrom('links').select(['id', 'base', 'unconfirmed']).where('id', 'in', ids).execute();
    if (rows.length === 0) continue;
    const merged = rows.map((row) => mergeBase(row, byLink.get(row.id) ?? []));
    const values = sql.join(merged.map((row) => sql`(${row.id}, ${row.base}, ${row.unconfirmed})`));
    await sql`with merged (id, base, unconfirmed) as (values ${values})
      update links set base = merged.base, unconfirmed = merged.unconfirmed, updated_at = ${now}
      from merged where links.id = merged.id`.execute(tx.db);
  }
}

/** `updateLinkBases` for one link. */
export function updateLinkBase(tx: Tx, patch: BasePatch, now: string): Promise<void> {
  return updateLinkBases(tx, [patch], now);
}

type BaseColumns = Pick<LinkRow, 'id' | 'base' | 'unconfirmed'>;

function mergeBase(row: BaseColumns, patches: readonly BasePatch[]): BaseColumns {
  let base = decodeJson<Base>(row.base);
  let unconfirmed = decodeJson<UnconfirmedFields>(row.unconfirmed);
  for (const patch of patches) {
    base = { ...base, ...patch.fields };
    const waiting = without(unconfirmed, patch.settledKeys);
    const marks = Object.entries(patch.unconfirmed).filter(([key, mark]) => !(mark.doubted && key in waiting));
    unconfirmed = { ...waiting, ...Object.fromEntries(marks) };
    for (const [key, crm] of Object.entries(patch.crmStays ?? {})) {
      const [known, sent] = [base[key], unconfirmed[key]];
      if (known !== undefined) base = { ...base, [key]: { ...known, crm } };
      if (sent !== undefined) unconfirmed = { ...unconfirmed, [key]: { ...sent, crm } };
    }
  }
  return { id: row.id, base: encodeJson(base), unconfirmed: encodeJson(unconfirmed) };
}

function without<T>(fields: { readonly [key: string]: T }, keys: readonly string[]): { readonly [key: string]: T } {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !keys.includes(key)));
}

/**
 * An account lost these fields: of what both sides agreed on, its side is blank from now on, and marked so. A write that waits to be
 * read back counts as what it was to lead to. (C26)
 * @param lost the side that lost it, by field key
 */
export async function loseBaseFields(
  ex: Executor,
  connection: string,
  role: Role,
  lost: ReadonlyMap<string, System>,
  now: string,
  keeps: (key: string, field: BaseField | Unconfirmed) => boolean,
): Promise<void> {
  for await (const page of iterateLinks(ex, connection, { role })) {
    const changed = page.flatMap((link) => {
      const keys = [...lost].filter(([key]) => {
        const field = link.unconfirmed[key] ?? link.base[key];
        return field !== undefined && !keeps(key, field);
      });
      return keys.length === 0 ? [] : [withoutLost(link, keys)];
    });
    if (changed.length === 0) continue;
    const values = sql.join(
      changed.map(({ id, base, unconfirmed }) => sql`(${id}, ${encodeJson(base)}, ${encodeJson(unconfirmed)})`),
    );
    await sql`with changed (id, base, unconfirmed) as (values ${values})
      update links set base = changed.base, unconfirmed = changed.unconfirmed, updated_at = ${now}
      from changed where links.id = changed.id`.execute(ex.db);
  }
}

function withoutLost(
  link: Link,
  lost: readonly (readonly [string, System])[],
): Pick<Link, 'id' | 'base' | 'unconfirmed'> {
  const base: Record<string, BaseField> = { ...link.base };
  const unconfirmed: Record<string, Unconfirmed> = { ...link.unconfirmed };
  for (const [key, system] of lost) {
    const sent = unconfirmed[key];
    const crm = sent?.crm ?? base[key]?.crm ?? null;
    const marketing = sent?.to ?? base[key]?.marketing ?? null;
    base[key] = {
      crm: system === 'crm' ? null : crm,
      marketing: system === 'marketing' ? null : marketing,
      lost: system,
    };
    delete unconfirmed[key];
  }
  return { id: link.id, base, unconfirmed };
}

export interface LinkCount {
  readonly role: Role;
  readonly state: LinkState;
  readonly total: number;
}

export async function countLinks(ex: Executor, connection: string): Promise<readonly LinkCount[]> {
  const rows = await ex.db
    .selectFrom('links')
    .select((eb) => ['role', 'state', eb.fn.countAll().as('total')])
    .where('connection', '=', connection)
    .groupBy(['role', 'state'])
    .orderBy('role')
    .orderBy('state')
    .execute();
  return rows.map((row) => ({ role: row.role, state: row.state, total: Number(row.total) }));
}

export interface LinkFilter {
  readonly role?: Role;
  readonly states?: readonly LinkState[];
}

/** Every link of a connection, page by page in order of link id; links may be changed while it runs. */
export async function* iterateLinks(
  ex: Executor,
  connection: string,
  filter: LinkFilter = {},
  pageSize = 500,
): AsyncGenerator<readonly StoredLink[]> {
  let after = '';
  for (;;) {
    let query = selectLinks(ex, connection).where('id', '>', after).orderBy('id').limit(pageSize);
    if (filter.role !== undefined) query = query.where('role', '=', filter.role);
    if (filter.states !== undefined) query = query.where('state', 'in', filter.states);
    const rows = await query.execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(toLink);
    if (rows.length < pageSize) return;
    after = last.id;
  }
}

/** Tombstones older than the retention are forgotten. (decision 12; 400 days) @returns number removed */
export async function purgeTombstones(ex: Executor, connection: string, olderThan: string): Promise<number> {
  const result = await ex.db
    .deleteFrom('links')
    .where('connection', '=', connection)
    .where('state', '=', 'severed')
    .where('updated_at', '<', olderThan)
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

function selectLinks(ex: Executor, connection: string) {
  return ex.db.selectFrom('links').selectAll().where('connection', '=', connection);
}

function toRow(link: NewLink, now: string): LinkRow {
  return {
    id: link.id,
    connection: link.connection,
    role: link.role,
    crm_id: link.crmId,
    marketing_id: link.marketingId,
    state: link.state,
    because: link.because,
    base: encodeJson(link.base),
    unconfirmed: encodeJson(link.unconfirmed),
    email_hash: link.emailHash,
    created_at: now,
    updated_at: now,
  };
}

function toLink(row: LinkRow): StoredLink {
  return {
    id: row.id,
    connection: row.connection,
    role: row.role,
    crmId: row.crm_id,
    marketingId: row.marketing_id,
    state: row.state,
    because: row.because,
    base: decodeJson<Base>(row.base),
    unconfirmed: decodeJson<UnconfirmedFields>(row.unconfirmed),
    emailHash: row.email_hash,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** By role, then CRM id by value, then age: the same whatever the link ids are. (R18) */
function byRecord(a: StoredLink, b: StoredLink): number {
  if (a.role !== b.role) return a.role < b.role ? -1 : 1;
  if (a.crmId !== b.crmId) return compareIds(a.crmId, b.crmId);
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
