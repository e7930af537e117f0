// What follows from the state of a contact's channels: its overall status and the status it has on a list. Never changes anything.

import type { ContactRow, Membership } from '../model/contact-row.ts';
import { type ContactStatus, isOut } from '../model/statuses.ts';

/** The contact-level status over all channels. */
export function rollUp(row: ContactRow): ContactStatus {
  if (row.deletedAt > 0) return 'binned';
  const mobile = row.mobile !== null;
  const { emailStatus } = row;
  const sms = mobile ? row.smsStatus : 'noSubscription';
  const whatsApp = mobile ? row.whatsAppStatus : 'noSubscription';
  if (emailStatus === 'subscribed' || sms === 'subscribed' || whatsApp === 'subscribed') return 'subscribed';
  if (emailStatus === 'pendingOptIn') return 'pendingOptIn';
  if (emailStatus === 'unsubscribed' || sms === 'unsubscribed' || whatsApp === 'unsubscribed') return 'unsubscribed';
  if (isOut(emailStatus) || sms !== 'noSubscription' || whatsApp !== 'noSubscription') return 'suppressed';
  return 'noSubscription';
}

/** True when no channel is left through which the contact may be mailed, but there was one. */
export function isOutEverywhere(row: ContactRow): boolean {
  const status = rollUp(row);
  return status === 'unsubscribed' || status === 'suppressed' || status === 'binned';
}

/** The status of a contact on a list. */
export function membershipStatus(row: ContactRow, membership: Membership): 'subscribed' | 'suppressed' | 'pending' {
  if (membership.suppressedAt > 0 || isOutEverywhere(row)) return 'suppressed';
  return row.emailStatus === 'pendingOptIn' ? 'pending' : 'subscribed';
}
