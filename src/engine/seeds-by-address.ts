// Who is meant by an address: the records of both sides that carry it. Only reads the mirror.
import { getCrmByEmail } from '../store/crm-records.ts';
import type { Executor } from '../store/executor.ts';
import { getMarketingByEmail } from '../store/marketing-records.ts';
import { addressKey } from './mirror-items.ts';
import type { Seeds } from './persons.ts';

/** @returns the records of everybody with one of these addresses, and the addresses that nobody has */
export async function seedsByAddress(
  ex: Executor,
  connection: string,
  addresses: readonly string[],
): Promise<{ readonly seeds: Seeds; readonly unknown: readonly string[] }> {
  const keys = new Map(addresses.map((address) => [addressKey(address) ?? address, address]));
  const crm = (await getCrmByEmail(ex, connection, [...keys.keys()])).filter(isThere);
  const marketing = (await getMarketingByEmail(ex, connection, [...keys.keys()])).filter(isThere);
  const found = new Set([...crm, ...marketing].map(({ emailKey }) => emailKey));
  return {
    seeds: {
      marketingIds: marketing.map(({ record }) => record.id),
      crm: crm.map(({ record: { role, id } }) => ({ role, id })),
    },
    unknown: [...keys].flatMap(([key, address]) => (found.has(key) ? [] : [address])),
  };
}

function isThere({ record }: { readonly record: { readonly state: string } }): boolean {
  return record.state === 'present';
}
