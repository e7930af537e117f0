// Everything known about the people of one address: links, last values, holds, consent, every decision. Only reads the store.
import type { Role } from '../core/model/identity.ts';
import { getCrm, getCrmByEmail, type StoredCrm } from '../store/crm-records.ts';
import type { Executor } from '../store/executor.ts';
import { holdsNaming, listHolds, type StoredHold } from '../store/holds.ts';
import { type LedgerEntry, ledgerOf } from '../store/ledger.ts';
import { linksByCrm, linksByEmailHash, linksByMarketing, type StoredLink } from '../store/links.ts';
import { getMarketing, getMarketingByEmail, type StoredMarketing } from '../store/marketing-records.ts';
import { type StoredSuppression, suppressionsByEmail } from '../store/suppressions.ts';
import { type ConsentAnswer, consentOf } from './explain-consent.ts';
import { type HistoryEntry, historyOf, pastRecords } from './explain-history.ts';
import { addressKey } from './mirror-items.ts';

export interface Explanation {
  readonly connection: string;
  readonly links: readonly StoredLink[];
  readonly crm: readonly StoredCrm[];
  readonly marketing: readonly StoredMarketing[];
  readonly holds: readonly StoredHold[];
  readonly suppressions: readonly StoredSuppression[];
  readonly consent: ConsentAnswer;
  /** Consent facts and decisions, oldest first. */
  readonly ledger: readonly LedgerEntry[];
  /** Newest first. */
  readonly history: readonly HistoryEntry[];
  /** More was decided about these people than `history` shows. */
  readonly more: boolean;
}

/** Records met on the way, by id. */
interface Found {
  readonly marketing: Set<string>;
  readonly crm: { readonly [R in Role]: Set<string> };
}

const ROLES: readonly Role[] = ['contact', 'lead'];
/** From a record over its link to another record and on: no chain of one person is longer. */
const STEPS = 3;

/** True when nothing at all is known of the address here. */
export function isUnknown(explanation: Explanation): boolean {
  const { links, crm, marketing, holds, suppressions, history } = explanation;
  return [links, crm, marketing, holds, suppressions, history].every((part) => part.length === 0);
}

/**
 * Several people may share an address, and one person may have had several: all of them are told.
 * @param email as typed; an address that cannot be mailed is looked for as it stands
 * @param hash of a normal address, as links keep it (decision 12)
 * @param limit decisions, newest first
 */
export async function explainAddress(
  ex: Executor,
  connection: string,
  email: string,
  hash: (address: string) => string,
  limit: number,
): Promise<Explanation> {
  const key = addressKey(email);
  const keys = key === null ? [] : [key];
  const named = await holdsOfAddress(ex, connection, [...new Set([email.trim(), ...keys])]);
  const found: Found = { marketing: new Set(), crm: { contact: new Set(), lead: new Set() } };
  for (const { record } of await getCrmByEmail(ex, connection, keys)) found.crm[record.role].add(record.id);
  for (const { record } of await getMarketingByEmail(ex, connection, keys)) found.marketing.add(record.id);
  const links = new Map<string, StoredLink>();
  const tombstones = await linksByEmailHash(ex, connection, keys.map(hash));
  for (const link of tombstones) meet(link, links, found);
  for (const past of await pastRecords(ex, connection, keys)) {
    if (past.crmId !== null) found.crm[past.role].add(past.crmId);
    if (past.marketingId !== null) found.marketing.add(past.marketingId);
  }
  for (const hold of named) {
    if (hold.marketingId !== null) found.marketing.add(hold.marketingId);
    if (hold.crmId !== null && hold.entity !== 'product') found.crm[hold.entity].add(hold.crmId);
  }
  for (let step = 0; step < STEPS; step += 1) {
    const before = links.size;
    for (const link of await linksByMarketing(ex, connection, [...found.marketing])) meet(link, links, found);
    for (const role of ROLES) {
      for (const link of await linksByCrm(ex, connection, role, [...found.crm[role]])) meet(link, links, found);
    }
    if (links.size === before) break;
  }
  const marketing = await getMarketing(ex, connection, [...found.marketing]);
  const crm = (await Promise.all(ROLES.map((role) => getCrm(ex, connection, role, [...found.crm[role]])))).flat();
  const addresses = [...new Set([...keys, ...[...marketing, ...crm].flatMap((item) => item.emailKey ?? [])])];
  const suppressions = await suppressionsByEmail(ex, connection, addresses);
  const { entries, more } = await historyOf(
    ex,
    connection,
    { addresses, marketingIds: found.marketing, crm: found.crm },
    limit,
  );
  return {
    connection,
    links: [...links.values()],
    crm,
    marketing,
    holds: await holdsOf(ex, connection, named, found),
    suppressions,
    consent: consentOf(marketing, suppressions),
    ledger: await ledgerOf(ex, connection, { emailKeys: addresses, marketingIds: [...found.marketing] }),
    history: entries,
    more,
  };
}

function meet(link: StoredLink, links: Map<string, StoredLink>, found: Found): void {
  links.set(link.id, link);
  found.marketing.add(link.marketingId);
  found.crm[link.role].add(link.crmId);
}

async function holdsOfAddress(
  ex: Executor,
  connection: string,
  emails: readonly string[],
): Promise<readonly StoredHold[]> {
  const found: StoredHold[] = [];
  for (const email of emails) found.push(...(await listHolds(ex, { connection, email })));
  return found;
}

async function holdsOf(
  ex: Executor,
  connection: string,
  named: readonly StoredHold[],
  found: Found,
): Promise<readonly StoredHold[]> {
  const naming = await holdsNaming(ex, connection, [
    ...[...found.marketing].map((id) => ({ system: 'marketing', entity: 'contact', id }) as const),
    ...ROLES.flatMap((role) => [...found.crm[role]].map((id) => ({ system: 'crm', entity: role, id }) as const)),
  ]);
  const once = new Map([...named, ...naming].map((hold) => [hold.id, hold]));
  return [...once.values()].sort((a, b) =>
    a.firstSeen < b.firstSeen ? -1 : a.firstSeen > b.firstSeen ? 1 : a.id < b.id ? -1 : 1,
  );
}
