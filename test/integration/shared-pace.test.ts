// Two programs on one database and one Sell token: together they are as fast as the token allows, and no faster. (decision 16)
import { afterEach, expect, it } from 'vitest';
import { marketingLimit } from '../../src/app/limits.ts';
import { type App, openApp } from '../../src/app.ts';
import { identify } from '../../src/engine/identity.ts';
import { readPace } from '../../src/store/paces.ts';
import { startTwoAccounts, type TwoAccounts } from './two-accounts.ts';

/** Ten times what is documented, so that the test is short; the bucket is the same. */
const PER_SECOND = 100;
const CALLS = 150;

let world: TwoAccounts | null = null;
const apps: App[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  await world?.stop();
  world = null;
});

it('processes and connections that use one token share its pace, and most calls ask the database nothing', async () => {
  world = await startTwoAccounts({
    sell: { limits: { enabled: true, perSecond: PER_SECOND, burst: 10 } },
    settings: { sell: { requestsPerSecond: PER_SECOND } },
  });
  const { config } = await world.app();
  const [settings] = config.connections;
  if (settings === undefined) throw new Error('The configuration has a connection.');
  apps.push(await openApp(config), await openApp(config));
  const { signal } = new AbortController();
  const engines = await Promise.all(
    apps.flatMap((app) => ['acme', 'other'].map((name) => app.engine({ ...settings, name }, { signal }))),
  );
  let left = CALLS;
  await Promise.all(
    engines.flatMap(({ crm }) =>
      Array.from({ length: 6 }, async () => {
        while (left > 0) {
          left -= 1;
          await crm.identify();
        }
      }),
    ),
  );
  const answer = await world.sell.app.inject({ url: '/_control/requests' });
  expect(answer.json()).toMatchObject({ throttled: 0, total: CALLS });
  const { store } = await world.app();
  const rows = await store.db.selectFrom('paces').selectAll().execute();
  // One limit, its key tells nothing, and several calls were let go by each question.
  expect(rows.map(({ limit_key: key }) => key)).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  const [limit] = rows;
  const { version } = await readPace(store, limit?.limit_key ?? '');
  expect(version / CALLS).toBeLessThan(0.5);
});

it('connections share the pace of a Dotdigital account by whatever name of its region they ask it', async () => {
  world = await startTwoAccounts();
  const { config, engine, store } = await world.app();
  const [settings] = config.connections;
  if (settings === undefined) throw new Error('The configuration has a connection.');
  const { user, url } = settings.dotdigital;
  const alias = {
    ...settings,
    name: 'alias',
    dotdigital: { ...settings.dotdigital, url: url.replace('127.0.0.1', 'localhost') },
  };
  const other = { ...settings, name: 'other' };
  const limits = () => Promise.all([settings, alias, other].map((one) => marketingLimit(store, one)));
  const [own, aliased] = await limits();
  expect(aliased).not.toBe(own);
  const { signal } = new AbortController();
  for (const connection of [settings, alias, other]) await identify(await engine(connection, { signal }));
  const [met, ...others] = await limits();
  expect(others).toEqual([met, met]);
  expect(met).not.toContain(user);
});
