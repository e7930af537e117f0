// Opens and ends alerts as things change, and tells whoever is to be told: once when it begins, once when it is over. (4.10)
// Sends nothing itself.
import type { AlertKind } from '../core/model/alert.ts';
import {
  claimAlert,
  endAlert,
  listAlerts,
  openAlert,
  type StoredAlert,
  type Told,
  updateAlert,
} from '../store/alerts.ts';
import { getConnection } from '../store/connections.ts';
import type { Executor } from '../store/executor.ts';
import { countParked } from '../store/figures.ts';
import { countHoldsByCode } from '../store/holds.ts';
import { countLinks } from '../store/links.ts';
import { listRuns, type RunKind, type RunState } from '../store/runs.ts';
import { type AlertFacts, HELD_LEAST, raise } from './alert-rules.ts';
import type { RunFigures } from './run.ts';

export interface AlertNotice {
  readonly connection: string;
  readonly kind: AlertKind;
  readonly severity: 'warning' | 'critical';
  readonly state: 'began' | 'ended';
  readonly message: string;
  /** ISO UTC. */
  readonly since: string;
}

export interface Watched {
  readonly connection: string;
  readonly everyMs: number;
  readonly paused: boolean;
  /** Milliseconds since the epoch. */
  readonly crmRetiresOn: number | null;
  /** Milliseconds since the epoch; null where the service tells no end. */
  readonly accessEndsAt: number | null;
  /** Where notices go, by the name they are remembered under. */
  readonly recipients: readonly string[];
}

export interface AlertPost {
  /** @returns why it did not go out; null when it did */
  send(to: string, notice: AlertNotice): Promise<string | null>;
  newId(): string;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Tries for one recipient before it is given up for this alert. */
const TRIES = 5;
/** What is said of a notice under way; after so long its process is taken for dead. Milliseconds. */
const SENDING = 'is being sent';
const SENDING_MS = 2 * 60_000;
const WRITING: readonly RunKind[] = ['sync', 'align', 'undo'];
const ENDED: readonly RunState[] = ['ok', 'ok_with_holds', 'partial', 'parked', 'aborted', 'failed'];
const LOOK_BACK = 20;

/** @returns whether an alert began or ended */
export async function watchAlerts(ex: Executor, watched: Watched, post: AlertPost): Promise<boolean> {
  const { connection } = watched;
  const raised = new Map(raise(await factsOf(ex, watched, post.now())).map((alert) => [alert.kind, alert]));
  const at = new Date(post.now()).toISOString();
  let changed = false;
  const open = new Map((await listAlerts(ex, { connection, state: 'open', limit: 100 })).map((one) => [one.kind, one]));
  for (const [kind, alert] of raised) {
    const known = open.get(kind);
    if (known === undefined) {
      const id = post.newId();
      if (!(await openAlert(ex, { id, connection, ...alert, since: at }))) continue;
      changed = true;
      await tell(ex, watched, post, { id, connection, ...alert, since: at, endedAt: null, told: [] });
    } else if (known.message !== alert.message || known.severity !== alert.severity) {
      await updateAlert(ex, known.id, alert);
      // The next milestone is news; another count of the same thing is not.
      const again = kind === 'crm-retiring' || (alert.severity === 'critical' && known.severity === 'warning');
      await tell(ex, watched, post, { ...known, ...alert }, again);
    } else await tell(ex, watched, post, known);
  }
  for (const [kind, known] of open) {
    if (raised.has(kind)) continue;
    if (!(await endAlert(ex, known.id, at))) continue;
    changed = true;
    // Only who heard that it began wants to hear that it is over.
    const heard = watched.recipients.filter((to) => known.told.some((one) => one.to === to && one.error === null));
    const told = await Promise.all(heard.map((to) => sendOne(post, to, notice(known, 'ended'))));
    await updateAlert(ex, known.id, { told: [...known.told, ...told] });
  }
  return changed;
}

/** @param anew it became something else: who heard of it before hears of it again */
async function tell(
  ex: Executor,
  { recipients }: Watched,
  post: AlertPost,
  alert: StoredAlert,
  anew = false,
): Promise<void> {
  const before = anew ? [] : alert.told;
  const now = post.now();
  const due = recipients.filter((to) => {
    const tries = before.filter((one) => one.to === to);
    const sending = tries.some(({ at, error }) => error === SENDING && now - Date.parse(at) < SENDING_MS);
    return !sending && tries.length < TRIES && tries.every(({ error }) => error !== null);
  });
  if (due.length === 0) return;
  const at = new Date(now).toISOString();
  // Written before it is sent: whoever looks at the same moment in another process finds it taken.
  const begun = [...before, ...due.map((to): Told => ({ to, at, error: SENDING }))];
  if (!(await claimAlert(ex, alert, begun))) return;
  const told = await Promise.all(due.map((to) => sendOne(post, to, notice(alert, 'began'))));
  await updateAlert(ex, alert.id, { told: [...before, ...told] });
}

async function sendOne(post: AlertPost, to: string, what: AlertNotice): Promise<Told> {
  const error = await post.send(to, what);
  return { to, at: new Date(post.now()).toISOString(), error };
}

function notice({ connection, kind, severity, message, since }: StoredAlert, state: AlertNotice['state']): AlertNotice {
  return { connection, kind, severity, state, message, since };
}

async function factsOf(ex: Executor, watched: Watched, now: number): Promise<AlertFacts> {
  const { connection, everyMs, paused, crmRetiresOn, accessEndsAt } = watched;
  const runs = await listRuns(ex, { connection, kinds: WRITING, states: ENDED, limit: LOOK_BACK });
  const [success] = await listRuns(ex, { connection, kinds: WRITING, states: ['ok', 'ok_with_holds'], limit: 1 });
  const holds = await countHoldsByCode(ex, connection);
  const held = holds.reduce((sum, hold) => sum + (hold.severity === 'action' ? hold.total : 0), 0);
  // Counting links reads them all: only where their number matters.
  const links = held < HELD_LEAST ? [] : await countLinks(ex, connection);
  const alignedAt = (await getConnection(ex, connection))?.alignedAt ?? null;
  return {
    now,
    everyMs,
    paused,
    crmRetiresOn,
    accessEndsAt,
    parked: await countParked(ex, connection),
    alignedAt: alignedAt === null ? null : Date.parse(alignedAt),
    lastSuccessAt: success === undefined ? null : Date.parse(success.startedAt),
    held,
    links: links.reduce((sum, link) => sum + (link.state === 'active' ? link.total : 0), 0),
    runs: runs.map(({ state, counters, error }) => {
      const { total, fault } = counters as RunFigures & { readonly total?: number };
      return { state, writes: total ?? 0, refused: fault?.kind === 'unauthorized', message: error };
    }),
  };
}
