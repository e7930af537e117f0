// How often a token may call: a bucket refilled by the second and a window of an hour.
// Never waits; a request over the limit is refused at once.

import type { Clock } from '../clock.ts';
import type { SellSwitches } from './switches.ts';

interface Usage {
  /** Requests left in the bucket when it was last looked at. */
  level: number;
  at: number;
  windowStart: number;
  inWindow: number;
}

const HOUR_MS = 3_600_000;

/** Counts requests per token. */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #switches: SellSwitches;
  readonly #usage = new Map<string, Usage>();

  constructor(clock: Clock, switches: SellSwitches) {
    this.#clock = clock;
    this.#switches = switches;
  }

  /** Takes one request. Returns 0 when it may pass, else the milliseconds until the next one might. */
  take(token: string): number {
    const { rateLimit, ratePerSecond, rateBurst, ratePerHour } = this.#switches;
    if (!rateLimit) return 0;
    const now = this.#clock.now();
    let usage = this.#usage.get(token);
    if (!usage) {
      usage = { level: rateBurst, at: now, windowStart: now, inWindow: 0 };
      this.#usage.set(token, usage);
    }
    const elapsed = Math.max(0, now - usage.at);
    usage.level = Math.min(rateBurst, usage.level + (elapsed / 1000) * ratePerSecond);
    usage.at = now;
    if (now - usage.windowStart >= HOUR_MS) {
      usage.windowStart = now;
      usage.inWindow = 0;
    }
    if (usage.inWindow >= ratePerHour) return usage.windowStart + HOUR_MS - now;
    if (usage.level < 1) return ratePerSecond > 0 ? Math.ceil(((1 - usage.level) / ratePerSecond) * 1000) : HOUR_MS;
    usage.level -= 1;
    usage.inWindow += 1;
    return 0;
  }

  reset(): void {
    this.#usage.clear();
  }
}
