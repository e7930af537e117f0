// Questions that no rule may answer: what is offered, what each answer does, and that nothing is asked twice. (4.4, 4.9)
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Choice } from '../../src/core/model/choice.ts';
import {
  both,
  contactIn,
  DELIVERIES,
  EMAIL,
  expectDone,
  isThere,
  leadIn,
  linkOf,
  linksOfContact,
  settled,
  startLeads,
  syncFully,
} from './lead-people.ts';
import { codes, contactOf, decided } from './looking.ts';
import type { TwoAccounts } from './two-accounts.ts';

const OTHER = 'other@example.com';

describe.each(DELIVERIES.filter(({ listsTouch }) => listsTouch))('decisions, $name', (delivery) => {
  let world: TwoAccounts;
  beforeEach(async () => {
    world = await startLeads(delivery);
  });
  afterEach(() => world.stop());

  interface Held {
    readonly id: string;
    readonly code: string;
    readonly sellId: string | null;
    readonly choices: readonly { readonly choice: string; readonly means: string }[];
  }
  const holds = async (code: string): Promise<readonly Held[]> =>
    ((await world.lockstep('holds', '--code', code)).json as { holds: readonly Held[] }).holds;
  /** Answers the one question of this code, or the one about that record, and runs a cycle. */
  const decide = async (code: string, choice: Choice, sellId?: number): Promise<string> => {
    const found = (await holds(code)).filter((hold) => sellId === undefined || hold.sellId === String(sellId));
    expect(found).toHaveLength(1);
    const [hold] = found;
    expect(hold?.choices.map((offer) => offer.choice)).toContain(choice);
    const answer = await world.lockstep('holds', 'decide', hold?.id ?? '', `--${choice}`);
    expect([answer.code, answer.json]).toEqual([0, { hold: hold?.id, code, choice }]);
    return (await world.cycle('sync')).id;
  };
  const again = async (): Promise<void> => {
    expect((await world.lockstep('holds', 'retry', '--all')).code).toBe(0);
    await world.cycle('sync');
  };
  const sellContact = (id: number) => world.sell.world.readContact(id);

  describe('D14: the address came back as another contact', () => {
    let id: number;
    beforeEach(async () => {
      world.dotdigital.switches.recreateAfterDelete = 'new-contact';
      id = contactIn(world);
      await settled(world);
      world.dotdigital.world.deleteContact(EMAIL);
      await syncFully(world);
      world.dotdigital.world.addContact({ email: EMAIL, fields: { FIRSTNAME: 'Lea', LASTNAME: 'Lead' } });
      await world.cycle('sync');
    });

    it('relink: linked again, and kept in step', async () => {
      await decide('EDITED_AFTER_DELETE', 'relink');
      expect([await codes(world), await linkOf(world, 'contact', id)]).toEqual([[], 'active']);
      await world.cycle('sync');
      world.dotdigital.world.editContact(EMAIL, { fields: { LASTNAME: 'Again' } });
      await world.cycle('sync');
      expect(sellContact(id)).toMatchObject({ last_name: 'Again' });
      await expectDone(world);
    });

    it('keep-apart: both stay as they are, never asked again', async () => {
      await decide('EDITED_AFTER_DELETE', 'keep-apart');
      world.dotdigital.world.editContact(EMAIL, { fields: { LASTNAME: 'Again' } });
      world.sell.world.updateContact(id, { first_name: 'Leah' });
      await syncFully(world);
      expect([await codes(world), await linkOf(world, 'contact', id)]).toEqual([[], 'severed D12']);
      expect(await world.sellRecords('contacts')).toHaveLength(1);
      expect(sellContact(id)).toMatchObject({ last_name: 'Lead' });
      await expectDone(world);
    });

    it('keep-apart, H2: another record of the address is the person then', async () => {
      await decide('EDITED_AFTER_DELETE', 'keep-apart');
      const other = contactIn(world);
      await world.cycle('sync');
      expect([await codes(world), await linkOf(world, 'contact', other), await linkOf(world, 'contact', id)]).toEqual([
        [],
        'active',
        'severed D12',
      ]);
      await world.cycle('sync');
      await expectDone(world);
    });
  });

  describe('D13, R10: edited in Sell after the contact was deleted', () => {
    let id: number;
    beforeEach(async () => {
      id = contactIn(world);
      await settled(world);
      world.dotdigital.world.deleteContact(EMAIL);
      await syncFully(world);
      expect(await codes(world)).toEqual([]);
      world.sell.world.updateContact(id, { last_name: 'Changed' });
      await world.cycle('sync');
      expect([await codes(world), isThere(world)]).toEqual([['EDITED_AFTER_DELETE'], false]);
    });

    it('restore: made again, once: the next delete asks anew', async () => {
      await decide('EDITED_AFTER_DELETE', 'restore');
      expect([isThere(world), contactOf(world, EMAIL).fields['LASTNAME']]).toEqual([true, 'Changed']);
      await world.cycle('sync');
      await expectDone(world);
      world.dotdigital.switches.recreateAfterDelete = 'new-contact';
      world.dotdigital.world.deleteContact(EMAIL);
      await syncFully(world);
      world.sell.world.updateContact(id, { last_name: 'Changed twice' });
      await world.cycle('sync');
      expect(isThere(world)).toBe(false);
    });

    it('keep-apart: stays deleted, and no edit asks again', async () => {
      await decide('EDITED_AFTER_DELETE', 'keep-apart');
      world.sell.world.updateContact(id, { last_name: 'Changed twice' });
      await syncFully(world);
      expect([await codes(world), isThere(world)]).toEqual([[], false]);
      await expectDone(world);
    });
  });

  it('D16: edited in Sell in the cycle of the delete: the question is asked at once', async () => {
    const id = contactIn(world);
    await settled(world);
    world.dotdigital.world.deleteContact(EMAIL);
    world.sell.world.updateContact(id, { last_name: 'Changed' });
    await syncFully(world);
    expect([isThere(world), await linkOf(world, 'contact', id), await codes(world)]).toEqual([
      false,
      'severed D12',
      ['EDITED_AFTER_DELETE'],
    ]);
  });

  describe('D17: edited in Dotdigital after the record was deleted', () => {
    let id: number;
    beforeEach(async () => {
      await world.configure(both({ delete: 'queue' }));
      id = contactIn(world);
      await settled(world);
      world.sell.world.deleteContact(id);
      world.dotdigital.world.editContact(EMAIL, { fields: { LASTNAME: 'Edited' } });
      await world.cycle('sync');
    });

    it('delete: deleted after all, and not queued once more', async () => {
      const run = await decide('EDITED_AFTER_DELETE', 'delete');
      expect([await decided(world, run), isThere(world), await codes(world)]).toEqual([
        ['D17 delete marketing'],
        false,
        [],
      ]);
      await expectDone(world);
    });

    it('keep: the contact stays, unlinked', async () => {
      await decide('EDITED_AFTER_DELETE', 'keep');
      expect([isThere(world), await linkOf(world, 'contact', id), await codes(world)]).toEqual([
        true,
        'severed D17',
        [],
      ]);
      await expectDone(world);
      expect(await world.sellRecords('contacts')).toEqual([]);
    });
  });

  describe('D5: merged into the record of another person', () => {
    let loser: number;
    beforeEach(async () => {
      const survivor = contactIn(world, { email: OTHER });
      loser = contactIn(world);
      await settled(world);
      world.dotdigital.world.unsubscribe(EMAIL);
      await world.cycle('sync');
      world.sell.world.updateContact(survivor, { email: EMAIL });
      await world.cycle('sync');
      world.sell.world.mergeContacts(survivor, loser);
      await world.cycle('sync');
    });

    it('delete: the contact left over goes; its opt-out reaches the one that stays (C22)', async () => {
      await decide('MERGE_TWO_PERSONS', 'delete');
      await again();
      await world.cycle('sync');
      expect(world.dotdigital.world.contact(OTHER)).toBeUndefined();
      expect([isThere(world), contactOf(world, EMAIL).status, await codes(world)]).toEqual([true, 'unsubscribed', []]);
      await expectDone(world);
    });

    it('keep: it stays, unlinked', async () => {
      await decide('MERGE_TWO_PERSONS', 'keep');
      expect([isThere(world), isThere(world, OTHER), await linkOf(world, 'contact', loser)]).toEqual([
        true,
        true,
        'severed D5',
      ]);
      expect(await codes(world)).not.toContain('MERGE_TWO_PERSONS');
      await expectDone(world);
    });
  });

  describe('D10: converted into the contact of another person', () => {
    let [lead, became] = [0, 0];
    beforeEach(async () => {
      const other = contactIn(world, { email: OTHER });
      lead = leadIn(world);
      await settled(world);
      became = world.sell.world.convertLead(lead).individual_id ?? 0;
      world.sell.world.updateContact(became, { email: OTHER });
      world.sell.world.deleteContact(other);
      await world.cycle('sync');
      expect(await codes(world)).toContain('CONVERSION_COLLISION');
    });

    it('keep: the lead ends, the contact stays with the other person', async () => {
      await decide('CONVERSION_COLLISION', 'keep');
      expect([await linkOf(world, 'lead', lead), await linkOf(world, 'contact', became)]).toEqual([
        'severed D10',
        'active',
      ]);
      expect([isThere(world), isThere(world, OTHER), await codes(world)]).toEqual([true, true, []]);
      await expectDone(world);
    });

    it('relink: the contact is this person; the other one stays, unlinked', async () => {
      await decide('CONVERSION_COLLISION', 'relink');
      expect(await linksOfContact(world, EMAIL)).toEqual(['contact active', 'lead severed']);
      expect((await linksOfContact(world, OTHER)).every((link) => link.endsWith('severed'))).toBe(true);
      expect(await codes(world)).not.toContain('CONVERSION_COLLISION');
      expect(await world.sellRecords('contacts')).toHaveLength(1);
    });
  });

  describe('C21: the address belongs to another contact', () => {
    let id: number;
    beforeEach(async () => {
      id = contactIn(world);
      world.dotdigital.world.addContact({ email: OTHER, fields: { FIRSTNAME: 'Lea', LASTNAME: 'Lead' } });
      await settled(world);
      expect(await taken()).toEqual([]);
    });
    const taken = async (): Promise<readonly string[]> =>
      (await codes(world)).filter((code) => code !== 'NOT_PROSPECT_OR_CUSTOMER');
    const move = async (): Promise<void> => {
      world.sell.world.updateContact(id, { email: OTHER });
      await world.cycle('sync');
      expect(await taken()).toEqual(['EMAIL_TAKEN']);
    };

    it('relink: the record is linked to that contact; an opt-out goes along (C23)', async () => {
      world.dotdigital.world.unsubscribe(EMAIL);
      await world.cycle('sync');
      await move();
      await decide('EMAIL_TAKEN', 'relink');
      expect([await linksOfContact(world, OTHER), await linksOfContact(world, EMAIL)]).toEqual([
        ['contact active'],
        ['contact severed'],
      ]);
      expect([contactOf(world, OTHER).status, isThere(world), await taken()]).toEqual(['unsubscribed', true, []]);
      await world.cycle('sync');
      await expectDone(world);
      expect(await world.sellRecords('contacts')).toHaveLength(1);
    });

    it('keep-apart: the addresses stay different, the rest goes on; another address is another question', async () => {
      await move();
      await decide('EMAIL_TAKEN', 'keep-apart');
      world.sell.world.updateContact(id, { last_name: 'Further' });
      await syncFully(world);
      expect([contactOf(world, EMAIL).fields['LASTNAME'], await taken()]).toEqual(['Further', []]);
      await world.cycle('sync');
      await expectDone(world);
      world.dotdigital.world.addContact({ email: 'third@example.com' });
      world.sell.world.updateContact(id, { email: 'third@example.com' });
      await world.cycle('sync');
      expect(await taken()).toEqual(['EMAIL_TAKEN']);
    });

    it('swap: two records exchanged their addresses', async () => {
      const second = contactIn(world, { email: 'third@example.com', first_name: 'Tom', last_name: 'Third' });
      await world.cycle('sync');
      await world.cycle('sync');
      world.sell.world.updateContact(id, { email: 'third@example.com' });
      world.sell.world.updateContact(second, { email: EMAIL });
      await world.cycle('sync');
      expect(await taken()).toEqual(['EMAIL_TAKEN', 'EMAIL_TAKEN']);
      await decide('EMAIL_TAKEN', 'swap', id);
      await world.cycle('sync');
      await world.cycle('sync');
      expect([
        contactOf(world, EMAIL).fields['LASTNAME'],
        contactOf(world, 'third@example.com').fields['LASTNAME'],
      ]).toEqual(['Third', 'Lead']);
      expect(await taken()).toEqual([]);
      await expectDone(world);
    });
  });

  describe('H6: several records have the address and none the names', () => {
    let [one, two] = [0, 0];
    beforeEach(async () => {
      one = contactIn(world, { first_name: 'Ada' });
      two = contactIn(world, { first_name: 'Ida' });
      world.dotdigital.world.addContact({ email: EMAIL, fields: { FIRSTNAME: 'Lea', LASTNAME: 'Lead' } });
      await settled(world);
      expect(await codes(world)).toEqual(['MULTI_MATCH_NO_NAME', 'MULTI_MATCH_NO_NAME']);
    });

    it('link: that record is the person, the other one is left alone', async () => {
      await decide('MULTI_MATCH_NO_NAME', 'link', two);
      expect([await linkOf(world, 'contact', two), await linkOf(world, 'contact', one)]).toEqual([
        'active',
        'shadow C3',
      ]);
      expect(await codes(world)).toEqual(['DUP_SHADOWED']);
      await world.cycle('sync');
      await expectDone(world);
    });

    it('keep-apart: the one that is left is linked; with none left, nobody is made', async () => {
      await decide('MULTI_MATCH_NO_NAME', 'keep-apart', one);
      expect(await linkOf(world, 'contact', two)).toBe('active');
      await world.cycle('sync');
      await expectDone(world);
      expect(await world.sellRecords('contacts')).toHaveLength(2);
    });
  });

  it('says what is offered when asked for something else, and nothing of it is kept', async () => {
    contactIn(world, { email: null });
    await settled(world);
    const [hold] = await holds('EMAIL_MISSING');
    expect(hold?.choices).toEqual([]);
    for (const [args, words] of [
      [['--relink'], 'Nothing is to be decided'],
      [[], 'Nothing is to be decided'],
      [['--relink', '--keep'], 'one answer only'],
    ] as const) {
      const answer = await world.words('holds', 'decide', hold?.id ?? '', ...args);
      expect(answer.code).toBe(2);
      expect(answer.stderr).toContain(words);
    }
    expect((await world.words('holds', 'decide', 'nobody', '--keep')).stderr).toContain('there is no hold nobody');
  });
});
