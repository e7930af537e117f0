// Sessions of the dashboard and API tokens, by the hash of what the caller sends. The secrets themselves are never stored.
import type { Executor } from './executor.ts';
import type { ApiTokenRow, UserRole } from './schema-service.ts';

export interface StoredSession {
  readonly userId: string;
  readonly createdAt: string;
  readonly seenAt: string;
  readonly expiresAt: string;
}

export interface StoredToken {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly role: UserRole;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly usedAt: string | null;
}

export async function insertSession(ex: Executor, hash: string, session: StoredSession): Promise<void> {
  const { userId, createdAt, seenAt, expiresAt } = session;
  await ex.db
    .insertInto('sessions')
    .values({ hash, user_id: userId, created_at: createdAt, seen_at: seenAt, expires_at: expiresAt })
    .execute();
}

/** @returns null for an unknown or expired one */
export async function getSession(ex: Executor, hash: string, now: string): Promise<StoredSession | null> {
  const row = await ex.db
    .selectFrom('sessions')
    .selectAll()
    .where('hash', '=', hash)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { userId: row.user_id, createdAt: row.created_at, seenAt: row.seen_at, expiresAt: row.expires_at };
}

export async function touchSession(ex: Executor, hash: string, seenAt: string, expiresAt: string): Promise<void> {
  await ex.db
    .updateTable('sessions')
    .set({ seen_at: seenAt, expires_at: expiresAt })
    .where('hash', '=', hash)
    .execute();
}

export async function deleteSession(ex: Executor, hash: string): Promise<void> {
  await ex.db.deleteFrom('sessions').where('hash', '=', hash).execute();
}

/** Ends every session of a user but this one, and forgets what expired. */
export async function deleteSessionsOf(
  ex: Executor,
  userId: string,
  except: string | null,
  now: string,
): Promise<void> {
  const own = ex.db.deleteFrom('sessions').where('user_id', '=', userId);
  await (except === null ? own : own.where('hash', '<>', except)).execute();
  await ex.db.deleteFrom('sessions').where('expires_at', '<=', now).execute();
}

export async function insertToken(ex: Executor, hash: string, token: StoredToken): Promise<void> {
  const { id, userId, name, role, createdAt, expiresAt, usedAt } = token;
  await ex.db
    .insertInto('api_tokens')
    .values({ id, hash, user_id: userId, name, role, created_at: createdAt, expires_at: expiresAt, used_at: usedAt })
    .execute();
}

/** @returns null for an unknown or expired one */
export async function getTokenByHash(ex: Executor, hash: string, now: string): Promise<StoredToken | null> {
  const row = await ex.db
    .selectFrom('api_tokens')
    .selectAll()
    .where('hash', '=', hash)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
    .executeTakeFirst();
  return row === undefined ? null : toToken(row);
}

/** Of one user, or of all; oldest first. */
export async function listTokens(ex: Executor, userId: string | null): Promise<readonly StoredToken[]> {
  const all = ex.db.selectFrom('api_tokens').selectAll().orderBy('created_at').orderBy('id');
  const rows = await (userId === null ? all : all.where('user_id', '=', userId)).execute();
  return rows.map(toToken);
}

export async function touchToken(ex: Executor, id: string, usedAt: string): Promise<void> {
  await ex.db.updateTable('api_tokens').set({ used_at: usedAt }).where('id', '=', id).execute();
}

/** @param userId only one of this user; null = anybody's. @returns whether there was one */
export async function deleteToken(ex: Executor, id: string, userId: string | null): Promise<boolean> {
  const one = ex.db.deleteFrom('api_tokens').where('id', '=', id);
  const result = await (userId === null ? one : one.where('user_id', '=', userId)).executeTakeFirst();
  return Number(result.numDeletedRows) > 0;
}

function toToken(row: ApiTokenRow): StoredToken {
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    role: row.role,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
  };
}
