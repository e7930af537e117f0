// Two accounts with a product catalogue between them, and what tests ask of it. For tests alone.
import { setTimeout as wait } from 'node:timers/promises';
import { defaultApiUser } from '../../sandbox/dotdigital/options.ts';
import type { CycleOptions } from '../../src/engine/cycle.ts';
import type { RunReport } from '../../src/engine/report.ts';
import { type Options, startTwoAccounts, type TwoAccounts } from './two-accounts.ts';

export const COLLECTION = 'Catalog_Zendesk_Sell';

type Json = Readonly<Record<string, unknown>>;

/** The part of a run's JSON that tests look into; the rest is matched. */
export interface RunJson {
  readonly id: string;
  readonly state: string;
  readonly planned: readonly { readonly changes: Json }[];
}

export interface Shop {
  readonly world: TwoAccounts;
  /** A product with a price of 9.99 GBP unless told otherwise; its id as Lockstep writes it. */
  create(attributes: Json): string;
  records(collection?: string): ReadonlyMap<string, Json>;
  record(id: string): Json | undefined;
  /** Somebody writes a record in Dotdigital itself. */
  put(id: string, record: Json): Promise<void>;
  /** Somebody else uses Dotdigital's API. */
  dotdigital(method: 'DELETE' | 'POST' | 'PUT', path: string, body?: Json): Promise<void>;
  /** Waits until something is so. */
  until(so: () => boolean): Promise<void>;
  /** `sync --only products` in this process. */
  sync(options?: Partial<CycleOptions>, interrupt?: AbortSignal): Promise<RunReport>;
  /** One command as a user gives it, and the one run in its JSON. */
  run(...args: readonly string[]): Promise<{ readonly code: number; readonly run: RunJson }>;
  /** Other product settings, beside `enabled` and GBP. */
  configure(products: Json): Promise<void>;
  /** Counts from here on. */
  countAnew(): void;
  imports(): number;
  /** Pages of products read. */
  reads(): number;
  /** Kinds of calls made, sorted. */
  asked(service: 'sell' | 'dotdigital'): readonly string[];
}

export async function startShop(
  products: object = {},
  more: Options & { readonly aligned?: boolean } = {},
): Promise<Shop> {
  const { aligned = true, ...options } = more;
  const settings = (own: object) => ({ products: { enabled: true, currency: 'GBP', ...own } });
  const world = await startTwoAccounts({ ...options, settings: { ...settings(products), ...options.settings } });
  if (aligned && !('collection' in products && products.collection === 'Products')) await world.cycle('align');
  const records = (collection = COLLECTION): ReadonlyMap<string, Json> =>
    new Map(world.dotdigital.world.records(collection).map(({ key, json }) => [key, json]));
  const dotdigital: Shop['dotdigital'] = async (method, url, payload) => {
    const authorization = `Basic ${Buffer.from(`${defaultApiUser.user}:${defaultApiUser.password}`).toString('base64')}`;
    const answer = await world.dotdigital.app.inject({
      method,
      url,
      headers: { authorization },
      ...(payload === undefined ? {} : { payload }),
    });
    if (answer.statusCode >= 300) throw new Error(`${answer.statusCode} ${answer.body}`);
  };
  return {
    world,
    dotdigital,
    async until(so) {
      while (!so()) await wait(2);
    },
    create: (attributes) =>
      String(world.sell.world.createProduct({ prices: [{ amount: '9.99', currency: 'GBP' }], ...attributes }).id),
    records,
    record: (id) => records().get(id),
    put: (id, record) => dotdigital('PUT', `/insightData/v3/account/${COLLECTION}/${id}`, record),
    sync: (how = {}, interrupt) => world.cycle('sync', { only: [], people: false, products: 'now', ...how }, interrupt),
    async run(...args) {
      const { code, json, stderr } = await world.lockstep(...args);
      const [run] = (json as { readonly runs: readonly RunJson[] } | null)?.runs ?? [];
      if (run === undefined) throw new Error(stderr);
      return { code, run };
    },
    configure: (own) => world.configure(settings(own)),
    countAnew() {
      world.dotdigital.requests.reset();
      world.sell.requests.reset();
    },
    imports: () => world.dotdigital.requests.read().byRoute['PUT /insightData/v3/import'] ?? 0,
    reads: () => world.sell.requests.counts().routes['GET /v2/products']?.count ?? 0,
    asked: (service) =>
      Object.keys(
        service === 'sell' ? world.sell.requests.counts().routes : world.dotdigital.requests.read().byRoute,
      ).sort(),
  };
}
