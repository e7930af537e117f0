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

/** Pages the database may have beyond those it has. A server counts rows instead, and then says what it says when its disk is full. */
async function leaveRoom(pages: number): Promise<void> {
  const { db, backend } = (await world.app()).store;
  if (backend.kind === 'postgres') {
    await sql`create sequence if not exists room`.execute(db);
    await sql
      .raw(`create or replace function take_room() returns trigger language plpgsql as $$ begin
      if nextval('room') > ${String(pages * ROWS_PER_PAGE)} then
        raise exception 'could not extend file: No space left on device' using errcode = 'disk_full';
      end if;
      return new; end $$`)
      .execute(db);
    for (const table of ['crm_records', 'marketing_records', 'links', 'actions', 'holds', 'notes'])
      await sql`create or replace trigger take_room before insert or update on ${sql.table(table)}
        for each row execute function take_room()`.execute(db);
    return;
  }
  const { rows } = await sql<{ readonly page_count: number }>`pragma page_count`.execute(db);
  await sql.raw(`pragma max_page_count = ${String((rows[0]?.page_count ?? 0) + pages)}`).execute(db);
}

const ROWS_PER_PAGE = 5;

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
