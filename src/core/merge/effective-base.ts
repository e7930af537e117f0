// What counts as the base of a field while a bulk write still waits to be read back. (R4)
import type { BaseField, Link, Unconfirmed } from '../model/link.ts';
import { sameValue, type Value } from '../model/value.ts';

/** What became of a write that waits or waited. */
type Confirmation =
  /** The contact was not read since the write: the write counts. */
  | 'waiting'
  /** Read back as written, or edited by somebody since: the write took effect. */
  | 'confirmed'
  /** Read back as it was before: the write did not take effect and the old base stands. */
  | 'not-applied'
  /** Its answer was a failure, and nothing read since says otherwise: the old base stands, as if it had never been sent. */
  | 'never-sent';

/** With the write that waits or waited, if any. */
export type EffectiveBase = { readonly base: BaseField | null } & (
  | { readonly confirmation: 'none'; readonly sent: null }
  | { readonly confirmation: Confirmation; readonly sent: Unconfirmed }
);

export const NOTHING_KNOWN: EffectiveBase = { base: null, confirmation: 'none', sent: null };

/**
 * @param marketing the marketing value as the mirror has it.
 * @param assumed true while the mirror holds what was written instead of what was read.
 * @param crm the CRM's value, where it counts.
 */
export function effectiveBase(link: Link, key: string, marketing: Value, assumed: boolean, crm?: Value): EffectiveBase {
  const base = link.base[key] ?? null;
  const sent: Unconfirmed | undefined = link.unconfirmed[key];
  if (sent === undefined) return { base, confirmation: 'none', sent: null };
  if (sent.doubted !== undefined) {
    const unread = sent.doubted === 'crm' ? crm === undefined : assumed;
    if (unread) return { base, confirmation: 'none', sent: null };
    const done = sent.doubted === 'crm' ? sameValue(crm ?? null, sent.crm) : sameValue(marketing, sent.to);
    return done
      ? { base: { crm: sent.crm, marketing: sent.to }, confirmation: 'confirmed', sent }
      : { base, confirmation: 'never-sent', sent };
  }
  // Either half of a two-sided write may fail: from the old base the same merge comes out again, whichever half is missing.
  const undone = sent.undone === true ? { undone: true as const } : {};
  const written: BaseField | null = sent.twoSided === true ? base : { crm: sent.crm, marketing: sent.to, ...undone };
  if (assumed) return { base: written, confirmation: 'waiting', sent };
  if (sameValue(marketing, sent.from) && !sameValue(marketing, sent.to)) {
    return { base, confirmation: 'not-applied', sent };
  }
  return { base: written, confirmation: 'confirmed', sent };
}

/** Sends of one value without effect after which it is held instead of sent again. (R4) */
const MAX_TRIES = 2;

/** How often this very value was sent without effect. */
function triesOf(known: EffectiveBase, value: Value): number {
  return known.confirmation === 'not-applied' && sameValue(known.sent.to, value) ? known.sent.tries : 0;
}

/** True when sending the value again is of no use. */
export function isRefused(known: EffectiveBase, value: Value): boolean {
  return triesOf(known, value) >= MAX_TRIES;
}

/** Whether the mark is over. @param refused the very write is wanted again, in vain */
export function isSettled({ confirmation }: EffectiveBase, refused: boolean): boolean {
  return confirmation === 'confirmed' || confirmation === 'never-sent' || (confirmation === 'not-applied' && !refused);
}

/** The mark that a write leaves until it is read back. `now` and `crm` are what both sides read when it is sent. */
export function sendMark(known: EffectiveBase, now: Value, to: Value, crm: Value): Unconfirmed {
  // While an earlier write still waits, the last value that was really read is the one before it.
  const from = known.confirmation === 'waiting' ? known.sent.from : now;
  return { from, to, crm, tries: triesOf(known, to) + 1 };
}
