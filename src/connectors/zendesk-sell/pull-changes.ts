// The change feed of one replica, session by session until the queue is drained. Acknowledges only what it is asked to,
// and everything of a page then: what is not acknowledged comes again for ever.
import { ROLES, type Role } from '../../core/model/identity.ts';
import type { CrmObservation, CrmPage, CrmSelection } from '../connector.ts';
import { ConnectorError } from '../error.ts';
import { cancelled } from '../http/exchange.ts';
import type { HttpClient } from '../http/http-client.ts';
import type { HttpRuntime } from '../http/runtime.ts';
import { createPageCircle } from '../page-circle.ts';
import { observe } from './observe.ts';
import { readRecord } from './read-record.ts';
import type { Relations } from './relations.ts';
import { acknowledgeKeys, fetchBatch, type SyncBatch, type SyncSession, startSession } from './sync-session.ts';
import type { WholeRecords } from './whole-records.ts';
import { type WireRecord, wireFailedObject, wireRecord, wireSyncItem } from './wire.ts';

interface Needs {
  readonly http: HttpClient;
  readonly relations: Relations;
  readonly whole: WholeRecords;
  readonly runtime: Pick<HttpRuntime, 'sleep'>;
  readonly signal: AbortSignal | undefined;
}

/** Sessions that may be lost in a row without a single item in between. */
const MAX_LOST = 5;
/** Sessions in a row that may end with fewer items than they announced; what never gets through must not go on for ever. */
const MAX_SHORT = 20;
/** Pages in a row that a session may send once more: the queue moves on with each page it sends. */
const MAX_REPEATS = 20;
/** Empty answers in a row before the queue is given up on. */
const MAX_EMPTY = 6;
const EMPTY_DELAY_MS = 250;

/**
 * Two calls per page and one to start: the page after a page is asked for while the engine stores the first, and the
 * last "nothing left" is saved when `count_left` says 0 and everything announced has come.
 *
 * The queue moves on when a page is sent, whether or not it arrives: a page that got lost on the way comes again in the next
 * session only. A session that ends short of what it announced is therefore followed by another, so that nobody is taken to be
 * unknown because a page was lost.
 */
export async function* pullChanges(needs: Needs, replica: string, selection: CrmSelection): AsyncGenerator<CrmPage> {
  let lost = 0;
  let short = 0;
  let before = 0;
  for (;;) {
    const session = await startSession(needs.http, replica);
    if (session === null) return;
    const { end, received } = yield* drainSession(needs, replica, session, selection);
    if (end === 'drained') {
      short += 1;
      if (session.total !== null && received >= session.total) return;
      // As many as the time before: the same ones come again for ever, and the announcement is a rough one.
      if (received === 0 || received === before || short >= MAX_SHORT) return;
      before = received;
      continue;
    }
    lost = received === 0 ? lost + 1 : 0;
    if (lost >= MAX_LOST) throw stuck(`lost ${lost} sessions in a row`);
  }
}

interface Drained {
  readonly end: 'drained' | 'lost';
  readonly received: number;
}

async function* drainSession(
  needs: Needs,
  replica: string,
  session: SyncSession,
  selection: CrmSelection,
): AsyncGenerator<CrmPage, Drained> {
  const notice = createPageCircle('the sync feed', MAX_REPEATS);
  let received = 0;
  let empty = 0;
  let pending = askAhead(needs.http, replica, session.id);
  for (;;) {
    const batch = await pending;
    if (batch === 'drained' || batch === 'lost') return { end: batch, received };
    // What is no item of a queue at all was not received: it comes again in another session.
    received += batch.items.filter((item) => wireSyncItem.safeParse(item).success).length + batch.failed.length;
    if (batch.items.length === 0 && batch.failed.length === 0) {
      empty += 1;
      if (empty >= MAX_EMPTY) {
        if ((batch.left ?? 0) > 0) throw stuck(`said ${batch.left} changes are left but sent none`);
        return { end: 'drained', received };
      }
      // An empty page is a hiccup, not the end.
      await needs.runtime.sleep(EMPTY_DELAY_MS * 2 ** (empty - 1), needs.signal).catch(() => {
        throw cancelled('the sync feed', 'not-sent');
      });
      pending = askAhead(needs.http, replica, session.id);
      continue;
    }
    empty = 0;
    const isLast = batch.left === 0 && session.total !== null && received >= session.total;
    const next = isLast ? null : askAhead(needs.http, replica, session.id);
    yield await toPage(needs, replica, batch, selection);
    if (next === null) return { end: 'drained', received };
    notice([...batch.items, ...batch.failed]);
    pending = next;
  }
}

function askAhead(http: HttpClient, replica: string, session: string): ReturnType<typeof fetchBatch> {
  const answer = fetchBatch(http, replica, session);
  // Whoever awaits it still gets the error; a consumer that stopped early does not need it.
  answer.catch(() => undefined);
  return answer;
}

function stuck(what: string): ConnectorError {
  return new ConnectorError(`the sync feed ${what}; it goes on next time`, { kind: 'unavailable', outcome: 'refused' });
}

interface Sighting {
  readonly role: Role;
  readonly wire: WireRecord;
  readonly revision: number | null;
}

async function toPage(needs: Needs, replica: string, batch: SyncBatch, selection: CrmSelection): Promise<CrmPage> {
  const keys: string[] = [];
  const sightings: Sighting[] = [];
  const deleted: CrmObservation[] = [];
  const unread: { readonly role: Role; readonly id: string }[] = [];
  let complete = true;
  for (const item of batch.items) {
    const parsed = wireSyncItem.safeParse(item);
    // Without even an id, type and key there is nothing to store or acknowledge; it comes again.
    if (!parsed.success) {
      complete = false;
      continue;
    }
    const { data, meta } = parsed.data;
    const key = meta.sync.ack_key ?? null;
    const revision = meta.sync.revision ?? null;
    const role = roleOf(meta.type, selection);
    const record = role === null ? null : wireRecord.safeParse(data);
    if (role === null || meta.sync.event_type === 'deleted') {
      if (role !== null) deleted.push({ type: 'deleted', role, id: data.id, revision });
    } else if (record?.success === true) {
      sightings.push({ role, wire: record.data, revision });
    } else {
      // Not in a form that can be stored: never acknowledged unread.
      unread.push({ role, id: data.id });
      continue;
    }
    if (key !== null) keys.push(key);
  }
  for (const failed of batch.failed) {
    const parsed = wireFailedObject.safeParse(failed);
    const role = parsed.success ? roleOf(parsed.data.type, selection) : null;
    if (!parsed.success) complete = false;
    if (parsed.success && role !== null) unread.push({ role, id: parsed.data.id });
  }
  for (const { role, id } of unread) {
    const wire = await readAgain(needs.http, role, id);
    if (wire === null) complete = false;
    else sightings.push({ role, wire, revision: null });
  }
  return {
    observations: [...(await observeAll(needs, sightings, selection)), ...deleted],
    complete,
    acknowledge: once(() => acknowledgeKeys(needs.http, replica, keys)),
  };
}

async function observeAll(
  { relations, whole }: Needs,
  sightings: readonly Sighting[],
  selection: CrmSelection,
): Promise<readonly CrmObservation[]> {
  const found: Sighting[] = [];
  for (const role of ROLES) {
    const mine = sightings.filter((sighting) => sighting.role === role);
    const wires = await whole.of(
      role,
      mine.map(({ wire }) => wire),
      selection,
    );
    for (const [at, sighting] of mine.entries()) found.push({ ...sighting, wire: wires[at] ?? sighting.wire });
  }
  await relations.load(
    found.map(({ wire }) => wire),
    selection,
  );
  return found.map(({ role, wire, revision }) => ({
    type: 'record',
    record: observe(role, wire, selection, relations, revision),
  }));
}

function roleOf(type: string, selection: CrmSelection): Role | null {
  return ROLES.find((role) => role === type && selection.roles.includes(role)) ?? null;
}

/** One record the feed could not deliver. It comes again by itself, so a record that cannot be read now must not stop the rest. */
async function readAgain(http: HttpClient, role: Role, id: string): Promise<WireRecord | null> {
  try {
    return await readRecord(http, role, id);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    if (error.kind === 'unauthorized' || error.kind === 'cancelled' || error.kind === 'rate-limited') throw error;
    return null;
  }
}

/** A page is acknowledged once; after a failure it may be tried again. */
function once(act: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => {
    done ??= act().catch((error: unknown) => {
      done = null;
      throw error;
    });
    return done;
  };
}
