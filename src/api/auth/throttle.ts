// Slows down guessing: after some failures of one key each further try has to wait, longer every time. Keeps nothing for long.

interface Failures {
  count: number;
  /** Milliseconds since the epoch. */
  last: number;
}

export interface ThrottleOptions {
  /** Failures that cost nothing. */
  readonly free: number;
  /** Wait after the first failure too many; doubles with each further one. Milliseconds. */
  readonly firstMs: number;
  readonly longestMs: number;
  readonly now: () => number;
}

/** Keys remembered at once: somebody who makes up endless addresses must not fill the memory. */
const MOST = 10_000;

export class Throttle {
  readonly #options: ThrottleOptions;
  readonly #failures = new Map<string, Failures>();

  constructor(options: ThrottleOptions) {
    this.#options = options;
  }

  /** Milliseconds until this key may try again; 0 = now. */
  waitMs(key: string): number {
    const { free, firstMs, longestMs, now } = this.#options;
    const failures = this.#failures.get(key);
    if (failures === undefined || failures.count < free) return 0;
    const pause = Math.min(longestMs, firstMs * 2 ** Math.min(failures.count - free, 20));
    return Math.max(0, failures.last + pause - now());
  }

  failed(key: string): void {
    const now = this.#options.now();
    const known = this.#failures.get(key);
    const over = known === undefined || now - known.last > 2 * this.#options.longestMs;
    this.#failures.delete(key);
    this.#failures.set(key, { count: over ? 1 : known.count + 1, last: now });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MOST && oldest !== undefined) this.#failures.delete(oldest);
  }

  succeeded(key: string): void {
    this.#failures.delete(key);
  }
}
