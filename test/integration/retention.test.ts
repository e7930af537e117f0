// What is kept long enough is forgotten, once a day; what still matters stays. (retention)
import { afterEach, expect, it } from 'vitest';
import { runCycle } from '../../src/engine/cycle.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { linksByCrm } from '../../src/store/links.ts';
import { listRuns } from '../../src/store/runs.ts';
import { startTwoAccounts, type TwoAccounts } from './two-accounts.ts';

const DAY = 86_400_000;

let world: TwoAccounts;
afterEach(() => world.stop());

/** One ordinary cycle, so many days from now. */
async function cycleIn(days: number): Promise<string> {
  const { config, engine, store } = await world.app();
  const [connection] = config.connections;
  if (connection === undefined) throw new Error('The configuration has a connection.');
  const wired: Engine = await engine(connection, { signal: new AbortController().signal });
  const now = (): string => new Date(Date.now() + days * DAY).toISOString();
  await runCycle({ ...wired, now }, { kind: 'sync', only: null, full: false });
  return (await listRuns(store, { limit: 100 })).map(({ kind }) => kind).join(' ');
}

it('runs and tombstones go after their time; holds that wait stay', async () => {
  world = await startTwoAccounts({
    settings: {
      contacts: { enabled: true, multipleMatch: 'email', delete: 'ignore' },
      retention: { history: '10d', tombstones: '30d' },
    },
  });
  const names = { first_name: 'Ann', last_name: 'Archer' };
  const gone = world.sell.world.createContact({ ...names, email: 'gone@example.com' });
  world.sell.world.createContact({ ...names, first_name: '', email: 'held@example.com' });
  await world.cycle('align');
  world.sell.world.deleteContact(gone.id);
  await world.cycle('sync');
  const tombstones = async () =>
    (await linksByCrm((await world.app()).store, 'acme', 'contact', [String(gone.id)])).length;
  expect(await cycleIn(5)).toBe('sync sync align');
  expect(await cycleIn(11)).toBe('sync sync');
  expect(await tombstones()).toBe(1);
  await cycleIn(31);
  expect(await tombstones()).toBe(0);
  expect(await world.lockstep('holds')).toMatchObject({ json: { holds: [{ code: 'NAME_MISSING' }] } });
});
