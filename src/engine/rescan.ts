// Reads both sides completely. What a complete scan did not see is asked for by id before anything follows. (R8, D19, D21)
import type { Role } from '../core/model/identity.ts';
import { countCrm, getCrm, markCrmHidden, unseenCrmIds, upsertCrm } from '../store/crm-records.ts';
import { countMarketing, unseenMarketingIds, upsertMarketing } from '../store/marketing-records.ts';
import { beginScan, finishScan } from '../store/scans.ts';
import { askEach } from './ask-each.ts';
import { askRecord, isMalformed } from './ask-record.ts';
import { confirmContacts } from './confirm-contacts.ts';
import { type Cycle, RunStopped } from './engine.ts';
import { noteLost } from './lost-fields.ts';
import { crmItem, marketingItem } from './mirror-items.ts';
import { shownContacts } from './shown-contacts.ts';
import { noteLeavers } from './shown-leavers.ts';

/** Records that do not all go between two scans. (D21) */
const MANY = 100;
const PAGE = 100;

export interface MissingRecord {
  readonly role: Role;
  readonly id: string;
}

/**
 * @returns CRM records that answered "missing" for the first time: a second answer, a cycle later, makes it a delete. (D19)
 * @throws RunStopped `aborted` when a side that had many records shows none. (D21)
 */
export async function rescan(cycle: Cycle): Promise<readonly MissingRecord[]> {
  const [missing] = await Promise.all([scanCrm(cycle), scanMarketing(cycle)]);
  return missing;
}

/** The CRM's side of it. */
export async function scanCrm(cycle: Cycle): Promise<readonly MissingRecord[]> {
  const missing: MissingRecord[] = [];
  let done = 0;
  const before = await countCrm(cycle.store, cycle.name);
  for (const role of cycle.crmSelection.roles) {
    const scan = await beginScan(cycle.store, cycle.name, `crm:${role}`, cycle.now());
    let seen = 0;
    for await (const page of cycle.crm.scan(role, cycle.crmSelection)) {
      cycle.signal.throwIfAborted();
      await cycle.store.transaction((tx) =>
        upsertCrm(tx, cycle.name, page.map(crmItem), cycle.now(), { scan: scan.generation }),
      );
      seen += page.length;
      done += page.length;
      cycle.progress({ connection: cycle.name, phase: 'pull-crm', done, total: null });
    }
    const known = before.find((count) => count.role === role && count.state === 'present')?.total ?? 0;
    refuseEmpty(cycle.settings.labels.crm, `${role}s`, seen, known);
    await finishScan(cycle.store, cycle.name, `crm:${role}`, scan.generation, cycle.now());
    missing.push(...(await unseenRecords(cycle, role, scan.generation)));
  }
  return missing;
}

async function unseenRecords(cycle: Cycle, role: Role, generation: number): Promise<readonly MissingRecord[]> {
  const missing: MissingRecord[] = [];
  for (let after: string | null = null; ; ) {
    const ids: readonly string[] = await unseenCrmIds(cycle.store, cycle.name, role, generation, after, PAGE);
    const last = ids.at(-1);
    if (last === undefined) return missing;
    after = last;
    cycle.signal.throwIfAborted();
    for (const id of await lookUp(cycle, role, ids)) missing.push({ role, id });
  }
}

/**
 * Asks for records by id, and stores what answers: 100 a call say which of them are there, as a record may be passed over while pages shift.
 * One that cannot be read keeps what is known of it.
 * @returns those that answered "missing" (D19)
 */
export async function lookUp(cycle: Cycle, role: Role, ids: readonly string[]): Promise<readonly string[]> {
  const there = [
    ...(await cycle.crm.readMany(role, ids, cycle.crmSelection).catch((error: unknown) => {
      if (!isMalformed(error)) throw error;
      return [];
    })),
  ];
  const open = ids.filter((id) => !there.some((record) => record.id === id));
  const missing: string[] = [];
  const hidden: string[] = [];
  for (const { id, answer } of await askEach(open, (one) => askRecord(cycle, role, one))) {
    if (answer === 'missing') missing.push(id);
    else if (answer === 'forbidden') hidden.push(id);
    else if (answer !== 'unreadable') there.push(answer);
  }
  await cycle.store.transaction(async (tx) => {
    await upsertCrm(tx, cycle.name, there.map(crmItem), cycle.now());
    await markCrmHidden(tx, cycle.name, role, hidden, cycle.now());
  });
  return missing;
}

async function scanMarketing(cycle: Cycle): Promise<void> {
  let done = 0;
  const known = (await countMarketing(cycle.store, cycle.name)).find((count) => count.state === 'present')?.total ?? 0;
  const scan = await beginScan(cycle.store, cycle.name, 'marketing', cycle.now());
  for await (const shown of cycle.marketing.scan(cycle.marketingSelection)) {
    cycle.signal.throwIfAborted();
    await noteLeavers(cycle, shown);
    const page = await shownContacts(cycle, cycle.marketingSelection, shown);
    await noteLost(cycle, page);
    await cycle.store.transaction((tx) =>
      upsertMarketing(tx, cycle.name, page.map(marketingItem), cycle.now(), { scan: scan.generation }),
    );
    done += page.length;
    cycle.progress({ connection: cycle.name, phase: 'pull-marketing', done, total: null });
  }
  refuseEmpty(cycle.settings.labels.marketing, 'contacts', done, known);
  await finishScan(cycle.store, cycle.name, 'marketing', scan.generation, cycle.now());
  await unseenContacts(cycle, scan.generation);
}

/** (D11, D12) A contact that is neither listed nor readable was deleted. */
export async function unseenContacts(cycle: Cycle, generation: number): Promise<void> {
  for (let after: string | null = null; ; ) {
    const ids: readonly string[] = await unseenMarketingIds(cycle.store, cycle.name, generation, after, PAGE);
    const last = ids.at(-1);
    if (last === undefined) return;
    after = last;
    await confirmContacts(cycle, ids, { listed: generation });
  }
}

export function refuseEmpty(service: string, what: string, seen: number, known: number): void {
  if (seen > 0 || known < MANY) return;
  throw new RunStopped(
    'aborted',
    `${service} shows no ${what} at all, where there were ${known}. Nothing was planned; check the account and its permissions.`,
  );
}

/** What a scan missed before and still holds as present, so that it is asked for a second time. (D19) */
export async function stillPresent(cycle: Cycle, missing: readonly MissingRecord[]): Promise<readonly MissingRecord[]> {
  const found: MissingRecord[] = [];
  for (const role of cycle.crmSelection.roles) {
    const ids = missing.filter((record) => record.role === role).map((record) => record.id);
    for (const { record } of await getCrm(cycle.store, cycle.name, role, ids))
      if (record.state === 'present') found.push({ role, id: record.id });
  }
  return found;
}
