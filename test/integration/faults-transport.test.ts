// Every kind of call going wrong in every way: nothing is lost, nobody is doubled, and the next cycles end where all is well. (contract 6)
import { afterEach, describe, expect, it } from 'vitest';
import type { FaultEffect, FaultMatch } from '../../sandbox/faults/fault.ts';
import { createJudge, type Judge } from './agreement.ts';
import { BUSY_FIELDS, type BusyAccounts, startBusyAccounts } from './busy-accounts.ts';
import { expectQuiet } from './looking.ts';

let world: BusyAccounts;
let judge: Judge;
afterEach(() => world.stop());

/** What may never happen, not even for the time until the next cycle. */
const NEVER =
  /is gone|was made although|both made|both stand for|opted out|was suppressed|two Sell contacts|living links/;

async function start(seed: number): Promise<void> {
  world = await startBusyAccounts({
    seed,
    people: 20,
    profile: 'recommended',
    dotdigital: { switches: { maxPageSize: 9 } },
    sell: { switches: { syncPageSize: 9 } },
  });
  judge = createJudge(world, BUSY_FIELDS);
}

/** One cycle that may go wrong, as long as nothing irreparable happens. @returns whether all went through */
async function stumble(kind: 'align' | 'sync'): Promise<boolean> {
  await judge.before();
  const report = await world.cycle(kind);
  expect(['ok', 'ok_with_holds', 'partial', 'aborted']).toContain(report.state);
  if (report.state === 'aborted') expect(report.message).not.toBe(null);
  expect((await judge.after()).filter((wrong) => NEVER.test(wrong))).toEqual([]);
  return report.state === 'ok' || report.state === 'ok_with_holds';
}

/** Cycles until all went through, then the whole judgement. An alignment that was broken off is done again. */
async function recoverFrom(kind: 'align' | 'sync'): Promise<void> {
  let next = kind;
  for (let cycle = 0; cycle < 4; cycle += 1) {
    await judge.before();
    const report = await world.cycle(next);
    if (report.state !== 'aborted') next = 'sync';
    const wrong = await judge.after();
    expect(wrong.filter((one) => NEVER.test(one))).toEqual([]);
    if ((report.state === 'ok' || report.state === 'ok_with_holds') && wrong.length === 0) {
      await world.cycle('sync');
      await expectQuiet(world);
      return;
    }
  }
  expect(await judge.after()).toEqual([]);
}

const WAYS = {
  'cut before it is done': { type: 'drop-before' },
  'cut after it is done': { type: 'drop-after' },
  'half an answer': { type: 'truncate' },
  '503 instead': { type: 'status', status: 503, body: 'busy' },
  'done, but answered with 500': { type: 'status-after', status: 500, body: { errors: [] } },
} as const satisfies { readonly [how: string]: FaultEffect };
type Way = keyof typeof WAYS;

/** For a write each way has another meaning; of a read it matters only whether the service thinks it was answered. */
const ALL = Object.keys(WAYS) as readonly Way[];
const READ: readonly Way[] = ['half an answer', '503 instead'];

const CALLS: readonly (readonly [string, 'zendesk-sell' | 'dotdigital', FaultMatch, readonly Way[]])[] = [
  ['Sell: create a contact', 'zendesk-sell', { method: 'POST', pattern: '^/v2/contacts$', nth: 2 }, ALL],
  ['Sell: change a contact', 'zendesk-sell', { method: 'PUT', pattern: '^/v2/contacts/', nth: 1 }, ALL],
  [
    'Sell: start the feed',
    'zendesk-sell',
    { method: 'POST', path: '/v2/sync/start', nth: 1 },
    ['cut after it is done', '503 instead'],
  ],
  [
    'Sell: read the feed',
    'zendesk-sell',
    { method: 'GET', pattern: '/queues/main', nth: 3 },
    ['half an answer', 'done, but answered with 500', '503 instead'],
  ],
  [
    'Sell: acknowledge the feed',
    'zendesk-sell',
    { method: 'POST', path: '/v2/sync/ack', nth: 2 },
    ['cut before it is done', 'cut after it is done', 'half an answer'],
  ],
  ['Sell: read before a whole value', 'zendesk-sell', { method: 'GET', pattern: '^/v2/contacts\\?ids=', nth: 1 }, READ],
  ['Dotdigital: submit an import', 'dotdigital', { method: 'PUT', pattern: '^/contacts/v3/import$', nth: 1 }, ALL],
  ['Dotdigital: ask about an import', 'dotdigital', { method: 'GET', pattern: '^/contacts/v3/import/', nth: 1 }, READ],
  ['Dotdigital: read contacts', 'dotdigital', { method: 'GET', pattern: '^/contacts/v3\\?', nth: 2 }, READ],
  [
    'Dotdigital: create a data field',
    'dotdigital',
    { method: 'POST', path: '/v2/data-fields', nth: 1 },
    ['cut after it is done', 'done, but answered with 500'],
  ],
  ['Dotdigital: who left', 'dotdigital', { method: 'GET', pattern: 'suppressed-since', nth: 1 }, READ],
];

describe.each(CALLS)('%s', (name, service, match, ways) => {
  it.each(ways)('contract 6, R4, R7: %s', async (how) => {
    const effect = WAYS[how];
    await start(name.length * 7 + how.length);
    const faults = service === 'dotdigital' ? world.dotdigital.faults : world.sell.faults;
    faults.add({ service, match, effect });
    await stumble('align');
    await recoverFrom('align');
    faults.clear(service);
    world.edit(8);
    faults.add({ service, match: { ...match, nth: 1 }, effect });
    await stumble('sync');
    await recoverFrom('sync');
  });
});

describe('storms', () => {
  it('contract 6: 429 and 503 all over both services are waited out', async () => {
    await start(77);
    const now = { 'retry-after': '0' };
    world.sell.faults.add({
      service: 'zendesk-sell',
      match: { probability: 0.15, times: 12 },
      effect: { type: 'status', status: 429, headers: now, body: '' },
    });
    world.dotdigital.faults.add({
      service: 'dotdigital',
      match: { probability: 0.25, times: 8 },
      effect: { type: 'status', status: 429, headers: now, body: '' },
    });
    expect(await stumble('align')).toBe(true);
    world.edit(10);
    world.sell.faults.add({
      service: 'zendesk-sell',
      match: { probability: 0.1, times: 4 },
      effect: { type: 'status', status: 503, headers: now, body: '' },
    });
    await stumble('sync');
    await recoverFrom('sync');
  });

  it('R16, R7: creates answered with nothing, again and again, make one record each', async () => {
    await start(78);
    for (const nth of [1, 2, 3, 4, 5]) {
      world.sell.faults.add({
        service: 'zendesk-sell',
        match: { method: 'POST', pattern: '^/v2/contacts$', nth },
        effect: { type: nth % 2 === 0 ? 'drop-before' : 'drop-after' },
      });
    }
    await stumble('align');
    await recoverFrom('align');
  });

  it('R7: a feed session that is lost half-way goes on in a new one', async () => {
    await start(79);
    world.sell.faults.add({
      service: 'zendesk-sell',
      match: { method: 'GET', pattern: '/queues/main', nth: 3 },
      effect: {
        type: 'status',
        status: 404,
        body: {
          errors: [{ error: { resource: 'sync', code: 'not_found', message: 'gone', details: 'gone' }, meta: {} }],
          meta: { http_status: '404' },
        },
      },
    });
    await stumble('align');
    await recoverFrom('align');
  });
});

describe('imports that end badly', () => {
  it.each(['Failed', 'RejectedByWatchdog', 'ExceedsAllowedContactLimit'])(
    'R4: %s: nothing counts as written, and the next cycle sends it again',
    async (status) => {
      await start(status.length);
      world.dotdigital.world.planJob('contact-import', { status });
      await judge.before();
      const report = await world.cycle('align');
      expect(report.state).toBe('partial');
      expect(report.failures.length).toBeGreaterThan(0);
      await judge.after();
      await recoverFrom('sync');
    },
  );

  it('R4: one that failed after half of its rows', async () => {
    await start(81);
    world.dotdigital.world.planJob('contact-import', { status: 'Failed', applyRows: 5 });
    await stumble('align');
    await recoverFrom('sync');
  });

  it('contract 6: rows that are refused one by one are held; the others go through', async () => {
    await start(82);
    world.dotdigital.world.planJob('contact-import', {
      failRows: [
        { pattern: '@mail\\.example', code: 'invalidEmail' },
        { pattern: '@post\\.example', code: 'Blocker' },
      ],
    });
    await judge.before();
    const report = await world.cycle('align');
    expect(report.state).toBe('ok_with_holds');
    expect(await judge.after()).toEqual([]);
    // The nightly round tries them again. (decision 18)
    await world.cycle('sync', { full: true });
    await world.cycle('sync');
    await judge.before();
    expect(await judge.after()).toEqual([]);
    await expectQuiet(world);
  });

  it('R4: results nobody keeps any more: the contacts themselves are asked', async () => {
    await start(83);
    world.dotdigital.faults.add({
      service: 'dotdigital',
      match: { method: 'GET', pattern: '^/contacts/v3/import/', nth: 1 },
      effect: {
        type: 'status',
        status: 404,
        body: { errorCode: 'contacts:notFound', description: 'no such import', details: [] },
      },
    });
    await stumble('align');
    await recoverFrom('sync');
  });
});
