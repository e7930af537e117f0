// Consent where there is no pair yet: the channel of a new marketing contact, an opt-out that goes along with a record, and whether a CRM
// record is to keep one.

import { readSignals, strictest } from '../consent/read-signals.ts';
import { isOut, marketingConsent, marketingWord, saysOut } from '../consent/state-words.ts';
import { allowsWriteTo, ROLES, type Role } from '../model/identity.ts';
import type { MarketingRecord, OptInType } from '../model/record.ts';
import type { RowId } from '../model/row.ts';
import { baseOf, bystanders, linkedMembers } from './consent-members.ts';
import type { Draft } from './draft.ts';
import { optOutOf } from './plan-address.ts';

/** (C1, P4, O16) The channel of a new contact, from everything the person's CRM records say; null = nothing is known. */
export function firstConsent(
  draft: Draft,
): { readonly state: 'subscribed' | 'unsubscribed'; readonly optInType?: OptInType; readonly row: RowId } | null {
  const { consent } = draft.settings;
  if (!consent.enabled) return null;
  const read = (of: 'candidates' | 'elsewhere', roles: readonly Role[] = ROLES) =>
    roles.flatMap((role) => draft.view.roles[role][of].map((record) => readSignals(record, consent.signals[role])));
  const own = ROLES.filter((role) => !consent.heard.includes(role));
  const crm = strictest(read('candidates', own), [...read('candidates', consent.heard), ...read('elsewhere')]);
  if (crm === null || crm.state === 'unknown') return null;
  // Nobody who opted out starts as subscribed, whichever side may be written: a new contact has no say of its own yet.
  if (crm.state === 'optedOut' && !crm.derived) return { state: 'unsubscribed', row: 'O1' };
  if (!allowsWriteTo(consent.direction, 'marketing')) return null;
  return crm.state === 'optedOut'
    ? { state: 'unsubscribed', row: 'P4' }
    : { state: 'subscribed', row: crm.derived ? 'P4' : 'O2', ...(crm.derived ? {} : { optInType: consent.optInType }) };
}

/**
 * (C23, P5) Whether the person says no on either side: an extra record that leaves for an address of its own takes that along, since
 * nothing tells whose no it was.
 */
export function leavesWithNo(draft: Draft): boolean {
  const { consent } = draft.settings;
  const { marketing, optedOutAt } = draft.view;
  if (marketing !== null && (optOutOf(marketing) !== null || marketingWord(marketing, optedOutAt) === 'out'))
    return true;
  if (!consent.enabled) return false;
  const members = linkedMembers(draft, consent);
  return [...members, ...bystanders(draft, consent, members)].some((voice) => saysOut(voice.consent));
}

/** (decision 20) Whether the marketing contact is opted out in the eyes of a consent sync that may write to the CRM. */
export function isOptedOutForCrm(draft: Draft, marketing: MarketingRecord): 'no' | 'yes' | 'bounced' {
  const { consent } = draft.settings;
  if (!consent.enabled || !allowsWriteTo(consent.direction, 'crm')) return 'no';
  if (marketing.channel.state === 'hard-bounced') return 'bounced';
  const { word, optOutBy } = marketingConsent(marketing, baseOf(draft, [])?.marketing ?? null, draft.view.optedOutAt);
  return isOut(word) && optOutBy === 'somebody' ? 'yes' : 'no';
}
