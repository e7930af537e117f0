// The marketing contact made for a CRM record, its consent said from the first moment. (C1, C11, C18-C19, L2)

import { CONSENT_KEY, rememberedMade } from '../consent/state-words.ts';
import { listOfStatus } from '../lifecycle/lead-lists.ts';
import { ROLES } from '../model/identity.ts';
import type { BaseField, Link, Unconfirmed } from '../model/link.ts';
import type { RoleView } from '../model/person.ts';
import type { Effect } from '../model/plan.ts';
import type { CrmRecord } from '../model/record.ts';
import type { RoleSettings } from '../model/settings.ts';
import { isBlockedLocalPart } from '../normalize/blocked-local-part.ts';
import { emailKey } from '../normalize/email.ts';
import { ask } from './ask.ts';
import { copyFields, holdUnfit } from './copy-fields.ts';
import { addHold, type Draft, type MarketingDraft, marketingDraft } from './draft.ts';
import { firstConsent } from './first-consent.ts';
import { missingNames } from './gates.ts';
import { holdWords } from './hold-words.ts';
import { OPTED_OUT_KEY, STATUS_KEY } from './plan-lead-status.ts';
import { holdShadow, movedSince, staysUndone } from './role-rules.ts';
import { crmParticipation } from './scope.ts';

/** (C1) Creates the marketing contact of `record`, or joins the contact that this plan creates already. */
export function planMarketingCreate(
  draft: Draft,
  role: RoleSettings,
  view: RoleView,
  record: CrmRecord,
  others: readonly CrmRecord[],
): void {
  if (crmParticipation(record, role).type === 'out') return;
  if (staysDeleted(draft, role, view, record)) {
    const asked = others.find((other) => comesBackAs(draft, role, view, record, other));
    if (asked !== undefined)
      planMarketingCreate(draft, role, view, asked, [record, ...others.filter((other) => other !== asked)]);
    return;
  }
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

  const target = marketingDraft(draft, record, address);
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
  // Nobody's no, which the sync must not meet as one afterwards. (O16, C31)
  if (target.rows.includes('O16') && target.channel?.state === 'unsubscribed') {
    agreed[CONSENT_KEY] = { crm: 'unknown', marketing: rememberedMade(draft.view.optedOutAt) };
    target.effects.push(madeForWantOfAWord(record.id, labels.marketing));
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

/** (O16) What the ledger says of somebody who is unsubscribed and never said so. */
function madeForWantOfAWord(crmId: string, marketing: string): Effect {
  return {
    type: 'consent',
    system: 'crm',
    state: 'unknown',
    signal: 'nothing known',
    effectiveAt: null,
    row: 'O16',
    crmId,
    marketingId: null,
    written: `unsubscribed in ${marketing}`,
  };
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
  // Whoever opts in before the first look may be on no list by then. (decision 24)
  if (target.channel !== null && target.channel.state !== 'subscribed')
    agreed[OPTED_OUT_KEY] = { crm: null, marketing: true };
  target.changes[`list ${list.status}`] = { from: null, to: list.status };
  if (list.listId === null) return;
  target.lists.push(list.listId);
  target.effects.push({ type: 'membership', marketingId: null, listId: list.listId, member: true });
}

/** (D13) A contact that was deleted in marketing is not made again, unless the setting or somebody says so. */
function staysDeleted(draft: Draft, role: RoleSettings, view: RoleView, record: CrmRecord): boolean {
  if (
    staysUndone(
      draft,
      view.severed.filter((link) => link.crmId === record.id),
    )
  )
    return true;
  if (role.afterMarketingDelete === 'recreate') return false;
  const tombstone = view.severed.findLast((link) => link.crmId === record.id && link.because?.startsWith('D') === true);
  if (tombstone === undefined) return false;
  draft.notes.push({ row: 'D13', text: 'Stays deleted: the contact was deleted in marketing before.' });
  return !movedSince(role, tombstone, record) || !isRestored(draft, role, tombstone, record);
}

/** (D13) Whether somebody whose contact stays deleted is to come back with another record of theirs, one that was never a contact. */
function comesBackAs(draft: Draft, role: RoleSettings, view: RoleView, gone: CrmRecord, other: CrmRecord): boolean {
  if (crmParticipation(other, role).type === 'out' || view.severed.some((link) => link.crmId === other.id))
    return false;
  const tombstone = view.severed.findLast((link) => link.crmId === gone.id && link.because?.startsWith('D') === true);
  return tombstone !== undefined && isRestored(draft, role, tombstone, other);
}

/** A modification after the delete is nobody's order to undo it, and nobody's to forget: somebody is asked. (R10) */
function isRestored(draft: Draft, role: RoleSettings, tombstone: Link, record: CrmRecord): boolean {
  const answer = ask(draft, role.role, 'stays-deleted', {
    code: 'EDITED_AFTER_DELETE',
    row: 'D13',
    crmId: record.id,
    email: record.email,
    ...holdWords.staysDeleted(draft.settings.labels),
    // Each delete is a question of its own: a contact may come back under its old id.
    about: [tombstone.id],
  });
  return answer === 'restore';
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
  const optedOutBefore = ROLES.some((role) =>
    draft.view.roles[role].severed.some(({ because }) => because === 'C23' || because === 'P5'),
  );
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
