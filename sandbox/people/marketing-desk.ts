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
  /** The smallest and largest id there may be, so that one contact can be picked without looking at all of them. */
  const idRange = (): readonly [first: number, last: number] | null => {
    const first = world.contacts().next().value;
    return first === undefined ? null : [first.contactId, first.contactId + world.contactCount * 2];
  };
  return {
    anyContact: (random, suits = always) => {
      const range = idRange();
      for (let n = 0; range !== null && n < LOOKS; n += 1) {
        const next = world.contacts({ after: random.int(range[0] - 1, range[1]) }).next().value;
        const contact = next === undefined ? null : view(next);
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
