// The overview, activity, alerts, and how this installation is set up.
import { activity } from '../../engine/activity.ts';
import { type Overview, overviewOf } from '../../engine/overview.ts';
import type { AskedWork } from '../../jobs/asked-work.ts';
import type { ScheduledState } from '../../jobs/scheduler.ts';
import { listAlerts, type StoredAlert } from '../../store/alerts.ts';
import { deadLetters, forgetFailures } from '../../store/job-failures.ts';
import { wantNow } from '../../store/job-times.ts';
import { pauses } from '../../store/saved-connections.ts';
import { ApiError, notFound } from '../api-error.ts';
import { type Calls, cursorOf, pageOf, readCursor, timeAndId } from '../call.ts';
import type { Alert, ConnectionOverview } from '../contract/service.ts';
import type { ApiHost } from '../host.ts';
import { runOf } from '../show/runs.ts';

type ServiceCalls = Calls<
  'getOverview' | 'getActivity' | 'listAlerts' | 'listDeadLetters' | 'retryDeadLetter' | 'getSettings'
>;

/** Alerts shown on the overview. */
const SHOWN_ALERTS = 50;

export function serviceCalls(host: ApiHost): ServiceCalls {
  const { store } = host;
  const startedAt = new Date(host.now()).toISOString();

  return {
    getOverview: async () => {
      const paused = await pauses(store);
      const states = new Map(host.schedule().map((state) => [state.connection, state]));
      const connections: ConnectionOverview[] = [];
      for (const { name } of await host.book.list()) {
        const overview = await overviewOf(store, name, host.now());
        connections.push(await shown(overview, paused.get(name) ?? null, states.get(name) ?? null));
      }
      const alerts = await listAlerts(store, { state: 'open', limit: SHOWN_ALERTS });
      return { connections, alerts: alerts.map(alertOf) };
    },

    getActivity: async ({ query }) => {
      const { connection, days } = query;
      const found = await activity(store, {
        days,
        now: host.now(),
        ...(connection === undefined ? {} : { connection }),
      });
      return { days: found.map((day) => ({ ...day })) };
    },

    listAlerts: async ({ query }) => {
      const { cursor, limit, connection, state } = query;
      const [since = '', id = ''] = cursor === undefined ? [] : readCursor(cursor, timeAndId);
      const alerts = await listAlerts(store, {
        limit: limit + 1,
        ...(connection === undefined ? {} : { connection }),
        ...(state === undefined ? {} : { state }),
        ...(cursor === undefined ? {} : { before: { since, id } }),
      });
      return pageOf(alerts, limit, alertOf, (last) => cursorOf(last.since, last.id));
    },

    listDeadLetters: async ({ query }) => {
      const letters = await deadLetters(store, query.connection);
      return { items: letters.map(({ what: _, ...letter }) => letter) };
    },

    retryDeadLetter: async ({ body, note }) => {
      const { connection, work } = body;
      const letter = (await deadLetters(store, connection)).find((each) => each.work === work);
      if (letter === undefined) throw notFound('dead letter');
      note({ connection, subject: work });
      const now = new Date(host.now()).toISOString();
      let run: string | null = null;
      if (letter.what !== null) run = await begin(connection, letter.what as AskedWork);
      else if (work !== 'asked' && work !== 'align' && !(await wantNow(store, connection, work, now)))
        run = await begin(connection, { type: 'cycle', options: { kind: 'sync', only: null, full: false } });
      await forgetFailures(store, connection, work);
      return { run };
    },

    getSettings: async () => {
      const { version, database, configFile, privateAddresses, mail, address } = host.about;
      return { version, node: process.version, database, configFile, address, startedAt, privateAddresses, mail };
    },
  };

  async function begin(connection: string, what: AskedWork): Promise<string> {
    const id = await host.begin(connection, what);
    if (id === null)
      throw new ApiError('conflict', 'A run of this connection is under way. Try again once it has ended.');
    return id;
  }

  async function shown(
    { status, lagSeconds, optOutLatencySeconds, drift, parked, sides }: Overview,
    pausedAt: string | null,
    state: ScheduledState | null,
  ): Promise<ConnectionOverview> {
    const { connection, alignedAt, lastRun, lastSuccess, underWay, links, holds } = status;
    const running = underWay?.run ?? null;
    const linked = (role: 'contact' | 'lead'): number =>
      links.reduce((sum, link) => sum + (link.role === role && link.state === 'active' ? link.total : 0), 0);
    const held = (severity: 'action' | 'waiting' | 'info'): number =>
      holds.reduce((sum, hold) => sum + (hold.severity === severity ? hold.total : 0), 0);
    const { labels } = host.about;
    return {
      connection,
      standing: standingOf(state, pausedAt, underWay !== null, alignedAt),
      pausedAt,
      alignedAt,
      nextRunAt: pausedAt !== null || state?.dueAt == null ? null : new Date(state.dueAt).toISOString(),
      lastRun: lastRun === null ? null : await runOf(host, lastRun),
      running: running === null ? null : await runOf(host, running),
      lastSuccessAt: lastSuccess?.finishedAt ?? null,
      lagSeconds,
      optOutLatencySeconds,
      links: { contact: linked('contact'), lead: linked('lead') },
      drift,
      holds: { action: held('action'), waiting: held('waiting'), info: held('info') },
      parked,
      crm: { label: labels.crm, ...sides.crm, quota: sides.crm.quota.map((tier) => ({ ...tier })) },
      marketing: {
        label: labels.marketing,
        ...sides.marketing,
        quota: sides.marketing.quota.map((tier) => ({ ...tier })),
      },
    };
  }
}

function standingOf(
  state: ScheduledState | null,
  pausedAt: string | null,
  underWay: boolean,
  alignedAt: string | null,
): ConnectionOverview['standing'] {
  if (underWay) return state?.standing === 'busy' ? 'busy' : 'running';
  if (pausedAt !== null) return 'paused';
  if (alignedAt === null) return 'not-aligned';
  return state === null ? 'not-scheduled' : 'waiting';
}

function alertOf({ told, ...alert }: StoredAlert): Alert {
  return { ...alert, told: told.map((one) => ({ ...one })) };
}
