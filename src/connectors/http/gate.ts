// A cap on how many exchanges run at once. First come, first served; knows nothing of time.

export interface Gate {
  /** Resolves with the function that frees the place; rejects when `signal` aborts while waiting. */
  enter(signal?: AbortSignal): Promise<() => void>;
}

/** @param places how many may be inside at once, at least 1 */
export function createGate(places: number): Gate {
  let free = Math.max(1, Math.floor(places));
  const waiting: (() => void)[] = [];

  function leave(): void {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  }

  function leaveOnce(): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      leave();
    };
  }

  return {
    enter(signal) {
      if (signal?.aborted) return Promise.reject(new Error('cancelled'));
      if (free > 0) {
        free -= 1;
        return Promise.resolve(leaveOnce());
      }
      return new Promise((resolve, reject) => {
        const admit = (): void => {
          signal?.removeEventListener('abort', stop);
          resolve(leaveOnce());
        };
        const stop = (): void => {
          const at = waiting.indexOf(admit);
          if (at >= 0) waiting.splice(at, 1);
          reject(new Error('cancelled'));
        };
        signal?.addEventListener('abort', stop, { once: true });
        waiting.push(admit);
      });
    },
  };
}
