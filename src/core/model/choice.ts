// What a person may decide where a rule will not: the words of a choice, and what makes two questions the same.
import type { Role } from './identity.ts';

export const CHOICES = ['link', 'relink', 'swap', 'restore', 'create', 'delete', 'keep', 'keep-apart'] as const;
export type Choice = (typeof CHOICES)[number];

/** A question that waits with a hold. */
export interface Asked {
  /** The same key is the same question: once decided, it is never asked again. Ids only, no address. */
  readonly key: string;
  readonly choices: readonly { readonly choice: Choice; readonly means: string }[];
}

/** Decisions by key of their question. */
export type Decided = ReadonlyMap<string, Choice>;

export const UNDECIDED: Decided = new Map();

/** @param about ids of further records the question is about: another one is another question. */
export function questionKey(
  name: string,
  role: Role,
  crmId: string | null,
  marketingId: string | null,
  about: readonly string[],
): string {
  return [name, role, crmId ?? '-', marketingId ?? '-', ...[...about].sort()].join(' ');
}
