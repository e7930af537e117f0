// Things behind ids that change rarely, remembered for a while. A value that grew old is read again but stays readable meanwhile.

export interface NameBook<T> {
  put(id: string, value: T | null): void;
  /** The remembered value; null when the id is unknown or has none. */
  get(id: string): T | null;
  /** Which of the ids have no value or an old one. */
  due(ids: readonly string[]): readonly string[];
  entries(): readonly (readonly [string, T])[];
}

/** @param keepMs how long a value counts as fresh */
export function createNameBook<T>(now: () => number, keepMs: number): NameBook<T> {
  const known = new Map<string, { readonly value: T | null; readonly at: number }>();
  return {
    put(id, value) {
      known.set(id, { value, at: now() });
    },
    get: (id) => known.get(id)?.value ?? null,
    due: (ids) =>
      ids.filter((id) => {
        const entry = known.get(id);
        return entry === undefined || now() - entry.at > keepMs;
      }),
    entries: () => [...known].flatMap(([id, { value }]) => (value === null ? [] : [[id, value] as const])),
  };
}

/** One run of `act` for all who ask while it is under way, and none while the last one is younger than `keepMs`. */
export function createRefresh(now: () => number, keepMs: number, act: () => Promise<void>): () => Promise<void> {
  let doneAt = -Infinity;
  let running: Promise<void> | null = null;
  return () => {
    if (now() - doneAt <= keepMs) return Promise.resolve();
    running ??= act()
      .then(() => {
        doneAt = now();
      })
      .finally(() => {
        running = null;
      });
    return running;
  };
}
