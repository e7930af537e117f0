// Rate limits: tiers by the minute with headers, and the older hourly scheme.

import { describe, expect, it } from 'vitest';
import { setUp } from './harness.ts';

describe('tiered limits', () => {
  it('count per tier in fixed minutes and answer 429 with headers', async () => {
    const bench = setUp({ limits: { scheme: 'tiered', perMinute: { low: 2, high: 5 } } });
    bench.clock.advance(15_000);
    const first = await bench.call('GET', '/contacts/v3');
    expect(first.headers).toMatchObject({
      'x-ratelimit-limit': '2',
      'x-ratelimit-remaining': '1',
      'x-ratelimit-scope': 'lowCallRate',
      'x-ratelimit-reset': String((bench.clock.now() + 45_000) / 1000),
    });
    await bench.call('GET', '/contacts/v3');
    const third = await bench.call('GET', '/contacts/v3');
    expect([third.status, third.headers['x-ratelimit-remaining']]).toEqual([429, '0']);
    expect(third.body['errorCode']).toBeTypeOf('string');
    expect((await bench.call('GET', '/v2/data-fields')).status).toBe(200);
    expect(bench.requests.read()).toMatchObject({ tooMany: 1, total: 4 });
    bench.clock.advance(45_000);
    expect((await bench.call('GET', '/contacts/v3')).status).toBe(200);
  });

  it('tell the reset as seconds to wait when switched', async () => {
    const bench = setUp({
      limits: { scheme: 'tiered', perMinute: { high: 5 } },
      switches: { rateLimitReset: 'seconds' },
    });
    bench.clock.advance(20_500);
    expect((await bench.call('GET', '/v2/data-fields')).headers['x-ratelimit-reset']).toBe('40');
  });

  it('send no headers while they are off', async () => {
    const bench = setUp();
    expect((await bench.call('GET', '/v2/data-fields')).headers).not.toHaveProperty('x-ratelimit-limit');
  });
});

describe('flat limit', () => {
  it('caps an hour with a 400 of each framework and recovers', async () => {
    const bench = setUp({ limits: { scheme: 'flat', perHour: 2 } });
    await bench.call('GET', '/v2/data-fields');
    await bench.call('GET', '/v2/data-fields');
    const v2 = await bench.call('GET', '/v2/data-fields');
    expect([v2.status, v2.body['message']]).toEqual([400, expect.stringMatching(/ERROR_APIUSAGE_EXCEEDED$/)]);
    const v3 = await bench.call('GET', '/contacts/v3');
    expect([v3.status, v3.body['description']]).toEqual([400, expect.stringContaining('ERROR_APIUSAGE_EXCEEDED')]);
    bench.clock.advance(3_600_000);
    expect((await bench.call('GET', '/v2/data-fields')).status).toBe(200);
  });
});
