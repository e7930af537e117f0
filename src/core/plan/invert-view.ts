// What undo is asked about one person, and what it answers. Values only.
import type { Role, System } from '../model/identity.ts';
import type { Link } from '../model/link.ts';
import type { PersonView } from '../model/person.ts';
import type { Action, Effect } from '../model/plan.ts';
import type { CrmRecord, MarketingRecord } from '../model/record.ts';
import type { RowId } from '../model/row.ts';
import type { Value } from '../model/value.ts';

/** The row of every write that takes another one back, and of a link that ended by it. */
export const UNDO_ROW = 'R17' satisfies RowId;

/** One write of the run that took effect. */
export interface PastWrite {
  readonly action: Action;
  /** The ids it was about, those that its outcome brought included. */
  readonly crmId: string | null;
  readonly marketingId: string | null;
  /** False when a create met a record that was there already; null when nobody knows whether it did. */
  readonly made: boolean | null;
}

/** One person as it stands now, and what the run did to it. */
export interface UndoView {
  readonly key: string;
  readonly marketing: MarketingRecord | null;
  readonly leadLists: PersonView['leadLists'];
  /** Links of the marketing contact and of the records written, tombstones left out. */
  readonly links: readonly Link[];
  /** The CRM records of those links and writes, as far as they are known. */
  readonly records: readonly CrmRecord[];
  /** Oldest first. */
  readonly writes: readonly PastWrite[];
  /** Records made by the run that were edited after our last write, by their service's own times: `marketing:ID`, `lead:ID` … */
  readonly touched: ReadonlySet<string>;
  /** What an earlier undo of the run took back, as `fieldOfTarget` names it. */
  readonly takenBack: ReadonlySet<string>;
}

/** A part of the run that stays as it is, and why. */
export interface Skipped {
  readonly system: System;
  readonly entity: Role | 'product';
  readonly email: string | null;
  /** Of a product, which has no address. */
  readonly name?: string;
  readonly crmId: string | null;
  readonly marketingId: string | null;
  /** The field as the plan names it; null when it is about the record. */
  readonly field: string | null;
  /** What it reads now; null is blank, or unknown. */
  readonly present: Value;
  /** Ends a sentence that begins with the record or the field. */
  readonly why: string;
}

export interface PersonUndo {
  readonly actions: readonly Action[];
  /** To be learnt before anything is sent, so that an undo that dies on the way is never taken for somebody's edit. */
  readonly effects: readonly Effect[];
  readonly skipped: readonly Skipped[];
}
