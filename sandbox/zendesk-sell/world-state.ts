// Everything one simulated Sell account holds, and the one way to note a change of it.
// Never applies rules; the modules of each resource do.

import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import { ChangeLog, type SyncType } from './change-log.ts';
import { CustomFieldCatalog } from './custom-field-catalog.ts';
import { RecordTable } from './record-table.ts';
import type {
  AccountRecord,
  ContactRecord,
  DealRecord,
  LeadConversionRecord,
  LeadRecord,
  NamedRecord,
  NoteRecord,
  ProductRecord,
  StageRecord,
  TagRecord,
  TaskRecord,
  UserRecord,
} from './records.ts';
import type { SellSwitches } from './switches.ts';
import { Visibility } from './visibility.ts';

/** Kinds of record with an id sequence of their own. */
export type IdKind =
  | 'contact'
  | 'lead'
  | 'user'
  | 'tag'
  | 'lead_status'
  | 'source'
  | 'reason'
  | 'product'
  | 'lead_conversion'
  | 'deal'
  | 'pipeline'
  | 'stage'
  | 'note'
  | 'task'
  | 'custom_field';

/** First ids. Contacts and leads share a range on purpose: an id says nothing without its type. */
const FIRST_IDS: Readonly<Record<IdKind, number>> = {
  contact: 311_204_017,
  lead: 311_204_017,
  user: 1_089_189,
  tag: 9_444_826,
  lead_status: 2_045_740,
  source: 2_117_301,
  reason: 2_330_144,
  product: 470_988,
  lead_conversion: 118_340_551,
  deal: 204_118_730,
  pipeline: 620_115,
  stage: 4_402_190,
  note: 512_880_312,
  task: 733_019_244,
  custom_field: 1_234_567,
};

/** What a world is made from. */
export interface WorldParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly switches: SellSwitches;
}

/** The records of an account and their change log. */
export class WorldState {
  readonly clock: Clock;
  readonly random: Random;
  readonly switches: SellSwitches;

  readonly contacts = new RecordTable<ContactRecord>();
  readonly leads = new RecordTable<LeadRecord>();
  readonly tags = new RecordTable<TagRecord>();
  readonly users = new RecordTable<UserRecord>();
  readonly leadStatuses = new RecordTable<NamedRecord>();
  readonly leadSources = new RecordTable<NamedRecord>();
  readonly dealSources = new RecordTable<NamedRecord>();
  readonly unqualifiedReasons = new RecordTable<NamedRecord>();
  readonly lossReasons = new RecordTable<NamedRecord>();
  readonly pipelines = new RecordTable<NamedRecord>();
  readonly stages = new RecordTable<StageRecord>();
  readonly deals = new RecordTable<DealRecord>();
  readonly notes = new RecordTable<NoteRecord>();
  readonly tasks = new RecordTable<TaskRecord>();
  readonly products = new RecordTable<ProductRecord>();
  readonly conversions = new RecordTable<LeadConversionRecord>();
  readonly customFields: CustomFieldCatalog;
  readonly visibility = new Visibility();
  readonly log = new ChangeLog();
  /** Names of the account's industry list. */
  readonly industries: string[] = [];
  account: AccountRecord;

  readonly #nextIds: Record<IdKind, number>;
  readonly #tagIds = new Map<string, number>();

  constructor(parts: WorldParts) {
    this.clock = parts.clock;
    this.random = parts.random;
    this.switches = parts.switches;
    this.#nextIds = { ...FIRST_IDS };
    this.customFields = new CustomFieldCatalog(
      () => this.nextId('custom_field'),
      () => this.now(),
    );
    const now = this.now();
    this.account = {
      id: 1_007_554,
      name: 'Sales Co',
      currency: 'USD',
      time_format: '24H',
      timezone: 'UTC+00:00',
      phone: null,
      subdomain: 'sales-co',
      created_at: now,
      updated_at: now,
    };
  }

  /** Seconds since the epoch. */
  now(): number {
    return Math.floor(this.clock.now() / 1000);
  }

  /** The next id of a kind; ids grow with gaps, as other accounts use the same sequence. */
  nextId(kind: IdKind): number {
    const id = this.#nextIds[kind];
    this.#nextIds[kind] = id + this.random.int(1, 5);
    return id;
  }

  /** Lets a chosen id be used by a seed without being given again. */
  reserveId(kind: IdKind, id: number): void {
    if (id >= this.#nextIds[kind]) this.#nextIds[kind] = id + 1;
  }

  /** created_at and updated_at of a record made now. */
  newStamps(): { readonly created_at: number; readonly updated_at: number } {
    const now = this.now();
    return { created_at: now, updated_at: now + (this.switches.updatedAtSkew ? this.random.int(0, 1) : 0) };
  }

  /** updated_at of a record changed now; never earlier than it was. */
  nextUpdate(before: number): number {
    return Math.max(before, this.now());
  }

  /** Notes that an object was created or changed. */
  touched(type: SyncType, id: number): void {
    this.log.touch(type, id);
  }

  /** Notes that an object is gone. */
  deleted(type: SyncType, id: number): void {
    this.log.delete(type, id);
  }

  /** The id of a tag by its resource type and name, under the current letter-case rule. */
  tagId(resource: string, name: string): number | undefined {
    return this.#tagIds.get(this.#tagKey(resource, name));
  }

  setTagId(resource: string, name: string, id: number | undefined): void {
    const key = this.#tagKey(resource, name);
    if (id === undefined) this.#tagIds.delete(key);
    else this.#tagIds.set(key, id);
  }

  #tagKey(resource: string, name: string): string {
    return `${resource}/${this.switches.tagCase === 'insensitive' ? name.toLowerCase() : name}`;
  }
}
