// What happens, told to whoever watches: an open stream for each screen. Keeps nothing; who was away reads the lists anew.
import type { EventData, EventName } from './contract/runs.ts';

export type Listener = <N extends EventName>(name: N, data: EventData<N>) => void;

export class EventHub {
  readonly #listeners = new Set<Listener>();

  /** @returns ends it */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get watching(): number {
    return this.#listeners.size;
  }

  tell: Listener = (name, data) => {
    for (const listener of this.#listeners) listener(name, data);
  };
}
