// Rate limits: budgets learnt per scope are used up and not overdrawn; the flat hourly cap is waited out.
import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createBudgetReader } from '../../../src/connectors/dotdigital/rate-headers.ts';
import { budgetRules } from '../../../src/connectors/http/budget-rules.ts';
import { ownPace } from '../../../src/connectors/http/paces.ts';
import { createVirtualTime } from '../http/virtual-time.ts';
import {
  type Answering,
  type Asked,
  accountInfo,
  collect,
  lastPage,
  type Said,
  type StandIn,
  startStandIn,
} from './stand-in.ts';

const services: StandIn[] = [];
afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.close()));
});
async function start(answer: Answering): Promise<StandIn> {
  const service = await startStandIn(answer);
  services.push(service);
  return service;
}

/** A fixed-minute window for each scope, as the tiered scheme counts. */
function tiers(limits: { readonly [scope: string]: number }, scopeOf: (asked: Asked) => string, skewMs = 0) {
  const used = new Map<string, number>();
  const refused: string[] = [];
  const respond = (asked: Asked, said: Exclude<Said, string>): Said => {
    const scope = scopeOf(asked);
    const limit = limits[scope] ?? 1_000_000;
    const minute = Math.floor((asked.at + skewMs) / 60_000);
    const count = (used.get(`${scope} ${minute}`) ?? 0) + 1;
    const headers = {
      'X-RateLimit-Limit': String(limit),
      'X-RateLimit-Remaining': String(Math.max(0, limit - count)),
      'X-RateLimit-Reset': String((minute + 1) * 60),
      'X-RateLimit-Scope': scope,
      ...(skewMs === 0 ? {} : { date: new Date(asked.at + skewMs).toUTCString() }),
    };
    if (count > limit) {
      refused.push(scope);
      return { status: 429, json: {}, headers };
    }
    used.set(`${scope} ${minute}`, count);
    return { ...said, headers };
  };
  return { used, refused, respond };
}

describe('tiered limits', () => {
  it.each([0, -45_000, 30_000])(
    'provokes no 429 and still uses the whole budget of every minute (clock off by %i ms)',
    async (skewMs) => {
      const tier = tiers(
        { lowCallRate: 12 },
        (asked) => (asked.path === '/contacts/v3' ? 'lowCallRate' : 'highCallRate'),
        skewMs,
      );
      let pages = 0;
      const service = await start((asked) => {
        if (asked.path === '/v2/account-info') return accountInfo();
        if (asked.path !== '/contacts/v3') return tier.respond(asked, { json: [] });
        pages += 1;
        const said: Said = lastPage([{ contactId: pages, identifiers: {} }]);
        if (typeof said === 'string' || pages >= 60) return tier.respond(asked, said as Exclude<Said, string>);
        return tier.respond(asked, {
          json: { _links: { next: { marker: String(pages) } }, _items: [{ contactId: pages, identifiers: {} }] },
        });
      });
      const all = await collect(service.connector().scan({ fields: [], lists: false }));
      expect(all).toHaveLength(60);
      expect(tier.refused).toEqual([]);
      const full = [...tier.used].filter(([key]) => key.startsWith('lowCallRate')).map(([, count]) => count);
      // Apart from the first and the last, every minute's budget is used to the last call.
      expect(full.filter((count) => count === 12).length).toBeGreaterThanOrEqual(4);
    },
  );

  it('uses a budget up and never overdraws it with calls under way at once, whenever the service counts them', async () => {
    const runs = fc.record({
      limit: fc.integer({ min: 5, max: 40 }),
      workers: fc.integer({ min: 1, max: 4 }),
      /** On the way there and on the way back, by turns. */
      delays: fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 2, maxLength: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(runs, async ({ limit, workers, delays }) => {
        const time = createVirtualTime();
        const pacer = ownPace(time).paces.pacer('', '', budgetRules({ readBudget: createBudgetReader() }));
        const counted = new Map<number, number>();
        let refused = 0;
        let turn = 0;
        const delay = () => {
          turn += 1;
          return time.sleep(delays[turn % delays.length] ?? 1);
        };
        const call = async (): Promise<void> => {
          await pacer.acquire('reads');
          await delay();
          const minute = Math.floor(time.now() / 60_000);
          const count = (counted.get(minute) ?? 0) + 1;
          const throttled = count > limit;
          if (throttled) refused += 1;
          else counted.set(minute, count);
          const headers = new Headers({
            'x-ratelimit-limit': String(limit),
            'x-ratelimit-remaining': String(Math.max(0, limit - count)),
            'x-ratelimit-reset': String((minute + 1) * 60),
            'x-ratelimit-scope': 'lowCallRate',
          });
          await delay();
          pacer.observe('reads', { throttled, retryAfterMs: null, headers });
        };
        let left = limit * 8;
        const worker = async (): Promise<void> => {
          while (left > 0) {
            left -= 1;
            await call();
          }
        };
        await time.run(call());
        await time.run(Promise.all(Array.from({ length: workers }, worker)));
        expect(refused).toBe(0);
        const minutes = [...counted.keys()].sort((a, b) => a - b).slice(1, -1);
        // What latency alone allows in a minute, where that is less than the budget.
        const possible = (workers * 60_000) / (2 * Math.max(...delays));
        for (const minute of minutes)
          expect(counted.get(minute)).toBeGreaterThanOrEqual(Math.min(limit, possible) * 0.97);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps scopes apart: an empty low budget does not hold up reads of the high one', async () => {
    const tier = tiers({ lowCallRate: 1 }, (asked) => (asked.method === 'PUT' ? 'lowCallRate' : 'highCallRate'));
    const service = await start((asked) => {
      if (asked.path === '/v2/account-info') return accountInfo();
      return asked.method === 'PUT'
        ? tier.respond(asked, { status: 202, json: { importId: 'x' } })
        : tier.respond(asked, { json: [] });
    });
    const connector = service.connector();
    const row = { key: 'k', id: '1', email: null, write: { set: {} } };
    await connector.submitImport([row]);
    const before = service.clock.now;
    await connector.lists();
    expect(service.clock.now).toBe(before);
    await connector.submitImport([row]);
    expect(service.clock.now).toBeGreaterThan(before);
    expect(tier.refused).toEqual([]);
  });

  it.each([
    ['seconds', () => '40'],
    ['a moment', (now: number) => String(Math.floor(now / 1000) + 40)],
  ])('waits for the reset it was told on a 429, given in %s, whatever the case of the header', async (_what, reset) => {
    let turn = 0;
    const service = await start((asked) => {
      if (asked.path === '/v2/account-info') return accountInfo();
      turn += 1;
      if (turn > 1) return { json: [] };
      return {
        status: 429,
        text: '',
        headers: {
          'X-RATELIMIT-RESET': reset(asked.at),
          'x-ratelimit-remaining': '0',
          'x-ratelimit-limit': '35',
          'x-ratelimit-scope': 'highCallRate',
        },
      };
    });
    const begun = service.clock.now;
    expect(await service.connector().lists()).toEqual([]);
    expect(service.clock.now - begun).toBeGreaterThanOrEqual(40_000);
    expect(service.clock.now - begun).toBeLessThan(50_000);
  });
});

describe('flat limit', () => {
  const capped: Said = {
    status: 400,
    json: {
      message:
        'Your account has generated excess API activity and is being temporarily capped. ERROR_APIUSAGE_EXCEEDED',
    },
  };

  it('waits until the hour allows more', async () => {
    const service = await start((asked) => {
      if (asked.path === '/v2/account-info') return accountInfo();
      return asked.at - Date.UTC(2026, 0, 5, 12) < 35 * 60_000 ? capped : { json: [] };
    });
    expect(await service.connector().lists()).toEqual([]);
    expect(service.asked.length).toBeLessThan(45);
  });

  it('is an error once a whole hour has not helped, also without the code', async () => {
    const service = await start(() => ({
      status: 400,
      text: 'Your account has generated excess API activity and is being temporarily capped.',
    }));
    await expect(service.connector().identify()).rejects.toMatchObject({
      kind: 'rate-limited',
      code: 'ERROR_APIUSAGE_EXCEEDED',
      outcome: 'refused',
    });
    expect(service.clock.now - Date.UTC(2026, 0, 5, 12)).toBeGreaterThanOrEqual(3_600_000);
  });
});
