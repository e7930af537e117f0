// What a connector says about its fields. Core decides with this and never with a vendor's name.
import type { Role } from './identity.ts';
import type { Raw } from './value.ts';

export type CrmFieldType =
  | 'text'
  | 'number'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'email'
  | 'phone'
  | 'url'
  | 'choice'
  | 'set'
  | 'status'
  | 'id';

/** One mappable field of a CRM record, addressed by its configuration path. */
export interface CrmField {
  /** As written in the configuration: `first_name`, `address.city`, `custom_fields.Tier`. */
  readonly path: string;
  readonly type: CrmFieldType;
  readonly writable: boolean;
  /** A write may never blank it. (C26) */
  readonly mandatory: boolean;
  /** What the field means to the rules, where they treat it apart from others. */
  readonly meaning?: 'first-name' | 'last-name';
  /** The attribute that is written as one whole value (`address`, `tags`, a multi-select): read afresh and merged before a write. (R6, C17) */
  readonly whole?: string;
  /** Accepted values where the field has a closed list, in the CRM's own spelling. */
  readonly choices?: readonly string[];
  /** What an unmappable value becomes instead of a hold. (C12, C13) */
  readonly fallback?: string;
  /** Refused by the CRM unless the record qualifies (see `Qualification`): hold `ADDRESS_INVALID`. (C16, decision 4) */
  readonly needsQualified?: boolean;
  /** Longest text in characters, where known. */
  readonly maxLength?: number;
  /** Who usually owns the value; decides the default conflict winner in the `recommended` profile. (C9) */
  readonly fieldClass: 'sales' | 'marketing';
  /** Which field of the account's own it is, so that another one of the same name is told from it. (C26) */
  readonly definition?: string;
  /** The CRM recomputes it by itself: the mapping check warns when it is written. (C15) */
  readonly recomputed?: boolean;
}

/** The status fields that say whether a record is prospect or customer. All equal `none` = neither. (C14) */
export interface Qualification {
  readonly paths: readonly string[];
  readonly none: string;
  /** From the earliest stage to the latest; for choosing among duplicates. (4.4) */
  readonly stages: readonly { readonly path: string; readonly value: string }[];
}

export interface CrmRoleSchema {
  readonly role: Role;
  readonly fields: readonly CrmField[];
  readonly qualification?: Qualification;
  /** Account-defined lead statuses in pipeline order, null where the role has none. (L1) */
  readonly statuses: readonly string[] | null;
}

export type CrmSchema = { readonly [R in Role]: CrmRoleSchema };

export type MarketingFieldType = 'string' | 'numeric' | 'date' | 'boolean';

export interface MarketingField {
  /** Upper-case name of the data field. */
  readonly name: string;
  readonly type: MarketingFieldType;
  /** Longest text in characters. */
  readonly maxLength: number;
  readonly fieldClass: 'sales' | 'marketing';
  /** What the service shows on contacts that never got a value: such a value is nobody's choice. */
  readonly defaultValue?: Raw;
}

export interface MarketingSchema {
  readonly fields: readonly MarketingField[];
}
