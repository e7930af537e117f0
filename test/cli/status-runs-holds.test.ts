// `lockstep status`, `runs` and `holds` on databases that real runs have filled. (4.9, 4.10, contract 4)
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireLease } from '../../src/store/leases.ts';
import { startTwoAccounts, type TwoAccounts } from '../integration/two-accounts.ts';
import { ask } from './ask.ts';

let world: TwoAccounts;
beforeEach(async () => {
  world = await startTwoAccounts();
  const { sell, dotdigital } = world;
  sell.world.createContact({
    first_name: 'Ada',
    last_name: 'Lovelace',
    email: 'ada@example.com',
    customer_status: 'current',
  });
  sell.world.createContact({ last_name: 'Nameless', email: 'no@example.com', customer_status: 'current' });
  dotdigital.world.addContact({ email: 'di@example.com', fields: { FIRSTNAME: 'Di', LASTNAME: 'Neither' } });
});
afterEach(() => world.stop());

describe('status', () => {
  it('leads a newcomer from the first look to the alignment', async () => {
    const before = await ask(world, 'status');
    expect(before.code).toBe(0);
    expect(before.json.connections[0]).toMatchObject({
      connection: 'acme',
      aligned: false,
      lastRun: null,
      running: null,
    });
    expect(before.json.connections[0].next.join(' ')).toMatch(/lockstep check.*lockstep align/);
    await ask(world, 'sync');
    const parked = (await ask(world, 'status')).json.connections[0];
    expect(parked.lastRun).toMatchObject({ kind: 'sync', state: 'parked' });
    expect(parked.next.join(' ')).toContain('lockstep align');
  });

  it('counts people, records and holds after an alignment', async () => {
    await world.cycle('align');
    const [status] = (await ask(world, 'status')).json.connections;
    expect(status).toMatchObject({
      aligned: true,
      lastRun: { kind: 'align', state: 'ok_with_holds' },
      links: { contact: { active: 1 }, lead: {} },
      records: { sell: { contacts: 2, leads: 0 }, dotdigital: { contacts: 2 } },
      holds: {
        byCode: { NAME_MISSING: 1, NOT_PROSPECT_OR_CUSTOMER: 1 },
        bySeverity: { action: 1, info: 1, waiting: 0 },
      },
    });
    expect(status.lastSuccess.id).toBe(status.lastRun.id);
    const { stdout } = await world.words('status');
    expect(stdout).toContain('1 need somebody: NAME_MISSING 1');
    expect(stdout).toContain('lockstep holds');
  });

  it('R16: tells that a run is under way while a process holds the connection', async () => {
    await world.cycle('align');
    const { store } = await world.app();
    await acquireLease(store, 'acme', 'another process', 60_000, new Date().toISOString());
    const [status] = (await ask(world, 'status')).json.connections;
    expect(status.running).toMatchObject({ until: expect.any(String) });
    expect(status.next[0]).toContain('Wait');
    const second = await ask(world, 'sync');
    expect(second.code).toBe(5);
    expect(second.json.runs[0]).toMatchObject({ state: 'aborted' });
    expect(second.json.runs[0].message).toContain('Another run holds the connection acme');
  });

  it('after a run that could not reach a service, sends to check', async () => {
    await world.cycle('align');
    await world.configure({ dotdigital: { password: 'wrong' } });
    expect((await ask(world, 'sync')).code).toBe(5);
    const [status] = (await ask(world, 'status')).json.connections;
    expect(status.lastRun).toMatchObject({ state: 'aborted' });
    expect(status.lastRun.message).toContain('Dotdigital does not accept the API user');
    expect(status.lastSuccess.kind).toBe('align');
    expect(status.next[0]).toContain('lockstep check');
  });
});

describe('runs', () => {
  it('lists newest first in the shape of a run report, and stops at the limit', async () => {
    const aligned = await world.cycle('align');
    const synced = await world.cycle('sync');
    const { json, code } = await ask(world, 'runs');
    expect(code).toBe(0);
    expect(json.runs.map((run) => run.id)).toEqual([synced.id, aligned.id]);
    expect(json.runs[1]).toMatchObject({
      connection: 'acme',
      kind: 'align',
      state: 'ok_with_holds',
      actions: { total: 1, byKind: { create: 1 }, bySystem: { sell: 0, dotdigital: 1 } },
      holds: { total: 2 },
      apiCalls: { sell: { writes: 0 }, dotdigital: { writes: expect.any(Number) } },
      failures: [],
    });
    expect((await ask(world, 'runs', '--limit', '1')).json.runs).toHaveLength(1);
    expect((await world.words('runs')).stdout.split('\n')[0]).toContain(synced.id.slice(0, 8));
  });

  it('shows one run with its writes, found by the beginning of its id', async () => {
    const aligned = await world.cycle('align');
    const { json, code } = await ask(world, 'runs', aligned.id.slice(0, 8));
    expect(code).toBe(0);
    expect(json.runs).toHaveLength(1);
    expect(json.runs[0]).toMatchObject({
      id: aligned.id,
      planned: [{ row: 'C1', kind: 'create', system: 'dotdigital', email: 'ada@example.com' }],
    });
    expect((await world.words('runs', aligned.id)).stdout).toContain('ada@example.com');
  });

  it('pages through the writes of a run', async () => {
    world.sell.world.createContact({
      first_name: 'Bea',
      last_name: 'Bee',
      email: 'bea@example.com',
      customer_status: 'current',
    });
    const { id } = await world.cycle('align');
    const first = (await ask(world, 'runs', id, '--limit', '1')).json.runs[0].planned;
    expect(first.map((write) => write.email)).toEqual(['ada@example.com']);
    const rest = (await ask(world, 'runs', id, '--after', '0')).json.runs[0].planned;
    expect(rest.map((write) => write.email)).toEqual(['bea@example.com']);
  });

  it('exit 2 for an id that is none, in words', async () => {
    await world.cycle('align');
    const answer = await ask(world, 'runs', 'nope');
    expect(answer.code).toBe(2);
    expect(answer.json.error.message).toContain('there is no run "nope"');
    expect((await ask(world, 'runs', '%')).code).toBe(2);
  });

  it('exit 2 for a beginning that several runs share', async () => {
    const ids: string[] = [];
    while (new Set(ids.map((id) => id[0])).size === ids.length) ids.push((await world.cycle('plan')).id);
    const shared = ids.map((id) => id[0]).find((start, i, all) => all.indexOf(start) !== i) ?? '';
    const answer = await ask(world, 'runs', shared);
    expect(answer.code).toBe(2);
    expect(answer.json.error.message).toContain('several runs begin with');
  });
});

describe('holds', () => {
  beforeEach(async () => {
    await world.cycle('align');
  });

  it('has every documented member, informational codes included', async () => {
    const { json, code } = await ask(world, 'holds');
    expect(code).toBe(0);
    expect(json.holds).toHaveLength(2);
    const missing = json.holds.find((hold) => hold.code === 'NAME_MISSING');
    expect(missing).toMatchObject({
      id: expect.any(String),
      connection: 'acme',
      severity: 'action',
      entity: 'contact',
      email: 'no@example.com',
      sellId: expect.any(String),
      dotdigitalId: null,
      message: expect.stringContaining('first name'),
      fix: expect.stringContaining('next sync'),
      firstSeen: expect.stringMatching(/^\d{4}-/),
      attempts: 1,
      row: 'C11',
    });
    expect(json.holds.find((hold) => hold.severity === 'info')).toMatchObject({
      code: 'NOT_PROSPECT_OR_CUSTOMER',
    });
  });

  it('narrows by code, severity and number', async () => {
    expect((await ask(world, 'holds', '--code', 'name_missing')).json.holds).toHaveLength(1);
    expect((await ask(world, 'holds', '--severity', 'info')).json.holds).toHaveLength(1);
    expect((await ask(world, 'holds', '--limit', '1')).json.holds).toHaveLength(1);
    const wrong = await ask(world, 'holds', '--code', 'NAME_MISING');
    expect(wrong.code).toBe(2);
    expect(wrong.json.error.hint).toContain('NAME_MISSING');
  });

  it('prints reason and remedy once for all who share them, what needs somebody first', async () => {
    const { stdout } = await world.words('holds');
    expect(stdout.indexOf('NAME_MISSING')).toBeLessThan(stdout.indexOf('NOT_PROSPECT_OR_CUSTOMER'));
    expect(stdout).toContain('The first name is missing');
    expect(stdout).toContain('1 record needs somebody');
  });

  it('decision 18: retry has the next cycle try the person again', async () => {
    await world.cycle('sync');
    const attempts = async (): Promise<number> =>
      (await ask(world, 'holds', '--code', 'NAME_MISSING')).json.holds[0].attempts;
    const before = await attempts();
    await world.cycle('sync');
    expect(await attempts()).toBe(before);
    const [hold] = (await ask(world, 'holds', '--code', 'NAME_MISSING')).json.holds;
    expect((await ask(world, 'holds', 'retry', hold.id)).json).toEqual({ retried: 1, unknown: [] });
    await world.cycle('sync');
    expect(await attempts()).toBe(before + 1);
    expect((await ask(world, 'holds', 'retry', '--all')).json.retried).toBe(2);
    await world.cycle('sync');
    expect(await attempts()).toBe(before + 2);
  });

  it('exit 2 when retry is given nothing, or only what is none', async () => {
    expect((await ask(world, 'holds', 'retry')).code).toBe(2);
    expect((await ask(world, 'holds', 'retry', 'abc')).code).toBe(2);
    const [hold] = (await ask(world, 'holds')).json.holds;
    expect((await ask(world, 'holds', 'retry', hold.id, '--all')).code).toBe(2);
    expect((await ask(world, 'holds', 'retry', hold.id, 'abc')).json).toEqual({ retried: 1, unknown: ['abc'] });
  });
});
