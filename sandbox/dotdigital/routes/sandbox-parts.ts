// What the route files need to know of the sandbox they serve. Holds no state of its own.

import type { FastifyRequest } from 'fastify';
import type { RateLimiter } from '../http/rate-limiter.ts';
import type { DotdigitalAccount } from '../state/account.ts';

/** Shared by all routes of one app. */
export interface SandboxParts {
  readonly account: DotdigitalAccount;
  readonly limiter: RateLimiter;
  /** URL of the account's own region, without a slash at the end. */
  readonly endpointOf: (request: FastifyRequest) => string;
}
