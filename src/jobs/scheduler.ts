// Runs the cycles that are due, some connections at once, each connection once at a time. Outlives every failure of a
// connection and stops within seconds: a cycle may be broken off anywhere, and its next run goes on from there.
import type { Engine } from '../engine/engine.ts';
import { type Nightly, nightlyDue } from '../engine/nightly.ts';
import { getConnection } from '../store/connections.ts';
import type { Store } from '../store/executor.ts';
import { countFailure, forgetFailures } from '../store/job-failures.ts';
import type { Clock } from './clock.ts';
import { wasBrokenOff } from './live-runs.ts';
import type { Log } from './log.ts';
import { pastRuns } from './past-runs.ts';
import { BROKEN_OFF, NOT_ALIGNED_YET, runWork, wordsOf } from './run-work.ts';
import { dueAt, nextSlot, type Timetable, timetableOf } from './timetable.ts';

/** A connection and its times. */
export interface Scheduled {
  readonly name: string;
  readonly everyMs: number;
  /** Null = no nightly comparison. */
  readonly nightly: Nightly | null;
  /** Somebody stopped it: nothing of it starts by itself. */
  readonly paused: boolean;
}

/** A connection on schedule, and whether opt-outs in marketing go to the CRM within a minute. */
export interface Served extends Scheduled {
  readonly optOutLane: boolean;
  /** Another object as soon as the settings are other ones. */
  readonly settings: object;
}

/**
 * An engine that the signal ends, for a cycle or for the opt-out lane beside it.
 * @param nextRunId of the one run that the engine is for, where somebody asked for it
 */
export type EngineFor = (
  connection: string,
  signal: AbortSignal,
  purpose: 'cycle' | 'opt-outs',
  nextRunId?: string | null,
) => Promise<Engine>;

export interface SchedulerOptions {
  readonly store: Store;
  /** Asked at each look: connections are made, changed and paused while the service runs. */
  connections(): Promise<readonly Scheduled[]>;
  /** A fresh engine for one cycle, ended by the signal. */
  engine(connection: string, signal: AbortSignal): Promise<Engine>;
  readonly clock: Clock;
  readonly log: Log;
  /** Connections under way at once. */
  readonly concurrency: number;
  /** Ends the scheduler. */
  readonly signal: AbortSignal;
  /** Milliseconds that cycles under way get to end after the signal. */
  readonly stopWithinMs: number;
}

export type Standing = 'waiting' | 'running' | 'not-aligned' | 'busy' | 'paused';

export interface ScheduledState {
  readonly connection: string;
  readonly standing: Standing;
  /** Milliseconds since the epoch; null while it is not known. */
  readonly dueAt: number | null;
}

export interface Scheduler {
  /** Resolves when it has stopped; never rejects. */
  readonly done: Promise<void>;
  /** When it last looked what is due, milliseconds since the epoch. */
  lookedAt(): number;
  states(): readonly ScheduledState[];
}

/** At least so often it looks what is due: an alignment or a run by somebody else is noticed by then. Milliseconds. */
export const LOOK_EVERY_MS = 10_000;
/** After somebody else had the connection. Milliseconds. */
const BUSY_MS = 60_000;

interface Entry {
  readonly name: string;
  timetable: Timetable;
  nightly: Nightly | null;
  paused: boolean;
  /** What is due at `dueAt`. */
  work: 'sync' | 'verify';
  standing: Standing;
  dueAt: number | null;
  /** Last start by this process and this clock: services and databases may run on others. */
  startedAt: number | null;
  notBefore: number;
  running: Promise<void> | null;
}

export function startScheduler(options: SchedulerOptions): Scheduler {
  const { clock } = options;
  const entries: Entry[] = [];
  let lookedAt = clock.now();
  const loop = async (): Promise<void> => {
    while (!options.signal.aborted) {
      const before = entries.flatMap(({ running }) => running ?? []);
      const waitMs = await startDue(options, entries);
      lookedAt = clock.now();
      if (options.signal.aborted) break;
      const pause = new AbortController();
      // One that ended during the look may not have been looked at any more.
      const ended = [...before, ...entries.flatMap(({ running }) => running ?? [])];
      await Promise.race([clock.sleep(waitMs, AbortSignal.any([options.signal, pause.signal])), ...ended]);
      pause.abort();
    }
    await stop(options, entries);
  };
  return {
    done: loop(),
    lookedAt: () => lookedAt,
    states: () => entries.map(({ name, standing, dueAt: due }) => ({ connection: name, standing, dueAt: due })),
  };
}

/** Takes up what was added or changed, and leaves out what is gone. A cycle under way goes on in any case. */
async function refresh(options: SchedulerOptions, entries: Entry[]): Promise<void> {
  const known = new Map(entries.map((entry) => [entry.name, entry]));
  const wanted = (await options.connections()).map(({ name, everyMs, nightly, paused }): Entry => {
    const entry = known.get(name);
    const now = { timetable: timetableOf(name, everyMs), nightly, paused };
    if (entry !== undefined) return Object.assign(entry, now);
    const fresh = {
      work: 'sync',
      standing: 'waiting',
      dueAt: null,
      startedAt: null,
      notBefore: 0,
      running: null,
    } as const;
    return { name, ...now, ...fresh };
  });
  const names = new Set(wanted.map(({ name }) => name));
  const leaving = entries.filter(({ name, running }) => running !== null && !names.has(name));
  for (const entry of leaving) entry.paused = true;
  entries.splice(0, entries.length, ...wanted, ...leaving);
}

/** Starts what is due as far as there is room. @returns milliseconds until the next look */
async function startDue(options: SchedulerOptions, entries: Entry[]): Promise<number> {
  const { clock, concurrency, log } = options;
  try {
    await refresh(options, entries);
  } catch (error) {
    log.error({ reason: wordsOf(error) }, 'the connections cannot be read');
  }
  for (const entry of entries) {
    if (entry.running !== null) continue;
    try {
      await look(options, entry);
    } catch (error) {
      // A database that does not answer now may do so at the next look.
      log.error({ connection: entry.name, reason: wordsOf(error) }, 'the schedule cannot be read');
      entry.dueAt = null;
    }
  }
  const due = entries
    .filter((entry) => entry.running === null && entry.dueAt !== null && entry.dueAt <= clock.now())
    .sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0));
  const room = concurrency - entries.filter((entry) => entry.running !== null).length;
  for (const entry of due.slice(0, Math.max(0, room))) {
    entry.standing = 'running';
    entry.startedAt = clock.now();
    entry.running = runOnce(options, entry).finally(() => {
      entry.running = null;
      entry.standing = 'waiting';
    });
  }
  const next = entries.flatMap((entry) => (entry.running === null && entry.dueAt !== null ? [entry.dueAt] : []));
  const soonest = Math.min(...next, Number.POSITIVE_INFINITY) - clock.now();
  // What is due but has no room starts when a running cycle ends.
  return soonest <= 0 ? LOOK_EVERY_MS : Math.min(LOOK_EVERY_MS, soonest);
}

/** Finds out when the connection is due; says so when it cannot be. */
async function look({ store, clock, log }: SchedulerOptions, entry: Entry): Promise<void> {
  const { name, timetable } = entry;
  const become = (standing: Standing, words: string): void => {
    if (entry.standing !== standing) log.info({ connection: name }, words);
    entry.standing = standing;
    entry.dueAt = null;
  };
  if (entry.paused) {
    become('paused', 'paused: nothing starts by itself until it is resumed');
    return;
  }
  const alignedAt = (await getConnection(store, name))?.alignedAt ?? null;
  if (alignedAt === null) {
    become('not-aligned', NOT_ALIGNED_YET);
    return;
  }
  const past = await pastRuns(store, name, new Date(clock.now()).toISOString());
  if (past === null) {
    become('busy', 'another run has the connection: waiting for it');
    return;
  }
  if (entry.standing === 'not-aligned') log.info({ connection: name }, 'aligned: runs on schedule from now on');
  entry.standing = 'waiting';
  const ownStart = entry.startedAt !== null && past.startedAt !== null && entry.startedAt > past.startedAt;
  const known = ownStart ? { ...past, startedAt: entry.startedAt } : past;
  entry.work = 'sync';
  entry.dueAt = Math.max(entry.notBefore, dueAt(known, timetable));
  // Between two cycles: what people changed goes first.
  const { nightly } = entry;
  const idle = entry.dueAt > clock.now() && entry.notBefore <= clock.now();
  if (nightly !== null && idle && (await nightlyDue(store, name, nightly, clock.now(), alignedAt))) {
    entry.work = 'verify';
    entry.dueAt = clock.now();
  }
}

async function runOnce(options: SchedulerOptions, entry: Entry): Promise<void> {
  const { clock, log, signal, store } = options;
  const { name } = entry;
  // A run that broke off is taken up at once, but never in a loop without a breath.
  entry.notBefore = clock.now() + LOOK_EVERY_MS;
  let engine: Engine | null = null;
  try {
    engine = await options.engine(name, signal);
    const ran = await runWork({ store, log }, engine, entry.work);
    await forgetFailures(store, name, entry.work);
    if (ran === 'busy') {
      entry.notBefore = clock.now() + BUSY_MS;
      log.info({ connection: name }, 'another run has the connection: trying again in a minute');
    }
  } catch (error) {
    const run = engine?.nextRunId ?? null;
    if (wasBrokenOff(engine)) {
      entry.notBefore = nextSlot(clock.now(), entry.timetable);
      log.info({ connection: name, run, work: entry.work }, BROKEN_OFF);
    } else if (signal.aborted) log.info({ connection: name, run }, 'broken off; the next run goes on where it ended');
    else {
      const now = clock.now();
      const reason = wordsOf(error);
      entry.notBefore = now + BUSY_MS;
      log.error({ connection: name, run, reason }, 'the cycle failed; it is tried again later');
      const failure = { connection: name, work: entry.work, at: new Date(now).toISOString(), reason, what: null };
      // A database that is away is the next look's to tell.
      await countFailure(store, failure).catch(() => undefined);
    }
  }
}

async function stop({ clock, log, stopWithinMs }: SchedulerOptions, entries: readonly Entry[]): Promise<void> {
  const running = entries.flatMap((entry) => entry.running ?? []);
  if (running.length === 0) return;
  const over = new AbortController();
  await Promise.race([Promise.all(running), clock.sleep(stopWithinMs, over.signal)]);
  over.abort();
  const left = entries.filter((entry) => entry.running !== null).map(({ name }) => name);
  if (left.length > 0)
    log.warn({ connections: left }, 'ended before the cycle did; the next run goes on where it ended');
}
