// Pacing by what the service says is left: per scope, calls remaining and when the count starts again. Pure.
// Waits at an empty budget instead of bumping into it; knows no numbers until the first answer names them.
import type { Ask, Budget, News, PaceRules, Taken } from './pace.ts';
import type { PacedAnswer } from './pacer.ts';

export interface BudgetOptions {
  /** Reads the service's headers; null when the answer says nothing about a budget. `now` is the local clock: where
   *  the service gives an absolute time, correct it by the answer's Date header. */
  readonly readBudget: (headers: Headers, now: number) => Budget | null;
  /** Calls left untouched for other clients of the account. Default 0. */
  readonly reserve?: number;
  /** Pause after a throttle answer that names no time. Default 5000 ms. */
  readonly throttlePauseMs?: number;
}

interface Account {
  limit: number | null;
  /** Null: unknown, calls go out. */
  remaining: number | null;
  resetAt: number;
  /** Lowest count an answer of this period named: within a period it is the newest. Null: none did. */
  lowest: number | null;
  /** The period named last is over and the count was filled up; no answer of the new period has come yet. */
  refilled: boolean;
}

export interface BudgetState {
  readonly accounts: { [scope: string]: Account };
  /** Which of the service's budgets the calls of a group draw on, where an answer said so. */
  readonly scopes: { [group: string]: string };
  /** Calls of each user that were given and not answered yet, by group. */
  readonly users: { [user: string]: { readonly seenAt: number; readonly calls: { [group: string]: number } } };
}

/** Reset times given in whole seconds move by up to a second between answers of one period. */
const SAME_PERIOD_MS = 1500;
/** Of a budget that is far from empty this part is given at once, so that not every call asks. */
const AHEAD = 1 / 8;
const MOST_AHEAD = 20;
/** What is not used by then is given back. Milliseconds. */
const HELD_MS = 10_000;
/** No call takes longer: whoever was not heard of for so long is gone, and so are its calls. Milliseconds. */
const GONE_MS = 150_000;
/** Below this part of a budget every answer is told at once: others may be about to use the rest. */
const SCARCE = 1 / 4;

/** Budgets are learnt per group: the first answer says which of the service's budgets its calls draw on. */
export function budgetRules(options: BudgetOptions): PaceRules<BudgetState> {
  const { readBudget, reserve = 0, throttlePauseMs = 5000 } = options;

  function give(state: BudgetState, { now, user, group, calls }: Ask): Omit<Taken<BudgetState>, 'state'> {
    const account = accountOf(state, group);
    refill(state, scopeOf(state, group), now);
    // A reserve as large as the whole budget would never let anything through.
    const kept = Math.min(reserve, Math.max(0, (account.limit ?? Infinity) - 1));
    const free = account.remaining === null ? calls : account.remaining - kept;
    const ahead = account.remaining === null ? 0 : Math.min(MOST_AHEAD, Math.floor(free * AHEAD));
    const count = Math.max(0, Math.min(free, Math.max(calls, ahead)));
    if (account.remaining !== null) account.remaining -= count;
    const mine = state.users[user]?.calls;
    if (mine !== undefined) mine[group] = (mine[group] ?? 0) + count;
    return {
      slots: Array.from({ length: count }, () => ({ at: now, until: now + HELD_MS })),
      retryAt: Math.max(now + 1, account.resetAt),
    };
  }

  function pause(state: BudgetState, { group, at, retryAfterMs }: News): void {
    const account = accountOf(state, group);
    account.remaining = 0;
    const ms = retryAfterMs ?? (account.resetAt > at ? account.resetAt - at : throttlePauseMs);
    account.resetAt = Math.max(account.resetAt, at + ms);
  }

  return {
    name: `budget ${reserve}`,
    fresh: { accounts: {}, scopes: {}, users: {} },
    group: (hint) => hint,
    budget: ({ headers }: PacedAnswer, now) => (headers === null ? null : readBudget(headers, now)),
    urgent: (state, { group, throttled, budget }) =>
      throttled ||
      (budget !== null && (state.scopes[group] === undefined || budget.remaining < (budget.limit ?? 0) * SCARCE)),
    take(before, ask) {
      const state = structuredClone(before);
      for (const [user, { seenAt }] of Object.entries(state.users))
        if (user === ask.user || seenAt < ask.now - GONE_MS) delete state.users[user];
      state.users[ask.user] = { seenAt: ask.now, calls: Object.fromEntries(ask.outstanding) };
      for (const { group, budget } of ask.news) if (budget !== null) learn(state, group, budget.scope);
      for (const budget of newest(ask.news)) apply(state, budget);
      for (const news of ask.news) if (news.throttled) pause(state, news);
      const given = ask.calls === 0 ? { slots: [], retryAt: ask.now } : give(state, ask);
      if (Object.keys(state.users[ask.user]?.calls ?? {}).length === 0) delete state.users[ask.user];
      return { state, ...given };
    },
    tiers: ({ accounts }) =>
      Object.entries(accounts).flatMap(([tier, { limit, remaining }]) =>
        remaining === null ? [] : [{ tier, limit, remaining }],
      ),
  };
}

function scopeOf(state: BudgetState, group: string): string {
  return state.scopes[group] ?? group;
}

function accountOf(state: BudgetState, group: string): Account {
  return accountAt(state, scopeOf(state, group));
}

function accountAt({ accounts }: BudgetState, scope: string): Account {
  accounts[scope] ??= { limit: null, remaining: null, resetAt: 0, lowest: null, refilled: false };
  return accounts[scope];
}

/** Calls under way that draw on a budget, as far as it is known. */
function inFlight(state: BudgetState, of: (group: string) => boolean): number {
  return Object.values(state.users)
    .flatMap(({ calls }) => Object.entries(calls))
    .reduce((sum, [group, count]) => (of(group) ? sum + count : sum), 0);
}

function refill(state: BudgetState, scope: string, now: number): void {
  const account = state.accounts[scope];
  if (account === undefined || account.remaining === null || now < account.resetAt) return;
  // Once a period: filling up again would forget what was sent since.
  if (account.refilled && account.remaining > 0) return;
  // What is under way may be counted in either period.
  const underWay = inFlight(state, (group) => scopeOf(state, group) === scope);
  account.remaining = account.limit === null ? null : Math.max(1, account.limit - underWay);
  account.refilled = true;
}

/** From now on the group draws on the scope the service named; what is under way moves along. */
function learn(state: BudgetState, group: string, scope: string): void {
  if (scopeOf(state, group) !== scope) {
    const moved = inFlight(state, (other) => other === group);
    state.scopes[group] = scope;
    const account = accountOf(state, group);
    // Neither the answered call nor those under way were taken off this scope's count when they were sent.
    if (account.remaining !== null) account.remaining = Math.max(0, account.remaining - moved - 1);
  } else state.scopes[group] = scope;
}

/** The last word on each budget: what older answers said was of a time when other calls were under way. */
function newest(news: readonly News[]): Iterable<Budget> {
  const last = new Map<string, Budget>();
  for (const { budget } of news) {
    if (budget === null) continue;
    const before = last.get(budget.scope);
    const age = before === undefined ? Infinity : budget.resetAt - before.resetAt;
    const lower = budget.remaining <= (before?.remaining ?? Infinity);
    if (age > SAME_PERIOD_MS || (age >= -SAME_PERIOD_MS && lower)) last.set(budget.scope, budget);
  }
  return last.values();
}

function apply(state: BudgetState, budget: Budget): void {
  const { scope } = budget;
  const account = accountAt(state, scope);
  const age = budget.resetAt - account.resetAt;
  const samePeriod = Math.abs(age) <= SAME_PERIOD_MS;
  // Answers overtake each other: one of a period that is over, or with a count that has since gone down, is stale.
  if (age < -SAME_PERIOD_MS || (samePeriod && (account.refilled || budget.remaining > (account.lowest ?? Infinity))))
    return;
  // Of the calls under way the service has counted some and not others: our own count is right as long as it lies
  // between, and taking all of them off would leave a part of every small budget unused.
  const least = Math.max(0, budget.remaining - inFlight(state, (group) => scopeOf(state, group) === scope));
  const own = samePeriod || account.refilled ? account.remaining : null;
  account.remaining = own === null ? least : Math.min(Math.max(own, least), budget.remaining);
  account.limit = budget.limit;
  account.lowest = budget.remaining;
  if (samePeriod) return;
  account.resetAt = budget.resetAt;
  account.refilled = false;
}
