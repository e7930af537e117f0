// Gives a person a name as it was typed in: by culture, with the slips of the keyboard. Never fixes what it makes.
import type { Random } from '../random.ts';
import { createDeck, type Weights } from './deck.ts';
import { type Culture, foldToAscii, NAMES, SINGLE_NAMES } from './names.ts';
import type { Trait } from './person.ts';

export interface Naming {
  readonly first: string;
  readonly last: string;
  /** The name as a careful person would have typed it. */
  readonly clean: { readonly first: string; readonly last: string };
  /** Lower-case ASCII, for the local part of an address. */
  readonly latin: { readonly first: string; readonly last: string };
  readonly culture: Culture;
  readonly traits: readonly Trait[];
}

const CULTURES: Weights<Culture> = {
  english: 34,
  german: 10,
  french: 8,
  spanish: 8,
  polish: 6,
  nordic: 6,
  turkish: 4,
  vietnamese: 4,
  greek: 5,
  cyrillic: 5,
  japanese: 5,
  arabic: 5,
};

type Slip = 'none' | 'nfd' | 'double-space' | 'padded' | 'upper-case' | 'double-barrelled';
const SLIPS: Weights<Slip> = { none: 76, nfd: 8, 'double-space': 4, padded: 4, 'upper-case': 4, 'double-barrelled': 4 };

const CULTURE_TRAITS: { readonly [culture in Culture]?: Trait } = {
  greek: 'greek-name',
  cyrillic: 'cyrillic-name',
  japanese: 'japanese-name',
  arabic: 'arabic-name',
};

function cultureTrait(culture: Culture, text: string): Trait {
  return CULTURE_TRAITS[culture] ?? (/\P{ASCII}/u.test(text) ? 'latin-diacritics' : 'latin-plain');
}

/** Returns a function that names the next person. */
export function createNaming(random: Random): () => Naming {
  const drawCulture = createDeck(random.fork('cultures'), CULTURES);
  const drawSlip = createDeck(random.fork('slips'), SLIPS);
  return () => {
    const culture = drawCulture();
    const table = NAMES[culture];
    const firstAt = random.int(0, table.first.length - 1);
    const lastAt = random.int(0, table.last.length - 1);
    let first = table.first[firstAt] ?? '';
    let last = table.last[lastAt] ?? '';
    const latin = {
      first: foldToAscii(table.latin?.first[firstAt] ?? first),
      last: foldToAscii(table.latin?.last[lastAt] ?? last),
    };
    const traits: Trait[] = [cultureTrait(culture, first + last)];
    if (last.includes("'")) traits.push('apostrophe-name');
    const slip = drawSlip();
    if (slip === 'double-barrelled' || slip === 'double-space') {
      last = `${last}${slip === 'double-barrelled' ? '-' : ' '}${random.pick(table.last)}`;
    }
    const clean = { first, last };
    switch (slip) {
      case 'none':
        break;
      case 'double-barrelled':
        traits.push('double-barrelled-name');
        break;
      case 'nfd':
        first = first.normalize('NFD');
        last = last.normalize('NFD');
        if (first !== clean.first || last !== clean.last) traits.push('nfd-name');
        break;
      case 'double-space':
        last = last.replace(' ', '  ');
        traits.push('double-space-name');
        break;
      case 'padded':
        first = `${first} `;
        traits.push('padded-name');
        break;
      case 'upper-case':
        last = last.toUpperCase();
        if (last !== clean.last) traits.push('upper-case-name');
        break;
      default:
        return slip satisfies never;
    }
    return { first, last, clean, latin, culture, traits };
  };
}

/** A name of one word. (S6) */
export function singleName(random: Random): string {
  return random.pick(SINGLE_NAMES);
}
