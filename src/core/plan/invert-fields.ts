// Fields, addresses and statuses of one record: back to what they were, where they still read what the run wrote. (R17)
import type { CompiledField } from '../mapping/compiled-field.ts';
import { writeCrm, writeMarketing } from '../mapping/convert.ts';
import { crmSide, marketingSide } from '../merge/merge-field.ts';
import { ROLES } from '../model/identity.ts';
import type { Change, CrmWrite } from '../model/plan.ts';
import type { Settings } from '../model/settings.ts';
import { type Raw, sameValue, type Value } from '../model/value.ts';
import { emailKey } from '../normalize/email.ts';
import { undoAction } from './invert-action.ts';
import type { FoldedField, Target } from './invert-target.ts';
import { optOutOf } from './plan-address.ts';

const EDITED = 'was changed since';
const ADDRESS = 'email';
const STATUS = 'status';

/** What goes back in one write. */
interface Back {
  readonly set: Record<string, Raw>;
  readonly changes: Record<string, Change>;
  readonly whole: Set<string>;
  email: string | null;
  status: string | null;
}

export function invertFields(settings: Settings, target: Target): void {
  const back: Back = { set: {}, changes: {}, whole: new Set(), email: null, status: null };
  for (const [name, folded] of target.fields) {
    if (name === ADDRESS && folded.change !== null) invertAddress(settings, target, folded.change, back);
    else if (name === STATUS && folded.change !== null) invertStatus(settings, target, folded.change, back);
    else invertField(settings, target, name, folded, back);
  }
  noteOptOut(settings, target);
  if (Object.keys(back.set).length === 0 && back.email === null && back.status === null) return;
  const { marketing } = target;
  if (marketing === null) {
    const write: CrmWrite = {
      set: back.set,
      ...(back.email === null ? {} : { email: back.email }),
      ...(back.status === null ? {} : { status: back.status }),
      ...(back.whole.size === 0 ? {} : { whole: [...back.whole] }),
    };
    target.actions.push(
      undoAction(target, { lane: 'update', kind: 'update', changes: back.changes, crm: write, marketing: null }),
    );
    return;
  }
  // A rename says an opt-out again, as every rename does. (C23)
  const channel = back.email === null ? null : optOutOf(marketing);
  const write = {
    set: back.set,
    ...(back.email === null ? {} : { email: back.email }),
    ...(channel === null ? {} : { channel }),
  };
  target.actions.push(
    undoAction(target, { lane: 'update', kind: 'update', changes: back.changes, crm: null, marketing: write }),
  );
}

function invertField(settings: Settings, target: Target, name: string, folded: FoldedField, back: Back): void {
  const field = fieldOf(settings, target, name);
  const raw = target.record?.values[name];
  if (raw === undefined) {
    target.skip(name, null, 'is no longer mapped, so that what it reads now is not known');
    return;
  }
  const present = field === null ? rawValue(raw) : read(target, field, raw);
  const before = folded.change?.from ?? (folded.before === undefined ? null : rawValue(folded.before));
  const same = sameValue(present, before);
  const isBack = (same && !isRespelt(raw, folded)) || (folded.before !== undefined && sameRaw(raw, folded.before));
  if (target.takenBack.has(name) || !readsAsWritten(target, field, raw, folded)) {
    if (!isBack) target.skip(name, present, EDITED);
    return;
  }
  if (isBack) return;
  const writing = rawBefore(target, field, folded, before);
  if ('why' in writing) {
    target.skip(name, present, writing.why);
    return;
  }
  back.set[name] = writing.raw;
  back.changes[name] = { from: present, to: before };
  if (field?.crm.whole !== undefined) back.whole.add(field.crm.whole);
  // Another spelling of what both sides know already teaches neither anything.
  if (!same) target.restored.set(name, { value: field === null ? before : read(target, field, writing.raw) });
}

/** Whether the run put a word of its own in place of another one that means the same. */
function isRespelt(raw: Raw, { before, after }: FoldedField): boolean {
  return typeof raw === 'string' && raw === after && typeof before === 'string';
}

/** Whether it still reads what the run wrote. A word that only counts as that, since it cannot be mapped, is somebody's own. (C12, C13) */
export function readsAsWritten(target: Target, field: CompiledField | null, raw: Raw, folded: FoldedField): boolean {
  const after = folded.change?.to ?? (folded.after === undefined ? null : rawValue(folded.after));
  if (field === null) return sameValue(rawValue(raw), after);
  const side = target.system === 'crm' ? crmSide(field, raw) : marketingSide(field, raw);
  const isOwnWord = side.defaulted && folded.after !== undefined && !sameRaw(raw, folded.after);
  return sameValue(side.value, after) && !isOwnWord;
}

/** The raw value as it was; where the journal has none, or it cannot be written, the canonical one. */
function rawBefore(
  target: Target,
  field: CompiledField | null,
  folded: FoldedField,
  before: Value,
): { readonly raw: Raw } | { readonly why: string } {
  if (field === null) {
    return folded.before === undefined
      ? { why: 'is no longer mapped, and what it was is not known' }
      : { raw: folded.before };
  }
  const writing = target.system === 'crm' ? writeCrm(field, before) : writeMarketing(field, before);
  if (target.system === 'crm' && writing.type === 'unmappable')
    return { why: `cannot go back: the value before ${writing.why}` };
  if (folded.before !== undefined && folded.before !== null) return { raw: folded.before };
  return writing.type === 'ok' ? { raw: writing.raw } : { why: `cannot go back: the value before ${writing.why}` };
}

function invertAddress(settings: Settings, target: Target, change: Change, back: Back): void {
  const present = target.record?.email ?? null;
  const [now, before, after] = [keyOf(present), keyOf(change.from), keyOf(change.to)];
  if (target.takenBack.has(ADDRESS) || now !== after) {
    if (now !== before) target.skip(ADDRESS, present, EDITED);
    return;
  }
  if (now === before) return;
  if (typeof change.from !== 'string') {
    target.skip(
      ADDRESS,
      present,
      `cannot go back: an address that was blank is not taken away from ${settings.labels[target.system]}`,
    );
    return;
  }
  back.email = change.from;
  back.changes[ADDRESS] = { from: present, to: change.from };
  target.restored.set(ADDRESS, { value: before });
}

function invertStatus(settings: Settings, target: Target, change: Change, back: Back): void {
  const present = target.crm?.status ?? null;
  if (present === change.from) return;
  if (target.takenBack.has(STATUS) || present !== change.to) {
    target.skip(STATUS, present, EDITED);
    return;
  }
  const lists = settings.roles[target.entity].statusLists;
  const known = lists === null || lists.lists.some((list) => list.status === change.from && list.known);
  if (typeof change.from !== 'string' || !known) {
    target.skip(STATUS, present, `cannot go back: ${settings.labels.crm} no longer knows the status before`);
    return;
  }
  back.status = change.from;
  back.changes[STATUS] = { from: present, to: change.from };
  target.restored.set(STATUS, { value: change.from });
}

/** (C22, C23) An opt-out that travelled along stays where it went. */
function noteOptOut(settings: Settings, target: Target): void {
  for (const { action } of target.writes) {
    const state = action.kind === 'update' ? action.marketing?.channel?.state : undefined;
    if (state === 'unsubscribed' || state === 'suppressed')
      target.skip('consent', state, `stays opted out in ${settings.labels.marketing}: an opt-out is never undone`);
  }
}

/** A marketing write is made for both roles: whichever maps the data field says how to read it. */
export function fieldOf(settings: Settings, target: Target, name: string): CompiledField | null {
  if (target.system === 'crm')
    return settings.roles[target.entity].fields.find((field) => field.crm.path === name) ?? null;
  for (const role of [target.entity, ...ROLES]) {
    const field = settings.roles[role].fields.find((candidate) => candidate.marketing.name === name);
    if (field !== undefined) return field;
  }
  return null;
}

function read(target: Target, field: CompiledField, raw: Raw): Value {
  return (target.system === 'crm' ? crmSide(field, raw) : marketingSide(field, raw)).value;
}

/** What no mapping explains is compared as it stands. */
export function rawValue(raw: Raw): Value {
  if (raw === null || raw === '') return null;
  return typeof raw === 'string' || typeof raw === 'boolean' ? raw : JSON.stringify(raw);
}

export function sameRaw(a: Raw, b: Raw): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** An address as it is compared; what is none, as it stands. */
export function keyOf(value: Value): string | null {
  if (typeof value !== 'string') return null;
  const reading = emailKey(value);
  return reading.type === 'ok' ? reading.key : value;
}
