// Brings the stored holds of planned persons in line with their new plans. Opens, repeats and closes; judges nothing.
import { createHash } from 'node:crypto';
import { type Hold, type HoldCode, type RecordRef, severityOf } from '../core/model/hold.ts';
import type { Tx } from './executor.ts';
import { refKey } from './holds.ts';
import { encodeJson } from './json.ts';
import { batches } from './keys.ts';
import type { HoldRefRow, HoldRow, HoldState } from './schema.ts';

export interface PlannedPerson {
  /** Person key now. */
  readonly key: string;
  /** The person's own records: linked, shadows and candidates. Not records of others that a hold names. */
  readonly records: readonly RecordRef[];
  /** All holds of the new plan. */
  readonly holds: readonly Hold[];
}

/** What the plans looked into; left out = everything. Holds of other kinds are none of their business. */
export interface Judged {
  readonly entities?: readonly Hold['entity'][];
  readonly codes?: readonly HoldCode[];
}

export interface Reconciled {
  /** New, or back after they were fixed. */
  readonly opened: readonly string[];
  readonly repeated: readonly string[];
  readonly fixed: readonly string[];
}

/**
 * A hold of the plans is opened, or repeated (attempts + 1, message of now) when the same problem is known: same
 * connection, code, entity, records and field. An open hold whose subject or own records belong to a planned person and
 * that no plan has any more is fixed. An ignored one stays ignored. (4.9)
 */
export async function reconcileHolds(
  tx: Tx,
  connection: string,
  persons: readonly PlannedPerson[],
  now: string,
  judged: Judged = {},
): Promise<Reconciled> {
  const { opened, repeated } = await openHolds(tx, connection, persons, now);
  const planned = new Set([...opened, ...repeated]);
  const fixed = (await openHoldsOf(tx, connection, persons, judged)).filter((id) => !planned.has(id));
  await close(tx, fixed, now);
  return { opened, repeated, fixed };
}

/**
 * Opens or repeats holds as `reconcileHolds` does and closes none: for what a service refused after the plan was made,
 * beside the plan's own holds. A problem that comes back after it was fixed keeps its first time and its count.
 */
export async function openHolds(
  tx: Tx,
  connection: string,
  persons: readonly Pick<PlannedPerson, 'key' | 'holds'>[],
  now: string,
): Promise<Pick<Reconciled, 'opened' | 'repeated'>> {
  const planned = new Map<string, { readonly hold: Hold; readonly subject: string; readonly identity: string }>();
  for (const person of persons) {
    for (const hold of person.holds) {
      const identity = identityOf(hold);
      planned.set(idOf(connection, identity), { hold, subject: person.key, identity });
    }
  }
  const known = await rowsById(tx, [...planned.keys()]);
  const opened: string[] = [];
  const repeated: string[] = [];
  const rows: HoldRow[] = [];
  for (const [id, { hold, subject, identity }] of planned) {
    const before = known.get(id);
    const goesOn = before !== undefined && before.state !== 'fixed' && before.state !== 'expired';
    (goesOn ? repeated : opened).push(id);
    const severity = severityOf(hold.code);
    rows.push({
      id,
      connection,
      identity,
      subject,
      code: hold.code,
      severity,
      row_id: hold.row,
      entity: hold.entity,
      email: hold.email,
      crm_id: hold.crmId,
      marketing_id: hold.marketingId,
      field: hold.field,
      message: hold.message,
      fix: hold.fix,
      asks: hold.asks === undefined ? null : encodeJson(hold.asks),
      state: before?.state === 'ignored' ? 'ignored' : openState(severity),
      first_seen: before?.first_seen ?? now,
      last_seen: now,
      attempts: (before?.attempts ?? 0) + 1,
    });
  }
  await writeHolds(tx, rows);
  await writeRefs(
    tx,
    connection,
    [...planned].map(([id, { hold }]) => ({ id, hold })),
  );
  return { opened, repeated };
}

function openState(severity: HoldRow['severity']): HoldState {
  return severity === 'waiting' ? 'waiting' : 'open';
}

/** What makes two holds the same problem. The address counts only where no record is named. */
function identityOf(hold: Hold): string {
  const nameless = hold.crmId === null && hold.marketingId === null;
  return JSON.stringify([
    hold.code,
    hold.entity,
    hold.crmId,
    hold.marketingId,
    hold.field,
    nameless ? hold.email : null,
  ]);
}

function idOf(connection: string, identity: string): string {
  return createHash('sha256').update(`${connection}\n${identity}`).digest('hex').slice(0, 20);
}

async function rowsById(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, HoldRow>> {
  const found = new Map<string, HoldRow>();
  for (const batch of batches(ids)) {
    const rows = await tx.db.selectFrom('holds').selectAll().where('id', 'in', batch).execute();
    for (const row of rows) found.set(row.id, row);
  }
  return found;
}

async function writeHolds(tx: Tx, rows: readonly HoldRow[]): Promise<void> {
  for (const batch of batches(rows)) {
    await tx.db
      .insertInto('holds')
      .values(batch)
      .onConflict((oc) =>
        oc.column('id').doUpdateSet((eb) => ({
          subject: eb.ref('excluded.subject'),
          row_id: eb.ref('excluded.row_id'),
          email: eb.ref('excluded.email'),
          message: eb.ref('excluded.message'),
          fix: eb.ref('excluded.fix'),
          asks: eb.ref('excluded.asks'),
          state: eb.ref('excluded.state'),
          last_seen: eb.ref('excluded.last_seen'),
          attempts: eb.ref('excluded.attempts'),
        })),
      )
      .execute();
  }
}

async function writeRefs(
  tx: Tx,
  connection: string,
  holds: readonly { readonly id: string; readonly hold: Hold }[],
): Promise<void> {
  for (const batch of batches(holds.map((entry) => entry.id))) {
    await tx.db.deleteFrom('hold_refs').where('hold_id', 'in', batch).execute();
  }
  const rows = holds.flatMap(({ id, hold }) =>
    namedRecords(hold).map(
      (ref): HoldRefRow => ({
        hold_id: id,
        connection,
        system: ref.system,
        entity: ref.entity,
        record_id: ref.id,
      }),
    ),
  );
  for (const batch of batches(rows)) await tx.db.insertInto('hold_refs').values(batch).execute();
}

/** The hold's own records and those it collides with, each once. */
function namedRecords(hold: Hold): readonly RecordRef[] {
  const named = new Map<string, RecordRef>();
  const add = (ref: RecordRef): void => {
    named.set(refKey(ref), ref);
  };
  const entity = hold.entity;
  if (entity !== 'product' && hold.crmId !== null) add({ system: 'crm', entity, id: hold.crmId });
  if (entity !== 'product' && hold.marketingId !== null)
    add({ system: 'marketing', entity: 'contact', id: hold.marketingId });
  for (const ref of hold.refs) add(ref.system === 'marketing' ? { ...ref, entity: 'contact' } : ref);
  return [...named.values()];
}

/** Ids of open and waiting holds that are the planned persons' own. */
async function openHoldsOf(
  tx: Tx,
  connection: string,
  persons: readonly PlannedPerson[],
  { entities, codes }: Judged,
): Promise<readonly string[]> {
  const own = new Set(persons.flatMap((person) => person.records.map(refKey)));
  const subjects = [...new Set(persons.map((person) => person.key))];
  const ids = [...new Set(persons.flatMap((person) => person.records.map((ref) => ref.id)))];
  const found = new Set<string>();
  const open = () =>
    tx.db
      .selectFrom('holds')
      .select(['id', 'entity', 'crm_id', 'marketing_id'])
      .where('connection', '=', connection)
      .where('state', 'in', ['open', 'waiting'])
      .where('entity', '<>', 'product')
      .$if(entities !== undefined, (query) => query.where('entity', 'in', [...(entities ?? [])]))
      .$if(codes !== undefined, (query) => query.where('code', 'in', [...(codes ?? [])]));
  for (const batch of batches(subjects)) {
    for (const row of await open().where('subject', 'in', batch).execute()) found.add(row.id);
  }
  for (const batch of batches(ids)) {
    for (const row of await open().where('crm_id', 'in', batch).execute()) {
      if (own.has(`crm:${row.entity}:${row.crm_id}`)) found.add(row.id);
    }
    for (const row of await open().where('marketing_id', 'in', batch).execute()) {
      if (own.has(`marketing:${row.marketing_id}`)) found.add(row.id);
    }
  }
  return [...found].sort();
}

async function close(tx: Tx, ids: readonly string[], now: string): Promise<void> {
  for (const batch of batches(ids)) {
    await tx.db.updateTable('holds').set({ state: 'fixed', last_seen: now }).where('id', 'in', batch).execute();
  }
}
