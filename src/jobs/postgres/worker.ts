// Workers on PostgreSQL: every process asks for what is due and does what it is given. The tables say what has to be done;
// the queue only wakes workers, so that a job lost, doubled or late is harmless.
import type { Engine } from '../../engine/engine.ts';
import { nextNightly, nightlyDue } from '../../engine/nightly.ts';
import { cancelledRuns, tellDueRuns } from '../../store/asked-runs.ts';
import { getConnection, listConnections } from '../../store/connections.ts';
import type { Store } from '../../store/executor.ts';
import { countFailure, type FailingWork, forgetFailures } from '../../store/job-failures.ts';
import {
  addJobTimes,
  askForDue,
  type JobTime,
  setJobTime,
  type Work,
  wakeAligned,
  wantedSince,
} from '../../store/job-times.ts';
import type { Clock } from '../clock.ts';
import { wasBrokenOff } from '../live-runs.ts';
import type { Log } from '../log.ts';
import { createOptOutLooks, type OptOutLooks, POLL_EVERY_MS } from '../opt-out-lane.ts';
import { pastRuns } from '../past-runs.ts';
import { BROKEN_OFF, NOT_ALIGNED_YET, runWork, wordsOf } from '../run-work.ts';
import type { EngineFor, Scheduled, ScheduledState, Served } from '../scheduler.ts';
import { dueAt, nextSlot, retryAfterMs, type Timetable, timetableOf } from '../timetable.ts';
import { doNextAsked } from './asked-runs.ts';
import { type Boss, startBoss, WORKS } from './boss.ts';

export interface WorkerOptions {
  readonly databaseUrl: string;
  readonly store: Store;
  /** Asked at each look: connections are made, changed and paused while the process runs. */
  connections(): Promise<readonly Served[]>;
  readonly engine: EngineFor;
  /** Runs under way in this process, and how to break one off. */
  readonly live: { ids(): readonly string[]; cancel(id: string): boolean };
  readonly clock: Clock;
  readonly log: Log;
  /** Connections under way at once. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  readonly stopWithinMs: number;
}

export interface Worker {
  readonly done: Promise<void>;
  lookedAt(): number;
  states(): readonly ScheduledState[];
  /** There is something new to do: looks at once. */
  look(): void;
}

/** Between two looks at what is due. Milliseconds. */
const LOOK_MS = 5_000;
/** What was asked for and not done by then is asked for again: the queue may have lost it. Milliseconds. */
const ASK_AGAIN_MS = 20_000;
/** Work asked for at one look. */
const ASK = 1_000;
/** After somebody else had the connection, and for a connection that this process does not know. Milliseconds. */
const BUSY_MS = 10_000;
const UNKNOWN_MS = 60_000;
/** Nightly comparisons of many connections begin over so long. Milliseconds. */
const NIGHTLY_SPREAD_MS = 1_800_000;
const WORKER_DIED = 'The worker that did it was killed, or lost its database, before it was done.';
/** A run that broke off is taken up again, but never in a loop without a breath. Milliseconds. */
const BREATH_MS = 2_000;

/** Each kind of work has places of its own: what is urgent finds one, and what is long never takes all. */
const SHARE_OF_PLACES: { readonly [W in FailingWork]: number } = {
  'opt-outs': 1 / 2,
  asked: 1 / 2,
  sync: 1,
  align: 1 / 4,
  verify: 1 / 4,
};

export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { store, clock, log, signal } = options;
  const optOuts = createOptOutLooks({
    engine: (name, ended) => options.engine(name, ended, 'opt-outs'),
    log,
    signal,
  });
  let known: ReadonlyMap<string, Served> = new Map();
  const learn = async (): Promise<void> => {
    const now = new Map((await options.connections()).map((one) => [one.name, one]));
    const news = [...now.values()].filter((one) => known.get(one.name)?.settings !== one.settings);
    await addJobTimes(store, firstTimes(news));
    if (news.length > 0) await tellNotAligned(options, news);
    // Other settings may name another account.
    for (const { name } of news) optOuts.forget(name);
    known = now;
  };
  const running = new Set<string>();
  const boss = await startBoss(options.databaseUrl, log);
  await learn();
  const onSchedule = async (name: string, work: Work): Promise<void> => {
    const connection = known.get(name);
    const wanted = await wantedSince(store, name, work);
    const { next, put } =
      connection === undefined || connection.paused
        ? { next: clock.now() + UNKNOWN_MS, put: 'off' as const }
        : await tried(
            options,
            { ...connection, timetable: timetableOf(name, connection.everyMs), work, wanted: wanted !== null },
            optOuts,
          );
    await setJobTime(store, { connection: name, work, dueAt: next === null ? null : iso(next) }, { wanted, put });
  };
  const handle = (work: FailingWork) => async (name: string, died: number) => {
    running.add(name);
    try {
      if (died > 0)
        await countFailure(store, { connection: name, work, at: iso(clock.now()), reason: WORKER_DIED, what: null });
      if (work === 'asked' || work === 'align') {
        await doNextAsked(options, name, work);
      } else await onSchedule(name, work);
    } catch (error) {
      // The tables say that it is still to be done: it is asked for again.
      log.error({ connection: name, work, reason: wordsOf(error) }, 'the work could not be settled');
    } finally {
      running.delete(name);
    }
  };
  for (const work of WORKS)
    await boss.take(work, Math.max(1, Math.ceil(options.concurrency * SHARE_OF_PLACES[work])), handle(work));
  let nudge = new AbortController();
  let lookedAt = clock.now();
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await learn();
        await askForWork(store, boss, clock.now());
        for (const id of await cancelledRuns(store, options.live.ids())) options.live.cancel(id);
        lookedAt = clock.now();
      } catch (error) {
        log.error({ reason: wordsOf(error) }, 'the schedule cannot be read');
      }
      await clock.sleep(LOOK_MS, AbortSignal.any([signal, nudge.signal]));
      nudge = new AbortController();
    }
    await boss.stop(options.stopWithinMs);
    if (running.size > 0)
      log.warn({ connections: [...running] }, 'ended before the cycle did; the next run goes on where it ended');
  };
  return {
    done: loop(),
    lookedAt: () => lookedAt,
    states: () => [...running].map((connection) => ({ connection, standing: 'running', dueAt: null })),
    look: () => nudge.abort(),
  };
}

/** All that is new is due at its own moment of the first interval, so that ten thousand do not begin together. */
function firstTimes(connections: readonly Served[]): readonly JobTime[] {
  return connections.flatMap(({ name, nightly, optOutLane }) => [
    // Whether it is aligned is found out by the first look.
    { connection: name, work: 'sync' as const, dueAt: null },
    ...(nightly === null ? [] : [{ connection: name, work: 'verify' as const, dueAt: null }]),
    ...(optOutLane ? [{ connection: name, work: 'opt-outs' as const, dueAt: null }] : []),
  ]);
}

/** (decision 13) Once for each connection, so that nobody wonders why nothing happens. */
async function tellNotAligned({ store, log }: WorkerOptions, news: readonly Served[]): Promise<void> {
  const aligned = new Set((await listConnections(store)).flatMap(({ name, alignedAt }) => alignedAt && name));
  for (const { name, paused } of news)
    if (!paused && !aligned.has(name)) log.info({ connection: name }, NOT_ALIGNED_YET);
}

async function askForWork(store: Store, boss: Boss, now: number): Promise<void> {
  await wakeAligned(store, iso(now));
  const due = await askForDue(store, { now: iso(now), askedBefore: iso(now - ASK_AGAIN_MS) }, ASK);
  for (const [work, times] of Map.groupBy(due, (time) => time.work))
    await boss.ask(
      work,
      times.map(({ connection }) => connection),
    );
  const asked = await tellDueRuns(store, { now: iso(now), toldBefore: iso(now - ASK_AGAIN_MS) }, ASK);
  for (const [lane, runs] of Map.groupBy(asked, (run) => run.lane))
    await boss.ask(
      lane,
      runs.map(({ connection }) => connection),
    );
}

/** Whatever becomes of it. */
async function tried(options: WorkerOptions, task: Task, optOuts: OptOutLooks): Promise<Done> {
  const { store } = options;
  const { name, work } = task;
  try {
    const done = await doWork(options, task, optOuts);
    if (done.put === 'done') await forgetFailures(store, name, work);
    return done;
  } catch (error) {
    return failed(options, task, error, null);
  }
}

async function failed(
  { store, clock, log }: WorkerOptions,
  { name, work }: Task,
  error: unknown,
  run: string | null,
): Promise<Done> {
  const now = clock.now();
  const reason = wordsOf(error);
  const failures = await countFailure(store, { connection: name, work, at: iso(now), reason, what: null });
  log.error({ connection: name, run, work, failures, reason }, 'the work failed; it is tried again later');
  return { next: now + retryAfterMs(failures), put: 'off' };
}

interface Task extends Scheduled {
  readonly work: Work;
  readonly timetable: Timetable;
  /** Whatever the schedule says. */
  readonly wanted: boolean;
}

interface Done {
  /** When the same work is due again, milliseconds since the epoch; null = when somebody aligned the connection. */
  readonly next: number | null;
  /** `off`: it could not be begun, so that whoever wanted it at once still waits for it. */
  readonly put: 'done' | 'off';
}

async function doWork(options: WorkerOptions, task: Task, optOuts: OptOutLooks): Promise<Done> {
  const { store, clock, log, signal } = options;
  const { name, work } = task;
  const off = (ms: number): Done => ({ next: clock.now() + ms, put: 'off' });
  const done = (next: number | null): Done => ({ next, put: 'done' });
  if (signal.aborted) return off(BREATH_MS);
  const alignedAt = (await getConnection(store, name))?.alignedAt ?? null;
  if (alignedAt === null) return done(null);
  if (work === 'opt-outs') {
    await optOuts.look(name);
    return done(clock.now() + POLL_EVERY_MS);
  }
  const early = task.wanted ? null : await tooEarly(options, task, alignedAt);
  if (early !== null) return done(early);
  const ended = new AbortController();
  let engine: Engine | null = null;
  try {
    engine = await options.engine(name, AbortSignal.any([signal, ended.signal]), 'cycle');
    if ((await runWork({ store, log }, engine, work)) === 'busy') return off(BUSY_MS);
  } catch (error) {
    const run = engine?.nextRunId ?? null;
    if (wasBrokenOff(engine)) {
      log.info({ connection: name, run, work }, BROKEN_OFF);
      return done(nextTime(task, clock.now()));
    }
    if (signal.aborted) {
      log.info({ connection: name, run }, 'broken off; another worker goes on where it ended');
      return off(BREATH_MS);
    }
    return await failed(options, task, error, run);
  } finally {
    ended.abort();
  }
  return done((await tooEarly(options, task, alignedAt)) ?? clock.now() + BREATH_MS);
}

/** When it is due, where that is not now: a worker may be asked twice, or after somebody else did it. */
async function tooEarly({ store, clock }: WorkerOptions, task: Task, alignedAt: string): Promise<number | null> {
  const now = clock.now();
  const { name, work, nightly, timetable } = task;
  if (work === 'verify') {
    if (nightly !== null && (await nightlyDue(store, name, nightly, now, alignedAt))) return null;
    return nextTime(task, now);
  }
  const past = await pastRuns(store, name, iso(now));
  if (past === null) return now + BUSY_MS;
  const due = dueAt(past, timetable);
  return due > now ? due : null;
}

/** After a start at this moment. */
function nextTime({ work, nightly, timetable }: Task, now: number): number {
  if (work !== 'verify') return nextSlot(now, timetable);
  return nightly === null ? now + UNKNOWN_MS : nextNightly(nightly, now) + (timetable.offsetMs % NIGHTLY_SPREAD_MS);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
