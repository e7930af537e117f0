// Brings opted-out people back one by one, through the service's own procedure, and records what it answered. (O3, O5)
import { ConnectorError, REACTION } from '../connectors/error.ts';
import type { Lane } from '../core/model/plan.ts';
import { markSent, nextActions, type StoredAction } from '../store/actions.ts';
import { applyMarketing } from './apply-marketing.ts';
import type { Cycle } from './engine.ts';
import { type Outcome, settle } from './settle.ts';

const PAGE = 100;

/** The opt-in lane of the marketing system: resubscriptions first, then everybody who never opted out, in bulk. */
export async function applyOptIns(cycle: Cycle, lane: Lane): Promise<void> {
  for (let after = -1; ; ) {
    const actions = await nextActions(
      cycle.store,
      cycle.runId,
      { lane, system: 'marketing', kind: 'set-consent' },
      after,
      PAGE,
    );
    const last = actions.at(-1);
    if (last === undefined) break;
    after = last.seq;
    for (const action of actions.filter(({ action: { marketing } }) => marketing?.resubscribe !== undefined)) {
      cycle.signal.throwIfAborted();
      await cycle.store.transaction((tx) => markSent(tx, cycle.runId, [action.seq], null, cycle.now()));
      await settle(cycle, [{ action, outcome: await resubscribe(cycle, action) }]);
    }
  }
  await applyMarketing(cycle, lane, 'set-consent');
}

async function resubscribe(cycle: Cycle, { action }: StoredAction): Promise<Outcome> {
  const { email, marketing, marketingId } = action;
  if (email === null || marketing?.resubscribe === undefined || marketingId === null)
    return { type: 'failed', error: 'The contact has no address.' };
  try {
    const answer = await cycle.marketing.resubscribe(email, marketing.resubscribe);
    // Added or challenged: the contact is read back before anything counts on it. (R4)
    if (answer !== 'refused') return { type: 'consent-asked', id: marketingId, answer };
    return {
      type: 'held',
      code: 'CONSENT_REFUSED_BY_DOTDIGITAL',
      error: `${cycle.settings.labels.marketing} will not take this address back (complaint, or a global or domain suppression).`,
      fix: 'Use another address of the person, or leave it.',
    };
  } catch (error) {
    if (!(error instanceof ConnectorError) || REACTION[error.kind] === 'stop') throw error;
    return { type: 'failed', error: error.message };
  }
}
