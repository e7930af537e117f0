// Virtual time and the one queue of everything that is under way. The program stands still until the next thing happens to it,
// and what happens next is decided here, from the seed. Never waits for the machine's own clock.
import { setImmediate as turn } from 'node:timers/promises';

interface Happening {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly order: number;
  /** A request on its way arrives even when whoever sent it is gone. */
  readonly onItsWay: boolean;
  readonly fire: () => void | Promise<void>;
}

export type Ending = 'done' | 'cut';

export class Clockwork {
  #now: number;
  #order = 0;
  #queue: Happening[] = [];

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  /** Time passes and nothing happens. */
  pass(ms: number): void {
    this.#now += ms;
  }

  /** @returns a function that calls it off */
  in(ms: number, fire: () => void | Promise<void>, onItsWay = false): () => void {
    const happening = { at: this.#now + Math.max(0, ms), order: this.#order++, onItsWay, fire };
    this.#queue.push(happening);
    return () => {
      this.#queue = this.#queue.filter((other) => other !== happening);
    };
  }

  /**
   * Lets things happen one by one until `work` has ended.
   * @param before told the number of each happening, from 1; on true the program is cut off there
   * @throws Error when nothing is under way any more and the work has not ended
   */
  async drive(work: Promise<unknown>, before: (count: number) => boolean): Promise<Ending> {
    let ended = false;
    const end = (): void => {
      ended = true;
    };
    work.then(end, end);
    for (let count = 1; ; count += 1) {
      await settled();
      if (ended) return 'done';
      if (before(count)) return 'cut';
      const next = this.#take();
      if (next === undefined) throw new Error('the program waits for something that never happens');
      this.#now = Math.max(this.#now, next.at);
      await next.fire();
    }
  }

  /** Whoever waited is gone: nobody is told anything any more, but what is on its way arrives. */
  async forget(): Promise<void> {
    const arriving = this.#queue.filter(({ onItsWay }) => onItsWay).sort(byTime);
    this.#queue = [];
    for (const { at, fire } of arriving) {
      this.#now = Math.max(this.#now, at);
      await fire();
    }
    this.#queue = [];
  }

  #take(): Happening | undefined {
    let next: Happening | undefined;
    for (const happening of this.#queue) if (next === undefined || byTime(happening, next) < 0) next = happening;
    if (next !== undefined) this.#queue.splice(this.#queue.indexOf(next), 1);
    return next;
  }
}

function byTime(a: Happening, b: Happening): number {
  return a.at - b.at || a.order - b.order;
}

/** Promises run dry before a macrotask does; the second turn is for those that a first one set off. */
async function settled(): Promise<void> {
  await turn();
  await turn();
}
