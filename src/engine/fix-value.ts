// Corrects one value on the side that is at fault, as a person would in that service: read afresh, compared, written, read back.
// Settles nothing: the next cycle sees an edit like any other. (4.9, fix here)
import type { CompiledField } from '../core/mapping/compiled-field.ts';
import { readCrm, readMarketing, writeCrm, writeMarketing } from '../core/mapping/convert.ts';
import type { Reading, Writing } from '../core/mapping/reading.ts';
import type { HoldCode } from '../core/model/hold.ts';
import type { Role, System } from '../core/model/identity.ts';
import type { MarketingWrite } from '../core/model/plan.ts';
import type { CrmRecord, MarketingRecord } from '../core/model/record.ts';
import type { CrmField } from '../core/model/schema.ts';
import type { Settings } from '../core/model/settings.ts';
import { type Raw, sameValue, type Value } from '../core/model/value.ts';
import { emailKey } from '../core/normalize/email.ts';
import { getConnection } from '../store/connections.ts';
import { getCrm, upsertCrm } from '../store/crm-records.ts';
import type { StoredHold } from '../store/holds.ts';
import { getMarketing, upsertMarketing } from '../store/marketing-records.ts';
import type { Engine, LiveAccounts } from './engine.ts';
import { identify } from './identity.ts';
import { withLease } from './lease.ts';
import { crmItem, marketingItem } from './mirror-items.ts';
import { crmSelection, marketingSelection } from './selection.ts';
import { shownContacts } from './shown-contacts.ts';
import { wakeThese } from './wake-holds.ts';

/** A value of a held record that can be corrected here. */
export interface Editable {
  readonly system: System;
  readonly recordId: string;
  /** `email`, a CRM path, or a data field. */
  readonly field: string;
  readonly label: string;
  /** As the mirror has it. */
  readonly value: Value;
  readonly choices: readonly string[] | null;
  readonly maxLength: number | null;
}

export interface Correction {
  readonly system: System;
  readonly recordId: string;
  readonly field: string;
  readonly value: Value;
  /** What whoever corrects it saw. */
  readonly was: Value;
}

export type Fixed =
  | { readonly type: 'done' }
  | { readonly type: 'moved'; readonly now: Value }
  | { readonly type: 'unfit'; readonly why: string }
  | { readonly type: 'gone' };

const ADDRESS_CODES: readonly HoldCode[] = [
  'EMAIL_MISSING',
  'EMAIL_INVALID',
  'EMAIL_BLOCKED',
  'EMAIL_TAKEN',
  'EMAIL_REMOVED',
];
const NAME_CODES: readonly HoldCode[] = ['NAME_MISSING', 'MULTI_MATCH_NO_NAME'];

/** One side's field, however it is reached. */
interface Place {
  readonly field: string;
  readonly label: string;
  readonly choices: readonly string[] | null;
  readonly maxLength: number | null;
  /** Null: as text, unchanged. */
  readonly mapped: CompiledField | null;
  readonly whole: string | null;
  /** Of a name that is not mapped. */
  readonly meaning: CrmField['meaning'] | null;
}

interface Ground {
  readonly settings: Settings;
  readonly live: LiveAccounts;
}

/** What can be corrected about a hold; empty where the remedy is no value, or the accounts were never read. */
export async function editableOf(engine: Engine, hold: StoredHold): Promise<readonly Editable[]> {
  const ground = await groundOf(engine);
  if (ground === null || hold.entity === 'product') return [];
  const role = hold.entity;
  const found: Editable[] = [];
  if (hold.crmId !== null) {
    for (const { record } of await getCrm(engine.store, engine.name, role, [hold.crmId])) {
      for (const place of crmPlaces(hold, role, ground))
        found.push({ system: 'crm', recordId: record.id, ...shown(place), value: ofCrm(record, place) });
    }
  }
  if (hold.marketingId !== null) {
    for (const { record } of await getMarketing(engine.store, engine.name, [hold.marketingId])) {
      for (const place of marketingPlaces(hold, role, ground))
        found.push({ system: 'marketing', recordId: record.id, ...shown(place), value: ofMarketing(record, place) });
    }
  }
  return found;
}

/** @throws RunStopped while a run has the connection or an account is another one; ConnectorError when the service refuses */
export function fixValue(engine: Engine, hold: StoredHold, correction: Correction): Promise<Fixed> {
  return withLease(engine, async (held) => {
    const ground = await groundOf(held);
    const { entity } = hold;
    if (ground === null || entity === 'product') return { type: 'unfit', why: 'cannot be corrected here' };
    await identify(held);
    const places =
      correction.system === 'crm' ? crmPlaces(hold, entity, ground) : marketingPlaces(hold, entity, ground);
    const place = places.find(({ field }) => field === correction.field);
    const own = correction.recordId === (correction.system === 'crm' ? hold.crmId : hold.marketingId);
    if (place === undefined || !own) return { type: 'unfit', why: 'is none that this hold is about' };
    const fixed =
      correction.system === 'crm'
        ? await fixCrm(held, ground.settings, entity, place, correction)
        : await fixMarketing(held, ground.settings, place, correction);
    if (fixed.type === 'done') await wakeThese(held.store, [hold.id]);
    return fixed;
  });
}

async function fixCrm(
  engine: Engine,
  settings: Settings,
  role: Role,
  place: Place,
  correction: Correction,
): Promise<Fixed> {
  const selection = withPath(crmSelection(settings), place);
  const [fresh] = await engine.crm.readWhole(role, [correction.recordId], selection);
  if (fresh === undefined) return { type: 'gone' };
  const now = ofCrm(fresh.record, place);
  if (!sameValue(now, correction.was)) return { type: 'moved', now };
  const writing = toWrite(place, correction.value, 'crm');
  if (writing.type !== 'ok') return { type: 'unfit', why: writing.why };
  const write =
    place.field === 'email'
      ? { set: {}, email: String(writing.raw) }
      : { set: { [place.field]: writing.raw }, ...(place.whole === null ? {} : { whole: [place.whole] }) };
  const record = await engine.crm.update(role, correction.recordId, write, fresh.whole, selection);
  await upsertCrm(engine.store, engine.name, [crmItem(record)], engine.now());
  return { type: 'done' };
}

async function fixMarketing(engine: Engine, settings: Settings, place: Place, correction: Correction): Promise<Fixed> {
  const selection = marketingSelection(settings);
  const { recordId } = correction;
  const record = await engine.marketing.readOne({ id: recordId }, selection);
  if (record === 'missing') return { type: 'gone' };
  const now = ofMarketing(record, place);
  if (!sameValue(now, correction.was)) return { type: 'moved', now };
  const writing = toWrite(place, correction.value, 'marketing');
  if (writing.type !== 'ok') return { type: 'unfit', why: writing.why };
  const write: MarketingWrite =
    place.field === 'email' ? { set: {}, email: String(writing.raw) } : { set: { [place.field]: writing.raw } };
  const rows = [{ key: recordId, id: recordId, email: null, write }];
  const [outcome] = await engine.marketing.awaitImport(await engine.marketing.submitImport(rows), rows);
  if (outcome?.type === 'failed') return { type: 'unfit', why: `was refused: ${outcome.message}` };
  const after = await engine.marketing.readOne({ id: recordId }, selection);
  if (after === 'missing') return { type: 'gone' };
  const shown = await shownContacts(engine, selection, [after]);
  await upsertMarketing(engine.store, engine.name, shown.map(marketingItem), engine.now());
  return { type: 'done' };
}

async function groundOf(engine: Engine): Promise<Ground | null> {
  const live = ((await getConnection(engine.store, engine.name))?.live ?? null) as LiveAccounts | null;
  return live === null ? null : { live, settings: engine.compile(live, 'sync').settings };
}

const ADDRESS: Place = {
  field: 'email',
  label: 'E-mail',
  choices: null,
  maxLength: 254,
  mapped: null,
  whole: null,
  meaning: null,
};

function crmPlaces(hold: StoredHold, role: Role, { settings, live }: Ground): readonly Place[] {
  if (ADDRESS_CODES.includes(hold.code)) return [ADDRESS];
  const fields = settings.roles[role].fields;
  const byPath = new Map(fields.map((field) => [field.crm.path, field]));
  const place = (crm: CrmField): Place => ({
    field: crm.path,
    label: crm.path,
    choices: crm.choices ?? null,
    maxLength: crm.maxLength ?? null,
    mapped: byPath.get(crm.path) ?? null,
    whole: crm.whole ?? null,
    meaning: crm.meaning ?? null,
  });
  if (NAME_CODES.includes(hold.code))
    return live.crm[role].fields.filter(({ meaning }) => meaning !== undefined).map(place);
  return fields.filter((field) => isAbout(hold, field) && field.crm.writable).map(({ crm }) => place(crm));
}

function marketingPlaces(hold: StoredHold, role: Role, { settings }: Ground): readonly Place[] {
  if (ADDRESS_CODES.includes(hold.code)) return [ADDRESS];
  const names = NAME_CODES.includes(hold.code);
  return settings.roles[role].fields
    .filter((field) => (names ? field.crm.meaning !== undefined : isAbout(hold, field)))
    .map((field) => ({
      field: field.marketing.name,
      label: field.marketing.name,
      choices: null,
      maxLength: field.marketing.maxLength,
      mapped: field,
      whole: null,
      meaning: null,
    }));
}

function isAbout({ field }: StoredHold, { key, crm }: CompiledField): boolean {
  return field !== null && (field === key || field === crm.path);
}

function shown({
  field,
  label,
  choices,
  maxLength,
}: Place): Pick<Editable, 'field' | 'label' | 'choices' | 'maxLength'> {
  return { field, label, choices, maxLength };
}

function ofCrm(record: CrmRecord, { field, mapped, meaning }: Place): Value {
  if (field === 'email') return record.email;
  if (mapped !== null) return readable(readCrm(mapped, record.values[field] ?? null), record.values[field] ?? null);
  // Names are known of every record, mapped or not.
  return meaning === 'last-name' ? record.lastName : record.firstName;
}

function ofMarketing(record: MarketingRecord, { field, mapped }: Place): Value {
  if (field === 'email') return record.email;
  const raw = record.values[field] ?? null;
  return mapped === null ? asText(raw) : readable(readMarketing(mapped, raw), raw);
}

/** What cannot be read as its type is shown as it is spelt. */
function readable(reading: Reading, raw: Raw): Value {
  return reading.type === 'ok' && reading.defaulted !== true ? reading.value : asText(raw);
}

function asText(raw: Raw): Value {
  if (raw === null || typeof raw === 'string' || typeof raw === 'boolean') return raw;
  return typeof raw === 'number' ? String(raw) : JSON.stringify(raw);
}

function toWrite({ field, mapped }: Place, value: Value, system: System): Writing {
  if (field === 'email') {
    const reading = emailKey(typeof value === 'string' ? value : null);
    return reading.type === 'ok'
      ? { type: 'ok', raw: reading.key }
      : { type: 'unmappable', why: 'is no address that can be mailed' };
  }
  if (mapped === null) {
    return typeof value === 'string' && value.trim() !== ''
      ? { type: 'ok', raw: value.trim() }
      : { type: 'unmappable', why: 'is blank' };
  }
  const reading = system === 'crm' ? readCrm(mapped, value) : readMarketing(mapped, value);
  if (reading.type !== 'ok') return reading;
  if (reading.defaulted === true) return { type: 'unmappable', why: 'is none of the values that are known there' };
  return system === 'crm' ? writeCrm(mapped, reading.value) : writeMarketing(mapped, reading.value);
}

function withPath(selection: ReturnType<typeof crmSelection>, { field }: Place): ReturnType<typeof crmSelection> {
  return field === 'email' || selection.paths.includes(field)
    ? selection
    : { ...selection, paths: [...selection.paths, field].sort() };
}
