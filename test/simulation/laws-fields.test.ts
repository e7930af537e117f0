// What the laws of agreement once asked of mapped fields and nobody can know or promise, each as the shortest story that shows it: all
// of them end well.
import { describe, expect, it } from 'vitest';
import { ChangeLaw } from './change-law.ts';
import { ConsentLaw } from './consent-law.ts';
import { readKnown } from './known.ts';
import { type MappedField, type ObjectSetup, PLAIN } from './setup.ts';
import {
  ann,
  aRun,
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
import { type Change, type Seen, Witness } from './witness.ts';

/** The commit after which a first alignment of one pair has linked it, and agreed on nothing yet. */
const LINKED = 20;

const fillBlanks = { mode: 'both', winner: 'fill-blanks' } as const;
const TAGS: MappedField = { sell: 'tags', dotdigital: 'SELL_TAGS', kind: 'set' };

/** One field of contacts goes one way only. */
const oneWay = (name: string): ObjectSetup => ({
  ...PLAIN.contacts,
  multipleMatch: 'email',
  fields: PLAIN.contacts.fields.map((field) =>
    field.dotdigital === name ? { ...field, direction: 'dotdigital-to-sell' } : field,
  ),
});

describe('the laws of the simulation, about fields', () => {
  it('R2, D4: a record that takes over keeps what it has where nothing may be written from there', async () => {
    const told = await story(
      [
        people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
        run('align'),
        people(({ sell }) =>
          sell.world.createContact({ ...ann, address: { postal_code: 'PC2' }, email: 'p1@example.org' }),
        ),
        run('sync'),
        people(({ dotdigital }) => dotdigital.world.editContact('p1@example.org', { fields: { POSTCODE: 'PC1' } })),
        run('sync'),
        people(({ sell }) =>
          sell.world.deleteContact(Math.min(...[...sell.world.state.contacts.values()].map(({ id }) => id))),
        ),
        run('sync'),
      ],
      { contacts: oneWay('POSTCODE') },
    );
    expect(told.wrong).toEqual([]);
  });

  it('R2, D4, decision 27: what an undo left in a record is so in the one that takes over', async () => {
    const told = await story(
      [
        people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
        run('align'),
        people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
        run('sync'),
        people(({ dotdigital }) => dotdigital.world.editContact('p1@example.org', { fields: { FIRSTNAME: 'Eve' } })),
        run('sync'),
        { type: 'undo', dice: 'the last' },
        run('align'),
        people(({ sell }) =>
          sell.world.deleteContact(Math.min(...[...sell.world.state.contacts.values()].map(({ id }) => id))),
        ),
        run('sync'),
      ],
      { contacts: { ...PLAIN.contacts, multipleMatch: 'email', alignment: fillBlanks } },
    );
    expect(told.lines.join('\n')).toMatch(/undo the sync.*: ok, 1 actions/);
    expect(told.wrong).toEqual([]);
  });

  it('R2, decision 13: a sync before the first alignment compares nobody', async () => {
    const linked: string[] = [];
    const told = await story(
      [
        people(({ sell, dotdigital }) => {
          sell.world.createContact({ ...ann, email: 'p1@example.org' });
          dotdigital.world.addContact({ email: 'p1@example.org', fields: { ...inDotdigital, POSTCODE: 'PC1' } });
        }),
        { ...aRun('align'), blow: { type: 'crash', at: LINKED, of: 'commit-after' } },
        snapshot,
        run('align'),
        { type: 'restore the copy' },
        people((accounts) =>
          accounts.sell.world.updateContact(onlyContact(accounts), { address: { postal_code: 'PC2' } }),
        ),
        run('sync'),
        people(({ dotdigital }) => dotdigital.world.editContact('p1@example.org', { fields: { POSTCODE: 'PC3' } })),
      ],
      { contacts: oneWay('POSTCODE') },
      (file) => linked.push(...readKnown(file).links.map(({ created_at }) => created_at)),
    );
    const killed = told.lines.find((line) => line.includes('killed'))?.slice(0, 12);
    expect(linked.map((at) => at.slice(5, 17))).toEqual([killed]);
    expect(told.lines.join('\n')).toContain('was not aligned yet');
    expect(told.wrong).toEqual([]);
  });

  it('R2, S25: what differs while the pair is held is decided as where two meet, once it is held no more', async () => {
    const told = await story(
      [
        people(({ sell, dotdigital }) => {
          sell.world.createContact({ last_name: 'Lee', address: { postal_code: 'PC1' }, email: 'p1@example.org' });
          dotdigital.world.addContact({ email: 'p1@example.org', fields: { LASTNAME: 'Lee' } });
        }),
        run('align'),
        people(({ dotdigital }) => dotdigital.world.editContact('p1@example.org', { fields: { POSTCODE: 'PC2' } })),
        people((accounts) => accounts.sell.world.updateContact(onlyContact(accounts), { first_name: 'Ann' })),
        run('sync'),
      ],
      { contacts: { ...PLAIN.contacts, alignment: fillBlanks } },
    );
    expect(told.lines.join('\n')).toMatch(/align ends: ok_with_holds/);
    expect(told.wrong).toEqual([]);
  });

  it.each([
    ['failures', 'PC1'],
    ['named', 'PC2'],
  ])('R2, R4: a contact that the import may have met is compared by the next run: %s', async (importReport, inSell) => {
    const told = await story(
      [
        people(({ sell }) =>
          sell.world.createContact({ ...ann, address: { postal_code: 'PC1' }, email: 'p1@example.org' }),
        ),
        run('align'),
        people(({ dotdigital }) => dotdigital.world.editContact('p1@example.org', { fields: { POSTCODE: 'PC2' } })),
        run('sync'),
        people((accounts) =>
          expect(accounts.sell.world.readContact(onlyContact(accounts))).toMatchObject({
            address: { postal_code: inSell },
          }),
        ),
      ],
      { contacts: oneWay('POSTCODE'), dotdigitalSwitches: { importReport } },
    );
    expect(told.wrong).toEqual([]);
  });

  it('R2, C33: whoever is paused from the first is compared when it takes part', async () => {
    const told = await story(
      [
        people(({ sell, dotdigital }) => {
          sell.world.createContact({ ...ann, tags: ['no-sync'], email: 'p1@example.org' });
          dotdigital.world.addContact({ email: 'p1@example.org', fields: inDotdigital });
        }),
        run('align'),
        people((accounts) => accounts.sell.world.updateContact(onlyContact(accounts), { first_name: 'Eve' })),
        run('sync'),
        people((accounts) => accounts.sell.world.updateContact(onlyContact(accounts), { tags: [] })),
        run('sync'),
      ],
      { contacts: { ...PLAIN.contacts, alignment: fillBlanks } },
    );
    expect(told.wrong).toEqual([]);
  });

  it('R2, L17: what somebody wrote to a lead while the contact decided is compared once the contact has ended', async () => {
    const told = await story(
      [
        people(({ sell }) => {
          sell.world.createContact({ ...ann, email: 'p1@example.org' });
          sell.world.createLead({ first_name: 'Cleo', last_name: 'Lee', email: 'p1@example.org' });
        }),
        run('align'),
        run('sync'),
        people(({ sell }) => {
          for (const { id } of sell.world.state.leads.values()) sell.world.updateLead(id, { first_name: 'Eve' });
        }),
        run('sync'),
        people((accounts) => accounts.sell.world.deleteContact(onlyContact(accounts))),
        run('align'),
      ],
      {
        leads: { ...PLAIN.leads, enabled: true, alignment: { mode: 'dotdigital-to-sell', winner: 'fill-blanks' } },
      },
    );
    expect(told.wrong).toEqual([]);
  });

  it.each([
    { alignment: fillBlanks },
    { alignment: { mode: 'both', winner: 'dotdigital' }, direction: 'sell-to-dotdigital' },
  ] as const)(
    'R2, D8: what a lead had kept different its contact takes over, and an alignment of contacts decides',
    async (kept) => {
      const told = await story(
        [
          people(({ sell, dotdigital }) => {
            sell.world.createLead({ first_name: 'Eve', last_name: 'Lee', email: 'p1@example.org' });
            dotdigital.world.addContact({ email: 'p1@example.org', fields: { FIRSTNAME: 'Ann', LASTNAME: 'Lee' } });
          }),
          run('align'),
          run('sync'),
          people(({ sell }) => {
            for (const { id } of sell.world.state.leads.values()) sell.world.convertLead(id);
          }),
          run('sync'),
        ],
        { leads: { ...PLAIN.leads, enabled: true, ...kept }, allowNonCustomer: false },
      );
      expect(told.wrong).toEqual([]);
    },
  );

  it('R19: tags of consent are no part of what an alignment writes to Sell', async () => {
    const told = await story(
      [
        people(({ sell, dotdigital }) => {
          sell.world.createContact({ ...ann, tags: ['newsletter', 'vip'], email: 'p1@example.org' });
          const fields = { ...inDotdigital, SELL_TAGS: 'unsubscribed;vip' };
          dotdigital.world.createDataField('SELL_TAGS', 'String');
          dotdigital.world.addContact({ email: 'p1@example.org', fields });
        }),
        run('align'),
      ],
      { contacts: { ...withField(TAGS), alignment: { mode: 'both', winner: 'dotdigital' } } },
    );
    expect(told.wrong).toEqual([]);
  });

  it('D12: a contact that is gone may be hidden, too, where its address left as another contact’s', async () => {
    const told = await story(
      [
        people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
        run('align'),
        run('sync'),
        people(({ dotdigital }) => dotdigital.world.deleteContact('p1@example.org')),
        people(({ dotdigital }) => dotdigital.world.addContact({ email: 'p1@example.org', status: 'unsubscribed' })),
        people(({ dotdigital }) => dotdigital.world.deleteContact('p1@example.org')),
        run('sync'),
      ],
      hiddenOnceOut,
    );
    expect(told.wrong).toEqual([]);
  });

  it('D12: whoever left and was deleted before any run read it may be hidden, where nobody else left so', async () => {
    const told = await story([
      people(({ sell }) => sell.world.createContact({ ...ann, email: 'p1@example.org' })),
      run('align'),
      run('sync'),
      people(({ dotdigital }) => dotdigital.world.unsubscribe('p1@example.org')),
      people(({ dotdigital }) => dotdigital.world.deleteContact('p1@example.org')),
      run('sync'),
    ]);
    expect(told.wrong).toEqual([]);
  });

  it.each([
    [true, ['', 'Gold']],
    [false, ['Gold', 'Gold']],
  ])('C26: whom the account hides shows nobody that a field was made anew (hidden: %s)', async (hides, left) => {
    const witnesses: Witness[] = [];
    const [ANN, BEN] = ['p1@example.org', 'p2@example.org'];
    const rename = (last_name: string, ...emails: readonly string[]) =>
      people(({ sell }) => {
        for (const { id, email } of sell.world.state.contacts.values())
          if (emails.includes(email ?? '')) sell.world.updateContact(id, { last_name });
      });
    const told = await story(
      [
        people(({ sell, witness }) => {
          witnesses.push(witness);
          for (const email of [ANN, BEN]) sell.world.createContact({ ...ann, email, custom_fields: { Tier: 'Gold' } });
        }),
        run('align'),
        run('sync'),
        people(({ dotdigital }) => {
          for (const email of [ANN, BEN]) dotdigital.world.unsubscribe(email);
        }),
        run('sync'),
        rename('Ng', ANN, BEN),
        run('sync'),
        run('sync'),
        people(({ dotdigital, witness }) => {
          dotdigital.world.deleteDataField('TIER');
          dotdigital.world.createDataField('TIER', 'String');
          witness.look('schema');
        }),
        rename('Oh', ANN),
        run('sync'),
        run('sync'),
      ],
      {
        contacts: withField({ sell: 'custom_fields.Tier', dotdigital: 'TIER', kind: 'text' }),
        dotdigitalSwitches: { suppressedShown: !hides },
      },
    );
    const records = witnesses.flatMap((witness) => [...witness.records.values()]);
    const tiers = records.flatMap(({ side, fields }) =>
      side === 'sell' ? [String(fields['custom_fields.Tier'] ?? '')] : [],
    );
    expect([told.wrong, tiers]).toEqual([[], left]);
  });

  it('C4: a contact that somebody wants to stay out of Sell is not lost', async () => {
    const told = await story(
      [
        people(({ dotdigital }) => dotdigital.world.addContact({ email: 'p1@example.org', fields: inDotdigital })),
        run('align'),
        run('sync'),
        people((accounts) => accounts.sell.world.updateContact(onlyContact(accounts), { email: 'p2@example.org' })),
        run('sync'),
        people(({ dotdigital }) => dotdigital.world.addContact({ email: 'p2@example.org', fields: inDotdigital })),
        run('sync'),
        { type: 'decide', dice: 'out' },
        run('sync'),
      ],
      { contacts: { ...PLAIN.contacts, direction: 'dotdigital-to-sell' } },
    );
    expect(told.lines.join('\n')).toContain('keep-apart');
    expect(told.wrong).toEqual([]);
  });

  it.each([
    ['people', 0],
    ['the program', 1],
  ])('O3, O4: who was brought back by a yes, and gets another address from %s', (mover, violations) => {
    const records = new Map<string, Seen>();
    const law = new ConsentLaw(PLAIN, { records, changes: [] as Change[] } as unknown as Witness, 'no database');
    const tell = (record: Seen, change: Pick<Change, 'what' | 'before' | 'after' | 'at'>): Change => {
      records.set(record.key, record);
      return { key: record.key, record, cause: 'people', ...change };
    };
    const left = seenAs('dotdigital', '1', { channel: 'suppressed' });
    law.heard([tell(left, { what: 'channel', before: 'subscribed', after: 'suppressed', at: 10_000 })], null);
    const says = seenAs('sell', '1', { tags: ['newsletter'] });
    law.heard([tell(says, { what: 'tags', before: [], after: ['newsletter'], at: 40_000 })], null);
    const back = seenAs('dotdigital', '1');
    const brought = tell(back, { what: 'channel', before: 'suppressed', after: 'subscribed', at: 50_000 });
    expect(law.subscribed(brought, 45_000)).toEqual([]);
    const moved = seenAs('dotdigital', '1', { email: 'p2@example.org' });
    const move = tell(moved, { what: 'email', before: 'p1@example.org', after: 'p2@example.org', at: 60_000 });
    if (mover === 'people') law.heard([move], null);
    expect(law.judge({ links: [], held: new Map(), apart: new Set() })).toHaveLength(violations);
  });

  describe('R12: what the first run under another configuration takes away', () => {
    const cleared = {
      key: 'sell contact 1',
      what: 'first_name',
      cause: 'program',
      before: 'Ann',
      after: null,
      at: 0,
      record: { key: 'sell contact 1', side: 'sell', kind: 'contact' },
    } as unknown as Parameters<ChangeLaw['watched']>[1][number];
    const reconfigured = () => {
      const law = new ChangeLaw(PLAIN, Object.create(Witness.prototype) as Witness);
      law.configured({ ...PLAIN, partialWrite: false });
      return law;
    };
    const asked = (law: ChangeLaw) => law.watched('sync', [cleared], { links: [], held: new Map(), apart: new Set() });
    const wrong = [expect.stringContaining('R12')];

    it('is wrong', () => {
      expect(asked(reconfigured())).toEqual(wrong);
    });

    it('counts for nothing where the configuration is changed back before any run saw it', () => {
      const law = reconfigured();
      law.configured(PLAIN);
      expect(asked(law)).toEqual([]);
    });

    it.each([
      ['after all was done and recorded', 'other', false],
      ['before it was recorded', 'before', true],
      ['before all it had planned was done', null, true],
    ])('where a run was killed %s: %s is on record, wrong: %s', (_, recorded, isWrong) => {
      const law = reconfigured();
      law.runBegins('before');
      law.runKilled('sync', recorded, 0);
      expect(asked(law)).toEqual(isWrong ? wrong : []);
    });
  });
});
