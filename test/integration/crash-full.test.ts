// No room left for the database in the middle of a run: it stops with words, nothing is lost, and it goes on once there is room. (contract 6)
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { StoreError } from '../../src/store/error.ts';
import { createJudge } from './agreement.ts';
import { BUSY_FIELDS, type BusyAccounts, startBusyAccounts } from './busy-accounts.ts';
import { expectQuiet } from './looking.ts';

let world: BusyAccounts;
afterEach(() => world.stop());

const NEVER =
  /is gone|was made although|both made|both stand for|opted out|was suppressed|two Sell contacts|living links/;

/** Pages the database may have beyond those it has. */
async function leaveRoom(pages: number): Promise<void> {
  const { db } = (await world.app()).store;
  const { rows } = await sql<{ readonly page_count: number }>`pragma page_count`.execute(db);
  await sql.raw(`pragma max_page_count = ${String((rows[0]?.page_count ?? 0) + pages)}`).execute(db);
}

describe('a full disk', () => {
  it.each([2, 25, 45, 60, 70])('contract 6: with %i pages left', async (pages) => {
    world = await startBusyAccounts({ seed: 21, people: 80 });
    const judge = createJudge(world, BUSY_FIELDS);
    await judge.before();
    await leaveRoom(pages);
    await expect(world.cycle('align')).rejects.toSatisfy(
      (error) => error instanceof StoreError && error.kind === 'full',
    );
    expect((await judge.after()).filter((wrong) => NEVER.test(wrong))).toEqual([]);
    await leaveRoom(1_000_000);
    for (let cycle = 0; cycle < 2; cycle += 1) {
      await judge.before();
      await world.cycle('align');
      expect((await judge.after()).filter((wrong) => NEVER.test(wrong))).toEqual([]);
    }
    expect(await judge.after()).toEqual([]);
    await world.cycle('sync');
    await expectQuiet(world);
  });
});
