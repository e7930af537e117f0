// A contact with everything that is true about it, the hidden parts included. For tests and the control API alone.

import { storedValue } from './domain/field-values.ts';
import { membershipStatus, rollUp } from './domain/roll-up.ts';
import type { ConsentRecord, ContactRow, FieldValue } from './model/contact-row.ts';
import type { EmailStatus, OptInType, SmsStatus, WhatsAppStatus } from './model/statuses.ts';
import type { DotdigitalAccount } from './state/account.ts';

/** A contact by id or by e-mail address. */
export type ContactRef = number | string;

/** A list by id or by name in any case. */
export type ListRef = number | string;

/** A contact as somebody sets it up. */
export interface ContactSeed {
  readonly email?: string | null;
  /** E.164 digits without plus. */
  readonly mobile?: string | null;
  readonly customIds?: Readonly<Record<string, string>>;
  /** Dates as ISO 8601 text. */
  readonly fields?: Readonly<Record<string, string | number | boolean | null>>;
  /** Default: subscribed with an address, noSubscription without. */
  readonly status?: EmailStatus;
  readonly smsStatus?: SmsStatus;
  readonly optIn?: OptInType | Lowercase<OptInType> | 'verifiedDouble';
  readonly lists?: readonly ListRef[];
  /** Milliseconds since the epoch. Default: now. */
  readonly created?: number;
  /** Milliseconds since the epoch. Default: as `created`. */
  readonly updated?: number;
}

/** What somebody changes in the product's contact form. */
export interface ContactEdit {
  readonly email?: string | null;
  readonly mobile?: string | null;
  readonly customIds?: Readonly<Record<string, string | null>>;
  readonly fields?: Readonly<Record<string, string | number | boolean | null>>;
}

/** A contact and the truth about it; times in milliseconds since the epoch, 0 for never. */
export interface WorldContact {
  readonly contactId: number;
  readonly email: string | null;
  readonly mobile: string | null;
  readonly customIds: Readonly<Record<string, string>>;
  readonly status: string;
  readonly emailStatus: EmailStatus;
  readonly smsStatus: SmsStatus;
  readonly whatsAppStatus: WhatsAppStatus;
  readonly optInType: OptInType;
  readonly created: number;
  readonly updated: number;
  readonly deletedAt: number;
  readonly suppressedAt: number;
  readonly lastSubscribed: number;
  /** Empty ones left out; dates as milliseconds. */
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly lists: readonly {
    readonly id: number;
    readonly name: string;
    readonly status: 'subscribed' | 'suppressed' | 'pending';
    readonly addedAt: number;
    readonly suppressedAt: number;
  }[];
  readonly consentRecords: readonly ConsentRecord[];
  /** When a resubscribe challenge was sent that nobody answered yet; 0 when none is open. */
  readonly challengedAt: number;
}

/** The whole truth about a contact. */
export function viewContact(account: DotdigitalAccount, row: ContactRow): WorldContact {
  const fields: Record<string, FieldValue> = {};
  for (const field of account.fields.all()) {
    const value = storedValue(row, field);
    if (value !== null) fields[field.name] = value;
  }
  return {
    contactId: row.contactId,
    email: row.email,
    mobile: row.mobile,
    customIds: row.customIds ?? {},
    status: rollUp(row),
    emailStatus: row.emailStatus,
    smsStatus: row.smsStatus,
    whatsAppStatus: row.whatsAppStatus,
    optInType: row.optInType,
    created: row.created,
    updated: row.updated,
    deletedAt: row.deletedAt,
    suppressedAt: row.suppressedAt,
    lastSubscribed: row.lastSubscribed,
    fields,
    lists: row.memberships.map((membership) => ({
      id: membership.listId,
      name: account.lists.get(membership.listId)?.name ?? '',
      status: membershipStatus(row, membership),
      addedAt: membership.addedAt,
      suppressedAt: membership.suppressedAt,
    })),
    consentRecords: row.consentRecords,
    challengedAt: account.challenges.get(row.contactId)?.at ?? 0,
  };
}
