// A run that was paused and whose connection was taken over meanwhile: whichever commit it wakes up at, it stores nothing any more. (R16)
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { runCycle } from '../../src/engine/cycle.ts';
import type { Store } from '../../src/store/executor.ts';
import { dropHolder } from '../../src/store/leases.ts';
import { getRun } from '../../src/store/runs.ts';
import { createJudge } from './agreement.ts';
import { BUSY_FIELDS, type BusyAccounts, startBusyAccounts } from './busy-accounts.ts';
import { engineOf } from './undoing.ts';

let world: BusyAccounts;
afterEach(() => world.stop());

const NEXT = 'the next holder';

/** Every row of what belongs to a run's connection; the pace of the services is everybody's. */
async function everything({ db }: Store): Promise<string> {
  const tables = (await db.introspection.getTables()).map(({ name }) => name).filter((name) => name !== 'paces');
  const rows: string[] = [];
  for (const name of tables.toSorted())
    for (const row of (await sql<object>`select * from ${sql.table(name)}`.execute(db)).rows)
      rows.push(`${name} ${JSON.stringify(row)}`);
  return rows.sort().join('\n');
}

/** @returns all there was when the connection was somebody else's */
async function takeOver(store: Store): Promise<string> {
  await store.db
    .updateTable('leases')
    .set((eb) => ({ holder: NEXT, token: eb('token', '+', 1), expires_at: '2999-01-01T00:00:00.000Z' }))
    .execute();
  return everything(store);
}

/** The store, and somebody who takes the connection right before the commit of this number. */
function overtakenAt(store: Store, commit: number, taken: (then: Promise<string>) => void): Store {
  let commits = 0;
  return {
    backend: store.backend,
    get db() {
      return store.db;
    },
    snapshot: (work) => store.snapshot(work),
    close: () => store.close(),
    transaction: async (work) => {
      commits += 1;
      if (commits === commit) {
        const then = takeOver(store);
        taken(then);
        await then;
      }
      return store.transaction(work);
    },
  };
}

describe('R16: a run that was overtaken', () => {
  it('changes nothing in the database from then on, and the next one ends as if it had never been', async () => {
    world = await startBusyAccounts({ seed: 31, people: 15 });
    const judge = createJudge(world, BUSY_FIELDS);
    await judge.before();
    await world.cycle('align');
    const { store } = await world.app();
    let overtaken = 0;
    for (let [commit, step] = [1, 1]; ; [commit, step] = [commit + step, commit]) {
      world.edit(4);
      await judge.before(world.made);
      const then: Promise<string>[] = [];
      const engine = await engineOf(world);
      const report = await runCycle(
        {
          ...engine,
          store: overtakenAt(store, commit, (rows) => {
            then.push(rows);
          }),
        },
        { kind: 'sync', only: null, full: false },
      );
      if (then.length === 0) break;
      overtaken += 1;
      expect(report).toMatchObject({ state: 'aborted', message: expect.stringMatching(/taken over by another run/) });
      expect(await everything(store)).toBe(await then[0]);
      await dropHolder(store, world.connection, NEXT);
      await world.cycle('sync');
      // Whoever took over says of the run that was overtaken that it broke off.
      const left = await getRun(store, report.id);
      if (left !== null) expect(left.state).toBe('interrupted');
    }
    expect(overtaken).toBeGreaterThan(6);
    await world.cycle('sync');
    expect(await judge.after()).toEqual([]);
  });
});
