// Logging in and out, and the one-time link. Never says whether it was the address or the password that was wrong.
import type { Executor } from '../../store/executor.ts';
import { deleteSession, deleteSessionsOf, insertSession } from '../../store/sessions.ts';
import {
  deleteUser,
  getUser,
  getUserByEmail,
  hasNoUsers,
  insertUser,
  type StoredUser,
  takeOneTimeLink,
  updateUser,
} from '../../store/users.ts';
import { ApiError } from '../api-error.ts';
import { sessionEnd } from '../auth/caller.ts';
import { csrfTokenOf, hashPassword, hashSecret, newSecret, passwordFits, sameText } from '../auth/secrets.ts';
import { Throttle } from '../auth/throttle.ts';
import { type Answer, type Calls, callerOf } from '../call.ts';
import type { Session } from '../contract/session.ts';
import type { ApiHost } from '../host.ts';

type SessionCalls = Calls<
  'getSetup' | 'finishSetup' | 'logIn' | 'enterAsGuest' | 'getSession' | 'logOut' | 'changePassword'
>;

const MINUTE_MS = 60_000;

export function sessionCalls(host: ApiHost): SessionCalls {
  const { store, now } = host;
  // One account from one machine soon waits; one machine with many accounts, and one account from many machines, somewhat later.
  const pair = new Throttle({ free: 5, firstMs: 30_000, longestMs: 15 * MINUTE_MS, now });
  const many = new Throttle({ free: 30, firstMs: 30_000, longestMs: 15 * MINUTE_MS, now });
  const iso = (): string => new Date(now()).toISOString();

  async function begin(user: StoredUser, answer: Answer): Promise<Session> {
    const secret = newSecret();
    const expiresAt = sessionEnd(now(), now());
    await insertSession(store, hashSecret(secret), { userId: user.id, createdAt: iso(), seenAt: iso(), expiresAt });
    await updateUser(store, user.id, { seenAt: iso() });
    answer.setSession(secret, expiresAt);
    return sessionOf(host, user, { csrfToken: csrfTokenOf(secret), expiresAt });
  }

  async function throttled<T>(
    keys: readonly (readonly [Throttle, string])[],
    tries: () => Promise<T | null>,
  ): Promise<T> {
    const waitMs = Math.max(...keys.map(([throttle, key]) => throttle.waitMs(key)));
    if (waitMs > 0) {
      const retryAfter = Math.ceil(waitMs / 1000);
      throw new ApiError('too-many', `Too many tries. Wait ${retryAfter} seconds.`, { retryAfter });
    }
    // Counted before it is known: many tries at once are not one try.
    for (const [throttle, key] of keys) throttle.failed(key);
    const result = await tries();
    if (result === null) throw new ApiError('not-logged-in', 'Address or password is wrong.');
    for (const [throttle, key] of keys) throttle.succeeded(key);
    return result;
  }

  return {
    getSetup: async () => ({ needed: await hasNoUsers(store) }),

    finishSetup: async ({ body, ip, answer, note }) => {
      const { token, email, name, password } = body;
      const stored = await hashPassword(password);
      const user = await throttled([[many, `link ${ip}`]], async () =>
        store.transaction(async (tx) => {
          const link = await takeOneTimeLink(tx, hashSecret(token), iso());
          if (link === null)
            throw new ApiError('forbidden', 'This link was used already, or is too old. Ask for a new one.');
          if (link.userId !== null) {
            await updateUser(tx, link.userId, { password: stored, ...(name === undefined ? {} : { name }) });
            return getUser(tx, link.userId);
          }
          // Rolled back with the link: a slip must not use it up.
          if (email === undefined || name === undefined)
            throw new ApiError('bad-request', 'The first user needs an address and a name.');
          if (!(await hasNoUsers(tx))) throw new ApiError('forbidden', 'There is a first user already.');
          await removeWaiting(tx, email);
          const first = { id: host.newId(), email, name, role: 'admin', password: stored, disabled: false } as const;
          await insertUser(tx, { ...first, createdAt: iso(), seenAt: null });
          return { ...first, createdAt: iso(), seenAt: null };
        }),
      );
      if (user.disabled) throw new ApiError('forbidden', 'This user may not log in.');
      await deleteSessionsOf(store, user.id, null, iso());
      note({ who: user.email, subject: user.email });
      return begin(user, answer);
    },

    logIn: async ({ body, ip, answer, note }) => {
      const { email, password } = body;
      note({ subject: email });
      const keys = [
        [pair, `${ip} ${email}`],
        [many, ip],
        [many, email],
      ] as const;
      const user = await throttled(keys, async () => {
        const found = await getUserByEmail(store, email);
        const fits = await passwordFits(found?.password ?? null, password);
        return found !== null && fits && !found.disabled ? found : null;
      });
      note({ who: user.email });
      return begin(user, answer);
    },

    enterAsGuest: async ({ body, ip, answer, note }) => {
      const user = await throttled([[many, `link ${ip}`]], async () => {
        const { guest } = host;
        if (guest === null || !sameText(hashSecret(body.token), guest.link))
          throw new ApiError('forbidden', 'This link lets nobody in here, or not any more.');
        return getUserByEmail(store, guest.email);
      });
      note({ who: user.email });
      return begin(user, answer);
    },

    getSession: async (call) => {
      const { user, role, session } = callerOf(call);
      return sessionOf(host, { ...user, role }, session);
    },

    logOut: async (call) => {
      const { session } = callerOf(call);
      if (session !== null) await deleteSession(store, session.hash);
      call.answer.clearSession();
      return undefined;
    },

    changePassword: async (call) => {
      const { user, session } = callerOf(call);
      if (session === null)
        throw new ApiError('forbidden', 'A password is changed by its owner, not with an API token.');
      await throttled([[pair, `${call.ip} ${user.email}`]], async () =>
        (await passwordFits(user.password, call.body.current)) ? true : null,
      );
      await updateUser(store, user.id, { password: await hashPassword(call.body.next) });
      await deleteSessionsOf(store, user.id, session.hash, iso());
      return undefined;
    },
  };
}

function sessionOf(
  { about }: ApiHost,
  user: StoredUser,
  session: { readonly csrfToken: string; readonly expiresAt: string } | null,
): Session {
  const { labels, version, crmRetiresOn } = about;
  const { id, email, name, role } = user;
  return {
    user: { id, email, name, role },
    csrfToken: session?.csrfToken ?? null,
    expiresAt: session?.expiresAt ?? null,
    labels,
    version,
    crmRetiresOn,
  };
}

/** Somebody with this address who was invited but never came: the first user is nobody's guest. */
async function removeWaiting(ex: Executor, email: string): Promise<void> {
  const waiting = await getUserByEmail(ex, email);
  if (waiting !== null) await deleteUser(ex, waiting.id);
}
