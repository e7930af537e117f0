// Every default, by profile. (semantics 4.11, decisions 1, 2, 5, 11, 23, 25) The only place where a default is written.

import type { Complete, Profile } from './config.ts';
import type { ConnectionInput } from './config-schema.ts';

/** A setting without a default: it has to be chosen as soon as `neededWhen` holds; until then `unused` stands in. */
export class MustChoose<T> {
  readonly unused: T;
  readonly neededWhen: (connection: Switches) => boolean;

  constructor(unused: T, neededWhen: (connection: Switches) => boolean) {
    this.unused = unused;
    this.neededWhen = neededWhen;
  }
}

/** What decides whether an unchosen setting matters. */
export interface Switches {
  readonly contacts: { readonly enabled: boolean; readonly direction: string };
  readonly leads: { readonly enabled: boolean; readonly direction: string };
  readonly consent: { readonly enabled: boolean };
}

type Defaults<T> = T extends readonly unknown[] ? T : T extends object ? { readonly [K in keyof T]: Defaults<T[K]> } : T | MustChoose<T>;

type Section = Exclude<keyof ConnectionInput, 'name' | 'profile' | 'sell' | 'dotdigital'>;
export type ConnectionDefaults = Defaults<{ readonly [K in Section]-?: Complete<NonNullable<ConnectionInput[K]>> }>;

const contactsOn = (c: Switches): boolean => c.contacts.enabled;
const leadsOn = (c: Switches): boolean => c.leads.enabled;
const makesContacts = (c: Switches): boolean => (c.contacts.enabled && c.contacts.direction !== 'dotdigital-to-sell') || (c.leads.enabled && c.leads.direction !== 'dotdigital-to-sell');

const scope = { dotdigitalLists: [], sellTags: [], sellOwners: [], pauseList: null, pauseTag: 'no-sync' } as const;

const classicObject = {
  enabled: false,
  direction: 'bi-directional',
  multipleMatchFirst: 'oldest',
  strictSingle: false,
  fields: null,
  alignment: { mode: 'both', winner: 'sell' },
  onEmailChange: 'rename',
  delete: 'delete',
  afterDotdigitalDelete: 'stay-deleted',
  scope,
} as const;

const classic: ConnectionDefaults = {
  schedule: { every: '1h', productsAt: '03:00', verifyAt: '02:00', timezone: 'UTC' },
  contacts: { ...classicObject, multipleMatch: new MustChoose('do-not-update', contactsOn), idField: 'SELL_CONTACT_ID' },
  leads: {
    ...classicObject,
    multipleMatch: new MustChoose('do-not-update', leadsOn),
    idField: 'SELL_LEAD_ID',
    listPrefix: 'Zendesk Sell - Leads: ',
    enforceSingleList: false,
    createLeadIfContactExists: true,
  },
  consent: {
    enabled: false,
    direction: 'sell-to-dotdigital',
    contacts: {
      tags: { optIn: [], optOut: [] },
      field: null,
      default: new MustChoose('none', (c) => c.consent.enabled && c.contacts.enabled),
    },
    leads: {
      tags: { optIn: [], optOut: [] },
      field: null,
      default: new MustChoose('none', (c) => c.consent.enabled && c.leads.enabled),
    },
    createSuppressed: false,
    createSuppressedAs: null,
    optOutTrigger: 'immediate',
    optInTrigger: 'with-change',
    resubscribe: 'no-challenge',
    unknownConsentAs: 'subscribed',
    optOutAs: 'unsubscribed',
    optInType: 'single',
  },
  products: {
    enabled: false,
    collection: 'Catalog_Zendesk_Sell',
    currency: null,
    urlTemplate: null,
    imageTemplate: null,
    onRemoved: 'inactive',
  },
  names: { requiredFor: 'both' },
  allowNonCustomer: false,
  partialWrite: false,
  deleteGrace: 'none',
  createDataFields: true,
  brakes: {
    create: { count: 1000, percent: 20, action: 'park' },
    update: { count: 5000, percent: 50, action: 'alert' },
    clear: { count: 100, percent: 5, action: 'park' },
    delete: { count: 25, percent: 5, action: 'park' },
    listRemove: { count: 50, percent: 5, action: 'park' },
    unsubscribe: { count: 200, percent: 2, action: 'alert' },
    unsubscribeStop: { count: 200, percent: 20, action: 'park' },
    resubscribe: { count: 20, percent: 1, action: 'park' },
  },
  alerts: [],
  retention: { history: '90d', tombstones: '400d', ledger: 'forever' },
};

const recommendedObject = {
  multipleMatch: 'email-and-names',
  alignment: { mode: 'both', winner: 'fill-blanks' },
  delete: 'queue',
} as const;

const recommended: ConnectionDefaults = {
  ...classic,
  schedule: { ...classic.schedule, every: '15m' },
  contacts: { ...classic.contacts, ...recommendedObject },
  leads: { ...classic.leads, ...recommendedObject, enforceSingleList: true, createLeadIfContactExists: false },
  consent: {
    ...classic.consent,
    contacts: { ...classic.consent.contacts, default: 'none' },
    leads: { ...classic.consent.leads, default: 'none' },
    optInTrigger: 'immediate',
    resubscribe: 'challenge',
    unknownConsentAs: new MustChoose('unsubscribed', makesContacts),
  },
  names: { requiredFor: 'sell-writes' },
  allowNonCustomer: true,
  partialWrite: true,
  deleteGrace: '15m',
};

export const PROFILES: { readonly [P in Profile]: ConnectionDefaults } = { classic, recommended };

export const DEFAULT_PROFILE: Profile = 'classic';

/** Defaults that no profile changes. */
export const FIXED = {
  database: 'sqlite:./lockstep-data/lockstep.db',
  server: { host: '127.0.0.1', port: 8484, privateAddresses: false },
  sell: { url: 'https://api.getbase.com', requestsPerSecond: 10 },
  dotdigital: { url: 'https://r1-api.dotdigital.com' },
} as const;
