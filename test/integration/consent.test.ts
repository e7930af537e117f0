// Consent, against both simulated services over real sockets.
import { afterEach, describe, expect, it } from 'vitest';
import { startTwoAccounts, type TwoAccounts } from './two-accounts.ts';

let world: TwoAccounts;
afterEach(() => world.stop());

const tags = { optIn: ['newsletter'], optOut: ['unsubscribed'] };
async function start(consent: Record<string, unknown> = {}): Promise<void> {
  world = await startTwoAccounts({
    settings: {
      consent: { enabled: true, direction: 'bi-directional', contacts: { tags, default: 'none' }, ...consent },
    },
  });
}
const person = { first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.com', customer_status: 'current' };
const status = (): string | undefined => world.dotdigital.world.contact('ada@example.com')?.emailStatus;

describe('consent', () => {
  it('O1: an opt-out tag in Sell unsubscribes in Dotdigital', async () => {
    await start();
    const ada = world.sell.world.createContact(person);
    await world.cycle('align');
    expect(status()).toBe('subscribed');
    await world.cycle('sync');
    world.sell.world.updateContact(ada.id, { tags: ['Unsubscribed'] });
    const report = await world.cycle('sync');
    expect(report.actions.byKind['set-consent']).toBe(1);
    expect(status()).toBe('unsubscribed');
    expect((await world.cycle('sync')).actions.total).toBe(0);
  });

  it.each([true, false])(
    'O7, O8: an unsubscribe in Dotdigital tags the Sell contact (bumps updated: %s)',
    async (bumps) => {
      await start();
      world.dotdigital.switches.unsubscribeBumpsUpdated = bumps;
      const ada = world.sell.world.createContact({ ...person, tags: ['newsletter', 'vip'] });
      await world.cycle('align');
      await world.cycle('sync');
      world.dotdigital.world.unsubscribe('ada@example.com');
      await world.cycle('sync');
      expect(world.sell.world.readContact(ada.id)).toMatchObject({ tags: ['vip', 'unsubscribed'] });
      expect((await world.cycle('sync')).actions.total).toBe(0);
      expect(status()).toBe('unsubscribed');
    },
  );

  it('O3: a real, newer opt-in in Sell resubscribes; O6: an old one never does', async () => {
    await start({ direction: 'sell-to-dotdigital' });
    const ada = world.sell.world.createContact({ ...person, tags: ['newsletter'] });
    await world.cycle('align');
    await world.cycle('sync');
    world.dotdigital.world.unsubscribe('ada@example.com');
    await world.cycle('sync');
    world.sell.world.updateContact(ada.id, { title: 'Countess' });
    await world.cycle('sync');
    expect(status()).toBe('unsubscribed');
    world.sell.world.updateContact(ada.id, { tags: [] });
    await world.cycle('sync');
    world.sell.world.updateContact(ada.id, { tags: ['newsletter'] });
    const report = await world.cycle('sync');
    expect(report.actions.byKind['set-consent']).toBe(1);
    expect(status()).toBe('subscribed');
    expect((await world.cycle('sync')).actions.total).toBe(0);
    expect(status()).toBe('subscribed');
  });

  it('O11: an opted-out contact unknown in Sell is created there with the opt-out', async () => {
    await start({ createSuppressed: true });
    world.dotdigital.world.addContact({
      email: 'ada@example.com',
      fields: { FIRSTNAME: 'Ada', LASTNAME: 'Lovelace' },
      status: 'unsubscribed',
    });
    await world.cycle('align');
    expect((await world.sellRecord('contacts', 'ada@example.com')).tags).toEqual([
      'unsubscribed',
      'dotdigital-opt-out-record',
    ]);
    expect((await world.cycle('sync')).actions.total).toBe(0);
  });
});
