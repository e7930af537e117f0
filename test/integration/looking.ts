// What tests ask of a pair of accounts after a cycle: holds, decided rows, contacts. Reads only; decides nothing.
import { expect } from 'vitest';
import type { WorldContact } from '../../sandbox/dotdigital/world-view.ts';
import type { HoldCode } from '../../src/core/model/hold.ts';
import { listHolds, type StoredHold } from '../../src/store/holds.ts';
import { linksByCrm, type StoredLink } from '../../src/store/links.ts';
import { notesOfRun } from '../../src/store/notes.ts';
import type { TwoAccounts } from './two-accounts.ts';

/** Open and waiting holds. */
export async function openHoldsOf(world: TwoAccounts): Promise<readonly StoredHold[]> {
  return listHolds((await world.app()).store, { connection: world.connection, limit: 10_000 });
}

/** Codes of the open holds, sorted; of one address where one is given. */
export async function codes(world: TwoAccounts, email?: string): Promise<readonly HoldCode[]> {
  const holds = await openHoldsOf(world);
  return holds
    .filter((hold) => email === undefined || hold.email?.toLowerCase() === email)
    .map((hold) => hold.code)
    .sort();
}

/** The living links of a Sell record. */
export async function linksOf(
  world: TwoAccounts,
  id: number,
  role: 'contact' | 'lead' = 'contact',
): Promise<readonly StoredLink[]> {
  return linksByCrm((await world.app()).store, world.connection, role, [String(id)]);
}

/** Rows that decided the writes of a run, with what they wrote: `C5 update marketing`. */
export async function decided(world: TwoAccounts, runId: string): Promise<readonly string[]> {
  return (await world.actions(runId))
    .map(({ action, state }) => `${action.row} ${action.kind} ${action.system}${state === 'done' ? '' : ` (${state})`}`)
    .sort();
}

/** Rows of the notes of a run. */
export async function notedRows(world: TwoAccounts, runId: string): Promise<readonly string[]> {
  return (await notesOfRun((await world.app()).store, runId, { limit: 5000 })).map((note) => note.row).sort();
}

/** The Dotdigital contact with this address, or an error that says there is none. */
export function contactOf(world: TwoAccounts, email: string): WorldContact {
  const contact = world.dotdigital.world.contact(email);
  if (contact === undefined || contact.deletedAt > 0) throw new Error(`Dotdigital has no contact ${email}.`);
  return contact;
}

/** Addresses of all Dotdigital contacts. */
export function addressesIn(world: TwoAccounts): readonly (string | null)[] {
  return [...world.dotdigital.world.contacts()].map((contact) => contact.email).sort();
}

/** (decision 9, C31) One more sync: it plans nothing and writes nothing. */
export async function expectQuiet(world: TwoAccounts): Promise<void> {
  const report = await world.cycle('sync');
  const planned = (await world.actions(report.id)).map(({ action, state }) => ({
    row: action.row,
    state,
    email: action.email,
    changes: action.changes,
  }));
  expect(planned).toEqual([]);
  expect(report.apiCalls.crm.writes + report.apiCalls.marketing.writes).toBe(0);
}
