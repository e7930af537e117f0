// R4: whole runs against a Dotdigital whose finished jobs name nobody: only the status of an import or a delete is promised.
import { afterEach, describe, expect, it } from 'vitest';
import { addressesIn, contactOf, expectQuiet } from './looking.ts';
import { startTwoAccounts, type TwoAccounts } from './two-accounts.ts';
import { undoRun } from './undoing.ts';

let world: TwoAccounts;
afterEach(() => world.stop());

const TAGS = { optIn: ['in'], optOut: ['out'] };

async function start(importReport: 'counted' | 'failures', suppressedShown = true): Promise<void> {
  world = await startTwoAccounts({
    settings: {
      contacts: { enabled: true, multipleMatch: 'email' },
      consent: {
        enabled: true,
        direction: 'bi-directional',
        contacts: { tags: TAGS, default: 'none' },
        leads: { tags: TAGS, default: 'none' },
      },
      allowNonCustomer: true,
    },
    dotdigital: { switches: { importReport, suppressedShown } },
  });
}

function person(name: string, tags: readonly string[] = []): number {
  const { id } = world.sell.world.createContact({
    first_name: name,
    last_name: 'Smith',
    email: `${name}@example.com`,
    customer_status: 'current',
    tags: [...tags],
  });
  return id;
}

describe.each(['counted', 'failures'] as const)('R4: a finished import that tells %s alone', (importReport) => {
  it('C1, C5: creates and updates end ok, agree, and are quiet afterwards', async () => {
    await start(importReport);
    const [ada] = [person('ada'), person('bob', ['out'])];
    for (const [at, name] of Array.from({ length: 25 }, (_, at) => [at, `many${at}`] as const))
      person(name, at % 5 === 0 ? ['out'] : []);
    world.dotdigital.world.addContact({ email: 'bob@example.com', fields: { FIRSTNAME: 'Bobby', LASTNAME: 'Smith' } });
    expect((await world.cycle('align')).state).toBe('ok');
    expect(contactOf(world, 'bob@example.com')).toMatchObject({
      emailStatus: 'unsubscribed',
      fields: { FIRSTNAME: 'bob' },
    });
    expect(addressesIn(world)).toHaveLength(27);
    await expectQuiet(world);
    world.sell.world.updateContact(ada, { last_name: 'Lovelace' });
    person('cy');
    expect((await world.cycle('sync')).state).toBe('ok');
    expect(contactOf(world, 'ada@example.com').fields['LASTNAME']).toBe('Lovelace');
    await expectQuiet(world);
    await expectQuiet(world);
  });

  it('O1: writes to contacts that are not shown because they left are done once', async () => {
    await start(importReport, false);
    const [ada] = [person('ada'), person('new', ['out'])];
    expect((await world.cycle('align')).state).toBe('ok');
    await expectQuiet(world);
    world.sell.world.updateContact(ada, { tags: ['out'], last_name: 'Lovelace' });
    expect((await world.cycle('sync')).state).toBe('ok');
    expect(contactOf(world, 'ada@example.com')).toMatchObject({
      emailStatus: 'unsubscribed',
      fields: { LASTNAME: 'Lovelace' },
    });
    await expectQuiet(world);
    world.sell.world.updateContact(ada, { last_name: 'Byron' });
    expect((await world.cycle('sync')).state).toBe('ok');
    expect(contactOf(world, 'ada@example.com').fields['LASTNAME']).toBe('Byron');
    await expectQuiet(world);
  });

  it('D1: a delete that names nobody ends ok', async () => {
    await start(importReport);
    const [ada] = [person('ada'), person('bob')];
    await world.cycle('align');
    world.sell.world.deleteContact(ada);
    expect((await world.cycle('sync')).state).toBe('ok');
    expect(addressesIn(world)).toEqual(['bob@example.com']);
    await expectQuiet(world);
  });

  it('decision 27: undo deletes only whom the run surely made', async () => {
    await start(importReport);
    person('ada');
    await world.cycle('align');
    person('bob');
    const run = await world.cycle('sync');
    const { report, skipped } = await undoRun(world, run.id);
    expect(report.failures).toEqual([]);
    if (importReport === 'counted') {
      expect(addressesIn(world)).toEqual(['ada@example.com']);
      expect(skipped).toEqual([]);
    } else {
      expect(addressesIn(world)).toEqual(['ada@example.com', 'bob@example.com']);
      expect(skipped.map(({ why }) => why)).toEqual([
        'stays: it may have been in Dotdigital already when the run wrote it, so that what it held before is not known',
      ]);
    }
  });
});

it('S25: what a finished import refuses is held or tried again although nobody else is named', async () => {
  await start('failures');
  const [ada] = [person('ada'), person('bob')];
  await world.cycle('align');
  world.dotdigital.world.addContact({ email: 'taken@example.com' });
  world.sell.world.updateContact(ada, { email: 'taken@example.com' });
  person('cy');
  const report = await world.cycle('sync');
  expect(report.state).toBe('ok_with_holds');
  expect(addressesIn(world)).toContain('cy@example.com');
});
