// What the simulation found about undo, each as the shortest story that shows it, under the row it broke.
import { describe, expect, it } from 'vitest';
import type { Accounts } from './accounts.ts';
import { PLAIN } from './setup.ts';
import { ann, onlyContact, people, run, story, withField } from './short-story.ts';
import type { Step } from './story.ts';

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

  it('decision 27, S8: a contact that a later run found to be a lead as well is not deleted', async () => {
    const told = await story(
      [
        people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
        run('align'),
        people(({ dotdigital }) => dotdigital.world.joinList('p1@example.org', WORKING)),
        run('sync'),
        people(({ dotdigital }) => dotdigital.world.leaveList('p1@example.org', WORKING)),
        { type: 'undo', dice: 'first' },
        people(({ dotdigital }) => expect(dotdigital.world.contact('p1@example.org')).not.toBeNull()),
      ],
      { leads: { ...PLAIN.leads, enabled: true, createLeadIfContactExists: true } },
    );
    expect(told.lines.join('\n')).toContain('stays: it is a lead in Sell too by now');
    expect(told.wrong).toEqual([]);
  });

  it('decision 27: a contact that somebody edited before the import that made it was told of is not deleted', async () => {
    const told = await story(
      [
        people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
        run('align', [
          {
            at: 'GET /contacts/v3/import/',
            step: {
              type: 'script',
              act: ({ dotdigital }) => dotdigital.world.editContact('p1@example.org', { fields: { CITY: 'Bath' } }),
            },
          },
        ]),
        { type: 'undo', dice: 'the last' },
      ],
      { dotdigitalSwitches: { importDelayMs: 0 } },
    );
    expect(told.lines.join('\n')).toContain('was edited since the run made it');
    expect(told.wrong).toEqual([]);
  });

  describe('decision 27, C29: where both sides go back and only one does, the other is not told of what stays', () => {
    const tagsOf = (accounts: Accounts) => accounts.sell.world.readContact(onlyContact(accounts))?.['tags'];
    const shownOf = ({ dotdigital }: Accounts, email: string) => dotdigital.world.contact(email)?.fields['SELL_TAGS'];
    const merged = (email: string): readonly Step[] => [
      people(({ sell }) => sell.world.createContact({ ...ann, tags: ['one'], email: 'p1@example.org' })),
      run('align'),
      run('sync'),
      people((accounts) => {
        accounts.sell.world.updateContact(onlyContact(accounts), { tags: ['one', 'two'], email });
        accounts.dotdigital.world.editContact('p1@example.org', { fields: { SELL_TAGS: 'one;three' } });
      }),
      run('sync'),
      people((accounts) => expect(tagsOf(accounts)).toHaveLength(3)),
    ];
    const shown = { contacts: withField({ sell: 'tags', dotdigital: 'SELL_TAGS', kind: 'set' }) };

    it('C21: the address is taken', async () => {
      const told = await story(
        [
          ...merged('p2@example.org'),
          people(({ dotdigital }) => dotdigital.world.addContact({ email: 'p1@example.org' })),
          { type: 'undo', dice: 'the last' },
          run('sync'),
          people((accounts) => expect(tagsOf(accounts)).toEqual(['one', 'two'])),
        ],
        shown,
      );
      expect(told.lines.join('\n')).toContain('Dotdigital refused the contact');
      expect(told.wrong).toEqual([]);
    });

    it('contract 6: the undo is killed between the two', async () => {
      const seen = new Set<string>();
      for (const killedAfter of [10, 11, 12]) {
        let left: readonly unknown[] = [];
        const look = (accounts: Accounts) => [tagsOf(accounts), shownOf(accounts, 'p1@example.org')];
        const told = await story(
          [
            ...merged('p1@example.org'),
            { type: 'undo', dice: 'the last', killedAfter },
            people((accounts) => {
              left = look(accounts);
            }),
            run('sync'),
            run('sync'),
            people((accounts) => expect([killedAfter, ...look(accounts)]).toEqual([killedAfter, ...left])),
          ],
          shown,
        );
        seen.add(JSON.stringify(left));
        expect(told.wrong).toEqual([]);
      }
      // Neither went back, marketing alone, both.
      expect(seen.size).toBe(3);
    });
  });
});
