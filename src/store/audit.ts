// What people did through the API: append only. Never holds a secret; the caller sees to that.
import type { Executor } from './executor.ts';
import { decodeJson, encodeJson } from './json.ts';
import type { JsonObject } from './runs.ts';

export interface AuditEntry {
  readonly id: string;
  readonly at: string;
  /** Address of the user; null before anybody was logged in. */
  readonly who: string | null;
  /** Name of the API token it was done with. */
  readonly token: string | null;
  readonly action: string;
  readonly connection: string | null;
  readonly subject: string | null;
  readonly outcome: 'ok' | 'refused';
  readonly detail: JsonObject;
}

export async function insertAudit(ex: Executor, entry: AuditEntry): Promise<void> {
  await ex.db
    .insertInto('audit')
    .values({ ...entry, detail: encodeJson(entry.detail) })
    .execute();
}

export interface AuditFilter {
  readonly who?: string;
  readonly action?: string;
  /** Continue with entries older than this one. */
  readonly before?: { readonly at: string; readonly id: string };
  readonly limit: number;
}

/** Newest first. */
export async function listAudit(ex: Executor, filter: AuditFilter): Promise<readonly AuditEntry[]> {
  const { who, action, before, limit } = filter;
  let query = ex.db.selectFrom('audit').selectAll();
  if (who !== undefined) query = query.where('who', '=', who);
  if (action !== undefined) query = query.where('action', '=', action);
  if (before !== undefined) {
    query = query.where((eb) => eb(eb.refTuple('at', 'id'), '<', eb.tuple(before.at, before.id)));
  }
  const rows = await query.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map((row) => ({ ...row, detail: decodeJson<JsonObject>(row.detail) }));
}
