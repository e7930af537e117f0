// Who is one person, for access and erasure: the records of an address, what they are linked to, and what is remembered of
// records that are gone. Narrower than an explanation: nobody who merely met the address once is taken for the person.
import { ROLES, type Role } from '../core/model/identity.ts';
import { getCrm, getCrmByEmail } from '../store/crm-records.ts';
import type { PersonKeys } from '../store/erase-rows.ts';
import type { Executor } from '../store/executor.ts';
import { linksByCrm, linksByEmailHash, linksByMarketing, type StoredLink } from '../store/links.ts';
import { getMarketing, getMarketingByEmail } from '../store/marketing-records.ts';
import { guardWord } from './guard.ts';

/** Ids of records by side; those that are gone included. */
export interface RecordIds {
  readonly marketing: ReadonlySet<string>;
  readonly crm: { readonly [R in Role]: ReadonlySet<string> };
}

export interface PersonScope extends RecordIds {
  /** Normal forms, the one that was asked for first. */
  readonly addresses: readonly string[];
  /** Records that tombstones of these addresses speak of: remembered here, and nobody else's. */
  readonly past: RecordIds;
}

interface Ids {
  readonly marketing: Set<string>;
  readonly crm: { readonly [R in Role]: Set<string> };
}

/** From a record over its link to another record and on: no chain of one person is longer. */
const STEPS = 4;

/**
 * @param alive ids that the services named for the address just now, so that a record which was never read here counts as well
 * @param hash of a normal address, as links keep it (decision 12)
 */
export async function personScope(
  ex: Executor,
  connection: string,
  email: string,
  hash: (address: string) => string,
  alive: RecordIds = noIds(),
): Promise<PersonScope> {
  const asked = guardWord(email);
  const ids: Ids = {
    marketing: new Set(alive.marketing),
    crm: { contact: new Set(alive.crm.contact), lead: new Set(alive.crm.lead) },
  };
  for (const { record } of await getMarketingByEmail(ex, connection, [asked])) ids.marketing.add(record.id);
  for (const { record } of await getCrmByEmail(ex, connection, [asked]))
    if (!record.isOrganisation) ids.crm[record.role].add(record.id);
  await followLinks(ex, connection, ids);
  const addresses = await addressesOf(ex, connection, asked, ids);
  // Further records of the person's other addresses, as far as they are nobody else's. (C3)
  for (const { record } of await getCrmByEmail(ex, connection, addresses.slice(1))) {
    const links = await linksByCrm(ex, connection, record.role, [record.id]);
    if (
      !record.isOrganisation &&
      links.every((link) => link.state === 'severed' || ids.marketing.has(link.marketingId))
    )
      ids.crm[record.role].add(record.id);
  }
  const past = noIds();
  for (const link of await linksByEmailHash(ex, connection, addresses.map(hash))) meet(past, link);
  return { addresses, ...ids, past };
}

async function followLinks(ex: Executor, connection: string, ids: Ids): Promise<void> {
  for (let step = 0; step < STEPS; step += 1) {
    const before = sizeOf(ids);
    const links = [
      ...(await linksByMarketing(ex, connection, [...ids.marketing])),
      ...(await Promise.all(ROLES.map((role) => linksByCrm(ex, connection, role, [...ids.crm[role]])))).flat(),
    ];
    for (const link of links) if (link.state !== 'severed') meet(ids, link);
    if (sizeOf(ids) === before) return;
  }
}

/** The person's addresses; one that another contact or linked record has as well stays theirs. */
async function addressesOf(ex: Executor, connection: string, asked: string, ids: Ids): Promise<readonly string[]> {
  const marketing = await getMarketing(ex, connection, [...ids.marketing]);
  const crm = (await Promise.all(ROLES.map((role) => getCrm(ex, connection, role, [...ids.crm[role]])))).flat();
  const others = new Set([...marketing, ...crm].flatMap(({ emailKey }) => emailKey ?? []));
  others.delete(asked);
  const own: string[] = [];
  for (const address of others) {
    const holders = await getMarketingByEmail(ex, connection, [address]);
    if (holders.every(({ record }) => record.state !== 'present' || ids.marketing.has(record.id))) own.push(address);
  }
  return [asked, ...own.sort()];
}

function meet(ids: Ids, link: StoredLink): void {
  ids.marketing.add(link.marketingId);
  ids.crm[link.role].add(link.crmId);
}

function sizeOf({ marketing, crm }: Ids): number {
  return marketing.size + crm.contact.size + crm.lead.size;
}

export function noIds(): Ids {
  return { marketing: new Set(), crm: { contact: new Set(), lead: new Set() } };
}

/** By which keys the rows of this database are the person's. */
export function keysOf(scope: PersonScope, hash: (address: string) => string): PersonKeys {
  const { addresses, marketing, crm, past } = scope;
  const ofRole = (role: Role): readonly string[] => [...new Set([...crm[role], ...past.crm[role]])];
  const marketingIds = [...new Set([...marketing, ...past.marketing])];
  const byRole = { contact: ofRole('contact'), lead: ofRole('lead') };
  return {
    addresses,
    addressHashes: addresses.map(hash),
    marketingIds,
    crm: byRole,
    personKeys: [
      ...addresses.map((address) => `e:${address}`),
      ...marketingIds.map((id) => `m:${id}`),
      ...ROLES.flatMap((role) => byRole[role].map((id) => `c:${role}:${id}`)),
    ],
  };
}
