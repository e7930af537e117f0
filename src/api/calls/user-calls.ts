// Users, API tokens, the audit log. There is always an admin left who can log in.
import { listAudit } from '../../store/audit.ts';
import { deleteSessionsOf, deleteToken, insertToken, listTokens, type StoredToken } from '../../store/sessions.ts';
import {
  deleteUser,
  getUser,
  getUserByEmail,
  insertUser,
  listUsers,
  putOneTimeLink,
  type StoredUser,
  updateUser,
} from '../../store/users.ts';
import { ApiError, notFound } from '../api-error.ts';
import { mayCall } from '../auth/caller.ts';
import { hashSecret, newSecret } from '../auth/secrets.ts';
import { type Calls, callerOf, cursorOf, pageOf, readCursor, timeAndId } from '../call.ts';
import type { ApiToken, User } from '../contract/session.ts';
import type { ApiHost } from '../host.ts';

type UserCalls = Calls<
  | 'listUsers'
  | 'createUser'
  | 'updateUser'
  | 'renewUserLink'
  | 'deleteUser'
  | 'listTokens'
  | 'createToken'
  | 'deleteToken'
  | 'listAudit'
>;

const DAY_MS = 24 * 3_600_000;
const INVITATION_MS = 7 * DAY_MS;
/** Lets people and scanners for leaked secrets see what it is. */
const TOKEN_PREFIX = 'lockstep_';

export function userCalls(host: ApiHost): UserCalls {
  const { store } = host;
  const iso = (laterMs = 0): string => new Date(host.now() + laterMs).toISOString();

  async function invite(user: StoredUser) {
    const secret = newSecret();
    const expiresAt = iso(INVITATION_MS);
    await store.transaction((tx) =>
      putOneTimeLink(tx, { hash: hashSecret(secret), userId: user.id, now: iso(), expiresAt }),
    );
    // After the # it reaches no server's log, no proxy and no referrer.
    return { user: toUser(user), link: `/welcome#${secret}`, expiresAt };
  }

  return {
    listUsers: async () => ({ users: (await listUsers(store)).map(toUser) }),

    createUser: async ({ body, note }) => {
      note({ subject: body.email });
      if ((await getUserByEmail(store, body.email)) !== null)
        throw new ApiError('conflict', 'There is a user with this address already.');
      const user: StoredUser = {
        id: host.newId(),
        ...body,
        password: null,
        disabled: false,
        createdAt: iso(),
        seenAt: null,
      };
      await insertUser(store, user);
      return invite(user);
    },

    updateUser: async ({ params, body, note }) => {
      const user = await need(params.user);
      note({ subject: user.email });
      const { name, role, disabled } = body;
      const patch = {
        ...(name === undefined ? {} : { name }),
        ...(role === undefined ? {} : { role }),
        ...(disabled === undefined ? {} : { disabled }),
      };
      const changed = { ...user, ...patch };
      if (changed.disabled || changed.role !== 'admin') await keepAnAdmin(user);
      await updateUser(store, user.id, patch);
      if (changed.disabled) await deleteSessionsOf(store, user.id, null, iso());
      return toUser(changed);
    },

    renewUserLink: async ({ params, note }) => {
      const user = await need(params.user);
      note({ subject: user.email });
      return invite(user);
    },

    deleteUser: async ({ params, note }) => {
      const user = await need(params.user);
      note({ subject: user.email });
      await keepAnAdmin(user);
      await deleteUser(store, user.id);
      return undefined;
    },

    listTokens: async (call) => {
      const { user, role } = callerOf(call);
      const owners = new Map((await listUsers(store)).map(({ id, email }) => [id, email]));
      const tokens = await listTokens(store, role === 'admin' ? null : user.id);
      return { tokens: tokens.map((token) => toToken(token, owners.get(token.userId) ?? '')) };
    },

    createToken: async (call) => {
      const { user, role } = callerOf(call);
      const { name, role: wanted, days } = call.body;
      if (!mayCall(role, wanted)) throw new ApiError('forbidden', `A token can be no stronger than you: ${role}.`);
      const secret = `${TOKEN_PREFIX}${newSecret()}`;
      const token: StoredToken = {
        id: host.newId(),
        userId: user.id,
        name,
        role: wanted,
        createdAt: iso(),
        expiresAt: days === null ? null : iso(days * DAY_MS),
        usedAt: null,
      };
      await insertToken(store, hashSecret(secret), token);
      call.note({ subject: name });
      return { token: toToken(token, user.email), secret };
    },

    deleteToken: async (call) => {
      const { user, role } = callerOf(call);
      if (!(await deleteToken(store, call.params.token, role === 'admin' ? null : user.id)))
        throw notFound('API token');
      return undefined;
    },

    listAudit: async ({ query }) => {
      const { cursor, limit, who, action } = query;
      const [at = '', id = ''] = cursor === undefined ? [] : readCursor(cursor, timeAndId);
      const entries = await listAudit(store, {
        limit: limit + 1,
        ...(who === undefined ? {} : { who }),
        ...(action === undefined ? {} : { action }),
        ...(cursor === undefined ? {} : { before: { at, id } }),
      });
      return pageOf(
        entries,
        limit,
        (entry) => ({ ...entry, detail: { ...entry.detail } as { [key: string]: never } }),
        (last) => cursorOf(last.at, last.id),
      );
    },
  };

  async function need(id: string): Promise<StoredUser> {
    const user = await getUser(store, id);
    if (user === null) throw notFound('user');
    return user;
  }

  /** @throws ApiError `conflict` when nobody but this user could do what only an admin may */
  async function keepAnAdmin(user: StoredUser): Promise<void> {
    if (user.role !== 'admin' || user.disabled) return;
    const others = (await listUsers(store)).filter(
      ({ id, role, disabled, password }) => id !== user.id && role === 'admin' && !disabled && password !== null,
    );
    if (others.length === 0) throw new ApiError('conflict', 'This is the only admin. Make somebody else one first.');
  }
}

function toUser({ id, email, name, role, disabled, password, createdAt, seenAt }: StoredUser): User {
  return { id, email, name, role, disabled, joined: password !== null, createdAt, lastSeenAt: seenAt };
}

function toToken({ id, name, role, createdAt, expiresAt, usedAt }: StoredToken, owner: string): ApiToken {
  return { id, name, role, owner, createdAt, expiresAt, lastUsedAt: usedAt };
}
