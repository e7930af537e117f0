// What is remembered of a connection: the accounts it belongs to, its cursors and its milestones. No credentials.

import type { Executor } from './executor.ts';
import { decodeJson, decodeJsonOrNull, encodeJson } from './json.ts';
import type { ConnectionRow } from './schema.ts';

/** Named points in the feeds' time, ISO UTC: `changed-since`, `suppressed-since`, … */
export type Watermarks = { readonly [name: string]: string };

export interface StoredConnection {
  readonly name: string;
  /** The accounts seen at the first contact; a run that meets others stops. (R13) */
  readonly crmAccountId: string | null;
  readonly crmRegion: string | null;
  readonly marketingAccountId: string | null;
  readonly marketingRegion: string | null;
  /** UUID of the CRM's change feed device. */
  readonly replica: string;
  /** Hash of the configuration of the last run. (R12) */
  readonly fingerprint: string | null;
  readonly alignedAt: string | null;
  readonly watermarks: Watermarks;
  /** What was last read of both accounts' schemas, as the engine stored it; null before the first reading. */
  readonly live: unknown;
  readonly liveAt: string | null;
  /** First complete load of each side. */
  readonly crmLoadedAt: string | null;
  readonly marketingLoadedAt: string | null;
  readonly createdAt: string;
}

/** Members left out stay; watermarks are merged by name. */
export type ConnectionPatch = Partial<Omit<StoredConnection, 'name' | 'createdAt'>>;

export async function getConnection(ex: Executor, name: string): Promise<StoredConnection | null> {
  const row = await ex.db.selectFrom('connections').selectAll().where('name', '=', name).executeTakeFirst();
  return row === undefined ? null : toConnection(row);
}

export async function listConnections(ex: Executor): Promise<readonly StoredConnection[]> {
  const rows = await ex.db.selectFrom('connections').selectAll().orderBy('name').execute();
  return rows.map(toConnection);
}

/** The connection, made with this replica when it is new; an existing one keeps its own. */
export async function ensureConnection(
  ex: Executor,
  start: { readonly name: string; readonly replica: string; readonly now: string },
): Promise<StoredConnection> {
  await ex.db
    .insertInto('connections')
    .values({
      name: start.name,
      replica: start.replica,
      created_at: start.now,
      watermarks: encodeJson({}),
      crm_account_id: null,
      crm_region: null,
      marketing_account_id: null,
      marketing_region: null,
      fingerprint: null,
      aligned_at: null,
      live: null,
      live_at: null,
      crm_loaded_at: null,
      marketing_loaded_at: null,
    })
    .onConflict((oc) => oc.column('name').doNothing())
    .execute();
  return toConnection(
    await ex.db.selectFrom('connections').selectAll().where('name', '=', start.name).executeTakeFirstOrThrow(),
  );
}

/** Watermark: the replica that the CRM's feed was read as last; another one than the connection's = it may have told somebody else. (D20) */
export const FEED_READ_AS = 'crm-replica';

export async function updateConnection(ex: Executor, name: string, patch: ConnectionPatch): Promise<void> {
  const row: Partial<ConnectionRow> = {};
  if (patch.crmAccountId !== undefined) row.crm_account_id = patch.crmAccountId;
  if (patch.crmRegion !== undefined) row.crm_region = patch.crmRegion;
  if (patch.marketingAccountId !== undefined) row.marketing_account_id = patch.marketingAccountId;
  if (patch.marketingRegion !== undefined) row.marketing_region = patch.marketingRegion;
  if (patch.replica !== undefined) row.replica = patch.replica;
  if (patch.fingerprint !== undefined) row.fingerprint = patch.fingerprint;
  if (patch.live !== undefined) row.live = encodeJson(patch.live);
  if (patch.liveAt !== undefined) row.live_at = patch.liveAt;
  if (patch.alignedAt !== undefined) row.aligned_at = patch.alignedAt;
  if (patch.crmLoadedAt !== undefined) row.crm_loaded_at = patch.crmLoadedAt;
  if (patch.marketingLoadedAt !== undefined) row.marketing_loaded_at = patch.marketingLoadedAt;
  if (patch.watermarks !== undefined) {
    const known = await ex.db
      .selectFrom('connections')
      .select('watermarks')
      .where('name', '=', name)
      .executeTakeFirst();
    const before = known === undefined ? {} : decodeJson<Watermarks>(known.watermarks);
    row.watermarks = encodeJson({ ...before, ...patch.watermarks });
  }
  if (Object.keys(row).length === 0) return;
  await ex.db.updateTable('connections').set(row).where('name', '=', name).execute();
}

function toConnection(row: ConnectionRow): StoredConnection {
  return {
    name: row.name,
    crmAccountId: row.crm_account_id,
    crmRegion: row.crm_region,
    marketingAccountId: row.marketing_account_id,
    marketingRegion: row.marketing_region,
    replica: row.replica,
    fingerprint: row.fingerprint,
    alignedAt: row.aligned_at,
    watermarks: decodeJson<Watermarks>(row.watermarks),
    live: decodeJsonOrNull<unknown>(row.live),
    liveAt: row.live_at,
    crmLoadedAt: row.crm_loaded_at,
    marketingLoadedAt: row.marketing_loaded_at,
    createdAt: row.created_at,
  };
}
