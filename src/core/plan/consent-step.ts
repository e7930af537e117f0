// One decision about a person's consent on its way into the plan: its actions, its memory, its facts for the ledger. Decides nothing.

import type { ConsentFacts } from '../consent/consent.table.ts';
import type { CrmConsent } from '../consent/read-signals.ts';
import { CONSENT_KEY, EVIDENCE_KEY, isOut, seenAfter } from '../consent/state-words.ts';
import type { Role, System } from '../model/identity.ts';
import type { BaseField } from '../model/link.ts';
import type { Action, CrmWrite, Effect, MarketingWrite } from '../model/plan.ts';
import type { CrmRecord, MarketingRecord } from '../model/record.ts';
import type { RowId } from '../model/row.ts';
import type { ConsentSettings } from '../model/settings.ts';
import type { Member, Voice } from './consent-members.ts';
import { addHold, type Draft } from './draft.ts';

export interface Step {
  readonly draft: Draft;
  readonly consent: ConsentSettings;
  readonly marketing: MarketingRecord;
  readonly members: readonly Member[];
  /** Whoever says anything: the members, and those whose no counts all the same. */
  readonly voices: readonly Voice[];
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

/** What both sides say now is the base of the next look, and a fact of the ledger where it is news. */
export function remember(step: Step, now: Step['now'], into: Effect[]): void {
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
  if (news.crmNews !== 'same') draft.effects.push(fact(step, 'crm', step.crm.state, step.crm.row));
  if (news.marketingNews !== 'same') draft.effects.push(fact(step, 'marketing', stateOf(news.marketing), step.row));
}

function stateOf(word: ConsentFacts['marketing']): 'optedIn' | 'optedOut' | 'unknown' | 'pending' {
  if (word === 'in') return 'optedIn';
  if (isOut(word)) return 'optedOut';
  return word === 'pending' ? 'pending' : 'unknown';
}

/**
 * A fact of the ledger, or with `written` a decision. What the CRM says is said by the record whose word counts, extra ones included. (P5)
 * @param told the CRM record that it is written to
 */
export function fact(
  step: Step,
  system: System,
  state: ReturnType<typeof stateOf>,
  row: RowId,
  written: string | null = null,
  told: CrmRecord | undefined = undefined,
): Effect {
  const inCrm = system === 'crm';
  const speaker = inCrm ? step.voices.find(({ consent }) => consent === step.crm) : step.members[0];
  return {
    type: 'consent',
    system,
    state,
    signal: inCrm ? step.crm.signal : step.marketing.channel.reason,
    effectiveAt: inCrm ? (speaker?.record.updatedAt ?? null) : step.at,
    row,
    crmId: (told ?? speaker?.record)?.id ?? null,
    marketingId: step.marketing.id,
    written,
  };
}

export function evidence({ marketing }: Step, role: Role, crmId: string, field: BaseField): Effect {
  return {
    type: 'base',
    role,
    crmId,
    marketingId: marketing.id,
    fields: { [EVIDENCE_KEY]: field },
    unconfirmed: {},
    settled: [],
  };
}

export function pushCrm(
  step: Step,
  member: Member,
  lane: 'opt-in' | 'opt-out',
  write: CrmWrite,
  state: 'optedIn' | 'optedOut',
  base: Step['now'],
): void {
  // Where marketing does not say no itself, another record of the person does, and this one is told of it. (O1, O10)
  const source = state === 'optedOut' && !isOut(step.news.marketing) ? 'crm' : 'marketing';
  const effects: Effect[] = [
    {
      type: 'base',
      role: member.role,
      crmId: member.record.id,
      marketingId: step.marketing.id,
      fields: { [CONSENT_KEY]: base },
      unconfirmed: {},
      settled: [],
    },
    // The CRM answers with the record as it then is: an opt-out that was written was there after the one in marketing.
    evidence(step, member.role, member.record.id, {
      crm: base.crm,
      marketing: lane === 'opt-out' ? seenAfter(member.record.updatedAt) : null,
    }),
    fact(step, source, state, step.row, `${state} in ${step.draft.settings.labels.crm}`, member.record),
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

export function pushMarketing(
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

export function holdAll(
  step: Step,
  code: 'CONSENT_CONFLICT' | 'CONSENT_REFUSED_BY_DOTDIGITAL',
  words: { readonly message: string; readonly fix: string },
): void {
  for (const { role, record } of step.members)
    addHold(step.draft, role, { code, row: step.row, crmId: record.id, ...words });
}
