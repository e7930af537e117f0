// What a Dotdigital connector is made of: where, who, and how patient. Holds defaults and nothing else.

import type { CallWatch } from '../http/message.ts';
import type { PaceShare } from '../http/paces.ts';
import type { RetryBudget } from '../http/retry-policy.ts';
import type { HttpRuntime } from '../http/runtime.ts';
import type { Oddity } from '../oddity.ts';

export interface DotdigitalOptions {
  /** Where discovery starts, e.g. `https://r1-api.dotdigital.com`; the account's own endpoint is learnt from there. */
  readonly url: string;
  /** The API user's e-mail address. */
  readonly user: string;
  readonly password: string;
  /** Default `Lockstep`. */
  readonly userAgent?: string;
  readonly runtime?: Partial<HttpRuntime>;
  readonly retry?: Partial<RetryBudget>;
  readonly signal?: AbortSignal | undefined;
  /** Asked right before each call; on false nothing is sent. */
  readonly mayCall?: (() => boolean) | undefined;
  readonly watchCall?: CallWatch | undefined;
  /** Exchanges at once. Default 4. */
  readonly concurrency?: number;
  /** Calls of every budget that are left for others: this connector waits for the next period instead. Default 0. */
  readonly reserve?: number;
  /** Whose budgets they are. Default: this connector's alone. */
  readonly pace?: PaceShare;
  /** Milliseconds for one exchange. Default 125,000: the service may take 121 s. (API: limits) */
  readonly timeoutMs?: number;
  readonly poll?: Partial<PollTiming>;
  /** Largest import worth sending, in rows. Default 5000. */
  readonly rowsPerJob?: number;
  /** Contacts a page, 1 to 5000. Default 5000. */
  readonly contactsPerPage?: number;
  /** Rows a page of the v2 lists, 1 to 1000. Default 1000. */
  readonly rowsPerPage?: number;
  /** Told of everything unreadable that was skipped; a page is never lost for one item. */
  readonly onOddity?: (oddity: Oddity) => void;
}

/** All in milliseconds, on the runtime's clock. */
export interface PollTiming {
  /** Before the first question about a job. */
  readonly firstMs: number;
  /** Each wait is this much longer than the one before. */
  readonly growth: number;
  /** Longest wait between two questions. */
  readonly longestMs: number;
  /** A job that is not over by then is left to a later run. */
  readonly giveUpAfterMs: number;
  /** Between two tries while the service has too many jobs of the account. */
  readonly busyMs: number;
  readonly busyGiveUpAfterMs: number;
  /** Between two tries while the flat hourly allowance is used up. */
  readonly usageCapMs: number;
}

/** The service asks for questions 5 to 30 s apart; small jobs are over sooner, so the first ones come earlier. */
export const DEFAULT_POLL: PollTiming = {
  firstMs: 1_000,
  growth: 1.6,
  longestMs: 15_000,
  giveUpAfterMs: 2 * 3_600_000,
  busyMs: 10_000,
  busyGiveUpAfterMs: 1_800_000,
  usageCapMs: 60_000,
};

/** Rolling window of the flat scheme, with room for a clock that is a little off. */
export const USAGE_WINDOW_MS = 3_900_000;
