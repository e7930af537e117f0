// Small rules that several decisions of one role share: where a run may write, who decides for marketing, how a case is told.
import type { CompiledField } from '../mapping/compiled-field.ts';
import { effectiveBase } from '../merge/effective-base.ts';
import { crmSide } from '../merge/merge-field.ts';
import { type Direction, narrowDirection, type System } from '../model/identity.ts';
import type { Link } from '../model/link.ts';
import type { CrmRecord } from '../model/record.ts';
import type { RoleSettings } from '../model/settings.ts';
import { sameValue, type Value } from '../model/value.ts';
import { addHold, type Draft } from './draft.ts';
import { holdWords } from './hold-words.ts';
import { UNDO_ROW } from './invert-view.ts';

/** Where this run may write records of the role; null = nowhere. Alignment narrows the object's direction. (4.8) */
export function directionOf(draft: Draft, role: RoleSettings): Direction | null {
  if (draft.settings.mode !== 'align') return role.direction;
  return role.alignment.direction === null ? null : narrowDirection(role.direction, role.alignment.direction);
}

/** Whether contacts are synchronised, be it by other runs than this. */
function areContactsOn({ settings }: Draft): boolean {
  const { enabled, leftOut } = settings.roles.contact;
  return enabled || leftOut === true;
}

/** Whether the person is a contact too once this plan is carried out: then the contact decides for marketing. (L16) */
export function contactTakesPart(draft: Draft): boolean {
  if (!areContactsOn(draft)) return false;
  const { link, record } = draft.view.roles.contact;
  if (link === null) {
    return (
      draft.effects.some(
        (effect) => effect.type === 'link' && effect.role === 'contact' && effect.state === 'active',
      ) || draft.crm.some(({ entity }) => entity === 'contact')
    );
  }
  let { state } = link;
  for (const effect of draft.effects)
    if (effect.type === 'link-state' && effect.linkId === link.id) ({ state } = effect);
  return state === 'active' && record !== null;
}

/**
 * Whether the person is no contact any more once this plan is carried out. Not so where contacts are merely left out of a run; where they
 * were switched off, an alignment says so, which is asked for. (L17, D2, C35)
 */
export function contactEnded(draft: Draft): boolean {
  const { effects, settings, view } = draft;
  const { link } = view.roles.contact;
  return (
    link === null ||
    (settings.mode === 'align' && !areContactsOn(draft)) ||
    effects.some((effect) => effect.type === 'link-state' && effect.linkId === link.id && effect.state === 'severed')
  );
}

/** True while the contact's write of this field (or of the address) is decided, under way, or held for having had no effect. (L16, R4) */
export function isContactWriting(draft: Draft, key: string, marketing: Value): boolean {
  if (key === 'email' ? (draft.marketing?.renameTo ?? null) !== null : draft.marketing?.results.has(key) === true)
    return true;
  const { link } = draft.view.roles.contact;
  if (link === null) return false;
  const { confirmation } = effectiveBase(link, key, marketing, draft.view.marketing?.assumed === true);
  return confirmation === 'waiting' || confirmation === 'not-applied';
}

/** (C3) An extra record of the same person is told about, and left alone. */
export function holdShadow(draft: Draft, role: RoleSettings, record: CrmRecord): void {
  addHold(draft, role.role, {
    code: 'DUP_SHADOWED',
    row: 'C3',
    crmId: record.id,
    email: record.email,
    ...holdWords.shadowed(draft.settings.labels),
  });
}

/** (C12, C13) A status that cannot be mapped counts as none, and the record says so. */
export function holdDefaulted(
  draft: Draft,
  role: RoleSettings,
  field: CompiledField,
  crmId: string | null,
  email: string | null,
): void {
  addHold(draft, role.role, {
    code: 'STATUS_DEFAULTED',
    row: field.crm.path === role.qualification?.paths[0] ? 'C12' : 'C13',
    crmId,
    email,
    field: field.key,
    ...holdWords.statusDefaulted(field.marketing.name, draft.settings.labels),
  });
}

/** (C28) @param target the side that cannot take the value; the other one has it. */
export function holdUnmappable(
  draft: Draft,
  role: RoleSettings,
  field: CompiledField,
  target: System,
  why: string,
  crmId: string | null,
  email: string | null,
): void {
  const { labels } = draft.settings;
  const name = target === 'marketing' ? field.crm.path : field.marketing.name;
  addHold(draft, role.role, {
    code: 'VALUE_UNMAPPABLE',
    row: 'C28',
    crmId,
    email,
    field: field.key,
    ...holdWords.unmappable(name, why, target === 'marketing' ? labels.crm : labels.marketing),
  });
}

/** (decision 27) What an undo took away is made again by an alignment, which is asked for, and by nothing else. */
export function staysUndone(draft: Draft, severed: readonly Link[]): boolean {
  if (draft.settings.mode === 'align' || !severed.some((link) => link.because === UNDO_ROW)) return false;
  draft.notes.push({ row: UNDO_ROW, text: 'Stays as the undo left it: an alignment makes it again.' });
  return true;
}

/** (D13, D16) Whether a mapped value of the record differs from what both sides last agreed on. */
export function movedSince(role: RoleSettings, link: Link, record: CrmRecord): boolean {
  return role.fields.some((field) => {
    const base = link.base[field.key];
    if (base === undefined || base.lost === 'crm') return false;
    return !sameValue(base.crm, crmSide(field, record.values[field.crm.path] ?? null).value);
  });
}
