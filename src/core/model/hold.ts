// Incompatible data: what waits for a person, and in which words. (4.9, S25)
import type { Asked } from './choice.ts';
import type { System } from './identity.ts';
import type { RowId } from './row.ts';

export const HOLD_CODES = [
  'NAME_MISSING',
  'EMAIL_MISSING',
  'EMAIL_INVALID',
  'EMAIL_BLOCKED',
  'EMAIL_TAKEN',
  'EMAIL_REMOVED',
  'ADDRESS_INVALID',
  'NOT_PROSPECT_OR_CUSTOMER',
  'STATUS_DEFAULTED',
  'VALUE_UNMAPPABLE',
  'MULTI_MATCH',
  'MULTI_MATCH_NO_NAME',
  'DUP_SHADOWED',
  'ALREADY_CONTACT',
  'LEAD_STATUS_UNKNOWN',
  'LEAD_LIST_RENAMED',
  'LIST_ORDER_UNKNOWN',
  'MERGE_TWO_PERSONS',
  'CONVERSION_COLLISION',
  'DELETE_UNIDENTIFIED',
  'EDITED_AFTER_DELETE',
  'CONSENT_CONFLICT',
  'CONSENT_CONTRADICTION',
  'CONSENT_REFUSED_BY_DOTDIGITAL',
  'PRICE_MISSING',
  'REMOTE_REJECTED',
  'PERMISSION_DENIED',
  'RATE_BUDGET',
  'BRAKE_PARKED',
] as const;

export type HoldCode = (typeof HOLD_CODES)[number];

/** `action` needs somebody, `info` is told and counted only, `waiting` goes away by itself. */
export type HoldSeverity = 'action' | 'info' | 'waiting';

const INFO: ReadonlySet<HoldCode> = new Set<HoldCode>([
  'NOT_PROSPECT_OR_CUSTOMER',
  'STATUS_DEFAULTED',
  'DUP_SHADOWED',
  'LEAD_LIST_RENAMED',
  'LIST_ORDER_UNKNOWN',
  'DELETE_UNIDENTIFIED',
  'CONSENT_CONTRADICTION',
]);
const WAITING: ReadonlySet<HoldCode> = new Set<HoldCode>(['RATE_BUDGET', 'BRAKE_PARKED']);

/** Severity by code (4.9; decision 10 for `NOT_PROSPECT_OR_CUSTOMER`). */
export function severityOf(code: HoldCode): HoldSeverity {
  return INFO.has(code) ? 'info' : WAITING.has(code) ? 'waiting' : 'action';
}

/** A record that a hold names or collides with: a change to it tries the hold again. (decision 18) */
export interface RecordRef {
  readonly system: System;
  readonly entity: 'contact' | 'lead';
  readonly id: string;
}

export interface Hold {
  readonly code: HoldCode;
  readonly row: RowId;
  readonly entity: 'contact' | 'lead' | 'product';
  readonly email: string | null;
  readonly crmId: string | null;
  readonly marketingId: string | null;
  /** Field key where one field is at fault, else null. */
  readonly field: string | null;
  /** What is wrong, in plain words, for the person who can mend it. */
  readonly message: string;
  /** What to do about it and on which side. */
  readonly fix: string;
  /** What a person may decide about it; left out where only mending helps. */
  readonly asks?: Asked;
  readonly refs: readonly RecordRef[];
}
