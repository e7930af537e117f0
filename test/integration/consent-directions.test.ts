// Every consent row in every direction it can occur, with every carrier of consent in Sell, over real sockets.
import { afterEach, describe, expect, it } from 'vitest';
import {
  CARRIERS,
  type Carrier,
  DIRECTIONS,
  type Direction,
  says,
  startConsent,
  statusOf,
  wordOf,
} from './consent-people.ts';
import type { TwoAccounts } from './two-accounts.ts';

let world: TwoAccounts;
afterEach(() => world.stop());

type Word = 'in' | 'out' | 'nothing';
type Status = 'subscribed' | 'unsubscribed' | 'noSubscription' | 'ispComplained' | 'hardBounced' | 'suppressed';

interface Scene {
  readonly row: string;
  readonly what: string;
  readonly sell: Word;
  readonly dotdigital: Status;
  /** What people do after the alignment; null = nothing. */
  readonly then?: {
    readonly sell?: Word;
    readonly dotdigital?: 'unsubscribe' | 'complain' | 'bounce' | 'resubscribe' | 'suppress';
  };
  /** A second round of the same, in the cycle after. */
  readonly later?: Scene['then'];
  /** What both sides say in the end, by direction. */
  readonly ends: { readonly [D in Direction]: readonly [Word, string] };
}

const both = (end: readonly [Word, string]): Scene['ends'] => ({
  'sell-to-dotdigital': end,
  'dotdigital-to-sell': end,
  'bi-directional': end,
});

const SCENES: readonly Scene[] = [
  {
    row: 'O1',
    what: 'opted out in Sell',
    sell: 'nothing',
    dotdigital: 'subscribed',
    then: { sell: 'out' },
    ends: {
      'sell-to-dotdigital': ['out', 'unsubscribed'],
      'dotdigital-to-sell': ['out', 'subscribed'],
      'bi-directional': ['out', 'unsubscribed'],
    },
  },
  {
    row: 'O1',
    what: 'took the opt-in back in Sell for an opt-out',
    sell: 'in',
    dotdigital: 'subscribed',
    then: { sell: 'out' },
    ends: {
      'sell-to-dotdigital': ['out', 'unsubscribed'],
      'dotdigital-to-sell': ['out', 'subscribed'],
      'bi-directional': ['out', 'unsubscribed'],
    },
  },
  {
    row: 'O2',
    what: 'opted in in Sell, unknown in Dotdigital',
    sell: 'nothing',
    dotdigital: 'noSubscription',
    then: { sell: 'in' },
    ends: {
      'sell-to-dotdigital': ['in', 'subscribed'],
      'dotdigital-to-sell': ['in', 'noSubscription'],
      'bi-directional': ['in', 'subscribed'],
    },
  },
  {
    row: 'O3',
    what: 'opted in in Sell after the opt-out in Dotdigital',
    sell: 'nothing',
    dotdigital: 'subscribed',
    then: { dotdigital: 'unsubscribe' },
    later: { sell: 'in' },
    ends: {
      'sell-to-dotdigital': ['in', 'subscribed'],
      'dotdigital-to-sell': ['in', 'unsubscribed'],
      'bi-directional': ['in', 'subscribed'],
    },
  },
  {
    row: 'O3',
    what: 'opted out in Sell and in again later',
    sell: 'nothing',
    dotdigital: 'subscribed',
    then: { sell: 'out' },
    later: { sell: 'in' },
    ends: {
      'sell-to-dotdigital': ['in', 'subscribed'],
      'dotdigital-to-sell': ['in', 'subscribed'],
      'bi-directional': ['in', 'subscribed'],
    },
  },
  {
    row: 'O5',
    what: 'complained in Dotdigital, opts in in Sell later',
    sell: 'nothing',
    dotdigital: 'subscribed',
    then: { dotdigital: 'complain' },
    later: { sell: 'in' },
    ends: {
      'sell-to-dotdigital': ['in', 'ispComplained'],
      'dotdigital-to-sell': ['in', 'ispComplained'],
      'bi-directional': ['in', 'ispComplained'],
    },
  },
  {
    row: 'O5',
    what: 'complained in Dotdigital',
    sell: 'in',
    dotdigital: 'subscribed',
    then: { dotdigital: 'complain' },
    ends: {
      'sell-to-dotdigital': ['in', 'ispComplained'],
      'dotdigital-to-sell': ['out', 'ispComplained'],
      'bi-directional': ['out', 'ispComplained'],
    },
  },
  {
    row: 'O5',
    what: 'bounced in Dotdigital',
    sell: 'nothing',
    dotdigital: 'subscribed',
    then: { dotdigital: 'bounce' },
    ends: {
      'sell-to-dotdigital': ['nothing', 'hardBounced'],
      'dotdigital-to-sell': ['out', 'hardBounced'],
      'bi-directional': ['out', 'hardBounced'],
    },
  },
  {
    row: 'O7',
    what: 'unsubscribed in Dotdigital',
    sell: 'nothing',
    dotdigital: 'subscribed',
    then: { dotdigital: 'unsubscribe' },
    ends: {
      'sell-to-dotdigital': ['nothing', 'unsubscribed'],
      'dotdigital-to-sell': ['out', 'unsubscribed'],
      'bi-directional': ['out', 'unsubscribed'],
    },
  },
  {
    row: 'O7',
    what: 'suppressed in Dotdigital, with an opt-in in Sell',
    sell: 'in',
    dotdigital: 'subscribed',
    then: { dotdigital: 'suppress' },
    ends: {
      'sell-to-dotdigital': ['in', 'suppressed'],
      'dotdigital-to-sell': ['out', 'suppressed'],
      'bi-directional': ['out', 'suppressed'],
    },
  },
  {
    row: 'O9',
    what: 'came back in Dotdigital after both said no',
    sell: 'out',
    dotdigital: 'unsubscribed',
    then: { dotdigital: 'resubscribe' },
    ends: {
      'sell-to-dotdigital': ['out', 'unsubscribed'],
      'dotdigital-to-sell': ['in', 'subscribed'],
      'bi-directional': ['in', 'subscribed'],
    },
  },
  {
    row: 'O10',
    what: 'came back in Dotdigital while opting out in Sell',
    sell: 'nothing',
    dotdigital: 'unsubscribed',
    then: { dotdigital: 'resubscribe', sell: 'out' },
    // In the other directions Sell was told of the opt-out at the alignment: its own is none of that cycle.
    ends: {
      'sell-to-dotdigital': ['out', 'unsubscribed'],
      'dotdigital-to-sell': ['in', 'subscribed'],
      'bi-directional': ['in', 'subscribed'],
    },
  },
  {
    row: 'O10',
    what: 'opted in in Sell and out in Dotdigital in one cycle',
    sell: 'nothing',
    dotdigital: 'subscribed',
    then: { sell: 'in', dotdigital: 'unsubscribe' },
    ends: {
      'sell-to-dotdigital': ['in', 'unsubscribed'],
      'dotdigital-to-sell': ['out', 'unsubscribed'],
      'bi-directional': ['out', 'unsubscribed'],
    },
  },
  {
    row: 'O18',
    what: 'said no in Sell before the alignment',
    sell: 'out',
    dotdigital: 'subscribed',
    ends: {
      'sell-to-dotdigital': ['out', 'unsubscribed'],
      'dotdigital-to-sell': ['out', 'subscribed'],
      'bi-directional': ['out', 'unsubscribed'],
    },
  },
  {
    row: 'O18',
    what: 'said no in Dotdigital before the alignment, yes in Sell',
    sell: 'in',
    dotdigital: 'unsubscribed',
    ends: {
      'sell-to-dotdigital': ['in', 'unsubscribed'],
      'dotdigital-to-sell': ['out', 'unsubscribed'],
      'bi-directional': ['out', 'unsubscribed'],
    },
  },
  {
    row: 'O18',
    what: 'said no in both before the alignment',
    sell: 'out',
    dotdigital: 'suppressed',
    ends: both(['out', 'suppressed']),
  },
  {
    row: 'P4',
    what: 'said nothing anywhere',
    sell: 'nothing',
    dotdigital: 'subscribed',
    ends: both(['nothing', 'subscribed']),
  },
];

const addressOf = (n: number): string => `person${n}@example.com`;
const cases = DIRECTIONS.flatMap((direction) =>
  CARRIERS.flatMap((carrier) => [true, false].map((bumps) => ({ direction, carrier, bumps }))),
);

describe.each(cases)(
  'O1-O10, O18: consent $direction in $carrier (an unsubscribe bumps updated: $bumps)',
  ({ direction, carrier, bumps }) => {
    it('ends as the rows say, and stays so', async () => {
      world = await startConsent({ consent: { direction, optInTrigger: 'immediate' }, carrier, bumps });
      const ids = SCENES.map((scene, n) => {
        world.dotdigital.world.addContact({
          email: addressOf(n),
          fields: { FIRSTNAME: 'Ada', LASTNAME: `L${n}` },
          status: scene.dotdigital,
        });
        return world.sell.world.createContact({
          first_name: 'Ada',
          last_name: `L${n}`,
          email: addressOf(n),
          customer_status: 'current',
          ...says(carrier, scene.sell),
        }).id;
      });
      await world.cycle('align');
      await world.cycle('sync');
      act(
        SCENES.map((scene) => scene.then),
        ids,
        carrier,
      );
      await world.cycle('sync');
      act(
        SCENES.map((scene) => scene.later),
        ids,
        carrier,
      );
      await world.cycle('sync');
      await world.cycle('sync');
      const ends = async (): Promise<object> => {
        const entries = await Promise.all(
          SCENES.map(
            async ({ row, what }, n) =>
              [
                `${row} ${what}`,
                [await wordOf(world, carrier, 'contacts', addressOf(n)), statusOf(world, addressOf(n))],
              ] as const,
          ),
        );
        return Object.fromEntries(entries);
      };
      expect(await ends()).toEqual(
        Object.fromEntries(SCENES.map(({ row, what, ends: wanted }) => [`${row} ${what}`, wanted[direction]])),
      );
      expect((await world.cycle('sync')).actions.total).toBe(0);
      const full = await world.cycle('sync', { full: true });
      expect(full.actions.total).toBe(0);
    });
  },
);

function act(steps: readonly Scene['then'][], ids: readonly number[], carrier: Carrier): void {
  for (const [n, step] of steps.entries()) {
    const id = ids[n];
    if (step === undefined || id === undefined) continue;
    if (step.dotdigital !== undefined) world.dotdigital.world[step.dotdigital](addressOf(n));
    if (step.sell !== undefined) world.sell.world.updateContact(id, says(carrier, step.sell));
  }
}
