// What the laws once asked and nobody can know or promise, each as the shortest story that shows it: all of them end well.
import { describe, expect, it } from 'vitest';
import type { Accounts } from './accounts.ts';
import type { LinkRow } from './known.ts';
import { PLAIN } from './setup.ts';
import {
  ann,
  hiddenOnceOut,
  inDotdigital,
  onlyContact,
  people,
  run,
  seenAs,
  snapshot,
  story,
  withField,
} from './short-story.ts';
import { UndoLaw } from './undo-law.ts';
import type { Change } from './witness.ts';

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

  it('decision 27, D4: what another record of the person says, once it takes the place of one that is deleted, is no value taken back', async () => {
    const told = await story(
      [
        annInBoth,
        run('align'),
        people(({ sell }) => sell.world.createContact({ ...ann, first_name: 'Bo', email: 'p1@example.org' })),
        run('sync'),
        people(({ sell }) => sell.world.updateContact(firstContact(sell), { first_name: 'Eve' })),
        run('sync'),
        people(({ sell }) => sell.world.deleteContact(firstContact(sell))),
        { type: 'undo', dice: 'the last' },
        run('sync'),
        people(({ dotdigital }) =>
          expect(dotdigital.world.contact('p1@example.org')?.fields).toMatchObject({ FIRSTNAME: 'Bo' }),
        ),
      ],
      { contacts: { ...PLAIN.contacts, multipleMatch: 'email' }, deleteGrace: 'none' },
    );
    expect(told.lines.join('\n')).toMatch(/undo the sync.*: ok, 1 actions/);
    expect(told.wrong).toEqual([]);
  });

  it('decision 27: what people wrote to a contact that nobody could read is neither known nor restored', async () => {
    const told = await story(
      [
        annInBoth,
        run('align'),
        people(({ dotdigital }) => dotdigital.world.unsubscribe('p1@example.org')),
        run('sync'),
        people((accounts) => {
          accounts.sell.world.updateContact(onlyContact(accounts), { first_name: 'Eve', last_name: 'Ng' });
          accounts.dotdigital.world.editContact('p1@example.org', { fields: { FIRSTNAME: 'Eve', LASTNAME: 'Roe' } });
        }),
        run('sync'),
        people(({ dotdigital }) => dotdigital.world.resubscribe('p1@example.org')),
        { type: 'undo', dice: 'the last' },
      ],
      hiddenOnceOut,
    );
    expect(told.lines.join('\n')).toMatch(/undo the sync.*: ok, 1 actions, 1 writes/);
    expect(told.wrong).toEqual([]);
  });

  it('decision 27, R7: what people wrote while a younger database was in use is not known, where the run was to write the same', async () => {
    const told = await story([
      annInBoth,
      run('align'),
      run('sync'),
      snapshot,
      people((accounts) => {
        accounts.sell.world.updateContact(onlyContact(accounts), { first_name: 'Eve' });
        accounts.dotdigital.world.editContact('p1@example.org', { fields: { FIRSTNAME: 'Eve' } });
      }),
      run('sync'),
      { type: 'restore the copy' },
      run('sync'),
      { type: 'undo', dice: 'the last' },
    ]);
    expect(told.lines.join('\n')).toMatch(/undo the sync.*: ok, 1 actions/);
    expect(told.wrong).toEqual([]);
  });

  it('decision 27, R7, L5: so it is with a lead’s status, which the other account has as a list', async () => {
    const told = await story(
      [
        people(({ sell }) => sell.world.createLead({ first_name: 'Ann', last_name: 'Lee', email: 'p1@example.org' })),
        run('align'),
        run('sync'),
        snapshot,
        people(({ sell }) => sell.world.updateLead(onlyLead(sell), { status: 'Working' })),
        run('sync'),
        { type: 'restore the copy' },
        run('sync'),
        { type: 'undo', dice: 'the last' },
      ],
      withLeads,
    );
    expect(told.lines.join('\n')).toMatch(/undo the sync.*: ok, 1 actions, 1 writes/);
    expect(told.wrong).toEqual([]);
  });

  it.each([
    ['spelt otherwise', 'two;one', true, 0],
    ['spelt otherwise, after a run that met faults', 'two;one', false, 0],
    ['as another one', 'two;three', true, 1],
    ['as another one, after a run that met faults', 'two;three', false, 1],
    ['after a later run had written another', 'one;two', 'later', 0],
  ])('decision 27, C31: a value of the run that people wrote again, %s', (_, given, faultless, violations) => {
    const record = seenAs('dotdigital', '2', { fields: { LIKES: given } });
    const likes = { key: record.key, what: 'LIKES', record };
    const changes: Change[] = [{ ...likes, at: 5, before: null, after: 'one; two', cause: 'program' }];
    const law = new UndoLaw(
      { changes, records: new Map([[record.key, record]]) },
      {
        shows: () => true,
        links: () => [],
        fields: () => [{ sell: 'custom_fields.Likes', dotdigital: 'LIKES', kind: 'set' }],
        listsOf: () => [],
        hasList: () => true,
      },
    );
    law.runEnded('run', 0, faultless === true);
    if (faultless === 'later') changes.push({ ...likes, at: 6, before: 'one; two', after: 'four', cause: 'program' });
    changes.push({ ...likes, at: 7, before: 'one; two', after: given, cause: 'people' });
    changes.push({ ...likes, at: 9, before: given, after: null, cause: 'program' });
    expect(law.judge({ undoes: 'run', state: 'ok', named: [] }, changes.length - 1)).toHaveLength(violations);
  });

  it.each([
    ['the record it belonged to', '1', 'one', 1],
    ['a record that it never belonged to', '3', 'one', 0],
    ['nobody, for another record has another value', '3', 'two', 1],
  ])('decision 27: what was taken back is pushed again with the value of %s', (_, id, value, violations) => {
    const contact = seenAs('dotdigital', '2');
    const other = seenAs('sell', id, { fields: { 'custom_fields.Likes': value } });
    const likes = { key: contact.key, what: 'LIKES', record: contact, cause: 'program' } as const;
    const changes: Change[] = [{ ...likes, at: 5, before: null, after: 'one' }];
    const link = { role: 'contact', crm_id: '1', marketing_id: '2', state: 'active' } as LinkRow;
    const law = new UndoLaw(
      { changes, records: new Map([contact, other].map((one) => [one.key, one])) },
      {
        shows: () => true,
        links: () => [link],
        fields: () => [{ sell: 'custom_fields.Likes', dotdigital: 'LIKES', kind: 'text' }],
        listsOf: () => [],
        hasList: () => true,
      },
    );
    law.runEnded('run', 0, true);
    changes.push({ ...likes, at: 7, before: 'one', after: null });
    expect(law.judge({ undoes: 'run', state: 'ok', named: [] }, 1)).toEqual([]);
    expect(law.watched([{ ...likes, at: 9, before: null, after: 'one' }])).toHaveLength(violations);
  });

  it.each([
    ['a list of which is deleted', ['7', '8'], ['7'], ['7'], 0],
    ['whom people took off a list', ['7', '8'], ['7'], ['7', '8'], 1],
    ['whom people put on another list', ['7'], ['8'], ['8'], 1],
  ])('decision 27: an undo deletes a contact %s', (_, before, after, there, violations) => {
    const contact = seenAs('dotdigital', '2', { lists: after });
    const own = { key: contact.key, record: contact } as const;
    const changes: Change[] = [{ ...own, what: 'created', at: 5, before: null, after: null, cause: 'program' }];
    const law = new UndoLaw(
      { changes, records: new Map([[contact.key, contact]]) },
      {
        shows: () => true,
        links: () => [],
        fields: () => [],
        listsOf: () => [],
        hasList: (id) => there.includes(id),
      },
    );
    law.runEnded('run', 0, true);
    changes.push({ ...own, what: 'lists', at: 7, before, after, cause: 'people' });
    changes.push({ ...own, what: 'deleted', at: 9, before: null, after: null, cause: 'program' });
    expect(law.judge({ undoes: 'run', state: 'ok', named: [] }, 2)).toHaveLength(violations);
  });

  it.each([
    ['on its list', ['7'], 0],
    ['on another list', ['8'], 1],
  ])('decision 27, R7: a status that people gave unread, while the contact is %s', (_, lists, violations) => {
    const lead = seenAs('sell', '1', { kind: 'lead', lists });
    const contact = seenAs('dotdigital', '2', { lists });
    const status = { key: lead.key, what: 'status', record: lead };
    const changes: Change[] = [{ ...status, at: 5, before: 'New', after: 'Working', cause: 'people' }];
    const law = new UndoLaw(
      { changes, records: new Map([lead, contact].map((one) => [one.key, one])) },
      {
        shows: () => true,
        links: () => [],
        fields: () => [],
        listsOf: (name) => (name === 'Working' ? ['7'] : ['8']),
        hasList: () => true,
      },
    );
    law.restored(1, 9);
    law.runEnded('run', 1, true);
    changes.push({ ...status, at: 11, before: 'Working', after: 'New', cause: 'program' });
    expect(law.judge({ undoes: 'run', state: 'ok', named: [] }, 1)).toHaveLength(violations);
  });

  it('decision 27, R7: whoever is taken off a list that an older database never saw them on leaves no trace', async () => {
    const told = await story(
      [
        people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
        run('align'),
        snapshot,
        people(({ sell }) => sell.world.createLead({ first_name: 'Ann', last_name: 'Lee', email: 'p1@example.org' })),
        run('sync'),
        { type: 'restore the copy' },
        people(({ dotdigital }) => dotdigital.world.leaveList('p1@example.org', 'Zendesk Sell - Leads: New')),
        { type: 'undo', dice: 'the last' },
      ],
      withLeads,
    );
    expect(told.lines.join('\n')).toMatch(/undo the align.*: ok, 1 actions/);
    expect(told.wrong).toEqual([]);
  });

  it('decision 27, D8: whoever is no lead any more leaves the lists that an undo put them back on', async () => {
    const told = await story(
      [
        people(({ sell }) => sell.world.createLead({ first_name: 'Ann', last_name: 'Lee', email: 'p1@example.org' })),
        run('align'),
        people(({ dotdigital }) => dotdigital.world.joinList('p1@example.org', 'Zendesk Sell - Leads: Working')),
        run('align'),
        run('full'),
        people(({ sell }) => sell.world.convertLead(onlyLead(sell))),
        { type: 'undo', dice: 'the last' },
        run('sync'),
      ],
      {
        contacts: { ...PLAIN.contacts, enabled: false },
        leads: { ...withLeads.leads, enforceSingleList: true },
        deleteGrace: 'none',
      },
    );
    expect(told.lines.join('\n')).toMatch(/undo the sync.*: ok, 1 actions/);
    expect(told.wrong).toEqual([]);
  });

  it('decision 24, 27: lists that the service took from whoever was opted out are no write of the run', async () => {
    const told = await story(
      [
        people(({ sell }) => sell.world.createLead({ first_name: 'Ann', last_name: 'Lee', email: 'p1@example.org' })),
        run('align'),
        people(({ sell }) => sell.world.updateLead(onlyLead(sell), { tags: ['unsubscribed'] })),
        run('sync'),
        people(({ dotdigital }) => dotdigital.world.resubscribe('p1@example.org')),
        { type: 'undo', dice: 'the last' },
      ],
      { ...withLeads, dotdigitalSwitches: { unsubscribeLists: 'removed' } },
    );
    expect(told.lines.join('\n')).toContain('an opt-out is never undone');
    expect(told.wrong).toEqual([]);
  });

  it('decision 27, C23: a bounce stays with the address that an undo takes away', async () => {
    const told = await story(
      [
        annInBoth,
        run('align'),
        people((accounts) => accounts.sell.world.updateContact(onlyContact(accounts), { email: 'p2@example.org' })),
        run('sync'),
        people(({ dotdigital }) => dotdigital.world.bounce('p2@example.org')),
        { type: 'undo', dice: 'the last' },
      ],
      { dotdigitalSwitches: { emailChangeStatus: 'follows-address' } },
    );
    expect(told.lines.join('\n')).toMatch(/undo the sync.*: ok, 1 actions/);
    expect(told.wrong).toEqual([]);
  });

  it('decision 8, 27: an opt-out that reaches the person’s other record after an undo is nothing that was taken back', async () => {
    const told = await story(
      [
        people(({ sell, dotdigital }) => {
          sell.world.createContact({ ...ann, email: 'p1@example.org' });
          sell.world.createLead({ first_name: 'Ann', last_name: 'Lee', email: 'p1@example.org' });
          dotdigital.world.addContact({ email: 'p1@example.org', fields: inDotdigital, status: 'unsubscribed' });
        }),
        run('align'),
        run('sync'),
        people((accounts) => {
          accounts.sell.world.updateContact(onlyContact(accounts), { tags: [] });
          accounts.dotdigital.world.resubscribe('p1@example.org');
        }),
        run('sync'),
        { type: 'undo', dice: 'the last' },
        run('sync'),
        people((accounts) =>
          expect(accounts.sell.world.readContact(onlyContact(accounts))?.['tags']).toContain('unsubscribed'),
        ),
      ],
      withLeads,
    );
    expect(told.lines.join('\n')).toMatch(/undo the sync.*: ok/);
    expect(told.wrong).toEqual([]);
  });

  it('decision 27: an edit that no mapping reads, a moment after the run’s own write, cannot be told from that', async () => {
    const told = await story([
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
    ]);
    expect(told.lines.join('\n')).toMatch(/undo the align.*: ok, 1 actions/);
    expect(told.wrong).toEqual([]);
  });
});

function firstContact({ world }: Accounts['sell']): number {
  return Math.min(...[...world.state.contacts.values()].map(({ id }) => id));
}

function onlyLead({ world }: Accounts['sell']): number {
  const [lead] = world.state.leads.values();
  if (lead === undefined) throw new Error('Sell has a lead.');
  return lead.id;
}
