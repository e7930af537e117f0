// People who log in, and the one-time links by which they choose a password. Keeps hashes; never sees a password or a link itself.
import type { Executor, Tx } from './executor.ts';
import type { UserRole, UserRow } from './schema-service.ts';

export type { UserRole } from './schema-service.ts';

export interface StoredUser {
  readonly id: string;
  /** Lower case. */
  readonly email: string;
  readonly name: string;
  readonly role: UserRole;
  /** PHC text; null until the one-time link was used. */
  readonly password: string | null;
  readonly disabled: boolean;
  readonly createdAt: string;
  readonly seenAt: string | null;
}

export type UserPatch = Partial<Pick<StoredUser, 'name' | 'role' | 'password' | 'disabled' | 'seenAt'>>;

/** @throws StoreError `constraint` when the address is taken */
export async function insertUser(ex: Executor, user: StoredUser): Promise<void> {
  const { id, email, name, role, password, disabled, createdAt, seenAt } = user;
  await ex.db
    .insertInto('users')
    .values({ id, email, name, role, password, disabled: disabled ? 1 : 0, created_at: createdAt, seen_at: seenAt })
    .execute();
}

export async function updateUser(ex: Executor, id: string, patch: UserPatch): Promise<void> {
  const row: Partial<UserRow> = {};
  if (patch.name !== undefined) row.name = patch.name;
  if (patch.role !== undefined) row.role = patch.role;
  if (patch.password !== undefined) row.password = patch.password;
  if (patch.disabled !== undefined) row.disabled = patch.disabled ? 1 : 0;
  if (patch.seenAt !== undefined) row.seen_at = patch.seenAt;
  if (Object.keys(row).length > 0) await ex.db.updateTable('users').set(row).where('id', '=', id).execute();
}

/** With sessions, tokens and links. @returns whether there was one */
export async function deleteUser(ex: Executor, id: string): Promise<boolean> {
  const result = await ex.db.deleteFrom('users').where('id', '=', id).executeTakeFirst();
  return Number(result.numDeletedRows) > 0;
}

export async function getUser(ex: Executor, id: string): Promise<StoredUser | null> {
  const row = await ex.db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : toUser(row);
}

export async function getUserByEmail(ex: Executor, email: string): Promise<StoredUser | null> {
  const row = await ex.db.selectFrom('users').selectAll().where('email', '=', email).executeTakeFirst();
  return row === undefined ? null : toUser(row);
}

/** By address. */
export async function listUsers(ex: Executor): Promise<readonly StoredUser[]> {
  const rows = await ex.db.selectFrom('users').selectAll().orderBy('email').execute();
  return rows.map(toUser);
}

/** Nobody has a password yet. */
export async function hasNoUsers(ex: Executor): Promise<boolean> {
  const row = await ex.db
    .selectFrom('users')
    .select('id')
    .where('password', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return row === undefined;
}

/** Any older link of the same user dies with it; `userId` null = for the first user. */
export async function putOneTimeLink(
  tx: Tx,
  link: { readonly hash: string; readonly userId: string | null; readonly now: string; readonly expiresAt: string },
): Promise<void> {
  const { hash, userId, now, expiresAt } = link;
  const older = tx.db.deleteFrom('one_time_links');
  await (userId === null ? older.where('user_id', 'is', null) : older.where('user_id', '=', userId)).execute();
  await tx.db
    .insertInto('one_time_links')
    .values({ hash, user_id: userId, created_at: now, expires_at: expiresAt })
    .execute();
}

/** The link is used up, whatever follows in the transaction. @returns null for an unknown or expired one */
export async function takeOneTimeLink(
  tx: Tx,
  hash: string,
  now: string,
): Promise<{ readonly userId: string | null } | null> {
  const row = await tx.db.deleteFrom('one_time_links').where('hash', '=', hash).returningAll().executeTakeFirst();
  return row === undefined || row.expires_at <= now ? null : { userId: row.user_id };
}

function toUser(row: UserRow): StoredUser {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    password: row.password,
    disabled: row.disabled === 1,
    createdAt: row.created_at,
    seenAt: row.seen_at,
  };
}
