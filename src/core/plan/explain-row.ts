// Row id → why, in one sentence: the tables' own reason where they give just one, else the dictionary. Decides nothing.
import { CONSENT_TABLE } from '../consent/consent.table.ts';
import { DISAPPEARANCE_TABLE } from '../lifecycle/disappearance.table.ts';
import { LEAD_STATUS_TABLE } from '../lifecycle/lead-status.table.ts';
import { MATCH_TABLE } from '../match/match.table.ts';
import { ALIGNMENT_TABLE } from '../merge/alignment.table.ts';
import { EMAIL_TABLE } from '../merge/email.table.ts';
import { FIELD_TABLE } from '../merge/field.table.ts';
import type { RowId } from '../model/row.ts';
import { PRODUCT_TABLE } from '../products/product.table.ts';
import { ROW_WORDS } from './row-words.ts';

const TABLES: readonly { readonly rows: readonly { readonly id: RowId; readonly because: string }[] }[] = [
  ALIGNMENT_TABLE,
  CONSENT_TABLE,
  DISAPPEARANCE_TABLE,
  EMAIL_TABLE,
  FIELD_TABLE,
  LEAD_STATUS_TABLE,
  MATCH_TABLE,
  PRODUCT_TABLE,
];

const REASONS = new Map<RowId, Set<string>>();
for (const { rows } of TABLES) {
  for (const { id, because } of rows) REASONS.set(id, (REASONS.get(id) ?? new Set()).add(because));
}

/** A sentence for people; the id itself where nothing is known of it. */
export function explainRow(row: RowId): string {
  const [only, ...others] = REASONS.get(row) ?? [];
  if (only !== undefined && others.length === 0) return `${only.charAt(0).toUpperCase()}${only.slice(1)}.`;
  return ROW_WORDS[row] ?? row;
}

/** What a link's `because` says: a row id, else the word as it stands (a hold code, a reason of its own). */
export function explainBecause(because: string): string {
  return explainRow(because as RowId);
}
