import { describe, expect, it } from 'vitest';
import { type EvenOptions, evenRules } from '../../../src/connectors/http/even-rules.ts';
import type { Pacer } from '../../../src/connectors/http/pacer.ts';
import { ownPace } from '../../../src/connectors/http/paces.ts';
import { createVirtualTime, type VirtualTime } from './virtual-time.ts';

function createPacer({ runtime, ...options }: EvenOptions & { readonly runtime: VirtualTime }): Pacer {
  return ownPace(runtime).paces.pacer('', '', evenRules(options));
}

const QUIET = { throttled: false, retryAfterMs: null, headers: null };
const THROTTLED = { throttled: true, retryAfterMs: null, headers: null };

/** The server's side: `rate` a second, `burst` at once. True when the call is let in. */
function createBucket(rate: number, burst: number): (now: number) => boolean {
  let tokens = burst;
  let at = -Infinity;
  return (now) => {
    tokens = Math.min(burst, tokens + ((now - at) / 1000) * rate);
    at = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

async function sendAll(total: number, workers: number, send: () => Promise<void>): Promise<void> {
  let left = total;
  await Promise.all(
    Array.from({ length: workers }, async () => {
      while (left > 0) {
        left -= 1;
        await send();
      }
    }),
  );
}

describe('even pacing', () => {
  it('uses at least 97 % of a documented 10/s and never provokes a token bucket of 10/s, burst 10', async () => {
    const time = createVirtualTime();
    const pacer = createPacer({ requestsPerSecond: 9.8, runtime: time });
    const letIn = createBucket(10, 10);
    const began = time.now();
    let refused = 0;
    const send = async (): Promise<void> => {
      await pacer.acquire('');
      if (!letIn(time.now())) refused += 1;
      await time.sleep(180);
      pacer.observe('', QUIET);
    };
    await time.run(sendAll(3000, 8, send));
    expect(refused).toBe(0);
    expect(3000 / ((time.now() - began) / 1000)).toBeGreaterThan(9.7);
  });

  it('keeps its rate although every timer wakes up late', async () => {
    const time = createVirtualTime();
    time.lateness = (at) => 1 + (at % 17);
    const pacer = createPacer({ requestsPerSecond: 9.8, runtime: time });
    const began = time.now();
    await time.run(sendAll(1000, 8, () => pacer.acquire('')));
    expect(1000 / ((time.now() - began) / 1000)).toBeGreaterThan(9.7);
  });

  it('puts no more than the rate into any second, not even after a stall', async () => {
    const time = createVirtualTime();
    const pacer = createPacer({ requestsPerSecond: 9.8, runtime: time });
    const sent: number[] = [];
    const send = async (): Promise<void> => {
      await pacer.acquire('');
      sent.push(time.now());
      // Now and then everything waits for half a minute, as during a long transaction.
      if (sent.length % 100 === 0) await time.sleep(30_000);
    };
    await time.run(sendAll(500, 1, send));
    for (const from of sent) {
      expect(sent.filter((at) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(11);
    }
    const strict = sent.filter((from) => sent.filter((at) => at >= from && at < from + 1000).length > 10);
    // Only the half call of catching up may show, right after a stall.
    expect(strict.length).toBeLessThanOrEqual(5);
  });

  it('settles below a limit that is lower than documented and comes back when it is lifted', async () => {
    const time = createVirtualTime();
    const pacer = createPacer({ requestsPerSecond: 9.8, runtime: time });
    let letIn = createBucket(3, 3);
    const refusedAt: number[] = [];
    let sent = 0;
    const send = async (): Promise<void> => {
      await pacer.acquire('');
      sent += 1;
      const ok = letIn(time.now());
      if (!ok) refusedAt.push(sent);
      pacer.observe('', ok ? QUIET : THROTTLED);
    };
    await time.run(sendAll(600, 4, send));
    // An unadapted sender would be refused two times out of three.
    expect(refusedAt.length / 600).toBeLessThan(0.12);
    letIn = createBucket(10, 10);
    await time.run(sendAll(200, 4, send));
    const refusedBefore = refusedAt.length;
    const began = time.now();
    await time.run(sendAll(500, 4, send));
    expect(500 / ((time.now() - began) / 1000)).toBeGreaterThan(9.6);
    expect(refusedAt.length).toBe(refusedBefore);
  });

  it('stops everybody for as long as the service asked', async () => {
    const time = createVirtualTime();
    const pacer = createPacer({ requestsPerSecond: 10, runtime: time });
    await time.run(pacer.acquire(''));
    pacer.observe('', { ...THROTTLED, retryAfterMs: 20_000 });
    const told = time.now();
    await time.run(Promise.all([pacer.acquire('a'), pacer.acquire('b')]));
    expect(time.now() - told).toBeGreaterThanOrEqual(20_000);
  });

  it('takes several refusals of one moment for one', async () => {
    const time = createVirtualTime();
    const pacer = createPacer({ requestsPerSecond: 10, throttlePauseMs: 0.001, runtime: time });
    for (let i = 0; i < 6; i += 1) pacer.observe('', THROTTLED);
    const began = time.now();
    await time.run(Promise.all(Array.from({ length: 11 }, () => pacer.acquire(''))));
    // Half the speed, not a sixty-fourth of it.
    expect(time.now() - began).toBeLessThan(2100);
  });

  it('lets a cancelled caller go at once and keeps the slot for others', async () => {
    const time = createVirtualTime();
    const pacer = createPacer({ requestsPerSecond: 1, runtime: time });
    await time.run(pacer.acquire(''));
    const controller = new AbortController();
    const waiting = pacer.acquire('', controller.signal);
    const other = pacer.acquire('');
    controller.abort();
    await expect(waiting).rejects.toThrow('cancelled');
    const began = time.now();
    await time.run(other);
    expect(time.now() - began).toBeLessThanOrEqual(1000);
  });
});
