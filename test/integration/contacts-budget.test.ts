// How many calls a cycle may cost. (decision 9; the budgets of contact synchronisation)
import { afterEach, describe, expect, it } from 'vitest';
import type { RunReport } from '../../src/engine/report.ts';
import { type BusyAccounts, startBusyAccounts } from './busy-accounts.ts';

let world: BusyAccounts;
afterEach(() => world.stop());

const N = 230;

async function equalPairs(): Promise<void> {
  world = await startBusyAccounts({
    seed: 5,
    people: N,
    population: 'equal-pairs',
    settings: { profile: 'classic', contacts: { enabled: true, multipleMatch: 'email-and-names' } },
  });
}

function calls({ apiCalls }: RunReport): {
  readonly sell: number;
  readonly dotdigital: number;
  readonly writes: number;
} {
  const { crm, marketing } = apiCalls;
  return {
    sell: crm.reads + crm.writes,
    dotdigital: marketing.reads + marketing.writes,
    writes: crm.writes + marketing.writes,
  };
}

describe('calls', () => {
  it('4.8: aligning N equal pairs writes nothing and makes no data field', async () => {
    await equalPairs();
    const fields = world.dotdigital.world.dataFields().length;
    const report = await world.cycle('align');
    expect(report.state).toBe('ok');
    expect(report.actions.total).toBe(0);
    expect(calls(report).writes).toBe(0);
    expect(world.dotdigital.world.dataFields()).toHaveLength(fields);
    expect(world.dotdigital.requests.read().writes).toBe(0);
  });

  it('decision 9: a cycle with nothing to do costs at most two calls to Sell and three to Dotdigital', async () => {
    await equalPairs();
    await world.cycle('align');
    await world.cycle('sync');
    world.dotdigital.requests.reset();
    const quiet = calls(await world.cycle('sync'));
    expect(quiet.sell).toBeLessThanOrEqual(2);
    expect(quiet.dotdigital).toBeLessThanOrEqual(3);
    expect(quiet.writes).toBe(0);
  });

  it('N contacts changed in Sell: two calls a hundred and two more; one import and its questions', async () => {
    await equalPairs();
    await world.cycle('align');
    await world.cycle('sync');
    for (const { id, is_organization } of await world.sellRecords('contacts'))
      if (!is_organization) world.sell.world.updateContact(id, { last_name: `Changed ${String(id)}` });
    world.dotdigital.requests.reset();
    const report = await world.cycle('sync');
    expect(report.actions.total).toBe(N);
    expect(calls(report).sell).toBeLessThanOrEqual(2 * Math.ceil(N / 100) + 2);
    const { byRoute } = world.dotdigital.requests.read();
    expect(byRoute['PUT /contacts/v3/import']).toBe(1);
    const polls = Object.entries(byRoute)
      .filter(([route]) => route.startsWith('GET /contacts/v3/import/'))
      .reduce((sum, [, count]) => sum + count, 0);
    // The quiet ones, the data field for the ids, one look whether the contacts are still there (D13), and the import.
    expect(calls(report).dotdigital - polls).toBeLessThanOrEqual(3 + 1 + 1 + 1);
  });

  it('N contacts changed in Dotdigital: N writes to Sell and no more than two reads of theirs beyond the quiet ones', async () => {
    await equalPairs();
    await world.cycle('align');
    await world.cycle('sync');
    const quiet = calls(await world.cycle('sync'));
    for (const { contactId } of world.dotdigital.world.contacts())
      world.dotdigital.world.editContact(contactId, { fields: { LASTNAME: `Changed ${String(contactId)}` } });
    const report = await world.cycle('sync');
    expect(report.apiCalls.crm.writes).toBe(N);
    expect(report.apiCalls.crm.reads).toBeLessThanOrEqual(quiet.sell);
    expect(calls(report).dotdigital).toBeLessThanOrEqual(quiet.dotdigital + Math.ceil(N / 5000) + 2);
    expect(report.apiCalls.marketing.writes).toBe(0);
  });
});
