// Towns, streets, postcode shapes and phone shapes by country. Phone numbers come from ranges kept for fiction where a country has one.
import type { Random } from '../random.ts';

export interface Country {
  readonly code: string;
  readonly name: string;
  /** Cities with the state or county they lie in; null where nobody writes one. */
  readonly cities: readonly (readonly [city: string, state: string | null])[];
  readonly streets: readonly string[];
  readonly postcode: (random: Random) => string;
  /** As a person would type it: with spaces, brackets, dots, or none. */
  readonly phone: (random: Random) => string;
}

const digits = (random: Random, count: number): string => {
  let text = '';
  for (let n = 0; n < count; n += 1) text += String(random.int(0, 9));
  return text;
};
const letters = (random: Random, count: number): string => {
  let text = '';
  for (let n = 0; n < count; n += 1) text += 'ABDEFGHJLNPQRSTUWXYZ'.charAt(random.int(0, 19));
  return text;
};

export const COUNTRIES: readonly Country[] = [
  {
    code: 'GB',
    name: 'United Kingdom',
    cities: [
      ['Leeds', 'West Yorkshire'],
      ['Norwich', 'Norfolk'],
      ['Bristol', null],
      ['Aberystwyth', 'Ceredigion'],
      ['Inverness', null],
      ['London', 'Greater London'],
    ],
    streets: ['Mill Lane', 'Orchard Rise', 'Station Approach', 'Quarry Bank', 'Lower Green'],
    postcode: (random) =>
      random.pick(['LS', 'NR', 'BS', 'SY', 'IV', 'N', 'SW']) +
      `${String(random.int(1, 19))}${random.pick([' ', ' ', ' ', ''])}${digits(random, 1)}${letters(random, 2)}`,
    phone: (random) =>
      random.pick([
        `(01632) 960${digits(random, 3)}`,
        `01632 960 ${digits(random, 3)}`,
        `+44 1632 960${digits(random, 3)}`,
        `00441632960${digits(random, 3)}`,
      ]),
  },
  {
    code: 'US',
    name: 'United States',
    cities: [
      ['Duluth', 'MN'],
      ['Santa Fe', 'NM'],
      ['Portland', 'OR'],
      ['Savannah', 'GA'],
      ['Boise', 'ID'],
    ],
    streets: ['Cedar Ave', 'Maple Hollow Rd', 'N 4th St', 'Prairie View Dr', 'Old Mill Pike'],
    postcode: (random) => (random.chance(0.3) ? `${digits(random, 5)}-${digits(random, 4)}` : `0${digits(random, 4)}`),
    phone: (random) =>
      random.pick([
        `(202) 555-01${digits(random, 2)}`,
        `202-555-01${digits(random, 2)}`,
        `+1 202 555 01${digits(random, 2)}`,
        `202.555.01${digits(random, 2)} x${digits(random, 2)}`,
      ]),
  },
  {
    code: 'DE',
    name: 'Germany',
    cities: [
      ['Görlitz', 'Sachsen'],
      ['München', 'Bayern'],
      ['Lübeck', null],
      ['Köln', null],
    ],
    streets: ['Lindenstraße', 'Am Mühlbach', 'Schloßplatz', 'Gänsemarkt'],
    postcode: (random) => digits(random, 5),
    phone: (random) =>
      random.pick([
        `030 23125 ${digits(random, 3)}`,
        `+49 (0)30 23125${digits(random, 3)}`,
        `030/23125${digits(random, 3)}`,
      ]),
  },
  {
    code: 'FR',
    name: 'France',
    cities: [
      ['Besançon', null],
      ['Nîmes', null],
      ['Saint-Étienne', null],
    ],
    streets: ['rue des Lilas', 'chemin du Vieux-Four', 'avenue de la Forêt'],
    postcode: (random) => digits(random, 5),
    phone: (random) =>
      random.pick([
        `01 99 00 ${digits(random, 2)} ${digits(random, 2)}`,
        `+33 1 99 00 ${digits(random, 2)} ${digits(random, 2)}`,
      ]),
  },
  {
    code: 'NL',
    name: 'Netherlands',
    cities: [
      ['Utrecht', null],
      ["'s-Hertogenbosch", null],
      ['Groningen', null],
    ],
    streets: ['Prinsengaarde', 'Molenweg', 'Oude Singel'],
    postcode: (random) =>
      `${String(random.int(1, 9))}${digits(random, 3)}${random.pick([' ', ''])}${letters(random, 2)}`,
    phone: (random) => `+31 20 555 01${digits(random, 2)}`,
  },
  {
    code: 'PL',
    name: 'Poland',
    cities: [
      ['Łódź', null],
      ['Kraków', null],
      ['Gdańsk', null],
    ],
    streets: ['ul. Księżycowa', 'ul. Źródlana', 'al. Dębowa'],
    postcode: (random) => `${digits(random, 2)}-${digits(random, 3)}`,
    phone: (random) => `+48 22 555 01 ${digits(random, 2)}`,
  },
  {
    code: 'JP',
    name: 'Japan',
    cities: [
      ['札幌市', '北海道'],
      ['京都市', '京都府'],
      ['Yokohama', 'Kanagawa'],
    ],
    streets: ['中央1-2-3', '本町4-5', 'Minato 6-7'],
    postcode: (random) => `${digits(random, 3)}-${digits(random, 4)}`,
    phone: (random) => `+81 3-5550-01${digits(random, 2)}`,
  },
  {
    code: 'GR',
    name: 'Greece',
    cities: [
      ['Θεσσαλονίκη', null],
      ['Πάτρα', null],
    ],
    streets: ['Οδός Ελαιών', 'Λεωφόρος Θαλάσσης'],
    postcode: (random) => `${digits(random, 3)} ${digits(random, 2)}`,
    phone: (random) => `+30 21 0555 01${digits(random, 2)}`,
  },
  {
    code: 'IE',
    name: 'Ireland',
    cities: [
      ['Dún Laoghaire', 'Co. Dublin'],
      ['Galway', 'Co. Galway'],
    ],
    streets: ['Strand Road', 'Harbour Terrace'],
    postcode: (random) =>
      `${letters(random, 1)}${digits(random, 2)} ${letters(random, 1)}${digits(random, 1)}${letters(random, 1)}${digits(random, 1)}`,
    phone: (random) => `+353 20 910 ${digits(random, 4)}`,
  },
];

/** Area codes where 555-0100 to 555-0199 is set aside for fiction. */
const AREAS: readonly number[] = Array.from({ length: 789 }, (_, n) => n + 201).filter(
  (area) => area % 100 !== 11 && Math.floor(area / 10) % 10 !== 9 && area < 980,
);

/** How many numbers {@link fictionMobile} can give before they repeat. */
export const FICTION_MOBILES = AREAS.length * 100;

/** A mobile number nobody has, unique per `n` below {@link FICTION_MOBILES}: digits of E.164, without the plus. */
export function fictionMobile(n: number): string {
  const area = AREAS[Math.floor(n / 100) % AREAS.length] ?? 201;
  return `1${String(area)}55501${String(n % 100).padStart(2, '0')}`;
}
