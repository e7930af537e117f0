// Somebody who kills workers, stops them for longer than a lease lasts, and cuts their lines to the database, while people go on
// editing. The same seed chooses the same things; when they hit is up to the machine.
import { setTimeout as wait } from 'node:timers/promises';
import type { createRandom } from '../../../sandbox/random.ts';
import type { Crowd, Worker } from './crowd.ts';
import type { Writers } from './writers.ts';

export interface Trouble {
  readonly forMs: number;
  /** Between two of them, at most. Milliseconds. */
  readonly every: { readonly edit: number; readonly harm: number };
  /** How long a worker is stopped, milliseconds. A lease lasts 30 s after its last renewal. */
  readonly pauses: readonly [shortest: number, longest: number];
  /** Told of everything that is done. */
  tell(text: string): void;
}

export interface Harm {
  edits: number;
  kills: number;
  pauses: number;
  cuts: number;
}

type Random = ReturnType<typeof createRandom>;

/** All workers live and work again when it ends. */
export async function makeTrouble(crowd: Crowd, writers: Writers, random: Random, how: Trouble): Promise<Harm> {
  const until = Date.now() + how.forMs;
  const harm: Harm = { edits: 0, kills: 0, pauses: 0, cuts: 0 };
  const stopped = new Map<Worker, Promise<void>>();
  const edits = async (): Promise<void> => {
    const choice = random.fork('edits');
    while (Date.now() < until) {
      await crowd.edit(choice.pick(crowd.members), choice.int(1, 3));
      harm.edits += 1;
      await wait(choice.int(0, how.every.edit));
    }
  };
  const pause = async (worker: Worker, ms: number): Promise<void> => {
    how.tell(`${worker.name} stops for ${(ms / 1000).toFixed(1)} s`);
    worker.process.kill('SIGSTOP');
    await wait(ms);
    how.tell(`${worker.name} wakes up`);
    worker.process.kill('SIGCONT');
    stopped.delete(worker);
  };
  const harms = async (): Promise<void> => {
    const choice = random.fork('harms');
    const kinds = ['pause', 'kill', 'cut', 'kill', 'pause', 'cut'] as const;
    for (let n = 0; Date.now() < until; n += 1) {
      await wait(choice.int(how.every.harm / 3, how.every.harm));
      const kind = n < kinds.length ? kinds[n] : choice.pick(kinds);
      if (kind === 'cut') {
        const cut = await writers.cut((sessions) => Array.from({ length: 4 }, () => choice.int(0, sessions)));
        harm.cuts += cut;
        how.tell(`${cut} database sessions are cut`);
        continue;
      }
      const able = crowd.workers.filter((worker) => !stopped.has(worker));
      // One goes on in any case, and one that is stopped holds something that it may want to go on with.
      if (kind === 'pause' && able.length > 1) {
        const victim = await busyOne(writers, choice.shuffle(able));
        harm.pauses += 1;
        stopped.set(victim, pause(victim, choice.int(...how.pauses)));
      } else if (kind === 'kill') {
        const victim = choice.pick(able);
        how.tell(`${victim.name} is killed`);
        harm.kills += 1;
        await crowd.kill(victim, 'SIGKILL');
        await crowd.hire();
      }
    }
  };
  await Promise.all([edits(), harms()]);
  await Promise.all(stopped.values());
  return harm;
}

/** The first that holds a connection; any where nobody does for a while. */
async function busyOne(writers: Writers, workers: readonly Worker[]): Promise<Worker> {
  for (let look = 0; look < 100; look += 1) {
    const holders = await writers.holders();
    const busy = workers.find((worker) => holders.has(worker.process.pid ?? 0));
    if (busy !== undefined) return busy;
    await wait(20);
  }
  const [first] = workers;
  if (first === undefined) throw new Error('There is no worker left.');
  return first;
}
