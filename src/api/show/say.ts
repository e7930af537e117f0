// Our own sentences as people read them: rules by their reason, the two systems by their names.
import type { RowId } from '../../core/model/row.ts';
import { explainBecause, explainRow } from '../../core/plan/explain-row.ts';

export interface Say {
  /** Why a rule decides as it does. */
  row(row: RowId): string;
  /** What a link's `because` says. */
  because(because: string): string;
  text(text: string): string;
}

/** @param text puts the products' names into a sentence */
export function sayWith(text: (words: string) => string): Say {
  return { text, row: (row) => text(explainRow(row)), because: (because) => text(explainBecause(because)) };
}
