import { afterEach, describe, expect, it } from 'vitest';
import { ConnectorError } from '../../../src/connectors/error.ts';
import { createZendeskSell } from '../../../src/connectors/zendesk-sell/create-zendesk-sell.ts';
import { answer, cutOff, type RawServer, reset, startRawServer } from '../http/raw-server.ts';
import {
  collect,
  failure,
  many,
  NOTHING,
  one,
  person,
  type Reply,
  type ScriptedSell,
  startScriptedSell,
} from './scripted-sell.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

/** Gives the replies one after another, the last one for ever. */
async function serve(...replies: readonly Reply[]): Promise<ScriptedSell> {
  let given = 0;
  const server = await startScriptedSell(() => {
    given += 1;
    return replies[Math.min(given, replies.length) - 1] ?? {};
  });
  open.push(server);
  return server;
}

async function failureOf(work: Promise<unknown>): Promise<ConnectorError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ConnectorError) return error;
    throw error;
  }
  throw new Error('did not fail');
}

const html = { text: '<html>oops</html>', headers: { 'content-type': 'text/html' } };
const create = { set: { first_name: 'Ann', last_name: 'Example' }, email: 'ann@example.test' };

describe('throttling in every disguise is waited out, even by a create', () => {
  const disguises: { readonly [name: string]: Reply } = {
    'empty 429': { status: 429, text: '' },
    'json 429': failure(429, 'rate_limit_exceeded'),
    'html 429': { status: 429, ...html },
    '404 naming /429.json': failure(404, 'incorrect_path', {
      details: "Requested path at '/429.json' was not found using the HTTP method 'GET'.",
    }),
    '409': { status: 409, text: '' },
  };
  for (const [name, reply] of Object.entries(disguises)) {
    it(name, async () => {
      const { sell, calls } = await serve(reply, reply, one(person(5)));
      const record = await sell.create('contact', create, NOTHING);
      expect(record.id).toBe('5');
      expect(calls).toHaveLength(3);
      expect(sell.calls).toMatchObject({ reads: 0, writes: 3 });
    });
  }
});

describe('refusals', () => {
  it('401 says which credential', async () => {
    const { sell } = await serve(failure(401, 'unauthorized'));
    const error = await failureOf(sell.identify());
    expect(error).toMatchObject({ kind: 'unauthorized', outcome: 'refused', status: 401, code: 'unauthorized' });
    expect(error.message).toContain('sell.accessToken');
  });

  it.each([
    ['profile', (s: ScriptedSell) => s.sell.identify()],
    ['read', (s: ScriptedSell) => s.sell.readOne('contact', '1', NOTHING)],
    ['write', (s: ScriptedSell) => s.sell.create('contact', create, NOTHING)],
    ['sync', (s: ScriptedSell) => collect(s.sell.pull('u', NOTHING))],
  ] as const)('403 insufficient_scope names the scope %s', async (scope, act) => {
    const error = await failureOf(act(await serve(failure(403, 'insufficient_scope'))));
    expect(error).toMatchObject({ kind: 'forbidden', code: 'insufficient_scope' });
    expect(error.message).toContain(`"${scope}"`);
  });

  it('403 of the Sync API without a scope problem says that the plan lacks it', async () => {
    const { sell } = await serve({ status: 403, text: '' });
    const error = await failureOf(collect(sell.pull('u', NOTHING)));
    expect(error).toMatchObject({ kind: 'forbidden', code: 'sync_unavailable' });
    expect(error.message).toContain('plan');
  });

  it.each([
    ['/billing_address/city', 'billing_address.city'],
    ['/data/billing_address', 'billing_address'],
    ['/data/last_name', 'last_name'],
    ['/custom_fields/A~1B ~0 c', 'custom_fields.A/B ~ c'],
  ])('422 names the field of %s as %s (C16)', async (field, expected) => {
    const { sell, calls } = await serve(failure(422, 'incorrect_value', { field, details: 'Not acceptable.' }));
    const error = await failureOf(sell.create('contact', create, NOTHING));
    expect(error).toMatchObject({ kind: 'rejected', outcome: 'refused', code: 'incorrect_value', field: expected });
    expect(error.message).toContain('Not acceptable.');
    expect(calls).toHaveLength(1);
  });

  it('reads errors whose meta says collection and that have no logref', async () => {
    const body = {
      errors: [{ error: { resource: 'product', code: 'not_found', message: 'gone' } }],
      meta: { type: 'collection' },
    };
    const { sell } = await serve({ status: 404, json: body });
    expect(await sell.readOne('contact', '9', NOTHING)).toBe('missing');
  });

  it('an HTML 400 refuses a write at once and is asked again for a read', async () => {
    const writing = await serve({ status: 400, ...html });
    expect(await failureOf(writing.sell.create('contact', create, NOTHING))).toMatchObject({ kind: 'rejected' });
    expect(writing.calls).toHaveLength(1);
    const reading = await serve({ status: 400, ...html }, one(person(1)));
    expect(await reading.sell.readOne('contact', '1', NOTHING)).toMatchObject({ id: '1' });
  });

  it('410 for good is not waited out', async () => {
    const { sell, calls } = await serve({ status: 410, text: '' });
    expect(await failureOf(sell.identify())).toMatchObject({ kind: 'unavailable', status: 410 });
    expect(calls).toHaveLength(1);
  });
});

describe('a record is missing only by Sell’s own word (D1)', () => {
  it('404 in the envelope: missing', async () => {
    const { sell } = await serve(failure(404, 'not_found'));
    expect(await sell.readOne('contact', '1', NOTHING)).toBe('missing');
    expect(await sell.remove('contact', '1')).toBe('missing');
  });

  it.each([
    ['a proxy’s page', { status: 404, ...html }],
    ['an empty body', { status: 404, text: '' }],
    ['a wrong path', failure(404, 'incorrect_path', { details: "Requested path at '/x' was not found." })],
    ['a path nobody knows', failure(404, 'not_found', { details: 'Requested path was not found.' })],
  ])('404 with %s: an error', async (_name, reply) => {
    const { sell } = await serve(reply);
    expect((await failureOf(sell.readOne('contact', '1', NOTHING))).kind).not.toBe('not-found');
  });

  it('403 on one record: forbidden, but a missing scope is an error', async () => {
    const { sell } = await serve({ status: 403, text: '' });
    expect(await sell.readOne('contact', '1', NOTHING)).toBe('forbidden');
  });
});

describe('a create whose answer was lost', () => {
  const lost: { readonly [name: string]: Parameters<typeof startRawServer>[0] } = {
    'connection reset': reset,
    'cut-off body': cutOff(200, '{"data":{"id":1'),
    'invalid JSON': answer(200, '{"data":'),
    'an answer without an id': answer(200, '{"data":{"name":"x"}}'),
    '500': answer(500, ''),
    '504': answer(504, '<html>'),
  };
  for (const [name, how] of Object.entries(lost)) {
    it(`is unknown and not repeated: ${name}`, async () => {
      const server: RawServer = await startRawServer(how, answer(200, '{"data":{"id":2}}'));
      open.push(server);
      const sell = createZendeskSell({ url: server.url, auth: { accessToken: 't' }, requestsPerSecond: 0 });
      expect(await failureOf(sell.create('lead', create, NOTHING))).toMatchObject({ outcome: 'unknown' });
      expect(server.requests).toHaveLength(1);
    });
  }

  it('stays unknown when only the reading of names failed after it', async () => {
    let users = 0;
    const server = await startScriptedSell(({ method, path }) => {
      if (method === 'POST') return one(person(5, { owner_id: 99 }));
      if (path === '/v2/users') return many([{ id: 7, name: 'Jo', email: 'jo@example.test' }]);
      users += 1;
      return { status: 403, text: '' };
    });
    open.push(server);
    const error = await failureOf(server.sell.create('contact', create, { roles: ['contact'], paths: ['owner.name'] }));
    expect(users).toBeGreaterThan(0);
    expect(error).toMatchObject({ outcome: 'unknown' });
    expect(error.message).toContain('was written');
  });
});

it('refuses a token that cannot be one before anything is sent, without quoting it', async () => {
  const { connect, calls } = await serve(one({ id: 1 }));
  expect(() => connect({ auth: { accessToken: 'secret with space' } })).toThrow(/sell\.accessToken/);
  expect(() => connect({ auth: { accessToken: 'secret with space' } })).not.toThrow(/secret/);
  expect(calls).toHaveLength(0);
});
