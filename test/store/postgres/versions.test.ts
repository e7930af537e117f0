// Two versions on one database, as in a rolling upgrade: several new processes begin at once, and old ones that still run go on.
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import { expect, test } from 'vitest';
import { getConnection } from '../../../src/store/connections.ts';
import { countCrm, getCrm, upsertCrm } from '../../../src/store/crm-records.ts';
import { encodeJson } from '../../../src/store/json.ts';
import { MIGRATIONS } from '../../../src/store/migrations/migrations.ts';
import { openPostgres } from '../../../src/store/postgres/open-postgres.ts';
import { at, C, crm, newUrl, refusal, storeAt } from '../store-fixtures.ts';

const OPTIONS = { busyTimeoutMs: 30_000, patienceMs: 0, connections: 2 };

test('several processes that start at once bring an old schema up to date once, and keep what it holds', async () => {
  const url = await newUrl(true);
  const old = await openPostgres(url, OPTIONS);
  const first = Object.entries(MIGRATIONS).slice(0, 4);
  await new Migrator({
    db: old.db,
    provider: { getMigrations: async () => Object.fromEntries(first) },
    migrationTableSchema: 'public',
  }).migrateToLatest();
  await sql`insert into connections (name, replica, watermarks, created_at)
    values (${C}, 'r', ${encodeJson({})}, ${at(0)})`.execute(old.db);
  await old.db.destroy();
  const stores = await Promise.all(Array.from({ length: 4 }, () => storeAt(url)));
  for (const store of stores) {
    expect(await getConnection(store, C)).toMatchObject({ name: C });
    const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(store.db);
    expect(rows.map(({ name }) => name)).toEqual(Object.keys(MIGRATIONS));
  }
});

test('a process that runs goes on while a newer one adds to the schema, and is refused once it starts again', async () => {
  const url = await newUrl();
  const old = await storeAt(url);
  await upsertCrm(old, C, [crm('1')], at(0));
  const newer = new pg.Client(url);
  await newer.connect();
  // In the middle of a transaction the newer one waits for it; afterwards every table has one more column.
  let upgraded: Promise<unknown> = Promise.resolve();
  await old.transaction(async (tx) => {
    await upsertCrm(tx, C, [crm('2')], at(1));
    upgraded =
      newer.query(`begin; alter table crm_records add column added text; alter table connections add column added integer;
      insert into kysely_migration (name, timestamp) values ('9999-newer', '2030-01-01T00:00:00.000Z'); commit`);
    await upsertCrm(tx, C, [crm('3')], at(1));
  });
  await upgraded;
  await newer.end();
  await upsertCrm(old, C, [crm('2', { firstName: 'Grace' }), crm('4')], at(2));
  expect(await countCrm(old, C)).toMatchObject([{ total: 4 }]);
  expect((await getCrm(old, C, 'contact', ['2']))[0]?.record.firstName).toBe('Grace');
  expect(await refusal(storeAt(url))).toBe('newer-schema');
});

test('a transaction that PostgreSQL cannot put in order with another one runs again, whichever statement says so', async () => {
  const url = await newUrl();
  const name = new URL(url).pathname.slice(1);
  const setter = await storeAt(url);
  await upsertCrm(setter, C, [crm('1'), crm('2')], at(0));
  await sql.raw(`alter database ${name} set default_transaction_isolation = 'serializable'`).execute(setter.db);
  const [one, two] = [await storeAt(url), await storeAt(url)];
  // Each reads what the other one writes: one after the other they would have seen it.
  let [tries, met] = [0, 0];
  const meet = async (): Promise<void> => {
    met += 1;
    while (met < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const copy = (store: typeof one, from: string, to: string) =>
    store.transaction(async (tx) => {
      tries += 1;
      const [found] = await getCrm(tx, C, 'contact', [from]);
      await meet();
      await upsertCrm(tx, C, [crm(to, { firstName: `after ${found?.record.firstName ?? ''}` })], at(1));
    });
  await Promise.all([copy(one, '1', '2'), copy(two, '2', '1')]);
  expect(tries).toBe(3);
  const names = (await getCrm(one, C, 'contact', ['1', '2'])).map(({ record }) => record.firstName ?? '');
  expect(names.toSorted((a, b) => a.length - b.length)[1]).toMatch(/^after after /);
});
