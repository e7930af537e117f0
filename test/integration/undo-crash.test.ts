// The real undo killed with -9 at many moments, then run again or followed by a sync: the same end as undisturbed. (contract 6)
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { expectQuiet } from './looking.ts';
import { startTwoAccounts, type TwoAccounts } from './two-accounts.ts';
import { command, dump, type Worlds } from './undoing.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');
const PEOPLE = 12;

let world: TwoAccounts;
afterEach(() => world.stop());

/** Runs `undo --yes` in a process of its own, killed at the n-th request that both services get. */
async function undoKilledAt(runId: string, moment: number, wait: number): Promise<NodeJS.Signals | null> {
  const child: ChildProcess = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      MAIN,
      '--config',
      join(world.folder, 'lockstep.yaml'),
      '--json',
      '--quiet',
      'undo',
      runId,
      '--yes',
    ],
    { stdio: 'ignore', env: { PATH: process.env['PATH'] } },
  );
  let requests = 0;
  const count = (): void => {
    requests += 1;
    if (requests === moment) setTimeout(() => child.kill('SIGKILL'), wait);
  };
  const servers = [world.sell.app.server, world.dotdigital.app.server];
  for (const server of servers) server.prependListener('request', count);
  const [, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  for (const server of servers) server.off('request', count);
  return signal;
}

/** Values differ both ways, so that the alignment writes to both sides, creates on both sides and moves lists. */
async function alignedPeople(): Promise<{ readonly before: Worlds; readonly runId: string }> {
  world = await startTwoAccounts({
    settings: {
      contacts: {
        enabled: true,
        multipleMatch: 'email-and-names',
        fields: [
          { sell: 'first_name', dotdigital: 'FIRSTNAME' },
          { sell: 'last_name', dotdigital: 'LASTNAME' },
          { sell: 'address.city', dotdigital: 'CITY' },
          { sell: 'customer_status', dotdigital: 'CUSTOMER_STATUS' },
        ],
      },
      leads: { enabled: true, multipleMatch: 'email-and-names' },
    },
    sell: { leadStatuses: ['New', 'Working'] },
  });
  const { sell, dotdigital } = world;
  for (const field of ['CITY', 'CUSTOMER_STATUS']) dotdigital.world.createDataField(field, 'String');
  for (let n = 0; n < PEOPLE; n += 1) {
    const names = { first_name: `A${n}`, last_name: 'Both' };
    sell.world.createContact({ ...names, email: `both${n}@example.com`, customer_status: 'current' });
    dotdigital.world.addContact({
      email: `both${n}@example.com`,
      fields: { FIRSTNAME: 'Other', LASTNAME: 'Both', CITY: 'York' },
    });
    if (n % 3 === 0) sell.world.createContact({ ...names, email: `sell${n}@example.com`, customer_status: 'past' });
    if (n % 3 === 1)
      dotdigital.world.addContact({
        email: `dd${n}@example.com`,
        fields: { FIRSTNAME: 'D', LASTNAME: 'Only', CUSTOMER_STATUS: 'current' },
      });
    if (n % 3 === 2) sell.world.createLead({ ...names, email: `both${n}@example.com`, status: 'Working' });
  }
  const before = await dump(world);
  const aligned = await world.cycle('align');
  expect(aligned.failures).toEqual([]);
  return { before, runId: aligned.id };
}

describe('undo killed with -9', { timeout: 180_000 }, () => {
  it('contract 6, decision 27: run again, it leaves both worlds as they were and nothing is pushed', async () => {
    const { before, runId } = await alignedPeople();
    let killed = 0;
    for (const [moment, wait] of [
      [8, 0],
      [12, 2],
      [14, 0],
      [18, 1],
      [9, 20],
    ] as const) {
      if ((await undoKilledAt(runId, moment, wait)) === 'SIGKILL') killed += 1;
    }
    expect(killed).toBeGreaterThan(2);
    const { code, run } = await command(world, 'undo', runId, '--yes');
    expect([code, run.skipped]).toEqual([0, []]);
    expect(await dump(world)).toEqual(before);
    await expectQuiet(world);
    await expectQuiet(world);
    expect(await dump(world)).toEqual(before);
  });

  it('contract 6, decision 27: a sync right after the kill takes nothing that went back for an edit', async () => {
    for (const [moment, wait] of [
      [11, 0],
      [14, 1],
      [17, 0],
      [20, 3],
    ] as const) {
      const { before, runId } = await alignedPeople();
      expect(await undoKilledAt(runId, moment, wait), `at request ${moment}`).toBe('SIGKILL');
      const left = await dump(world);
      await world.cycle('sync');
      await world.cycle('sync');
      // Whatever the dead undo took back in one system is not carried into the other one.
      expect(await dump(world)).toEqual(left);
      await world.lockstep('undo', runId, '--yes');
      expect(await dump(world)).toEqual(before);
      await world.stop();
    }
    await alignedPeople();
  });
});
