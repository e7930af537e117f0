// The long-running process as one thing: scheduler and health server over one store. Ends when its signal says so.
import type { Engine } from '../engine/engine.ts';
import { listConnections } from '../store/connections.ts';
import type { Store } from '../store/executor.ts';
import { realClock } from './clock.ts';
import { type HealthServer, startHealthServer } from './health-server.ts';
import type { Log } from './log.ts';
import { runOptOutLanes } from './opt-out-lane.ts';
import { LOOK_EVERY_MS, type Scheduled, type ScheduledState, startScheduler } from './scheduler.ts';

/** A connection on schedule, and whether opt-outs in marketing go to the CRM within a minute. */
export interface Served extends Scheduled {
  readonly optOutLane: boolean;
}

export interface ServeOptions {
  readonly store: Store;
  readonly connections: readonly Served[];
  /** For a cycle, or for the opt-out lane beside it. */
  engine(connection: string, signal: AbortSignal, purpose: 'cycle' | 'opt-outs'): Promise<Engine>;
  readonly host: string;
  readonly port: number;
  readonly log: Log;
  readonly signal: AbortSignal;
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
  const server: HealthServer = await startHealthServer({
    host: options.host,
    port: options.port,
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
  const scheduler = startScheduler({
    ...options,
    engine: (name, ended) => options.engine(name, ended, 'cycle'),
    clock: realClock,
    concurrency: CONCURRENCY,
    stopWithinMs: STOP_WITHIN_MS,
  });
  lookedAt = scheduler.lookedAt;
  const lanes = runOptOutLanes({
    ...options,
    engine: (name, ended) => options.engine(name, ended, 'opt-outs'),
    connections: options.connections.filter(({ optOutLane }) => optOutLane).map(({ name }) => name),
    clock: realClock,
  });
  return {
    url: server.url,
    states: scheduler.states,
    done: Promise.all([scheduler.done, lanes]).then(() => server.close()),
  };
}
