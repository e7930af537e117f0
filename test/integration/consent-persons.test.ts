// Opt-outs through everything that keeps a person's fields from being written; opt-ins through nothing. Over real sockets.
import { afterEach, describe, expect, it } from 'vitest';
import { ADA, DIRECTIONS, person, startConsent, statusOf } from './consent-people.ts';
import { addressesIn, expectQuiet } from './looking.ts';
import type { Settings, TwoAccounts } from './two-accounts.ts';

let world: TwoAccounts;
afterEach(() => world.stop());

const OUT = { tags: ['unsubscribed'] };
const IN = { tags: ['newsletter'] };
const addAda = (status: 'subscribed' | 'unsubscribed' = 'subscribed', more: object = {}): void =>
  void world.dotdigital.world.addContact({
    email: ADA,
    fields: { FIRSTNAME: 'Ada', LASTNAME: 'Lovelace' },
    status,
    ...more,
  });
const holds = async (): Promise<readonly string[]> => {
  const { holds: open } = (await world.lockstep('holds')).json as {
    readonly holds: readonly { readonly code: string }[];
  };
  return open.map((hold) => hold.code).sort();
};

describe('O1, O7: opt-outs travel first, whatever else keeps the person back (decision 8)', () => {
  it.each([true, false])(
    'through NAME_MISSING and every other hold of the fields (partialWrite: %s)',
    async (partialWrite) => {
      world = await startConsent({ more: { partialWrite } });
      const ada = world.sell.world.createContact(person);
      const bob = world.sell.world.createContact({ ...person, first_name: 'Bob', email: 'bob@example.com' });
      await world.cycle('align');
      await world.cycle('sync');
      world.sell.world.updateContact(ada.id, { ...OUT, customer_status: 'none', last_name: 'x'.repeat(2000) });
      world.dotdigital.world.editContact('bob@example.com', { fields: { FIRSTNAME: null } });
      world.dotdigital.world.unsubscribe('bob@example.com');
      await world.cycle('sync');
      expect(statusOf(world)).toBe('unsubscribed');
      expect((await world.sellRecord('contacts', 'bob@example.com')).tags).toEqual(['unsubscribed']);
      expect(bob.id).toBeGreaterThan(0);
    },
  );

  it.each(['tag', 'list'] as const)('C33: while the person is paused by %s; an opt-in waits', async (how) => {
    world = await startConsent({
      more: { contacts: { enabled: true, multipleMatch: 'email-and-names', scope: { pauseList: null } } },
    });
    if (how === 'list') {
      world.dotdigital.world.createList('Paused');
      await world.configure({
        consent: {
          enabled: true,
          direction: 'bi-directional',
          contacts: { tags: { optIn: ['newsletter'], optOut: ['unsubscribed'] }, default: 'none' },
        },
        contacts: { enabled: true, multipleMatch: 'email-and-names', scope: { pauseList: 'Paused' } },
      });
    }
    const ada = world.sell.world.createContact(person);
    const bob = world.sell.world.createContact({ ...person, first_name: 'Bob', email: 'bob@example.com' });
    await world.cycle('align');
    await world.cycle('sync');
    const pause = how === 'tag' ? ['no-sync'] : [];
    if (how === 'list') for (const email of [ADA, 'bob@example.com']) world.dotdigital.world.joinList(email, 'Paused');
    world.sell.world.updateContact(ada.id, { tags: [...pause, 'unsubscribed'] });
    world.sell.world.updateContact(bob.id, { tags: pause });
    world.dotdigital.world.unsubscribe('bob@example.com');
    await world.cycle('sync');
    expect(statusOf(world)).toBe('unsubscribed');
    expect((await world.sellRecord('contacts', 'bob@example.com')).tags).toEqual([...pause, 'unsubscribed']);
    world.sell.world.updateContact(ada.id, { tags: [...pause, 'newsletter'] });
    await world.cycle('sync');
    expect(statusOf(world)).toBe('unsubscribed');
  });

  it('C32: when the person has left the scope', async () => {
    world = await startConsent({
      more: { contacts: { enabled: true, multipleMatch: 'email-and-names', scope: { sellTags: ['vip'] } } },
    });
    const ada = world.sell.world.createContact({ ...person, tags: ['vip'] });
    const bob = world.sell.world.createContact({
      ...person,
      first_name: 'Bob',
      email: 'bob@example.com',
      tags: ['vip'],
    });
    await world.cycle('align');
    await world.cycle('sync');
    world.sell.world.updateContact(ada.id, { tags: ['unsubscribed'] });
    world.sell.world.updateContact(bob.id, { tags: [] });
    await world.cycle('sync');
    world.dotdigital.world.unsubscribe('bob@example.com');
    await world.cycle('sync');
    expect(statusOf(world)).toBe('unsubscribed');
    expect((await world.sellRecord('contacts', 'bob@example.com')).tags).toEqual(['unsubscribed']);
  });

  it('of somebody never linked, whose address one contact has', async () => {
    world = await startConsent({ more: { contacts: { enabled: true, multipleMatch: 'do-not-update' } } });
    addAda();
    const [first] = [
      world.sell.world.createContact(person),
      world.sell.world.createContact({ ...person, first_name: 'Augusta' }),
    ];
    await world.cycle('align');
    expect(await holds()).toContain('MULTI_MATCH');
    world.sell.world.updateContact(first.id, OUT);
    await world.cycle('sync');
    expect(statusOf(world)).toBe('unsubscribed');
    expect((await world.cycle('sync')).actions.total).toBe(0);
    const { ledger } = await counters();
    await world.cycle('sync', { full: true });
    expect((await counters()).ledger).toEqual(ledger);
  });

  it('P5: with a shadow, whose opt-out counts and whose opt-in does not', async () => {
    world = await startConsent();
    addAda();
    const ada = world.sell.world.createContact(person);
    const twin = world.sell.world.createContact(person);
    await world.cycle('align');
    await world.cycle('sync');
    world.sell.world.updateContact(twin.id, OUT);
    await world.cycle('sync');
    expect(statusOf(world)).toBe('unsubscribed');
    expect(world.sell.world.readContact(ada.id)).toMatchObject({ tags: ['unsubscribed'] });
    world.sell.world.updateContact(twin.id, IN);
    await world.cycle('sync');
    expect(statusOf(world)).toBe('unsubscribed');
  });

  it.each(DIRECTIONS)(
    'C23, P5: a shadow that gets an address of its own takes the no along (%s)',
    async (direction) => {
      const signals = { tags: { optIn: ['newsletter'], optOut: ['unsubscribed'] }, default: 'opted-in' };
      world = await startConsent({ consent: { direction, contacts: signals } });
      world.sell.world.createContact(person);
      const twin = world.sell.world.createContact(person);
      await world.cycle('align');
      await world.cycle('sync');
      world.dotdigital.world.unsubscribe(ADA);
      world.sell.world.updateContact(twin.id, { email: 'twin@example.com' });
      const run = await world.cycle('sync');
      const rows = (await world.actions(run.id)).filter(({ action }) => action.kind === 'create');
      expect([statusOf(world, 'twin@example.com'), rows.map(({ action }) => action.rows)]).toEqual([
        'unsubscribed',
        [['C1', 'C23']],
      ]);
      await world.cycle('sync');
      const told = (await world.sellRecord('contacts', 'twin@example.com')).tags;
      expect(told).toEqual(direction === 'sell-to-dotdigital' ? [] : ['unsubscribed']);
      expect((await world.cycle('sync')).actions.total).toBe(0);
      expect(statusOf(world, 'twin@example.com')).toBe('unsubscribed');
    },
  );

  it('C23, P5: a shadow that stays behind at the address takes the no along as well', async () => {
    const signals = { tags: { optIn: ['newsletter'], optOut: ['unsubscribed'] }, default: 'opted-in' };
    world = await startConsent({ consent: { contacts: signals } });
    const ada = world.sell.world.createContact(person);
    world.sell.world.createContact(person);
    await world.cycle('align');
    await world.cycle('sync');
    world.sell.world.updateContact(ada.id, { ...OUT, email: 'moved@example.com' });
    await world.cycle('sync');
    await world.cycle('sync');
    expect([statusOf(world, 'moved@example.com'), statusOf(world)]).toEqual(['unsubscribed', 'unsubscribed']);
  });

  it('O9, P5: coming back in Dotdigital waits for the decision about a shadow that says no', async () => {
    world = await startConsent({ consent: { optInTrigger: 'immediate' } });
    addAda();
    world.sell.world.createContact(person);
    const twin = world.sell.world.createContact(person);
    await world.cycle('align');
    await world.cycle('sync');
    world.sell.world.updateContact(twin.id, OUT);
    await world.cycle('sync');
    await world.cycle('sync');
    world.dotdigital.world.resubscribe(ADA);
    await world.cycle('sync');
    expect(await holds()).toContain('CONSENT_CONFLICT');
    await world.cycle('sync', { full: true });
    expect(world.sell.world.readContact(twin.id)).toMatchObject({ tags: ['unsubscribed'] });
  });
});

async function counters(): Promise<{ readonly ledger: unknown }> {
  const { store } = await world.app();
  const row = await store.db
    .selectFrom('runs')
    .select('counters')
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  return JSON.parse(row.counters) as { readonly ledger: unknown };
}

describe('leads, and persons in both roles', () => {
  const leadsToo = {
    contacts: { enabled: true, multipleMatch: 'email-and-names' },
    leads: { enabled: true, multipleMatch: 'email-and-names' },
  };

  it.each(DIRECTIONS)('O1, O7: of a lead alone (%s)', async (direction) => {
    world = await startConsent({
      consent: { direction },
      more: { leads: { enabled: true, multipleMatch: 'email-and-names' }, contacts: { enabled: false } },
    });
    const one = world.sell.world.createLead({
      first_name: 'Lea',
      last_name: 'Lead',
      email: 'lea@example.com',
      status: 'New',
    });
    const two = world.sell.world.createLead({
      first_name: 'Leo',
      last_name: 'Lead',
      email: 'leo@example.com',
      status: 'New',
    });
    await world.cycle('align');
    await world.cycle('sync');
    world.sell.world.updateLead(one.id, OUT);
    world.dotdigital.world.unsubscribe('leo@example.com');
    await world.cycle('sync');
    expect(statusOf(world, 'lea@example.com')).toBe(direction === 'dotdigital-to-sell' ? 'subscribed' : 'unsubscribed');
    expect(world.sell.world.readLead(two.id)).toMatchObject({
      tags: direction === 'sell-to-dotdigital' ? [] : ['unsubscribed'],
    });
    expect((await world.cycle('sync')).actions.total).toBe(0);
  });

  it.each(['contact', 'lead'] as const)(
    '4.3, P5: an opt-out on the %s is the person’s, and reaches the other record',
    async (role) => {
      world = await startConsent({ more: leadsToo });
      const contact = world.sell.world.createContact(person);
      const lead = world.sell.world.createLead({ first_name: 'Ada', last_name: 'Lovelace', email: ADA, status: 'New' });
      await world.cycle('align');
      await world.cycle('sync');
      if (role === 'contact') world.sell.world.updateContact(contact.id, OUT);
      else world.sell.world.updateLead(lead.id, OUT);
      await world.cycle('sync');
      expect(statusOf(world)).toBe('unsubscribed');
      expect(world.sell.world.readContact(contact.id)).toMatchObject({ tags: ['unsubscribed'] });
      expect(world.sell.world.readLead(lead.id)).toMatchObject({ tags: ['unsubscribed'] });
      expect((await world.cycle('sync')).actions.total).toBe(0);
    },
  );

  it('4.3: an opt-out in Dotdigital reaches both records', async () => {
    world = await startConsent({ more: leadsToo });
    const contact = world.sell.world.createContact({ ...person, ...IN });
    const lead = world.sell.world.createLead({
      first_name: 'Ada',
      last_name: 'Lovelace',
      email: ADA,
      status: 'New',
      tags: ['hot'],
    });
    await world.cycle('align');
    await world.cycle('sync');
    world.dotdigital.world.unsubscribe(ADA);
    await world.cycle('sync');
    expect(world.sell.world.readContact(contact.id)).toMatchObject({ tags: ['unsubscribed'] });
    expect(world.sell.world.readLead(lead.id)).toMatchObject({ tags: ['hot', 'unsubscribed'] });
  });

  it('O6, O15: a lead that opted out and is deleted leaves the opt-out; a later edit of the contact does not undo it', async () => {
    world = await startConsent({ consent: { direction: 'sell-to-dotdigital' }, more: leadsToo });
    const contact = world.sell.world.createContact({ ...person, ...IN });
    const lead = world.sell.world.createLead({ first_name: 'Ada', last_name: 'Lovelace', email: ADA, status: 'New' });
    await world.cycle('align');
    await world.cycle('sync');
    world.sell.world.updateLead(lead.id, OUT);
    await world.cycle('sync');
    expect(statusOf(world)).toBe('unsubscribed');
    world.sell.world.deleteLead(lead.id);
    await world.cycle('sync');
    world.sell.world.updateContact(contact.id, { title: 'Countess' });
    await world.cycle('sync');
    await world.cycle('sync', { full: true });
    expect(statusOf(world)).toBe('unsubscribed');
    expect(await holds()).toContain('CONSENT_CONFLICT');
  });

  it('P5, D2: while the delete of the contact waits, the lead’s memory counts: nothing is told twice, its later no stands', async () => {
    world = await startConsent({
      consent: { resubscribe: 'no-challenge', optInTrigger: 'immediate', unknownConsentAs: 'subscribed' },
      more: { ...leadsToo, profile: 'recommended' },
    });
    const contact = world.sell.world.createContact({ ...person, ...OUT });
    const lead = world.sell.world.createLead({
      first_name: 'Ada',
      last_name: 'Lovelace',
      email: ADA,
      status: 'New',
      ...OUT,
    });
    await world.cycle('align');
    await world.cycle('sync');
    world.sell.world.deleteContact(contact.id);
    await world.cycle('sync');
    world.dotdigital.world.resubscribe(ADA);
    await world.cycle('sync');
    expect(world.sell.world.readLead(lead.id)).toMatchObject({ tags: ['newsletter'] });
    await world.cycle('sync');
    const told = (await world.lockstep('ledger', ADA)).json;
    world.sell.world.updateLead(lead.id, { title: 'Countess' });
    await world.cycle('sync', { full: true });
    const toldAgain = (await world.lockstep('ledger', ADA)).json;
    world.sell.world.updateLead(lead.id, OUT);
    await world.cycle('sync');
    expect(world.sell.world.readLead(lead.id)).toMatchObject({ tags: ['unsubscribed'] });
    expect(statusOf(world)).toBe('unsubscribed');
    expect(toldAgain).toEqual(told);
  });

  it('L19: an opted-out contact put on a lead list becomes a lead that says so', async () => {
    world = await startConsent({ more: leadsToo });
    await world.cycle('align');
    addAda('unsubscribed');
    world.dotdigital.world.joinList(ADA, 'Zendesk Sell - Leads: Working');
    await world.cycle('sync');
    expect(await world.sellRecord('leads', ADA)).toMatchObject({ status: 'Working', tags: ['unsubscribed'] });
    expect(statusOf(world)).toBe('unsubscribed');
  });

  it('L19: a lead that changes its status stays opted out on the new list', async () => {
    world = await startConsent({ more: leadsToo });
    const lead = world.sell.world.createLead({
      first_name: 'Ada',
      last_name: 'Lovelace',
      email: ADA,
      status: 'New',
      ...OUT,
    });
    await world.cycle('align');
    expect(statusOf(world)).toBe('unsubscribed');
    world.sell.world.updateLead(lead.id, { status: 'Working' });
    await world.cycle('sync');
    await world.cycle('sync');
    expect(statusOf(world)).toBe('unsubscribed');
  });
});

describe.each([
  { off: 'contacts', on: 'leads' },
  { off: 'leads', on: 'contacts' },
] as const)('C35, decision 8: with $off switched off', ({ off, on }) => {
  const make = (what: 'contacts' | 'leads', more: Settings): number => {
    const { id } =
      what === 'contacts'
        ? world.sell.world.createContact({ ...person, ...more })
        : world.sell.world.createLead({ first_name: 'Ada', last_name: 'Lovelace', email: ADA, status: 'New', ...more });
    return id;
  };
  const edit = (what: 'contacts' | 'leads', id: number, more: Settings): void => {
    if (what === 'contacts') world.sell.world.updateContact(id, more);
    else world.sell.world.updateLead(id, more);
  };
  const tagsOf = async (what: 'contacts' | 'leads'): Promise<readonly string[]> =>
    (await world.sellRecord(what, ADA)).tags;
  const start = async (fallback = 'none', direction = 'bi-directional'): Promise<void> => {
    const signals = { tags: { optIn: ['newsletter'], optOut: ['unsubscribed'] }, default: fallback };
    world = await startConsent({
      consent: { direction, resubscribe: 'no-challenge', contacts: signals, leads: signals },
      more: { contacts: { enabled: false }, [on]: { enabled: true, multipleMatch: 'email-and-names' } },
    });
  };

  it('O1, P5: a no of theirs reaches Dotdigital and the other record', async () => {
    await start();
    const id = make(off, {});
    make(on, {});
    await world.cycle('align');
    await world.cycle('sync');
    edit(off, id, OUT);
    await world.cycle('sync');
    expect([statusOf(world), await tagsOf(on)]).toEqual(['unsubscribed', ['unsubscribed']]);
    await expectQuiet(world);
  });

  it.each(DIRECTIONS)(
    'O1: of somebody who is nothing else, a no reaches the contact with the address (%s)',
    async (direction) => {
      await start('none', direction);
      addAda();
      const id = make(off, {});
      await world.cycle('align');
      edit(off, id, OUT);
      await world.cycle('sync');
      expect(statusOf(world)).toBe(direction === 'dotdigital-to-sell' ? 'subscribed' : 'unsubscribed');
      await expectQuiet(world);
    },
  );

  it('C1, P4: whoever said no there starts opted out, whatever the default or the other record says', async () => {
    await start('opted-in');
    make(off, OUT);
    make(on, IN);
    await world.cycle('align');
    expect(statusOf(world)).toBe('unsubscribed');
  });

  it('S1: nothing else of them counts: nobody is made, written, subscribed or brought back', async () => {
    await start();
    const id = make(off, IN);
    addAda('unsubscribed');
    await world.cycle('align');
    edit(off, id, { tags: [] });
    await world.cycle('sync');
    edit(off, id, { ...IN, last_name: 'King' });
    await world.cycle('sync');
    expect([statusOf(world), await tagsOf(off), await holds()]).toEqual(['unsubscribed', ['newsletter'], []]);
    edit(off, id, { email: 'nobody@example.com' });
    await world.cycle('sync');
    expect(addressesIn(world)).toEqual([ADA]);
    await expectQuiet(world);
  });

  it('S1: without tags or a field that say no, nothing of them is read', async () => {
    await start();
    const silent = { tags: { optIn: ['newsletter'] } };
    const heard = { tags: { optIn: ['newsletter'], optOut: ['unsubscribed'] }, default: 'none' };
    await world.configure({
      consent: { enabled: true, [off]: silent, [on]: heard },
      contacts: { enabled: false },
      [on]: { enabled: true, multipleMatch: 'email-and-names' },
    });
    addAda();
    make(off, OUT);
    await world.cycle('align');
    await world.cycle('sync', { full: true });
    expect(statusOf(world)).toBe('subscribed');
    expect(Object.keys(world.sell.requests.counts().routes).some((route) => route.includes(`/v2/${off}`))).toBe(false);
  });
});

describe('what the signals say', () => {
  it('P1-P3: in any case and with spaces; both at once is an opt-out, and told', async () => {
    world = await startConsent();
    const ada = world.sell.world.createContact({ ...person, tags: ['  NEWSLETTER '] });
    await world.cycle('align');
    await world.cycle('sync');
    world.sell.world.updateContact(ada.id, { tags: ['Newsletter', 'UNSUBSCRIBED', 'vip'] });
    await world.cycle('sync');
    expect(statusOf(world)).toBe('unsubscribed');
    expect(await holds()).toContain('CONSENT_CONTRADICTION');
    expect((await world.cycle('sync')).actions.total).toBe(0);
  });

  it('P3: where Sell may not be written the contradiction is listed and counts as an opt-out', async () => {
    world = await startConsent({ consent: { direction: 'sell-to-dotdigital' } });
    world.sell.world.createContact({ ...person, tags: ['newsletter', 'Unsubscribed'] });
    await world.cycle('align');
    await world.cycle('sync');
    expect(statusOf(world)).toBe('unsubscribed');
    expect(await holds()).toContain('CONSENT_CONTRADICTION');
  });

  it.each([
    ['none', 'subscribed', 'subscribed'],
    ['none', 'unsubscribed', 'unsubscribed'],
    ['opted-in', 'unsubscribed', 'subscribed'],
    ['opted-out', 'subscribed', 'unsubscribed'],
  ] as const)(
    'P4, O16: default %s, unknown as %s: a new contact is %s; an existing one keeps what it said',
    async (fallback, unknownConsentAs, expected) => {
      world = await startConsent({
        consent: {
          unknownConsentAs,
          contacts: { tags: { optIn: ['newsletter'], optOut: ['unsubscribed'] }, default: fallback },
        },
      });
      world.sell.world.createContact(person);
      for (const [email, status] of [
        ['in@example.com', 'subscribed'],
        ['out@example.com', 'unsubscribed'],
      ] as const) {
        world.dotdigital.world.addContact({ email, fields: { FIRSTNAME: 'Ada', LASTNAME: 'Lovelace' }, status });
        world.sell.world.createContact({ ...person, email });
      }
      await world.cycle('align');
      await world.cycle('sync');
      expect([statusOf(world), statusOf(world, 'in@example.com'), statusOf(world, 'out@example.com')]).toEqual([
        expected,
        'subscribed',
        'unsubscribed',
      ]);
    },
  );

  it.each(DIRECTIONS)('O16: somebody opted out in Sell is never made as subscribed (%s)', async (direction) => {
    world = await startConsent({ consent: { direction, unknownConsentAs: 'subscribed' } });
    world.sell.world.createContact({ ...person, ...OUT });
    await world.cycle('align');
    expect(statusOf(world)).toBe('unsubscribed');
  });

  it('S18: a consent field that is gone, or became something else, stops the run and loosens nothing', async () => {
    world = await startConsent({ carrier: 'field' });
    const ada = world.sell.world.createContact({ ...person, custom_fields: { 'Email consent': 'No' } });
    await world.cycle('align');
    await world.cycle('sync');
    expect(statusOf(world)).toBe('unsubscribed');
    const field = world.sell.world.state.customFields.list('contact').find(({ name }) => name === 'Email consent');
    world.sell.world.removeCustomField(field?.id ?? 0);
    const gone = await world.cycle('sync', { full: true });
    expect(gone).toMatchObject({ state: 'aborted', actions: { total: 0 } });
    expect(gone.message).toContain('Email consent');
    world.sell.world.addCustomField({ resource: 'contact', name: 'Email consent', type: 'date' });
    expect((await world.cycle('sync', { full: true })).state).toBe('aborted');
    expect(statusOf(world)).toBe('unsubscribed');
    expect(ada.id).toBeGreaterThan(0);
  });
});
