// What the simulation found about the values of mapped fields, each as the shortest story that shows it, under the row it broke.
import { describe, expect, it } from 'vitest';
import { readKnown } from './known.ts';
import { PLAIN } from './setup.ts';
import { ann, inDotdigital, onlyContact, people, run, story } from './short-story.ts';

describe('found by the simulation, about fields', () => {
  it('decision 27, 4.8: what an alignment decides anew after an undo waits for as long as it is held', async () => {
    const held: string[] = [];
    const told = await story(
      [
        people(({ sell, dotdigital }) => {
          sell.world.createContact({ ...ann, customer_status: 'none', email: 'p1@example.org' });
          dotdigital.world.addContact({
            email: 'p1@example.org',
            fields: { ...inDotdigital, CUSTOMER_STATUS: 'none' },
          });
        }),
        run('align'),
        people((accounts) => accounts.sell.world.updateContact(onlyContact(accounts), { customer_status: 'past' })),
        run('sync'),
        { type: 'undo', dice: 'the last' },
      ],
      {
        contacts: { ...PLAIN.contacts, alignment: { mode: 'both', winner: 'dotdigital' } },
        allowNonCustomer: false,
      },
      (file) => held.push(...[...readKnown(file).held.values()].flat()),
    );
    expect(told.wrong).toEqual([]);
    expect(told.lines.join('\n')).toContain('Somebody wants to undo');
    expect(new Set(held)).toEqual(new Set(['NOT_PROSPECT_OR_CUSTOMER']));
  });
});
