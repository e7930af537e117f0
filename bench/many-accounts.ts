// Many pairs of simulated accounts in one process of its own, whose answers may take their time as real ones do. Never measures anything.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Answer, Order, Pair, PairsWanted } from './many-accounts-process.ts';

export interface ManyAccounts {
  readonly pairs: readonly Pair[];
  /** In every pair somebody edits the last names of so many people in Sell and the first names of as many others in Dotdigital. */
  edit(count: number, round: number): Promise<void>;
  /** What people would see in all pairs: every record without ids and times, sorted. */
  look(): Promise<string>;
  stop(): Promise<void>;
}

export async function startManyAccounts(wanted: PairsWanted): Promise<ManyAccounts> {
  const child: ChildProcess = fork(new URL('many-accounts-process.ts', import.meta.url), [JSON.stringify(wanted)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const answer = async (): Promise<Answer> => {
    const [said] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => Promise.reject(new Error('The simulated accounts ended.'))),
    ])) as [Answer];
    return said;
  };
  const ask = async (order: Order): Promise<Answer> => {
    const said = answer();
    child.send(order);
    return said;
  };
  const { pairs = [] } = await answer();
  return {
    pairs,
    edit: async (count, round) => void (await ask({ order: 'edit', count, round })),
    look: async () => (await ask({ order: 'look' })).seen ?? '',
    stop: async () => {
      if (child.exitCode !== null) return;
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}
