// One person as far as anything is known: the only input of a decision besides the settings.
import type { Role } from './identity.ts';
import type { Link } from './link.ts';
import type { CrmRecord, MarketingRecord } from './record.ts';

export interface RoleView {
  /** The one link of this role that is not a shadow and not severed, if any. */
  readonly link: Link | null;
  /** The linked CRM record; null when there is no link or the record is not in the mirror. */
  readonly record: CrmRecord | null;
  /** Unlinked present records of this role with one of the person's addresses, by ascending id. */
  readonly candidates: readonly CrmRecord[];
  /** Links of state `shadow` with their records. */
  readonly shadows: readonly { readonly link: Link; readonly record: CrmRecord | null }[];
  /** Tombstones whose record, marketing contact or address is the person's. */
  readonly severed: readonly Link[];
  /** Records with one of the person's addresses that are linked to somebody else. */
  readonly elsewhere: readonly CrmRecord[];
  /** Deleted records with one of the person's addresses that were never linked to anybody; left out = none. (D3) */
  readonly gone?: readonly CrmRecord[];
}

export interface PersonView {
  /** `m:<marketing id>`, else `e:<normal address>`, else `c:<role>:<crm id>` for a record without a usable address. */
  readonly key: string;
  readonly marketing: MarketingRecord | null;
  /** When the marketing contact's address opted out, by the service's clock, ISO UTC; null when it is not known. (O4) */
  readonly optedOutAt: string | null;
  /**
   * The lead lists the contact is on, with the time each membership was first seen (ISO UTC); null time = seen at the first
   * look. (L6) A list that stands for no status any more was deleted with everybody on it. (L10)
   */
  readonly leadLists: readonly { readonly listId: string; readonly since: string | null }[];
  readonly roles: { readonly [R in Role]: RoleView };
  /** The contact that the person's converted lead became, and its living link, if any. (D8-D10) */
  readonly conversion: { readonly record: CrmRecord; readonly link: Link | null } | null;
  /** Other marketing contacts that hold an address which one of the person's linked CRM records now has. (C21) */
  readonly collisions: readonly Collision[];
  /** `role:id` of CRM records that were read directly after marketing was read in this run; left out = none. (O3) */
  readonly fresh?: readonly string[];
  /** Addresses of the person's CRM records that are suppressed in the marketing system without being a contact there. (C22) */
  readonly suppressedAddresses: readonly string[];
}

/** A marketing contact with an address that somebody else's record has now, and the records it is linked to. (C21) */
export interface Collision {
  readonly marketing: MarketingRecord;
  readonly holders: readonly { readonly link: Link; readonly record: CrmRecord | null }[];
}
