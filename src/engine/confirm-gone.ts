// The second look at records that were missed: before anything follows, those whose grace is over are asked for again. (4.3, D19)
import { getCrm, missedCrmIds, upsertCrm } from '../store/crm-records.ts';
import type { Cycle } from './engine.ts';
import { becomeOf, convertedLeads } from './explain-deleted.ts';
import { crmItem } from './mirror-items.ts';

const PAGE = 100;

/** The cycle that knows whom to leave alone. @param careful whatever is gone waits for approval in this run: nobody has to wait twice (D20) */
export function withGrace(cycle: Cycle, careful: boolean): Cycle {
  const { deleteGraceMs } = cycle;
  if (deleteGraceMs === 0 || careful) return cycle;
  const goneBefore = new Date(Date.parse(cycle.now()) - deleteGraceMs).toISOString();
  return { ...cycle, settings: { ...cycle.settings, goneBefore } };
}

/** One call per hundred records; what answers is there after all. */
export async function confirmGone(cycle: Cycle): Promise<void> {
  const { goneBefore } = cycle.settings;
  if (goneBefore === null) return;
  for (const role of cycle.crmSelection.roles) {
    const missed = await missedCrmIds(cycle.store, cycle.name, role, goneBefore);
    for (let start = 0; start < missed.length; start += PAGE) {
      cycle.signal.throwIfAborted();
      const ids = missed.slice(start, start + PAGE);
      const back = await cycle.crm.readMany(role, ids, cycle.crmSelection);
      await upsertCrm(cycle.store, cycle.name, back.map(crmItem), cycle.now());
      if (role === 'lead')
        await learnConversions(
          cycle,
          ids.filter((id) => !back.some((record) => record.id === id)),
        );
    }
  }
}

/** (D8) The conversion may be told later than the delete that it caused. */
async function learnConversions(cycle: Cycle, leadIds: readonly string[]): Promise<void> {
  const leads = (await getCrm(cycle.store, cycle.name, 'lead', leadIds)).map(({ record }) => record);
  const converted = await convertedLeads(cycle, leads);
  const records = [...converted, ...(await becomeOf(cycle, converted))];
  await upsertCrm(cycle.store, cycle.name, records.map(crmItem), cycle.now());
}
