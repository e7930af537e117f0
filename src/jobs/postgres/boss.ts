// The queue engine as this program uses it: one job of a kind per connection, taken over when its worker dies. Knows no connection.
import { PgBoss } from 'pg-boss';
import type { FailingWork } from '../../store/job-failures.ts';
import type { Log } from '../log.ts';
import { wordsOf } from '../run-work.ts';

export interface JobData {
  readonly connection: string;
}

export interface Boss {
  /** Asks workers; a connection that is asked for already, or under way, is left alone. */
  ask(work: FailingWork, connections: readonly string[]): Promise<void>;
  /** Takes jobs of a kind, so many at once. The handler never fails; it learns how many workers died over the job before. */
  take(work: FailingWork, atOnce: number, handler: (connection: string, died: number) => Promise<void>): Promise<void>;
  /** Lets jobs under way end for so long. Milliseconds. */
  stop(withinMs: number): Promise<void>;
}

const SCHEMA = 'lockstep_jobs';
export const WORKS: readonly FailingWork[] = ['opt-outs', 'asked', 'sync', 'align', 'verify'];
/** A worker that says nothing for so long is dead. The least that the engine takes. Seconds. */
const HEARTBEAT_S = 10;
const SUPERVISE_S = 5;
/** Workers that may die over one job before the queue lets go of it; the tables ask again. */
const TRIES = 8;
const POLL_S: { readonly [W in FailingWork]: number } = { 'opt-outs': 1, asked: 0.5, sync: 1, align: 1, verify: 5 };

/** @param url of the database; the queue keeps to a schema of its own in it */
export async function startBoss(url: string, log: Log): Promise<Boss> {
  const boss = new PgBoss({
    connectionString: url,
    schema: SCHEMA,
    application_name: 'lockstep-jobs',
    max: 4,
    schedule: false,
    superviseIntervalSeconds: SUPERVISE_S,
    monitorIntervalSeconds: SUPERVISE_S,
    queueCacheIntervalSeconds: SUPERVISE_S,
    reindex: false,
    monitorVacuum: false,
    openTelemetry: { enabled: false },
  });
  // What it cannot do now it does at its next turn.
  boss.on('error', (error) => log.warn({ reason: wordsOf(error) }, 'the queue did not answer'));
  await boss.start();
  for (const work of WORKS) {
    await boss.createQueue(work, {
      policy: 'exclusive',
      heartbeatSeconds: HEARTBEAT_S,
      // The heartbeat says whether it lives; a large alignment may take most of a day.
      expireInSeconds: 86_000,
      retryLimit: TRIES,
      retryDelay: 2,
      retryBackoff: true,
      retryDelayMax: 600,
      deleteAfterSeconds: 600,
    });
  }
  return {
    async ask(work, connections) {
      if (connections.length === 0) return;
      await boss.insert(
        work,
        connections.map((connection) => ({ data: { connection }, singletonKey: connection })),
      );
    },
    async take(work, atOnce, handler) {
      await boss.work<JobData>(
        work,
        {
          localConcurrency: atOnce,
          batchSize: 1,
          pollingIntervalSeconds: POLL_S[work],
          // While jobs wait, a place takes the next one as soon as it is free, not a second later.
          burstWhenReadyExceeds: 1,
          includeMetadata: true,
        },
        async ([job]) => {
          if (job !== undefined) await handler(job.data.connection, job.retryCount);
        },
      );
    },
    stop: (withinMs) => boss.stop({ graceful: true, timeout: withinMs, close: true }),
  };
}
