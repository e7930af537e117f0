// What the settings of consent change: triggers, ways back, records of an opt-out, brakes, alignment. Over real sockets.
import { afterEach, describe, expect, it } from 'vitest';
import { verifyLedger } from '../../src/store/ledger.ts';
import { ADA, person, startConsent, statusOf } from './consent-people.ts';
import type { Settings, TwoAccounts } from './two-accounts.ts';

let world: TwoAccounts;
afterEach(() => world.stop());

const OUT = { tags: ['unsubscribed'] };
const IN = { tags: ['newsletter'] };
const holds = async (): Promise<readonly string[]> => {
  const { holds: open } = (await world.lockstep('holds')).json as {
    readonly holds: readonly { readonly code: string }[];
  };
  return open.map((hold) => hold.code).sort();
};
const tagsOf = (id: number): unknown => world.sell.world.readContact(id)?.['tags'];

async function aligned(consent: Settings = {}, more: Settings = {}): Promise<number> {
  world = await startConsent({ consent, more });
  const ada = world.sell.world.createContact(person);
  await world.cycle('align');
  await world.cycle('sync');
  return ada.id;
}

/** Opted out in Dotdigital, known to the sync, and then opted in in Sell. */
async function wantsBack(
  consent: Settings,
  leave: () => void = () => world.dotdigital.world.unsubscribe(ADA),
): Promise<number> {
  const id = await aligned({ direction: 'sell-to-dotdigital', ...consent });
  leave();
  await world.cycle('sync');
  world.sell.world.updateContact(id, IN);
  return id;
}

describe('O3: the way back', () => {
  it('challenge: a confirmation mail, pending until the person confirms', async () => {
    const id = await wantsBack({ resubscribe: 'challenge' });
    await world.cycle('sync');
    expect(statusOf(world)).not.toBe('subscribed');
    const again = await world.cycle('sync');
    expect(again.actions.total).toBe(0);
    world.dotdigital.world.confirm(ADA);
    expect((await world.cycle('sync')).actions.total).toBe(0);
    expect(statusOf(world)).toBe('subscribed');
    expect(tagsOf(id)).toEqual(['newsletter']);
  });

  it('hold: a person decides, and an edit of something else decides nothing', async () => {
    const id = await wantsBack({ resubscribe: 'hold' });
    await world.cycle('sync');
    expect(await holds()).toEqual(['CONSENT_CONFLICT']);
    world.sell.world.updateContact(id, { title: 'Countess' });
    await world.cycle('sync');
    expect(statusOf(world)).toBe('unsubscribed');
    world.dotdigital.world.resubscribe(ADA);
    await world.cycle('sync');
    expect(await holds()).toEqual([]);
  });

  it.each([
    ['a complaint', 'ispComplained', () => world.dotdigital.world.complain(ADA)],
    ['a global suppression', 'sharedsuppression', () => world.dotdigital.world.suppressGlobally(ADA)],
    ['a suppressed domain', 'domainSuppressed', () => world.dotdigital.world.suppressDomain('example.com')],
    ['a hard bounce', 'hardBounced', () => world.dotdigital.world.bounce(ADA)],
  ] as const)('O5: never after %s', async (_, status, leave) => {
    const id = await wantsBack({}, leave);
    await world.cycle('sync');
    expect(statusOf(world)).toBe(status);
    expect(await holds()).toEqual(['CONSENT_REFUSED_BY_DOTDIGITAL']);
    world.sell.world.updateContact(id, { title: 'Countess' });
    expect((await world.cycle('sync')).actions.byKind['set-consent']).toBe(0);
    expect(statusOf(world)).toBe(status);
  });

  it('a soft bounce is no opt-out', async () => {
    const id = await aligned({ direction: 'bi-directional' });
    world.dotdigital.world.bounce(ADA, 'soft');
    await world.cycle('sync');
    expect(tagsOf(id)).toEqual([]);
  });

  it('C22: a new contact whose address had a soft bounce does not start as opted out', async () => {
    await aligned({ direction: 'bi-directional' });
    const { world: account } = world.dotdigital;
    account.addContact({ email: 'bea@example.com', fields: {} });
    account.bounce('bea@example.com', 'soft');
    account.deleteContact('bea@example.com');
    await world.cycle('sync');
    world.sell.world.createContact({ ...person, email: 'bea@example.com' });
    const run = await world.cycle('sync');
    expect((await world.actions(run.id)).map(({ action }) => action.marketing?.channel?.state)).toEqual(['subscribed']);
  });

  it.each(['Double', 'VerifiedDouble'] as const)('O2: an opt-in of type %s is never lowered', async (optIn) => {
    world = await startConsent({ consent: { optInType: 'single' } });
    world.dotdigital.world.addContact({
      email: ADA,
      fields: { FIRSTNAME: 'Ada', LASTNAME: 'Lovelace' },
      status: 'noSubscription',
      optIn,
    });
    const ada = world.sell.world.createContact(person);
    await world.cycle('align');
    await world.cycle('sync');
    world.sell.world.updateContact(ada.id, IN);
    await world.cycle('sync');
    expect(world.dotdigital.world.contact(ADA)).toMatchObject({ emailStatus: 'subscribed', optInType: optIn });
    expect((await world.cycle('sync')).actions.total).toBe(0);
  });

  it('O2: with the type verifiedDouble a new contact waits for its confirmation, and nothing is written meanwhile', async () => {
    world = await startConsent({ consent: { optInType: 'verifiedDouble' } });
    const ada = world.sell.world.createContact({ ...person, ...IN });
    await world.cycle('align');
    expect(statusOf(world)).toBe('pendingOptIn');
    expect((await world.cycle('sync')).actions.total).toBe(0);
    world.sell.world.updateContact(ada.id, { title: 'Countess' });
    expect((await world.cycle('sync')).actions.byKind['set-consent']).toBe(0);
    world.dotdigital.world.confirm(ADA);
    expect((await world.cycle('sync')).actions.total).toBe(0);
    expect([statusOf(world), tagsOf(ada.id)]).toEqual(['subscribed', ['newsletter']]);
  });
});

describe('O6: what is no opt-in', () => {
  it('tags that a change of the configuration made mean yes', async () => {
    const id = await aligned({ direction: 'sell-to-dotdigital' });
    world.sell.world.updateContact(id, { tags: ['vip'] });
    await world.cycle('sync');
    world.dotdigital.world.unsubscribe(ADA);
    await world.cycle('sync');
    await world.configure({
      consent: {
        enabled: true,
        direction: 'sell-to-dotdigital',
        contacts: { tags: { optIn: ['vip'], optOut: ['unsubscribed'] }, default: 'none' },
      },
    });
    await world.cycle('sync');
    world.sell.world.updateContact(id, { title: 'Countess' });
    await world.cycle('sync');
    await world.cycle('sync', { full: true });
    expect(statusOf(world)).toBe('unsubscribed');
  });

  it.each(['sell-to-dotdigital', 'bi-directional'])('O18: another alignment (%s)', async (direction) => {
    const id = await aligned({ direction });
    world.dotdigital.world.unsubscribe(ADA);
    await world.cycle('sync');
    world.sell.world.updateContact(id, IN);
    await world.cycle('align');
    world.sell.world.updateContact(id, { title: 'Countess' });
    await world.cycle('sync');
    expect(statusOf(world)).toBe('unsubscribed');
  });

  it('O1, O4: an opt-out made before the opt-in of the same look', async () => {
    const id = await aligned({ direction: 'sell-to-dotdigital' });
    world.sell.world.updateContact(id, IN);
    world.dotdigital.world.unsubscribe(ADA);
    await world.cycle('sync');
    expect(await holds()).toEqual(['CONSENT_CONFLICT']);
    world.sell.world.updateContact(id, { title: 'Countess' });
    await world.cycle('sync');
    await world.cycle('sync', { full: true });
    expect([statusOf(world), await holds()]).toEqual(['unsubscribed', ['CONSENT_CONFLICT']]);
    // As the hold says: taken off, and set again.
    world.sell.world.updateContact(id, { tags: [] });
    await world.cycle('sync');
    world.sell.world.updateContact(id, IN);
    await world.cycle('sync');
    expect([statusOf(world), await holds()]).toEqual(['subscribed', []]);
  });

  it('4.8: an alignment subscribes nobody; the sync after it does, under its brake', async () => {
    world = await startConsent();
    world.dotdigital.world.addContact({
      email: ADA,
      fields: { FIRSTNAME: 'Ada', LASTNAME: 'Lovelace' },
      status: 'noSubscription',
    });
    world.sell.world.createContact({ ...person, ...IN });
    await world.cycle('align');
    expect(statusOf(world)).toBe('noSubscription');
    await world.cycle('sync');
    expect(statusOf(world)).toBe('subscribed');
  });
});

describe('O8: triggers', () => {
  it('S22: an opt-in in Dotdigital waits for another change, and the older opt-out does not undo it meanwhile (decision 21)', async () => {
    const id = await aligned({ optInTrigger: 'with-change' });
    world.dotdigital.world.unsubscribe(ADA);
    await world.cycle('sync');
    world.dotdigital.world.resubscribe(ADA);
    expect((await world.cycle('sync')).actions.total).toBe(0);
    await world.cycle('sync', { full: true });
    expect([tagsOf(id), statusOf(world)]).toEqual([['unsubscribed'], 'subscribed']);
    world.dotdigital.world.editContact(ADA, { fields: { POSTCODE: '10117' } });
    await world.cycle('sync');
    expect([tagsOf(id), statusOf(world)]).toEqual([['newsletter'], 'subscribed']);
    expect((await world.cycle('sync')).actions.total).toBe(0);
  });

  it('an opt-out in Dotdigital waits for another change where it was asked for', async () => {
    const id = await aligned({ optOutTrigger: 'with-change' });
    world.dotdigital.world.unsubscribe(ADA);
    expect((await world.cycle('sync')).actions.total).toBe(0);
    world.dotdigital.world.editContact(ADA, { fields: { POSTCODE: '10117' } });
    await world.cycle('sync');
    expect(tagsOf(id)).toEqual(['unsubscribed']);
  });
});

describe('O11-O14: opted out in Dotdigital and unknown in Sell', () => {
  const suppressed = (
    email: string,
    fields: Record<string, string>,
    status: 'unsubscribed' | 'hardBounced' | 'ispComplained',
  ): void => void world.dotdigital.world.addContact({ email, fields, status });
  const named = { FIRSTNAME: 'Ada', LASTNAME: 'Lovelace' };

  it.each(['contact', 'lead'] as const)('O11, O12, O13: a %s is made where permitted', async (as) => {
    world = await startConsent({
      consent: { createSuppressed: true, createSuppressedAs: as },
      more: {
        contacts: { enabled: true, multipleMatch: 'email-and-names' },
        leads: { enabled: true, multipleMatch: 'email-and-names' },
      },
    });
    suppressed(ADA, named, 'unsubscribed');
    suppressed('spam@example.com', named, 'ispComplained');
    suppressed('noname@example.com', {}, 'unsubscribed');
    suppressed('bounced@example.com', named, 'hardBounced');
    await world.cycle('align');
    const made = await world.sellRecords(as === 'contact' ? 'contacts' : 'leads');
    expect(made.map(({ email, tags }) => [email, tags]).sort()).toEqual([
      [ADA, ['unsubscribed', 'dotdigital-opt-out-record']],
      ['spam@example.com', ['unsubscribed', 'dotdigital-opt-out-record']],
    ]);
    expect(await world.sellRecords(as === 'contact' ? 'leads' : 'contacts')).toEqual([]);
    expect(await holds()).toContain('NAME_MISSING');
    expect((await world.cycle('sync')).actions.total).toBe(0);
  });

  it('O13: nobody where it is not permitted, or where consent does not go to Sell', async () => {
    world = await startConsent({ consent: { createSuppressed: true, direction: 'sell-to-dotdigital' } });
    suppressed(ADA, named, 'unsubscribed');
    await world.cycle('align');
    expect(await world.sellRecords('contacts')).toEqual([]);
  });

  it('O11: a run makes 100 of them and says how many wait; the next ones make the rest', async () => {
    world = await startConsent({
      consent: { createSuppressed: true },
      more: { brakes: { create: { count: 9999, percent: 100 } } },
    });
    for (let n = 0; n < 130; n += 1) suppressed(`p${n}@example.com`, named, 'unsubscribed');
    const preview = await world.cycle('preview');
    expect([preview.actions.total, preview.message]).toEqual([
      130,
      expect.stringMatching(/^30 more suppressed people/),
    ]);
    const aligned = await world.cycle('align');
    expect([aligned.actions.byKind.create, aligned.message]).toEqual([
      100,
      expect.stringMatching(/wait for the next one/),
    ]);
    expect(await world.sellRecords('contacts')).toHaveLength(100);
    expect((await world.cycle('sync')).actions.byKind.create).toBe(30);
    expect(await world.sellRecords('contacts')).toHaveLength(130);
    expect((await world.cycle('sync')).actions.total).toBe(0);
  });

  it('O14: a record of an opt-out is an ordinary link afterwards', async () => {
    world = await startConsent({ consent: { createSuppressed: true } });
    suppressed(ADA, named, 'unsubscribed');
    await world.cycle('align');
    await world.cycle('sync');
    world.dotdigital.world.editContact(ADA, { fields: { LASTNAME: 'King' } });
    await world.cycle('sync');
    expect(await world.sellRecord('contacts', ADA)).toMatchObject({ last_name: 'King' });
  });
});

describe('C22, C23: addresses change, opt-outs stay', () => {
  it.each(['rename', 'new'] as const)(
    'C22: to an address that is suppressed (onEmailChange: %s)',
    async (onEmailChange) => {
      const id = await aligned({}, { contacts: { enabled: true, multipleMatch: 'email-and-names', onEmailChange } });
      world.dotdigital.world.suppressAddress('new@example.com');
      await world.cycle('sync');
      world.sell.world.updateContact(id, { email: 'new@example.com' });
      await world.cycle('sync');
      await world.cycle('sync');
      expect(statusOf(world, 'new@example.com')).not.toBe('subscribed');
    },
  );

  it.each(['rename', 'new'] as const)(
    'C23: from an address that was opted out (onEmailChange: %s)',
    async (onEmailChange) => {
      const id = await aligned(
        { direction: 'sell-to-dotdigital' },
        { contacts: { enabled: true, multipleMatch: 'email-and-names', onEmailChange } },
      );
      world.dotdigital.world.unsubscribe(ADA);
      await world.cycle('sync');
      world.sell.world.updateContact(id, { email: 'new@example.com' });
      await world.cycle('sync');
      await world.cycle('sync');
      expect(statusOf(world, 'new@example.com')).toBe('unsubscribed');
    },
  );
});

describe('O17: many at once', () => {
  const many = async (
    n: number,
    tags: readonly string[],
    consent: Settings,
    more: Settings,
  ): Promise<readonly number[]> => {
    world = await startConsent({ consent, more: { brakes: { create: { count: 100_000, percent: 100 } }, ...more } });
    const ids = Array.from(
      { length: n },
      (_, i) =>
        world.sell.world.createContact({ ...person, first_name: `A${i}`, email: `p${i}@example.com`, tags: [...tags] })
          .id,
    );
    await world.cycle('align');
    await world.cycle('sync');
    return ids;
  };
  const subscribed = (): number =>
    [...world.dotdigital.world.contacts()].filter(({ emailStatus }) => emailStatus === 'subscribed').length;

  it('opt-outs above the first limit go on and are told; they are sent in bulk', async () => {
    const ids = await many(
      300,
      [],
      {},
      { brakes: { unsubscribe: { count: 10, percent: 1 }, unsubscribeStop: { count: 250, percent: 90 } } },
    );
    for (const id of ids.slice(0, 240)) world.sell.world.updateContact(id, OUT);
    const report = await world.cycle('sync');
    expect(report.message).toContain('CRITICAL');
    expect(subscribed()).toBe(60);
    expect(report.apiCalls.marketing.writes).toBeLessThanOrEqual(3);
  });

  it('a bulk tag slip on half the database waits under the default limits; 200 opt-outs do not', async () => {
    const ids = await many(500, [], {}, {});
    for (const id of ids.slice(0, 250)) world.sell.world.updateContact(id, OUT);
    const slip = await world.cycle('sync');
    expect([slip.state, subscribed()]).toEqual(['parked', 500]);
    // Taken back in Sell, nothing is left of it.
    for (const id of ids.slice(0, 250)) world.sell.world.updateContact(id, { tags: [] });
    expect((await world.lockstep('reject', slip.id)).code).toBe(0);
    await world.cycle('sync');
    expect(subscribed()).toBe(500);
    for (const id of ids.slice(300, 500)) world.sell.world.updateContact(id, OUT);
    const willed = await world.cycle('sync');
    expect([willed.state, subscribed()]).toEqual(['ok', 300]);
  });

  it('above the second limit they wait for one decision, and the rest of the run goes on', async () => {
    const ids = await many(60, [], {}, { brakes: { unsubscribeStop: { count: 20, percent: 20 } } });
    for (const id of ids.slice(0, 30)) world.sell.world.updateContact(id, OUT);
    world.sell.world.updateContact(ids[40] ?? 0, { last_name: 'King' });
    world.dotdigital.world.unsubscribe('p50@example.com');
    const report = await world.cycle('sync');
    expect([report.state, subscribed()]).toEqual(['parked', 59]);
    expect(tagsOf(ids[50] ?? 0)).toEqual(['unsubscribed']);
    expect(world.dotdigital.world.contact('p40@example.com')?.fields).toMatchObject({ LASTNAME: 'King' });
    expect((await world.lockstep('approve', report.id)).code).toBe(0);
    expect(subscribed()).toBe(29);
  });

  it('opt-ins above their limit wait, and opt-outs of the same run do not', async () => {
    const ids = await many(
      40,
      [],
      { direction: 'sell-to-dotdigital' },
      { brakes: { resubscribe: { count: 5, percent: 1 } } },
    );
    for (let i = 0; i < 20; i += 1) world.dotdigital.world.unsubscribe(`p${i}@example.com`);
    await world.cycle('sync');
    for (const id of ids.slice(0, 20)) world.sell.world.updateContact(id, IN);
    for (const id of ids.slice(30)) world.sell.world.updateContact(id, OUT);
    const report = await world.cycle('sync');
    expect([report.state, subscribed()]).toEqual(['parked', 10]);
  });
});

describe('the ledger', () => {
  it('tells who said what and when, in a chain that shows every later change', async () => {
    const id = await aligned();
    world.sell.world.updateContact(id, OUT);
    await world.cycle('sync');
    await world.cycle('sync');
    const { store } = await world.app();
    const sound = await verifyLedger(store, 'acme');
    expect(sound).toMatchObject({ type: 'sound' });
    const rows = await store.db.selectFrom('ledger').selectAll().orderBy('seq').execute();
    expect(rows.map(({ state, written }) => [state, written])).toContainEqual([
      'optedOut',
      'unsubscribed in Dotdigital',
    ]);
    const last = rows.at(-1);
    const witness = { entries: rows.length, head: last?.hash ?? '' };
    await store.db.deleteFrom('ledger').where('seq', '=', rows.length).execute();
    expect(await verifyLedger(store, 'acme')).toMatchObject({ type: 'sound' });
    expect(await verifyLedger(store, 'acme', [witness])).toMatchObject({ type: 'broken', seq: rows.length });
    const told = await world.lockstep('ledger', 'verify');
    expect(told.code).toBe(3);
    expect(told.json).toMatchObject({ ledger: [{ type: 'broken', seq: rows.length }] });
    await store.db.updateTable('ledger').set({ state: 'optedIn' }).where('seq', '=', 1).execute();
    expect(await verifyLedger(store, 'acme')).toMatchObject({ type: 'broken', seq: 1 });
  });
});
