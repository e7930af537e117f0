// The port: all that the engine knows of a CRM and of a marketing system. No vendor is named here.
import type { Role } from '../core/model/identity.ts';
import type { CrmWrite, MarketingWrite } from '../core/model/plan.ts';
import type { ChannelState, CrmRecord, MarketingRecord } from '../core/model/record.ts';
import type { CrmSchema, MarketingFieldType, MarketingSchema } from '../core/model/schema.ts';

export interface AccountIdentity {
  readonly accountId: string;
  readonly name: string;
  /** Marketing region or CRM host; part of the identity. (R13) */
  readonly region: string;
  /** ISO 4217, where the account has one. */
  readonly currency: string | null;
  /** The service's own clock when it answered, ISO UTC with milliseconds. */
  readonly serverTime: string;
}

/** Calls made so far, for the run report. Retries count. */
export interface CallCounts {
  readonly reads: number;
  readonly writes: number;
}

/** One limit of a service: calls allowed, and calls left where it says so. */
export interface ServiceTier {
  readonly tier: string;
  readonly limit: number | null;
  readonly remaining: number | null;
}

/** The paths, data fields and lists an observation must carry. */
export interface CrmSelection {
  readonly roles: readonly Role[];
  readonly paths: readonly string[];
}
export interface MarketingSelection {
  readonly fields: readonly string[];
  /** Those of `fields` that are known not to exist yet: read as blank without asking. */
  readonly absent?: readonly string[];
  /** Also read list memberships. */
  readonly lists: boolean;
}

/** What the feed said about one record. `deleted` carries only the id. (D1; decision 6) */
export type CrmObservation =
  | { readonly type: 'record'; readonly record: CrmRecord }
  | { readonly type: 'deleted'; readonly role: Role; readonly id: string; readonly revision: number | null };

export interface CrmPage {
  readonly observations: readonly CrmObservation[];
  /** False where something of it could not be read: it comes again, and until then not everybody who is there is known. */
  readonly complete: boolean;
  /** Call after the page is stored durably; never before. (R7) */
  acknowledge(): Promise<void>;
}

/** Something an account or a credential may or may not be allowed, with words for the person who set it up. */
export interface Capability {
  readonly usable: boolean;
  readonly message: string;
}

export interface CrmCapabilities {
  /** Permissions of the credential by the service's own names. */
  readonly scopes: { readonly found: readonly string[]; readonly missing: readonly string[] };
  readonly changeFeed: Capability;
  readonly products: Capability;
  /** Seconds until the credential ends, where the service says so and nothing renews it; null = no end is known. */
  readonly endsInSeconds: number | null;
}

/** A product of the catalogue as it stands. Blank texts are null. (K2) */
export interface CrmProduct {
  readonly id: string;
  readonly name: string;
  readonly sku: string | null;
  readonly description: string | null;
  readonly active: boolean;
  /** Amounts as decimal strings, never as floating-point numbers. */
  readonly prices: readonly { readonly amount: string; readonly currency: string }[];
  readonly cost: string | null;
  readonly costCurrency: string | null;
  /** Percent. */
  readonly maxDiscount: string | null;
  readonly maxMarkup: string | null;
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
}

/** What became of a converted lead. (D8) */
export interface CrmConversion {
  /** Ascends with time. */
  readonly id: string;
  readonly leadId: string;
  /** The person it became; null when only an organisation was made. */
  readonly contactId: string | null;
  readonly convertedAt: string | null;
}

export interface CrmConnector {
  readonly system: 'crm';
  /** Name in outputs, e.g. `sell`. */
  readonly label: string;
  readonly calls: CallCounts;
  /** What is known of the service's limits. */
  tiers(): readonly ServiceTier[];
  identify(): Promise<AccountIdentity>;
  schema(): Promise<CrmSchema>;
  /** Users that own records, for scopes that name them by address. */
  users(): Promise<readonly { readonly id: string; readonly email: string }[]>;
  /** Change feed of one replica, until it is drained. `replica` is a UUID kept with the data: a new one means everything is sent again. */
  pull(replica: string, selection: CrmSelection): AsyncIterable<CrmPage>;
  /** Every record of a role, by ascending id, but for those that cannot be read. Complete when it ends without an error. (R8) */
  scan(role: Role, selection: CrmSelection): AsyncIterable<readonly CrmRecord[]>;
  /** Fresh values of up to any number of ids, 100 a call; ids not found are left out. (R6) */
  readMany(role: Role, ids: readonly string[], selection: CrmSelection): Promise<readonly CrmRecord[]>;
  /** One record, or why not. (4.3) Throws ConnectorError with code `UNREADABLE` when the service answers with something else. */
  readOne(role: Role, id: string, selection: CrmSelection): Promise<CrmRecord | 'missing' | 'forbidden'>;
  /** Records with exactly this address, for the look-up after a lost answer. */
  findByEmail(role: Role, email: string, selection: CrmSelection): Promise<readonly CrmRecord[]>;
  /** Records of exactly these names that this credential's user made, by ascending id: somebody may have changed the address since. */
  findMade(
    role: Role,
    names: { readonly firstName: string; readonly lastName: string },
    selection: CrmSelection,
  ): Promise<readonly CrmRecord[]>;
  /** Throws ConnectorError; `outcome: 'unknown'` when the answer was lost. Never retried blindly. */
  create(role: Role, write: CrmWrite, selection: CrmSelection): Promise<CrmRecord>;
  /** Partial. `fresh` is needed when `write` touches whole values (`CrmField.whole`) or tags: they are merged into it. */
  update(role: Role, id: string, write: CrmWrite, fresh: CrmWhole | null, selection: CrmSelection): Promise<CrmRecord>;
  remove(role: Role, id: string): Promise<'removed' | 'missing'>;
  /** Whole values of records as they are now, for read-modify-write, 100 ids a call, together with the mapped values. (R6, C17) */
  readWhole(
    role: Role,
    ids: readonly string[],
    selection: CrmSelection,
  ): Promise<readonly { readonly record: CrmRecord; readonly whole: CrmWhole }[]>;
  /** What the credential and the account's plan allow, for `check`. Probes only; nothing is changed and no feed is disturbed. */
  capabilities(): Promise<CrmCapabilities>;
  /** Every product, by ascending id. Complete when it ends without an error. (K1) */
  products(): AsyncIterable<readonly CrmProduct[]>;
  /** Those of some products that are there: a list that moved while it was read proves nothing about a missing one. (K6, R8) */
  findProducts(ids: readonly string[]): Promise<readonly CrmProduct[]>;
  /** What became of leads that disappeared; leads that were not converted are left out. (D8) */
  conversionsOf(leadIds: readonly string[]): Promise<readonly CrmConversion[]>;
  /** Conversions after the one with this id, newest first; null = all. Nothing where the list is not served to us. (D8) */
  conversionsAfter(id: string | null): AsyncIterable<readonly CrmConversion[]>;
}

/** Opaque to everything but the connector that made it: the attributes that are replaced as a whole. */
export interface CrmWhole {
  readonly attributes: { readonly [name: string]: unknown };
}

/** One row of a bulk write. `key` comes back with its outcome. */
export interface MarketingRow {
  readonly key: string;
  /** Contact id to update, or null to create by address (an existing address is updated instead). */
  readonly id: string | null;
  /** Address that identifies the row when `id` is null. */
  readonly email: string | null;
  readonly write: MarketingWrite;
}

export type RowOutcome =
  | {
      readonly key: string;
      readonly type: 'done';
      readonly id: string;
      /** Null: nobody says whether the row made the contact or met it. */
      readonly created: boolean | null;
      /** E.g. a consent record that was not applied. */
      readonly warning: string | null;
    }
  | { readonly key: string; readonly type: 'failed'; readonly code: string; readonly message: string }
  /** The job ended without naming the row, or was lost. Read the contact back before repeating. */
  | { readonly key: string; readonly type: 'unknown'; readonly message: string };

/** A bulk job the service accepted. Stored before it is awaited, so that a restarted run can go on waiting. */
export interface BulkJob {
  readonly id: string;
  readonly kind: 'import' | 'delete' | 'leave-list';
}

/** A data field to create. */
export interface NewMarketingField {
  readonly name: string;
  readonly type: MarketingFieldType;
}

/** (6.3 of the vendor's API) Somebody who left, with the service's reason. */
export interface SuppressionEvent {
  readonly marketingId: string | null;
  readonly email: string;
  readonly reason: string;
  /** The reason in neutral words. */
  readonly state: ChannelState;
  /** ISO UTC. */
  readonly at: string;
}

export interface MarketingList {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  /** Kept by the service for itself: nobody is put on it by us. */
  readonly reserved?: true;
}

/** A record of the product catalogue. It replaces the one of the same key as a whole. (4.7) */
export interface CatalogueRecord {
  readonly key: string;
  /** Keep the type of each property the same for ever. */
  readonly json: { readonly [property: string]: string | number | boolean };
}

export interface CatalogueCollection {
  readonly name: string;
  readonly type: string;
  /** `account` where its records belong to nobody in particular. */
  readonly scope: string;
  readonly records: number;
}

export type CatalogueOutcome =
  | { readonly key: string; readonly type: 'done' }
  | { readonly key: string; readonly type: 'failed'; readonly code: string; readonly message: string }
  /** The job ended without saying which records it took, or was lost. Sending them again is harmless. */
  | { readonly key: string; readonly type: 'unknown'; readonly message: string };

/** Collections of records that belong to the account and to no person: where the product catalogue lives. (K1) */
export interface Catalogue {
  /** Most records worth sending in one job. */
  readonly recordsPerImport: number;
  collections(): Promise<readonly CatalogueCollection[]>;
  /** Every record as it is now, whoever wrote it; none where the collection is not there. Complete when it ends without an error. (R17) */
  records(
    collection: string,
  ): AsyncIterable<readonly { readonly key: string; readonly json: { readonly [property: string]: unknown } }[]>;
  /** Makes the collection if there is none. Returns the job's id, to be stored before it is awaited. */
  submitRecords(collection: string, records: readonly CatalogueRecord[]): Promise<string>;
  /** Waits for the job. One that failed as a whole says so of each record, with code `Failed`. */
  awaitRecords(jobId: string, records: readonly CatalogueRecord[]): Promise<readonly CatalogueOutcome[]>;
  /** Any number of keys. Keys that are not there, and a collection that is not there, count as deleted. (K6) */
  deleteRecords(collection: string, keys: readonly string[]): Promise<void>;
}

/** A contact as one answer shows it. */
export interface ShownContact extends MarketingRecord {
  /**
   * What was asked for and is not in the answer: data fields by upper-case name, `email`, `channel`, `lists`. It reads as blank, and
   * whether it is one or got lost cannot be told from a single answer.
   */
  readonly lacking?: readonly string[];
  /** It left mail, and may still be reached through another channel: its own status does not say that it left. */
  readonly otherChannel?: true;
}

export interface MarketingConnector {
  readonly system: 'marketing';
  readonly label: string;
  readonly calls: CallCounts;
  tiers(): readonly ServiceTier[];
  /** Finds the account's own region first; all other calls go there. */
  identify(): Promise<AccountIdentity>;
  /** The service's clock by its own call, ISO UTC: what its records are stamped with. */
  serverTime(): Promise<string>;
  schema(): Promise<MarketingSchema>;
  /** `exists` counts as success. */
  createField(field: NewMarketingField): Promise<void>;
  /** Contacts changed at or after `since` (ISO UTC), any order, repeats possible. */
  changedSince(since: string, selection: MarketingSelection): AsyncIterable<readonly ShownContact[]>;
  /** Every visible contact. Complete when it ends without an error. (R8) */
  scan(selection: MarketingSelection): AsyncIterable<readonly ShownContact[]>;
  readOne(
    by: { readonly id: string } | { readonly email: string },
    selection: MarketingSelection,
  ): Promise<ShownContact | 'missing'>;
  suppressedSince(since: string): AsyncIterable<readonly SuppressionEvent[]>;
  /** Brings one opted-out person back, with or without a confirmation mail. (O3) Never repeated by itself. */
  resubscribe(email: string, how: { readonly challenge: boolean }): Promise<'added' | 'challenged' | 'refused'>;
  lists(): Promise<readonly MarketingList[]>;
  createList(name: string): Promise<MarketingList>;
  /** The name only; everything else about the list stays. A name that is taken is a ConnectorError of kind `conflict` or `rejected`. (L11) */
  renameList(id: string, name: string): Promise<void>;
  /** Ids of the members; 5,000 a call. */
  listMembers(listId: string): AsyncIterable<readonly string[]>;
  /** Ids of all contacts that are there, `idsPerPage` a call: the cheapest complete look. Complete when it ends without an error. (R8) */
  contactIds(): AsyncIterable<readonly string[]>;
  readonly idsPerPage: number;
  /** Largest number of rows worth sending in one job. */
  readonly rowsPerJob: number;
  submitImport(rows: readonly MarketingRow[]): Promise<BulkJob>;
  /** Waits for the job; the rows are needed to name each outcome. */
  awaitImport(job: BulkJob, rows: readonly MarketingRow[]): Promise<readonly RowOutcome[]>;
  submitDelete(rows: readonly MarketingRow[]): Promise<BulkJob>;
  awaitDelete(job: BulkJob, rows: readonly MarketingRow[]): Promise<readonly RowOutcome[]>;
  submitLeaveList(listId: string, contactIds: readonly string[]): Promise<BulkJob>;
  awaitLeaveList(job: BulkJob): Promise<'done' | 'failed'>;
  readonly catalogue: Catalogue;
}
