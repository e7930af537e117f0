// The words of subscription: channel states, opt-in types, and how v2 spells what v3 says. Never decides a transition.

export const EMAIL_STATUSES = [
  'noSubscription',
  'subscribed',
  'unsubscribed',
  'softBounced',
  'hardBounced',
  'ispComplained',
  'mailBlocked',
  'pendingOptIn',
  'directComplaint',
  'spamTrap',
  'deleted',
  'blockedlocalpart',
  'sharedsuppression',
  'sharedDomainSuppression',
  'suppressed',
  'purchased',
  'knownComplainer',
  'knownLitigator',
  'binned',
  'domainSuppressed',
] as const;

/** State of the e-mail channel. `mailBlocked` exists in v2 only; v3 shows it as `softBounced`. */
export type EmailStatus = (typeof EMAIL_STATUSES)[number];

export const SMS_STATUSES = [
  'noSubscription',
  'subscribed',
  'unsubscribed',
  'bounced',
  'deleted',
  'suppressed',
  'binned',
] as const;
export type SmsStatus = (typeof SMS_STATUSES)[number];

const WHATSAPP_STATUSES = ['noSubscription', 'subscribed', 'unsubscribed', 'suppressed'] as const;
export type WhatsAppStatus = (typeof WHATSAPP_STATUSES)[number];

/** What a client may write to a mobile channel. */
export const CHANNEL_WRITES = ['noSubscription', 'subscribed', 'unsubscribed', 'suppressed'] as const;

/** What a client may write to the e-mail channel. */
export const EMAIL_WRITES = ['subscribed', 'unsubscribed', 'suppressed'] as const;
export type EmailWrite = (typeof EMAIL_WRITES)[number];

export const OPT_IN_TYPES = ['Unknown', 'Single', 'Double', 'VerifiedDouble'] as const;
export type OptInType = (typeof OPT_IN_TYPES)[number];

export const EMAIL_TYPES = ['PlainText', 'Html'] as const;
export type EmailType = (typeof EMAIL_TYPES)[number];

/** Roll-up of the channels. */
export type ContactStatus =
  | 'subscribed'
  | 'unsubscribed'
  | 'pendingOptIn'
  | 'deleted'
  | 'suppressed'
  | 'binned'
  | 'noSubscription';

/** Nobody but the vendor can undo these; a write leaves them as they are. */
const LOCKED: ReadonlySet<EmailStatus> = new Set<EmailStatus>([
  'ispComplained',
  'directComplaint',
  'sharedsuppression',
  'sharedDomainSuppression',
  'domainSuppressed',
  'spamTrap',
  'knownComplainer',
  'knownLitigator',
  'purchased',
  'blockedlocalpart',
]);

/** True for a state no API call can change. */
export function isLocked(status: EmailStatus): boolean {
  return LOCKED.has(status);
}

/** True for a state that came from a bounce. */
export function isBounce(status: EmailStatus): boolean {
  return status === 'softBounced' || status === 'hardBounced' || status === 'mailBlocked';
}

/** True when nothing may be mailed and the address is in the suppression feeds. */
export function isOut(status: EmailStatus): boolean {
  return status === 'unsubscribed' || status === 'suppressed' || isBounce(status) || isLocked(status);
}

const V2_STATUS: Readonly<Record<EmailStatus, string>> = {
  noSubscription: 'NotAvailableInThisVersion',
  subscribed: 'Subscribed',
  unsubscribed: 'Unsubscribed',
  softBounced: 'SoftBounced',
  hardBounced: 'HardBounced',
  ispComplained: 'IspComplained',
  mailBlocked: 'MailBlocked',
  pendingOptIn: 'PendingOptIn',
  directComplaint: 'DirectComplaint',
  spamTrap: 'NotAvailableInThisVersion',
  deleted: 'Deleted',
  blockedlocalpart: 'NotAllowed',
  sharedsuppression: 'SharedSuppression',
  sharedDomainSuppression: 'DomainSuppression',
  suppressed: 'Suppressed',
  purchased: 'NotAvailableInThisVersion',
  knownComplainer: 'NotAvailableInThisVersion',
  knownLitigator: 'NotAvailableInThisVersion',
  binned: 'Deleted',
  domainSuppressed: 'DomainSuppression',
};

/** v2 spelling; what v2 does not know is `NotAvailableInThisVersion`. */
export function toV2Status(status: EmailStatus): string {
  return V2_STATUS[status];
}

/** v3 spelling of the e-mail channel. */
export function toV3EmailStatus(status: EmailStatus): string {
  return status === 'mailBlocked' ? 'softBounced' : status;
}
