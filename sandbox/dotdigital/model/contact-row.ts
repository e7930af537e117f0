// One contact as the account keeps it, what nobody may see included (when it joined a list). Holds data only.

import type { EmailStatus, EmailType, OptInType, SmsStatus, WhatsAppStatus } from './statuses.ts';

/** A stored data field value; dates are milliseconds since the epoch. */
export type FieldValue = string | number | boolean | null;

/** Membership of one list. `addedAt` is never shown by the API. */
export interface Membership {
  readonly listId: number;
  /** Suppressed by the recipient on this list alone, at that time; 0 when not. */
  suppressedAt: number;
  /** Milliseconds since the epoch. */
  readonly addedAt: number;
}

/** What a person agreed to, as sent, and when it was stored. */
export interface ConsentRecord {
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly dateTimeConsented: number;
  readonly url: string;
  readonly ipAddress: string;
  readonly userAgent: string;
  /** Milliseconds since the epoch. */
  readonly dateTimeCreated: number;
}

export interface PreferenceChoice {
  readonly id: number;
  readonly isOptedIn: boolean;
}

/** A contact. All times in milliseconds since the epoch, 0 for never. */
export interface ContactRow {
  readonly contactId: number;
  email: string | null;
  mobile: string | null;
  customIds: Readonly<Record<string, string>> | null;
  created: number;
  updated: number;
  /** By storage key of the data field. */
  dataFields: Record<string, FieldValue>;
  emailType: EmailType;
  optInType: OptInType;
  emailStatus: EmailStatus;
  smsStatus: SmsStatus;
  whatsAppStatus: WhatsAppStatus;
  memberships: readonly Membership[];
  /** When the e-mail channel left `subscribed`. */
  suppressedAt: number;
  lastSubscribed: number;
  deletedAt: number;
  consentRecords: readonly ConsentRecord[];
  preferences: readonly PreferenceChoice[];
}

const NOTHING: readonly never[] = Object.freeze([]);

/** A new row; every row is built here, so that the engine keeps one shape for all of them. */
export function createContactRow(contactId: number, now: number): ContactRow {
  return {
    contactId,
    email: null,
    mobile: null,
    customIds: null,
    created: now,
    updated: now,
    dataFields: {},
    emailType: 'Html',
    optInType: 'Unknown',
    emailStatus: 'noSubscription',
    smsStatus: 'noSubscription',
    whatsAppStatus: 'noSubscription',
    memberships: NOTHING,
    suppressedAt: 0,
    lastSubscribed: 0,
    deletedAt: 0,
    consentRecords: NOTHING,
    preferences: NOTHING,
  };
}

/** A contact that is neither in the recycle bin nor gone. */
export type LiveRow = ContactRow & { deletedAt: 0 };

/** True while the contact is neither in the recycle bin nor gone. */
export function isLive(row: ContactRow | undefined): row is LiveRow {
  return row !== undefined && row.deletedAt === 0;
}
