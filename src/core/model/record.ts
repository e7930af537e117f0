// What is known of one record on either side: the mirror's content, as values.
import type { Role } from './identity.ts';
import type { Raw } from './value.ts';

/** One CRM contact (a person, never an organisation) or lead as last observed. */
export interface CrmRecord {
  readonly role: Role;
  /** Decimal digits; the CRM's ids are large integers and are never computed with. */
  readonly id: string;
  /** As the CRM has it, untouched; null when blank. */
  readonly email: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  /** Raw values by configuration path; every path read, blanks as null. */
  readonly values: { readonly [path: string]: Raw };
  /** Tags by name, as they stand. */
  readonly tags: readonly string[];
  /** Name of the lead status; null for contacts. */
  readonly status: string | null;
  readonly ownerId: string | null;
  readonly isOrganisation: boolean;
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
  /** Sync revision where the feed gives one; an older revision never replaces a newer. */
  readonly revision: number | null;
  readonly state: RecordState;
  /** Set on a lead that was converted: the contact it became, null when only an organisation was made. (D8) */
  readonly convertedTo?: string | null;
  /** Of a deleted record: when it was first missed, ISO UTC. (4.3) */
  readonly goneAt?: string;
}

/** `present`; `deleted` by an explicit event confirmed or not yet; `hidden` = refused to our token (403). */
export type RecordState = 'present' | 'deleted' | 'hidden';

/** The e-mail channel of a marketing contact, in neutral words. (4.5) */
export type ChannelState =
  | 'subscribed'
  | 'unsubscribed'
  | 'suppressed'
  | 'pending'
  | 'soft-bounced'
  | 'hard-bounced'
  /** Complaints, global or domain suppression: never undone by sync. (O5) */
  | 'blocked'
  | 'none';

/** Whether a mailing may still reach the person, or nobody knows: everything but an opt-out. (4.5) */
export function isMailable(state: ChannelState): boolean {
  return state === 'subscribed' || state === 'pending' || state === 'soft-bounced' || state === 'none';
}

export type OptInType = 'unknown' | 'single' | 'double' | 'verifiedDouble';

export interface MarketingChannel {
  readonly state: ChannelState;
  /** The service's own word, kept for the ledger and the screen. */
  readonly reason: string;
  readonly optInType: OptInType;
}

export interface MarketingRecord {
  readonly id: string;
  readonly email: string | null;
  /** Raw values by upper-case data field name; every mapped field, blanks as null. */
  readonly values: { readonly [name: string]: Raw };
  readonly channel: MarketingChannel;
  /** Ids of the lists the contact is on, sorted. Null = not read. */
  readonly lists: readonly string[] | null;
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
  readonly state: RecordState;
  /** True between a bulk write that the service reported as done and the first read of its result. (R4) */
  readonly assumed: boolean;
}
