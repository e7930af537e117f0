// Consent beside field rules: tags and fields that carry it may be mapped, and no field rule ever says yes or no. (R19, R6)
import { afterEach, describe, expect, it } from 'vitest';
import { contactOf, expectQuiet } from './looking.ts';
import { startTwoAccounts, type TwoAccounts } from './two-accounts.ts';

const EMAIL = 'ann@example.com';
const ANN = { first_name: 'Ann', last_name: 'Archer', email: EMAIL, customer_status: 'current' };
const NAMES = [
  { sell: 'first_name', dotdigital: 'FIRSTNAME' },
  { sell: 'last_name', dotdigital: 'LASTNAME' },
] as const;

let world: TwoAccounts;
afterEach(() => world.stop());

const tagsOf = (id: number): unknown => world.sell.world.readContact(id)?.['tags'];
const shown = (): unknown => contactOf(world, EMAIL).fields['TAGS'];

describe('mapped tags', () => {
  async function aligned(tags: readonly string[]): Promise<number> {
    world = await startTwoAccounts({
      settings: {
        contacts: {
          enabled: true,
          multipleMatch: 'email',
          fields: [
            ...NAMES,
            { sell: 'customer_status', dotdigital: 'CUSTOMER_STATUS' },
            { sell: 'tags', dotdigital: 'TAGS' },
          ],
        },
        consent: {
          enabled: true,
          direction: 'bi-directional',
          contacts: { tags: { optIn: ['in'], optOut: ['out'] }, default: 'none' },
        },
      },
    });
    const { id } = world.sell.world.createContact({ ...ANN, tags });
    await world.cycle('align');
    await world.cycle('sync');
    await expectQuiet(world);
    return id;
  }

  it('R6, O7: an opt-out and an edit of the tags in one cycle both arrive', async () => {
    const id = await aligned(['a', 'in']);
    world.dotdigital.world.unsubscribe(EMAIL);
    world.dotdigital.world.editContact(EMAIL, { fields: { TAGS: 'a; b; in' } });
    await world.cycle('sync');
    expect([tagsOf(id), shown()]).toEqual([['a', 'b', 'out'], 'a; b; out']);
    await expectQuiet(world);
  });

  it('R4, O7: what the answer to an opt-out brought is not forgotten over the next write of the same record', async () => {
    const id = await aligned(['a', 'in']);
    world.dotdigital.world.unsubscribe(EMAIL);
    world.dotdigital.world.editContact(EMAIL, { fields: { FIRSTNAME: 'Anna' } });
    // Somebody edits the record while the cycle is on its way: its first write, the opt-out, is answered with that.
    let writes = 0;
    world.sell.app.server.prependListener('request', ({ method }) => {
      if (method !== 'PUT') return;
      writes += 1;
      if (writes === 1) world.sell.world.updateContact(id, { customer_status: 'past' });
    });
    await world.cycle('sync');
    await world.cycle('sync');
    expect([tagsOf(id), shown()]).toEqual([['a', 'out'], 'a; out']);
    expect(contactOf(world, EMAIL).fields).toMatchObject({ FIRSTNAME: 'Anna', CUSTOMER_STATUS: 'past' });
    await expectQuiet(world);
  });

  it('R19: a data field says nothing of consent: tags that carry it come and go by their own rules', async () => {
    const id = await aligned(['a', 'in']);
    world.dotdigital.world.editContact(EMAIL, { fields: { TAGS: 'b; out' } });
    await world.cycle('sync');
    expect(tagsOf(id)).toEqual(['b', 'in']);
    expect(contactOf(world, EMAIL).emailStatus).toBe('subscribed');
    await world.cycle('sync');
    await expectQuiet(world);
    world.dotdigital.world.addContact({
      email: 'new@example.com',
      fields: { FIRSTNAME: 'New', LASTNAME: 'One', CUSTOMER_STATUS: 'current', TAGS: 'c; out' },
    });
    await world.cycle('sync');
    expect((await world.sellRecord('contacts', 'new@example.com')).tags).toEqual(['c']);
    expect(contactOf(world, 'new@example.com').emailStatus).toBe('subscribed');
  });
});

it('R19: a mapped consent field is shown in Dotdigital and written by no field rule', async () => {
  world = await startTwoAccounts({
    sell: { customFields: [{ resource: 'contact', name: 'Consent', type: 'list', choices: ['Yes', 'No'] }] },
    settings: {
      contacts: {
        enabled: true,
        multipleMatch: 'email',
        fields: [...NAMES, { sell: 'custom_fields.Consent', dotdigital: 'CONSENT' }],
      },
      consent: {
        enabled: true,
        direction: 'bi-directional',
        contacts: { field: { name: 'Consent', optIn: ['Yes'], optOut: ['No'] }, default: 'none' },
      },
    },
  });
  const { id } = world.sell.world.createContact({ ...ANN, custom_fields: { Consent: 'Yes' } });
  await world.cycle('align');
  await world.cycle('sync');
  world.dotdigital.world.unsubscribe(EMAIL);
  await world.cycle('sync');
  const both = (): unknown => [
    world.sell.world.readContact(id)?.['custom_fields'],
    contactOf(world, EMAIL).fields['CONSENT'],
  ];
  expect(both()).toEqual([{ Consent: 'No' }, 'No']);
  await expectQuiet(world);
  world.dotdigital.world.editContact(EMAIL, { fields: { CONSENT: 'Yes' } });
  await expectQuiet(world);
  expect(world.sell.world.readContact(id)?.['custom_fields']).toEqual({ Consent: 'No' });
  expect(contactOf(world, EMAIL).emailStatus).toBe('unsubscribed');
  expect((await world.lockstep('check')).stdout).toContain('carries the consent of a contact');
});
