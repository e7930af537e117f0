// C26: what one answer of Dotdigital leaves out is asked for once more before it clears anything; what is left out every time is a blank.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultApiUser } from '../../sandbox/dotdigital/options.ts';
import { decided, expectQuiet } from './looking.ts';
import { startTwoAccounts, type TwoAccounts } from './two-accounts.ts';

let world: TwoAccounts;
beforeEach(async () => {
  world = await startTwoAccounts({
    settings: {
      contacts: {
        enabled: true,
        multipleMatch: 'email',
        fields: [
          { sell: 'first_name', dotdigital: 'FIRSTNAME' },
          { sell: 'last_name', dotdigital: 'LASTNAME' },
          { sell: 'title', dotdigital: 'JOB_TITLE' },
        ],
      },
      leads: { enabled: true, multipleMatch: 'email' },
      consent: {
        enabled: true,
        direction: 'bi-directional',
        contacts: { tags: { optIn: ['in'], optOut: ['out'] }, default: 'none' },
        leads: { tags: { optIn: ['in'], optOut: ['out'] }, default: 'none' },
        optInTrigger: 'immediate',
      },
    },
  });
});
afterEach(() => world.stop());

const EMAIL = 'ann@example.com';

async function pair(): Promise<{ readonly contact: number; readonly lead: number }> {
  const person = { first_name: 'Ann', last_name: 'Archer', email: EMAIL, title: 'Chef' };
  const contact = world.sell.world.createContact({ ...person, customer_status: 'current' }).id;
  const lead = world.sell.world.createLead(person).id;
  expect((await world.cycle('align')).state).toBe('ok');
  await expectQuiet(world);
  return { contact, lead };
}

interface Item {
  readonly dataFields: { readonly [name: string]: unknown };
  readonly [part: string]: unknown;
}

/** The contact as the account would answer, as the next page of changes, once. */
async function answerOnce(change: (item: Item) => object): Promise<void> {
  const { user, password } = defaultApiUser;
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const answer = await world.dotdigital.app.inject({
    url: `/contacts/v3?limit=5000&data-fields=${encodeURIComponent('[[ALL]]')}&include=${encodeURIComponent('channelProperties|lists')}`,
    headers: { authorization },
  });
  const page = answer.json<{ readonly _items: readonly Item[] }>();
  const body = { ...page, _items: page._items.map(change) };
  world.dotdigital.faults.add({
    service: 'dotdigital',
    match: { method: 'GET', pattern: '^/contacts/v3\\?.*modified', times: 1 },
    effect: { type: 'status-after', status: 200, body },
  });
}

function without(item: object, ...keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(item).filter(([key]) => !keys.includes(key)));
}

function singleReads(): number {
  const counts = Object.entries(world.dotdigital.requests.read().byRoute);
  return counts
    .flatMap(([route, count]) => (/^GET .contacts.v3..+/.test(route) ? count : []))
    .reduce((a, b) => a + b, 0);
}

describe('an answer that lacks', () => {
  it('C26: a data field: nothing is cleared', async () => {
    const { contact } = await pair();
    await answerOnce((item) => ({ ...item, dataFields: without(item.dataFields, 'JOB_TITLE') }));
    await expectQuiet(world);
    expect(world.dotdigital.faults.list().some(({ fired }) => fired > 0)).toBe(true);
    expect(world.sell.world.readContact(contact)).toMatchObject({ title: 'Chef' });
    await expectQuiet(world);
  });

  it('O9: the channels of somebody who left by mail: nobody is opted in for another channel', async () => {
    const { contact } = await pair();
    world.dotdigital.world.unsubscribe(EMAIL);
    await world.cycle('sync');
    expect(world.sell.world.readContact(contact)).toMatchObject({ tags: ['out'] });
    await expectQuiet(world);
    await answerOnce((item) => ({ ...without(item, 'channelProperties'), status: 'subscribed' }));
    await expectQuiet(world);
    expect(world.sell.world.readContact(contact)).toMatchObject({ tags: ['out'] });
  });
});

describe('an account that never names blanks', () => {
  beforeEach(() => {
    world.dotdigital.switches.blankFields = 'omitted';
  });

  it('C26: what somebody cleared in Dotdigital is cleared in Sell, at the cost of one call', async () => {
    const { contact } = await pair();
    world.dotdigital.world.editContact(EMAIL, { fields: { JOB_TITLE: null } });
    world.dotdigital.requests.reset();
    expect(await decided(world, (await world.cycle('sync')).id)).toContain('C26 update crm');
    expect(singleReads()).toBe(1);
    expect(world.sell.world.readContact(contact)).toMatchObject({ title: null });
    await expectQuiet(world);
    await expectQuiet(world);
  });

  it('decision 9: a blank that was one before costs no call', async () => {
    await pair();
    world.dotdigital.world.addContact({ email: 'bea@example.com', fields: { FIRSTNAME: 'Bea', LASTNAME: 'Bell' } });
    await world.cycle('sync');
    world.dotdigital.world.editContact('bea@example.com', { fields: { LASTNAME: 'Bells' } });
    world.dotdigital.requests.reset();
    const report = await world.cycle('sync');
    expect(report.state).not.toBe('partial');
    expect(singleReads()).toBe(0);
  });
});
