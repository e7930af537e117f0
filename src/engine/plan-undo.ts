// Loads what a run did and how everybody stands now, asks the core for the inverse, stores it. Sends nothing.
import { ROLES } from '../core/model/identity.ts';
import type { Link } from '../core/model/link.ts';
import type { CrmRecord, MarketingRecord } from '../core/model/record.ts';
import { invertPerson } from '../core/plan/invert.ts';
import { fieldOfTarget, fieldsOfWrite, targetKey } from '../core/plan/invert-target.ts';
import type { PastWrite, Skipped, UndoView } from '../core/plan/invert-view.ts';
import { insertActions, lastActionSeq, type NewAction } from '../store/actions.ts';
import { getConnection } from '../store/connections.ts';
import { getCrm } from '../store/crm-records.ts';
import { membershipsOf } from '../store/lead-lists.ts';
import { linksByCrm, linksByMarketing } from '../store/links.ts';
import { getMarketing } from '../store/marketing-records.ts';
import { insertNotes } from '../store/notes.ts';
import {
  type LastWrite,
  lastWrites,
  type PastAction,
  type PastAnchor,
  pastActions,
  pastAnchors,
} from '../store/past-actions.ts';
import { listRuns } from '../store/runs.ts';
import { changedSince } from './confirm-records.ts';
import { applyEffects } from './effects.ts';
import type { Cycle } from './engine.ts';
import { addressKey } from './mirror-items.ts';
import { undoNote } from './undo-words.ts';

/** Persons per transaction. */
const CHUNK = 400;
/** Undos looked through for earlier ones of the same run. */
const UNDOS = 1_000;
/** An edit is told from the end of our own write by more than this; milliseconds. */
const SAME_MOMENT_MS = 1000;

export interface UndoPlanOptions {
  readonly preview: boolean;
  /** When the accounts were asked for their time, by our clock, ISO UTC. */
  readonly startedAt: string;
  /** Keys of the persons to plan; null = everybody. */
  readonly persons: ReadonlySet<string> | null;
}

/** Plans the newest writes first. @returns what stays as it is */
export async function planUndo(cycle: Cycle, runId: string, options: UndoPlanOptions): Promise<readonly Skipped[]> {
  const persons = [...Map.groupBy(await pastAnchors(cycle.store, runId), keyOf)]
    .filter(([key]) => options.persons?.has(key) !== false)
    .reverse();
  const aheadMs = await clockAhead(cycle, options.startedAt);
  const takenBack = await takenBackBefore(cycle, runId);
  const skipped: Skipped[] = [];
  let seq = (await lastActionSeq(cycle.store, cycle.runId)) + 1;
  for (let start = 0; start < persons.length; start += CHUNK) {
    cycle.signal.throwIfAborted();
    const chunk = persons.slice(start, start + CHUNK);
    await readRecords(
      cycle,
      chunk.flatMap(([, own]) => own),
      options.startedAt,
    );
    const views = await loadViews(cycle, runId, chunk, { aheadMs, takenBack });
    const undone = views.map((view) => ({ view, undo: invertPerson(view, cycle.settings) }));
    const actions = undone.flatMap(({ view, undo }) =>
      undo.actions.map(
        (action): NewAction => ({
          seq: seq++,
          personKey: view.key,
          emailKey: addressKey(action.email),
          state: 'planned',
          action: { ...action, id: `${action.id}#${seq}` },
        }),
      ),
    );
    await cycle.store.transaction(async (tx) => {
      await insertActions(tx, cycle.name, cycle.runId, actions, cycle.now());
      await insertNotes(
        tx,
        undone.flatMap(({ view, undo }) =>
          undo.skipped.map((skipped) => undoNote(cycle, cycle.runId, view.key, skipped)),
        ),
      );
      if (options.preview) return;
      await applyEffects(
        tx,
        cycle,
        undone.map(({ view, undo }) => ({
          effects: undo.effects,
          crmId: null,
          marketingId: null,
          address: addressKey(view.marketing?.email ?? null),
        })),
        cycle.runId,
      );
    });
    for (const { undo } of undone) skipped.push(...undo.skipped);
    cycle.progress({ connection: cycle.name, phase: 'plan', done: start + views.length, total: persons.length });
  }
  return skipped;
}

function keyOf({ entity, crmId, marketingId }: PastAnchor): string {
  return marketingId === null ? `c:${entity}:${crmId}` : `m:${marketingId}`;
}

/** (R6) A database from a backup remembers what the change feed will not tell again, and nothing that somebody changed since is taken back. */
async function readRecords(cycle: Cycle, anchors: readonly PastAnchor[], since: string): Promise<void> {
  for (const role of cycle.crmSelection.roles) {
    const ids = anchors.flatMap(({ entity, crmId }) => (entity === role ? (crmId ?? []) : []));
    await changedSince(cycle, role, unique(ids), since);
  }
}

/** How far the marketing service's clock is ahead of ours, milliseconds: its times are compared with our journal's. */
async function clockAhead(cycle: Cycle, startedAt: string): Promise<number> {
  const served = (await getConnection(cycle.store, cycle.name))?.watermarks['marketing-changed'];
  return served === undefined ? 0 : Date.parse(served) - Date.parse(startedAt);
}

/** Fields that undos of the run have taken back, those left out that were taken back themselves. */
async function takenBackBefore({ store, name, runId: own }: Cycle, runId: string): Promise<ReadonlySet<string>> {
  const undos = await listRuns(store, { connection: name, kinds: ['undo'], limit: UNDOS });
  const about = (id: string) => undos.filter((undo) => undo.id !== own && undo.options['undoes'] === id);
  const taken = new Set<string>();
  for (const { id } of about(runId).filter((undo) => about(undo.id).length === 0)) {
    const seqs = (await pastAnchors(store, id)).map(({ seq }) => seq);
    for (const { system, entity, crmId, marketingId, stored } of await pastActions(store, id, seqs)) {
      const key = targetKey(system, entity, (system === 'marketing' ? marketingId : crmId) ?? '');
      for (const field of fieldsOfWrite(stored.action)) taken.add(fieldOfTarget(key, field));
    }
  }
  return taken;
}

async function loadViews(
  cycle: Cycle,
  runId: string,
  persons: readonly (readonly [string, readonly PastAnchor[]])[],
  { aheadMs, takenBack }: { readonly aheadMs: number; readonly takenBack: ReadonlySet<string> },
): Promise<readonly UndoView[]> {
  const { store, name } = cycle;
  const anchors = persons.flatMap(([, own]) => own);
  const writes = Map.groupBy(
    await pastActions(
      store,
      runId,
      anchors.map(({ seq }) => seq),
    ),
    keyOf,
  );
  const marketingIds = unique(anchors.flatMap(({ marketingId }) => marketingId ?? []));
  const contacts = new Map((await getMarketing(store, name, marketingIds)).map(({ record }) => [record.id, record]));
  const members = Map.groupBy(await membershipsOf(store, name, marketingIds), ({ marketingId }) => marketingId);
  const links = [...(await linksByMarketing(store, name, marketingIds))];
  const records: CrmRecord[] = [];
  for (const role of ROLES) {
    const written = unique(anchors.flatMap(({ entity, crmId }) => (entity === role && crmId !== null ? [crmId] : [])));
    links.push(...(await linksByCrm(store, name, role, written)));
    const ids = unique([...written, ...links.flatMap((link) => (link.role === role ? [link.crmId] : []))]);
    records.push(...(await getCrm(store, name, role, ids)).map(({ record }) => record));
  }
  const living = [...new Map(links.map((link) => [link.id, link])).values()].filter((link) => link.state !== 'severed');
  const touched = await touchedSince(cycle, [...writes.values()].flat(), contacts, records, aheadMs);
  return persons.map(([key, own]) => {
    const ids = {
      marketing: own.find(({ marketingId }) => marketingId !== null)?.marketingId ?? null,
      crm: new Set(own.map(({ entity, crmId }) => `${entity}:${crmId}`)),
    };
    const near = living.filter(
      (link) => link.marketingId === ids.marketing || ids.crm.has(`${link.role}:${link.crmId}`),
    );
    return {
      key,
      marketing: ids.marketing === null ? null : (contacts.get(ids.marketing) ?? null),
      leadLists: (members.get(ids.marketing ?? '') ?? []).map(({ listId, since }) => ({ listId, since })),
      links: near,
      records: records.filter((record) => isNear(record, near, ids.crm)),
      writes: (writes.get(key) ?? []).map(pastWrite),
      touched,
      takenBack,
    };
  });
}

function isNear(record: CrmRecord, links: readonly Link[], written: ReadonlySet<string>): boolean {
  return (
    written.has(`${record.role}:${record.id}`) ||
    links.some((link) => link.role === record.role && link.crmId === record.id)
  );
}

function pastWrite({ stored, crmId, marketingId }: PastAction): PastWrite {
  const { created = true } = (stored.outcome ?? {}) as { readonly created?: boolean | null };
  return { action: stored.action, crmId, marketingId, made: created };
}

/** Records made by the run whose service says that they were edited after our own last write. */
async function touchedSince(
  cycle: Cycle,
  writes: readonly PastAction[],
  contacts: ReadonlyMap<string, MarketingRecord>,
  records: readonly CrmRecord[],
  aheadMs: number,
): Promise<ReadonlySet<string>> {
  const { store, name } = cycle;
  const touched = new Set<string>();
  const made = writes.filter(({ stored }) => stored.action.kind === 'create');
  const contactIds = unique(
    made.flatMap(({ system, marketingId }) => (system === 'marketing' && marketingId !== null ? [marketingId] : [])),
  );
  for (const [id, write] of await lastWrites(store, name, { system: 'marketing', entity: null }, contactIds)) {
    const contact = contacts.get(id);
    if (contact === undefined || contact.assumed || contact.updatedAt === null) continue;
    // An import is settled some time after it was carried out: of one that made the contact, the contact's own time tells when.
    const ours =
      write.kind === 'create' && contact.createdAt !== null
        ? Date.parse(contact.createdAt)
        : Date.parse(write.settledAt) + aheadMs;
    if (Date.parse(contact.updatedAt) > ours + SAME_MOMENT_MS) touched.add(targetKey('marketing', 'contact', id));
  }
  for (const role of ROLES) {
    const ids = unique(
      made.flatMap(({ system, entity, crmId }) =>
        system === 'crm' && entity === role && crmId !== null ? [crmId] : [],
      ),
    );
    const last = await lastWrites(store, name, { system: 'crm', entity: role }, ids);
    for (const record of records) {
      const write = record.role === role ? last.get(record.id) : undefined;
      if (write !== undefined && isEdited(record, write)) touched.add(targetKey('crm', role, record.id));
    }
  }
  return touched;
}

/** The CRM's answer to our own last write told the record's time; a journal without it says nothing. */
function isEdited(record: CrmRecord, { outcome }: LastWrite): boolean {
  const ours = (outcome as { readonly updatedAt?: string | null } | null)?.updatedAt;
  return typeof ours === 'string' && record.updatedAt !== null && Date.parse(record.updatedAt) > Date.parse(ours);
}

function unique(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)];
}
