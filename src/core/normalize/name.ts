// When two names are the same name. Never splits or repairs a name.
import { foldText } from './text.ts';

/** The two halves of a person's name as either system has them. */
export interface PersonName {
  readonly firstName: string | null;
  readonly lastName: string | null;
}

/** Comparison key: trimmed, spaces collapsed, NFC, case folded; '' when blank. Total and idempotent. (4.1) */
export function nameKey(raw: string | null): string {
  return raw === null ? '' : foldText(raw.replace(/\s+/gu, ' '));
}

/** `equal`: both halves agree and something is there; `blank`: nothing contradicts, but one side lacks a half. */
export type NameComparison = 'equal' | 'blank' | 'differ';

/** How two names compare, half by half. "Equal names" of H4 to H6 is `equal` alone. (4.4) */
export function compareNames(a: PersonName, b: PersonName): NameComparison {
  const halves = [
    compareHalf(nameKey(a.firstName), nameKey(b.firstName)),
    compareHalf(nameKey(a.lastName), nameKey(b.lastName)),
  ];
  if (halves.includes('differ')) return 'differ';
  if (halves.includes('one-blank') || !halves.includes('equal')) return 'blank';
  return 'equal';
}

/** True when the names are equal or blank: nothing in them speaks against one person. (H2) */
export function sameNames(a: PersonName, b: PersonName): boolean {
  return compareNames(a, b) !== 'differ';
}

function compareHalf(a: string, b: string): 'equal' | 'both-blank' | 'one-blank' | 'differ' {
  if (a === b) return a === '' ? 'both-blank' : 'equal';
  return a === '' || b === '' ? 'one-blank' : 'differ';
}
