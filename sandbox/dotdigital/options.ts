// What a Dotdigital sandbox can be given when it is made. Plain data and a clock; never a live account.

import type { FastifyRequest } from 'fastify';
import type { Clock } from '../clock.ts';
import type { FaultBook } from '../faults/fault-book.ts';
import type { DotdigitalSwitches } from './switches.ts';

/** A login of the REST API. */
export interface ApiUser {
  readonly user: string;
  readonly password: string;
  /** False: the user may sign in nowhere (401). Default true. */
  readonly enabled?: boolean;
}

/** Budgets of the tiered scheme, in calls a minute. Left out: no limit on that tier. */
export interface TierBudgets {
  readonly low?: number;
  readonly medium?: number;
  readonly high?: number;
}

/** How calls are limited: not at all, by tier and minute, or the older 2,000 an hour. */
export type RateLimits =
  | { readonly scheme: 'off' }
  | { readonly scheme: 'tiered'; readonly perMinute: TierBudgets }
  | { readonly scheme: 'flat'; readonly perHour?: number };

/** Options of `createDotdigitalSandbox`; every one has a default. */
export interface DotdigitalSandboxOptions {
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** Seed of job ids, page shuffling and fault chances. Default 1. */
  readonly seed?: number | string;
  readonly switches?: Partial<DotdigitalSwitches>;
  /** Default: off. */
  readonly limits?: RateLimits;
  /** Default 1234. */
  readonly accountId?: number;
  /** Default `Sandbox account`. */
  readonly accountName?: string;
  /** Region label of the account, such as `r1`, `r2`, `r3`. Default `r1`. */
  readonly region?: string;
  /**
   * URL of the account's own region as account-info gives it.
   * Default: the address the app listens on, or the request's own host while it does not.
   */
  readonly publicUrl?: string | (() => string);
  /** Which region a request was sent to. Default: the account's own. */
  readonly regionOf?: (request: FastifyRequest) => string;
  /** Default: one user, {@link defaultApiUser}. */
  readonly apiUsers?: readonly ApiUser[];
  /** Names of custom identifiers set up in the account. Default: none. */
  readonly customIdentifiers?: readonly string[];
  /** Most contacts the plan allows; an import beyond it ends in ExceedsAllowedContactLimit. Default: no limit. */
  readonly contactLimit?: number;
  /** Most lists the plan allows. Default 1000. */
  readonly listLimit?: number;
  /** Id of the first contact. Default 30000001. */
  readonly firstContactId?: number;
  /** Faults, when shared with another service; this one's are named `dotdigital`. Default: a book of its own. */
  readonly faults?: FaultBook;
}

/** The API user of a sandbox that was given none. */
export const defaultApiUser: ApiUser = { user: 'apiuser-1234567890ab@apiconnector.com', password: 's3cret' };

/** Name under which the faults of this service are kept. */
export const SERVICE = 'dotdigital';
