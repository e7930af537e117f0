// Everything one Dotdigital account holds, and its settings. Never speaks HTTP; what may happen is decided in `domain/`.

import type { Clock } from '../../clock.ts';
import type { Random } from '../../random.ts';
import { InsightStore } from '../insight/insight-store.ts';
import type { ContactRow } from '../model/contact-row.ts';
import type { EmailStatus } from '../model/statuses.ts';
import type { DotdigitalSwitches } from '../switches.ts';
import { ContactIndex } from './contact-index.ts';
import { ContactOrder } from './contact-order.ts';
import { DataFieldRegistry } from './data-field-registry.ts';
import { JobBoard } from './job-board.ts';
import { ListRegistry } from './list-registry.ts';

/** A suppressed address that is no contact, or none any more. */
export interface SuppressedAddress {
  readonly email: string;
  /** Of the contact that had it; 0 when none ever did. */
  readonly contactId: number;
  readonly status: EmailStatus;
  /** Milliseconds since the epoch. */
  readonly dateRemoved: number;
}

/** A mail the product would have sent. */
export interface SentMail {
  readonly at: number;
  readonly kind: 'double-opt-in' | 'resubscribe-challenge';
  readonly contactId: number;
  readonly email: string;
  readonly locale: string | undefined;
}

/** A resubscription waiting for the recipient's click. */
export interface PendingChallenge {
  readonly at: number;
  readonly contactId: number;
  /** List to join on confirmation, when it was asked for through one. */
  readonly listId: number | undefined;
}

/** A marketing preference of the account. */
export interface Preference {
  readonly id: number;
  readonly publicName: string;
  readonly privateName: string;
}

/** Settings that stay for the life of a sandbox. */
export interface AccountSettings {
  readonly id: number;
  readonly name: string;
  readonly region: string;
  readonly contactLimit: number;
  readonly listLimit: number;
  readonly firstContactId: number;
  readonly customIdentifiers: readonly string[];
}

/** Addresses nobody may mail, and what is refused outright. All lower-case. */
export interface Blocklists {
  /** The vendor's global suppression list. */
  readonly global: Set<string>;
  readonly suppressedDomains: Set<string>;
  readonly invalidDomains: Set<string>;
  readonly localParts: Set<string>;
}

/** The state of one account. */
export class DotdigitalAccount {
  readonly clock: Clock;
  readonly settings: AccountSettings;
  readonly switches: DotdigitalSwitches;
  readonly #random: Random;
  ids: Random;
  contacts: ContactIndex;
  order: ContactOrder;
  fields: DataFieldRegistry;
  lists: ListRegistry;
  jobs: JobBoard;
  insight: InsightStore;
  /** By lower-case address. */
  suppressedAddresses: Map<string, SuppressedAddress>;
  blocklists: Blocklists;
  challenges: Map<number, PendingChallenge>;
  mails: SentMail[];
  preferences: Map<number, Preference>;
  customIdentifiers: Set<string>;
  /** What keeps a data field (upper-case name) from being deleted, such as `Used in program 12345`. */
  fieldDependencies: Map<string, readonly string[]>;

  constructor(clock: Clock, settings: AccountSettings, switches: DotdigitalSwitches, random: Random) {
    this.clock = clock;
    this.settings = settings;
    this.switches = switches;
    this.#random = random;
    this.ids = random.fork('ids');
    this.contacts = new ContactIndex(settings.firstContactId);
    this.order = new ContactOrder(this.contacts, random.fork('order').int(0, 0xffffffff));
    this.fields = new DataFieldRegistry();
    this.lists = new ListRegistry(clock.now());
    this.jobs = new JobBoard();
    this.insight = new InsightStore();
    this.suppressedAddresses = new Map();
    this.blocklists = createBlocklists();
    this.challenges = new Map();
    this.mails = [];
    this.preferences = new Map();
    this.customIdentifiers = new Set(settings.customIdentifiers);
    this.fieldDependencies = new Map();
  }

  /** Back to an empty account; settings and switches stay. */
  reset(): void {
    this.ids = this.#random.fork('ids');
    this.contacts = new ContactIndex(this.settings.firstContactId);
    this.order = new ContactOrder(this.contacts, this.#random.fork('order').int(0, 0xffffffff));
    this.fields = new DataFieldRegistry();
    this.lists = new ListRegistry(this.clock.now());
    this.jobs = new JobBoard();
    this.insight = new InsightStore();
    this.suppressedAddresses = new Map();
    this.blocklists = createBlocklists();
    this.challenges = new Map();
    this.mails = [];
    this.preferences = new Map();
    this.customIdentifiers = new Set(this.settings.customIdentifiers);
    this.fieldDependencies = new Map();
  }

  /** Lets due jobs run and empties what is too old for the recycle bin; call it before looking at anything. */
  settle(): void {
    const now = this.clock.now();
    this.jobs.settle(now);
    const oldest = this.contacts.bin[0];
    if (oldest && oldest.deletedAt + this.switches.recycleBinMs <= now) {
      this.purgeBin(now - this.switches.recycleBinMs);
    }
  }

  /** Removes binned contacts deleted at or before `until` for good; their suppressions stay with the address. */
  purgeBin(until: number): number {
    const gone = this.contacts.purge(until);
    for (const row of gone) this.keepSuppression(row);
    return gone.length;
  }

  /** Frees an address held in the recycle bin for `taker`; its suppression stays with the address. */
  releaseBinned(email: string, taker: ContactRow | undefined): void {
    const holder = this.contacts.byEmail(email);
    if (!holder || holder === taker || holder.deletedAt === 0) return;
    this.keepSuppression(holder);
    holder.suppressedAt = 0;
  }

  /** Lets a row's suppression live on without the row. */
  keepSuppression(row: ContactRow): void {
    if (row.email === null || row.suppressedAt === 0) return;
    const holder = this.contacts.byEmail(row.email);
    if (holder !== undefined && holder !== row) return;
    this.suppressedAddresses.set(row.email.toLowerCase(), {
      email: row.email,
      contactId: row.contactId,
      status: row.emailStatus,
      dateRemoved: row.suppressedAt,
    });
  }
}

function createBlocklists(): Blocklists {
  return {
    global: new Set(),
    suppressedDomains: new Set(),
    invalidDomains: new Set(),
    localParts: new Set(['abuse', 'postmaster', 'mailer-daemon']),
  };
}
