// Every address of the dashboard, each with its page as a file of its own that is fetched when it is opened.
import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { Fault, Page } from './parts/page.tsx';
import { Root } from './shell/root.tsx';

/** Keeps the named texts of the address and drops everything else. */
function texts<const N extends string>(...names: readonly N[]) {
  return (search: Record<string, unknown>): { [K in N]?: string } => {
    const kept: { [K in N]?: string } = {};
    for (const name of names) {
      const value = search[name];
      if (typeof value === 'string' || typeof value === 'number') kept[name] = String(value);
    }
    return kept;
  };
}

const root = createRootRoute({ component: Root, notFoundComponent: NotFound, errorComponent: Broken });
const at = <P extends string>(path: P) => ({ getParentRoute: () => root, path }) as const;

const overview = createRoute({
  ...at('/'),
  component: lazyRouteComponent(() => import('./pages/overview.tsx'), 'Overview'),
});
const welcome = createRoute({
  ...at('/welcome'),
  component: lazyRouteComponent(() => import('./pages/welcome.tsx'), 'Welcome'),
});
const guest = createRoute({
  ...at('/guest'),
  component: lazyRouteComponent(() => import('./pages/guest.tsx'), 'Guest'),
});
const runs = createRoute({
  ...at('/runs'),
  validateSearch: texts('connection', 'kind', 'state'),
  component: lazyRouteComponent(() => import('./pages/runs.tsx'), 'Runs'),
});
const run = createRoute({
  ...at('/runs/$run'),
  validateSearch: texts('state', 'row', 'kind', 'system', 'entity'),
  component: lazyRouteComponent(() => import('./pages/run.tsx'), 'RunPage'),
});
const people = createRoute({
  ...at('/people'),
  validateSearch: texts('q'),
  component: lazyRouteComponent(() => import('./pages/people.tsx'), 'People'),
});
const person = createRoute({
  ...at('/people/$connection/$email'),
  component: lazyRouteComponent(() => import('./pages/person.tsx'), 'PersonPage'),
});
const holds = createRoute({
  ...at('/holds'),
  validateSearch: texts('connection', 'code', 'severity', 'state'),
  component: lazyRouteComponent(() => import('./pages/holds.tsx'), 'Holds'),
});
const hold = createRoute({
  ...at('/holds/$hold'),
  component: lazyRouteComponent(() => import('./pages/hold.tsx'), 'HoldPage'),
});
const alerts = createRoute({
  ...at('/alerts'),
  validateSearch: texts('connection', 'state'),
  component: lazyRouteComponent(() => import('./pages/alerts.tsx'), 'Alerts'),
});
const lists = createRoute({
  ...at('/lists'),
  validateSearch: texts('connection'),
  component: lazyRouteComponent(() => import('./pages/lists.tsx'), 'Lists'),
});
const catalogue = createRoute({
  ...at('/catalogue'),
  validateSearch: texts('connection'),
  component: lazyRouteComponent(() => import('./pages/catalogue.tsx'), 'Catalogue'),
});
const tokens = createRoute({
  ...at('/tokens'),
  component: lazyRouteComponent(() => import('./pages/tokens.tsx'), 'Tokens'),
});
const users = createRoute({
  ...at('/users'),
  component: lazyRouteComponent(() => import('./pages/users.tsx'), 'Users'),
});
const audit = createRoute({
  ...at('/audit'),
  validateSearch: texts('who', 'action'),
  component: lazyRouteComponent(() => import('./pages/audit.tsx'), 'Audit'),
});
const settings = createRoute({
  ...at('/settings'),
  component: lazyRouteComponent(() => import('./pages/settings.tsx'), 'Settings'),
});
const account = createRoute({
  ...at('/account'),
  component: lazyRouteComponent(() => import('./pages/account.tsx'), 'Account'),
});
const connections = createRoute({
  ...at('/connections'),
  component: lazyRouteComponent(() => import('./pages/connections.tsx'), 'Connections'),
});
const connection = createRoute({
  ...at('/connections/$connection'),
  component: lazyRouteComponent(() => import('./pages/connection.tsx'), 'ConnectionPage'),
});
const edit = createRoute({
  ...at('/connections/$connection/edit'),
  component: lazyRouteComponent(() => import('./pages/edit-connection.tsx'), 'EditConnection'),
});
const connect = createRoute({
  ...at('/connect'),
  validateSearch: texts('authorization'),
  component: lazyRouteComponent(() => import('./pages/connect.tsx'), 'Connect'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    overview,
    welcome,
    guest,
    runs,
    run,
    people,
    person,
    holds,
    hold,
    alerts,
    lists,
    catalogue,
    tokens,
    users,
    audit,
    settings,
    account,
    connections,
    connection,
    edit,
    connect,
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
});

function NotFound() {
  return (
    <Page title="There is no such page" lead="The address may be mistyped, or what it named is gone.">
      <p>
        <a href="/">Go to the overview</a>
      </p>
    </Page>
  );
}

function Broken({ error, reset }: ErrorComponentProps) {
  return (
    <Page title="This page could not be shown">
      <Fault error={error instanceof Error ? error : new Error(String(error))} again={reset} />
    </Page>
  );
}

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
