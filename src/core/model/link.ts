// A link joins one marketing contact and one CRM record in one role, and remembers what both last agreed on.
import type { Role, System } from './identity.ts';
import type { Value } from './value.ts';

/** (4.1) `shadow` = an extra CRM record of the same person, never written. `severed` = tombstone. */
export type LinkState = 'active' | 'paused' | 'held' | 'shadow' | 'severed';

/**
 * Both sides' canonical values of one field when they last agreed. Two that differ were left so: by an alignment, a direction, a blank
 * that stays, or an undo. (R1, 4.8, C26, decision 27)
 */
export interface BaseField {
  readonly crm: Value;
  readonly marketing: Value;
  /** Left so by an undo: a sync lets it be, to an alignment, which is asked for, it is no agreement. (decision 27) */
  readonly undone?: true;
  /** An alignment decided anew what was left so, and its write is still to be done: no agreement, unless somebody edits it. (4.8) */
  readonly asked?: true;
  /** The person's contact decided for marketing, so that the lead's value never went there: no agreement once the contact is gone. (L17) */
  readonly outranked?: true;
  /** The account of that side lost the field, and everybody's value with it: a blank there is no agreement and nobody's clearing. (C26, R11) */
  readonly lost?: System;
}

/** By field key; the key `email` is the address. */
export type Base = { readonly [fieldKey: string]: BaseField };

/** A marketing write that was accepted but not yet read back, or a write to either side of which nobody knows. (R4) */
export interface Unconfirmed {
  readonly from: Value;
  readonly to: Value;
  /** The CRM value that caused the write. */
  readonly crm: Value;
  /** How often this value was sent. */
  readonly tries: number;
  /** The CRM is written too: until both sides read the same, the base stays what it was. (C29) */
  readonly twoSided?: true;
  /** Sent by an undo. (decision 27) */
  readonly undone?: true;
  /** The write to that side failed, and may have been carried out all the same: only its own value, read there, says that it was. */
  readonly doubted?: System;
}

export interface Link {
  readonly id: string;
  readonly role: Role;
  /** Null only on a tombstone whose record was never known. */
  readonly crmId: string;
  readonly marketingId: string;
  readonly state: LinkState;
  /** Why it is paused, held or severed: a row id or a hold code; null when active. */
  readonly because: string | null;
  readonly base: Base;
  readonly unconfirmed: { readonly [fieldKey: string]: Unconfirmed };
}
