import { afterEach, describe, expect, it } from 'vitest';
import { ConnectorError } from '../../../src/connectors/error.ts';
import { createHttpClient, type HttpClientOptions } from '../../../src/connectors/http/http-client.ts';
import type { Classify, HttpRequest } from '../../../src/connectors/http/message.ts';
import { type Answer, answer, cutOff, type RawServer, reset, silence, startRawServer } from './raw-server.ts';

const classify: Classify = (reply) => {
  if (reply.status === 429) return { kind: 'rate-limited', outcome: 'refused', message: 'slow down' };
  if (reply.status === 401) return { kind: 'unauthorized', outcome: 'refused', message: `refused: ${reply.text}` };
  if (reply.status >= 500) return { kind: 'unavailable', outcome: 'unknown', message: `answered ${reply.status}` };
  return { kind: 'rejected', outcome: 'refused', code: 'bad', field: 'name', message: reply.text };
};

const servers: RawServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(...answers: readonly [Answer, ...Answer[]]): Promise<RawServer> {
  const server = await startRawServer(...answers);
  servers.push(server);
  return server;
}

/** Waits are skipped and noted; everything else is real. */
function clientFor(url: string, more: Partial<HttpClientOptions> = {}) {
  const waits: number[] = [];
  const client = createHttpClient({
    baseUrl: url,
    headers: { accept: 'application/json', 'user-agent': 'test' },
    classify,
    concurrency: 4,
    timeoutMs: 10_000,
    ...more,
    runtime: {
      sleep(ms) {
        waits.push(ms);
        return Promise.resolve();
      },
      ...more.runtime,
    },
  });
  return { client, waits };
}

const get: HttpRequest<unknown> = { method: 'GET', path: '/thing', read: (reply) => reply.json() };
const post: HttpRequest<unknown> = {
  method: 'POST',
  path: '/things',
  body: { json: { a: 1 } },
  read: (reply) => reply.json(),
};
const put: HttpRequest<unknown> = { ...post, method: 'PUT' };

async function failureOf(work: Promise<unknown>): Promise<ConnectorError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ConnectorError) return error;
    throw error;
  }
  throw new Error('did not fail');
}

describe('what became of a request', () => {
  it('is not-sent when nothing listens, and even a create goes out again', async () => {
    const server = await serve(answer(200, '{}'));
    await server.close();
    const { client } = clientFor(server.url, { retry: { maxAttempts: 3 } });
    const error = await failureOf(client.send(post));
    expect(error).toMatchObject({ kind: 'unavailable', outcome: 'not-sent' });
    expect(client.calls.writes).toBe(3);
  });

  it('is not-sent when the name does not resolve', async () => {
    const { client } = clientFor('http://does-not-exist.invalid', { retry: { maxAttempts: 1 } });
    expect(await failureOf(client.send(post))).toMatchObject({ kind: 'unavailable', outcome: 'not-sent' });
  });

  it('is unknown when the connection breaks after sending: a create is not repeated', async () => {
    const server = await serve(reset, answer(200, '{"id":1}'));
    const { client } = clientFor(server.url);
    expect(await failureOf(client.send(post))).toMatchObject({ kind: 'unavailable', outcome: 'unknown' });
    expect(server.requests).toHaveLength(1);
    expect(client.calls.writes).toBe(1);
  });

  it('is unknown when the connection breaks after sending: a repeatable write is repeated', async () => {
    const server = await serve(reset, reset, answer(200, '{"id":1}'));
    const { client } = clientFor(server.url);
    expect(await client.send(put)).toEqual({ id: 1 });
    expect(client.calls).toMatchObject({ reads: 0, writes: 3 });
  });

  it('is unknown when the answer to a create was cut off or is no JSON', async () => {
    for (const broken of [cutOff(200, '{"data":{"id":'), answer(200, '{"data":{"id":'), answer(200, '<html>')]) {
      const server = await serve(broken, answer(200, '{}'));
      const { client } = clientFor(server.url);
      expect(await failureOf(client.send(post))).toMatchObject({ kind: 'malformed', outcome: 'unknown' });
      expect(server.requests).toHaveLength(1);
    }
  });

  it('is unknown when a create runs into its time limit', async () => {
    const server = await serve(silence);
    const { client } = clientFor(server.url, { timeoutMs: 50 });
    expect(await failureOf(client.send(post))).toMatchObject({ kind: 'timeout', outcome: 'unknown' });
    expect(server.requests).toHaveLength(1);
  });

  it('bounds the body too, not only the head', async () => {
    const stuck: Answer = (socket) => {
      socket.write('HTTP/1.1 200 X\r\ncontent-length: 10\r\n\r\n{"a"');
    };
    const server = await serve(stuck, answer(200, '{}'));
    const { client } = clientFor(server.url, { timeoutMs: 100 });
    expect(await client.send(get)).toEqual({});
    expect(server.requests.length).toBeGreaterThanOrEqual(2);
  });

  it('lets an error status count although its body was cut off', async () => {
    const server = await serve(cutOff(429, 'slow'), answer(200, '{"id":1}'));
    const { client } = clientFor(server.url);
    expect(await client.send(post)).toEqual({ id: 1 });
  });

  it('repeats reads after cut-off and invalid bodies, resets and 5xx', async () => {
    const server = await serve(cutOff(200, '{'), answer(200, '{'), reset, answer(503), answer(200, '{"ok":true}'));
    const { client, waits } = clientFor(server.url);
    expect(await client.send(get)).toEqual({ ok: true });
    expect(client.calls).toMatchObject({ reads: 5, writes: 0 });
    expect(waits).toHaveLength(4);
  });

  it('does not repeat a create after 5xx, which may have taken effect', async () => {
    const server = await serve(answer(502), answer(200, '{}'));
    const { client } = clientFor(server.url);
    expect(await failureOf(client.send(post))).toMatchObject({ kind: 'unavailable', outcome: 'unknown', status: 502 });
    expect(server.requests).toHaveLength(1);
  });

  it('is refused with code and field on 4xx, at once', async () => {
    const server = await serve(answer(422, 'no'));
    const { client } = clientFor(server.url);
    const error = await failureOf(client.send(put));
    expect(error).toMatchObject({ kind: 'rejected', outcome: 'refused', status: 422, code: 'bad', field: 'name' });
    expect(server.requests).toHaveLength(1);
  });

  it('does not follow redirects with its credentials', async () => {
    const other = await serve(answer(200, '{}'));
    const server = await serve(answer(302, '', { location: `${other.url}/x` }));
    const { client } = clientFor(server.url);
    await failureOf(client.send(get));
    expect(other.requests).toHaveLength(0);
  });
});

describe('waiting', () => {
  it('repeats even a create after a throttle answer and keeps to Retry-After', async () => {
    const server = await serve(answer(429, '', { 'retry-after': '7' }), answer(200, '{"id":1}'));
    const { client, waits } = clientFor(server.url, { runtime: { random: () => 0.5 } });
    expect(await client.send(post)).toEqual({ id: 1 });
    expect(waits).toEqual([7350]);
  });

  it('understands Retry-After as a date', async () => {
    const now = Date.UTC(2026, 0, 1);
    const server = await serve(
      answer(429, '', { 'retry-after': new Date(now + 90_000).toUTCString() }),
      answer(200, '{}'),
    );
    const { client, waits } = clientFor(server.url, { runtime: { random: () => 0, now: () => now } });
    await client.send(get);
    expect(waits).toEqual([90_000]);
  });

  it('gives up at once when told to wait beyond its budget', async () => {
    const server = await serve(answer(429, '', { 'retry-after': '3600' }));
    const { client, waits } = clientFor(server.url);
    expect(await failureOf(client.send(get))).toMatchObject({ kind: 'rate-limited' });
    expect(waits).toEqual([]);
  });

  it('gives up after its attempts', async () => {
    const server = await serve(answer(503));
    const { client } = clientFor(server.url, { retry: { maxAttempts: 4 } });
    await failureOf(client.send(get));
    expect(client.calls.reads).toBe(4);
  });

  it('lets no more exchanges run at once than allowed', async () => {
    let now = 0;
    let most = 0;
    const slow: Answer = (socket, request) => {
      now += 1;
      most = Math.max(most, now);
      setTimeout(() => {
        now -= 1;
        answer(200, '{}')(socket, request);
      }, 5);
    };
    const server = await serve(slow);
    const { client } = clientFor(server.url, { concurrency: 3 });
    await Promise.all(Array.from({ length: 20 }, () => client.send(get)));
    expect(most).toBe(3);
  });
});

describe('cancelling', () => {
  it('ends a call under way with kind cancelled and an honest outcome', async () => {
    const controller = new AbortController();
    const server = await serve((_socket) => controller.abort());
    const { client } = clientFor(server.url, { signal: controller.signal });
    expect(await failureOf(client.send(post))).toMatchObject({ kind: 'cancelled', outcome: 'unknown' });
    expect(await failureOf(client.send(post))).toMatchObject({ kind: 'cancelled', outcome: 'not-sent' });
    expect(server.requests).toHaveLength(1);
  });

  it('ends a call that waits for its turn, and frees the turn', async () => {
    const controller = new AbortController();
    const held: (() => void)[] = [];
    const server = await serve((socket, request) => held.push(() => answer(200, '{}')(socket, request)));
    const { client } = clientFor(server.url, { concurrency: 1 });
    const first = client.send(get);
    const second = client.send({ ...get, signal: controller.signal });
    const third = client.send(get);
    while (held.length === 0) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    expect(await failureOf(second)).toMatchObject({ kind: 'cancelled', outcome: 'not-sent' });
    held.shift()?.();
    await first;
    while (held.length === 0) await new Promise((resolve) => setImmediate(resolve));
    held.shift()?.();
    await third;
    expect(server.requests).toHaveLength(2);
  });
});

describe('credentials', () => {
  it('never reach an error message, whoever repeats them', async () => {
    const token = 'tok-3n-very-secret';
    const server = await serve(answer(401, `bad token ${token}`));
    const { client } = clientFor(server.url, {
      authorizer: {
        headers: () => Promise.resolve({ authorization: `Bearer ${token}` }),
        rejected: () => Promise.resolve(false),
      },
    });
    const error = await failureOf(client.send(get));
    expect(server.requests[0]).toContain(token);
    expect(JSON.stringify([error.message, error.stack, String(error.cause)])).not.toContain(token);
  });

  it('that cannot be sent as a header are reported without being quoted', async () => {
    const server = await serve(answer(200, '{}'));
    const { client } = clientFor(server.url, {
      authorizer: {
        headers: () => Promise.resolve({ authorization: 'Bearer secret\nnewline' }),
        rejected: () => Promise.resolve(false),
      },
    });
    const error = await failureOf(client.send(get));
    expect(error.outcome).toBe('not-sent');
    expect(error.message).not.toContain('secret');
  });

  it('are asked for again once after a 401', async () => {
    const server = await serve(answer(401), answer(401), answer(200, '{}'));
    let renewed = 0;
    const { client } = clientFor(server.url, {
      authorizer: {
        headers: () => Promise.resolve({ authorization: `Bearer token-${renewed}` }),
        rejected: () => {
          renewed += 1;
          return Promise.resolve(true);
        },
      },
    });
    expect(await failureOf(client.send(get))).toMatchObject({ kind: 'unauthorized' });
    expect(renewed).toBe(1);
    expect(server.requests[1]).toContain('token-1');
  });
});

it('encodes queries, plus signs, brackets and half characters included', async () => {
  const server = await serve(answer(200, '{}'));
  const { client } = clientFor(`${server.url}/`);
  await client.send({ ...get, query: { email: 'a+b\uD800@example.test', 'custom_fields[X Y]': 1, none: undefined } });
  expect(server.requests[0]).toContain(
    'GET /thing?email=a%2Bb%EF%BF%BD%40example.test&custom_fields%5BX%20Y%5D=1 HTTP',
  );
});

it('says where an answer differs from the expected form without quoting it', async () => {
  const server = await serve(answer(200, '{"name":"Ann Example"}'));
  const { client } = clientFor(server.url, { retry: { maxAttempts: 1 } });
  const read = (): never => {
    throw new Error('data.id: missing');
  };
  const error = await failureOf(client.send({ ...get, read }));
  expect(error).toMatchObject({ kind: 'malformed' });
  expect(error.message).toContain('data.id: missing');
  expect(error.message).not.toContain('Ann');
});
