// Both simulated services with their people, listening on 127.0.0.1, as one call. Never a live account, never another address.
import type { FastifyInstance } from 'fastify';
import { type Clock, systemClock } from './clock.ts';
import { createDotdigitalSandbox, type DotdigitalSandbox } from './dotdigital/create-dotdigital-sandbox.ts';
import { type RateLimits as DotdigitalLimits, defaultApiUser } from './dotdigital/options.ts';
import type { DotdigitalSwitches } from './dotdigital/switches.ts';
import { grantAccess, type OAuthGrant } from './oauth-grant.ts';
import {
  CUSTOM_FIELDS,
  LEAD_SOURCES,
  LEAD_STATUSES,
  SELL_USERS,
  UNQUALIFIED_REASONS,
} from './people/account-schema.ts';
import type { Desks } from './people/acts.ts';
import { equalPairs, generatePeople } from './people/generate-people.ts';
import { createMarketingDesk } from './people/marketing-desk.ts';
import { organisationCount } from './people/organisations.ts';
import { seedDotdigital } from './people/seed-dotdigital.ts';
import { type SellCounts, seedSell } from './people/seed-sell.ts';
import { createSellDesk } from './people/sell-desk.ts';
import { createRandom } from './random.ts';
import { createSellSandbox, type SellSandbox } from './zendesk-sell/create-sell-sandbox.ts';
import { DEFAULT_OAUTH_CLIENT } from './zendesk-sell/options.ts';
import type { SellSwitchSettings } from './zendesk-sell/switches.ts';

export interface StartOptions {
  /** 0 or left out: any free one. */
  readonly sellPort?: number;
  readonly dotdigitalPort?: number;
  /** The same seed makes the same accounts. Default 1. */
  readonly seed?: number;
  /** Default 3000. */
  readonly people?: number;
  /** `messy`: as in real accounts. `equal-pairs`: the same on both sides, nothing wrong. Default messy. */
  readonly population?: 'messy' | 'equal-pairs';
  /** Default 60 among messy people, none among equal pairs. */
  readonly products?: number;
  /** `on`: the limits the vendors document. Default on. */
  readonly limits?: 'on' | 'off';
  readonly switches?: { readonly sell?: SellSwitchSettings; readonly dotdigital?: Partial<DotdigitalSwitches> };
  /** Default: the machine's. */
  readonly clock?: Clock;
}

export interface SandboxCounts extends SellCounts {
  /** Contacts of Dotdigital. */
  readonly marketing: number;
}

/** Two services that listen, and everything needed to use them, to act in them and to stop them. */
export interface RunningSandbox {
  readonly sell: { readonly url: string; readonly accessToken: string; readonly oauth: OAuthGrant };
  readonly dotdigital: { readonly url: string; readonly user: string; readonly password: string };
  readonly counts: SandboxCounts;
  readonly desks: Desks;
  readonly sellSandbox: SellSandbox;
  readonly dotdigitalSandbox: DotdigitalSandbox;
  /** Closes both listeners and every connection. A second call does nothing. */
  stop(): Promise<void>;
}

/** Sell: 10 requests a second and 36,000 an hour for each token. */
const SELL_LIMITS = { enabled: true, perSecond: 10, burst: 10, perHour: 36_000 } as const;
/** Dotdigital publishes no numbers; the low tier is the one its documentation shows in an example. Calls a minute. */
const DOTDIGITAL_LIMITS: DotdigitalLimits = { scheme: 'tiered', perMinute: { low: 150, medium: 300, high: 600 } };

const DAY_MS = 86_400_000;

/**
 * Starts both services.
 * @throws Error with `code` EADDRINUSE or EACCES when a port cannot be used; nothing listens then
 */
export async function startSandbox(options: StartOptions = {}): Promise<RunningSandbox> {
  const { seed = 1, clock = systemClock, limits = 'on', switches = {} } = options;
  const sellSandbox = createSellSandbox({
    clock,
    seed,
    limits: limits === 'on' ? SELL_LIMITS : { enabled: false },
    account: { name: 'Ashdown & Birtwistle Ltd', currency: 'GBP' },
    users: [{ name: 'Kit Merriweather', email: 'kit.merriweather@example.com', role: 'admin' }, ...SELL_USERS],
    leadStatuses: LEAD_STATUSES,
    leadSources: LEAD_SOURCES,
    unqualifiedReasons: UNQUALIFIED_REASONS,
    customFields: CUSTOM_FIELDS,
    ...(switches.sell === undefined ? {} : { switches: switches.sell }),
  });
  const dotdigitalSandbox = createDotdigitalSandbox({
    clock,
    seed,
    limits: limits === 'on' ? DOTDIGITAL_LIMITS : { scheme: 'off' },
    accountName: 'Ashdown & Birtwistle Ltd',
    ...(switches.dotdigital === undefined ? {} : { switches: switches.dotdigital }),
  });
  const counts = populate(sellSandbox, dotdigitalSandbox, options);
  const oauth = await grantAccess(sellSandbox.app, DEFAULT_OAUTH_CLIENT);
  sellSandbox.requests.reset();

  const apps = [sellSandbox.app, dotdigitalSandbox.app];
  const stop = async (): Promise<void> => {
    await Promise.all(apps.map((app) => app.close()));
  };
  try {
    const [sellUrl, dotdigitalUrl] = [
      await listen(sellSandbox.app, options.sellPort ?? 0),
      await listen(dotdigitalSandbox.app, options.dotdigitalPort ?? 0),
    ];
    return {
      sell: { url: sellUrl, accessToken: sellSandbox.tokens[0]?.token ?? '', oauth },
      dotdigital: { url: dotdigitalUrl, ...userOf(defaultApiUser) },
      counts,
      desks: { sell: createSellDesk(sellSandbox.world), marketing: createMarketingDesk(dotdigitalSandbox.world) },
      sellSandbox,
      dotdigitalSandbox,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const userOf = ({ user, password }: { readonly user: string; readonly password: string }) => ({ user, password });

function listen(app: FastifyInstance, port: number): Promise<string> {
  return app.listen({ host: '127.0.0.1', port });
}

/** Lets people move in. They came over the last three years, never today: a first sync sees nobody as new. */
function populate(sell: SellSandbox, dotdigital: DotdigitalSandbox, options: StartOptions): SandboxCounts {
  const { seed = 1, clock = systemClock, people = 3000, population = 'messy' } = options;
  const messy = population === 'messy';
  const inSell = seedSell(sell.world, {
    seed,
    organisations: messy ? organisationCount(people) : 0,
    products: options.products ?? (messy ? 60 : 0),
  });
  const inDotdigital = seedDotdigital(dotdigital.world);
  const ages = createRandom(`ages/${String(seed)}`);
  const now = clock.now();
  for (const person of (messy ? generatePeople : equalPairs)({ seed, count: people })) {
    const createdAt = now - ages.int(2 * DAY_MS, 1000 * DAY_MS);
    inSell.add(person, createdAt);
    inDotdigital.add(person, createdAt);
  }
  return { ...inSell.counts, marketing: inDotdigital.count };
}
