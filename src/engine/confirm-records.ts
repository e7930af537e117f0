// Whether the CRM still says what contacts are about to be made or subscribed from: a database from a backup remembers what its change
// feed will not tell again. Asks before such writes for whoever this run has not read, 100 a call. (decision 8, O6)
import { ROLES, type Role } from '../core/model/identity.ts';
import type { PersonView } from '../core/model/person.ts';
import { nextActions, type StoredAction } from '../store/actions.ts';
import { getConnection } from '../store/connections.ts';
import { getCrm, type StoredCrm } from '../store/crm-records.ts';
import { canonicalJson } from '../store/json.ts';
import { getRun } from '../store/runs.ts';
import type { Cycle } from './engine.ts';
import { alsoMissing } from './feed-gap.ts';
import { loadPersons } from './persons.ts';
import { lookUp } from './rescan.ts';
import { settle } from './settle.ts';

/** Records asked for in one call. */
const CALL = 100;
const PAGE = 500;
/** What a person may be mailed because of. */
const MAILING = [
  { lane: 'create', system: 'marketing', kind: 'create' },
  { lane: 'opt-in', system: 'marketing', kind: 'set-consent' },
] as const;
const OUTDATED = {
  type: 'outdated',
  error: 'What it was planned from changed in the meantime; the person is planned again.',
} as const;

/** Writes that were planned from what is no longer so fall; their persons are planned anew. No call where this run has read everything. */
export async function confirmRecords(cycle: Cycle): Promise<void> {
  const since = (await getRun(cycle.store, cycle.runId))?.startedAt ?? '';
  const loadedAt = (await getConnection(cycle.store, cycle.name))?.crmLoadedAt ?? '';
  if (loadedAt >= since) return;
  for (const group of MAILING) {
    for (let after = -1; ; ) {
      const actions = await nextActions(cycle.store, cycle.runId, group, after, PAGE);
      const last = actions.at(-1);
      if (last === undefined) break;
      after = last.seq;
      await confirmEach(cycle, actions, since);
    }
  }
}

async function confirmEach(cycle: Cycle, actions: readonly StoredAction[], since: string): Promise<void> {
  const sources = await sourcesOf(cycle, actions);
  const outdated = new Set<string>();
  // What is switched off is not read, and nothing was planned from it. (C35)
  for (const role of cycle.crmSelection.roles) {
    const ids = new Set(sources.flatMap(({ records }) => records.flatMap((one) => (one.role === role ? one.id : []))));
    for (const id of await changedSince(cycle, role, [...ids], since)) outdated.add(keyOf(role, id));
  }
  const fallen = sources.filter(({ records }) => records.some(({ role, id }) => outdated.has(keyOf(role, id))));
  await settle(
    cycle,
    fallen.map(({ action }) => ({ action, outcome: OUTDATED })),
  );
}

interface Source {
  readonly action: StoredAction;
  /** Every CRM record that had a say in it. */
  readonly records: readonly RecordName[];
}

interface RecordName {
  readonly role: Role;
  readonly id: string;
}

async function sourcesOf(cycle: Cycle, actions: readonly StoredAction[]): Promise<readonly Source[]> {
  const own = ({ action: { entity: role, crmId: id } }: StoredAction): readonly RecordName[] =>
    id === null ? [] : [{ role, id }];
  const persons = await loadPersons(cycle.store, cycle.name, {
    marketingIds: [...new Set(actions.flatMap(({ action }) => action.marketingId ?? []))],
    crm: actions.flatMap(own),
  });
  const views = new Map(persons.map(({ view }) => [view.key, view]));
  return actions.map((action) => {
    const view = views.get(action.personKey);
    return { action, records: [...own(action), ...(view === undefined ? [] : recordsOf(view))] };
  });
}

function recordsOf({ roles }: PersonView): readonly RecordName[] {
  return ROLES.flatMap((role) => {
    const { record, candidates, shadows, elsewhere } = roles[role];
    const all = [record, ...candidates, ...shadows.map((shadow) => shadow.record), ...elsewhere];
    return all.flatMap((one) => (one?.state === 'present' ? [{ role, id: one.id }] : []));
  });
}

/**
 * Reads those of the records that this run has not read.
 * @param since when it began, ISO UTC
 * @returns those that are not what the mirror remembered
 */
export async function changedSince(
  cycle: Cycle,
  role: Role,
  ids: readonly string[],
  since: string,
): Promise<readonly string[]> {
  const unread = (await getCrm(cycle.store, cycle.name, role, ids)).filter(({ observedAt }) => observedAt < since);
  const changed: string[] = [];
  for (let start = 0; start < unread.length; start += CALL) {
    cycle.signal.throwIfAborted();
    const before = unread.slice(start, start + CALL);
    const asked = before.map(({ record }) => record.id);
    const missing = await lookUp(cycle, role, asked);
    await alsoMissing(
      cycle,
      missing.map((id) => ({ role, id })),
    );
    const now = new Map((await getCrm(cycle.store, cycle.name, role, asked)).map((item) => [item.record.id, item]));
    changed.push(
      ...before.flatMap((item) => {
        const { id } = item.record;
        const after = now.get(id);
        return missing.includes(id) || after === undefined || !saysTheSame(item, after) ? [id] : [];
      }),
    );
  }
  return changed;
}

function saysTheSame(before: StoredCrm, now: StoredCrm): boolean {
  const words = ({ record, emailKey }: StoredCrm): string => {
    const { updatedAt: _, revision: __, ...content } = record;
    return canonicalJson([content, emailKey]);
  };
  return words(before) === words(now);
}

function keyOf(role: Role, id: string): string {
  return `${role}:${id}`;
}
