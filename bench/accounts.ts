// Starts the simulated accounts beside a benchmark and gives them orders. Never touches a real account.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Answer, Edits, Left, Order, ServiceCounts, Side, Started } from './accounts-process.ts';

export interface Accounts extends Started {
  /** Moves `count` people in; their addresses begin with `label`. */
  add(side: Side, label: string, count: number): Promise<void>;
  /** Edits the first `count` people of a side; each `round` gives new values. */
  edit(side: 'sell' | 'dotdigital', count: number, round: number, field: 'name' | 'postcode'): Promise<void>;
  /** How many of these edits of the first `count` people are not to be seen on both sides. */
  missing(count: number, edits: readonly Edits[]): Promise<number>;
  /** The first `count` people of a side say no, or yes. */
  say(side: 'sell' | 'dotdigital', count: number, word: 'in' | 'out'): Promise<void>;
  /** The n-th person says no on one side; from then on the other side is watched. */
  leave(side: 'sell' | 'dotdigital', n: number): Promise<void>;
  known(): Promise<readonly Left[]>;
  addProducts(count: number): Promise<void>;
  editProducts(count: number): Promise<void>;
  /** Calls since the last reset, as the services saw them. */
  counts(): Promise<ServiceCounts>;
  resetCounts(): Promise<void>;
  stop(): Promise<void>;
}

export async function startAccounts(limits: 'limits-on' | 'limits-off'): Promise<Accounts> {
  const child = fork(join(import.meta.dirname, 'accounts-process.ts'), [limits], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const first = await next(child);
  if (!('started' in first)) throw new Error('The simulated accounts did not start.');
  // One order at a time: answers carry no number.
  let last: Promise<unknown> = Promise.resolve();
  const send = (order: Order): Promise<Answer> => {
    const answered = last.then(() => {
      const answer = next(child);
      child.send(order);
      return answer;
    });
    last = answered.catch(() => undefined);
    return answered;
  };
  return {
    ...first.started,
    add: async (side, label, count) => void (await send({ order: 'add', side, label, count })),
    edit: async (side, count, round, field) => void (await send({ order: 'edit', side, count, round, field })),
    missing: async (count, edits) => {
      const answer = await send({ order: 'missing', count, edits });
      if (!('done' in answer)) throw new Error('The simulated accounts did not look.');
      return answer.done;
    },
    say: async (side, count, word) => void (await send({ order: 'consent', side, count, word })),
    leave: async (side, n) => void (await send({ order: 'leave', side, n })),
    known: async () => {
      const answer = await send({ order: 'known' });
      if (!('known' in answer)) throw new Error('The simulated accounts did not look.');
      return answer.known;
    },
    addProducts: async (count) => void (await send({ order: 'products', count })),
    editProducts: async (count) => void (await send({ order: 'edit-products', count })),
    counts: async () => {
      const answer = await send({ order: 'counts' });
      if (!('counts' in answer)) throw new Error('The simulated accounts did not count.');
      return answer.counts;
    },
    resetCounts: async () => void (await send({ order: 'reset-counts' })),
    stop: async () => {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}

async function next(child: ChildProcess): Promise<Answer> {
  const ended = new AbortController();
  const gone = once(child, 'exit', { signal: ended.signal }).then(() => {
    throw new Error('The simulated accounts ended.');
  });
  try {
    const [answer] = (await Promise.race([once(child, 'message', { signal: ended.signal }), gone])) as [Answer];
    if ('failed' in answer) throw new Error(answer.failed);
    return answer;
  } finally {
    ended.abort();
    gone.catch(() => undefined);
  }
}
