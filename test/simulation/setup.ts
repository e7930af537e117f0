// What a seed decides before anything happens: the configuration of the connection, and how the two services behave where their
// vendors do not say. Plain data, so that a story prints it and a regression can pin it.
import { switchTable } from '../../sandbox/dotdigital/switches.ts';
import type { Random } from '../../sandbox/random.ts';
import type { Kind } from '../plain-values.ts';

export type Direction = 'sell-to-dotdigital' | 'dotdigital-to-sell' | 'bi-directional';

export interface MappedField {
  readonly sell: string;
  readonly dotdigital: string;
  readonly kind: Kind;
  readonly direction?: Direction;
  readonly conflict?: 'sell' | 'dotdigital' | 'newest' | 'hold';
  readonly blank?: 'propagate' | 'ignore';
}

export interface ObjectSetup {
  readonly enabled: boolean;
  readonly direction: Direction;
  readonly multipleMatch: 'email-and-names' | 'email' | 'do-not-update';
  readonly fields: readonly MappedField[];
  readonly alignment: {
    readonly mode: 'none' | Direction | 'both';
    readonly winner: 'sell' | 'dotdigital' | 'fill-blanks';
  };
  readonly onEmailChange: 'rename' | 'new' | 'hold';
  readonly delete: 'delete' | 'queue' | 'mark' | 'remove-from-lists' | 'ignore';
  readonly afterDotdigitalDelete: 'stay-deleted' | 'recreate';
  readonly [setting: string]: unknown;
}

export interface ConsentSetup {
  readonly enabled: boolean;
  readonly direction: Direction;
  readonly default: 'none' | 'opted-in' | 'opted-out';
  readonly resubscribe: 'challenge' | 'no-challenge' | 'hold';
  readonly optOutTrigger: 'with-change' | 'immediate';
  readonly optInTrigger: 'with-change' | 'immediate';
  readonly unknownConsentAs: 'subscribed' | 'unsubscribed';
  readonly createSuppressed: boolean;
  readonly optOutAs: 'unsubscribed' | 'suppressed';
}

export interface ProductSetup {
  readonly enabled: boolean;
  /** Null = the Sell account's. */
  readonly currency: 'GBP' | 'EUR' | null;
  readonly onRemoved: 'inactive' | 'delete' | 'keep';
}

export interface Setup {
  readonly profile: 'classic' | 'recommended';
  readonly contacts: ObjectSetup;
  readonly leads: ObjectSetup;
  readonly consent: ConsentSetup;
  readonly products: ProductSetup;
  readonly namesRequiredFor: 'both' | 'sell-writes';
  readonly allowNonCustomer: boolean;
  readonly partialWrite: boolean;
  readonly deleteGrace: 'none' | '15m';
  /** Small enough to trip in a small town. */
  readonly smallBrakes: boolean;
  readonly oauth: boolean;
  /** How far the clocks of the services are off, milliseconds. */
  readonly skew: { readonly sell: number; readonly dotdigital: number };
  readonly sellSwitches: { readonly [name: string]: unknown };
  readonly dotdigitalSwitches: { readonly [name: string]: unknown };
}

export const CONSENT_TAGS = { optIn: 'newsletter', optOut: 'unsubscribed' } as const;

const CONTACT_FIELDS: readonly MappedField[] = [
  { sell: 'address.city', dotdigital: 'CITY', kind: 'text' },
  { sell: 'custom_fields.Tier', dotdigital: 'TIER', kind: 'text' },
  { sell: 'custom_fields.VIP', dotdigital: 'IS_VIP', kind: 'boolean' },
  { sell: 'custom_fields.Score', dotdigital: 'SCORE', kind: 'number' },
  { sell: 'custom_fields.Renewal date', dotdigital: 'RENEWAL_DATE', kind: 'date' },
  { sell: 'custom_fields.Interests', dotdigital: 'INTERESTS', kind: 'set' },
  { sell: 'tags', dotdigital: 'SELL_TAGS', kind: 'set' },
];
const NAMES: readonly MappedField[] = [
  { sell: 'first_name', dotdigital: 'FIRSTNAME', kind: 'text' },
  { sell: 'last_name', dotdigital: 'LASTNAME', kind: 'text' },
  { sell: 'address.postal_code', dotdigital: 'POSTCODE', kind: 'text' },
];
const STATUSES: readonly MappedField[] = [
  { sell: 'customer_status', dotdigital: 'CUSTOMER_STATUS', kind: 'status' },
  { sell: 'prospect_status', dotdigital: 'PROSPECT_STATUS', kind: 'status' },
];
const LEAD_FIELDS: readonly MappedField[] = [
  { sell: 'organization_name', dotdigital: 'ORGANISATION', kind: 'text' },
  { sell: 'custom_fields.Campaign', dotdigital: 'CAMPAIGN_NAME', kind: 'text' },
  { sell: 'address.city', dotdigital: 'CITY', kind: 'text' },
];

/** All that may be mapped. */
export const EVERY_FIELD = {
  contacts: [...NAMES, ...STATUSES, ...CONTACT_FIELDS],
  leads: [...NAMES, ...LEAD_FIELDS],
} as const;

/** Data fields that the program may have to make, and may not where it writes nothing to Dotdigital. */
export const MADE_FIELDS = ['INTERESTS', 'SELL_TAGS', 'ORGANISATION', 'CAMPAIGN_NAME'] as const;

/** Switches under which the program cannot work at all, or that only make a seed longer. */
const NOT_TURNED = new Set([
  'retired',
  'rateLimit',
  'ratePerSecond',
  'rateBurst',
  'ratePerHour',
  'pageDepthLimit',
  'textMaxLength',
  'tagMaxLength',
  'maxPageSize',
  'maxTextLength',
  'binnedShown',
  'insightEnabled',
]);

const BOTH_WAYS: ObjectSetup = {
  enabled: true,
  direction: 'bi-directional',
  multipleMatch: 'email-and-names',
  fields: [...NAMES, ...STATUSES],
  alignment: { mode: 'both', winner: 'sell' },
  onEmailChange: 'rename',
  delete: 'delete',
  afterDotdigitalDelete: 'stay-deleted',
};

/** Contacts and consent in both directions, nothing out of the ordinary. */
export const PLAIN: Setup = {
  profile: 'recommended',
  contacts: BOTH_WAYS,
  leads: { ...BOTH_WAYS, enabled: false, fields: NAMES },
  consent: {
    enabled: true,
    direction: 'bi-directional',
    default: 'none',
    resubscribe: 'no-challenge',
    optOutTrigger: 'immediate',
    optInTrigger: 'immediate',
    unknownConsentAs: 'subscribed',
    createSuppressed: false,
    optOutAs: 'unsubscribed',
  },
  products: { enabled: false, currency: 'GBP', onRemoved: 'inactive' },
  namesRequiredFor: 'both',
  allowNonCustomer: true,
  partialWrite: true,
  deleteGrace: 'none',
  smallBrakes: false,
  oauth: false,
  skew: { sell: 0, dotdigital: 0 },
  sellSwitches: {},
  dotdigitalSwitches: {},
};

export function drawSetup(random: Random): Setup {
  const both = (chance: number): Direction =>
    random.chance(chance) ? 'bi-directional' : random.pick(['sell-to-dotdigital', 'dotdigital-to-sell']);
  const fields = (
    direction: Direction,
    extra: readonly MappedField[],
    always: readonly MappedField[],
  ): readonly MappedField[] =>
    [...always, ...extra.filter(() => random.chance(0.5))].map((field) => ({
      ...field,
      ...(direction === 'bi-directional' && random.chance(0.15)
        ? { direction: random.pick(['sell-to-dotdigital', 'dotdigital-to-sell'] as const) }
        : {}),
      ...(random.chance(0.3) ? { conflict: random.pick(['sell', 'dotdigital', 'newest', 'hold'] as const) } : {}),
      ...(random.chance(0.1) ? { blank: 'ignore' as const } : {}),
    }));
  const object = (
    enabled: boolean,
    extra: readonly MappedField[],
    always: readonly MappedField[],
    direction = both(0.7),
  ): ObjectSetup => ({
    enabled,
    direction,
    multipleMatch: random.pick(['email-and-names', 'email-and-names', 'email', 'do-not-update']),
    fields: fields(direction, extra, always),
    alignment: {
      mode: random.chance(0.8) ? 'both' : random.pick(['none', 'sell-to-dotdigital', 'dotdigital-to-sell']),
      winner: random.pick(['sell', 'dotdigital', 'fill-blanks']),
    },
    onEmailChange: random.pick(['rename', 'rename', 'rename', 'new', 'hold']),
    delete: random.pick(['delete', 'delete', 'queue', 'mark', 'remove-from-lists', 'ignore']),
    afterDotdigitalDelete: random.pick(['stay-deleted', 'recreate']),
  });
  const leads = random.chance(0.55);
  const contacts = !leads || random.chance(0.85);
  return {
    profile: random.pick(['classic', 'recommended']),
    contacts: object(contacts, CONTACT_FIELDS, [...NAMES, ...STATUSES]),
    leads: {
      ...object(leads, LEAD_FIELDS, NAMES),
      enforceSingleList: random.chance(0.5),
      createLeadIfContactExists: random.chance(0.5),
    },
    consent: {
      enabled: random.chance(0.75),
      direction: both(0.5),
      default: random.pick(['none', 'none', 'opted-in', 'opted-out']),
      resubscribe: random.pick(['challenge', 'no-challenge', 'no-challenge', 'hold']),
      optOutTrigger: random.pick(['immediate', 'immediate', 'with-change']),
      optInTrigger: random.pick(['immediate', 'with-change']),
      unknownConsentAs: random.pick(['subscribed', 'unsubscribed']),
      createSuppressed: random.chance(0.4),
      optOutAs: random.pick(['unsubscribed', 'unsubscribed', 'suppressed']),
    },
    products: drawProducts(random.fork('products')),
    namesRequiredFor: random.pick(['both', 'sell-writes']),
    allowNonCustomer: random.chance(0.6),
    partialWrite: random.chance(0.6),
    deleteGrace: random.pick(['none', '15m']),
    smallBrakes: random.chance(0.15),
    oauth: random.chance(0.3),
    skew: {
      sell: random.chance(0.7) ? 0 : random.int(-400_000, 400_000),
      dotdigital: random.chance(0.7) ? 0 : random.int(-400_000, 400_000),
    },
    sellSwitches: drawSellSwitches(random),
    dotdigitalSwitches: drawDotdigitalSwitches(random),
  };
}

function drawProducts(random: Random): ProductSetup {
  return {
    enabled: random.chance(0.4),
    currency: random.pick(['GBP', 'GBP', 'EUR', null]),
    onRemoved: random.pick(['inactive', 'delete', 'keep']),
  };
}

function drawDotdigitalSwitches(random: Random): { readonly [name: string]: unknown } {
  const drawn: { [name: string]: unknown } = {};
  for (const [name, { allowed, default: usual }] of Object.entries(switchTable)) {
    if (NOT_TURNED.has(name)) continue;
    if (typeof allowed !== 'string') drawn[name] = random.pick<unknown>([...allowed, usual, usual]);
    else if (/^(import|delete|listJob)DelayMs$/.test(name)) drawn[name] = random.pick([0, 1000, 30_000]);
  }
  return drawn;
}

function drawSellSwitches(random: Random): { readonly [name: string]: unknown } {
  const drawn: { [name: string]: unknown } = {};
  for (const [name, values] of Object.entries(SELL_CHOICES)) {
    const [usual] = values;
    drawn[name] = random.pick<unknown>([...values, usual, usual]);
  }
  return drawn;
}

/** Values of Sell's switches, the usual one first. */
const SELL_CHOICES: { readonly [name: string]: readonly unknown[] } = {
  createStatus: [200, 201],
  unknownQueryParameter: ['ignore', 'refuse'],
  unknownSortField: ['refuse', 'ignore'],
  readOnlyAttributes: ['refuse', 'ignore'],
  errorPointer: ['plain', 'data'],
  logrefStyle: ['groups', 'uuid'],
  metaVersion: [false, true],
  listTotalCount: [false, true],
  textFilterCase: ['email-insensitive', 'insensitive', 'sensitive'],
  filterWhitespace: ['exact', 'trimmed'],
  unfilterableCustomField: ['refuse', 'ignore'],
  updatedAtSkew: [true, false],
  putWithoutChangeBumps: [true, false],
  addressPut: ['merge', 'replace'],
  billingAddressRule: ['refuse', 'drop'],
  emptyText: ['null', 'kept'],
  formatChecks: [false, true],
  unsetCustomFields: ['absent', 'null'],
  customFieldNull: ['clears', 'clears', 'ignored'],
  customFieldNumbers: ['string', 'number'],
  customFieldDates: ['iso', 'us'],
  listValues: ['string', 'object'],
  boolTypeName: ['bool', 'boolean'],
  definitionKeys: ['documented', 'zapier'],
  tagCase: ['sensitive', 'insensitive'],
  leadStatusesEndpoint: [true, false],
  unknownLeadStatus: ['refuse', 'create'],
  leadStatusRename: ['silent', 'touches-leads'],
  convertedLead: ['gone', 'kept'],
  hiddenRecordStatus: [404, 403],
  refreshTokenRotation: ['old-dies', 'old-lives'],
  accessTokenSeconds: [3600, 300, 7200],
  syncPageSize: [100, 3, 10],
  syncOrder: ['shuffled', 'log'],
  syncTotals: ['exact', 'approximate'],
  syncAckDelayMs: [0, 0, 2_000],
  syncAckMaxKeys: [0, 5],
  syncHiddenRecords: ['deleted', 'silent'],
  syncProducts: [false, true],
};

/** The connection as the configuration file has it. */
export function connectionOf(setup: Setup): { readonly [section: string]: unknown } {
  const object = ({ fields, ...rest }: ObjectSetup) => ({
    ...rest,
    fields: fields.map(({ kind: _, ...field }) => field),
  });
  const { default: fallback, ...consent } = setup.consent;
  const signals = { tags: { optIn: [CONSENT_TAGS.optIn], optOut: [CONSENT_TAGS.optOut] }, default: fallback };
  const few = { count: 2, percent: 0 };
  return {
    profile: setup.profile,
    contacts: object(setup.contacts),
    leads: object(setup.leads),
    consent: { ...consent, contacts: signals, leads: signals },
    products: setup.products,
    names: { requiredFor: setup.namesRequiredFor },
    allowNonCustomer: setup.allowNonCustomer,
    partialWrite: setup.partialWrite,
    deleteGrace: setup.deleteGrace,
    ...(setup.smallBrakes
      ? { brakes: { create: few, clear: few, delete: few, listRemove: few, resubscribe: few } }
      : {}),
  };
}
