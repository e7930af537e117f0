// The long-running process as one thing: the scheduler, and whatever listens, over one store. Ends when its signal says so.
import { listConnections } from '../store/connections.ts';
import type { Store } from '../store/executor.ts';
import { realClock } from './clock.ts';
import type { LiveRuns } from './live-runs.ts';
import type { Log } from './log.ts';
import { openOptOutLanes } from './opt-out-lane.ts';
import {
  type EngineFor,
  LOOK_EVERY_MS,
  type ScheduledState,
  type Scheduler,
  type Served,
  startScheduler,
} from './scheduler.ts';

export interface ServeOptions {
  readonly store: Store;
  /** Of that store. */
  readonly databaseUrl: string;
  connections(): Promise<readonly Served[]>;
  readonly engine: EngineFor;
  readonly live: LiveRuns;
  /** Starts what answers over the network. @throws Error with `code` when the port cannot be used */
  listen(process: Inside): Promise<Listening>;
  readonly log: Log;
  /** Connections under way at once. Default 4. */
  readonly concurrency?: number;
  readonly signal: AbortSignal;
}

/** What the part that listens may know of the process. */
export interface Inside {
  states(): readonly ScheduledState[];
  /** Somebody asked for a run that any worker may do. */
  look(): void;
  /** Null when everything is in order, else why not. */
  fault(): Promise<string | null>;
}

export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

export interface Serving {
  readonly url: string;
  states(): readonly ScheduledState[];
  /** Resolves when everything has stopped. */
  readonly done: Promise<void>;
}

const CONCURRENCY = 4;
const STOP_WITHIN_MS = 10_000;

/** @throws Error with `code` when the port cannot be used; nothing runs then */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { store, signal } = options;
  let lookedAt: () => number = () => realClock.now();
  let states: Serving['states'] = () => [];
  let look = (): void => {};
  const server = await options.listen({
    states: () => states(),
    look: () => look(),
    fault: async () => {
      if (signal.aborted) return 'stopping';
      if (realClock.now() - lookedAt() > 6 * LOOK_EVERY_MS) return 'the scheduler does not answer';
      try {
        await listConnections(store);
        return null;
      } catch {
        return 'the database does not answer';
      }
    },
  });
  const running = await startRunner(options).catch(async (error: unknown) => {
    await server.close();
    throw error;
  });
  lookedAt = running.lookedAt;
  states = running.states;
  look = () => running.look?.();
  return { url: server.url, states: running.states, done: running.done.then(() => server.close()) };
}

type Runner = Pick<Scheduler, 'done' | 'lookedAt' | 'states'> & { look?(): void };

/** On a server the work is shared with every other process on it; on a file this one does it all. */
async function startRunner(options: ServeOptions): Promise<Runner> {
  const shared = { clock: realClock, concurrency: options.concurrency ?? CONCURRENCY, stopWithinMs: STOP_WITHIN_MS };
  if (options.store.backend.kind === 'postgres') {
    const { startWorker } = await import('./postgres/worker.ts');
    return startWorker({ ...options, ...shared });
  }
  const lanes = openOptOutLanes({
    engine: (name, ended) => options.engine(name, ended, 'opt-outs'),
    clock: realClock,
    log: options.log,
    signal: options.signal,
  });
  const scheduler = startScheduler({
    ...options,
    ...shared,
    connections: async () => {
      const connections = await options.connections();
      lanes.keep(connections.filter(({ optOutLane, paused }) => optOutLane && !paused));
      return connections;
    },
    engine: (name, ended) => options.engine(name, ended, 'cycle'),
  });
  return { ...scheduler, done: scheduler.done.then(() => lanes.stopped()) };
}
