// Time for tests: stands still while anything can run and jumps to the next timer when nothing can.
import type { HttpRuntime } from '../../../src/connectors/http/runtime.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

export interface VirtualTime extends Omit<HttpRuntime, 'fetch'> {
  /** Runs until `work` settles, jumping from timer to timer. */
  run<T>(work: Promise<T>): Promise<T>;
  /** Makes later waits wake up `ms` late, as real timers do. */
  lateness: (at: number) => number;
}

export function createVirtualTime(start = Date.UTC(2026, 0, 1)): VirtualTime {
  let now = start;
  let order = 0;
  const timers: Timer[] = [];

  function startTimer(ms: number, fire: () => void): () => void {
    order += 1;
    const timer = { at: now + Math.max(0, ms), order, fire };
    timers.push(timer);
    return () => {
      const at = timers.indexOf(timer);
      if (at >= 0) timers.splice(at, 1);
    };
  }

  const time: VirtualTime = {
    lateness: () => 0,
    now: () => now,
    random: () => 0.5,
    startTimer,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(new Error('cancelled'));
          return;
        }
        const stop = startTimer(ms + time.lateness(now + ms), resolve);
        signal?.addEventListener('abort', () => {
          stop();
          reject(new Error('cancelled'));
        });
      });
    },
    async run(work) {
      let settled = false;
      const end = work.finally(() => {
        settled = true;
      });
      end.catch(() => undefined);
      while (!settled) {
        await new Promise((resolve) => setImmediate(resolve));
        if (settled) break;
        timers.sort((a, b) => a.at - b.at || a.order - b.order);
        const next = timers.shift();
        if (next === undefined) continue;
        now = Math.max(now, next.at);
        next.fire();
      }
      return end;
    },
  };
  return time;
}
