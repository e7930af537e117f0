// Leads in both accounts, for tests: worlds that deliver in different ways, and what tests ask of lists and links.
import { expect } from 'vitest';
import type { CycleOptions } from '../../src/engine/cycle.ts';
import { approve, reject } from '../../src/engine/decide.ts';
import type { RunReport } from '../../src/engine/report.ts';
import { linksByCrm, linksByMarketing } from '../../src/store/links.ts';
import { listRuns } from '../../src/store/runs.ts';
import { contactOf } from './looking.ts';
import { type Options, type Settings, startTwoAccounts, type TwoAccounts } from './two-accounts.ts';

/** How changes reach us: in order or not, and whether a list makes a contact count as changed. (decision 7) */
export interface Delivery {
  readonly name: string;
  readonly order: 'log' | 'shuffled';
  readonly pageSize: number;
  readonly listsTouch: boolean;
}

export const DELIVERIES: readonly Delivery[] = [
  { name: 'in order, lists leave contacts untouched', order: 'log', pageSize: 100, listsTouch: false },
  { name: 'in order, lists touch contacts', order: 'log', pageSize: 100, listsTouch: true },
  { name: 'out of order, lists leave contacts untouched', order: 'shuffled', pageSize: 1, listsTouch: false },
  { name: 'out of order, lists touch contacts', order: 'shuffled', pageSize: 1, listsTouch: true },
];

export const STATUSES = ['New', 'Working', 'Qualified', 'Unqualified'] as const;
export const PREFIX = 'Zendesk Sell - Leads: ';
export const EMAIL = 'lea@example.com';

/** Both objects on unless the settings say otherwise; four statuses. */
export function startLeads(delivery: Delivery, settings: Settings = {}, more: Options = {}): Promise<TwoAccounts> {
  return startTwoAccounts({
    sell: {
      leadStatuses: [...STATUSES],
      ...more.sell,
      switches: {
        syncOrder: delivery.order,
        syncPageSize: delivery.pageSize,
        convertedLead: 'gone',
        ...more.sell?.switches,
      },
    },
    dotdigital: {
      ...more.dotdigital,
      switches: { listChangeBumpsUpdated: delivery.listsTouch, ...more.dotdigital?.switches },
    },
    settings: { ...both(), ...settings },
  });
}

/** Contacts and leads, with what is said of either. */
export function both(contacts: Settings = {}, leads: Settings = {}, rest: Settings = {}): Settings {
  return {
    contacts: { enabled: true, multipleMatch: 'email-and-names', ...contacts },
    leads: { enabled: true, multipleMatch: 'email-and-names', ...leads },
    ...rest,
  };
}

/** Leads alone. */
export function leadsOnly(leads: Settings = {}, rest: Settings = {}): Settings {
  return {
    contacts: { enabled: false },
    leads: { enabled: true, multipleMatch: 'email-and-names', ...leads },
    ...rest,
  };
}

export function leadIn(world: TwoAccounts, more: { readonly [name: string]: unknown } = {}): number {
  return world.sell.world.createLead({ first_name: 'Lea', last_name: 'Lead', email: EMAIL, status: 'New', ...more }).id;
}

export function contactIn(world: TwoAccounts, more: { readonly [name: string]: unknown } = {}): number {
  return world.sell.world.createContact({
    first_name: 'Lea',
    last_name: 'Lead',
    email: EMAIL,
    customer_status: 'current',
    ...more,
  }).id;
}

export const listOf = (status: string): string => `${PREFIX}${status}`;

/** Addresses on the list of a status. */
export function on(world: TwoAccounts, status: string): readonly (string | null | undefined)[] {
  return world.dotdigital.world.members(listOf(status)).map((id) => world.dotdigital.world.contact(id)?.email);
}

/** Statuses on whose lists an address is, sorted. */
export function listsOf(world: TwoAccounts, email: string = EMAIL): readonly string[] {
  const names = world.dotdigital.world.lists().filter(({ name }) => name.startsWith(PREFIX));
  return names
    .filter(({ id }) =>
      world.dotdigital.world.members(id).some((member) => world.dotdigital.world.contact(member)?.email === email),
    )
    .map(({ name }) => name.slice(PREFIX.length))
    .sort();
}

export function join(world: TwoAccounts, status: string, email: string = EMAIL): void {
  world.dotdigital.world.joinList(email, listOf(status));
}

export function leave(world: TwoAccounts, status: string, email: string = EMAIL): void {
  world.dotdigital.world.leaveList(email, listOf(status));
}

export function statusOf(world: TwoAccounts, lead: number): unknown {
  return world.sell.world.readLead(lead)?.['status'];
}

export const isThere = (world: TwoAccounts, email: string = EMAIL): boolean =>
  (world.dotdigital.world.contact(email)?.deletedAt ?? 1) === 0;

/** State of a record's newest link, with its reason: `severed D8`. */
export async function linkOf(world: TwoAccounts, role: 'contact' | 'lead', id: number): Promise<string> {
  const link = (await linksByCrm((await world.app()).store, 'acme', role, [String(id)])).at(-1);
  return link === undefined ? 'none' : link.because === null ? link.state : `${link.state} ${link.because}`;
}

/** Every link of the person's contact: `contact active`. */
export async function linksOfContact(world: TwoAccounts, email: string = EMAIL): Promise<readonly string[]> {
  const links = await linksByMarketing((await world.app()).store, 'acme', [String(contactOf(world, email).contactId)]);
  return links.map((link) => `${link.role} ${link.state}`).sort();
}

/** An alignment and a sync after it, so that everything written was read back. */
export async function settled(world: TwoAccounts): Promise<void> {
  await world.cycle('align');
  await world.cycle('sync');
}

export async function syncFully(world: TwoAccounts, more: Partial<CycleOptions> = {}): Promise<RunReport> {
  return world.cycle('sync', { full: true, ...more });
}

/** Decides what is parked, as the commands of those names do. @returns the run, where there is one */
export async function decide(world: TwoAccounts, how: 'approve' | 'reject', runId: string): Promise<RunReport | null> {
  const { config, engine } = await world.app();
  const [connection] = config.connections;
  if (connection === undefined) throw new Error('The configuration has a connection.');
  const wired = await engine(connection, { signal: new AbortController().signal });
  if (how === 'approve') return approve(wired, runId);
  await reject(wired, runId);
  return null;
}

/** The id of the run in which something waits. */
export async function parkedRun(world: TwoAccounts): Promise<string> {
  const runs = await listRuns((await world.app()).store, { states: ['parked'] });
  for (const { id } of runs) if ((await world.actions(id)).some(({ state }) => state === 'parked')) return id;
  throw new Error('Nothing is parked.');
}

/** The next syncs have nothing to do, a complete compare included. */
export async function expectDone(world: TwoAccounts): Promise<void> {
  for (const full of [false, true]) {
    const report = await world.cycle('sync', { full });
    const planned = (await world.actions(report.id)).filter(({ state }) => state !== 'parked');
    expect(
      planned.map(({ action, error }) => ({ row: action.row, kind: action.kind, changes: action.changes, error })),
    ).toEqual([]);
  }
}
