// Fields that an account lost, even if somebody made them again: everybody's value went with them, and nobody cleared one. (C26)
// What both sides agreed on is blank there from then on, and marked so that the side that still has the values fills the other. (R11)
import { ROLES, type System } from '../core/model/identity.ts';
import type { BaseField, Unconfirmed } from '../core/model/link.ts';
import type { MarketingRecord } from '../core/model/record.ts';
import type { MarketingFieldType, MarketingSchema } from '../core/model/schema.ts';
import type { Settings } from '../core/model/settings.ts';
import type { Raw } from '../core/model/value.ts';
import { getConnection, type StoredConnection, updateConnection } from '../store/connections.ts';
import type { Executor } from '../store/executor.ts';
import { iterateLinks, loseBaseFields } from '../store/links.ts';
import {
  getMarketing,
  unseenMarketingIds,
  upsertMarketing,
  writeAssumedMarketing,
} from '../store/marketing-records.ts';
import { lastScan } from '../store/scans.ts';
import type { AccountField, Blanked, Cycle, LiveAccounts } from './engine.ts';

const LOST = 'fields-lost';
const DOUBTED = 'fields-doubted';
/** Links looked through for people who still should have a value, and people asked about. */
const LINKS = 5_000;
const ASKED = 3;
const PAGE = 500;
/** Records that must have lost their value where one alone may have been edited in the second of its last read. */
const ENOUGH = 2;
/** Times of records may be told in whole seconds, by a clock that is a little off the one that a look begins by. */
const MOMENT_MS = 10_000;

const NOBODY = { lost: 0, kept: 0, who: null, sure: false } as const;

export function lostFields({ watermarks }: StoredConnection): readonly AccountField[] {
  const text = watermarks[LOST] ?? '';
  return text === '' ? [] : (JSON.parse(text) as readonly AccountField[]);
}

/** The next run reads both sides completely and lets these fields be filled. */
export async function rememberLost(ex: Executor, connection: string, fields: readonly AccountField[]): Promise<void> {
  if (fields.length === 0) return;
  const stored = await getConnection(ex, connection);
  const known = new Map([...(stored === null ? [] : lostFields(stored)), ...fields].map((one) => [keyOf(one), one]));
  await updateConnection(ex, connection, { watermarks: { [LOST]: JSON.stringify([...known.values()]) } });
}

/**
 * Before anybody is planned: what is left of such a field decides.
 * @param complete whether both sides were read completely; if not, the next run does, and forgets once more
 */
export async function forgetLost(cycle: Cycle, complete: boolean): Promise<void> {
  const stored = await getConnection(cycle.store, cycle.name);
  if (stored === null) return;
  const { seen, doubted } = judgeLost(cycle, stored);
  const lost = [...lostFields(stored), ...seen];
  for (const role of ROLES) {
    const keys = new Map(
      lost.flatMap((field) =>
        field.role === role ? fieldKeys(cycle, field).map((key) => [key, field.system] as const) : [],
      ),
    );
    if (keys.size > 0)
      await loseBaseFields(cycle.store, cycle.name, role, keys, cycle.now(), (key, field) =>
        isTakenBack(keys.get(key) ?? 'crm', field),
      );
  }
  const names = lost.flatMap(({ system, name }) => (system === 'marketing' ? [name] : []));
  if (complete && names.length > 0) await blankUnread(cycle, names);
  const watermarks = {
    ...(lost.length === 0 ? {} : { [LOST]: complete ? '' : JSON.stringify(lost) }),
    ...doubted,
  };
  if (Object.keys(watermarks).length > 0) await updateConnection(cycle.store, cycle.name, { watermarks });
}

/** An account may hide contacts, so that not even a complete look reads them: what is known of such a field there was lost as well. */
async function blankUnread({ store, name, now }: Cycle, names: readonly string[]): Promise<void> {
  const scan = await lastScan(store, name, 'marketing');
  if (scan === null) return;
  const blank = Object.fromEntries(names.map((field) => [field, null]));
  for (let after: string | null = null; ; ) {
    const ids: readonly string[] = await unseenMarketingIds(store, name, scan.generation, after, PAGE);
    const last = ids.at(-1);
    if (last === undefined) return;
    after = last;
    const items = (await getMarketing(store, name, ids)).map((item) => ({
      ...item,
      dirty: true,
      record: { ...item.record, values: { ...item.record.values, ...blank } },
    }));
    const { assumed = [], read = [] } = Object.groupBy(items, ({ record }) => (record.assumed ? 'assumed' : 'read'));
    await writeAssumedMarketing(store, name, assumed, now());
    await upsertMarketing(store, name, read, now());
  }
}

/** After a look that plans nobody: the next run decides. */
export async function keepLost(cycle: Cycle): Promise<void> {
  const stored = await getConnection(cycle.store, cycle.name);
  if (stored === null) return;
  const { seen, doubted } = judgeLost(cycle, stored);
  if (seen.length === 0 && Object.keys(doubted).length === 0) return;
  await cycle.store.transaction(async (tx) => {
    await updateConnection(tx, cycle.name, { watermarks: doubted });
    await rememberLost(tx, cycle.name, seen);
  });
}

/** The fields that are lost by what this run and earlier ones saw, and what too few people show to tell. */
function judgeLost(cycle: Cycle, stored: StoredConnection) {
  takeUpDoubts(cycle, stored);
  const few = JSON.stringify([...cycle.blanked.values()].filter((one) => isLost(one) && !isEnough(one)));
  return {
    seen: lostInRun(cycle),
    doubted: few === (stored.watermarks[DOUBTED] ?? '[]') ? {} : { [DOUBTED]: few },
  };
}

/** The fields that are lost by what was seen until now. */
export function lostInRun({ blanked }: Cycle): readonly AccountField[] {
  return [...blanked.values()].filter((one) => isLost(one) && isEnough(one)).map(({ field }) => field);
}

/** (decision 27) A blank that an undo left on the side of the field was no loss, and is not filled again. */
function isTakenBack(system: System, field: BaseField | Unconfirmed): boolean {
  if (field.undone !== true) return false;
  return (system === 'crm' ? field.crm : 'to' in field ? field.to : field.marketing) === null;
}

/** What earlier runs saw of too few people to tell. Whoever kept a value since speaks against it. */
function takeUpDoubts({ blanked }: Cycle, { watermarks }: StoredConnection): void {
  for (const { field, lost, kept, who, sure } of JSON.parse(watermarks[DOUBTED] ?? '[]') as readonly Blanked[]) {
    const now = blanked.get(keyOf(field)) ?? NOBODY;
    blanked.set(keyOf(field), {
      field,
      lost: lost + now.lost,
      kept: kept + now.kept,
      who: now.who ?? who,
      sure: sure || now.sure,
    });
  }
}

/** What was just read, before it is stored: values that went although their contact was not edited. */
export async function noteLost(cycle: Cycle, page: readonly MarketingRecord[]): Promise<void> {
  const known = await getMarketing(
    cycle.store,
    cycle.name,
    page.map(({ id }) => id),
  );
  const before = known.map(({ record }) => record);
  compare(cycle, before, page, await readFrom(cycle));
}

/** The same of contacts asked for one by one, perhaps too late for this run to judge by: a field that they show to be lost, the next one fills. */
export async function noteLostAtOnce(cycle: Cycle, records: readonly MarketingRecord[]): Promise<void> {
  const before = new Set(lostInRun(cycle).map(keyOf));
  await noteLost(cycle, records);
  const news = lostInRun(cycle).filter((field) => !before.has(keyOf(field)));
  await rememberLost(cycle.store, cycle.name, news);
}

/** When the last look at the marketing system's changes began, by its own clock; null = there was none. */
async function readFrom({ store, name }: Cycle): Promise<string | null> {
  return (await getConnection(store, name))?.watermarks['marketing-changed'] ?? null;
}

function compare(
  cycle: Cycle,
  before: readonly MarketingRecord[],
  now: readonly MarketingRecord[],
  from: string | null,
): void {
  const known = new Map(before.map((record) => [record.id, record]));
  for (const record of now) {
    const earlier = known.get(record.id);
    if (earlier === undefined || !isUnedited(earlier, record)) continue;
    for (const field of marketingFields(cycle)) {
      if (!hasValue(earlier.values[field.name])) continue;
      const { lost, kept, who, sure } = cycle.blanked.get(keyOf(field)) ?? NOBODY;
      const seen = hasValue(record.values[field.name])
        ? { lost, kept: kept + 1, who, sure }
        : { lost: lost + 1, kept, who: record.id, sure: sure || isPast(earlier, from) };
      cycle.blanked.set(keyOf(field), { field, ...seen });
    }
  }
}

/**
 * Mapped fields that are gone now, or are others of the same name. A data field has a name and a type and nothing else: one that was
 * made again as it was shows by its values alone, see `noteLost`.
 * @param settings as they are with what was last read
 */
export function lostSince({ roles }: Settings, before: LiveAccounts, now: LiveAccounts): readonly AccountField[] {
  // One that nobody had a value for yet is not there before its first write.
  const earlier = typesOf(before.marketing);
  const types = typesOf(now.marketing);
  return ROLES.flatMap((role) => {
    const definitions = new Map(now.crm[role].fields.map(({ path, definition }) => [path, definition]));
    return roles[role].fields.flatMap(({ crm, marketing: { name } }): readonly AccountField[] => [
      ...(crm.definition === definitions.get(crm.path) ? [] : [{ role, system: 'crm' as const, name: crm.path }]),
      ...(earlier.has(name) && earlier.get(name) !== types.get(name)
        ? [{ role, system: 'marketing' as const, name }]
        : []),
    ]);
  });
}

function typesOf({ fields }: MarketingSchema): ReadonlyMap<string, MarketingFieldType> {
  return new Map(fields.map(({ name, type }) => [name, type]));
}

/**
 * Whether the data field is another one of the same name: somebody whose contact nobody edited has lost the value, too.
 * Asks about at most three people.
 * @param cleared ids of the contacts whose blank is about to travel
 */
export async function isLostByOthers(
  cycle: Cycle,
  field: AccountField,
  cleared: ReadonlySet<string>,
): Promise<boolean> {
  const holders = await otherHolders(cycle, field, cleared);
  const fresh = await Promise.all(holders.map(({ id }) => cycle.marketing.readOne({ id }, cycle.marketingSelection)));
  compare(
    cycle,
    holders,
    fresh.flatMap((record) => (record === 'missing' ? [] : [record])),
    await readFrom(cycle),
  );
  const seen = cycle.blanked.get(keyOf(field));
  if (seen === undefined || !isLost(seen)) return false;
  return holders.length > 0 || isEnough(seen) || cleared.size >= ENOUGH || !cleared.has(seen.who ?? '');
}

/** Contacts that have a value as far as is known. */
async function otherHolders(
  { store, name }: Cycle,
  field: AccountField,
  cleared: ReadonlySet<string>,
): Promise<readonly MarketingRecord[]> {
  const found: MarketingRecord[] = [];
  let seen = 0;
  for await (const page of iterateLinks(store, name, { role: field.role, states: ['active'] })) {
    const ids = page.map((link) => link.marketingId).filter((id) => !cleared.has(id));
    for (const { record } of await getMarketing(store, name, ids))
      if (record.state === 'present' && hasValue(record.values[field.name]) && found.length < ASKED) found.push(record);
    seen += page.length;
    if (found.length === ASKED || seen >= LINKS) break;
  }
  return found;
}

function marketingFields({ settings }: Cycle): readonly AccountField[] {
  return ROLES.flatMap((role) =>
    settings.roles[role].fields.map(({ marketing }) => ({ role, system: 'marketing' as const, name: marketing.name })),
  );
}

function fieldKeys({ settings }: Cycle, { role, system, name }: AccountField): readonly string[] {
  return settings.roles[role].fields
    .filter(({ crm, marketing }) => (system === 'crm' ? crm.path : marketing.name) === name)
    .map(({ key }) => key);
}

/** More of those whom nobody edited lost it than kept it. Whoever surely lost it says enough: others may have got a value since. */
function isLost({ lost, kept, sure }: Blanked): boolean {
  return sure || lost > kept;
}

function isEnough({ lost, sure }: Blanked): boolean {
  return sure || lost >= ENOUGH;
}

/** What began after the second of its last edit has read every edit that carries that time; any later one would have moved it. */
function isPast({ updatedAt }: MarketingRecord, from: string | null): boolean {
  return updatedAt !== null && from !== null && Date.parse(from) - Date.parse(updatedAt) > MOMENT_MS;
}

/** What we assume of our own write, and have not read back, says nothing. (R4) */
function isUnedited(before: MarketingRecord, now: MarketingRecord): boolean {
  return before.assumed !== true && before.updatedAt !== null && before.updatedAt === now.updatedAt;
}

function keyOf({ role, system, name }: AccountField): string {
  return `${system} ${role} ${name}`;
}

function hasValue(raw: Raw | undefined): boolean {
  return raw !== undefined && raw !== null && raw !== '' && !(Array.isArray(raw) && raw.length === 0);
}
