// Builds a simulated Dotdigital: one account behind HTTP, with a control API beside it. Knows nothing of any client.

import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { systemClock } from '../clock.ts';
import { FaultBook } from '../faults/fault-book.ts';
import { registerFaults } from '../faults/register-faults.ts';
import { createRandom } from '../random.ts';
import { registerControl } from './control/register-control.ts';
import { MAX_BODY, registerBodies } from './http/body.ts';
import { CONTROL, type GateParts, registerCounting, registerGate } from './http/gate.ts';
import { RateLimiter } from './http/rate-limiter.ts';
import { RequestCounters } from './http/request-counters.ts';
import { type DotdigitalSandboxOptions, defaultApiUser, SERVICE } from './options.ts';
import type { SandboxParts } from './routes/sandbox-parts.ts';
import { registerAccountCalls, registerAccountInfo } from './routes/v2-account.ts';
import { registerV2Contacts } from './routes/v2-contacts.ts';
import { registerDataFields } from './routes/v2-data-fields.ts';
import { registerListMembers } from './routes/v2-list-members.ts';
import { registerLists } from './routes/v2-lists.ts';
import { registerV2Suppression } from './routes/v2-suppression.ts';
import { registerV3Contact } from './routes/v3-contact.ts';
import { registerV3ContactList } from './routes/v3-contact-list.ts';
import { registerCustomIdentifiers } from './routes/v3-custom-identifiers.ts';
import { registerV3Jobs } from './routes/v3-import.ts';
import { registerInsightCollections } from './routes/v3-insight-collections.ts';
import { registerInsightRecords } from './routes/v3-insight-records.ts';
import { DotdigitalAccount } from './state/account.ts';
import { createSwitches, type DotdigitalSwitches } from './switches.ts';
import { DotdigitalWorld } from './world.ts';

/** A running simulation. */
export interface DotdigitalSandbox {
  /** Not listening yet: `app.listen({ host: '127.0.0.1' })`, or `app.inject()`. */
  readonly app: FastifyInstance;
  /** What people do inside the product, and the truth the API does not tell. */
  readonly world: DotdigitalWorld;
  /** Live: assign to throw a switch. */
  readonly switches: DotdigitalSwitches;
  readonly faults: FaultBook;
  readonly requests: RequestCounters;
  /** Live: assign `limits` to change the budgets. */
  readonly limiter: RateLimiter;
  /** An app that stands for another region: it answers account-info, everything else is a 403. */
  createRegionApp(region: string): FastifyInstance;
  /** Empty account, no faults, counters at zero. Switches and limits stay. */
  reset(): void;
}

function createApp(): FastifyInstance {
  return Fastify({
    bodyLimit: MAX_BODY,
    routerOptions: { maxParamLength: 2000, ignoreTrailingSlash: true },
    forceCloseConnections: true,
  });
}

/** The URL an app listens on; undefined while it does not. */
function listeningUrl(app: FastifyInstance): string | undefined {
  const address = app.server.address();
  if (address === null || typeof address === 'string') return undefined;
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}

/** Builds the sandbox; nothing listens and no time passes by itself. */
export function createDotdigitalSandbox(options: DotdigitalSandboxOptions = {}): DotdigitalSandbox {
  const switches = createSwitches(options.switches);
  const region = options.region ?? 'r1';
  const settings = {
    id: options.accountId ?? 1234,
    name: options.accountName ?? 'Sandbox account',
    region,
    contactLimit: options.contactLimit ?? Number.POSITIVE_INFINITY,
    listLimit: options.listLimit ?? 1000,
    firstContactId: options.firstContactId ?? 30_000_001,
    customIdentifiers: options.customIdentifiers ?? [],
  };
  const random = createRandom(options.seed ?? 1).fork(SERVICE);
  const account = new DotdigitalAccount(options.clock ?? systemClock, settings, switches, random);
  const world = new DotdigitalWorld(account);
  const limiter = new RateLimiter(options.limits ?? { scheme: 'off' });
  const requests = new RequestCounters();
  const faults = options.faults ?? new FaultBook({ seed: options.seed ?? 1 });
  const users = options.apiUsers ?? [defaultApiUser];
  const app = createApp();

  const { publicUrl } = options;
  const endpointOf = (request: FastifyRequest): string => {
    const given = typeof publicUrl === 'function' ? publicUrl() : publicUrl;
    return (given ?? listeningUrl(app) ?? `http://${request.headers.host ?? '127.0.0.1'}`).replace(/\/+$/, '');
  };
  const gate: GateParts = { account, users, limiter, counters: requests, regionOf: options.regionOf ?? (() => region) };
  const parts: SandboxParts = { account, limiter, endpointOf };

  const prepare = (target: FastifyInstance, gateParts: GateParts): void => {
    registerBodies(target);
    registerCounting(target, gateParts);
    registerFaults(target, faults, SERVICE, { exempt: [CONTROL] });
    registerGate(target, gateParts);
    registerAccountInfo(target, parts);
  };

  const reset = (): void => {
    account.reset();
    faults.clear(SERVICE);
    requests.reset();
    limiter.reset();
  };

  prepare(app, gate);
  for (const register of [
    registerAccountCalls,
    registerDataFields,
    registerLists,
    registerListMembers,
    registerV2Suppression,
    registerV2Contacts,
    registerV3ContactList,
    registerV3Contact,
    registerV3Jobs,
    registerCustomIdentifiers,
    registerInsightCollections,
    registerInsightRecords,
  ]) {
    register(app, parts);
  }
  registerControl(app, { account, world, faults, requests, limiter, reset });

  return {
    app,
    world,
    switches,
    faults,
    requests,
    limiter,
    reset,
    createRegionApp: (label) => {
      const front = createApp();
      prepare(front, { ...gate, regionOf: () => label });
      return front;
    },
  };
}
