// What was done day by day, from the counters that every run keeps. Only reads the store.
import type { System } from '../core/model/identity.ts';
import type { Executor } from '../store/executor.ts';
import { runFigures } from '../store/figures.ts';
import type { RunKind } from '../store/runs.ts';
import type { RunFigures } from './run.ts';

export interface Day {
  /** ISO date, UTC. */
  readonly day: string;
  readonly crm: number;
  readonly marketing: number;
  readonly failed: number;
  readonly runs: number;
}

const DAY_MS = 24 * 3_600_000;
const WRITING: readonly RunKind[] = ['sync', 'align', 'undo'];

/** The last `days` days up to today, oldest first, quiet ones included. @param now milliseconds since the epoch */
export async function activity(
  ex: Executor,
  options: { readonly days: number; readonly now: number; readonly connection?: string },
): Promise<readonly Day[]> {
  const { days, now, connection } = options;
  const dates = Array.from({ length: days }, (_, i) => dateOf(now - (days - 1 - i) * DAY_MS));
  const byDay = new Map(dates.map((day) => [day, { day, crm: 0, marketing: 0, failed: 0, runs: 0 }]));
  for (const run of await runFigures(ex, `${dates[0]}T00:00:00.000Z`, connection)) {
    const entry = byDay.get(run.startedAt.slice(0, 10));
    if (entry === undefined || !WRITING.includes(run.kind)) continue;
    const { bySystem, failed } = run.counters as RunFigures & {
      readonly bySystem?: { readonly [S in System]: number };
    };
    entry.runs += 1;
    entry.crm += bySystem?.crm ?? 0;
    entry.marketing += bySystem?.marketing ?? 0;
    entry.failed += failed ?? 0;
  }
  return [...byDay.values()];
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
