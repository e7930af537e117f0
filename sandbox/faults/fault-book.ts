// Keeps the faults in force and decides, reproducibly, which of them hit a request.
// Never touches a request itself; `registerFaults` does that.

import { createRandom, type Random } from '../random.ts';
import type { Fault, FaultInput } from './fault.ts';

/** A fault with how often it has been at work. */
export interface FaultReport extends Fault {
  /** Requests that fitted the match so far. */
  readonly seen: number;
  /** Requests that were hit so far. */
  readonly fired: number;
  /** True once `times` or `nth` is used up. */
  readonly spent: boolean;
}

interface Entry {
  readonly fault: Fault;
  readonly pattern: RegExp | undefined;
  seen: number;
  fired: number;
}

function isSpent(entry: Entry): boolean {
  const { nth, times } = entry.fault.match;
  return (times !== undefined && entry.fired >= times) || (nth !== undefined && entry.seen >= nth);
}

/** The faults of one sandbox, or of several services at once. Deterministic under its seed and the order of requests. */
export class FaultBook {
  readonly #seed: number | string;
  readonly #entries = new Map<string, Entry>();
  #random: Random;
  #nextId = 1;

  constructor(options: { readonly seed?: number | string } = {}) {
    this.#seed = options.seed ?? 1;
    this.#random = createRandom(this.#seed).fork('faults');
  }

  /**
   * Puts a fault in force; the same id replaces the earlier one and its counters.
   * @throws SyntaxError when `match.pattern` is no regular expression.
   */
  add(input: FaultInput): Fault {
    const pattern = input.match?.pattern === undefined ? undefined : new RegExp(input.match.pattern);
    const id = input.id ?? this.#freeId();
    const fault: Fault = { id, service: input.service, match: input.match ?? {}, effect: input.effect };
    this.#entries.set(fault.id, { fault, pattern, seen: 0, fired: 0 });
    return fault;
  }

  /** Takes a fault out of force. False when there is none of that id. */
  remove(id: string): boolean {
    return this.#entries.delete(id);
  }

  /** Takes every fault out of force (of one service, when named) and restarts the randomness. */
  clear(service?: string): void {
    for (const [id, entry] of this.#entries) {
      if (service === undefined || entry.fault.service === service) this.#entries.delete(id);
    }
    if (this.#entries.size === 0) this.#random = createRandom(this.#seed).fork('faults');
  }

  /** Every fault with its counters, in the order added. */
  list(service?: string): FaultReport[] {
    return [...this.#entries.values()]
      .filter((entry) => service === undefined || entry.fault.service === service)
      .map((entry) => ({ ...entry.fault, seen: entry.seen, fired: entry.fired, spent: isSpent(entry) }));
  }

  /** How often a fault has hit; 0 for an unknown id. */
  fired(id: string): number {
    return this.#entries.get(id)?.fired ?? 0;
  }

  /**
   * The faults that hit this request, in the order added; counts them as fired.
   * @param url path and query as sent
   */
  take(service: string, method: string, url: string): Fault[] {
    if (this.#entries.size === 0) return [];
    const path = url.split('?', 1)[0] ?? url;
    const hits: Fault[] = [];
    for (const entry of this.#entries.values()) {
      const { fault, pattern } = entry;
      const { match } = fault;
      if (fault.service !== service || isSpent(entry)) continue;
      if (match.method !== undefined && match.method.toUpperCase() !== method.toUpperCase()) continue;
      if (match.path !== undefined && !path.startsWith(match.path)) continue;
      if (pattern && !pattern.test(url)) continue;
      entry.seen += 1;
      if (match.nth !== undefined && entry.seen !== match.nth) continue;
      if (match.after !== undefined && entry.seen <= match.after) continue;
      if (match.probability !== undefined && !this.#random.chance(match.probability)) continue;
      entry.fired += 1;
      hits.push(fault);
    }
    return hits;
  }

  #freeId(): string {
    for (;;) {
      const id = `fault-${this.#nextId}`;
      this.#nextId += 1;
      if (!this.#entries.has(id)) return id;
    }
  }
}
