// Simulated people who keep editing in both services: the same seed does the same things in the same order. Never waits, never syncs.
import { createRandom } from '../random.ts';
import { ACT_CARDS, type ActName, type Desks, newcomers, performAct } from './acts.ts';
import { createDeck } from './deck.ts';

export interface Editors {
  /** Lets somebody do one thing and says in words what it was. */
  step(): string;
}

/** How many acts are tried before a step gives up: in an empty account nobody can edit anybody. */
const TRIES = 50;

/**
 * People at work on two accounts.
 * @param desks where they work, or a started sandbox, which has desks.
 */
export function createEditors({
  sandbox,
  seed,
}: {
  readonly sandbox: { readonly desks: Desks };
  readonly seed: number;
}): Editors {
  const random = createRandom(`editors/${String(seed)}`);
  const context = { ...sandbox.desks, random: random.fork('choices'), nextDraft: newcomers(random.fork('newcomers')) };
  const drawAct = createDeck<ActName>(random.fork('acts'), ACT_CARDS);
  return {
    step: () => {
      for (let attempt = 0; attempt < TRIES; attempt += 1) {
        const told = performAct(drawAct(), context);
        if (told !== null) return told;
      }
      return 'Nobody found anything to do';
    },
  };
}
