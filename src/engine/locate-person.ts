// Finds a person on both sides as they are now, for an erasure: by address, by link, by id. Reads only, past the guard.
import type { CrmSelection, MarketingSelection } from '../connectors/connector.ts';
import { ROLES, type Role } from '../core/model/identity.ts';
import { type CrmRecord, isMailable, type MarketingRecord } from '../core/model/record.ts';
import { linksByCrm } from '../store/links.ts';
import { getMarketing } from '../store/marketing-records.ts';
import type { Engine } from './engine.ts';
import { guardWord } from './guard.ts';
import { noIds, type PersonScope, personScope } from './person-scope.ts';

export interface Located {
  readonly scope: PersonScope;
  readonly crm: readonly CrmRecord[];
  readonly marketing: readonly MarketingRecord[];
  /** Organisations with the address: not people, so they stay. */
  readonly organisations: number;
  /** Records that the credential may not see: they are there, and deleting them says why it cannot be done. */
  readonly hidden: readonly { readonly role: Role; readonly id: string }[];
}

/** What of a record has to be read to tell whose it is and whether it says no. */
export interface Looking {
  readonly crm: CrmSelection;
  readonly marketing: MarketingSelection;
}

/** @param engine with connectors that are not guarded: whoever was erased before may be there again */
export async function locatePerson(engine: Engine, email: string, looking: Looking): Promise<Located> {
  const crm = new Map<string, CrmRecord>();
  const marketing = new Map<string, MarketingRecord>();
  let organisations = 0;
  const findCrm = async (address: string): Promise<readonly CrmRecord[]> => {
    const found = await Promise.all(ROLES.map((role) => engine.crm.findByEmail(role, address, looking.crm)));
    return found.flat().filter((record) => record.state === 'present');
  };
  for (const address of new Set([guardWord(email), email.trim()])) {
    for (const record of await findCrm(address)) {
      if (record.isOrganisation) organisations += 1;
      else crm.set(keyOf(record), record);
    }
    const contact = await engine.marketing.readOne({ email: address }, looking.marketing);
    if (contact !== 'missing' && contact.state === 'present') marketing.set(contact.id, contact);
  }
  const alive = noIds();
  for (const { role, id } of crm.values()) alive.crm[role].add(id);
  for (const id of marketing.keys()) alive.marketing.add(id);
  const scope = await personScope(engine.store, engine.name, email, engine.hashAddress, alive);
  for (const address of scope.addresses.slice(1)) {
    for (const record of await findCrm(address))
      if (!record.isOrganisation && !(await isSomebodyElses(engine, record, scope))) crm.set(keyOf(record), record);
  }
  const hidden: { readonly role: Role; readonly id: string }[] = [];
  for (const role of ROLES) {
    for (const id of scope.crm[role]) {
      if (crm.has(`${role} ${id}`)) continue;
      const answer = await engine.crm.readOne(role, id, looking.crm);
      if (answer === 'forbidden') hidden.push({ role, id });
      else if (answer !== 'missing' && answer.state === 'present') crm.set(keyOf(answer), answer);
    }
  }
  for (const id of scope.marketing) {
    if (marketing.has(id)) continue;
    const answer = await engine.marketing.readOne({ id }, looking.marketing);
    if (answer !== 'missing' && answer.state === 'present') marketing.set(id, answer);
    if (answer !== 'missing') continue;
    // Whoever opted out may be hidden from reading: only deleting tells whether the contact is gone.
    for (const { record } of await getMarketing(engine.store, engine.name, [id]))
      if (record.state === 'present' && !isMailable(record.channel.state)) marketing.set(id, record);
  }
  return { scope, crm: [...crm.values()], marketing: [...marketing.values()], organisations, hidden };
}

function keyOf({ role, id }: { readonly role: Role; readonly id: string }): string {
  return `${role} ${id}`;
}

async function isSomebodyElses(engine: Engine, { role, id }: CrmRecord, scope: PersonScope): Promise<boolean> {
  const links = await linksByCrm(engine.store, engine.name, role, [id]);
  return links.some((link) => link.state !== 'severed' && !scope.marketing.has(link.marketingId));
}
