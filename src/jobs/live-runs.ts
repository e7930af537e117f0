// Runs under way in this process: how far they are, and how to break them off. The journal of runs stays the truth about all others.
import type { Engine, Progress, RunFrame } from '../engine/engine.ts';
import type { RunReport } from '../engine/report.ts';
import type { RunState } from '../store/runs.ts';

export interface LiveRun extends RunFrame {
  readonly progress: Pick<Progress, 'phase' | 'done' | 'total'> | null;
}

/** A run that ended before it was recorded, or with an error that no record tells. */
export interface Unrecorded extends RunFrame {
  readonly message: string;
}

export interface EngineWiring {
  readonly signal: AbortSignal;
  readonly progress: (step: Progress) => void;
  /** The run that is under way with it. */
  readonly run: () => string | null;
}

export interface LiveRunsOptions {
  engine(connection: string, wiring: EngineWiring): Promise<Engine>;
  newId(): string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Told of every run as it begins, moves and ends. `ended` null: it broke off. */
  watch(run: LiveRun, ended: RunState | null | undefined): void;
  /** A run somebody started failed with an error that no report tells. */
  onError(run: RunFrame, error: unknown): void;
}

/** Why a run ended: somebody wanted it to. That is no failure, and nobody tries it again at once. */
class BrokenOff extends Error {}

export function wasBrokenOff(engine: Pick<Engine, 'signal'> | null): boolean {
  return engine?.signal.reason instanceof BrokenOff;
}

interface Entry {
  run: LiveRun;
  toldAt: number;
  readonly stop: AbortController;
}

/** Progress is told this often at most. Milliseconds. */
const TELL_EVERY_MS = 250;
/** Runs that ended early, kept so that whoever started them finds out why. */
const KEPT = 50;

export class LiveRuns {
  readonly #options: LiveRunsOptions;
  readonly #entries = new Map<string, Entry>();
  /** Started, and not yet holding their connection. */
  readonly #beginning = new Map<string, LiveRun>();
  readonly #leftNothing = new Map<string, Unrecorded>();
  readonly #work = new Set<Promise<unknown>>();

  constructor(options: LiveRunsOptions) {
    this.#options = options;
  }

  /** An engine for one run, which is followed here. @param nextRunId of the run; null = a new one */
  async engine(connection: string, signal: AbortSignal, nextRunId: string | null = null): Promise<Engine> {
    const { wiring, watch } = this.follow(signal);
    const engine = await this.#options.engine(connection, wiring);
    return { ...engine, nextRunId: nextRunId ?? this.#options.newId(), watch: bothOf(engine.watch, watch) };
  }

  /** What an engine is made with, and told to, so that its runs are followed here. @param progress is told as well */
  follow(
    signal: AbortSignal,
    progress?: EngineWiring['progress'],
  ): { readonly wiring: EngineWiring; readonly watch: NonNullable<Engine['watch']> } {
    const stop = new AbortController();
    let entry: Entry | null = null;
    return {
      wiring: {
        signal: AbortSignal.any([signal, stop.signal]),
        progress: (step) => {
          if (entry !== null) this.#moved(entry, step);
          progress?.(step);
        },
        run: () => entry?.run.id ?? null,
      },
      watch: {
        started: (frame) => {
          entry = { run: { ...frame, progress: null }, toldAt: this.#options.now(), stop };
          this.#beginning.delete(frame.id);
          this.#entries.set(frame.id, entry);
          this.#options.watch(entry.run, undefined);
        },
        ended: (frame, state) => {
          this.#entries.delete(frame.id);
          this.#options.watch(entry?.run ?? { ...frame, progress: null }, state);
        },
      },
    };
  }

  /** Starts something that is one run, and returns its id at once. */
  start(
    connection: string,
    kind: RunFrame['kind'],
    signal: AbortSignal,
    work: (engine: Engine) => Promise<RunReport>,
  ): string {
    const id = this.#options.newId();
    const frame = { id, connection, kind, startedAt: new Date(this.#options.now()).toISOString() };
    this.#beginning.set(id, { ...frame, progress: null });
    const done = this.engine(connection, signal, id)
      .then(work)
      .then(({ message, state }) => {
        // What held the connection was another run: this one left no record.
        if (state === 'aborted') this.#leftNothing.set(id, { ...frame, message: message ?? 'It could not begin.' });
      })
      .catch((error: unknown) => {
        if (signal.aborted) return;
        this.#leftNothing.set(id, {
          ...frame,
          message: 'It broke off with an error; the log of the service tells it.',
        });
        this.#options.onError(frame, error);
      })
      .finally(() => {
        this.#work.delete(done);
        this.#beginning.delete(id);
        const [oldest] = this.#leftNothing.keys();
        if (this.#leftNothing.size > KEPT && oldest !== undefined) this.#leftNothing.delete(oldest);
      });
    this.#work.add(done);
    return id;
  }

  get(id: string): LiveRun | null {
    return this.#entries.get(id)?.run ?? null;
  }

  /** Runs under way here. */
  ids(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** What has the connection here, or is about to. */
  of(connection: string): LiveRun | null {
    const runs = [...this.#beginning.values(), ...[...this.#entries.values()].map(({ run }) => run)];
    return runs.find((run) => run.connection === connection) ?? null;
  }

  /** What is known of a run that was started here, when the journal knows nothing of it. */
  unrecorded(id: string): Unrecorded | null {
    return this.#leftNothing.get(id) ?? null;
  }

  /** @returns false when it is not under way here */
  cancel(id: string): boolean {
    const entry = this.#entries.get(id);
    entry?.stop.abort(new BrokenOff());
    return entry !== undefined;
  }

  /** Resolves when nothing that was started here is under way any more. */
  async idle(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work);
  }

  #moved(entry: Entry, { phase, done, total }: Progress): void {
    const before = entry.run.progress;
    entry.run = { ...entry.run, progress: { phase, done, total } };
    const now = this.#options.now();
    if (before?.phase === phase && now - entry.toldAt < TELL_EVERY_MS) return;
    entry.toldAt = now;
    this.#options.watch(entry.run, undefined);
  }
}

type Watch = NonNullable<Engine['watch']>;

function bothOf(one: Engine['watch'], other: Watch): Watch {
  if (one === undefined) return other;
  return {
    started: (run) => {
      one.started(run);
      other.started(run);
    },
    ended: (run, state) => {
      one.ended(run, state);
      other.ended(run, state);
    },
  };
}
