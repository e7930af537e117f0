// The set-up of the two sandbox accounts: custom fields, lead statuses, data fields and lists. Never a person.

/** A custom field as an administrator of Sell defines it. */
export interface CustomFieldSeed {
  readonly resource: 'contact' | 'lead';
  readonly name: string;
  readonly type: 'string' | 'text' | 'number' | 'bool' | 'date' | 'list' | 'multi_select_list';
  readonly choices: readonly string[];
  /** Whether lists may be filtered by it. */
  readonly filterable: boolean;
}

/** Lead statuses in pipeline order; `unqualified` last and in lower case, as some accounts have it. */
export const LEAD_STATUSES: readonly string[] = ['New', 'Working', 'Contacted', 'Qualified', 'unqualified'];

export const UNQUALIFIED_REASONS: readonly string[] = ['No budget', 'Wrong contact details', 'Bought elsewhere'];

export const LEAD_SOURCES: readonly string[] = ['Website', 'Trade fair', 'Referral'];

export const TIERS: readonly string[] = ['Gold', 'Silver', 'Bronze'];
export const INTERESTS: readonly string[] = ['Garden', 'Kitchen', 'Lighting', 'Éclairage extérieur', 'Workshop'];

const both = (field: Omit<CustomFieldSeed, 'resource'>): readonly CustomFieldSeed[] => [
  { resource: 'contact', ...field },
  { resource: 'lead', ...field },
];

export const CUSTOM_FIELDS: readonly CustomFieldSeed[] = [
  { resource: 'contact', name: 'Tier', type: 'list', choices: TIERS, filterable: true },
  { resource: 'contact', name: 'VIP', type: 'bool', choices: [], filterable: false },
  { resource: 'contact', name: 'Score', type: 'number', choices: [], filterable: true },
  { resource: 'contact', name: 'Renewal date', type: 'date', choices: [], filterable: false },
  { resource: 'contact', name: 'Account no. #', type: 'string', choices: [], filterable: true },
  { resource: 'lead', name: 'Campaign', type: 'string', choices: [], filterable: true },
  ...both({ name: 'Email consent', type: 'list', choices: ['Yes', 'No'], filterable: true }),
  ...both({ name: 'Interests', type: 'multi_select_list', choices: INTERESTS, filterable: true }),
];

export interface DataFieldSeed {
  readonly name: string;
  readonly type: 'String' | 'Numeric' | 'Date' | 'Boolean';
}

/**
 * Data fields beside Dotdigital's own (FIRSTNAME, LASTNAME, FULLNAME, GENDER, POSTCODE, LASTSUBSCRIBED). ORGANISATION is missing on
 * purpose: a new account never has every field a mapping asks for.
 */
export const DATA_FIELDS: readonly DataFieldSeed[] = [
  { name: 'CUSTOMER_STATUS', type: 'String' },
  { name: 'PROSPECT_STATUS', type: 'String' },
  { name: 'TIER', type: 'String' },
  { name: 'SCORE', type: 'Numeric' },
  { name: 'IS_VIP', type: 'Boolean' },
  { name: 'RENEWAL_DATE', type: 'Date' },
  { name: 'CITY', type: 'String' },
];

/** Prefix of the lists that stand for lead statuses. (S9) */
export const LEAD_LIST_PREFIX = 'Zendesk Sell - Leads: ';

/** Lead lists that are already there, as an earlier integration or a tidy person would have left them. (L1: adopted, not made twice) */
export const LEAD_LISTS: readonly string[] = ['New', 'Working'].map((status) => `${LEAD_LIST_PREFIX}${status}`);

export const ORDINARY_LISTS: readonly string[] = ['Monthly newsletter', 'Spring fair', 'Top customers'];

/** Users of the Sell account, beside the one the token belongs to. */
export const SELL_USERS: readonly { readonly name: string; readonly email: string }[] = [
  { name: 'Robin Ashdown', email: 'robin.ashdown@example.com' },
  { name: 'Sam Birtwistle', email: 'sam.birtwistle@example.com' },
];
