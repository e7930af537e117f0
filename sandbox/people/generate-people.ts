// Makes people one at a time from a seed. Never reads a clock, keeps no list of what it made, and so can make 200,000.
import { createRandom } from '../random.ts';
import { ARCHETYPE_CARDS, type ArchetypeName, makeAs } from './archetypes.ts';
import { createDeck } from './deck.ts';
import { createDrafting, type Draft, marketingContact, sellContact } from './draft.ts';
import { organisationCount } from './organisations.ts';
import type { Person } from './person.ts';

export interface GenerateOptions {
  /** The same seed and count give the same people. */
  readonly seed: number;
  readonly count: number;
}

/**
 * People with all the mess real accounts have, in exact proportions: every `DECK_SIZE` in a row hold every archetype.
 * Iterate once, or spread into an array.
 */
export function* generatePeople({ seed, count }: GenerateOptions): Generator<Person, void, undefined> {
  const random = createRandom(`people/${String(seed)}`);
  const draftPerson = createDrafting(random.fork('drafts'), organisationCount(count));
  const drawArchetype = createDeck<ArchetypeName>(random.fork('archetypes'), ARCHETYPE_CARDS);
  for (let index = 0; index < count; index += 1) yield makeAs(drawArchetype(), draftPerson(index));
}

/**
 * People who are the same on both sides and have nothing wrong with them: named, one record a side, subscribed, customers or
 * prospects. For measuring how fast two systems in agreement are gone through.
 */
export function* equalPairs({ seed, count }: GenerateOptions): Generator<Person, void, undefined> {
  const draftPerson = createDrafting(createRandom(`pairs/${String(seed)}`), 0);
  for (let index = 0; index < count; index += 1) {
    const drafted = draftPerson(index);
    const { naming } = drafted;
    const address = `${naming.latin.first}.${naming.latin.last}${String(index)}@mail.example`;
    const draft: Draft = {
      ...drafted,
      naming: { ...naming, first: naming.clean.first, last: naming.clean.last },
      mailbox: { typed: address, stored: address, trait: 'plain-email' },
      statuses:
        index % 2 === 0
          ? { customer_status: 'current', prospect_status: 'none' }
          : { customer_status: 'none', prospect_status: 'current' },
      tags: [],
      custom: {},
      marketingStatus: 'subscribed',
    };
    yield {
      index,
      traits: ['both-agree', 'plain-email', index % 2 === 0 ? 'current-customer' : 'current-prospect'],
      contacts: [{ ...sellContact(draft), mobile: null, billing_address: null }],
      leads: [],
      marketing: { ...marketingContact(draft), mobile: null },
    };
  }
}
