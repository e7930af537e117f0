// The scheduler over a real database and both simulated services, with hours that pass when the test says so.
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Nightly } from '../../src/engine/nightly.ts';
import { createLog } from '../../src/jobs/log.ts';
import { type Scheduler, startScheduler } from '../../src/jobs/scheduler.ts';
import { ensureConnection, updateConnection } from '../../src/store/connections.ts';
import { acquireLease, releaseLease } from '../../src/store/leases.ts';
import { insertRun, listRuns, type StoredRun } from '../../src/store/runs.ts';
import { startTwoAccounts, type TwoAccounts } from '../integration/two-accounts.ts';
import { ManualClock } from './manual-clock.ts';

const HOUR = 3_600_000;

interface Event {
  readonly level: string;
  readonly msg: string;
  readonly connection?: string;
  readonly state?: string;
}

let world: TwoAccounts;
let clock: ManualClock;
let events: Event[];
let stop: AbortController;
let scheduler: Scheduler | null;
let waiting: Set<() => void>;
let paused: Set<string>;

beforeEach(async () => {
  world = await startTwoAccounts();
  world.sell.world.createContact({ first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.com' });
  clock = new ManualClock();
  events = [];
  waiting = new Set();
  paused = new Set();
  stop = new AbortController();
  scheduler = null;
});
afterEach(async () => {
  stop.abort();
  await scheduler?.done;
  await world.stop();
});

async function start(
  more: { readonly names?: readonly string[]; readonly concurrency?: number; readonly nightly?: Nightly } = {},
): Promise<void> {
  const app = await world.app();
  const [connection] = app.config.connections;
  if (connection === undefined) throw new Error('The configuration has a connection.');
  const log = createLog(
    {
      write: (line) => {
        events.push(JSON.parse(line) as Event);
        for (const look of waiting) look();
      },
    },
    'info',
  );
  scheduler = startScheduler({
    store: app.store,
    connections: async () =>
      (more.names ?? ['acme']).map((name) => ({
        name,
        everyMs: HOUR,
        nightly: more.nightly ?? null,
        paused: paused.has(name),
      })),
    engine: async (name, signal) => {
      if (name !== connection.name) throw new Error(`There is no connection ${name}.`);
      const engine = await app.engine(connection, { signal });
      // The engine lives by the same clock as the schedule.
      return { ...engine, now: () => new Date(clock.now()).toISOString() };
    },
    clock,
    log,
    concurrency: more.concurrency ?? 2,
    signal: stop.signal,
    stopWithinMs: 5000,
  });
}

/** Resolves once the log has `count` events with these words. */
function logged(words: string, count = 1): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (events.filter(({ msg }) => msg.includes(words)).length < count) return;
      waiting.delete(look);
      resolve();
    };
    waiting.add(look);
    look();
  });
}

/** Resolves once the scheduler has looked again and is waiting. @returns when the first connection is due */
async function settled(): Promise<number> {
  for (;;) {
    const [state] = scheduler?.states() ?? [];
    if (state?.standing === 'waiting' && state.dueAt !== null && state.dueAt > clock.now()) return state.dueAt;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function runs(): Promise<readonly StoredRun[]> {
  return listRuns((await world.app()).store, { kinds: ['sync'] });
}

function stored(state: StoredRun['state'], startedAt: number): StoredRun {
  const at = new Date(startedAt).toISOString();
  const finishedAt = state === 'running' ? null : at;
  return {
    id: randomUUID(),
    connection: 'acme',
    kind: 'sync',
    state,
    startedAt: at,
    finishedAt,
    counters: {},
    apiCalls: {},
    error: null,
    options: {},
  };
}

describe('a connection on schedule', () => {
  it('decision 13: waits until it is aligned, says so once, then runs each hour', async () => {
    await start();
    await logged('not aligned yet');
    await clock.idle();
    clock.pass(60_000);
    await clock.idle();
    expect(events.filter(({ msg }) => msg.includes('not aligned yet'))).toHaveLength(1);
    expect(await runs()).toEqual([]);
    await world.cycle('align');
    clock.pass(HOUR);
    await logged('synchronised');
    expect(events.map(({ msg }) => msg)).toContain('aligned: runs on schedule from now on');
    await clock.idle();
    clock.pass(HOUR);
    await logged('synchronised', 2);
    expect((await runs()).map(({ state }) => state)).toEqual(['ok', 'ok']);
  });

  it('makes up for a day of missed times with one run', async () => {
    await world.cycle('align');
    clock.pass(24 * HOUR);
    await start();
    await logged('synchronised');
    const due = await settled();
    expect(due - clock.now()).toBeLessThanOrEqual(HOUR);
    expect(await runs()).toHaveLength(1);
  });

  it('takes a run that died up at once', async () => {
    await world.cycle('align');
    const { store } = await world.app();
    clock.pass(30_000);
    await insertRun(store, stored('running', clock.now()));
    clock.pass(1000);
    await start();
    await logged('synchronised');
    expect((await runs()).map(({ state }) => state).sort()).toEqual(['interrupted', 'ok']);
  });
});

describe('R20: the nightly comparison', () => {
  const verified = async () => listRuns((await world.app()).store, { kinds: ['verify'] });

  it('runs once a night, between two cycles, writes nothing, and its drift shows in runs and status', async () => {
    const fields = ['first_name', 'last_name'].map((sell) => ({
      sell,
      dotdigital: sell.replace('_', '').toUpperCase(),
    }));
    await world.configure({
      contacts: { enabled: true, multipleMatch: 'email', fields, alignment: { winner: 'fill-blanks' } },
    });
    // Left as it is by the alignment: nobody but a comparison tells of it.
    world.dotdigital.world.addContact({ email: 'ada@example.com', fields: { FIRSTNAME: 'Augusta', LASTNAME: 'King' } });
    await world.cycle('align');
    clock.pass(25 * HOUR);
    await start({ nightly: { at: { hour: 0, minute: 0 }, timeZone: 'UTC' } });
    await logged('synchronised');
    await clock.idle();
    clock.pass(60_000);
    await logged('compared: both sides differ');
    expect((await runs()).map(({ state }) => state)).toEqual(['ok']);
    await clock.idle();
    clock.pass(HOUR);
    await logged('synchronised', 2);
    expect(await verified()).toHaveLength(1);
    await clock.idle();
    clock.pass(24 * HOUR);
    await logged('synchronised', 3);
    await clock.idle();
    clock.pass(60_000);
    await logged('compared: both sides differ', 2);
    for (const { apiCalls, error } of await verified()) {
      expect(apiCalls).toMatchObject({ crm: { writes: 0 }, marketing: { writes: 0 } });
      expect(error).toBe('2 differences that nothing explains.');
    }
    expect((await world.words('status')).stdout).toContain('2 differences that nothing explains.');
    expect(await world.lockstep('status')).toMatchObject({
      json: { connections: [{ lastVerify: { state: 'ok', message: '2 differences that nothing explains.' } }] },
    });
  });
});

describe('trouble', () => {
  it('an aborted run is told, tried again after a minute, and does not end the scheduler', async () => {
    await world.cycle('align');
    clock.pass(HOUR);
    await world.configure({ dotdigital: { password: 'wrong' } });
    await start();
    await logged('not synchronised');
    expect(await settled()).toBe(Date.parse((await runs())[0]?.finishedAt ?? '') + 60_000);
    clock.pass(60_000);
    await logged('not synchronised', 2);
    expect(await settled()).toBe(Date.parse((await runs())[0]?.finishedAt ?? '') + 120_000);
    expect((await runs()).map(({ state }) => state)).toEqual(['aborted', 'aborted']);
  });

  it('R16: leaves a connection alone while another process has it', async () => {
    await world.cycle('align');
    clock.pass(HOUR);
    const { store } = await world.app();
    const at = new Date(clock.now()).toISOString();
    const lease = await acquireLease(store, 'acme', 'another process', 600_000, at);
    await start();
    await logged('another run has the connection');
    expect(await runs()).toEqual([]);
    await releaseLease(store, 'acme', lease?.token ?? 0);
    await clock.idle();
    clock.pass(60_000);
    await logged('synchronised');
  });

  it('one connection that cannot be set up keeps none of the others from running', async () => {
    await world.cycle('align');
    const { store } = await world.app();
    const now = new Date(clock.now()).toISOString();
    await ensureConnection(store, { name: 'unknown', replica: randomUUID(), now });
    await updateConnection(store, 'unknown', { alignedAt: now });
    clock.pass(HOUR);
    await start({ names: ['unknown', 'acme'], concurrency: 1 });
    await logged('synchronised');
    expect(events.find(({ msg }) => msg.includes('the cycle failed'))).toMatchObject({
      level: 'error',
      connection: 'unknown',
    });
    expect(await runs()).toMatchObject([{ connection: 'acme', state: 'ok' }]);
  });
});

describe('stopping', () => {
  it('breaks a cycle off; the next start goes on where it ended', async () => {
    await world.cycle('align');
    clock.pass(HOUR);
    for (let n = 0; n < 40; n += 1) {
      world.sell.world.createContact({ first_name: `P${n}`, last_name: 'Erson', email: `p${n}@example.com` });
    }
    await start();
    while ((await runs()).length === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    await scheduler?.done;
    const [first] = await runs();
    expect(['interrupted', 'ok']).toContain(first?.state);
    stop = new AbortController();
    clock.pass(HOUR);
    await start();
    await logged('synchronised');
    expect(world.dotdigital.world.contact('p39@example.com')).toBeDefined();
    expect((await world.cycle('sync')).actions.total).toBe(0);
  });
});

describe('the log', () => {
  it('never shows a credential, wherever it stands', () => {
    const lines: string[] = [];
    const log = createLog({ write: (line) => void lines.push(line) }, 'info');
    log.info({ password: 's3cret', sell: { accessToken: 's3cret' }, a: { b: { refreshToken: 's3cret' } } }, 'said');
    expect(lines.join('')).not.toContain('s3cret');
    expect(lines.join('')).toContain('(hidden)');
  });
});
