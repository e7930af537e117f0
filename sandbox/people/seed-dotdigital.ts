// Fills a simulated Dotdigital account with data fields, lists and people through what a person could do there. Never through the API.
import type { DotdigitalWorld } from '../dotdigital/world.ts';
import { DATA_FIELDS, LEAD_LISTS, ORDINARY_LISTS } from './account-schema.ts';
import { marketingSeed } from './marketing-desk.ts';
import type { Person } from './person.ts';

export interface MarketingSeeding {
  /** Called once per person, in order. @param createdAt milliseconds since the epoch */
  add(person: Person, createdAt: number): void;
  /** Contacts so far. */
  readonly count: number;
}

/** Adds data fields and lists at once, and people as they come. */
export function seedDotdigital(world: DotdigitalWorld): MarketingSeeding {
  for (const { name, type } of DATA_FIELDS) world.createDataField(name, type);
  for (const name of [...ORDINARY_LISTS, ...LEAD_LISTS]) world.createList(name);
  let count = 0;
  return {
    add: ({ marketing }, createdAt) => {
      if (marketing === null) return;
      world.addContact(marketingSeed(marketing, createdAt));
      count += 1;
    },
    get count() {
      return count;
    },
  };
}
