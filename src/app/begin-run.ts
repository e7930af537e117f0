// Begins a run that somebody asked for: in this process, or by way of the queue where several processes share the work.
import { randomUUID } from 'node:crypto';
import { type AskedWork, doAsked, kindOfAsked, laneOfAsked } from '../jobs/asked-work.ts';
import type { LiveRuns } from '../jobs/live-runs.ts';
import { askForRun } from '../store/asked-runs.ts';
import type { Store } from '../store/executor.ts';

export interface Beginning {
  readonly store: Store;
  readonly runs: LiveRuns;
  /** The workers of this process look at once. */
  look(): void;
  /** Ends what runs here. */
  readonly ended: AbortSignal;
}

/** @returns the run's id, or null when this connection waits for another run already */
export async function beginRun(
  { store, runs, look, ended }: Beginning,
  connection: string,
  what: AskedWork,
): Promise<string | null> {
  if (store.backend.kind === 'sqlite') {
    // Of two at the same moment one begins.
    if (runs.of(connection) !== null) return null;
    return runs.start(connection, kindOfAsked(what), ended, (engine) => doAsked(engine, what));
  }
  const id = randomUUID();
  const askedAt = new Date().toISOString();
  if (!(await askForRun(store, { id, connection, lane: laneOfAsked(what), what, askedAt }))) return null;
  look();
  return id;
}
