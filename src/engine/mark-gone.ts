// Contacts that are gone from marketing. Whoever of them had left takes that along: a contact made for the address later on is not
// mailed, whichever address it was said under. (C22, C23)
import { isMailable } from '../core/model/record.ts';
import type { Tx } from '../store/executor.ts';
import { getMarketing, markMarketingDeleted } from '../store/marketing-records.ts';
import { upsertSuppressions } from '../store/suppressions.ts';
import type { Cycle } from './engine.ts';

export async function markGone(tx: Tx, { name }: Cycle, ids: readonly string[], now: string): Promise<void> {
  const known = await getMarketing(tx, name, ids);
  const left = known.flatMap(({ record: { id, channel, updatedAt, state }, emailKey }) =>
    state === 'deleted' || emailKey === null || isMailable(channel.state)
      ? []
      : [{ emailKey, marketingId: id, reason: channel.reason, at: updatedAt ?? now }],
  );
  await upsertSuppressions(tx, name, left, now);
  await markMarketingDeleted(tx, name, ids, now);
}
