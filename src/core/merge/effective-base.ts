// What counts as the base of a field while a bulk write still waits to be read back. (R4)
import type { BaseField, Link, Unconfirmed } from '../model/link.ts';
import { sameValue, type Value } from '../model/value.ts';

export type Confirmation =
  /** Nothing was waiting. */
  | 'none'
  /** The contact was not read since the write: the write counts. */
  | 'waiting'
  /** Read back as written, or edited by somebody since: the write took effect. */
  | 'confirmed'
  /** Read back as it was before: the write did not take effect and the old base stands. */
  | 'not-applied';

export interface EffectiveBase {
  readonly base: BaseField | null;
  readonly confirmation: Confirmation;
  /** The write that waits or waited, if any. */
  readonly sent: Unconfirmed | null;
}

export const NOTHING_KNOWN: EffectiveBase = { base: null, confirmation: 'none', sent: null };

/**
 * @param marketing the marketing value as the mirror has it.
 * @param assumed true while the mirror holds what was written instead of what was read.
 */
export function effectiveBase(link: Link, key: string, marketing: Value, assumed: boolean): EffectiveBase {
  const base = link.base[key] ?? null;
  const sent: Unconfirmed | undefined = link.unconfirmed[key];
  if (sent === undefined) return { base, confirmation: 'none', sent: null };
  const written: BaseField = { crm: sent.crm, marketing: sent.to };
  if (assumed) return { base: written, confirmation: 'waiting', sent };
  if (sameValue(marketing, sent.from) && !sameValue(marketing, sent.to)) {
    return { base, confirmation: 'not-applied', sent };
  }
  return { base: written, confirmation: 'confirmed', sent };
}
