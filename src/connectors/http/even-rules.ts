// Evenly spaced calls at a fixed rate that slows down when the service throttles and recovers by itself. Pure.
// Not a window limiter: those let a whole window's calls out at its edge, twice the rate across two windows.
import type { Ask, News, PaceRules, Taken } from './pace.ts';

export interface EvenOptions {
  /** Calls per second when nothing throttles. */
  readonly requestsPerSecond: number;
  /** Pause after a throttle answer that names no time. Default 1000 ms. */
  readonly throttlePauseMs?: number;
}

export interface EvenState {
  /** When the next call may go out. */
  readonly next: number;
  readonly pausedUntil: number;
  /** Share of the full rate. */
  readonly speed: number;
}

/** Slowest speed after repeated throttling, as a share of the full rate. */
const SLOWEST = 1 / 16;
/** Each unthrottled answer gives back this share of the full rate. */
const RECOVERY = 1 / 50;
/** How far a late caller may catch up, in calls; keeps timer lateness from costing rate. */
const CATCH_UP = 0.5;
/** Slots at once for each connection that waits: fewer questions to the place, and nobody waits long for the others. */
const SLOTS_A_TENANT = 4;
/** Nothing is laid out further ahead; what is came from a clock that was set back. Milliseconds. */
const FARTHEST_MS = 3_600_000;

/** Slots are laid out in absolute time (`next = max(next, now - tolerance) + interval`), so lateness of a timer never adds up. */
export function evenRules(options: EvenOptions): PaceRules<EvenState> {
  const { requestsPerSecond, throttlePauseMs = 1000 } = options;
  const fullInterval = 1000 / requestsPerSecond;
  const tolerance = CATCH_UP * fullInterval;

  function hear({ next, pausedUntil, speed }: EvenState, { at, throttled, retryAfterMs }: News): EvenState {
    if (!throttled) return { next, pausedUntil, speed: Math.min(1, speed + RECOVERY) };
    return {
      next,
      // Answers to calls sent before the pause say nothing new: one slow-down per pause.
      speed: at >= pausedUntil ? Math.max(SLOWEST, speed / 2) : speed,
      pausedUntil: Math.max(pausedUntil, at + (retryAfterMs ?? throttlePauseMs)),
    };
  }

  function take(before: EvenState, { now, calls, tenants, news }: Ask): Taken<EvenState> {
    const state = news.reduce(hear, before);
    const interval = fullInterval / state.speed;
    const count = Math.min(calls, SLOTS_A_TENANT * tenants, Math.max(1, Math.floor(1000 / interval)));
    const first = Math.max(
      ...[state.next, state.pausedUntil].map((at) => Math.min(at, now + FARTHEST_MS)),
      now - tolerance,
    );
    const slots = Array.from({ length: count }, (_, i) => {
      const at = first + i * interval;
      return { at, until: Math.max(at, now) + interval };
    });
    return { state: count === 0 ? state : { ...state, next: first + count * interval }, slots, retryAt: now };
  }

  return {
    name: `even ${requestsPerSecond}`,
    fresh: { next: 0, pausedUntil: 0, speed: 1 },
    group: () => '',
    budget: () => null,
    urgent: (_state, { throttled }) => throttled,
    take,
    tiers: () => [{ tier: 'calls a second', limit: requestsPerSecond, remaining: null }],
  };
}
