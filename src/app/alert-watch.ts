// Looks after every connection once a minute and after each run, and has alerts told. Outlives every failure.
import { randomUUID } from 'node:crypto';
import type { AlertConfig, ConnectionConfig } from '../config/config.ts';
import { inProductNames } from '../config/product-names.ts';
import { CRM_RETIRES_ON } from '../connectors/registry.ts';
import { type AlertNotice, watchAlerts } from '../engine/watch-alerts.ts';
import type { Clock } from '../jobs/clock.ts';
import type { Log } from '../jobs/log.ts';
import { pauses } from '../store/saved-connections.ts';
import { postAlert, recipientOf } from './alert-post.ts';
import { insideFault } from './service-address.ts';
import type { App } from './wiring.ts';

export interface AlertWatchOptions {
  readonly app: App;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  publicUrl(): string;
  /** Told of every connection whose alerts changed. */
  changed(connection: string): void;
}

const EVERY_MS = 60_000;
/** Between two connections of one round: thousands of them never take more than a small part of a processor. Milliseconds. */
const BREATH_MS = 100;

/** A credential is asked for its end this often, and after it was replaced. Milliseconds. */
const ASK_EVERY_MS = 24 * 3_600_000;

interface AccessEnd {
  readonly credentials: string;
  readonly askedAt: number;
  readonly endsAt: number | null;
}

export interface AlertWatch {
  /** Looks at one connection now, after whatever is being looked at. Never rejects. */
  look(connection: ConnectionConfig): Promise<void>;
  /** Resolves when the signal aborts; never rejects. */
  readonly done: Promise<void>;
}

export function startAlertWatch(options: AlertWatchOptions): AlertWatch {
  // One after the other: two looks at once would both tell the same.
  let last = Promise.resolve();
  const ends = new Map<string, AccessEnd>();
  const look = (connection: ConnectionConfig): Promise<void> => {
    last = last
      .then(() => (options.signal.aborted ? undefined : lookAfter(options, ends, connection)))
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        options.log.error({ connection: connection.name, reason }, 'alerts could not be looked after');
      });
    return last;
  };
  return { look, done: watchAll(options, look).then(() => last) };
}

async function watchAll(options: AlertWatchOptions, look: AlertWatch['look']): Promise<void> {
  const { app, clock, log, signal } = options;
  while (!signal.aborted) {
    await clock.sleep(EVERY_MS, signal);
    if (signal.aborted) return;
    try {
      for (const connection of await app.book.configs()) {
        await look(connection);
        await clock.sleep(BREATH_MS, signal);
      }
    } catch (error) {
      log.error({ reason: error instanceof Error ? error.message : String(error) }, 'the connections cannot be read');
    }
  }
}

/** When the CRM's credential ends. A service that does not answer is asked again at the next look; its silence is no news here. */
async function accessEndsAt(
  { app, clock, signal }: AlertWatchOptions,
  ends: Map<string, AccessEnd>,
  connection: ConnectionConfig,
): Promise<number | null> {
  const credentials = JSON.stringify(connection.sell.credentials);
  const known = ends.get(connection.name);
  const now = clock.now();
  if (known?.credentials === credentials && now - known.askedAt < ASK_EVERY_MS) return known.endsAt;
  try {
    const { endsInSeconds } = await (await app.engine(connection, { signal, probe: true })).crm.capabilities();
    const endsAt = endsInSeconds === null ? null : now + endsInSeconds * 1000;
    ends.set(connection.name, { credentials, askedAt: now, endsAt });
    return endsAt;
  } catch {
    return known?.endsAt ?? null;
  }
}

async function lookAfter(
  options: AlertWatchOptions,
  ends: Map<string, AccessEnd>,
  connection: ConnectionConfig,
): Promise<void> {
  const { app, clock, changed } = options;
  const { name, schedule, alerts } = connection;
  const byName = new Map(alerts.map((alert, i) => [recipientOf(alert, i), alert]));
  const news = await watchAlerts(
    app.store,
    {
      connection: name,
      everyMs: schedule.everyMs,
      paused: (await pauses(app.store)).has(name),
      crmRetiresOn: Date.parse(`${CRM_RETIRES_ON}T00:00:00Z`),
      accessEndsAt: await accessEndsAt(options, ends, connection),
      recipients: [...byName.keys()],
    },
    {
      send: async (to, notice) => {
        const alert = byName.get(to);
        return alert === undefined ? 'not among the recipients any more' : send(options, connection, alert, notice);
      },
      newId: () => randomUUID(),
      now: () => clock.now(),
    },
  );
  if (news) changed(name);
}

/** A message to everybody an alert would go to. */
export async function testAlerts(
  options: AlertWatchOptions,
  connection: ConnectionConfig,
): Promise<readonly { readonly to: string; readonly error: string | null }[]> {
  const since = new Date(options.clock.now()).toISOString();
  const message = 'This is a test: alerts of this connection reach you.';
  const notice = {
    connection: connection.name,
    kind: 'run-failing',
    severity: 'warning',
    state: 'began',
    message,
    since,
  } as const;
  return Promise.all(
    connection.alerts.map(async (alert, i) => ({
      to: recipientOf(alert, i),
      error: await send(options, connection, alert, notice),
    })),
  );
}

async function send(
  { app, publicUrl }: AlertWatchOptions,
  { name }: ConnectionConfig,
  alert: AlertConfig,
  notice: AlertNotice,
): Promise<string | null> {
  const { mail, privateAddresses } = app.config.server;
  const ofFile = (await app.book.get(name))?.source === 'file';
  // Asked again at each sending: a name may point elsewhere than it did when it was saved.
  const inside = 'webhook' in alert && !privateAddresses && !ofFile ? await insideFault(alert.webhook) : null;
  if (inside !== null) return inside;
  const link = new URL(`/?connection=${encodeURIComponent(name)}`, publicUrl()).toString();
  return postAlert(alert, { ...notice, message: inProductNames(notice.message) }, { mail, link });
}
