// Time for tests of what runs by the clock: it stands still until it is moved.
import type { Clock } from '../../src/jobs/clock.ts';

/** Time that stands still until it is moved. */
export class ManualClock implements Clock {
  #now = Date.now();
  readonly #sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();
  #changed: () => void = () => {};

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const sleeper = { until: this.#now + ms, wake: () => resolve() };
      this.#sleepers.add(sleeper);
      this.#changed();
      signal.addEventListener('abort', () => {
        this.#sleepers.delete(sleeper);
        resolve();
      });
    });
  }

  /** Resolves once somebody sleeps. */
  async idle(): Promise<void> {
    while (this.#sleepers.size === 0) await new Promise<void>((resolve) => (this.#changed = resolve));
  }

  /** Lets time pass and wakes whoever slept until then. */
  pass(ms: number): void {
    this.#now += ms;
    for (const sleeper of this.#sleepers) {
      if (sleeper.until > this.#now) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
}
