// Contacts: what may be written, what is stored, what is read.
// Never matches or merges; a write concerns the one record it names.

import { AttributeReader } from './attribute-reader.ts';
import type { Author } from './author.ts';
import { readCustomValues, renderCustomValues } from './custom-values.ts';
import { unprocessable } from './errors.ts';
import {
  COMMON_TEXTS,
  type ContactRecord,
  CUSTOMER_STATUSES,
  contactName,
  EMPTY_ADDRESS,
  isProspectOrCustomer,
  NO_CUSTOM_VALUES,
  NO_TAGS,
  PROSPECT_STATUSES,
} from './records.ts';
import { adoptTags } from './tags.ts';
import { renderTime } from './wire-time.ts';
import type { WorldState } from './world-state.ts';

type Draft = { -readonly [Key in keyof ContactRecord]: ContactRecord[Key] };

const READ_ONLY = new Set(['id', 'creator_id', 'created_at', 'updated_at']);

/** Attributes of a contact in a body, under their wire names. */
export type ContactAttributes = Readonly<Record<string, unknown>>;

function blankContact(world: WorldState, author: Author): Draft {
  return {
    id: 0,
    creator_id: author.userId,
    owner_id: author.userId,
    is_organization: false,
    contact_id: null,
    parent_organization_id: null,
    name: null,
    first_name: null,
    last_name: null,
    customer_status: 'none',
    prospect_status: 'none',
    title: null,
    description: null,
    industry: null,
    website: null,
    email: null,
    phone: null,
    mobile: null,
    fax: null,
    twitter: null,
    facebook: null,
    linkedin: null,
    skype: null,
    address: EMPTY_ADDRESS,
    billing_address: null,
    shipping_address: null,
    tags: NO_TAGS,
    custom: NO_CUSTOM_VALUES,
    ...world.newStamps(),
  };
}

function readSecondAddress(
  reader: AttributeReader,
  draft: Draft,
  key: 'billing_address' | 'shipping_address',
  value: unknown,
  author: Author,
): void {
  if (value === null) {
    draft[key] = null;
    return;
  }
  const address = reader.address(`/${key}`, value, draft[key] ?? EMPTY_ADDRESS);
  if (address === undefined) return;
  if (isProspectOrCustomer(draft) || author.person) draft[key] = address === EMPTY_ADDRESS ? null : address;
  else if (reader.switches.billingAddressRule === 'refuse') {
    reader.incorrect(`/${key}`, `The attribute '/${key}' can only be set for a prospect or a customer.`);
  }
}

function readOrganizationFlag(reader: AttributeReader, draft: Draft, value: unknown, isNew: boolean): void {
  const flag = reader.boolean('/is_organization', value);
  if (flag === undefined || flag === draft.is_organization) return;
  if (isNew) {
    draft.is_organization = flag;
    return;
  }
  switch (reader.switches.isOrganizationOnPut) {
    case 'ignore':
      return;
    case 'refuse':
      reader.incorrect('/is_organization', "The attribute '/is_organization' cannot be changed.");
      return;
    case 'converts': {
      const name = contactName(draft);
      draft.is_organization = flag;
      draft.name = flag ? name : null;
      draft.first_name = null;
      draft.last_name = flag ? null : name;
      if (flag) draft.contact_id = null;
      else draft.parent_organization_id = null;
      return;
    }
    default:
      reader.switches.isOrganizationOnPut satisfies never;
  }
}

function readAttribute(world: WorldState, reader: AttributeReader, draft: Draft, key: string, value: unknown): void {
  const at = `/${key}`;
  const textKey = COMMON_TEXTS.find((candidate) => candidate === key);
  if (textKey) {
    const text = reader.text(at, value);
    if (text === undefined) return;
    if (textKey === 'industry' && text && reader.switches.industryCheck && !world.industries.includes(text)) {
      reader.incorrect(at);
    } else draft[textKey] = text;
    return;
  }
  switch (key) {
    case 'name':
    case 'first_name':
    case 'last_name': {
      const text = reader.text(at, value);
      // A person's name is made of its parts; an organisation has no parts.
      if (text !== undefined && (key === 'name') === draft.is_organization) draft[key] = text;
      return;
    }
    case 'owner_id': {
      const id = reader.integer(at, value);
      if (id !== undefined) draft.owner_id = world.users.has(id) ? id : (reader.incorrect(at) ?? draft.owner_id);
      return;
    }
    case 'contact_id':
    case 'parent_organization_id': {
      const id = reader.reference(at, value);
      if (id === undefined) return;
      const fits = (key === 'parent_organization_id') === draft.is_organization;
      const target = id === null ? undefined : world.contacts.get(id);
      if (id === null || (fits && target?.is_organization && id !== draft.id)) draft[key] = id;
      else reader.incorrect(at, `The attribute '${at}' must be the id of an organisation.`);
      return;
    }
    case 'customer_status':
      draft.customer_status = reader.oneOf(at, value, CUSTOMER_STATUSES) ?? draft.customer_status;
      return;
    case 'prospect_status':
      draft.prospect_status = reader.oneOf(at, value, PROSPECT_STATUSES) ?? draft.prospect_status;
      return;
    case 'address':
      draft.address = reader.address(at, value, draft.address) ?? draft.address;
      return;
    default:
      reader.unknown(at);
  }
}

/** Attributes that can only be judged once all the others are known, besides those read first. */
const LATE = new Set(['is_organization', 'tags', 'custom_fields', 'billing_address', 'shipping_address']);

function readPersonOnly(draft: Draft, attributes: ContactAttributes): void {
  const { id, creator_id, created_at, updated_at } = attributes;
  if (typeof id === 'number') draft.id = id;
  if (typeof creator_id === 'number') draft.creator_id = creator_id;
  if (typeof created_at === 'string') draft.created_at = Math.floor(Date.parse(created_at) / 1000);
  if (typeof updated_at === 'string') draft.updated_at = Math.floor(Date.parse(updated_at) / 1000);
}

/**
 * Creates a contact, or changes `before`.
 * @throws SellRefusal 422 with everything wrong in the attributes; nothing is stored then.
 */
export function writeContact(
  world: WorldState,
  before: ContactRecord | undefined,
  attributes: ContactAttributes,
  author: Author,
): ContactRecord {
  const { switches } = world;
  const reader = new AttributeReader('contact', switches);
  const draft: Draft = before ? { ...before } : blankContact(world, author);
  if ('is_organization' in attributes) readOrganizationFlag(reader, draft, attributes['is_organization'], !before);
  let tags = draft.tags;
  for (const [key, value] of Object.entries(attributes)) {
    if (LATE.has(key)) continue;
    if (READ_ONLY.has(key)) {
      if (!author.person && switches.readOnlyAttributes === 'refuse') reader.unknown(`/${key}`);
    } else readAttribute(world, reader, draft, key, value);
  }
  if ('tags' in attributes) tags = reader.tags('/tags', attributes['tags']) ?? tags;
  for (const key of ['billing_address', 'shipping_address'] as const) {
    if (key in attributes) readSecondAddress(reader, draft, key, attributes[key], author);
  }
  if ('custom_fields' in attributes) {
    const fields = author.person
      ? world.customFields.forAnyContact()
      : world.customFields.forContact(draft.is_organization, isProspectOrCustomer(draft));
    draft.custom = readCustomValues(reader, '/custom_fields', fields, draft.custom, attributes['custom_fields']);
  }
  requireName(reader, draft, attributes, before);
  if (reader.errors.length > 0) throw unprocessable(reader.errors);

  if (tags !== draft.tags) draft.tags = adoptTags(world, 'contact', tags, author.userId);
  if (before) {
    if (!switches.putWithoutChangeBumps && JSON.stringify(draft) === JSON.stringify(before)) return before;
    draft.updated_at = world.nextUpdate(before.updated_at);
  }
  if (author.person) readPersonOnly(draft, attributes);
  if (draft.id === 0) draft.id = world.nextId('contact');
  else if (!before) world.reserveId('contact', draft.id);
  world.contacts.put(draft);
  world.touched('contact', draft.id);
  return draft;
}

function requireName(
  reader: AttributeReader,
  draft: Draft,
  attributes: ContactAttributes,
  before: ContactRecord | undefined,
): void {
  const key = draft.is_organization ? 'name' : 'last_name';
  if ((draft[key] ?? '') !== '' || reader.errors.some((error) => error.field === `/${key}`)) return;
  if (before || key in attributes) reader.blank(`/${key}`);
  else reader.missing(`/${key}`);
}

const membersOf = (record: ContactRecord): string | null =>
  record.contact_id === null ? null : String(record.contact_id);

/** Deletes a contact; false when there is none of that id. */
export function deleteContact(world: WorldState, id: number): boolean {
  const removed = world.contacts.remove(id);
  if (!removed) return false;
  world.deleted('contact', id);
  if (removed.is_organization && world.switches.organizationDelete === 'clears') {
    for (const member of world.contacts.findBy('contact_id', membersOf, String(id))) {
      world.contacts.put({ ...member, contact_id: null, updated_at: world.nextUpdate(member.updated_at) });
      world.touched('contact', member.id);
    }
  }
  return true;
}

/** A contact as it is read. */
export function renderContact(world: WorldState, contact: ContactRecord): Record<string, unknown> {
  const marked = isProspectOrCustomer(contact);
  const fields = world.customFields.forContact(contact.is_organization, marked);
  return {
    id: contact.id,
    creator_id: contact.creator_id,
    owner_id: contact.owner_id,
    is_organization: contact.is_organization,
    contact_id: contact.contact_id,
    parent_organization_id: contact.parent_organization_id,
    name: contactName(contact),
    first_name: contact.first_name,
    last_name: contact.last_name,
    customer_status: contact.customer_status,
    prospect_status: contact.prospect_status,
    title: contact.title,
    description: contact.description,
    industry: contact.industry,
    website: contact.website,
    email: contact.email,
    phone: contact.phone,
    mobile: contact.mobile,
    fax: contact.fax,
    twitter: contact.twitter,
    facebook: contact.facebook,
    linkedin: contact.linkedin,
    skype: contact.skype,
    address: contact.address,
    billing_address: marked ? contact.billing_address : null,
    shipping_address: marked ? contact.shipping_address : null,
    tags: contact.tags,
    custom_fields: renderCustomValues(fields, contact.custom, world.switches),
    created_at: renderTime(contact.created_at),
    updated_at: renderTime(contact.updated_at),
  };
}
