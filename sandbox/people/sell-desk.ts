// A person's desk in the simulated Sell: the desk's words put into those of the world. Never goes through the API.
import type { Random } from '../random.ts';
import type { ContactRecord, LeadRecord } from '../zendesk-sell/records.ts';
import type { SellWorld } from '../zendesk-sell/world.ts';
import type { SellChange, SellContactView, SellDesk, SellLeadView } from './desks.ts';
import type { SellContactSeed, SellLeadSeed } from './person.ts';

/** Looks somebody takes through a pile before giving up. */
export const LOOKS = 60;

/** A random one of many that suits, or null after a few dozen looks. */
function anyOf<Row, View>(
  rows: readonly Row[],
  random: Random,
  look: (row: Row) => View | null,
  suits: (view: View) => boolean,
): View | null {
  for (let n = 0; rows.length > 0 && n < LOOKS; n += 1) {
    const view = look(random.pick(rows));
    if (view !== null && suits(view)) return view;
  }
  return null;
}

const always = (): boolean => true;

function viewContact(contact: ContactRecord): SellContactView | null {
  if (contact.is_organization) return null;
  const { id, first_name, last_name, email, address, tags, customer_status, prospect_status } = contact;
  return { id, first_name, last_name, email, address, tags, customer_status, prospect_status };
}

/** Attributes of a contact as the world takes them. */
export function contactAttributes(
  { organisation: _, billing_address: billing, ...attributes }: SellContactSeed,
  organisationId: number | null,
): { readonly [name: string]: unknown } {
  return {
    ...attributes,
    ...(organisationId === null ? {} : { contact_id: organisationId }),
    ...(billing === null ? {} : { billing_address: billing }),
  };
}

/** Attributes of a lead as the world takes them. */
export const leadAttributes = (seed: SellLeadSeed): { readonly [name: string]: unknown } => ({ ...seed });

/** The desk in a running Sell. */
export function createSellDesk(world: SellWorld): SellDesk {
  const viewLead = (lead: LeadRecord): SellLeadView | null => {
    if (lead.converted) return null;
    const { id, first_name, last_name, email, address, tags, organization_name } = lead;
    const status = world.state.leadStatuses.get(lead.status_id)?.name ?? '';
    return { id, first_name, last_name, email, address, tags, organization_name, status };
  };
  const attributes = (change: SellChange): { readonly [name: string]: unknown } => ({ ...change });
  return {
    anyContact: (random, suits = always) => anyOf([...world.state.contacts.values()], random, viewContact, suits),
    anyLead: (random, suits = always) => anyOf([...world.state.leads.values()], random, viewLead, suits),
    addOrganisation: (seed) => world.createContact({ ...seed, is_organization: true }).id,
    addContact: (seed, organisationId) => world.createContact(contactAttributes(seed, organisationId)).id,
    addLead: (seed) => world.createLead(leadAttributes(seed)).id,
    addProduct: (seed) => world.createProduct({ ...seed }).id,
    changeContact: (id, change) => {
      world.updateContact(id, attributes(change));
    },
    changeLead: (id, change) => {
      world.updateLead(id, attributes(change));
    },
    convertLead: (id) => world.convertLead(id).individual_id,
    winDeal: (contactId, name) => {
      world.closeDeal(world.createDeal({ name, contactId, value: '1200.00' }).id, 'won');
    },
    deleteContact: (id) => world.deleteContact(id),
  };
}
