// The CRM record made for a marketing contact: a contact, a lead, or one that keeps an opt-out. (C4, C10, C14-C19, L4, O11-O13)

import { optOutSignal } from '../consent/consent-write.ts';
import { TAGS, withoutConsentTags } from '../consent/own-tags.ts';
import { countingList } from '../lifecycle/lead-lists.ts';
import { allowsWriteTo, ROLES } from '../model/identity.ts';
import type { BaseField, Link } from '../model/link.ts';
import type { RoleView } from '../model/person.ts';
import type { Change, CrmWrite } from '../model/plan.ts';
import type { MarketingRecord } from '../model/record.ts';
import type { RowId } from '../model/row.ts';
import type { RoleSettings } from '../model/settings.ts';
import type { Raw } from '../model/value.ts';
import { emailKey } from '../normalize/email.ts';
import { ask } from './ask.ts';
import { copyFields, holdUnfit } from './copy-fields.ts';
import { addCrmWrite, addHold, type Draft } from './draft.ts';
import { isOptedOutForCrm } from './first-consent.ts';
import { missingNames, qualifies, refusedAddressPaths } from './gates.ts';
import { holdWords } from './hold-words.ts';
import { UNDO_ROW } from './invert-view.ts';
import { STATUS_KEY } from './plan-lead-status.ts';
import { directionOf, staysUndone } from './role-rules.ts';
import { marketingParticipation } from './scope.ts';

/** (C4) Creates the CRM record of a marketing contact that nobody in the CRM matches. */
export function planCrmCreate(draft: Draft, role: RoleSettings, view: RoleView, marketing: MarketingRecord): void {
  const occasion = occasionOf(draft, role, marketing);
  if (occasion === null) return;
  const { status, optOut } = occasion;
  // A link that ended is remembered: nobody is resurrected by a scan. (decision 12)
  const ended = view.severed.filter((link) => link.marketingId === marketing.id);
  if (staysUndone(draft, ended) || ended.some((link) => link.because !== UNDO_ROW && !maySucceed(role, link))) return;
  const { labels, allowNonCustomer } = draft.settings;
  const copied = copyFields(draft, role, 'crm', marketing.values, null, marketing.email);
  const set: Record<string, Raw> = {};
  for (const { field, raw } of copied.values)
    if (raw !== null)
      set[field.crm.path] = field.crm.path === TAGS ? withoutConsentTags(draft.settings.consent, role.role, raw) : raw;

  if (!occasion.recordOnly && !qualifies(null, set, role)) {
    // Whoever is a lead and carries neither mark is a lead alone, wherever contacts need no mark too. (decision 10)
    if (isLead(draft, marketing)) return;
    if (!allowNonCustomer) {
      addHold(draft, role.role, { code: 'NOT_PROSPECT_OR_CUSTOMER', row: 'C14', ...holdWords.notQualified(labels) });
      return;
    }
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
    ask(draft, role.role, 'address-in-use', {
      code: 'EMAIL_TAKEN',
      row: 'C21',
      crmId: null,
      ...holdWords.takenInCrm(labels),
      refs,
    });
    return;
  }
  if (occasion.row === 'L4' && !mayStandBeside(draft, role)) return;
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

/** (4.4) Whether a lead may be made for somebody who is a contact already, or becomes one in this plan. */
function mayStandBeside(draft: Draft, role: RoleSettings): boolean {
  if (role.besideContact) return true;
  const { link, record, candidates, elsewhere } = draft.view.roles.contact;
  const linked = link !== null && record?.state === 'present' ? [record] : [];
  const contacts = [...linked, ...candidates, ...elsewhere].filter(({ isOrganisation }) => !isOrganisation);
  const made = draft.crm.some(({ entity, kind }) => entity === 'contact' && kind === 'create');
  if (contacts.length === 0 && !made) return true;
  const answer = ask(draft, role.role, 'already-contact', {
    code: 'ALREADY_CONTACT',
    row: 'L4',
    crmId: null,
    ...holdWords.alreadyContact(draft.settings.labels),
    refs: contacts.map(({ id }) => ({ system: 'crm', entity: 'contact', id })),
  });
  return answer === 'create';
}

/** On a lead list, linked as a lead, or once linked so: not made a contact by being nothing else. (decision 10, decision 12) */
function isLead({ settings, view }: Draft, marketing: MarketingRecord): boolean {
  const { link, severed } = view.roles.lead;
  return (
    settings.roles.lead.enabled &&
    (view.leadLists.length > 0 || link !== null || severed.some(({ marketingId }) => marketingId === marketing.id))
  );
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

/** Whether the person is a record already, or becomes one in this plan; a role that is off is told of no opt-out. (C35) */
function isKnown({ crm, view, settings }: Draft): boolean {
  return (
    crm.length > 0 ||
    ROLES.some((role) => {
      const { link, candidates } = view.roles[role];
      return !settings.consent.heard.includes(role) && (link !== null || candidates.length > 0);
    })
  );
}

/** Ends that bar nobody: of a shadow, and of a lead whose contact was taken off all lists, so that whoever is on one was put there since. (L4) */
function maySucceed(role: RoleSettings, { because }: Link): boolean {
  if (because === 'C3' || because === 'P5') return true;
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
