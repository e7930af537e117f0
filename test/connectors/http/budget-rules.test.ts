import { describe, expect, it } from 'vitest';
import { budgetRules } from '../../../src/connectors/http/budget-rules.ts';
import type { Pacer } from '../../../src/connectors/http/pacer.ts';
import { ownPace } from '../../../src/connectors/http/paces.ts';
import { createVirtualTime, type VirtualTime } from './virtual-time.ts';

const MINUTE = 60_000;

function createPacer(time: VirtualTime, reserve = 0): Pacer {
  const rules = budgetRules({
    reserve,
    readBudget(headers) {
      const scope = headers.get('x-scope');
      if (scope === null) return null;
      return {
        scope,
        limit: Number(headers.get('x-limit')),
        remaining: Number(headers.get('x-remaining')),
        resetAt: Number(headers.get('x-reset')),
      };
    },
  });
  return ownPace(time).paces.pacer('', '', rules);
}

/** A service that counts per scope in fixed minutes and says so in headers. */
function createService(time: VirtualTime, limits: { readonly [scope: string]: number }) {
  const used = new Map<string, number>();
  let refused = 0;
  return {
    refused: () => refused,
    call(scope: string): { readonly throttled: boolean; readonly headers: Headers } {
      const minute = Math.floor(time.now() / MINUTE);
      const key = `${scope}@${minute}`;
      const limit = limits[scope] ?? 0;
      const count = (used.get(key) ?? 0) + 1;
      used.set(key, count);
      const throttled = count > limit;
      if (throttled) refused += 1;
      const headers = new Headers({
        'x-scope': scope,
        'x-limit': String(limit),
        'x-remaining': String(Math.max(0, limit - count)),
        'x-reset': String((minute + 1) * MINUTE),
      });
      return { throttled, headers };
    },
  };
}

describe('pacing by the budget the service tells', () => {
  it('waits at the end of a budget instead of bumping into it, and uses all of it', async () => {
    const time = createVirtualTime();
    const pacer = createPacer(time);
    const service = createService(time, { low: 35 });
    const sentIn = new Map<number, number>();
    const began = time.now();
    let left = 350;
    const worker = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        await pacer.acquire('import');
        const minute = Math.floor(time.now() / MINUTE);
        sentIn.set(minute, (sentIn.get(minute) ?? 0) + 1);
        const answer = service.call('low');
        await time.sleep(300);
        pacer.observe('import', { ...answer, retryAfterMs: null });
      }
    };
    await time.run(Promise.all([worker(), worker(), worker(), worker()]));
    expect(service.refused()).toBe(0);
    expect((time.now() - began) / MINUTE).toBeLessThan(10);
    expect(Math.max(...sentIn.values())).toBe(35);
  });

  it('learns that two kinds of call draw on one budget, and that another does not', async () => {
    const time = createVirtualTime();
    const pacer = createPacer(time);
    const service = createService(time, { low: 4, high: 100 });
    const call = async (hint: string, scope: string): Promise<void> => {
      await pacer.acquire(hint);
      pacer.observe(hint, { ...service.call(scope), retryAfterMs: null });
    };
    const began = time.now();
    for (const hint of ['a', 'b', 'a', 'b']) await time.run(call(hint, 'low'));
    for (let i = 0; i < 20; i += 1) await time.run(call('c', 'high'));
    expect(time.now()).toBe(began);
    await time.run(call('b', 'low'));
    expect(time.now() - began).toBe(MINUTE);
    expect(service.refused()).toBe(0);
  });

  it('counts the calls that were under way when their kind was found to draw on a budget already known', async () => {
    const time = createVirtualTime();
    const pacer = createPacer(time);
    const service = createService(time, { high: 30 });
    await time.run(pacer.acquire('first'));
    pacer.observe('first', { ...service.call('high'), retryAfterMs: null });
    let left = 60;
    const worker = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        await pacer.acquire('read');
        const answer = service.call('high');
        await time.sleep(100);
        pacer.observe('read', { ...answer, retryAfterMs: null });
      }
    };
    const began = time.now();
    await time.run(Promise.all([worker(), worker(), worker(), worker()]));
    expect(service.refused()).toBe(0);
    expect((time.now() - began) / MINUTE).toBeLessThan(3);
  });

  it('leaves the reserve to others, but always something to itself', async () => {
    const time = createVirtualTime();
    const service = createService(time, { low: 3 });
    const pacer = createPacer(time, 50);
    const began = time.now();
    for (let i = 0; i < 4; i += 1) {
      await time.run(pacer.acquire('x'));
      pacer.observe('x', { ...service.call('low'), retryAfterMs: null });
    }
    expect(time.now() - began).toBe(3 * MINUTE);
  });

  it('pauses a scope for as long as the service asked when it was throttled without headers', async () => {
    const time = createVirtualTime();
    const pacer = createPacer(time);
    await time.run(pacer.acquire('x'));
    pacer.observe('x', { throttled: true, retryAfterMs: 12_000, headers: null });
    const began = time.now();
    await time.run(pacer.acquire('y'));
    expect(time.now()).toBe(began);
    await time.run(pacer.acquire('x'));
    expect(time.now() - began).toBe(12_000);
  });

  it('ignores an answer of a minute that is over', async () => {
    const time = createVirtualTime();
    const pacer = createPacer(time);
    const service = createService(time, { low: 5 });
    await time.run(pacer.acquire('x'));
    for (let i = 0; i < 4; i += 1) service.call('low');
    const old = service.call('low');
    expect(old.headers.get('x-remaining')).toBe('0');
    await time.run(pacer.acquire('x'));
    await time.run(time.sleep(MINUTE));
    pacer.observe('x', { ...service.call('low'), retryAfterMs: null });
    const began = time.now();
    pacer.observe('x', { ...old, retryAfterMs: null });
    await time.run(pacer.acquire('x'));
    expect(time.now()).toBe(began);
  });

  it('can be cancelled while it waits', async () => {
    const time = createVirtualTime();
    const pacer = createPacer(time);
    await time.run(pacer.acquire('x'));
    pacer.observe('x', { throttled: true, retryAfterMs: 12_000, headers: null });
    const controller = new AbortController();
    const waiting = pacer.acquire('x', controller.signal);
    controller.abort();
    await expect(waiting).rejects.toThrow('cancelled');
  });
});
