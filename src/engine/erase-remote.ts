// The writes of an erasure on either side. Each may be repeated: what is gone already counts as done.
import type { BulkJob, MarketingRow, RowOutcome } from '../connectors/connector.ts';
import { ConnectorError } from '../connectors/error.ts';
import type { ChannelState } from '../core/model/record.ts';
import type { Cycle } from './engine.ts';
import type { PendingContact, PendingRecord } from './erasure-pending.ts';

export async function deleteRecord(cycle: Cycle, { role, id }: PendingRecord): Promise<void> {
  await cycle.crm.remove(role, id);
}

/** Suppressed, blocked and bounced addresses stay so when their contact is deleted; an unsubscription alone need not. */
const LASTING: readonly ChannelState[] = ['suppressed', 'blocked', 'hard-bounced'];

/** Says the opt-out in the way that outlives the contact, before the contact goes. (decision 8) */
export async function keepOptedOut(cycle: Cycle, { id, email }: PendingContact): Promise<void> {
  const now = await cycle.marketing.readOne({ id }, { fields: [], lists: false });
  if (now === 'missing' || now.state !== 'present' || LASTING.includes(now.channel.state)) return;
  const rows: readonly MarketingRow[] = [{ key: id, id, email, write: { set: {}, channel: { state: 'suppressed' } } }];
  const job = await cycle.marketing.submitImport(rows);
  refuseFailed(await cycle.marketing.awaitImport(job, rows), 'the opt-out could not be made lasting');
}

export async function deleteContact(cycle: Cycle, { id, email }: PendingContact): Promise<void> {
  const rows: readonly MarketingRow[] = [{ key: id, id, email, write: { set: {} } }];
  const job: BulkJob = await cycle.marketing.submitDelete(rows);
  refuseFailed(await cycle.marketing.awaitDelete(job, rows), 'the contact was not deleted');
}

function refuseFailed(outcomes: readonly RowOutcome[], what: string): void {
  for (const outcome of outcomes)
    if (outcome.type !== 'done')
      throw new ConnectorError(`${what}: ${outcome.message}`, { kind: 'rejected', outcome: 'unknown' });
}
