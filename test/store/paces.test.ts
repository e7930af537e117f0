// The state of shared limits on a real database: of two users of one version one gets it. (decision 16)
import { expect, test } from 'vitest';
import { readPace, writePace } from '../../src/store/paces.ts';
import { newUrl, storeAt } from './store-fixtures.ts';

test('of two processes that replace one version of a limit one does, and both learn the database’s time', async () => {
  const url = await newUrl();
  const [one, two] = [await storeAt(url), await storeAt(url)];
  expect(await readPace(one, 'limit')).toMatchObject({ state: null, version: 0 });
  const first = await Promise.all([
    writePace(one, 'limit', 0, { by: 'one' }),
    writePace(two, 'limit', 0, { by: 'two' }),
  ]);
  expect(first.filter((now) => now !== null)).toHaveLength(1);
  const winner = first[0] === null ? 'two' : 'one';
  const found = await readPace(two, 'limit');
  expect(found).toMatchObject({ state: { by: winner }, version: 1 });
  expect(await writePace(two, 'limit', 1, { by: 'two' })).toBeGreaterThanOrEqual(found.now);
  expect(await writePace(one, 'limit', 1, { by: 'one' })).toBeNull();
  expect(await readPace(one, 'limit')).toMatchObject({ state: { by: 'two' }, version: 2 });
  expect(Math.abs(found.now - Date.now())).toBeLessThan(60_000);
});
