// The records of the simulated Sell, kept under their wire names.
// Times are whole seconds since the epoch; custom values are keyed by field id, so that a renamed field keeps them.

/** A postal address; members without a value are null. */
export interface Address {
  readonly line1: string | null;
  readonly city: string | null;
  readonly postal_code: string | null;
  readonly state: string | null;
  readonly country: string | null;
}

/** The five members of an address, in wire order. */
export const ADDRESS_KEYS = ['line1', 'city', 'postal_code', 'state', 'country'] as const;

/** Shared by every record without an address. */
export const EMPTY_ADDRESS: Address = Object.freeze({
  line1: null,
  city: null,
  postal_code: null,
  state: null,
  country: null,
});

/** A stored custom value: numbers as decimal text, dates in ISO form, choices as choice ids. */
export type StoredCustomValue = string | boolean | number | readonly number[] | Address;

/** Custom values by `customKey(field id)`. */
export type CustomValues = Readonly<Record<string, StoredCustomValue>>;

/** Shared by every record without custom values. */
export const NO_CUSTOM_VALUES: CustomValues = Object.freeze({});

/** Shared by every record without tags. */
export const NO_TAGS: readonly string[] = Object.freeze([]);

/** The member of {@link CustomValues} that belongs to a field. */
export function customKey(fieldId: number): string {
  // A leading letter keeps the engine from treating the object as a sparse array.
  return `f${fieldId}`;
}

/** Text attributes contacts and leads have in common. */
export interface CommonTexts {
  readonly title: string | null;
  readonly description: string | null;
  readonly industry: string | null;
  readonly website: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly mobile: string | null;
  readonly fax: string | null;
  readonly twitter: string | null;
  readonly facebook: string | null;
  readonly linkedin: string | null;
  readonly skype: string | null;
}

/** Names of {@link CommonTexts}, in wire order. */
export const COMMON_TEXTS = [
  'title',
  'description',
  'industry',
  'website',
  'email',
  'phone',
  'mobile',
  'fax',
  'twitter',
  'facebook',
  'linkedin',
  'skype',
] as const satisfies readonly (keyof CommonTexts)[];

interface Stamped {
  readonly id: number;
  readonly created_at: number;
  readonly updated_at: number;
}

/** A person or an organisation. */
export interface ContactRecord extends Stamped, CommonTexts {
  readonly creator_id: number;
  readonly owner_id: number;
  readonly is_organization: boolean;
  readonly contact_id: number | null;
  readonly parent_organization_id: number | null;
  /** Of an organisation; null for a person, whose name is computed. */
  readonly name: string | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly customer_status: CustomerStatus;
  readonly prospect_status: ProspectStatus;
  readonly address: Address;
  readonly billing_address: Address | null;
  readonly shipping_address: Address | null;
  readonly tags: readonly string[];
  readonly custom: CustomValues;
}

/** Where a contact stands as a customer. */
export type CustomerStatus = 'none' | 'current' | 'past';
/** Where a contact stands as a prospect. */
export type ProspectStatus = 'none' | 'current' | 'lost';
/** Allowed values of customer_status. */
export const CUSTOMER_STATUSES: readonly CustomerStatus[] = ['none', 'current', 'past'];
/** Allowed values of prospect_status. */
export const PROSPECT_STATUSES: readonly ProspectStatus[] = ['none', 'current', 'lost'];

/** A lead; its status is kept by id and read by name. */
export interface LeadRecord extends Stamped, CommonTexts {
  readonly creator_id: number;
  readonly owner_id: number;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly organization_name: string | null;
  readonly status_id: number;
  readonly source_id: number | null;
  readonly unqualified_reason_id: number | null;
  readonly address: Address;
  readonly tags: readonly string[];
  readonly custom: CustomValues;
  /** Set once converted, when converted leads are kept. */
  readonly converted: boolean;
}

/** A user of the account. */
export interface UserRecord extends Stamped {
  readonly name: string;
  readonly email: string;
  readonly role: 'user' | 'admin';
  readonly status: 'active' | 'inactive';
  readonly confirmed: boolean;
}

/** A label on records of one type. */
export interface TagRecord extends Stamped {
  readonly name: string;
  readonly resource_type: TagResource;
  readonly creator_id: number;
}
/** What can be tagged. */
export type TagResource = 'lead' | 'contact' | 'deal';

/** Anything that is little more than a name: lead statuses, sources, reasons, industries, pipelines. */
export interface NamedRecord extends Stamped {
  readonly name: string;
  readonly creator_id: number;
  readonly resource_type: 'lead' | 'deal';
}

/** A product of the catalogue; money is decimal text. */
export interface ProductRecord extends Stamped {
  readonly name: string;
  readonly description: string;
  readonly sku: string;
  readonly active: boolean;
  readonly max_discount: number | null;
  readonly max_markup: number | null;
  readonly cost: string | null;
  readonly cost_currency: string;
  readonly prices: readonly Price[];
}

/** A price in one currency; the amount has two decimals. */
export interface Price {
  readonly currency: string;
  readonly amount: string;
}

/** What became of a converted lead. */
export interface LeadConversionRecord extends Stamped {
  readonly lead_id: number;
  readonly individual_id: number | null;
  readonly organization_id: number | null;
  readonly deal_id: number | null;
  readonly creator_id: number;
}

/** A deal, as far as it matters here: it moves the statuses of its contact and travels in the sync queue. */
export interface DealRecord extends Stamped {
  readonly name: string;
  readonly contact_id: number;
  readonly owner_id: number;
  readonly creator_id: number;
  readonly stage_id: number;
  readonly value: string;
  readonly currency: string;
}

/** A stage of the sales pipeline. */
export interface StageRecord extends Stamped {
  readonly name: string;
  readonly pipeline_id: number;
  readonly position: number;
  readonly category: 'init' | 'won' | 'lost';
}

/** A note on a record. */
export interface NoteRecord extends Stamped {
  readonly resource_type: 'lead' | 'contact' | 'deal';
  readonly resource_id: number;
  readonly content: string;
  readonly creator_id: number;
}

/** A task on a record. */
export interface TaskRecord extends Stamped {
  readonly resource_type: 'lead' | 'contact' | 'deal';
  readonly resource_id: number;
  readonly content: string;
  readonly owner_id: number;
  readonly creator_id: number;
  readonly completed: boolean;
}

/** Which records a custom field belongs to. */
export type CustomFieldResource = 'lead' | 'contact' | 'deal' | 'prospect_and_customer';

/** The kinds of custom field. */
export type CustomFieldType =
  | 'string'
  | 'text'
  | 'number'
  | 'bool'
  | 'date'
  | 'datetime'
  | 'email'
  | 'phone'
  | 'url'
  | 'address'
  | 'list'
  | 'multi_select_list';

/** A value one can choose. */
export interface Choice {
  readonly id: number;
  readonly name: string;
}

/** A custom field as an administrator defined it. */
export interface CustomFieldRecord extends Stamped {
  readonly resource: CustomFieldResource;
  readonly name: string;
  readonly type: CustomFieldType;
  readonly choices: readonly Choice[];
  readonly for_contact: boolean;
  readonly for_company: boolean;
  readonly filterable: boolean;
}

/** The account all records belong to. */
export interface AccountRecord extends Stamped {
  readonly name: string;
  readonly currency: string;
  readonly time_format: '12H' | '24H';
  readonly timezone: string;
  readonly phone: string | null;
  readonly subdomain: string | null;
}

/** True when the contact is marked as a prospect or a customer, now or formerly. */
export function isProspectOrCustomer(contact: ContactRecord): boolean {
  return contact.customer_status !== 'none' || contact.prospect_status !== 'none';
}

/** The name a contact is shown under. */
export function contactName(contact: ContactRecord): string {
  if (contact.is_organization) return contact.name ?? '';
  return [contact.first_name, contact.last_name].filter((part) => part !== null && part !== '').join(' ');
}
