// Asks every minute who opted out in marketing, beside the cycles and never during one. Outlives every failure of a connection.
import type { Engine } from '../engine/engine.ts';
import { pollOptOuts } from '../engine/opt-out-lane.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import { wordsOf } from './run-work.ts';

export interface LaneConnection {
  readonly name: string;
  /** Another object as soon as the settings are other ones: its lane begins afresh then. */
  readonly settings: object;
}

export interface OptOutLooksOptions {
  /** An engine that lives until its signal aborts: only its first call has to find the account. */
  engine(connection: string, signal: AbortSignal): Promise<Engine>;
  readonly log: Log;
  /** Ends every look. */
  readonly signal: AbortSignal;
}

/** The question itself, wherever its times come from. */
export interface OptOutLooks {
  /** Asks once, and carries over what it finds. Never rejects. */
  look(connection: string): Promise<void>;
  /** Its settings changed, or it is gone: breaks off what is under way. */
  forget(connection: string): void;
}

/** Milliseconds between two questions. */
export const POLL_EVERY_MS = 60_000;
/** Accounts that a process remembers how to ask. */
const KEPT = 500;

export function createOptOutLooks({ log, signal, ...options }: OptOutLooksOptions): OptOutLooks {
  const open = new Map<string, Asker>();
  const failing = new Set<string>();
  const forget = (name: string): void => {
    open.get(name)?.end.abort();
    open.delete(name);
  };
  const askerOf = (name: string): Asker => {
    const known = open.get(name);
    const end = known?.end ?? new AbortController();
    const asker = known ?? { engine: options.engine(name, AbortSignal.any([signal, end.signal])), end };
    // Who was asked last goes last.
    open.delete(name);
    open.set(name, asker);
    const [oldest = name] = open.keys();
    if (open.size > KEPT) forget(oldest);
    return asker;
  };
  return {
    forget,
    async look(name) {
      const { engine, end } = askerOf(name);
      try {
        const poll = await pollOptOuts(await engine);
        if (failing.delete(name)) log.info({ connection: name }, 'opt-outs are looked for again');
        if (poll.type !== 'ran') return;
        tellOptOuts(log, poll.report);
        // Its right to call ended with the run.
        forget(name);
      } catch (error) {
        if (signal.aborted || end.signal.aborted) return;
        // Whatever it was, the next question starts afresh: other credentials, another region.
        forget(name);
        // Told once: the next cycle says what is wrong in its own words, every time.
        if (failing.has(name)) return;
        failing.add(name);
        log.warn(
          { connection: name, reason: wordsOf(error) },
          'opt-outs could not be looked for; tried again every minute',
        );
      }
    },
  };
}

interface Asker {
  readonly engine: Promise<Engine>;
  readonly end: AbortController;
}

export interface OptOutLanes {
  /** These connections and no others: their consent goes from marketing to the CRM at once. */
  keep(connections: readonly LaneConnection[]): void;
  /** Resolves when every lane has stopped; never rejects. */
  stopped(): Promise<void>;
}

/** A lane for each connection, in the one process that does all its work. */
export function openOptOutLanes(options: OptOutLooksOptions & { readonly clock: Clock }): OptOutLanes {
  const { clock, signal } = options;
  const looks = createOptOutLooks(options);
  const open = new Map<string, { readonly settings: object; readonly end: AbortController }>();
  const lanes = new Set<Promise<void>>();
  const run = async (name: string, ended: AbortSignal): Promise<void> => {
    for (;;) {
      await clock.sleep(POLL_EVERY_MS, ended);
      if (ended.aborted) return;
      await looks.look(name);
    }
  };
  return {
    keep: (connections) => {
      if (signal.aborted) return;
      const wanted = new Map(connections.map(({ name, settings }) => [name, settings]));
      for (const [name, lane] of open) {
        if (wanted.get(name) === lane.settings) continue;
        lane.end.abort();
        looks.forget(name);
        open.delete(name);
      }
      for (const [name, settings] of wanted) {
        if (open.has(name)) continue;
        const end = new AbortController();
        open.set(name, { settings, end });
        const lane: Promise<void> = run(name, AbortSignal.any([signal, end.signal])).finally(() => lanes.delete(lane));
        lanes.add(lane);
      }
    },
    stopped: async () => {
      await Promise.all(lanes);
    },
  };
}

type Report = Extract<Awaited<ReturnType<typeof pollOptOuts>>, { type: 'ran' }>['report'];

function tellOptOuts(log: Log, { connection, id, state, actions, failures, message }: Report): void {
  const event = {
    connection,
    run: id,
    state,
    writes: actions.total,
    failed: failures.length,
    ...(message === null ? {} : { reason: message }),
  };
  if (state === 'ok' || state === 'ok_with_holds') log.info(event, 'opt-outs carried over');
  else log.warn(event, 'opt-outs carried over in part');
}
