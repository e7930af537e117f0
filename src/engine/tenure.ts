// How long this process may act for a connection without asking the database again. Reads its clocks only through its maker.

export interface Tenure {
  /** False once the time is over: whoever was paused must not send what it was about to send. */
  holds(): boolean;
  /** From now on, for so long. Milliseconds. */
  prolong(ms: number): void;
}

/** Milliseconds, each of any origin. Several, because one stands still while a machine sleeps and another may be set. */
export type Clocks = readonly (() => number)[];

/** Unlimited until it is first prolonged: a look at the accounts needs no lease. */
export function createTenure(clocks: Clocks): Tenure {
  let ends: readonly number[] | null = null;
  return {
    holds: () => ends === null || clocks.every((clock, which) => clock() < (ends?.[which] ?? 0)),
    prolong(ms) {
      ends = clocks.map((clock) => clock() + ms);
    },
  };
}
