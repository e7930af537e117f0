// A record that the run made: deleted again, unless somebody worked with it since or it was there before. (decision 27)

import { TAGS } from '../consent/own-tags.ts';
import { crmSide, marketingSide } from '../merge/merge-field.ts';
import { ROLES } from '../model/identity.ts';
import type { Change } from '../model/plan.ts';
import type { ChannelState, CrmRecord, MarketingRecord } from '../model/record.ts';
import type { Settings } from '../model/settings.ts';
import { isBlank, type Raw, sameValue, type Value } from '../model/value.ts';
import { foldText } from '../normalize/text.ts';
import { undoAction } from './invert-action.ts';
import { fieldOf, keyOf, rawValue, readsAsWritten } from './invert-fields.ts';
import type { Target } from './invert-target.ts';
import { UNDO_ROW, type UndoView } from './invert-view.ts';

export function invertCreate(view: UndoView, settings: Settings, target: Target): void {
  const { record } = target;
  const label = settings.labels[target.system];
  if (record === null || record.state === 'deleted') {
    if (target.crm?.convertedTo !== undefined) target.skip(null, null, `was converted in ${label} since`);
    return;
  }
  if (record.state === 'hidden') {
    target.skip(null, null, `cannot be seen in ${label} with this connection's credentials`);
    return;
  }
  const met = target.writes.find(({ action, made }) => action.kind === 'create' && made !== true);
  if (met !== undefined) {
    const was = met.made === false ? 'it was' : 'it may have been';
    target.skip(
      null,
      null,
      `stays: ${was} in ${label} already when the run wrote it, so that what it held before is not known`,
    );
    return;
  }
  if (!settings.roles[target.entity].enabled) {
    target.skip(null, null, `stays: ${target.entity}s are switched off`);
    return;
  }
  const edited = findEdit(view, settings, target, record);
  if (edited !== null) {
    target.skip(edited.field, edited.present, edited.why);
    return;
  }
  const changes: Record<string, Change> = { email: { from: record.email, to: null } };
  for (const [name, { change }] of target.fields)
    if (change !== null && name !== 'email') changes[name] = { from: change.to, to: null };
  const links = view.links.filter((link) =>
    target.system === 'marketing'
      ? link.marketingId === target.id
      : link.role === target.entity && link.crmId === target.id,
  );
  target.actions.push({
    ...undoAction(target, {
      lane: 'delete',
      kind: 'delete',
      changes,
      crm: target.system === 'crm' ? { set: {} } : null,
      marketing: target.system === 'marketing' ? { set: {} } : null,
      // A tombstone of undo keeps the person from being made again by the next sync. (decision 12, 27)
      effects: links.map((link) => ({
        type: 'link-state',
        linkId: link.id,
        state: 'severed',
        because: UNDO_ROW,
        row: UNDO_ROW,
      })),
    }),
    clears: false,
  });
}

interface Edit {
  readonly field: string | null;
  readonly present: Value;
  readonly why: string;
}

const EDITED = 'was changed since the run made the record';

function findEdit(
  view: UndoView,
  settings: Settings,
  target: Target,
  record: CrmRecord | MarketingRecord,
): Edit | null {
  for (const [name, folded] of target.fields) {
    if (name === 'email' || name === 'status' || name === TAGS) continue;
    const raw = record.values[name];
    if (raw === undefined) continue;
    const field = fieldOf(settings, target, name);
    if (readsAsWritten(target, field, raw, folded)) continue;
    const present = field === null ? rawValue(raw) : (target.crm === null ? marketingSide : crmSide)(field, raw).value;
    return { field: name, present, why: EDITED };
  }
  const address = target.fields.get('email')?.change?.to ?? target.email;
  if (keyOf(record.email) !== keyOf(address)) return { field: 'email', present: record.email, why: EDITED };
  return (
    filledSince(settings, target, record) ??
    (target.crm === null ? null : (editedStatus(target) ?? editedTags(target, target.crm.tags))) ??
    (target.marketing === null
      ? null
      : (otherRole(view, settings, target) ?? editedChannel(target) ?? editedLists(view, settings, target))) ??
    (view.touched.has(target.key) ? { field: null, present: null, why: 'was edited since the run made it' } : null)
  );
}

function editedStatus(target: Target): Edit | null {
  const status = target.fields.get('status')?.change?.to;
  const present = target.crm?.status ?? null;
  return status === undefined || status === present ? null : { field: 'status', present, why: EDITED };
}

/** Somebody may edit a record in the second in which it was made: its time does not tell. */
function editedTags(target: Target, tags: readonly string[]): Edit | null {
  const left = new Set<string>();
  for (const { action } of target.writes) {
    const { set = {}, addTags = [], removeTags = [] } = action.crm ?? {};
    const whole = Array.isArray(set[TAGS]) ? (set[TAGS] as readonly string[]) : [];
    for (const tag of [...whole, ...addTags]) left.add(foldText(tag));
    for (const tag of removeTags) left.delete(foldText(tag));
  }
  const now = new Set(tags.map(foldText));
  const same = left.size === now.size && [...left].every((tag) => now.has(tag));
  return same ? null : { field: TAGS, present: [...tags], why: EDITED };
}

/** A mapped field that the run left alone has a value now that is not its default. */
function filledSince(settings: Settings, target: Target, record: CrmRecord | MarketingRecord): Edit | null {
  const inCrm = target.system === 'crm';
  const roles = inCrm ? [target.entity] : ROLES;
  for (const field of roles.flatMap((role) => settings.roles[role].fields)) {
    const name = inCrm ? field.crm.path : field.marketing.name;
    const raw = record.values[name] ?? null;
    // What the CRM fills by itself is nobody's edit, and tags are looked at on their own.
    const byItself = inCrm && (!field.crm.writable || field.crm.recomputed === true || name === TAGS);
    if (byItself || target.fields.has(name)) continue;
    const read = (value: Raw): Value => (inCrm ? crmSide(field, value) : marketingSide(field, value)).value;
    const present = read(raw);
    const byDefault = read((inCrm ? field.crm.fallback : field.marketing.defaultValue) ?? null);
    if (!isBlank(present) && !sameValue(present, byDefault)) return { field: name, present, why: EDITED };
  }
  return null;
}

/** (S8, S15) A later run found the contact in a role that this run did not make it for. */
function otherRole(view: UndoView, settings: Settings, target: Target): Edit | null {
  const made = new Set(
    target.writes.flatMap(({ action }) => [
      action.entity,
      ...action.effects.flatMap((effect) => (effect.type === 'link' ? [effect.role] : [])),
    ]),
  );
  const other = view.links.find(
    ({ role, state, marketingId }) => marketingId === target.id && state !== 'shadow' && !made.has(role),
  );
  return other === undefined
    ? null
    : { field: null, present: null, why: `stays: it is a ${other.role} in ${settings.labels.crm} too by now` };
}

const IN: readonly ChannelState[] = ['subscribed', 'pending'];
const OUT: readonly ChannelState[] = ['unsubscribed', 'suppressed', 'blocked'];

/** The person's own choice, made since. */
function editedChannel(target: Target): Edit | null {
  const said = target.writes.findLast(({ action }) => action.marketing?.channel !== undefined)?.action.marketing
    ?.channel?.state;
  const state = target.marketing?.channel.state;
  if (said === undefined || state === undefined) return null;
  const turned = said === 'subscribed' ? OUT.includes(state) : IN.includes(state);
  return turned ? { field: 'consent', present: state, why: EDITED } : null;
}

function editedLists(view: UndoView, settings: Settings, target: Target): Edit | null {
  const lists = settings.roles.lead.statusLists?.lists ?? [];
  const left = new Set<string>();
  for (const { action } of target.writes) {
    for (const id of action.marketing?.lists ?? []) left.add(id);
    if (action.marketing?.leaveList !== undefined) left.delete(action.marketing.leaveList);
  }
  const now = new Set(view.leadLists.map(({ listId }) => listId));
  const moved = lists.find(({ listId }) => listId !== null && left.has(listId) !== now.has(listId));
  return moved === undefined
    ? null
    : { field: `list ${moved.status}`, present: now.has(moved.listId ?? '') ? moved.status : null, why: EDITED };
}
