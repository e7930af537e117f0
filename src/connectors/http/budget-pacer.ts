// Pacing by what the service says is left: per scope, calls remaining and when the count starts again.
// Waits at an empty budget instead of bumping into it; knows no numbers until the first answer names them.
import type { PacedAnswer, Pacer, Tier } from './pacer.ts';
import type { HttpRuntime } from './runtime.ts';

export interface Budget {
  /** The service's name of the budget; calls with other hints that name the same one share it. */
  readonly scope: string;
  readonly limit: number | null;
  readonly remaining: number;
  /** Milliseconds since the epoch. */
  readonly resetAt: number;
}

export interface BudgetPacerOptions {
  /** Reads the service's headers; null when the answer says nothing about a budget. `now` is the local clock: where
   *  the service gives an absolute time, correct it by the answer's Date header. */
  readonly readBudget: (headers: Headers, now: number) => Budget | null;
  /** Calls left untouched for other clients of the account. Default 0. */
  readonly reserve?: number;
  /** Pause after a throttle answer that names no time. Default 5000 ms. */
  readonly throttlePauseMs?: number;
  readonly runtime: Pick<HttpRuntime, 'now' | 'sleep'>;
}

interface Account {
  limit: number | null;
  /** Null: unknown, calls go out. */
  remaining: number | null;
  resetAt: number;
  /** Lowest count an answer of this period named: within a period it is the newest. */
  lowest: number;
  /** Sent and not yet answered. */
  inFlight: number;
  /** The period named last is over and the count was filled up; no answer of the new period has come yet. */
  refilled: boolean;
}

/** Reset times given in whole seconds move by up to a second between answers of one period. */
const SAME_PERIOD_MS = 1500;

/** Budgets are learnt per hint: the first answer says which of the service's budgets the calls of that hint draw on. */
export function createBudgetPacer(options: BudgetPacerOptions): Pacer {
  const { runtime, readBudget } = options;
  const reserve = options.reserve ?? 0;
  const throttlePause = options.throttlePauseMs ?? 5000;
  const accounts = new Map<string, Account>();
  const scopeOf = new Map<string, string>();

  function accountOf(hint: string): Account {
    const scope = scopeOf.get(hint) ?? hint;
    let account = accounts.get(scope);
    if (account === undefined) {
      account = { limit: null, remaining: null, resetAt: -Infinity, lowest: Infinity, inFlight: 0, refilled: false };
      accounts.set(scope, account);
    }
    return account;
  }

  function refill(account: Account): void {
    if (account.remaining === null || runtime.now() < account.resetAt) return;
    // Once a period: filling up again would forget what was sent since.
    if (account.refilled && account.remaining > 0) return;
    // What is under way may be counted in either period.
    account.remaining = account.limit === null ? null : Math.max(1, account.limit - account.inFlight);
    account.refilled = true;
  }

  async function acquire(hint: string, signal?: AbortSignal): Promise<void> {
    for (;;) {
      if (signal?.aborted) throw new Error('cancelled');
      const account = accountOf(hint);
      refill(account);
      // A reserve as large as the whole budget would never let anything through.
      const kept = Math.min(reserve, Math.max(0, (account.limit ?? Infinity) - 1));
      if (account.remaining === null || account.remaining > kept) {
        if (account.remaining !== null) account.remaining -= 1;
        account.inFlight += 1;
        return;
      }
      await runtime.sleep(Math.max(1, account.resetAt - runtime.now()), signal);
    }
  }

  /** From now on the hint draws on the scope the service named; what is under way moves along. */
  function learn(hint: string, scope: string): Account {
    const before = accountOf(hint);
    scopeOf.set(hint, scope);
    const after = accountOf(hint);
    if (after !== before) {
      // Neither the answered call nor those under way were taken off this scope's count when they were sent.
      if (after.remaining !== null) after.remaining = Math.max(0, after.remaining - before.inFlight - 1);
      after.inFlight += before.inFlight;
      before.inFlight = 0;
    }
    return after;
  }

  function apply(account: Account, budget: Budget): void {
    const age = budget.resetAt - account.resetAt;
    const samePeriod = Math.abs(age) <= SAME_PERIOD_MS;
    // Answers overtake each other: one of a period that is over, or with a count that has since gone down, is stale.
    if (age < -SAME_PERIOD_MS || (samePeriod && (account.refilled || budget.remaining > account.lowest))) return;
    // Of the calls under way the service has counted some and not others: our own count is right as long as it lies
    // between, and taking all of them off would leave a part of every small budget unused.
    const least = Math.max(0, budget.remaining - account.inFlight);
    const own = samePeriod || account.refilled ? account.remaining : null;
    account.remaining = own === null ? least : Math.min(Math.max(own, least), budget.remaining);
    account.limit = budget.limit;
    account.lowest = budget.remaining;
    if (samePeriod) return;
    account.resetAt = budget.resetAt;
    account.refilled = false;
  }

  function observe(hint: string, answer: PacedAnswer): void {
    let account = accountOf(hint);
    account.inFlight = Math.max(0, account.inFlight - 1);
    const now = runtime.now();
    const budget = answer.headers === null ? null : readBudget(answer.headers, now);
    if (budget !== null) {
      account = learn(hint, budget.scope);
      apply(account, budget);
    }
    if (answer.throttled) {
      account.remaining = 0;
      const pause = answer.retryAfterMs ?? (account.resetAt > now ? account.resetAt - now : throttlePause);
      account.resetAt = Math.max(account.resetAt, now + pause);
    }
  }

  function tiers(): readonly Tier[] {
    return [...accounts].flatMap(([tier, { limit, remaining }]) =>
      remaining === null ? [] : [{ tier, limit, remaining }],
    );
  }

  return { acquire, observe, tiers };
}
