// What the simulation found, each as the shortest story that shows it, under the row it broke.
import { describe, expect, it } from 'vitest';
import type { Accounts } from './accounts.ts';
import { readKnown } from './known.ts';
import { CONSENT_TAGS, type MappedField, PLAIN } from './setup.ts';
import {
  ann,
  hiddenOnceOut,
  inDotdigital,
  onlyContact,
  people,
  run,
  snapshot,
  story,
  withField,
} from './short-story.ts';

describe('found by the simulation', () => {
  it('R6: a record that is deleted between the look and the write of its address ends no run', async () => {
    const told = await story([
      people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
      run('align'),
      run('sync'),
      people(({ dotdigital }) => dotdigital.world.editContact('p1@example.org', { fields: { POSTCODE: 'PC12' } })),
      run('sync', [
        {
          at: 'GET /v2/contacts?ids=',
          step: { type: 'script', act: (accounts) => accounts.sell.world.deleteContact(onlyContact(accounts)) },
        },
      ]),
    ]);
    expect(told.wrong).toEqual([]);
  });

  it('H1: a database from a backup makes nobody a second time', async () => {
    const told = await story([
      run('align'),
      snapshot,
      people(({ dotdigital }) => dotdigital.world.addContact({ email: 'p1@example.org', fields: inDotdigital })),
      run('sync'),
      run('sync'),
      { type: 'restore the copy' },
      run('sync'),
    ]);
    expect(told.wrong).toEqual([]);
  });

  it('O7: whoever changes the address and leaves at once is told of by id', async () => {
    const told = await story(
      [
        people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org', tags: ['newsletter'] })),
        run('align'),
        run('sync'),
        people(({ dotdigital }) => {
          dotdigital.world.editContact('p1@example.org', { email: 'p2@example.org' });
          dotdigital.world.unsubscribe('p2@example.org');
        }),
        run('sync'),
        people((accounts) =>
          expect(accounts.sell.world.readContact(onlyContact(accounts))?.['tags']).toContain('unsubscribed'),
        ),
      ],
      hiddenOnceOut,
    );
    expect(told.wrong).toEqual([]);
  });

  it('D14: an address that is back as another contact is asked about at once, and nobody is made for it', async () => {
    const told = await story([
      people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
      run('align'),
      run('sync'),
      people(({ dotdigital }) => {
        dotdigital.world.deleteContact('p1@example.org');
        dotdigital.world.addContact({ email: 'p1@example.org', fields: inDotdigital });
      }),
      run('sync'),
    ]);
    expect(told.wrong).toEqual([]);
  });

  it('C21: a create that meets a contact who is somebody else’s by now ends no run', async () => {
    const told = await story([
      people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
      run('align'),
      run('sync'),
      people(({ sell }) => sell.world.createContact({ ...ann, first_name: 'Ben', email: 'p2@example.org' })),
      run('sync', [
        {
          at: 'PUT /contacts/v3/import',
          step: {
            type: 'script',
            act: ({ dotdigital }) => dotdigital.world.editContact('p1@example.org', { email: 'p2@example.org' }),
          },
        },
      ]),
    ]);
    expect(told.wrong).toEqual([]);
  });

  it('D12: somebody who left, came back and was deleted is not taken for one who left', async () => {
    const links: string[] = [];
    const told = await story(
      [
        people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
        run('align'),
        run('sync'),
        people(({ dotdigital }) => dotdigital.world.unsubscribe('p1@example.org')),
        run('sync'),
        people(({ dotdigital }) => dotdigital.world.resubscribe('p1@example.org')),
        run('sync'),
        people(({ dotdigital }) => dotdigital.world.deleteContact('p1@example.org')),
      ],
      {},
      (file) => links.push(...readKnown(file).links.map(({ state }) => state)),
    );
    expect([told.wrong, links]).toEqual([[], ['severed']]);
  });

  it('D12: the last one who left is known to be gone, where the account was seen to show those who left so', async () => {
    const links: string[] = [];
    const told = await story(
      [
        people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
        run('align'),
        run('sync'),
        people(({ dotdigital }) => {
          dotdigital.world.optOut('p1@example.org', 'hardBounced');
          dotdigital.world.editContact('p1@example.org', { fields: { POSTCODE: 'AB1' } });
        }),
        run('sync'),
        people(({ dotdigital }) => dotdigital.world.deleteContact('p1@example.org')),
      ],
      {},
      (file) => links.push(...readKnown(file).links.map(({ state }) => state)),
    );
    expect([told.wrong, links]).toEqual([[], ['severed']]);
  });

  it.each(['full', 'sync'] as const)(
    'D8: a converted lead that an older database meets by a complete look alone is known as converted (%s)',
    async (how) => {
      const leads: string[] = [];
      const told = await story(
        [
          run('align'),
          run('sync'),
          snapshot,
          people(({ sell }) =>
            sell.world.createLead({ first_name: 'Ann', last_name: 'Lee', email: 'p1@example.org', status: 'New' }),
          ),
          run('sync'),
          people(({ sell }) => sell.world.convertLead([...sell.world.state.leads.values()][0]?.id ?? 0)),
          run('sync'),
          run('sync'),
          { type: 'restore the copy' },
          // It reads the conversions before it knows of the lead.
          { type: 'wait', ms: 25 * 60 * 60_000 },
          run('sync'),
          run(how),
          run('sync'),
        ],
        { leads: { ...PLAIN.leads, enabled: true }, sellSwitches: { convertedLead: 'kept' } },
        (file) => leads.push(...readKnown(file).links.flatMap(({ role, state }) => (role === 'lead' ? [state] : []))),
      );
      expect([told.wrong, leads]).toEqual([[], []]);
    },
  );

  it('decision 8, O3: nobody is brought back under an address that their contact gave up while the account hid it', async () => {
    const told = await story(
      [
        people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
        run('align'),
        run('sync'),
        people(({ dotdigital }) => dotdigital.world.unsubscribe('p1@example.org')),
        run('sync'),
        run('sync'),
        people((accounts) => {
          accounts.dotdigital.world.editContact('p1@example.org', { email: 'p2@example.org' });
          accounts.sell.world.updateContact(onlyContact(accounts), { tags: ['newsletter'] });
        }),
        run('sync'),
      ],
      hiddenOnceOut,
    );
    expect(told.wrong).toEqual([]);
  });

  it('R17: a value that Sell does not take away again is named by the undo', async () => {
    const told = await story(
      [
        people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
        run('align'),
        run('sync'),
        people(({ dotdigital }) => dotdigital.world.editContact('p1@example.org', { fields: { TIER: 'Gold' } })),
        run('sync'),
        { type: 'undo', dice: 'the last' },
      ],
      {
        contacts: withField({ sell: 'custom_fields.Tier', dotdigital: 'TIER', kind: 'text' }),
        sellSwitches: { customFieldNull: 'ignored' },
      },
    );
    expect(told.wrong).toEqual([]);
    expect(told.lines.join('\n')).toContain('custom_fields.Tier stays: Sell did not take the value away');
  });

  it('D1, D20: a delete that only a younger database had been told of is found by the comparison of the night', async () => {
    const states: string[] = [];
    const told = await story(
      [
        people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
        run('align'),
        run('sync'),
        snapshot,
        people((accounts) => accounts.sell.world.deleteContact(onlyContact(accounts))),
        run('sync'),
        { type: 'restore the copy' },
      ],
      { contacts: { ...PLAIN.contacts, delete: 'queue' } },
      (file) => states.push(...readKnown(file).links.map(({ state }) => state)),
    );
    expect([told.wrong, states]).toEqual([[], ['severed']]);
    expect(told.lines.filter((line) => line.includes('Approved'))).toHaveLength(1);
  });

  it('C22, O7: a record whose address had left is told so at once, also where the account shows nobody who left', async () => {
    const told = await story(
      [
        people(({ dotdigital }) => dotdigital.world.addContact({ email: 'p1@example.org', status: 'unsubscribed' })),
        run('align'),
        people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
        run('sync'),
        people((accounts) =>
          expect(accounts.sell.world.readContact(onlyContact(accounts))?.['tags']).toEqual(['unsubscribed']),
        ),
      ],
      hiddenOnceOut,
    );
    expect(told.wrong).toEqual([]);
  });

  it('D1, D9: a lead whose contact is deleted before the lead has left its lists ends with it', async () => {
    const states: string[] = [];
    const told = await story(
      [
        people(({ sell }) => sell.world.createLead({ first_name: 'Ann', last_name: 'Lee', email: 'p1@example.org' })),
        run('align'),
        run('sync'),
        people(({ sell }) => {
          const [lead] = sell.world.state.leads.values();
          sell.world.convertLead(lead?.id ?? 0);
        }),
        // An alignment takes nobody off a list, so the lead goes on for a while beside the contact it became.
        run('align'),
        people((accounts) => accounts.sell.world.deleteContact(onlyContact(accounts))),
        run('sync'),
      ],
      { leads: { ...PLAIN.leads, enabled: true } },
      (file) => states.push(...readKnown(file).links.map(({ state }) => state)),
    );
    expect([told.wrong, states]).toEqual([[], ['severed', 'severed']]);
  });

  it('D12, O3: somebody who left and was deleted is not brought back by a yes in Sell', async () => {
    const told = await story([
      people(({ sell, dotdigital }) => {
        sell.world.createContact({ ...ann, email: 'p1@example.org' });
        dotdigital.world.addContact({ email: 'p2@example.org', status: 'unsubscribed' });
      }),
      run('align'),
      run('sync'),
      people(({ dotdigital }) => dotdigital.world.unsubscribe('p1@example.org')),
      run('sync'),
      run('sync'),
      people((accounts) => {
        accounts.dotdigital.world.deleteContact('p1@example.org');
        accounts.sell.world.updateContact(onlyContact(accounts), { tags: ['newsletter'] });
      }),
      run('sync'),
      people(({ dotdigital }) => expect(dotdigital.world.contact('p1@example.org')?.deletedAt).not.toBe(0)),
    ]);
    expect(told.wrong).toEqual([]);
  });

  const TIER: MappedField = { sell: 'custom_fields.Tier', dotdigital: 'TIER', kind: 'text' };
  const gold = { ...ann, custom_fields: { Tier: 'Gold' } };
  const twoOfGold = [
    people(({ sell }) => {
      sell.world.createContact({ ...gold, email: 'p1@example.org' });
      sell.world.createContact({ ...gold, email: 'p2@example.org' });
    }),
    run('align'),
    run('sync'),
    run('sync'),
  ];
  const goldOf = ({ sell, dotdigital }: Accounts) => [
    ...[...sell.world.state.contacts.values()].map(({ id }) => sell.world.readContact(id)?.['custom_fields']),
    ...[...dotdigital.world.contacts()].map(({ fields }) => fields['TIER']),
  ];
  const allGold = people((accounts) =>
    expect(goldOf(accounts)).toEqual([{ Tier: 'Gold' }, { Tier: 'Gold' }, 'Gold', 'Gold']),
  );

  it('C26: a data field that is made anew blanks nobody in Sell and is filled from there', async () => {
    const told = await story(
      [
        ...twoOfGold,
        people(({ dotdigital }) => {
          dotdigital.world.deleteDataField('TIER');
          dotdigital.world.createDataField('TIER', 'String');
          dotdigital.world.editContact('p1@example.org', { fields: { LASTNAME: 'Ng' } });
        }),
        run('sync'),
        run('sync'),
        allGold,
      ],
      { contacts: withField(TIER) },
    );
    expect(told.wrong).toEqual([]);
  });

  it('C26: a custom field that is made anew blanks nobody in Dotdigital and is filled from there', async () => {
    const told = await story(
      [
        ...twoOfGold,
        people((accounts) => {
          const { world } = accounts.sell;
          const [tier] = world.state.customFields.list('contact').filter(({ name }) => name === 'Tier');
          if (tier === undefined) throw new Error('Sell has the field Tier.');
          world.removeCustomField(tier.id);
          world.addCustomField({ resource: 'contact', name: 'Tier', type: 'list', choices: ['Gold', 'Silver'] });
          world.updateContact(onlyContact(accounts), { last_name: 'Ng' });
        }),
        run('sync'),
        run('sync'),
        allGold,
      ],
      { contacts: withField(TIER) },
    );
    expect(told.wrong).toEqual([]);
  });

  it('C26: a data field of another type blanks nobody in Sell, though everybody was edited since', async () => {
    const told = await story(
      [
        ...twoOfGold,
        people(({ dotdigital, repairs }) => {
          dotdigital.world.deleteDataField('TIER');
          dotdigital.world.createDataField('TIER', 'Numeric');
          for (const { contactId } of [...dotdigital.world.contacts()])
            dotdigital.world.editContact(contactId, { fields: { LASTNAME: 'Ng' } });
          repairs.push(() => null);
        }),
        run('sync'),
        people(({ dotdigital }) => {
          dotdigital.world.deleteDataField('TIER');
          dotdigital.world.createDataField('TIER', 'String');
        }),
        run('sync'),
        run('sync'),
        allGold,
      ],
      { contacts: withField(TIER) },
    );
    expect(told.wrong).toEqual([]);
  });

  it('C26: a data field that a run missed and that is back later is filled from Sell', async () => {
    const told = await story(
      [
        ...twoOfGold,
        people(({ dotdigital, repairs }) => {
          dotdigital.world.deleteDataField('TIER');
          dotdigital.world.editContact('p1@example.org', { fields: { LASTNAME: 'Ng' } });
          repairs.push(() => null);
        }),
        run('sync'),
        people(({ dotdigital }) => dotdigital.world.createDataField('TIER', 'String')),
        run('sync'),
        run('sync'),
        allGold,
      ],
      { contacts: withField(TIER) },
    );
    expect(told.wrong).toEqual([]);
    expect(told.lines.join('\n')).toContain('Dotdigital has no field "TIER" any more');
  });

  it('P5, O1: the opt-out of an extra record counts for the address after its contact was deleted, too', async () => {
    const told = await story(
      [
        people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
        run('align'),
        run('sync'),
        people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
        run('sync'),
        people(({ dotdigital }) => dotdigital.world.deleteContact('p1@example.org')),
        run('full'),
        people(({ sell }) => {
          const extra = [...sell.world.state.contacts.values()].at(-1);
          sell.world.updateContact(extra?.id ?? 0, { tags: ['unsubscribed'] });
          sell.world.createLead({ first_name: 'Ann', last_name: 'Lee', email: 'p1@example.org' });
        }),
        run('sync'),
      ],
      {
        contacts: { ...PLAIN.contacts, direction: 'sell-to-dotdigital' },
        leads: { ...PLAIN.leads, enabled: true },
        consent: { ...PLAIN.consent, direction: 'sell-to-dotdigital' },
      },
    );
    expect(told.wrong).toEqual([]);
  });

  it('H1: a record that got the address while a younger database was in use is no reason to make another', async () => {
    const told = await story([
      people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
      run('align'),
      run('sync'),
      snapshot,
      people((accounts) => accounts.sell.world.updateContact(onlyContact(accounts), { email: 'p2@example.org' })),
      run('sync'),
      run('sync'),
      { type: 'restore the copy' },
      people(({ dotdigital }) => {
        dotdigital.world.editContact('p2@example.org', { email: 'p3@example.org' });
        dotdigital.world.addContact({ email: 'p2@example.org', fields: inDotdigital });
      }),
      run('sync'),
    ]);
    expect(told.wrong).toEqual([]);
  });

  it('decision 8, O6: an older database makes nobody of what Sell said then, where the change feed tells it no more', async () => {
    const told = await story([
      people(({ sell }) => sell.world.createContact({ ...ann, email: 'p6@example.org' })),
      run('align'),
      { type: 'undo', dice: 'undo' },
      snapshot,
      run('align'),
      people((accounts) => {
        accounts.dotdigital.world.unsubscribe('p6@example.org');
        accounts.sell.world.updateContact(onlyContact(accounts), { email: 'p8@example.org' });
      }),
      run('sync'),
      run('sync'),
      { type: 'restore the copy' },
      run('align'),
    ]);
    expect(told.wrong).toEqual([]);
  });

  it('4.4: a second record of the address is nobody’s shadow once an undo took the first away, and none is made beside it', async () => {
    const told = await story([
      people(({ dotdigital }) => dotdigital.world.addContact({ email: 'p2@example.org', fields: inDotdigital })),
      run('align'),
      people(({ sell }) => sell.world.createContact({ ...ann, email: 'p2@example.org' })),
      run('sync'),
      { type: 'undo', dice: 'first' },
      run('align'),
    ]);
    expect([told.wrong, told.lines.join('\n')]).toEqual([[], expect.stringContaining('undo the align')]);
  });

  it('L17, D2: once the contact is deleted, the values of the lead are the person’s', async () => {
    const told = await story(
      [
        people(({ sell }) => {
          sell.world.createContact({ ...ann, email: 'p1@example.org' });
          sell.world.createLead({ first_name: 'Cleo', last_name: 'Lee', email: 'p1@example.org' });
        }),
        run('align'),
        run('sync'),
        people((accounts) => accounts.sell.world.deleteContact(onlyContact(accounts))),
        run('sync'),
      ],
      {
        contacts: { ...PLAIN.contacts, alignment: { mode: 'both', winner: 'sell' } },
        leads: { ...PLAIN.leads, enabled: true, alignment: { mode: 'both', winner: 'sell' } },
      },
    );
    expect(told.wrong).toEqual([]);
  });

  it('L10: a lead list that is deleted before anybody is taken off it fails nobody', async () => {
    const told = await story(
      [
        people(({ sell }) =>
          sell.world.createLead({ first_name: 'Ann', last_name: 'Lee', email: 'p1@example.org', status: 'New' }),
        ),
        run('align'),
        run('sync'),
        people(({ sell }) => {
          for (const { id } of sell.world.state.leads.values()) sell.world.updateLead(id, { status: 'Working' });
        }),
        run('sync', [
          {
            at: 'POST /v2/address-books/',
            step: {
              type: 'script',
              act: ({ dotdigital }) => dotdigital.world.deleteList('Zendesk Sell - Leads: New'),
            },
          },
        ]),
      ],
      { leads: { ...PLAIN.leads, enabled: true } },
    );
    expect([told.wrong, told.lines.filter((line) => line.includes('partial'))]).toEqual([[], []]);
  });

  it('P5, O10: a further record that comes with a no opts the person out, also while an opt-in of theirs waits', async () => {
    const told = await story(
      [
        people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
        run('align'),
        run('sync'),
        people(({ dotdigital }) => dotdigital.world.unsubscribe('p1@example.org')),
        run('sync'),
        run('sync'),
        people(({ dotdigital }) => dotdigital.world.resubscribe('p1@example.org')),
        run('sync'),
        people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org', tags: ['unsubscribed'] })),
        run('sync'),
        people(({ dotdigital }) =>
          expect(dotdigital.world.contact('p1@example.org')?.emailStatus).toBe('unsubscribed'),
        ),
      ],
      { consent: { ...PLAIN.consent, optInTrigger: 'with-change' } },
    );
    expect(told.wrong).toEqual([]);
  });

  it('D12: somebody whose mail bounced for once has not left, and is noticed when deleted', async () => {
    const states: string[] = [];
    const told = await story(
      [
        people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
        run('align'),
        people(({ dotdigital }) => {
          dotdigital.world.bounce('p1@example.org', 'soft');
          dotdigital.world.deleteContact('p1@example.org');
        }),
        run('sync'),
      ],
      {},
      (file) => states.push(...readKnown(file).links.map(({ state }) => state)),
    );
    expect([told.wrong, states]).toEqual([[], ['severed']]);
  });

  it('C23, P5: a no that an extra record brings goes along with the new address, whatever the account makes of it', async () => {
    const told = await story(
      [
        people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org', tags: ['newsletter'] })),
        run('align'),
        run('sync'),
        people((accounts) => {
          accounts.sell.world.updateContact(onlyContact(accounts), { email: 'p2@example.org' });
          accounts.sell.world.createContact({ ...ann, email: 'p2@example.org', tags: ['unsubscribed'] });
        }),
        run('sync'),
      ],
      { dotdigitalSwitches: { emailChangeStatus: 'follows-address' } },
    );
    expect(told.wrong).toEqual([]);
  });

  it('C22, C23: whoever left under an address before is not mailed when the contact is made again under the next one', async () => {
    const told = await story(
      [
        people(({ sell, dotdigital }) => {
          sell.world.createContact({ ...ann, email: 'p1@example.org' });
          // Shows that the account shows those who left.
          dotdigital.world.addContact({ email: 'p9@example.org' });
          dotdigital.world.suppress('p9@example.org');
        }),
        run('align'),
        run('sync'),
        people(({ dotdigital }) => dotdigital.world.suppress('p1@example.org')),
        { type: 'wait', ms: 25 * 3_600_000 },
        people((accounts) => accounts.sell.world.updateContact(onlyContact(accounts), { email: 'p2@example.org' })),
        run('full'),
        people(({ dotdigital }) => dotdigital.world.deleteContact('p2@example.org')),
        run('align'),
      ],
      {
        contacts: { ...PLAIN.contacts, afterDotdigitalDelete: 'recreate' },
        consent: { ...PLAIN.consent, direction: 'sell-to-dotdigital', default: 'none', unknownConsentAs: 'subscribed' },
      },
    );
    expect(told.wrong).toEqual([]);
  });

  it('D11, D13: a record that had waited beside a deleted contact is asked about, not passed over', async () => {
    const told = await story(
      [
        people(({ sell }) => sell.world.createLead({ first_name: 'Ann', last_name: 'Lee', email: 'p1@example.org' })),
        run('align'),
        people(({ sell, dotdigital }) => {
          const [lead] = sell.world.state.leads.values();
          sell.world.updateLead(lead?.id ?? 0, { email: 'p2@example.org' });
          dotdigital.world.deleteContact('p1@example.org');
          sell.world.createLead({ first_name: 'Bo', last_name: 'Ng', email: 'p2@example.org' });
        }),
        run('align'),
      ],
      { leads: { ...PLAIN.leads, enabled: true, afterDotdigitalDelete: 'stay-deleted' } },
    );
    expect(told.wrong).toEqual([]);
  });

  it('C6: what is put into a field that goes from Dotdigital alone, right after the contact was made there, reaches Sell', async () => {
    const told = await story(
      [
        people(({ sell }) => sell.world.createContact({ ...gold, email: 'p1@example.org' })),
        run('align'),
        people(({ dotdigital }) => dotdigital.world.editContact('p1@example.org', { fields: { TIER: 'Silver' } })),
        run('sync'),
        people(({ sell }) =>
          expect([...sell.world.state.contacts.values()].map(({ id }) => sell.world.readContact(id))).toMatchObject([
            { custom_fields: { Tier: 'Silver' } },
          ]),
        ),
      ],
      { contacts: withField({ ...TIER, direction: 'dotdigital-to-sell' }) },
    );
    expect(told.wrong).toEqual([]);
  });

  it('C5: what is put into a field that goes from Sell alone, right after the lead was made there, reaches Dotdigital', async () => {
    const told = await story(
      [
        people(({ dotdigital }) =>
          dotdigital.world.addContact({ email: 'p1@example.org', fields: { ...inDotdigital, CITY: 'York' } }),
        ),
        run('align'),
        people(({ dotdigital }) => dotdigital.world.joinList('p1@example.org', 'Zendesk Sell - Leads: New')),
        run('sync'),
        people(({ sell }) => {
          for (const { id } of sell.world.state.leads.values())
            sell.world.updateLead(id, { address: { city: 'Bath' } });
        }),
        run('sync'),
        people(({ dotdigital }) =>
          expect(dotdigital.world.contact('p1@example.org')?.fields).toMatchObject({ CITY: 'Bath' }),
        ),
      ],
      {
        contacts: { ...PLAIN.contacts, enabled: false },
        leads: {
          ...PLAIN.leads,
          enabled: true,
          fields: [
            ...PLAIN.leads.fields,
            { sell: 'address.city', dotdigital: 'CITY', kind: 'text', direction: 'sell-to-dotdigital' },
          ],
          alignment: { mode: 'both', winner: 'dotdigital' },
        },
      },
    );
    expect(told.wrong).toEqual([]);
  });

  it('decision 27: what an undo took back beside a delete that waits for approval is not pushed again', async () => {
    const told = await story(
      [
        people(({ dotdigital }) => {
          for (const email of ['p1@example.org', 'p2@example.org', 'p3@example.org', 'p4@example.org'])
            dotdigital.world.addContact({ email, fields: inDotdigital });
        }),
        run('align'),
        { type: 'undo', dice: 'the last' },
        run('sync'),
      ],
      { smallBrakes: true },
    );
    expect(told.wrong).toEqual([]);
    expect(told.lines.join('\n')).toContain('Approved: the undo of');
  });

  it('decision 27: a record that was edited while a younger database was in use is not deleted by an undo', async () => {
    const told = await story([
      people(({ dotdigital }) => dotdigital.world.addContact({ email: 'p1@example.org', fields: inDotdigital })),
      run('align'),
      snapshot,
      people((accounts) => accounts.sell.world.updateContact(onlyContact(accounts), { phone: '0123' })),
      run('sync'),
      { type: 'restore the copy' },
      { type: 'undo', dice: 'the last' },
      people(({ sell }) => expect(sell.world.state.contacts.size).toBe(1)),
    ]);
    expect(told.wrong).toEqual([]);
  });

  it('decision 27, C26: what filled a data field that was lost stays taken back, although the loss is looked at once more', async () => {
    const told = await story(
      [
        people(({ sell }) => sell.world.createContact({ ...gold, email: 'p1@example.org' })),
        run('align'),
        run('sync'),
        people(({ dotdigital }) => dotdigital.world.deleteDataField('TIER')),
        run('align'),
        people(({ dotdigital }) =>
          expect(dotdigital.world.contact('p1@example.org')?.fields).toMatchObject({ TIER: 'Gold' }),
        ),
        { type: 'undo', dice: 'LAST' },
        run('sync'),
      ],
      { contacts: withField(TIER) },
    );
    expect(told.wrong).toEqual([]);
    expect(told.lines.join('\n')).toMatch(/undo the align.*: ok, 1 actions, 1 writes/);
  });

  it('C22, D13: a write to somebody who left, is hidden and was deleted makes nobody anew who is mailed', async () => {
    const told = await story(
      [
        people(({ dotdigital }) =>
          dotdigital.world.addContact({ email: 'p1@example.org', fields: { FIRSTNAME: 'Ann' } }),
        ),
        run('align'),
        people(({ dotdigital }) => {
          dotdigital.world.deleteContact('p1@example.org');
          dotdigital.world.addContact({ email: 'p1@example.org', fields: { FIRSTNAME: 'Ann' } });
          dotdigital.world.unsubscribe('p1@example.org');
        }),
        run('sync'),
        people(({ dotdigital, sell }) => {
          dotdigital.world.deleteContact('p1@example.org');
          sell.world.createContact({ ...ann, email: 'p1@example.org' });
        }),
        run('align'),
      ],
      hiddenOnceOut,
    );
    expect(told.wrong).toEqual([]);
  });

  it('S8, S15: a contact whose person becomes a lead in the same run is not deleted with the contact in Sell', async () => {
    const told = await story(
      [
        people(({ sell }) => {
          sell.world.createContact({ ...ann, email: 'p1@example.org' });
          sell.world.createLead({ first_name: 'Bo', last_name: 'Ng', email: 'p2@example.org', status: 'New' });
        }),
        run('align'),
        run('sync'),
        people((accounts) => {
          accounts.sell.world.deleteContact(onlyContact(accounts));
          accounts.dotdigital.world.joinList('p1@example.org', 'Zendesk Sell - Leads: New');
        }),
        run('sync'),
      ],
      {
        contacts: { ...PLAIN.contacts, delete: 'delete' },
        leads: { ...PLAIN.leads, enabled: true },
        deleteGrace: 'none',
      },
    );
    expect(told.wrong).toEqual([]);
  });

  it('D12: somebody who left, came back and was written to is known to be gone once they are deleted', async () => {
    const rename = (first_name: string) =>
      people((accounts) => accounts.sell.world.updateContact(onlyContact(accounts), { first_name }));
    const told = await story([
      people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
      run('align'),
      run('sync'),
      people(({ dotdigital }) => dotdigital.world.unsubscribe('p1@example.org')),
      run('sync'),
      people(({ dotdigital }) => dotdigital.world.resubscribe('p1@example.org')),
      run('sync'),
      { type: 'wait', ms: 30 * 60_000 },
      rename('Cleo'),
      run('sync'),
      people(({ dotdigital }) => dotdigital.world.deleteContact('p1@example.org')),
      rename('Ben'),
      run('sync'),
      people(({ dotdigital }) => expect(dotdigital.world.contact('p1@example.org')?.deletedAt).not.toBe(0)),
    ]);
    expect(told.wrong).toEqual([]);
  });

  it('O1, O10: a no whose import failed is still a new one at the next look, while a yes in Dotdigital waits beside it', async () => {
    const tags = (...all: string[]) =>
      people((accounts) => accounts.sell.world.updateContact(onlyContact(accounts), { tags: all }));
    const told = await story([
      people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
      run('align'),
      people(({ dotdigital }) => dotdigital.world.unsubscribe('p1@example.org')),
      run('sync'),
      tags('no-sync', CONSENT_TAGS.optOut),
      run('sync'),
      people(({ dotdigital }) => dotdigital.world.resubscribe('p1@example.org')),
      tags('no-sync'),
      run('sync'),
      tags('no-sync', CONSENT_TAGS.optOut),
      run('sync', [], [{ what: 'job fails' }]),
      run('sync'),
    ]);
    expect(told.wrong).toEqual([]);
  });

  it('D20, decision 8, C35: a restored backup hears of a no that only the database after it was told of', async () => {
    const channels: string[] = [];
    const told = await story([
      run('align'),
      { type: 'keep a copy' },
      people(({ sell }) =>
        sell.world.createLead({ first_name: 'Ann', last_name: 'Lee', email: 'p1@example.org', tags: ['unsubscribed'] }),
      ),
      run('sync'),
      { type: 'restore the copy' },
      people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org', tags: ['newsletter'] })),
      run('sync'),
      people(({ dotdigital }) => channels.push(...[...dotdigital.world.contacts()].map((one) => one.emailStatus))),
    ]);
    expect([told.wrong, channels]).toEqual([[], ['unsubscribed']]);
  });
});
