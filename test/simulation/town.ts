// The town in which everything happens: a few names, addresses and values, so that duplicates and collisions are the rule, and the
// edits that all acts are made of. Never goes through an API.
import { INTERESTS, TIERS } from '../../sandbox/people/account-schema.ts';
import type { Random } from '../../sandbox/random.ts';
import type { Accounts } from './accounts.ts';
import type { Seen } from './witness.ts';

export const FIRST = ['Ann', 'Ben', 'Cleo', 'Dörte', 'Eve'];
export const LAST = ['Lee', 'Ng', 'O’Hara', 'Smith'];
export const CITIES = ['Bath', 'Köln', 'Oslo', 'York'];

export function address(random: Random): string {
  const name = `p${String(random.int(1, 9))}@example.org`;
  return random.chance(0.08) ? name.toUpperCase() : name;
}

export function anyOf(accounts: Accounts, random: Random, suits: (record: Seen) => boolean): Seen | null {
  const found = [...accounts.witness.records.values()].filter(suits);
  return found.length === 0 ? null : random.pick(found);
}

export const isContact = (record: Seen): boolean => record.side === 'sell' && record.kind === 'contact';
export const isLead = (record: Seen): boolean => record.side === 'sell' && record.kind === 'lead';
export const inSell = (record: Seen): boolean => record.side === 'sell';
export const inDotdigital = (record: Seen): boolean => record.side === 'dotdigital';

export function names(record: Seen): string {
  return `${record.key} <${record.email ?? ''}>`;
}

export function edit({ sell }: Accounts, record: Seen, attributes: { readonly [name: string]: unknown }): string {
  if (record.kind === 'contact') sell.world.updateContact(Number(record.id), attributes);
  else sell.world.updateLead(Number(record.id), attributes);
  return `${names(record)} gets ${JSON.stringify(attributes)}`;
}

export function editMarketing(
  { dotdigital }: Accounts,
  record: Seen,
  fields: { readonly [name: string]: string | number | boolean | null },
): string {
  const known = new Set(dotdigital.world.dataFields().map(({ name }) => name));
  const mine = Object.fromEntries(Object.entries(fields).filter(([name]) => known.has(name)));
  dotdigital.world.editContact(Number(record.id), { fields: mine });
  return `${names(record)} gets ${JSON.stringify(mine)}`;
}

export function postcode(random: Random): string {
  return `PC${String(random.int(10, 99))}`;
}

export function someValues(kind: 'contact' | 'lead', random: Random): { readonly [name: string]: unknown } {
  const custom: { [name: string]: unknown } = {};
  if (random.chance(0.3)) custom['Interests'] = random.shuffle(INTERESTS).slice(0, random.int(0, 3));
  if (kind === 'contact') {
    if (random.chance(0.3)) custom['Tier'] = random.pick(TIERS);
    if (random.chance(0.2)) custom['VIP'] = random.chance(0.5);
    if (random.chance(0.2)) custom['Score'] = random.int(-5, 50);
    if (random.chance(0.2)) custom['Renewal date'] = `2026-0${String(random.int(1, 9))}-1${String(random.int(0, 9))}`;
  } else if (random.chance(0.3)) custom['Campaign'] = random.pick(['Spring', 'Autumn']);
  return custom;
}

export function optionalName(random: Random, of: readonly string[]): string | null {
  return random.chance(0.9) ? random.pick(of) : null;
}

export function newRecord(kind: 'contact' | 'lead', random: Random): { readonly [name: string]: unknown } {
  const tags = [
    ...(random.chance(0.2) ? [random.pick(['newsletter', 'unsubscribed'])] : []),
    ...(random.chance(0.2) ? ['vip'] : []),
  ];
  return {
    first_name: optionalName(random, FIRST),
    last_name: random.pick(LAST),
    email: random.chance(0.93) ? address(random) : random.pick([null, 'not an address', 'postmaster@example.org']),
    address: {
      postal_code: random.chance(0.6) ? postcode(random) : null,
      city: random.chance(0.5) ? random.pick(CITIES) : null,
    },
    tags,
    custom_fields: someValues(kind, random),
    ...(kind === 'contact' ? { customer_status: random.pick(['none', 'current', 'current', 'past']) } : {}),
  };
}
