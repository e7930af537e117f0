// Merging two records at the screen: the survivor keeps what it has and takes what it lacks.
// Never available through the API, which has no merge.

import { deleteContact } from './contacts.ts';
import { notFound } from './errors.ts';
import { deleteLead } from './leads.ts';
import {
  ADDRESS_KEYS,
  type Address,
  COMMON_TEXTS,
  type CommonTexts,
  type ContactRecord,
  type CustomValues,
  contactName,
  type LeadRecord,
  type NoteRecord,
} from './records.ts';
import type { WorldState } from './world-state.ts';

interface Mergeable extends CommonTexts {
  readonly address: Address;
  readonly tags: readonly string[];
  readonly custom: CustomValues;
}

function mergeAddress(kept: Address, other: Address): Address {
  return ADDRESS_KEYS.every((key) => kept[key] === null) ? other : kept;
}

function mergeCommon(survivor: Mergeable, loser: Mergeable): Mergeable {
  const texts = Object.fromEntries(
    COMMON_TEXTS.map((key) => [key, survivor[key] ?? loser[key]]),
  ) as unknown as CommonTexts;
  return {
    ...texts,
    address: mergeAddress(survivor.address, loser.address),
    tags: [...new Set([...survivor.tags, ...loser.tags])],
    custom: { ...loser.custom, ...survivor.custom },
  };
}

function noteMerge(
  world: WorldState,
  type: 'contact' | 'lead',
  survivorId: number,
  name: string,
  userId: number,
): NoteRecord {
  const note: NoteRecord = {
    id: world.nextId('note'),
    resource_type: type,
    resource_id: survivorId,
    content: `Merged with ${name}.`,
    creator_id: userId,
    ...world.newStamps(),
  };
  world.notes.put(note);
  world.touched('note', note.id);
  return note;
}

/**
 * Merges `loserId` into `survivorId`; members and deals of the loser move over, the loser is deleted.
 * @throws SellRefusal 404 for an unknown id; RangeError for a merge with itself or of a person with an organisation.
 */
export function mergeContacts(world: WorldState, survivorId: number, loserId: number, userId: number): ContactRecord {
  const survivor = world.contacts.get(survivorId);
  const loser = world.contacts.get(loserId);
  if (!survivor) throw notFound('contact', survivorId);
  if (!loser) throw notFound('contact', loserId);
  if (survivorId === loserId) throw new RangeError('a contact cannot be merged with itself');
  if (survivor.is_organization !== loser.is_organization)
    throw new RangeError('a person cannot be merged with an organisation');
  const merged: ContactRecord = {
    ...survivor,
    ...mergeCommon(survivor, loser),
    first_name: survivor.first_name ?? loser.first_name,
    contact_id: survivor.contact_id ?? loser.contact_id,
    parent_organization_id: survivor.parent_organization_id ?? loser.parent_organization_id,
    customer_status: survivor.customer_status === 'none' ? loser.customer_status : survivor.customer_status,
    prospect_status: survivor.prospect_status === 'none' ? loser.prospect_status : survivor.prospect_status,
    billing_address: survivor.billing_address ?? loser.billing_address,
    shipping_address: survivor.shipping_address ?? loser.shipping_address,
    updated_at: world.nextUpdate(survivor.updated_at),
  };
  world.contacts.put(merged);
  world.touched('contact', survivorId);
  const membersOf = (record: ContactRecord): string | null =>
    record.contact_id === null ? null : String(record.contact_id);
  for (const member of world.contacts.findBy('contact_id', membersOf, String(loserId))) {
    world.contacts.put({ ...member, contact_id: survivorId, updated_at: world.nextUpdate(member.updated_at) });
    world.touched('contact', member.id);
  }
  for (const deal of [...world.deals.values()].filter((candidate) => candidate.contact_id === loserId)) {
    world.deals.put({ ...deal, contact_id: survivorId });
    world.touched('deal', deal.id);
  }
  deleteContact(world, loserId);
  noteMerge(world, 'contact', survivorId, contactName(loser), userId);
  return world.contacts.get(survivorId) ?? merged;
}

/**
 * Merges lead `loserId` into `survivorId`; the loser is deleted.
 * @throws SellRefusal 404 for an unknown id; RangeError for a merge with itself.
 */
export function mergeLeads(world: WorldState, survivorId: number, loserId: number, userId: number): LeadRecord {
  const survivor = world.leads.get(survivorId);
  const loser = world.leads.get(loserId);
  if (!survivor) throw notFound('lead', survivorId);
  if (!loser) throw notFound('lead', loserId);
  if (survivorId === loserId) throw new RangeError('a lead cannot be merged with itself');
  const merged: LeadRecord = {
    ...survivor,
    ...mergeCommon(survivor, loser),
    first_name: survivor.first_name ?? loser.first_name,
    last_name: survivor.last_name ?? loser.last_name,
    organization_name: survivor.organization_name ?? loser.organization_name,
    source_id: survivor.source_id ?? loser.source_id,
    updated_at: world.nextUpdate(survivor.updated_at),
  };
  world.leads.put(merged);
  world.touched('lead', survivorId);
  deleteLead(world, loserId);
  noteMerge(world, 'lead', survivorId, `${loser.first_name ?? ''} ${loser.last_name ?? ''}`.trim(), userId);
  return merged;
}
