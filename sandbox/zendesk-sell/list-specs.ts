// What each kind of record can be filtered and sorted by.
// Tables only; list-query does the reading.

import { addressFields, type ListField, type ListSpec } from './list-query.ts';
import type {
  CommonTexts,
  ContactRecord,
  LeadConversionRecord,
  LeadRecord,
  NamedRecord,
  ProductRecord,
  TagRecord,
  UserRecord,
} from './records.ts';
import { contactName, isProspectOrCustomer } from './records.ts';
import type { WorldState } from './world-state.ts';

interface Stamped {
  readonly id: number;
  readonly created_at: number;
  readonly updated_at: number;
}

function stamps<T extends Stamped>(): Record<string, ListField<T>> {
  return {
    id: { kind: 'integer', of: (record) => record.id, filter: false },
    created_at: { kind: 'time', of: (record) => record.created_at, filter: false },
    updated_at: { kind: 'time', of: (record) => record.updated_at, filter: false },
  };
}

function commonTexts<T extends CommonTexts>(): Record<string, ListField<T>> {
  return {
    email: { kind: 'email', of: (record) => record.email },
    phone: { kind: 'phone', of: (record) => record.phone },
    mobile: { kind: 'phone', of: (record) => record.mobile },
    title: { kind: 'text', of: (record) => record.title, filter: false },
    industry: { kind: 'text', of: (record) => record.industry, filter: false },
    website: { kind: 'text', of: (record) => record.website, filter: false },
  };
}

/** `/v2/contacts` */
export function contactList(world: WorldState): ListSpec<ContactRecord> {
  return {
    defaultSort: 'last_name',
    inclusive: true,
    custom: { fields: () => world.customFields.forAnyContact(), of: (contact) => contact.custom },
    fields: {
      ...stamps<ContactRecord>(),
      ...commonTexts<ContactRecord>(),
      creator_id: { kind: 'integer', of: (contact) => contact.creator_id },
      owner_id: { kind: 'integer', of: (contact) => contact.owner_id },
      is_organization: { kind: 'boolean', of: (contact) => contact.is_organization },
      contact_id: { kind: 'integer', of: (contact) => contact.contact_id },
      name: { kind: 'text', of: contactName },
      first_name: { kind: 'text', of: (contact) => contact.first_name },
      last_name: { kind: 'text', of: (contact) => contact.last_name },
      customer_status: { kind: 'text', of: (contact) => contact.customer_status },
      prospect_status: { kind: 'text', of: (contact) => contact.prospect_status },
      ...addressFields<ContactRecord>('address', (contact) => contact.address),
      ...addressFields<ContactRecord>('billing_address', (contact) =>
        isProspectOrCustomer(contact) ? contact.billing_address : null,
      ),
      ...addressFields<ContactRecord>('shipping_address', (contact) =>
        isProspectOrCustomer(contact) ? contact.shipping_address : null,
      ),
    },
  };
}

/** `/v2/leads` */
export function leadList(world: WorldState): ListSpec<LeadRecord> {
  return {
    defaultSort: 'updated_at',
    inclusive: true,
    custom: { fields: () => world.customFields.forLead(), of: (lead) => lead.custom },
    fields: {
      ...stamps<LeadRecord>(),
      ...commonTexts<LeadRecord>(),
      creator_id: { kind: 'integer', of: (lead) => lead.creator_id },
      owner_id: { kind: 'integer', of: (lead) => lead.owner_id },
      source_id: { kind: 'integer', of: (lead) => lead.source_id },
      first_name: { kind: 'text', of: (lead) => lead.first_name },
      last_name: { kind: 'text', of: (lead) => lead.last_name },
      organization_name: { kind: 'text', of: (lead) => lead.organization_name },
      status: { kind: 'text', of: (lead) => world.leadStatuses.get(lead.status_id)?.name ?? null },
      ...addressFields<LeadRecord>('address', (lead) => lead.address),
    },
  };
}

/** `/v2/tags` */
export const TAG_LIST: ListSpec<TagRecord> = {
  defaultSort: 'updated_at',
  fields: {
    ...stamps<TagRecord>(),
    creator_id: { kind: 'integer', of: (tag) => tag.creator_id },
    name: { kind: 'text', of: (tag) => tag.name },
    resource_type: { kind: 'text', of: (tag) => tag.resource_type },
  },
};

/** `/v2/users` */
export const USER_LIST: ListSpec<UserRecord> = {
  defaultSort: 'id',
  fields: {
    ...stamps<UserRecord>(),
    name: { kind: 'text', of: (user) => user.name },
    email: { kind: 'text', of: (user) => user.email },
    role: { kind: 'text', of: (user) => user.role },
    status: { kind: 'text', of: (user) => user.status },
    confirmed: { kind: 'boolean', of: (user) => user.confirmed },
    identity_type: { kind: 'text', of: () => 'person', sort: false },
  },
};

/** `/v2/products` */
export const PRODUCT_LIST: ListSpec<ProductRecord> = {
  defaultSort: 'id',
  fields: {
    ...stamps<ProductRecord>(),
    name: { kind: 'text', of: (product) => product.name },
    sku: { kind: 'text', of: (product) => product.sku },
    active: { kind: 'boolean', of: (product) => product.active },
  },
};

/** Sources and other lists of names. */
export const NAMED_LIST: ListSpec<NamedRecord> = {
  defaultSort: 'id',
  fields: { ...stamps<NamedRecord>(), name: { kind: 'text', of: (record) => record.name } },
};

/** `/v2/lead_conversions` */
export const CONVERSION_LIST: ListSpec<LeadConversionRecord> = {
  defaultSort: 'id',
  defaultDescending: true,
  maxPerPage: 200,
  extra: ['cursor'],
  fields: {
    ...stamps<LeadConversionRecord>(),
    lead_id: { kind: 'integer', of: (conversion) => conversion.lead_id },
    individual_id: { kind: 'integer', of: (conversion) => conversion.individual_id },
    organization_id: { kind: 'integer', of: (conversion) => conversion.organization_id },
    deal_id: { kind: 'integer', of: (conversion) => conversion.deal_id },
  },
};
