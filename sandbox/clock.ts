// Where the simulated services take the time from, so that a whole sandbox can run on virtual time.
// Never starts a timer: everything that depends on time is worked out from `now()` when it is asked for.

/** A source of time. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** Settings of a {@link ManualClock}. */
export interface ManualClockOptions {
  /** First reading, in milliseconds since the epoch. Default: 2026-01-01T00:00:00Z, or nothing at all when `base` is given. */
  readonly start?: number;
  /** A clock this one follows with an offset (a skewed server clock). Left out: time stands still until it is moved. */
  readonly base?: Clock;
}

/** A clock moved by hand: it stands still, or follows another clock with a skew. */
export class ManualClock implements Clock {
  readonly #base: Clock | undefined;
  #offset: number;

  constructor(options: ManualClockOptions = {}) {
    this.#base = options.base;
    this.#offset = options.base
      ? options.start === undefined
        ? 0
        : options.start - options.base.now()
      : (options.start ?? Date.UTC(2026, 0, 1));
  }

  now(): number {
    return (this.#base?.now() ?? 0) + this.#offset;
  }

  /** Moves the clock by `ms` milliseconds; a negative number turns it back. */
  advance(ms: number): void {
    this.#offset += ms;
  }

  /** Makes the clock read `ms` milliseconds since the epoch from now on. */
  set(ms: number): void {
    this.#offset = ms - (this.#base?.now() ?? 0);
  }
}
