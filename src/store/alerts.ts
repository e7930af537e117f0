// Alerts: what went wrong, since when, who was told, and when it was over. At most one of a kind is open for a connection.
import type { AlertKind } from '../core/model/alert.ts';
import type { Executor } from './executor.ts';
import { decodeJson, encodeJson } from './json.ts';
import type { AlertRow } from './schema-service.ts';

export interface Told {
  readonly to: string;
  readonly at: string;
  /** Null when it went out. */
  readonly error: string | null;
}

export interface StoredAlert {
  readonly id: string;
  readonly connection: string;
  readonly kind: AlertKind;
  readonly severity: 'warning' | 'critical';
  readonly message: string;
  readonly since: string;
  readonly endedAt: string | null;
  readonly told: readonly Told[];
}

/** @returns false when one of the kind is open already */
export async function openAlert(ex: Executor, alert: Omit<StoredAlert, 'endedAt' | 'told'>): Promise<boolean> {
  const rows = await ex.db
    .insertInto('alerts')
    .values({ ...alert, ended_at: null, told: encodeJson([]) })
    .onConflict((oc) => oc.doNothing())
    .returning('id')
    .execute();
  return rows.length > 0;
}

export async function updateAlert(
  ex: Executor,
  id: string,
  patch: Partial<Pick<StoredAlert, 'message' | 'severity' | 'told'>>,
): Promise<void> {
  const row: Partial<AlertRow> = {};
  if (patch.message !== undefined) row.message = patch.message;
  if (patch.severity !== undefined) row.severity = patch.severity;
  if (patch.told !== undefined) row.told = encodeJson(patch.told);
  if (Object.keys(row).length > 0) await ex.db.updateTable('alerts').set(row).where('id', '=', id).execute();
}

/** Takes it upon oneself to tell: of several processes that found the same, one may. @returns whether it was this one */
export async function claimAlert(ex: Executor, { id, told }: StoredAlert, next: readonly Told[]): Promise<boolean> {
  const { numUpdatedRows } = await ex.db
    .updateTable('alerts')
    .set({ told: encodeJson(next) })
    .where('id', '=', id)
    .where('told', '=', encodeJson(told))
    .executeTakeFirst();
  return Number(numUpdatedRows) > 0;
}

/** @returns whether it ended here and now: of several processes that find it over, one ends it */
export async function endAlert(ex: Executor, id: string, endedAt: string): Promise<boolean> {
  const { numUpdatedRows } = await ex.db
    .updateTable('alerts')
    .set({ ended_at: endedAt })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return Number(numUpdatedRows) > 0;
}

export interface AlertFilter {
  readonly connection?: string;
  readonly state?: 'open' | 'ended';
  readonly before?: { readonly since: string; readonly id: string };
  readonly limit: number;
}

/** Newest first. */
export async function listAlerts(ex: Executor, filter: AlertFilter): Promise<readonly StoredAlert[]> {
  const { connection, state, before, limit } = filter;
  let query = ex.db.selectFrom('alerts').selectAll();
  if (connection !== undefined) query = query.where('connection', '=', connection);
  if (state !== undefined) query = query.where('ended_at', state === 'open' ? 'is' : 'is not', null);
  if (before !== undefined) {
    query = query.where((eb) => eb(eb.refTuple('since', 'id'), '<', eb.tuple(before.since, before.id)));
  }
  const rows = await query.orderBy('since', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map(toAlert);
}

function toAlert(row: AlertRow): StoredAlert {
  const { id, connection, severity, message, since } = row;
  const kind = row.kind as AlertKind;
  return { id, connection, kind, severity, message, since, endedAt: row.ended_at, told: decodeJson<Told[]>(row.told) };
}
