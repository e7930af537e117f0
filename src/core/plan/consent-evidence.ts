// What may stand as somebody's own later choice: edits seen between two looks, never defaults or first looks. (O3, O4, O6)

import type { ConsentFacts } from '../consent/consent.table.ts';
import { EVIDENCE_KEY, type MarketingConsent, recordEvidence } from '../consent/state-words.ts';
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
    const since = evidenceOf(draft, { ...member, link: draft.view.roles[member.role].link }).marketing;
    return typeof since === 'string' && Date.parse(since) - draft.settings.consent.clockAheadMs >= optedOut;
  });
}

/** Only what a person did between two looks under one configuration counts. (O6) */
function evidenceOf(draft: Draft, voice: Voice): BaseField {
  return recordEvidence(saidBefore(voice), voice.consent, voice.record.updatedAt, draft.settings.mode === 'sync');
}

export function rememberEvidence(
  draft: Draft,
  marketing: MarketingRecord,
  voices: readonly Voice[],
  counts: boolean,
): void {
  for (const voice of voices) {
    const { role, record, link } = voice;
    if (
      link === null &&
      !draft.effects.some((effect) => effect.type === 'link' && effect.role === role && effect.crmId === record.id)
    )
      continue;
    const seen = evidenceOf(draft, voice);
    const kept: BaseField = counts ? seen : { crm: seen.crm, marketing: null };
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
