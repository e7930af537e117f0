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

/** One round of edits; `round` makes each edit a new value. */
export interface Edits {
  readonly side: 'sell' | 'dotdigital';
  readonly round: number;
  readonly field: 'name' | 'postcode';
}

export type Order =
  /** Moves people in whose addresses begin with `label`. */
  | { readonly order: 'add'; readonly side: Side; readonly label: string; readonly count: number }
  /** Somebody edits the first `count` people of one side. */
  | (Edits & { readonly order: 'edit'; readonly count: number })
  /** How many of these edits of the first `count` people are not to be seen on both sides. */
  | { readonly order: 'missing'; readonly count: number; readonly edits: readonly Edits[] }
  /** The first `count` people say no, or yes, on one side: a tag in Sell, the channel in Dotdigital. */
  | {
      readonly order: 'consent';
      readonly side: 'sell' | 'dotdigital';
      readonly count: number;
      readonly word: 'in' | 'out';
    }
  /** The n-th person says no on one side; from then on the other side is watched. */
  | { readonly order: 'leave'; readonly side: 'sell' | 'dotdigital'; readonly n: number }
  /** Since when the other side knows, for each who left. */
  | { readonly order: 'known' }
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
  | { readonly known: readonly Left[] }
  | { readonly failed: string };

/** Somebody who said no on one side, and after how many milliseconds the other side showed it; null while it does not. */
export interface Left {
  readonly side: 'sell' | 'dotdigital';
  readonly after: number | null;
}

const DAY_MS = 86_400_000;
const DATA_FIELD = { name: 'LASTNAME', postcode: 'POSTCODE' } as const;

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

/** What the edit of this round gives the n-th person. */
function editedValue({ side, round, field }: Edits, n: number): string {
  return field === 'name' ? `Edited ${side} ${round} ${n}` : `N${round} ${n}AA`;
}

function edit(edits: Edits, count: number): number {
  const ids = (edits.side === 'sell' ? sellIds : dotdigitalIds).slice(0, count);
  for (const [n, id] of ids.entries()) {
    const value = editedValue(edits, n);
    if (edits.side === 'dotdigital') {
      sandbox.dotdigitalSandbox.world.editContact(id, { fields: { [DATA_FIELD[edits.field]]: value } });
    } else {
      const { world } = sandbox.sellSandbox;
      world.updateContact(id, edits.field === 'name' ? { last_name: value } : { address: { postal_code: value } });
    }
  }
  return ids.length;
}

function missing(count: number, edits: readonly Edits[]): number {
  let gone = 0;
  for (let n = 0; n < count; n += 1) {
    const contact = sandbox.sellSandbox.world.readContact(sellIds[n] ?? 0);
    const fields = sandbox.dotdigitalSandbox.world.contact(dotdigitalIds[n] ?? 0)?.fields;
    const address = contact?.['address'] as { readonly postal_code?: unknown } | undefined;
    for (const one of edits) {
      const inSell = one.field === 'name' ? contact?.['last_name'] : address?.postal_code;
      const value = editedValue(one, n);
      if (inSell !== value || fields?.[DATA_FIELD[one.field]] !== value) gone += 1;
    }
  }
  return gone;
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

const left: { readonly side: 'sell' | 'dotdigital'; readonly n: number; readonly at: number; after: number | null }[] =
  [];

function leave(side: 'sell' | 'dotdigital', n: number): void {
  if (left.length === 0) setInterval(watch, 50).unref();
  left.push({ side, n, at: performance.now(), after: null });
  if (side === 'sell') sandbox.sellSandbox.world.updateContact(sellIds[n] ?? 0, { tags: ['unsubscribed'] });
  else sandbox.dotdigitalSandbox.world.unsubscribe(dotdigitalIds[n] ?? 0);
}

function watch(): void {
  for (const one of left) {
    if (one.after !== null) continue;
    const inSell = sandbox.sellSandbox.world.readContact(sellIds[one.n] ?? 0)?.['tags'];
    const known =
      one.side === 'sell'
        ? sandbox.dotdigitalSandbox.world.contact(dotdigitalIds[one.n] ?? 0)?.emailStatus === 'unsubscribed'
        : Array.isArray(inSell) && inSell.includes('unsubscribed');
    if (known) one.after = performance.now() - one.at;
  }
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
      return { done: edit(order, order.count) };
    case 'missing':
      return { done: missing(order.count, order.edits) };
    case 'consent':
      return { done: say(order.side, order.count, order.word) };
    case 'leave':
      leave(order.side, order.n);
      return { done: 1 };
    case 'known':
      return { known: left.map(({ side, after }) => ({ side, after })) };
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
