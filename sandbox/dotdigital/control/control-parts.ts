// What the control API may reach. Holds no state.

import type { FaultBook } from '../../faults/fault-book.ts';
import type { RateLimiter } from '../http/rate-limiter.ts';
import type { RequestCounters } from '../http/request-counters.ts';
import type { DotdigitalAccount } from '../state/account.ts';
import type { DotdigitalWorld } from '../world.ts';

/** The parts of a sandbox. */
export interface ControlParts {
  readonly account: DotdigitalAccount;
  readonly world: DotdigitalWorld;
  readonly faults: FaultBook;
  readonly requests: RequestCounters;
  readonly limiter: RateLimiter;
  readonly reset: () => void;
}
