// Asks every minute who opted out in marketing, beside the cycles and never during one. Outlives every failure of a connection.
import type { Engine } from '../engine/engine.ts';
import { pollOptOuts } from '../engine/opt-out-lane.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

export interface LaneConnection {
  readonly name: string;
  /** Another object as soon as the settings are other ones: its lane begins afresh then. */
  readonly settings: object;
}

export interface OptOutLaneOptions {
  /** An engine that lives until its signal aborts: only its first call has to find the account. */
  engine(connection: string, signal: AbortSignal): Promise<Engine>;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends every lane. */
  readonly signal: AbortSignal;
}

export interface OptOutLanes {
  /** These connections and no others: their consent goes from marketing to the CRM at once. */
  keep(connections: readonly LaneConnection[]): void;
  /** Resolves when every lane has stopped; never rejects. */
  stopped(): Promise<void>;
}

/** Milliseconds between two questions. */
export const POLL_EVERY_MS = 60_000;

export function openOptOutLanes(options: OptOutLaneOptions): OptOutLanes {
  const open = new Map<string, { readonly settings: object; readonly end: AbortController }>();
  const lanes = new Set<Promise<void>>();
  return {
    keep: (connections) => {
      if (options.signal.aborted) return;
      const wanted = new Map(connections.map(({ name, settings }) => [name, settings]));
      for (const [name, lane] of open) {
        if (wanted.get(name) === lane.settings) continue;
        lane.end.abort();
        open.delete(name);
      }
      for (const [name, settings] of wanted) {
        if (open.has(name)) continue;
        const end = new AbortController();
        open.set(name, { settings, end });
        const signal = AbortSignal.any([options.signal, end.signal]);
        const lane: Promise<void> = runLane({ ...options, signal }, name).finally(() => lanes.delete(lane));
        lanes.add(lane);
      }
    },
    stopped: async () => {
      await Promise.all(lanes);
    },
  };
}

async function runLane(options: OptOutLaneOptions, name: string): Promise<void> {
  const { clock, log, signal } = options;
  let lane: { readonly engine: Engine; readonly end: AbortController } | null = null;
  let failing = false;
  while (!signal.aborted) {
    await clock.sleep(POLL_EVERY_MS, signal);
    if (signal.aborted) break;
    try {
      if (lane === null) {
        const end = new AbortController();
        lane = { engine: await options.engine(name, AbortSignal.any([signal, end.signal])), end };
      }
      const poll = await pollOptOuts(lane.engine);
      if (failing) log.info({ connection: name }, 'opt-outs are looked for again');
      failing = false;
      if (poll.type !== 'ran') continue;
      tellOptOuts(log, poll.report);
      // Its right to call ended with the run.
      lane.end.abort();
      lane = null;
    } catch (error) {
      if (signal.aborted) break;
      // Told once: the next cycle says what is wrong in its own words, every time.
      const reason = error instanceof Error ? error.message : String(error);
      if (!failing)
        log.warn({ connection: name, reason }, 'opt-outs could not be looked for; tried again every minute');
      failing = true;
      // Whatever it was, the next question starts afresh: other credentials, another region.
      lane?.end.abort();
      lane = null;
    }
  }
  lane?.end.abort();
}

type Report = Extract<Awaited<ReturnType<typeof pollOptOuts>>, { type: 'ran' }>['report'];

export function tellOptOuts(log: Log, { connection, id, state, actions, failures, message }: Report): void {
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
