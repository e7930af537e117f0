// A worker inside the test's own process, on one account pair and whatever database it is given. Holds no expectation.
import { setTimeout as wait } from 'node:timers/promises';
import type { App } from '../../../src/app.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import type { Clock } from '../../../src/jobs/clock.ts';
import { realClock } from '../../../src/jobs/clock.ts';
import { LiveRuns } from '../../../src/jobs/live-runs.ts';
import { createLog } from '../../../src/jobs/log.ts';
import { startWorker } from '../../../src/jobs/postgres/worker.ts';
import type { Store } from '../../../src/store/executor.ts';

export interface OneWorker {
  readonly live: LiveRuns;
  /** Everything its log said, one line each. */
  readonly said: readonly string[];
  /** Looks at once at what is due. */
  look(): void;
  stop(): Promise<void>;
}

export interface WorkerWanted {
  readonly app: App;
  /** Milliseconds between two cycles. Default an hour. */
  readonly everyMs?: number;
  readonly clock?: Clock;
  /** What the worker itself works on. Default: the app's. */
  readonly store?: Store;
  /** Changes the engines it uses. */
  readonly engine?: (engine: Engine) => Engine;
}

export async function hireOne({
  app,
  everyMs = 3_600_000,
  clock = realClock,
  ...wanted
}: WorkerWanted): Promise<OneWorker> {
  const [settings] = app.config.connections;
  if (settings === undefined) throw new Error('The configuration has a connection.');
  const said: string[] = [];
  const stop = new AbortController();
  const live = new LiveRuns({
    engine: async (_name, wiring) => {
      const engine = await app.engine(settings, wiring);
      return wanted.engine?.(engine) ?? engine;
    },
    newId: () => crypto.randomUUID(),
    now: () => clock.now(),
    watch: () => undefined,
    onError: () => undefined,
  });
  const worker = await startWorker({
    databaseUrl: app.config.database,
    store: wanted.store ?? app.store,
    connections: async () => [
      { name: settings.name, everyMs, nightly: null, paused: false, optOutLane: false, settings },
    ],
    engine: (name, ended, _purpose, nextRunId) => live.engine(name, ended, nextRunId),
    live,
    clock,
    log: createLog({ write: (line) => void said.push(line) }, 'info'),
    concurrency: 2,
    signal: stop.signal,
    stopWithinMs: 5_000,
  });
  return {
    live,
    said,
    look: () => worker.look(),
    async stop() {
      stop.abort();
      await worker.done;
    },
  };
}

/** Waits until it is so; the test's own time-out is the limit. */
export async function until(so: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await so())) await wait(50);
}
