// What the laws once asked and nobody can know or promise, each as the shortest story that shows it: all of them end well.
import { describe, expect, it } from 'vitest';
import { PLAIN } from './setup.ts';
import { ann, inDotdigital, onlyContact, people, run, story, withField } from './short-story.ts';

const annInBoth = people(({ sell, dotdigital }) => {
  sell.world.createContact({ ...ann, email: 'p1@example.org' });
  dotdigital.world.addContact({ email: 'p1@example.org', fields: inDotdigital });
});
const withLeads = { leads: { ...PLAIN.leads, enabled: true } } as const;
const asItIs = { mode: 'none', winner: 'sell' } as const;

describe('the laws of the simulation', () => {
  it('R2, 4.8: an alignment that writes nothing fills no blank', async () => {
    const told = await story(
      [
        people(({ sell, dotdigital }) => {
          sell.world.createContact({ ...ann, custom_fields: { Tier: 'Gold' }, email: 'p1@example.org' });
          dotdigital.world.addContact({ email: 'p1@example.org', fields: inDotdigital });
        }),
        run('align'),
      ],
      {
        contacts: {
          ...withField({ sell: 'custom_fields.Tier', dotdigital: 'TIER', kind: 'text' }),
          alignment: asItIs,
        },
      },
    );
    expect(told.wrong).toEqual([]);
  });

  it('R2, R11: where the run that linked two records broke off, what differs is decided when they are compared at last', async () => {
    const told = await story(
      [
        people(({ sell, dotdigital }) => {
          sell.world.createContact({ ...ann, custom_fields: { Tier: 'Gold' }, email: 'p1@example.org' });
          dotdigital.world.addContact({ email: 'p1@example.org', fields: { ...inDotdigital, TIER: 'Gold' } });
          dotdigital.world.addContact({ email: 'p2@example.org', fields: { ...inDotdigital, FIRSTNAME: 'Ben' } });
        }),
        run('align'),
        run('sync'),
        people((accounts) => {
          const { world } = accounts.sell;
          const [tier] = world.state.customFields.list('contact').filter(({ name }) => name === 'Tier');
          world.removeCustomField(tier?.id ?? 0);
          world.updateContact(onlyContact(accounts), { phone: '0123' });
          world.createContact({ ...ann, email: 'p2@example.org' });
          accounts.repairs.push(() => {
            world.addCustomField({ resource: 'contact', name: 'Tier', type: 'string' });
            world.updateContact(onlyContact(accounts), { custom_fields: { Tier: 'Gold' } });
            return 'The field is there again, and its value';
          });
        }),
        run('sync'),
        people(({ dotdigital }) => dotdigital.world.editContact('p2@example.org', { fields: { FIRSTNAME: 'Eve' } })),
      ],
      {
        contacts: {
          ...withField({ sell: 'custom_fields.Tier', dotdigital: 'TIER', kind: 'text' }),
          alignment: asItIs,
        },
      },
    );
    expect(told.lines.join('\n')).toContain('The sync ends: aborted');
    expect(told.wrong).toEqual([]);
  });

  it('R2: a value that was there again before any run could read another is no edit', async () => {
    const told = await story(
      [
        people(({ sell, dotdigital }) => {
          sell.world.createContact({ ...ann, email: 'p1@example.org' });
          dotdigital.world.addContact({ email: 'p1@example.org', fields: { ...inDotdigital, FIRSTNAME: 'Ben' } });
        }),
        run('align'),
        people(({ dotdigital }) => dotdigital.world.editContact('p1@example.org', { fields: { FIRSTNAME: 'Eve' } })),
        people(({ dotdigital }) => dotdigital.world.editContact('p1@example.org', { fields: { FIRSTNAME: 'Ben' } })),
      ],
      { contacts: { ...PLAIN.contacts, alignment: { mode: 'both', winner: 'fill-blanks' } } },
    );
    expect(told.wrong).toEqual([]);
  });

  it('decision 27: who gives a field the value of the run again, unseen, has it taken back with the run', async () => {
    const told = await story([
      annInBoth,
      run('align'),
      people((accounts) => accounts.sell.world.updateContact(onlyContact(accounts), { first_name: 'Eve' })),
      run('sync'),
      people(({ dotdigital }) => dotdigital.world.editContact('p1@example.org', { fields: { FIRSTNAME: 'Ben' } })),
      people(({ dotdigital }) => dotdigital.world.editContact('p1@example.org', { fields: { FIRSTNAME: 'Eve' } })),
      { type: 'undo', dice: 'the last' },
    ]);
    expect(told.lines.join('\n')).toContain('undo the sync');
    expect(told.wrong).toEqual([]);
  });

  it('decision 27: who writes what the run is about to write has it taken back with the run', async () => {
    const told = await story([
      annInBoth,
      run('align'),
      people((accounts) => accounts.sell.world.updateContact(onlyContact(accounts), { first_name: 'Eve' })),
      run('sync', [
        {
          at: 'PUT /contacts/v3/import',
          step: {
            type: 'script',
            act: ({ dotdigital }) => dotdigital.world.editContact('p1@example.org', { fields: { FIRSTNAME: 'Eve' } }),
          },
        },
      ]),
      { type: 'undo', dice: 'the last' },
    ]);
    expect(told.lines.join('\n')).toMatch(/undo the sync.*: ok, 1 actions/);
    expect(told.wrong).toEqual([]);
  });

  it('decision 27, C2: whose record an undo took away may be linked with one that somebody made, and filled from there', async () => {
    const told = await story([
      people(({ dotdigital }) => dotdigital.world.addContact({ email: 'p1@example.org', fields: inDotdigital })),
      run('align', [
        {
          at: 'POST /v2/contacts',
          step: {
            type: 'script',
            act: ({ sell }) =>
              sell.world.createContact({ ...ann, prospect_status: 'current', email: 'p1@example.org' }),
          },
        },
      ]),
      { type: 'undo', dice: 'the last' },
      run('sync'),
      people(({ dotdigital }) =>
        expect(dotdigital.world.contact('p1@example.org')?.fields).toMatchObject({ PROSPECT_STATUS: 'current' }),
      ),
    ]);
    expect(told.lines.join('\n')).toContain('undo the align');
    expect(told.wrong).toEqual([]);
  });

  it('decision 27, R19: tags that consent writes after an undo are shown where tags are mapped', async () => {
    const told = await story(
      [
        people(({ sell, dotdigital }) => {
          sell.world.createContact({ ...ann, email: 'p1@example.org' });
          dotdigital.world.addContact({ email: 'p1@example.org', fields: inDotdigital, status: 'unsubscribed' });
        }),
        run('align'),
        people((accounts) => accounts.sell.world.updateContact(onlyContact(accounts), { tags: [] })),
        { type: 'undo', dice: 'the last' },
        run('sync'),
      ],
      { contacts: withField({ sell: 'tags', dotdigital: 'SELL_TAGS', kind: 'set' }) },
    );
    expect(told.wrong).toEqual([]);
  });

  it('decision 27, L11: a list that is called otherwise is the same list', async () => {
    const told = await story(
      [
        people(({ sell }) => sell.world.createLead({ first_name: 'Ann', last_name: 'Lee', email: 'p1@example.org' })),
        run('align'),
        people(({ dotdigital }) => {
          const [list] = dotdigital.world.lists().filter(({ name }) => name.startsWith('Zendesk Sell - Leads: '));
          dotdigital.world.renameList(list?.id ?? 0, 'New ones');
        }),
        run('sync'),
        { type: 'decide', dice: 'as it was' },
        run('sync'),
        { type: 'undo', dice: 'the last' },
      ],
      withLeads,
    );
    expect(told.lines.join('\n')).toContain(': restore');
    expect(told.lines.join('\n')).toContain('undo the sync');
    expect(told.wrong).toEqual([]);
  });

  it('decision 27: whose mail bounced may be hidden on a list like one who left', async () => {
    const told = await story(
      [
        people(({ sell, dotdigital }) => {
          sell.world.createLead({ first_name: 'Ann', last_name: 'Lee', email: 'p1@example.org' });
          dotdigital.world.addContact({ email: 'p1@example.org', fields: inDotdigital });
        }),
        run('align'),
        people(({ dotdigital }) => dotdigital.world.bounce('p1@example.org', 'soft')),
        { type: 'undo', dice: 'the last' },
      ],
      { ...withLeads, dotdigitalSwitches: { listScanShowsSuppressed: false } },
    );
    expect(told.wrong).toEqual([]);
  });
});
