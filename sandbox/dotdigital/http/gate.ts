// What every API call passes before its handler: the counters, who is asking, the region, the rate limit, due jobs.
// Never touches the control API.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiUser } from '../options.ts';
import type { DotdigitalAccount } from '../state/account.ts';
import { findApiUser, refuseRegion, refuseUnauthorized } from './auth.ts';
import { type RateLimiter, rateLimitHeaders, refuseExcess, type Tier } from './rate-limiter.ts';
import type { RequestCounters } from './request-counters.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Rate-limit class; default `medium`. */
    tier?: Tier;
    /** True for a call that works in every region. */
    anyRegion?: boolean;
  }
}

/** What the gate needs of a sandbox. */
export interface GateParts {
  readonly account: DotdigitalAccount;
  readonly users: readonly ApiUser[];
  readonly limiter: RateLimiter;
  readonly counters: RequestCounters;
  readonly regionOf: (request: FastifyRequest) => string;
}

/** Path prefix of the control API. */
export const CONTROL = '/_control';

const isControl = (request: FastifyRequest): boolean => request.url.startsWith(CONTROL);

/** Adds the counting and the `Date` header; before the faults, so that faulted calls are counted too. */
export function registerCounting(app: FastifyInstance, parts: GateParts): void {
  const { account, counters } = parts;
  app.addHook('onRequest', (request, reply, done) => {
    if (account.switches.dateHeader) reply.header('date', new Date(account.clock.now()).toUTCString());
    else reply.raw.sendDate = false;
    if (!isControl(request)) counters.countRequest(request.method, request.routeOptions.url ?? 'unknown');
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    if (!isControl(request)) counters.countAnswer(reply.statusCode);
    done();
  });
}

/** Adds the checks; after the faults, which stand for the network in front of the service. */
export function registerGate(app: FastifyInstance, parts: GateParts): void {
  const { account, users, limiter } = parts;
  app.addHook('onRequest', (request, reply, done) => {
    if (isControl(request)) {
      account.settle();
      done();
      return;
    }
    const { url } = request;
    const { config } = request.routeOptions;
    if (!findApiUser(users, request.headers.authorization)) {
      done(refuseUnauthorized(url));
      return;
    }
    if (config.anyRegion !== true && parts.regionOf(request) !== account.settings.region) {
      done(refuseRegion(url));
      return;
    }
    const now = account.clock.now();
    const standing = limiter.count(config.tier ?? 'medium', now);
    if (standing && standing.scope !== 'flat') {
      reply.headers(rateLimitHeaders(standing, now, account.switches.rateLimitReset));
    }
    if (standing?.exceeded) {
      done(refuseExcess(url, limiter.limits.scheme));
      return;
    }
    account.settle();
    done();
  });
}
