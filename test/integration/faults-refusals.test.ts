// Credentials, accounts, scopes and plans that are not what they should be; one bad record among many; one run at a time. (R13, R16, contract 6)
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultApiUser } from '../../sandbox/dotdigital/options.ts';
import { acquireLease, releaseLease } from '../../src/store/leases.ts';
import { addressesIn, codes, contactOf, expectQuiet, openHoldsOf } from './looking.ts';
import { startTwoAccounts, type TwoAccounts } from './two-accounts.ts';

let world: TwoAccounts;
beforeEach(async () => {
  world = await startTwoAccounts();
  for (const name of ['ada', 'bob']) {
    world.sell.world.createContact({
      first_name: name,
      last_name: 'Smith',
      email: `${name}@example.com`,
      customer_status: 'current',
    });
  }
});
afterEach(() => world.stop());

const contacts = { enabled: true, multipleMatch: 'email' } as const;

async function expectNothingWritten(act: () => Promise<unknown>): Promise<void> {
  world.sell.requests.reset();
  world.dotdigital.requests.reset();
  await act();
  const { routes } = world.sell.requests.counts();
  expect(Object.keys(routes).filter((route) => /^(PUT|DELETE|POST \/v2\/(contacts|leads))/.test(route))).toEqual([]);
  expect(world.dotdigital.requests.read().writes).toBe(0);
}

describe('accounts', () => {
  it.each(['sell', 'dotdigital'] as const)(
    'R13, D21: another %s account behind the same connection stops the run before anything is read',
    async (side) => {
      await world.cycle('align');
      const other = await startTwoAccounts({ sell: { account: { id: 999 } }, dotdigital: { accountId: 4321 } });
      try {
        const port = (app: TwoAccounts['sell']['app']) => (app.server.address() as { readonly port: number }).port;
        await world.configure({
          contacts,
          ...(side === 'sell'
            ? {
                sell: {
                  url: `http://127.0.0.1:${String(port(other.sell.app))}`,
                  accessToken: other.sell.tokens[0]?.token,
                },
              }
            : { dotdigital: { url: `http://127.0.0.1:${String(port(other.dotdigital.app))}` } }),
        });
        world.sell.world.createContact({
          first_name: 'New',
          last_name: 'One',
          email: 'new@example.com',
          customer_status: 'current',
        });
        await expectNothingWritten(async () => {
          const report = await world.cycle('sync');
          expect(report.state).toBe('aborted');
          expect(report.message).toMatch(/Wrong .* account connected/);
        });
        expect([...other.dotdigital.world.contacts()]).toEqual([]);
        expect(await other.sellRecords('contacts')).toEqual([]);
        expect(addressesIn(world)).toEqual(['ada@example.com', 'bob@example.com']);
      } finally {
        await other.stop();
      }
      await world.configure({ contacts });
      expect((await world.cycle('sync')).state).toBe('ok');
      expect(addressesIn(world)).toContain('new@example.com');
    },
  );
});

describe('credentials', () => {
  it('contract 6: a wrong password is told with the name of the service; nothing is written', async () => {
    await world.configure({ contacts, dotdigital: { user: defaultApiUser.user, password: 'wrong' } });
    await expectNothingWritten(async () => {
      const answer = await world.lockstep('align', '--yes');
      expect(answer.code).toBe(5);
      expect(answer.json).toMatchObject({ runs: [{ state: 'aborted' }] });
      expect(JSON.stringify(answer.json)).not.toContain('wrong');
    });
  });

  it.each([
    ['profile', 'read'],
    ['profile', 'read', 'write'],
  ] as const)('contract 6: a token with %s and %s only', async (...scopes) => {
    const token = world.sell.issueToken({ scopes });
    await world.configure({ contacts, sell: { accessToken: token } });
    await expectNothingWritten(async () => {
      const report = await world.cycle('align');
      expect(report.state).toBe('aborted');
      expect(report.message).toMatch(/sync/i);
    });
  });

  it('contract 6: a plan without the Sync API', async () => {
    world.sell.plan = { ...world.sell.plan, syncApi: false };
    await expectNothingWritten(async () => {
      const report = await world.cycle('align');
      expect(report.state).toBe('aborted');
      expect(report.message).toMatch(/sync/i);
    });
  });

  it('contract 6: a token that was revoked in the middle of a connection’s life', async () => {
    await world.cycle('align');
    const [user] = world.sell.world.state.users.values();
    world.sell.world.deactivateUser(user?.id ?? 0);
    await expectNothingWritten(async () => {
      expect((await world.cycle('sync')).state).toBe('aborted');
    });
  });

  it('contract 6: a service that is not there', async () => {
    await world.configure({ contacts, sell: { url: 'http://127.0.0.1:9' } });
    await expectNothingWritten(async () => {
      const signal = AbortSignal.timeout(3_000);
      await expect(world.cycle('align', {}, signal)).rejects.toThrow();
    });
  });
});

describe('one run at a time', () => {
  it('R16: while another run holds the connection nothing is done, and afterwards everything', async () => {
    const { store } = await world.app();
    const lease = await acquireLease(store, 'acme', 'somebody else', 60_000, new Date().toISOString());
    await expectNothingWritten(async () => {
      const report = await world.cycle('align');
      expect(report.state).toBe('aborted');
      expect(report.message).toMatch(/Another run holds the connection/);
    });
    await releaseLease(store, 'acme', lease?.token ?? 0);
    expect((await world.cycle('align')).state).toBe('ok');
  });

  it('R16: of two cycles started together one works and the other says so', async () => {
    await world.app();
    const reports = await Promise.all([world.cycle('align'), world.cycle('align')]);
    expect(reports.map((report) => report.state).sort()).toEqual(['aborted', 'ok']);
    expect(addressesIn(world)).toEqual(['ada@example.com', 'bob@example.com']);
  });
});

describe('one bad record among many', () => {
  it('contract 6: a create that Sell refuses is held with its plan’s own notes; all others go through', async () => {
    const fields = [
      'FIRSTNAME first_name',
      'LASTNAME last_name',
      'CUSTOMER_STATUS customer_status',
      'PROSPECT_STATUS prospect_status',
      'JOB_TITLE title',
    ];
    await world.configure({
      contacts: {
        ...contacts,
        fields: fields.map((pair) => ({ dotdigital: pair.split(' ')[0], sell: pair.split(' ')[1] })),
      },
    });
    for (const name of ['CUSTOMER_STATUS', 'PROSPECT_STATUS', 'JOB_TITLE'])
      world.dotdigital.world.createDataField(name, 'String');
    for (const name of ['one', 'two', 'three']) {
      const bad = name === 'two' ? { PROSPECT_STATUS: 'oops', JOB_TITLE: 'Head of '.repeat(10) } : {};
      world.dotdigital.world.addContact({
        email: `${name}@example.com`,
        fields: { FIRSTNAME: name, LASTNAME: 'Lee', CUSTOMER_STATUS: 'current', ...bad },
      });
    }
    world.sell.switches.textMaxLength = 50;
    const attempts = () => world.sell.requests.counts().routes['POST /v2/contacts']?.refused ?? 0;
    const report = await world.cycle('align');
    expect(report.state).toBe('ok_with_holds');
    expect(attempts()).toBe(1);
    expect((await world.sellRecords('contacts')).map((record) => record.email).sort()).toEqual([
      'ada@example.com',
      'bob@example.com',
      'one@example.com',
      'three@example.com',
    ]);
    expect(await codes(world, 'two@example.com')).toHaveLength(2);
    expect((await openHoldsOf(world)).map((hold) => hold.code)).toContain('STATUS_DEFAULTED');
    await expectQuiet(world);
    expect(attempts()).toBe(1);
  });

  it('contract 6: an update that Sell forbids is held as such', async () => {
    await world.cycle('align');
    await expectQuiet(world);
    world.dotdigital.world.editContact('ada@example.com', { fields: { LASTNAME: 'Forbidden' } });
    world.dotdigital.world.editContact('bob@example.com', { fields: { LASTNAME: 'Fine' } });
    const ada = await world.sellRecord('contacts', 'ada@example.com');
    world.sell.faults.add({
      service: 'zendesk-sell',
      match: { method: 'PUT', path: `/v2/contacts/${String(ada.id)}` },
      effect: {
        type: 'status',
        status: 403,
        body: {
          errors: [{ error: { resource: 'contact', code: 'not_permitted', message: 'no', details: 'no' }, meta: {} }],
          meta: { http_status: '403' },
        },
      },
    });
    expect((await world.cycle('sync')).state).toBe('ok_with_holds');
    expect(await codes(world)).toEqual(['PERMISSION_DENIED']);
    expect(await world.sellRecord('contacts', 'bob@example.com')).toMatchObject({ last_name: 'Fine' });
    expect(contactOf(world, 'ada@example.com').fields['LASTNAME']).toBe('Forbidden');
    await expectQuiet(world);
  });
});
