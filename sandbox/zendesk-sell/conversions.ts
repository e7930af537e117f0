// Turns a lead into an individual, an organisation or both, and remembers that it did.
// Never looks for existing contacts by itself: conversion makes new ones unless it is told which one to take.

import type { Author } from './author.ts';
import { writeContact } from './contacts.ts';
import { createDeal } from './deals.ts';
import {
  COMMON_TEXTS,
  type ContactRecord,
  type CustomValues,
  customKey,
  type LeadConversionRecord,
  type LeadRecord,
  NO_CUSTOM_VALUES,
  type StoredCustomValue,
} from './records.ts';
import { renderTime } from './wire-time.ts';
import type { WorldState } from './world-state.ts';

/** How a lead is to be converted. */
export interface ConversionOrder {
  readonly ownerId: number;
  readonly createDeal: boolean;
  /** An individual that the lead turns out to be: nothing of it changes. */
  readonly into?: ContactRecord;
}

/** Custom values that carry over: a contact field of the same name and type. Choices carry over by name. */
function carryCustomValues(world: WorldState, lead: LeadRecord, isOrganization: boolean): CustomValues {
  const targets = world.customFields.forContact(isOrganization, true);
  const result: Record<string, StoredCustomValue> = {};
  for (const [name, source] of world.customFields.forLead()) {
    const target = targets.get(name);
    const value = lead.custom[customKey(source.id)];
    if (!target || target.type !== source.type || value === undefined) continue;
    if (!Array.isArray(value)) {
      result[customKey(target.id)] = value;
      continue;
    }
    const names = source.choices.filter((choice) => value.includes(choice.id)).map((choice) => choice.name);
    const ids = target.choices.filter((choice) => names.includes(choice.name)).map((choice) => choice.id);
    if (ids.length > 0) result[customKey(target.id)] = ids;
  }
  return Object.keys(result).length === 0 ? NO_CUSTOM_VALUES : result;
}

function makeContact(
  world: WorldState,
  lead: LeadRecord,
  attributes: Readonly<Record<string, unknown>>,
  author: Author,
): ContactRecord {
  const contact = writeContact(world, undefined, attributes, { ...author, person: true });
  const custom = carryCustomValues(world, lead, contact.is_organization);
  if (custom === NO_CUSTOM_VALUES) return contact;
  const filled = { ...contact, custom };
  world.contacts.put(filled);
  return filled;
}

/** Converts a lead. Last name makes an individual, organisation name an organisation, both link the two. */
export function convertLead(
  world: WorldState,
  lead: LeadRecord,
  order: ConversionOrder,
  author: Author,
): LeadConversionRecord {
  const texts = Object.fromEntries(COMMON_TEXTS.map((key) => [key, lead[key]]));
  const common = { owner_id: order.ownerId, address: lead.address, tags: lead.tags };
  const organization = lead.organization_name
    ? makeContact(
        world,
        lead,
        lead.last_name
          ? {
              ...common,
              is_organization: true,
              name: lead.organization_name,
              industry: lead.industry,
              website: lead.website,
            }
          : { ...common, ...texts, is_organization: true, name: lead.organization_name, title: null },
        author,
      )
    : undefined;
  const individual =
    order.into ??
    (lead.last_name
      ? makeContact(
          world,
          lead,
          {
            ...common,
            ...texts,
            first_name: lead.first_name,
            last_name: lead.last_name,
            contact_id: organization?.id ?? null,
          },
          author,
        )
      : undefined);
  const main = individual ?? organization;
  const deal =
    order.createDeal && main
      ? createDeal(
          world,
          {
            name: lead.organization_name ?? `${lead.first_name ?? ''} ${lead.last_name ?? ''}`.trim(),
            contactId: main.id,
            ownerId: order.ownerId,
          },
          author,
        )
      : undefined;
  const now = world.now();
  const conversion: LeadConversionRecord = {
    id: world.nextId('lead_conversion'),
    lead_id: lead.id,
    individual_id: individual?.id ?? null,
    organization_id: organization?.id ?? null,
    deal_id: deal?.id ?? null,
    creator_id: author.userId,
    created_at: now,
    updated_at: now,
  };
  world.conversions.put(conversion);
  if (world.switches.convertedLead === 'gone') {
    world.leads.remove(lead.id);
    world.deleted('lead', lead.id);
  } else {
    world.leads.put({ ...lead, converted: true, updated_at: world.nextUpdate(lead.updated_at) });
    world.touched('lead', lead.id);
  }
  return conversion;
}

/** A lead conversion as it is read. */
export function renderConversion(conversion: LeadConversionRecord): Record<string, unknown> {
  return {
    id: conversion.id,
    lead_id: conversion.lead_id,
    individual_id: conversion.individual_id,
    organization_id: conversion.organization_id,
    deal_id: conversion.deal_id,
    creator_id: conversion.creator_id,
    created_at: renderTime(conversion.created_at),
  };
}
