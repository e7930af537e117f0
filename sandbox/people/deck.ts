// A deck of weighted cards, reshuffled when it runs out: exact proportions over a whole deck, chance within it. Never draws with replacement.
import type { Random } from '../random.ts';

/** Cards of a deck: how many of each kind it holds. Whole numbers. */
export type Weights<Kind extends string> = { readonly [kind in Kind]: number };

/** Returns a function that draws the next card. */
export function createDeck<Kind extends string>(random: Random, weights: Weights<Kind>): () => Kind {
  const cards = (Object.keys(weights) as Kind[]).flatMap((kind) => Array<Kind>(weights[kind]).fill(kind));
  let pile: Kind[] = [];
  return () => {
    if (pile.length === 0) pile = random.shuffle(cards);
    const card = pile.pop();
    if (card === undefined) throw new RangeError('a deck needs at least one card');
    return card;
  };
}
