// Both sides' consent as words that can be remembered in a link's base and compared. (4.5)
import type { ChannelState, MarketingRecord } from '../model/record.ts';
import type { ConsentFacts } from './consent.table.ts';
import type { CrmConsent } from './read-signals.ts';

/** Key of the consent in a link's base. */
export const CONSENT_KEY = '(consent)';

export function crmWord(consent: CrmConsent): ConsentFacts['crm'] {
  if (consent.state === 'unknown') return 'unknown';
  const word = consent.state === 'optedOut' ? 'out' : 'in';
  return consent.derived ? `derived-${word}` : word;
}

const MARKETING: { readonly [S in ChannelState]: ConsentFacts['marketing'] } = {
  subscribed: 'in',
  unsubscribed: 'out',
  suppressed: 'out',
  pending: 'pending',
  // No change by itself: the next mailing decides.
  'soft-bounced': 'in',
  'hard-bounced': 'blocked',
  blocked: 'blocked',
  none: 'none',
};

/** @param optedOutAt when the address left, where the service said so: an opt-out without a channel is still one. (O6) */
export function marketingWord(record: MarketingRecord, optedOutAt: string | null): ConsentFacts['marketing'] {
  const word = MARKETING[record.channel.state];
  return word === 'none' && optedOutAt !== null ? 'out' : word;
}

/** What is remembered: the word, and for an opt-out when it took effect, so that a later one is news. */
export function remembered(word: ConsentFacts['marketing'], optedOutAt: string | null): string {
  return word === 'out' && optedOutAt !== null ? `out ${optedOutAt}` : word;
}

export function marketingNews(base: string | null, word: ConsentFacts['marketing'], optedOutAt: string | null): ConsentFacts['marketingNews'] {
  if (base === null) return 'first';
  const [before = '', at = null] = base.split(' ');
  if (before !== word) return word === 'in' && (before === 'out' || before === 'blocked') ? 'returned' : 'changed';
  return word === 'out' && at !== null && optedOutAt !== null && at !== optedOutAt ? 'changed' : 'same';
}
