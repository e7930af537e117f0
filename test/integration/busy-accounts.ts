// Two accounts full of messy people who go on editing, for scenario, fault and crash tests. Contacts only; nobody is deleted.
import { CUSTOM_FIELDS, LEAD_STATUSES, SELL_USERS } from '../../sandbox/people/account-schema.ts';
import { type ActName, newcomers, performAct } from '../../sandbox/people/acts.ts';
import { equalPairs, generatePeople } from '../../sandbox/people/generate-people.ts';
import { createMarketingDesk } from '../../sandbox/people/marketing-desk.ts';
import { organisationCount } from '../../sandbox/people/organisations.ts';
import { seedDotdigital } from '../../sandbox/people/seed-dotdigital.ts';
import { seedSell } from '../../sandbox/people/seed-sell.ts';
import { createSellDesk } from '../../sandbox/people/sell-desk.ts';
import { createRandom } from '../../sandbox/random.ts';
import type { MappedField } from './agreement.ts';
import { type Options, type Settings, startTwoAccounts, type TwoAccounts } from './two-accounts.ts';

/** The mapping that busy accounts are synchronised with. */
export const BUSY_FIELDS: readonly MappedField[] = [
  { sell: 'first_name', dotdigital: 'FIRSTNAME', kind: 'text' },
  { sell: 'last_name', dotdigital: 'LASTNAME', kind: 'text' },
  { sell: 'address.postal_code', dotdigital: 'POSTCODE', kind: 'text' },
  { sell: 'address.city', dotdigital: 'CITY', kind: 'text' },
  { sell: 'customer_status', dotdigital: 'CUSTOMER_STATUS', kind: 'status' },
  { sell: 'prospect_status', dotdigital: 'PROSPECT_STATUS', kind: 'status' },
  { sell: 'custom_fields.Tier', dotdigital: 'TIER', kind: 'text' },
  { sell: 'custom_fields.VIP', dotdigital: 'IS_VIP', kind: 'boolean' },
  { sell: 'custom_fields.Score', dotdigital: 'SCORE', kind: 'number' },
  { sell: 'custom_fields.Renewal date', dotdigital: 'RENEWAL_DATE', kind: 'date' },
  { sell: 'custom_fields.Interests', dotdigital: 'INTERESTS', kind: 'set' },
  { sell: 'tags', dotdigital: 'SELL_TAGS', kind: 'set' },
];

export interface BusyOptions extends Options {
  readonly seed: number;
  readonly people: number;
  readonly population?: 'messy' | 'equal-pairs';
  readonly profile?: 'classic' | 'recommended';
}

export interface BusyAccounts extends TwoAccounts {
  /** Lets people do so many things on both sides, all in one moment; says what. */
  edit(steps: number): readonly string[];
  /** Ids of all records that people made since the beginning, beside those they began with. */
  readonly made: { readonly sell: ReadonlySet<number>; readonly dotdigital: ReadonlySet<number> };
}

const ACTS: readonly ActName[] = [
  'renameInSell',
  'movesHouseInSell',
  'customerInSell',
  'dealWon',
  'tierInSell',
  'tagInSell',
  'emailInSell',
  'newContactInSell',
  'renameInMarketing',
  'movesHouseInMarketing',
  'signsUp',
  'leavesList',
  'optsOut',
  'bothAtOnce',
  'mendsName',
  'mendsEmail',
];

const DAY_MS = 86_400_000;

export function busySettings(profile: 'classic' | 'recommended' = 'classic'): Settings {
  return {
    profile,
    contacts: {
      enabled: true,
      multipleMatch: 'email-and-names',
      fields: BUSY_FIELDS.map(({ sell, dotdigital }) => ({ sell, dotdigital })),
      alignment: { mode: 'both', winner: 'sell' },
    },
    consent: { unknownConsentAs: profile === 'classic' ? 'subscribed' : 'unsubscribed' },
  };
}

export async function startBusyAccounts(options: BusyOptions): Promise<BusyAccounts> {
  const { seed, people, population = 'messy', profile = 'classic' } = options;
  const world = await startTwoAccounts({
    settings: busySettings(profile),
    ...options,
    sell: {
      users: [{ name: 'Kit Merriweather', email: 'kit.merriweather@example.com', role: 'admin' }, ...SELL_USERS],
      leadStatuses: LEAD_STATUSES,
      customFields: CUSTOM_FIELDS,
      seed,
      ...options.sell,
    },
    dotdigital: { seed, ...options.dotdigital },
  });
  const inSell = seedSell(world.sell.world, {
    seed,
    organisations: population === 'messy' ? organisationCount(people) : 0,
    products: 0,
  });
  const inDotdigital = seedDotdigital(world.dotdigital.world);
  const ages = createRandom(`ages/${String(seed)}`);
  const now = Date.now();
  for (const person of (population === 'messy' ? generatePeople : equalPairs)({ seed, count: people })) {
    const createdAt = now - ages.int(2 * DAY_MS, 1000 * DAY_MS);
    inSell.add(person, createdAt);
    inDotdigital.add(person, createdAt);
  }
  const random = createRandom(`edits/${String(seed)}`);
  const made = { sell: new Set<number>(), dotdigital: new Set<number>() };
  const [sellDesk, marketingDesk] = [createSellDesk(world.sell.world), createMarketingDesk(world.dotdigital.world)];
  const noted = (set: Set<number>, id: number): number => {
    set.add(id);
    return id;
  };
  const context = {
    sell: {
      ...sellDesk,
      addContact: (...how: Parameters<typeof sellDesk.addContact>) => noted(made.sell, sellDesk.addContact(...how)),
    },
    marketing: {
      ...marketingDesk,
      addContact: (...how: Parameters<typeof marketingDesk.addContact>) =>
        noted(made.dotdigital, marketingDesk.addContact(...how)),
    },
    random,
    nextDraft: newcomers(random.fork('newcomers')),
  };
  return {
    ...world,
    made,
    edit: (steps) => Array.from({ length: steps }, () => performAct(random.pick(ACTS), context) ?? 'nobody fits'),
  };
}
