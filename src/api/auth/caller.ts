// Who makes a call: a session cookie or an API token, and what they may. Refuses forged requests; knows no call.
import type { Executor } from '../../store/executor.ts';
import { getSession, getTokenByHash, touchSession, touchToken } from '../../store/sessions.ts';
import { getUser, type StoredUser, type UserRole, updateUser } from '../../store/users.ts';
import { ApiError } from '../api-error.ts';
import type { Access } from '../contract/routes.table.ts';
import { csrfTokenOf, hashSecret, sameText } from './secrets.ts';

export const SESSION_COOKIE = 'lockstep_session';
/** A session ends after so long without a call, and after so long in any case. Milliseconds. */
const IDLE_MS = 12 * 3_600_000;
const LONGEST_MS = 14 * 24 * 3_600_000;
/** A last use is noted this often at most: a read must not cost a write. */
const TOUCH_MS = 60_000;

export interface Caller {
  readonly user: StoredUser;
  /** What it may in this call: the weaker of user and token. */
  readonly role: UserRole;
  /** Null for an API token. */
  readonly session: { readonly hash: string; readonly csrfToken: string; readonly expiresAt: string } | null;
  /** Name of the API token. */
  readonly token: string | null;
}

export interface Credentials {
  readonly cookie: string | undefined;
  readonly authorization: string | undefined;
}

const RANK: { readonly [A in Access]: number } = { public: 0, viewer: 1, operator: 2, admin: 3 };

export function mayCall(role: UserRole, access: Access): boolean {
  return RANK[role] >= RANK[access];
}

function weakerOf(a: UserRole, b: UserRole): UserRole {
  return RANK[a] < RANK[b] ? a : b;
}

/** @param now milliseconds since the epoch @returns null when nobody is logged in */
export async function identifyCaller(ex: Executor, credentials: Credentials, now: number): Promise<Caller | null> {
  const bearer = /^Bearer (.+)$/i.exec(credentials.authorization ?? '')?.[1];
  if (bearer !== undefined) return byToken(ex, bearer.trim(), now);
  return credentials.cookie === undefined ? null : bySession(ex, credentials.cookie, now);
}

async function bySession(ex: Executor, secret: string, now: number): Promise<Caller | null> {
  const hash = hashSecret(secret);
  const session = await getSession(ex, hash, iso(now));
  const user = session === null ? null : await getUser(ex, session.userId);
  if (session === null || user === null || user.disabled) return null;
  let { expiresAt } = session;
  if (now - Date.parse(session.seenAt) >= TOUCH_MS) {
    expiresAt = sessionEnd(Date.parse(session.createdAt), now);
    await touchSession(ex, hash, iso(now), expiresAt);
    await updateUser(ex, user.id, { seenAt: iso(now) });
  }
  return { user, role: user.role, session: { hash, csrfToken: csrfTokenOf(secret), expiresAt }, token: null };
}

async function byToken(ex: Executor, secret: string, now: number): Promise<Caller | null> {
  const token = await getTokenByHash(ex, hashSecret(secret), iso(now));
  const user = token === null ? null : await getUser(ex, token.userId);
  if (token === null || user === null || user.disabled) return null;
  if (token.usedAt === null || now - Date.parse(token.usedAt) >= TOUCH_MS) await touchToken(ex, token.id, iso(now));
  return { user, role: weakerOf(token.role, user.role), session: null, token: token.name };
}

/** @param createdAt and @param now milliseconds since the epoch */
export function sessionEnd(createdAt: number, now: number): string {
  return iso(Math.min(createdAt + LONGEST_MS, now + IDLE_MS));
}

/** A browser sends the cookie by itself: a change must show that it comes from our own page. @throws ApiError `forbidden` */
export function refuseForged(caller: Caller, csrfToken: string | undefined): void {
  const { session } = caller;
  if (session === null) return;
  if (csrfToken === undefined || !sameText(csrfToken, session.csrfToken)) {
    throw new ApiError('forbidden', 'The page that sent this is out of date. Load it again, then repeat what you did.');
  }
}

/** Browsers say where a request comes from. @throws ApiError `forbidden` when it is another site */
export function refuseOtherSites(site: string | undefined): void {
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw new ApiError('forbidden', 'Another site may not do this.');
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
