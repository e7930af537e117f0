// The standard attributes of contacts and leads as configuration paths: what they hold and whether they can be written.

import type { Role } from '../../core/model/identity.ts';
import type { CrmField, CrmFieldType, Qualification } from '../../core/model/schema.ts';

/** The five members of every address, in Sell's own order. */
export const ADDRESS_PARTS = ['line1', 'city', 'postal_code', 'state', 'country'] as const;
export type AddressPart = (typeof ADDRESS_PARTS)[number];

/** Attributes that are one address object. Billing and shipping are refused on a contact that is neither prospect nor customer. (C16) */
export const ADDRESS_ATTRIBUTES: { readonly [R in Role]: readonly string[] } = {
  contact: ['address', 'billing_address', 'shipping_address'],
  lead: ['address'],
};

interface Row {
  readonly path: string;
  readonly type: CrmFieldType;
  readonly roles: readonly Role[];
  readonly writable: boolean;
  readonly more?: Partial<CrmField>;
}

const BOTH: readonly Role[] = ['contact', 'lead'];
const CONTACT: readonly Role[] = ['contact'];
const LEAD: readonly Role[] = ['lead'];

/** `status` of a lead is not written through a field: lists decide it. E-mail is written by every write's own member. */
const ROWS: readonly Row[] = [
  { path: 'id', type: 'id', roles: BOTH, writable: false },
  { path: 'first_name', type: 'text', roles: BOTH, writable: true, more: { mandatory: true, meaning: 'first-name' } },
  { path: 'last_name', type: 'text', roles: BOTH, writable: true, more: { mandatory: true, meaning: 'last-name' } },
  { path: 'email', type: 'email', roles: BOTH, writable: false },
  { path: 'organization_name', type: 'text', roles: LEAD, writable: true },
  { path: 'status', type: 'choice', roles: LEAD, writable: false },
  { path: 'customer_status', type: 'status', roles: CONTACT, writable: true, more: { choices: ['none', 'current', 'past'], fallback: 'none', recomputed: true } },
  { path: 'prospect_status', type: 'status', roles: CONTACT, writable: true, more: { choices: ['none', 'current', 'lost'], fallback: 'none', recomputed: true } },
  { path: 'title', type: 'text', roles: BOTH, writable: true },
  { path: 'description', type: 'text', roles: BOTH, writable: true },
  { path: 'industry', type: 'text', roles: BOTH, writable: true },
  { path: 'website', type: 'url', roles: BOTH, writable: true },
  { path: 'phone', type: 'phone', roles: BOTH, writable: true },
  { path: 'mobile', type: 'phone', roles: BOTH, writable: true },
  { path: 'fax', type: 'phone', roles: BOTH, writable: true },
  { path: 'twitter', type: 'text', roles: BOTH, writable: true },
  { path: 'facebook', type: 'text', roles: BOTH, writable: true },
  { path: 'linkedin', type: 'text', roles: BOTH, writable: true },
  { path: 'skype', type: 'text', roles: BOTH, writable: true },
  { path: 'tags', type: 'set', roles: BOTH, writable: true, more: { whole: 'tags' } },
  { path: 'owner.name', type: 'text', roles: BOTH, writable: false },
  { path: 'owner.email', type: 'email', roles: BOTH, writable: false },
  { path: 'organization.name', type: 'text', roles: CONTACT, writable: false },
  { path: 'source.name', type: 'text', roles: LEAD, writable: false },
  { path: 'created_at', type: 'datetime', roles: BOTH, writable: false },
  { path: 'updated_at', type: 'datetime', roles: BOTH, writable: false },
];

/** Fields every account has, address parts included. */
export function standardFields(role: Role): readonly CrmField[] {
  const rows = ROWS.filter((row) => row.roles.includes(role)).map(
    (row): CrmField => ({
      path: row.path,
      type: row.type,
      writable: row.writable,
      mandatory: false,
      fieldClass: 'sales',
      ...row.more,
    }),
  );
  const parts = ADDRESS_ATTRIBUTES[role].flatMap((attribute) => addressFields(attribute, attribute !== 'address'));
  return [...rows, ...parts];
}

/** The parts of one address attribute; written as a whole. (C17) */
export function addressFields(attribute: string, needsQualified: boolean): readonly CrmField[] {
  return ADDRESS_PARTS.map((part) => ({
    path: `${attribute}.${part}`,
    type: 'text',
    writable: true,
    mandatory: false,
    fieldClass: 'sales',
    whole: attribute,
    ...(needsQualified ? { needsQualified: true } : {}),
  }));
}

/** Plain attributes that a write may carry under their own name; addresses, tags and custom fields go their own way. */
export const WRITABLE: { readonly [R in Role]: ReadonlySet<string> } = {
  contact: writableOf('contact'),
  lead: writableOf('lead'),
};

function writableOf(role: Role): ReadonlySet<string> {
  return new Set(ROWS.filter((row) => row.writable && row.path !== 'tags' && row.roles.includes(role)).map((row) => row.path));
}

/** A contact with both at `none` is neither prospect nor customer. (C14) Stages as in 4.4, earliest first. */
export const QUALIFICATION: Qualification = {
  paths: ['customer_status', 'prospect_status'],
  none: 'none',
  stages: [
    { path: 'prospect_status', value: 'lost' },
    { path: 'customer_status', value: 'past' },
    { path: 'prospect_status', value: 'current' },
    { path: 'customer_status', value: 'current' },
  ],
};
