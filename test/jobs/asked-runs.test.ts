// Runs that somebody asked for, by way of the database: done once, taken up where a worker went, given up in the open. (R16)
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AskedWork, laneOfAsked } from '../../src/jobs/asked-work.ts';
import { createLog } from '../../src/jobs/log.ts';
import { doNextAsked } from '../../src/jobs/postgres/asked-runs.ts';
import type { EngineFor } from '../../src/jobs/scheduler.ts';
import { askedRun, askedRunOf, askForRun, cancelAskedRun, tellDueRuns } from '../../src/store/asked-runs.ts';
import type { Store } from '../../src/store/executor.ts';
import { deadLetters } from '../../src/store/job-failures.ts';
import { acquireLease, releaseLease } from '../../src/store/leases.ts';
import { getRun, listRuns } from '../../src/store/runs.ts';
import { startTwoAccounts, type TwoAccounts } from '../integration/two-accounts.ts';
import { engineOf } from '../integration/undoing.ts';
import { ManualClock } from './manual-clock.ts';

const HOUR_MS = 3_600_000;
const ALIGN: AskedWork = { type: 'cycle', options: { kind: 'align', only: null, full: false } };
const LOG = createLog({ write: () => {} }, 'info');

let world: TwoAccounts;
let store: Store;
let clock: ManualClock;

beforeEach(async () => {
  world = await startTwoAccounts();
  world.sell.world.createContact({ first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.com' });
  ({ store } = await world.app());
  clock = new ManualClock();
});
afterEach(() => world.stop());

async function ask(id: string, what: AskedWork): Promise<boolean> {
  const askedAt = new Date(clock.now()).toISOString();
  return askForRun(store, { id, connection: 'acme', lane: laneOfAsked(what), what, askedAt });
}

/** One look of a worker. */
function work(lane: 'asked' | 'align', ending: AbortController | null = null): Promise<void> {
  const { signal } = ending ?? new AbortController();
  const engine: EngineFor = async (_name, ended, _purpose, nextRunId) => ({
    ...(await engineOf(world, ended)),
    ...(nextRunId == null ? {} : { nextRunId }),
    ...(ending === null ? {} : { progress: () => ending.abort() }),
  });
  return doNextAsked({ store, engine, clock, log: LOG, signal }, 'acme', lane);
}

describe('a run that somebody asked for', () => {
  it('is told to one worker, done under its id, and asked for once', async () => {
    expect(await ask('first', ALIGN)).toBe(true);
    expect(await ask('second', ALIGN)).toBe(false);
    const times = {
      now: new Date(clock.now()).toISOString(),
      toldBefore: new Date(clock.now() - 20_000).toISOString(),
    };
    const told = await Promise.all([tellDueRuns(store, times, 10), tellDueRuns(store, times, 10)]);
    expect(told.flat()).toEqual([{ connection: 'acme', lane: 'align' }]);
    // Not of this lane.
    await work('asked');
    expect(await getRun(store, 'first')).toBeNull();
    await work('align');
    expect(await getRun(store, 'first')).toMatchObject({ kind: 'align', state: 'ok' });
    expect(world.dotdigital.world.contact('ada@example.com')).toBeDefined();
    expect(await askedRun(store, 'first')).toBeNull();
  });

  it('is due at once, however far ahead the clock of the process is that was asked for it', async () => {
    const now = clock.now();
    clock.pass(HOUR_MS);
    await ask('ahead', ALIGN);
    const times = { now: new Date(now).toISOString(), toldBefore: new Date(now - 20_000).toISOString() };
    expect(await tellDueRuns(store, times, 10)).toEqual([{ connection: 'acme', lane: 'align' }]);
    expect((await askedRunOf(store, 'acme', times.now))?.id).toBe('ahead');
  });

  it('waits for the run that has the connection', async () => {
    await ask('later', ALIGN);
    const now = new Date(clock.now()).toISOString();
    const lease = await acquireLease(store, 'acme', 'somebody', HOUR_MS, now);
    await work('align');
    expect(await askedRun(store, 'later')).toMatchObject({ tries: 0 });
    await releaseLease(store, 'acme', lease?.token ?? 0);
    clock.pass(5_000);
    await work('align');
    expect(await getRun(store, 'later')).toMatchObject({ state: 'ok' });
  });

  it('is done by another worker when the first one is told to end in the middle of it', async () => {
    await ask('cut', ALIGN);
    const ending = new AbortController();
    await work('align', ending);
    expect((await listRuns(store, { connection: 'acme' })).map(({ state }) => state)).toEqual(['interrupted']);
    await work('align');
    expect((await listRuns(store, { connection: 'acme' })).map(({ state }) => state)).toContain('ok');
    expect(await askedRun(store, 'cut')).toBeNull();
  });

  it('is not done when nobody wants it any more', async () => {
    await ask('unwanted', ALIGN);
    await cancelAskedRun(store, 'unwanted');
    await work('align');
    expect([await getRun(store, 'unwanted'), await askedRun(store, 'unwanted')]).toEqual([null, null]);
  });

  it('that fails again and again is given up where everybody sees it, with no address in its words', async () => {
    await ask('hopeless', { type: 'undo', run: 'of-somebody@example.com', preview: false });
    for (let tries = 0; tries < 8; tries += 1) {
      expect(await deadLetters(store)).toEqual([]);
      await work('asked');
      clock.pass(HOUR_MS);
    }
    expect(await askedRun(store, 'hopeless')).toBeNull();
    expect(await deadLetters(store)).toMatchObject([
      { connection: 'acme', work: 'asked', failures: 8, reason: 'Run (address) is no longer known.' },
    ]);
    const { json, stdout } = await world.lockstep('status');
    expect(json).toMatchObject({ connections: [{ deadLetters: [{ work: 'asked', failures: 8 }] }] });
    expect(stdout).not.toContain('somebody@');
    expect((await world.words('status')).stdout).toContain('Keeps failing');
  });
});
