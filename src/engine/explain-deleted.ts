// Finds out what a delete event of the feed really means, before anything follows from it. (4.3, decision 6)
import type { CrmObservation } from '../connectors/connector.ts';
import { ROLES, type Role } from '../core/model/identity.ts';
import type { CrmRecord } from '../core/model/record.ts';
import { emailKey } from '../core/normalize/email.ts';
import { getCrm } from '../store/crm-records.ts';
import type { Cycle } from './engine.ts';

export type DeleteEvent = Extract<CrmObservation, { type: 'deleted' }>;

export interface Explained {
  /** A direct read answers that it does not exist. */
  readonly gone: readonly { readonly role: Role; readonly id: string; readonly revision: number | null }[];
  /** Still there, but refused to our credential: no delete. (D19) */
  readonly hidden: readonly { readonly role: Role; readonly id: string }[];
  /** Records as they now are: events that were no deletes, converted leads, and the contacts those became. */
  readonly records: readonly CrmRecord[];
}

/** One read per record that we know; an event about a record never seen needs none. */
export async function explainDeleted(cycle: Cycle, events: readonly DeleteEvent[]): Promise<Explained> {
  const gone: Explained['gone'][number][] = [];
  const hidden: Explained['hidden'][number][] = [];
  const records: CrmRecord[] = [];
  for (const role of cycle.crmSelection.roles) {
    const own = events.filter((event) => event.role === role);
    const known = (
      await getCrm(
        cycle.store,
        cycle.name,
        role,
        own.map((event) => event.id),
      )
    ).map((item) => item.record);
    const open = new Map(known.filter((record) => record.state !== 'deleted').map((record) => [record.id, record]));
    const converted = role === 'lead' ? await conversions(cycle, [...open.keys()]) : new Map<string, string | null>();
    for (const event of own) {
      const record = open.get(event.id);
      if (record === undefined) continue;
      const contactId = converted.get(event.id);
      if (contactId !== undefined) {
        records.push({
          ...record,
          state: 'deleted',
          convertedTo: contactId,
          revision: event.revision ?? record.revision,
        });
        continue;
      }
      const answer = await cycle.crm.readOne(role, event.id, cycle.crmSelection);
      if (answer === 'missing') {
        gone.push(event);
        records.push(...(await survivors(cycle, record)));
      } else if (answer === 'forbidden') hidden.push(event);
      else records.push(answer);
    }
    records.push(...(await readContacts(cycle, [...converted.values()])));
  }
  return { gone, hidden, records };
}

/** (4.3) Whoever has the address now may be what the record was merged into, or what still relates to the person, and not be in the mirror yet. */
async function survivors(cycle: Cycle, { role, email, id }: CrmRecord): Promise<readonly CrmRecord[]> {
  if (emailKey(email).type !== 'ok' || email === null) return [];
  const found: CrmRecord[] = [];
  for (const other of ROLES) {
    // What is switched off is not in the feed: it counts all the same. (S8, S15, C35)
    if (other !== role && cycle.crmSelection.roles.includes(other)) continue;
    for (const record of await cycle.crm.findByEmail(other, email, cycle.crmSelection))
      if (other !== role || record.id !== id) found.push(record);
  }
  return found;
}

/** (D8) By lead: the contact it became, or null when only an organisation was made. */
async function conversions(cycle: Cycle, leadIds: readonly string[]): Promise<Map<string, string | null>> {
  const found = leadIds.length === 0 ? [] : await cycle.crm.conversionsOf(leadIds);
  return new Map(found.map((conversion) => [conversion.leadId, conversion.contactId]));
}

/** The contacts may come with the feed a cycle later than the lead's delete event: they are read now. */
async function readContacts(cycle: Cycle, ids: readonly (string | null)[]): Promise<readonly CrmRecord[]> {
  const wanted = ids.filter((id) => id !== null);
  if (wanted.length === 0 || !cycle.crmSelection.roles.includes('contact')) return [];
  return cycle.crm.readMany('contact', wanted, cycle.crmSelection);
}
