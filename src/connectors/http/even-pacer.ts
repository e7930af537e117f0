// Evenly spaced calls at a fixed rate that slows down when the service throttles and recovers by itself.
// Not a window limiter: those let a whole window's calls out at its edge, twice the rate across two windows.
import type { PacedAnswer, Pacer } from './pacer.ts';
import type { HttpRuntime } from './runtime.ts';

export interface EvenPacerOptions {
  /** Calls per second when nothing throttles. */
  readonly requestsPerSecond: number;
  /** How far a late caller may catch up, in calls; keeps timer lateness from costing rate. Default half a call. */
  readonly catchUpCalls?: number;
  /** Pause after a throttle answer that names no time. Default 1000 ms. */
  readonly throttlePauseMs?: number;
  readonly runtime: Pick<HttpRuntime, 'now' | 'sleep'>;
}

/** Slowest speed after repeated throttling, as a share of the full rate. */
const SLOWEST = 1 / 16;
/** Each unthrottled answer gives back this share of the full rate. */
const RECOVERY = 1 / 50;

interface Waiter {
  readonly release: () => void;
}

/**
 * Slots are laid out in absolute time (`next = max(next, now - tolerance) + interval`), so lateness of a timer never adds up.
 * One pacer stands for one credential: all its scopes share the slots.
 */
export function createEvenPacer(options: EvenPacerOptions): Pacer {
  const { runtime } = options;
  const fullInterval = 1000 / options.requestsPerSecond;
  const tolerance = (options.catchUpCalls ?? 0.5) * fullInterval;
  const throttlePause = options.throttlePauseMs ?? 1000;
  const waiters: Waiter[] = [];
  let speed = 1;
  let next = -Infinity;
  let pausedUntil = -Infinity;
  let dispatching = false;
  let idle = new AbortController();

  async function dispatch(): Promise<void> {
    while (waiters.length > 0) {
      const now = runtime.now();
      const due = Math.max(next, pausedUntil);
      if (due > now) {
        await runtime.sleep(due - now, idle.signal).catch(() => undefined);
        continue;
      }
      next = Math.max(next, now - tolerance) + fullInterval / speed;
      waiters.shift()?.release();
    }
  }

  function start(): void {
    if (dispatching) return;
    dispatching = true;
    idle = new AbortController();
    void dispatch().finally(() => {
      dispatching = false;
      if (waiters.length > 0) start();
    });
  }

  function withdraw(waiter: Waiter): void {
    const at = waiters.indexOf(waiter);
    if (at >= 0) waiters.splice(at, 1);
    // Nobody waits any more: a long pause must not keep the process alive.
    if (waiters.length === 0) idle.abort();
  }

  function observe(_scope: string, answer: PacedAnswer): void {
    if (!answer.throttled) {
      speed = Math.min(1, speed + RECOVERY);
      return;
    }
    const now = runtime.now();
    // Answers to calls sent before the pause say nothing new: one slow-down per pause.
    if (now >= pausedUntil) speed = Math.max(SLOWEST, speed / 2);
    pausedUntil = Math.max(pausedUntil, now + (answer.retryAfterMs ?? throttlePause));
  }

  return {
    acquire(_scope, signal) {
      return new Promise<void>((resolve, reject) => {
        if (signal?.aborted) {
          reject(new Error('cancelled'));
          return;
        }
        const stop = (): void => {
          withdraw(waiter);
          reject(new Error('cancelled'));
        };
        const waiter: Waiter = {
          release: () => {
            signal?.removeEventListener('abort', stop);
            resolve();
          },
        };
        signal?.addEventListener('abort', stop, { once: true });
        waiters.push(waiter);
        start();
      });
    },
    observe,
    tiers: () => [{ tier: 'calls a second', limit: options.requestsPerSecond, remaining: null }],
  };
}
