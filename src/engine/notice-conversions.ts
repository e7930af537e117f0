// Conversions of leads that nothing else tells of: a converted lead may stay readable, and come with the feed as a lead. (D8-D10)
import { getConnection, updateConnection } from '../store/connections.ts';
import { hasConversionSuspect } from '../store/conversion-suspects.ts';
import { getCrm, upsertCrm } from '../store/crm-records.ts';
import { compareIds } from '../store/keys.ts';
import type { Cycle } from './engine.ts';
import { asConverted, becomeOf } from './explain-deleted.ts';
import { crmItem } from './mirror-items.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** The newest conversion known, and when the list was last read. */
const LAST = 'conversion-last';
const READ = 'conversions-read';

interface Look {
  /** Both sides were read completely, with leads perhaps that nothing was known of when their conversion was read: all are read again. */
  readonly complete: boolean;
  readonly aligning: boolean;
}

/**
 * Reads the conversions since the last one known: once a day, with every alignment, and as soon as there is news of somebody who may be
 * a lead and the contact it became. Otherwise no call.
 */
export async function noticeConversions(cycle: Cycle, { complete, aligning }: Look): Promise<void> {
  if (!cycle.crmSelection.roles.includes('lead') || cycle.settings.consent.heard.includes('lead')) return;
  const { [LAST]: last, [READ]: read } = (await getConnection(cycle.store, cycle.name))?.watermarks ?? {};
  const due = read === undefined || Date.parse(cycle.now()) - Date.parse(read) >= DAY_MS;
  if (!complete && !aligning && !due && !(await hasConversionSuspect(cycle.store, cycle.name))) return;
  let newest = last ?? null;
  for await (const conversions of cycle.crm.conversionsAfter(complete ? null : (last ?? null))) {
    cycle.signal.throwIfAborted();
    for (const { id } of conversions) if (newest === null || compareIds(id, newest) > 0) newest = id;
    const ids = conversions.map(({ leadId }) => leadId);
    const leads = (await getCrm(cycle.store, cycle.name, 'lead', ids)).filter(
      ({ record }) => record.convertedTo === undefined,
    );
    const converted = asConverted(
      leads.map(({ record }) => record),
      conversions,
    );
    const records = [...converted, ...(await becomeOf(cycle, converted))];
    await upsertCrm(cycle.store, cycle.name, records.map(crmItem), cycle.now());
  }
  await updateConnection(cycle.store, cycle.name, {
    watermarks: { [READ]: cycle.now(), ...(newest === null ? {} : { [LAST]: newest }) },
  });
}
