// Deals, as far as they touch contacts: an active deal makes a prospect, a won deal a customer.
// Never serves the deals API.

import type { Author } from './author.ts';
import { notFound } from './errors.ts';
import type { ContactRecord, DealRecord } from './records.ts';
import type { WorldState } from './world-state.ts';

function markContact(world: WorldState, id: number, change: Partial<ContactRecord>): void {
  const contact = world.contacts.get(id);
  if (!contact) return;
  world.contacts.put({ ...contact, ...change, updated_at: world.nextUpdate(contact.updated_at) });
  world.touched('contact', id);
}

/** Opens a deal in the first stage; its contact becomes a current prospect. */
export function createDeal(
  world: WorldState,
  deal: { readonly name: string; readonly contactId: number; readonly ownerId: number; readonly value?: string },
  author: Author,
): DealRecord {
  if (!world.contacts.has(deal.contactId)) throw notFound('contact', deal.contactId);
  const [stage] = world.stages.values();
  const record: DealRecord = {
    id: world.nextId('deal'),
    name: deal.name,
    contact_id: deal.contactId,
    owner_id: deal.ownerId,
    creator_id: author.userId,
    stage_id: stage?.id ?? 0,
    value: deal.value ?? '0.00',
    currency: world.account.currency,
    ...world.newStamps(),
  };
  world.deals.put(record);
  world.touched('deal', record.id);
  markContact(world, deal.contactId, { prospect_status: 'current' });
  return record;
}

/** Moves a deal to the won or lost stage; its contact becomes a customer, or a lost prospect. */
export function closeDeal(world: WorldState, id: number, outcome: 'won' | 'lost'): DealRecord {
  const deal = world.deals.get(id);
  if (!deal) throw notFound('deal', id);
  const stage = [...world.stages.values()].find((candidate) => candidate.category === outcome);
  const closed = { ...deal, stage_id: stage?.id ?? deal.stage_id, updated_at: world.nextUpdate(deal.updated_at) };
  world.deals.put(closed);
  world.touched('deal', id);
  const change: Partial<ContactRecord> =
    outcome === 'won' ? { customer_status: 'current', prospect_status: 'none' } : { prospect_status: 'lost' };
  markContact(world, deal.contact_id, change);
  return closed;
}
