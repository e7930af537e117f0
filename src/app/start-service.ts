// `lockstep serve` as one thing: scheduler, API and dashboard over one store. Wires them together; decides nothing.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { hashPassword, hashSecret, newSecret } from '../api/auth/secrets.ts';
import { EventHub } from '../api/events.ts';
import type { About, ApiHost } from '../api/host.ts';
import { startServer } from '../api/server.ts';
import { eventOf } from '../api/show/runs.ts';
import { sayWith } from '../api/show/say.ts';
import type { ConnectionConfig } from '../config/config.ts';
import { inProductNames, SYSTEM_NAMES } from '../config/product-names.ts';
import { redactDatabase } from '../config/redact.ts';
import { carriesOptOuts } from '../config/vendor-words.ts';
import { CRM_RETIRES_ON } from '../connectors/registry.ts';
import type { Engine } from '../engine/engine.ts';
import { realClock } from '../jobs/clock.ts';
import { LiveRuns } from '../jobs/live-runs.ts';
import type { Log } from '../jobs/log.ts';
import type { Served } from '../jobs/scheduler.ts';
import { type Inside, type Serving, serve } from '../jobs/serve.ts';
import { pauses } from '../store/saved-connections.ts';
import { getUserByEmail, hasNoUsers, insertUser, putOneTimeLink } from '../store/users.ts';
import { type AlertWatch, type AlertWatchOptions, startAlertWatch, testAlerts } from './alert-watch.ts';
import { beginRun } from './begin-run.ts';
import { createCrmAuthorizations } from './crm-authorizations.ts';
import { openRunWords, type RunEvent } from './run-words.ts';
import type { App } from './wiring.ts';

export interface ServiceOptions {
  readonly host: string;
  readonly port: number;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Connections under way at once. Default 4. */
  readonly concurrency?: number;
  /** Who is let in while there is no user: the first one by a one-time link (default), nobody, or a guest. */
  readonly letIn?: 'first-user' | 'nobody' | 'guest';
  readonly version: string;
  /** Only these connections run on schedule; null = all. */
  readonly only: readonly string[] | null;
  /** Folder of the built dashboard. Default: `web/dist` beside the program. */
  readonly dashboard?: string;
}

export interface Service extends Serving {
  /** One-time link by which the first user is made; null when there is one. */
  readonly setupLink: string | null;
  /** Lets a guest in as an admin, as often as it is opened while this process runs; null where none is let in. */
  readonly guestLink: string | null;
  /** An engine whose runs the dashboard shows as they happen. */
  readonly engine: App['engine'];
}

/** Calls the opt-out lane makes of one budget when somebody left: the question, once more under the lease. */
const OPT_OUT_RESERVE = 2;
const SETUP_LINK_MS = 24 * 3_600_000;
const GUEST = 'guest@demo.invalid';
const DASHBOARD = join(import.meta.dirname, '..', '..', 'web', 'dist');

/** @throws Error with `code` when the port cannot be used; nothing runs then */
export async function startService(app: App, options: ServiceOptions): Promise<Service> {
  const { config, store, book } = app;
  const { log, signal } = options;
  let url = '';
  const publicUrl = (): string => config.server.publicUrl ?? url;
  const authorizations = createCrmAuthorizations(config, publicUrl, Date.now);
  app.grants(authorizations.granted);
  const events = new EventHub();
  const configOf = async (name: string): Promise<ConnectionConfig> => {
    const found = await book.config(name);
    if (found === null) throw new Error(`There is no connection ${name}.`);
    return found;
  };
  const show = (run: RunEvent): void => {
    events.tell('run', run);
    if (run.state !== 'running') events.tell('holds', { connection: run.connection });
  };
  let alerts: AlertWatch | null = null;
  const runs = new LiveRuns({
    engine: async (name, wiring) => {
      const connection = await configOf(name);
      // However much a cycle has to do, the opt-out lane finds calls left when it asks.
      const reserve = carriesOptOuts(connection.consent) ? OPT_OUT_RESERVE : 0;
      return app.engine(connection, { ...wiring, reserve, onOddity: oddityLog(log, name, wiring.run) });
    },
    newId: () => randomUUID(),
    now: Date.now,
    watch: (run, ended) => {
      const event = eventOf(run, ended === undefined ? 'running' : (ended ?? 'interrupted'));
      show(event);
      words.tell(event);
      if (ended === undefined) return;
      void configOf(run.connection)
        .then((connection) => alerts?.look(connection))
        .catch((error: unknown) =>
          log.error({ connection: run.connection, reason: wordsOf(error) }, 'alerts could not be looked after'),
        );
    },
    onError: ({ connection, id: run }, error) => log.error({ connection, run, reason: wordsOf(error) }, 'a run failed'),
  });
  const words = openRunWords({
    bulletin: store.backend.bulletin,
    id: randomUUID(),
    heard: show,
    breakOffHere: (id) => runs.cancel(id),
    signal,
  });
  const alerting: AlertWatchOptions = {
    app,
    clock: realClock,
    log,
    signal,
    publicUrl,
    changed: (connection) => events.tell('alerts', { connection }),
  };
  const guest = options.letIn === 'guest' ? newSecret() : null;
  const serving = await serve({
    store,
    databaseUrl: config.database,
    ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
    connections: () => scheduled(app, options.only),
    live: runs,
    engine: async (name, ended, purpose, nextRunId): Promise<Engine> =>
      purpose === 'cycle'
        ? runs.engine(name, ended, nextRunId)
        : app.engine(await configOf(name), { signal: ended, onOddity: oddityLog(log, name) }),
    log,
    signal,
    listen: async (inside: Inside) => {
      const host: ApiHost = {
        store,
        say: sayWith(inProductNames),
        about: aboutOf(app, options, publicUrl),
        guest: guest === null ? null : { email: GUEST, link: hashSecret(guest) },
        book,
        authorizations,
        runs,
        events,
        log,
        engine: async (name, ended) => app.engine(await configOf(name), { signal: ended }),
        breakOff: async (run) => runs.cancel(run) || words.breakOff(run),
        begin: (name, work) => beginRun({ store, runs, look: inside.look, ended: signal }, name, work),
        schedule: inside.states,
        fault: inside.fault,
        testAlerts: async (name) => testAlerts(alerting, await configOf(name)),
        hashAddress: app.hashAddress,
        newId: () => randomUUID(),
        now: Date.now,
      };
      const { host: address, port, dashboard = DASHBOARD } = options;
      const server = await startServer(host, { host: address, port, dashboard });
      url = server.url;
      return {
        url: server.url,
        close: async () => {
          await server.close();
          await runs.idle();
        },
      };
    },
  });
  alerts = startAlertWatch(alerting);
  return {
    ...serving,
    done: Promise.all([serving.done, alerts.done]).then(() => undefined),
    setupLink: (options.letIn ?? 'first-user') === 'first-user' ? await setupLink(app, publicUrl()) : null,
    guestLink: guest === null ? null : await guestLink(app, guest, publicUrl()),
    engine: async (connection, use) => {
      const { wiring, watch } = runs.follow(use.signal, use.progress);
      return { ...(await app.engine(connection, { ...use, ...wiring })), watch };
    },
  };
}

/** Everybody in the book, with what the scheduler needs to know. */
async function scheduled({ book, store }: App, only: readonly string[] | null): Promise<readonly Served[]> {
  const paused = await pauses(store);
  return (await book.configs())
    .filter(({ name }) => only === null || only.includes(name))
    .map((settings) => {
      const { name, schedule } = settings;
      const { everyMs, verifyAt, timezone } = schedule;
      return {
        name,
        everyMs,
        nightly: verifyAt === null ? null : { at: verifyAt, timeZone: timezone },
        paused: paused.has(name),
        optOutLane: carriesOptOuts(settings.consent),
        settings,
      };
    });
}

function aboutOf({ config }: App, { version }: ServiceOptions, publicUrl: () => string): About {
  const { mail, privateAddresses } = config.server;
  return {
    version,
    database: redactDatabase(config.database),
    configFile: config.file,
    get address() {
      return publicUrl();
    },
    privateAddresses,
    mail: mail === null ? null : `${mail.host}:${mail.port}`,
    secure: config.server.publicUrl?.startsWith('https:') === true,
    crmRetiresOn: CRM_RETIRES_ON,
    labels: SYSTEM_NAMES,
  };
}

/** A new one at each start until somebody used it: the one printed before may be lost. */
async function setupLink({ store }: App, publicUrl: string): Promise<string | null> {
  if (!(await hasNoUsers(store))) return null;
  const secret = newSecret();
  const now = Date.now();
  await store.transaction((tx) =>
    putOneTimeLink(tx, {
      hash: hashSecret(secret),
      userId: null,
      now: new Date(now).toISOString(),
      expiresAt: new Date(now + SETUP_LINK_MS).toISOString(),
    }),
  );
  // After the # it reaches no server's log, no proxy and no referrer.
  return new URL(`/welcome#${secret}`, publicUrl).toString();
}

/** Nobody knows the guest's password: there is no way in but the link, and that one ends with this process. */
async function guestLink({ store }: App, secret: string, publicUrl: string): Promise<string> {
  if ((await getUserByEmail(store, GUEST)) === null) {
    await insertUser(store, {
      id: randomUUID(),
      email: GUEST,
      name: 'Guest',
      role: 'admin',
      password: await hashPassword(newSecret()),
      disabled: false,
      createdAt: new Date().toISOString(),
      seenAt: null,
    });
  }
  return new URL(`/guest#${secret}`, publicUrl).toString();
}

function oddityLog(log: Log, connection: string, run: () => string | null = () => null) {
  return (oddity: { readonly where: string }): void => {
    // Data fields that are not there yet are made before their first write.
    if (oddity.where !== 'data-fields') {
      log.warn({ connection, run: run(), ...oddity }, 'part of an answer could not be read and was skipped');
    }
  };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
