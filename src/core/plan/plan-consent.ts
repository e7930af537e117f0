// Consent of one person: opt-outs through holds, pauses and scope; opt-ins only where somebody surely said so. (4.5, decision 8)

import { CONSENT_TABLE, type ConsentFacts } from '../consent/consent.table.ts';
import { consentWrite } from '../consent/consent-write.ts';
import { type CrmConsent, readSignals, strictest } from '../consent/read-signals.ts';
import {
  CONSENT_KEY,
  crmWord,
  EVIDENCE_KEY,
  isNewlyOut,
  type MarketingConsent,
  marketingConsent,
  marketingWord,
  recordEvidence,
  rememberedSent,
} from '../consent/state-words.ts';
import { allowsWriteTo, ROLES, type Role } from '../model/identity.ts';
import type { BaseField, Link } from '../model/link.ts';
import type { Action, CrmWrite, Effect, MarketingWrite } from '../model/plan.ts';
import type { CrmRecord, MarketingRecord, OptInType } from '../model/record.ts';
import type { RowId } from '../model/row.ts';
import type { ConsentSettings } from '../model/settings.ts';
import { addHold, type Draft } from './draft.ts';
import { holdWords } from './hold-words.ts';

interface Member {
  readonly role: Role;
  readonly record: CrmRecord;
  readonly consent: CrmConsent;
  /** False while the link is paused or held: opt-outs still flow, opt-ins do not. */
  readonly active: boolean;
}

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
  const voices: readonly Voice[] = [
    ...members.map((member) => ({ ...member, link: draft.view.roles[member.role].link })),
    ...others,
  ];
  const base = baseOf(draft);
  const crmNow = crmWord(crm);
  const now = marketingConsent(marketing, base?.marketing ?? null, draft.view.optedOutAt);
  const facts: Omit<ConsentFacts, 'optIn'> = {
    crm: crmNow,
    marketing: now.word,
    // An opt-out beside one that was known already is a new choice all the same. (O10, decision 21)
    crmNews:
      base === null
        ? 'first'
        : base.crm !== crmNow || voices.some((voice) => isNewlyOut(saidBefore(voice), voice.consent))
          ? 'changed'
          : 'same',
    marketingNews: now.news,
    targets: consent.direction,
  };
  const row = CONSENT_TABLE.decide({ ...facts, optIn: isNewer(draft, facts, now, members) ? 'newer' : 'not-newer' });
  noteContradictions(draft, members);
  const step: Step = {
    draft,
    consent,
    marketing,
    members,
    crm,
    row: row.id,
    because: row.because,
    at: now.optedOutAt,
    othersOptedOut: others.some(({ consent: { state, derived } }) => state === 'optedOut' && !derived),
    now: { crm: crmNow, marketing: now.remembered },
    news: facts,
  };
  // An opt-in that stood beside an opt-out, or lost against one, is nobody's later choice. (P3, P5, O4, O10)
  rememberEvidence(step, voices, crmNow !== 'out' && row.then !== 'hold-conflict' && row.then !== 'opt-out-crm');
  switch (row.then) {
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
      if (mayOptIn(step)) subscribe(step);
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
      if (consent.optOutTrigger === 'immediate' || changesOtherwise(draft) || base === null) optOutInCrm(step);
      return;
    case 'opt-in-crm':
      if (consent.optInTrigger === 'immediate' || changesOtherwise(draft)) optInInCrm(step);
      return;
    default:
      row.then satisfies never;
  }
}

interface Step {
  readonly draft: Draft;
  readonly consent: ConsentSettings;
  readonly marketing: MarketingRecord;
  readonly members: readonly Member[];
  readonly crm: CrmConsent;
  readonly row: RowId;
  readonly because: string;
  /** When the opt-out in marketing took effect, where that is known. */
  readonly at: string | null;
  /** A record of the person that is not linked says no. (P5) */
  readonly othersOptedOut: boolean;
  /** Both sides as they are to be remembered. */
  readonly now: { readonly crm: string; readonly marketing: string };
  readonly news: Omit<ConsentFacts, 'optIn'>;
}

/** Linked records, those that this plan links included. */
function linkedMembers(draft: Draft, consent: ConsentSettings): readonly Member[] {
  return ROLES.flatMap((role): readonly Member[] => {
    const view = draft.view.roles[role];
    const made = draft.effects.find(
      (effect) => effect.type === 'link' && effect.role === role && effect.state !== 'shadow',
    );
    const record =
      view.link !== null
        ? view.record
        : made?.type === 'link'
          ? (view.candidates.find((candidate) => candidate.id === made.crmId) ?? null)
          : null;
    if (record === null || record.state !== 'present') return [];
    const state = view.link?.state ?? (made?.type === 'link' ? made.state : 'active');
    return [{ role, record, consent: readSignals(record, consent.signals[role]), active: state === 'active' }];
  });
}

/** A record of the person with what it says, and the link that remembers what it said before. */
interface Voice {
  readonly role: Role;
  readonly record: CrmRecord;
  readonly consent: CrmConsent;
  readonly link: Link | null;
}

/** (P5) Shadows and records with the address that are not linked: only their opt-outs count. */
function bystanders(draft: Draft, consent: ConsentSettings, members: readonly Member[]): readonly Voice[] {
  return ROLES.flatMap((role) => {
    const view = draft.view.roles[role];
    const free = [...view.candidates, ...view.elsewhere].map((record) => ({ record, link: null }));
    const shadows = view.shadows.flatMap(({ record, link }) => (record === null ? [] : [{ record, link }]));
    return [...free, ...shadows]
      .filter(
        ({ record }) =>
          record.state === 'present' &&
          !members.some((member) => member.role === role && member.record.id === record.id),
      )
      .map(({ record, link }) => ({ role, record, link, consent: readSignals(record, consent.signals[role]) }));
  });
}

function baseOf(draft: Draft): { readonly crm: string; readonly marketing: string } | null {
  for (const role of ROLES) {
    const field = draft.view.roles[role].link?.base[CONSENT_KEY];
    if (typeof field?.crm === 'string' && typeof field.marketing === 'string')
      return { crm: field.crm, marketing: field.marketing };
  }
  return null;
}

/** (O3, O4, O6) Seen to change after the opt-out was known here, by an edit no earlier than the opt-out; never at a first look. */
function isNewer(
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

function saidBefore({ link, record }: Voice): BaseField | null {
  return link?.crmId === record.id ? (link.base[EVIDENCE_KEY] ?? null) : null;
}

function rememberEvidence({ draft, marketing }: Step, voices: readonly Voice[], counts: boolean): void {
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

/** Alignments and changes of the configuration loosen nothing: the next ordinary run does, under its brake. (4.8, O6, O17) */
function mayOptIn({ draft, members }: Step): boolean {
  if (draft.settings.mode !== 'sync') draft.later = true;
  return draft.settings.mode === 'sync' && members.some((member) => member.active);
}

/** (S22) Anything else of the person that goes to the CRM in this plan. */
function changesOtherwise(draft: Draft): boolean {
  return draft.crm.length > 0;
}

function agree(step: Step): void {
  const both = step.news.crm === 'out' && (step.news.marketing === 'out' || step.news.marketing === 'blocked');
  if (both && allowsWriteTo(step.consent.direction, 'crm')) optOutInCrm(step);
  else remember(step, step.now, step.draft.effects);
}

/** What both sides say now is the base of the next look, and a fact of the ledger where it is news. */
function remember(step: Step, now: Step['now'], into: Effect[]): void {
  const { draft, members, marketing, news } = step;
  for (const { role, record } of members) {
    const before = draft.view.roles[role].link?.base[CONSENT_KEY];
    if (before?.crm === now.crm && before.marketing === now.marketing) continue;
    into.push({
      type: 'base',
      role,
      crmId: record.id,
      marketingId: marketing.id,
      fields: { [CONSENT_KEY]: now },
      unconfirmed: {},
      settled: [],
    });
  }
  // Without a link there is nowhere to remember that it was told already.
  if (into !== draft.effects || members.length === 0) return;
  if (news.crmNews !== 'same') draft.effects.push(fact(step, 'crm', step.crm.state, step.crm.signal, step.crm.row));
  if (news.marketingNews !== 'same')
    draft.effects.push(fact(step, 'marketing', stateOf(news.marketing), marketing.channel.reason, step.row));
}

function stateOf(word: ConsentFacts['marketing']): 'optedIn' | 'optedOut' | 'unknown' | 'pending' {
  if (word === 'in') return 'optedIn';
  if (word === 'out' || word === 'blocked') return 'optedOut';
  return word === 'pending' ? 'pending' : 'unknown';
}

function fact(
  step: Step,
  system: 'crm' | 'marketing',
  state: ReturnType<typeof stateOf>,
  signal: string,
  row: RowId,
  written: string | null = null,
): Effect {
  const [member] = step.members;
  return {
    type: 'consent',
    system,
    state,
    signal,
    effectiveAt: system === 'marketing' ? step.at : (member?.record.updatedAt ?? null),
    row,
    crmId: member?.record.id ?? null,
    marketingId: step.marketing.id,
    written,
  };
}

/** (O1, O10) In a lane of its own, before any other write. */
function unsubscribe(step: Step): void {
  const state = step.consent.optOutAs;
  const effects: Effect[] = [
    fact(step, 'crm', 'optedOut', step.crm.signal, step.row, `${state} in ${step.draft.settings.labels.marketing}`),
  ];
  remember(step, { crm: step.now.crm, marketing: rememberedSent(step.draft.view.optedOutAt) }, effects);
  pushMarketing(step, 'opt-out', { set: {}, channel: { state } }, { from: step.news.marketing, to: state }, effects);
}

const OPT_IN_TYPES: readonly OptInType[] = ['unknown', 'single', 'double', 'verifiedDouble'];

/** (O2) The opt-in type is never lowered. */
function subscribe(step: Step): void {
  const { optInType } = step.consent;
  const raises = OPT_IN_TYPES.indexOf(optInType) > OPT_IN_TYPES.indexOf(step.marketing.channel.optInType);
  const effects: Effect[] = [
    fact(step, 'crm', 'optedIn', step.crm.signal, step.row, `subscribed in ${step.draft.settings.labels.marketing}`),
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
function resubscribe(step: Step): void {
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
  const effects: Effect[] = [fact(step, 'crm', 'optedIn', step.crm.signal, step.row, written)];
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
function optOutInCrm(step: Step): void {
  const due = step.members.filter(({ consent }) => consent.state !== 'optedOut' || consent.derived);
  let written = 0;
  for (const member of due) {
    const write = consentWrite(step.consent.signals[member.role], member.record, 'optOut');
    if (write === null) continue;
    written += 1;
    pushCrm(step, member, 'opt-out', write, 'optedOut', { crm: 'out', marketing: step.now.marketing });
  }
  // What was written to marketing settles its own base.
  if (
    written === 0 &&
    step.news.marketing !== 'in' &&
    step.news.marketing !== 'pending' &&
    step.news.marketing !== 'none'
  )
    remember(step, step.now, step.draft.effects);
}

/** (O9) Only where all that says no can be changed: an opt-out that stays would undo it at the next look. */
function optInInCrm(step: Step): void {
  if (step.othersOptedOut) {
    holdAll(step, 'CONSENT_CONFLICT', holdWords.consentOtherRecord(step.draft.settings.labels));
    return;
  }
  if (!mayOptIn(step) || step.members.some((member) => !member.active)) return;
  const writes = step.members.map((member) => ({
    member,
    write: consentWrite(step.consent.signals[member.role], member.record, 'optIn'),
  }));
  if (writes.every(({ write }) => write === null)) remember(step, step.now, step.draft.effects);
  for (const { member, write } of writes) {
    if (write !== null) pushCrm(step, member, 'opt-in', write, 'optedIn', { crm: 'in', marketing: step.now.marketing });
  }
}

/** (decision 20) Whether the marketing contact is opted out in the eyes of a consent sync that may write to the CRM. */
export function isOptedOutForCrm(draft: Draft, marketing: MarketingRecord): 'no' | 'yes' | 'bounced' {
  const { consent } = draft.settings;
  if (!consent.enabled || !allowsWriteTo(consent.direction, 'crm')) return 'no';
  if (marketing.channel.state === 'hard-bounced') return 'bounced';
  const word = marketingWord(marketing, draft.view.optedOutAt);
  return word === 'out' || word === 'blocked' ? 'yes' : 'no';
}

function pushCrm(
  step: Step,
  member: Member,
  lane: 'opt-in' | 'opt-out',
  write: CrmWrite,
  state: 'optedIn' | 'optedOut',
  base: Step['now'],
): void {
  const effects: Effect[] = [
    {
      type: 'base',
      role: member.role,
      crmId: member.record.id,
      marketingId: step.marketing.id,
      fields: { [CONSENT_KEY]: base, [EVIDENCE_KEY]: { crm: base.crm, marketing: null } },
      unconfirmed: {},
      settled: [],
    },
    fact(
      step,
      'marketing',
      state,
      step.marketing.channel.reason,
      step.row,
      `${state} in ${step.draft.settings.labels.crm}`,
    ),
  ];
  push(step, {
    lane,
    system: 'crm',
    entity: member.role,
    crmId: member.record.id,
    crm: write,
    marketing: null,
    change: { from: member.consent.state, to: state },
    effects,
  });
}

function pushMarketing(
  step: Step,
  lane: 'opt-in' | 'opt-out',
  write: MarketingWrite,
  change: { from: string; to: string },
  effects: readonly Effect[],
): void {
  const [member] = step.members;
  push(step, {
    lane,
    system: 'marketing',
    entity: member?.role ?? 'contact',
    crmId: member?.record.id ?? null,
    crm: null,
    marketing: write,
    change,
    effects,
  });
}

function push(
  step: Step,
  part: Pick<Action, 'lane' | 'system' | 'entity' | 'crmId' | 'crm' | 'marketing' | 'effects'> & {
    readonly change: { readonly from: string; readonly to: string };
  },
): void {
  const { change, ...rest } = part;
  step.draft.lists.push({
    ...rest,
    id: `${step.draft.view.key}/${part.system}/${part.entity}/${part.lane}`,
    row: step.row,
    rows: [step.row],
    kind: 'set-consent',
    email: step.marketing.email,
    marketingId: step.marketing.id,
    changes: { consent: change },
    clears: false,
  });
}

function holdAll(
  step: Step,
  code: 'CONSENT_CONFLICT' | 'CONSENT_REFUSED_BY_DOTDIGITAL',
  words: { readonly message: string; readonly fix: string },
): void {
  for (const { role, record } of step.members)
    addHold(step.draft, role, { code, row: step.row, crmId: record.id, ...words });
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

/** (C1, P4, O16) The channel of a new contact, from everything the person's CRM records say; null = nothing is known. */
export function firstConsent(
  draft: Draft,
): { readonly state: 'subscribed' | 'unsubscribed'; readonly optInType?: OptInType; readonly row: RowId } | null {
  const { consent } = draft.settings;
  if (!consent.enabled) return null;
  const read = (of: 'candidates' | 'elsewhere') =>
    ROLES.flatMap((role) => draft.view.roles[role][of].map((record) => readSignals(record, consent.signals[role])));
  const crm = strictest(read('candidates'), read('elsewhere'));
  if (crm === null || crm.state === 'unknown') return null;
  // Nobody who opted out starts as subscribed, whichever side may be written: a new contact has no say of its own yet.
  if (crm.state === 'optedOut' && !crm.derived) return { state: 'unsubscribed', row: 'O1' };
  if (!allowsWriteTo(consent.direction, 'marketing')) return null;
  return crm.state === 'optedOut'
    ? { state: 'unsubscribed', row: 'P4' }
    : { state: 'subscribed', row: crm.derived ? 'P4' : 'O2', ...(crm.derived ? {} : { optInType: consent.optInType }) };
}
