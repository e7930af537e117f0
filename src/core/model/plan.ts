// The plan of one person: what would be written, what is learnt without a write, what is held, and why. (R15)
import type { Hold } from './hold.ts';
import type { Role, System } from './identity.ts';
import type { BaseField, LinkState, Unconfirmed } from './link.ts';
import type { RowId } from './row.ts';
import type { Raw, Value } from './value.ts';

/** Order in which writes are sent: opt-outs first, deletes last. (4.1) */
export const LANES = ['opt-out', 'create', 'update', 'list', 'opt-in', 'delete'] as const;
export type Lane = (typeof LANES)[number];

export const ACTION_KINDS = ['create', 'update', 'delete', 'set-consent', 'list-add', 'list-remove'] as const;
export type ActionKind = (typeof ACTION_KINDS)[number];

export interface Change {
  readonly from: Value;
  readonly to: Value;
}

/** What to send, in the target's own field names; the connector turns it into a request. */
export interface CrmWrite {
  /** Raw values by path; only what changes. */
  readonly set: { readonly [path: string]: Raw };
  /** Address to write; absent = unchanged. */
  readonly email?: string;
  readonly addTags?: readonly string[];
  readonly removeTags?: readonly string[];
  /** Lead status by name. */
  readonly status?: string;
  /** Attributes that are replaced as a whole and must be read afresh before this write is sent. (R6) */
  readonly whole?: readonly string[];
}

export interface MarketingWrite {
  readonly set: { readonly [name: string]: Raw };
  readonly email?: string;
  /** Lists to join, by id. */
  readonly lists?: readonly string[];
  /** List to leave, by id. (list-remove only) */
  readonly leaveList?: string;
  readonly channel?: {
    readonly state: 'subscribed' | 'unsubscribed' | 'suppressed';
    readonly optInType?: 'unknown' | 'single' | 'double' | 'verifiedDouble';
    /** Explicit whenever `subscribed` may meet an opted-out contact. */
    readonly challenge?: boolean;
  };
  /** Brings an opted-out person back through the service's own procedure, alone. (O3) */
  readonly resubscribe?: { readonly challenge: boolean };
}

/** What the store learns. `crmId`/`marketingId` null = the id that the action's outcome brings. */
export type Effect =
  | {
      readonly type: 'link';
      readonly role: Role;
      readonly crmId: string | null;
      readonly marketingId: string | null;
      readonly state: LinkState;
      readonly because: string | null;
      readonly row: RowId;
    }
  /** A consent fact or decision, for the ledger. (4.5) */
  | {
      readonly type: 'consent';
      readonly system: System;
      readonly state: 'optedIn' | 'optedOut' | 'unknown' | 'pending';
      /** What said so: a tag, a field value, a channel status, a rule. */
      readonly signal: string;
      /** When it took effect, as far as anybody can tell, ISO UTC. */
      readonly effectiveAt: string | null;
      readonly row: RowId;
      readonly crmId: string | null;
      readonly marketingId: string | null;
      /** What was written because of it, in words; null for a fact. */
      readonly written: string | null;
    }
  /** The contact joined or left a lead list by our own hand. (L3) */
  | {
      readonly type: 'membership';
      readonly marketingId: string | null;
      readonly listId: string;
      readonly member: boolean;
      /** Back where it was: older than every membership seen since. (R17) */
      readonly old?: true;
    }
  | {
      readonly type: 'link-state';
      readonly linkId: string;
      readonly state: LinkState;
      readonly because: string | null;
      readonly row: RowId;
    }
  | {
      /** Fields both sides now agree on, or whose sent write waits to be read back. */
      readonly type: 'base';
      readonly role: Role;
      readonly crmId: string | null;
      readonly marketingId: string | null;
      readonly fields: { readonly [fieldKey: string]: BaseField };
      readonly unconfirmed: { readonly [fieldKey: string]: Unconfirmed };
      /** Field keys whose unconfirmed mark is over. */
      readonly settled: readonly string[];
      /** What the CRM goes on reading, where base and mark have what was to be written to it. (decision 27) */
      readonly crmStays?: { readonly [fieldKey: string]: Value };
    };

export interface Action {
  /** Stable within a run: person key, target, kind. */
  readonly id: string;
  readonly row: RowId;
  /** Every row that had a say, the deciding one first. */
  readonly rows: readonly RowId[];
  readonly lane: Lane;
  readonly kind: ActionKind;
  readonly system: System;
  /** What it is written for: the role. A marketing write on behalf of both roles says `contact`. */
  readonly entity: Role;
  readonly email: string | null;
  readonly crmId: string | null;
  readonly marketingId: string | null;
  /** Before and after by field, in canonical form, for people and for undo. (R17) */
  readonly changes: { readonly [field: string]: Change };
  /** The raw values of `set` before the write, as far as they were known: canonical values do not say how a side spelt them. (R17) */
  readonly replaced?: { readonly [field: string]: Raw };
  /** True when a value is blanked: counts towards the `clear` brake. */
  readonly clears: boolean;
  /** Waits for approval whatever the brakes say. (D1 `queue`) */
  readonly queued?: true;
  readonly crm: CrmWrite | null;
  readonly marketing: MarketingWrite | null;
  /** Applied once the write is confirmed, in the same transaction as the outcome. */
  readonly effects: readonly Effect[];
  /** Applied instead where the write was refused, failed or was not sent. */
  readonly otherwise?: readonly Effect[];
}

/** Something worth telling that is neither a write nor a hold. */
export interface Note {
  readonly row: RowId;
  readonly text: string;
}

export interface PersonPlan {
  readonly key: string;
  readonly actions: readonly Action[];
  /** True at once, whatever becomes of the actions. */
  readonly effects: readonly Effect[];
  readonly holds: readonly Hold[];
  readonly notes: readonly Note[];
  /** The effects change who the person is: its records are planned once more in the same run. */
  readonly again: boolean;
  /** CRM records to read directly before this plan counts: the person is planned again with them as `fresh`. (O3) */
  readonly look?: readonly { readonly role: Role; readonly id: string }[];
  /** This kind of run may not do what follows: the person keeps its marks for one that may. (R11, D20) */
  readonly later?: true;
}
