// What the simulation found about undo, each as the shortest story that shows it, under the row it broke.
import { describe, expect, it } from 'vitest';
import { PLAIN } from './setup.ts';
import { people, run, story } from './short-story.ts';

const WORKING = 'Zendesk Sell - Leads: Working';

describe('undo, found by the simulation', () => {
  it('decision 27, L5: lists that an undo put a contact back on are not left again, although one list is the rule', async () => {
    const told = await story(
      [
        people(({ sell }) => sell.world.createLead({ first_name: 'Ann', last_name: 'Lee', email: 'p1@example.org' })),
        run('align'),
        run('sync'),
        people(({ dotdigital }) => dotdigital.world.joinList('p1@example.org', WORKING)),
        run('align'),
        run('full'),
        { type: 'undo', dice: 'the last' },
        run('full'),
        people(({ dotdigital }) => expect(dotdigital.world.contact('p1@example.org')?.lists).toHaveLength(2)),
      ],
      { leads: { ...PLAIN.leads, enabled: true, enforceSingleList: true } },
    );
    expect(told.lines.join('\n')).toMatch(/undo the sync.*: ok, 1 actions, 1 writes/);
    expect(told.wrong).toEqual([]);
  });
});
