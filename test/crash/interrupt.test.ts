// Ctrl-C in the middle of an alignment of the real command. (contract 2)
import { afterEach, describe, expect, it } from 'vitest';
import { live } from './life.ts';
import { type WatchedAccounts, watchAccounts, wrongAnyTime, wrongInTheEnd } from './watched-accounts.ts';

let member: WatchedAccounts;
afterEach(() => member.world.stop());

describe('Ctrl-C', () => {
  it('contract 2: ends with 130 and a safe state, and the next run goes on', async () => {
    member = await watchAccounts({ seed: 13, people: 40, sell: { switches: { syncPageSize: 40 } } });
    const { world, judge } = member;
    const align = ['align', '--yes', '--json', '--quiet'];
    const ended = await live(world, align, {
      onCall: (nth, child) => {
        if (nth === 16) child.kill('SIGINT');
      },
    });
    expect([ended.code, ended.signal]).toEqual([130, null]);
    expect(await wrongAnyTime(member)).toEqual([]);
    for (const args of [align, ['sync', '--json', '--quiet'], ['sync', '--json', '--quiet']]) {
      await judge.before();
      expect((await live(world, args)).code).toBe(0);
    }
    expect(await wrongInTheEnd(member)).toEqual([]);
  });
});
