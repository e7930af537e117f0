// What may stand as somebody's own later choice: edits seen between two looks, never defaults or first looks. (O3, O4, O6)

import type { ConsentFacts } from '../consent/consent.table.ts';
import { EVIDENCE_KEY, type MarketingConsent, ownWord, recordEvidence, SEEN } from '../consent/state-words.ts';
import { allowsWriteTo, type Role } from '../model/identity.ts';
import type { BaseField } from '../model/link.ts';
import type { MarketingRecord } from '../model/record.ts';
import { type Member, saidBefore, type Voice } from './consent-members.ts';
import type { Draft } from './draft.ts';

/** (O3, O4, O6) Seen to change after the opt-out was known here, by an edit no earlier than the opt-out; never at a first look. */
export function isNewer(
  draft: Draft,
  facts: Omit<ConsentFacts, 'optIn'>,
  now: MarketingConsent,
  members: readonly Member[],
): boolean {
  if (
    draft.settings.mode !== 'sync' ||
    facts.crm !== 'in' ||
    facts.crmNews !== 'changed' ||
    facts.marketingNews !== 'same'
  )
    return false;
  if (now.optedOutAt === null) return false;
  // The CRM's times are whole seconds: the second of the opt-out itself still counts as after it.
  const optedOut = Math.floor(Date.parse(now.optedOutAt) / 1000) * 1000;
  return members.some((member) => {
    const { crm, marketing: since } = evidenceOf(draft, { ...member, link: draft.view.roles[member.role].link }, now);
    return (
      crm === 'in' && typeof since === 'string' && Date.parse(since) - draft.settings.consent.clockAheadMs >= optedOut
    );
  });
}

/** Only what a person did between two looks under one configuration counts. (O6) */
function evidenceOf(draft: Draft, voice: Voice, now: MarketingConsent): BaseField {
  return recordEvidence(saidBefore(voice), voice.consent, voice.record.updatedAt, {
    witnessed: draft.settings.mode === 'sync',
    afterOptOut: isAfterOptOut(draft, voice, now),
  });
}

/** Read directly after the opt-out was known here, or last edited in a later second than it. A new opt-out asks anew. */
function isAfterOptOut(draft: Draft, { role, record }: Voice, now: MarketingConsent): boolean | null {
  if (now.word !== 'out') return null;
  if (draft.view.fresh?.includes(freshKey(role, record.id)) === true) return true;
  const { optedOutAt } = now;
  if (optedOutAt !== null && record.updatedAt !== null) {
    const edited = Date.parse(record.updatedAt) - draft.settings.consent.clockAheadMs;
    if (Math.floor(edited / 1000) > Math.floor(Date.parse(optedOutAt) / 1000)) return true;
  }
  return now.news === 'same' ? null : false;
}

export function freshKey(role: Role, id: string): string {
  return `${role}:${id}`;
}

/**
 * Asks for a direct look at the linked records of which it is not known that they said nothing after the opt-out: without it a
 * later opt-in could not be told from one that the feed brings late. What this plan writes is answered with the record anyway.
 */
export function askForLook(draft: Draft, now: MarketingConsent, members: readonly Member[]): void {
  if (now.word !== 'out' || !allowsWriteTo(draft.settings.consent.direction, 'marketing')) return;
  for (const member of members) {
    const { role, record, consent } = member;
    if (ownWord(consent) === 'in') continue;
    if (evidenceOf(draft, { ...member, link: draft.view.roles[role].link }, now).marketing === SEEN) continue;
    const written = draft.lists.some(
      ({ system, entity, crmId }) => system === 'crm' && entity === role && crmId === record.id,
    );
    if (!written) draft.look.push({ role, id: record.id });
  }
}

export function rememberEvidence(
  draft: Draft,
  marketing: MarketingRecord,
  voices: readonly Voice[],
  now: MarketingConsent,
  counts: boolean,
): void {
  for (const voice of voices) {
    const { role, record, link } = voice;
    if (
      link === null &&
      !draft.effects.some((effect) => effect.type === 'link' && effect.role === role && effect.crmId === record.id)
    )
      continue;
    const seen = evidenceOf(draft, voice, now);
    const kept: BaseField = counts || seen.crm !== 'in' ? seen : { crm: seen.crm, marketing: null };
    const before = saidBefore(voice);
    if (before?.crm === kept.crm && before.marketing === kept.marketing) continue;
    draft.effects.push({
      type: 'base',
      role,
      crmId: record.id,
      marketingId: marketing.id,
      fields: { [EVIDENCE_KEY]: kept },
      unconfirmed: {},
      settled: [],
    });
  }
}
