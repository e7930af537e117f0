// Companies: records of Sell that are organisations, and names for leads. Never synchronised, so that tests can see they are left alone.
import { createRandom, type Random } from '../random.ts';
import { type Culture, NAMES } from './names.ts';
import type { PostalAddress } from './person.ts';
import { COUNTRIES } from './places.ts';
import { fullAddress } from './postal.ts';

export interface OrganisationSeed {
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly website: string;
  readonly address: PostalAddress;
  readonly customer_status: 'none' | 'current' | 'past';
}

const FORMS: readonly (readonly [culture: Culture, form: string])[] = [
  ['english', '& Sons Ltd'],
  ['english', 'Holdings plc'],
  ['english', 'Nurseries'],
  ['german', 'GmbH & Co. KG'],
  ['german', 'Werke AG'],
  ['french', 'et Fils SARL'],
  ['spanish', 'Hermanos S.L.'],
  ['polish', 'Sp. z o.o.'],
  ['nordic', 'AB'],
  ['turkish', 'A.Ş.'],
  ['greek', 'Α.Ε.'],
  ['cyrillic', 'ТОВ'],
  ['japanese', '株式会社'],
];

/** The name of a company. */
export function companyName(random: Random): string {
  const [culture, form] = random.pick(FORMS);
  return `${random.pick(NAMES[culture].last)} ${form}`;
}

/** How many organisations an account of that many people has. */
export function organisationCount(people: number): number {
  return Math.min(2000, Math.max(5, Math.floor(people / 25)));
}

/** Organisations of one account; the same seed gives the same ones. */
export function* generateOrganisations({
  seed,
  count,
}: {
  readonly seed: number;
  readonly count: number;
}): Generator<OrganisationSeed, void, undefined> {
  const random = createRandom(`organisations/${String(seed)}`);
  for (let index = 0; index < count; index += 1) {
    const country = random.pick(COUNTRIES);
    yield {
      name: companyName(random),
      email: random.chance(0.6) ? `contact@organisation-${String(index)}.example` : null,
      phone: random.chance(0.5) ? country.phone(random) : null,
      website: `https://organisation-${String(index)}.example/`,
      address: fullAddress(random, country),
      customer_status: random.pick(['none', 'current', 'past']),
    };
  }
}
