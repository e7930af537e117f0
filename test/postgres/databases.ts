// Which database a test works on: a SQLite file, or a PostgreSQL database of its own. Holds no expectation.
import { join } from 'node:path';
import { inject } from 'vitest';

/** The kind that the tests of this file run on now; the whole suite on PostgreSQL: LOCKSTEP_TEST_DATABASE=postgres. */
export const onPostgres = process.env['LOCKSTEP_TEST_DATABASE'] === 'postgres';

/** URL of a new database; on SQLite in this folder. To be given back after the test. */
export async function newDatabase(folder: string): Promise<string> {
  return onPostgres ? lendPostgres() : `sqlite:${join(folder, 'lockstep.db')}`;
}

/** URL of a PostgreSQL database of its own, whatever the tests run on. @param empty without our tables */
export async function lendPostgres(empty = false): Promise<string> {
  const answer = await fetch(`${inject('lender')}/${empty ? 'empty' : ''}`, { method: 'POST' });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`There is no PostgreSQL for this test: ${text}`);
  return text;
}

/** Drops it, whoever still uses it; a SQLite file goes with its folder. */
export async function giveBack(url: string): Promise<void> {
  if (url.startsWith('sqlite:')) return;
  await fetch(inject('lender'), { method: 'DELETE', body: url });
}
