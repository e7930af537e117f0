// The two simulated accounts as a process of their own, worked by messages from a benchmark. Never measures anything.
import process from 'node:process';
import { equalPairs } from '../sandbox/people/generate-people.ts';
import { marketingSeed } from '../sandbox/people/marketing-desk.ts';
import type { MarketingContactSeed, Person, SellContactSeed } from '../sandbox/people/person.ts';
import { contactAttributes } from '../sandbox/people/sell-desk.ts';
import { startSandbox } from '../sandbox/start.ts';

/** Who gets the people. */
export type Side = 'both' | 'sell' | 'dotdigital';

/** Calls that arrived at the services, as they counted them. */
export interface ServiceCounts {
  readonly sell: Calls;
  readonly dotdigital: Calls;
}

export interface Calls {
  readonly reads: number;
  readonly writes: number;
  /** Refused for their rate. */
  readonly throttled: number;
  /** By `METHOD route`. */
  readonly routes: { readonly [route: string]: number };
}

export type Order =
  /** Moves people in whose addresses begin with `label`. */
  | { readonly order: 'add'; readonly side: Side; readonly label: string; readonly count: number }
  /** Somebody edits the first `count` people of one side; `round` makes each edit a new value. */
  | {
      readonly order: 'edit';
      readonly side: 'sell' | 'dotdigital';
      readonly count: number;
      readonly round: number;
      readonly field: 'name' | 'postcode';
    }
  /** The first `count` people say no, or yes, on one side: a tag in Sell, the channel in Dotdigital. */
  | {
      readonly order: 'consent';
      readonly side: 'sell' | 'dotdigital';
      readonly count: number;
      readonly word: 'in' | 'out';
    }
  | { readonly order: 'products'; readonly count: number }
  /** Somebody edits the first `count` products. */
  | { readonly order: 'edit-products'; readonly count: number }
  | { readonly order: 'counts' }
  | { readonly order: 'reset-counts' };

export interface Started {
  readonly sell: { readonly url: string; readonly accessToken: string };
  readonly dotdigital: { readonly url: string; readonly user: string; readonly password: string };
}

export type Answer =
  | { readonly started: Started }
  | { readonly done: number }
  | { readonly counts: ServiceCounts }
  | { readonly failed: string };

const DAY_MS = 86_400_000;

const sandbox = await startSandbox({
  people: 0,
  population: 'equal-pairs',
  products: 0,
  limits: process.argv[2] === 'limits-on' ? 'on' : 'off',
});
const sellIds: number[] = [];
const dotdigitalIds: number[] = [];

function add(side: Side, label: string, count: number): number {
  const createdAt = Date.now() - 30 * DAY_MS;
  const at = new Date(createdAt).toISOString();
  const { world: sell } = sandbox.sellSandbox;
  const { world: dotdigital } = sandbox.dotdigitalSandbox;
  for (const person of equalPairs({ seed: 1, count })) {
    const { contact, marketing } = addressed(person, `${label}${person.index}@mail.example`);
    if (side !== 'dotdigital') {
      sellIds.push(sell.createContact({ ...contactAttributes(contact, null), created_at: at, updated_at: at }).id);
    }
    if (side !== 'sell') dotdigitalIds.push(dotdigital.addContact(marketingSeed(marketing, createdAt)));
  }
  return count;
}

function addressed(
  { contacts: [contact], marketing }: Person,
  email: string,
): { readonly contact: SellContactSeed; readonly marketing: MarketingContactSeed } {
  if (contact === undefined || marketing === null) throw new Error('An equal pair is on both sides.');
  return { contact: { ...contact, email }, marketing: { ...marketing, email } };
}

function edit(side: 'sell' | 'dotdigital', count: number, round: number, field: 'name' | 'postcode'): number {
  const ids = (side === 'sell' ? sellIds : dotdigitalIds).slice(0, count);
  for (const [n, id] of ids.entries()) {
    const value = field === 'name' ? `Edited ${side} ${round} ${n}` : `N${round} ${n}AA`;
    if (side === 'dotdigital') {
      sandbox.dotdigitalSandbox.world.editContact(id, {
        fields: field === 'name' ? { LASTNAME: value } : { POSTCODE: value },
      });
    } else {
      const { world } = sandbox.sellSandbox;
      world.updateContact(id, field === 'name' ? { last_name: value } : { address: { postal_code: value } });
    }
  }
  return ids.length;
}

function say(side: 'sell' | 'dotdigital', count: number, word: 'in' | 'out'): number {
  const { world: sell } = sandbox.sellSandbox;
  const { world: dotdigital } = sandbox.dotdigitalSandbox;
  for (const id of (side === 'sell' ? sellIds : dotdigitalIds).slice(0, count)) {
    if (side === 'sell') sell.updateContact(id, { tags: [word === 'in' ? 'newsletter' : 'unsubscribed'] });
    else if (word === 'out') dotdigital.unsubscribe(id);
    else dotdigital.resubscribe(id);
  }
  return count;
}

const productIds: number[] = [];

function addProducts(count: number): number {
  const { world } = sandbox.sellSandbox;
  for (let n = 0; n < count; n += 1)
    productIds.push(
      world.createProduct({ name: `Product ${n}`, sku: `SKU-${n}`, prices: [{ amount: `${n}.99`, currency: 'GBP' }] })
        .id,
    );
  return count;
}

function editProducts(count: number): number {
  for (const id of productIds.slice(0, count)) sandbox.sellSandbox.world.updateProduct(id, { name: `Edited ${id}` });
  return count;
}

function counts(): ServiceCounts {
  const sell = sandbox.sellSandbox.requests.counts();
  const dotdigital = sandbox.dotdigitalSandbox.requests.read();
  return {
    sell: {
      reads: sell.reads,
      writes: sell.total - sell.reads,
      throttled: sell.throttled,
      routes: Object.fromEntries(Object.entries(sell.routes).map(([route, { count }]) => [route, count])),
    },
    dotdigital: {
      reads: dotdigital.reads,
      writes: dotdigital.writes,
      throttled: dotdigital.tooMany,
      routes: dotdigital.byRoute,
    },
  };
}

function carryOut(order: Order): Answer {
  switch (order.order) {
    case 'add':
      return { done: add(order.side, order.label, order.count) };
    case 'edit':
      return { done: edit(order.side, order.count, order.round, order.field) };
    case 'consent':
      return { done: say(order.side, order.count, order.word) };
    case 'products':
      return { done: addProducts(order.count) };
    case 'edit-products':
      return { done: editProducts(order.count) };
    case 'counts':
      return { counts: counts() };
    case 'reset-counts':
      sandbox.sellSandbox.requests.reset();
      sandbox.dotdigitalSandbox.requests.reset();
      return { done: 0 };
    default:
      return order satisfies never;
  }
}

function answer(message: Answer): void {
  process.send?.(message);
}

process.on('message', (order: Order) => {
  try {
    answer(carryOut(order));
  } catch (error) {
    answer({ failed: error instanceof Error ? error.message : String(error) });
  }
});
// The benchmark is gone: nobody will ask again.
process.on('disconnect', () => process.exit(0));
const { sell, dotdigital } = sandbox;
answer({ started: { sell: { url: sell.url, accessToken: sell.accessToken }, dotdigital } });
