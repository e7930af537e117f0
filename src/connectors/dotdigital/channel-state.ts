// The service's words for an e-mail channel, turned into the neutral ones. Never makes a word it does not know mailable.
import type { ChannelState, MarketingChannel, OptInType } from '../../core/model/record.ts';

/** By lower-case word of the v3 status enums. (4.5, O5; contacts service `emailChannelStatus`) */
const STATES: ReadonlyMap<string, ChannelState> = new Map<string, ChannelState>([
  ['subscribed', 'subscribed'],
  ['unsubscribed', 'unsubscribed'],
  ['suppressed', 'suppressed'],
  ['pendingoptin', 'pending'],
  ['softbounced', 'soft-bounced'],
  ['hardbounced', 'hard-bounced'],
  ['nosubscription', 'none'],
  ['ispcomplained', 'blocked'],
  ['directcomplaint', 'blocked'],
  ['spamtrap', 'blocked'],
  ['deleted', 'blocked'],
  ['binned', 'blocked'],
  ['blockedlocalpart', 'blocked'],
  ['sharedsuppression', 'blocked'],
  ['shareddomainsuppression', 'blocked'],
  ['domainsuppressed', 'blocked'],
  ['purchased', 'blocked'],
  ['knowncomplainer', 'blocked'],
  ['knownlitigator', 'blocked'],
]);

const OPT_IN_TYPES: ReadonlyMap<string, OptInType> = new Map<string, OptInType>([
  ['unknown', 'unknown'],
  ['single', 'single'],
  ['double', 'double'],
  ['verifieddouble', 'verifiedDouble'],
]);

/** Neutral state of a status word in any case; a word from the future is `blocked`, the safe reading. (4.5) */
export function channelStateOf(word: string): ChannelState {
  return STATES.get(word.trim().toLowerCase()) ?? 'blocked';
}

/** What is needed of a contact to tell the state of its e-mail channel. */
export interface ChannelEvidence {
  /** The contact's own status: a roll-up over all its channels. */
  readonly contactStatus: string | null;
  readonly hasEmail: boolean;
  /** `absent`: the answer says nothing of channels at all. `no-email`: it does, but nothing of e-mail. */
  readonly channels: 'absent' | 'no-email' | 'email';
  readonly emailStatus: string | null;
  readonly optInType: string | null;
}

/** The e-mail channel as the answer shows it, else derived from the contact's own status. (4.5) */
export function readChannel(evidence: ChannelEvidence): MarketingChannel {
  const optInType = OPT_IN_TYPES.get((evidence.optInType ?? '').trim().toLowerCase()) ?? 'unknown';
  if (evidence.emailStatus !== null) {
    return { state: channelStateOf(evidence.emailStatus), reason: evidence.emailStatus, optInType };
  }
  if (evidence.contactStatus === null) {
    // An e-mail channel without a readable status must not become mailable; without any channel there is nothing to mail.
    return { state: evidence.channels === 'email' ? 'blocked' : 'none', reason: 'unreadable', optInType };
  }
  if (!evidence.hasEmail) return { state: 'none', reason: evidence.contactStatus, optInType };
  const derived = channelStateOf(evidence.contactStatus);
  // The roll-up may be `subscribed` for the sake of another channel: then it is no consent to e-mail.
  const state = derived === 'subscribed' && evidence.channels !== 'absent' ? 'none' : derived;
  return { state, reason: evidence.contactStatus, optInType };
}
