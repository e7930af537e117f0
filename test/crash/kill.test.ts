// The real commands killed with -9 at many moments: nobody lost, nobody twice, no opt-out undone, and both sides agree in the end. (contract 6)
// The long form, for hundreds of kills: npm run crash.
import { afterEach, describe, expect, it } from 'vitest';
import { giveBack, lendPostgres, onPostgres } from '../postgres/databases.ts';
import { COMMANDS, dieOften } from './deaths.ts';

let database = '';
afterEach(() => giveBack(database));

/** On a file there are no workers beside the service. */
const commands = COMMANDS.filter((command) => onPostgres || command !== 'worker');

describe('kill -9', { timeout: 240_000 }, () => {
  it.each(commands)('contract 6, R4, R16: of %s', async (command) => {
    if (onPostgres) database = await lendPostgres(true);
    const told = await dieOften({ command, kills: 4, seed: 11, people: 20, ...(onPostgres ? { database } : {}) });
    expect(told.wrong).toEqual([]);
    expect(told.kills).toBe(4);
  });
});
