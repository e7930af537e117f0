// The frame around every page: navigation, search, colour scheme, who is logged in, and notices about connection and session.
import { AppShell, Burger, Button, TextInput, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { Link, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, type ReactNode, type SubmitEvent, Suspense, useEffect, useState } from 'react';
import { useLive } from '../api/live.ts';
import { useRead } from '../api/queries.ts';
import { useMay, useSession } from '../api/session.ts';
import { useSessionEnded } from '../api/session-state.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { Notice, Tag } from '../parts/show.tsx';
import { count } from '../parts/words.ts';

import { Logo } from './logo.tsx';

const LogInAgain = lazy(async () => ({ default: (await import('./log-in.tsx')).LogInAgain }));

export function Frame({ children }: { readonly children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const ended = useSessionEnded();
  const live = useLive(!ended);
  const { user } = useSession();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu of a phone closes when the page changes
  useEffect(() => setOpen(false), [path]);
  return (
    <AppShell
      header={{ height: 60 }}
      navbar={{ width: 232, breakpoint: 'md', collapsed: { mobile: !open } }}
      padding={{ base: 'md', sm: 'xl' }}
    >
      <a className="skip" href="#content">
        Skip to content
      </a>
      <AppShell.Header className="top">
        <Burger
          opened={open}
          onClick={() => setOpen(!open)}
          hiddenFrom="md"
          size="sm"
          aria-label={open ? 'Close navigation' : 'Open navigation'}
        />
        <Link to="/" className="brand" aria-label="Lockstep, overview">
          <Logo />
        </Link>
        <FindPerson />
        <SchemeSwitch />
        <Who />
      </AppShell.Header>
      <AppShell.Navbar p="sm">
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main id="content">
        {!live && (
          <div className="away">
            <Notice tone="warn">The connection to Lockstep is lost. What you see may be old; it is tried again.</Notice>
          </div>
        )}
        {children}
      </AppShell.Main>
      {ended && (
        <Suspense>
          <LogInAgain email={user.email} />
        </Suspense>
      )}
    </AppShell>
  );
}

function Entry({
  to,
  icon,
  children,
  extra,
}: {
  readonly to: string;
  readonly icon: IconName;
  readonly children: string;
  readonly extra?: ReactNode;
}) {
  return (
    <Link to={to} activeOptions={{ exact: to === '/', includeSearch: false }}>
      <Icon name={icon} />
      <span>{children}</span>
      {extra}
    </Link>
  );
}

function Navigation() {
  const admin = useMay('admin');
  const holds = useRead('countHolds', { query: {} });
  const waiting =
    holds.data?.codes.reduce((sum, { severity, total }) => sum + (severity === 'action' ? total : 0), 0) ?? 0;
  return (
    <nav className="nav" aria-label="Main">
      <Entry to="/" icon="overview">
        Overview
      </Entry>
      <Entry to="/runs" icon="runs">
        Runs
      </Entry>
      <Entry to="/holds" icon="holds" extra={waiting > 0 && <Tag tone="warn">{count(waiting)}</Tag>}>
        Holds
      </Entry>
      <Entry to="/people" icon="people">
        People
      </Entry>
      <Entry to="/alerts" icon="alerts">
        Alerts
      </Entry>
      <h2>Data</h2>
      <Entry to="/lists" icon="lists">
        Lists and statuses
      </Entry>
      <Entry to="/catalogue" icon="catalogue">
        Catalogue
      </Entry>
      <h2>Set-up</h2>
      <Entry to="/connections" icon="connections">
        Connections
      </Entry>
      <Entry to="/tokens" icon="tokens">
        API tokens
      </Entry>
      {admin && (
        <>
          <Entry to="/users" icon="users">
            Users
          </Entry>
          <Entry to="/audit" icon="audit">
            Audit log
          </Entry>
          <Entry to="/settings" icon="settings">
            Installation
          </Entry>
        </>
      )}
    </nav>
  );
}

function FindPerson() {
  const [text, setText] = useState('');
  const navigate = useNavigate();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (text.trim() !== '') void navigate({ to: '/people', search: { q: text.trim() } });
  };
  return (
    <search className="find">
      <form onSubmit={submit}>
        <TextInput
          aria-label="Find a person by e-mail"
          placeholder="Find a person by e-mail"
          type="search"
          leftSection={<Icon name="search" size={16} />}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
      </form>
    </search>
  );
}

function SchemeSwitch() {
  const scheme = useComputedColorScheme('light');
  const { setColorScheme } = useMantineColorScheme();
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <Button
      variant="subtle"
      color="gray"
      px={8}
      onClick={() => setColorScheme(other)}
      aria-label={`Switch to ${other} colours`}
      className="plain"
    >
      <Icon name={scheme === 'dark' ? 'sun' : 'moon'} />
    </Button>
  );
}

function Who() {
  const { user } = useSession();
  return (
    <Link to="/account" className="who-link" aria-label={`Your account, ${user.name}`}>
      <Icon name="users" />
      <span className="not-on-phone who">{user.name}</span>
    </Link>
  );
}
