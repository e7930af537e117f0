// A mapping line after it was checked against both live schemas. Plain data: safe to hash, store and show.
import type { Direction } from '../model/identity.ts';
import type { CrmField, MarketingField } from '../model/schema.ts';

/** Who wins when both sides changed one field to different values. (C9) */
export type ConflictRule = 'crm' | 'marketing' | 'hold';
/** Whether clearing a value travels. (C26) */
export type BlankRule = 'propagate' | 'ignore';

/** The common ground of a CRM type and a marketing type; conversions to and from it live in `convert.ts`. */
export type CanonicalType = 'text' | 'decimal' | 'date' | 'datetime' | 'boolean' | 'set' | 'status';

export interface CompiledField {
  /** Stable name in base, holds and journal: the marketing data field, upper-case. */
  readonly key: string;
  readonly crm: CrmField;
  readonly marketing: MarketingField;
  readonly type: CanonicalType;
  readonly direction: Direction;
  readonly conflict: ConflictRule;
  readonly blank: BlankRule;
  /** Marketing value → CRM value, both as text, in the order given. */
  readonly values: readonly { readonly marketing: string; readonly crm: string }[];
}
