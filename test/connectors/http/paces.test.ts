// Limits that several processes share, on virtual time: what lies between them is one place, and nothing else.
import { describe, expect, it } from 'vitest';
import { budgetRules } from '../../../src/connectors/http/budget-rules.ts';
import { evenRules } from '../../../src/connectors/http/even-rules.ts';
import { type PacePlace, placeInMemory } from '../../../src/connectors/http/pace.ts';
import type { Pacer } from '../../../src/connectors/http/pacer.ts';
import { createPaces, type Paces } from '../../../src/connectors/http/paces.ts';
import { createVirtualTime, type VirtualTime } from './virtual-time.ts';

const QUIET = { throttled: false, retryAfterMs: null, headers: null };
const RATE = evenRules({ requestsPerSecond: 9.8 });

/** A database that takes a while to answer, and counts how often it is asked. */
function createPlace(time: VirtualTime) {
  const inside = placeInMemory(time);
  let asked = 0;
  const place: PacePlace & { readonly asked: () => number } = {
    asked: () => asked,
    async read(key) {
      asked += 1;
      await time.sleep(3);
      return inside.read(key);
    },
    async write(key, version, state) {
      asked += 1;
      await time.sleep(3);
      const answer = await inside.write(key, version, state);
      await time.sleep(2);
      return answer;
    },
  };
  return place;
}

/** A process whose own clock is so far off. */
function createProcess(time: VirtualTime, place: PacePlace, skewMs: number, name: number): Paces {
  return createPaces(place, { now: () => time.now() + skewMs, sleep: time.sleep, random: () => name / 10 });
}

/** Callers that go on as long as there is something to do. */
async function work(time: VirtualTime, pacer: Pacer, callers: number, todo: { left: number }, call: () => void) {
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (todo.left > 0) {
        todo.left -= 1;
        await pacer.acquire('');
        call();
        await time.sleep(180);
        pacer.observe('', QUIET);
      }
    }),
  );
}

describe('a limit that several processes share', () => {
  it('is kept to by all of them together, whatever their clocks say, and used; most calls ask nobody', async () => {
    const time = createVirtualTime();
    const place = createPlace(time);
    const sent: number[] = [];
    const todo = { left: 1200 };
    const began = time.now();
    const jobs = [0, 3_600_000, -3_600_000].map((skew, i) =>
      work(time, createProcess(time, place, skew, i).pacer('token', 'acme', RATE), 8, todo, () =>
        sent.push(time.now()),
      ),
    );
    await time.run(Promise.all(jobs));
    for (const [i, at] of sent.entries()) expect((sent[i + 11] ?? Infinity) - at).toBeGreaterThan(1000);
    expect(sent.length / ((time.now() - began) / 1000)).toBeGreaterThan(9.5);
    expect(place.asked() / sent.length).toBeLessThan(0.6);
  });

  it('loses less than a second when a process dies with slots in its hands', async () => {
    const time = createVirtualTime();
    const place = createPlace(time);
    const dying = createProcess(time, place, 0, 1).pacer('token', 'acme', RATE);
    const dead = new AbortController();
    const waiting = Array.from({ length: 9 }, () => dying.acquire('', dead.signal).catch(() => 'gone'));
    await time.run(time.sleep(50));
    dead.abort();
    await time.run(Promise.all(waiting));
    const began = time.now();
    await time.run(createProcess(time, place, 0, 2).pacer('token', 'acme', RATE).acquire(''));
    expect(time.now() - began).toBeLessThan(1000);
  });

  it('lets the connections of one process take turns, however much one of them has to do', async () => {
    const time = createVirtualTime();
    const paces = createProcess(time, createPlace(time), 0, 1);
    const large = paces.pacer('token', 'large', RATE);
    const many = Array.from({ length: 100 }, () => large.acquire(''));
    const began = time.now();
    await time.run(paces.pacer('token', 'small', RATE).acquire(''));
    expect(time.now() - began).toBeLessThan(300);
    await time.run(Promise.all(many));
  });

  it('passes on that the service throttled, and how long it asked to wait', async () => {
    const time = createVirtualTime();
    const place = createPlace(time);
    const [one, other] = [1, 2].map((name) => createProcess(time, place, name * 5000, name).pacer('token', 'a', RATE));
    await time.run(Promise.all([one?.acquire(''), other?.acquire('')]));
    one?.observe('', { ...QUIET, throttled: true, retryAfterMs: 20_000 });
    const told = time.now();
    // What it had in its hands may still go.
    await time.run(time.sleep(500));
    await time.run(Promise.all([other?.acquire(''), one?.acquire('')]));
    expect(time.now() - told).toBeGreaterThanOrEqual(20_000);
  });

  it('is waited for while its place is away, and fails only those who wait then', async () => {
    const time = createVirtualTime();
    const place = createPlace(time);
    let away = false;
    const shaky: PacePlace = {
      read: place.read,
      write: async (...pace) => {
        if (!away) return place.write(...pace);
        await time.sleep(60_000);
        throw new Error('the database is away');
      },
    };
    const pacer = createProcess(time, shaky, 0, 1).pacer('token', 'acme', RATE);
    await time.run(pacer.acquire(''));
    away = true;
    await expect(time.run(pacer.acquire(''))).rejects.toThrow('the database is away');
    away = false;
    await time.run(pacer.acquire(''));
  });
});

describe('a budget that several processes share', () => {
  const readBudget = (headers: Headers) => ({
    scope: 'low',
    limit: 35,
    remaining: Number(headers.get('x-remaining')),
    resetAt: Number(headers.get('x-reset')),
  });

  it('is used to the last call of every minute by whoever comes, and never overdrawn', async () => {
    const time = createVirtualTime();
    const place = createPlace(time);
    const counted = new Map<number, number>();
    let refused = 0;
    const todo = { left: 35 * 6 };
    const call = async (pacer: Pacer): Promise<void> => {
      await pacer.acquire('import');
      await time.sleep(80);
      const minute = Math.floor(time.now() / 60_000);
      const count = (counted.get(minute) ?? 0) + 1;
      const throttled = count > 35;
      if (throttled) refused += 1;
      else counted.set(minute, count);
      const headers = new Headers({
        'x-remaining': String(Math.max(0, 35 - count)),
        'x-reset': String((minute + 1) * 60_000),
      });
      await time.sleep(300);
      pacer.observe('import', { throttled, retryAfterMs: null, headers });
    };
    const pacers = [0, 1, 2].map((name) =>
      createProcess(time, place, 0, name).pacer('account', 'acme', budgetRules({ readBudget })),
    );
    // Nobody knows a budget before the first answer: that one goes alone.
    const [first] = pacers;
    if (first !== undefined) await time.run(call(first));
    await time.run(
      Promise.all(
        pacers.flatMap((pacer) =>
          [1, 2, 3].map(async () => {
            while (todo.left > 0) {
              todo.left -= 1;
              await call(pacer);
            }
          }),
        ),
      ),
    );
    expect(refused).toBe(0);
    expect([...counted.values()].slice(0, -1)).toEqual([35, 35, 35, 35, 35, 35]);
  });

  it('forgets the calls of a process that died before their answers came', async () => {
    const time = createVirtualTime();
    const place = createPlace(time);
    const rules = budgetRules({ readBudget });
    const dying = createProcess(time, place, 0, 1).pacer('account', 'acme', rules);
    const living = createProcess(time, place, 0, 2).pacer('account', 'acme', rules);
    const answer = (remaining: number) => ({
      ...QUIET,
      headers: new Headers({ 'x-remaining': String(remaining), 'x-reset': String(time.now() + 60_000) }),
    });
    await time.run(living.acquire('import'));
    living.observe('import', answer(34));
    await time.run(Promise.all(Array.from({ length: 30 }, () => dying.acquire('import'))));
    // Two minutes and a half later its thirty calls hold up nobody any more.
    await time.run(time.sleep(151_000));
    const began = time.now();
    await time.run(Promise.all(Array.from({ length: 35 }, () => living.acquire('import'))));
    expect(time.now() - began).toBeLessThan(1000);
  });
});
