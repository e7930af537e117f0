// What a person can do by hand in each service, as the simulated editors and the seeding need it. Holds no state of its own.
import type { Random } from '../random.ts';
import type { ProductSeed } from './generate-products.ts';
import type { OrganisationSeed } from './organisations.ts';
import type { MarketingContactSeed, PostalAddress, SellContactSeed, SellLeadSeed } from './person.ts';

/** What somebody sees who opens a record of Sell. */
export interface SellView {
  readonly id: number;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly email: string | null;
  readonly address: PostalAddress;
  readonly tags: readonly string[];
}
export interface SellContactView extends SellView {
  readonly customer_status: string;
  readonly prospect_status: string;
}
export interface SellLeadView extends SellView {
  readonly organization_name: string | null;
  readonly status: string;
}

/** Attributes an editor changes; spelt as in the API. */
export interface SellChange {
  readonly first_name?: string;
  readonly last_name?: string;
  readonly email?: string;
  readonly customer_status?: string;
  readonly prospect_status?: string;
  readonly status?: string;
  readonly tags?: readonly string[];
  readonly address?: Partial<PostalAddress>;
  readonly custom_fields?: { readonly [name: string]: string | number | boolean };
}

/** Somebody's desk in Sell. Ids of records that are gone are refused with an error. */
export interface SellDesk {
  /** Some individual that suits, or null when none was found in a few dozen looks. */
  anyContact(random: Random, suits?: (contact: SellContactView) => boolean): SellContactView | null;
  anyLead(random: Random, suits?: (lead: SellLeadView) => boolean): SellLeadView | null;
  addOrganisation(seed: OrganisationSeed): number;
  addContact(seed: SellContactSeed, organisationId: number | null): number;
  addLead(seed: SellLeadSeed): number;
  addProduct(seed: ProductSeed): number;
  changeContact(id: number, change: SellChange): void;
  changeLead(id: number, change: SellChange): void;
  /** Returns the id of the new contact. */
  convertLead(id: number): number | null;
  /** Opens a deal and wins it: the contact becomes a current customer by itself. (C15) */
  winDeal(contactId: number, name: string): void;
  deleteContact(id: number): void;
}

/** What somebody sees who opens a contact of Dotdigital. */
export interface MarketingView {
  readonly id: number;
  readonly email: string | null;
  readonly fields: { readonly [name: string]: string | number | boolean | null };
  readonly status: string;
  /** Names of the lists they are on. */
  readonly lists: readonly string[];
}

/** Somebody's desk in Dotdigital. */
export interface MarketingDesk {
  anyContact(random: Random, suits?: (contact: MarketingView) => boolean): MarketingView | null;
  /** The contact with exactly that stored address. */
  byEmail(email: string): MarketingView | null;
  /** Everybody who is not in the recycle bin. */
  everyContact(): Iterable<MarketingView>;
  listNames(): readonly string[];
  addList(name: string): void;
  addContact(seed: MarketingContactSeed): number;
  changeFields(id: number, fields: { readonly [name: string]: string | number | boolean }): void;
  joinList(id: number, list: string): void;
  leaveList(id: number, list: string): void;
  /** The recipient follows the link in a mail. */
  unsubscribe(id: number): void;
  deleteContact(id: number): void;
}
