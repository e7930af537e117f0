// A person's desk in the simulated Dotdigital: the desk's words put into those of the world. Never goes through the API.

import type { DotdigitalWorld } from '../dotdigital/world.ts';
import type { ContactSeed, WorldContact } from '../dotdigital/world-view.ts';
import type { MarketingDesk, MarketingView } from './desks.ts';
import type { MarketingContactSeed } from './person.ts';
import { LOOKS } from './sell-desk.ts';

const always = (): boolean => true;

function view({ contactId, email, emailStatus, fields, lists, deletedAt }: WorldContact): MarketingView | null {
  if (deletedAt > 0) return null;
  return { id: contactId, email, fields, status: emailStatus, lists: lists.map(({ name }) => name) };
}

/** A contact as the world takes it. @param createdAt milliseconds since the epoch; now when left out */
export function marketingSeed(seed: MarketingContactSeed, createdAt?: number): ContactSeed {
  return {
    email: seed.email,
    mobile: seed.mobile,
    fields: seed.fields,
    status: seed.status,
    optIn: seed.optIn,
    lists: seed.lists,
    ...(createdAt === undefined ? {} : { created: createdAt }),
  };
}

/** The desk in a running Dotdigital. */
export function createMarketingDesk(world: DotdigitalWorld): MarketingDesk {
  const read = (ref: number | string): MarketingView | null => {
    const contact = world.contact(ref);
    return contact === undefined ? null : view(contact);
  };
  /** The first contact whose id is above `after`. */
  const firstAfter = (after: number): WorldContact | null => {
    for (const contact of world.contacts({ after })) return contact;
    return null;
  };
  return {
    anyContact: (random, suits = always) => {
      const first = firstAfter(0);
      if (first === null) return null;
      // Ids grow one by one, so a number in their range finds somebody without looking at everybody.
      const last = first.contactId + world.contactCount * 2;
      for (let n = 0; n < LOOKS; n += 1) {
        const next = firstAfter(random.int(first.contactId - 1, last));
        const contact = next === null ? null : view(next);
        if (contact !== null && suits(contact)) return contact;
      }
      return null;
    },
    byEmail: (email) => read(email),
    *everyContact() {
      for (const contact of world.contacts()) {
        const seen = view(contact);
        if (seen !== null) yield seen;
      }
    },
    listNames: () => world.lists().map(({ name }) => name),
    addList: (name) => {
      world.createList(name);
    },
    addContact: (seed) => world.addContact(marketingSeed(seed)),
    changeFields: (id, fields) => world.editContact(id, { fields }),
    joinList: (id, list) => world.joinList(id, list),
    leaveList: (id, list) => world.leaveList(id, list),
    unsubscribe: (id) => world.unsubscribe(id),
    deleteContact: (id) => world.deleteContact(id),
  };
}
