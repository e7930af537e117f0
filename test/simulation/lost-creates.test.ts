// A create that nobody heard the answer of, and an address that somebody changes before the next look: nobody is made twice. (4.1, C1, C4)
import { describe, expect, it } from 'vitest';
import type { Accounts } from './accounts.ts';
import { ann, aRun, inDotdigital, people, run, story } from './short-story.ts';
import type { RunStep } from './story.ts';

interface Side {
  /** Makes the one person of the story, or gives them another address. */
  readonly begin: (accounts: Accounts) => void;
  readonly move: (accounts: Accounts) => void;
  readonly count: (accounts: Accounts) => number;
}

const sell: Side = {
  begin: (accounts) => accounts.sell.world.createContact({ ...ann, email: 'p1@example.org' }),
  move({ sell: { world } }) {
    for (const { id } of world.state.contacts.values()) world.updateContact(id, { email: 'p2@example.org' });
  },
  count: (accounts) => [...accounts.sell.world.state.contacts.values()].length,
};
const dotdigital: Side = {
  begin: (accounts) => accounts.dotdigital.world.addContact({ email: 'p1@example.org', fields: inDotdigital }),
  move({ dotdigital: { world } }) {
    if ([...world.contacts()].length > 0) world.editContact('p1@example.org', { email: 'p2@example.org' });
  },
  count: (accounts) => [...accounts.dotdigital.world.contacts()].length,
};

const BREAKS: { readonly [words: string]: (at: number) => RunStep } = {
  'the process is killed': (at) => ({ ...aRun('align'), blow: { type: 'crash', at: 26 + at, of: 'happening' } }),
  'answers of Dotdigital are lost': (at) => losing('dotdigital', at),
  'answers of Sell are lost': (at) => losing('sell', at),
};

function losing(service: 'sell' | 'dotdigital', at: number): RunStep {
  return { ...aRun('align'), faults: [{ service, call: 4 + at, times: 40, fate: 'answer lost' }] };
}

/** That are tried after the first at which somebody was made. */
const MOMENTS = 5;

describe.each([
  { row: 'C1', from: sell, to: dotdigital, breaks: ['the process is killed', 'answers of Dotdigital are lost'] },
  { row: 'C4', from: dotdigital, to: sell, breaks: ['the process is killed', 'answers of Sell are lost'] },
])('4.1, $row: nobody is made twice', ({ from, to, breaks }) => {
  describe.each(breaks)('%s', (how) => {
    it.each([
      ['who was made', to],
      ['whom they were made for', from],
    ])('and %s gets another address', async (_, mover) => {
      const [there, made]: [number[], number[]] = [[], []];
      for (let at = 0; at < 24 && there.filter((count) => count > 0).length < MOMENTS; at += 1) {
        const told = await story([
          people(from.begin),
          BREAKS[how]?.(at) ?? run('align'),
          people((accounts) => {
            there.push(to.count(accounts));
            mover.move(accounts);
          }),
          run('align'),
          people((accounts) => made.push(to.count(accounts))),
        ]);
        expect(told.wrong).toEqual([]);
      }
      // Some ended before the create was sent, some after.
      expect(new Set(there)).toEqual(new Set([0, 1]));
      expect(made).toEqual(there.map(() => 1));
    });
  });
});
