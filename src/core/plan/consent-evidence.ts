// What may stand as somebody's own later choice: edits seen between two looks, never defaults or first looks. (O3, O4, O6)

import type { ConsentFacts } from '../consent/consent.table.ts';
import {
  EVIDENCE_KEY,
  type MarketingConsent,
  OTHERS_KEY,
  ownWord,
  recordEvidence,
  seenVersion,
} from '../consent/state-words.ts';
import { allowsWriteTo, type Role } from '../model/identity.ts';
import type { BaseField } from '../model/link.ts';
import type { Effect } from '../model/plan.ts';
import type { MarketingRecord } from '../model/record.ts';
import { hasLink, type Member, othersOut, saidBefore, type Voice } from './consent-members.ts';
import type { Draft } from './draft.ts';

/** (O3, O4, O6) Seen to change in a record that said nothing after the opt-out was known here; never at a first look. */
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
    facts.marketingNews !== 'same' ||
    now.optedOutAt === null
  )
    return false;
  return members.some((member) => {
    const { crm, marketing } = evidenceOf(draft, { ...member, link: draft.view.roles[member.role].link }, now);
    return crm === 'in' && typeof marketing === 'string';
  });
}

/** Only what a person did between two looks under one configuration counts. (O6) */
function evidenceOf(draft: Draft, voice: Voice, now: MarketingConsent): BaseField {
  return recordEvidence(saidBefore(voice), voice.consent, voice.record.updatedAt, {
    witnessed: draft.settings.mode === 'sync',
    afterOptOut: isAfterOptOut(draft, voice, now),
  });
}

/** Read directly after the opt-out was known here. A new opt-out asks anew. */
function isAfterOptOut(draft: Draft, { role, record }: Voice, now: MarketingConsent): boolean | null {
  if (now.word !== 'out') return null;
  if (draft.view.fresh?.includes(freshKey(role, record.id)) === true) return true;
  return now.news === 'same' ? null : false;
}

function freshKey(role: Role, id: string): string {
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
    const known = evidenceOf(draft, { ...member, link: draft.view.roles[role].link }, now);
    if (seenVersion(known) !== null) continue;
    const written = draft.lists.some(
      ({ system, entity, crmId }) => system === 'crm' && entity === role && crmId === record.id,
    );
    if (!written) draft.look.push({ role, id: record.id });
  }
}

/** Whose no is known of records without a link, remembered with each link of the person. */
export function rememberOthers(
  draft: Draft,
  { id }: MarketingRecord,
  members: readonly Member[],
  voices: readonly Voice[],
): readonly Effect[] {
  const others = othersOut(draft, voices);
  return members.flatMap(({ role, record }): readonly Effect[] => {
    const before = draft.view.roles[role].link?.base[OTHERS_KEY]?.crm ?? null;
    if (before === others) return [];
    const fields = { [OTHERS_KEY]: { crm: others, marketing: null } };
    return [{ type: 'base', role, crmId: record.id, marketingId: id, fields, unconfirmed: {}, settled: [] }];
  });
}

export function rememberEvidence(
  draft: Draft,
  marketing: MarketingRecord,
  voices: readonly Voice[],
  now: MarketingConsent,
  counts: boolean,
): void {
  for (const voice of voices) {
    const { role, record } = voice;
    if (!hasLink(draft, voice)) continue;
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
