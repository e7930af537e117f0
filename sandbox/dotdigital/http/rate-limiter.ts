// Counts calls against the budgets of the account: per tier and minute, or the older 2,000 an hour. Never delays a call.

import type { RateLimits } from '../options.ts';
import { Refusal, refuseV2, refuseV3 } from '../wire/refusal.ts';
import { isV2 } from './auth.ts';

/** Rate-limit class of a call. */
export type Tier = 'low' | 'medium' | 'high' | 'unlimited';

const MINUTE = 60_000;
const HOUR_MINUTES = 60;
const FLAT_PER_HOUR = 2000;

/** Where a call stands against its budget. */
export interface Standing {
  readonly limit: number;
  readonly remaining: number;
  /** End of the window, in milliseconds since the epoch. */
  readonly resetAt: number;
  readonly scope: string;
  readonly exceeded: boolean;
}

/** The budgets of one account. */
export class RateLimiter {
  limits: RateLimits;
  #minute = -1;
  readonly #spent: Record<Tier, number> = { low: 0, medium: 0, high: 0, unlimited: 0 };
  readonly #perMinute = new Map<number, number>();

  constructor(limits: RateLimits) {
    this.limits = limits;
  }

  /** Forgets all calls. */
  reset(): void {
    this.#minute = -1;
    this.#perMinute.clear();
  }

  /** Calls counted in the last hour, minute by minute. */
  callsInLastHour(now: number): number {
    const oldest = Math.floor(now / MINUTE) - HOUR_MINUTES;
    let sum = 0;
    for (const [minute, count] of this.#perMinute) {
      if (minute > oldest) sum += count;
      else this.#perMinute.delete(minute);
    }
    return sum;
  }

  /** Calls left in this hour, under the flat scheme's budget. */
  callsLeft(now: number): number {
    const budget = this.limits.scheme === 'flat' ? (this.limits.perHour ?? FLAT_PER_HOUR) : FLAT_PER_HOUR;
    return Math.max(0, budget - this.callsInLastHour(now));
  }

  /**
   * Counts a call.
   * @returns where it stands, or undefined when no header tells
   */
  count(tier: Tier, now: number): Standing | undefined {
    const minute = Math.floor(now / MINUTE);
    const { limits } = this;
    if (limits.scheme === 'flat') {
      const exceeded = this.callsLeft(now) === 0;
      if (!exceeded) this.#note(minute);
      return exceeded ? { limit: 0, remaining: 0, resetAt: 0, scope: 'flat', exceeded } : undefined;
    }
    this.#note(minute);
    if (limits.scheme === 'off' || tier === 'unlimited') return undefined;
    const limit = limits.perMinute[tier];
    if (limit === undefined) return undefined;
    if (minute !== this.#minute) {
      this.#minute = minute;
      for (const name of ['low', 'medium', 'high'] as const) this.#spent[name] = 0;
    }
    const exceeded = this.#spent[tier] >= limit;
    if (!exceeded) this.#spent[tier] += 1;
    return {
      limit,
      remaining: limit - this.#spent[tier],
      resetAt: (minute + 1) * MINUTE,
      scope: `${tier}CallRate`,
      exceeded,
    };
  }

  #note(minute: number): void {
    this.#perMinute.set(minute, (this.#perMinute.get(minute) ?? 0) + 1);
  }
}

/** The headers that tell a client where it stands. */
export function rateLimitHeaders(
  standing: Standing,
  now: number,
  reset: 'epoch' | 'seconds',
): Readonly<Record<string, string>> {
  const seconds = reset === 'epoch' ? standing.resetAt / 1000 : Math.ceil((standing.resetAt - now) / 1000);
  return {
    'X-RateLimit-Limit': String(standing.limit),
    'X-RateLimit-Remaining': String(standing.remaining),
    'X-RateLimit-Reset': String(seconds),
    'X-RateLimit-Scope': standing.scope,
  };
}

const FLAT_TEXT = 'Your account has generated excess API activity and is being temporarily capped.';

/** The refusal of a call beyond the budget: 429 by tier, 400 in the older scheme. */
export function refuseExcess(url: string, scheme: RateLimits['scheme']): Refusal {
  if (scheme === 'flat') {
    return isV2(url)
      ? refuseV2(400, 'ERROR_APIUSAGE_EXCEEDED', FLAT_TEXT)
      : refuseV3(400, 'accounts:apiUsageExceeded', `${FLAT_TEXT} ERROR_APIUSAGE_EXCEEDED`);
  }
  return isV2(url)
    ? new Refusal(429, { message: 'Too many requests' })
    : refuseV3(429, 'accounts:tooManyRequests', 'Too many requests');
}
