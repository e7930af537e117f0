// The consent ledger on the command line: a person's history, and the proof that nobody changed it.

import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTwoAccounts, type TwoAccounts } from '../integration/two-accounts.ts';

let world: TwoAccounts;
beforeEach(async () => {
  world = await startTwoAccounts({
    settings: {
      consent: {
        enabled: true,
        direction: 'bi-directional',
        contacts: { tags: { optIn: ['newsletter'], optOut: ['unsubscribed'] }, default: 'none' },
      },
    },
  });
  const ada = world.sell.world.createContact({
    first_name: 'Ada',
    last_name: 'Lovelace',
    email: 'ada@example.com',
    customer_status: 'current',
  });
  await world.cycle('align');
  await world.cycle('sync');
  world.sell.world.updateContact(ada.id, { tags: ['unsubscribed'] });
  await world.cycle('sync');
});
afterEach(() => world.stop());

interface Ledger {
  readonly ledger: readonly { readonly written: string | null }[];
}

it('O1: tells who said what, when, and what was written because of it', async () => {
  const { code, json } = await world.lockstep('ledger', 'ADA@example.com');
  expect(code).toBe(0);
  const { ledger } = json as Ledger;
  expect(ledger.at(-1)).toMatchObject({
    row: 'O1',
    system: 'sell',
    state: 'optedOut',
    signal: 'tag unsubscribed',
  });
  expect(ledger.at(-1)?.written).toMatch(/unsubscribed in Dotdigital/);
  const { stdout } = await world.words('ledger', 'ada@example.com');
  expect(stdout).toMatch(/O1 +Sell +opted out \(tag unsubscribed/);
  const explained = await world.lockstep('explain', 'ada@example.com');
  const { consent } = explained.json as {
    readonly consent: { readonly state: string; readonly history: readonly unknown[] };
  };
  expect(consent.state).toBe('optedOut');
  expect(consent.history.length).toBe(ledger.length);
});

it('verify: finds the entry that was changed, and says so with exit 3', async () => {
  expect((await world.lockstep('ledger', 'verify')).json).toMatchObject({ ok: true, ledger: [{ type: 'sound' }] });
  const { store } = await world.app();
  await sql`update ledger set state = 'optedIn' where seq = (select max(seq) from ledger)`.execute(store.db);
  const { code, json } = await world.lockstep('ledger', 'verify');
  expect(code).toBe(3);
  expect(json).toMatchObject({ ok: false, ledger: [{ type: 'broken' }] });
});

it('export: gives an auditor every entry with the chain, as JSON and as CSV', async () => {
  const { json } = await world.lockstep('ledger', 'export');
  const { ledger } = json as { readonly ledger: readonly { readonly previous: string; readonly hash: string }[] };
  expect(ledger.length).toBeGreaterThan(1);
  for (const [index, entry] of ledger.entries()) expect(entry.previous).toBe(ledger[index - 1]?.hash ?? '');
  const { stdout } = await world.words('ledger', 'export', '--csv');
  const [head, ...lines] = stdout.trimEnd().split('\n');
  expect(head).toMatch(/^seq,at,connection,email,system,.*,previous,digest,hash$/);
  expect(lines).toHaveLength(ledger.length);
});
