// What the HTTP client needs of the outside world. Everything that reads time, waits, rolls dice or opens a socket goes
// through here, so that a simulation can run on virtual time; the defaults are in this file and nowhere else.

export interface HttpRuntime {
  readonly fetch: typeof globalThis.fetch;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`; rejects as soon as `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Even in [0, 1). */
  random(): number;
  /** Calls `fire` once after `ms` unless the returned function was called before. Bounds the time of one exchange. */
  startTimer(ms: number, fire: () => void): () => void;
}

/** The real world: native fetch, wall clock, timers. */
export const realRuntime: HttpRuntime = {
  fetch: (input, init) => globalThis.fetch(input, init),
  now: () => Date.now(),
  sleep: sleepFor,
  random: () => Math.random(),
  startTimer(ms, fire) {
    const timer = setTimeout(fire, ms);
    return () => clearTimeout(timer);
  },
};

function sleepFor(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(abortReason(signal));
      return;
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    function stop(): void {
      clearTimeout(timer);
      if (signal !== undefined) reject(abortReason(signal));
    }
    signal?.addEventListener('abort', stop, { once: true });
  });
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('cancelled');
}
