// One made-up person as neutral data: what each service knows of them. Never a real person, never a real domain.

/** Every kind of mess the generator can make; a person carries the ones that apply. */
export type Trait =
  // names
  | 'latin-plain'
  | 'latin-diacritics'
  | 'greek-name'
  | 'cyrillic-name'
  | 'japanese-name'
  | 'arabic-name'
  | 'nfd-name'
  | 'double-space-name'
  | 'padded-name'
  | 'upper-case-name'
  | 'apostrophe-name'
  | 'double-barrelled-name'
  | 'single-name'
  | 'missing-first-name'
  | 'missing-last-name'
  // addresses
  | 'plain-email'
  | 'mixed-case-email'
  | 'plus-email'
  | 'idn-email'
  | 'role-email'
  | 'email-without-at'
  | 'email-with-space'
  | 'email-two-ats'
  | 'email-too-long'
  | 'blank-email'
  | 'no-address'
  | 'partial-address'
  | 'full-address'
  | 'billing-address'
  | 'country-name'
  | 'country-code'
  // where they are
  | 'sell-only'
  | 'marketing-only'
  | 'both-agree'
  | 'both-differ'
  | 'duplicate-same-name'
  | 'duplicate-other-name'
  | 'shared-mailbox'
  | 'duplicate-lead'
  | 'lead'
  | 'lead-and-contact'
  | 'lead-with-organisation-only'
  | 'listed-as-lead'
  // what they are to the business
  | 'current-customer'
  | 'past-customer'
  | 'current-prospect'
  | 'lost-prospect'
  | 'neither'
  | 'unknown-status'
  // what they want
  | 'newsletter-tag'
  | 'unsubscribed-tag'
  | 'contradictory-tags'
  | 'unsubscribed'
  | 'suppressed'
  | 'hard-bounced'
  | 'complained'
  | 'pending-opt-in'
  | 'no-subscription'
  // other
  | 'custom-values'
  | 'marketing-without-name'
  | 'mobile-only';

export interface PostalAddress {
  readonly line1: string | null;
  readonly city: string | null;
  readonly postal_code: string | null;
  readonly state: string | null;
  readonly country: string | null;
}

export type CustomValue = string | number | boolean | readonly string[];

/** Attributes a Sell contact and a Sell lead have in common, spelt as in the v2 API. */
export interface SellRecordSeed {
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly mobile: string | null;
  readonly title: string | null;
  readonly address: PostalAddress;
  readonly tags: readonly string[];
  readonly custom_fields: { readonly [name: string]: CustomValue };
}

export interface SellContactSeed extends SellRecordSeed {
  readonly customer_status: 'none' | 'current' | 'past';
  readonly prospect_status: 'none' | 'current' | 'lost';
  /** Only set where one of the two statuses is not `none`: Sell refuses it otherwise. */
  readonly billing_address: PostalAddress | null;
  /** Number of the organisation they belong to, counting from 0; null for none. */
  readonly organisation: number | null;
}

export interface SellLeadSeed extends SellRecordSeed {
  readonly organization_name: string | null;
  /** One of {@link LEAD_STATUSES}. */
  readonly status: string;
}

/** Contact states the seed uses; `subscribed` and the others as Dotdigital spells them. */
export type MarketingStatus =
  | 'subscribed'
  | 'unsubscribed'
  | 'suppressed'
  | 'hardBounced'
  | 'ispComplained'
  | 'pendingOptIn'
  | 'noSubscription';

export interface MarketingContactSeed {
  /** ASCII, as the service stores it; null for a contact known by mobile number only. */
  readonly email: string | null;
  /** Digits of E.164, without the plus. */
  readonly mobile: string | null;
  readonly fields: { readonly [name: string]: string | number | boolean };
  readonly status: MarketingStatus;
  readonly optIn: 'unknown' | 'single' | 'double';
  /** Names of the lists they are on. */
  readonly lists: readonly string[];
}

export interface Person {
  /** Position in the generated sequence, from 0. */
  readonly index: number;
  readonly traits: readonly Trait[];
  readonly contacts: readonly SellContactSeed[];
  readonly leads: readonly SellLeadSeed[];
  readonly marketing: MarketingContactSeed | null;
}
