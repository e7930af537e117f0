// Pacing: when the next call may go out. Never retries and never reads an answer's body.

export interface PacedAnswer {
  readonly throttled: boolean;
  /** How long the service asked to wait, where it did. */
  readonly retryAfterMs: number | null;
  readonly headers: Headers | null;
}

/** What is known of one of a service's limits. */
export interface Tier {
  readonly tier: string;
  /** Calls a period; null where it is not known. */
  readonly limit: number | null;
  /** Null where the service does not say. */
  readonly remaining: number | null;
}

export interface Pacer {
  /** Resolves when a call of this scope may be sent; rejects when `signal` aborts, or when the place of a shared pace is away for long. */
  acquire(scope: string, signal?: AbortSignal): Promise<void>;
  /** Must be called once for each call that was let go, whatever became of it. */
  observe(scope: string, answer: PacedAnswer): void;
  /** What the answers said of the limits so far. */
  tiers(): readonly Tier[];
}

/** No pacing: every call goes out at once. */
export const unpaced: Pacer = {
  acquire: (_scope, signal) => (signal?.aborted === true ? Promise.reject(new Error('cancelled')) : Promise.resolve()),
  observe: () => undefined,
  tiers: () => [],
};
