// Leads: what may be written, what is stored, what is read.
// Never converts; conversion is its own module.

import { AttributeReader } from './attribute-reader.ts';
import type { Author } from './author.ts';
import { readCustomValues, renderCustomValues } from './custom-values.ts';
import { unprocessable } from './errors.ts';
import {
  COMMON_TEXTS,
  EMPTY_ADDRESS,
  type LeadRecord,
  type NamedRecord,
  NO_CUSTOM_VALUES,
  NO_TAGS,
} from './records.ts';
import { adoptTags } from './tags.ts';
import { renderTime } from './wire-time.ts';
import type { WorldState } from './world-state.ts';

type Draft = { -readonly [Key in keyof LeadRecord]: LeadRecord[Key] };

const READ_ONLY = new Set(['id', 'creator_id', 'created_at', 'updated_at']);

/** Attributes of a lead in a body, under their wire names. */
export type LeadAttributes = Readonly<Record<string, unknown>>;

/** The lead status of exactly that name. */
function findLeadStatus(world: WorldState, name: string): NamedRecord | undefined {
  for (const status of world.leadStatuses.values()) if (status.name === name) return status;
  return undefined;
}

/** Adds a lead status. */
export function addLeadStatus(world: WorldState, name: string, userId: number): NamedRecord {
  const now = world.now();
  const status: NamedRecord = {
    id: world.nextId('lead_status'),
    name,
    creator_id: userId,
    resource_type: 'lead',
    created_at: now,
    updated_at: now,
  };
  world.leadStatuses.put(status);
  return status;
}

function firstStatusId(world: WorldState): number {
  const [first] = world.leadStatuses.values();
  return (findLeadStatus(world, 'New') ?? first)?.id ?? 0;
}

function blankLead(world: WorldState, author: Author): Draft {
  return {
    id: 0,
    creator_id: author.userId,
    owner_id: author.userId,
    first_name: null,
    last_name: null,
    organization_name: null,
    status_id: firstStatusId(world),
    source_id: null,
    unqualified_reason_id: null,
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
    tags: NO_TAGS,
    custom: NO_CUSTOM_VALUES,
    converted: false,
    ...world.newStamps(),
  };
}

function readStatus(world: WorldState, reader: AttributeReader, draft: Draft, value: unknown, author: Author): void {
  if (typeof value !== 'string') {
    reader.invalidType('/status', 'string');
    return;
  }
  const known = findLeadStatus(world, value);
  if (known) draft.status_id = known.id;
  else if (reader.switches.unknownLeadStatus === 'create' && value !== '') {
    // A refused body must not leave a status behind.
    if (reader.errors.length > 0) return;
    draft.status_id = addLeadStatus(world, value, author.userId).id;
  } else reader.incorrect('/status');
}

function readAttribute(world: WorldState, reader: AttributeReader, draft: Draft, key: string, value: unknown): void {
  const at = `/${key}`;
  const textKey = [...COMMON_TEXTS, 'first_name', 'last_name', 'organization_name'].find((name) => name === key) as
    | (typeof COMMON_TEXTS)[number]
    | 'first_name'
    | 'last_name'
    | 'organization_name'
    | undefined;
  if (textKey) {
    const text = reader.text(at, value);
    if (text === undefined) return;
    if (textKey === 'industry' && text && reader.switches.industryCheck && !world.industries.includes(text)) {
      reader.incorrect(at);
    } else draft[textKey] = text;
    return;
  }
  switch (key) {
    case 'owner_id': {
      const id = reader.integer(at, value);
      if (id !== undefined) draft.owner_id = world.users.has(id) ? id : (reader.incorrect(at) ?? draft.owner_id);
      return;
    }
    case 'source_id':
    case 'unqualified_reason_id': {
      const id = reader.reference(at, value);
      if (id === undefined) return;
      const table = key === 'source_id' ? world.leadSources : world.unqualifiedReasons;
      if (id === null || table.has(id)) draft[key] = id;
      else reader.incorrect(at);
      return;
    }
    case 'address':
      draft.address = reader.address(at, value, draft.address) ?? draft.address;
      return;
    default:
      reader.unknown(at);
  }
}

function requireNames(reader: AttributeReader, draft: Draft, attributes: LeadAttributes, isNew: boolean): void {
  const filled = (text: string | null): boolean => (text ?? '') !== '';
  if (!filled(draft.last_name)) {
    if (filled(draft.first_name)) reader.blank('/last_name', "Last Name can't be blank");
    else if (!filled(draft.organization_name)) {
      if (isNew && !('last_name' in attributes)) reader.missing('/last_name');
      else reader.blank('/last_name');
    }
  }
}

function requireReason(world: WorldState, reader: AttributeReader, draft: Draft): void {
  const status = world.leadStatuses.get(draft.status_id);
  const unqualified = status?.name.toLowerCase() === 'unqualified';
  if (reader.switches.unqualifiedNeedsReason && unqualified && draft.unqualified_reason_id === null) {
    reader.missing('/unqualified_reason_id');
  }
}

function readPersonOnly(draft: Draft, attributes: LeadAttributes): void {
  const { id, creator_id, created_at, updated_at } = attributes;
  if (typeof id === 'number') draft.id = id;
  if (typeof creator_id === 'number') draft.creator_id = creator_id;
  if (typeof created_at === 'string') draft.created_at = Math.floor(Date.parse(created_at) / 1000);
  if (typeof updated_at === 'string') draft.updated_at = Math.floor(Date.parse(updated_at) / 1000);
}

/**
 * Creates a lead, or changes `before`.
 * @throws SellRefusal 422 with everything wrong in the attributes; nothing is stored then.
 */
export function writeLead(
  world: WorldState,
  before: LeadRecord | undefined,
  attributes: LeadAttributes,
  author: Author,
): LeadRecord {
  const { switches } = world;
  const reader = new AttributeReader('lead', switches);
  const draft: Draft = before ? { ...before } : blankLead(world, author);
  let tags = draft.tags;
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'tags') tags = reader.tags('/tags', value) ?? tags;
    else if (key === 'custom_fields') {
      draft.custom = readCustomValues(reader, '/custom_fields', world.customFields.forLead(), draft.custom, value);
    } else if (key === 'status') continue;
    else if (READ_ONLY.has(key)) {
      if (!author.person && switches.readOnlyAttributes === 'refuse') reader.unknown(`/${key}`);
    } else readAttribute(world, reader, draft, key, value);
  }
  requireNames(reader, draft, attributes, !before);
  if ('status' in attributes) readStatus(world, reader, draft, attributes['status'], author);
  requireReason(world, reader, draft);
  if (reader.errors.length > 0) throw unprocessable(reader.errors);

  if (tags !== draft.tags) draft.tags = adoptTags(world, 'lead', tags, author.userId);
  if (before) {
    if (!switches.putWithoutChangeBumps && JSON.stringify(draft) === JSON.stringify(before)) return before;
    draft.updated_at = world.nextUpdate(before.updated_at);
  }
  if (author.person) readPersonOnly(draft, attributes);
  if (draft.id === 0) draft.id = world.nextId('lead');
  else if (!before) world.reserveId('lead', draft.id);
  world.leads.put(draft);
  world.touched('lead', draft.id);
  return draft;
}

/** Deletes a lead; false when there is none of that id. */
export function deleteLead(world: WorldState, id: number): boolean {
  if (!world.leads.remove(id)) return false;
  world.deleted('lead', id);
  return true;
}

/** A lead as it is read. */
export function renderLead(world: WorldState, lead: LeadRecord): Record<string, unknown> {
  return {
    id: lead.id,
    creator_id: lead.creator_id,
    owner_id: lead.owner_id,
    first_name: lead.first_name,
    last_name: lead.last_name,
    organization_name: lead.organization_name,
    status: world.leadStatuses.get(lead.status_id)?.name ?? null,
    source_id: lead.source_id,
    unqualified_reason_id: lead.unqualified_reason_id,
    title: lead.title,
    description: lead.description,
    industry: lead.industry,
    website: lead.website,
    email: lead.email,
    phone: lead.phone,
    mobile: lead.mobile,
    fax: lead.fax,
    twitter: lead.twitter,
    facebook: lead.facebook,
    linkedin: lead.linkedin,
    skype: lead.skype,
    address: lead.address,
    tags: lead.tags,
    custom_fields: renderCustomValues(world.customFields.forLead(), lead.custom, world.switches),
    created_at: renderTime(lead.created_at),
    updated_at: renderTime(lead.updated_at),
  };
}
