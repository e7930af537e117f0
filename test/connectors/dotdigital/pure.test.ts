// The connector's pure parts: times, channel words, names, headers, rounds.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MarketingRow } from '../../../src/connectors/connector.ts';
import { channelStateOf, readChannel } from '../../../src/connectors/dotdigital/channel-state.ts';
import { problemWithDataFieldName } from '../../../src/connectors/dotdigital/data-field-name.ts';
import { identitiesOf, isElement, toElement, toRounds } from '../../../src/connectors/dotdigital/import-rows.ts';
import { createBudgetReader } from '../../../src/connectors/dotdigital/rate-headers.ts';
import { readContact } from '../../../src/connectors/dotdigital/read-contact.ts';
import { parseServiceTime, toFilterTime } from '../../../src/connectors/dotdigital/service-time.ts';

describe('service time', () => {
  it.each([
    ['2020-01-01T09:40:18.527Z', '2020-01-01T09:40:18.527Z'],
    ['2020-01-01 09:40:18.527000+00:00', '2020-01-01T09:40:18.527Z'],
    ['2016-08-01 10:09:22', '2016-08-01T10:09:22.000Z'],
    ['2021-11-19T11:24:08.94976Z', '2021-11-19T11:24:08.949Z'],
    ['"2021-09-24T09:21:55"', '2021-09-24T09:21:55.000Z'],
    ['2026-08-21T10:00:00+02:00', '2026-08-21T08:00:00.000Z'],
    ['2026-08-21', '2026-08-21T00:00:00.000Z'],
  ])('reads %s', (text, iso) => {
    expect(parseServiceTime(text)).toBe(iso);
  });

  it.each(['', 'yesterday', '2026-06-31T00:00:00Z', '26/01/2018 21:29:00 (hash)', null, 7])(
    'does not guess at %s',
    (text) => {
      expect(parseServiceTime(text)).toBeNull();
    },
  );

  it('reads back every moment it can write, and filters from the second it lies in', () => {
    const moments = fc.date({ min: new Date(0), max: new Date('2099-12-31T00:00:00Z'), noInvalidDate: true });
    fc.assert(
      fc.property(moments, (moment) => {
        expect(parseServiceTime(moment.toISOString())).toBe(moment.toISOString());
        const filter = toFilterTime(moment.toISOString()) ?? '';
        expect(filter).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
        expect(moment.getTime() - Date.parse(filter)).toBeLessThan(1000);
        expect(Date.parse(filter)).toBeLessThanOrEqual(moment.getTime());
      }),
    );
  });
});

describe('O5: channel words', () => {
  it.each([
    ['subscribed', 'subscribed'],
    ['Unsubscribed', 'unsubscribed'],
    ['SUPPRESSED', 'suppressed'],
    ['pendingOptIn', 'pending'],
    ['softBounced', 'soft-bounced'],
    ['hardBounced', 'hard-bounced'],
    ['noSubscription', 'none'],
    ...[
      'ispComplained',
      'directComplaint',
      'spamTrap',
      'deleted',
      'blockedlocalpart',
      'sharedsuppression',
      'sharedDomainSuppression',
      'purchased',
      'knownComplainer',
      'knownLitigator',
      'binned',
      'domainSuppressed',
    ].map((word) => [word, 'blocked'] as const),
  ] as readonly (readonly [string, string])[])('%s → %s', (word, state) => {
    expect(channelStateOf(word)).toBe(state);
  });

  it('never makes a word it does not know mailable', () => {
    expect(
      readChannel({
        contactStatus: 'subscribed',
        hasEmail: true,
        channels: 'email',
        emailStatus: 'quarantined',
        optInType: 'Double',
      }),
    ).toEqual({
      state: 'blocked',
      reason: 'quarantined',
      optInType: 'double',
    });
  });

  it('derives from the contact when the answer holds no channels, but not consent that may be for another channel', () => {
    const evidence = { contactStatus: 'subscribed', hasEmail: true, emailStatus: null, optInType: null };
    expect(readChannel({ ...evidence, channels: 'absent' }).state).toBe('subscribed');
    expect(readChannel({ ...evidence, channels: 'no-email' }).state).toBe('none');
    expect(readChannel({ ...evidence, channels: 'no-email', contactStatus: 'suppressed' }).state).toBe('suppressed');
    expect(readChannel({ ...evidence, channels: 'email', contactStatus: null }).state).toBe('blocked');
    expect(readChannel({ ...evidence, channels: 'absent', hasEmail: false }).state).toBe('none');
  });
});

describe('reading one contact', () => {
  const selection = { fields: ['FIRSTNAME', 'SCORE', 'VIP'], lists: true };

  it('takes keys and enums in any case and leaves native values native', () => {
    const item = {
      contactId: 35212311,
      status: 'Subscribed',
      created: '2023-04-17T11:50:40.390Z',
      updated: '2026-08-20 09:01:02',
      identifiers: { Email: 'Jane.Doe@emailsim.io' },
      dataFields: { firstName: 'Jane', Score: 4.5, vip: false, OTHER: 'x' },
      channelProperties: { email: { emailType: 'Html', optInType: 'VerifiedDouble', status: 'Subscribed' } },
      lists: [{ id: 30, name: 'b', status: 'subscribed' }, { id: 4, name: 'a', status: 'suppressed' }, { id: 30 }],
      surprise: { any: 'thing' },
    };
    expect(readContact(item, selection)).toEqual({
      record: {
        id: '35212311',
        email: 'Jane.Doe@emailsim.io',
        values: { FIRSTNAME: 'Jane', SCORE: 4.5, VIP: false },
        channel: { state: 'subscribed', reason: 'Subscribed', optInType: 'verifiedDouble' },
        lists: ['30', '4'],
        createdAt: '2023-04-17T11:50:40.390Z',
        updatedAt: '2026-08-20T09:01:02.000Z',
        state: 'present',
        assumed: false,
      },
    });
  });

  it('C26: names what the answer left out, and only that', () => {
    const channelProperties = { email: { emailType: 'Html', optInType: 'Single', status: 'subscribed' } };
    const lackingOf = (item: object) => {
      const read = readContact(
        { contactId: 5, identifiers: { email: 'a@x.io' }, channelProperties, lists: [], ...item },
        selection,
      );
      return 'record' in read ? (read.record.lacking ?? []) : read.oddity;
    };
    expect(lackingOf({ dataFields: { FIRSTNAME: null, SCORE: '', VIP: false } })).toEqual([]);
    expect(lackingOf({ dataFields: { firstName: 'x', Vip: false } })).toEqual(['SCORE']);
    expect(
      lackingOf({ identifiers: { mobileNumber: '44' }, channelProperties: null, dataFields: null, lists: null }),
    ).toEqual(['FIRSTNAME', 'SCORE', 'VIP', 'email', 'lists']);
    expect(lackingOf({ channelProperties: {}, dataFields: { firstname: 1, score: 1, vip: 1 } })).toEqual(['channel']);
  });

  it.each([
    ['subscribed', 'unsubscribed', true],
    ['unsubscribed', 'unsubscribed', undefined],
    ['suppressed', 'hardBounced', undefined],
    ['subscribed', 'subscribed', undefined],
    [undefined, 'unsubscribed', undefined],
  ])(
    'D12: says of a contact of status %s whose mail is %s that another channel reaches it: %s',
    (status, mail, other) => {
      const channelProperties = { email: { status: mail, optInType: 'Single' } };
      const read = readContact(
        { contactId: 5, status, identifiers: { email: 'a@x.io' }, channelProperties },
        selection,
      );
      expect('record' in read && read.record.otherChannel).toBe(other);
    },
  );

  it.each(['deleted', 'binned', 'Binned'])('D11: a contact of status %s is deleted, not present', (status) => {
    expect(readContact({ contactId: 1, status, identifiers: {} }, selection)).toMatchObject({
      record: { state: 'deleted', email: null },
    });
  });

  it.each([
    [{ status: 'subscribed', identifiers: {} }, null],
    ['nonsense', null],
    [null, null],
    [{ contactId: 5, identifiers: {}, dataFields: 'oops' }, '5'],
    [{ contactId: 5, identifiers: {}, dataFields: {}, lists: 'oops' }, '5'],
    [{ contactId: 5, identifiers: [1] }, '5'],
  ])('reports what it cannot read instead of reading it as blanks: %j', (item, id) => {
    expect(readContact(item, selection)).toMatchObject({ oddity: { where: 'contacts', id } });
  });

  it('keeps a value of an unexpected shape as text rather than clearing it', () => {
    const item = { contactId: 5, identifiers: {}, dataFields: { FIRSTNAME: { a: 1 }, SCORE: null, VIP: '' } };
    expect(readContact(item, selection)).toMatchObject({
      record: { values: { FIRSTNAME: '{"a":1}', SCORE: null, VIP: null } },
    });
  });
});

describe('data field names', () => {
  it.each(['FIRSTNAME', 'SELL_CONTACT_ID', 'a-b', 'X'.repeat(20)])('accepts %s', (name) => {
    expect(problemWithDataFieldName(name)).toBeNull();
  });
  it.each([
    ['', /needs a name/],
    ['X'.repeat(21), /21 characters/],
    ['First name', /character/],
    ['Größe', /character/],
    ['Email', /keeps for itself/],
    ['CONTACTID', /keeps for itself/],
  ])('refuses "%s" in plain words', (name, words) => {
    expect(problemWithDataFieldName(name)).toMatch(words);
  });
});

describe('rate headers', () => {
  const now = Date.UTC(2026, 0, 5, 12, 0, 30);
  const headers = (reset: string, date?: string): Headers =>
    new Headers({
      'X-RateLimit-Limit': '35',
      'x-ratelimit-remaining': '7',
      'X-RATELIMIT-RESET': reset,
      'X-RateLimit-Scope': 'lowCallRate',
      ...(date === undefined ? {} : { Date: date }),
    });

  it('reads a reset as seconds or as a moment', () => {
    expect(createBudgetReader()(headers('20'), now)).toEqual({
      scope: 'lowCallRate',
      limit: 35,
      remaining: 7,
      resetAt: now + 20_000,
    });
    expect(createBudgetReader()(headers(String(now / 1000 + 25)), now)?.resetAt).toBe(now + 25_000);
  });

  it("does not come back early when the service's clock is behind ours", () => {
    const served = now - 90_000;
    const read = createBudgetReader()(headers(String(served / 1000 + 25), new Date(served).toUTCString()), now);
    expect(read?.resetAt).toBe(now + 25_000);
  });

  it('assumes the usual window when the reset makes no sense, and says nothing without headers', () => {
    expect(createBudgetReader()(headers('1500000000'), now)?.resetAt).toBe(now + 60_000);
    expect(createBudgetReader()(new Headers(), now)).toBeNull();
  });
});

describe('rows of one import', () => {
  const row = (key: string, id: string | null, email: string | null, newEmail?: string): MarketingRow => ({
    key,
    id,
    email,
    write: {
      set: { FIRSTNAME: key },
      channel: { state: 'unsubscribed' },
      ...(newEmail === undefined ? {} : { email: newEmail }),
    },
  });
  const elements = (rows: readonly MarketingRow[]) => rows.map(toElement).filter(isElement);

  it('never puts two rows for one contact into one round and keeps their order', () => {
    const ids = fc.option(fc.integer({ min: 1, max: 4 }).map(String), { nil: null });
    const emails = fc.constantFrom('a@x.io', 'A@X.io ', 'b@x.io', 'c@x.io');
    const rows = fc.array(fc.tuple(ids, emails, fc.option(emails, { nil: undefined })), { maxLength: 25 });
    fc.assert(
      fc.property(rows, (drawn) => {
        const all = elements(drawn.map(([id, email, renamed], at) => row(String(at), id, email, renamed)));
        const rounds = toRounds(all);
        expect(rounds.flat()).toHaveLength(all.length);
        const roundOf = new Map(rounds.flatMap((round, at) => round.map((element) => [element.row.key, at] as const)));
        for (const round of rounds) {
          const used = round.flatMap((element) => [...new Set(identitiesOf(element.row))]);
          expect(new Set(used).size).toBe(used.length);
        }
        for (const [at, one] of all.entries()) {
          for (const other of all.slice(at + 1)) {
            if (!identitiesOf(one.row).some((identity) => identitiesOf(other.row).includes(identity))) continue;
            expect(roundOf.get(one.row.key)).toBeLessThan(roundOf.get(other.row.key) ?? -1);
          }
        }
      }),
    );
  });

  it.each([
    [{ id: null, email: null }, 'noValidIdentifiers'],
    [{ id: 'abc' }, 'invalidContactId'],
    [{ write: { set: {} }, id: null }, 'channelStatusMissing'],
    [{ write: { set: {}, lists: ['x'] }, id: '1' }, 'invalidAddressBookIds'],
    [{ write: { set: {}, lists: Array.from({ length: 101 }, (_, at) => String(at + 1)) }, id: '1' }, 'tooManyLists'],
    [{ write: { set: { A: Number.NaN } }, id: '1' }, 'unsupportedValue'],
    [{ write: { set: { A: ['x'] } }, id: '1' }, 'unsupportedValue'],
  ])('O16: does not send a row that cannot be right: %j', (part, code) => {
    expect(toElement({ ...row('k', null, 'a@x.io'), ...part })).toMatchObject({ key: 'k', code });
  });
});
