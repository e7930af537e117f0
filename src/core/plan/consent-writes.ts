// What a decision about consent writes: opt-outs in a lane of their own, opt-ins only where a person's sync may loosen. (O1-O10)

import { consentWrite } from '../consent/consent-write.ts';
import { isOut, ownWord, rememberedSent, saysOut, seenAfter } from '../consent/state-words.ts';
import { allowsWriteTo } from '../model/identity.ts';
import type { Effect } from '../model/plan.ts';
import type { OptInType } from '../model/record.ts';
import { rememberOthers } from './consent-evidence.ts';
import { hasLink } from './consent-members.ts';
import { evidence, fact, holdAll, pushCrm, pushMarketing, remember, type Step } from './consent-step.ts';
import { holdWords } from './hold-words.ts';

/**
 * Alignments and changes of the configuration loosen nothing: the next ordinary run does, under its brake. (4.8, O6, O17)
 * Where the two addresses differ, a yes waits until it is settled whose address is whose. (decision 8, C21)
 */
function mayOptIn({ draft, members }: Step): boolean {
  if (draft.settings.mode !== 'sync') draft.later = true;
  return draft.settings.mode === 'sync' && members.some((member) => member.active && member.sharesAddress);
}

export function agree(step: Step): void {
  const both = step.news.crm === 'out' && isOut(step.news.marketing);
  if (both && allowsWriteTo(step.consent.direction, 'crm')) optOutInCrm(step);
  else remember(step, step.now, step.draft.effects);
}

/** (O1, O10) In a lane of its own, before any other write. */
export function unsubscribe(step: Step): void {
  const state = step.consent.optOutAs;
  const effects: Effect[] = [
    fact(step, 'crm', 'optedOut', step.row, `${state} in ${step.draft.settings.labels.marketing}`),
  ];
  remember(step, { crm: step.now.crm, marketing: rememberedSent(step.draft.view.optedOutAt) }, effects);
  // The opt-out is these records' own word: whatever they say afterwards is said later.
  for (const voice of step.voices) {
    const { role, record, consent } = voice;
    if (saysOut(consent) && hasLink(step.draft, voice))
      effects.push(evidence(step, role, record.id, { crm: ownWord(consent), marketing: seenAfter(record.updatedAt) }));
  }
  effects.push(...rememberOthers(step.draft, step.marketing, step.members, step.voices));
  pushMarketing(step, 'opt-out', { set: {}, channel: { state } }, { from: step.news.marketing, to: state }, effects);
  // Whether a contact keeps its status under another address is up to the account: the no is said with it once more. (C23)
  const { marketing } = step.draft;
  if (marketing?.renameTo != null) {
    marketing.channel = { state };
    marketing.rows.push('C23');
  }
}

const OPT_IN_TYPES: readonly OptInType[] = ['unknown', 'single', 'double', 'verifiedDouble'];

/** (O2) The opt-in type is never lowered. */
export function subscribe(step: Step): void {
  if (!mayOptIn(step)) return;
  const { optInType } = step.consent;
  const raises = OPT_IN_TYPES.indexOf(optInType) > OPT_IN_TYPES.indexOf(step.marketing.channel.optInType);
  const effects: Effect[] = [
    fact(step, 'crm', 'optedIn', step.row, `subscribed in ${step.draft.settings.labels.marketing}`),
  ];
  remember(step, step.now, effects);
  pushMarketing(
    step,
    'opt-in',
    { set: {}, channel: { state: 'subscribed', challenge: true, ...(raises ? { optInType } : {}) } },
    { from: step.news.marketing, to: 'subscribed' },
    effects,
  );
}

/** (O3) The answer says what became of it; until the person is read back as subscribed, the opt-out stays in the base. */
export function resubscribe(step: Step): void {
  const { consent, draft } = step;
  if (consent.resubscribe === 'hold') {
    holdAll(step, 'CONSENT_CONFLICT', holdWords.consentHeld(draft.settings.labels));
    return;
  }
  if (!mayOptIn(step)) return;
  const challenge = consent.resubscribe === 'challenge';
  const written = challenge
    ? `confirmation asked for by ${draft.settings.labels.marketing}`
    : `resubscribed in ${draft.settings.labels.marketing}`;
  const effects: Effect[] = [fact(step, 'crm', 'optedIn', step.row, written)];
  remember(step, step.now, effects);
  pushMarketing(
    step,
    'opt-in',
    { set: {}, resubscribe: { challenge } },
    { from: 'out', to: challenge ? 'confirmation asked for' : 'subscribed' },
    effects,
  );
}

/** (O7, O10, O18) Onto every linked record that does not say so yet. */
export function optOutInCrm(step: Step): void {
  const due = step.members.filter(({ consent }) => consent.state !== 'optedOut' || consent.derived);
  const writes = due.flatMap((member) => {
    const write = consentWrite(step.consent.signals[member.role], member.record, 'optOut');
    return write === null ? [] : [{ member, write }];
  });
  for (const { member, write } of writes)
    pushCrm(step, member, 'opt-out', write, 'optedOut', { crm: 'out', marketing: step.now.marketing });
  // What was written to marketing settles its own base.
  if (writes.length === 0 && isOut(step.news.marketing)) remember(step, step.now, step.draft.effects);
}

/** (O9) Only where all that says no can be changed: an opt-out that stays would undo it at the next look. */
export function optInInCrm(step: Step): void {
  const { consent } = step;
  const own = step.members.filter(({ role }) => !consent.heard.includes(role));
  const heardNo = step.members.some((member) => !own.includes(member) && saysOut(member.consent));
  if (step.othersOptedOut || heardNo) {
    holdAll(step, 'CONSENT_CONFLICT', holdWords.consentOtherRecord(step.draft.settings.labels));
    return;
  }
  if (!mayOptIn(step) || own.some((member) => !member.active)) return;
  const writes = own.map((member) => ({
    member,
    write: consentWrite(consent.signals[member.role], member.record, 'optIn'),
  }));
  if (writes.every(({ write }) => write === null)) remember(step, step.now, step.draft.effects);
  for (const { member, write } of writes) {
    if (write !== null) pushCrm(step, member, 'opt-in', write, 'optedIn', { crm: 'in', marketing: step.now.marketing });
  }
}
