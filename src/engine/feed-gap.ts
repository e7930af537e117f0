// What the change feed could not have told: a gap in it, and records that two looks a cycle apart did not find. (D19, D20)
import type { Settings } from '../core/model/settings.ts';
import { FEED_READ_AS, getConnection, type StoredConnection, updateConnection } from '../store/connections.ts';
import type { Cycle } from './engine.ts';
import { tell } from './lead-lists.ts';
import { storeObservations } from './pull.ts';
import { type MissingRecord, stillPresent } from './rescan.ts';

/** How long a feed is sure to have kept what happened. (D20) */
const KEPT_MS = 72 * 60 * 60 * 1000;
const PULLED = 'crm-pulled';
const MISSING = 'crm-missing';
const DOUBT = 'crm-doubt';

interface Missed {
  /** The feed should have told of them, and did not: deletes of them wait for approval. */
  readonly afterGap: boolean;
  readonly records: readonly MissingRecord[];
}

/** (D20) The feed was read too long ago, as another device, or by whoever used the database that a copy replaces: what happened in between was perhaps never told. */
export function hasFeedGap(connection: StoredConnection, now: string): boolean {
  if (connection.crmLoadedAt === null) return false;
  const { [PULLED]: pulled, [FEED_READ_AS]: replica } = connection.watermarks;
  if (replica !== undefined && replica !== connection.replica) return true;
  return pulled !== undefined && Date.parse(now) - Date.parse(pulled) > KEPT_MS;
}

/** To be called once the feed was read and, after a gap, everything compared. */
export async function noteFeedRead(cycle: Cycle, connection: StoredConnection, gap: boolean): Promise<void> {
  await updateConnection(cycle.store, cycle.name, {
    watermarks: { [PULLED]: cycle.now(), [FEED_READ_AS]: connection.replica, ...(gap ? inDoubt(cycle) : {}) },
  });
}

/** (D19) Asks a second time for what the last compare missed. */
export async function confirmMissing(cycle: Cycle, connection: StoredConnection): Promise<void> {
  const missed = readMissed(connection);
  if (missed.records.length === 0) return;
  const open = await stillPresent(cycle, missed.records);
  // Before anything counts as gone: a run that breaks off here must not let the next one delete at once.
  if (missed.afterGap && open.length > 0)
    await updateConnection(cycle.store, cycle.name, { watermarks: inDoubt(cycle) });
  await storeObservations(
    cycle,
    open.map(({ role, id }) => ({ type: 'deleted', role, id, revision: null })),
  );
  await keepMissing(cycle, { afterGap: false, records: [] });
}

function inDoubt(cycle: Cycle): { readonly [DOUBT]: string } {
  return { [DOUBT]: cycle.now() };
}

/** (D20) Since the feed was last trusted, no run has planned everybody whom it may not have told of. */
export async function isInDoubt(cycle: Cycle): Promise<boolean> {
  const known = await getConnection(cycle.store, cycle.name);
  return (known?.watermarks[DOUBT] ?? '') !== '';
}

/** Everybody was planned: deletes that wait have an action of their own by now. */
export const OUT_OF_DOUBT = { [DOUBT]: '' } as const;

/** What a compare missed, for the next cycle. */
export async function keepMissing(cycle: Cycle, missed: Missed): Promise<void> {
  await updateConnection(cycle.store, cycle.name, {
    watermarks: { [MISSING]: missed.records.length === 0 ? '' : JSON.stringify(missed) },
  });
}

/** What a look by id missed, beside what a compare did. (D19) */
export async function alsoMissing(cycle: Cycle, records: readonly MissingRecord[]): Promise<void> {
  const connection = await getConnection(cycle.store, cycle.name);
  if (records.length === 0 || connection === null) return;
  const before = readMissed(connection);
  const isNew = ({ role, id }: MissingRecord): boolean =>
    !before.records.some((known) => known.role === role && known.id === id);
  await keepMissing(cycle, { ...before, records: [...before.records, ...records.filter(isNew)] });
}

function readMissed(connection: StoredConnection): Missed {
  const text = connection.watermarks[MISSING] ?? '';
  return text === '' ? { afterGap: false, records: [] } : (JSON.parse(text) as Missed);
}

/** (D20) Deletes of this run wait for approval, whatever the setting says. */
export async function withQueuedDeletes(cycle: Cycle): Promise<Cycle> {
  await tell(
    cycle,
    'D20',
    `The change feed of ${cycle.settings.labels.crm} did not tell everything, so both sides were compared; deletes found wait for approval.`,
  );
  const { roles } = cycle.settings;
  const part = <R extends Settings['roles']['contact']>(role: R): R => ({
    ...role,
    delete: role.delete === 'delete' ? 'queue' : role.delete,
  });
  return { ...cycle, settings: { ...cycle.settings, roles: { contact: part(roles.contact), lead: part(roles.lead) } } };
}
