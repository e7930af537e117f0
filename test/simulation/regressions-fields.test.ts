// What the simulation found about the values of mapped fields, each as the shortest story that shows it, under the row it broke.
import { describe, expect, it } from 'vitest';
import { readKnown } from './known.ts';
import { type MappedField, PLAIN } from './setup.ts';
import {
  ann,
  aRun,
  hiddenOnceOut,
  inDotdigital,
  onlyContact,
  people,
  run,
  snapshot,
  story,
  withField,
} from './short-story.ts';
import type { ScriptStep, Step } from './story.ts';
import type { Witness } from './witness.ts';

const TIER: MappedField = { sell: 'custom_fields.Tier', dotdigital: 'TIER', kind: 'text' };

/** People of the same tier, in both accounts. */
const ofGold = (...emails: readonly string[]) => [inSell(...emails), run('align'), run('sync')];

const inSell = (...emails: readonly string[]) =>
  people(({ sell }) => {
    for (const email of emails)
      sell.world.createContact({ ...ann, email, address: { postal_code: 'PC1' }, custom_fields: { Tier: 'Gold' } });
  });

/** A first alignment that dies before it has read anything. */
const killed: Step = {
  type: 'run',
  how: 'align',
  dice: 'killed',
  during: [],
  faults: [],
  mishaps: [],
  blow: { type: 'crash', at: 20, of: 'happening' },
};

/** The data field is deleted and made again: whoever had a value has none. */
const tierMadeAnew = people(({ dotdigital, witness }) => {
  dotdigital.world.deleteDataField('TIER');
  dotdigital.world.createDataField('TIER', 'String');
  witness.look('schema');
});

/** What every record says of it. */
function tiersOf({ records }: Witness): readonly string[] {
  return [...records.values()].map(({ fields }) => String(fields['custom_fields.Tier'] ?? fields['TIER'] ?? ''));
}

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
      (file) => held.push(...[...readKnown(file).held.values()].flat().map(({ code }) => code)),
    );
    expect(told.wrong).toEqual([]);
    expect(told.lines.join('\n')).toContain('Somebody wants to undo');
    expect(new Set(held)).toEqual(new Set(['NOT_PROSPECT_OR_CUSTOMER']));
  });

  it('decision 27, 4.8: an alignment drops no edit that was made since an undo, whoever is to win', async () => {
    const told = await story([
      people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
      run('align'),
      run('sync'),
      people((accounts) => accounts.sell.world.updateContact(onlyContact(accounts), { first_name: 'Eve' })),
      run('sync'),
      { type: 'undo', dice: 'the last' },
      people(({ dotdigital }) => dotdigital.world.editContact('p1@example.org', { fields: { FIRSTNAME: 'Ben' } })),
      run('align'),
      people((accounts) =>
        expect(accounts.sell.world.readContact(onlyContact(accounts))).toMatchObject({ first_name: 'Ben' }),
      ),
    ]);
    expect(told.lines.join('\n')).toMatch(/undo the sync.*: ok, 1 actions/);
    expect(told.wrong).toEqual([]);
  });

  it('C26: somebody’s clear travels, although another field of theirs is filled again after it was made anew', async () => {
    const told = await story(
      [
        ...ofGold('p1@example.org', 'p2@example.org'),
        tierMadeAnew,
        people(({ dotdigital }) => dotdigital.world.editContact('p1@example.org', { fields: { POSTCODE: null } })),
        run('sync'),
        run('sync'),
        people(({ sell, dotdigital }) => {
          const cleared = [...sell.world.state.contacts.values()].find(({ email }) => email === 'p1@example.org');
          expect(cleared?.address?.postal_code ?? null).toBe(null);
          expect(dotdigital.world.contact('p1@example.org')?.fields).toMatchObject({ TIER: 'Gold' });
        }),
      ],
      { contacts: withField(TIER) },
    );
    expect(told.wrong).toEqual([]);
  });

  it('C26, 4.8: a field that was made anew is filled again, by an alignment that is to write nothing as well', async () => {
    const edited = people(({ sell }) => {
      const [first] = sell.world.state.contacts.values();
      sell.world.updateContact(first?.id ?? 0, { custom_fields: { Tier: 'Silver' } });
    });
    const three = inSell('p1@example.org', 'p2@example.org', 'p3@example.org');
    const told = await story(
      [run('align'), three, run('sync'), run('sync'), tierMadeAnew, run('plan'), edited, run('align')],
      { contacts: { ...withField(TIER), alignment: { mode: 'none', winner: 'sell' } } },
    );
    expect(told.wrong).toEqual([]);
  });

  describe('R4, contract 6: a write that failed and was carried out all the same does not win over whoever takes the edit back', () => {
    const inSell = (first_name: string) =>
      people((accounts) => accounts.sell.world.updateContact(onlyContact(accounts), { first_name }));
    const inMarketing = (FIRSTNAME: string) =>
      people(({ dotdigital }) => dotdigital.world.editContact('p1@example.org', { fields: { FIRSTNAME } }));
    const linked = [
      people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
      run('align'),
      run('sync'),
    ];
    const both = (name: string) =>
      people((accounts) => {
        const { sell, dotdigital } = accounts;
        expect([
          sell.world.readContact(onlyContact(accounts))?.['first_name'],
          dotdigital.world.contact('p1@example.org')?.fields['FIRSTNAME'],
        ]).toEqual([name, name]);
      });

    it('in Dotdigital: half an import', async () => {
      const half = run('sync', [], [{ what: 'half a job' }]);
      const told = await story([...linked, inSell('Eve'), half, both('Eve'), inSell('Ann'), run('sync'), both('Ann')]);
      expect(told.wrong).toEqual([]);
    });

    it('in Sell: an answer that was lost', async () => {
      const lost: Step = { ...aRun('sync'), faults: [{ service: 'sell', call: 3, times: 8, fate: 'answer lost' }] };
      const told = await story([
        ...linked,
        inMarketing('Eve'),
        lost,
        both('Eve'),
        inMarketing('Ann'),
        run('sync'),
        both('Ann'),
      ]);
      expect(told.wrong).toEqual([]);
    });

    it('in Sell: a run that was killed before it heard', async () => {
      let killed = 0;
      for (const at of [10, 11, 12]) {
        const dies: Step = { ...aRun('sync'), blow: { type: 'crash', at, of: 'commit-before' } };
        const told = await story([
          ...linked,
          inMarketing('Eve'),
          dies,
          inMarketing('Ann'),
          run('sync'),
          run('sync'),
          both('Ann'),
        ]);
        if (told.lines.join('\n').includes('The sync ends: killed')) killed += 1;
        expect(told.wrong).toEqual([]);
      }
      expect(killed).toBeGreaterThan(0);
    });
  });

  it('C26: one person alone, whose contact nobody edited since a run read it, tells that a field was made anew', async () => {
    const told = await story(
      [
        ...ofGold('p1@example.org'),
        run('sync'),
        tierMadeAnew,
        run('full'),
        run('sync'),
        people(({ witness }) => expect(tiersOf(witness)).toEqual(['Gold', 'Gold'])),
      ],
      { contacts: withField(TIER) },
    );
    expect(told.wrong).toEqual([]);
  });

  it('C26: so does one who lost the value, although somebody else got one again since', async () => {
    const again = { fields: { TIER: 'Gold' } };
    const told = await story(
      [
        ...ofGold('p1@example.org', 'p2@example.org'),
        { type: 'wait', ms: 30 * 60_000 },
        run('sync'),
        tierMadeAnew,
        people(({ dotdigital }) => dotdigital.world.editContact('p2@example.org', again)),
        run('sync'),
        run('full'),
        run('sync'),
        people(({ witness }) => expect(tiersOf(witness)).toEqual(['Gold', 'Gold', 'Gold', 'Gold'])),
      ],
      { contacts: withField(TIER) },
    );
    expect(told.wrong).toEqual([]);
  });

  it('C26, R6: so does one whose loss shows only when they are asked for before a write', async () => {
    const told = await story(
      [
        ...ofGold('p1@example.org'),
        { type: 'wait', ms: 30 * 60_000 },
        run('sync'),
        tierMadeAnew,
        people((accounts) => accounts.sell.world.updateContact(onlyContact(accounts), { last_name: 'Ng' })),
        run('sync'),
        run('sync'),
        run('sync'),
        people(({ witness }) => expect(tiersOf(witness)).toEqual(['Gold', 'Gold'])),
      ],
      { contacts: withField(TIER) },
    );
    expect(told.wrong).toEqual([]);
  });

  it('C26: not so where the contact may have been edited again in the second of that read', async () => {
    const tier = (TIER: string | null) =>
      people(({ dotdigital }) => dotdigital.world.editContact('p1@example.org', { fields: { TIER } })) as ScriptStep;
    const told = await story(
      [
        people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
        run('align'),
        run('sync'),
        run('sync', [
          { at: 'GET /contacts/v3?', step: tier('Gold') },
          { at: 'GET /v2/contacts/suppressed-since', step: tier(null) },
        ]),
        run('sync'),
        people(({ witness }) => expect(tiersOf(witness)).toEqual(['', ''])),
      ],
      { contacts: withField(TIER), dotdigitalSwitches: { v3Dates: 'seconds-z' } },
    );
    expect(told.wrong).toEqual([]);
  });

  it('C26: a field that was made anew while the account hid the contact blanks nothing once it is shown again', async () => {
    const told = await story(
      [
        ...ofGold('p1@example.org', 'p2@example.org', 'p3@example.org'),
        people(({ dotdigital }) => dotdigital.world.unsubscribe('p1@example.org')),
        run('sync'),
        tierMadeAnew,
        people(({ dotdigital }) => dotdigital.world.editContact('p2@example.org', { fields: { LASTNAME: 'Ng' } })),
        run('sync'),
        run('sync'),
        people(({ dotdigital }) => {
          dotdigital.world.resubscribe('p1@example.org');
          dotdigital.world.editContact('p1@example.org', { fields: { LASTNAME: 'Ng' } });
        }),
        run('sync'),
        run('sync'),
        people(({ sell }) => {
          for (const { id } of sell.world.state.contacts.values())
            expect(sell.world.readContact(id)?.['custom_fields']).toMatchObject({ Tier: 'Gold' });
        }),
      ],
      { contacts: withField(TIER), ...hiddenOnceOut },
    );
    expect(told.wrong).toEqual([]);
  });

  it('D12, D19: the deleted contact of a record that is out of sight keeps nobody of its old address waiting', async () => {
    const told = await story(
      [
        people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
        run('align'),
        run('sync'),
        people((accounts) => accounts.sell.world.hide('contact', onlyContact(accounts))),
        run('sync'),
        people((accounts) => {
          const { sell, dotdigital } = accounts;
          sell.world.updateContact(onlyContact(accounts), { email: 'p2@example.org' });
          sell.world.createContact({ ...ann, email: 'p1@example.org' });
          dotdigital.world.deleteContact('p1@example.org');
        }),
        run('sync'),
      ],
      { sellSwitches: { syncHiddenRecords: 'deleted', hiddenRecordStatus: 403 } },
    );
    expect(told.wrong).toEqual([]);
  });

  it('4.4, R7: an older database that was never loaded reads what the change feed had told the younger one', async () => {
    const told = await story([
      killed,
      snapshot,
      people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
      run('align'),
      run('sync'),
      { type: 'restore the copy' },
      run('align'),
    ]);
    expect(told.wrong).toEqual([]);
  });

  it('4.4, R6: an address that the answer to another write shows first is heeded before anybody is made with it', async () => {
    const told = await story(
      [
        people(({ dotdigital }) => dotdigital.world.addContact({ email: 'p1@example.org', fields: inDotdigital })),
        run('align'),
        run('sync'),
        snapshot,
        people((accounts) => accounts.sell.world.updateContact(onlyContact(accounts), { email: 'p2@example.org' })),
        run('sync'),
        { type: 'restore the copy' },
        people(({ dotdigital }) => {
          dotdigital.world.addContact({ email: 'p2@example.org', fields: inDotdigital });
          dotdigital.world.unsubscribe('p1@example.org');
        }),
        run('sync'),
      ],
      { contacts: { ...PLAIN.contacts, direction: 'dotdigital-to-sell' } },
    );
    expect(told.wrong).toEqual([]);
  });
});
