// Postal addresses, whole and in pieces. Never a place where somebody lives: streets and numbers are thrown together.
import type { Random } from '../random.ts';
import type { PostalAddress, Trait } from './person.ts';
import type { Country } from './places.ts';

export const NO_ADDRESS: PostalAddress = { line1: null, city: null, postal_code: null, state: null, country: null };

/** Every part a person of that country would fill in. */
export function fullAddress(random: Random, country: Country): PostalAddress {
  const [city, state] = random.pick(country.cities);
  const street = random.pick(country.streets);
  const number = String(random.int(1, 240));
  const numberLast = country.code === 'DE' || country.code === 'NL' || country.code === 'PL' || country.code === 'GR';
  return {
    line1: numberLast ? `${street} ${number}` : `${number} ${street}`,
    city,
    postal_code: country.postcode(random),
    state,
    country: random.chance(0.5) ? country.name : country.code,
  };
}

/** Nothing, some parts, or all of an address, and the traits that say which. */
export function anyAddress(
  random: Random,
  country: Country,
): { readonly address: PostalAddress; readonly traits: readonly Trait[] } {
  const full = fullAddress(random, country);
  const countryTrait: Trait = full.country === country.code ? 'country-code' : 'country-name';
  const draw = random.next();
  if (draw < 0.15) return { address: NO_ADDRESS, traits: ['no-address'] };
  if (draw < 0.3) return { address: { ...NO_ADDRESS, postal_code: full.postal_code }, traits: ['partial-address'] };
  if (draw < 0.4)
    return { address: { ...full, line1: null, postal_code: null }, traits: ['partial-address', countryTrait] };
  if (draw < 0.5) return { address: { ...full, country: null, state: null }, traits: ['partial-address'] };
  return { address: full, traits: ['full-address', countryTrait] };
}
