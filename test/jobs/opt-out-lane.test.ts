// The opt-out lane of `serve`: minutes that pass when the test says so, between both simulated services.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import type { OptOutPoll } from '../../src/engine/opt-out-lane.ts';
import { pollOptOuts } from '../../src/engine/opt-out-lane.ts';
import { createLog } from '../../src/jobs/log.ts';
import { openOptOutLanes, POLL_EVERY_MS } from '../../src/jobs/opt-out-lane.ts';
import { acquireLease, releaseLease } from '../../src/store/leases.ts';
import { listRuns } from '../../src/store/runs.ts';
import { ADA, person, startConsent, wordOf } from '../integration/consent-people.ts';
import type { TwoAccounts } from '../integration/two-accounts.ts';
import { engineOf } from '../integration/undoing.ts';
import { ManualClock } from './manual-clock.ts';

let world: TwoAccounts;
let clock: ManualClock;
let stop: AbortController;
let lanes: Promise<void> | null;
/** Those that the lane asked with. */
let engines: Engine[];
let said: { readonly level: string; readonly msg: string }[];

beforeEach(async () => {
  world = await startConsent({ more: { leads: { enabled: true, multipleMatch: 'email-and-names' } } });
  world.sell.world.createContact({ ...person, tags: ['newsletter', 'vip'] });
  world.sell.world.createLead({ first_name: 'Ada', last_name: 'Lovelace', email: ADA, status: 'New' });
  await world.cycle('align');
  await world.cycle('sync');
  clock = new ManualClock();
  stop = new AbortController();
  lanes = null;
  said = [];
  engines = [];
});
afterEach(async () => {
  stop.abort();
  await lanes;
  await world.stop();
});

/** Starts the lane; each call lets a minute pass and waits until the lane sleeps again. */
function start(): () => Promise<void> {
  const log = createLog({ write: (line) => void said.push(JSON.parse(line) as (typeof said)[number]) }, 'info');
  const open = openOptOutLanes({
    engine: async (_name, signal) => {
      const engine = await engineOf(world, signal);
      engines.push(engine);
      return engine;
    },
    clock,
    log,
    signal: stop.signal,
  });
  open.keep([{ name: 'acme', settings: {} }]);
  lanes = open.stopped();
  return async () => {
    await clock.idle();
    clock.pass(POLL_EVERY_MS);
    await clock.idle();
  };
}

const runs = async () => listRuns((await world.app()).store, { kinds: ['opt-outs'] });

describe('O8: a person who unsubscribes in Dotdigital', () => {
  it('is opted out in Sell within the minute, as contact and as lead, and the next cycle has nothing to add', async () => {
    const minute = start();
    await minute();
    expect(await runs()).toEqual([]);
    world.dotdigital.world.unsubscribe(ADA);
    await minute();
    expect([await wordOf(world), await wordOf(world, 'tags', 'leads')]).toEqual(['out', 'out']);
    expect((await world.sellRecord('contacts', ADA)).tags).toContain('vip');
    expect(said.map(({ msg }) => msg)).toEqual(['opt-outs carried over']);
    // The right to call that a run took ends soon after it; the lane goes on asking.
    for (const { tenure } of engines) tenure.prolong(0);
    await minute();
    await minute();
    expect(said.map(({ msg }) => msg)).toEqual(['opt-outs carried over']);
    // What is quiet leaves no run behind.
    expect(await runs()).toMatchObject([{ state: 'ok', kind: 'opt-outs', counters: { total: 2 } }]);
    expect((await world.cycle('sync')).actions.total).toBe(0);
    expect((await world.lockstep('explain', ADA)).json).toMatchObject({ consent: { state: 'optedOut' } });
    expect((await world.lockstep('ledger', 'verify')).json).toMatchObject({ ok: true });
    const { json } = await world.lockstep('status');
    expect(json).toMatchObject({ connections: [{ optOutsPolledAt: expect.stringMatching(/Z$/) }] });
  });

  it('costs one call while nobody leaves, and none to Sell', async () => {
    const engine = await engineOf(world);
    await pollOptOuts(engine);
    const before = { ...engine.marketing.calls };
    for (let minute = 0; minute < 3; minute += 1) expect((await pollOptOuts(engine)).type).toBe('quiet');
    expect(engine.marketing.calls).toEqual({ reads: before.reads + 3, writes: before.writes });
    expect(engine.crm.calls).toEqual({ reads: 0, writes: 0 });
  });

  it('R16: skips while a run has the connection, and catches up afterwards', async () => {
    const { store } = await world.app();
    const engine = await engineOf(world);
    const lease = await acquireLease(store, 'acme', 'another process', 600_000, engine.now());
    world.dotdigital.world.unsubscribe(ADA);
    const types: OptOutPoll['type'][] = [(await pollOptOuts(engine)).type];
    expect(engine.marketing.calls.reads).toBe(0);
    await releaseLease(store, 'acme', lease?.token ?? 0);
    types.push((await pollOptOuts(engine)).type, (await pollOptOuts(engine)).type);
    expect(types).toEqual(['busy', 'ran', 'quiet']);
    expect(await wordOf(world)).toBe('out');
  });

  it('carries nothing else: other edits of the person wait for the cycle, and are not lost', async () => {
    world.dotdigital.world.editContact(ADA, { fields: { LASTNAME: 'King' } });
    world.dotdigital.world.unsubscribe(ADA);
    expect((await pollOptOuts(await engineOf(world))).type).toBe('ran');
    expect(await world.sellRecord('contacts', ADA)).toMatchObject({
      last_name: 'Lovelace',
      tags: ['vip', 'unsubscribed'],
    });
    await world.cycle('sync');
    expect(await world.sellRecord('contacts', ADA)).toMatchObject({ last_name: 'King' });
  });

  it('leaves a connection to its cycle that is not aligned or has another configuration now', async () => {
    await world.configure({ contacts: { enabled: true, multipleMatch: 'email' } });
    expect(await pollOptOuts(await engineOf(world))).toEqual({ type: 'not-now', why: 'the configuration changed' });
  });

  it('says once that the service does not answer, and goes on by itself', async () => {
    const minute = start();
    world.dotdigital.faults.add({
      service: 'dotdigital',
      match: { path: '/v2/contacts/suppressed-since' },
      effect: { type: 'status', status: 401 },
    });
    await minute();
    await minute();
    world.dotdigital.faults.clear();
    world.dotdigital.world.unsubscribe(ADA);
    await minute();
    expect(said.map(({ msg }) => msg)).toEqual([
      expect.stringMatching(/could not be looked for/),
      'opt-outs are looked for again',
      'opt-outs carried over',
    ]);
  });
});
