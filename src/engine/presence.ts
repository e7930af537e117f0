// Whether marketing contacts are still there: no feed tells of a delete, and a write to a deleted contact may bring it back.
// Asks before writes, and for everybody once a day. (D11-D13)
import { listActions, type StoredAction } from '../store/actions.ts';
import { type StoredConnection, updateConnection } from '../store/connections.ts';
import {
  countMarketing,
  getMarketing,
  markMarketingSeen,
  type StoredMarketing,
  sharedAddresses,
} from '../store/marketing-records.ts';
import { getRun } from '../store/runs.ts';
import { beginScan, finishScan } from '../store/scans.ts';
import { confirmContacts } from './confirm-contacts.ts';
import type { Cycle } from './engine.ts';
import { addressKey } from './mirror-items.ts';
import { refuseEmpty, unseenContacts } from './rescan.ts';
import { type Outcome, type Settled, settle } from './settle.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const PAGE = 500;
/** Calls spent at most on asking before writes; beyond that the daily look has to do. */
const CALLS = 5;
const SWEPT = 'marketing-swept';

/** Once a day, and whenever the complete scan was longer ago: every id, without data. Contacts that are missing are asked for. */
export async function sweepContacts(cycle: Cycle, connection: StoredConnection): Promise<void> {
  const last = connection.watermarks[SWEPT] ?? connection.marketingLoadedAt;
  if (last !== null && Date.parse(cycle.now()) - Date.parse(last) < DAY_MS) return;
  if (last !== null) {
    const known = await presentContacts(cycle);
    const scan = await beginScan(cycle.store, cycle.name, 'marketing', cycle.now());
    let seen = 0;
    for await (const ids of cycle.marketing.contactIds()) {
      cycle.signal.throwIfAborted();
      await cycle.store.transaction((tx) => markMarketingSeen(tx, cycle.name, ids, scan.generation));
      seen += ids.length;
    }
    refuseEmpty(cycle.settings.labels.marketing, 'contacts', seen, known);
    await finishScan(cycle.store, cycle.name, 'marketing', scan.generation, cycle.now());
    await unseenContacts(cycle, scan.generation);
  }
  await updateConnection(cycle.store, cycle.name, { watermarks: { [SWEPT]: cycle.now() } });
}

/** An address that is another contact's now: whoever had it is gone or has another one, and is asked for at once. (D14, 4.4) */
export async function confirmDisplaced(cycle: Cycle): Promise<void> {
  await confirmContacts(cycle, await sharedAddresses(cycle.store, cycle.name, PAGE));
}

/**
 * Before anything is sent: contacts to be written, or to make a CRM record from, that this run has not seen are asked for, one by one or
 * all ids at once, whichever costs less. Writes about those that are gone fall, and opt-ins under an address that is theirs no more; the
 * persons are planned anew.
 */
export async function confirmTargets(cycle: Cycle): Promise<void> {
  const pages = Math.ceil((await presentContacts(cycle)) / cycle.marketing.idsPerPage);
  const open = await unseenTargets(cycle, pages > CALLS ? CALLS : Number.POSITIVE_INFINITY);
  if (open === null || open.length === 0) return;
  await confirmContacts(cycle, open.length <= pages ? open : await missingFrom(cycle, open));
  const now = new Map<string, StoredMarketing>();
  for (let start = 0; start < open.length; start += PAGE) {
    const ids = open.slice(start, start + PAGE);
    for (const item of await getMarketing(cycle.store, cycle.name, ids)) now.set(item.record.id, item);
  }
  for await (const page of relying(cycle)) {
    const fallen = page.flatMap((action): readonly Settled[] => {
      const outcome = fallOf(action, now.get(action.action.marketingId ?? ''));
      return outcome === null ? [] : [{ action, outcome }];
    });
    await settle(cycle, fallen);
  }
}

function fallOf({ action: { lane, email } }: StoredAction, now: StoredMarketing | undefined): Outcome | null {
  if (now?.record.state === 'deleted')
    return { type: 'gone', error: 'The contact was deleted in the meantime; the person is planned again.' };
  // (decision 8) A yes is for the address it was planned for, and that may be somebody else's by now.
  if (lane === 'opt-in' && now !== undefined && now.emailKey !== addressKey(email))
    return { type: 'outdated', error: 'The contact got another address in the meantime; the person is planned again.' };
  return null;
}

/** Contacts that planned writes rely on and that this run has not read; null when there are more than `most`. */
async function unseenTargets(cycle: Cycle, most: number): Promise<readonly string[] | null> {
  const since = (await getRun(cycle.store, cycle.runId))?.startedAt ?? '';
  const open = new Set<string>();
  for await (const page of relying(cycle)) {
    const ids = page.flatMap(({ action }) => action.marketingId ?? []);
    for (const { record, observedAt } of await getMarketing(cycle.store, cycle.name, [...new Set(ids)]))
      if (observedAt < since) open.add(record.id);
    if (open.size > most) return null;
  }
  return [...open];
}

/** Planned writes that a deleted contact may come back by, or leave a record in the CRM by. (D12, D13, C4) */
async function* relying(cycle: Cycle): AsyncGenerator<readonly StoredAction[]> {
  for (let afterSeq = -1; ; ) {
    const page = await listActions(cycle.store, cycle.runId, { afterSeq, limit: PAGE, states: ['planned'] });
    const last = page.at(-1);
    if (last === undefined) return;
    afterSeq = last.seq;
    yield page.filter(
      ({ action: { system, lane, kind, marketingId } }) =>
        marketingId !== null &&
        (system === 'marketing' ? lane !== 'delete' && kind !== 'list-remove' : kind === 'create'),
    );
  }
}

async function missingFrom(cycle: Cycle, ids: readonly string[]): Promise<readonly string[]> {
  const missing = new Set(ids);
  for await (const page of cycle.marketing.contactIds()) {
    cycle.signal.throwIfAborted();
    for (const id of page) missing.delete(id);
    if (missing.size === 0) break;
  }
  return [...missing];
}

async function presentContacts(cycle: Cycle): Promise<number> {
  return (await countMarketing(cycle.store, cycle.name)).find(({ state }) => state === 'present')?.total ?? 0;
}
