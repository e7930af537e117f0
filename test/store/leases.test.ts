import { describe, expect, test } from 'vitest';
import { acquireLease, holdsLease, leaseHolder, releaseLease, renewLease } from '../../src/store/leases.ts';
import { at, newStore, newUrl, storeAt } from './store-fixtures.ts';

const MINUTE = 60_000;

/** Beyond today, whichever clock is asked: a server has its own. */
const LONG = 1_000 * 365 * 24 * 60 * MINUTE;

describe('leases (R16)', () => {
  test('of two holders one gets it, and the other can say who has it', async () => {
    const url = await newUrl();
    const [one, two] = [await storeAt(url), await storeAt(url)];
    const taken = await Promise.all([
      acquireLease(one, 'acme', 'one', LONG, at(0)),
      acquireLease(two, 'acme', 'two', LONG, at(0)),
      acquireLease(two, 'other', 'two', MINUTE, at(0)),
    ]);
    const winner = taken[0] === null ? 'two' : 'one';
    expect(taken).toEqual([...(winner === 'one' ? [{ token: 1 }, null] : [null, { token: 1 }]), { token: 1 }]);
    expect(await leaseHolder(two, 'acme', at(0))).toMatchObject({ holder: winner });
    expect(await acquireLease(one, 'acme', winner, MINUTE, at(0))).toBeNull();
  });

  test('expire unless renewed, and the token grows at each take', async () => {
    const store = await newStore();
    await acquireLease(store, 'acme', 'one', 2 * MINUTE, at(0));
    expect(await renewLease(store, 'acme', 1, 2 * MINUTE, at(1))).toBe(true);
    expect(await acquireLease(store, 'acme', 'two', MINUTE, at(2))).toBeNull();
    expect(await acquireLease(store, 'acme', 'two', MINUTE, at(3))).toEqual({ token: 2 });
    expect(await renewLease(store, 'acme', 1, MINUTE, at(3))).toBe(false);
    expect([await holdsLease(store, 'acme', 1), await holdsLease(store, 'acme', 2)]).toEqual([false, true]);
  });

  test('one that expired unnoticed is still the holder’s until somebody takes it', async () => {
    const store = await newStore();
    await acquireLease(store, 'acme', 'one', MINUTE, at(0));
    expect(await leaseHolder(store, 'acme', at(5))).toBeNull();
    expect(await holdsLease(store, 'acme', 1)).toBe(true);
    expect(await renewLease(store, 'acme', 1, MINUTE, at(5))).toBe(true);
    expect(await acquireLease(store, 'acme', 'two', MINUTE, at(5))).toBeNull();
  });

  test('released ones are free at once; a late release does not take one away', async () => {
    const store = await newStore();
    await acquireLease(store, 'acme', 'one', MINUTE, at(0));
    await releaseLease(store, 'acme', 1);
    expect([await holdsLease(store, 'acme', 1), await renewLease(store, 'acme', 1, MINUTE, at(0))]).toEqual([
      false,
      false,
    ]);
    expect(await acquireLease(store, 'acme', 'two', LONG, at(0))).toEqual({ token: 2 });
    await releaseLease(store, 'acme', 1);
    expect(await leaseHolder(store, 'acme', at(0))).toMatchObject({ holder: 'two' });
  });
});
