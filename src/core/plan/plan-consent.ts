// Consent of one person: opt-outs through holds, pauses and scope; opt-ins only where somebody surely said so. (4.5, decision 8)

import { CONSENT_TABLE, type ConsentFacts, type ConsentOutcome } from '../consent/consent.table.ts';
import { strictest } from '../consent/read-signals.ts';
import { crmWord, isNewlyOut, marketingConsent, saysOut } from '../consent/state-words.ts';
import { allowsWriteTo } from '../model/identity.ts';
import { askForLook, isNewer, rememberEvidence, rememberOthers } from './consent-evidence.ts';
import {
  baseOf,
  bystanders,
  isLinkedNow,
  linkedMembers,
  type Member,
  nameOf,
  othersHeard,
  saidBefore,
  type Voice,
} from './consent-members.ts';
import { holdAll, type Step } from './consent-step.ts';
import { agree, optInInCrm, optOutInCrm, resubscribe, subscribe, unsubscribe } from './consent-writes.ts';
import { addHold, type Draft } from './draft.ts';
import { holdWords } from './hold-words.ts';

/** Runs after both roles, so that it knows who is linked by this plan and whether anything else changes. */
export function planConsent(draft: Draft): void {
  const { consent } = draft.settings;
  const { marketing } = draft.view;
  if (!consent.enabled || marketing === null || marketing.state !== 'present') return;
  const members = linkedMembers(draft, consent);
  const others = bystanders(draft, consent, members);
  const crm = strictest(
    members.map((member) => member.consent),
    others.map((other) => other.consent),
  );
  if (crm === null) return;
  const heard = othersHeard(draft, members);
  const voices: readonly Voice[] = [
    ...members.map((member) => ({ ...member, link: draft.view.roles[member.role].link })),
    ...others,
  ];
  const base = baseOf(draft, members);
  const crmNow = crmWord(crm);
  const now = marketingConsent(marketing, base?.marketing ?? null, draft.view.optedOutAt);
  const facts: Omit<ConsentFacts, 'optIn'> = {
    crm: crmNow,
    marketing: now.word,
    // An opt-out beside one that was known already is a new choice all the same, of a record met now as well. (O10, P5, decision 21)
    crmNews:
      base === null
        ? 'first'
        : base.crm !== crmNow || voices.some((voice) => speaksAnew(draft, voice, heard))
          ? 'changed'
          : 'same',
    marketingNews: now.news,
    optOutBy: now.optOutBy,
    targets: consent.direction,
  };
  const row = CONSENT_TABLE.decide({ ...facts, optIn: isNewer(draft, facts, now, members) ? 'newer' : 'not-newer' });
  noteContradictions(draft, members);
  const step: Step = {
    draft,
    consent,
    marketing,
    members,
    voices,
    crm,
    row: row.id,
    because: row.because,
    at: now.optedOutAt,
    othersOptedOut: others.some(({ consent: { state, derived } }) => state === 'optedOut' && !derived),
    now: { crm: crmNow, marketing: now.remembered },
    news: facts,
  };
  // An opt-in that stood beside an opt-out, or lost against one, is nobody's later choice. (P3, P5, O4, O10)
  // A no that is carried over now is heard once it has arrived: until then it is new at each look. (O1, O10)
  rememberEvidence(
    draft,
    marketing,
    row.then === 'unsubscribe' ? voices.filter(({ consent }) => !saysOut(consent)) : voices,
    now,
    crmNow !== 'out' && row.then !== 'hold-conflict' && row.then !== 'opt-out-crm',
  );
  if (row.then !== 'unsubscribe') draft.effects.push(...rememberOthers(draft, marketing, members, voices));
  carryOut(step, row.then, base === null);
  askForLook(draft, now, members);
}

function speaksAnew(draft: Draft, voice: Voice, heard: ReadonlySet<string>): boolean {
  const before = saidBefore(voice);
  if (before !== null) return isNewlyOut(before, voice.consent);
  return saysOut(voice.consent) && (voice.link === null || isLinkedNow(draft, voice)) && !heard.has(nameOf(voice));
}

function carryOut(step: Step, outcome: ConsentOutcome, firstLook: boolean): void {
  const { draft, consent, marketing } = step;
  switch (outcome) {
    case 'nothing':
      agree(step);
      return;
    case 'wait':
      return;
    case 'unsubscribe':
      unsubscribe(step);
      if (allowsWriteTo(consent.direction, 'crm')) optOutInCrm(step);
      return;
    case 'subscribe':
      subscribe(step);
      return;
    case 'resubscribe':
      resubscribe(step);
      return;
    case 'hold-conflict':
      holdAll(step, 'CONSENT_CONFLICT', holdWords.consentConflict(draft.settings.labels));
      return;
    case 'refused':
      holdAll(
        step,
        'CONSENT_REFUSED_BY_DOTDIGITAL',
        holdWords.consentRefused(marketing.channel.reason, draft.settings.labels),
      );
      return;
    case 'opt-out-crm':
      if (consent.optOutTrigger === 'immediate' || changesOtherwise(draft) || firstLook) optOutInCrm(step);
      return;
    case 'opt-in-crm':
      if (consent.optInTrigger === 'immediate' || changesOtherwise(draft)) optInInCrm(step);
      return;
    default:
      outcome satisfies never;
  }
}

/** (S22) Anything else of the person that goes to the CRM in this plan. */
function changesOtherwise(draft: Draft): boolean {
  return draft.crm.length > 0;
}

function noteContradictions(draft: Draft, members: readonly Member[]): void {
  for (const { role, record, consent } of members) {
    if (!consent.contradiction) continue;
    addHold(draft, role, {
      code: 'CONSENT_CONTRADICTION',
      row: 'P3',
      crmId: record.id,
      ...holdWords.consentContradiction(consent.signal, draft.settings.labels),
    });
  }
}
