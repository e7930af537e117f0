// Fills a simulated Sell account with people, organisations and products through what a person could do there. Never through the API.
import type { SellWorld } from '../zendesk-sell/world.ts';
import { generateProducts } from './generate-products.ts';
import { generateOrganisations } from './organisations.ts';
import type { Person } from './person.ts';
import { contactAttributes, leadAttributes } from './sell-desk.ts';

export interface SellCounts {
  readonly organisations: number;
  readonly contacts: number;
  readonly leads: number;
  readonly products: number;
}

/** Adds people to an account that is being furnished. */
export interface SellSeeding {
  /** Called once per person, in order. @param createdAt milliseconds since the epoch */
  add(person: Person, createdAt: number): void;
  /** Counts so far. */
  readonly counts: SellCounts;
}

/** Adds organisations and products at once, and people as they come. */
export function seedSell(
  world: SellWorld,
  {
    seed,
    organisations,
    products,
  }: { readonly seed: number; readonly organisations: number; readonly products: number },
): SellSeeding {
  const organisationIds: number[] = [];
  for (const organisation of generateOrganisations({ seed, count: organisations })) {
    organisationIds.push(world.createContact({ ...organisation, is_organization: true }).id);
  }
  for (const product of generateProducts({ seed, count: products })) world.createProduct({ ...product });
  let contacts = 0;
  let leads = 0;
  return {
    add: (person, createdAt) => {
      const at = new Date(createdAt).toISOString();
      const stamps = { created_at: at, updated_at: at };
      for (const contact of person.contacts) {
        const employer = contact.organisation === null ? undefined : organisationIds[contact.organisation];
        world.createContact({ ...contactAttributes(contact, employer ?? null), ...stamps });
        contacts += 1;
      }
      for (const lead of person.leads) {
        world.createLead({ ...leadAttributes(lead), ...stamps });
        leads += 1;
      }
    },
    get counts() {
      return { organisations, contacts, leads, products };
    },
  };
}
