// What the users of one limit share, as a value that can lie anywhere: in this process or in a database. Types, and the place in memory.
import type { PacedAnswer, Tier } from './pacer.ts';
import type { HttpRuntime } from './runtime.ts';

/** A call that may go out. Milliseconds of the place's clock. */
export interface Slot {
  readonly at: number;
  /** Void from then on. */
  readonly until: number;
}

/** What one answer said, in the place's time. */
export interface News {
  readonly group: string;
  readonly at: number;
  readonly throttled: boolean;
  /** How long the service asked to wait, where it did. */
  readonly retryAfterMs: number | null;
  readonly budget: Budget | null;
}

export interface Budget {
  /** The service's name of the budget; calls of other groups that name the same one share it. */
  readonly scope: string;
  readonly limit: number | null;
  readonly remaining: number;
  /** Milliseconds since the epoch. */
  readonly resetAt: number;
}

export interface Ask {
  /** The place's time. */
  readonly now: number;
  /** Who asks: calls that somebody never answers for are forgotten after a while. */
  readonly user: string;
  readonly group: string;
  /** Callers that wait; 0 = only the news is to be taken up. */
  readonly calls: number;
  /** Connections that these callers belong to. */
  readonly tenants: number;
  /** This user's calls by group that were given and not answered yet, before the news. */
  readonly outstanding: ReadonlyMap<string, number>;
  /** Oldest first. */
  readonly news: readonly News[];
}

export interface Taken<S> {
  readonly state: S;
  readonly slots: readonly Slot[];
  /** When to ask again, where there are no slots. */
  readonly retryAt: number;
}

/** How calls to one service are spaced. Pure: the same state and question give the same answer. `S` is plain JSON. */
export interface PaceRules<S> {
  /** Users of other rules on the same limit are other users. */
  readonly name: string;
  readonly fresh: S;
  /** Calls of one group wait in one line. */
  group(hint: string): string;
  /** What an answer says of a budget, in local time; null where it says nothing. */
  budget(answer: PacedAnswer, now: number): Budget | null;
  /** News that others must know at once; all other news goes along with the next question. */
  urgent(state: S, news: News): boolean;
  take(state: S, ask: Ask): Taken<S>;
  tiers(state: S): readonly Tier[];
}

export interface Placed {
  readonly state: unknown;
  /** 0 = there is none yet. */
  readonly version: number;
  /** Milliseconds since the epoch, by the clock that all users of the place share. */
  readonly now: number;
}

/** Where the states of limits lie. */
export interface PacePlace {
  read(key: string): Promise<Placed>;
  /** Puts the state there as the next version. @returns `now` as above, or null when somebody else was faster */
  write(key: string, version: number, state: unknown): Promise<number | null>;
}

/** For users of one process alone. */
export function placeInMemory(runtime: Pick<HttpRuntime, 'now'>): PacePlace {
  const states = new Map<string, { readonly state: unknown; readonly version: number }>();
  return {
    read: (key) => Promise.resolve({ ...(states.get(key) ?? { state: null, version: 0 }), now: runtime.now() }),
    write(key, version, state) {
      const stored = (states.get(key)?.version ?? 0) === version;
      if (stored) states.set(key, { state, version: version + 1 });
      return Promise.resolve(stored ? runtime.now() : null);
    },
  };
}
