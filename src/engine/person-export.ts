// Everything that is held about a person, as values for one document. Only reads the store; asks neither service.
import type { Role } from '../core/model/identity.ts';
import { actionHistory, type StoredAction } from '../store/actions.ts';
import { getCrm, getCrmByEmail, type StoredCrm } from '../store/crm-records.ts';
import { type Decision, decisionsAbout } from '../store/decisions.ts';
import type { PersonKeys } from '../store/erase-rows.ts';
import { type ErasedAddress, getErasures, guardedAddresses } from '../store/erasures.ts';
import type { Executor } from '../store/executor.ts';
import { holdsNaming, listHolds, type StoredHold } from '../store/holds.ts';
import { type Membership, membershipsOf } from '../store/lead-lists.ts';
import { type LedgerEntry, ledgerOf } from '../store/ledger.ts';
import { linksByCrm, linksByEmailHash, linksByMarketing, type StoredLink } from '../store/links.ts';
import { getMarketing, type StoredMarketing } from '../store/marketing-records.ts';
import { notesAbout, type StoredNote } from '../store/notes.ts';
import { type StoredSuppression, suppressionsByEmail } from '../store/suppressions.ts';
import type { ErasureReceipt } from './erasure-receipt.ts';
import { guardHash } from './guard.ts';
import { keysOf, personScope } from './person-scope.ts';

export interface PersonData {
  readonly connection: string;
  readonly addresses: readonly string[];
  readonly crm: readonly StoredCrm[];
  readonly marketing: readonly StoredMarketing[];
  readonly memberships: readonly Membership[];
  readonly suppressions: readonly StoredSuppression[];
  /** With the values both sides last agreed on; those that ended included. */
  readonly links: readonly StoredLink[];
  readonly holds: readonly StoredHold[];
  /** What somebody decided about the person's records. (4.4) */
  readonly decisions: readonly Decision[];
  /** Every write that was planned or done, with the values before and after: what an undo would use. Oldest first. */
  readonly journal: readonly StoredAction[];
  readonly notes: readonly StoredNote[];
  readonly ledger: readonly LedgerEntry[];
  /** Where the address was erased and is kept out since. */
  readonly erased: ErasureReceipt | null;
}

const PAGE = 500;
const ALL = 1_000_000;

/** @param key 32 bytes, for what an erasure left; null = nobody was erased with a key that is known */
export async function personData(
  ex: Executor,
  connection: string,
  email: string,
  hash: (address: string) => string,
  key: (() => Uint8Array) | null,
): Promise<PersonData> {
  const scope = await personScope(ex, connection, email, hash);
  const keys = keysOf(scope, hash);
  const guards = key === null ? [] : await guardedAddresses(ex, connection);
  // The key is asked for only where somebody was erased: nothing else here needs one.
  const secret = key !== null && guards.length > 0 ? key() : null;
  const persons = secret === null ? [] : keys.addresses.map((address) => guardHash(secret, connection, address));
  const crm = [
    ...(await getCrmByEmail(ex, connection, keys.addresses)),
    ...(await getCrm(ex, connection, 'contact', keys.crm.contact)),
    ...(await getCrm(ex, connection, 'lead', keys.crm.lead)),
  ];
  const links = [
    ...(await linksByMarketing(ex, connection, keys.marketingIds)),
    ...(await linksByCrm(ex, connection, 'contact', keys.crm.contact)),
    ...(await linksByCrm(ex, connection, 'lead', keys.crm.lead)),
    ...(await linksByEmailHash(ex, connection, keys.addressHashes)),
  ];
  const about = { emailKeys: keys.addresses, personKeys: keys.personKeys };
  return {
    connection,
    addresses: keys.addresses,
    crm: unique(crm, ({ record }) => `${record.role} ${record.id}`),
    marketing: await getMarketing(ex, connection, keys.marketingIds),
    memberships: await membershipsOf(ex, connection, keys.marketingIds),
    suppressions: await suppressionsByEmail(ex, connection, keys.addresses),
    links: unique(links, ({ id }) => id),
    holds: await holdsOf(ex, connection, keys),
    decisions: await decisionsAbout(ex, connection, keys.marketingIds, keys.crm),
    journal: await journalOf(ex, connection, keys),
    notes: await notesAbout(ex, connection, about, ALL),
    ledger: await ledgerOf(ex, connection, { emailKeys: keys.addresses, marketingIds: keys.marketingIds, persons }),
    erased: await receiptOf(ex, guards, persons),
  };
}

/** The receipt of whoever was erased by this address and is kept out since. @param key 32 bytes */
export async function erasedAs(
  ex: Executor,
  connection: string,
  email: string,
  key: () => Uint8Array,
): Promise<ErasureReceipt | null> {
  const guards = await guardedAddresses(ex, connection);
  return guards.length === 0 ? null : receiptOf(ex, guards, [guardHash(key(), connection, email)]);
}

async function receiptOf(
  ex: Executor,
  guards: readonly ErasedAddress[],
  persons: readonly string[],
): Promise<ErasureReceipt | null> {
  const guarded = guards.find(({ hash }) => persons.includes(hash));
  if (guarded === undefined) return null;
  const [erasure] = await getErasures<ErasureReceipt>(ex, [guarded.erasureId]);
  return erasure?.receipt ?? null;
}

/** True when nothing at all is held about the address here. */
export function isNobody(data: PersonData): boolean {
  const { crm, marketing, suppressions, links, holds, decisions, journal, notes, ledger, erased } = data;
  return (
    erased === null &&
    [crm, marketing, suppressions, links, holds, decisions, journal, notes, ledger].every((part) => part.length === 0)
  );
}

async function holdsOf(ex: Executor, connection: string, keys: PersonKeys): Promise<readonly StoredHold[]> {
  const named = await Promise.all(
    keys.addresses.map((email) =>
      listHolds(ex, { connection, email, states: ['open', 'waiting', 'fixed', 'ignored', 'expired'], limit: ALL }),
    ),
  );
  const crm = (role: Role) => keys.crm[role].map((id) => ({ system: 'crm', entity: role, id }) as const);
  const naming = await holdsNaming(ex, connection, [
    ...keys.marketingIds.map((id) => ({ system: 'marketing', entity: 'contact', id }) as const),
    ...crm('contact'),
    ...crm('lead'),
  ]);
  return unique([...named.flat(), ...naming], ({ id }) => id);
}

async function journalOf(ex: Executor, connection: string, keys: PersonKeys): Promise<readonly StoredAction[]> {
  const of = {
    emailKeys: keys.addresses,
    marketingIds: keys.marketingIds,
    crm: (['contact', 'lead'] as const).flatMap((role) => keys.crm[role].map((id) => ({ role, id }))),
  };
  const journal: StoredAction[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const page = await actionHistory(ex, connection, of, { offset, limit: PAGE });
    journal.push(...page);
    if (page.length < PAGE) return journal.reverse();
  }
}

function unique<T>(items: readonly T[], idOf: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [idOf(item), item])).values()];
}
