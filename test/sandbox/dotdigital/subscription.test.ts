// Who may be mailed: every transition of the e-mail status, through v3 and v2, and the feeds of those who left.

import { describe, expect, it } from 'vitest';
import type { EmailStatus } from '../../../sandbox/dotdigital/model/statuses.ts';
import { type Bench, row, START, setUp } from './harness.ts';

const EMAIL = 'a@example.com';
const write = (bench: Bench, email: object) =>
  bench.call('PATCH', `/contacts/v3/email/${EMAIL}`, { channelProperties: { email } });
const status = (bench: Bench) => bench.world.contact(EMAIL)?.emailStatus;
const withStatus = (from: EmailStatus, options: Parameters<typeof setUp>[0] = {}) => {
  const bench = setUp(options);
  bench.world.addContact({ email: EMAIL, status: from });
  return bench;
};

describe('v3 status writes', () => {
  it.each<[EmailStatus, string, EmailStatus]>([
    ['subscribed', 'unsubscribed', 'unsubscribed'],
    ['subscribed', 'suppressed', 'suppressed'],
    ['unsubscribed', 'suppressed', 'suppressed'],
    ['hardBounced', 'unsubscribed', 'unsubscribed'],
    ['unsubscribed', 'subscribed', 'subscribed'],
    ['suppressed', 'subscribed', 'subscribed'],
    ['hardBounced', 'subscribed', 'subscribed'],
    ['softBounced', 'subscribed', 'subscribed'],
    ['mailBlocked', 'subscribed', 'subscribed'],
    ['pendingOptIn', 'subscribed', 'pendingOptIn'],
    ...(
      [
        'ispComplained',
        'directComplaint',
        'sharedsuppression',
        'sharedDomainSuppression',
        'domainSuppressed',
        'spamTrap',
        'knownComplainer',
        'knownLitigator',
        'purchased',
        'blockedlocalpart',
      ] as const
    ).flatMap((from): [EmailStatus, string, EmailStatus][] => [
      [from, 'subscribed', from],
      [from, 'unsubscribed', from],
    ]),
  ])('%s, asked for %s, is then %s', async (from, wanted, then) => {
    const bench = withStatus(from);
    const answer = await write(bench, { status: wanted });
    expect([answer.status, status(bench)]).toEqual([200, then]);
  });

  it('never change a status that was not sent', async () => {
    const bench = withStatus('unsubscribed');
    await bench.call('PATCH', `/contacts/v3/email/${EMAIL}`, { dataFields: { FIRSTNAME: 'Ann' } });
    expect(bench.world.contact(EMAIL)).toMatchObject({ emailStatus: 'unsubscribed', fields: { FIRSTNAME: 'Ann' } });
  });

  it('U5: ask for a click when told so, by request, default or account', async () => {
    const bench = withStatus('unsubscribed');
    await write(bench, {
      status: 'subscribed',
      resubscribeOptions: { resubscribeWithNoChallenge: false, preferredLocale: 'de-DE' },
    });
    await write(bench, { status: 'subscribed', resubscribeOptions: { resubscribeWithNoChallenge: false } });
    expect(status(bench)).toBe('unsubscribed');
    expect(bench.world.mails()).toEqual([expect.objectContaining({ kind: 'resubscribe-challenge', locale: 'de-DE' })]);
    expect(bench.world.pendingChallenges()).toHaveLength(1);
    bench.world.confirm(EMAIL);
    expect([status(bench), bench.world.pendingChallenges()]).toEqual(['subscribed', []]);

    const byDefault = withStatus('unsubscribed', { switches: { resubscribeDefault: 'challenge' } });
    await write(byDefault, { status: 'subscribed' });
    expect(status(byDefault)).toBe('unsubscribed');
    await write(byDefault, { status: 'subscribed', resubscribeOptions: { resubscribeWithNoChallenge: true } });
    expect(status(byDefault)).toBe('subscribed');

    const byAccount = withStatus('unsubscribed', { switches: { doubleOptIn: 'everything' } });
    await write(byAccount, { status: 'subscribed', resubscribeOptions: { resubscribeWithNoChallenge: true } });
    expect(status(byAccount)).toBe('unsubscribed');
  });

  it('U5: leave bounced contacts alone when switched', async () => {
    const bench = withStatus('hardBounced', { switches: { bouncedResubscribable: false } });
    await write(bench, { status: 'subscribed' });
    expect(status(bench)).toBe('hardBounced');
  });

  it('resubscribing moves LASTSUBSCRIBED and `updated`, forgets lists, and leaves the feed', async () => {
    const bench = setUp();
    const list = bench.world.createList('L');
    bench.world.addContact({ email: EMAIL, lists: [list] });
    bench.world.unsubscribe(EMAIL);
    bench.clock.advance(5000);
    await write(bench, { status: 'subscribed' });
    expect(bench.world.contact(EMAIL)).toMatchObject({
      lastSubscribed: START + 5000,
      updated: START + 5000,
      lists: [],
    });
    expect((await bench.call('GET', '/v2/contacts/suppressed-since/2020-01-01')).body).toEqual([]);
  });

  it('verifiedDouble asks new contacts, and existing ones unless switched off', async () => {
    for (const verifiedDoubleOnExisting of ['pending', 'unchanged'] as const) {
      const bench = setUp({ switches: { verifiedDoubleOnExisting } });
      await write(bench, { optInType: 'verifiedDouble' });
      expect(status(bench)).toBe('pendingOptIn');
      bench.world.addContact({ email: 'b@example.com' });
      await bench.importAll([row('b@example.com', { channelProperties: { email: { optInType: 'verifiedDouble' } } })]);
      expect(bench.world.contact('b@example.com')?.emailStatus).toBe(
        verifiedDoubleOnExisting === 'pending' ? 'pendingOptIn' : 'subscribed',
      );
    }
  });

  it('an import reports a contact under global suppression', async () => {
    const bench = setUp();
    bench.world.addContact({ email: EMAIL });
    bench.world.suppressGlobally(EMAIL);
    const result = await bench.importAll([
      row(EMAIL, { dataFields: { FIRSTNAME: 'A' }, channelProperties: { email: { status: 'subscribed' } } }),
    ]);
    expect(result['failures']?.[0]?.['failures']?.[0]?.['failureCode']).toBe('globallySuppressed');
    expect(status(bench)).toBe('sharedsuppression');
  });
});

describe('lists of those who left', () => {
  it('are kept as suppressed, or removed', async () => {
    for (const unsubscribeLists of ['suppressed', 'removed'] as const) {
      const bench = setUp({ switches: { unsubscribeLists } });
      const list = bench.world.createList('L');
      bench.world.addContact({ email: EMAIL, lists: [list] });
      bench.world.unsubscribe(EMAIL);
      const { body } = await bench.call('GET', `/contacts/v3/email/${EMAIL}`);
      expect(body['lists']).toEqual(
        unsubscribeLists === 'suppressed' ? [{ id: list, name: 'L', status: 'suppressed' }] : [],
      );
      expect((await bench.call('GET', `/v2/address-books/${list}/contacts`)).body).toEqual([]);
      expect((await bench.call('GET', `/v2/address-books/${list}`)).body['contacts']).toBe(0);
    }
  });

  it('stay while another channel is subscribed', async () => {
    const bench = setUp();
    const list = bench.world.createList('L');
    bench.world.addContact({ email: EMAIL, mobile: '447123123123', smsStatus: 'subscribed', lists: [list] });
    bench.world.unsubscribe(EMAIL);
    const { body } = await bench.call('GET', `/contacts/v3/email/${EMAIL}`);
    expect([body['status'], body['lists']?.[0]?.['status']]).toEqual(['subscribed', 'subscribed']);
  });
});

describe('v2 unsubscribe and suppress', () => {
  it('unsubscribes by address', async () => {
    const bench = withStatus('subscribed');
    const { status: http, body } = await bench.call('POST', '/v2/contacts/unsubscribe', { Email: EMAIL });
    expect([http, body]).toEqual([
      200,
      {
        suppressedContact: {
          id: 30_000_001,
          email: EMAIL,
          optInType: 'Unknown',
          emailType: 'Html',
          dataFields: null,
          status: 'Unsubscribed',
        },
        dateRemoved: '2026-06-01T12:00:00.000Z',
        reason: 'Unsubscribed',
      },
    ]);
  });

  it('U19: refuses an unknown address, or suppresses it', async () => {
    const bench = setUp();
    const unknown = () => bench.call('POST', '/v2/contacts/unsubscribe', { email: 'x@example.com' });
    expect([(await unknown()).status, (await unknown()).body['message']]).toEqual([
      404,
      'Error: ERROR_CONTACT_NOT_FOUND',
    ]);
    bench.switches.v2UnsubscribeUnknown = 'create-suppressed';
    expect((await unknown()).status).toBe(200);
    await bench.importAll([row('x@example.com')]);
    expect(bench.world.contact('x@example.com')?.emailStatus).toBe('unsubscribed');
  });

  it('suppresses many and tells whom it did not find', async () => {
    const bench = withStatus('subscribed');
    const id = bench.world.addContact({ email: 'b@example.com' });
    const { body } = await bench.call('PUT', '/v2/contacts/suppress-contacts', [
      { id },
      { email: EMAIL },
      { email: 'u@example.com' },
    ]);
    expect(body).toEqual({
      suppressed: [
        { id, email: null },
        { id: 0, email: EMAIL },
      ],
      notFound: [{ id: 0, email: 'u@example.com' }],
    });
    expect(status(bench)).toBe('suppressed');
    expect((await bench.call('PUT', '/v2/contacts/suppress-contacts', [])).status).toBe(400);
  });
});

describe('v2 feeds', () => {
  const feed = async (bench: Bench, path: string) =>
    (await bench.call('GET', `/v2/contacts/${path}`)).body.map((entry) => entry['reason']);

  it('tell who left, when and why, bare addresses included', async () => {
    const bench = withStatus('subscribed');
    bench.clock.advance(1000);
    bench.world.bounce(EMAIL);
    bench.clock.advance(1000);
    bench.world.suppressAddress('nobody@example.com', 'unsubscribed');
    expect(await feed(bench, 'suppressed-since/2026-06-01T12:00:00Z')).toEqual(['HardBounced', 'Unsubscribed']);
    expect(await feed(bench, 'suppressed-since/2026-06-01T12:00:00Z?select=1&skip=1')).toEqual(['Unsubscribed']);
    expect(await feed(bench, 'unsubscribed-since/2026-06-01')).toEqual(['Unsubscribed']);
    expect(await feed(bench, 'suppressed-since/2026-06-01T13:00:02+01:00')).toEqual(['Unsubscribed']);
    bench.switches.sinceInclusive = false;
    expect(await feed(bench, 'suppressed-since/2026-06-01T12:00:02Z')).toEqual([]);
    expect((await bench.call('GET', '/v2/contacts/suppressed-since/soon')).status).toBe(400);
    expect((await bench.call('GET', '/v2/contacts/suppressed-since/2026-01-01?select=1001')).body['message']).toMatch(
      /ERROR_PARAMETER_INVALID$/,
    );
  });
});

describe('v2 resubscribe', () => {
  const call = (bench: Bench, direct: boolean, prefix = '/v2') =>
    bench.call('POST', `${prefix}/contacts/resubscribe${direct ? '-with-no-challenge' : ''}`, {
      unsubscribedContact: { email: EMAIL, dataFields: [{ key: 'FIRSTNAME', value: 'Nelson' }] },
      preferredLocale: 'de-DE',
    });

  it.each<[EmailStatus, boolean, string, EmailStatus]>([
    ['unsubscribed', false, 'ContactChallenged', 'unsubscribed'],
    ['unsubscribed', true, 'ContactAdded', 'subscribed'],
    ['suppressed', false, 'ContactAdded', 'subscribed'],
    ['hardBounced', true, 'ContactAdded', 'subscribed'],
    ['ispComplained', true, 'ContactCannotBeUnsuppressed', 'ispComplained'],
    ['subscribed', false, 'ContactAdded', 'subscribed'],
  ])('%s (no challenge: %s) gives %s', async (from, direct, outcome, then) => {
    const bench = withStatus(from);
    const { body } = await call(bench, direct);
    expect([body['status'], status(bench)]).toEqual([outcome, then]);
  });

  it('challenges all the same where the account enforces double opt-in', async () => {
    const bench = withStatus('unsubscribed', { switches: { doubleOptIn: 'single-calls' } });
    expect((await call(bench, true)).body['status']).toBe('ContactChallenged');
  });

  it('through a list puts the contact on it, at once or after the click', async () => {
    const bench = withStatus('unsubscribed');
    const list = bench.world.createList('L');
    await call(bench, false, `/v2/address-books/${list}`);
    expect(bench.world.members(list)).toEqual([]);
    bench.world.confirm(EMAIL);
    expect(bench.world.members(list)).toHaveLength(1);
    bench.world.unsubscribeFromList(EMAIL, list);
    expect((await call(bench, true, `/v2/address-books/${list}`)).body['status']).toBe('ContactAdded');
    expect(bench.world.contact(EMAIL)?.lists[0]?.status).toBe('subscribed');
  });

  it('refuses a bad body', async () => {
    const { status: http, body } = await setUp().call('POST', '/v2/contacts/resubscribe', {});
    expect([http, body['message']]).toEqual([400, expect.stringMatching(/ERROR_CONTACT_RESUBSCRIPTION_INVALID$/)]);
  });
});
