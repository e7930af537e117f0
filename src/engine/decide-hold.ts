// A person answers the question of a hold, once and for good; the next cycle carries the answer out. Writes to neither service. (4.4)
import type { Choice } from '../core/model/choice.ts';
import { putDecision } from '../store/decisions.ts';
import type { Executor } from '../store/executor.ts';
import { getHolds, type StoredHold } from '../store/holds.ts';
import { wakeThese } from './wake-holds.ts';

export interface HoldDecision {
  readonly holdId: string;
  readonly choice: Choice;
  /** Who decided, for the record. */
  readonly by: string;
  /** ISO UTC. */
  readonly at: string;
}

export type HoldDecided =
  | { readonly type: 'decided'; readonly hold: StoredHold }
  | { readonly type: 'unknown' }
  /** The hold asks nothing, or something else. */
  | { readonly type: 'not-offered'; readonly hold: StoredHold };

export async function decideHold(ex: Executor, { holdId, choice, by, at }: HoldDecision): Promise<HoldDecided> {
  const [hold] = await getHolds(ex, [holdId]);
  if (hold === undefined) return { type: 'unknown' };
  const { asks, connection, entity, crmId, marketingId } = hold;
  if (entity === 'product' || asks === undefined || !asks.choices.some((offer) => offer.choice === choice)) {
    return { type: 'not-offered', hold };
  }
  await putDecision(ex, {
    connection,
    question: asks.key,
    choice,
    holdId,
    entity,
    crmId,
    marketingId,
    decidedAt: at,
    decidedBy: by,
  });
  await wakeThese(ex, [holdId]);
  return { type: 'decided', hold };
}
