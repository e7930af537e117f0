// One side of a linked pair is gone: asks the table what follows, and adds it to the plan. Deletes are the last resort. (4.3)
import { CONSENT_KEYS } from '../consent/state-words.ts';
import { DISAPPEARANCE_TABLE, type DisappearanceFacts } from '../lifecycle/disappearance.table.ts';
import { effectiveBase } from '../merge/effective-base.ts';
import { marketingSide } from '../merge/merge-field.ts';
import type { Choice } from '../model/choice.ts';
import type { RecordRef } from '../model/hold.ts';
import { allowsWriteTo, ROLES, type Role } from '../model/identity.ts';
import type { Link } from '../model/link.ts';
import type { RoleView } from '../model/person.ts';
import type { Effect } from '../model/plan.ts';
import type { CrmRecord, MarketingRecord } from '../model/record.ts';
import type { RowId } from '../model/row.ts';
import { DELETED_MARK, type RoleSettings } from '../model/settings.ts';
import { sameValue } from '../model/value.ts';
import { ask } from './ask.ts';
import { deleteOnce, goneFrame } from './delete-contact.ts';
import { addHold, type Draft, marketingDraft } from './draft.ts';
import { holdWords } from './hold-words.ts';
import { movedSince } from './role-rules.ts';

/** The CRM record of `link` is gone; the marketing contact may be gone too. */
export function planGoneRecord(draft: Draft, role: RoleSettings, view: RoleView, link: Link, record: CrmRecord): void {
  const contact = presentContact(draft);
  const twin = findTwin(view);
  const row = DISAPPEARANCE_TABLE.decide({
    role: role.role,
    what: record.state === 'hidden' ? 'hidden' : record.convertedTo !== undefined ? 'converted' : 'deleted',
    successor: successorOf(draft, record),
    twin: twin !== null ? 'free' : view.elsewhere.length > 0 ? 'other' : 'none',
    related: isRelated(draft, role.role, record.convertedTo !== undefined) ? 'yes' : 'no',
    marketing: contact === null ? 'gone' : 'present',
    edited: contact !== null && wasEdited(role, link, contact) ? 'yes' : 'no',
    grace: isLeftAlone(draft, record) ? 'running' : 'over',
    mode: modeOf(draft, role),
  });
  const { labels } = draft.settings;
  const hold = { row: row.id, crmId: record.id, email: contact?.email ?? record.email };
  const note = (): void => void draft.notes.push({ row: row.id, text: row.because });
  if (row.then === 'hold-hidden') {
    addHold(draft, role.role, { code: 'PERMISSION_DENIED', ...hold, ...holdWords.hidden(labels) });
    return;
  }
  if (contact === null || row.then === 'sever-both-gone') {
    severLink(draft, link, row.id);
    note();
    return;
  }
  const pair: Gone = { link, record, contact };
  switch (row.then) {
    case 'hold-collision': {
      const answer = ask(draft, role.role, 'collision', {
        code: 'CONVERSION_COLLISION',
        ...hold,
        ...holdWords.conversionCollision(labels),
        about: successorRefs(draft).map(({ id }) => id),
        // Whoever has the lead's address waits with it.
        refs: [...successorRefs(draft), ...recordRefs(role.role, view.candidates)],
      });
      if (answer === 'relink') relinkContact(draft, role, pair, row.id);
      else if (answer !== null) endRole(draft, role, pair, row.id);
      return;
    }
    case 'hold-merge': {
      const answer = ask(draft, role.role, 'two-persons', {
        code: 'MERGE_TWO_PERSONS',
        ...hold,
        ...holdWords.mergeTwoPersons(labels),
        about: view.elsewhere.map(({ id }) => id),
        refs: recordRefs(role.role, view.elsewhere),
      });
      carryOut(draft, role, pair, row.id, answer);
      return;
    }
    case 'hold-edited': {
      const answer = ask(draft, role.role, 'edited-after-delete', {
        code: 'EDITED_AFTER_DELETE',
        ...hold,
        ...holdWords.editedAfterDelete(labels),
      });
      carryOut(draft, role, pair, row.id, answer);
      return;
    }
    case 'wait':
      draft.later = true;
      note();
      return;
    case 'ignore':
      severLink(draft, link, row.id);
      note();
      return;
    case 'sever-converted':
    case 'sever-related':
    case 'sever-to-shadow':
    case 'leave-lists':
      endRole(draft, role, pair, row.id, row.then === 'leave-lists');
      note();
      return;
    case 'relink-contact':
      relinkContact(draft, role, pair, row.id);
      note();
      return;
    case 'promote':
      if (twin !== null) promote(draft, role, link, twin);
      note();
      return;
    case 'mark':
      mark(draft, role, pair, row.id);
      note();
      return;
    case 'delete':
    case 'queue-delete':
      deleteOnce(draft, role.role, link, record, contact, row.id, row.then === 'queue-delete');
      return;
    default:
      row.then satisfies never;
  }
}

/** A link whose record is gone, and the marketing contact that stays behind. */
interface Gone {
  readonly link: Link;
  readonly record: CrmRecord;
  readonly contact: MarketingRecord;
}

/** (D5, D17) What somebody decided about a contact whose record is gone; a delete of theirs is not queued once more. */
function carryOut(
  draft: Draft,
  role: RoleSettings,
  { link, record, contact }: Gone,
  row: RowId,
  answer: Choice | null,
): void {
  if (answer === null) return;
  if (answer !== 'delete') severLink(draft, link, row);
  else if (draft.settings.mode !== 'sync') draft.later = true;
  else if (allowsWriteTo(role.direction, 'marketing')) deleteOnce(draft, role.role, link, record, contact, row, false);
}

/** (D2, D7-D9) The role ends for the person: its id and its lists go, the contact stays. */
function endRole(draft: Draft, role: RoleSettings, pair: Gone, row: RowId, allLists = false): void {
  clearId(draft, role, pair, row);
  endOffLists(draft, role, pair, row, allLists);
}

/** (D11, D12) The marketing contact is gone: nothing is deleted in the CRM, and the person is remembered. (D13, decision 12) */
export function planGoneContact(draft: Draft, role: RoleSettings, link: Link, record: CrmRecord | null): void {
  const row: RowId = role.role === 'contact' ? 'D12' : 'D11';
  severLink(draft, link, row);
  draft.notes.push({
    row,
    text: `Deleted in ${draft.settings.labels.marketing}: kept in ${draft.settings.labels.crm} and not made again.`,
  });
  // An edit of the same cycle does not bring the person back, but is not passed over either. (D16)
  if (record !== null && movedSince(role, link, record)) draft.again = true;
}

/** (D11, D12, C35) A role that is off lets go of a contact that is gone all the same: until then nobody else of the person is planned. */
export function letGo(draft: Draft, role: RoleSettings): void {
  const { link, record } = draft.view.roles[role.role];
  if (link === null || draft.view.marketing?.state !== 'deleted') return;
  planGoneContact(draft, role, link, record);
  draft.again = true;
}

function presentContact(draft: Draft): MarketingRecord | null {
  const { marketing } = draft.view;
  return marketing !== null && marketing.state === 'present' ? marketing : null;
}

/** (S8, S15) A living link in the other role whose record is not gone as well, or a record that waits to be linked or may take over. */
function isRelated(draft: Draft, role: Role, converted: boolean): boolean {
  const other = draft.view.roles[role === 'contact' ? 'lead' : 'contact'];
  if (other.link !== null && other.record?.state !== 'deleted') return true;
  // What a lead was converted into is among them, and takes over rather than relates. (D8)
  if (converted) return false;
  return (
    other.candidates.some((record) => !record.isOrganisation) ||
    other.shadows.some(({ record }) => record?.state === 'present')
  );
}

/** (D8) The person's lead was converted into a contact that nobody is linked to, and that is about to take over. */
export function isConverting(draft: Draft): boolean {
  const { conversion, roles } = draft.view;
  return (
    draft.settings.roles.lead.enabled &&
    roles.lead.record?.state === 'deleted' &&
    conversion !== null &&
    conversion.link === null
  );
}

function successorOf(draft: Draft, record: CrmRecord): DisappearanceFacts['successor'] {
  const { conversion } = draft.view;
  if (record.convertedTo === undefined || conversion === null) return 'none';
  const contact = draft.view.roles.contact;
  if (contact.link !== null && contact.record?.id === conversion.record.id) return 'own';
  if (conversion.link === null || conversion.link.marketingId === draft.view.marketing?.id) return 'free';
  return 'other';
}

function successorRefs(draft: Draft): readonly RecordRef[] {
  const { conversion } = draft.view;
  return conversion === null ? [] : recordRefs('contact', [conversion.record]);
}

function recordRefs(role: Role, records: readonly CrmRecord[]): readonly RecordRef[] {
  return records.map(({ id }) => ({ system: 'crm', entity: role, id }));
}

type Twin = { readonly record: CrmRecord; readonly shadow: Link | null };

/** (D4) The record with the lowest id that shares the person's address and is nobody else's. */
function findTwin(view: RoleView): Twin | null {
  const twins: Twin[] = view.candidates
    .filter((record) => !record.isOrganisation)
    .map((record) => ({ record, shadow: null }));
  for (const { link, record } of view.shadows)
    if (record !== null && record.state === 'present') twins.push({ record, shadow: link });
  return twins.reduce<Twin | null>(
    (least, twin) => (least === null || isLower(twin.record.id, least.record.id) ? twin : least),
    null,
  );
}

function isLower(a: string, b: string): boolean {
  return a.length === b.length ? a < b : a.length < b.length;
}

/** (4.3) Missed only lately: it may come back. */
function isLeftAlone({ settings }: Draft, { state, convertedTo, goneAt }: CrmRecord): boolean {
  if (state !== 'deleted' || convertedTo !== undefined || settings.goneBefore === null) return false;
  return (goneAt ?? '') > settings.goneBefore;
}

function modeOf(draft: Draft, role: RoleSettings): DisappearanceFacts['mode'] {
  if (draft.settings.mode !== 'sync') return 'not-now';
  return allowsWriteTo(role.direction, 'marketing') ? role.delete : 'ignore';
}

/** (D17) Whether a mapped value differs from what both sides last agreed on. */
function wasEdited(role: RoleSettings, link: Link, marketing: MarketingRecord): boolean {
  return role.fields.some((field) => {
    const now = marketingSide(field, marketing.values[field.marketing.name] ?? null).value;
    const { base } = effectiveBase(link, field.key, now, marketing.assumed);
    return base !== null && !sameValue(base.marketing, now);
  });
}

function severLink(draft: Draft, link: Link, row: RowId): void {
  draft.effects.push({ type: 'link-state', linkId: link.id, state: 'severed', because: row, row });
  // Records that had waited beside it belong to nobody now.
  if (ROLES.some((role) => draft.view.roles[role].candidates.length > 0)) draft.again = true;
}

/** (D2, D7) The id of a record that is gone does not stay on the contact. */
function clearId(draft: Draft, role: RoleSettings, { record, contact }: Gone, row: RowId): void {
  if (role.idField === null || !allowsWriteTo(role.direction, 'marketing')) return;
  if ((contact.values[role.idField] ?? null) !== record.id) return;
  const target = marketingDraft(draft, record, contact.email);
  target.rows.push(row);
  target.set[role.idField] = null;
  target.changes[role.idField] = { from: record.id, to: null };
}

/** (D7, D8) The link ends once the last list is left, so that a removal that failed or waits is planned again. */
function endOffLists(
  draft: Draft,
  role: RoleSettings,
  { link, record, contact }: Gone,
  row: RowId,
  all: boolean,
): void {
  const lists = allowsWriteTo(role.direction, 'marketing') ? listsToLeave(draft, role, contact, all) : [];
  if (lists.length === 0) {
    severLink(draft, link, row);
    return;
  }
  if (draft.settings.mode !== 'sync') {
    draft.later = true;
    return;
  }
  for (const [n, { listId, name }] of lists.entries()) {
    const effects: Effect[] = [{ type: 'membership', marketingId: contact.id, listId, member: false }];
    if (n === lists.length - 1)
      effects.push({ type: 'link-state', linkId: link.id, state: 'severed', because: row, row });
    draft.lists.push({
      ...goneFrame(role.role, record, contact, row),
      id: `${draft.view.key}/marketing/${role.role}/list-remove/${name}`,
      lane: 'list',
      kind: 'list-remove',
      changes: { [`list ${name}`]: { from: name, to: null } },
      marketing: { set: {}, leaveList: listId },
      effects,
    });
  }
}

/** A lead's own lists; with `all` every list the contact is known to be on. (D1 `remove-from-lists`) */
function listsToLeave(
  draft: Draft,
  role: RoleSettings,
  contact: MarketingRecord,
  all: boolean,
): readonly { readonly listId: string; readonly name: string }[] {
  const known = draft.settings.roles.lead.statusLists?.lists ?? [];
  const ids = new Set<string>();
  if (role.role === 'lead' || all) {
    for (const { listId } of draft.view.leadLists) if (known.some((list) => list.listId === listId)) ids.add(listId);
  }
  if (all) for (const listId of contact.lists ?? []) ids.add(listId);
  return [...ids].map((listId) => ({ listId, name: known.find((list) => list.listId === listId)?.status ?? listId }));
}

/** (D8) The contact it became takes over, with what both sides agreed on; the next look merges it as any pair. */
function relinkContact(draft: Draft, role: RoleSettings, pair: Gone, row: RowId): void {
  const { link } = pair;
  const { conversion } = draft.view;
  if (conversion === null) return;
  endRole(draft, role, pair, row);
  const contact = draft.settings.roles.contact;
  if (contact.enabled && draft.view.roles.contact.link === null) {
    // Somebody decided that it is this person and not the other. (D10)
    if (conversion.link !== null) severLink(draft, conversion.link, row);
    const keys = new Set(['email', ...contact.fields.map((field) => field.key)]);
    const carried = Object.fromEntries(Object.entries(link.base).filter(([key]) => keys.has(key)));
    draft.effects.push(
      {
        type: 'link',
        role: 'contact',
        crmId: conversion.record.id,
        marketingId: link.marketingId,
        state: 'active',
        because: null,
        row,
      },
      {
        type: 'base',
        role: 'contact',
        crmId: conversion.record.id,
        marketingId: link.marketingId,
        fields: carried,
        unconfirmed: {},
        settled: [],
      },
    );
  }
  draft.again = true;
}

/** (O6) What another record says of consent is seen for the first time: no change of this one. */
function withoutConsent(link: Link): Link['base'] {
  return Object.fromEntries(Object.entries(link.base).filter(([key]) => !CONSENT_KEYS.includes(key)));
}

function promote(draft: Draft, role: RoleSettings, link: Link, twin: Twin): void {
  severLink(draft, link, 'D4');
  const takesOver: Effect =
    twin.shadow === null
      ? {
          type: 'link',
          role: role.role,
          crmId: twin.record.id,
          marketingId: link.marketingId,
          state: 'active',
          because: null,
          row: 'D4',
        }
      : { type: 'link-state', linkId: twin.shadow.id, state: 'active', because: null, row: 'D4' };
  draft.effects.push(takesOver, {
    type: 'base',
    role: role.role,
    crmId: twin.record.id,
    marketingId: link.marketingId,
    fields: withoutConsent(link),
    unconfirmed: link.unconfirmed,
    settled: [],
  });
  draft.again = true;
}

function mark(draft: Draft, role: RoleSettings, pair: Gone, row: RowId): void {
  const { link, record, contact } = pair;
  clearId(draft, role, pair, row);
  const target = marketingDraft(draft, record, contact.email);
  target.rows.push(row);
  target.set[DELETED_MARK] = role.role;
  target.changes[DELETED_MARK] = { from: null, to: role.role };
  target.effects.push({ type: 'link-state', linkId: link.id, state: 'severed', because: row, row });
}
