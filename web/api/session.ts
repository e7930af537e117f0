// Who is logged in, and what that person may do. Decides nothing: the server refuses whatever the screen lets through.
import { useQuery } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import type { Session, UserRole } from '../../src/api/contract/session.ts';
import { CallFailed, call, keepForgeryToken } from './client.ts';
import { queryClient } from './queries.ts';
import { sessionRenewed } from './session-state.ts';

const KEY = ['session'];

/** Null: nobody is logged in. */
export function useSessionQuery(enabled: boolean) {
  return useQuery<Session | null>({
    queryKey: KEY,
    queryFn: async ({ signal }) => {
      try {
        const session = await call('getSession', {}, signal);
        keepForgeryToken(session.csrfToken);
        return session;
      } catch (error) {
        if (error instanceof CallFailed && error.code === 'not-logged-in') return null;
        throw error;
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
    enabled,
  });
}

/** After a log-in: the same person finds the page as it was, another one starts from fresh answers. */
export async function enter(session: Session): Promise<void> {
  keepForgeryToken(session.csrfToken);
  const before = queryClient.getQueryData<Session | null>(KEY);
  if (before !== null && before !== undefined && before.user.id !== session.user.id) queryClient.clear();
  queryClient.setQueryData(KEY, session);
  sessionRenewed();
  await queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] });
}

export function leave(): void {
  keepForgeryToken(null);
  queryClient.clear();
  queryClient.setQueryData(KEY, null);
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('This page is shown to people who are logged in.');
  return session;
}

const RANK: { readonly [R in UserRole]: number } = { viewer: 0, operator: 1, admin: 2 };

export function useMay(least: UserRole): boolean {
  return RANK[useSession().user.role] >= RANK[least];
}
