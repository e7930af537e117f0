// Finds out what a delete event of the feed really means, before anything follows from it. (4.3, decision 6)
import type { CrmConversion, CrmObservation } from '../connectors/connector.ts';
import { ROLES, type Role } from '../core/model/identity.ts';
import type { CrmRecord } from '../core/model/record.ts';
import { emailKey } from '../core/normalize/email.ts';
import { getCrm } from '../store/crm-records.ts';
import { askRecord } from './ask-record.ts';
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
    const converted = role === 'lead' ? await convertedLeads(cycle, [...open.values()]) : [];
    for (const event of own) {
      const record = open.get(event.id);
      if (record === undefined) continue;
      const lead = converted.find(({ id }) => id === event.id);
      if (lead !== undefined) {
        records.push({ ...lead, revision: event.revision ?? lead.revision });
        continue;
      }
      const answer = await askRecord(cycle, role, event.id);
      if (answer === 'missing') {
        gone.push(event);
        records.push(...(await survivors(cycle, record)));
      } else if (answer === 'forbidden') hidden.push(event);
      else if (answer !== 'unreadable') records.push(answer);
    }
    records.push(...(await becomeOf(cycle, converted)));
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

/** (D8) Those of the leads that were converted, each with what it became. */
export async function convertedLeads(cycle: Cycle, leads: readonly CrmRecord[]): Promise<readonly CrmRecord[]> {
  if (leads.length === 0) return [];
  return asConverted(leads, await cycle.crm.conversionsOf(leads.map(({ id }) => id)));
}

/** A converted lead has ended, whether or not the service still shows it. (D8) */
export function asConverted(leads: readonly CrmRecord[], conversions: readonly CrmConversion[]): readonly CrmRecord[] {
  const became = new Map(conversions.map(({ leadId, contactId }) => [leadId, contactId]));
  return leads.flatMap((lead) => {
    const convertedTo = became.get(lead.id);
    return convertedTo === undefined ? [] : [{ ...lead, state: 'deleted' as const, convertedTo }];
  });
}

/** The contacts may come with the feed a cycle later than the lead's delete event: they are read now. */
export async function becomeOf(cycle: Cycle, converted: readonly CrmRecord[]): Promise<readonly CrmRecord[]> {
  const wanted = converted.flatMap(({ convertedTo }) => convertedTo ?? []);
  if (wanted.length === 0 || !cycle.crmSelection.roles.includes('contact')) return [];
  return cycle.crm.readMany('contact', wanted, cycle.crmSelection);
}
