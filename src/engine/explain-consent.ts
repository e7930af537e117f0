// May this person be mailed, and why: read off the e-mail channel as last observed. Judges nothing by rules of its own. (4.5)
import type { ChannelState } from '../core/model/record.ts';
import type { StoredMarketing } from '../store/marketing-records.ts';
import type { StoredSuppression } from '../store/suppressions.ts';

export type ConsentState = 'optedIn' | 'optedOut' | 'pending' | 'unknown';

export interface ConsentAnswer {
  readonly state: ConsentState;
  readonly because: string;
  /** Whether the marketing system would mail the person. */
  readonly mayMail: boolean;
}

/** (4.5, reading the marketing side) */
const CHANNEL: { readonly [S in ChannelState]: Omit<ConsentAnswer, 'because'> & { readonly words: string } } = {
  subscribed: { state: 'optedIn', mayMail: true, words: 'the contact is subscribed' },
  'soft-bounced': {
    state: 'optedIn',
    mayMail: true,
    words: 'the contact is subscribed; mail bounced lately for a passing reason',
  },
  pending: { state: 'pending', mayMail: false, words: 'the contact was asked to confirm and has not done so yet' },
  none: { state: 'unknown', mayMail: false, words: 'the contact has no subscription' },
  unsubscribed: { state: 'optedOut', mayMail: false, words: 'the contact is unsubscribed' },
  suppressed: { state: 'optedOut', mayMail: false, words: 'the contact is suppressed' },
  'hard-bounced': { state: 'optedOut', mayMail: false, words: 'mail to the address cannot be delivered' },
  blocked: {
    state: 'optedOut',
    mayMail: false,
    words: 'the contact complained or is suppressed for good; that is never undone by a sync',
  },
};

/** The strictest word counts where several contacts share the address. (P5) */
const STRICTEST: readonly ConsentState[] = ['optedOut', 'pending', 'unknown', 'optedIn'];

export function consentOf(
  marketing: readonly StoredMarketing[],
  suppressions: readonly StoredSuppression[],
): ConsentAnswer {
  const answers: ConsentAnswer[] = [];
  for (const { record } of marketing) {
    if (record.state !== 'present') continue;
    const { state, mayMail, words } = CHANNEL[record.channel.state];
    const assumed = record.assumed ? '; written just now, not read back yet' : '';
    answers.push({ state, mayMail, because: `${words} (marketing says "${record.channel.reason}"${assumed})` });
  }
  for (const { reason, at, isContact } of suppressions) {
    // A present contact's own channel is the later word.
    if (isContact) continue;
    answers.push({
      state: 'optedOut',
      mayMail: false,
      because: `the address left on ${at.slice(0, 10)} (marketing says "${reason}")`,
    });
  }
  for (const state of STRICTEST) {
    const answer = answers.find((one) => one.state === state);
    if (answer !== undefined) return answer;
  }
  return { state: 'unknown', mayMail: false, because: 'there is no contact with this address in marketing' };
}
