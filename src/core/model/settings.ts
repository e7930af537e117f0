// Everything a decision may depend on besides the person. Compiled from the configuration; plain values only.
import type { CompiledField } from '../mapping/compiled-field.ts';
import type { Decided } from './choice.ts';
import type { Direction, Role } from './identity.ts';
import type { Qualification } from './schema.ts';
import type { Raw } from './value.ts';

/** Data field that carries the mark of `delete: mark`. */
export const DELETED_MARK = 'SELL_DELETED';

export type AlignmentWinner = 'crm' | 'marketing' | 'fill-blanks' | 'newest';
export type MultipleMatch = 'email-and-names' | 'email' | 'do-not-update';
export type MatchFirst = 'oldest' | 'newest-updated' | 'latest-stage';
export type OnEmailChange = 'rename' | 'new' | 'hold';
export type OnDelete = 'delete' | 'queue' | 'mark' | 'remove-from-lists' | 'ignore';

export interface Scope {
  /** Marketing list ids; empty = all contacts. */
  readonly marketingLists: readonly string[];
  /** Empty = all. */
  readonly crmTags: readonly string[];
  /** CRM user ids; empty = all. */
  readonly crmOwners: readonly string[];
  /** Marketing list whose members are paused. (decision 23) */
  readonly pauseList: string | null;
  /** CRM tag whose bearers are paused. (decision 23) */
  readonly pauseTag: string;
}

export interface RoleSettings {
  readonly role: Role;
  readonly enabled: boolean;
  /** Not enabled in this run alone: its records are synchronised by others. (contract 2, `--only`) */
  readonly leftOut?: true;
  readonly direction: Direction;
  readonly multipleMatch: MultipleMatch;
  readonly matchFirst: MatchFirst;
  /** A single match with other names is held. (H3) */
  readonly strictSingle: boolean;
  /** Whether a lead is made for somebody who is a CRM contact already; true for contacts. (4.4) */
  readonly besideContact: boolean;
  readonly fields: readonly CompiledField[];
  readonly alignment: { readonly direction: Direction | null; readonly winner: AlignmentWinner };
  readonly onEmailChange: OnEmailChange;
  readonly delete: OnDelete;
  readonly afterMarketingDelete: 'stay-deleted' | 'recreate';
  readonly scope: Scope;
  readonly qualification: Qualification | null;
  /** Marketing data field that carries the CRM id; null = link table only. (4.1) */
  readonly idField: string | null;
  /** Lists that stand for lead statuses; null for a role without statuses. (L1) */
  readonly statusLists: StatusLists | null;
}

/** One marketing list per lead status, in pipeline order. (L1, L6) */
export interface StatusLists {
  readonly lists: readonly StatusList[];
  /** Whether a contact that was moved in marketing leaves its other lead lists. (L5) */
  readonly enforceSingle: boolean;
}

export interface StatusList {
  /** Null while the list is still to be made: a preview makes none. */
  readonly listId: string | null;
  readonly status: string;
  /** False when the CRM no longer knows the status: whoever is put there is held. (L12, L13) */
  readonly known: boolean;
}

export interface ConsentSettings {
  readonly enabled: boolean;
  readonly direction: Direction;
  /** Channel state of a new marketing contact whose consent is unknown. (O16) */
  readonly unknownConsentAs: 'subscribed' | 'unsubscribed';
  readonly optOutAs: 'unsubscribed' | 'suppressed';
  readonly optInType: 'unknown' | 'single' | 'double' | 'verifiedDouble';
  readonly optOutTrigger: 'with-change' | 'immediate';
  readonly optInTrigger: 'with-change' | 'immediate';
  readonly resubscribe: 'challenge' | 'no-challenge' | 'hold';
  readonly createSuppressed: boolean;
  readonly createSuppressedAs: Role;
  readonly signals: { readonly [R in Role]: ConsentSignals };
  /** Roles that are switched off while consent is not: what their records say counts as far as it is a no. (decision 8, C35) */
  readonly heard: readonly Role[];
}

/** Where a CRM record carries consent. (S18) The first word of each list is the one that is written. */
export interface ConsentSignals {
  readonly tags: { readonly optIn: readonly string[]; readonly optOut: readonly string[] };
  readonly field: {
    readonly path: string;
    readonly optIn: readonly string[];
    readonly optOut: readonly string[];
    readonly writeIn: Raw;
    readonly writeOut: Raw;
    readonly whole: string | null;
  } | null;
  readonly default: 'none' | 'opted-in' | 'opted-out';
}

export interface Settings {
  /** What people call the two systems, for messages. */
  readonly labels: { readonly crm: string; readonly marketing: string };
  readonly roles: { readonly [R in Role]: RoleSettings };
  readonly consent: ConsentSettings;
  /** (C11, decision 19) */
  readonly namesRequiredFor: 'both' | 'crm-writes';
  /** (C14) */
  readonly allowNonCustomer: boolean;
  /** (C28) */
  readonly partialWrite: boolean;
  /** `align`: fields without a base follow the alignment rule and its direction; `sync`: everything else.
   *  `rebaseline`: after a configuration change, no deletes, removals or clears. (R11, R12) */
  readonly mode: 'sync' | 'align' | 'rebaseline';
  /** CRM records first missed later than this (ISO UTC) are left alone for now; null = none is. (4.3) */
  readonly goneBefore: string | null;
  /** What people decided before. (4.4) */
  readonly decided: Decided;
}
