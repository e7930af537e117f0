// Figures for Prometheus, read from the store when they are asked for: nothing is counted twice and nothing is lost with the process.
// Never tells anything about a person.

import type { System } from '../core/model/identity.ts';
import { callsOf, overviewOf } from '../engine/overview.ts';
import type { RunFigures } from '../engine/run.ts';
import { runFigures } from '../store/figures.ts';
import { deadLetters } from '../store/job-failures.ts';
import type { ApiHost } from './host.ts';

type Labels = { readonly [name: string]: string };

/** One metric with its samples, in the text format of Prometheus. */
class Metric {
  readonly #lines: string[];
  readonly #name: string;

  constructor(name: string, help: string) {
    this.#name = name;
    this.#lines = [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`];
  }

  add(labels: Labels, value: number | null): void {
    if (value === null) return;
    const text = Object.entries(labels).map(([name, label]) => `${name}="${escaped(label)}"`);
    this.#lines.push(`${this.#name}{${text.join(',')}} ${value}`);
  }

  get text(): string {
    return this.#lines.join('\n');
  }
}

const DAY_MS = 24 * 3_600_000;
const SYSTEMS: readonly System[] = ['crm', 'marketing'];

export async function metricsText(host: ApiHost): Promise<string> {
  const runs = new Metric('lockstep_runs_24h', 'Runs that began in the last 24 hours, by kind and state.');
  const actions = new Metric('lockstep_actions_24h', 'Writes of those runs, by kind.');
  const failed = new Metric('lockstep_failed_actions_24h', 'Writes of those runs that failed.');
  const calls = new Metric('lockstep_api_calls_24h', 'API calls of those runs, by system.');
  const limit = new Metric('lockstep_api_limit', 'Calls a period that a service allows, by tier, as of the last run.');
  const left = new Metric('lockstep_api_remaining', 'Calls a service said were left, by tier, as of the last run.');
  const holds = new Metric('lockstep_holds', 'Holds that are open, by code and severity.');
  const links = new Metric('lockstep_links', 'Links, by role and state.');
  const parked = new Metric('lockstep_parked_actions', 'Writes that wait for approval.');
  const lag = new Metric('lockstep_lag_seconds', 'Time since the last run that went through began.');
  const latency = new Metric(
    'lockstep_opt_out_latency_seconds',
    'Median time an opt-out took to the other side, of the last ones.',
  );
  const drift = new Metric(
    'lockstep_drift_differences',
    'Differences nothing explains, by the last comparison of both sides.',
  );
  const dead = new Metric('lockstep_dead_letters', 'Work that failed again and again by errors nobody expected.');
  const healthy = new Metric('lockstep_service_up', '1 when the last run reached the service, 0 when it did not.');
  const aligned = new Metric('lockstep_aligned', '1 when the connection was aligned.');

  for (const { name: connection } of await host.book.list()) {
    const overview = await overviewOf(host.store, connection, host.now());
    for (const { code, severity, total } of overview.status.holds) holds.add({ connection, code, severity }, total);
    for (const { role, state, total } of overview.status.links) links.add({ connection, role, state }, total);
    parked.add({ connection }, overview.parked);
    lag.add({ connection }, overview.lagSeconds);
    latency.add({ connection }, overview.optOutLatencySeconds);
    drift.add({ connection }, overview.drift?.differences ?? null);
    aligned.add({ connection }, overview.status.alignedAt === null ? 0 : 1);
    for (const system of SYSTEMS) {
      const { health, quota } = overview.sides[system];
      if (health !== 'unknown') healthy.add({ connection, system }, health === 'ok' ? 1 : 0);
      for (const { tier, limit: most, remaining } of quota) {
        limit.add({ connection, system, tier }, most);
        left.add({ connection, system, tier }, remaining);
      }
    }
  }

  for (const { connection, work } of await deadLetters(host.store)) dead.add({ connection, work }, 1);
  const tally = new Tally();
  for (const run of await runFigures(host.store, new Date(host.now() - DAY_MS).toISOString())) {
    const { connection, kind, state } = run;
    const counters = run.counters as RunFigures & {
      readonly byKind?: { readonly [kind: string]: number };
      readonly bySystem?: { readonly [system: string]: number };
    };
    tally.count(runs, { connection, kind, state }, 1);
    tally.count(failed, { connection }, counters.failed ?? 0);
    for (const system of SYSTEMS) tally.count(calls, { connection, system }, callsOf(run, system));
    if (kind !== 'sync' && kind !== 'align' && kind !== 'undo') continue;
    for (const [of, total] of Object.entries(counters.byKind ?? {}))
      tally.count(actions, { connection, kind: of }, total);
  }
  tally.write();

  const of = [holds, links, parked, lag, latency, drift, healthy, aligned, dead];
  const all = [runs, actions, failed, calls, limit, left, ...of];
  const build = new Metric('lockstep_build_info', 'Version of this program.');
  build.add({ version: host.about.version }, 1);
  return `${[build, ...all].map(({ text }) => text).join('\n')}\n`;
}

/** Sums by metric and labels. */
class Tally {
  readonly #sums = new Map<string, { readonly metric: Metric; readonly labels: Labels; total: number }>();
  readonly #ids = new Map<Metric, number>();

  count(metric: Metric, labels: Labels, by: number): void {
    const id = this.#ids.get(metric) ?? this.#ids.size;
    this.#ids.set(metric, id);
    const key = `${id} ${JSON.stringify(labels)}`;
    const sum = this.#sums.get(key) ?? { metric, labels, total: 0 };
    sum.total += by;
    this.#sums.set(key, sum);
  }

  write(): void {
    for (const { metric, labels, total } of this.#sums.values()) metric.add(labels, total);
  }
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
