// What one person is like before it is decided which system knows them: name, mailbox, address, statuses, tags, values. Decides no archetype.
import type { Random } from '../random.ts';
import { INTERESTS, TIERS } from './account-schema.ts';
import { createDeck, type Weights } from './deck.ts';
import { createMailboxes, type Mailbox } from './mailbox.ts';
import { createNaming, type Naming } from './naming.ts';
import type {
  CustomValue,
  MarketingContactSeed,
  MarketingStatus,
  PostalAddress,
  SellContactSeed,
  SellLeadSeed,
  SellRecordSeed,
  Trait,
} from './person.ts';
import { COUNTRIES, type Country, FICTION_MOBILES, fictionMobile } from './places.ts';
import { anyAddress, fullAddress } from './postal.ts';

export interface Draft {
  readonly index: number;
  readonly random: Random;
  readonly naming: Naming;
  readonly mailbox: Mailbox;
  readonly country: Country;
  readonly address: PostalAddress;
  readonly statuses: Pick<SellContactSeed, 'customer_status' | 'prospect_status'>;
  readonly tags: readonly string[];
  readonly custom: { readonly [name: string]: CustomValue };
  readonly marketingStatus: MarketingStatus;
  readonly jobTitle: string | null;
  readonly phone: string | null;
  readonly organisation: number | null;
  readonly traits: {
    readonly naming: readonly Trait[];
    readonly address: readonly Trait[];
    readonly status: Trait;
    readonly tags: readonly Trait[];
    readonly custom: readonly Trait[];
  };
}

type StatusCard = 'current-customer' | 'past-customer' | 'current-prospect' | 'lost-prospect' | 'neither';
const STATUS_CARDS: Weights<StatusCard> = {
  'current-customer': 26,
  'past-customer': 12,
  'current-prospect': 24,
  'lost-prospect': 12,
  neither: 26,
};
const STATUSES: { readonly [card in StatusCard]: Draft['statuses'] } = {
  'current-customer': { customer_status: 'current', prospect_status: 'none' },
  'past-customer': { customer_status: 'past', prospect_status: 'none' },
  'current-prospect': { customer_status: 'none', prospect_status: 'current' },
  'lost-prospect': { customer_status: 'none', prospect_status: 'lost' },
  neither: { customer_status: 'none', prospect_status: 'none' },
};

type ConsentCard = 'subscribed' | 'unsubscribed' | 'suppressed' | 'hardBounced' | 'ispComplained' | 'pendingOptIn';
const CONSENT_CARDS: Weights<ConsentCard> = {
  subscribed: 168,
  unsubscribed: 14,
  suppressed: 8,
  hardBounced: 5,
  ispComplained: 2,
  pendingOptIn: 3,
};

/** Trait of each state of a Dotdigital contact that is not plain `subscribed`. */
export const CONSENT_TRAITS: { readonly [status in MarketingStatus]: Trait | null } = {
  subscribed: null,
  unsubscribed: 'unsubscribed',
  suppressed: 'suppressed',
  hardBounced: 'hard-bounced',
  ispComplained: 'complained',
  pendingOptIn: 'pending-opt-in',
  noSubscription: 'no-subscription',
};

type TagCard = 'none' | 'newsletter' | 'unsubscribed' | 'contradictory';
const TAG_CARDS: Weights<TagCard> = { none: 60, newsletter: 28, unsubscribed: 9, contradictory: 3 };
const OTHER_TAGS: readonly string[] = ['trade-fair', 'VIP', 'early adopter', 'Stammkunde', 'σημαντικό'];

function makeTags(
  random: Random,
  card: TagCard,
): { readonly tags: readonly string[]; readonly traits: readonly Trait[] } {
  const other = random.chance(0.25) ? [random.pick(OTHER_TAGS)] : [];
  const newsletter = random.pick(['newsletter', 'newsletter', 'Newsletter', 'NEWSLETTER']);
  const unsubscribed = random.pick(['unsubscribed', 'unsubscribed', 'Unsubscribed', 'UNSUBSCRIBED']);
  switch (card) {
    case 'none':
      return { tags: other, traits: [] };
    case 'newsletter':
      return { tags: [newsletter, ...other], traits: ['newsletter-tag'] };
    case 'unsubscribed':
      return { tags: [...other, unsubscribed], traits: ['unsubscribed-tag'] };
    case 'contradictory':
      return { tags: [newsletter, unsubscribed], traits: ['newsletter-tag', 'unsubscribed-tag', 'contradictory-tags'] };
    default:
      return card satisfies never;
  }
}

const day = (random: Random): string =>
  `${String(random.int(2025, 2027))}-${String(random.int(1, 12)).padStart(2, '0')}-${String(random.int(1, 28)).padStart(2, '0')}`;

function makeCustomValues(random: Random): { readonly [name: string]: CustomValue } {
  const values: { [name: string]: CustomValue } = {};
  if (random.chance(0.5)) values['Tier'] = random.pick(TIERS);
  if (random.chance(0.3)) values['VIP'] = random.chance(0.2);
  if (random.chance(0.4)) values['Score'] = random.int(0, 2000) / 8;
  if (random.chance(0.3)) values['Renewal date'] = day(random);
  if (random.chance(0.15)) values['Account no. #'] = `AC-${random.text(6).toUpperCase()}`;
  if (random.chance(0.35)) values['Interests'] = random.shuffle(INTERESTS).slice(0, random.int(1, 3));
  if (random.chance(0.3)) values['Email consent'] = random.chance(0.8) ? 'Yes' : 'No';
  return values;
}

/** Returns a function that drafts the person with a number. */
export function createDrafting(random: Random, organisations: number): (index: number) => Draft {
  const nextName = createNaming(random.fork('naming'));
  const mailboxOf = createMailboxes(random.fork('mailboxes'));
  const drawStatus = createDeck(random.fork('statuses'), STATUS_CARDS);
  const drawConsent = createDeck(random.fork('consent'), CONSENT_CARDS);
  const drawTags = createDeck(random.fork('tags'), TAG_CARDS);
  return (index) => {
    const naming = nextName();
    const country = random.pick(COUNTRIES);
    const { address, traits: addressTraits } = anyAddress(random, country);
    const { tags, traits: tagTraits } = makeTags(random, drawTags());
    const status = drawStatus();
    const custom = makeCustomValues(random);
    return {
      index,
      random,
      naming,
      mailbox: mailboxOf(naming.latin, index),
      country,
      address,
      statuses: STATUSES[status],
      tags,
      custom,
      marketingStatus: drawConsent(),
      jobTitle: random.chance(0.3)
        ? random.pick(['Buyer', 'Head of Purchasing', 'Owner', 'Geschäftsführerin', 'Directeur'])
        : null,
      phone: random.chance(0.5) ? country.phone(random) : null,
      organisation: organisations > 0 && random.chance(0.3) ? random.int(0, organisations - 1) : null,
      traits: {
        naming: naming.traits,
        address: addressTraits,
        status,
        tags: tagTraits,
        custom: Object.keys(custom).length > 0 ? ['custom-values'] : [],
      },
    };
  };
}

const CONTACT_ONLY: readonly string[] = ['Tier', 'VIP', 'Score', 'Renewal date', 'Account no. #'];

function sellRecord(draft: Draft): SellRecordSeed {
  return {
    first_name: draft.naming.first,
    last_name: draft.naming.last,
    email: draft.mailbox.typed,
    phone: draft.phone,
    mobile: draft.index % 5 === 0 ? `+${fictionMobile(draft.index / 5)}` : null,
    title: draft.jobTitle,
    address: draft.address,
    tags: draft.tags,
    custom_fields: draft.custom,
  };
}

/** The person as a contact of Sell. */
export function sellContact(draft: Draft): SellContactSeed {
  const eligible = draft.statuses.customer_status !== 'none' || draft.statuses.prospect_status !== 'none';
  return {
    ...sellRecord(draft),
    ...draft.statuses,
    billing_address: eligible && draft.index % 4 === 0 ? fullAddress(draft.random, draft.country) : null,
    organisation: draft.organisation,
  };
}

/** The person as a lead of Sell. */
export function sellLead(draft: Draft, status: string, organisation: string | null): SellLeadSeed {
  const custom = Object.fromEntries(Object.entries(draft.custom).filter(([name]) => !CONTACT_ONLY.includes(name)));
  return {
    ...sellRecord(draft),
    custom_fields: draft.random.chance(0.3)
      ? { ...custom, Campaign: draft.random.pick(['Spring', 'Autumn', 'Partner']) }
      : custom,
    organization_name: organisation,
    status,
  };
}

/** The person as a contact of Dotdigital, saying the same as {@link sellContact}. */
export function marketingContact(draft: Draft, lists: readonly string[] = []): MarketingContactSeed {
  const fields: { [name: string]: string | number | boolean } = {
    FIRSTNAME: draft.naming.first,
    LASTNAME: draft.naming.last,
  };
  if (draft.address.postal_code !== null) fields['POSTCODE'] = draft.address.postal_code;
  fields['CUSTOMER_STATUS'] = draft.statuses.customer_status;
  fields['PROSPECT_STATUS'] = draft.statuses.prospect_status;
  const { Tier: tier, VIP: vip, Score: score, 'Renewal date': renewal } = draft.custom;
  if (typeof tier === 'string') fields['TIER'] = tier;
  if (vip === true) fields['IS_VIP'] = true;
  if (typeof score === 'number') fields['SCORE'] = score;
  if (typeof renewal === 'string') fields['RENEWAL_DATE'] = `${renewal}T00:00:00Z`;
  return {
    email: draft.mailbox.stored,
    mobile: draft.index % 5 === 0 && draft.index / 5 < FICTION_MOBILES ? fictionMobile(draft.index / 5) : null,
    fields,
    status: draft.marketingStatus,
    optIn: draft.random.pick(['unknown', 'single', 'single', 'double']),
    lists,
  };
}
