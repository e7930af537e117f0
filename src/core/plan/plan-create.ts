// Creates: a marketing contact for a CRM record, or a CRM record for a marketing contact. (C1, C4, C10-C19)

import { optOutSignal } from '../consent/consent-write.ts';
import { countingList, listOfStatus } from '../lifecycle/lead-lists.ts';
import type { CompiledField } from '../mapping/compiled-field.ts';
import { writeCrm, writeMarketing } from '../mapping/convert.ts';
import type { Reading, Writing } from '../mapping/reading.ts';
import { crmSide, marketingSide } from '../merge/merge-field.ts';
import { allowsWriteTo, narrowDirection, ROLES, type System } from '../model/identity.ts';
import type { BaseField, Link, Unconfirmed } from '../model/link.ts';
import type { RoleView } from '../model/person.ts';
import type { Change, CrmWrite } from '../model/plan.ts';
import type { CrmRecord, MarketingRecord } from '../model/record.ts';
import type { RowId } from '../model/row.ts';
import type { RoleSettings } from '../model/settings.ts';
import type { Raw, Value } from '../model/value.ts';
import { isBlockedLocalPart } from '../normalize/blocked-local-part.ts';
import { emailKey } from '../normalize/email.ts';
import { addCrmWrite, addHold, type Draft, type MarketingDraft, marketingDraft } from './draft.ts';
import { missingNames, qualifies, refusedAddressPaths } from './gates.ts';
import { holdWords } from './hold-words.ts';
import { UNDO_ROW } from './invert-view.ts';
import { firstConsent, isOptedOutForCrm } from './plan-consent.ts';
import { STATUS_KEY } from './plan-lead-status.ts';
import { directionOf, holdDefaulted, holdShadow, holdUnmappable } from './role-rules.ts';
import { crmParticipation, marketingParticipation } from './scope.ts';

/** (C1) Creates the marketing contact of `record`, or joins the contact that this plan creates already. */
export function planMarketingCreate(
  draft: Draft,
  role: RoleSettings,
  view: RoleView,
  record: CrmRecord,
  others: readonly CrmRecord[],
): void {
  if (crmParticipation(record, role).type === 'out') return;
  if (staysDeleted(draft, role, view, record)) return;
  const address = mailableAddress(draft, role, view, record);
  if (address === null) return;
  const { labels } = draft.settings;
  const missing = draft.settings.namesRequiredFor === 'both' ? missingNames(record, {}, role.fields) : null;
  if (missing !== null) {
    addHold(draft, role.role, {
      code: 'NAME_MISSING',
      row: role.role === 'contact' ? 'C11' : 'L14',
      crmId: record.id,
      email: address,
      ...holdWords.nameMissing(missing, labels),
    });
    return;
  }
  const copied = copyFields(draft, role, 'marketing', record.values, record.id, address);
  if (holdUnfit(draft, role, 'marketing', copied, record.id, address) && !draft.settings.partialWrite) return;

  const target = marketingDraft(draft, role.role, address);
  target.rows.push(role.role === 'contact' ? 'C1' : 'L2');
  if (target.channel === null) setFirstChannel(draft, target, address);
  const unconfirmed: Record<string, Unconfirmed> = { email: { from: null, to: address, crm: address, tries: 1 } };
  const agreed: Record<string, BaseField> = {};
  target.changes['email'] = { from: null, to: address };
  for (const { field, value, raw } of copied.values) {
    if (target.results.has(field.key)) continue;
    target.results.set(field.key, value);
    if (value === null) {
      agreed[field.key] = { crm: null, marketing: null };
      continue;
    }
    target.set[field.marketing.name] = raw;
    target.changes[field.marketing.name] = { from: null, to: value };
    unconfirmed[field.key] = { from: null, to: value, crm: value, tries: 1 };
  }
  joinStatusList(draft, role, record, target, agreed);
  if (role.idField !== null) target.set[role.idField] = record.id;
  // In scope by definition: what the sync itself creates must not fall out of a list filter at once. (C32)
  const [scopeList] = role.scope.marketingLists;
  if (scopeList !== undefined && !target.lists.includes(scopeList)) target.lists.push(scopeList);
  target.effects.push(
    {
      type: 'link',
      role: role.role,
      crmId: record.id,
      marketingId: null,
      state: 'active',
      because: null,
      row: role.role === 'contact' ? 'C1' : 'L2',
    },
    { type: 'base', role: role.role, crmId: record.id, marketingId: null, fields: agreed, unconfirmed, settled: [] },
  );
  for (const other of others) {
    target.effects.push({
      type: 'link',
      role: role.role,
      crmId: other.id,
      marketingId: null,
      state: 'shadow',
      because: 'C3',
      row: 'C3',
    });
    holdShadow(draft, role, other);
  }
}

/** (L2) A lead's contact starts on the list of its status. */
function joinStatusList(
  draft: Draft,
  role: RoleSettings,
  record: CrmRecord,
  target: MarketingDraft,
  agreed: Record<string, BaseField>,
): void {
  if (role.statusLists === null || record.status === null) return;
  const list = listOfStatus(role.statusLists, record.status);
  if (list === null) {
    addHold(draft, role.role, {
      code: 'LEAD_STATUS_UNKNOWN',
      row: 'L13',
      crmId: record.id,
      email: record.email,
      ...holdWords.statusUnknown(record.status, draft.settings.labels),
    });
    return;
  }
  agreed[STATUS_KEY] = { crm: record.status, marketing: record.status };
  target.changes[`list ${list.status}`] = { from: null, to: list.status };
  if (list.listId === null) return;
  target.lists.push(list.listId);
  target.effects.push({ type: 'membership', marketingId: null, listId: list.listId, member: true });
}

/** (D13) A contact that was deleted in marketing is not made again unless the setting says so. */
function staysDeleted(draft: Draft, role: RoleSettings, view: RoleView, record: CrmRecord): boolean {
  if (
    isUndone(
      draft,
      view.severed.filter((link) => link.crmId === record.id),
    )
  )
    return true;
  if (role.afterMarketingDelete === 'recreate') return false;
  const tombstone = view.severed.find((link) => link.crmId === record.id && link.because?.startsWith('D') === true);
  if (tombstone === undefined) return false;
  draft.notes.push({ row: 'D13', text: 'Stays deleted: the contact was deleted in marketing before.' });
  return true;
}

/** (decision 27) What an undo took away is made again by an alignment, which is asked for, and by nothing else. */
function isUndone(draft: Draft, severed: readonly Link[]): boolean {
  if (draft.settings.mode === 'align' || !severed.some((link) => link.because === UNDO_ROW)) return false;
  draft.notes.push({ row: UNDO_ROW, text: 'Stays as the undo left it: an alignment makes it again.' });
  return true;
}

/** The record's address in normal form, or null after the reason was held. (C18, C19, C24) */
function mailableAddress(draft: Draft, role: RoleSettings, view: RoleView, record: CrmRecord): string | null {
  const { labels } = draft.settings;
  const reading = emailKey(record.email);
  if (reading.type === 'blank') {
    const removed = view.severed.some((link) => link.crmId === record.id && link.because === 'C24');
    if (removed)
      addHold(draft, role.role, {
        code: 'EMAIL_REMOVED',
        row: 'C24',
        crmId: record.id,
        ...holdWords.emailRemoved(labels),
      });
    else
      addHold(draft, role.role, {
        code: 'EMAIL_MISSING',
        row: role.role === 'contact' ? 'C18' : 'L15',
        crmId: record.id,
        ...holdWords.emailMissing(labels),
      });
    return null;
  }
  if (reading.type === 'invalid') {
    addHold(draft, role.role, {
      code: 'EMAIL_INVALID',
      row: 'C19',
      crmId: record.id,
      email: record.email,
      ...holdWords.emailInvalid(reading.why, labels),
    });
    return null;
  }
  if (isBlockedLocalPart(reading.key)) {
    addHold(draft, role.role, {
      code: 'EMAIL_BLOCKED',
      row: 'C19',
      crmId: record.id,
      email: record.email,
      ...holdWords.emailBlocked(labels),
    });
    return null;
  }
  return reading.key;
}

/** (O16, C22, C23) The channel of a new contact is always said: the service's own default is "subscribed". */
function setFirstChannel(draft: Draft, target: MarketingDraft, address: string): void {
  // Whichever of the person's records the opt-out came with, extra ones included: it is the person's. (P5)
  const optedOutBefore = ROLES.some((role) => draft.view.roles[role].severed.some((link) => link.because === 'C23'));
  if (optedOutBefore || draft.view.suppressedAddresses.includes(address)) {
    target.channel = { state: 'unsubscribed' };
    target.rows.push(optedOutBefore ? 'C23' : 'C22');
    return;
  }
  const known = firstConsent(draft);
  if (known !== null) {
    const { optInType } = known;
    target.channel =
      known.state === 'unsubscribed'
        ? { state: draft.settings.consent.optOutAs }
        : { state: 'subscribed', challenge: true, ...(optInType === undefined ? {} : { optInType }) };
    target.rows.push(known.row);
    return;
  }
  const state = draft.settings.consent.unknownConsentAs;
  target.channel = state === 'subscribed' ? { state, challenge: true } : { state };
  target.rows.push('O16');
}

/** (C4) Creates the CRM record of a marketing contact that nobody in the CRM matches. */
export function planCrmCreate(draft: Draft, role: RoleSettings, view: RoleView, marketing: MarketingRecord): void {
  const occasion = occasionOf(draft, role, marketing);
  if (occasion === null) return;
  const { status, optOut } = occasion;
  // A link that ended is remembered: nobody is resurrected by a scan. (decision 12)
  const ended = view.severed.filter((link) => link.marketingId === marketing.id);
  if (isUndone(draft, ended) || ended.some((link) => link.because !== UNDO_ROW && !maySucceed(role, link))) return;
  const { labels, allowNonCustomer } = draft.settings;
  const copied = copyFields(draft, role, 'crm', marketing.values, null, marketing.email);
  const set: Record<string, Raw> = {};
  for (const { field, raw } of copied.values) if (raw !== null) set[field.crm.path] = raw;

  if (!occasion.recordOnly && !allowNonCustomer && !qualifies(null, set, role)) {
    // Somebody on a lead list without either mark is a lead, not a contact that waits. (decision 10)
    if (draft.settings.roles.lead.enabled && draft.view.leadLists.length > 0) return;
    addHold(draft, role.role, { code: 'NOT_PROSPECT_OR_CUSTOMER', row: 'C14', ...holdWords.notQualified(labels) });
    return;
  }
  const reading = emailKey(marketing.email);
  if (reading.type === 'blank') {
    addHold(draft, role.role, { code: 'EMAIL_MISSING', row: 'C18', ...holdWords.marketingEmailMissing(labels) });
    return;
  }
  if (reading.type === 'invalid') {
    addHold(draft, role.role, { code: 'EMAIL_INVALID', row: 'C19', ...holdWords.emailInvalid(reading.why, labels) });
    return;
  }
  if (view.elsewhere.length > 0) {
    const refs = view.elsewhere.map((record) => ({ system: 'crm', entity: role.role, id: record.id }) as const);
    addHold(draft, role.role, { code: 'EMAIL_TAKEN', row: 'C21', ...holdWords.takenInCrm(labels), refs });
    return;
  }
  const missing = missingNames(null, set, role.fields);
  if (missing !== null) {
    addHold(draft, role.role, {
      code: 'NAME_MISSING',
      row: occasion.recordOnly ? 'O12' : role.role === 'contact' ? 'C10' : 'L14',
      ...holdWords.nameMissing(missing, labels),
    });
    return;
  }
  const refused = refusedAddressPaths(null, set, role);
  if (refused.length > 0) {
    addHold(draft, role.role, {
      code: 'ADDRESS_INVALID',
      row: 'C16',
      field: refused[0] ?? null,
      ...holdWords.addressRefused(refused, labels),
    });
    for (const path of refused) delete set[path];
  }
  const unfit = holdUnfit(draft, role, 'crm', copied, null, reading.key);
  if ((unfit || refused.length > 0) && !draft.settings.partialWrite) return;

  const changes: Record<string, Change> = { email: { from: null, to: reading.key } };
  const fields: Record<string, BaseField> = { email: { crm: reading.key, marketing: reading.key } };
  for (const { field, value } of copied.values) {
    if (refused.includes(field.crm.path)) continue;
    if (value !== null) changes[field.crm.path] = { from: null, to: value };
    // A blank status becomes the CRM's default there: left without a base, it is merged on the next look. (C2)
    if (value !== null || field.crm.fallback === undefined) fields[field.key] = { crm: value, marketing: value };
  }
  if (status !== null) {
    changes['status'] = { from: null, to: status };
    fields[STATUS_KEY] = { crm: status, marketing: status };
  }
  const tags = [...scopeTags(role), ...(optOut?.tags ?? [])];
  if (optOut !== null) changes['consent'] = { from: null, to: 'optedOut' };
  const write: CrmWrite = {
    set: { ...set, ...optOut?.set },
    email: reading.key,
    ...(status === null ? {} : { status }),
    ...(tags.length === 0 ? {} : { addTags: tags }),
  };
  const { row } = occasion;
  const rows: RowId[] = optOut === null || row === 'O11' ? [row] : [row, 'L19'];
  addCrmWrite(draft, role.role, null, {
    rows,
    write,
    email: reading.key,
    changes,
    effects: [
      { type: 'link', role: role.role, crmId: null, marketingId: marketing.id, state: 'active', because: null, row },
      { type: 'base', role: role.role, crmId: null, marketingId: marketing.id, fields, unconfirmed: {}, settled: [] },
    ],
  });
}

/** Tag of records that exist only to keep an opt-out. (O11) */
const OPT_OUT_RECORD = 'dotdigital-opt-out-record';

interface Occasion {
  readonly row: RowId;
  readonly status: string | null;
  /** Signals that say the opt-out from the first moment. */
  readonly optOut: ReturnType<typeof optOutSignal> | null;
  /** Made to keep an opt-out, not to sell: the prospect-or-customer mark does not apply. (decision 20) */
  readonly recordOnly: boolean;
}

/** Why a CRM record would be made for this contact: as a contact, as a lead, to keep an opt-out, or not at all. (C4, L4, O11-O13, L19) */
function occasionOf(draft: Draft, role: RoleSettings, marketing: MarketingRecord): Occasion | null {
  const { consent } = draft.settings;
  const optedOut = isOptedOutForCrm(draft, marketing);
  const status = leadStatusOf(draft, role);
  const direction = directionOf(draft, role);
  const ordinary =
    direction !== null && allowsWriteTo(direction, 'crm') && marketingParticipation(marketing, role).type === 'in';
  if (role.role === 'lead' && status !== 'not-a-lead') {
    if (!ordinary) return null;
    return { row: 'L4', status, optOut: optedOut === 'no' ? null : optOutSignal(consent, 'lead'), recordOnly: false };
  }
  if (optedOut === 'no')
    return role.role === 'contact' && ordinary ? { row: 'C4', status: null, optOut: null, recordOnly: false } : null;
  const permitted = optedOut === 'yes' && consent.createSuppressed && consent.createSuppressedAs === role.role;
  if (!permitted || isKnown(draft)) return null;
  const signal = optOutSignal(consent, role.role);
  return { row: 'O11', status: null, optOut: { ...signal, tags: [...signal.tags, OPT_OUT_RECORD] }, recordOnly: true };
}

/** Whether the person is a record of either role already, or becomes one in this plan. */
function isKnown(draft: Draft): boolean {
  return (
    draft.crm.length > 0 ||
    Object.values(draft.view.roles).some((view) => view.link !== null || view.candidates.length > 0)
  );
}

/** Ends that bar nobody: of a shadow, and of a lead whose contact was taken off all lists, so that whoever is on one was put there since. (L4) */
function maySucceed(role: RoleSettings, { because }: Link): boolean {
  if (because === 'C3') return true;
  return (
    role.role === 'lead' &&
    allowsWriteTo(role.direction, 'marketing') &&
    (because === 'D7' || because === 'D8' || because === 'D9')
  );
}

/** (L4, L13) Only a contact on a lead list becomes a lead; null = the role has no statuses. */
function leadStatusOf(draft: Draft, role: RoleSettings): string | null | 'not-a-lead' {
  if (role.role !== 'lead') return null;
  const counting = role.statusLists === null ? null : countingList(draft.view.leadLists, role.statusLists, null);
  if (counting === null) return 'not-a-lead';
  if (counting.guessed)
    addHold(draft, role.role, {
      code: 'LIST_ORDER_UNKNOWN',
      row: 'L6',
      ...holdWords.listOrderUnknown(draft.settings.labels),
    });
  if (counting.list.known) return counting.list.status;
  addHold(draft, role.role, {
    code: 'LEAD_STATUS_UNKNOWN',
    row: 'L13',
    ...holdWords.statusUnknown(counting.list.status, draft.settings.labels),
  });
  return 'not-a-lead';
}

/** What the sync itself creates must not fall out of a tag filter at once. (C32) */
function scopeTags(role: RoleSettings): readonly string[] {
  return role.scope.crmTags.slice(0, 1);
}

interface Copied {
  readonly values: readonly { readonly field: CompiledField; readonly value: Value; readonly raw: Raw }[];
  /** The fields that could not be copied; the caller holds them when it comes that far. */
  readonly unfit: readonly { readonly field: CompiledField; readonly why: string }[];
}

/** Converts all of one side's values for the other; what does not fit is named, never guessed. (C12, C13, C28) */
function copyFields(
  draft: Draft,
  role: RoleSettings,
  target: System,
  source: Readonly<Record<string, Raw>>,
  crmId: string | null,
  email: string | null,
): Copied {
  const direction = directionOf(draft, role);
  const values: { field: CompiledField; value: Value; raw: Raw }[] = [];
  const unfit: { field: CompiledField; why: string }[] = [];
  for (const field of role.fields) {
    const allowed = direction === null ? null : narrowDirection(direction, field.direction);
    if (allowed === null || !allowsWriteTo(allowed, target) || (target === 'crm' && !field.crm.writable)) continue;
    const side =
      target === 'marketing'
        ? crmSide(field, source[field.crm.path] ?? null)
        : marketingSide(field, source[field.marketing.name] ?? null);
    const writing: Writing | Extract<Reading, { type: 'unmappable' }> =
      side.why !== null
        ? { type: 'unmappable', why: side.why }
        : side.value === null
          ? { type: 'ok', raw: null }
          : target === 'marketing'
            ? writeMarketing(field, side.value)
            : writeCrm(field, side.value);
    if (side.defaulted) holdDefaulted(draft, role, field, crmId, email);
    if (writing.type === 'unmappable') {
      unfit.push({ field, why: writing.why });
      continue;
    }
    values.push({ field, value: side.value, raw: writing.raw });
  }
  return { values, unfit };
}

/** (C28) Holds each value that does not fit; true when there was one. */
function holdUnfit(
  draft: Draft,
  role: RoleSettings,
  target: System,
  copied: Copied,
  crmId: string | null,
  email: string | null,
): boolean {
  for (const { field, why } of copied.unfit) holdUnmappable(draft, role, field, target, why, crmId, email);
  return copied.unfit.length > 0;
}
