// Picks the CRM record that a person is in one role, among unlinked records with the person's address. (4.4)

import type { CrmRecord } from '../model/record.ts';
import type { RowId } from '../model/row.ts';
import type { Qualification } from '../model/schema.ts';
import type { RoleSettings } from '../model/settings.ts';
import { compareNames, type PersonName } from '../normalize/name.ts';
import { MATCH_TABLE, type MatchOutcome } from './match.table.ts';

export interface Choice {
  readonly outcome: MatchOutcome;
  readonly row: RowId;
  readonly because: string;
  /** The record to link; null when none or when the case is held. */
  readonly record: CrmRecord | null;
  /** The candidates that were not chosen: shadows once `record` is linked. */
  readonly others: readonly CrmRecord[];
  readonly namesDiffer: boolean;
}

/**
 * @param person names in the marketing system; null when there is no such contact yet (decision 22).
 * @param candidates unlinked present records with the address, by ascending id.
 */
export function chooseRecord(
  person: PersonName | null,
  candidates: readonly CrmRecord[],
  settings: RoleSettings,
): Choice {
  const named = person === null ? [] : candidates.filter((record) => agree(person, record, candidates.length));
  const row = MATCH_TABLE.decide({
    candidates: candidates.length === 0 ? 'none' : candidates.length === 1 ? 'one' : 'many',
    named: named.length === 0 ? 'none' : named.length === 1 ? 'one' : 'several',
    // With nobody to compare names with, the first is taken unless the setting forbids choosing. (decision 22)
    option: person === null && settings.multipleMatch === 'email-and-names' ? 'email' : settings.multipleMatch,
    strict: settings.strictSingle ? 'yes' : 'no',
  });
  const pool = row.then === 'link-first-named' ? named : row.then === 'link-first' ? candidates : [];
  const record = first(pool, settings);
  return {
    outcome: row.then,
    row: row.id,
    because: row.because,
    record,
    others: record === null ? candidates : candidates.filter((candidate) => candidate.id !== record.id),
    namesDiffer: person !== null && record !== null && !agree(person, record, 1),
  };
}

/** A single candidate may lack names (H2); among several only equal names tell them apart (H4). */
function agree(person: PersonName, record: CrmRecord, among: number): boolean {
  const names = compareNames(person, record);
  return among > 1 ? names === 'equal' : names !== 'differ';
}

/** "First": the oldest record unless the setting says otherwise; ties always go to the lowest id. */
function first(pool: readonly CrmRecord[], settings: RoleSettings): CrmRecord | null {
  let best: CrmRecord | null = null;
  for (const record of pool) {
    if (best === null || rank(record, settings) > rank(best, settings)) best = record;
  }
  return best;
}

function rank(record: CrmRecord, settings: RoleSettings): number | string {
  switch (settings.matchFirst) {
    case 'oldest':
      return 0;
    case 'newest-updated':
      return record.updatedAt ?? '';
    case 'latest-stage':
      return stage(record, settings.qualification);
    default:
      return settings.matchFirst satisfies never;
  }
}

/** How far along a record is: each qualifying status that is not `none` counts, earlier paths more. (4.4) */
function stage(record: CrmRecord, qualification: Qualification | null): number {
  if (qualification === null) return 0;
  return qualification.stages.findLastIndex((step) => record.values[step.path] === step.value) + 1;
}
