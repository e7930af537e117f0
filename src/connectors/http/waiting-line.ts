// Who waits for a call of one kind, and the calls that may go. Tenants take turns; knows no time.
import type { Slot } from './pace.ts';

export interface Waiter {
  readonly release: () => void;
  readonly fail: (error: Error) => void;
}

export class WaitingLine {
  /** By tenant; the first one's turn is next. */
  readonly #waiting = new Map<string, Waiter[]>();
  slots: Slot[] = [];
  running = false;
  /** Aborted when nobody waits any more: a long pause must not keep the process alive. */
  nobody = new AbortController();

  get tenants(): number {
    return this.#waiting.size;
  }

  get calls(): number {
    return [...this.#waiting.values()].reduce((sum, waiters) => sum + waiters.length, 0);
  }

  join(tenant: string, waiter: Waiter): void {
    const waiters = this.#waiting.get(tenant);
    if (waiters === undefined) this.#waiting.set(tenant, [waiter]);
    else waiters.push(waiter);
  }

  leave(tenant: string, waiter: Waiter): void {
    const left = (this.#waiting.get(tenant) ?? []).filter((other) => other !== waiter);
    if (left.length > 0) this.#waiting.set(tenant, left);
    else this.#waiting.delete(tenant);
    if (this.#waiting.size === 0) this.nobody.abort();
  }

  /** Tenants take turns, however many callers each of them has. */
  shift(): Waiter | undefined {
    for (const [tenant, waiters] of this.#waiting) {
      this.#waiting.delete(tenant);
      const first = waiters.shift();
      if (waiters.length > 0) this.#waiting.set(tenant, waiters);
      return first;
    }
    return undefined;
  }
}
