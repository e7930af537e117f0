// Decides who sees what: the log-in for strangers, the frame with a page for everybody else.
import { Outlet, useLocation } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { SessionContext, useSessionQuery } from '../api/session.ts';
import { Fault } from '../parts/page.tsx';
import { Door } from './door.tsx';
import { Frame } from './frame.tsx';

const LogIn = lazy(async () => ({ default: (await import('./log-in.tsx')).LogIn }));

export function Root() {
  const { pathname } = useLocation();
  const stranger = pathname === '/welcome' || pathname === '/guest';
  const session = useSessionQuery(!stranger);
  if (stranger) return <Outlet />;
  if (session.error !== null && session.data === undefined) {
    return (
      <Door title="Lockstep does not answer">
        <Fault error={session.error} again={session.refetch} />
      </Door>
    );
  }
  if (session.data === undefined) return null;
  if (session.data === null) {
    return (
      <Suspense>
        <LogIn />
      </Suspense>
    );
  }
  return (
    <SessionContext value={session.data}>
      <Frame>
        <Outlet />
      </Frame>
    </SessionContext>
  );
}
