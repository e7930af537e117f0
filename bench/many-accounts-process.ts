// The process of many simulated account pairs: every pair holds the same kind of people, and may be used by many connections.
import { setTimeout as wait } from 'node:timers/promises';
import { createDotdigitalSandbox } from '../sandbox/dotdigital/create-dotdigital-sandbox.ts';
import { CUSTOM_FIELDS, LEAD_STATUSES, SELL_USERS } from '../sandbox/people/account-schema.ts';
import { equalPairs } from '../sandbox/people/generate-people.ts';
import { marketingSeed } from '../sandbox/people/marketing-desk.ts';
import { seedDotdigital } from '../sandbox/people/seed-dotdigital.ts';
import { contactAttributes } from '../sandbox/people/sell-desk.ts';
import { createRandom } from '../sandbox/random.ts';
import { createSellSandbox } from '../sandbox/zendesk-sell/create-sell-sandbox.ts';

export interface PairsWanted {
  readonly pairs: number;
  /** In each. */
  readonly people: number;
  /** Credentials of each pair: for so many connections of their own. */
  readonly users: number;
  /** An answer takes a random time between these, milliseconds. */
  readonly latency: readonly [shortest: number, longest: number];
}

export interface Pair {
  readonly sell: { readonly url: string; readonly tokens: readonly string[] };
  readonly dotdigital: { readonly url: string; readonly users: readonly string[]; readonly password: string };
}

export type Order =
  | { readonly order: 'edit'; readonly count: number; readonly round: number }
  | { readonly order: 'look' };

export interface Answer {
  readonly pairs?: readonly Pair[];
  readonly seen?: string;
}

const PASSWORD = 'many-accounts';
const DAY_MS = 86_400_000;
const { pairs, people, users, latency } = JSON.parse(process.argv[2] ?? '{}') as PairsWanted;
const random = createRandom('latency');

function makePair() {
  const sell = createSellSandbox({
    limits: { enabled: false },
    users: [{ name: 'Kit Merriweather', email: 'kit.merriweather@example.com', role: 'admin' }, ...SELL_USERS],
    leadStatuses: LEAD_STATUSES,
    customFields: CUSTOM_FIELDS,
    tokens: Array.from({ length: users }, () => ({})),
  });
  const names = Array.from({ length: users }, (_, n) => `apiuser-${n}@apiconnector.com`);
  const dotdigital = createDotdigitalSandbox({
    apiUsers: names.map((user) => ({ user, password: PASSWORD })),
    switches: { importDelayMs: 0, deleteDelayMs: 0, listJobDelayMs: 0, insightDelayMs: 0 },
  });
  seedDotdigital(dotdigital.world);
  const createdAt = Date.now() - 30 * DAY_MS;
  const at = new Date(createdAt).toISOString();
  const ids: { readonly sell: number; readonly dotdigital: number }[] = [];
  for (const { contacts, marketing } of equalPairs({ seed: 1, count: people })) {
    const [contact] = contacts;
    if (contact === undefined || marketing === null) continue;
    const attributes = { ...contactAttributes(contact, null), created_at: at, updated_at: at };
    ids.push({
      sell: sell.world.createContact(attributes).id,
      dotdigital: dotdigital.world.addContact(marketingSeed(marketing, createdAt)),
    });
  }
  const [shortest, longest] = latency;
  for (const { app } of [sell, dotdigital])
    if (longest > 0) app.addHook('onRequest', () => wait(random.int(shortest, longest)));
  return { sell, dotdigital, names, ids };
}

const made = Array.from({ length: pairs }, makePair);
const listening: Pair[] = [];
for (const { sell, dotdigital, names } of made)
  listening.push({
    sell: {
      url: await sell.app.listen({ host: '127.0.0.1', port: 0 }),
      tokens: sell.tokens.map(({ token }) => token),
    },
    dotdigital: {
      url: await dotdigital.app.listen({ host: '127.0.0.1', port: 0 }),
      users: names,
      password: PASSWORD,
    },
  });

/** Different people on either side, so that every edit costs one write on the other. */
function edit(count: number, round: number): void {
  for (const { sell, dotdigital, ids } of made) {
    for (const [n, id] of ids.slice(0, count).entries())
      sell.world.updateContact(id.sell, { last_name: `Edited ${round} ${n}` });
    for (const [n, id] of ids.slice(count, 2 * count).entries())
      dotdigital.world.editContact(id.dotdigital, { fields: { FIRSTNAME: `Edited ${round} ${n}` } });
  }
}

function look(): string {
  const seen = made.map(({ sell, dotdigital }) => ({
    sell: [...sell.world.state.contacts.values()]
      .map(({ email, first_name, last_name, customer_status, tags, address }) =>
        JSON.stringify({ email, first_name, last_name, customer_status, tags, address }),
      )
      .sort(),
    dotdigital: [...dotdigital.world.contacts()]
      .map(({ email, emailStatus, fields: { SELL_CONTACT_ID: _, ...fields } }) =>
        JSON.stringify({ email, emailStatus, fields }),
      )
      .sort(),
  }));
  return JSON.stringify(seen);
}

process.on('message', (order: Order) => {
  if (order.order === 'edit') edit(order.count, order.round);
  process.send?.((order.order === 'look' ? { seen: look() } : {}) satisfies Answer);
});
process.on('disconnect', () => process.exit(0));
process.send?.({ pairs: listening } satisfies Answer);
