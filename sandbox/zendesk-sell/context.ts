// What the routes of one sandbox share.
// Holds no logic. `world` is replaced by a reset, so it is read anew for each request.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../clock.ts';
import type { FaultBook } from '../faults/fault-book.ts';
import type { Random } from '../random.ts';
import type { Author } from './author.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { UserRecord } from './records.ts';
import type { RequestCounter } from './request-counter.ts';
import type { SellSwitches } from './switches.ts';
import type { SyncSessions } from './sync-sessions.ts';
import type { AccessToken, Scope, TokenBook } from './token-book.ts';
import type { WorldState } from './world-state.ts';

/** What the account's plan includes. */
export interface SellPlan {
  readonly syncApi: boolean;
  readonly products: boolean;
}

/** The parts of a sandbox. */
export interface SellContext {
  readonly clock: Clock;
  readonly switches: SellSwitches;
  readonly faults: FaultBook;
  readonly counter: RequestCounter;
  readonly limiter: RateLimiter;
  /** Replaced by a reset. */
  world: WorldState;
  tokens: TokenBook;
  sessions: SyncSessions;
  random: Random;
  plan: SellPlan;
  /** Origin of the links in answers; undefined: the one the request came to. */
  readonly publicUrl: string | undefined;
}

/** A set of routes. */
export type RouteSet = (app: FastifyInstance, context: SellContext) => void;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The scope the token needs. */
    sellScope?: Scope;
  }
}

const callers = new WeakMap<FastifyRequest, AccessToken>();

/** Notes who a request comes from. */
export function setCaller(request: FastifyRequest, token: AccessToken): void {
  callers.set(request, token);
}

/** The token of an authenticated request. */
export function callerOf(request: FastifyRequest): AccessToken {
  const token = callers.get(request);
  if (!token) throw new Error('this route is not behind authentication');
  return token;
}

/** The author of a write that comes through the API. */
export function authorOf(request: FastifyRequest): Author {
  return { userId: callerOf(request).userId, person: false };
}

/** The user behind a request. */
export function userOf(context: SellContext, request: FastifyRequest): UserRecord | undefined {
  return context.world.users.get(callerOf(request).userId);
}
