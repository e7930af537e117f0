// Brings the mirror up to date from both feeds. Each page is stored before it is acknowledged or its cursor saved. (R7)
import type { CrmObservation, SuppressionEvent } from '../connectors/connector.ts';
import { isMailable } from '../core/model/record.ts';
import type { StoredConnection } from '../store/connections.ts';
import { updateConnection } from '../store/connections.ts';
import { markCrmDeleted, markCrmHidden, upsertCrm } from '../store/crm-records.ts';
import type { Tx } from '../store/executor.ts';
import { getMarketing, getMarketingByEmail, setMarketingDirty, upsertMarketing } from '../store/marketing-records.ts';
import { getRun } from '../store/runs.ts';
import { upsertSuppressions } from '../store/suppressions.ts';
import type { Cycle, Engine } from './engine.ts';
import { explainDeleted } from './explain-deleted.ts';
import { noteLost } from './lost-fields.ts';
import { addressKey, crmItem, marketingItem } from './mirror-items.ts';
import { scanCrm } from './rescan.ts';
import { shownContacts } from './shown-contacts.ts';
import { noteLeavers } from './shown-leavers.ts';

/** How far a feed is read back over: what changed while the last page was read, and clocks that disagree. */
const CHANGED_OVERLAP_MS = 5 * 60_000;
const SUPPRESSED_OVERLAP_MS = 60 * 60_000;
const BEGINNING = '2000-01-01T00:00:00.000Z';
/** Has everybody who ever left read once more. */
export const SUPPRESSED_FROM_THE_START = { 'marketing-suppressed': BEGINNING } as const;

/** @param serverTime the marketing service's clock before anything of this cycle was read; ISO UTC. */
export async function pull(cycle: Cycle, connection: StoredConnection, serverTime: string): Promise<void> {
  await Promise.all([pullCrm(cycle, connection), pullMarketing(cycle, connection, serverTime)]);
}

/** The change feed sends everything to a new replica: the first load is the feed drained for the first time. */
async function pullCrm(cycle: Cycle, connection: StoredConnection): Promise<void> {
  let done = 0;
  for await (const page of cycle.crm.pull(connection.replica, cycle.crmSelection)) {
    cycle.signal.throwIfAborted();
    await storeObservations(cycle, page.observations);
    await page.acknowledge();
    if (!page.complete) cycle.unread.add('crm');
    done += page.observations.length;
    cycle.progress({ connection: cycle.name, phase: 'pull-crm', done, total: null });
  }
  if (connection.crmLoadedAt !== null) return;
  if (await mayHaveBeenTold(cycle, connection)) await scanCrm(cycle);
  await updateConnection(cycle.store, cycle.name, { crmLoadedAt: cycle.now() });
}

/**
 * The feed tells a replica everything once. One that was there before this run may have been told before, by a load that broke off or
 * for a younger database that a backup has replaced: what it is told now need not be all there is. (4.4, R7)
 */
async function mayHaveBeenTold({ store, runId }: Cycle, { createdAt }: StoredConnection): Promise<boolean> {
  return createdAt !== (await getRun(store, runId))?.startedAt;
}

/** Stores what the feed said; delete events are explained first. */
export async function storeObservations(cycle: Cycle, observations: readonly CrmObservation[]): Promise<void> {
  const records = observations.flatMap((seen) => (seen.type === 'record' ? [crmItem(seen.record)] : []));
  const deleted = observations.filter((seen) => seen.type === 'deleted');
  const explained = await explainDeleted(cycle, deleted);
  const now = cycle.now();
  await cycle.store.transaction(async (tx) => {
    await upsertCrm(tx, cycle.name, [...records, ...explained.records.map(crmItem)], now);
    for (const role of cycle.crmSelection.roles) {
      await markCrmDeleted(
        tx,
        cycle.name,
        role,
        explained.gone.filter((item) => item.role === role),
        now,
      );
      await markCrmHidden(
        tx,
        cycle.name,
        role,
        explained.hidden.filter((item) => item.role === role).map((item) => item.id),
        now,
      );
    }
  });
}

async function pullMarketing(cycle: Cycle, connection: StoredConnection, serverTime: string): Promise<void> {
  const startedAt = cycle.now();
  const first = connection.marketingLoadedAt === null;
  const since = changesFrom(connection);
  const pages =
    first || since === null
      ? cycle.marketing.scan(cycle.marketingSelection)
      : cycle.marketing.changedSince(since, cycle.marketingSelection);
  let done = 0;
  for await (const shown of pages) {
    cycle.signal.throwIfAborted();
    await noteLeavers(cycle, shown);
    const page = await shownContacts(cycle, cycle.marketingSelection, shown);
    // The overlap reads people again whom nobody edited. (R7)
    await noteLost(cycle, page);
    await cycle.store.transaction(async (tx) => {
      await upsertMarketing(tx, cycle.name, page.map(marketingItem), cycle.now());
    });
    done += page.length;
    cycle.progress({ connection: cycle.name, phase: 'pull-marketing', done, total: null });
  }
  await pullSuppressions(cycle, suppressionsFrom(connection), { startedAt, serverTime });
  await updateConnection(cycle.store, cycle.name, {
    watermarks: { 'marketing-changed': serverTime, 'marketing-suppressed': serverTime },
    ...(first ? { marketingLoadedAt: cycle.now() } : {}),
  });
}

/** From when on contacts may have changed that were not read since; null before the first read. ISO UTC. */
export function changesFrom({ watermarks }: StoredConnection): string | null {
  const since = watermarks['marketing-changed'];
  return since === undefined ? null : before(since, CHANGED_OVERLAP_MS);
}

/** Everybody who ever left, the first time; whoever left since, afterwards. (decision 7) ISO UTC. */
export function suppressionsFrom({ watermarks }: StoredConnection): string {
  const since = watermarks['marketing-suppressed'];
  return since === undefined ? BEGINNING : before(since, SUPPRESSED_OVERLAP_MS);
}

/** Stores who left since. @returns ids of the contacts of whom that was news, once each */
export async function pullSuppressions(cycle: Cycle, from: string, read: Read): Promise<readonly string[]> {
  const left = new Set<string>();
  for await (const page of cycle.marketing.suppressedSince(from)) {
    const events = await optOutsOf(cycle, page);
    await cycle.store.transaction(async (tx) => {
      const news = new Set(await upsertSuppressions(tx, cycle.name, events, cycle.now()));
      const ids = await optOutInMirror(
        tx,
        cycle,
        events.filter((event) => news.has(event.emailKey)),
        read,
      );
      for (const id of ids) left.add(id);
    });
  }
  return [...left];
}

/** The opt-outs among them, by comparable address; one that names only the contact gets the address that the mirror knows. A soft bounce is none. (4.5) */
export async function optOutsOf(
  engine: Engine,
  page: readonly SuppressionEvent[],
): Promise<readonly (SuppressionEvent & { readonly emailKey: string })[]> {
  const events = page.filter(({ state }) => !isMailable(state));
  const nameless = events.flatMap((event) =>
    event.marketingId !== null && addressKey(event.email) === null ? [event.marketingId] : [],
  );
  const known = new Map(
    (await getMarketing(engine.store, engine.name, nameless)).map(({ record, emailKey }) => [record.id, emailKey]),
  );
  return events.flatMap((event) => {
    const emailKey =
      addressKey(event.email) ?? (event.marketingId === null ? null : (known.get(event.marketingId) ?? null));
    return emailKey === null ? [] : [{ ...event, emailKey }];
  });
}

/** When the contacts of this cycle were read: by our clock, and by the service's. */
interface Read {
  readonly startedAt: string;
  readonly serverTime: string;
}

/** An opt-out need not bump a contact's own time: the mirror learns it from here, and the person is planned. (decision 7) */
async function optOutInMirror(
  tx: Tx,
  cycle: Cycle,
  events: readonly (SuppressionEvent & { readonly emailKey: string })[],
  read: Read,
): Promise<readonly string[]> {
  const byAddress = new Map(events.map((event) => [event.emailKey, event]));
  const byId = new Map(events.flatMap((event) => (event.marketingId === null ? [] : [[event.marketingId, event]])));
  const named = await getMarketingByEmail(tx, cycle.name, [...byAddress.keys()]);
  const others = [...byId.keys()].filter((id) => !named.some(({ record }) => record.id === id));
  const known = [...named, ...(await getMarketing(tx, cycle.name, others))];
  const left = known.flatMap(({ record, emailKey, observedAt }) => {
    const event = byId.get(record.id) ?? (emailKey === null ? undefined : byAddress.get(emailKey));
    if (event === undefined || !isMailable(record.channel.state)) return [];
    // Read in this cycle as mailable although the event is older: the person came back since. (O9)
    const cameBack = observedAt >= read.startedAt && event.at < read.serverTime;
    if (cameBack) return [];
    // Whoever changed the address and left before anybody looked is shown nowhere else any more. (C25)
    const email = event.marketingId === record.id && event.emailKey !== emailKey ? event.email : record.email;
    return [{ ...record, email, channel: { ...record.channel, state: event.state, reason: event.reason } }];
  });
  await upsertMarketing(tx, cycle.name, left.map(marketingItem), cycle.now());
  // Known contacts whose opt-out is newer than the one remembered are planned even where the channel reads the same. (O4)
  const ids = known.map(({ record }) => record.id);
  await setMarketingDirty(tx, cycle.name, ids, true);
  return ids;
}

function before(time: string, ms: number): string {
  return new Date(Date.parse(time) - ms).toISOString();
}
