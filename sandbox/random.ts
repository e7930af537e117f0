// A small seeded generator: the same seed gives the same sandbox, request by request.
// Never for secrets; nothing here is unpredictable.

/** A reproducible stream of random choices. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** An integer from `min` to `max`, both included. */
  int(min: number, max: number): number;
  /** One element. Throws a RangeError on an empty array. */
  pick<T>(items: readonly T[]): T;
  /** True with the given probability (0 to 1). */
  chance(probability: number): boolean;
  /** A shuffled copy. */
  shuffle<T>(items: readonly T[]): T[];
  /** `length` lower-case letters and digits. */
  text(length: number): string;
  /** Lower-case hexadecimal UUID of version 4 form. */
  uuid(): string;
  /** An independent generator, so that one part's use does not change what another part gets. */
  fork(label: string): Random;
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** FNV-1a over the UTF-16 units: turns a text seed into 32 bits. */
function hashSeed(seed: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < seed.length; index += 1) {
    hash = Math.imul(hash ^ seed.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** Creates a generator (mulberry32) from a number or a text. */
export function createRandom(seed: number | string): Random {
  const label = String(seed);
  let state = hashSeed(label);

  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };

  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));

  const text = (length: number): string => {
    let result = '';
    for (let index = 0; index < length; index += 1) result += ALPHABET.charAt(int(0, ALPHABET.length - 1));
    return result;
  };

  const hex = (length: number): string => {
    let result = '';
    for (let index = 0; index < length; index += 1) result += int(0, 15).toString(16);
    return result;
  };

  return {
    next,
    int,
    pick: <T>(items: readonly T[]): T => {
      if (items.length === 0) throw new RangeError('cannot pick from an empty array');
      return items[int(0, items.length - 1)] as T;
    },
    chance: (probability) => next() < probability,
    shuffle: <T>(items: readonly T[]): T[] => {
      const result = [...items];
      for (let index = result.length - 1; index > 0; index -= 1) {
        const other = int(0, index);
        const held = result[index] as T;
        result[index] = result[other] as T;
        result[other] = held;
      }
      return result;
    },
    text,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'.charAt(int(0, 3))}${hex(3)}-${hex(12)}`,
    fork: (name) => createRandom(`${label}/${name}`),
  };
}
