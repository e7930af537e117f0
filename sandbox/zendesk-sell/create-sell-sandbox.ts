// Puts a simulated Zendesk Sell account together: world, switches, faults, and the HTTP application in front.
// Never listens by itself; call `app.listen({ host: '127.0.0.1' })`, or use `app.inject()`.

import type { FastifyInstance } from 'fastify';
import { systemClock } from '../clock.ts';
import { FaultBook } from '../faults/fault-book.ts';
import { createRandom, type Random } from '../random.ts';
import { addProductRoutes, addSourceRoutes, addTagRoutes } from './catalogue-routes.ts';
import { addContactAndLeadRoutes } from './contact-and-lead-routes.ts';
import type { SellContext, SellPlan } from './context.ts';
import { addControlRoutes } from './control.ts';
import { addConversionRoutes } from './conversion-routes.ts';
import { addIdentityRoutes } from './identity-routes.ts';
import { addOauthRoutes } from './oauth-routes.ts';
import { DEFAULT_OAUTH_CLIENT, furnish, type SellSandboxOptions, switchSettings } from './options.ts';
import { RateLimiter } from './rate-limiter.ts';
import { RequestCounter } from './request-counter.ts';
import { createSellApp, SELL_SERVICE } from './sell-app.ts';
import { createSwitches, type SellSwitches, turnSwitches } from './switches.ts';
import { addSyncRoutes } from './sync-routes.ts';
import { SyncSessions } from './sync-sessions.ts';
import { type AccessToken, type Scope, TokenBook } from './token-book.ts';
import { SellWorld } from './world.ts';
import { WorldState } from './world-state.ts';

/** A simulated Zendesk Sell account with its API. */
export interface SellSandbox {
  readonly app: FastifyInstance;
  /** What people do inside the product. */
  readonly world: SellWorld;
  /** Positions of the switches; assign to turn one. */
  readonly switches: SellSwitches;
  readonly faults: FaultBook;
  /** What clients have asked for. */
  readonly requests: RequestCounter;
  /** What the plan includes; assign to change it. */
  plan: SellPlan;
  /** The personal tokens made from the options, the first one an administrator's with every scope unless told otherwise. */
  readonly tokens: readonly AccessToken[];
  /** Makes one more personal token; for the first user and with every scope unless told otherwise. */
  issueToken(options?: { readonly userId?: number; readonly scopes?: readonly Scope[] }): string;
  /** Back to the state right after creation, with the same tokens: records, switches, faults and counts. */
  reset(): void;
}

/**
 * Creates a sandbox.
 * @throws ZodError when a switch is given a value it cannot take
 */
export function createSellSandbox(options: SellSandboxOptions = {}): SellSandbox {
  const clock = options.clock ?? systemClock;
  const seed = options.seed ?? 1;
  const settings = switchSettings(options);
  const switches = createSwitches(settings);
  const initialSwitches = { ...switches };
  const initialPlan: SellPlan = { syncApi: true, products: true, ...options.plan };
  let tokens: readonly AccessToken[] = [];

  /** Everything a reset replaces. */
  const found = (): { world: WorldState; tokens: TokenBook; sessions: SyncSessions; random: Random } => {
    const random = createRandom(seed).fork(SELL_SERVICE);
    const world = new WorldState({ clock, random: random.fork('world'), switches });
    furnish(world, options);
    const book = new TokenBook(clock, random.fork('tokens'), switches);
    for (const client of options.oauthClients ?? [DEFAULT_OAUTH_CLIENT]) book.addClient(client);
    const users = [...world.users.values()];
    tokens = (options.tokens ?? [{}]).map((draft) =>
      book.issuePersonal(users[draft.user ?? 0]?.id ?? 0, draft.scopes, draft.token),
    );
    return { world, tokens: book, sessions: new SyncSessions(clock, random.fork('sync'), switches, world), random };
  };

  const context: SellContext = {
    clock,
    switches,
    faults: options.faults ?? new FaultBook({ seed }),
    counter: new RequestCounter(),
    limiter: new RateLimiter(clock, switches),
    plan: { ...initialPlan },
    publicUrl: options.publicUrl,
    ...found(),
  };
  const world = new SellWorld(
    () => context.world,
    (userId) => context.tokens.revokeUser(userId),
  );
  const reset = (): void => {
    turnSwitches(switches, initialSwitches);
    Object.assign(context, found(), { plan: { ...initialPlan } });
    context.faults.clear(SELL_SERVICE);
    context.counter.reset();
    context.limiter.reset();
  };

  const app = createSellApp(context);
  for (const add of [
    addOauthRoutes,
    addIdentityRoutes,
    addContactAndLeadRoutes,
    addTagRoutes,
    addSourceRoutes,
    addProductRoutes,
    addConversionRoutes,
    addSyncRoutes,
  ]) {
    add(app, context);
  }
  addControlRoutes(app, context, { world, reset });

  return {
    app,
    world,
    switches,
    faults: context.faults,
    requests: context.counter,
    get plan() {
      return context.plan;
    },
    set plan(plan: SellPlan) {
      context.plan = plan;
    },
    get tokens() {
      return tokens;
    },
    issueToken: ({ userId, scopes } = {}) => {
      const [first] = context.world.users.values();
      return context.tokens.issuePersonal(userId ?? first?.id ?? 0, scopes).token;
    },
    reset,
  };
}
