// Whatever the service answers, a call ends with a value or a ConnectorError, in bounded time, and asks nothing absurd.
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DotdigitalConnector } from '../../../src/connectors/dotdigital/dotdigital.ts';
import { ConnectorError } from '../../../src/connectors/error.ts';
import { accountInfo, collect, type Said, type StandIn, startStandIn } from './stand-in.ts';

let service: StandIn;
let said: Said = {};
let answered = 0;
beforeAll(async () => {
  service = await startStandIn((asked) => {
    answered += 1;
    return asked.path === '/v2/account-info' ? accountInfo() : said;
  });
});
afterAll(() => service.close());

const row = { key: 'k', id: '1', email: null, write: { set: { A: 'b' } } };
const other = { key: 'e', id: null, email: 'a@x.io', write: { set: {}, channel: { state: 'unsubscribed' as const } } };
const selection = { fields: ['FIRSTNAME'], lists: true };
const uses: readonly (readonly [string, (connector: DotdigitalConnector) => Promise<unknown>])[] = [
  ['scan', (connector) => collect(connector.scan(selection))],
  ['changedSince', (connector) => collect(connector.changedSince('2026-01-01T00:00:00Z', selection))],
  ['readOne', (connector) => connector.readOne({ id: '1' }, selection)],
  ['suppressedSince', (connector) => collect(connector.suppressedSince('2026-01-01T00:00:00Z'))],
  ['listMembers', (connector) => collect(connector.listMembers('1'))],
  ['lists', (connector) => connector.lists()],
  ['createList', (connector) => connector.createList('New')],
  ['renameList', (connector) => connector.renameList('1', 'New')],
  ['schema', (connector) => connector.schema()],
  ['submitImport', (connector) => connector.submitImport([row, other])],
  ['awaitImport', (connector) => connector.awaitImport({ id: 'x', kind: 'import' }, [row, other])],
  ['submitDelete', (connector) => connector.submitDelete([row])],
  ['awaitDelete', (connector) => connector.awaitDelete({ id: 'x', kind: 'delete' }, [row, other])],
  ['awaitLeaveList', (connector) => connector.awaitLeaveList({ id: 'x', kind: 'leave-list' })],
  ['resubscribe', (connector) => connector.resubscribe('a@x.io', { challenge: true })],
  ['awaitRecords', (connector) => connector.insight.awaitRecords('x', [{ key: '1', json: {} }])],
  ['capabilities', (connector) => connector.capabilities()],
];

/** Answers that look right from a distance: the known keys with anything under them. */
const keys = fc.constantFrom(
  '_links',
  '_items',
  'next',
  'marker',
  'link',
  'contactId',
  'identifiers',
  'email',
  'dataFields',
  'channelProperties',
  'lists',
  'id',
  'status',
  'created',
  'updated',
  'failures',
  'failureCode',
  'deleted',
  'summary',
  'importId',
  'deleteId',
  'suppressedContact',
  'dateRemoved',
  'reason',
  'name',
  'type',
  'errorCode',
  'description',
  'details',
  'message',
);
const leaf = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    'Finished',
    'Failed',
    'subscribed',
    '',
    '7',
    7,
    'a@x.io',
    '2026-01-01T00:00:00Z',
  ),
  fc.string(),
);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(keys, tie('json'), { maxKeys: 6 }),
  ),
}));
const answer: fc.Arbitrary<Said> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ status: fc.constantFrom(200, 200, 202, 400, 404, 409), json }) },
  {
    weight: 1,
    arbitrary: fc.record({
      status: fc.constantFrom(200, 301, 400, 401, 403, 404, 418, 429, 500, 503),
      text: fc.string(),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom<Said>('drop', 'truncate') },
);

describe('any answer', () => {
  it.each(uses)('%s', async (_name, use) => {
    await fc.assert(
      fc.asyncProperty(answer, async (drawn) => {
        said = drawn;
        answered = 0;
        const connector = service.connector({
          retry: { maxAttempts: 2, maxElapsedMs: 1_000 },
          poll: { giveUpAfterMs: 20_000, busyGiveUpAfterMs: 20_000, usageCapMs: 4_000_000 },
        });
        const error: unknown = await use(connector).then(
          () => null,
          (reason: unknown) => reason,
        );
        if (error !== null) expect(error).toBeInstanceOf(ConnectorError);
        expect(answered).toBeLessThan(150);
      }),
      { numRuns: 40 },
    );
  });
});
