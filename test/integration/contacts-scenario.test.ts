// A few hundred messy people, aligned and edited on both sides, whatever the two services turn out to do where nobody knows.
import { afterEach, describe, expect, it } from 'vitest';
import type { DotdigitalSwitches } from '../../sandbox/dotdigital/switches.ts';
import type { SellSwitchSettings } from '../../sandbox/zendesk-sell/switches.ts';
import { createJudge, type Judge } from './agreement.ts';
import { BUSY_FIELDS, type BusyAccounts, startBusyAccounts } from './busy-accounts.ts';

/** What an undocumented question may turn out to be; each column of the matrix turns one of these. */
interface Turn {
  readonly sell?: SellSwitchSettings;
  readonly dotdigital?: Partial<DotdigitalSwitches>;
  readonly feedFaults?: true;
}

const TURNS: readonly Turn[] = [
  { sell: { syncOrder: 'log', syncPageSize: 7, syncTotals: 'approximate' } },
  { sell: { listValues: 'object', customFieldNumbers: 'number', definitionKeys: 'zapier', boolTypeName: 'boolean' } },
  { sell: { customFieldDates: 'us', unsetCustomFields: 'null', metaVersion: true, listTotalCount: true } },
  { sell: { addressPut: 'replace', createStatus: 201, textFilterCase: 'sensitive' } },
  { sell: { putWithoutChangeBumps: false, updatedAtSkew: false, emptyText: 'kept', tagCase: 'insensitive' } },
  { feedFaults: true },
  { dotdigital: { pageOrder: 'shuffled', maxPageSize: 37 } },
  {
    dotdigital: {
      fieldValueJson: 'string',
      v3Dates: 'seconds',
      v3FieldDates: 'five-digits-z',
      dataFieldKeyCase: 'camel',
    },
  },
  {
    dotdigital: {
      noopBumpsUpdated: false,
      listChangeBumpsUpdated: true,
      unsubscribeBumpsUpdated: false,
      sinceInclusive: false,
    },
  },
  {
    dotdigital: {
      importDelayMs: 15,
      importPolls: 2,
      conflictCode: 'idAlreadyExists',
      failureCodeCase: 'pascal',
      importSchemaViolation: 'reject',
      createdFieldCase: 'upper',
      emptyString: 'null',
    },
  },
  {
    dotdigital: {
      suppressedShown: false,
      duplicateInPayload: 'last-wins',
      enumCase: 'strict',
      emailCase: 'as-given',
      emailChangeStatus: 'follows-address',
    },
  },
];

/** Twelve runs in which every pair of columns meets in all four ways (Plackett and Burman). */
const DESIGN: readonly (readonly boolean[])[] = [
  ...TURNS.map((_, run) => TURNS.map((__, column) => '++-+++---+-'.charAt((column + run) % 11) === '+')),
  TURNS.map(() => false),
];

let world: BusyAccounts;
afterEach(() => world.stop());

async function settle(judge: Judge, kind: 'align' | 'sync'): Promise<void> {
  await judge.before();
  const first = await world.cycle(kind);
  expect([first.state, first.message, first.failures]).toEqual([
    first.state === 'ok' ? 'ok' : 'ok_with_holds',
    null,
    [],
  ]);
  expect(await judge.after()).toEqual([]);
  await judge.before();
  const second = await world.cycle('sync');
  const planned = (await world.actions(second.id)).map(({ action }) => ({
    row: action.row,
    email: action.email,
    changes: action.changes,
  }));
  expect(planned).toEqual([]);
  expect(second.apiCalls.crm.writes + second.apiCalls.marketing.writes).toBe(0);
  expect(await judge.after()).toEqual([]);
}

describe('messy people', () => {
  it.each(DESIGN.map((turned, run) => [run, turned.map((on) => (on ? '+' : '-')).join('')] as const))(
    '4.2, 4.8, R1-R11: run %i of the matrix, %s',
    async (run, signs) => {
      const turns = TURNS.filter((_, column) => signs.charAt(column) === '+');
      world = await startBusyAccounts({
        seed: 100 + run,
        people: 160,
        profile: run % 2 === 0 ? 'classic' : 'recommended',
        sell: { switches: Object.assign({}, ...turns.map((turn) => turn.sell)) as SellSwitchSettings },
        dotdigital: {
          switches: Object.assign({}, ...turns.map((turn) => turn.dotdigital)) as Partial<DotdigitalSwitches>,
        },
      });
      if (turns.some((turn) => turn.feedFaults)) {
        const queue = { service: 'zendesk-sell', match: { pattern: '/queues/main' } };
        world.sell.faults.add({
          ...queue,
          match: { ...queue.match, nth: 2 },
          effect: { type: 'hint', name: 'sync-empty-page' },
        });
        world.sell.faults.add({
          ...queue,
          match: { ...queue.match, probability: 0.3 },
          effect: { type: 'hint', name: 'sync-failed-objects', value: 3 },
        });
        world.sell.faults.add({
          ...queue,
          match: { ...queue.match, probability: 0.3 },
          effect: { type: 'duplicate-delivery' },
        });
        world.sell.faults.add({
          ...queue,
          match: { ...queue.match, probability: 0.2 },
          effect: { type: 'hint', name: 'sync-ghost-delete' },
        });
      }
      const judge = createJudge(world, BUSY_FIELDS);
      await settle(judge, 'align');
      for (let round = 0; round < 3; round += 1) {
        world.edit(25);
        await settle(judge, 'sync');
      }
    },
  );
});
