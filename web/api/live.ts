// What happens on the server, as it happens: keeps the cache fresh from its event stream and says whether that stream stands.
import { useEffect, useState } from 'react';
import type { Reply } from '../../src/api/contract/contract.ts';
import { ROUTES, type RouteId } from '../../src/api/contract/routes.table.ts';
import type { EventData } from '../../src/api/contract/runs.ts';
import { queryClient } from './queries.ts';

/** Reads that follow a run's beginning and end; its progress alone touches nothing but the run itself. */
const OF_RUNS: readonly RouteId[] = [
  'listRuns',
  'getRun',
  'listRunActions',
  'getOverview',
  'getActivity',
  'listHolds',
  'countHolds',
  'getPerson',
  'getLists',
  'listConnections',
  'getConnection',
];
/** What may have ended between the first reading and the first event. */
const AT_FIRST: readonly RouteId[] = ['getRun', 'listRuns', 'getOverview'];
const LIST_PAUSE_MS = 500;
const GRACE_MS = 4_000;

const refresh = (ids: readonly RouteId[]): void => {
  for (const id of ids) void queryClient.invalidateQueries({ queryKey: [id] });
};

/** @returns false while the stream has been gone for longer than a blink */
export function useLive(enabled: boolean): boolean {
  const [standing, setStanding] = useState(true);
  useEffect(() => {
    if (!enabled) return;
    const states = new Map<string, string>();
    let later: ReturnType<typeof setTimeout> | undefined;
    let away: ReturnType<typeof setTimeout> | undefined;
    const stale = new Set<RouteId>();
    const soon = (ids: readonly RouteId[]): void => {
      for (const id of ids) stale.add(id);
      later ??= setTimeout(() => {
        later = undefined;
        refresh([...stale]);
        stale.clear();
      }, LIST_PAUSE_MS);
    };
    const source = new EventSource(ROUTES.watch.path);
    let opened = false;
    source.onopen = () => {
      clearTimeout(away);
      away = undefined;
      setStanding(true);
      // Whatever happened while the stream was away, or before it stood, has to be read.
      refresh(opened ? OF_RUNS : AT_FIRST);
      opened = true;
    };
    source.onerror = () => {
      away ??= setTimeout(() => setStanding(false), GRACE_MS);
    };
    source.addEventListener('run', (event: MessageEvent<string>) => {
      const run = JSON.parse(event.data) as EventData<'run'>;
      queryClient.setQueriesData<Reply<'getRun'>>({ queryKey: ['getRun', { params: { run: run.id } }] }, (known) =>
        known === undefined ? known : { ...known, state: run.state, progress: run.progress },
      );
      queryClient.setQueryData(['progress', run.id], run.progress);
      if (states.get(run.id) === run.state) return;
      states.set(run.id, run.state);
      soon(OF_RUNS);
    });
    source.addEventListener('connections', () => refresh(['listConnections', 'getConnection', 'getOverview']));
    source.addEventListener('holds', () => soon(['listHolds', 'countHolds', 'getHold', 'getOverview', 'getPerson']));
    source.addEventListener('alerts', () => refresh(['getOverview', 'listAlerts']));
    return () => {
      clearTimeout(later);
      clearTimeout(away);
      source.close();
    };
  }, [enabled]);
  return standing;
}
