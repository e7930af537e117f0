// Safety limits over a whole plan: how many writes of a kind are too many to send without asking. (R14, D18, L18, O17)
import type { Role } from '../model/identity.ts';
import type { ActionKind } from '../model/plan.ts';

const BRAKE_KINDS = [
  'create',
  'update',
  'clear',
  'delete',
  'listRemove',
  'unsubscribe',
  'unsubscribeStop',
  'resubscribe',
] as const;
export type BrakeKind = (typeof BRAKE_KINDS)[number];

export interface Brake {
  readonly count: number;
  /** Of the object's active links. */
  readonly percent: number;
  readonly action: 'park' | 'alert';
}

export type Brakes = { readonly [K in BrakeKind]: Brake };

/** Writes of one kind for one object, in this run and in the 24 hours before it. */
export interface BrakeCount {
  readonly kind: BrakeKind;
  readonly role: Role;
  readonly run: number;
  readonly day: number;
}

export interface Tripped extends BrakeCount {
  /** The number that was exceeded. */
  readonly limit: number;
  readonly action: 'park' | 'alert';
}

/** The brake a write counts towards. An update that blanks a value is a clear. */
export function brakeOf(kind: ActionKind, clears: boolean, subscribes: boolean): BrakeKind | null {
  if (kind === 'update') return clears ? 'clear' : 'update';
  if (kind === 'set-consent') return subscribes ? 'resubscribe' : 'unsubscribe';
  if (kind === 'list-remove') return 'listRemove';
  return kind === 'list-add' ? null : kind;
}

/** (decision 25) Trips when the number is above the larger of the count and the share of active links, per run or per day. */
export function trippedBrakes(
  counts: readonly BrakeCount[],
  activeLinks: { readonly [R in Role]: number },
  brakes: Brakes,
): readonly Tripped[] {
  return counts.flatMap((count) => {
    const brake = brakes[count.kind];
    const limit = Math.max(brake.count, Math.floor((activeLinks[count.role] * brake.percent) / 100));
    return count.run > 0 && count.run + count.day > limit ? [{ ...count, limit, action: brake.action }] : [];
  });
}
