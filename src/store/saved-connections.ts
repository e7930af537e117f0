// Connections that live in the database, and which connections are paused. Settings are JSON without secrets; those are sealed elsewhere.
import type { Executor } from './executor.ts';
import { decodeJson, encodeJson } from './json.ts';
import { inBatches } from './keys.ts';
import type { JsonObject } from './runs.ts';

export interface SavedConnection {
  readonly name: string;
  /** 1 for the first save, one more with each further one. */
  readonly version: number;
  readonly settings: JsonObject;
  readonly savedAt: string;
  readonly savedBy: string | null;
}

/** Which there are, and how new each is: little enough to be asked for every few seconds. By name. */
export async function savedVersions(
  ex: Executor,
): Promise<readonly Pick<SavedConnection, 'name' | 'version' | 'savedAt'>[]> {
  const rows = await ex.db
    .selectFrom('saved_connections')
    .select(['name', 'version', 'saved_at'])
    .orderBy('name')
    .execute();
  return rows.map((row) => ({ name: row.name, version: Number(row.version), savedAt: row.saved_at }));
}

/** Those of these names that are saved. */
export async function savedConnections(ex: Executor, names: readonly string[]): Promise<readonly SavedConnection[]> {
  const rows = await inBatches(names, (batch) =>
    ex.db.selectFrom('saved_connections').selectAll().where('name', 'in', batch).execute(),
  );
  return rows.map((row) => ({
    name: row.name,
    version: Number(row.version),
    settings: decodeJson<JsonObject>(row.settings),
    savedAt: row.saved_at,
    savedBy: row.saved_by,
  }));
}

/** @param replaces version that was read; 0 = there must be none. @returns false when somebody else saved meanwhile */
export async function saveConnection(
  ex: Executor,
  connection: Omit<SavedConnection, 'version'>,
  replaces: number,
): Promise<boolean> {
  const { name, settings, savedAt, savedBy } = connection;
  const row = { settings: encodeJson(settings), saved_at: savedAt, saved_by: savedBy, version: replaces + 1 };
  if (replaces === 0) {
    const inserted = await ex.db
      .insertInto('saved_connections')
      .values({ name, ...row })
      .onConflict((oc) => oc.column('name').doNothing())
      .returning('name')
      .execute();
    return inserted.length > 0;
  }
  const result = await ex.db
    .updateTable('saved_connections')
    .set(row)
    .where('name', '=', name)
    .where('version', '=', replaces)
    .executeTakeFirst();
  return Number(result.numUpdatedRows) > 0;
}

/** @returns whether there was one */
export async function deleteSavedConnection(ex: Executor, name: string): Promise<boolean> {
  const result = await ex.db.deleteFrom('saved_connections').where('name', '=', name).executeTakeFirst();
  return Number(result.numDeletedRows) > 0;
}

/** Since when, by connection. */
export async function pauses(ex: Executor): Promise<ReadonlyMap<string, string>> {
  const rows = await ex.db.selectFrom('pauses').selectAll().execute();
  return new Map(rows.map((row) => [row.connection, row.at]));
}

/** One that is paused already keeps its time. */
export async function pause(ex: Executor, connection: string, at: string, byWhom: string | null): Promise<void> {
  await ex.db
    .insertInto('pauses')
    .values({ connection, at, by_whom: byWhom })
    .onConflict((oc) => oc.column('connection').doNothing())
    .execute();
}

export async function resume(ex: Executor, connection: string): Promise<void> {
  await ex.db.deleteFrom('pauses').where('connection', '=', connection).execute();
}
