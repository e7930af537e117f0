// `lockstep check` against both simulated services: what it finds, in which words, and how it ends. (contract 6, R13)
import { afterEach, describe, expect, it } from 'vitest';
import { createSellSandbox } from '../../sandbox/zendesk-sell/create-sell-sandbox.ts';
import { startTwoAccounts, type TwoAccounts } from '../integration/two-accounts.ts';
import { type Asked, ask, type CheckLine } from './ask.ts';

let world: TwoAccounts;
afterEach(() => world.stop());

function lines(answer: Asked, status: string): readonly CheckLine[] {
  return answer.json.checks.filter((line) => line.status === status);
}

/** Everything a check could have left behind in the two services. */
function footprint(): number {
  const { sell, dotdigital } = world;
  return sell.world.state.contacts.size + dotdigital.world.dataFields().length + dotdigital.world.lists().length;
}

const LEADS = { leads: { enabled: true, multipleMatch: 'email-and-names' } };

describe('a connection that can be used', () => {
  it('passes, says what will be made, and writes to neither service', async () => {
    world = await startTwoAccounts({ settings: { contacts: { enabled: true, multipleMatch: 'email' }, ...LEADS } });
    world.sell.world.createContact({ first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.com' });
    const before = footprint();
    const answer = await ask(world, 'check');
    expect(answer.code).toBe(0);
    expect(answer.json.ok).toBe(true);
    expect(lines(answer, 'problem')).toEqual([]);
    const ids = answer.json.checks.map(({ id }) => id);
    for (const id of [
      'config',
      'database',
      'sell.account',
      'sell.scopes',
      'sell.sync-api',
      'dotdigital.account',
      'mapping',
    ]) {
      expect(ids).toContain(id);
    }
    const fields = answer.json.checks.find(({ id }) => id === 'data-fields');
    expect(fields?.message).toContain('SELL_CONTACT_ID');
    const statuses = answer.json.checks.find(({ id }) => id === 'lead-statuses');
    expect(statuses?.message).toContain('New, Working, Unqualified');
    expect(footprint()).toBe(before);
    const { store } = await world.app();
    expect((await store.db.selectFrom('connections').selectAll().execute()).length).toBe(0);
  });

  it('L1: passes where Sell does not list its lead statuses, as a sync takes those it meets', async () => {
    world = await startTwoAccounts({
      sell: { tokens: [{}], limits: { enabled: false }, switches: { leadStatusesEndpoint: false } },
      settings: LEADS,
    });
    const answer = await ask(world, 'check');
    expect(lines(answer, 'problem')).toEqual([]);
    expect(answer.code).toBe(0);
    const statuses = answer.json.checks.find(({ id }) => id === 'lead-statuses');
    expect(statuses).toMatchObject({ status: 'warning' });
    expect(statuses?.message).toContain('does not list its lead statuses');
  });

  it('C28: names the values of live records that do not fit, and which side has them', async () => {
    world = await startTwoAccounts({
      sell: {
        tokens: [{}],
        limits: { enabled: false },
        customFields: [{ name: 'Founded', type: 'date', resource: 'contact' }] as never,
      },
      settings: {
        contacts: {
          enabled: true,
          multipleMatch: 'email',
          fields: [
            { sell: 'first_name', dotdigital: 'FIRSTNAME' },
            { sell: 'last_name', dotdigital: 'LASTNAME' },
            { sell: 'custom_fields.Founded', dotdigital: 'FOUNDED' },
          ],
        },
      },
    });
    world.dotdigital.world.createDataField('FOUNDED', 'String');
    const fields = { FIRSTNAME: 'Ada', LASTNAME: 'L', FOUNDED: 'last spring' };
    world.dotdigital.world.addContact({ email: 'ada@example.com', fields });
    world.dotdigital.world.addContact({ email: 'bob@example.com', fields: { ...fields, FOUNDED: '2020-02-01' } });
    const answer = await ask(world, 'check');
    expect(answer.code).toBe(0);
    const fit = lines(answer, 'warning').find(
      ({ id, message }) => id === 'fit.contacts' && message.includes('FOUNDED'),
    );
    expect(fit?.message).toContain('1 of 2 values in Dotdigital');
    expect(fit?.message).toContain('last spring');
    expect(fit?.fix).toContain('VALUE_UNMAPPABLE');
    const total = answer.json.checks.find(({ id }) => id === 'fit.contacts');
    expect(total?.message).toMatch(/^83 % of 6 values fit/);
  });

  it('says plainly which sections are switched on without effect', async () => {
    world = await startTwoAccounts({
      settings: {
        contacts: { enabled: true, multipleMatch: 'email' },
        retention: { ledger: '90d' },
      },
    });
    const answer = await ask(world, 'check');
    expect(answer.code).toBe(0);
    const note = lines(answer, 'warning').find(({ path }) => path === 'retention.ledger');
    expect(note?.message).toContain('without effect in this version');
  });
});

describe('a connection that cannot be used', () => {
  it('exit 5: a wrong Sell token, named by its place in the configuration', async () => {
    world = await startTwoAccounts();
    await world.configure({ sell: { accessToken: 'f'.repeat(64) } });
    const answer = await ask(world, 'check');
    expect(answer.code).toBe(5);
    expect(answer.json.ok).toBe(false);
    const [problem] = lines(answer, 'problem');
    expect(problem).toMatchObject({ connection: 'acme', id: 'sell.account' });
    expect(problem?.message).toContain('sell.accessToken');
    expect(problem?.fix).toContain('sell.accessToken');
    expect(answer.stdout + answer.stderr).not.toContain('f'.repeat(64));
  });

  it('exit 5: a wrong Dotdigital password; the other service is checked all the same', async () => {
    world = await startTwoAccounts();
    await world.configure({ dotdigital: { password: 'wrong' } });
    const answer = await ask(world, 'check');
    expect(answer.code).toBe(5);
    expect(lines(answer, 'problem').map(({ id }) => id)).toEqual(['dotdigital.account']);
    expect(lines(answer, 'ok').map(({ id }) => id)).toContain('sell.scopes');
  });

  it.each([['write'], ['sync'], ['profile'], ['read']])('exit 5: a token without the scope "%s"', async (scope) => {
    const scopes = ['read', 'write', 'profile', 'sync'].filter((one) => one !== scope);
    world = await startTwoAccounts({ sell: { limits: { enabled: false }, tokens: [{ scopes: scopes as never }] } });
    const answer = await ask(world, 'check');
    expect(answer.code).toBe(5);
    const problems = lines(answer, 'problem').filter(({ id }) => id === 'sell.scopes');
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain(`"${scope}"`);
  });

  it('lets a token without "write" pass where nothing is written to Sell', async () => {
    world = await startTwoAccounts({
      sell: { limits: { enabled: false }, tokens: [{ scopes: ['read', 'profile', 'sync'] }] },
      settings: { contacts: { enabled: true, multipleMatch: 'email', direction: 'sell-to-dotdigital' } },
    });
    expect((await ask(world, 'check')).code).toBe(0);
  });

  it('exit 5: an account whose plan has no Sync API', async () => {
    world = await startTwoAccounts({ sell: { limits: { enabled: false }, tokens: [{}], plan: { syncApi: false } } });
    const answer = await ask(world, 'check');
    expect(answer.code).toBe(5);
    const words = lines(answer, 'problem')
      .map(({ message, fix }) => `${message} ${fix}`)
      .join('\n');
    expect(words).toMatch(/Sync API|"sync"/);
    expect(words).toContain('plan');
  });

  it('R13, exit 5: another account than the one the connection was set up with', async () => {
    world = await startTwoAccounts();
    await world.cycle('align');
    const other = createSellSandbox({
      limits: { enabled: false },
      tokens: [{}],
      account: { id: 99, name: 'Elsewhere' },
    });
    try {
      const url = await other.app.listen({ host: '127.0.0.1', port: 0 });
      await world.configure({ sell: { url, accessToken: other.tokens[0]?.token } });
      const answer = await ask(world, 'check');
      expect(answer.code).toBe(5);
      const [problem] = lines(answer, 'problem');
      expect(problem).toMatchObject({ id: 'sell.identity' });
      expect(problem?.message).toContain('account 99');
    } finally {
      await other.app.close();
    }
  });

  it('exit 5: a service that cannot be reached, with the setting that says where it is', async () => {
    world = await startTwoAccounts();
    await world.configure({ sell: { url: 'http://127.0.0.1:9' } });
    const answer = await ask(world, 'check');
    expect(answer.code).toBe(5);
    const [problem] = lines(answer, 'problem');
    expect(problem?.id).toBe('sell.account');
    expect(problem?.fix).toContain('sell.url');
  });

  it('exit 2: a mapping that does not fit the accounts, line by line', async () => {
    const fields = [
      { sell: 'first_name', dotdigital: 'FIRSTNAME' },
      { sell: 'lost_name', dotdigital: 'LASTNAME' },
    ];
    world = await startTwoAccounts({ settings: { contacts: { enabled: true, multipleMatch: 'email', fields } } });
    const answer = await ask(world, 'check');
    expect(answer.code).toBe(2);
    const [problem] = lines(answer, 'problem');
    expect(problem).toMatchObject({ id: 'mapping', path: 'contacts.fields[1].sell' });
    expect(problem?.message).toContain('Did you mean "last_name"');
    expect(problem?.message).toContain('Sell has no field');
  });

  it('exit 2: a broken file, as a checklist too', async () => {
    world = await startTwoAccounts();
    await world.configure({
      contacts: { enabled: true, multipleMatch: 'email', direction: 'sideways' },
      colour: 'red',
    });
    const answer = await ask(world, 'check');
    expect(answer.code).toBe(2);
    expect(answer.json.ok).toBe(false);
    expect(lines(answer, 'problem').every(({ id }) => id === 'config')).toBe(true);
    expect(lines(answer, 'problem')).toHaveLength(2);
  });
});

describe('the printed checklist', () => {
  it('marks each line, says what to do and ends in a verdict', async () => {
    world = await startTwoAccounts();
    const fine = await world.words('check');
    expect(fine.stdout).toMatch(/ok {7}sell\.account/);
    expect(fine.stdout).toMatch(/Usable(, \d+ warnings?)?\.\n$/);
    await world.configure({ dotdigital: { password: 'wrong' } });
    const refused = await world.words('check');
    expect(refused.stdout).toMatch(/PROBLEM {2}dotdigital\.account/);
    expect(refused.stdout).toContain('→ ');
    expect(refused.stdout).toContain('1 problem');
  });
});
